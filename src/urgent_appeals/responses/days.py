"""Read the day that a sentence names, in the languages of the desk: `2 May`, `le 2 mai`, `02.05.2026`."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en, short": "jan feb mar apr may jun jul aug sept oct nov dec",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar, Levant": "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين تشرين كانون",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
}
"""The months by language; the first two words of the Levant's doubled ones are not told apart, and left out."""

_DOUBLED = frozenset({"كانون", "تشرين"})
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?(?![\d/-])")
_LONGEST = 2000


def day_in(text: str, near: date | None = None) -> date | None:
    """Return the first day that a text names, None where it names none.

    Where the year is missing it is the latest that does not lie after `near`; without that, there is no day. Figures
    are read with the day first, as all but Americans write, unless only the other way is a date.
    """
    text = text[:_LONGEST].translate(_ARABIC_FIGURES)
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    named = _named().search(text.lower())
    if named is not None:
        month = _months()[named["month"] or named["month_first"]]
        return _dated(named["year"] or named["year_after"], month, int(named["day"] or named["day_after"]), near)
    for found in _FIGURES.finditer(text):
        first, second = int(found[1]), int(found[2])
        day = _dated(found[3], second, first, near) or _dated(found[3], first, second, near)
        if day is not None and (found[3] or "." in found[0] or "/" in found[0]):
            return day
    return None


def is_month(word: str) -> bool:
    """Tell whether a word, in small letters, is the name of a month in any of the languages."""
    return word.lower() in _months() or any(word.startswith(month) for month in _MONTHS["kk"].split())


_ARABIC_FIGURES = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@cache
def _months() -> dict[str, int]:
    numbered = ((word, number) for words in _MONTHS.values() for number, word in enumerate(words.split(), start=1))
    return {word: number for word, number in numbered if word not in _DOUBLED}


@cache
def _named() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day = r"(?<!\d)(?P<%s>\d{1,2})(?:st|nd|rd|th|er|º|\.|-го|-ші|-шы)?"
    year = r"(?:[ ,.]{1,3}(?:de |del |of )?(?P<%s>\d{4})(?!\d))?"
    # A short month may end with a point; a Kazakh one has an ending, and the year may stand before it.
    after = rf"{day % 'day'}\s{{1,3}}(?:of |de )?(?P<month>{months})(?:да|де|та|те|ның|нің)?\.?(?!\w){year % 'year'}"
    before = rf"(?<!\w)(?P<month_first>{months})\.?\s{{1,3}}{day % 'day_after'}(?!\d){year % 'year_after'}"
    return re.compile(f"{after}|{before}")


def _dated(year: str | None, month: int, day: int, near: date | None) -> date | None:
    if year is not None:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if near is None:
        return None
    found = _day(near.year, month, day)
    return found if found is None or found <= near else _day(near.year - 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
