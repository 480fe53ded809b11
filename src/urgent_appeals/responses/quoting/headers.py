"""Header fields that a program writes above a message that it quotes or forwards: From, Sent, To, Subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.lines import DIRECTIONS, Line, folded

CLOCK = re.compile(r"(?<![\d.])\d{1,2}(?:[:h٫]\d{2}(?!\d)|\.\d{2}(?![\d.])|h(?!\w))")
"""A time of day, as programs write it."""

_MOST_LINES = 60
_MOST_CONTINUED = 12
_NAMES = ("sender", "date", "to", "subject", "others")


@dataclass(frozen=True, slots=True)
class Header:
    """The header block of a quoted or forwarded message, as text in the language found; "" for what it lacks.

    From `start` to `end` in the text; `language` is that of most of its labels (BCP 47), "" where there are none.
    """

    start: int
    end: int
    language: str = ""
    sender: str = ""
    date: str = ""
    to: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    """A header field: its label, what it may be in which language, its value and the lines that go on with it."""

    label: str
    languages: dict[str, str]
    value: str
    more: list[str] = field(default_factory=list)

    def takes(self, line: Line) -> bool:
        """Tell whether a line may go on with the value: a line or two, or a list of people."""
        return len(self.more) < (_MOST_CONTINUED if "@" in line.bare or ";" in line.bare else 2)


@dataclass(frozen=True, slots=True)
class Block:
    """A header block from line `first` up to, without it, line `after`."""

    first: int
    after: int
    header: Header

    @property
    def fields(self) -> int:
        """How many of sender, date, recipient and subject it tells."""
        return sum(map(bool, (self.header.sender, self.header.date, self.header.to, self.header.subject)))

    @property
    def sure(self) -> bool:
        """Whether it can stand for a message without a divider before it: with an address or a time of day, which
        the head of a memorandum does not have.
        """
        header = self.header
        addressed = "@" in header.sender or "@" in header.to
        timed = CLOCK.search(header.date) is not None
        enough = self.fields >= 3 or (self.fields >= 2 and "@" in header.sender and bool(header.date))
        return bool(header.sender) and enough and (addressed or timed)


@cache
def _labels() -> dict[str, dict[str, str]]:
    """Return label → language → field."""
    found: dict[str, dict[str, str]] = {}
    for habits in ALL:
        for name in _NAMES:
            for label in getattr(habits.labels, name):
                found.setdefault(folded(label), {}).setdefault(habits.language, name)
    return found


def _field(line: Line) -> _Field | None:
    """Return the field that a line begins, None where it begins none."""
    label = line.label
    languages = _labels().get(label) if label else None
    return _Field(label, languages, line.value) if languages else None


def block_at(lines: Sequence[Line], first: int) -> Block | None:
    """Return the header block that begins with a line, None where none does; looks at so many lines at most."""
    if _field(lines[first]) is None:
        return None
    fields: list[_Field] = []
    after = first
    for at in range(first, min(first + _MOST_LINES, len(lines))):
        line = lines[at]
        if (line.depth > 0) != (lines[first].depth > 0) and not line.empty:
            break
        found = _field(line)
        if found is not None:
            if any(found.label == other.label for other in fields):
                break
            fields.append(found)
            after = at + 1
        elif line.blank:
            if at + 1 >= len(lines) or _field(lines[at + 1]) is None:
                break
        elif not fields[-1].takes(line):
            break
        elif not fields[-1].value:
            after = at + 1
            fields[-1].more.append(line.bare.strip())
        else:
            fields[-1].more.append(line.bare.strip())
    return Block(first, after, _header(fields, lines[first].start, lines[after - 1].end))


def _header(fields: Sequence[_Field], start: int, end: int) -> Header:
    votes = Counter(language for found in fields for language in found.languages)
    order = [habits.language for habits in ALL]
    ranked = sorted(votes, key=lambda language: (-votes[language], order.index(language)))
    values: dict[str, str] = {}
    for found in fields:
        name = next(found.languages[language] for language in ranked if language in found.languages)
        last = found is fields[-1]
        more = found.more[:1] if last and not found.value else () if last else found.more
        values.setdefault(name, " ".join((found.value, *more)).translate(DIRECTIONS).strip())
    values.pop("others", None)
    return Header(start, end, ranked[0], **values)
