"""Look through the whole log: the file, the chain of each desk, the guards, and how far this desk had come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql

from urgent_appeals.domain.event import Event, broken_link, desk_of
from urgent_appeals.domain.values import Value
from urgent_appeals.log.engine import told
from urgent_appeals.log.older import restored_reason
from urgent_appeals.log.rows import COLUMNS, case_key, event_of
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import EVENTS

_MOST: Final = 100
"""How many faults are told."""
_GUARDS: Final = {
    "sqlite": frozenset({"events_no_update", "events_no_delete"}),
    "postgresql": frozenset({"events_no_change", "events_no_truncate"}),
}
_GUARDS_THERE: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
}


class Fault(Value):
    """What is wrong; of a desk's event where `desk` and `seq` are given."""

    what: str
    desk: str | None = None
    seq: int | None = None

    def __str__(self) -> str:
        return f"event {self.seq} of the desk {self.desk}: {self.what}" if self.desk is not None else self.what


def verify(log: Log, progress: Callable[[int, int], None] | None = None) -> tuple[Fault, ...]:
    """Return what is wrong with the log, the first hundred faults; `progress` is told how many events of how many.

    An event that was changed, taken out or put in breaks its desk's chain; one taken off the end of it does not, but
    the desk knows from outside how far it had come. Raises LogUnreachable, LogCorrupt.
    """
    with told(log.name), log.engine.connect() as connection:
        faults = [Fault(what=what) for what in _of_the_whole(log, connection)]
        with closing(_of_the_chains(connection, progress)) as found:
            faults += islice(found, max(0, _MOST - len(faults)))
    return tuple(faults)


def _of_the_whole(log: Log, connection: Connection) -> Iterator[str]:
    kind = connection.dialect.name
    if kind == "sqlite":
        told_ = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars()
        yield from (f"the file is damaged: {line}" for line in told_ if line != "ok")
    there = set(connection.execute(sql(_GUARDS_THERE[kind])).scalars())
    yield from (f"the guard {name} against changed events is gone" for name in sorted(_GUARDS[kind] - there))
    reason = restored_reason(log.engine, log.epoch, log.id, desk_of(log.desk))
    if reason is not None:
        yield f"it is not the one that this desk last wrote to: {reason}"


def _of_the_chains(connection: Connection, progress: Callable[[int, int], None] | None) -> Generator[Fault, None, None]:
    total = connection.execute(select(func.count()).select_from(EVENTS)).scalar_one()
    query = select(EVENTS).order_by(EVENTS.c.desk, EVENTS.c.seq)
    before: Event | None = None
    with closing(connection.execution_options(yield_per=500).execute(query)) as result:
        for number, row in enumerate(result.mappings(), start=1):
            if progress is not None and number % 1000 == 0:
                progress(number, total)
            event = _read(row)
            what = _fault(row, event, before if before is not None and before.desk == row["desk"] else None)
            if what is not None:
                yield Fault(desk=row["desk"], seq=row["seq"], what=what)
            before = event


def _fault(row: Mapping[Any, Any], event: Event | None, before: Event | None) -> str | None:
    if event is None:
        return "it is no event that can be read"
    broken = broken_link(event, before)
    if broken is None and row["case_key"] != case_key(event.code):
        return "it is filed under another case than its code's"
    return broken


def _read(row: Mapping[Any, Any]) -> Event | None:
    try:
        return event_of(row[name] for name in COLUMNS)
    except ValueError:
        return None
