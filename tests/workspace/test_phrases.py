"""Wording is merged key by key, and only the fields that a phrase is given can stand in it."""

from __future__ import annotations

import pytest

from urgent_appeals import packaged
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.workspace.phrases import FIELDS, NEEDED, merge, read_phrases
from urgent_appeals.workspace.yaml_text import Document, read_yaml

FILE = "templates/phrases/en.yaml"


def built_in(language: str = "en") -> Document:
    path = packaged.templates() / "phrases" / f"{language}.yaml"
    return read_yaml(path.read_bytes(), f"templates/phrases/{language}.yaml")


def overlaid(text: str) -> tuple[Phrases | None, list[str]]:
    phrases, problems = read_phrases(merge(built_in(), read_yaml(text.encode(), FILE)))
    return phrases, [str(problem).removeprefix(f"{FILE}:") for problem in problems]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "fr", "es", "ar"])
def test_the_built_in_wording_is_sound(language: str) -> None:
    phrases, problems = read_phrases(built_in(language))
    assert problems == []
    assert phrases is not None
    assert phrases.language == language


@pytest.mark.parametrize("path", [*FIELDS, *NEEDED])
def test_the_table_of_fields_names_phrases_that_there_are(path: tuple[str, str]) -> None:
    group = Phrases.model_fields[path[0]].annotation
    assert group is not None
    assert path[1] in group.model_fields


def test_own_wording_goes_over_the_built_in_one_key_by_key() -> None:
    phrases, problems = overlaid("letter:\n  lead_in: 'I ask you to:'\n  closes: {minister: Sincerely}\n")
    original, _ = read_phrases(built_in())
    assert problems == []
    assert phrases is not None
    assert original is not None
    assert phrases.letter.lead_in == "I ask you to:"
    assert phrases.letter.closes == {**original.letter.closes, "minister": {"*": "Sincerely"}}
    assert phrases.bulletin == original.bulletin


def test_wording_of_a_new_language_has_to_be_whole() -> None:
    phrases, problems = read_phrases(merge(None, read_yaml(b"language: kk\nname: x\n", "templates/phrases/kk.yaml")))
    assert phrases is None
    assert "templates/phrases/kk.yaml:1:1: 'letter' is missing" in [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "letter:\n  lead_inn: x\n",
            "2:3: unknown key 'lead_inn', did you mean 'lead_in'?",
            id="unknown phrase",
        ),
        pytest.param(
            "letter:\n  subject: '{code} – {subjekt}'\n",
            "2:12: nothing can be filled in for {subjekt} here, did you mean 'subject'?",
            id="misspelled field",
        ),
        pytest.param(
            "letter:\n  lead_in: 'On {day}:'\n",
            "2:12: nothing can be filled in for {day} here, this phrase is given none",
            id="field of another phrase",
        ),
        pytest.param(
            "letter:\n  page: '{country}'\n",
            "2:9: nothing can be filled in for {country} here, it is given {page}, {pages}",
            id="field that is far off",
        ),
        pytest.param(
            "letter:\n  subject: '{code.__class__}{code}'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="attribute",
        ),
        pytest.param(
            "letter:\n  subject: '{code[0]}{code}'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="index",
        ),
        pytest.param(
            "letter:\n  subject: '{code:>99999999}{code}'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="format",
        ),
        pytest.param(
            "letter:\n  subject: '{code!r}{code}'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="conversion",
        ),
        pytest.param(
            "letter:\n  lead_in: '{}'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="empty braces",
        ),
        pytest.param(
            "letter:\n  lead_in: 'a { b'\n",
            "2:12: braces stand around a field's name only, as in {code}",
            id="lone brace",
        ),
        pytest.param(
            "letter:\n  quote_code: Please answer.\n",
            "2:15: the phrase lacks {code}, without which no answer finds its case",
            id="code left out",
        ),
        pytest.param(
            "letter:\n  salutations: {minister: {m: 'Dear {nam}'}}\n",
            "2:31: nothing can be filled in for {nam} here, did you mean 'name'?",
            id="salutation by gender",
        ),
    ],
)
def test_it_is_told_of_with_its_place(text: str, expected: str) -> None:
    assert overlaid(text) == (None, [expected])
