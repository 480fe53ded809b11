"""Measure how fast letters are handed to a mail server: this program with every step on record, beside mailmerge.

    python -m bench.sending [--rounds 5] [--letters 30]

The same letters go to the same server, by STARTTLS and with a password, from both: subject, plain text, HTML and the
PDF, one message a recipient, no pauses. The server (aiosmtpd) has a process of its own; after each round it is asked
whether it got every letter. Wall time counts: waiting for the disk is what the steps on record cost.

`appeals` is `dispatch run` as a whole: settings, log opened anew, plan made once more and compared, approval, then for
each letter a claim, the marker before the final dot and the result, each brought to the disk (WAL, synchronous=FULL).
`mailmerge` (Andrew DeOrio, MIT) is its own command, run in this process, its output thrown away. Two differences are
its own, and not put right: it connects anew for each letter, and it checks no certificate, which this program always
does. A second round of it sends text and PDF without the HTML, the least that it has to do.

For comparison, without a bar: most of a letter's time with mailmerge is TCP waiting for an acknowledgement before it
sends the last piece (Nagle's algorithm, which smtplib leaves on and this program turns off), so mailmerge is measured
with that turned off as well; and smtplib by itself, the same way: finished bytes over one connection, nothing read,
checked or recorded, which is the floor.
"""

from __future__ import annotations

import argparse
import atexit
import csv
import json
import logging
import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from bench.checking import write_workspace
from bench.run import Bar, Bench, Contender, measure, told

if TYPE_CHECKING:
    from urgent_appeals.domain.plan import Plan

HERE = Path(__file__).resolve().parent.parent
LETTERS = 30
ON = date(2026, 11, 2)
USER = "desk@letters.example"
PASSWORD = "correct horse"  # noqa: S105  # of a server that lives for a minute
OURS, THEIRS, PLAINER, EAGER, FLOOR = (
    "appeals dispatch run: every step on the disk",
    "mailmerge: the same mails",
    "mailmerge: text and PDF only",
    "mailmerge, TCP_NODELAY put in (no bar)",
    "smtplib, TCP_NODELAY put in, nothing recorded (no bar)",
)


@dataclass(frozen=True)
class Server:
    """The mail server: a process of its own on a port of this machine."""

    process: subprocess.Popen[str]
    port: int
    authority: Path

    def taken(self) -> int:
        """Return how many letters it got since it was asked last."""
        assert self.process.stdin is not None
        self.process.stdin.write("taken\n")
        self.process.stdin.flush()
        return int(_line(self.process))


@dataclass(frozen=True)
class Desk:
    """A workspace with a plan of so many letters, and the mails as they stand in it."""

    root: Path
    plan: Plan
    mails: tuple[EmailMessage, ...]
    folder: Path


def bench(count: int = LETTERS) -> Bench:
    """Say what is measured; letters are made and the server is started when the first contender runs."""
    return Bench(
        f"Handing {count} letters to a mail server, wall time",
        (
            Contender(THEIRS, lambda: counted(count, lambda: mailmerge(count, html=True)), count),
            Contender(PLAINER, lambda: counted(count, lambda: mailmerge(count, html=False)), count),
            Contender(OURS, lambda: counted(count, prepared(count)), count),
            Contender(EAGER, lambda: counted(count, eager(lambda: mailmerge(count, html=True))), count),
            Contender(FLOOR, lambda: counted(count, eager(lambda: bare(count))), count),
        ),
        bars=(Bar(OURS, THEIRS, 1.0), Bar(OURS, PLAINER, 1.0)),
        rounds=5,
    )


def counted(count: int, work: Callable[[], None]) -> float:
    """Return the seconds that a round takes; each of its letters has to have arrived."""
    desk(count)
    server().taken()
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    assert server().taken() == count
    return seconds


def prepared(count: int) -> Callable[[], None]:
    """Return a run of this program with a log that is yet to be made."""
    for left in (desk(count).root / "outbox").glob("log.*"):
        left.unlink()
    return lambda: ours(count)


def ours(count: int) -> None:
    """Run the plan, as the command does."""
    from urgent_appeals.cli.interruption import Interruption
    from urgent_appeals.domain.item_state import State
    from urgent_appeals.pipeline.dispatching import Order, run_plan

    order = Order(lambda *_: None, Interruption(quiet=True), lambda: ON)
    done = run_plan(desk(count).root, desk(count).plan.plan, order)
    assert done.ran.count(State.SENT) == count, done.ran


def mailmerge(count: int, *, html: bool) -> None:
    """Run mailmerge over its table of recipients, with the template for text and HTML, or that for text only."""
    from mailmerge import sendmail_client
    from mailmerge.__main__ import main

    sendmail_client.getpass.getpass = lambda _: PASSWORD
    folder = desk(count).folder
    template = folder / ("html.txt" if html else "text.txt")
    options = ["--no-dry-run", "--no-limit", "--config", str(folder / "server.conf"), "--output-format", "text"]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        main([*options, "--template", str(template), "--database", str(folder / "table.csv")], standalone_mode=False)


def eager(work: Callable[[], None]) -> Callable[[], None]:
    """Return the work with connections of smtplib that send at once whatever there is to send."""
    original = smtplib.SMTP._get_socket  # type: ignore[attr-defined]  # noqa: SLF001  # there is no other way in

    def connected(self: smtplib.SMTP, *arguments: Any) -> socket.socket:
        connection: socket.socket = original(self, *arguments)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def run() -> None:
        with patch.object(smtplib.SMTP, "_get_socket", connected):
            work()

    return run


def bare(count: int) -> None:
    """Send the finished bytes over one connection."""
    context = ssl.create_default_context(cafile=str(server().authority))
    with smtplib.SMTP("127.0.0.1", server().port) as connection:
        connection.starttls(context=context)
        connection.login(USER, PASSWORD)
        for mail in desk(count).mails:
            connection.sendmail(USER, [str(mail["To"])], mail.as_bytes())


# ── what is sent ──


@cache
def desk(count: int) -> Desk:
    """Make the workspace, its letters and the plan, and write the same for mailmerge."""
    from urgent_appeals.pipeline.dispatching import plan_dispatch
    from urgent_appeals.pipeline.letters import Wanted, make_letters
    from urgent_appeals.pipeline.planning import Asked

    root = Path(tempfile.mkdtemp(prefix="bench-sending-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    workspace = root / "workspace"
    _write_workspace(workspace, count)
    os.environ["APPEALS_SMTP_PASSWORD"] = PASSWORD
    print(f"making {count} letters", file=sys.stderr)
    make_letters(workspace, "XAA 001/0126/OBS 001", ON, Wanted(languages=("en",)))
    plan = plan_dispatch(workspace, "XAA 001/0126/OBS 001", ON, Asked()).plan
    assert len(plan.to_send) == count, plan
    mails = tuple(_mail(workspace, item.documents[0].path) for item in plan.to_send)
    made = Desk(workspace, plan, mails, root / "mailmerge")
    _write_for_mailmerge(made)
    return made


def _write_workspace(root: Path, count: int) -> None:
    write_workspace(root, 1)
    for path in (root / "recipients").glob("*.yaml"):
        path.unlink()
    offices = "".join(OFFICE.format(number=number) for number in range(count))
    (root / "recipients" / "country-0.yaml").write_text(DIRECTORY + offices, "utf-8")
    appeal = root / "appeals" / "case-0001" / "00" / "appeal.yaml"
    recipients = "\n".join(f"  - country-0/office-{number}" for number in range(count))
    head, _, rest = appeal.read_text("utf-8").partition("recipients:\n")
    appeal.write_text(f"{head}recipients:\n{recipients}\nlanguages:{rest.partition('languages:')[2]}", "utf-8")
    settings = root / "desk.yaml"
    settings.write_text(SETTINGS.format(port=server().port, authority=server().authority), "utf-8")
    settings.chmod(0o600)


def _mail(root: Path, path: str) -> EmailMessage:
    """Return a draft of the outbox as it goes out, for those who read no workspace."""
    mail = message_from_bytes((root / path).read_bytes(), policy=SMTP_POLICY)
    assert isinstance(mail, EmailMessage)
    del mail["X-Unsent"]
    to = mail["To"].addresses[0].addr_spec
    del mail["To"]
    mail["To"] = to
    mail["From"] = USER
    return mail


def _write_for_mailmerge(made: Desk) -> None:
    made.folder.mkdir()
    (made.folder / "server.conf").write_text(
        f"[smtp_server]\nhost = 127.0.0.1\nport = {server().port}\nsecurity = STARTTLS\nusername = {USER}\n", "utf-8"
    )
    (made.folder / "html.txt").write_text(HTML_TEMPLATE, "utf-8")
    (made.folder / "text.txt").write_text(TEXT_TEMPLATE, "utf-8")
    with (made.folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ("email", "subject", "pdf", "text", "html"), quoting=csv.QUOTE_ALL)
        table.writeheader()
        for number, mail in enumerate(made.mails):
            attachment = next(mail.iter_attachments())
            pdf = made.folder / f"letter-{number}.pdf"
            pdf.write_bytes(cast("bytes", attachment.get_content()))
            row = {"email": mail["To"], "subject": mail["Subject"], "pdf": pdf}
            table.writerow({**row, "text": _body(mail, "plain"), "html": _body(mail, "html")})


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    # mailmerge guesses how the table is quoted, and double quotes within a value make it guess wrong.
    return str(part.get_content()).replace('"', "'")


TEXT_TEMPLATE = """\
TO: {{email}}
SUBJECT: {{subject}}
FROM: desk@letters.example
ATTACHMENT: {{pdf}}

{{text}}
"""
HTML_TEMPLATE = """\
TO: {{email}}
SUBJECT: {{subject}}
FROM: desk@letters.example
ATTACHMENT: {{pdf}}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="a-boundary-of-this-bench"

--a-boundary-of-this-bench
Content-Type: text/plain; charset=utf-8

{{text}}

--a-boundary-of-this-bench
Content-Type: text/html; charset=utf-8

{{html}}
--a-boundary-of-this-bench--
"""
"""Both forms are from mailmerge's own documentation."""
DIRECTORY = """\
directory: country-0
name: {en: Arlandia, ru: Арландия}
country: XAA
country_line: ARLANDIA
languages: [en, ru]
checked: 2026-10-01
offices:
"""
OFFICE = """\
  office-{number}:
    name: {{en: Office {number} of Arlandia, ru: Ведомство {number}}}
    title: {{en: Director, ru: Директор}}
    address: {{lines: {{"*": [{number} Quay Street, 10002 Tarnholt]}}}}
    email: office@ministry-{number}.example
"""
SETTINGS = """\
desk: bench
by: B. B.
replies: answers@letters.example
smtp:
  host: 127.0.0.1
  port: {port}
  user: desk@letters.example
  from: desk@letters.example
  ca_file: {authority}
  limits: {{per_day: 100000, pause_seconds: 0, per_domain_pause_seconds: 0}}
"""


# ── the server ──


@cache
def server() -> Server:
    """Start the mail server."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sending-server-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sending", "--serve", str(folder)],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_ended, process)
    started = json.loads(_line(process))
    return Server(process, started["port"], Path(started["authority"]))


def serve(folder: Path) -> None:
    """Be the mail server: print the port, then, for every line that comes in, how many letters came since."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

    from tests.dispatch.certificates import Authority
    from tests.servers import free_port

    class Counting:
        taken = 0

        async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  # its name for it
            assert len(envelope.rcpt_tos) == 1
            self.taken += 1
            return "250 2.0.0 Ok: queued as 4F1"

    def authenticator(_: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
        return AuthResult(success=given == LoginPassword(USER.encode(), PASSWORD.encode()))

    logging.disable()
    authority = Authority(folder)
    counting, port = Counting(), free_port()
    controller = Controller(
        counting,
        hostname="127.0.0.1",
        port=port,
        tls_context=authority.certificate("127.0.0.1").context(),
        require_starttls=True,
        auth_required=True,
        authenticator=authenticator,
    )
    controller.start()
    print(json.dumps({"port": port, "authority": str(authority.file)}), flush=True)
    before = 0
    for _ in sys.stdin:
        now = counting.taken
        print(now - before, flush=True)
        before = now
    controller.stop()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _ended(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    process.communicate()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure letters handed to a mail server.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--serve", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
        return 0
    result = measure(bench(options.letters), rounds=options.rounds)
    print(told(result))
    return 0 if result.reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
