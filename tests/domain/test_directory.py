"""Who holds an office on a day, and where it is written to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import a_directory, an_office
from urgent_appeals.domain.directory import Address, Contact, FormOfAddress, Gender, Group, Holder, Office


def a_holder(name: str = "Tomas Berg", **dates: Any) -> Holder:
    return Holder.model_validate({"name": name, **dates})


def named(office: Office, on: date) -> str | None:
    holder = office.holder(on)
    return None if holder is None else holder.name["*"]


@pytest.mark.parametrize(
    ("since", "until", "on", "holds"),
    [
        pytest.param("2003-03-13", None, date(2003, 3, 12), False, id="the day before the first"),
        pytest.param("2003-03-13", None, date(2003, 3, 13), True, id="the first day"),
        pytest.param("2003-03-13", None, date(2040, 1, 1), True, id="no end known"),
        pytest.param("2003-03", None, date(2003, 2, 28), False, id="before the month"),
        pytest.param("2003-03", None, date(2003, 3, 1), True, id="from the first of the month"),
        pytest.param("2003", None, date(2003, 1, 1), True, id="from the first of the year"),
        pytest.param(None, "2003-03-13", date(2003, 3, 13), True, id="the last day"),
        pytest.param(None, "2003-03-13", date(2003, 3, 14), False, id="the day after"),
        pytest.param(None, "2003-02", date(2003, 2, 28), True, id="to the last of the month"),
        pytest.param(None, "2003-02", date(2003, 3, 1), False, id="after the month"),
        pytest.param(None, "2003", date(2003, 12, 31), True, id="to the last of the year"),
        pytest.param("2001", "2003", date(2002, 6, 1), True, id="between"),
        pytest.param(None, None, date(2003, 3, 13), False, id="nothing known"),
    ],
)
def test_a_holder_is_named_from_a_day_until_a_day(since: str | None, until: str | None, on: date, holds: bool) -> None:
    dates: dict[str, Any] = {"from": since, "until": until}
    assert a_holder(**dates).holds(on) is holds


@pytest.mark.parametrize(
    ("seen", "on", "holds"),
    [
        pytest.param("2003-03-13", date(2003, 3, 13), True, id="that day"),
        pytest.param("2003-03-13", date(2002, 3, 12), True, id="a year before"),
        pytest.param("2003-03-13", date(2002, 3, 11), False, id="more than a year before"),
        pytest.param("2003-03-13", date(2004, 3, 13), True, id="a year after"),
        pytest.param("2003-03-13", date(2004, 3, 14), False, id="more than a year after"),
        pytest.param("2003-05", date(2004, 5, 31), True, id="a year after the last day of a month"),
        pytest.param("2003-05", date(2004, 6, 1), False, id="more than a year after a month"),
        pytest.param("2003-05", date(2002, 4, 30), True, id="a year before the first day of a month"),
        pytest.param(["2001-01-01", "2003-03-13"], date(2001, 6, 1), True, id="near one of several days"),
        pytest.param("9999", date(9999, 1, 1), True, id="the end of the calendar"),
        pytest.param("0001", date(1, 1, 1), True, id="the beginning of the calendar"),
    ],
)
def test_a_holder_known_by_a_day_is_named_a_year_around_it(seen: Any, on: date, holds: bool) -> None:
    assert a_holder(seen=seen).holds(on) is holds


def test_a_day_on_which_a_holder_was_seen_does_not_reach_beyond_the_last_day() -> None:
    holder = a_holder(seen="2003-03-13", until="2003-06-30")
    assert holder.holds(date(2003, 6, 30))
    assert not holder.holds(date(2003, 7, 1))


def test_a_last_day_does_not_make_a_seen_holder_one_of_long_before() -> None:
    assert not a_holder(seen="2003-03-13", until="2003-06-30").holds(date(1999, 1, 1))


def test_a_first_day_needs_no_day_on_which_the_holder_was_seen() -> None:
    assert a_holder(**{"from": "1991", "seen": "1992-01-01"}).holds(date(2003, 3, 13))


ALDO, OSRIC = "Aldo Vermeyle", "Osric Talvane"


@pytest.mark.parametrize(
    ("first", "second", "on", "name"),
    [
        pytest.param(
            {"from": "2018", "until": "2026-04-30"}, {"from": "2026-05-01"}, date(2026, 4, 30), ALDO, id="last day"
        ),
        pytest.param(
            {"from": "2018", "until": "2026-04-30"}, {"from": "2026-05-01"}, date(2026, 5, 1), OSRIC, id="first day"
        ),
        pytest.param(
            {"from": "2018", "until": "2026-04"}, {"from": "2026-05"}, date(2026, 4, 30), ALDO, id="last month"
        ),
        pytest.param({"from": "2018"}, {"from": "2026-05-01"}, date(2026, 6, 1), OSRIC, id="nobody wrote down the end"),
        pytest.param({"from": "2018"}, {"from": "2026-05-01"}, date(2026, 4, 1), ALDO, id="before the successor"),
        pytest.param(
            {"from": "2018", "until": "2026"}, {"from": "2026"}, date(2026, 3, 1), OSRIC, id="both in that year"
        ),
        pytest.param(
            {"seen": "2026-01-10"}, {"seen": "2026-05-10"}, date(2026, 1, 10), ALDO, id="seen that day, first"
        ),
        pytest.param(
            {"seen": "2026-01-10"}, {"seen": "2026-05-10"}, date(2026, 5, 10), OSRIC, id="seen that day, second"
        ),
        pytest.param({"seen": "2026-01-10"}, {"seen": "2026-05-10"}, date(2026, 5, 9), ALDO, id="seen the day after"),
        pytest.param(
            {"seen": "2026-05-10"}, {"seen": "2026-01-10"}, date(2025, 12, 1), OSRIC, id="nearest day to come"
        ),
        pytest.param({"from": "2018"}, {"seen": "2026-05-10"}, date(2026, 5, 10), OSRIC, id="seen in another's place"),
        pytest.param({"from": "2018"}, {"seen": "2026-05-10"}, date(2026, 5, 9), ALDO, id="not yet seen"),
        pytest.param(
            {"until": "2026-04-30"}, {"seen": "2026-05-10"}, date(2026, 4, 30), ALDO, id="known to hold it still"
        ),
        pytest.param(
            {"until": "2026-04-30"}, {"from": "2026-04-30"}, date(2026, 4, 30), OSRIC, id="on the day of change"
        ),
        pytest.param({"until": "2017"}, {"from": "2026"}, date(2020, 1, 1), None, id="vacant"),
    ],
)
def test_of_two_holders_the_one_known_last_is_named(first: Any, second: Any, on: date, name: str | None) -> None:
    holders = (a_holder(ALDO, **first), a_holder(OSRIC, **second))
    assert named(an_office(holders=holders), on) == name
    assert named(an_office(holders=holders[::-1]), on) == name


def test_an_office_without_holders_has_none() -> None:
    assert an_office(holders=()).holder(date(2026, 1, 1)) is None


def an_address(line: str, **dates: str) -> dict[str, Any]:
    return {"lines": {"*": [line]}, **dates}


@pytest.mark.parametrize(
    ("addresses", "on", "line"),
    [
        pytest.param([an_address("old", until="2005-06-30")], date(2005, 6, 30), "old", id="last day"),
        pytest.param([an_address("old", until="2005-06-30")], date(2005, 7, 1), None, id="day after"),
        pytest.param([an_address("new", **{"from": "2005-07"})], date(2005, 6, 30), None, id="day before"),
        pytest.param([an_address("new", **{"from": "2005-07"})], date(2005, 7, 1), "new", id="first day"),
        pytest.param([an_address("always")], date(1800, 1, 1), "always", id="undated"),
        pytest.param(
            [an_address("old"), an_address("new", **{"from": "2005"})],
            date(2005, 1, 1),
            "new",
            id="the office moved",
        ),
        pytest.param(
            [an_address("new", **{"from": "2005"}), an_address("old")],
            date(2004, 12, 31),
            "old",
            id="not yet",
        ),
        pytest.param([an_address("one"), an_address("two")], date(2005, 1, 1), "one", id="the first of two"),
        pytest.param([], date(2005, 1, 1), None, id="none"),
    ],
)
def test_an_office_is_written_to_where_it_was_on_the_day(addresses: Any, on: date, line: str | None) -> None:
    address = an_office(address=addresses).address(on)
    assert (None if address is None else address.lines["*"]) == (None if line is None else (line,))


def test_one_address_and_one_email_need_no_list() -> None:
    office = an_office(address=an_address("here"), email="a@b.example")
    assert (len(office.addresses), office.emails) == (1, ("a@b.example",))


def test_a_salutation_may_be_one_text_for_every_gender() -> None:
    assert FormOfAddress.model_validate({"salutation": "Dear Judge,"}).salutation == {"*": "Dear Judge,"}


def test_a_salutation_may_differ_by_gender() -> None:
    form = FormOfAddress.model_validate({"salutation": {"f": "Madame,", "m": "Monsieur,"}})
    assert form.salutation == {Gender.FEMININE: "Madame,", Gender.MASCULINE: "Monsieur,"}


def test_a_tag_names_its_offices_in_the_order_of_the_file() -> None:
    directory = a_directory(offices={"b": an_office(), "a": an_office(tags=("minister", "x")), "c": an_office(tags=())})
    assert directory.tagged("minister") == ("arlandia/b", "arlandia/a")


def test_a_number_is_kept_as_printed_beside_the_number_to_dial() -> None:
    contact = Contact(kind="fax", printed="007 / 3172 / 32 61 82", e164="+73172326182")
    assert (contact.printed, contact.e164) == ("007 / 3172 / 32 61 82", "+73172326182")


@pytest.mark.parametrize("number", ["73172326182", "+0123456", "+7 3172", "+1234567890123456"])
def test_a_number_to_dial_has_the_form_of_e164(number: str) -> None:
    with pytest.raises(ValidationError):
        Contact(kind="fax", printed="x", e164=number)


def test_a_misspelt_key_of_an_address_is_refused() -> None:
    with pytest.raises(ValidationError, match="untill"):
        Address.model_validate({"lines": {"*": ["x"]}, "untill": "2005"})


def test_a_group_lists_whole_recipient_ids() -> None:
    with pytest.raises(ValidationError):
        Group(name={"*": "Lenders"}, members=("ebrd",))
