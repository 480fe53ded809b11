"""Go on from a restored older backup: what may have gone since is unknown, and the desk begins a new chain.

What happened after the backup is lost here, so its numbers are not given out again: another desk may have merged them,
and they may come back from there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select, update

from urgent_appeals.domain.event import Event, EventKind, NewEvent, desk_of, number_of
from urgent_appeals.domain.item_state import GONE, State, item_state
from urgent_appeals.errors import NothingToDo
from urgent_appeals.log import look_up
from urgent_appeals.log.engine import told
from urgent_appeals.log.epoch import Epoch, EpochFile
from urgent_appeals.log.older import restored_reason
from urgent_appeals.log.opening import BUSY_TIMEOUT, noted, prepared
from urgent_appeals.log.outside import outside_of
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import DESKS, EVENTS, META
from urgent_appeals.log.writer import unwritable

_SETTLED: Final = GONE | {State.UNKNOWN}


def accept_restored(  # noqa: PLR0913  # which log, whose word
    url: str | None, *, desk: str, outbox: Path, by: str, at: datetime, busy_timeout: float = BUSY_TIMEOUT
) -> tuple[Event, ...]:
    """Accept, on a person's word, that the log is older than what this desk last wrote to it; return what it records.

    That is one event `restored`, and `unknown` for each item that may have gone since: all that the backup does not
    know as gone, and what this desk had taken up to send, by the note it keeps beside the log. Raises NothingToDo where
    the log is the latest one, AnotherSender while a sender runs, and what `opening.open_log` raises.
    """
    engine, name = prepared(url, desk=desk, outbox=outbox, busy_timeout=busy_timeout, thorough=True)
    try:
        with told(name), engine.connect() as connection:
            log_id, file = noted(engine, outbox)
            chains = look_up.chains(connection, desk)
        with told(name):
            reason = restored_reason(engine, file, log_id, desk)
        if reason is None:
            raise NothingToDo(f"the log {name} is the one that this desk last wrote to")
        chain = _next_chain(desk, (*chains, *([epoch.chain] if (epoch := file.read()) is not None else [])))
        if engine.dialect.name == "sqlite":  # from now on it is another log than the one that it was, or is a copy of
            log_id = uuid.uuid4().hex
            file = EpochFile(outbox.resolve(), outside_of(log_id, Path(str(engine.url.database))))
        log = Log(engine, name=name, log_id=log_id, chain=chain, epoch=file)
        try:
            with log.alone():
                return _recorded(log, desk, NewEvent(at=at, by=by, event=EventKind.RESTORED, detail={"why": reason}))
        finally:
            log.close()
    finally:
        engine.dispose()


def _next_chain(desk: str, chains: tuple[str, ...]) -> str:
    numbers = [number_of(chain) for chain in chains if desk_of(chain) == desk]
    return f"{desk}~{max(numbers, default=1) + 1}"


def _recorded(log: Log, desk: str, restored: NewEvent) -> tuple[Event, ...]:
    before = log.epoch.read()

    def work(connection: Connection) -> tuple[tuple[Event, ...], int]:
        connection.execute(insert(DESKS), {"chain": log.desk, "desk": desk})
        generation = max(int(look_up.meta(connection, "generation") or 0), before.generation if before else 0) + 1
        for key, value in (("generation", str(generation)), ("log", log.id)):
            connection.execute(update(META).where(META.c.key == key).values(value=value))
        events = [restored, *_unknown(log, connection, restored)]
        return log.add(connection, events, [uuid.uuid4().hex for _ in events], freely=True), generation

    def done(connection: Connection) -> tuple[tuple[Event, ...], int] | None:
        if log.desk not in look_up.chains(connection, desk):
            return None
        own = look_up.filtered(EVENTS.c.desk == log.desk, limit=None, latest=False)
        return tuple(look_up.stream(connection, own)), int(look_up.meta(connection, "generation") or 0)

    recorded, generation = log.writer.write(work, done)
    last = recorded[-1]
    try:
        place = {"chain": log.desk, "seq": last.seq, "hash": last.hash, "seen": last.id}
        log.epoch.write(Epoch(log=log.id, generation=generation, installation=uuid.uuid4().hex, **place))
    except OSError as error:
        raise unwritable(log.epoch.path.name, error) from error
    return recorded


def _unknown(log: Log, connection: Connection, restored: NewEvent) -> Iterator[NewEvent]:
    """Yield `unknown` for what the backup does not know as gone, and for what it does not know at all."""
    seen: set[str] = set()
    items = connection.execute(select(EVENTS.c.item).where(EVENTS.c.item.is_not(None)).distinct()).scalars().all()
    for batch in look_up.batches(items):
        for item, events in look_up.of_items(connection, batch).items():
            seen.add(item)
            if item_state(events).state not in _SETTLED:
                last = events[-1]
                yield _of(restored, item, last.code, last.recipient, last.channel)
    for item, code, recipient, channel in log.epoch.claimed():
        if item not in seen:
            seen.add(item)
            yield _of(restored, item, code, recipient, channel)


def _of(restored: NewEvent, item: str, code: str | None, recipient: str | None, channel: str | None) -> NewEvent:
    return NewEvent(
        at=restored.at,
        by=restored.by,
        event=EventKind.UNKNOWN,
        item=item,
        code=code,
        recipient=recipient,
        channel=channel,
        detail={"why": "the log was restored from an older backup"},
    )
