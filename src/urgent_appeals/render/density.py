"""Choose how densely a letter is set, from an estimate of its height, so that it fits one page where it can.

The estimate breaks lines with the fonts' own widths. The layout then says whether it was right, and seldom has to be
done again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.prose import Block, Heading, Listing, Paragraph, Quotation, Table, note_labels, plain
from urgent_appeals.render.address import POINT
from urgent_appeals.render.envelope import A4, envelope
from urgent_appeals.render.fonts import SANS, SERIF, SERIF_SEMIBOLD, Fonts

MEASURE = A4.measure
"""Width of the text in millimetres: A4 less 25 at the left and 20 at the right (DIN 5008)."""
BOTTOM = A4.text_bottom
"""Where the text ends on A4, in millimetres from the top of the sheet."""
INDENT = 9.5
SUBJECT, SUBJECT_LEADING = 1.2, 1.3
SUBJECT_DASH = " – "
NOTE, NOTE_LEADING = 0.82, 1.3
COPIES_SIZE, COPIES_LEADING = 8.2, 1.42
BESIDE_NAME, BESIDE_COPIES, BESIDE_LINES = 90.0, 70.0, 4
"""Room for a signature with copies beside it: millimetres for the name, millimetres and lines for the copies."""
HOPE = 1.008
"""An estimate may be so much above the room, as a part of it, for the layout to be tried."""
LONG_WORD, LEAST_PART, ZONE, HYPHEN = 4.2, 2.4, 0.08, 0.6
"""How the style sheets break lines, as far as an estimate can: words wider than so many ems are parted where a line
would lack so many ems, and so large a part of it; the hyphen and the syllables take so much."""
UNPARTED = ("ar", "kk")
"""Languages for which Pyphen has no patterns: their words are never parted."""
WHOLE_WORDS = frozenset({"en", *UNPARTED})
"""Languages whose words are not parted: English by choice."""
NASKH_SIZE, NASKH_LEADING = 1.06, 1.2
"""How much larger Naskh is set than Latin letters of the same weight on the page, and how much farther its lines."""
JOINED = 0.81
"""How wide joined Arabic letters are, as a part of the same letters each for itself (measured on the sample)."""


@dataclass(frozen=True)
class Density:
    """How densely text is set.

    `size` in points, `leading` and `gap` between paragraphs as multiples of it, `room` to sign in millimetres;
    `beside`: a few copies stand beside the signature, not below.
    """

    name: str
    size: float
    leading: float
    gap: float
    room: float
    beside: bool = False


_SNUG = Density("snug", 10.5, 1.345, 0.57, 13.5, beside=True)
_TIGHTEST = Density("tightest", 9.0, 1.235, 0.40, 10.0, beside=True)
_STEPS = 15


def _between(step: int) -> Density:
    """Return the density so many tenths of a point below the snug one, all else in proportion."""
    part = step / _STEPS

    def mixed(loose: float, tight: float) -> float:
        return round(loose + (tight - loose) * part, 3)

    return Density(
        f"close-{step}",
        size=mixed(_SNUG.size, _TIGHTEST.size),
        leading=mixed(_SNUG.leading, _TIGHTEST.leading),
        gap=mixed(_SNUG.gap, _TIGHTEST.gap),
        room=mixed(_SNUG.room, _TIGHTEST.room),
        beside=True,
    )


DENSITIES = (
    Density("generous", 11.5, 1.50, 0.75, 20.0),
    Density("comfortable", 11.0, 1.45, 0.68, 18.0),
    Density("normal", 10.5, 1.40, 0.62, 16.0),
    _SNUG,
    *(_between(step) for step in range(1, _STEPS)),
    _TIGHTEST,
)
NORMAL = DENSITIES[2]
"""For letters that need more than one page whatever is done."""
BULLETIN = tuple(asdict(density) for density in (DENSITIES[2], *DENSITIES[3:12:2]))
"""For bulletins: the normal density, and closer ones that may save a last page with little on it."""


def densities(letter: Letter, fonts: Fonts) -> tuple[dict[str, Any], ...]:
    """Return the densities to try, in order; with the last, the letter may run to further pages."""
    estimate = Estimate(letter, fonts)
    kind = envelope(letter.envelope)
    room = kind.paper.text_bottom - kind.body_top
    known = tuple(for_script(density, letter.phrases.direction) for density in DENSITIES)
    first = next((i for i, density in enumerate(known) if estimate.height(density) <= room * HOPE), len(known))
    if first == len(known) and estimate.height(known[-1]) <= room * 1.03:
        first -= 1
    beside = estimate.copies_fit_beside()
    chosen = (*known[first:], known[DENSITIES.index(NORMAL)])
    return tuple(asdict(density) | {"beside": density.beside and beside} for density in chosen)


def for_script(density: Density, direction: str) -> Density:
    """Return a density as the script takes it: Naskh is set larger, its lines farther apart."""
    if direction == "ltr":
        return density
    size, leading = round(density.size * NASKH_SIZE, 2), round(density.leading * NASKH_LEADING, 3)
    return replace(density, size=size, leading=leading, gap=round(density.gap / NASKH_SIZE, 3))


def subject_parts(letter: Letter) -> tuple[str | None, str]:
    """Return the code with which the subject begins, before a dash, and the rest; no code where it begins otherwise."""
    head, _, tail = letter.subject.partition(SUBJECT_DASH)
    return (head, tail) if tail and head == str(letter.code) else (None, letter.subject)


class Estimate:
    """How high a letter comes out, from below the address to the last line above the foot, in millimetres."""

    def __init__(self, letter: Letter, fonts: Fonts) -> None:
        self._letter = letter
        self._fonts = fonts
        self._measured: dict[tuple[str, str], list[float]] = {}
        self._measure = envelope(letter.envelope).paper.measure
        self._parts_words = letter.language.partition("-")[0] not in WHOLE_WORDS
        self._joined = JOINED if letter.phrases.direction == "rtl" else 1.0

    def height(self, density: Density) -> float:
        """Return the estimated height at a density."""
        letter = self._letter
        em = density.size * POINT
        line, gap = em * density.leading, em * density.gap
        subject = SUBJECT * em
        lines = self._lines(letter.subject, subject, self._measure, SERIF_SEMIBOLD)
        code, rest = subject_parts(letter)
        if code and lines > 1:
            lines = 1 + self._lines(rest, subject, self._measure, SERIF_SEMIBOLD)
        total = lines * subject * SUBJECT_LEADING + 0.9 * subject
        total += line + gap
        total += self._blocks((*letter.before, *letter.after), self._measure, em, line, gap)
        total += self._requests(em, line, gap)
        total += self._lines(letter.request_for_reply, em, self._measure) * line + gap
        signatory = letter.signatory
        roles = sum(each not in (None, signatory.name) for each in (signatory.role, signatory.organisation))
        total += 0.4 * em + line + density.room + line + roles * 0.84 * line
        return total + self._copies(density) + self._notes(em)

    def copies_fit_beside(self) -> bool:
        """Return whether the copies are few enough, and the name short enough, to stand side by side."""
        size, signatory = COPIES_SIZE * POINT, self._letter.signatory
        lines = sum(self._lines(name, size, BESIDE_COPIES, SANS) for name in self._letter.copies)
        em = max(density.size for density in DENSITIES if density.beside) * POINT
        widths = [self._fonts.width(signatory.name, SERIF_SEMIBOLD, em)]
        widths += [self._fonts.width(each or "", SANS, 0.84 * em) for each in (signatory.role, signatory.organisation)]
        return lines <= BESIDE_LINES and max(widths) <= BESIDE_NAME

    def _requests(self, em: float, line: float, gap: float) -> float:
        groups = self._letter.requests
        if not groups:
            return 0.0
        total = 0.0
        if self._letter.lead_in:
            total += self._lines(self._letter.lead_in, em, self._measure) * line + gap
        for group in groups:
            total += len(group.headings) * (1.06 * line + 1.2 * em)
            total += self._blocks(group.introduction, self._measure, em, line, gap)
            for request in group.requests:
                total += self._blocks(request.blocks, self._measure - INDENT, em, line, 0.6 * gap)
            total += 0.5 * gap
        return total

    def _blocks(self, blocks: Iterable[Block], width: float, em: float, line: float, gap: float) -> float:
        total = 0.0
        for block in blocks:
            match block:
                case Paragraph():
                    total += self._lines(plain(block.runs), em, width) * line + gap
                case Heading():
                    total += self._lines(plain(block.runs), 1.06 * em, width, SERIF_SEMIBOLD) * line + 1.2 * em
                case Quotation():
                    total += self._blocks(block.blocks, width - 4.8, em, line, gap)
                case Listing():
                    items = (self._blocks(item, width - 1.5 * em, em, line, 0.25 * em) for item in block.items)
                    total += sum(items) + gap
                case Table():
                    total += (len(block.rows) + bool(block.head)) * (0.92 * line + 0.5 * em) + 0.8 * em
        return total

    def _copies(self, density: Density) -> float:
        if not self._letter.copies or (density.beside and self.copies_fit_beside()):
            return 0.0
        size = COPIES_SIZE * POINT
        lines = sum(self._lines(name, size, self._measure - 16.0, SANS) for name in self._letter.copies)
        return lines * size * COPIES_LEADING + 1.2 * density.size * POINT + 1.8

    def _notes(self, em: float) -> float:
        letter = self._letter
        requests = tuple(
            block
            for group in letter.requests
            for blocks in (group.introduction, *(request.blocks for request in group.requests))
            for block in blocks
        )
        called = set(note_labels((*letter.before, *requests, *letter.after)))
        size = NOTE * em
        lines = sum(
            self._blocks(note.blocks, self._measure - 2.0, size, size * NOTE_LEADING, 0.2 * size)
            for note in letter.notes
            if note.label in called
        )
        return lines + 5.2 if lines else 0.0

    def _lines(self, text: str, em: float, width: float, face: str = SERIF) -> int:
        """Return in how many lines a text is set; long words may be parted."""
        blank, *advances = self._advances(text, face)
        room = width / em
        parts = face == SERIF and self._parts_words
        lines, filled = 1, 0.0
        for advance in advances:
            if filled + advance <= room:
                filled += advance + blank
            elif parts and advance > LONG_WORD and room - filled > max(LEAST_PART, ZONE * room):
                lines, filled = lines + 1, max(LEAST_PART, filled + advance - room + HYPHEN) + blank
            else:
                lines, filled = lines + 1, advance + blank
        return lines

    def _advances(self, text: str, face: str) -> list[float]:
        """Return the widths of a blank and of the words, at size 1: measured once for all densities."""
        if (text, face) not in self._measured:
            widths = [self._fonts.width(word, face, self._joined) for word in (" ", *text.split())]
            self._measured[text, face] = widths
        return self._measured[text, face]
