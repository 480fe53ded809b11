"""Join finished PDFs, page for page as they are: the cover before a fax, the letters of a print run."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from urgent_appeals.errors import RenderError


def joined(pdfs: Iterable[tuple[str, bytes]], *, each_on_a_sheet: bool = False) -> bytes:
    """Return PDFs, given with their names, as one; the same PDFs give the same bytes.

    `each_on_a_sheet`: each begins on a right-hand page, so that a sheet printed on both sides has nothing of two.
    Nothing of them but their pages is taken over, no metadata. Raises RenderError naming one that cannot be read.
    """
    # Takes a tenth of a second, and only faxes and print runs need it.
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    writer = PdfWriter()
    for name, pdf in pdfs:
        try:
            reader = PdfReader(BytesIO(pdf))
            for page in reader.pages:
                writer.add_page(page)
        except (PyPdfError, ValueError, KeyError) as error:
            raise RenderError(name, f"is no PDF that can be read: {error}") from error
        if each_on_a_sheet and len(reader.pages) % 2:
            writer.add_blank_page()
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(name: str, pdf: bytes) -> int:
    """Return how many pages a PDF has; raises RenderError where it cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(BytesIO(pdf)).pages)
    except (PyPdfError, ValueError, KeyError) as error:
        raise RenderError(name, f"is no PDF that can be read: {error}") from error
