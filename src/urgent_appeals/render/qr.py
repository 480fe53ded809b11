"""Draw the QR code of a document as a vector (ISO/IEC 18004)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

QUIET_ZONE = 4
"""Modules that must stay white around the symbol (ISO/IEC 18004, 9.1)."""
SMALLEST = 22.0
PITCH = 0.62
"""Millimetres a module takes at least, so that a scan of 100 dpi has more than two dots for it."""


@dataclass(frozen=True)
class Symbol:
    """A QR code: its SVG without quiet zone, the edge of the square and the quiet zone around it in millimetres."""

    svg: bytes
    edge: float
    quiet: float


@lru_cache(maxsize=256)
def draw(payload: str) -> Symbol:
    """Return the QR code of a text at error correction level M; kept, as a letter has it in each language."""
    import segno  # Only documents need it.

    code = segno.make(payload, error="m", micro=False, encoding="utf-8")
    modules = code.symbol_size(border=0)[0]
    picture = BytesIO()
    code.save(picture, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, dark="#17171c")
    edge = round(max(SMALLEST, modules * PITCH), 2)
    return Symbol(picture.getvalue(), edge, round(QUIET_ZONE * edge / modules, 2))
