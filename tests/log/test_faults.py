"""What the disk refuses is not recorded, and what was recorded is there; processes that race do not both win."""

from __future__ import annotations

import multiprocessing
import resource
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.log.builders import approved, event
from tests.log.conftest import Opens
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.errors import LogCorrupt, LogUnwritable
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log

SPAWN = multiprocessing.get_context("spawn")


def test_what_a_full_disk_refuses_is_not_recorded_and_what_was_recorded_is_there(tmp_path: Path) -> None:
    here, there = SPAWN.Pipe()
    writer = SPAWN.Process(target=write_until_full, args=(tmp_path / "outbox", there))
    writer.start()
    there.close()
    recorded, reason = here.recv()
    writer.join()
    assert recorded
    assert reason == "LogUnwritable"
    with open_log(None, desk="anna", outbox=tmp_path / "outbox") as log:
        assert [each.id for each in log.events()] == recorded
        assert log.verify() == ()
        log.append(event("noted"))


def write_until_full(outbox: Path, told: Connection) -> None:
    """Record events until the disk is full: no file may become larger than that."""
    recorded: list[str] = []
    with open_log(None, desk="anna", outbox=outbox) as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        try:
            while len(recorded) < 10_000:
                recorded += [each.id for each in log.append(event("noted"))]
        except LogUnwritable as error:
            # Once full, it stays refused.
            with pytest.raises(LogUnwritable):
                log.append(event("noted"))
            told.send((recorded, type(error).__name__))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_of_several_processes_that_want_the_same_items_each_item_goes_to_one(
    log: Log, url: str, tmp_path: Path
) -> None:
    items = [f"item-{number}" for number in range(30)]
    approved(log, *items)
    pipes = [SPAWN.Pipe() for _ in range(3)]
    racers = [SPAWN.Process(target=claim_all, args=(url, log.epoch.path.parent, items, there)) for _, there in pipes]
    for racer in racers:
        racer.start()
    for _, there in pipes:
        there.close()  # so that a racer that dies is told, and not waited for
    won = Counter(item for here, _ in pipes for item in here.recv())
    for racer in racers:
        racer.join()
    assert won == dict.fromkeys(items, 1)
    assert {state.state for state in log.states(items).values()} == {State.CLAIMED}
    assert log.verify() == ()


def claim_all(url: str, outbox: Path, items: list[str], told: Connection) -> None:
    """Take up what can be had, and tell what that was."""
    with open_log(url, desk=outbox.name, outbox=outbox, busy_timeout=60) as log:
        told.send([item for item in items if log.transition(event("claimed", item), WAITING) is not None])


def test_without_a_look_at_the_state_in_the_same_transaction_both_would_win(log: Log, opens: Opens) -> None:
    """The counter-test: state first, event after, as a naive sender does."""
    other = opens(desk="berta", outbox=log.epoch.path.parent.parent / "berta")
    approved(log, "item-1")
    waits = [each.state("item-1").state in WAITING for each in (log, other)]
    for each in (log, other):
        naively(each, event("claimed", attempt=1))
    assert waits == [True, True]
    assert [claim.desk for claim in log.events(kinds={EventKind.CLAIMED})] == ["anna", "berta"]


def naively(log: Log, new: NewEvent) -> None:
    log.writer.write(lambda connection: log.add(connection, [new], [uuid4().hex], freely=True), lambda _: None)


def test_an_event_that_cannot_be_read_is_told_as_damage(sqlite_log: Log) -> None:
    sqlite_log.append(event("noted"))
    with sqlite_log.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER events_no_update"))
        connection.execute(text("UPDATE events SET event = 'vanished'"))
    with pytest.raises(LogCorrupt, match="cannot be read"):
        list(sqlite_log.events())
