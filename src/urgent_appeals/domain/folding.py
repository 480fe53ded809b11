"""Fold text to the Latin letters, ASCII digits and plain marks that case codes are written in, keeping
positions.

Look-alike letters (Cyrillic, Greek, Armenian, full width), digits of any script, and variants of dash, slash,
point and blank become the plain character, in capitals; other letters become `OTHER`, other signs `!`;
invisible characters and the soft line breaks of quoted-printable are left out. What is left is ASCII, which
is quick to search. A character depends on itself and a few neighbours only, so a piece of a text folds as it
does within the whole.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

OTHER = "\x01"
"""Stands for a letter, or a mark on one, that is no look-alike of a Latin letter; of scripts with
capitals.
"""

LONGEST_RUN = 32
"""How many invisible characters in a row are left out; more than that is no noise and parts what stands
around it.
"""

_INVISIBLE = "\x00"
_LINE_BREAKS = "\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_LOOK_ALIKES = dict(
    zip(
        "АВЕКМНОРСТУХЅІЈԚԜавекмнорстухѕіјԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαβεικορτυχϲՕՍ",
        "ABEKMHOPCTYXSIJQWABEKMHOPCTYXSIJQWABEZHIKMNOPTYXCABEIKOPTYXCOU",
        strict=True,
    )
)
_MARKS = {
    **dict.fromkeys("∕⁄⧸╱\\＼﹨", "/"),
    **dict.fromkeys("\u2212\u2043\u02d7", "-"),
    **dict.fromkeys("·‧․。٫", "."),
    "،": ",",
}
# Blank to the eye though Unicode counts them as letters or marks: fillers, joiners, selectors of variants.
_BLANK_TO_THE_EYE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Runs to leave out: what is invisible, a soft line break (`=` at the end of a line), and the figures of `=20`
# before one.
_LEFT_OUT = re.compile(r"(?:\x00|= ?\n|(?<==)20(?==? ?\n))+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and what was left out of the original, one entry a character, ascending.

    `left_out` holds positions in the original, `gaps` the indices in the folded text where they would stand.
    """

    text: str
    left_out: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()

    def original(self, index: int) -> int:
        """Return the position in the original of the character at `index`."""
        return index + bisect_right(self.gaps, index)

    def index(self, position: int) -> int:
        """Return the index of the first folded character that stands at or after a position of the
        original.
        """
        return min(max(position, 0) - bisect_left(self.left_out, position), len(self.text))


def fold(text: str) -> Folded:
    """Fold a text; see the module for what that means."""
    if not text.isascii() and len(text.encode("ascii", "ignore")) > 0.9 * len(text):
        # A few foreign characters: translating them alone is much quicker than translating all.
        text = _NOT_ASCII.sub(lambda run: run[0].translate(_TABLE), text)
    folded = text.translate(_TABLE)
    if _INVISIBLE not in folded and "=" not in folded:
        return Folded(folded)
    kept: list[str] = []
    left_out: list[int] = []
    last = 0
    for run in _LEFT_OUT.finditer(folded):
        if run.end() - run.start() <= LONGEST_RUN:
            kept.append(folded[last : run.start()])
            left_out.extend(range(*run.span()))
            last = run.end()
    kept.append(folded[last:])
    return Folded("".join(kept), tuple(left_out), tuple(at - before for before, at in enumerate(left_out)))


def fold_character(character: str) -> str:
    """Return the one ASCII character that a character is folded to; NUL stands for an invisible one."""
    if character == OTHER or character in _LINE_BREAKS:
        return OTHER if character == OTHER else "\n"
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return plain.upper()
    like = _LOOK_ALIKES.get(plain) or _MARKS.get(character)
    if like is not None:
        return like
    return _by_category(character, plain)


def _by_category(character: str, plain: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cc") or _BLANK_TO_THE_EYE.match(character):
        return _INVISIBLE
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd":
        return "-"
    if len(plain) == 1 and plain.isascii():
        return plain
    # Scripts without capitals (Chinese, Thai, Arabic) write codes right after their own letters.
    return OTHER if category[0] in "LMN" and category != "Lo" else "!"


class _Table(dict[int, str]):
    """The folding of each character met so far: `str.translate` is quick only when it need not ask twice."""

    def __missing__(self, code: int) -> str:
        self[code] = fold_character(chr(code))
        return self[code]


_TABLE = _Table()
