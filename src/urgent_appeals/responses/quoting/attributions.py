"""The line above a quote that tells who wrote it: "On … wrote:", "Le … a écrit :", "… пишет:"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.habits import Habits, Phrases
from urgent_appeals.responses.quoting.headers import CLOCK, Header
from urgent_appeals.responses.quoting.lines import DIRECTIONS, Line, folded

_MOST_LINES = 6
_LONGEST = 500
_ADDRESS = re.compile(r"[^\s<>@\"'(),;:]{1,80}@[^\s<>@\"'(),;:]{1,80}")
_UNTIMED = re.compile(r"\d{4}[/-]\d{1,2}[/-]\d{1,2} .{0,200}<[^<>]{3,120}>$")  # 2013/4/3 Name <address>: Gmail, once
_OPENING_WORD = re.compile(r"(?:On|Le|El|Am|Em|Il|Op|Den|W dniu|В|في|بتاريخ)\s+")
_FROM = re.compile(r"(?:от|from|by|von|de la part de|пользователь)\s+", re.IGNORECASE)
_NEAR = 12
"""How far into what follows the time the verb may stand, as in "Uhr schrieb": "…, 12:05 Uhr schrieb Name"."""
_SENTENCE_END = re.compile(r"\w{5,}\.$|[!?…]$")
_RULE = "-–— *"
_FIGURE = re.compile(r"\d")
_CLOCK_IN_TEXT = re.compile(
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s*[AaPp]\.?\s?[Mm]\.?|\s*[صم](?!\w))?(?:\s*[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """An attribution from line `first` up to, without it, line `after`.

    `sure` says that no quoting marks need follow: it has the shape that only programs write.
    """

    first: int
    after: int
    sure: bool
    header: Header


def _any_of(phrases: Iterable[str], *, start: bool) -> re.Pattern[str]:
    longest_first = sorted({folded(phrase) for phrase in phrases}, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?:{words})(?!\w)" if start else rf"(?<!\w)(?:{words})(?!\w)")


def _each(name: str) -> Iterable[str]:
    for habits in ALL:
        phrases: Phrases = getattr(habits, name)
        yield from phrases


@cache
def _opening() -> re.Pattern[str]:
    return _any_of([*_each("opening"), *_each("days")], start=True)


@cache
def _citing() -> re.Pattern[str]:
    return _any_of(_each("citing"), start=True)


@cache
def _wrote() -> re.Pattern[str]:
    return _any_of(_each("wrote"), start=False)


@cache
def _wrote_as_written() -> re.Pattern[str]:
    longest_first = sorted(set(_each("wrote")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


@cache
def _languages() -> tuple[tuple[Habits, re.Pattern[str], re.Pattern[str]], ...]:
    nothing = re.compile(r"(?!)")
    return tuple(
        (
            habits,
            _any_of([*habits.opening, *habits.days], start=True) if habits.opening or habits.days else nothing,
            _any_of(habits.wrote, start=False),
        )
        for habits in ALL
    )


def attribution_at(lines: Sequence[Line], first: int) -> Attribution | None:
    """Return the attribution that begins with a line, over as many lines as it takes; None where none does."""
    words = lines[first].words.lstrip(_RULE)
    dated = words[:1].isdigit() or _opening().match(words) is not None
    begins = dated or _citing().match(words) is not None
    pieces: list[str] = []
    unsure: Attribution | None = None
    for at in range(first, min(first + (_MOST_LINES if begins else 2), len(lines))):
        line = lines[at]
        if line.blank or (line.depth > 0) != (lines[first].depth > 0) or len(line.bare) > _LONGEST:
            break
        if pieces and _begins_anew(pieces, line.words, begins=begins):
            break
        pieces.append(line.words)
        text = " ".join(pieces).strip(_RULE)
        sure = _shape(text, dated=dated) if begins or at == first or "@" in text else None
        if sure or (sure is not None and unsure is None):
            unsure = Attribution(first, at + 1, bool(sure), _header(lines[first : at + 1], text))
        if sure or text.endswith(":") or len(text) > _LONGEST:
            break
    return unsure


def _begins_anew(pieces: Sequence[str], words: str, *, begins: bool) -> bool:
    """Tell whether a line cannot go on with an attribution: what stands before it has come to an end, or it begins
    one itself. `begins` says that the first line has the beginning of one.
    """
    if _SENTENCE_END.search(pieces[-1]):
        return True
    if begins:
        return _opening().match(words) is not None and not any(map(_FIGURE.search, pieces))
    if _opening().match(words) is not None:
        return True
    if _wrote().match(words) is not None and pieces[-1].endswith(">"):
        return False
    return _wrote().search(pieces[0]) is None and (words[:1].isdigit() or _shape(words, dated=False) is not None)


def _shape(text: str, *, dated: bool) -> bool | None:
    """Tell whether a text is surely an attribution, False where quoting marks must follow, None where it is none."""
    if text.endswith((".", ";", "?", "!")):
        return None
    colon = text.endswith(":")
    address = _ADDRESS.search(text) is not None
    clock = CLOCK.search(text) is not None
    verb = next(reversed(list(_wrote().finditer(text))), None)
    if verb is not None:
        last = not text[verb.end() :].strip(" :")
        if last:
            if not (colon or dated):
                return None
            return (dated or "<" in text) and ((clock and (colon or address)) or (colon and address and "<" in text))
        return clock and (dated or address) if colon else None
    if colon and address and (_citing().match(text) or (dated and clock)):
        return True
    return False if (colon and (address or (dated and clock))) or _UNTIMED.match(text) else None


def _header(lines: Sequence[Line], text: str) -> Header:
    """Tell sender and date as far as an attribution lets them be told apart: the date comes first, and ends with
    the time.
    """
    start, end = lines[0].start, lines[-1].end
    language = next(
        (
            habits.language
            for strict in (True, False)
            for habits, opening, wrote in _languages()
            if wrote.search(text) and (not strict or opening.match(text))
        ),
        "",
    )
    whole = " ".join(line.bare.translate(DIRECTIONS).strip() for line in lines).strip(_RULE)
    times = list(_CLOCK_IN_TEXT.finditer(whole))
    address = _ADDRESS.search(whole)
    before_address = [found.end() for found in times if address is None or found.end() <= address.start()]
    if not before_address or not (whole[0].isdigit() or _opening().match(folded(whole[:_LONGEST]))):
        return Header(start, end, language, sender=_name(whole))
    date = _OPENING_WORD.sub("", whole[: before_address[-1]])
    return Header(start, end, language, sender=_name(whole[before_address[-1] :]), date=date.strip(" ,"))


def _name(words: str) -> str:
    """Take away what stands around the name in an attribution: what the person did, and "from"."""
    words = words.strip(" ,،:;*")
    for found in list(_wrote_as_written().finditer(words)):
        if found.end() == len(words):
            words = words[: found.start()]
        elif found.start() < _NEAR:
            words = words[found.end() :]
    return _FROM.sub("", words.strip(" ,،:;*")).strip()
