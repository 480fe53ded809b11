"""Tell the sheets of a finished PDF, and take a single one out, for showing it."""

from __future__ import annotations

from io import BytesIO

_POINT = 25.4 / 72


def sheet_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of every page, in millimetres."""
    from pypdf import PdfReader  # Only what is shown needs it.

    boxes = (page.mediabox for page in PdfReader(BytesIO(pdf)).pages)
    return tuple((round(float(box.width) * _POINT, 1), round(float(box.height) * _POINT, 1)) for box in boxes)


def single_sheet(pdf: bytes, number: int) -> bytes:
    """Return a PDF of one page of another, counted from 1; raises IndexError where there is no such page."""
    from pypdf import PdfReader, PdfWriter  # Only what is shown needs it.

    pages = PdfReader(BytesIO(pdf)).pages
    if not 1 <= number <= len(pages):
        raise IndexError(number)
    writer = PdfWriter()
    writer.add_page(pages[number - 1])
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
