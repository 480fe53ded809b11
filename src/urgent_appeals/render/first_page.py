"""Say where everything on a letter's first page stands, for an envelope and a direction of writing.

All measures are millimetres; across, they count from the text's left edge, because templates place things in it. The
window, with the address in it, is where the envelope has it, whichever way the language is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from urgent_appeals.render.bidi import Direction, direction
from urgent_appeals.render.envelope import Envelope
from urgent_appeals.render.qr import Symbol

BELOW_SYMBOL = 4.0
"""Between a QR code and the reference block below it."""
ABOVE_SYMBOL = 0.8
"""How much lower than the first line beside it a QR code stands, to be level with its capitals."""
MARK_LEFT = 4.0
"""Where fold marks begin on the sheet: most printers leave that much white."""
RULE_GAP, NARROW_RULE_GAP = 2.6, 1.6
_HIGH = 10.0


def page_data(kind: Envelope, way: Direction) -> dict[str, Any]:
    """Return the measures of a letter's first page, and the paper of all."""
    left = kind.paper.left
    return {
        "envelope": kind.name,
        "paper": {"name": kind.paper.name, "width": kind.paper.width, "height": kind.paper.height},
        "window": {
            "left": round(kind.address_left - left, 2),
            "width": round(kind.address.width, 2),
            "below_rule": round(kind.body_top - (kind.rule or kind.safe.top), 2),
        },
        "letterhead": {
            "top": kind.letterhead_top,
            "width": round((kind.letterhead_right or kind.paper.text_right) - left, 2),
            "gap": NARROW_RULE_GAP if kind.letterhead_top < _HIGH else RULE_GAP,
        },
        "measure": round(kind.paper.measure, 2),
        "marks_left": MARK_LEFT - left,
        "body_top": kind.body_top,
        "fold_marks": list(kind.fold_marks),
        "punch_mark": kind.punch_mark,
        "mirrored": way == "rtl",
    }


def reference_place(kind: Envelope, symbol: Symbol, way: Direction) -> dict[str, Any]:
    """Return where the reference block and its QR code stand: the code at the side where lines end."""
    corner, left = kind.reference, kind.paper.left
    mirrored = way == "rtl"
    if corner.stacked:
        # Where lines begin, above the text.
        symbol_left = corner.right - symbol.edge if mirrored else corner.left
        top = corner.top + symbol.edge + BELOW_SYMBOL
        text_left, width = corner.left, corner.right - corner.left
    else:
        symbol_left = corner.left if mirrored else corner.right - symbol.edge
        top, width = corner.top, corner.right - corner.left - symbol.edge - symbol.quiet
        text_left = corner.right - width if mirrored else corner.left
    return {
        "left": round(text_left - left, 2),
        "top": round(top, 2),
        "width": round(width, 2),
        "symbol": {
            "left": round(symbol_left - left, 2),
            "top": round(corner.top + (0.0 if corner.stacked else ABOVE_SYMBOL), 2),
        },
    }


def block_direction(lines: Sequence[str]) -> Direction:
    """Return how the lines of an address are aligned: to the right where any of them is written that way."""
    return "rtl" if any(direction(line) == "rtl" for line in lines) else "ltr"
