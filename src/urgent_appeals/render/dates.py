"""Write dates, partial dates and what lies between two of them in the words of a language (CLDR, by Babel)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from urgent_appeals.domain.values import PartialDate

if TYPE_CHECKING:
    from babel import Locale

_REGIONS = {"ar": "ar_EG", "en": "en_GB"}
"""The region whose usage a language without one follows: British English puts the day first; Arabic has months and
digits as in Egypt, which `phrases/ar.yaml` names."""
_DAYS = {"kk": "y 'жылғы' d MMMM"}
"""Patterns of a day where CLDR's are not those of a letter: the Kazakh one abbreviates the word for year."""
_MONTHS = {"kk": "y 'жылғы' MMMM"}
_YEARS = {"ru": "y\u202f'г'.", "kk": "y\u202f'ж'."}
"""Patterns of a year alone, where a bare number does not say that it is one."""
_FIRST = {"fr": "'1er' MMMM y"}
"""Patterns of the first day of a month, where a language has an ordinal for that day alone (CLDR has the number)."""
_SHORT_MONTH = re.compile(r"(?<![ML])([ML]){3}(?![ML])")
_SHORT_YEAR = re.compile(r"y\u202fж\.")
_SEVERAL_YEARS = {"ru": "\u202fгг.", "kk": "\u202fжж."}
"""What follows two years, where a single one is said to be one."""


def in_words(day: date, language: str) -> str:
    """Return a date in words: 13 March 2003; the ISO form where CLDR does not know the language."""
    from babel.dates import format_date

    locale = locale_of(language)
    if locale is None:
        return day.isoformat()
    pattern = _FIRST.get(locale.language) if day.day == 1 else None
    return format_date(day, format=pattern or _DAYS.get(locale.language, "long"), locale=locale)


def partial_in_words(day: PartialDate, language: str) -> str:
    """Return a partial date in words: 13 March 2003, August 2002 or 2002."""
    if day.whole is not None:
        return in_words(day.whole, language)
    locale = locale_of(language)
    if locale is None:
        return str(day)
    from babel.dates import format_date, format_skeleton

    patterns, skeleton = (_YEARS, "y") if day.month is None else (_MONTHS, "yMMMM")
    pattern = patterns.get(locale.language)
    if pattern is not None:
        return format_date(day.first, format=pattern, locale=locale)
    return str(format_skeleton(skeleton, day.first, locale=locale))


def interval_in_words(start: PartialDate, end: PartialDate, language: str) -> str:
    """Return from when to when, what both have in common said once: 12–13 April 2010, March – April 2010."""
    if start == end:
        return partial_in_words(start, language)
    locale = locale_of(language)
    known = {sum(part is not None for part in (day.month, day.day)) for day in (start, end)}
    if locale is None or len(known) > 1:
        return f"{partial_in_words(start, language)} – {partial_in_words(end, language)}"
    return _interval(start.first, end.first, ("y", "yMMMM", "yMMMd")[known.pop()], locale)


def _interval(start: date, end: date, skeleton: str, locale: Locale) -> str:
    """Return two days by CLDR's pattern for the largest part in which they differ, its short months written out.

    CLDR has patterns of intervals with short months only, and asks for just that of whoever wants long ones (UTS 35,
    part 4, 2.6.2.2); Babel does not do it.
    """
    from babel.dates import format_date

    field = "y" if start.year != end.year else "M" if start.month != end.month else "d"
    known = locale.interval_formats
    halves = known.get("yMMMMd", known[skeleton])[field] if skeleton == "yMMMd" else known[skeleton][field]
    words = "".join(
        format_date(day, format=_long(half, day, locale.language), locale=locale)
        for half, day in zip(halves, (start, end), strict=True)
    )
    return words + (_SEVERAL_YEARS.get(locale.language, "") if skeleton == "y" else "")


def _long(pattern: str, day: date, language: str) -> str:
    """Return a pattern with its short month long, and what this language has of its own (see above)."""
    pattern = _SHORT_MONTH.sub(lambda found: found[1] * 4, pattern)
    if language in _DAYS:
        pattern = _SHORT_YEAR.sub("y 'жылғы'", pattern)
    if language in _FIRST and day.day == 1 and "d" in pattern:
        pattern = pattern.replace("d", "'1er'", 1)
    return pattern


@cache
def locale_of(language: str) -> Locale | None:
    """Return what CLDR knows of a language, in the region whose usage it follows; None where it knows nothing."""
    from babel import Locale, UnknownLocaleError  # Babel takes long to import, and only documents need it.

    try:
        return Locale.parse(_REGIONS.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
