"""What several rules speak of: the nearest name, a bad address, words that are missing in a language."""

from __future__ import annotations

import pytest

from tests.domain.check.places import Found, definitions, found, origin
from urgent_appeals.domain.check.definitions import bad_address, did_you_mean, unknown_recipient, unsaid


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        pytest.param("presidnet", "did you mean 'president'?", id="a slip"),
        pytest.param("justice", "did you mean 'justice-minister'?", id="half of it"),
        pytest.param("ombudsman", None, id="nothing near"),
        pytest.param("", None, id="nothing typed"),
    ],
)
def test_the_nearest_name_is_suggested_where_one_is_near(typed: str, hint: str | None) -> None:
    assert did_you_mean(typed, iter(("president", "justice-minister"))) == hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("arlandia/presidant", "did you mean 'arlandia/president'?", id="an office"),
        pytest.param("arlandia#ministers", "did you mean 'arlandia#minister'?", id="a tag"),
        pytest.param("arlandai", "did you mean 'arlandia'?", id="a directory"),
        pytest.param("arlandai/president", "did you mean 'arlandia/president'?", id="an office of a directory"),
        pytest.param("arlandia/minister", "did you mean 'arlandia#minister'?", id="a tag taken for an office"),
        pytest.param("arlandia/ombudsman", None, id="nothing near in the directory"),
        pytest.param("utopia#x", None, id="nothing near"),
    ],
)
def test_an_unknown_recipient_is_named_with_the_nearest(name: str, hint: str | None) -> None:
    problem = unknown_recipient(origin("f"), ("to",), name, definitions())
    assert found([problem]) == [Found("f", ("to",), f"no recipient {name!r} in recipients/", hint)]


@pytest.mark.parametrize("address", [None, "m.hale@letters.example"])
def test_a_good_address_or_none_is_no_problem(address: str | None) -> None:
    assert list(bad_address(origin("f"), ("email",), address)) == []


@pytest.mark.parametrize(
    "address", ["a@b@c", "a@b.example, c@d.example", "a@b.example\nBcc: x@y.example", "minister@gоv.kz"]
)
def test_a_refused_address_is_a_problem_that_shows_it(address: str) -> None:
    (one,) = found(bad_address(origin("f"), ("email",), address))
    assert (one.file, one.path, one.warning) == ("f", ("email",), False)
    assert one.message.startswith(f"{address!r} ")


def test_an_address_that_is_used_otherwise_than_written_is_a_warning() -> None:
    (one,) = found(bad_address(origin("f"), ("email",), "minister@gov。example"))
    assert (one.path, one.warning) == (("email",), True)
    assert one.message.startswith("'minister@gov。example': ")


@pytest.mark.parametrize(
    ("wording", "languages"),
    [
        pytest.param({}, [], id="nothing said at all"),
        pytest.param({"*": "FIDH"}, [], id="said for every language"),
        pytest.param({"en": "word"}, ["ru", "fr"], id="said in one"),
        pytest.param({"en": "word", "ru": "слово", "fr": "mot"}, [], id="said in all"),
    ],
)
def test_words_said_in_some_languages_only_are_missing_in_the_others(
    wording: dict[str, str], languages: list[str]
) -> None:
    assert found(unsaid(origin("f"), ("name",), wording, ("en", "ru", "fr"))) == [
        Found("f", ("name",), f"nothing is said here in {language!r}") for language in languages
    ]
