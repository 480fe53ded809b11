"""Read what is attached to a mail: the text of PDF, HTML and plain text; of other files, the name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from urgent_appeals.responses.charset import decoded
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.message import Attachment, plain_text
from urgent_appeals.responses.pdf_text import PdfReader
from urgent_appeals.responses.text import SAMPLE, Kind, declared_in, kind_of

MOST_READ = 50
_LONGEST = 1 << 19
_SECONDS = 6.0  # for all PDFs of a mail, so that a child of ten seconds has time for the rest
_IMAGE = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|BM.{4}\x00\x00|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class AttachedText:
    """The text of an attachment, its name included, and what of it was not read."""

    attachment: Attachment
    text: str
    faults: tuple[str, ...] = ()


def is_image(content: bytes) -> bool:
    """Tell an image by its first bytes."""
    return _IMAGE.match(content[:64]) is not None


def is_pdf(content: bytes) -> bool:
    """Tell a PDF by its first bytes."""
    return b"%PDF-" in content[:1024]


def attached_texts(attachments: Iterable[Attachment]) -> Iterator[AttachedText]:
    """Yield the text of each attachment; never raises."""
    pdfs = PdfReader(seconds=_SECONDS)
    for count, attachment in enumerate(attachments):
        faults: list[str] = []
        text = "" if count >= MOST_READ else _text(attachment, pdfs, faults)
        if count >= MOST_READ:
            faults.append(f"only {MOST_READ} attachments were read")
        if len(text) > _LONGEST:
            faults.append(f"the attachment {attachment.name or attachment.type} is too long to read whole")
        yield AttachedText(attachment, f"{attachment.name}\n{text[:_LONGEST]}".strip(), tuple(faults))


def _text(attachment: Attachment, pdfs: PdfReader, faults: list[str]) -> str:
    content = attachment.content
    if is_image(content):
        return ""
    kind = kind_of(content[:SAMPLE], attachment.name)
    if kind is Kind.PDF:
        return plain_text("\n".join(pdfs.pages(content, faults)))
    content = content[: 4 * _LONGEST]
    if kind is Kind.HTML or attachment.type == "text/html":
        return plain_text(visible_text(decoded(content, declared=attachment.charset or declared_in(content))))
    if attachment.type.startswith("text/") or (kind is Kind.TEXT and _is_text(content)):
        return plain_text(decoded(content, declared=attachment.charset))
    if content:
        faults.append(f"the attachment {attachment.name or attachment.type} was not read, only its name")
    return ""


def _is_text(content: bytes) -> bool:
    """Tell text of an unknown type from what is none: archives and office documents hold control characters."""
    sample = content[:SAMPLE]
    wide = sample[:2] in (b"\xff\xfe", b"\xfe\xff")
    return wide or sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in sample) * 200 < len(sample)
