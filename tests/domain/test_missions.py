"""Missions get copies, and forward letters where post is suspended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import a_campaign, a_directory, a_sender, an_addressee, an_appeal, phrases
from urgent_appeals.domain.compose import address, compose
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.missions import (
    as_addressee,
    copied,
    forwarded,
    is_suspended,
    mission_in,
    missions_of,
    suspended,
)
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.errors import MissingWording

DAY = date(2026, 11, 1)
EMBASSY = {
    "host": "GBR",
    "name": {"en": "Embassy of Arlandia"},
    "address": {"lines": {"*": ["7 Harbour Gate", "London"]}},
    "email": "london@embassy.example",
}


def with_missions(*missions: dict[str, Any], **changes: Any) -> Directory:
    plain = a_directory()
    return Directory.model_validate({**plain.model_dump(by_alias=True), "missions": missions, **changes})


def a_recipient(directory: Directory) -> Recipient:
    return resolve([directory.id], {directory.id: directory}).recipients[0]


def a_letter_to(directory: Directory, home: str | None = "GBR", on: date = DAY, **changes: Any) -> Letter:
    recipient = a_recipient(directory)
    appeal = an_appeal(recipients=(recipient.id,), **changes)
    campaign = a_campaign(senders={"us": a_sender(country=home)}, sender="us", country=None)
    return compose(
        appeal,
        recipient,
        campaign=campaign,
        sender="us",
        phrases=phrases(),
        directories={directory.id: directory},
        on=on,
    )


def test_a_copy_goes_to_the_mission_in_the_senders_country() -> None:
    directory = with_missions({**EMBASSY, "host": "FRA", "name": "Ambassade"}, EMBASSY)
    assert a_letter_to(directory, copies=("missions",)).copies == ("Embassy of Arlandia",)


def test_without_a_mission_there_or_without_being_asked_there_is_no_copy() -> None:
    assert a_letter_to(with_missions(EMBASSY), "FRA", copies=("missions",)).copies == ()
    assert a_letter_to(with_missions(EMBASSY)).copies == ()


def test_the_campaign_can_ask_for_copies_of_every_appeal() -> None:
    assert copied(an_appeal(copies=("missions", "x/a")), a_campaign(copies=("missions", "x/b"))) == (
        "missions",
        "x/a",
        "x/b",
    )


def test_a_mission_without_a_name_in_the_language_is_told_of() -> None:
    with pytest.raises(MissingWording, match="mission in GBR"):
        a_letter_to(with_missions({**EMBASSY, "name": {"ru": "Посольство"}}), copies=("missions",))


@pytest.mark.parametrize("suspended", ["*", "GBR"])
def test_where_post_is_suspended_the_letter_goes_through_the_mission(suspended: str) -> None:
    addressee = a_letter_to(with_missions(EMBASSY, post_suspended=[suspended])).addressee
    assert addressee.block == (
        "Please forward",
        *addressee.by_name,
        "c/o Embassy of Arlandia",
        "7 Harbour Gate",
        "London",
    )


@pytest.mark.parametrize(
    ("missions", "suspended"),
    [
        pytest.param([EMBASSY], [], id="post runs"),
        pytest.param([EMBASSY], ["FRA"], id="suspended from elsewhere"),
        pytest.param([], ["*"], id="no mission"),
        pytest.param([{**EMBASSY, "address": []}], ["*"], id="no address"),
    ],
)
def test_otherwise_the_address_is_that_of_the_office(missions: list[Any], suspended: list[str]) -> None:
    directory = with_missions(*missions, post_suspended=suspended)
    addressee = an_addressee()
    assert forwarded(addressee, a_recipient(directory), "GBR", phrases(), DAY) is addressee


def test_a_sender_whose_country_is_unknown_is_under_a_general_suspension_only() -> None:
    assert is_suspended(with_missions(post_suspended=["*"]), None, DAY)
    assert not is_suspended(with_missions(post_suspended=["GBR"]), None, DAY)
    assert mission_in(with_missions(EMBASSY), None) is None


def test_the_bulletin_lists_the_missions_with_their_addresses() -> None:
    from datetime import date

    directory = with_missions(EMBASSY)
    recipient = a_recipient(directory)
    given: dict[str, Any] = {"campaign": a_campaign(), "phrases": phrases(), "on": date(2026, 11, 1)}
    appeal = an_appeal(recipients=(recipient.id,), copies=("missions",))
    bulletin = publish(appeal, directories={directory.id: directory}, **given)
    (mission,) = bulletin.missions
    assert mission.block == ("Embassy of Arlandia", "7 Harbour Gate", "London")
    assert mission.email == "london@embassy.example"
    assert bulletin.copies == ()


def test_a_mission_that_cannot_be_written_to_is_listed_by_its_name() -> None:
    directory = with_missions({"host": "FRA", "name": "Embassy"})
    ((of, mission),) = missions_of((a_recipient(directory), a_recipient(directory)))
    shown = as_addressee(mission, of, "en", DAY)
    assert (shown.name, shown.block, shown.email) == ("Embassy", (), None)


@pytest.mark.parametrize(
    ("day", "goes_through"),
    [
        pytest.param(date(2003, 2, 28), False, id="before"),
        pytest.param(date(2003, 3, 1), True, id="the first day"),
        pytest.param(date(2004, 12, 31), True, id="the last day, of a year"),
        pytest.param(date(2005, 1, 1), False, id="after"),
    ],
)
def test_post_is_forwarded_on_the_days_on_which_it_is_suspended(day: date, goes_through: bool) -> None:
    directory = with_missions(EMBASSY, post_suspended=[{"country": "GBR", "from": "2003-03", "until": "2004"}])
    assert (a_letter_to(directory, on=day).addressee.block[0] == "Please forward") is goes_through


def test_a_mission_that_moved_forwards_from_the_address_of_the_day() -> None:
    moved = [
        {"lines": {"*": ["1 Old Wharf", "London"]}, "until": "2003-06-30"},
        {"lines": {"*": ["7 Harbour Gate", "London"]}, "from": "2003-07-01"},
    ]
    directory = with_missions({**EMBASSY, "address": moved}, post_suspended="*")
    assert a_letter_to(directory, on=date(2003, 6, 30)).addressee.block[-2:] == ("1 Old Wharf", "London")
    assert a_letter_to(directory, on=date(2003, 7, 1)).addressee.block[-2:] == ("7 Harbour Gate", "London")


def test_a_mission_without_an_address_on_the_day_forwards_nothing() -> None:
    later = {**EMBASSY, "address": {"lines": {"*": ["7 Harbour Gate"]}, "from": "2004"}}
    assert (
        "Please forward"
        not in a_letter_to(with_missions(later, post_suspended="*"), on=DAY.replace(2003)).addressee.block
    )


def test_the_bulletin_has_the_way_on_which_letters_from_the_campaigns_country_go() -> None:
    directory = with_missions(EMBASSY, post_suspended="GBR")
    appeal = an_appeal(recipients=(a_recipient(directory).id,))
    made = {
        home: publish(
            appeal,
            campaign=a_campaign(country=home),
            phrases=phrases(),
            directories={directory.id: directory},
            on=DAY,
        ).addressees[0]
        for home in ("GBR", "FRA")
    }
    assert made["GBR"].block[0] == "Please forward"
    assert made["FRA"].block == address_from_abroad(directory)


def address_from_abroad(directory: Directory) -> tuple[str, ...]:
    return address(a_recipient(directory), "en", DAY).block


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({}, (), id="post runs"),
        pytest.param(
            {"post_suspended": "GBR", "missions": [EMBASSY]},
            ("post from GBR is suspended; letters go c/o the mission there",),
            id="a mission forwards",
        ),
        pytest.param(
            {"post_suspended": "GBR"},
            ("post from GBR is suspended; no mission there can forward letters",),
            id="no mission",
        ),
    ],
)
def test_suspended_post_is_said_in_words(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    missions = changes.get("missions", [])
    directory = with_missions(*missions, **{key: value for key, value in changes.items() if key != "missions"})
    assert suspended(directory, "GBR", DAY) == words
