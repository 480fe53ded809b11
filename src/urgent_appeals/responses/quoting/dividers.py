"""Lines that stand between what is new and the message below: "-----Original Message-----", "Forwarded message"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.lines import Line, folded

_RULE = " -_=*–—―~#+─━"
_DRAWN = re.compile(r"[-_=*–—―~#+─━ ]{4,}")
_LONGEST = 200


class Meaning(Enum):
    """What a divider says of the message around it."""

    ORIGINAL = "original"
    FORWARDED = "forwarded"
    END = "end"


@dataclass(frozen=True, slots=True)
class Divider:
    """A divider: what it says, and whether it is `drawn` with a rule around its words, as only programs do."""

    meaning: Meaning
    drawn: bool


@cache
def _phrases() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for habits in ALL:
        found |= {_core(phrase): Meaning.END for phrase in habits.end}
        found |= {_core(phrase): Meaning.FORWARDED for phrase in habits.forwarded}
        found |= {_core(phrase): Meaning.ORIGINAL for phrase in habits.original}
    return found


@cache
def _begins() -> re.Pattern[str]:
    """Match what a drawn line begins with: longer phrases first, for "end of …" may begin like another."""
    return re.compile("|".join(rf"{re.escape(words)}(?!\w)" for words in sorted(_phrases(), key=len, reverse=True)))


def _core(words: str) -> str:
    return folded(words).strip(_RULE + ":<>[]()")


def divider(line: Line) -> Divider | None:
    """Return the divider that a line is, None where it is none."""
    words = line.words
    if not words or len(words) > _LONGEST:
        return None
    core = words.strip(_RULE + ":<>[]()")
    drawn = len(words) - len(words.lstrip("-_=*–—―~#+─━ ")) >= 2
    if drawn:
        found = _begins().match(core)
        return Divider(_phrases()[found[0]], drawn=True) if found else None
    meaning = _phrases().get(core)
    return Divider(meaning, drawn=False) if meaning else None


def is_rule(line: Line) -> bool:
    """Tell whether a line is nothing but a rule."""
    return _DRAWN.fullmatch(line.words) is not None


def rule_before(lines: Sequence[Line], first: int, least: int) -> int:
    """Return the line of a rule that stands right before a line, blank lines aside, or that line itself."""
    at = first - 1
    while at >= max(least, first - 3) and lines[at].empty:
        at -= 1
    return at if at >= least and lines[at].depth == lines[first].depth and is_rule(lines[at]) else first
