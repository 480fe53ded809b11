"""What an appeal is on a day, and the last day to write by each channel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_appeal
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Channel
from urgent_appeals.domain.letter import Deadline
from urgent_appeals.domain.standing import Standing, State, deadlines, last_day, newest_out, standing

ISSUED = "2026-03-20"
DAY = timedelta(days=1)


def an_issue(update: int = 0, *, kind: str = "update", issued: str | None = ISSUED, **changes: Any) -> Appeal:
    """Return the appeal of an update of the case, with a deadline of 15 May unless told."""
    dates = {
        "issued": issued,
        "act_by": changes.pop("act_by", "2026-05-15"),
        "embargo": changes.pop("embargo", None),
    }
    code = "XAA 007/0326/OBS 021" + (f".{update:02}" if update else "")
    return an_appeal(code=code, kind=kind, dates=dates, **changes)


def on(day: str, *case: Appeal) -> State:
    """Return the state of the first of the appeals on a day."""
    return standing(case[0], case, date.fromisoformat(day)).state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2026-03-19", State.EMBARGOED, id="the day before its issue"),
        pytest.param("2026-03-20", State.OPEN, id="the day of issue"),
        pytest.param("2026-05-15", State.OPEN, id="the last day"),
        pytest.param("2026-05-16", State.EXPIRED, id="the day after"),
    ],
)
def test_an_appeal_is_open_from_its_issue_to_its_last_day(day: str, state: State) -> None:
    assert on(day, an_issue()) is state


@pytest.mark.parametrize(("day", "state"), [("2026-05-01", State.OPEN), ("2026-05-02", State.EXPIRED)])
def test_without_a_deadline_an_appeal_is_open_for_six_weeks(day: str, state: State) -> None:
    assert on(day, an_issue(act_by={})) is state


def test_the_latest_day_of_any_channel_is_the_last() -> None:
    act_by = {"post": "2026-04-01", "email": "2026-04-20", "fax": "2026-04-10"}
    assert last_day(an_issue(act_by=act_by)) == date(2026, 4, 20)
    assert on("2026-04-20", an_issue(act_by=act_by)) is State.OPEN
    assert on("2026-04-21", an_issue(act_by=act_by)) is State.EXPIRED


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2026-03-20", State.EMBARGOED, id="issued, still embargoed"),
        pytest.param("2026-03-24", State.EMBARGOED, id="the day before the embargo ends"),
        pytest.param("2026-03-25", State.OPEN, id="the first day it may be used"),
    ],
)
def test_an_embargo_holds_until_its_day(day: str, state: State) -> None:
    assert on(day, an_issue(embargo="2026-03-25")) is state


def test_an_embargo_before_the_issue_does_not_bring_it_forward() -> None:
    assert on("2026-03-19", an_issue(embargo="2026-03-01")) is State.EMBARGOED


@pytest.mark.parametrize(
    ("appeal", "reason"),
    [
        pytest.param(an_issue(draft=True), "it is marked as a draft", id="marked"),
        pytest.param(an_issue(issued=None), "it has no date of issue", id="without a date of issue"),
    ],
)
def test_a_draft_is_a_draft_on_every_day(appeal: Appeal, reason: str) -> None:
    for day in (date.min, date(2026, 4, 1), date.max):
        assert standing(appeal, (appeal,), day) == Standing(state=State.DRAFT, reason=reason)


LATER = "2026-04-10"


@pytest.mark.parametrize(
    ("later", "day", "state"),
    [
        pytest.param(an_issue(1, issued=LATER), "2026-04-09", State.OPEN, id="the day before the update"),
        pytest.param(an_issue(1, issued=LATER), "2026-04-10", State.SUPERSEDED, id="the day of the update"),
        pytest.param(an_issue(1, issued=LATER), "2026-06-01", State.SUPERSEDED, id="superseded before expired"),
        pytest.param(
            an_issue(1, issued=LATER, act_by="2026-04-11"),
            "2026-04-20",
            State.SUPERSEDED,
            id="expired update",
        ),
        pytest.param(
            an_issue(1, issued=LATER, embargo="2026-04-15"),
            "2026-04-14",
            State.OPEN,
            id="the update is embargoed",
        ),
        pytest.param(
            an_issue(1, issued=LATER, embargo="2026-04-15"),
            "2026-04-15",
            State.SUPERSEDED,
            id="the embargo has ended",
        ),
        pytest.param(an_issue(1, issued=LATER, draft=True), "2026-04-20", State.OPEN, id="the update is a draft"),
        pytest.param(an_issue(1, issued=None), "2026-04-20", State.OPEN, id="the update is not dated"),
        pytest.param(an_issue(1, issued=LATER, kind="stop"), "2026-04-09", State.OPEN, id="a stop to come"),
        pytest.param(an_issue(1, issued=LATER, kind="stop"), "2026-04-10", State.STOPPED, id="the day of the stop"),
        pytest.param(an_issue(1, issued=LATER, kind="stop"), "2026-06-01", State.STOPPED, id="stopped before expired"),
        pytest.param(an_issue(1, issued=LATER, kind="stop", draft=True), "2026-04-20", State.OPEN, id="a drafted stop"),
        pytest.param(
            an_issue(1, issued=LATER, kind="stop", embargo="2026-04-15"),
            "2026-04-14",
            State.OPEN,
            id="an embargoed stop",
        ),
    ],
)
def test_a_later_appeal_counts_once_it_is_out(later: Appeal, day: str, state: State) -> None:
    assert on(day, an_issue(), later) is state


def test_a_series_that_follows_the_case_replaces_nothing() -> None:
    other = an_appeal(
        code="XAA 008/0326/OBS 022", follows="XAA 007/0326/OBS 021", dates={"issued": LATER, "act_by": "2026-05-15"}
    )
    assert on("2026-04-20", an_issue(), other) is State.OPEN


def test_the_newest_appeal_that_is_out_is_found() -> None:
    case = (an_issue(), an_issue(1, issued=LATER), an_issue(2, issued="2026-05-01"))
    assert newest_out(case[0], case, date(2026, 4, 20)) is case[1]
    assert newest_out(case[2], case, date(2026, 4, 20)) is case[2]


def test_an_appeal_of_another_case_changes_nothing() -> None:
    other = an_appeal(code="XAA 008/0326/OBS 022.01", dates={"issued": "2026-03-21"}, kind="stop")
    assert on("2026-04-01", an_issue(), other) is State.OPEN


def test_an_earlier_appeal_changes_nothing() -> None:
    assert on("2026-04-20", an_issue(1, issued=LATER), an_issue(kind="stop")) is State.OPEN


def test_a_stop_is_stopped_from_its_issue() -> None:
    stop = an_issue(2, kind="stop", issued=LATER)
    assert on("2026-04-09", stop, an_issue()) is State.EMBARGOED
    assert on("2026-04-10", stop, an_issue()) is State.STOPPED
    assert on("2030-01-01", stop, an_issue()) is State.STOPPED


CASE = (
    an_issue(0, kind="new"),
    an_issue(1, issued="2026-04-01"),
    an_issue(2, issued="2026-04-10", kind="stop"),
    an_issue(3, issued="2026-04-20"),
)


@pytest.mark.parametrize(
    ("day", "states"),
    [
        pytest.param("2026-04-09", "superseded open embargoed embargoed", id="before the stop"),
        pytest.param("2026-04-10", "stopped stopped stopped embargoed", id="stopped"),
        pytest.param("2026-04-20", "superseded superseded superseded open", id="the case goes on"),
        pytest.param("2026-05-16", "superseded superseded superseded expired", id="expired"),
    ],
)
def test_an_update_after_a_stop_takes_the_case_up_again(day: str, states: str) -> None:
    judged = [standing(appeal, CASE, date.fromisoformat(day)).state.value for appeal in CASE]
    assert judged == states.split()


@given(st.dates(date(2026, 3, 1), date(2026, 6, 30)), st.permutations(CASE))
def test_the_order_of_the_case_does_not_matter(day: date, case: list[Appeal]) -> None:
    assert [standing(a, case, day) for a in CASE] == [standing(a, CASE, day) for a in CASE]


@given(st.dates(date(2026, 3, 1), date(2026, 6, 30)))
def test_at_most_one_appeal_of_a_case_is_open(day: date) -> None:
    assert sum(standing(appeal, CASE, day).is_open for appeal in CASE) <= 1


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2026-03-19", State.EMBARGOED, id="before its window"),
        pytest.param("2026-03-20", State.OPEN, id="the first day of its window"),
        pytest.param("2026-05-15", State.OPEN, id="the last day of its window"),
        pytest.param("2026-05-16", State.HISTORICAL, id="after its window"),
    ],
)
def test_letters_on_a_historical_appeal_are_made_for_days_of_its_window(day: str, state: State) -> None:
    assert on(day, an_issue(historical=True)) is state


def test_a_historical_appeal_is_superseded_within_its_window_only() -> None:
    case = (an_issue(historical=True), an_issue(1, issued=LATER, historical=True))
    assert on("2026-04-10", *case) is State.SUPERSEDED
    assert on("2026-05-16", *case) is State.HISTORICAL


@pytest.mark.parametrize(
    ("case", "day", "reason"),
    [
        pytest.param((an_issue(),), "2026-04-01", "", id="open"),
        pytest.param((an_issue(),), "2026-03-01", "it may not be used before 2026-03-20", id="not issued"),
        pytest.param(
            (an_issue(embargo="2026-03-25"),),
            "2026-03-21",
            "it may not be used before 2026-03-25",
            id="embargo",
        ),
        pytest.param((an_issue(),), "2026-05-16", "its last day was 2026-05-15", id="expired"),
        pytest.param(
            (an_issue(act_by={}),),
            "2026-05-16",
            "its last day was 2026-05-01, six weeks after its issue, since it names no deadline",
            id="expired, assumed",
        ),
        pytest.param(
            CASE,
            "2026-04-20",
            "XAA 007/0326/OBS 021.03 of 2026-04-20 replaces it; write on that one",
            id="superseded by the newest",
        ),
        pytest.param(
            CASE, "2026-04-19", "XAA 007/0326/OBS 021.02 of 2026-04-10 ended the letter-writing", id="stopped"
        ),
        pytest.param(
            (an_issue(historical=True),),
            "2030-01-01",
            "it is kept as history: letters can be made for days from 2026-03-20 to 2026-05-15 only (--on)",
            id="historical",
        ),
    ],
)
def test_the_reason_says_what_is_so_and_what_to_do(case: tuple[Appeal, ...], day: str, reason: str) -> None:
    assert standing(case[0], case, date.fromisoformat(day)).reason == reason


def test_only_open_is_open() -> None:
    assert [state for state in State if Standing(state=state).is_open] == [State.OPEN]


def days(appeal: Appeal, *channels: Channel) -> dict[str, str]:
    return {deadline.channel: deadline.act_by.isoformat() for deadline in deadlines(appeal, channels)}


@pytest.mark.parametrize(
    ("act_by", "post", "email"),
    [
        pytest.param("2026-05-15", "2026-05-08", "2026-05-15", id="one day for all, post a week earlier"),
        pytest.param({"post": "2026-05-01", "email": "2026-05-15"}, "2026-05-01", "2026-05-15", id="a day for each"),
        pytest.param({"email": "2026-05-15"}, "2026-05-08", "2026-05-15", id="post a week before the last"),
        pytest.param({"post": "2026-05-01"}, "2026-05-01", "2026-05-01", id="post alone is the last for all"),
        pytest.param({"*": "2026-05-15", "post": "2026-05-14"}, "2026-05-14", "2026-05-15", id="post said otherwise"),
        pytest.param({"*": "2026-04-15", "fax": "2026-05-15"}, "2026-04-08", "2026-04-15", id="the general day counts"),
        pytest.param("2026-03-27", "2026-03-20", "2026-03-27", id="post on the very day of issue"),
        pytest.param("2026-03-26", "2026-03-20", "2026-03-26", id="post never before the issue"),
        pytest.param({}, "2026-04-24", "2026-05-01", id="six weeks assumed"),
    ],
)
def test_each_channel_has_its_last_day_to_set_out(act_by: Any, post: str, email: str) -> None:
    assert days(an_issue(act_by=act_by), "post", "email") == {"post": post, "email": email}


def test_deadlines_stand_in_the_order_of_the_channels_asked_for() -> None:
    assert list(days(an_issue(), "fax", "post", "hand", "web")) == ["fax", "post", "hand", "web"]


def test_a_deadline_says_when_it_is_assumed() -> None:
    assert deadlines(an_issue(act_by={}), ["fax"]) == (Deadline(channel="fax", act_by=date(2026, 5, 1), assumed=True),)
    assert deadlines(an_issue(), ["fax"]) == (Deadline(channel="fax", act_by=date(2026, 5, 15)),)


@pytest.mark.parametrize("appeal", [an_issue(issued=None), an_issue(kind="stop"), an_issue(kind="stop", act_by={})])
def test_there_is_no_day_to_write_by_before_an_issue_and_after_a_stop(appeal: Appeal) -> None:
    assert deadlines(appeal, ("post", "email")) == ()


def test_an_appeal_without_a_date_of_issue_has_no_last_day() -> None:
    with pytest.raises(ValueError, match=r"XAA 007/0326/OBS 021 has no date of issue"):
        last_day(an_issue(issued=None))


def test_the_calendar_has_an_end_and_a_beginning() -> None:
    assert last_day(an_issue(issued="9999-12-31", act_by={})) == date.max
    assert days(an_issue(issued="0001-01-01", act_by="0001-01-02"), "post") == {"post": "0001-01-01"}
