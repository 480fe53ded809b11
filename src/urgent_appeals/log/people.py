"""Keep personal data of supporters apart from the events, under random ids, so that it can be erased for good."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue
from sqlalchemy import Connection, delete, insert, select

from urgent_appeals.domain.event import Event, EventKind, NewEvent
from urgent_appeals.domain.values import Value
from urgent_appeals.errors import LogUnwritable, NothingToDo, OutboxError
from urgent_appeals.log.engine import fault, told
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import PEOPLE


class Forgotten(Value):
    """What was erased: the event that says so, naming the random id alone, and the files that are gone."""

    event: Event
    files: tuple[Path, ...]


def remember(log: Log, data: Mapping[str, JsonValue]) -> str:
    """Keep the data of a supporter and return the random id that events may name; raises LogUnwritable."""
    id_ = uuid.uuid4().hex
    row = {"id": id_, "data": json.dumps(dict(data), ensure_ascii=False)}

    def work(connection: Connection) -> str:
        connection.execute(insert(PEOPLE), row)
        return id_

    return log.writer.write(work, lambda connection: id_ if _found(connection, id_) is not None else None)


def recall(log: Log, id_: str) -> dict[str, JsonValue] | None:
    """Return the data of a supporter, or None where there is none."""
    with told(log.name), log.engine.connect() as connection:
        return _found(connection, id_)


def people(log: Log) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    """Yield id and data of every supporter."""
    with told(log.name), log.engine.connect() as connection:
        for id_, data in connection.execute(select(PEOPLE.c.id, PEOPLE.c.data).order_by(PEOPLE.c.id)):
            yield id_, json.loads(data)


def forget(log: Log, id_: str, *, files: Collection[Path] = (), by: str, at: datetime) -> Forgotten:
    """Erase a supporter: the files that hold their data, their row, and its traces in the database's own files.

    Interrupted, it is to be done again: files go first, and who is forgotten already is erased once more. Backups made
    before still have the data. Raises NothingToDo where nobody has the id, OutboxError where a file cannot be removed,
    LogUnwritable where another program keeps the database from letting go of the traces.
    """
    before = _forgotten(log, id_)
    if before is None and recall(log, id_) is None:
        raise NothingToDo(f"nobody in the log {log.name} has the id {id_}")
    removed = tuple(path for path in files if _remove(path))
    new = NewEvent(at=at, by=by, event=EventKind.FORGOTTEN, detail={"person": id_})
    ids = [uuid.uuid4().hex]

    def work(connection: Connection) -> tuple[Event, ...]:
        connection.execute(delete(PEOPLE).where(PEOPLE.c.id == id_))
        return log.add(connection, [new], ids)

    event = before or log.recorded(work, ids)[0]
    _scrub(log)
    return Forgotten(event=event, files=removed)


def _found(connection: Connection, id_: str) -> dict[str, JsonValue] | None:
    data = connection.execute(select(PEOPLE.c.data).where(PEOPLE.c.id == id_)).scalar()
    return None if data is None else dict(json.loads(data))


def _forgotten(log: Log, id_: str) -> Event | None:
    with closing(log.events(kinds={EventKind.FORGOTTEN})) as found:
        return next((event for event in found if event.detail.get("person") == id_), None)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutboxError(str(path), f"{(error.strerror or str(error)).lower()}; nobody is forgotten yet") from error
    return True


def _scrub(log: Log) -> None:
    """Write the database anew without what was erased, and empty what SQLite writes ahead."""
    log.writer.close()
    connection = log.engine.raw_connection()
    try:
        if log.file is None:
            connection.rollback()
            connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
            connection.cursor().execute("VACUUM FULL people")
            return
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LogUnwritable(log.name, "another program is reading it, and traces are left; forget once more")
    except log.engine.dialect.loaded_dbapi.Error as error:
        raise fault(log.name, error, writing=True) from error
    finally:
        connection.invalidate() if log.file is None else connection.close()
