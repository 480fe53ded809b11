"""Give the code of a case's next update, in the spelling that its issuer uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from urgent_appeals.domain.case_code import CaseCode, parse
from urgent_appeals.domain.reading import canonical
from urgent_appeals.domain.schemes import ORDINALS, SCHEMES, Scheme
from urgent_appeals.errors import CaseCodeError

_AT_END = re.compile(r"(?P<before>.*[^0-9])(?P<update>[0-9]{1,3})")
_IN_THE_NUMBER = re.compile(r"(?P<before>.*[0-9]-)(?P<update>[0-9]{1,2})(?P<after> ?[-/.] ?[0-9]{2,4})")
_FIRST_WORD = re.compile(r"(?P<word>[A-Za-z]+)(?P<after> .+)")
_MARK = re.compile(r"\[(?P<mark>[^\[\]{}]+)\{update\}\]")
_ORDINAL_OF = {number: word for word, number in ORDINALS.items()}


def next_update(code: CaseCode, schemes: Sequence[Scheme] = SCHEMES) -> str:
    """Return the code of the update after this one: `.01` → `.02`, `.1` → `.2`, `UA-257-1/2014` → `UA-257-2/2014`.

    A first appeal gets the scheme's own form for updates (`.01` where it has one with a number, else `update 1`). What
    is returned always reads back as the next update of the same case.
    """
    number = (code.update or 0) + 1
    first = code.update is None
    spellings = _first_update(code.written, code.scheme, schemes) if first else _counted_on(code.written, number)
    for spelling in spellings:
        if _is_update(spelling, code, number, schemes):
            return spelling
    return canonical(code.scheme, code.case, number)


def _first_update(written: str, name: str, schemes: Sequence[Scheme]) -> Iterator[str]:
    """Yield how the first update of a case may be spelled, the scheme's own way first."""
    for mark in _marks(name, schemes):
        yield f"{written}{mark}01"
    yield f"{written} update 1"


def _counted_on(written: str, number: int) -> Iterator[str]:
    """Yield how the update may be spelled after one that has a number, the issuer's own way first."""
    for pattern in (_IN_THE_NUMBER, _AT_END):
        found = pattern.fullmatch(written)
        if found is not None:
            yield f"{found['before']}{number:0{len(found['update'])}}{found.groupdict().get('after', '')}"
    ordinal = _FIRST_WORD.fullmatch(written)
    if ordinal is not None and number in _ORDINAL_OF:
        yield _as_written(_ORDINAL_OF[number], ordinal["word"]) + ordinal["after"]


def _marks(name: str, schemes: Sequence[Scheme]) -> Iterator[str]:
    """Yield what parts the update from the case in a scheme whose codes carry its number at the end."""
    if name == "observatory":
        yield "."
    patterns = (scheme.pattern for scheme in schemes if scheme.name == name)
    yield from (found["mark"] for pattern in patterns if pattern for found in _MARK.finditer(pattern))


def _as_written(word: str, before: str) -> str:
    """Return a word in capitals, or with one, as the word in whose place it comes."""
    return word if before.isupper() else word.capitalize()


def _is_update(spelling: str, code: CaseCode, number: int, schemes: Sequence[Scheme]) -> bool:
    try:
        read = parse(spelling, schemes)
    except CaseCodeError:
        return False
    return read.same_case(code) and read.update == number
