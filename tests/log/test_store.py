"""The contract of the log, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from tests.log.builders import AT, CASE, CODE, approved, claimed, event, kinds, marked
from tests.log.conftest import Opens
from tests.servers import wait_for
from urgent_appeals.domain.event import FIRST, EventKind, Place, broken_link, sealed
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.errors import AnotherSender, IllegalTransition
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.rows import row_of
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import EVENTS


def test_what_is_appended_is_read_back_the_same(log: Log) -> None:
    given = event(EventKind.MADE, channel="email", attempt=3, detail={"pages": 1, "name": "Қазақстан", "none": None})
    (recorded,) = log.append(given)
    assert list(log.events()) == [recorded]
    assert recorded.model_dump(include=set(type(given).model_fields)) == given.model_dump()
    assert broken_link(recorded, None) is None


def test_an_answer_of_a_mail_server_in_no_known_encoding_is_recorded(log: Log) -> None:
    (recorded,) = log.append(event("noted", detail={"text": "250 принято \udcff\udc80", "nul": "\0"}))
    assert list(log.events()) == [recorded]
    assert log.verify() == ()


def test_the_events_of_a_desk_are_a_chain(log: Log, opens: Opens) -> None:
    with_another = opens(desk="berta", outbox=log_folder(log, "berta"))
    log.append(event("made"), event("approved"))
    log.append(event("noted", None, code=None, recipient=None))
    with_another.append(event("noted"))
    own = [recorded for recorded in log.events() if recorded.desk == "anna"]
    assert [recorded.seq for recorded in own] == [1, 2, 3]
    assert own[0].prev_hash == FIRST
    assert [broken_link(after, before) for before, after in pairwise(own)] == [None, None]
    (other,) = (recorded for recorded in log.events() if recorded.desk == "berta")
    assert (other.seq, other.prev_hash) == (1, FIRST)


def log_folder(log: Log, name: str) -> Path:
    """Return the outbox of another desk that works on the same log."""
    return log.epoch.path.parent.parent / name


def test_an_event_names_the_latest_ones_of_its_item(log: Log) -> None:
    first, second = log.append(event("made"), event("approved"))
    (other,) = log.append(event("made", "item-2"))
    (third,) = log.append(event("cancelled"))
    assert (first.after, second.after, other.after, third.after) == ((), (first.id,), (), (second.id,))


def test_a_state_is_what_the_events_amount_to(log: Log) -> None:
    marked(log, "item-1")
    approved(log, "item-2")
    states = log.states(["item-1", "item-2", "item-3"])
    assert {item: state.state for item, state in states.items()} == {
        "item-1": State.DATA,
        "item-2": State.APPROVED,
        "item-3": State.PLANNED,
    }
    assert log.state("item-1").attempts == 1


def test_the_states_of_a_case_are_those_of_all_its_updates_and_no_other(log: Log) -> None:
    log.append(
        event("approved", "item-1", code=CASE),
        event("approved", "item-2", code=f"{CASE}.02"),
        event("approved", "item-3", code="XAA 007/0326/OBS 022"),
        event("noted", None, code=CASE),
    )
    assert set(log.states_of_case(CASE)) == {"item-1", "item-2"}


def test_the_states_of_thousands_of_items_are_asked_for_at_once(log: Log) -> None:
    items = [f"item-{number}" for number in range(1_500)]
    approved(log, *items)
    assert {state.state for state in log.states(items).values()} == {State.APPROVED}


@pytest.fixture
def told(log: Log) -> Log:
    """A log of four events."""
    log.append(
        event("made", minutes=1),
        event("approved", minutes=2),
        event("made", "item-2", code=f"{CASE}.02", recipient="arlandia/president", minutes=3),
        event("noted", None, code="XAA 007/0326/OBS 022", minutes=4),
    )
    return log


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        pytest.param({}, [1, 2, 3, 4], id="all"),
        pytest.param({"item": "item-1"}, [1, 2], id="an item"),
        pytest.param({"case": CASE}, [1, 2, 3], id="a case"),
        pytest.param({"code": CODE}, [1, 2], id="a code"),
        pytest.param({"kinds": {EventKind.MADE}}, [1, 3], id="a kind"),
        pytest.param({"recipients": {"arlandia/president"}}, [3], id="a recipient"),
        pytest.param({"kinds": set()}, [], id="no kind"),
        pytest.param({"since": AT + timedelta(minutes=3)}, [3, 4], id="since"),
        pytest.param({"limit": 2}, [1, 2], id="the first"),
        pytest.param({"limit": 2, "latest": True}, [3, 4], id="the latest"),
        pytest.param({"limit": 1, "latest": True, "case": CASE}, [3], id="the latest of a case"),
    ],
)
def test_events_are_chosen_in_order_of_arrival(told: Log, choice: dict[str, object], found: list[int]) -> None:
    assert [recorded.seq for recorded in told.events(**choice)] == found  # type: ignore[arg-type]


def test_events_are_counted(told: Log) -> None:
    assert told.count() == 4


def test_events_can_be_added_while_others_are_read(told: Log) -> None:
    reading: Iterator[object] = told.events()
    next(reading)
    told.append(event("noted"))
    assert len(list(reading)) == 3


# ── transitions ──


def test_of_two_who_want_an_item_one_gets_it(log: Log, opens: Opens) -> None:
    approved(log, "item-1")
    other = opens()
    assert log.transition(event("claimed"), WAITING) is not None
    assert other.transition(event("claimed"), WAITING) is None
    assert kinds(log) == ["approved", "claimed"]


def test_what_cannot_happen_to_an_item_is_refused_and_not_recorded(log: Log) -> None:
    marked(log, "item-1")
    with pytest.raises(IllegalTransition, match="is data, so it cannot be claimed"):
        log.transition(event("claimed"), {State.DATA})
    with pytest.raises(IllegalTransition):
        log.append(event("noted"), event("approved"))
    assert kinds(log) == ["approved", "claimed", "data"]


def test_a_transition_is_of_an_item(log: Log) -> None:
    with pytest.raises(ValueError, match="no item"):
        log.transition(event("noted", None), WAITING)


def test_a_claim_and_its_mark_are_numbered(log: Log) -> None:
    claimed(log, "item-1")
    log.append(event("released"))
    again = log.transition(event("claimed"), WAITING)
    mark = log.transition(event("data"), {State.CLAIMED})
    assert again is not None
    assert mark is not None
    assert (again.attempt, mark.attempt) == (2, 2)


def test_nothing_is_recorded_of_nothing(log: Log) -> None:
    assert log.append() == ()
    assert list(log.events()) == []


@pytest.mark.parametrize("statement", ["UPDATE events SET by = 'someone else'", "DELETE FROM events"])
def test_the_database_refuses_to_change_an_event(log: Log, statement: str) -> None:
    log.append(event("made"))
    with log.engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(statement))
    assert kinds(log) == ["made"]


@pytest.mark.parametrize("kind", ["claimed", "data"])
def test_the_database_itself_refuses_a_second_claim_of_one_attempt(log: Log, kind: str) -> None:
    marked(log, "item-1")
    rest = "at, by, event, item, attempt, detail, after, prev_hash, hash"
    again = f"SELECT 99, 'x', desk, 99, {rest} FROM events WHERE event = '{kind}'"
    with log.engine.connect() as connection, pytest.raises(DBAPIError, match=r"(?i)unique"):
        connection.execute(text(f"INSERT INTO events (n, id, desk, seq, {rest}) {again}"))


# ── claims, and the one sender ──


def test_claims_are_what_a_sender_took_up_and_nobody_finished(log: Log) -> None:
    claimed(log, "item-1")
    marked(log, "item-2")
    marked(log, "item-3")
    log.append(event("sent", "item-3"))
    claimed(log, "item-4")
    log.append(event("released", "item-4"))
    approved(log, "item-5")
    assert {(claim.item, claim.event.value) for claim in log.claims()} == {("item-1", "claimed"), ("item-2", "data")}


def test_a_claim_whose_outcome_was_undone_is_a_claim_again(log: Log) -> None:
    marked(log, "item-1")
    (sent,) = log.append(event("sent", detail={"by_hand": True}))
    assert log.claims() == ()
    log.append(event("undone", detail={"undoes": sent.id}))
    assert [claim.event.value for claim in log.claims()] == ["data"]


def test_what_is_settled_by_one_desk_is_not_by_another(log: Log, opens: Opens) -> None:
    """Both take up the same item in one log, as an import may have it; each finishes its own."""
    claimed(log, "item-1")
    (claim,) = log.claims()
    sent = sealed(event("sent"), Place(desk="carl", seq=1, id=uuid4().hex))
    with log.engine.begin() as connection:
        connection.execute(insert(EVENTS), [row_of(sent)])
    assert log.state("item-1").state is State.SENT
    assert log.claims() == (claim,)


def test_only_the_installation_that_made_a_claim_takes_it_back(log: Log) -> None:
    """A copy elsewhere has the same log and desk, and nobody can tell whether its sender lives; a server can."""
    with log.sender_lock():
        claimed(log, "item-1")
    (claim,) = log.claims()
    there = log.epoch.read()
    assert there is not None
    assert claim.detail.get("installation") == (there.installation if log.file else None)
    log.epoch.write(there.model_copy(update={"installation": uuid4().hex}))
    assert log.claims() == (() if log.file else (claim,))


def test_a_second_sender_is_told_of_the_first(log: Log, opens: Opens) -> None:
    other = opens()
    with log.sender_lock():
        with pytest.raises(AnotherSender, match=r"another sender runs \(pid \d+"), other.sender_lock():
            pass
        with pytest.raises(AnotherSender), log.sender_lock():
            pass
    with other.sender_lock():
        pass


def test_the_lock_of_a_sender_that_was_killed_is_free(log: Log, url: str, tmp_path: Path) -> None:
    here, there = multiprocessing.get_context("spawn").Pipe()
    holder = multiprocessing.get_context("spawn").Process(target=hold, args=(url, tmp_path / "outbox", there))
    holder.start()
    there.close()  # so that a holder that dies is told, and not waited for
    assert here.recv() == "held"
    with pytest.raises(AnotherSender, match=re.escape(f"(pid {holder.pid}")), log.sender_lock():
        pass
    holder.kill()
    holder.join()
    wait_for(lambda: is_free(log), "the lock to be free")  # a server takes a moment to see that its client is gone


def is_free(log: Log) -> bool:
    try:
        with log.sender_lock():
            return True
    except AnotherSender:
        return False


def hold(url: str, outbox: Path, told: object) -> None:
    """Be a sender that waits to be killed."""
    with open_log(url, desk="anna", outbox=outbox) as log, log.sender_lock():
        told.send("held")  # type: ignore[attr-defined]
        told.recv()  # type: ignore[attr-defined]
