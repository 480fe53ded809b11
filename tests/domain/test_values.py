"""Partial dates, wording by language, and the names that definitions are made of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from urgent_appeals.domain.values import (
    CountryCode,
    Language,
    PartialDate,
    RecipientId,
    Slug,
    Text,
    Value,
    Wording,
    in_language,
)


def a_partial_date(text: str) -> PartialDate:
    return PartialDate.model_validate(text)


@given(st.dates())
def test_a_whole_date_is_read_from_its_text_and_from_a_date_alike(day: date) -> None:
    assert a_partial_date(day.isoformat()) == PartialDate.model_validate(day)


@given(st.dates(), st.sampled_from((4, 7, 10)))
def test_a_partial_date_is_printed_as_it_was_written(day: date, length: int) -> None:
    written = day.isoformat()[:length]
    assert str(a_partial_date(written)) == written


@given(st.dates(), st.sampled_from((4, 7, 10)))
def test_a_partial_date_spans_exactly_the_days_that_it_may_be(day: date, length: int) -> None:
    written = day.isoformat()[:length]
    partial = a_partial_date(written)
    assert partial.first <= day <= partial.last
    assert {partial.first.isoformat()[:length], partial.last.isoformat()[:length]} == {written}
    if partial.first > date.min:
        assert (partial.first - timedelta(days=1)).isoformat()[:length] != written
    if partial.last < date.max:
        assert (partial.last + timedelta(days=1)).isoformat()[:length] != written


@given(st.dates(), st.sampled_from((4, 7, 10)))
def test_only_a_date_with_a_day_is_whole(day: date, length: int) -> None:
    assert a_partial_date(day.isoformat()[:length]).whole == (day if length == 10 else None)


@given(st.dates(), st.sampled_from((4, 7, 10)))
def test_a_partial_date_survives_json(day: date, length: int) -> None:
    partial = a_partial_date(day.isoformat()[:length])
    assert PartialDate.model_validate_json(partial.model_dump_json()) == partial


def test_blanks_around_a_date_do_not_count() -> None:
    assert a_partial_date(" 2002-08 ") == PartialDate(year=2002, month=8)


def test_february_ends_on_its_leap_day() -> None:
    assert a_partial_date("2004-02").last == date(2004, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2002-13", id="no such month"),
        pytest.param("2002-00", id="month nought"),
        pytest.param("2002-02-29", id="no such day"),
        pytest.param("2002-08-00", id="day nought"),
        pytest.param("0000", id="no such year"),
        pytest.param("2002-8", id="one figure"),
        pytest.param("2002-08-1", id="one figure of a day"),
        pytest.param("14.08.2002", id="day first"),
        pytest.param("2002/08", id="strokes"),
        pytest.param("2002-08-14T00:00", id="with a time"),
        pytest.param("٢٠٠٢", id="Arabic-Indic figures"),
        pytest.param("August 2002", id="words"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"is no date of the calendar|should be a date such as 2002-08-14"):
        a_partial_date(text)


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValidationError, match="a day but no month"):
        PartialDate(year=2002, day=14)


def test_a_time_of_day_counts_as_its_day() -> None:
    assert PartialDate.model_validate(datetime(2002, 8, 14, 9, 30)) == a_partial_date("2002-08-14")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("ru", "слово", id="its own words"),
        pytest.param("en", "word", id="its own words, in another language"),
        pytest.param("fr", None, id="never those of another language"),
    ],
)
def test_words_are_taken_in_the_language_alone(language: str, words: str | None) -> None:
    assert in_language({"en": "word", "ru": "слово"}, language) == words


def test_words_for_every_language_serve_where_a_language_has_none_of_its_own() -> None:
    wording = {"*": "FIDH", "ru": "ФИДХ"}
    assert (in_language(wording, "en"), in_language(wording, "ru")) == ("FIDH", "ФИДХ")


def test_a_plain_text_is_wording_for_every_language() -> None:
    assert TypeAdapter(Wording).validate_python("FIDH") == {"*": "FIDH"}


@pytest.mark.parametrize("key", ["**", "english", "EN", "e", ""])
def test_wording_by_what_is_no_language_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Wording).validate_python({key: "word"})


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        pytest.param(Slug, "justice-minister", "Justice", id="slug in capitals"),
        pytest.param(Slug, "x1", "-x", id="slug that begins with a hyphen"),
        pytest.param(Slug, "a" * 80, "a" * 81, id="slug too long"),
        pytest.param(Slug, "a", "a\n", id="slug with a line break"),
        pytest.param(RecipientId, "kazakhstan/president", "kazakhstan", id="recipient without office"),
        pytest.param(RecipientId, "a/b", "a/b/c", id="recipient with too much"),
        pytest.param(RecipientId, "a/b", "../b", id="recipient that climbs"),
        pytest.param(Language, "kk-Latn", "kk_Latn", id="language with underscore"),
        pytest.param(Language, "ru", "russian", id="language spelled out"),
        pytest.param(CountryCode, "KAZ", "KZ", id="country of two letters"),
        pytest.param(CountryCode, "XAA", "xaa", id="country in small letters"),
        pytest.param(Text, " a ", "   ", id="empty text"),
        pytest.param(Text, "a" * 4000, "a" * 4001, id="text too long"),
    ],
)
def test_a_name_of_the_wrong_form_is_refused(kind: Any, good: str, bad: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    assert adapter.validate_python(good) == good.strip()
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)


class Thing(Value):
    word: Text


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="wrod"):
        Thing.model_validate({"word": "a", "wrod": "b"})


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Thing(word="a"), "word", "b")  # noqa: B010 (mypy would refuse the assignment itself)
