"""An entry of a directory is trusted for twelve months, until something comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import a_directory, an_office
from urgent_appeals.domain.directory import Directory, Office
from urgent_appeals.domain.freshness import caveats

DAY = date(2026, 11, 22)


def words(office: dict[str, Any], directory: dict[str, Any] | None = None, on: date = DAY) -> list[str]:
    entry = Office.model_validate({"name": "President", **office})
    whole = Directory.model_validate({"directory": "x", "name": "X", **(directory or {})})
    return [caveat.words for caveat in caveats(entry, whole, on)]


def test_what_was_checked_within_twelve_months_is_trusted() -> None:
    assert words({"checked": "2025-11-22"}) == []


def test_what_was_checked_before_that_is_stale() -> None:
    assert words({"checked": "2025-11"}) == []
    assert words({"checked": "2025-10"}) == ["last checked 2025-10, over 12 months before 2026-11-22"]


def test_an_office_takes_the_day_of_its_directory() -> None:
    assert words({}, {"checked": "2020"}) == ["last checked 2020, over 12 months before 2026-11-22"]
    assert words({"checked": "2026-10"}, {"checked": "2020"}) == []


def test_where_no_day_is_given_nothing_is_said_of_its_age() -> None:
    assert words({}) == []


def test_an_entry_is_judged_on_the_day_that_is_asked_for() -> None:
    assert words({"checked": "2003-03-13"}, on=date(2003, 3, 13)) == []


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        pytest.param({"bounced": "2026-10-01"}, ["mail bounced on 2026-10-01"], id="a date alone"),
        pytest.param(
            {"bounced": {"date": "2026-10-01", "address": "a@b.example", "says": "550 no such user"}},
            ["mail bounced from a@b.example on 2026-10-01 (550 no such user)"],
            id="with its words",
        ),
        pytest.param(
            {"returned": ["2026-10", {"date": "2026-11"}]},
            ["post was returned on 2026-10", "post was returned on 2026-11"],
            id="twice",
        ),
        pytest.param({"bounced": "2026-12-01"}, [], id="after the day"),
        pytest.param({"bounced": "2026-10-01", "checked": "2026-10-02"}, [], id="checked since"),
        pytest.param(
            {"bounced": "2026-10-01", "checked": "2026-09-30"}, ["mail bounced on 2026-10-01"], id="checked before"
        ),
    ],
)
def test_what_came_back_is_said_until_somebody_has_checked_the_entry(
    failure: dict[str, Any], expected: list[str]
) -> None:
    assert words(failure) == expected


def test_builders_are_trusted() -> None:
    assert caveats(an_office(), a_directory(), DAY) == ()
