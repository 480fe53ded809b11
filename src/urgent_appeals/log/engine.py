"""Connect to the database: every connection is set to keep what is written, and is asked whether it will."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from urgent_appeals.errors import LogCorrupt, LogError, LogNotDurable, LogUnreachable, LogUnwritable
from urgent_appeals.log.files import new_file
from urgent_appeals.unfinished import settle

IMMEDIATE: Final = {"appeals_immediate": True}
"""The execution option of a connection whose transactions write: SQLite locks the file as they begin."""
_LOCKS: Final = 0x41504C47
"""The class of this program's advisory locks on PostgreSQL."""
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SQLITE: Final = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit is on the disk before it is told
    "secure_delete": 1,  # what is erased is overwritten
    "trusted_schema": 0,
    "cell_size_check": 1,
}
_MACOS: Final = {"fullfsync": 1, "checkpoint_fullfsync": 1}
_POSTGRESQL: Final[Mapping[str, tuple[str, ...]]] = {
    "synchronous_commit": ("on", "remote_apply"),
    "fsync": ("on",),
    "full_page_writes": ("on",),
}


def address(url: str | None, outbox: Path) -> URL:
    """Return the parsed database URL: by default `log.db` in the outbox; a relative path counts from the workspace.

    Raises LogUnreachable for another kind of database than SQLite and PostgreSQL, and for SQLite in memory.
    """
    if not url:
        return URL.create("sqlite", database=str(outbox.resolve() / "log.db"))
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise LogUnreachable("in the settings", "its address is no database URL") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise LogUnreachable(shown(parsed), "it is to be an SQLite or a PostgreSQL database")
    if parsed.database in (None, "", ":memory:") or parsed.query:
        raise LogUnreachable(shown(parsed), "it is to be the path of a file, without options")
    return URL.create("sqlite", database=str((outbox.resolve().parent / str(parsed.database)).absolute()))


def shown(url: URL) -> str:
    """Return how messages name the log: the path of its file, or its URL without a password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def make_engine(url: URL, *, busy_timeout: float, role: str) -> Engine:
    """Return an engine whose connections wait at most `busy_timeout` seconds for a lock.

    Each connection raises LogNotDurable where the database would not keep what is written. `role` is how the server
    and other senders see us. Raises LogUnreachable where the driver is not installed.
    """
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, hide_parameters=True, connect_args={"timeout": busy_timeout})
        else:
            engine = create_engine(
                url,
                hide_parameters=True,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                connect_args={
                    "connect_timeout": 10,
                    "application_name": role,
                    "options": f"-c synchronous_commit=on -c lock_timeout={int(busy_timeout * 1000)}",
                },
            )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise LogUnreachable(shown(url), "for PostgreSQL install the extra: urgent-appeals[team]") from error
    is_sqlite = engine.dialect.name == "sqlite"
    set_up = _set_up_sqlite if is_sqlite else _check_postgresql

    def on_connect(connection: Any, _record: object) -> None:
        try:
            set_up(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            connection.close()
            raise fault(shown(url), error) from error
        except LogNotDurable:
            connection.close()
            raise

    event.listen(engine, "connect", on_connect)
    if is_sqlite:
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    wanted = {**_SQLITE, **_MACOS} if sys.platform == "darwin" else _SQLITE
    for name, value in wanted.items():
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    for name, value in wanted.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != value:
            raise LogNotDurable(_file(connection), f"{name} = {found}", str(value))


def _file(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA database_list").fetchone()[2])


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("appeals_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _check_postgresql(connection: Any) -> None:
    with connection.cursor() as cursor:
        for name, wanted in _POSTGRESQL.items():
            cursor.execute(f"SHOW {name}")
            (found,) = cursor.fetchone()
            if found not in wanted:
                raise LogNotDurable(connection.info.dbname, f"{name} = {found}", " or ".join(wanted))
    connection.rollback()


def begin_writing(connection: Connection, log_key: int) -> None:
    """Let one writer at a time into a log on PostgreSQL until its transaction ends, as SQLite does by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:class, :log)"), {"class": _LOCKS, "log": log_key})


def try_sender_lock(connection: Connection, log_key: int) -> bool:
    """Take the lock of the one sender for as long as this connection to PostgreSQL lives; False where it is taken."""
    taken = connection.execute(
        text("SELECT pg_try_advisory_lock(:class, :log)"), {"class": _LOCKS + 1, "log": log_key}
    ).scalar_one()
    return bool(taken)


def give_back_sender_lock(connection: Connection, log_key: int) -> None:
    """Give the lock of the one sender back."""
    connection.execute(text("SELECT pg_advisory_unlock(:class, :log)"), {"class": _LOCKS + 1, "log": log_key})


def sender_role(connection: Connection, log_key: int) -> str | None:
    """Return the role of the connection that holds the sender lock, where the server tells."""
    role = connection.execute(
        text(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = :class AND objid = :log"
        ),
        {"class": _LOCKS + 1, "log": log_key},
    ).scalar()
    return None if role is None else str(role)


@contextmanager
def told(log: str, *, writing: bool = False) -> Iterator[None]:
    """Turn an error of the database into one of the log's."""
    try:
        yield
    except DBAPIError as error:
        raise fault(log, error.orig, writing=writing) from error
    except ValidationError as error:
        raise LogCorrupt(log, "an event in it cannot be read") from error
    except LogUnreachable as error:
        if writing:
            raise LogUnwritable(log, error.reason) from error
        raise


def fault(log: str, origin: BaseException | None, *, writing: bool = False) -> LogError:
    """Return the log's error for one of the database's driver."""
    reason = str(origin or "").strip().partition("\n")[0] or "the database does not answer"
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _DAMAGED:
        return LogCorrupt(log, reason)
    return LogUnwritable(log, reason) if writing else LogUnreachable(log, reason)


def own_file(path: Path) -> bool:
    """Make an empty file that only its owner reads, and tell whether it was made; nothing is written through a link.

    Raises LogUnreachable where something else than a file is there already.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise LogUnreachable(str(path), "it is a symbolic link or no file; move it away")
        os.close(new_file(path))
        settle(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        raise LogUnreachable(str(path), (error.strerror or str(error)).lower()) from error
    return True
