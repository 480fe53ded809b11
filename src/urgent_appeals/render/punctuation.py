"""Punctuate what the program puts together, lists of names, labels and their texts, as each language does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from urgent_appeals.domain.phrases import Phrases


@dataclass(frozen=True)
class Marks:
    """The marks between parts of a line, each with its blanks."""

    comma: str = ", "
    semicolon: str = "; "
    colon: str = ": "


_MARKS = {
    # No line may end before these marks in French: a narrow blank before the semicolon, a whole one before the colon.
    "fr": Marks(semicolon="\u202f; ", colon="\u00a0: "),
    "ar": Marks(comma="، ", semicolon="؛ "),
}
_PREFIXED = frozenset({"ar"})
"""Languages whose word for "and" is written together with the word that follows."""
_FRENCH = (
    (re.compile(r"[ \u00a0](?=[;!?]+(?:[\s»”)\]]|$))"), "\u202f"),
    (re.compile(r"(?<!\d) (?=:(?:[\s»”)\]]|$))|(?<=\d) (?=:(?:\s+[^\s\d]|[»”)\]]|$))"), "\u00a0"),
    (re.compile(r"(?<=«)[ \u00a0]|[ \u00a0](?=»)"), "\u202f"),
)
"""Blanks of French at which no line ends, narrow but before a colon. None is put in where none was typed: so nothing
happens within an address of the net, a code or a time; 12 : 30 keeps its blanks."""
_SOUNDS_LIKE_Y = re.compile(r"(?:i|í|hi(?![aeo])|hí)", re.IGNORECASE)
"""Before this sound the Spanish y becomes e."""


def marks(language: str) -> Marks:
    """Return the marks of a language."""
    return _MARKS.get(_primary(language), Marks())


def joined(names: Sequence[str], phrases: Phrases) -> str:
    """Return names as a list in the language's words: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    language = _primary(phrases.language)
    word = phrases.conjunction.strip()
    if language == "es" and word == "y" and _SOUNDS_LIKE_Y.match(names[-1]):
        word = "e"
    blank = "" if language in _PREFIXED else " "
    return f"{marks(language).comma.join(names[:-1])} {word}{blank}{names[-1]}"


def labelled(label: str, text: str, language: str) -> str:
    """Return a text after its label, with one colon between them, whether or not the label ends with one."""
    return f"{label.rstrip().removesuffix(':').rstrip()}{marks(language).colon}{text}"


def spaced(text: str, language: str) -> str:
    """Return a text with its ordinary blanks before ; : ! ? and inside « » as French prints them, in French only."""
    if _primary(language) != "fr":
        return text
    for blank, printed in _FRENCH:
        text = blank.sub(printed, text)
    return text


def _primary(language: str) -> str:
    return language.partition("-")[0]
