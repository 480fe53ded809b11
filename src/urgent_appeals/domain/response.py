"""Hold what was read of a response: what it is and why, who sent and who brought it, the codes it quotes and where.

Nothing here is proof of who wrote. `sender` is what a mail says of itself, or what a header block says that anyone can
type; what is known of the sender needs `authentication`, and is judged where responses are placed.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from urgent_appeals.domain.quoted import QuotedCode
from urgent_appeals.domain.values import Day, Value

LONGEST_TEXT: Final = 200_000
"""How many bytes of UTF-8 the text of a response has at most; the rest stays in what came in."""


class ResponseKind(StrEnum):
    """What a response is; a word of `--json`."""

    REPLY = "reply"
    FORWARDED_REPLY = "forwarded-reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    ACTION_REPORT = "action-report"
    RETURNED_POST = "returned-post"
    UNKNOWN = "unknown"


class Where(StrEnum):
    """Where something stands that tells what a response belongs to: the weightier first.

    `note` is what a supporter writes around a reply that is passed on; `new` is then the reply's own. `forwarded` is in
    other messages that a mail passes on. Text that a page hides stands nowhere.
    """

    TOKEN = "token"  # noqa: S105  # no password
    THREAD = "thread"
    QR = "qr"
    SUBJECT = "subject"
    NEW = "new"
    NOTE = "note"
    ATTACHMENT = "attachment"
    FORWARDED = "forwarded"
    QUOTED = "quoted"


class Severity(StrEnum):
    """Whether an address will go on failing: `hard`, it will; `soft`, it may work another time."""

    HARD = "hard"
    SOFT = "soft"


ReportedKind = Literal["letter", "email", "fax", "visit", "call", "web"]
Source = Literal["eml", "mbox", "imap", "pdf", "image", "text", "typed"]


class Evidence(Value):
    """One reason: what was found, where it stood, and the words themselves, as written."""

    what: str
    where: str
    words: str = ""


class CodeFound(QuotedCode):
    """A code with its place; `start` and `end` count in the text of that place (for `new`, in the response's text)."""

    where: Where


class Reported(Value):
    """A line of an action report: so many letters, emails, calls; to whom and when, where it says so."""

    kind: ReportedKind
    count: int
    recipient: str | None = None
    date: Day | None = None


class ReadResponse(Value):
    """What was read of one response.

    `evidence` says why it was taken for its `kind`. `sender` is the address in From where that holds exactly one; of a
    reply that somebody passes on, the one that stands above it, and `bearer` the address of who passes it on: such a
    response is never verified. `threads` are the Message-IDs that it cites, `addressed` all addresses that our tokens
    may stand in. `text` is the new part, signature included. `failed` are the recipients of a bounce, `number` the one
    under which an office registered a letter. `authentication` has the fields Received and Authentication-Results as
    written, from the top down; `faults` what was wrong, or was not read.
    """

    kind: ResponseKind
    evidence: tuple[Evidence, ...] = ()
    sender: str | None = None
    bearer: str | None = None
    subject: str = ""
    date: datetime | None = None
    message_id: str | None = None
    threads: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    codes: tuple[CodeFound, ...] = ()
    text: str = ""
    reported: tuple[Reported, ...] = ()
    failed: tuple[str, ...] = ()
    severity: Severity | None = None
    number: str = ""
    authentication: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    source: Source = "eml"
