"""A letter shows who held the office on its day, and where the office was then."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import a_campaign, a_directory, a_sender, an_appeal, phrases
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.letter import Addressee
from urgent_appeals.domain.recipients import resolve

OFFICE = {
    "name": {"en": "Minister of Justice"},
    "tags": ["minister"],
    "holders": [
        {"name": {"en": "Aldo Vermeyle"}, "gender": "m", "from": "1999-10-08", "until": "2003-06-11"},
        {"name": {"en": "Ilsabet Corvane"}, "gender": "f", "from": "2003-09", "until": "2007"},
    ],
    "address": [
        {"lines": {"*": ["1 Old Wharf", "Tarnholt"]}, "until": "2003-08-31"},
        {"lines": {"*": ["22 Assize Street", "Orseval"]}, "from": "2003-09-01", "until": "2010"},
    ],
}


def addressee_on(day: date) -> Addressee:
    directory = Directory.model_validate({**a_directory().model_dump(by_alias=True), "offices": {"justice": OFFICE}})
    (recipient,) = resolve([directory.id], {directory.id: directory}).recipients
    return compose(
        an_appeal(recipients=(recipient.id,)),
        recipient,
        campaign=a_campaign(senders={"us": a_sender()}, sender="us"),
        sender="us",
        phrases=phrases(),
        directories={directory.id: directory},
        on=day,
    ).addressee


@pytest.mark.parametrize(
    ("day", "holder", "street"),
    [
        pytest.param(date(2003, 3, 13), "Aldo Vermeyle", "1 Old Wharf", id="a letter of 2003"),
        pytest.param(date(2003, 6, 11), "Aldo Vermeyle", "1 Old Wharf", id="the last day in office"),
        pytest.param(date(2003, 6, 12), None, "1 Old Wharf", id="nobody holds it"),
        pytest.param(date(2003, 9, 1), "Ilsabet Corvane", "22 Assize Street", id="the first day of the next"),
        pytest.param(date(2007, 12, 31), "Ilsabet Corvane", "22 Assize Street", id="the last day of a year"),
        pytest.param(date(2008, 1, 1), None, "22 Assize Street", id="nobody known since"),
        pytest.param(date(2026, 11, 22), None, None, id="nobody known, and moved away"),
    ],
)
def test_a_letter_names_holder_and_address_of_its_day(day: date, holder: str | None, street: str | None) -> None:
    addressee = addressee_on(day)
    assert addressee.holder == holder
    assert next((line for line in addressee.block if line in {"1 Old Wharf", "22 Assize Street"}), None) == street
    named = [line for line in addressee.block if "Vermeyle" in line or "Corvane" in line]
    assert named == ([holder] if holder else [])


def test_an_office_between_two_holders_is_addressed_without_a_name() -> None:
    assert addressee_on(date(2003, 7, 1)).block[:2] == ("Minister of Justice", "1 Old Wharf")
