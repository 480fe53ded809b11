"""Write numbers with the digits of a language, as CLDR has them for its region (by Babel): in Arabic ٢٠٢٦."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from urgent_appeals.render.bidi import pieces
from urgent_appeals.render.dates import locale_of

LATIN = "latn"
_ZEROS = {"arab": "\u0660", "arabext": "\u06f0"}
"""The zero of each numbering system that letters are set in; CLDR's other default ones are of no language so far."""


@cache
def numbering_system(language: str) -> str:
    """Return the name of the digits that a language counts in: `arab` in Egypt and the Gulf, `latn` in the Maghreb."""
    locale = locale_of(language)
    system = locale.default_numbering_system if locale is not None else LATIN
    return system if system in _ZEROS else LATIN


@cache
def _table(system: str) -> dict[int, str]:
    zero = _ZEROS.get(system)
    return {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)} if zero else {}


def in_digits(text: str, language: str) -> str:
    """Return a text, every digit in it as the language has it: for a number, or a text without codes and addresses."""
    return text.translate(_table(numbering_system(language)))


def numbers_in_digits(text: str, language: str, held: Sequence[str] = ()) -> str:
    """Return a text with its numbers in the language's digits.

    Left as they are: what is `held` (codes), numbers to dial, addresses of the net, references such as 6 (b), and
    whatever else runs from left to right.
    """
    if numbering_system(language) == LATIN:
        return text
    lines = (pieces(line, held) for line in text.split("\n"))
    return "\n".join(
        "".join(part if runs_other_way else in_digits(part, language) for part, runs_other_way in line)
        for line in lines
    )
