"""Take over what another desk exported: every event once, and only what continues a chain that is whole."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from pydantic import JsonValue
from sqlalchemy import Connection, insert

from urgent_appeals import unfinished
from urgent_appeals.domain.event import Event, EventKind, NewEvent, broken_link, desk_of, number_of
from urgent_appeals.domain.item_state import is_undoable, item_state, may_have_left
from urgent_appeals.domain.values import Value
from urgent_appeals.errors import LogExportRefused
from urgent_appeals.log import look_up
from urgent_appeals.log.engine import told
from urgent_appeals.log.exports import counted, write_sqlite
from urgent_appeals.log.imports import read_export
from urgent_appeals.log.rows import COLUMNS, case_key, event_of
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import EVENTS

_AT_ONCE = 1000
_QUOTED = ", ".join(f'"{name}"' for name in COLUMNS)
"""The columns of an event, as a query of what was set aside names them."""


class Merged(Value):
    """What an import brought: new events, those known before, whose they are, and what two desks both sent.

    `twice` are the ids of the items among them that each of two desks let go, not knowing of each other.
    """

    new: int
    known: int
    desks: tuple[str, ...]
    twice: tuple[str, ...]


def merge(log: Log, path: Path, by: str, at: datetime, progress: Callable[[int], None] = lambda _: None) -> Merged:
    """Take over the events of an export that the log does not have; a second time changes nothing.

    All of it is looked through first and set aside, and then taken over in one transaction, or not at all; `progress`
    is told how many events were looked through. An event of this desk notes what was taken over, so that a backup from
    before that is recognised. Raises LogExportRefused where a chain in it is broken, does not
    continue what is known of its desk, or tells another story; where it is that of this desk itself, or undoes what
    nobody marked by hand; LogUnwritable.
    """
    # Beside the log, where there is room for as much: what is set aside may be large.
    with _room(log.epoch.path.with_name("import")) as folder:
        aside = Path(folder) / "events.db"
        reading = _Reading(log, path, progress)
        try:
            new = write_sqlite(reading.new_events(), aside)
        except UnicodeEncodeError as error:  # half a character, which JSON can escape
            raise LogExportRefused(path.name, "a text in it is none") from error
        reading.compare_ends()
        reading.check_undone(aside)
        items: set[str] = set()
        ends: dict[str, JsonValue] = {desk: event.seq for desk, event in reading.last.items()}
        noted = NewEvent(at=at, by=by, event=EventKind.NOTED, detail={"imported": new, "until": ends})
        ids = [uuid.uuid4().hex]

        def work(connection: Connection) -> tuple[Event, ...]:
            reading.check_heads(connection)
            items.update(_insert(connection, aside))
            return log.add(connection, [noted], ids)

        if new:
            # Beforehand, so that it is there whatever comes between: too much of it does no harm.
            noted_before = {item for item, *_ in log.epoch.claimed()}
            log.epoch.note_left(event for event in _left(aside) if event.item not in noted_before)
            log.recorded(work, ids)
    twice = tuple(sorted(_twice(log, items)))
    return Merged(new=new, known=reading.known, desks=tuple(sorted(reading.last)), twice=twice)


def _room(name: Path) -> TemporaryDirectory[str]:
    """Return a new folder for what is set aside; those of imports that were killed go."""
    unfinished.clear(name)
    return TemporaryDirectory(prefix=f"{unfinished.beginning(name)}.", suffix=unfinished.ENDING, dir=name.parent)


class _Reading:
    """One look through an export: each chain is followed from what is known of it here."""

    def __init__(self, log: Log, path: Path, progress: Callable[[int], None]) -> None:
        self.log = log
        self.path = path
        self.progress = progress
        self.known = 0
        self.heads: dict[str, tuple[int, str]] = {}
        self.last: dict[str, Event] = {}
        self.undoing: dict[str, list[tuple[str, int, str | None]]] = {}
        with told(log.name), log.engine.connect() as connection:
            self.own = frozenset(look_up.written_chains(connection)) if log.file is None else frozenset({log.desk})

    def new_events(self) -> Iterator[Event]:
        """Yield the events that follow what is known of their desks; raises LogExportRefused."""
        for event in counted(read_export(self.path), self.progress):
            if event.desk not in self.last:
                self._begin(event)
            before = self.last.get(event.desk)
            broken = broken_link(event, before)
            if broken is not None:
                self._refuse(event.desk, event.seq, broken)
            self.last[event.desk] = event
            seq, hash_ = self.heads[event.desk]
            if event.seq > seq:
                self._look_at(event)
                yield event
                continue
            self.known += 1
            if event.seq == seq and event.hash != hash_:
                self._two_stories(event)

    def compare_ends(self) -> None:
        """Raise LogExportRefused where the export ends, for a desk, in an event that is another one here.

        A chain that agrees in one event agrees in all before it.
        """
        with told(self.log.name), self.log.engine.connect() as connection:
            for desk, event in self.last.items():
                if event.seq < self.heads[desk][0] and look_up.hash_at(connection, desk, event.seq) != event.hash:
                    self._two_stories(event)

    def check_undone(self, aside: Path) -> None:
        """Raise LogExportRefused where a new event undoes one that no person marked, or one of another item."""
        for batch in look_up.batches(sorted(self.undoing)):
            with told(self.log.name), self.log.engine.connect() as connection:
                found = [*look_up.of_ids(connection, batch), *_of_ids(aside, batch)]
            for undone in found:
                for desk, seq, item in self.undoing[undone.id]:
                    if not is_undoable(undone) or undone.item != item:
                        what = f"it undoes what nobody marked by hand: event {undone.seq} of the desk {undone.desk}"
                        self._refuse(desk, seq, what)

    def check_heads(self, connection: Connection) -> None:
        """Raise LogExportRefused where a chain that the export goes on with has become longer meanwhile."""
        for desk, head in self.heads.items():
            if self.last[desk].seq > head[0] and look_up.head(connection, desk) != head:
                raise LogExportRefused(self.path.name, "the log was written to meanwhile; import it again")

    def _begin(self, event: Event) -> None:
        with told(self.log.name), self.log.engine.connect() as connection:
            self.heads[event.desk] = look_up.head(connection, event.desk)
            if event.seq > 1:
                before = look_up.at(connection, event.desk, event.seq - 1)
                if before is None:
                    missing = "the events before it are missing; export the whole log there"
                    self._refuse(event.desk, event.seq, missing)
                self.last[event.desk] = before

    def _look_at(self, event: Event) -> None:
        if any(
            desk_of(event.desk) == desk_of(own) and not 0 < number_of(event.desk) < number_of(own) for own in self.own
        ):
            elsewhere = "this desk's name is used elsewhere, or was before its log was lost here"
            self._refuse(event.desk, event.seq, f"{elsewhere}; give this desk another name (desk: in desk.yaml)")
        if event.undoes is not None:
            self.undoing.setdefault(event.undoes, []).append((event.desk, event.seq, event.item))

    def _two_stories(self, event: Event) -> NoReturn:
        reason = "another event has this number here: two logs are written under the name of this desk"
        self._refuse(event.desk, event.seq, reason)

    def _refuse(self, desk: str, seq: int, reason: str) -> NoReturn:
        raise LogExportRefused(self.path.name, f"event {seq} of the desk {desk}: {reason}")


def _is_of(own: str, chain: str) -> bool:
    """Return whether a chain could only be written here: that of this desk, or one that it may begin some day."""
    return desk_of(chain) == desk_of(own) and not 0 < number_of(chain) < number_of(own)


def _insert(connection: Connection, aside: Path) -> Iterator[str]:
    """Insert what was set aside, and yield the items it is about."""
    with closing(sqlite3.connect(aside)) as file:
        rows = file.execute(f"SELECT {_QUOTED} FROM events ORDER BY n")  # noqa: S608  # our own columns
        while batch := rows.fetchmany(_AT_ONCE):
            records: list[dict[str, Any]] = [dict(zip(COLUMNS, row, strict=True)) for row in batch]
            connection.execute(insert(EVENTS), [{**row, "case_key": case_key(row["code"])} for row in records])
            yield from (row["item"] for row in records if row["item"] is not None)


def _left(aside: Path) -> Iterator[Event]:
    """Yield the events of what was set aside by which letters may have left."""
    with closing(sqlite3.connect(aside)) as file:
        rows = file.execute(f"SELECT {_QUOTED} FROM events ORDER BY n")  # noqa: S608  # our own columns
        yield from filter(may_have_left, map(event_of, rows))


def _of_ids(aside: Path, ids: list[str]) -> Iterator[Event]:
    query = f"SELECT {_QUOTED} FROM events WHERE id IN ({', '.join('?' * len(ids))})"  # noqa: S608  # as above
    with closing(sqlite3.connect(aside)) as file:
        yield from map(event_of, file.execute(query, ids))


def _twice(log: Log, items: set[str]) -> Iterator[str]:
    with told(log.name), log.engine.connect() as connection:
        for batch in look_up.batches(sorted(items)):
            found = look_up.of_items(connection, look_up.touched_by_several(connection, batch))
            yield from (item for item, events in found.items() if item_state(events).twice)
