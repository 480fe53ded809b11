"""A whole run tells nobody anything of other supporters, of passwords, or of the machine that it was made on.

Two supporters may sign here, and one does. What the other has given, the password, the name of the machine and its time
zone are looked for in every byte that left, and in every file, line and message that stayed behind.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import sqlite3
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from tests import leaky_machine
from tests.dispatch.builders import PASSWORD
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.leak_scanner import leaks
from tests.leaky_machine import (
    CODE,
    LOGIN,
    OF_THE_MACHINE,
    ON,
    OTHER,
    SECRETS,
    USER,
    Told,
    lay_out,
    open_to_others,
)
from urgent_appeals.dispatch import smtp

pytestmark = pytest.mark.slow

ACCEPT = ("--accept", "not-reviewed")
REFUSED = ("refused, and told what it said", "refused in a trial")
SETTINGS = """\
desk: leeds
by: M. H.
replies: answers@campaign.example
reflect: desk@campaign.example
smtp:
  host: localhost
  port: {port}
  user: coordinator
  from: desk@campaign.example
  from_name: Letters, for Arlandia
  ca_file: {authority}
  limits: {{pause_seconds: 0, per_domain_pause_seconds: 0}}
"""


@dataclass
class Run(Told):
    """What a run left, and what went to the server."""

    server: ScriptedServer = field(kw_only=True)

    def plan(self, *offices: str) -> str:
        """Plan letters to offices, and return what the plan is called."""
        to = [part for office in offices for part in ("--to", f"country-1/{office}")]
        planned = self.command(f"plan {offices}", "dispatch", "plan", CODE, "--json", *ACCEPT, *to, *ON)
        return str(json.loads(planned)["plan"])

    @property
    def left(self) -> dict[str, bytes]:
        """Everything that left this machine, but for the log-in itself."""
        said = [line for line in self.server.said if not line.startswith(b"AUTH ")]
        mails = {f"mail {number}": mail.data for number, mail in enumerate(self.server.accepted)}
        return {"commands": b"\n".join(said), **mails}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.certificate("localhost")


@pytest.fixture(scope="module")
def telling_machine() -> Iterator[None]:
    with leaky_machine.telling_machine():
        yield


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, certificate: Certificate, telling_machine: None
) -> Iterator[Run]:
    """Write to three officials, from the first command to the backup, with a server that first knows no password."""
    folder = tmp_path_factory.mktemp("leaks")
    root = folder / "workspace"
    lay_out(root)
    script = Script(users={USER: "another"}, fault="echo credentials", times=1)
    with ScriptedServer(folder / "accepted", script, certificate.context()) as server:
        (root / "desk.yaml").write_text(SETTINGS.format(port=server.port, authority=authority.file), "utf-8")
        (root / "desk.yaml").chmod(0o600)
        done = Run(root, server=server)
        done.command("letters", "letters", CODE, "--lang", "en", *ON)
        refused = done.plan("president")
        done.command(REFUSED[0], "dispatch", "run", refused, *ON)
        done.command(REFUSED[1], "dispatch", "run", refused, "--reflect", *ON)
        server.script = Script(users={USER: PASSWORD})
        plan = done.plan("minister", "prosecutor")
        done.command("reflected", "dispatch", "run", plan, "--reflect", *ON)
        done.command("run", "dispatch", "run", plan, *ON)
        done.command("log", "log", "list", "--json")
        for form in ("csv", "json", "sqlite"):
            done.command(f"export {form}", "log", "export", root / "outbox" / f"export.{form}", "--format", form)
        done.command("backup", "log", "backup", root / "outbox" / "backup.db")
        done.command("verify", "log", "verify")
        done.command("config", "config", "show")
        yield done


def test_a_whole_run_is_what_is_looked_at(run: Run) -> None:
    assert [run.statuses[name] for name in REFUSED] == [5, 5], run.told
    others = {name: status for name, status in run.statuses.items() if name not in REFUSED}
    assert set(others.values()) == {0}, {name: run.told[name] for name, status in others.items() if status}
    assert len(run.server.accepted) == 4  # two letters, each to oneself before
    assert {"log.db", "backup.db", "export.csv"} <= set(run.outbox)
    assert any(line.startswith(b"AUTH ") for line in run.server.said)


def test_nothing_that_leaves_tells_of_the_other_supporter_the_password_or_the_machine(run: Run) -> None:
    assert leaks(run.left, [*OTHER, *SECRETS, *OF_THE_MACHINE, str(run.root)]) == []
    assert leaks(run.left, ["Margaret Hale"])  # who signs is there, so what is looked for would be found


def test_nothing_that_stays_behind_tells_of_the_other_supporter_the_password_or_the_machine(run: Run) -> None:
    assert leaks(run.outbox, [*OTHER, *SECRETS, *OF_THE_MACHINE]) == []
    kept = {name: data for name, data in run.outbox.items() if name.endswith((".pdf", ".eml", ".json", ".csv", ".txt"))}
    assert leaks(kept, [str(run.root)]) == []


def test_nothing_that_is_said_tells_of_the_other_supporter_the_password_or_the_machine(run: Run) -> None:
    assert leaks(run.told, [*OTHER, *SECRETS, *OF_THE_MACHINE]) == []
    assert b"535" in run.told[REFUSED[0]]  # in which the server repeated the password


def test_each_message_has_one_recipient_and_tells_no_more_than_it_should(run: Run) -> None:
    for mail in run.server.accepted:
        message = message_from_bytes(mail.data)
        assert len(mail.recipients) == 1
        assert [*message.keys()] == [
            *("Date", "From", "To", "Reply-To", "Subject", "Message-ID", "MIME-Version", "Content-Type")
        ]
        assert re.fullmatch(r"<[0-9a-f]{32}@campaign\.example>", str(message["Message-ID"]))
        assert str(message["Date"]).endswith(" +0000")
        assert mail.sender == "desk@campaign.example"
    said = [line for line in run.server.said if line.upper().startswith((b"EHLO", b"HELO"))]
    assert set(said) == {b"EHLO [127.0.0.1]"}


def test_what_is_in_the_outbox_is_for_its_owner_only(run: Run) -> None:
    outbox = run.root / "outbox"
    assert open_to_others(outbox) == []
    assert (run.root / "desk.yaml").stat().st_mode & 0o777 == 0o600


def test_exceptions_that_go_up_do_not_show_the_password(
    authority: Authority, certificate: Certificate, tmp_path: Path, telling_machine: None
) -> None:
    from tests.dispatch.builders import PATIENT, Marks, a_desk, a_parcel, the_password

    class Broken(Exception):
        pass

    def fail() -> None:
        raise Broken

    with ScriptedServer(tmp_path / "accepted", Script(), certificate.context()) as server:
        desk = a_desk(smtp_host="localhost", smtp_port=server.port, smtp_ca_file=str(authority.file))
        channel = smtp.SmtpChannel(desk, the_password, PATIENT)
        with pytest.raises(Broken) as caught, channel:
            channel.hand_over(a_parcel(), Marks(fail))
    shown = "".join(traceback.format_exception(caught.value))
    with_values = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert leaks({"shown": shown.encode(), "with values": with_values.encode()}, SECRETS) == []
    assert "hand_over" in with_values


# ── the scanner finds what is planted ──

WORD = "Odalys Vane"


def a_pdf(text: bytes) -> bytes:
    writer, stream, held = PdfWriter(), StreamObject(), io.BytesIO()
    stream.set_data(text)
    writer.add_blank_page(100, 100)[NameObject("/Private")] = stream.flate_encode()
    writer.write(held)
    return held.getvalue()


def a_mail(body: bytes, encoding: str) -> bytes:
    return (
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
        b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"from Odalys\n Vane, Leeds", id="plain, over two lines"),
        pytest.param(b"ODALYS VANE", id="capitals"),
        pytest.param(WORD.encode("utf-16-be"), id="UTF-16"),
        pytest.param(base64.b64encode(b"\0x\0" + WORD.encode() + b"!"), id="base64"),
        pytest.param(WORD.encode().hex().encode(), id="hexadecimal"),
        pytest.param(a_mail(b"Odalys=20V=61ne", "quoted-printable"), id="quoted-printable"),
        pytest.param(a_mail(base64.encodebytes(a_pdf(WORD.encode())), "base64"), id="compressed, in an attached PDF"),
        pytest.param(b"To: =?utf-8?b?T2RhbHlzIFZhbmU=?= <a@b.example>\r\n\r\nx", id="encoded word"),
        pytest.param(b"mailto:a?body=Odalys%20Vane", id="mail link"),
    ],
)
def test_a_planted_word_is_found(data: bytes) -> None:
    assert leaks({"here": data}, [WORD])


def test_a_word_planted_in_a_database_or_a_letter_is_found(tmp_path: Path, run: Run) -> None:
    copy = Run(tmp_path / "workspace", server=run.server)
    shutil.copytree(run.root, copy.root)
    with sqlite3.connect(copy.root / "outbox" / "log.db") as log:
        log.execute("INSERT INTO people VALUES (?, ?)", ("0" * 32, '{"name": "Odalys Vane"}'))
    log.close()
    assert any("log.db" in found for found in leaks(copy.outbox, [WORD]))
    copy.command("letters", "letters", CODE, "--sender", "vane", "--lang", "en", *ON)
    assert copy.statuses == {"letters": 0}, copy.told
    found = leaks({name: data for name, data in copy.outbox.items() if name.endswith(".pdf")}, [WORD, "Marigold"])
    assert any("'Odalys Vane'" in each for each in found)
    assert any("'Marigold'" in each for each in found)


def test_a_word_that_is_nowhere_is_not_found() -> None:
    assert leaks({"here": a_mail(base64.encodebytes(a_pdf(b"nobody")), "base64")}, [WORD, LOGIN, "+0500"]) == []


def test_a_file_that_others_can_read_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o700)
    (folder / "open").touch(0o644)
    (folder / "closed").touch(0o600)
    assert open_to_others(folder) == ["open -rw-r--r--"]
