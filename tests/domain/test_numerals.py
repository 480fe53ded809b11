"""Requested actions are numbered as each language does, with the number that they were issued with."""

from __future__ import annotations

import pytest

from urgent_appeals.domain.numerals import numbered
from urgent_appeals.domain.prose import Request, RequestGroup


def labels(*issued: str, numbering: str = "roman", language: str = "ar") -> list[str]:
    group = RequestGroup(requests=tuple(Request(label=label, blocks=()) for label in issued))
    (made,) = numbered((group,), numbering, language)
    return [request.label for request in made.requests]


def test_roman_numerals_are_letters_in_arabic() -> None:
    assert labels("i.", "ii.", "iv.", "ix.", "xxviii.") == ["أ.", "ب.", "د.", "ط.", "غ."]


def test_letters_are_the_letters_of_that_place_in_arabic() -> None:
    assert labels("a.", "c.", "i.", "z.", "aa.", numbering="letters") == ["أ.", "ج.", "ط.", "ض.", "ظ."]


def test_after_the_last_letter_they_are_doubled() -> None:
    assert labels("xxix.", "xxx.") == ["أأ.", "بب."]


@pytest.mark.parametrize("numbering", ["arabic", "bullets"])
def test_figures_and_bullets_stay(numbering: str) -> None:
    assert labels("1.", "", numbering=numbering) == ["1.", ""]


def test_a_bullet_among_numbered_actions_and_a_number_beyond_them_stay() -> None:
    assert labels("", "0.", "4000.") == ["", "0.", "4000."]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "fr", "es"])
def test_other_languages_have_the_numerals_of_the_issue(language: str) -> None:
    assert labels("i.", "iv.", language=language) == ["i.", "iv."]


def test_a_region_has_the_letters_of_its_language() -> None:
    assert labels("ii.", language="ar-MA") == ["ب."]
