"""Finding an appeal by a code typed in a hurry, the appeals of its case, and the names of their folders."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_code, an_appeal
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.case_code import CaseCode, slug
from urgent_appeals.domain.lineage import before, case_of, choose, followers, slugs
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import UnknownAppeal

KAZ = "KAZ 001/0802/OBS 053"
APPEALS = tuple(
    an_appeal(code=code, other_codes=other)
    for code, other in (
        (KAZ, ()),
        (f"{KAZ}.01", ()),
        (f"{KAZ}.02", ("UA 61/03",)),
        (f"{KAZ}.10", ()),
        ("UZB 002/0201/OBS 015.02", ()),
        ("KGZ 003/0106/OBS 058.03", ()),
        ("AHRC-UAC-078-2012", ()),
    )
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("KAZ 001/0802/OBS 053.02", f"{KAZ}.02", id="in full"),
        pytest.param("KAZ-001-0802-OBS-053.02", f"{KAZ}.02", id="with hyphens"),
        pytest.param("KAZ-001-0802-OBS-053-02", f"{KAZ}.02", id="as a folder"),
        pytest.param("kaz 001 / 0802 / obs 053.2", f"{KAZ}.02", id="in small letters, spaced"),
        pytest.param("КAZ 001/0802/ОBS 053.02", f"{KAZ}.02", id="with Cyrillic look-alikes"),
        pytest.param("053.02", f"{KAZ}.02", id="by its ending"),
        pytest.param(" 053.02 ", f"{KAZ}.02", id="by its ending, with blanks"),
        pytest.param("053.2", f"{KAZ}.02", id="by its ending, the update being a number"),
        pytest.param("53.2", f"{KAZ}.02", id="by its ending without noughts"),
        pytest.param("obs 053.10", f"{KAZ}.10", id="update ten is not update one"),
        pytest.param("053.1", f"{KAZ}.01", id="update one is not update ten"),
        pytest.param("UA 61/03", f"{KAZ}.02", id="by another organisation's code"),
        pytest.param(KAZ, KAZ, id="the case alone is the first appeal"),
        pytest.param("053", KAZ, id="the case's ending is the first appeal"),
        pytest.param("078-2012", "AHRC-UAC-078-2012", id="by the ending of another scheme"),
    ],
)
def test_a_code_is_found_however_it_is_typed(typed: str, code: str) -> None:
    assert str(choose(typed, APPEALS).code) == code


@pytest.mark.parametrize(
    ("typed", "ambiguous", "candidates"),
    [
        pytest.param("02", True, (f"{KAZ}.02", "UZB 002/0201/OBS 015.02"), id="an ending of several"),
        pytest.param(
            f"{KAZ}.03", False, (KAZ, f"{KAZ}.01", f"{KAZ}.02", f"{KAZ}.10"), id="an update that is not there"
        ),
        pytest.param("KGZ 003/0106/OBS 058", False, ("KGZ 003/0106/OBS 058.03",), id="a case without its first appeal"),
        pytest.param("KGZ 003/0106/OBS 085.03", False, ("KGZ 003/0106/OBS 058.03",), id="figures that traded places"),
        pytest.param("AHRC-UAC-078-2021x", False, ("AHRC-UAC-078-2012",), id="a slip at the end"),
        pytest.param("something else", False, (), id="nothing like it"),
        pytest.param("...", False, (), id="marks alone"),
        pytest.param("UZB", False, ("UZB 002/0201/OBS 015.02",), id="a country of one case"),
        pytest.param("KAZ", True, (KAZ, f"{KAZ}.01", f"{KAZ}.02", f"{KAZ}.10"), id="a country of several"),
        pytest.param(
            "001", True, (KAZ, f"{KAZ}.01", f"{KAZ}.02", f"{KAZ}.10"), id="a counter, which is one update's number too"
        ),
        pytest.param("", False, (), id="nothing"),
        pytest.param("3.02", False, (), id="the end of a number is no ending"),
    ],
)
def test_a_code_that_names_no_one_appeal_lists_candidates(
    typed: str, ambiguous: bool, candidates: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownAppeal) as raised:
        choose(typed, APPEALS)
    assert (raised.value.ambiguous, raised.value.candidates) == (ambiguous, candidates)


def test_one_code_of_two_appeals_names_neither() -> None:
    twice = (
        an_appeal(code=KAZ, other_codes=("UA 61/03",)),
        an_appeal(code=f"{KAZ}.01", other_codes=("UA 61/03",)),
    )
    with pytest.raises(UnknownAppeal, match="could be any of") as raised:
        choose("UA 61/03", twice)
    assert raised.value.candidates == (KAZ, f"{KAZ}.01")


def test_an_own_scheme_is_read_where_it_is_given() -> None:
    own = (*SCHEMES, Scheme.from_pattern("desk", "UAD {country} {number:3}/{year}[.{update}]"))
    appeal = Appeal.model_validate({"code": "UAD XAA 001/2026.01", "languages": ["en"]}, context={"schemes": own})
    assert choose("uad xaa 1/2026.1", (appeal,), own) is appeal


@given(st.sampled_from(APPEALS), st.sampled_from((str, str.lower, slug, str.upper)))
def test_every_appeal_is_found_by_its_code_and_by_its_folder(appeal: Appeal, spelling: type[str]) -> None:
    assert choose(spelling(str(appeal.code)), APPEALS) is appeal


@given(st.text(max_size=20))
def test_whatever_is_typed_finds_an_appeal_that_ends_so_or_none(typed: str) -> None:
    try:
        found = choose(typed, APPEALS)
    except UnknownAppeal as error:
        assert set(error.candidates) <= {str(appeal.code) for appeal in APPEALS}  # noqa: PT017 (either may come)
    else:
        assert re.search("[0-9]", typed)
        assert found in APPEALS


def test_a_case_holds_its_appeals_the_oldest_first() -> None:
    case = case_of(APPEALS[2], reversed(APPEALS))
    assert [str(appeal.code) for appeal in case] == [KAZ, f"{KAZ}.01", f"{KAZ}.02", f"{KAZ}.10"]


def series(*codes: tuple[str, str | None]) -> tuple[Appeal, ...]:
    """Return appeals by code and the code that each follows."""
    return tuple(an_appeal(code=code, follows=follows) for code, follows in codes)


@pytest.mark.parametrize(
    ("followed", "older"),
    [
        pytest.param(f"{KAZ}.01", [KAZ, f"{KAZ}.01"], id="up to the update that is followed"),
        pytest.param(KAZ, [KAZ, f"{KAZ}.01", f"{KAZ}.02"], id="the case alone: all of it"),
        pytest.param("UZB 002/0201/OBS 015", [], id="a case that is not known here"),
    ],
)
def test_what_came_before_are_older_updates_and_the_series_that_is_followed(followed: str, older: list[str]) -> None:
    appeals = series(
        (f"{KAZ}.02", None), ("UA 1/26", followed), (KAZ, None), ("UA 1/26 update 1", followed), (f"{KAZ}.01", None)
    )
    assert [str(appeal.code) for appeal in before(appeals[3], appeals)] == ["UA 1/26", *older]
    assert [str(appeal.code) for appeal in before(appeals[1], appeals)] == older


def test_a_series_that_follows_a_series_comes_after_both_even_in_a_circle() -> None:
    appeals = series(("UA 1/26", "UA 3/26"), ("UA 2/26", "UA 1/26"), ("UA 3/26", "UA 2/26"))
    assert [str(appeal.code) for appeal in before(appeals[2], appeals)] == ["UA 2/26", "UA 1/26"]


def test_who_follows_a_case_is_of_another_series() -> None:
    appeals = series(
        (KAZ, None), (f"{KAZ}.01", None), ("UA 1/26", f"{KAZ}.01"), ("UA 2/26", None), ("UA 1/26 update 1", "UA 1/26")
    )
    assert followers(appeals[0], appeals) == (appeals[2],)
    assert followers(appeals[2], appeals) == ()


def test_a_case_is_followed_by_the_code_of_another_organisation_too() -> None:
    first, second = an_appeal(code=KAZ), an_appeal(code=f"{KAZ}.01", other_codes=("UA 61/03",))
    later = an_appeal(code="UA 1/26", follows="UA 61/03")
    appeals = (first, second, later)
    assert before(later, appeals) == (first, second)
    assert followers(second, appeals) == (later,)


def test_a_folder_is_named_by_the_code() -> None:
    code = a_code(f"{KAZ}.02")
    assert slugs([code]) == {code: "KAZ-001-0802-OBS-053-02"}


def own_code(case: str, *, scheme: str = "own", update: int | None = None) -> CaseCode:
    return CaseCode(scheme=scheme, case=case, update=update, written=case)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(own_code("A 1/2"), own_code("A 1-2"), id="marks that a folder cannot hold"),
        pytest.param(own_code("A 1"), own_code("a 1"), id="capitals that some disks do not tell apart"),
        pytest.param(own_code("RAN 5/2018"), own_code("RAN 5/2018", scheme="other"), id="one spelling of two schemes"),
    ],
)
def test_codes_that_come_to_one_folder_each_get_a_hash(first: CaseCode, second: CaseCode) -> None:
    third = own_code("B 1")
    named = slugs([first, second, third])
    assert named[third] == "B-1"
    assert named[first].lower() != named[second].lower()
    for code in (first, second):
        assert re.fullmatch(re.escape(slug(str(code))) + "-[0-9a-f]{8}", named[code])


def test_a_folder_does_not_depend_on_the_order_of_appeals() -> None:
    codes = [own_code("A 1/2"), own_code("A 1-2"), own_code("B 1")]
    assert slugs(codes) == slugs(reversed(codes))


def test_two_spellings_of_one_code_are_one() -> None:
    assert len(slugs([a_code("KAZ 001/0802/OBS 053"), a_code("KAZ 001 / 0802 / OBS 053")])) == 1


@given(st.lists(st.text(max_size=12).map(own_code), max_size=12))
def test_every_code_has_a_folder_of_its_own_that_any_disk_takes(codes: list[CaseCode]) -> None:
    named = slugs(codes)
    assert set(named) == set(codes)
    assert len({name.lower() for name in named.values()}) == len(named)
    assert all(re.fullmatch("[A-Za-z0-9-]{1,90}", name) for name in named.values())
