"""Read a mail as the tree of its parts, with the header fields of each: what telling machines from people needs.

Mails that lie within the mail stay closed: what somebody forwards is not what they say. Any bytes will do; time is
linear in them, and what is beyond the limits is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from urgent_appeals.responses.charset import decoded
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.mail_text import decoded_words, transferred, with_parameters

MOST_PARTS = 200
DEEPEST = 8
LONGEST_TEXT = 1 << 17
"""How many characters of a part's text are read: a server says what it has to say long before."""

LONGEST_HEADERS = 1 << 18
LONGEST_FIELD = 1 << 13
_LONGEST_BOUNDARY = 200  # RFC 2046 has 70
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_FROM_LINE = re.compile(rb">?From (?![ \t]{0,20}:)[^\n]{0,1000}\n")
_LIKE_A_BOUNDARY = re.compile(rb"(?:\A|(?<=\n))--([!-~][ -~]{0,199}?)[ \t]{0,9}(?=\r?\n)")

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """A mail or a part of one: header fields by their name in small letters, unfolded; the body as it was before
    transfer; the parts of a multipart.
    """

    type: str = "text/plain"
    parameters: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)
    body: bytes = b""
    children: tuple[Part, ...] = ()

    def first(self, name: str) -> str:
        """Return the first field of a name, its encoded words decoded; empty where there is none."""
        return decoded_words(self.fields.get(name, ("",))[0])

    def all(self, name: str) -> tuple[str, ...]:
        """Return all fields of a name, their encoded words decoded."""
        return tuple(decoded_words(value) for value in self.fields.get(name, ()))

    @property
    def text(self) -> str:
        """The body as text with line feeds, what shows of it where it is HTML; cut after `LONGEST_TEXT`."""
        body = self.body[: 4 * LONGEST_TEXT]
        text = decoded(body, declared=self.parameters.get("charset", ""))
        if self.type == "text/html":
            text = visible_text(text)
        return text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")

    def walk(self) -> Iterator[Part]:
        """Yield this part and all within it, in their order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_parts(raw: bytes) -> Part:
    """Return a mail as the tree of its parts; never raises, whatever the bytes are."""
    return _read(without_from_line(raw), depth=0, left=[MOST_PARTS])


def fields_of(content: bytes) -> Fields:
    """Return the header fields that content begins with, up to the first empty line."""
    found: dict[str, list[str]] = {}
    for name, value in field_lines(headers_of(content)):
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def headers_of(content: bytes) -> bytes:
    """Return the header fields of a mail as they are, up to the first empty line."""
    end = _END_OF_HEADERS.search(content)
    return content[: end.start()] if end else content


def field_lines(headers: bytes) -> Iterator[tuple[str, str]]:
    """Yield header fields in their order: the name in small letters, the value unfolded and cut to a length."""
    for line in _FOLD.sub(b" ", headers[:LONGEST_HEADERS]).splitlines():
        name, colon, value = line.partition(b":")
        if colon and len(name) < 100:
            yield name.strip().lower().decode("ascii", "replace"), decoded(value[:LONGEST_FIELD]).strip()


def without_from_line(raw: bytes) -> bytes:
    """Return a mail without the line that a mailbox puts before it."""
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    line = _FROM_LINE.match(raw, start)
    return raw[line.end() if line else start :]


def _read(content: bytes, depth: int, left: list[int]) -> Part:
    left[0] -= 1
    fields: Fields
    if content[:1] in (b"\r", b"\n"):  # a part without any header
        fields, body = {}, content.lstrip(b"\r\n")
    else:
        end = _END_OF_HEADERS.search(content)
        fields, body = fields_of(content), content[end.end() :] if end else b""
    kind, parameters = with_parameters(fields.get("content-type", ("text/plain",))[0])
    children: list[Part] = []
    if kind.startswith("multipart/") and depth < DEEPEST:
        for piece in _split(body, _boundary(parameters, body)):
            if left[0] <= 0:
                break
            children.append(_read(piece, depth + 1, left))
    if not children:
        body = transferred(body, fields.get("content-transfer-encoding", ("",))[0].strip().lower())
    return Part(kind, parameters, fields, b"" if children else body, tuple(children))


def _boundary(parameters: Mapping[str, str], body: bytes) -> bytes:
    """Return the boundary of a multipart: as it says, else the first line that looks like one and comes again."""
    said = parameters.get("boundary", "")[:_LONGEST_BOUNDARY].encode("utf-8", "replace").rstrip()
    if said and b"--" + said in body:
        return said
    found = _LIKE_A_BOUNDARY.search(body)
    return found[1] if found and body.count(b"\n--" + found[1]) > 1 else b""


def _split(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield what stands between boundary lines, nothing without one; what is not closed ends with the body."""
    mark = b"--" + boundary
    start = at = 0
    begun = False
    while boundary and (at := body.find(mark, at)) >= 0:
        here, at = at, at + len(mark)
        if here and body[here - 1 : here] != b"\n":
            continue
        end = body.find(b"\n", at)
        rest = body[at : end if end >= 0 else len(body)].strip()
        if rest not in (b"", b"--"):
            continue
        if begun:
            yield body[start:here]
        start, begun = (end + 1 if end >= 0 else len(body)), True
        if rest:
            return
    if begun:
        yield body[start:]
