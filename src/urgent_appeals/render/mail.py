"""Make an email draft: opened, read and sent by a person from their own account, to one recipient or to
nobody yet.

The message is built field by field, never from a template, and read back before it is given out. It is
written here and not by the standard library because the latter folds headers differently from version to
version, and a draft must come out the same.
"""

from __future__ import annotations

import base64
import binascii
import email
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from email.policy import SMTP

from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.mail_address import CheckedAddress, RefusedAddress, check_address
from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.errors import RenderError, UnsafeHeader
from urgent_appeals.render.text import message_text

_CRLF = "\r\n"
_LINE = 76
_LONGEST_LINE = 998  # RFC 5322, section 2.1.1
_ENCODED_WORD = 39  # bytes that in base64, after "Subject: ", keep a line within 76 characters (RFC 2047)
_PARTS = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,115}\.pdf")


def draft(letter: Letter, *, pdf: bytes, pdf_name: str, html: str) -> bytes:
    """Return the draft: `X-Unsent: 1`, To, Reply-To, Subject, and text, HTML and the PDF as parts.

    No From, Date or Message-ID: those are the sending account's. No To where the directory has no address.
    Reply-To is the campaign's address, where it is another than the signatory's own. The same input gives
    the same bytes. Raises UnsafeHeader for a name, subject, address or file name that may not stand in a
    header, RenderError where the finished bytes do not read back as what was meant.
    """
    heading = _heading(letter, pdf_name)
    content = _Content(text=_text(letter), html=_plain_breaks(html), pdf=pdf, pdf_name=pdf_name)
    try:
        lines = [*_header_lines(heading), *_body(content)]
        data = _CRLF.join(lines).encode()
    except UnicodeEncodeError as error:
        raise RenderError(letter.item, "the text holds half a surrogate pair") from error
    fault = next(_faults(data, heading, content), None)
    if fault is not None:
        raise RenderError(letter.item, f"the draft does not read back as it was meant: {fault}")
    return data


def altered(data: bytes, letter: Letter, pdf_sha256: str) -> str | None:
    """Return what of a draft is not as it was made of a letter and its PDF, None where nothing is.

    What its HTML says is not looked at, only that it is there.
    """
    try:
        return _altered(data, letter, pdf_sha256)
    except (LookupError, ValueError, AttributeError):  # what no part of ours makes the parser raise
        return "its parts"


def _altered(data: bytes, letter: Letter, pdf_sha256: str) -> str | None:
    message = HeaderParser(policy=SMTP).parsestr(data.partition(b"\r\n\r\n")[0].decode() + _CRLF * 2)
    parts = list(email.message_from_bytes(data).walk())  # three times as fast without a policy, and there are many
    if [part.get_content_type() for part in parts] != _PARTS or any(part.defects for part in parts):
        return "its parts"
    _, _, text, html, pdf = parts
    if {text.get_content_charset(), html.get_content_charset()} != {"utf-8"}:
        return "its parts"
    to = check_address(letter.addressee.email) if letter.addressee.email is not None else None
    said = (
        ("recipient", _mailboxes(message, "To"), [to.wire] if isinstance(to, CheckedAddress) else []),
        ("subject", str(message["Subject"]), letter.subject),
        ("text", _plain_breaks(_decoded(text).decode()), _text(letter)),
        ("attachment", hashlib.sha256(_decoded(pdf)).hexdigest(), pdf_sha256),
    )
    return next((f"its {what}" for what, found, meant in said if found != meant), None)


def _decoded(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(letter: Letter) -> str:
    return f"{message_text(letter)}\n{letter.phrases.mail.attachment_note}\n"


@dataclass(frozen=True)
class _Heading:
    """What the headers are to say."""

    to: str | None
    name: str
    reply_to: str | None
    subject: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the headers, in their order."""
        to = ("To",) if self.to is not None else ()
        reply_to = ("Reply-To",) if self.reply_to is not None else ()
        return ("X-Unsent", *to, *reply_to, "Subject", "MIME-Version", "Content-Type")


@dataclass(frozen=True)
class _Content:
    """What the parts are to say."""

    text: str
    html: str
    pdf: bytes
    pdf_name: str

    def boundary(self, role: str) -> str:
        """Return a line between parts that is the same for the same content, and cannot occur in encoded
        text.
        """
        parts = (role.encode(), self.text.encode(), self.html.encode(), self.pdf, self.pdf_name.encode())
        digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts))
        return f"=_{digest.hexdigest()[:32]}"


def _heading(letter: Letter, pdf_name: str) -> _Heading:
    addressee, signatory = letter.addressee, letter.signatory
    to = _address(f"email address of {addressee.recipient}", addressee.email)
    reply_to = _address("reply_to of the campaign", letter.reply_to)
    own = _address(f"email of the sender {signatory.sender}", signatory.email)
    is_own = reply_to is not None and own is not None and reply_to.wire.lower() == own.wire.lower()
    if not _FILE_NAME.fullmatch(pdf_name):
        raise UnsafeHeader("name of the attachment", f"{pdf_name!r} is not plain letters, digits and signs")
    return _Heading(
        to=to.wire if to is not None else None,
        name=_safe(f"name of {addressee.recipient}", addressee.name),
        reply_to=reply_to.wire if reply_to is not None and not is_own else None,
        subject=_safe(f"subject of {letter.item}", letter.subject),
    )


def _address(field: str, text: str | None) -> CheckedAddress | None:
    checked = check_address(text) if text is not None else None
    if isinstance(checked, RefusedAddress):
        raise UnsafeHeader(field, f"{checked.text!r} {checked.reason}")
    return checked


def _safe(field: str, text: str) -> str:
    fault = unsafe(text) or (None if text.strip() else "is empty")
    if fault is not None:
        raise UnsafeHeader(field, fault)
    return text


def _header_lines(heading: _Heading) -> list[str]:
    lines = ["X-Unsent: 1"]
    if heading.to is not None:
        quoted = heading.name.replace("\\", "\\\\").replace('"', '\\"')
        name = _plain_words(f'To: "{quoted}"') or ["To:", *_encoded_words(heading.name)]
        lines += _folded([*name, f"<{heading.to}>"])
    if heading.reply_to is not None:
        lines.append(f"Reply-To: {heading.reply_to}")
    return [*lines, *_folded(_subject_words(heading.subject)), "MIME-Version: 1.0"]


def _subject_words(subject: str) -> list[str]:
    """Return the words of the subject's header, encoded from the first one on that is not ASCII.

    So the code, which stands at the front, can be found by programs that decode nothing.
    """
    plain = _plain_words(f"Subject: {subject}")
    if plain is not None:
        return plain
    ascii_front = re.match(r"(?:[\x21-\x7e]+ )+(?=[^ ])", subject)
    front = _plain_words(f"Subject: {ascii_front[0][:-1]}") if ascii_front is not None else None
    if ascii_front is None or front is None:
        return ["Subject:", *_encoded_words(subject)]
    return [*front, *_encoded_words(subject[ascii_front.end() :])]


def _plain_words(line: str) -> list[str] | None:
    """Return the words of a header that is ASCII and can be folded at its blanks without loss, else None."""
    words = line.split(" ")
    fits = line.isascii() and all(0 < len(word) < _LINE for word in words)
    return words if fits else None


def _folded(words: Sequence[str]) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        # The field's name never stands alone: some programs lose a header that begins with a fold.
        if len(lines[-1]) + 1 + len(word) <= _LINE or lines == [words[0]]:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return lines


def _encoded_words(text: str) -> list[str]:
    words, held = [], b""
    for character in text:
        encoded = character.encode()
        if len(held) + len(encoded) > _ENCODED_WORD:
            words.append(held)
            held = b""
        held += encoded
    return [f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in (*words, held)]


def _body(content: _Content) -> list[str]:
    outer, inner = content.boundary("mixed"), content.boundary("alternative")
    return [
        "Content-Type: multipart/mixed;",
        f' boundary="{outer}"',
        "",
        f"--{outer}",
        "Content-Type: multipart/alternative;",
        f' boundary="{inner}"',
        "",
        f"--{inner}",
        *_text_part("plain", content.text),
        f"--{inner}",
        *_text_part("html", content.html),
        f"--{inner}--",
        "",
        f"--{outer}",
        "Content-Type: application/pdf;",
        f' name="{content.pdf_name}"',
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;",
        f' filename="{content.pdf_name}"',
        "",
        *_base64_lines(content.pdf),
        f"--{outer}--",
        "",
    ]


def _text_part(subtype: str, text: str) -> list[str]:
    data = text.replace("\n", _CRLF).encode()
    # Text that is mostly ASCII stays readable; other scripts would be six times as long that way.
    is_readable = len(text.encode("ascii", "ignore")) * 6 >= len(data) * 5
    readable = binascii.b2a_qp(text.encode(), istext=True).decode().split("\n")
    return [
        f'Content-Type: text/{subtype}; charset="utf-8"',
        f"Content-Transfer-Encoding: {'quoted-printable' if is_readable else 'base64'}",
        "",
        *(readable if is_readable else _base64_lines(data)),
    ]


def _base64_lines(data: bytes) -> list[str]:
    encoded = base64.b64encode(data).decode()
    return [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)] or [""]


def _plain_breaks(text: str) -> str:
    return text.replace(_CRLF, "\n").replace("\r", "\n")


def _faults(data: bytes, heading: _Heading, content: _Content) -> Iterator[str]:
    """Yield what a mail program would read otherwise than it was meant."""
    lines = data.split(_CRLF.encode())
    if any(b"\r" in line or b"\n" in line or len(line) > _LONGEST_LINE for line in lines):
        yield "a line is too long, or ends as no line of a message may"
    message = email.message_from_string(data.decode(), policy=SMTP)
    if tuple(message.keys()) != heading.fields:
        yield f"its headers are {', '.join(message.keys())}"
    if _mailboxes(message, "To") != ([heading.to] if heading.to is not None else []):
        yield "its recipient"
    if _mailboxes(message, "Reply-To") != ([heading.reply_to] if heading.reply_to is not None else []):
        yield "its reply address"
    if heading.to is not None and _letters(message["To"].addresses[0].display_name) != _letters(heading.name):
        yield "the recipient's name"
    if str(message["Subject"]) != heading.subject:
        yield "its subject"
    yield from _faulty_parts(list(message.walk()), content)


def _faulty_parts(parts: Sequence[EmailMessage], content: _Content) -> Iterator[str]:
    types = [part.get_content_type() for part in parts]
    if types != _PARTS:
        yield f"its parts are {', '.join(types)}"
        return
    if any(part.defects for part in parts):
        yield "a part is not well formed"
    _, _, text, html, pdf = parts
    if (_plain_breaks(text.get_content()), _plain_breaks(html.get_content())) != (content.text, content.html):
        yield "its text"
    if (pdf.get_content(), pdf.get_filename()) != (content.pdf, content.pdf_name):
        yield "the attachment"


def _mailboxes(message: EmailMessage, field: str) -> list[str]:
    return [address.addr_spec for address in message[field].addresses] if field in message else []


def _letters(text: str) -> str:
    # Python 3.11 puts blanks between the encoded words of a name, which RFC 2047 (6.2) forbids.
    return "".join(text.split())
