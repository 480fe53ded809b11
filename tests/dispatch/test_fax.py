"""What comes of a fax: by a program, and by mail to a gateway."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.builders import PASSWORD, PATIENT, TOKEN, Marks, a_desk, a_parcel, an_address, an_item, no_mark
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.contract import Behaviour, RemoteContract, World
from tests.dispatch.scripted_server import Script, ScriptedServer
from urgent_appeals.dispatch.channel import Accepted, Deferred, Failed, Parcel, Unsure
from urgent_appeals.dispatch.fax import FaxCommand, FaxGateway, to_gateway
from urgent_appeals.dispatch.message import new_message_id
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.item import Route
from urgent_appeals.errors import MessageRefused, NoDesk

NUMBER = "+41225550100"
PDF = b"%PDF-1.7 of a fax"
_PROGRAM = """\
import json, os, pathlib, sys
number, file, reference = sys.argv[1:4]
path = pathlib.Path(file)
taken = {"argv": sys.argv[1:], "pdf": path.read_bytes().decode(), "mode": path.stat().st_mode,
         "folder": path.parent.stat().st_mode, "environ": dict(os.environ)}
"""
_TAKES = """\
with open(LOG, "a") as log:
    log.write(json.dumps(taken) + chr(10))
    log.flush()
    os.fsync(log.fileno())
"""

FaxBy = Callable[..., FaxCommand]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where the program writes what it has taken."""
    return tmp_path / "taken"


@pytest.fixture
def fax_by(tmp_path: Path, log: Path) -> FaxBy:
    """Return a function that makes a channel to a program that ends as it is told, having taken the fax or not."""

    def make(
        end: str = "print('job 7')",
        *,
        takes: bool = True,
        patience: float = 30,
        environ: Mapping[str, str] = os.environ,
    ) -> FaxCommand:
        program = tmp_path / "fax.py"
        program.write_text(f"LOG = {str(log)!r}\n{_PROGRAM}{_TAKES if takes else ''}{end}\n")
        return FaxCommand(a_fax_desk(command=[sys.executable, str(program), *ARGUMENTS]), patience, environ)

    return make


ARGUMENTS = ("{number}", "{file}", "ref={reference}; $(touch /tmp/x)")


def a_fax_desk(**fax: Any) -> Desk:
    """Return the settings of a desk that faxes."""
    return a_desk(fax=fax)


def a_fax(**changes: Any) -> Parcel:
    """Return a fax on its way; each has another reference."""
    values: dict[str, Any] = {
        "item": an_item(route=Route.FAX),
        "message_id": new_message_id("campaign.example"),
        "token": TOKEN,
        "to": NUMBER,
        "subject": "about somebody",
        "reference": f"5f0f5f8e-6f5a-4a52-9a8e-{os.urandom(6).hex()}",
        "message": b"",
        "pdf": PDF,
    }
    return a_parcel(**values | changes)


def taken_in(log: Path) -> list[dict[str, Any]]:
    """Return what the program has taken, in order."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


class TestProgramContract(RemoteContract):
    """A program keeps to what every channel keeps to."""

    @pytest.fixture
    def world(self, fax_by: FaxBy, log: Path) -> Callable[[Behaviour], AbstractContextManager[World]]:
        @contextmanager
        def make(behaviour: Behaviour) -> Iterator[World]:
            channels: dict[Behaviour, Callable[[], FaxCommand]] = {
                "good": fax_by,
                "refuses": lambda: fax_by("sys.exit(1)", takes=False),
                "out of reach": lambda: FaxCommand(a_fax_desk(command=["/nowhere/sendfax", "{number}", "{file}"])),
                "lost after": lambda: fax_by("os.kill(os.getpid(), 9)"),
            }
            with channels[behaviour]() as channel:
                yield World(channel, lambda: [entry["argv"][2] for entry in taken_in(log)])

        return make

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        return a_fax

    @pytest.fixture
    def unfit(self) -> Parcel:
        return a_fax(to=an_address())


class TestGatewayContract(RemoteContract):
    """A gateway keeps to what every channel keeps to."""

    @pytest.fixture
    def world(
        self, kept: Path, certificate: Certificate, authority: Authority
    ) -> Callable[[Behaviour], AbstractContextManager[World]]:
        scripts = {"refuses": Script(rcpt="550 5.1.1 unknown"), "lost after": Script(fault="drop after dot, kept")}

        @contextmanager
        def make(behaviour: Behaviour) -> Iterator[World]:
            with ScriptedServer(kept, scripts.get(behaviour), certificate.context()) as server:
                port = _closed_port() if behaviour == "out of reach" else server.port
                desk = a_gateway_desk(smtp_port=port, smtp_ca_file=str(authority.file))
                with FaxGateway(desk, lambda: Secret(PASSWORD), PATIENT) as channel:
                    yield World(channel, lambda: [each.message_id for each in server.accepted])

        return make

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        return lambda: to_gateway(a_gateway_desk(), a_fax())

    @pytest.fixture
    def unfit(self) -> Parcel:
        return a_parcel()


def a_gateway_desk(**changes: Any) -> Desk:
    """Return the settings of a desk that faxes by a gateway."""
    return a_desk(fax={"gateway": "{number}@fax.example"}, **changes)


# ── a program ──


def test_a_program_gets_the_number_the_pdf_and_the_reference(fax_by: FaxBy, log: Path) -> None:
    parcel = a_fax()
    with fax_by() as channel:
        receipt = channel.hand_over(parcel, Marks())
    (taken,) = taken_in(log)
    assert taken["argv"][0] == NUMBER
    assert taken["pdf"].encode() == PDF
    assert parcel.reference in taken["argv"][2]
    assert receipt == Accepted(f"{Path(sys.executable).name} took it: job 7", "job 7")


def test_no_shell_reads_the_arguments(fax_by: FaxBy, log: Path) -> None:
    with fax_by() as channel:
        channel.hand_over(a_fax(), Marks())
    assert taken_in(log)[0]["argv"][2].endswith("; $(touch /tmp/x)")


def test_what_is_put_in_is_not_filled_in_again(fax_by: FaxBy, log: Path) -> None:
    with fax_by() as channel:
        channel.hand_over(a_fax(reference="{file}"), Marks())
    assert taken_in(log)[0]["argv"][2].startswith("ref={file};")


def test_only_its_owner_can_read_the_pdf_which_is_gone_afterwards(fax_by: FaxBy, log: Path) -> None:
    with fax_by() as channel:
        channel.hand_over(a_fax(), Marks())
    (taken,) = taken_in(log)
    assert stat.S_IMODE(taken["mode"]) == 0o600
    assert stat.S_IMODE(taken["folder"]) == 0o700
    assert not Path(taken["argv"][1]).parent.exists()


def test_a_program_is_told_no_password(fax_by: FaxBy, log: Path) -> None:
    with fax_by(environ={**os.environ, "APPEALS_SMTP_PASSWORD": PASSWORD}) as channel:
        channel.hand_over(a_fax(), Marks())
    assert PASSWORD not in taken_in(log)[0]["environ"].values()


def test_a_program_that_names_no_job_is_taken_at_its_word(fax_by: FaxBy) -> None:
    receipt = fax_by("pass").hand_over(a_fax(), Marks())
    assert isinstance(receipt, Accepted)
    assert receipt.id is None


@pytest.mark.parametrize(
    ("end", "receipt"),
    [
        ("sys.exit(75)", Deferred),
        ("sys.exit(1)", Failed),
        ("sys.exit(64)", Failed),
        ("sys.exit(137)", Unsure),  # as a shell tells of what was killed
        ("os.kill(os.getpid(), 15)", Unsure),
    ],
)
def test_how_a_program_ends_says_what_came_of_the_fax(fax_by: FaxBy, end: str, receipt: type) -> None:
    marks = Marks()
    assert isinstance(fax_by(end).hand_over(a_fax(), marks), receipt)
    assert marks.count == 1


def test_what_a_program_complains_of_is_told_on_one_line(fax_by: FaxBy) -> None:
    receipt = fax_by("sys.exit(chr(27) + 'no carrier' + chr(10) + 'more')").hand_over(a_fax(), Marks())
    assert isinstance(receipt, Failed)
    assert receipt.reason.endswith("ended with 1: \N{REPLACEMENT CHARACTER}no carrier")


def test_a_program_that_takes_too_long_is_ended_and_the_fax_unsure(fax_by: FaxBy, log: Path) -> None:
    channel = fax_by("import subprocess; subprocess.run(['sleep', '60'])", patience=1.0)
    receipt = channel.hand_over(a_fax(), Marks())
    assert isinstance(receipt, Unsure)
    assert len(taken_in(log)) == 1


def test_what_a_program_leaves_running_is_not_waited_for(fax_by: FaxBy) -> None:
    end = "import subprocess; subprocess.Popen(['sleep', '30']); print('job 8')"
    assert isinstance(fax_by(end, patience=10).hand_over(a_fax(), Marks()), Accepted)


def test_a_program_that_cannot_be_started_puts_the_run_off(tmp_path: Path) -> None:
    program = tmp_path / "sendfax"
    program.write_text("#!/nowhere/interpreter\n")
    program.chmod(0o755)
    receipt = FaxCommand(a_fax_desk(command=[str(program), "{number}", "{file}"])).hand_over(a_fax(), Marks())
    assert isinstance(receipt, Deferred)
    assert receipt.pause == "run"


@pytest.mark.parametrize("number", ["0225550100", "+41 22 555", "--help", "+", None])
def test_what_is_no_number_is_not_dialled(fax_by: FaxBy, log: Path, number: str | None) -> None:
    with pytest.raises(MessageRefused):
        fax_by().hand_over(a_fax(to=number), no_mark())
    assert not taken_in(log)


def test_what_is_no_pdf_is_not_faxed(fax_by: FaxBy) -> None:
    with pytest.raises(MessageRefused):
        fax_by().hand_over(a_fax(pdf=b""), no_mark())


def test_settings_for_trying_things_out_fax_nothing(log: Path) -> None:
    desk = a_desk(fax={"command": [sys.executable, "{number}", "{file}"]}, allow_domains=["test.example"])
    assert isinstance(FaxCommand(desk).hand_over(a_fax(), no_mark()), Failed)


def test_without_a_program_there_is_no_channel() -> None:
    with pytest.raises(NoDesk):
        FaxCommand(a_gateway_desk())


# ── a gateway ──


def test_a_gateway_gets_the_pdf_and_nothing_else() -> None:
    parcel = to_gateway(a_gateway_desk(), a_fax())
    mail = BytesParser(EmailMessage, policy=SMTP).parsebytes(parcel.wire)
    assert mail["To"] == "41225550100@fax.example"
    assert mail["Subject"] == f"Fax {parcel.reference}"
    (part,) = mail.iter_parts()
    assert isinstance(part, EmailMessage)
    assert (part.get_content_type(), part.get_content(), part.get_filename()) == ("application/pdf", PDF, "fax.pdf")


def test_the_digest_of_a_fax_by_mail_is_that_of_the_mail() -> None:
    fax = a_fax()
    mail = to_gateway(a_gateway_desk(), fax)
    assert mail.digest != fax.digest
    assert mail.digest == replace(mail, pdf=b"").digest


def test_a_mail_to_a_gateway_tells_nothing_of_host_zone_or_person() -> None:
    wire = to_gateway(a_gateway_desk(), a_fax()).wire
    assert socket.gethostname().encode() not in re.findall(rb"[\w.-]+", wire)
    assert b"about somebody" not in wire
    assert b" +0000\r\n" in wire


def test_a_gateway_is_not_asked_where_the_settings_allow_other_domains_only(kept: Path) -> None:
    desk = a_gateway_desk(allow_domains=["test.example"])
    receipt = FaxGateway(desk, None, PATIENT).hand_over(to_gateway(desk, a_fax()), no_mark())
    assert isinstance(receipt, Failed)


def test_a_gateway_needs_settings_and_a_number() -> None:
    with pytest.raises(NoDesk):
        to_gateway(a_desk(), a_fax())
    with pytest.raises(MessageRefused):
        to_gateway(a_gateway_desk(), a_fax(to=None))


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
