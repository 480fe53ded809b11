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


def in_words(day: date, language: str) -> str:
    """Return a date in words: 13 March 2003; the ISO form where CLDR does not know the language."""
    from babel.dates import format_date

    locale = _locale(language)
    return format_date(day, format="long", locale=locale) if locale else day.isoformat()


def partial_in_words(day: PartialDate, language: str) -> str:
    """Return a partial date in words: 13 March 2003, August 2002 or 2002."""
    if day.whole is not None:
        return in_words(day.whole, language)
    locale = _locale(language)
    if locale is None or day.month is None:
        return str(day)
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", day.first, locale=locale))


@cache
def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError  # Babel takes long to import, and only documents need it.

    try:
        return Locale.parse(_REGIONS.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
