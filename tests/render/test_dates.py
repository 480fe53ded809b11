"""Dates in words, in the six languages of the sample and in those that nobody foresaw."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.values import PartialDate
from urgent_appeals.render.dates import in_words, interval_in_words, partial_in_words

LANGUAGES = ("en", "ru", "kk", "fr", "es", "ar")


def partial(day: str, language: str) -> str:
    return partial_in_words(PartialDate.model_validate(day), language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "13 March 2003"),
        ("ru", "13 марта 2003\u202fг."),
        ("kk", "2003 жылғы 13 наурыз"),
        ("fr", "13 mars 2003"),
        ("es", "13 de marzo de 2003"),
        ("ar", "13 مارس 2003"),
        ("fr-CH", "13 mars 2003"),
        ("kk-Cyrl", "2003 жылғы 13 наурыз"),
        ("xx", "2003-03-13"),
    ],
)
def test_a_day_is_in_the_words_of_a_letter(language: str, words: str) -> None:
    assert in_words(date(2003, 3, 13), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 April 2026"),
        ("ru", "1 апреля 2026\u202fг."),
        ("kk", "2026 жылғы 1 сәуір"),
        ("fr", "1er avril 2026"),
        ("fr-CA", "1er avril 2026"),
        ("es", "1 de abril de 2026"),
        ("ar", "1 أبريل 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french_alone(language: str, words: str) -> None:
    assert in_words(date(2026, 4, 1), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "August 2002"),
        ("ru", "август 2002\u202fг."),
        ("kk", "2002 жылғы тамыз"),
        ("fr", "août 2002"),
        ("es", "agosto de 2002"),
        ("ar", "أغسطس 2002"),
        ("xx", "2002-08"),
    ],
)
def test_a_month_without_its_day_is_no_first_of_the_month(language: str, words: str) -> None:
    assert partial("2002-08", language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "2002"),
        ("ru", "2002\u202fг."),
        ("kk", "2002\u202fж."),
        ("fr", "2002"),
        ("es", "2002"),
        ("ar", "2002"),
        ("xx", "2002"),
    ],
)
def test_a_year_alone_is_said_to_be_one_where_that_is_usual(language: str, words: str) -> None:
    assert partial("2002", language) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partial_date_that_is_whole_is_written_as_a_day_is(language: str) -> None:
    assert partial("2002-08-01", language) == in_words(date(2002, 8, 1), language)


INTERVALS = {
    ("2010-04-12", "2010-04-13"): {
        "en": "12–13 April 2010",
        "ru": "12–13 апреля 2010\u202fг.",
        "kk": "2010 жылғы 12–13 сәуір",
        "fr": "12–13 avril 2010",
        "es": "12–13 de abril de 2010",
        "ar": "12–13 أبريل 2010",
        "xx": "2010-04-12 – 2010-04-13",
    },
    ("2010-04-30", "2010-05-01"): {
        "en": "30 April\u2009–\u20091 May 2010",
        "ru": "30 апреля – 1 мая 2010\u202fг.",
        "kk": "2010 жылғы 30 сәуір – 1 мамыр",
        "fr": "30 avril\u2009–\u20091er mai 2010",
        "es": "30 de abril\u2009–\u20091 de mayo de 2010",
        "ar": "30 أبريل – 1 مايو 2010",
    },
    ("2009-12-30", "2010-01-02"): {
        "en": "30 December 2009\u2009–\u20092 January 2010",
        "ru": "30 декабря 2009\u202fг. – 2 января 2010\u202fг.",
        "kk": "2009 жылғы 30 желтоқсан – 2010 жылғы 2 қаңтар",
    },
    ("2010-03", "2010-04"): {
        "en": "March\u2009–\u2009April 2010",
        "ru": "март – апрель 2010\u202fг.",
        "kk": "2010 жылғы наурыз – сәуір",
        "ar": "مارس – أبريل 2010",
    },
    ("2009", "2010"): {"en": "2009–2010", "ru": "2009–2010\u202fгг.", "kk": "2009–2010\u202fжж.", "ar": "2009–2010"},
    ("2010-03-17", "2010-04"): {"en": "17 March 2010 – April 2010", "fr": "17 mars 2010 – avril 2010"},
    ("2010-04-12", "2010-04-12"): {"en": "12 April 2010"},
    ("2010-04-01", "2010-04-03"): {"fr": "1er–3 avril 2010"},
}


@pytest.mark.parametrize(
    ("start", "end", "language", "words"),
    [(*days, language, words) for days, known in INTERVALS.items() for language, words in known.items()],
)
def test_what_two_days_have_in_common_is_said_once(start: str, end: str, language: str, words: str) -> None:
    first, last = (PartialDate.model_validate(each) for each in (start, end))

    assert interval_in_words(first, last, language) == words


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(LANGUAGES))
def test_year_and_day_are_in_the_figures_that_latin_pages_have_too(day: date, language: str) -> None:
    figures = "".join(char if char.isdecimal() else " " for char in in_words(day, language)).split()
    assert sorted(figures) == sorted([str(day.day), str(day.year)])
