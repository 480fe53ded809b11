"""Hold where an envelope's window leaves a sheet visible, however the sheet slips and the printer drifts.

All measures are millimetres. A window stands on its envelope by the corner at the top left, flap side up; everything
else stands on the sheet, by its top left corner. `norm` says what a standard gives, `usage` what the trade does and
what is this program's own choice. The norms themselves are sold; their figures are taken from those who follow them,
which `source` names. Where windows of several sizes are in use, the address stands in what they have in common.
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

    def meets(self, other: Rectangle) -> bool:
        """Return whether the two have any area in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True)
class Paper:
    """A sheet, and the text on it: margins at the left and right, and at the foot of every page."""

    name: str
    width: float
    height: float
    left: float = 25.0
    right: float = 20.0
    foot: float = 18.5

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.width - self.left - self.right

    @property
    def text_right(self) -> float:
        """Where the text ends at the right."""
        return self.width - self.right

    @property
    def text_bottom(self) -> float:
        """Where the text ends at the foot."""
        return self.height - self.foot


A4 = Paper("A4", 210.0, 297.0)
US_LETTER = Paper("US Letter", 215.9, 279.4)


@dataclass(frozen=True)
class Corner:
    """Where the reference block stands: from `left` to `right`, from `top` down.

    The QR code stands beside the text, or `stacked` above it, where the window leaves no width for both.
    """

    left: float
    top: float
    right: float
    stacked: bool = False


@dataclass(frozen=True)
class Envelope:
    """An envelope with a window, and the sheet that is folded into it.

    `size` is width and height of the envelope; `panel` the height of the folded sheet, and `short` how much lower than
    its top edge the sheet's own top edge lies. `rule` is the height of the line under the sender's return line, None
    where that has no room in the window. `letterhead_right` is how far the letterhead may reach. Where several
    windows are in use, `window` is what they have in common, and `widest` what one or another of them shows.
    """

    name: str
    norm: str
    usage: str
    source: str
    size: tuple[float, float]
    panel: float
    window: Rectangle
    address_left: float
    rule: float | None
    address_top: float
    body_top: float
    fold_marks: tuple[float, ...]
    reference: Corner
    paper: Paper = A4
    short: float = 0.0
    punch_mark: float | None = None
    letterhead_top: float = 14.0
    letterhead_right: float | None = None
    widest: Rectangle | None = None

    @property
    def slip(self) -> tuple[float, float]:
        """How far the folded sheet can move in the envelope, to the right and down."""
        return self.size[0] - self.paper.width, self.size[1] - self.panel

    @property
    def safe(self) -> Rectangle:
        """The part of the sheet that shows in the window wherever the sheet lies, less the print tolerance."""
        across, down = self.slip
        return Rectangle(
            left=self.window.left + PRINT_TOLERANCE,
            top=self.window.top - self.short + PRINT_TOLERANCE,
            right=self.window.right - across - PRINT_TOLERANCE,
            bottom=self.window.bottom - self.short - down - PRINT_TOLERANCE,
        )

    @property
    def exposed(self) -> Rectangle:
        """The part of the sheet that may show in the window, in one way or another of lying and of being printed."""
        (across, down), window = self.slip, self.widest or self.window
        return Rectangle(
            left=max(0.0, window.left - across - PRINT_TOLERANCE),
            top=window.top - self.short - down - PRINT_TOLERANCE,
            right=min(self.paper.width, window.right + PRINT_TOLERANCE),
            bottom=window.bottom - self.short + PRINT_TOLERANCE,
        )

    @property
    def address(self) -> Rectangle:
        """The room for the address block below the return line."""
        safe = self.safe
        return Rectangle(self.address_left, self.address_top, safe.right, safe.bottom)

    @property
    def whole_address(self) -> Rectangle:
        """The room for an address block without a return line, for addresses that need it all."""
        safe = self.safe
        return Rectangle(self.address_left, safe.top, safe.right, safe.bottom)


_DL = (220.0, 110.0)
_C56 = (229.0, 114.0)
_GERMAN = "the tables of r9005.de/wissen/vorlagen-briefbogen.php and sekretaerinnen-service.de/falzmarken"
_SWISS = 'an envelope maker\'s table "Normes pour enveloppes à fenêtre" (studylibfr.com/doc/2273411)'
_LEFT_WINDOW = Corner(left=120.0, top=52.0, right=A4.text_right)

ENVELOPES = MappingProxyType(
    {
        each.name: each
        for each in (
            Envelope(
                name="din-a",
                norm="DIN 5008 form A: address field from 27, folds at 87 and 192, punch mark at 148.5; DIN 680: "
                "window 90 × 45, 20 from the left and 15 from the bottom; DL 220 × 110 (ISO 269)",
                usage="the print tolerance of 2; the letterhead raised to 6, as only 27 are left for it",
                source=_GERMAN,
                size=_DL,
                panel=105.0,
                short=18.0,
                window=Rectangle(left=20.0, top=50.0, right=110.0, bottom=95.0),
                address_left=25.0,
                rule=38.5,
                address_top=40.0,
                body_top=80.46,
                fold_marks=(87.0, 192.0),
                punch_mark=148.5,
                reference=Corner(left=120.0, top=34.0, right=A4.text_right),
                letterhead_top=6.0,
            ),
            Envelope(
                name="din-b",
                norm="DIN 5008:2020 form B: address field from 45, text from 98.46, folds at 105 and 210, punch mark "
                "at 148.5; DIN 680: window 90 × 45, 20 from the left and 15 from the bottom; DL 220 × 110 (ISO 269)",
                usage="the print tolerance of 2",
                source=_GERMAN,
                size=_DL,
                panel=105.0,
                window=Rectangle(left=20.0, top=50.0, right=110.0, bottom=95.0),
                address_left=25.0,
                rule=56.5,
                address_top=58.0,
                body_top=98.46,
                fold_marks=(105.0, 210.0),
                punch_mark=148.5,
                reference=_LEFT_WINDOW,
            ),
            Envelope(
                name="nf",
                norm="NF Z 11-001 (withdrawn, still followed): the addressee at the right; DL 220 × 110 (ISO 269); "
                "none found for the window",
                usage="windows 100 × 35 and 100 × 45 are sold, 20 from the right and 20 from the bottom; folded at 105 "
                "and 210, so that the sheet slips less than in thirds; no return line, for want of room, and since the "
                "French put the sender at the head of the letter and on the back of the envelope",
                source="a mail house asks for the address in 85 × 33 at 110, 55 of the sheet, as in the lower window "
                "(edics.fr/rediger-vos-adresses-les-bonnes-pratiques); a handout on the norm has it 50 from the top "
                "and 110 from the right, as in the higher (doczz.fr/doc/989805); La Poste has 20 free at the right and "
                "at the bottom (laposte.fr/courrierinternational: Postréponse)",
                size=_DL,
                panel=105.0,
                window=Rectangle(left=100.0, top=55.0, right=200.0, bottom=90.0),
                widest=Rectangle(left=100.0, top=45.0, right=200.0, bottom=90.0),
                address_left=105.0,
                rule=None,
                address_top=58.0,
                body_top=97.5,
                fold_marks=(105.0, 210.0),
                reference=Corner(left=A4.left, top=52.0, right=86.0),
            ),
            Envelope(
                name="ch-left",
                norm="SN 010130, address at the left: window 100 × 45, on a C5/6 of 229 × 114 20 from the left and 21 "
                "from the bottom",
                usage="folded at 105 and 210, so that the sheet slips less than in thirds; the same address also shows "
                "in the window of a C5 (65 from the bottom), the sheet folded once",
                source=_SWISS,
                size=_C56,
                panel=105.0,
                window=Rectangle(left=20.0, top=48.0, right=120.0, bottom=93.0),
                address_left=25.0,
                rule=54.5,
                address_top=56.0,
                body_top=98.0,
                fold_marks=(105.0, 210.0),
                reference=Corner(left=124.0, top=50.0, right=A4.text_right),
            ),
            Envelope(
                name="ch-right",
                norm="SN 010130, address at the right: window 100 × 45, on a C5/6 of 229 × 114 12 from the right and "
                "21 from the bottom (the older of its two windows; the later is 90 × 40, 17 from the right and 30 from "
                "the bottom)",
                usage="folded at 105 and 210, so that the sheet slips less than in thirds",
                source=_SWISS,
                size=_C56,
                panel=105.0,
                window=Rectangle(left=117.0, top=48.0, right=217.0, bottom=93.0),
                address_left=120.0,
                rule=54.5,
                address_top=56.0,
                body_top=98.0,
                fold_marks=(105.0, 210.0),
                reference=Corner(left=A4.left, top=50.0, right=94.0),
            ),
            Envelope(
                name="us-10",
                norm="none for the window; the No. 10 is 9 1/2 × 4 1/8 in by trade usage; USPS: nothing but the "
                "address may show in the window, and so there is no return line",
                usage='window 4 1/2 × 1 1/8 in, 7/8 in from the left and 1/2 in from the bottom, "accepted by the '
                'industry as a standard"; folded at 4 and 8 in, about the height of the envelope, since in thirds the '
                "sheet would slip by 11.6 and leave room for three lines",
                source="customenvelope.com/faqs and laenvelope.com, which agree",
                size=(241.3, 104.775),
                panel=101.6,
                paper=US_LETTER,
                window=Rectangle(left=22.225, top=63.5, right=136.525, bottom=92.075),
                address_left=25.0,
                rule=None,
                address_top=66.0,
                body_top=97.5,
                fold_marks=(101.6, 203.2),
                reference=Corner(left=141.0, top=14.0, right=US_LETTER.text_right, stacked=True),
                letterhead_right=134.0,
            ),
            Envelope(
                name="uk-dl",
                norm="DL 220 × 110 (ISO 269); none found for the window",
                usage="windows 90 × 35 and 93 × 39 are in use, 20 from the left and 18 from the bottom; folded at 105 "
                "and 210, so that the sheet slips less than in thirds; no return line, for want of room",
                source="93 × 39, 20 from the left and 53 from the top, so 18 from the bottom (wallinside.com/"
                "post-55004992); no less than 18 below a window (Royal Mail, Premier Customer Guide); for 90 × 35, "
                "which lies within, no page was found: it rests on what British stationers are known to sell",
                size=_DL,
                panel=105.0,
                window=Rectangle(left=20.0, top=57.0, right=110.0, bottom=92.0),
                widest=Rectangle(left=20.0, top=53.0, right=113.0, bottom=92.0),
                address_left=25.0,
                rule=None,
                address_top=60.0,
                body_top=97.5,
                fold_marks=(105.0, 210.0),
                reference=_LEFT_WINDOW,
            ),
        )
    }
)


def envelope(name: str) -> Envelope:
    """Return the envelope of that name; raises UnknownChoice."""
    try:
        return ENVELOPES[name]
    except KeyError:
        raise UnknownChoice("envelope", name, tuple(ENVELOPES)) from None
