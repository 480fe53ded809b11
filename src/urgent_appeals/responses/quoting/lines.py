"""The lines of a mail: where each stands, how deep it is quoted, and its words in the form they are compared in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

MOST_COMPARED = 400
"""How many characters of a line are compared with phrases; no program writes longer ones."""

DIRECTIONS = dict.fromkeys([*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks of direction, which nobody sees."""

_LONGEST_LABEL = 50

_MARKS = re.compile(r"[ \t\u00a0\u200e\u200f\u202a-\u202e]*+((?:(?:>|&gt;)[ \t\u00a0]?)++)")
_INITIALS = re.compile(r"[ \t]{0,2}[A-ZА-ЯЁӘҒҚҢӨҰҮІ]{1,3}>++(?=[ \t\r\n]|\Z)[ \t]?")  # The Bat!: "IP> text"
_BAR = re.compile(r"[ \t]{0,4}(?:\|[ \t]?)++(?=[^|\r\n]*\Z|[^|]*[\r\n])")
_UNSEEN = dict.fromkeys(  # marks of direction and width, the stroke that stretches Arabic words, and its vowels
    [
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xAD,
        0x61C,
        0xFEFF,
        0x640,
        *range(0x64B, 0x653),
    ]
)
_ALIKE = str.maketrans("ёқғңүұһәөіїєґأإآىةʼ’‘`´：", "екгнуухаоииегااايه''''':")
_LATIN_I = re.compile(r"(?<=[а-я])i|i(?=[а-я])")
_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return text without case, accents, vowel signs, marks of direction or doubled blanks.

    Letters that are typed for one another, as Kazakh on a Russian keyboard, become one.
    """
    if text.isascii():
        text = text.lower()
    else:
        text = text.translate(_UNSEEN).casefold()
        text = unicodedata.normalize("NFC", text).translate(_ALIKE)
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
        text = _LATIN_I.sub("и", text)
    return _BLANKS.sub(" ", text).strip()


@dataclass(frozen=True)
class Line:
    """A line by its offsets in the text, its end included; `depth` counts marks of quoting, `bare` has none.

    Nothing can be seen on a `blank` line, marks of quoting aside.
    """

    start: int
    end: int
    depth: int
    bare: str
    blank: bool

    @cached_property
    def words(self) -> str:
        """The line as it is compared."""
        return folded(self.bare[:MOST_COMPARED])

    @cached_property
    def label(self) -> str:
        """What stands before a colon, as it is compared; "" where there is no colon soon."""
        start = self.bare[:_LONGEST_LABEL].replace("：", ":")
        label, colon, _ = start.partition(":")
        return folded(label).strip("*_ ") if colon else ""

    @property
    def value(self) -> str:
        """What stands after the colon of a label."""
        return self.bare.replace("：", ":", 1).partition(":")[2].strip().strip("*").strip()

    @property
    def empty(self) -> bool:
        """Whether the line holds neither words nor marks of quoting."""
        return self.blank and self.depth == 0


def lines_of(text: str) -> tuple[Line, ...]:
    """Return all lines of a text; together they cover it."""
    found: list[Line] = []
    at = 0
    for content in text.splitlines(keepends=True):
        depth, marks = _marks(content)
        bare = content[marks:]
        blank = not bare or bare.isspace() or not (bare.isascii() or bare.translate(_UNSEEN).strip())
        found.append(Line(at, at + len(content), depth, bare, blank))
        at += len(content)
    return tuple(_plain_if_alone(found))


def _marks(content: str) -> tuple[int, int]:
    """Return how deep a line is quoted, and where its words begin."""
    found = _MARKS.match(content)
    if found is not None:
        return found[1].count(">") + found[1].count("&gt;"), found.end()
    found = _INITIALS.match(content) or _BAR.match(content)
    return (1, found.end()) if found else (0, 0)


def _closes_address(before: Line) -> bool:
    """Tell whether a line ends within `<address>`, so that the next may begin with its end."""
    address = before.bare[-MOST_COMPARED:].rpartition("<")[2]
    return before.depth == 0 and "<" in before.bare[-MOST_COMPARED:] and "@" in address and ">" not in address


def _plain_if_alone(found: list[Line]) -> Iterable[Line]:
    """Take `>From` for what a mailbox makes of "From" unless a neighbouring line is quoted too, and `>` for the end of
    an address that was wrapped.
    """
    for at, line in enumerate(found):
        if line.depth != 1:
            yield line
        elif line.bare.startswith("From ") and not any(
            near.depth for near in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])
        ):
            yield replace(line, depth=0)
        elif at and _closes_address(found[at - 1]):
            yield replace(line, depth=0, bare=">" + line.bare, blank=False)
        else:
            yield line
