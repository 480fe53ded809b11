"""Find the phrases of `automatic_phrases` in a text."""

from __future__ import annotations

import unicodedata
from functools import cache

from urgent_appeals.responses.automatic_phrases import LANGUAGES

_SAME = str.maketrans(
    {"ё": "е", "’": "'", "ʼ": "'", "`": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ـ": None, "\u00ad": None}
    | {chr(code): None for code in (*range(0x64B, 0x653), 0x670, *range(0x200B, 0x2010), 0x2060, 0xFEFF)}
)
_LONGEST_GAP = 80
_LONGEST_WORD = 200


def folded(text: str) -> str:
    """Return a text as phrases are compared: small letters, one form of each, single blanks."""
    # Word by word, and no word at length: a letter with thousands of marks takes the square of their number.
    words = (unicodedata.normalize("NFKC", word[:_LONGEST_WORD]) for word in text.split())
    return " ".join(" ".join(words).casefold().translate(_SAME).split())


class Finder:
    """Finds phrases in the sentences of one text, whose folded form it is made from.

    Phrases are sought one by one, which is quicker than one pattern of all, and only those that the text has at all.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._kinds: dict[str, tuple[tuple[str, ...], ...]] = {}

    def find(self, kind: str, sentence: str, *, at_start: bool = False) -> tuple[int, int] | None:
        """Return where the first phrase of a kind (a field of `Phrases`), in any language, stands in a folded
        sentence; with `at_start` only one that it begins with. Time is linear in the sentence.
        """
        if kind not in self._kinds:
            self._kinds[kind] = tuple(phrase for phrase in _phrases(kind) if phrase[0] in self._text)
        places = (_place(phrase, sentence, at_start=at_start) for phrase in self._kinds[kind])
        return min((place for place in places if place is not None), default=None)


@cache
def _phrases(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a kind in all languages, each as the pieces that stand around its gaps."""
    written = (phrase.split() for language in LANGUAGES.values() for phrase in getattr(language, kind).split("|"))
    phrases = dict.fromkeys(" ".join(words) for words in written)
    return tuple(tuple(piece.strip() for piece in phrase.split("…")) for phrase in phrases)


def _place(pieces: tuple[str, ...], text: str, *, at_start: bool) -> tuple[int, int] | None:
    start = text.find(pieces[0], 0, len(pieces[0]) if at_start else len(text))
    while start >= 0:
        end = start + len(pieces[0])
        if not start or not text[start - 1].isalnum():
            for piece in pieces[1:]:
                begin = text.find(piece, end, end + _LONGEST_GAP + len(piece))
                end = begin + len(piece)
                if begin < 0:
                    break
            else:
                return start, end
        start = -1 if at_start else text.find(pieces[0], start + 1)
    return None
