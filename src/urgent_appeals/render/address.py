"""Break lines evenly at blanks, and fit the lines of an address into the room that the window leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol


class Measure(Protocol):
    """Give the width in millimetres of a text set at a size in points."""

    def __call__(self, text: str, size: float) -> float:
        """Return the width."""


SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""Sizes in points, the first that fits is taken; below 8 points sorting machines misread (DIN 5008)."""
LEADING, SMALL_LEADING = 1.24, 1.18
"""Leading as a multiple of the size, down to 9.5 points and below."""
POINT = 25.4 / 72

_CLINGING = frozenset(
    "a an and at by for from in of on or the to with"
    " а в во для до за и из к ко на над не о об от по под при с со у"
    " da de del des di du e el et la le les y".split()
)
"""Words that are not left behind at the end of a line."""
_DASHES = frozenset("–—")
"""What no line begins with."""
_PARTED = 0.3
"""How much wider, as a part of the room, two lines may get so that the second does not begin amid a name."""


@dataclass(frozen=True)
class Fitted:
    """Lines as they are to be printed, and the size in points that makes them fit; `stretch` multiplies the leading."""

    lines: tuple[str, ...]
    size: float
    stretch: float = 1.0

    @property
    def leading(self) -> float:
        """The distance of lines as a multiple of the size."""
        return round((LEADING if self.size >= 9.5 else SMALL_LEADING) * self.stretch, 3)

    @property
    def height(self) -> float:
        """How high the lines are together, in millimetres."""
        return len(self.lines) * self.size * self.leading * POINT


def fit(  # noqa: PLR0913 (the room, what goes into it, and how it is set)
    lines: Sequence[str],
    width: float,
    height: float,
    measure: Measure,
    *,
    sizes: Sequence[float] = SIZES,
    stretch: float = 1.0,
) -> Fitted | None:
    """Return the lines broken and sized to fit into the room (millimetres), or None where nothing does."""
    for size in sizes:
        broken = [even_lines(line.split(), width, partial(measure, size=size)) for line in lines]
        fitted = Fitted(tuple(part for parts in broken for part in parts or ()), size, stretch)
        if all(broken) and fitted.height <= height:
            return fitted
    return None


def with_fewer_lines(lines: Sequence[str], comma: str, *, last: bool = False) -> list[tuple[str, ...]]:
    """Return an address with two neighbours on one line, street and town first, then with two such lines.

    The country is never joined: it is the last line, unless that is a town (`last`).
    """

    def joined(at: int, shorter: Sequence[str]) -> tuple[str, ...]:
        return (*shorter[:at], f"{shorter[at]}{comma}{shorter[at + 1]}", *shorter[at + 2 :])

    joints = range(len(lines) - (2 if last else 3), -1, -1)
    once = [joined(at, lines) for at in joints]
    return [*once, *(joined(above, joined(at, lines)) for at in joints for above in range(at - 2, -1, -1))]


def even_lines(words: Sequence[str], width: float, measure: Callable[[str], float]) -> tuple[str, ...] | None:
    """Return words in as few lines as fit the width, the lines as even as can be; None where a word is too wide."""
    units = _clinging(words)
    if any(measure(unit) > width for unit in units):
        units = list(words)
    if any(measure(unit) > width for unit in units):
        return None
    lines = _filled(units, width, measure)
    narrow, wide = 0.0, width
    while wide - narrow > width / 200:
        middle = (narrow + wide) / 2
        narrower = _filled(units, middle, measure)
        if len(narrower) == len(lines) and all(measure(line) <= middle for line in narrower):
            lines, wide = narrower, middle
        else:
            narrow = middle
    return _at_a_joint(units, lines, width, measure)


def _at_a_joint(
    units: Sequence[str], lines: list[str], width: float, measure: Callable[[str], float]
) -> tuple[str, ...]:
    """Return two lines so that the second begins with a name or a word such as "of", where one break does that."""

    def widest(at: int) -> float:
        return max(measure(" ".join(units[:at])), measure(" ".join(units[at:])))

    if len(lines) != 2:
        return tuple(lines)
    cost = {at: widest(at) + (0 if _begins_a_part(units[at]) else _PARTED * width) for at in range(1, len(units))}
    at = min((at for at in cost if widest(at) <= width), key=cost.__getitem__, default=0)
    return (" ".join(units[:at]), " ".join(units[at:])) if at else tuple(lines)


def _begins_a_part(unit: str) -> bool:
    return not unit[0].islower() or " " in unit


def tied(text: str) -> str:
    """Return a text whose short words ("of", "и", "de la") stay on the line of the word that follows."""
    return " ".join(unit.replace(" ", "\xa0") for unit in _clinging(text.split()))


def even_width(text: str, held: Sequence[str], width: float, measure: Callable[[str], float]) -> float | None:
    """Return the width at which a text breaks into even lines, some parts of it unbroken; None where one line does."""
    for part in sorted(held, key=len, reverse=True):
        text = text.replace(part, part.replace(" ", "\xa0"))
    lines = even_lines(text.split(" "), width, measure)
    if lines is None or len(lines) == 1:
        return None
    return round(min(width, max(map(measure, lines)) * 1.02), 1)  # Kerning and rounding must not break them again.


def _filled(units: Sequence[str], width: float, measure: Callable[[str], float]) -> list[str]:
    """Return lines filled one after the other; a unit wider than the width has a line of its own."""
    lines: list[str] = []
    for unit in units:
        longer = f"{lines[-1]} {unit}" if lines else unit
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def _clinging(words: Sequence[str]) -> list[str]:
    """Return words with each short one joined to the word that follows."""
    units: list[str] = []
    held = ""
    for word in words:
        if word in _DASHES and units and not held:
            units[-1] += f" {word}"
        elif word in _CLINGING:
            held += f"{word} "
        else:
            units.append(held + word)
            held = ""
    return [*units, held.strip()] if held else units
