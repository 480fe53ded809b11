"""Take a mail apart for what reading it needs: who and when by its header, its text, what is attached to it.

Nothing here raises, whatever the bytes are: what is hostile or broken is left out, and told as a fault. The trees of
parts are those of `parts`, which reads any bytes; the standard library's parsers are not needed besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from urgent_appeals.responses.addresses import addressed, sender_of
from urgent_appeals.responses.charset import decoded
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.mail_text import decoded_words, looks_like_mail, named_of
from urgent_appeals.responses.parts import (
    DEEPEST,
    LONGEST_FIELD,
    LONGEST_HEADERS,
    LONGEST_TEXT,
    MOST_PARTS,
    Part,
    field_lines,
    headers_of,
    read_parts,
    without_from_line,
)
from urgent_appeals.responses.text import SAMPLE, declared_in

MOST_THREADS = 200
_MOST_TRACE = 40
_LONGEST_SUBJECT = 2000
_LONGEST_DATE = 200
_EARLY = timedelta(days=2)
_STUB = 4  # a plain text that is so many times shorter than the page beside it only says that there is a page
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_BARE_CR = re.compile(rb"\r(?!\n)")
_LONG_LINE = re.compile(rb"^[^\n]{%d}" % (LONGEST_FIELD + 100), re.MULTILINE)
_NO_FIELD = re.compile(rb"^(?![!-9;-~]{1,100}[ \t]*:|[ \t\r\n])", re.MULTILINE)
_RAW_SUBJECT = re.compile(rb"^subject[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_REPORTS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/global-disposition-notification",
    "message/feedback-report",
)
_RETURNED = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/partial")
_WHOLE = ("message/rfc822", "message/global")
_SIGNED = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a mail; `charset` as it is declared."""

    name: str
    type: str
    content: bytes
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail, decoded. `sender` is None where From does not hold exactly one address.

    `threads` are the Message-IDs that it answers, `trace` the fields Received and Authentication-Results from the top
    down, `body` its text with line feeds and marks of quoting, `attached` the mails within it as they are, `returned`
    what a report gives back of a mail; `faults` say what is wrong or was left out.
    """

    part: Part
    subject: str = ""
    sender: str | None = None
    date: datetime | None = None
    message_id: str | None = None
    threads: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    attached: tuple[bytes, ...] = ()
    returned: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def read_message(raw: bytes) -> Message:
    """Return a mail, decoded; never raises."""
    part = read_parts(raw)
    content = _Content()
    texts = content.of(part, depth=0)
    headers = headers_of(without_from_line(raw))
    if not texts and not part.body and not part.children:
        texts = list(_unseparated(headers))
    come = sender_of(part.fields.get("from", ()))
    day, late = _date(part)
    ids = _MESSAGE_ID.findall(part.first("message-id"))
    faults = (come.fault, late, *_faults(headers, part), *content.faults)
    bare = _BARE_CR.search(headers) is not None and b"\n" in headers
    return Message(
        part=part,
        subject=plain_line(_subject(headers, part))[:_LONGEST_SUBJECT],
        sender=None if bare else come.address,
        date=day,
        message_id=plain_line(ids[0]) if ids else None,
        threads=threads_of(part),
        addressed=tuple(map(plain_line, addressed(part))),
        trace=tuple(_trace(headers)),
        body="\n".join(texts),
        attachments=tuple(content.attachments),
        attached=tuple(content.attached),
        returned=tuple(content.returned),
        faults=tuple(dict.fromkeys(fault for fault in faults if fault)),
    )


def threads_of(part: Part) -> tuple[str, ...]:
    """Return the Message-IDs that a mail answers: those in In-Reply-To, then the latest in References."""
    answered = [one for value in part.all("in-reply-to") for one in _MESSAGE_ID.findall(value)]
    before = [one for value in part.all("references") for one in _MESSAGE_ID.findall(value)]
    return tuple(map(plain_line, dict.fromkeys((*answered, *reversed(before)))))[:MOST_THREADS]


def plain_line(text: str) -> str:
    """Return a text on one line, without characters that do not show and halves of characters."""
    return " ".join(_UNSEEN.sub(" ", _whole(text)).split())


def plain_text(text: str) -> str:
    """Return a text with line feeds only, and nothing in it that is no character."""
    return _whole(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(slots=True)
class _Content:
    """What a mail holds besides its text, gathered on the way through its parts."""

    attachments: list[Attachment] = field(default_factory=list)
    attached: list[bytes] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def of(self, part: Part, depth: int) -> list[str]:
        """Return the texts of a part, in order; of several forms of one text the plainest that says it."""
        if part.children:
            forms = [(child, self.of(child, depth + 1)) for child in part.children]
            if part.type == "multipart/alternative":
                return _plainest(forms)
            return [text for _, texts in forms for text in texts]
        if depth >= DEEPEST and part.type.startswith("multipart/"):
            self.faults.append("the mail is nested too deeply; the rest of it was not read")
        name = plain_line(named_of(part.fields))[:300]
        if part.type in _WHOLE or (name.lower().endswith(".eml") and looks_like_mail(part.body[:SAMPLE], named=True)):
            self.attached.append(part.body)
        elif part.type in _RETURNED:
            self.returned.append(plain_text(part.text))
        elif part.type in _REPORTS or part.type in _SIGNED:
            pass
        elif _is_attachment(part, name, depth):
            charset = part.parameters.get("charset", "")
            self.attachments.append(Attachment(name, part.type, part.body, charset))
        elif text := self._text(part):
            return [text]
        return []

    def _text(self, part: Part) -> str:
        """Return the text of a part; what a page shows, its quotes with marks."""
        body = part.body[: 4 * LONGEST_TEXT]
        is_page = part.type.startswith("text/html")
        charset = part.parameters.get("charset", "") or (declared_in(body) if is_page else "")
        text = decoded(body, declared=charset)
        text = plain_text(visible_text(text, quotes=True) if is_page else text)
        if len(text) > LONGEST_TEXT or len(part.body) > len(body):
            self.faults.append("the text is too long; the rest of it was not read")
        return text[:LONGEST_TEXT]


def _is_attachment(part: Part, name: str, depth: int) -> bool:
    """Tell a file from the text of a mail: by its type, or because it is sent as one."""
    if part.fields.get("content-disposition", ("",))[0].strip().lower().startswith("attachment"):
        return True
    main, slash, sub = part.type.partition("/")
    if not slash or main == "multipart":
        return False
    is_text = main == "text" and sub.split(" ")[0] in ("plain", "html")
    return not is_text or (bool(name) and depth > 0)


def _plainest(forms: list[tuple[Part, list[str]]]) -> list[str]:
    """Return the texts of the plain form, else of the fullest: also where the plain one is a stub."""
    plain = next((texts for child, texts in forms if child.type == "text/plain" and _length(texts)), [])
    fullest = max((texts for _, texts in forms), key=_length, default=[])
    return plain if _length(plain) * _STUB >= _length(fullest) else fullest


def _length(texts: list[str]) -> int:
    return sum(len(text.strip()) for text in texts)


def _subject(headers: bytes, part: Part) -> str:
    """Return the subject; where it is written in raw bytes of no declared charset, in that of the text."""
    found = _RAW_SUBJECT.search(headers[:LONGEST_HEADERS])
    charset = next((one.parameters["charset"] for one in part.walk() if one.parameters.get("charset")), "")
    if found is None or found[1].isascii() or not charset:
        return part.first("subject")
    try:
        return decoded_words(found[1][:LONGEST_FIELD].decode())
    except UnicodeDecodeError:
        return decoded_words(decoded(found[1][:LONGEST_FIELD], declared=charset))


def _date(part: Part) -> tuple[datetime | None, str]:
    """Return when a mail says it was written, and what is wrong with that."""
    written = part.first("date")
    if not written:
        return None, ""
    said = instant(written)
    if said is None:
        return None, "the date cannot be read"
    came = next((at for value in part.all("received") if (at := instant(value.rpartition(";")[2]))), None)
    if came is not None and said > came + _EARLY:
        return said, "the date lies after the day that the mail came in"
    return said, ""


def instant(written: str) -> datetime | None:
    """Return the moment that a Date field names, in UTC; None where it names none."""
    try:
        said = parsedate_to_datetime(written[:_LONGEST_DATE])
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _trace(headers: bytes) -> Iterator[str]:
    """Yield Received and Authentication-Results from the top down, as `Name: value`."""
    count = 0
    for name, value in field_lines(headers):
        if name in ("received", "authentication-results") and count < _MOST_TRACE:
            count += 1
            yield f"{name.title()}: {_whole(value)}"


def _unseparated(headers: bytes) -> Iterator[str]:
    """Yield the text of a mail that begins without an empty line before it: at the first line that is no field."""
    found = _NO_FIELD.search(headers[:LONGEST_HEADERS])
    if found is not None:
        yield plain_text(decoded(headers[found.start() :]))[:LONGEST_TEXT]


def _faults(headers: bytes, part: Part) -> Iterator[str]:
    if _BARE_CR.search(headers) and b"\n" in headers:
        yield "the headers hold line ends that programs read differently"
    if len(headers) > LONGEST_HEADERS:
        yield "the headers are too long; the rest of them was not read"
    if _LONG_LINE.search(_FOLD.sub(b" ", headers[:LONGEST_HEADERS])):
        yield "a header field is too long; the rest of it was not read"
    if sum(1 for _ in part.walk()) >= MOST_PARTS:
        yield "the mail has too many parts; the rest of them was not read"
    if decoded_words(part.first("content-transfer-encoding")).strip().lower() in ("x-uuencode", "uuencode"):
        yield "a part is in an encoding that was not read"
