"""Write dates and partial dates in the words of a language (CLDR, by Babel)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from urgent_appeals.domain.values import PartialDate

if TYPE_CHECKING:
    from babel import Locale

_REGIONS = {"en": "en_GB"}
"""The region whose usage a language without one follows: British English puts the day first."""
_DAYS = {"kk": "y 'жылғы' d MMMM"}
"""Patterns of a day where CLDR's are not those of a letter: the Kazakh one abbreviates the word for year."""
_MONTHS = {"kk": "y 'жылғы' MMMM"}
_YEARS = {"ru": "y\u202f'г'.", "kk": "y\u202f'ж'."}
"""Patterns of a year alone, where a bare number does not say that it is one."""
_FIRST = {"fr": "'1er' MMMM y"}
"""Patterns of the first day of a month, where a language has an ordinal for that day alone (CLDR has the number)."""


def in_words(day: date, language: str) -> str:
    """Return a date in words: 13 March 2003; the ISO form where CLDR does not know the language."""
    from babel.dates import format_date

    locale = _locale(language)
    if locale is None:
        return day.isoformat()
    pattern = _FIRST.get(locale.language) if day.day == 1 else None
    return format_date(day, format=pattern or _DAYS.get(locale.language, "long"), locale=locale)


def partial_in_words(day: PartialDate, language: str) -> str:
    """Return a partial date in words: 13 March 2003, August 2002 or 2002."""
    if day.whole is not None:
        return in_words(day.whole, language)
    locale = _locale(language)
    if locale is None:
        return str(day)
    from babel.dates import format_date, format_skeleton

    patterns, skeleton = (_YEARS, "y") if day.month is None else (_MONTHS, "yMMMM")
    pattern = patterns.get(locale.language)
    if pattern is not None:
        return format_date(day.first, format=pattern, locale=locale)
    return str(format_skeleton(skeleton, day.first, locale=locale))


@cache
def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError  # Babel takes long to import, and only documents need it.

    try:
        return Locale.parse(_REGIONS.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
