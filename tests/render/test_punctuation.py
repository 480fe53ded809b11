"""Lists and labels as each language punctuates them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import phrases
from urgent_appeals.render.punctuation import joined, labelled, marks, spaced


def listed(language: str, *names: str, **changes: Any) -> str:
    return joined(names, phrases(language, **changes))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A, B and C"),
        ("ru", "A, B и C"),
        ("kk", "A, B және C"),
        ("fr", "A, B et C"),
        ("es", "A, B y C"),
        ("ar", "A، B وC"),
    ],
)
def test_names_are_joined_as_the_language_does(language: str, words: str) -> None:
    assert listed(language, "A", "B", "C") == words


@pytest.mark.parametrize("names", [(), ("A",)])
def test_a_single_name_stands_as_it_is(names: tuple[str, ...]) -> None:
    assert listed("ar", *names) == "".join(names)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        pytest.param("Irene", "A e Irene", id="i"),
        pytest.param("Íñigo", "A e Íñigo", id="í"),
        pytest.param("Hilario", "A e Hilario", id="hi"),
        pytest.param("Hierro", "A y Hierro", id="hie is another sound"),
        pytest.param("Ypres", "A y Ypres", id="y"),
        pytest.param("OMCT", "A y OMCT", id="another letter"),
    ],
)
def test_the_spanish_and_gives_way_to_the_same_sound(last: str, words: str) -> None:
    assert listed("es", "A", last) == words


def test_a_workspaces_own_word_for_and_is_kept() -> None:
    assert listed("es", "A", "Irene", conjunction="&") == "A & Irene"


@pytest.mark.parametrize(
    ("language", "label", "words"),
    [
        pytest.param("en", "Copy to", "Copy to: x", id="a colon in English"),
        pytest.param("en", "Copy to: ", "Copy to: x", id="one colon, though the label has one"),
        pytest.param("fr", "Copie à", "Copie à\u00a0: x", id="a no-break blank before it in French"),
        pytest.param("fr", "Copie à\u00a0:", "Copie à\u00a0: x", id="one blank, though the label has one"),
        pytest.param("fr-CH", "Copie à", "Copie à\u00a0: x", id="a region of French"),
        pytest.param("ar", "نسخة إلى", "نسخة إلى: x", id="a colon in Arabic"),
    ],
)
def test_a_label_ends_with_one_colon(language: str, label: str, words: str) -> None:
    assert labelled(label, "x", language) == words


def test_commas_and_semicolons_are_those_of_the_script() -> None:
    assert (marks("ar").comma, marks("ar").semicolon) == ("، ", "؛ ")
    assert (marks("fr").comma, marks("fr").semicolon) == (", ", "\u202f; ")
    assert (marks("kk").comma, marks("kk").semicolon) == (", ", "; ")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("libérer ; veiller", "libérer\u202f; veiller"),
        ("Vraiment ? Oui !", "Vraiment\u202f? Oui\u202f!"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("la radio « Quai » : un appel", "la radio «\u202fQuai\u202f»\u00a0: un appel"),
        ("« Quai » ; « Port » ?", "«\u202fQuai\u202f»\u202f; «\u202fPort\u202f»\u202f?"),
        ("« Quai\u00a0»", "«\u202fQuai\u202f»"),
        ("l’article 74 : la loi", "l’article 74\u00a0: la loi"),
        ("depuis 2003 :", "depuis 2003\u00a0:"),
        ("à 12 : 30, à 12:30", "à 12 : 30, à 12:30"),
        ("https://a.example/?b=c;d:e! x@y.example", "https://a.example/?b=c;d:e! x@y.example"),
        ("libérer; veiller", "libérer; veiller"),
    ],
)
def test_blanks_of_french_do_not_break_and_none_is_put_in(typed: str, printed: str) -> None:
    assert spaced(typed, "fr") == printed
    assert spaced(typed, "fr-CH") == printed
    assert spaced(typed, "en") == typed
