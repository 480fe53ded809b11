"""A state is what the events amount to, in whatever order they are read and whoever recorded them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.event import Event, EventKind, NewEvent, Place, sealed
from urgent_appeals.domain.item_state import (
    GONE,
    UNSURE,
    WAITING,
    ItemState,
    State,
    item_state,
    may_follow,
    may_have_left,
)

AT = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def event(kind: str, id_: str, *after: str, desk: str = "anna", **detail: Any) -> Event:
    new = NewEvent(at=AT, by="A. B.", event=EventKind(kind), item="item-1", detail=detail)
    return sealed(new, Place(desk=desk, seq=1, id=id_, after=after))


def line(*kinds: str, desk: str = "anna") -> list[Event]:
    """Return events that follow one another, with the ids 1, 2, …"""
    return [
        event(kind, str(number), *([str(number - 1)] if number > 1 else []), desk=desk)
        for number, kind in enumerate(kinds, start=1)
    ]


def test_what_nothing_is_known_of_is_planned() -> None:
    assert item_state([]) == ItemState()
    assert item_state([]).state is State.PLANNED


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        pytest.param(["made"], State.PLANNED, id="made"),
        pytest.param(["made", "approved"], State.APPROVED, id="approved"),
        pytest.param(["approved", "claimed"], State.CLAIMED, id="claimed"),
        pytest.param(["approved", "claimed", "data"], State.DATA, id="about to go"),
        pytest.param(["approved", "claimed", "data", "sent"], State.SENT, id="sent"),
        pytest.param(["approved", "claimed", "data", "unknown"], State.UNKNOWN, id="unknown"),
        pytest.param(["approved", "claimed", "data", "unknown", "approved"], State.APPROVED, id="to go again"),
        pytest.param(["approved", "claimed", "released"], State.APPROVED, id="released"),
        pytest.param(["approved", "claimed", "deferred", "claimed", "failed"], State.FAILED, id="failed at last"),
        pytest.param(["approved", "cancelled", "noted"], State.CANCELLED, id="cancelled and noted"),
        pytest.param(["approved", "claimed", "printed", "posted", "returned"], State.RETURNED, id="returned"),
        pytest.param(["handed-over"], State.SENT, id="by hand"),
        pytest.param(["approved", "claimed", "data", "sent", "bounced"], State.BOUNCED, id="bounced"),
    ],
)
def test_the_last_event_of_one_desk_tells_the_state(kinds: list[str], state: State) -> None:
    assert item_state(line(*kinds)).state is state


def test_claims_are_counted_as_attempts() -> None:
    assert item_state(line("approved", "claimed", "deferred", "claimed", "data")).attempts == 2


def test_what_is_deferred_says_when_it_may_be_tried_again() -> None:
    later = AT + timedelta(minutes=5)
    deferred = event("deferred", "1", next_at=later.isoformat())
    assert item_state([deferred]).next_at == later
    assert item_state([event("deferred", "1")]).next_at is None
    assert item_state([deferred, event("claimed", "2", "1", next_at=later.isoformat())]).next_at is None


# ── undone ──


def by_hand(kind: str, id_: str, *after: str, desk: str = "anna") -> Event:
    return event(kind, id_, *after, desk=desk, by_hand=True)


def undone(id_: str, what: str, desk: str = "anna") -> Event:
    return event("undone", id_, what, desk=desk, undoes=what)


def test_what_is_undone_does_not_hold() -> None:
    found = item_state([event("approved", "1"), by_hand("posted", "2", "1"), undone("3", "2")])
    assert found.state is State.APPROVED
    assert [head.id for head in found.heads] == ["1"]


def test_what_follows_something_undone_still_follows_what_came_before() -> None:
    start = [event("approved", "1"), by_hand("posted", "2", "1"), undone("3", "2")]
    found = item_state([*start, event("cancelled", "4", "2")])
    assert (found.state, [head.id for head in found.heads]) == (State.CANCELLED, ["4"])


def test_where_all_is_undone_the_item_is_planned() -> None:
    assert item_state([by_hand("posted", "1"), undone("2", "1")]) == ItemState()


@pytest.mark.parametrize("desk", ["anna", "mallory"])
def test_what_the_program_recorded_cannot_be_undone(desk: str) -> None:
    events = line("approved", "claimed", "data", "sent")
    found = item_state([*events, *(undone(str(10 + number), str(number), desk) for number in range(1, 5))])
    assert (found.state, found.attempts) == (State.SENT, 1)


def test_what_undoes_an_event_of_another_item_undoes_nothing() -> None:
    assert item_state([by_hand("posted", "1"), undone("2", "of another item")]).state is State.POSTED


# ── two desks ──


def test_what_one_desk_has_sent_is_sent_whatever_the_other_says() -> None:
    start = event("approved", "1")
    sent = event("sent", "2", "1", desk="anna")
    cancelled = event("cancelled", "3", "1", desk="berta")
    for events in ([start, sent, cancelled], [start, cancelled, sent]):
        found = item_state(events)
        assert found.state is State.SENT
        assert {head.id for head in found.heads} == {"2", "3"}
        assert not found.twice


def test_what_two_desks_let_go_not_knowing_of_each_other_went_twice() -> None:
    events = [event("approved", "1"), event("sent", "2", "1"), event("posted", "3", "1", desk="berta")]
    assert item_state(events).twice


def test_what_one_desk_let_go_knowing_of_the_other_did_not_go_unawares() -> None:
    events = [event("sent", "1"), event("bounced", "2", "1"), event("posted", "3", "2", desk="berta")]
    assert not item_state(events).twice
    assert not item_state(reversed(events)).twice


def test_what_one_desk_let_go_twice_it_knew_of() -> None:
    assert not item_state([event("sent", "1"), event("sent", "2")]).twice


def test_what_was_undone_did_not_go_twice() -> None:
    events = [event("sent", "1"), by_hand("sent", "2", desk="berta")]
    assert item_state(events).twice
    assert not item_state([*events, undone("3", "2", "berta")]).twice


MAY_HAVE_GONE = (["data"], ["data", "unknown"], ["unknown"], ["printed"], ["drafted"], ["handed-over"])
DID_NOT_GO = (
    ["claimed"],
    ["data", "failed"],
    ["data", "deferred"],
    ["data", "unknown", "failed"],
    ["printed", "cancelled"],
    ["drafted", "cancelled"],
    ["approved"],
)


def by_berta(kinds: list[str], name: str = "b", desk: str = "berta") -> list[Event]:
    """Return what another desk did, one after the other, knowing nothing of this one."""
    ids = [f"{name}{number}" for number, _ in enumerate(kinds)]
    befores = [[], *([id_] for id_ in ids)]
    return [event(kind, id_, *after, desk=desk) for kind, id_, after in zip(kinds, ids, befores, strict=False)]


@pytest.mark.parametrize("kinds", MAY_HAVE_GONE, ids=" ".join)
def test_what_one_desk_sent_and_another_may_have_may_have_gone_twice(kinds: list[str]) -> None:
    assert item_state([*line("approved", "claimed", "data", "sent"), *by_berta(kinds)]).twice


@pytest.mark.parametrize("kinds", DID_NOT_GO, ids=" ".join)
def test_what_is_known_not_to_have_gone_did_not_go_twice(kinds: list[str]) -> None:
    assert not item_state([*line("approved", "claimed", "data", "sent"), *by_berta(kinds)]).twice


def test_an_answer_that_it_went_outweighs_one_that_it_did_not() -> None:
    answers = [event("failed", "f", "b0", desk="berta"), event("sent", "s", "b0", desk="berta")]
    assert item_state([event("sent", "1"), *by_berta(["data"]), *answers]).twice


def test_what_both_desks_say_of_one_transmission_is_one() -> None:
    said = [event("sent", "3", "2"), event("sent", "4", "2", desk="berta")]
    assert not item_state([*line("data", "unknown"), *said]).twice


@pytest.mark.parametrize(("here", "twice"), [(["sent"], False), (["approved", "claimed", "data"], True)])
def test_what_is_said_of_what_another_desk_holds_is_no_transmission_and_what_is_sent_again_is_one(
    here: list[str], *, twice: bool
) -> None:
    """A person gave the claim of a desk up that went on all the same."""
    held = line("approved", "claimed")
    given_up = event("unknown", "u", "2", desk="berta")
    first, *rest = by_berta(here)
    went_on = [event("data", "3", "2"), event("sent", "4", "3")]
    after = event(first.event.value, first.id, "u", desk="berta")
    assert item_state([*held, given_up, after, *rest, *went_on]).twice is twice


def test_what_is_sent_once_more_after_it_was_unknown_by_two_desks_went_twice() -> None:
    again = [*by_berta(["claimed", "data"], "a", "anna"), *by_berta(["claimed", "data"])]
    assert item_state([*line("data", "unknown"), *again]).twice


@pytest.mark.parametrize(("kind", "twice"), [("unknown", False), ("sent", True)])
def test_what_a_desk_does_not_know_of_itself_any_more_is_no_second_time(kind: str, *, twice: bool) -> None:
    """Having gone on from an older backup it writes a new chain; from another desk it gets back what it had lost."""
    lost = line("approved", "claimed", "data", "sent")
    assert item_state([*lost, event(kind, "new", "1", desk="anna~2")]).twice is twice


def test_events_that_each_follow_the_other_do_not_hold_up() -> None:
    """No program records such events, but an import could bring them."""
    found = item_state([event("approved", "1", "2"), event("claimed", "2", "1")])
    assert found == ItemState()


@pytest.mark.parametrize("kind", ["approved", "cancelled", "failed", "deferred", "released", "claimed"])
@pytest.mark.parametrize("gone", ["sent", "posted", "faxed", "data"])
def test_what_another_desk_says_does_not_free_what_has_gone(gone: str, kind: str) -> None:
    """As an export could say it, which names the event that tells of it as the one before."""
    known = line("approved", "claimed", gone)
    found = item_state([*known, event(kind, "x", "3", desk="berta")])
    if (gone, kind) == ("faxed", "failed"):  # the gateway's word, later
        assert found.state is State.FAILED
    else:
        assert found.state is item_state(known).state
        assert found.is_gone


def test_of_a_mark_the_desk_that_made_it_alone_tells_what_came_of_it() -> None:
    known = line("approved", "claimed", "data")
    assert item_state([*known, event("deferred", "4", "3")]).state is State.DEFERRED
    assert item_state([*known, event("unknown", "4", "3", desk="berta")]).state is State.UNKNOWN


def test_what_undoes_nothing_of_the_kind_is_looked_through_to_what_has_gone() -> None:
    known = [*line("approved", "claimed", "sent"), by_hand("bounced", "4", "3"), undone("5", "4", "anna")]
    assert item_state([*known, event("approved", "6", "4", desk="berta")]).state is State.SENT


@pytest.mark.parametrize("next_at", ["soon", "2026-04-02T09:30", 5, None])
def test_until_a_moment_that_is_none_nothing_waits(next_at: Any) -> None:
    found = item_state([*line("approved", "claimed"), event("deferred", "3", "2", next_at=next_at)])
    assert (found.state, found.next_at) == (State.DEFERRED, None)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (event("claimed", "1"), True),
        (event("posted", "1", by_hand=True), True),
        (event("posted", "1"), False),
        (event("cancelled", "1", by_hand=True), False),
        (event("noted", "1", by_hand=True), False),
    ],
)
def test_what_was_taken_up_or_marked_as_gone_may_have_left(told: Event, *, left: bool) -> None:
    assert may_have_left(told) is left


@given(st.permutations(range(6)))
def test_the_order_in_which_events_are_read_does_not_matter(order: Sequence[int]) -> None:
    events = [
        *line("approved", "claimed", "deferred"),
        event("claimed", "4", "3"),
        by_hand("cancelled", "5", "3", desk="berta"),
        undone("6", "5", "berta"),
    ]
    assert item_state(events[number] for number in order) == item_state(events)


# ── what may follow what ──


@pytest.mark.parametrize("state", State)
def test_what_changes_no_state_may_happen_at_any_time(state: State) -> None:
    for kind in (EventKind.UNDONE, EventKind.NOTED, EventKind.FORGOTTEN, EventKind.RESTORED):
        assert may_follow(state, kind)


@pytest.mark.parametrize("state", [state for state in State if state not in WAITING])
def test_only_what_waits_can_be_taken_up(state: State) -> None:
    assert not may_follow(state, EventKind.CLAIMED)


@pytest.mark.parametrize("state", sorted(WAITING))
def test_what_waits_can_be_taken_up(state: State) -> None:
    assert may_follow(state, EventKind.CLAIMED)


@pytest.mark.parametrize("state", sorted(GONE))
def test_what_is_gone_is_not_approved_again(state: State) -> None:
    """Another transmission is another item, with a number of its own."""
    assert not may_follow(state, EventKind.APPROVED)
    assert not may_follow(state, EventKind.CLAIMED)


def test_what_is_marked_is_not_released() -> None:
    assert not may_follow(State.DATA, EventKind.RELEASED)
    assert may_follow(State.DATA, EventKind.UNKNOWN)
    assert may_follow(State.CLAIMED, EventKind.RELEASED)


def test_what_is_unknown_waits_for_a_person_s_word() -> None:
    assert may_follow(State.UNKNOWN, EventKind.APPROVED)
    assert may_follow(State.UNKNOWN, EventKind.SENT)
    assert not may_follow(State.UNKNOWN, EventKind.DEFERRED)


@pytest.mark.parametrize("state", State)
def test_gone_and_unsure_are_not_to_be_transmitted(state: State) -> None:
    assert ItemState(state=state).is_gone == (state in GONE | UNSURE)
    assert not (GONE | UNSURE) & WAITING
