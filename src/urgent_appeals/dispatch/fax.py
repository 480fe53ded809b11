"""Hand faxes over: to a program of the desk's own, or by mail to a gateway; the number is dialled there.

What is handed over is the PDF that was approved, its cover page first. A program is started as it is named, by no
shell; its environment has neither the passwords of this one nor the names of user and machine, and times are in UTC. It
says that it has taken the fax by ending with 0, and may name the job on the first line that it prints. 75 (EX_TEMPFAIL)
says "not now"; any other number, "no". Of a program that was killed, or did not end in time, nobody knows what it did.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path, PurePath
from types import TracebackType
from typing import IO, Final, Self

from urgent_appeals.dispatch.channel import Accepted, Deferred, Failed, Mark, Parcel, Receipt, Unsure
from urgent_appeals.dispatch.message import Heading, outgoing
from urgent_appeals.dispatch.programs import for_pages
from urgent_appeals.dispatch.replies import reply
from urgent_appeals.dispatch.smtp import SmtpChannel, heading_of
from urgent_appeals.domain.desk import FILE, NUMBER, REFERENCE, Desk
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.errors import MessageRefused, NoDesk

PATIENCE: Final = 600.0
"""The seconds within which a program has to have taken a fax."""
_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}")
_LATER = 75  # EX_TEMPFAIL of sysexits.h
_KILLED = 128  # from here on a shell tells by which signal the program that it ran was ended


class FaxCommand:
    """The program of a desk that sends faxes; raises NoDesk where the settings name none."""

    def __init__(self, desk: Desk, patience: float = PATIENCE, environ: Mapping[str, str] = os.environ) -> None:
        if desk.fax is None or desk.fax.command is None:
            raise NoDesk("desk.yaml", "fax: command")
        self._desk = desk
        self._command = desk.fax.command
        self._patience = patience
        self._environ = for_pages(environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Have a fax sent (see `Channel`); raises MessageRefused for a parcel without a number, or a PDF."""
        number = _number_of(parcel)
        if self._desk.allow_domains:
            return Failed("the settings allow nothing but mail to some domains (allow_domains), so no fax is sent")
        name = PurePath(self._command[0]).name
        if shutil.which(self._command[0], path=self._environ.get("PATH")) is None:
            return Deferred(f"the fax program {name} is not there, or cannot be started", pause="run")
        with _in_a_file(parcel.pdf) as file:
            values = {NUMBER: number, FILE: str(file), REFERENCE: parcel.reference}
            command = [_filled(part, values) for part in self._command]
            mark()
            try:
                return self._run(name, command, file.parent)
            except OSError as error:
                reason = f"the fax program {name} cannot be started: {(error.strerror or 'unknown').lower()}"
                return Deferred(reason, pause="run")

    def _run(self, name: str, command: Sequence[str], folder: Path) -> Receipt:
        # Into files: what a program leaves running behind it may hold a pipe open for long.
        with _new(folder / "printed") as printed, _new(folder / "complained") as complained:
            process = subprocess.Popen(  # noqa: S603  # the settings name it, and only their owner can change them
                command,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complained,
                env=self._environ,
                start_new_session=True,  # Ctrl-C on the terminal is for the run, which finishes the item in hand
            )
            try:
                status = process.wait(self._patience)
            except subprocess.TimeoutExpired:
                _end(process)
                return Unsure(f"the fax program {name} did not end within {self._patience:g} seconds, and was ended")
            except BaseException:
                _end(process)
                raise
            return _told(name, status, _first_line(printed), _first_line(complained))


class FaxGateway(SmtpChannel):
    """The mail server of a desk, for faxes: each goes to the gateway's address of its number (see `to_gateway`)."""

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Hand a fax over (see `Channel`); raises MessageRefused for what `to_gateway` has not made."""
        gateway = self._desk.fax.gateway if self._desk.fax is not None else None
        if gateway is None:
            raise NoDesk("desk.yaml", "fax: gateway")
        head, tail = gateway.split(NUMBER)
        to = parcel.to
        if not isinstance(to, CheckedAddress) or not re.fullmatch(
            f"{re.escape(head)}[1-9][0-9]{{4,14}}{re.escape(tail)}", to.wire
        ):
            raise MessageRefused(str(parcel.item), "it is not addressed to the fax gateway")
        return super().hand_over(parcel, mark)


def to_gateway(desk: Desk, parcel: Parcel) -> Parcel:
    """Return a fax as a mail to the gateway: the PDF, and a random reference as its subject, which gateways repeat.

    There is no text, which some gateways would print before the cover page. Raises NoDesk, and MessageRefused for a
    parcel without a number or a PDF.
    """
    if desk.fax is None or desk.fax.gateway is None:
        raise NoDesk("desk.yaml", "fax: gateway")
    to = check_address(desk.fax.gateway.replace(NUMBER, _number_of(parcel).removeprefix("+")))
    if not isinstance(to, CheckedAddress):
        raise MessageRefused(str(parcel.item), f"the gateway's address {to.reason}")
    heading = heading_of(desk, to, subject=f"Fax {parcel.reference}", message_id=parcel.message_id, token=parcel.token)
    message = outgoing(_mail(parcel, heading), heading)
    return replace(parcel, to=to, subject=heading.subject, message=message)


def _mail(parcel: Parcel, heading: Heading) -> bytes:
    """Return the draft of a mail with nothing but the PDF."""
    mail = EmailMessage(SMTP)
    mail["To"] = heading.to
    mail["Subject"] = heading.subject
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = "multipart/mixed"
    mail.set_boundary(f"=_{parcel.reference.replace('-', '')}")
    mail.add_attachment(parcel.pdf, maintype="application", subtype="pdf", filename="fax.pdf")
    return mail.as_bytes()


def _number_of(parcel: Parcel) -> str:
    number = parcel.to
    if not isinstance(number, str) or _NUMBER.fullmatch(number) is None:
        raise MessageRefused(str(parcel.item), "it has no fax number in international form, such as +41225550100")
    if not parcel.pdf.startswith(b"%PDF-"):
        raise MessageRefused(str(parcel.item), "there is no PDF to fax")
    return number


def _filled(part: str, values: Mapping[str, str]) -> str:
    """Return an argument with what its placeholders stand for; what is put in is not looked at again."""
    names = "|".join(map(re.escape, values))
    return re.sub(names, lambda match: values[match[0]], part)


@contextmanager
def _in_a_file(pdf: bytes) -> Iterator[Path]:
    """Keep a PDF in a file that only its owner can read, while the body runs."""
    with tempfile.TemporaryDirectory(prefix="fax-") as folder:  # for its owner only
        file = Path(folder, "fax.pdf")
        with _new(file) as stream:
            stream.write(pdf)
        yield file


def _new(file: Path) -> IO[bytes]:
    """Return a new file to write and to read, which only its owner can."""
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _told(name: str, status: int, printed: str, complained: str) -> Receipt:
    """Return what it means that a program ended with a status."""
    if status == 0:
        return Accepted(f"{name} took it{f': {printed}' if printed else ''}", printed or None)
    said = complained or printed
    reason = f"the fax program {name} ended with {status}{f': {said}' if said else ''}"
    if status < 0 or status > _KILLED:
        return Unsure(reason)
    return Deferred(reason, str(status)) if status == _LATER else Failed(reason, str(status))


def _first_line(file: IO[bytes]) -> str:
    file.seek(0)
    line = next((line for line in file.read(16_384).splitlines() if line.strip()), b"")
    return reply(0, line).text
