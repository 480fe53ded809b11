"""Take a mail apart for its text: headers, bodies, names of attachments and the attachments (RFC 5322,
2045-2047, 2231).

The standard parsers take minutes on some hostile mails and raise on others (thousands of parts, of encoded
words, of nested messages; broken charsets). This one splits bytes at boundaries, in one pass a level, within
limits, and reads only what finding codes needs; nothing it returns is fit for deciding who wrote.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from urgent_appeals.responses.charset import decoded

MOST_PARTS = 500
DEEPEST = 20
_LONGEST_HEADERS = 1 << 18
_LONGEST_FIELD = 1 << 14

_HEADERS = ("subject", "thread-topic", "keywords", "comments", "to", "cc")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|received|message-id|mime-version|content-type|return-path|delivered-to|reply-to|sender|"
    rb"in-reply-to|references|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(rb"(?:>?From [^\n]*\n)?[!-9;-~]+[ \t]*:")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r";\s*([^=;\s]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*+\"|[^;]*)", re.DOTALL)
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a mail: text from its headers, the name of an attachment, its decoded content."""

    type: str = "text/plain"
    charset: str = ""
    name: str = ""
    text: str = ""
    content: bytes = b""


def looks_like_mail(sample: bytes, *, named: bool = False) -> bool:
    """Tell whether bytes begin like a mail: header fields that mails have, two at least, or one where the
    name says so.
    """
    if _FIELD.match(sample) is None:
        return False
    end = _END_OF_HEADERS.search(sample)
    headers = sample[: end.start()] if end else sample
    names = {found[0].lower() for found in _KNOWN.finditer(headers)}
    return len(names) >= (1 if named else 2)


def mail_pieces(content: bytes, notes: list[str]) -> Iterator[Piece]:
    """Yield a mail's pieces in their order, those of mails within it too; what is beyond the limits is
    noted.
    """
    yield from _Reader(notes).entity(content, depth=0)


class _Reader:
    """Walks the parts of one mail, within its limits."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes
        self._parts = 0

    def entity(self, content: bytes, depth: int) -> Iterator[Piece]:
        """Yield the pieces of a mail, or of a part of one: header fields and a body."""
        self._parts += 1
        if self._parts > MOST_PARTS or depth > DEEPEST:
            self._notes.append("the mail has too many parts; the rest of them was not read")
            return
        fields, body = self._taken_apart(content)
        headers = [decoded_words(value) for name in _HEADERS for value in fields.get(name, ())]
        if headers:
            yield Piece(text="\n".join(headers))
        kind, parameters = with_parameters(fields.get("content-type", ("text/plain",))[0])
        name = named_of(fields)
        boundary = parameters.get("boundary", "").encode("utf-8", "replace")
        inner = list(self._split(body, boundary)) if kind.startswith("multipart/") and boundary else []
        for part in inner:
            yield from self.entity(part, depth + 1)
        if inner:
            return
        body = transferred(body, fields.get("content-transfer-encoding", ("",))[0].strip().lower())
        if kind == "message/rfc822" or name.lower().endswith(".eml"):
            if name:
                yield Piece(text=name)
            yield from self.entity(body, depth + 1)
        else:
            yield Piece(kind, charset=_parameter(parameters, "charset"), name=name, content=body)

    def _taken_apart(self, content: bytes) -> tuple[dict[str, list[str]], bytes]:
        """Split header fields, unfolded and by name in small letters, from the body."""
        end = _END_OF_HEADERS.search(content)
        headers, body = (content[: end.start()], content[end.end() :]) if end else (content, b"")
        if content[:1] in (b"\r", b"\n"):  # a part without any header
            return {}, content.lstrip(b"\r\n")
        fields: dict[str, list[str]] = {}
        if len(headers) > _LONGEST_HEADERS:
            self._notes.append("the headers are too long; the rest of them was not read")
        for line in _FOLD.sub(b"", headers[:_LONGEST_HEADERS]).splitlines():
            name, colon, value = line.partition(b":")
            if colon:
                if len(value) > _LONGEST_FIELD:
                    self._notes.append("a header field is too long; the rest of it was not read")
                key = name.strip().lower().decode("ascii", "replace")
                fields.setdefault(key, []).append(decoded(value[:_LONGEST_FIELD]).strip())
        return fields, body

    def _split(self, body: bytes, boundary: bytes) -> Iterator[bytes]:
        """Yield the parts between boundary lines, as many as are allowed; none without such a line."""
        line = re.compile(rb"(?:^|(?<=\n))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
        start = -1
        for count, found in enumerate(line.finditer(body)):
            if start >= 0:
                yield body[start : found.start()]
            start = found.end()
            if found[1] or count > MOST_PARTS:
                return
        if start >= 0:
            yield body[start:]


def decoded_words(value: str) -> str:
    """Return a header's value with its encoded words decoded; what is no proper encoded word stays as it
    is.
    """
    text: list[str] = []
    waiting, charset, last = b"", "", 0
    for word in _WORD.finditer(value):
        between = value[last : word.start()]
        if between.strip() or not last or word[1].lower() != charset:
            text.append(decoded(waiting, declared=charset))
            text.append(between if between.strip() or not last else "")
            waiting, charset = b"", word[1].lower()
        waiting += _word(word)
        last = word.end()
    return "".join((*text, decoded(waiting, declared=charset), value[last:]))


def _word(word: re.Match[str]) -> bytes:
    content = word[3].encode("utf-8", "replace")
    return _from_base64(content) if word[2] in "bB" else quopri.decodestring(content.replace(b"_", b"=20"))


def with_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split a structured header into its value, in small letters, and its parameters (the first of each
    name).
    """
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(value):
        text = found[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text.strip('"'))
        parameters.setdefault(found[1].lower(), text)
    return value.partition(";")[0].strip().lower(), parameters


def named_of(fields: Mapping[str, Sequence[str]]) -> str:
    """Return the name of the file that a part is, by its header fields; empty where it has none."""
    disposition = with_parameters(fields.get("content-disposition", ("",))[0])[1]
    parameters = with_parameters(fields.get("content-type", ("",))[0])[1]
    return _parameter(disposition, "filename") or _parameter(parameters, "name")


def _parameter(parameters: dict[str, str], name: str) -> str:
    """Return a parameter in plain, extended (`name*`), continued (`name*0`) or encoded-word form."""
    if f"{name}*" in parameters:
        return _extended(parameters[f"{name}*"])
    pieces: list[str] = []
    while f"{name}*{len(pieces)}" in parameters or f"{name}*{len(pieces)}*" in parameters:
        number = len(pieces)
        pieces.append(parameters.get(f"{name}*{number}*") or parameters.get(f"{name}*{number}", ""))
    if pieces:
        return _extended("".join(pieces)) if f"{name}*0*" in parameters else "".join(pieces)
    return decoded_words(parameters.get(name, ""))


def _extended(value: str) -> str:
    charset, quote, rest = value.partition("'")
    text = rest.partition("'")[2] if quote else value
    return decoded(unquote_to_bytes(text), declared=charset if quote else "")


def transferred(body: bytes, encoding: str) -> bytes:
    """Return a body as it was before transfer; `encoding` in small letters. What is broken goes as far as it can."""
    match encoding:
        case "base64":
            return _from_base64(body)
        case "quoted-printable":
            return quopri.decodestring(body)
    return body


def _from_base64(content: bytes) -> bytes:
    """Decode as much as is there: padding may be wrong, and lines of other text may stand around."""
    figures = content.translate(None, _NOT_BASE64)
    figures = figures[: len(figures) - (len(figures) % 4 == 1)]
    return binascii.a2b_base64(figures + b"=" * (-len(figures) % 4))
