"""Find what runs from left to right within a text that runs from right to left (Unicode Standard Annex 9).

Numbers and Latin words change their order beside Arabic ones: an address before a word of Arabic comes out with its
house number at the wrong end. What runs the other way is therefore marked up as one piece (`<bdi dir="ltr">`), which
every reader of HTML and the layout of pages understand; control characters, which do the same unseen, are never used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Direction = Literal["ltr", "rtl"]

_LETTER = r"[A-Za-zªºÀ-ÖØ-öø-ʯͰ-ԯḀ-ỿ]"
_WORD = r"[A-Za-zªºÀ-ÖØ-öø-ʯ\u0300-\u036f\u0370-\u052fḀ-ỿ0-9_@&#%=~$’']"
_NOT_ARABIC = "[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\n]"
_HOUSE = r"(?:\A[0-9][0-9/-]*,? )"
"""The number of a house, where a text begins with it."""
_LEFT_TO_RIGHT = re.compile(
    "|".join(
        (
            rf"{_HOUSE}?[0-9]*{_LETTER}(?:{_NOT_ARABIC}*{_WORD})?[/+]*",  # words and addresses, with all between
            r"\(\+[0-9]+(?: [0-9]+)*\)[0-9 \u00a0\u202f-]*[0-9]",  # a telephone number
            r"\+[0-9](?:[0-9 ()./\u00a0\u202f-]*[0-9])?",
            r"[0-9]+(?: / [0-9]+(?: [0-9]+)*)+",  # one as older directories print it
            r"(?:[0-9]{1,3} ?)?\([0-9]+\) ?[0-9]+(?:[ -][0-9]+)*",
            r"0[0-9]+(?:[ -][0-9]+)+",
            r"[0-9]+(?:[ \u00a0\u202f][0-9]{2,}){2,}",
            r"[0-9]{1,3}(?:[\u00a0\u202f][0-9]{3})+",  # thousands
            r"[0-9]+ ?\([A-Za-z0-9]{1,3}\)",  # an article of law
            r"[0-9]+(?:[-./:,][0-9]+)+%?",  # a date in figures, a reference, a decimal
        )
    )
)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def direction(text: str, otherwise: Direction = "ltr") -> Direction:
    """Return which way a text runs: that of its first letter; `otherwise` where it has none."""
    for char in text:
        match unicodedata.bidirectional(char):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return otherwise


def pieces(text: str, held: Sequence[str] = ()) -> list[tuple[str, bool]]:
    """Return a text from right to left in pieces, each with whether it runs from left to right.

    What is `held` is always one piece by itself.
    """
    if not text:
        return []
    for part in held:
        head, found, tail = text.partition(part)
        if found:
            return [*pieces(head, held), (found, True), *pieces(tail, held)]
    found_pieces: list[tuple[str, bool]] = []
    at = 0
    while (match := _LEFT_TO_RIGHT.search(text, at)) is not None:
        end = _closed(text, match.start(), match.end())
        found_pieces += [(text[at : match.start()], False), (text[match.start() : end], True)]
        at = end
    found_pieces.append((text[at:], False))
    return [piece for piece in found_pieces if piece[0]]


def _closed(text: str, start: int, end: int) -> int:
    """Return the end of a piece with the brackets closed that are opened in it."""
    open_brackets: list[str] = []
    for char in text[start:end]:
        if char in _BRACKETS:
            open_brackets.append(_BRACKETS[char])
        elif open_brackets and char == open_brackets[-1]:
            open_brackets.pop()
    while open_brackets and text[end : end + 1] == open_brackets[-1]:
        open_brackets.pop()
        end += 1
    return end
