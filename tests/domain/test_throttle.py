"""How fast letters leave, and when what was put off is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.throttle import (
    DAY,
    FEWEST,
    LONGEST,
    MOST,
    PATIENCE,
    Limits,
    give_up,
    most_on,
    retry_at,
    room_at,
    wait,
)

AT = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 240), (50, 240)]
)
def test_the_wait_doubles_from_five_minutes_to_four_hours(attempts: int, minutes: int) -> None:
    assert retry_at(attempts, AT) - AT == timedelta(minutes=minutes)


def test_a_letter_is_tried_for_five_days() -> None:
    assert not give_up(10, AT, AT + PATIENCE - timedelta(seconds=1))
    assert give_up(10, AT, AT + PATIENCE)


def test_a_clock_that_jumped_a_year_ahead_gives_nothing_up_at_once() -> None:
    assert not give_up(FEWEST - 1, AT, AT + timedelta(days=365))


def test_a_clock_that_was_set_back_does_not_make_it_try_for_ever() -> None:
    assert give_up(MOST, AT, AT - timedelta(days=365))
    assert not give_up(MOST - 1, AT, AT - timedelta(days=365))


def test_the_most_attempts_are_those_of_five_days() -> None:
    waits = accumulate(retry_at(attempts, AT) - AT for attempts in range(1, MOST))
    assert PATIENCE <= list(waits)[-1] < PATIENCE + 2 * LONGEST


def test_without_a_slow_start_the_first_day_is_like_any_other() -> None:
    assert most_on(Limits(per_day=500), None, AT) == 500


@pytest.mark.parametrize(("days", "most"), [(None, 20), (-400, 20), (0, 20), (1, 40), (2, 80), (3, 100), (10_000, 100)])
def test_a_slow_start_doubles_each_day_up_to_the_limit(days: int | None, most: int) -> None:
    first = AT - timedelta(days=days) if days is not None else None
    assert most_on(Limits(per_day=100, slow_start=20), first, AT) == most


def test_there_is_room_while_less_than_the_most_left_within_a_day() -> None:
    sent = [AT - timedelta(hours=hours) for hours in (1, 2, 25)]
    assert room_at(sent, 3, AT) == AT


def test_without_room_the_oldest_that_counts_has_to_be_a_day_old() -> None:
    sent = [AT - timedelta(hours=hours) for hours in (1, 2, 3)]
    assert room_at(sent, 3, AT) == AT - timedelta(hours=3) + DAY
    assert room_at(sent, 2, AT) == AT - timedelta(hours=2) + DAY


def test_a_clock_that_was_set_back_makes_no_room() -> None:
    assert room_at([AT + timedelta(days=300)], 1, AT) > AT


@given(st.lists(st.integers(-3000, 3000), max_size=30), st.integers(1, 10))
def test_there_are_never_more_than_the_most_within_any_day(minutes: list[int], most: int) -> None:
    sent = [AT + timedelta(minutes=each) for each in minutes]
    room = room_at(sent, most, AT)
    assert sum(room - DAY < moment for moment in sent) < most


@pytest.mark.parametrize(
    ("since_last", "since_domain", "jitter", "seconds"),
    [
        pytest.param(None, None, 0.5, 0, id="the first of all"),
        pytest.param(0, None, 0, 2, id="another domain"),
        pytest.param(0, 0, 0, 10, id="the same domain"),
        pytest.param(3, 3, 0, 7, id="some of it has passed"),
        pytest.param(60, 60, 1, 0, id="all of it has passed"),
        pytest.param(0, 0, 1, 15, id="jitter lengthens it by a half at most"),
    ],
)
def test_a_pause_is_waited_for(
    since_last: float | None, since_domain: float | None, jitter: float, seconds: float
) -> None:
    limits = Limits(pause_seconds=2, per_domain_pause_seconds=10)
    assert wait(limits, since_last=since_last, since_domain=since_domain, jitter=jitter) == seconds
