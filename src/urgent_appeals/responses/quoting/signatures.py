"""Where a signature begins below what a person wrote: "-- " (RFC 3676), what telephones add, the foot of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.lines import Line, folded

_MOST_LINES = 15
_MOST_AFTER_MOBILE = 3
_LONGEST_MOBILE = 70
_FOOT_RULE = re.compile(r"[=-]{20,}|_{2,}")


@cache
def _mobile() -> re.Pattern[str]:
    phrases = sorted({folded(phrase) for habits in ALL for phrase in habits.mobile}, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


def signature_at(lines: Sequence[Line], first: int, after: int) -> int:
    """Return the line where the signature of lines `first` up to `after` begins; `after` where they have none."""
    left = sum(not line.blank for line in lines[first:after])
    for at in range(first, after):
        line = lines[at]
        if line.blank:
            continue
        left -= 1
        if _begins(line, left) or (
            0 < left <= _MOST_LINES and _FOOT_RULE.fullmatch(line.words) and _is_foot(lines[at + 1 : after])
        ):
            return at
    return after


def _begins(line: Line, left: int) -> bool:
    """Tell whether a line begins a signature when so many lines with words come after it."""
    if line.words in ("--", "—"):
        return line.bare.rstrip("\r\n") == "-- " or left <= _MOST_LINES
    words = line.words.strip(" -–—_*[]()<>.")
    return (
        left <= _MOST_AFTER_MOBILE
        and len(words) <= _LONGEST_MOBILE
        and ", " not in words
        and _mobile().match(words) is not None
    )


def _is_foot(rest: Sequence[Line]) -> bool:
    """Tell whether a few lines are what a mailing list adds: they hold an address."""
    return any("@" in line.bare or "://" in line.bare for line in rest)
