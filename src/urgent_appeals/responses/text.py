"""Get the text that a person would see out of a file: plain text, HTML, mail, PDF.

What a file is goes by its content; its name only settles what the content leaves open. Everything here may
come from a stranger: work is linear in the size, limits cap parts, depth, pages and text, and what was left
unread is noted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from urgent_appeals.responses.charset import decoded
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.mail_text import looks_like_mail, mail_pieces
from urgent_appeals.responses.pdf_text import PdfReader

SAMPLE = 1 << 16
"""How many bytes from the beginning tell what a file is."""

LONGEST_TEXT = 20_000_000

_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|span|br|font|style|center|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(rb"<(?:/?[a-zA-Z][a-zA-Z0-9]*[\s>/]|!--)")


class Kind(StrEnum):
    """What a file is."""

    TEXT = "text"
    HTML = "html"
    MAIL = "mail"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, what the file was taken for, and notes on what of it was not read."""

    kind: Kind
    text: str
    notes: tuple[str, ...] = ()


def kind_of(sample: bytes, name: str = "") -> Kind:
    """Tell what a file is from its first bytes, at least `SAMPLE` of them where there are as many."""
    if b"%PDF-" in sample[:1024]:
        return Kind.PDF
    head = decoded(sample[:SAMPLE]).encode() if sample[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else sample
    head = head.removeprefix(codecs.BOM_UTF8)
    suffix = name.lower().rpartition(".")[2]
    if looks_like_mail(head, named=suffix == "eml"):
        return Kind.MAIL
    if _HTML_START.match(head) or (suffix in ("htm", "html", "xhtml") and _ANY_TAG.search(head)):
        return Kind.HTML
    return Kind.TEXT


def extract(content: bytes, name: str = "") -> Extract:
    """Return the text of a file; never raises, whatever the bytes are."""
    kind = kind_of(content[:SAMPLE], name)
    notes: list[str] = []
    pieces: list[str] = []
    length = 0
    for piece in _pieces(content, kind, notes):
        pieces.append(piece[: LONGEST_TEXT - length])
        length += len(pieces[-1])
        if length >= LONGEST_TEXT:
            notes.append(f"only the first {LONGEST_TEXT:,} characters were read")
            break
    return Extract(kind, "\n".join(pieces), tuple(dict.fromkeys(notes)))


def _pieces(content: bytes, kind: Kind, notes: list[str]) -> Iterator[str]:
    match kind:
        case Kind.PDF:
            yield from PdfReader().pages(content, notes)
        case Kind.HTML:
            yield visible_text(decoded(content, declared=declared_in(content)))
        case Kind.MAIL:
            yield from _mail(content, notes)
        case _:
            yield decoded(content)


def _mail(content: bytes, notes: list[str]) -> Iterator[str]:
    pdfs = PdfReader()
    for part in mail_pieces(content, notes):
        if part.name:
            yield part.name
        if part.text:
            yield part.text
        kind = kind_of(part.content[:SAMPLE], part.name)
        is_html = part.type == "text/html" or kind is Kind.HTML
        if not part.content:
            continue
        if kind is Kind.PDF:
            yield from pdfs.pages(part.content, notes)
        elif is_html:
            yield visible_text(decoded(part.content, declared=part.charset or declared_in(part.content)))
        elif part.type.startswith("text/") or not _binary(part.content):
            yield decoded(part.content, declared=part.charset)
        else:
            notes.append(f"the attachment {part.name or part.type} was not read, only its name")


def _binary(content: bytes) -> bool:
    return b"\x00" in content[:SAMPLE] and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def declared_in(content: bytes) -> str:
    """Return the charset that an HTML page says it has, empty where it says none."""
    found = _META_CHARSET.search(content[:4096])
    return found[1].decode("ascii") if found else ""
