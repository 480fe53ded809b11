"""Drafts, faxes and print runs tell nobody anything of other supporters, of passwords, or of the machine either.

Letters go every way but plain mail: into a mailbox, to a fax program and to a gateway, and into a print run. Two may
sign, and one does. What goes to a server, to a program (arguments, input, environment, files) or onto paper is looked
through, and what stays behind; and once more where the other one signs, so that each way is seen to be looked through.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests import leaky_machine
from tests.dispatch.builders import PASSWORD, PATIENT, Marks, a_desk, a_parcel, an_item
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_mailbox import Script as MailboxScript
from tests.dispatch.scripted_mailbox import ScriptedMailbox
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.leak_scanner import files_below, leaks
from tests.leaky_machine import CODE, HOST, LOGIN, OF_THE_MACHINE, ON, OTHER, SECRETS, USER, Told, open_to_others
from urgent_appeals.dispatch import fax, programs
from urgent_appeals.dispatch.drafts import DraftsChannel
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.item import Route

pytestmark = pytest.mark.slow

TOKEN = "ya29.quetzal-token"
SECRET = (*SECRETS, TOKEN)
DOUBTS = ("--accept", "not-reviewed,another-way,same-address")
REFUSED = "drafts, refused"
SETTINGS = """\
desk: leeds
by: M. H.
replies: answers@campaign.example
smtp:
  host: localhost
  port: {smtp}
  user: coordinator
  from: desk@campaign.example
  from_name: Letters, for Arlandia
  ca_file: {authority}
  limits: {{pause_seconds: 0, per_domain_pause_seconds: 0}}
imap:
  host: localhost
  port: {imap}
  user: coordinator
  ca_file: {authority}
"""
_RECORD = """\
import json, os, pathlib, sys
number = len([*pathlib.Path(TAKEN).iterdir()])
near = pathlib.Path(sys.argv[-1]).parent if sys.argv[-1].endswith(".pdf") else None
taken = {"argv": sys.argv[1:], "environ": dict(os.environ), "stdin": sys.stdin.read(),
         "files": {path.name: path.read_bytes().hex() for path in near.iterdir()} if near else {},
         "modes": {path.name: path.stat().st_mode & 0o777 for path in [near, *near.iterdir()]} if near else {}}
pathlib.Path(TAKEN, f"{number}.json").write_text(json.dumps(taken))
"""


@dataclass
class Run(Told):
    """What a run left, and what went to whom."""

    mailbox: ScriptedMailbox = field(kw_only=True)
    server: ScriptedServer = field(kw_only=True)
    sender: str = field(kw_only=True)

    def send(self, way: str, via: str, *offices: str) -> None:
        """Plan letters to offices and run the plan."""
        to = [part for office in offices for part in ("--to", f"country-1/{office}")]
        signed = ("--sender", self.sender, "--via", via)
        planned = self.command(f"plan {way}", "dispatch", "plan", CODE, "--json", *DOUBTS, *signed, *to, *ON)
        self.command(way, "dispatch", "run", str(json.loads(planned)["plan"]), *ON)

    def settle(self, more: str = "") -> None:
        """Write the settings of the desk, with more lines at their end."""
        authority = self.root.parent / "authority.pem"
        text = SETTINGS.format(smtp=self.server.port, imap=self.mailbox.port, authority=authority) + more
        (self.root / "desk.yaml").write_text(text, "utf-8")
        (self.root / "desk.yaml").chmod(0o600)

    def program(self, name: str, end: str = "") -> tuple[str, ...]:
        """Return a program that keeps what it is handed under a name, and ends as it is told."""
        taken = self.root.parent / name
        taken.mkdir(exist_ok=True)
        file = self.root.parent / f"{name}.py"
        file.write_text(f"TAKEN = {str(taken)!r}\n{_RECORD}{end}\n", "utf-8")
        return sys.executable, str(file)

    def taken(self, name: str) -> list[dict[str, Any]]:
        """Return what a program was handed, each time it was started."""
        return [json.loads(path.read_text("utf-8")) for path in sorted((self.root.parent / name).iterdir())]

    @property
    def drafts(self) -> dict[str, bytes]:
        """All that went to the mailbox, but for the log-in itself."""
        lines = [b"", *self.mailbox.said]
        said = [line for before, line in pairwise(lines) if b"AUTHENTICATE" not in before]
        kept = {f"draft {number}": draft for number, draft in enumerate(self.mailbox.kept)}
        assert not any(b" LOGIN " in line for line in said)
        return {"said to the mailbox": b"\n".join([*said, *self.mailbox.appended]), **kept}

    @property
    def gateway(self) -> dict[str, bytes]:
        """All that went to the fax gateway, but for the log-in itself."""
        said = [line for line in self.server.said if not line.startswith(b"AUTH ")]
        mails = {f"mail {number}": mail.data for number, mail in enumerate(self.server.accepted)}
        return {"said to the server": b"\n".join(said), **mails}

    @property
    def handed(self) -> dict[str, bytes]:
        """All that was handed to the fax program."""
        return handed("fax", self.taken("fax"))

    @property
    def printed(self) -> dict[str, bytes]:
        """The print runs, each with its list."""
        return files_below(self.root / "outbox" / "print-run")


WAYS: Mapping[str, Callable[[Run], dict[str, bytes]]] = {
    "drafts": lambda run: run.drafts,
    "fax program": lambda run: run.handed,
    "fax gateway": lambda run: run.gateway,
    "post": lambda run: run.printed,
}


def handed(name: str, taken: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return what a program was handed, by what it is: arguments, input, environment without paths, each file."""
    found: dict[str, bytes] = {}
    for number, one in enumerate(taken):
        environ = "\n".join(f"{key}={value}" for key, value in one["environ"].items())
        found[f"{name} {number}: arguments"] = "\n".join(one["argv"]).encode()
        found[f"{name} {number}: input"] = one["stdin"].encode()
        found[f"{name} {number}: environment"] = environ.encode()
        found |= {f"{name} {number}: {file}": bytes.fromhex(data) for file, data in one["files"].items()}
    return found


def listed(command: tuple[str, ...]) -> str:
    return json.dumps(command)


def go_every_way(run: Run) -> None:
    """Make letters and let them go: as drafts, by password and by token; by fax, both ways; by post; and look back."""
    root = run.root
    leaky_machine.lay_out(root)
    directory = root / "recipients" / "country-1.yaml"
    fax_of_minister = '\n    contacts:\n      - {kind: fax, printed: 00 999 99, e164: "+99911111"}\n  prosecutor:'
    directory.write_text(directory.read_text("utf-8").replace("\n  prosecutor:", fax_of_minister), "utf-8")
    command = (*run.program("fax", "print('job 7')"), "{number}", "{file}")
    token = run.program("token", f"print({TOKEN!r})")
    run.settle()
    run.command("letters", "letters", CODE, "--lang", "en", "--sender", run.sender, *ON)
    run.send(REFUSED, "drafts", "president")
    run.mailbox.script = MailboxScript(users={USER: PASSWORD})
    run.send("drafts", "drafts", "president")
    run.mailbox.script = MailboxScript(users={USER: TOKEN})
    run.settle(f"  auth: xoauth2\n  token_command: {listed(token)}\n")
    run.send("drafts by token", "drafts", "minister")
    run.settle(f"fax: {{command: {listed(command)}}}\n")
    run.send("fax", "fax", "prosecutor")
    run.settle('fax: {gateway: "{number}@gateway.example"}\n')
    run.send("gateway", "fax", "minister")
    run.send("post", "post", "president", "minister")
    (name,) = (root / "outbox" / "print-run").iterdir()
    run.command("printed", "dispatch", "printed", name.stem)
    run.command("log", "log", "list", "--json")
    for form in ("csv", "json", "sqlite"):
        run.command(f"export {form}", "log", "export", root / "outbox" / f"export.{form}", "--format", form)
    run.command("backup", "log", "backup", root / "outbox" / "backup.db")
    run.command("verify", "log", "verify")
    run.command("config", "config", "show")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.certificate("localhost")


@pytest.fixture(scope="module")
def telling_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A telling machine, and its folder for what is there for a short while."""
    folder = tmp_path_factory.mktemp("short")
    with leaky_machine.telling_machine() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


def gone_every_way(folder: Path, sender: str, authority: Authority, certificate: Certificate) -> Run:
    """Return what came of it all, where one of the two has signed."""
    tls = certificate.context()
    folder.joinpath("authority.pem").write_bytes(Path(authority.file).read_bytes())
    script = MailboxScript(users={USER: "another"}, fault="echo credentials", times=1)
    with (
        pytest.MonkeyPatch.context() as patch,
        ScriptedMailbox(folder / "drafts", script, tls) as mailbox,
        ScriptedServer(folder / "accepted", Script(users={USER: PASSWORD}), tls) as server,
    ):
        patch.setenv("APPEALS_STATE", str(folder / "state"))
        run = Run(folder / "workspace", mailbox=mailbox, server=server, sender=sender)
        go_every_way(run)
    return run


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, certificate: Certificate, telling_machine: Path
) -> Run:
    """What came of it where Margaret Hale has signed."""
    return gone_every_way(tmp_path_factory.mktemp("hers"), "hale", authority, certificate)


@pytest.fixture(scope="module")
def other(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, certificate: Certificate, telling_machine: Path
) -> Run:
    """What came of it where the other one has signed."""
    return gone_every_way(tmp_path_factory.mktemp("other"), "vane", authority, certificate)


def test_letters_did_go_every_way(run: Run) -> None:
    assert run.statuses[REFUSED] == 5, run.told[REFUSED]
    others = {name: status for name, status in run.statuses.items() if name != REFUSED}
    assert set(others.values()) == {0}, {name: run.told[name] for name, status in others.items() if status}
    assert (len(run.mailbox.kept), len(run.server.accepted)) == (2, 1)
    assert (len(run.taken("fax")), len(run.taken("token")), len(run.printed)) == (1, 1, 1)
    assert {"fax.pdf", "printed", "complained"} == {*run.taken("fax")[0]["files"]}


@pytest.mark.parametrize("way", WAYS)
def test_what_goes_tells_of_no_other_supporter_no_password_and_not_of_the_machine(run: Run, way: str) -> None:
    assert leaks(WAYS[way](run), [*OTHER, *SECRET, *OF_THE_MACHINE]) == []
    assert leaks(WAYS[way](run), ["Margaret Hale"])  # who signs is there, so what is looked for would be found


@pytest.mark.parametrize("way", WAYS)
def test_what_another_signs_is_found_whichever_way_it_goes(other: Run, way: str) -> None:
    assert leaks(WAYS[way](other), ["Odalys Vane"])
    assert leaks(WAYS[way](other), ["Marigold"])


def test_the_program_that_prints_a_token_is_handed_nothing_of_letters_or_passwords(run: Run) -> None:
    assert leaks(handed("token", run.taken("token")), [*OTHER, *SECRET, "Margaret Hale", "arlandia.example"]) == []


def test_nothing_that_stays_behind_tells_of_the_other_supporter_the_password_or_the_machine(run: Run) -> None:
    assert leaks(run.outbox, [*OTHER, *SECRET, *OF_THE_MACHINE]) == []
    assert {"log.db", "backup.db", "export.csv", "export.json", "export.sqlite"} <= {*run.outbox}
    assert any("/fax/" in name for name in run.outbox)


def test_nothing_that_is_said_tells_of_the_other_supporter_the_password_or_the_machine(run: Run) -> None:
    assert leaks(run.told, [*OTHER, *SECRET, *OF_THE_MACHINE]) == []
    assert b"AUTHENTICATIONFAILED" in run.told[REFUSED] or b"no: " in run.told[REFUSED]


def test_faxes_and_print_runs_have_no_metadata(run: Run) -> None:
    papers = [run.root / "outbox" / name for name in run.outbox if name.endswith(".pdf") and "/letters/" not in name]
    papers = [path for path in papers if "bulletin" not in path.name]
    assert len(papers) == 3
    for path in papers:
        assert not PdfReader(path).metadata
        assert PdfReader(path).xmp_metadata is None


def test_times_are_those_of_greenwich(run: Run) -> None:
    exported = json.loads(run.outbox["export.json"])["events"]
    assert exported
    assert all(str(event["at"]).endswith(("Z", "+00:00")) for event in exported)
    for mail in (*run.mailbox.kept, run.server.accepted[0].data):
        assert re.findall(rb"^Date: .* \+0000\r$", mail, re.MULTILINE)
        assert re.findall(rb"^Message-ID: <[0-9a-f]{32}@campaign\.example>\r$", mail, re.MULTILINE)
    said = [line for line in run.server.said if line.upper().startswith((b"EHLO", b"HELO"))]
    assert set(said) == {b"EHLO [127.0.0.1]"}


def test_what_was_made_is_for_its_owner_only(run: Run, telling_machine: Path) -> None:
    for folder in (run.root / "outbox", run.root.parent / "state"):
        assert open_to_others(folder) == []
    (taken,) = run.taken("fax")
    assert {name: mode for name, mode in taken["modes"].items() if mode not in {0o600, 0o700}} == {}
    assert [path for path in telling_machine.iterdir() if path.name.startswith("fax-")] == []


# ── each look bites ──


def test_an_environment_that_is_passed_on_as_it_is_is_found(
    run: Run, telling_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fax, "for_pages", dict)
    monkeypatch.setenv("TZ", f"{leaky_machine.ZONE}-5")
    record = (*run.program("leaky"), "{number}", "{file}")
    desk = a_desk(fax={"command": record})
    with fax.FaxCommand(desk) as channel:
        channel.hand_over(a_fax(), Marks())
    environment = {name: data for name, data in handed("leaky", run.taken("leaky")).items() if "environment" in name}
    for word in (PASSWORD, HOST, leaky_machine.OWNER, leaky_machine.ZONE):
        assert leaks(environment, [word])


def test_a_program_s_environment_is_otherwise_what_it_was() -> None:
    environ = {"PATH": "/bin", "HOME": "/home/x", "TZ": "Asia/Almaty", "Hostname": HOST, "APPEALS_SMTP_PASSWORD": "x"}
    assert programs.for_pages(environ) == {"PATH": "/bin", "HOME": "/home/x", "TZ": "UTC"}
    assert programs.without_passwords(environ).keys() == environ.keys() - {"APPEALS_SMTP_PASSWORD"}


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        pytest.param(b"+0000\r\n", b"+0500\r\n", "+0500", id="time zone"),
        pytest.param(b"@campaign.example>", f"@{HOST}>".encode(), HOST, id="name of the machine"),
        pytest.param(b"Subject: ", b"X-Login: " + LOGIN.encode() + b"\r\nSubject: ", LOGIN, id="log-in"),
    ],
)
def test_what_is_planted_in_a_draft_is_found(run: Run, old: bytes, new: bytes, word: str) -> None:
    planted = run.mailbox.kept[0].replace(old, new)
    assert planted != run.mailbox.kept[0]
    assert leaks({"draft": planted}, [word])


def test_a_page_with_metadata_is_found(run: Run) -> None:
    from pypdf import PdfWriter

    (pdf,) = run.printed
    writer = PdfWriter(clone_from=run.root / "outbox" / "print-run" / pdf)
    writer.add_metadata({"/Author": leaky_machine.OWNER, "/CreationDate": "D:20261102093000+05'00'"})
    path = run.root.parent / "planted.pdf"
    writer.write(path)
    assert PdfReader(path).metadata
    assert leaks({"planted": path.read_bytes()}, [leaky_machine.OWNER])
    assert leaks({"planted": path.read_bytes()}, ["+05'00"])


# ── exceptions ──


class Broken(Exception):
    pass


def fail() -> None:
    raise Broken


def a_fax() -> Any:
    """Return a fax on its way."""
    return a_parcel(item=an_item(route=Route.FAX), to="+41225550100", message=b"", pdf=b"%PDF-1.7 of a fax")


def shown_when_broken(channel: Any, parcel: Any, mark: Callable[[], None]) -> dict[str, bytes]:
    """Return what a fault in the midst of a letter shows, without and with the values of variables."""
    with pytest.raises(Broken) as caught, channel:
        channel.hand_over(parcel, mark)
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    shown = "".join(traceback.format_exception(caught.value))
    assert "hand_over" in shown
    return {"shown": shown.encode(), "with values": "".join(told).encode()}


def test_exceptions_in_the_midst_of_a_draft_do_not_show_the_password(
    authority: Authority, certificate: Certificate, tmp_path: Path, telling_machine: Path
) -> None:
    with ScriptedMailbox(tmp_path / "drafts", MailboxScript(users={USER: PASSWORD}), certificate.context()) as mailbox:
        desk = a_desk(imap={"host": "localhost", "port": mailbox.port, "user": USER, "ca_file": str(authority.file)})
        channel = DraftsChannel(desk, lambda: Secret(PASSWORD), PATIENT)
        shown = shown_when_broken(channel, a_parcel(), fail)
    assert leaks(shown, SECRETS) == []


def test_exceptions_in_the_midst_of_a_fax_show_neither_password_nor_machine(run: Run, telling_machine: Path) -> None:
    desk = a_desk(fax={"command": (*run.program("broken"), "{number}", "{file}")})
    shown = shown_when_broken(fax.FaxCommand(desk), a_fax(), fail)
    assert leaks(shown, [*SECRETS, *OF_THE_MACHINE]) == []
    assert [path for path in telling_machine.iterdir() if path.name.startswith("fax-")] == []


def test_exceptions_in_the_midst_of_a_fax_by_mail_do_not_show_the_password(
    authority: Authority, certificate: Certificate, tmp_path: Path, telling_machine: Path
) -> None:
    with ScriptedServer(tmp_path / "accepted", Script(), certificate.context()) as server:
        mail = {"smtp_host": "localhost", "smtp_port": server.port, "smtp_ca_file": str(authority.file)}
        desk = a_desk(fax={"gateway": "{number}@gateway.example"}, **mail)
        channel = fax.FaxGateway(desk, lambda: Secret(PASSWORD), PATIENT)
        shown = shown_when_broken(channel, fax.to_gateway(desk, a_fax()), fail)
    assert leaks(shown, SECRETS) == []


def test_a_password_among_the_values_of_an_exception_is_found() -> None:
    def hand_over() -> None:
        told = PASSWORD
        assert told
        fail()

    class Naive:
        def __enter__(self) -> None:
            return

        def __exit__(self, *_: object) -> None:
            return

        def hand_over(self, *_: object) -> None:
            hand_over()

    assert leaks(shown_when_broken(Naive(), None, fail), [PASSWORD]) == [f"{PASSWORD!r} in with values"]
