"""Back the log up while others write: the copy is what it was at one moment, and a log of its own on SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from urgent_appeals.errors import LogCorrupt, OutboxError
from urgent_appeals.log import look_up
from urgent_appeals.log.engine import IMMEDIATE, make_engine, told
from urgent_appeals.log.files import published
from urgent_appeals.log.schema import upgrade
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import DESKS, EVENTS, META, PEOPLE

_AT_ONCE = 1000


def back_up(log: Log, path: Path) -> int:
    """Write the whole log, people included, to a new SQLite file that only its owner reads; return its size in bytes.

    Put in the place of `log.db` it is a log again, which then is recognised as the older one it is. Raises OutboxError
    where a file is there already or cannot be written, LogCorrupt where what was written is not sound.
    """
    try:
        with published(path) as part:
            if log.file is not None:
                _copy_file(log, part)
            else:
                _copy_tables(log, part)
            _check(part)
        return path.stat().st_size
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutboxError(str(path), f"{reason}; there is no backup") from error


def _copy_file(log: Log, part: Path) -> None:
    """Have SQLite write what it sees at one moment; what was erased is not in it."""
    with told(log.name):
        connection = log.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(part),))
        except sqlite3.Error as error:
            raise OutboxError(str(part), f"{error}; there is no backup") from error
        finally:
            connection.close()


def _copy_tables(log: Log, part: Path) -> None:
    engine = make_engine(URL.create("sqlite", database=str(part)), busy_timeout=0, role="")
    try:
        upgrade(engine)
        with (
            told(log.name),
            log.engine.connect().execution_options(isolation_level="REPEATABLE READ") as origin,
            engine.connect().execution_options(**IMMEDIATE) as copy,
            origin.begin(),
            copy.begin(),
        ):
            copy.execute(delete(META))
            for table in (META, DESKS, PEOPLE, EVENTS):
                _copy(table, origin, copy)
    except DBAPIError as error:
        raise OutboxError(str(part), f"{error.orig}; there is no backup") from error
    finally:
        engine.dispose()


def _copy(table: Table, origin: Connection, copy: Connection) -> None:
    query = select(table).order_by(table.primary_key.columns[0])
    rows = origin.execution_options(yield_per=_AT_ONCE).execute(query).mappings()
    for batch in look_up.batches(rows, _AT_ONCE):
        copy.execute(insert(table), [dict(row) for row in batch])


def _check(part: Path) -> None:
    with closing(sqlite3.connect(part)) as file:
        (found,) = file.execute("PRAGMA quick_check(1)").fetchone()
        file.execute("PRAGMA journal_mode = DELETE").fetchall()
    if found != "ok":
        raise LogCorrupt(str(part), str(found))
