"""Try an account: how its server is secured, and how a mail to oneself arrives."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.dispatch.mailbox import Mailbox
from urgent_appeals.dispatch.message import TEST, new_message_id, outgoing
from urgent_appeals.dispatch.smtp import heading_of
from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.item import Item, Purpose, Route
from urgent_appeals.domain.mail_address import CheckedAddress

_PAUSE = 1.0
_RESULT = re.compile(r"[;\s](spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Secured:
    """How a connection is encrypted, and until when the server's certificate holds."""

    version: str
    until: datetime


def secured(connection: object) -> Secured | None:
    """Return how a connection is encrypted, None where it is not."""
    if not isinstance(connection, ssl.SSLSocket):
        return None
    shown = connection.getpeercert()
    if not shown:
        return None
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    return Secured(connection.version() or "", until)


def trial_parcel(desk: Desk, to: CheckedAddress, word: str, at: datetime) -> Parcel:
    """Return a mail to oneself that says what it is; `word`, which nobody can guess, tells it from all others."""
    subject = f"{TEST} urgent-appeals {word}"
    draft = "\r\n".join(
        (
            f"To: {to.wire}",
            f"Subject: {subject}",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "This mail shows how letters of this desk leave and how answers arrive. You can delete it.",
            "",
        )
    )
    message_id = new_message_id((desk.sender or "").rpartition("@")[2])
    heading = heading_of(desk, to, subject=subject, message_id=message_id, token=word)
    return Parcel(
        item=Item(
            purpose=Purpose.NOTICE, code="", recipient="desk/self", sender="", language="en", route=Route.ELECTRONIC
        ),
        message_id=message_id,
        token=word,
        to=to,
        subject=subject,
        date=at,
        reference=word,
        message=outgoing(draft.encode(), heading),
    )


@dataclass(frozen=True)
class Arrived:
    """A mail as it came into the mailbox."""

    data: bytes

    @property
    def message(self) -> Message:
        """The mail, read."""
        return message_from_bytes(self.data)

    @property
    def received(self) -> datetime | None:
        """When the server that keeps the mailbox says that it came; None where it does not."""
        last = str((self.message.get_all("Received") or [""])[0])
        try:
            at = parsedate_to_datetime(" ".join(last.rpartition(";")[2].split()))
        except ValueError:
            return None
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)

    def results(self, authserv_id: str) -> dict[str, str]:
        """Return what one's own server found (spf, dkim, dmarc), as far as it says so, in its own name."""
        found: dict[str, str] = {}
        for header in self.message.get_all("Authentication-Results") or []:
            said = _COMMENT.sub(" ", " ".join(str(header).split()))
            if said.partition(";")[0].split()[:1] == [authserv_id]:
                for method, result in _RESULT.findall(said):
                    found.setdefault(method.lower(), result.lower())
        return found


def wait_for(
    mailbox: Mailbox, word: str, seconds: float, says: Callable[[str], None] = lambda _: None
) -> Arrived | None:
    """Return the mail with a word in its subject as soon as it is in the inbox, None where it does not come in time.

    Nothing in the mailbox changes. Raises OSError where the connection is lost.
    """
    end = time.monotonic() + seconds
    while True:
        says(f"waiting for it, {max(0, end - time.monotonic()):.0f} s at most")
        try:
            found = _found(mailbox, word)
        except (imaplib.IMAP4.error, OSError) as error:
            raise ConnectionError("the connection to the mailbox was lost") from error
        if found is not None or time.monotonic() > end:
            return found
        time.sleep(_PAUSE)


def _found(mailbox: Mailbox, word: str) -> Arrived | None:
    mailbox.select("INBOX", readonly=True)
    _, numbers = mailbox.uid("SEARCH", "SUBJECT", f'"{word}"')
    uids = b" ".join(line for line in numbers if isinstance(line, bytes)).split()
    if not uids:
        return None
    _, parts = mailbox.uid("FETCH", uids[-1].decode(), "(BODY.PEEK[])")
    return next((Arrived(part[1]) for part in parts if isinstance(part, tuple)), None)
