from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.case_code import CaseCode, next_code, parse, slug, unread, warnings
from urgent_appeals.domain.quoted import Certainty, find
from urgent_appeals.domain.schemes import OBSERVATORY, SCHEMES, Scheme
from urgent_appeals.errors import CaseCodeError, SchemeError

VECTORS = Path(__file__).parents[3] / "shared" / "codes" / "vectors.tsv"
ORDINALS = {"THIRD UA 60/16": 3}


def vectors() -> list[dict[str, str]]:
    if not VECTORS.exists():
        return []
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.skipif(
    not VECTORS.exists(),
    reason="the genuine spellings (shared/codes/vectors.tsv) are not beside the checkout",
)
def test_there_are_genuine_spellings_to_read() -> None:
    assert {row["scheme"] for row in vectors()} == {scheme.name for scheme in SCHEMES}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["spelling"]) for row in vectors()])
def test_a_genuine_spelling_is_read_with_its_case_and_update(row: dict[str, str]) -> None:
    code = parse(row["spelling"])
    update = ORDINALS.get(row["spelling"]) or (int(row["update"]) if row["update"] else None)
    assert (code.scheme, code.case, code.update) == (row["scheme"], row["case"], update)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["spelling"]) for row in vectors()])
def test_canonical_form_and_slug_of_a_genuine_code_read_back(row: dict[str, str]) -> None:
    code = parse(row["spelling"])
    assert parse(code.canonical) == code
    assert parse(slug(code.canonical)) == code
    assert parse(slug(code.written)) == code


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("KAZ 001/0802/OBS 053.2", "KAZ 001/0802/OBS 053.02"),
        ("KAZ 001/0802/OBS 053.10", "KAZ 001/0802/OBS 053.10"),
        ("KAZ 001/0802/OBS 053.33", "KAZ 001/0802/OBS 053.33"),
        ("KAZ 001/0802/OBS 053", "KAZ 001/0802/OBS 053"),
        ("kaz-1-0802-obs-53-2", "KAZ 001/0802/OBS 053.02"),
        ("  KAZ 001/0802/\n> OBS 053.02 ", "KAZ 001/0802/OBS 053.02"),
        ("ALG 001/0802/OBS 053", "ALG 001/0802/OBS 053"),
        ("UZB / 002/ 0201 / OBS 015", "UZB 002/0201/OBS 015"),
        ("KAZ 001/0802/OBS 053 update 2", "KAZ 001/0802/OBS 053.02"),
        ("Cas TUN 150301", "Case TUN 150301"),
        ("Caso COL 100700", "Case COL 100700"),
        ("UA 71/08", "UA 71/08"),
        ("UA 071/2008", "UA 71/08"),
        ("UA 219 /06", "UA 219/06"),
        ("UA-257-1/2014", "UA 257/14 update 1"),
        ("Further information on UA 135/10", "UA 135/10"),
        ("eighth update to UA 139/11", "UA 139/11 update 8"),
        ("3rd update to UA 60/16", "UA 60/16 update 3"),
        ("stop action to EX 13/98", "EX 13/98"),
        ("EXTRA 13/98", "EX 13/98"),
        ("AMR23/3965/2021", "AMR 23/3965/2021"),
        ("AHRC-UAC-078-2012", "AHRC-UAC-078-2012"),
        ("JUA TUN 4/2026", "TUN 4/2026"),
        ("RAN 5/2018", "RAN 05/2018"),
        ("VOL 5/2011", "VOL 5/2011"),
    ],
)
def test_spelling_is_free(text: str, canonical: str) -> None:
    assert parse(text).canonical == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "053.02",
        "OBS 053",
        "KAZ 001/0802/OBS 053.02 and more",
        "KAZ 001/0802/OBS 053.02 KAZ 001/0802/OBS 054",
        "KAZ 001/0802/OBS 0532",
        "КАЗ 001",
        "../../x",
        "A" * 300,
        "12/03/2003",
    ],
)
def test_what_is_no_single_code_is_refused(text: str) -> None:
    with pytest.raises(CaseCodeError):
        parse(text)


def test_a_slip_of_a_scanner_is_refused_with_the_code_it_may_be() -> None:
    with pytest.raises(CaseCodeError, match=r"did you mean 'KAZ 001/0802/OBS 053.02'"):
        parse("KAZ OO1/O8O2/OBS O53.O2")


def test_a_refusal_without_any_scheme_says_only_that() -> None:
    with pytest.raises(CaseCodeError, match=r"reads$"):
        parse("KAZ 001/0802/OBS 053.02", ())


def test_a_long_text_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(CaseCodeError) as caught:
        parse("A" * 10_000)
    assert len(str(caught.value)) < 200


def test_the_issuers_spelling_is_kept_with_blanks_tidied() -> None:
    assert str(parse(" CHN  001 /\t0803 / OBS 041.3\n")) == "CHN 001 / 0803 / OBS 041.3"


def test_what_is_printed_holds_no_look_alike_and_nothing_invisible() -> None:
    assert parse("\u041aAZ\u200b 001/0802/OBS\u00a0053.02").written == "KAZ 001/0802/OBS 053.02"


def test_codes_are_equal_by_scheme_case_and_update_not_by_spelling() -> None:
    one, other = parse("KAZ 001 / 0802 / OBS 053.2"), parse("KAZ-001-0802-OBS-053-02")
    assert one == other
    assert len({one, other}) == 1
    assert one != parse("KAZ 001/0802/OBS 053")
    assert one != "KAZ 001/0802/OBS 053.02"


def test_a_code_without_update_is_the_first_appeal_and_older_than_any_update() -> None:
    first, second, tenth = (parse(f"KAZ 001/0802/OBS 053{update}") for update in ("", ".2", ".10"))
    assert second.is_newer_than(first)
    assert tenth.is_newer_than(second)
    assert not second.is_newer_than(tenth)
    assert not first.is_newer_than(first)


def test_updates_of_different_cases_are_not_compared() -> None:
    assert not parse("KAZ 001/0802/OBS 054.3").is_newer_than(parse("KAZ 001/0802/OBS 053.2"))


def test_the_region_code_of_pen_decides_against_the_shape_of_the_un() -> None:
    assert parse("RAN 05/2018").scheme == "pen"
    assert parse("IRN 5/2018").scheme == "un"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KAZ 001/0802/OBS 053", ()),
        ("ALG 001/0802/OBS 053", ()),
        ("XAA 001/0802/OBS 053", ()),
        ("KAZ 001/9912/OBS 053", ()),
        ("ABC 001/0802/OBS 053", ("ABC is no country of ISO 3166-1",)),
        ("KAZ 001/1399/OBS 053", ("no month can be read from 1399, neither month-year nor year-month",)),
        ("Case UZB 310200", ("310200 is no day (it reads day, month, year)",)),
        ("Case UZB 030400", ()),
        ("VOL 5/2011", ("VOL is no country of ISO 3166-1",)),
        ("AHRC-STM-143-2009", ()),
    ],
)
def test_oddities_are_warned_of_and_never_refused(text: str, expected: tuple[str, ...]) -> None:
    assert warnings(parse(text)) == expected


def test_a_date_in_the_code_that_is_not_the_day_of_issue_is_warned_of() -> None:
    code = parse("Case UZB 030400")
    assert warnings(code, issued=date(2000, 4, 3)) == ()
    assert warnings(code, issued=date(2000, 3, 4)) == ("the code says 2000-04-03, the appeal was issued on 2000-03-04",)


def test_an_update_number_that_goes_backwards_is_warned_of() -> None:
    second, third, other = (parse(f"KAZ 001/0802/OBS {end}") for end in ("053.02", "053.03", "054"))
    assert warnings(third, before=second) == ()
    assert warnings(third, before=other) == ()
    assert warnings(second, before=third) == (
        "KAZ 001/0802/OBS 053.02 should be newer than KAZ 001/0802/OBS 053.03, which it follows",
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("KAZ 001/0802/OBS 053.02", "KAZ-001-0802-OBS-053-02"),
        ("KAZ 001-0802-OBS 053/02", "KAZ-001-0802-OBS-053-02"),
        ("../../x", "x"),
        ("/etc/x", "etc-x"),
        ("UA: 325/12", "UA-325-12"),
    ],
)
def test_a_slug_is_ascii_letters_figures_and_hyphens(code: str, expected: str) -> None:
    assert slug(code) == expected


@pytest.mark.parametrize("code", ["CON", "con", "nul", "COM1", "LPT9", "", "///", "КАZ 001", "A" * 300, "\ud800"])
def test_a_slug_that_lost_something_or_names_a_device_carries_a_hash(code: str) -> None:
    name = slug(code)
    assert name[-9] == "-"
    assert set(name[-8:]) <= set("0123456789abcdef")
    assert len(name) <= 80


def test_texts_that_lose_different_letters_get_different_slugs() -> None:
    assert slug("Ж 001") != slug("Щ 001")


@given(st.text(max_size=200))
def test_a_slug_is_always_a_safe_file_name(code: str) -> None:
    name = slug(code)
    assert 0 < len(name) <= 80
    assert name.strip("-") == name
    assert name.isascii()
    assert name.replace("-", "").isalnum()


def own(pattern: str = "UAZ {year}/{number:3}[.{update}]") -> Scheme:
    return Scheme.from_pattern("uaz", pattern)


def test_a_workspace_numbers_its_appeals_within_the_year() -> None:
    existing: list[CaseCode | str] = [
        "UAZ 2025/041",
        parse("uaz-2026-7.3", (own(),)),
        "UAZ 2026/002",
        "KAZ 001/0802/OBS 053",
    ]
    assert next_code(own(), existing, date(2026, 11, 22)) == "UAZ 2026/008"


def test_the_first_number_of_a_year_is_one() -> None:
    assert next_code(own(), ["UAZ 2025/041"], date(2026, 1, 1)) == "UAZ 2026/001"


def test_numbers_grow_beyond_their_width_and_read_back() -> None:
    code = next_code(own(), ["UAZ 2026/999"], date(2026, 1, 1))
    assert code == "UAZ 2026/1000"
    assert parse(code, (own(),)).case == code


def test_numbers_run_within_the_country_where_the_code_has_one() -> None:
    scheme = own("{country}-{number:3}-{year:2}")
    assert next_code(scheme, ["KAZ-004-26", "UZB-009-26"], date(2026, 1, 1), country="KAZ") == "KAZ-005-26"


def test_a_numbering_with_a_country_needs_one() -> None:
    with pytest.raises(SchemeError, match="give one"):
        next_code(own("{country}-{number:3}-{year}"), (), date(2026, 1, 1))


def test_an_issuers_scheme_does_not_number_our_appeals() -> None:
    with pytest.raises(SchemeError, match="only a scheme with a pattern"):
        next_code(OBSERVATORY, (), date(2026, 1, 1))


COUNTRY = st.sampled_from(("KAZ", "UZB", "ALG", "XAA", "COL"))


@st.composite
def codes(draw: st.DrawFn) -> CaseCode:
    """A code of any built-in scheme, with or without update."""
    number, year = draw(st.integers(1, 999)), draw(st.integers(1974, 2049))
    update = draw(st.none() | st.integers(1, 99))
    country = draw(COUNTRY)
    scheme, case = draw(
        st.sampled_from(
            (
                (
                    "observatory",
                    f"{country} {draw(st.integers(1, 99)):03}/{draw(st.integers(1, 12)):02}02/OBS {number:03}",
                ),
                ("omct", f"Case {country} 1504{year % 100:02}"),
                (
                    "amnesty-ua",
                    f"{draw(st.sampled_from(('UA', 'EX', 'MA', 'NSA', 'NS')))} {number}/{year % 100:02}",
                ),
                ("amnesty-index", f"EUR {number % 90 + 10}/{number:03}/{year}"),
                ("ahrc", f"AHRC-UAC-{number:03}-{year}"),
                ("pen", f"RAN {number:02}/{year}"),
                ("un", f"{country} {number}/{year}"),
            )
        )
    )
    return CaseCode(scheme=scheme, case=case, update=update, written=case)


@given(codes())
def test_every_canonical_form_reads_back_as_the_same_code(code: CaseCode) -> None:
    assert parse(code.canonical) == code
    assert parse(slug(code.canonical)) == code


@given(codes())
def test_every_canonical_form_in_a_sentence_is_an_exact_find(code: CaseCode) -> None:
    (found,) = find(f"Your letter about {code.canonical} has reached us.")
    assert (found.canonical, found.scheme, found.certainty) == (code.canonical, code.scheme, Certainty.EXACT)


@given(st.text(max_size=60))
def test_parsing_any_text_gives_a_code_or_the_one_error(text: str) -> None:
    try:
        code = parse(text)
    except CaseCodeError:
        return
    assert parse(code.canonical) == code


@pytest.mark.parametrize(("text", "written"), [(" UAD  1/2026 ", "UAD 1/2026"), ("УA 1", "YA 1")])
def test_a_code_of_an_unknown_scheme_is_kept_as_it_is_written(text: str, written: str) -> None:
    code = unread(text)
    assert (str(code), code.case, code.update) == (written, written, None)
