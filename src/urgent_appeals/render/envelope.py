"""Hold where an envelope's window leaves a sheet visible, however the sheet slips and the printer drifts.

All measures are millimetres; positions on a sheet count from its top left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from urgent_appeals.errors import UnknownChoice

PRINT_TOLERANCE = 2.0
"""How far a printer may set a page off: DIN 5008 leaves it open; office printers keep within 2 mm."""


@dataclass(frozen=True)
class Rectangle:
    """An area of a sheet or envelope, by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Envelope:
    """An envelope with a window, and the sheet that is folded into it.

    `size` and `panel` are width and height of the envelope and of the folded sheet; the difference is how far the
    sheet can slip. `window` is where the window stands on the envelope. `rule` is the height on the sheet of the
    line under the sender's return line, `fold_marks` and `punch_mark` are heights on the sheet.
    """

    name: str
    source: str
    size: tuple[float, float]
    panel: tuple[float, float]
    window: Rectangle
    text_left: float
    rule: float
    address_top: float
    body_top: float
    fold_marks: tuple[float, ...]
    punch_mark: float | None

    @property
    def safe(self) -> Rectangle:
        """The part of the sheet that shows in the window wherever the sheet lies, less the print tolerance."""
        across, down = self.size[0] - self.panel[0], self.size[1] - self.panel[1]
        return Rectangle(
            left=self.window.left + PRINT_TOLERANCE,
            top=self.window.top + PRINT_TOLERANCE,
            right=self.window.right - across - PRINT_TOLERANCE,
            bottom=self.window.bottom - down - PRINT_TOLERANCE,
        )

    @property
    def address(self) -> Rectangle:
        """The room for the address block."""
        safe = self.safe
        return Rectangle(self.text_left, self.address_top, safe.right, safe.bottom)


ENVELOPES = MappingProxyType(
    {
        "din-b": Envelope(
            name="din-b",
            source="DIN 5008:2020 form B; DIN 680 window 90 × 45, 20 from the left and 15 from the bottom of a DL "
            "envelope of 220 × 110 (ISO 269, DIN 678-1); A4 folded at 105 and 210",
            size=(220.0, 110.0),
            panel=(210.0, 105.0),
            window=Rectangle(left=20.0, top=50.0, right=110.0, bottom=95.0),
            text_left=25.0,
            rule=56.5,
            address_top=58.0,
            body_top=98.46,
            fold_marks=(105.0, 210.0),
            punch_mark=148.5,
        )
    }
)


def envelope(name: str) -> Envelope:
    """Return the envelope of that name; raises UnknownChoice."""
    try:
        return ENVELOPES[name]
    except KeyError:
        raise UnknownChoice("envelope", name, tuple(ENVELOPES)) from None
