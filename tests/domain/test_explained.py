"""A code taken apart: what each part stands for, and the month read both ways."""

from __future__ import annotations

from datetime import date

import pytest

from urgent_appeals.domain.case_code import CaseCode, parse
from urgent_appeals.domain.explained import country_in, explain, opened
from urgent_appeals.domain.schemes import SCHEMES, Scheme

DESK = Scheme.from_pattern("desk", "UAD {country} {number:3}/{year}[.{update}]")
ALL = (*SCHEMES, DESK)
ON = date(2003, 3, 13)


def parts(code: str) -> dict[str, str]:
    return {part.name: part.text for part in explain(parse(code, ALL), ALL, on=ON)}


def test_an_observatory_code_is_taken_apart() -> None:
    assert parts("KAZ 001/0802/OBS 053.02") == {
        "scheme": "observatory: the Observatory (FIDH and OMCT)",
        "country": "KAZ",
        "serial": "001",
        "case opened": (
            "0802: August 2002 (month and year) or February 2008 (year and month; not meant: it is after 2003-03-13)"
        ),
        "number": "053",
        "update": "update 2",
    }


def test_a_code_of_the_workspace_is_taken_apart() -> None:
    assert parts("UAD XAA 001/2026") == {
        "scheme": "desk: this workspace's own numbering",
        "country": "XAA",
        "number": "001",
        "year": "2026",
        "update": "none: the first appeal of the case",
    }


def test_a_code_that_is_a_date_is_taken_apart() -> None:
    assert parts("Case UZB 030400")["date"] == "030400: 2000-04-03 (day, month, year)"
    assert parts("Case UZB 320400")["date"] == "320400: no day (day, month, year)"


def test_a_country_that_nobody_knows_is_told() -> None:
    assert parts("BBB 001/0802/OBS 053")["country"] == "BBB (unknown)"


def test_a_code_without_a_country_names_none() -> None:
    assert country_in(parse("UA 60/16")) is None
    assert "country" not in parts("UA 60/16")


def test_a_code_of_a_scheme_that_is_not_known_has_no_parts_but_its_update() -> None:
    code = CaseCode(scheme="gone", case="GONE 1", update=None, written="GONE 1")
    assert [part.name for part in explain(code, ALL, on=ON)] == ["scheme", "update"]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        pytest.param("9912", "December 1999 (year and month)", id="one way only"),
        pytest.param("1302", "February 2013 (year and month; not meant: it is after 2003-03-13)", id="and too late"),
        pytest.param("1313", "no month, read either way", id="neither way"),
        pytest.param(
            "0201",
            "February 2001 (month and year) or January 2002 (year and month; not meant: so written until 2001 only)",
            id="the later way was no longer used",
        ),
        pytest.param(
            "0199",
            "January 1999 (month and year; not meant: so written from 2001 only)",
            id="the newer way was not used yet",
        ),
        pytest.param("0101", "January 2001 (month and year) or January 2001 (year and month)", id="the same both ways"),
    ],
)
def test_the_month_is_read_both_ways(figures: str, words: str) -> None:
    assert opened(figures, ON) == f"{figures}: {words}"
