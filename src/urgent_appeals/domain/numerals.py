"""Number requested actions as a language does that has letters of its own for it: in Arabic i. ii. iii. are أ. ب. ج."""

from __future__ import annotations

import re
from collections.abc import Iterable

from urgent_appeals.domain.prose import RequestGroup

_LETTERS = {"ar": tuple("أ ب ج د هـ و ز ح ط ي ك ل م ن س ع ف ص ق ر ش ت ث خ ذ ض ظ غ".split())}
"""The letters that number a list, in their order; after the last they are doubled."""
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def numbered(groups: Iterable[RequestGroup], numbering: str, language: str) -> tuple[RequestGroup, ...]:
    """Return requested actions with Roman numerals and letters as the language has them, the same number each.

    `numbering` is how they were numbered as issued; figures stay, and so does every label in other languages.
    """
    signs = _LETTERS.get(language.partition("-")[0])
    if signs is None or numbering not in ("roman", "letters"):
        return tuple(groups)
    return tuple(_renumbered(group, numbering, signs) for group in groups)


def _renumbered(group: RequestGroup, numbering: str, signs: tuple[str, ...]) -> RequestGroup:
    requests = tuple(
        request.model_copy(update={"label": _label(request.label, numbering, signs)}) for request in group.requests
    )
    return group.model_copy(update={"requests": requests})


def _label(label: str, numbering: str, signs: tuple[str, ...]) -> str:
    written = label.removesuffix(".")
    if re.fullmatch("[ivxlcdm]+" if numbering == "roman" else "[a-z]+", written) is None:
        return label
    number = _roman(written) if numbering == "roman" else _alphabetic(written)
    times, at = divmod(number - 1, len(signs))
    return f"{signs[at] * (times + 1)}."


def _roman(written: str) -> int:
    values = [_ROMAN[sign] for sign in written]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _alphabetic(written: str) -> int:
    number = 0
    for sign in written:
        number = number * 26 + ord(sign) - ord("a") + 1
    return number
