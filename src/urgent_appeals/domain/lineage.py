"""Find an appeal by a code typed in a hurry, and the other appeals of its case."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.case_code import CaseCode, parse, slug
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import CaseCodeError, UnknownAppeal

MOST_CANDIDATES = 12
"""The most appeals that are named to choose from."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LEADING_ZEROS = re.compile(r"(?<![a-z0-9])0+(?=[0-9])")


def case_of(appeal: Appeal, appeals: Iterable[Appeal]) -> tuple[Appeal, ...]:
    """Return the appeals of the same case, the oldest update first, the appeal itself among them."""
    same = (other for other in appeals if other.code.same_case(appeal.code))
    return tuple(sorted(same, key=lambda other: other.code.update or 0))


def before(appeal: Appeal, appeals: Iterable[Appeal]) -> tuple[Appeal, ...]:
    """Return the appeals that came before: older ones of the case, and those of every series that it follows.

    Of a followed series they go up to the update that `follows` names, or are all, where it names the case alone. The
    case itself comes first, each case with its oldest appeal first.
    """
    known = tuple(appeals)
    found = [other for other in case_of(appeal, known) if appeal.code.is_newer_than(other.code)]
    followed = [other.follows for other in (appeal, *found) if other.follows is not None]
    while followed:
        for other in _up_to(followed.pop(0), known):
            if all(other is not each for each in (appeal, *found)):
                found.append(other)
                followed += [other.follows] if other.follows is not None else []
    return tuple(found)


def followers(appeal: Appeal, appeals: Iterable[Appeal]) -> tuple[Appeal, ...]:
    """Return the appeals of other series that go on with the case of this one, by whichever code they call it."""
    return tuple(
        other
        for other in appeals
        if other.follows is not None and _named(appeal, other.follows) and not other.code.same_case(appeal.code)
    )


def _up_to(code: CaseCode, appeals: tuple[Appeal, ...]) -> Iterator[Appeal]:
    """Yield the appeals of the case of a code up to the update that it names, all where it names none."""
    named = [
        appeal
        for appeal in appeals
        if any(code.update is None or not own.is_newer_than(code) for own in _named(appeal, code))
    ]
    for last in sorted(named, key=lambda appeal: appeal.code.update or 0):
        yield from (other for other in case_of(last, appeals) if not other.code.is_newer_than(last.code))


def _named(appeal: Appeal, code: CaseCode) -> tuple[CaseCode, ...]:
    """Return the codes of an appeal, also those of other organisations, that are of the case of a code."""
    return tuple(own for own in (appeal.code, *appeal.other_codes) if own.same_case(code))


def choose(typed: str, appeals: Sequence[Appeal], schemes: Sequence[Scheme] = SCHEMES) -> Appeal:
    """Return the one appeal that a code names, however it is written: in full, as a slug, or by its ending.

    `KAZ 001/0802/OBS 053.02`, `KAZ-001-0802-OBS-053.02`, `053.02` and `053.2` name the same. A case code
    alone names the first appeal of the case, never an update, and a number alone no update either where other
    codes have it too. Raises UnknownAppeal with the candidates where
    several appeals answer, or with the nearest where none does.
    """
    try:
        code = parse(typed, schemes)
    except CaseCodeError:
        return _by_ending(typed, appeals)
    found = [appeal for appeal in appeals if code in (appeal.code, *appeal.other_codes)]
    if len(found) == 1:
        return found[0]
    same_case = [appeal for appeal in appeals if appeal.code.same_case(code)]
    if found or same_case:
        raise UnknownAppeal(typed, _names(found or same_case), ambiguous=bool(found))
    raise UnknownAppeal(typed, _nearest(code.canonical, appeals))


def slugs(codes: Iterable[CaseCode]) -> dict[CaseCode, str]:
    """Return the folder name of each code; where several come to one slug, each gets a hash."""
    named = {code: slug(str(code)) for code in codes}
    uses = Counter(name.lower() for name in named.values())
    return {code: name if uses[name.lower()] == 1 else f"{name}-{_digest(code)}" for code, name in named.items()}


def _digest(code: CaseCode) -> str:
    return sha256(f"{code.scheme} {code.canonical}".encode()).hexdigest()[:8]


def _by_ending(typed: str, appeals: Sequence[Appeal]) -> Appeal:
    wanted = _folded(typed)
    found = [appeal for appeal in appeals if wanted and _ends(_folded(str(appeal.code)), wanted)]
    holding = [appeal for appeal in appeals if wanted and f"-{wanted}-" in f"-{_folded(str(appeal.code))}-"]
    if len(found) == 1 and not (_is_number(typed) and found[0].code.update and len(holding) > 1):
        return found[0]
    if found or len(holding) > 1:
        raise UnknownAppeal(typed, _names(holding[:MOST_CANDIDATES]), ambiguous=True)
    raise UnknownAppeal(typed, _names(holding) or _nearest(typed, appeals))


def _ends(code: str, wanted: str) -> bool:
    return code == wanted or code.endswith(f"-{wanted}")


def _folded(text: str) -> str:
    return _LEADING_ZEROS.sub("", _NOT_SLUG.sub("-", text.lower()).strip("-"))


def _nearest(typed: str, appeals: Sequence[Appeal]) -> tuple[str, ...]:
    by_folded = {_folded(str(appeal.code)): str(appeal.code) for appeal in appeals}
    nearest = difflib.get_close_matches(_folded(typed), by_folded, n=3, cutoff=0.75)
    return tuple(by_folded[name] for name in nearest)


def _names(appeals: Iterable[Appeal]) -> tuple[str, ...]:
    return tuple(str(appeal.code) for appeal in appeals)


def _is_number(typed: str) -> bool:
    return typed.strip().isdecimal()
