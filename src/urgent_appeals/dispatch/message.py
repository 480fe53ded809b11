"""Make the message that goes out of the draft that was approved: its subject and body as they are, to one recipient.

Nothing is decoded and written anew: the lines of the draft are taken over, what a sending account adds is put before
them, and the finished bytes are read back before anything is done with them.
"""

from __future__ import annotations

import base64
import email
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.errors import MessageRefused

TEST: Final = "[TEST]"
"""What the subject of a letter that is sent to oneself begins with."""

_CRLF = b"\r\n"
_LONGEST_LINE = 998  # RFC 5322, section 2.1.1
_ENCODED_WORD = 39  # bytes that in base64 keep a line within 76 characters (RFC 2047)
_FIELD = re.compile(rb"([!-9;-~]+):[ \t]*(?:\r\n[ \t]+)?[^\r\n]*(?:\r\n[ \t]+[^\r\n]*)*")
_OF_A_DRAFT = frozenset({"x-unsent", "to", "reply-to", "subject", *(_KEPT := ("mime-version", "content-type"))})


@dataclass(frozen=True)
class Heading:
    """What the headers of a message say; `to` is its only recipient, in the form of a mail header."""

    from_: str
    to: str
    subject: str
    message_id: str
    from_name: str | None = None
    reply_to: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the headers, in their order; Date comes before them."""
        reply_to = ("Reply-To",) if self.reply_to is not None else ()
        return ("From", "To", *reply_to, "Subject", "Message-ID", "MIME-Version", "Content-Type")


def new_message_id(domain: str) -> str:
    """Return a Message-ID of 128 random bits at the sender's domain; it tells nothing of the machine or the case."""
    return f"<{secrets.token_hex(16)}@{domain}>"


def subject_of(draft: bytes) -> str:
    """Return the subject of a draft; raises MessageRefused where the draft is none that was made here."""
    return str(_Draft(draft).parsed["Subject"])


def outgoing(draft: bytes, heading: Heading) -> bytes:
    """Return the message that goes out, without its Date.

    The subject of the heading is that of the draft, or the same after `[TEST]` for a message to oneself, which then
    goes to whom the heading says. Raises MessageRefused where the draft is none that was made here, is addressed to
    somebody else, or the finished bytes do not read back as they were meant.
    """
    source = _Draft(draft)
    is_test = heading.subject == f"{TEST} {source.parsed['Subject']}"
    lines = [_from(heading), f"To: {heading.to}".encode() if is_test else source.field("to")]
    if heading.reply_to is not None:
        lines.append(f"Reply-To: {heading.reply_to}".encode())
    subject = source.field("subject")
    lines.append(re.sub(rb"^([^:]+:)[ \t]*", rb"\1 " + TEST.encode() + b"\r\n ", subject) if is_test else subject)
    lines.append(f"Message-ID: {heading.message_id}".encode())
    lines += [source.field(name) for name in _KEPT]
    message = _CRLF.join([*lines, b"", source.body])
    verify(message, heading)
    if not source.body.isascii() or any(part.defects for part in email.message_from_bytes(message).walk()):
        raise MessageRefused(heading.message_id, "a part of it is not well formed")
    return message


def dated(message: bytes, at: datetime) -> bytes:
    """Return a message with its Date, in UTC: the time zone of the desk is nobody's business."""
    return b"Date: " + format_datetime(at.astimezone(UTC)).encode() + _CRLF + message


@lru_cache(maxsize=4)  # read when it is made, and before it is sent: the same bytes need be read once
def verify(message: bytes, heading: Heading) -> None:
    """Raise MessageRefused where a message without its Date does not say what its heading says, and that alone.

    Its head is read as a mail program does; of its body, which `outgoing` has read, only the lines are looked at.
    """
    fault = next(_faults(message, heading), None)
    if fault is not None:
        raise MessageRefused(heading.message_id, f"it does not read back as it was meant: {fault}")


class _Draft:
    """A draft of the outbox, taken apart; raises MessageRefused for any other message."""

    def __init__(self, data: bytes) -> None:
        head, end, self.body = data.partition(_CRLF * 2)
        self.parsed = _parsed(head)
        self._fields: dict[str, bytes] = {}
        at = 0
        while end and at < len(head):
            match = _FIELD.match(head, at)
            name = match[1].decode().lower() if match is not None else ""
            if match is None or name not in _OF_A_DRAFT or name in self._fields:
                raise MessageRefused("the draft", f"a header is not that of a draft made here: {name or 'no header'}")
            self._fields[name] = match[0]
            at = match.end() + len(_CRLF)
        if not end:
            raise MessageRefused("the draft", "it has no body, or its lines end otherwise than those of a mail")
        self._require_safe()

    def field(self, name: str) -> bytes:
        """Return a header with its name, as it is written."""
        if name not in self._fields:
            raise MessageRefused("the draft", f"it has no header {name.title()}")
        return self._fields[name]

    def _require_safe(self) -> None:
        self.field("subject")
        fault = unsafe(str(self.parsed["Subject"]))
        if fault is not None:
            raise MessageRefused("the draft", f"its subject {fault}")


def _parsed(head: bytes) -> EmailMessage:
    try:
        return HeaderParser(policy=SMTP).parsestr(head.decode() + "\r\n\r\n")
    except UnicodeDecodeError as error:
        raise MessageRefused("the draft", "it is not text in UTF-8") from error


def _from(heading: Heading) -> bytes:
    name, address = heading.from_name, heading.from_
    if name is None:
        return f"From: {address}".encode()
    if (fault := unsafe(name)) is not None:
        raise MessageRefused(heading.message_id, f"the name of the sender {fault}")
    if name.isascii() and len(name) <= 60:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'From: "{quoted}"\r\n <{address}>'.encode()
    return "\r\n ".join(["From: " + _encoded_words(name), f"<{address}>"]).encode()


def _encoded_words(text: str) -> str:
    words, held = [], b""
    for character in text:
        if len(held) + len(character.encode()) > _ENCODED_WORD:
            words.append(held)
            held = b""
        held += character.encode()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in (*words, held))


def _faults(data: bytes, heading: Heading) -> Iterator[str]:
    lines = data.split(_CRLF)
    text = b"".join(lines)
    if any(sign in text for sign in (b"\r", b"\n", b"\0")) or max(map(len, lines)) > _LONGEST_LINE:
        yield "a line is too long, or ends as no line of a message may"
    if not data.endswith(_CRLF):
        yield "its last line does not end"
    message = _parsed(data.partition(_CRLF * 2)[0])
    if tuple(message.keys()) != heading.fields:
        yield f"its headers are {', '.join(message.keys())}"
        return
    reply_to = [heading.reply_to] if heading.reply_to is not None else []
    senders = message["From"].addresses
    if [address.addr_spec for address in senders] != [heading.from_]:
        yield "its From"
    if _letters("".join(address.display_name for address in senders)) != _letters(heading.from_name or ""):
        yield "the name of its sender"
    for field, meant in (("To", [heading.to]), ("Reply-To", reply_to)):
        if _mailboxes(message, field) != meant:
            yield f"its {field}"
    if str(message["Subject"]) != heading.subject or unsafe(heading.subject) is not None:
        yield "its subject"
    if str(message["Message-ID"]) != heading.message_id:
        yield "its Message-ID"


def _mailboxes(message: EmailMessage, field: str) -> list[str]:
    return [address.addr_spec for address in message[field].addresses] if field in message else []


def _letters(text: str) -> str:
    # Python 3.11 puts blanks between the encoded words of a name, which RFC 2047 (6.2) forbids.
    return "".join(text.split())
