"""Known codes are believed in spellings that prose, dates and other words have as well; unknown ones are not."""

from __future__ import annotations

import pytest

from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.quoted import Certainty, KnownCodes, find


def told(text: str, *known: str) -> list[tuple[str, str]]:
    return [(code.canonical, code.certainty.value) for code in find(text, known=tuple(map(parse, known)))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("UA 229-10", "UA 229/10", id="hyphen for slash"),
        pytest.param("EX 13 – 98", "EX 13/98", id="dash between blanks"),
        pytest.param("TUN 4.2026", "TUN 4/2026", id="point for slash"),
        pytest.param("UА 83.18", "UA 83/18", id="one Cyrillic letter"),
        pytest.param("СОМ 5/2011", "COM 5/2011", id="all letters Cyrillic"),
        pytest.param("Case СОL 100700", "Case COL 100700", id="Cyrillic letters of a country that is a word"),
    ],
)
def test_a_known_code_is_believed_where_an_unknown_one_is_doubted(text: str, code: str) -> None:
    assert told(text) == [(code, "suggested")]
    assert told(text, code) == [(code, "normalised")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("mar 5.2011", "MAR 5/2011", id="a month"),
        pytest.param("UA 12-24 hours", "UA 12/24", id="hours"),
        pytest.param("UA-12-03-2003", "UA 12/03 update 3", id="a day"),
        pytest.param("ref/TUN 4/2026", "TUN 4/2026", id="a longer symbol"),
        pytest.param("UA 32S/12", "UA 325/12", id="a slip of a scanner"),
    ],
)
def test_what_speaks_against_a_known_code_still_counts(text: str, code: str) -> None:
    assert "normalised" not in [certainty for _, certainty in told(text, code)]


@pytest.mark.parametrize("text", ["UA 313/1014", "TUN 4/2026/7"])
def test_no_code_is_known_in_an_impossible_year_or_with_figures_that_go_on(text: str) -> None:
    assert told(text, "UA 313/14", "TUN 4/2026") == []


@pytest.mark.parametrize("text", ["ＥＸ　１３／９８", "ＴUN ４／２０２６", "T\u200bUN 4/2026", "EX\u00a013＼98"])
def test_full_width_letters_and_invisible_characters_need_no_known_code(text: str) -> None:
    assert [certainty for _, certainty in told(text)] == ["normalised"]


@pytest.mark.parametrize("before", ["TH1RD ", "THlRD ", "S1XTH ", "third >> ", "first. 2 "])
def test_an_ordinal_that_is_misread_or_stands_apart_leaves_the_update_open(before: str) -> None:
    assert told(f"{before}UA 60/16") == [("UA 60/16", "suggested")]


@pytest.mark.parametrize("before", ["the case ", "THIRTY ", "", "thirdly, the action "])
def test_other_words_before_a_code_leave_it_certain(before: str) -> None:
    assert told(f"{before}UA 60/16") == [("UA 60/16", "exact")]


@pytest.mark.parametrize(
    ("text", "code"), [("VAA 002/10", "UA 2/10"), ("UAA OO2/10", "UA 2/10"), ("Case UZB O3O40O", "Case UZB 030400")]
)
def test_more_slips_of_a_scanner_are_suggested(text: str, code: str) -> None:
    assert told(text) == [(code, "suggested")]


@pytest.mark.parametrize(
    ("text", "code"), [("medical-action-#-ma-13-04", "MA 13/04"), ("AS-\n> 236-2006", "AHRC-AS-236-2006")]
)
def test_file_names_and_broken_lines_of_other_schemes_are_read(text: str, code: str) -> None:
    assert told(text) == [(code, "normalised")]


def test_known_codes_are_made_ready_once_for_many_texts() -> None:
    ready = KnownCodes((parse("UA 229/10"),))
    assert KnownCodes.of(ready) is ready
    assert [code.certainty for code in find("UA 229-10", known=ready)] == [Certainty.NORMALISED]
