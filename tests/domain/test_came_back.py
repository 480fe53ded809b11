"""What came back from a recipient needs a word before the next letter goes the same way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from urgent_appeals.domain.came_back import came_back, day_of
from urgent_appeals.domain.event import Event, EventKind, NewEvent, Place, sealed
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import ItemState, item_state
from urgent_appeals.domain.plan import Doubt
from urgent_appeals.domain.values import PartialDate

MINISTER = "arlandia/justice-minister"
CODE = "UAD XAA 001/2026 update 1"


def an_event(kind: str, recipient: str = MINISTER, channel: str = "email", **detail: Any) -> Event:
    new = NewEvent(
        at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        by="MH",
        event=EventKind(kind),
        item="i",
        code=CODE,
        recipient=recipient,
        channel=channel,
        detail=detail,
    )
    return sealed(new, Place(desk="leeds", seq=1, id="e1"))


def after(event: Event) -> ItemState:
    return item_state([event])


@pytest.mark.parametrize("via", [Via.EMAIL, Via.DRAFTS])
@pytest.mark.parametrize("channel", ["email", "drafts"])
def test_mail_that_bounced_speaks_against_more_mail_however_it_went(via: Via, channel: str) -> None:
    found = came_back([after(an_event("bounced", channel=channel))], MINISTER, via)
    assert found == {Doubt.BOUNCED: f"mail bounced on 2026-11-20 ({CODE})"}


def test_post_that_was_returned_speaks_against_more_post() -> None:
    found = came_back([after(an_event("returned", channel="post", date="2026-11-03"))], MINISTER, Via.POST)
    assert found == {Doubt.RETURNED: f"post was returned on 2026-11-03 ({CODE})"}


@pytest.mark.parametrize(
    ("event", "via"),
    [
        pytest.param(an_event("bounced"), Via.POST, id="mail bounced, and post is to go"),
        pytest.param(an_event("bounced"), Via.FAX, id="mail bounced, and a fax is to go"),
        pytest.param(an_event("bounced", channel="fax"), Via.EMAIL, id="a fax failed, and mail is to go"),
        pytest.param(an_event("returned", channel="post"), Via.EMAIL, id="post was returned, and mail is to go"),
        pytest.param(an_event("sent"), Via.EMAIL, id="nothing came back"),
        pytest.param(an_event("bounced", recipient="arlandia/president"), Via.EMAIL, id="of somebody else"),
    ],
)
def test_nothing_else_speaks_against_a_letter(event: Event, via: Via) -> None:
    assert came_back([after(event)], MINISTER, via) == {}


def test_a_fax_that_failed_speaks_against_more_faxes() -> None:
    assert list(came_back([after(an_event("bounced", channel="fax"))], MINISTER, Via.FAX)) == [Doubt.BOUNCED]


@pytest.mark.parametrize(("checked", "counts"), [("2026-11-19", True), ("2026-11-20", True), ("2026-11-21", False)])
def test_it_counts_until_somebody_has_checked_the_entry_after_it(checked: str, *, counts: bool) -> None:
    day = PartialDate.model_validate(checked)
    assert bool(came_back([after(an_event("bounced"))], MINISTER, Via.EMAIL, day)) == counts


def test_several_are_all_said_and_each_once() -> None:
    states = [after(an_event("bounced")), after(an_event("bounced")), after(an_event("bounced", date="2026-10-01"))]
    words = came_back(states, MINISTER, Via.EMAIL)[Doubt.BOUNCED]
    assert words == f"mail bounced on 2026-11-20 ({CODE}); mail bounced on 2026-10-01 ({CODE})"


@pytest.mark.parametrize(
    ("detail", "day"),
    [
        ({}, date(2026, 11, 20)),
        ({"date": "2026-11-01"}, date(2026, 11, 1)),
        ({"date": "2026-11-01T09:30:00+00:00"}, date(2026, 11, 20)),
        ({"date": 7}, date(2026, 11, 20)),
    ],
)
def test_the_day_is_the_one_that_was_noted_else_the_one_of_the_record(detail: dict[str, Any], day: date) -> None:
    assert day_of(an_event("bounced", **detail)) == day
