from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain import countries
from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.quoted import Certainty, find
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import CaseCodeError, SchemeError

BUILT_IN = [pytest.param(scheme, id=scheme.name) for scheme in SCHEMES]


def own(pattern: str) -> Scheme:
    return Scheme.from_pattern("own", pattern)


@pytest.mark.parametrize("scheme", BUILT_IN)
def test_the_example_of_a_scheme_is_an_exact_find_of_that_scheme(scheme: Scheme) -> None:
    (code,) = find(scheme.example)
    assert (code.scheme, code.canonical, code.certainty) == (scheme.name, scheme.example, Certainty.EXACT)


def test_the_names_of_the_built_in_schemes_are_the_published_ones() -> None:
    assert {scheme.name for scheme in SCHEMES} == {
        "observatory", "omct", "amnesty-ua", "amnesty-index", "ahrc", "un", "pen",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "written", "case", "update"),
    [
        ("UAZ {year}/{number:3}", "UAZ 2026/007", "UAZ 2026/007", None),
        ("UAZ {year}/{number:3}", "uaz-2026-7", "UAZ 2026/007", None),
        ("UAZ {year:2}/{number}", "UAZ 26/7", "UAZ 26/7", None),
        ("UAZ {year}/{number:3}[.{update}]", "UAZ 2026 / 007.02", "UAZ 2026/007", 2),
        ("UAZ {year}/{number:3}[.{update}]", "UAZ 2026/007 update 3", "UAZ 2026/007", 3),
        ("UAZ {number:3}[ update {update}]", "UAZ 007 update 2", "UAZ 007", 2),
        ("UAZ {number:3}[:{update}]", "UAZ 007:2", "UAZ 007", 2),
        ("{country}-{number:3}-{year}", "XAA-001-2026", "XAA-001-2026", None),
        ("{number:4}/{country}/{year}", "0012/KAZ/2026", "0012/KAZ/2026", None),
        ("[Case ]UAZ {number:3}", "Case UAZ 007", "UAZ 007", None),
        ("[Case ]UAZ {number:3}", "UAZ 007", "UAZ 007", None),
        ("A24-B {number}", "A24-B 7", "A24-B 7", None),
        ("{year}.{number:2} KIBHR", "2026.07 KIBHR", "2026.07 KIBHR", None),
    ],
)
def test_a_workspaces_pattern_reads_its_codes(pattern: str, written: str, case: str, update: int | None) -> None:
    code = parse(written, (own(pattern),))
    assert (code.case, code.update) == (case, update)
    assert parse(code.canonical, (own(pattern),)) == code


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "one line"),
        ("UAZ {number}\n", "one line"),
        ("UAZ {number} " + "A" * 80, "one line"),
        ("UAZ 2026", "{number} once"),
        ("UAZ {number}/{number}", "{number} once"),
        ("UAZ {year} {number}/{year}", "each field stands once"),
        ("UAZ {year:4}/{number}", "a year is"),
        ("{country:3}UAZ {number}", "no width"),
        ("UAZ {number} (x)", "a literal holds"),
        ("ДЕЛО {number}", "a literal holds"),
        ("UAZ [.{update}] {number}", "the update ends it"),
        ("UAZ {number}[ {update}]", "needs a mark"),
        ("UAZ {number}{year}", "parts two numbers"),
        ("UAZ 1{number}", "parts two numbers"),
        ("UAZ{country} {number}", "parts two numbers"),
        ("UAZ {number}[1{update}]", "parts two numbers"),
        ("{number}/{year}", "two letters"),
        ("{country} {number}", "two letters"),
        ("[UAZ ]{number}", "two letters"),
        ("UAZ {serial}", "is none of"),
        ("UAZ {number:7}", "is none of"),
        ("UAZ {number}{update}", "is none of"),
        ("UAZ {}{number}", "is none of"),
        ("UAZ {number", "brackets"),
        ("UAZ [{number}]", "brackets"),
        ("UAZ []{number}", "brackets"),
        ("UAZ [a[b]] {number}", "brackets"),
        ("UAZ {number}]", "brackets"),
    ],
)
def test_a_pattern_that_is_not_well_formed_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(SchemeError) as caught:
        own(pattern)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["", "Own", "own scheme", "observatory", "-own"])
def test_a_scheme_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(SchemeError, match="name"):
        Scheme.from_pattern(name, "UAZ {number}")


def test_a_pattern_is_no_regular_expression() -> None:
    scheme = own("UA.Z {number}")
    assert parse("UA.Z 7", (scheme,)).case == "UA.Z 7"
    with pytest.raises(CaseCodeError):
        parse("UAxZ 7", (scheme,))


def test_a_number_that_opens_the_next_sentence_is_no_update() -> None:
    (code,) = find("UAZ 007. 12 persons", (own("UAZ {number:3}[.{update}]"),))
    assert (code.update, code.certainty) == (None, Certainty.EXACT)


def test_an_own_scheme_may_look_like_a_built_in_one_and_the_fuller_spelling_wins() -> None:
    scheme = own("{country}-{number:3}-{year}")
    assert parse("XAA-001-2026", (*SCHEMES, scheme)).scheme == "own"
    assert parse("XAA 1/2026", (*SCHEMES, scheme)).scheme == "un"


def test_schemes_of_one_name_and_pattern_are_one() -> None:
    assert len({own("UAZ {number}"), own("UAZ {number}"), own("UAZ {year}/{number}")}) == 2


@given(
    st.text(max_size=90)
    | st.lists(st.sampled_from(("UAZ", "{number}", "{year}", "[", "]", ".", "{update}", "1"))).map("".join)
)
def test_any_pattern_gives_a_scheme_that_reads_its_example_or_the_one_error(pattern: str) -> None:
    try:
        scheme = own(pattern)
    except SchemeError:
        return
    assert parse(scheme.example, (scheme,)).case == scheme.example


def test_there_are_249_countries() -> None:
    assert len(countries.ISO_3166_1) == 249


def test_the_countries_are_those_that_unicode_knows_by_three_letters() -> None:
    babel = pytest.importorskip("babel.core")
    assert set(babel.get_global("territory_aliases")) >= countries.ISO_3166_1


@pytest.mark.parametrize("code", ["KAZ", "ALG", "ROM", "AAA", "AAZ", "QMA", "QZZ", "XAA", "XKX", "XZZ", "ZZA", "ZZZ"])
def test_countries_exceptions_and_user_assigned_codes_are_known(code: str) -> None:
    assert countries.known(code)


@pytest.mark.parametrize("code", ["ABC", "QLZ", "ZYA", "VOL", "", "kaz", "KAZA"])
def test_other_letters_are_no_country(code: str) -> None:
    assert not countries.known(code)
