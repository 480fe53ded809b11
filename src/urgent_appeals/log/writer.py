"""Write to the database on one connection: a transaction is there for good, or not at all, or an error is raised."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from urgent_appeals.errors import AnotherSender, LogUnwritable
from urgent_appeals.log.engine import (
    IMMEDIATE,
    begin_writing,
    fault,
    give_back_sender_lock,
    sender_role,
    told,
    try_sender_lock,
)

T = TypeVar("T")
_PID = re.compile(r"pid (\d+)")


class Writer:
    """The one connection that writes; on PostgreSQL it holds the lock of the one sender too.

    So a sender that loses its connection, and its lock with it, learns of it at its next write at the latest.
    """

    def __init__(self, engine: Engine, name: str, log_id: str) -> None:
        self.engine = engine
        self.name = name
        self._key = zlib.crc32(log_id.encode()) >> 1
        self._turn = threading.RLock()
        self._connection: Connection | None = None
        self._is_sender = False

    def write(self, work: Callable[[Connection], T], done: Callable[[Connection], T | None]) -> T:
        """Return what `work` returns, once its transaction is there for good; raises LogUnwritable.

        Where the connection is lost, nobody knows whether the commit went through: then `done` looks on a new
        connection, once no other transaction can be under way, and returns the result if it did, else None; `work`
        then gets one more try.
        """
        with self._turn:
            try:
                return self._once(work)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise fault(self.name, error.orig, writing=True) from error
            finally:
                self._drop_if_lost()

            def again(connection: Connection) -> T:
                found = done(connection)
                return work(connection) if found is None else found

            try:
                with told(self.name, writing=True):
                    return self._once(again)
            finally:
                self._drop_if_lost()

    @contextmanager
    def sender_lock(self) -> Iterator[None]:
        """Be the one sender of a log on PostgreSQL while the body runs; raises AnotherSender."""
        with self._turn:
            if self._is_sender:
                raise AnotherSender(self.name)
            with told(self.name, writing=True):
                self._take_sender_lock(self._connected())
            self._is_sender = True
        try:
            yield
        finally:
            with self._turn:
                self._is_sender = False
                self._give_back()

    def close(self) -> None:
        """Close the connection; what is written stays."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _once(self, work: Callable[[Connection], T]) -> T:
        connection = self._connected()
        with connection.begin():
            begin_writing(connection, self._key)
            return work(connection)

    def _connected(self) -> Connection:
        if self._connection is None:
            with told(self.name, writing=True):
                connection = self.engine.connect().execution_options(**IMMEDIATE)
                try:
                    if self._is_sender:
                        self._take_sender_lock(connection)
                except BaseException:
                    connection.close()
                    raise
            self._connection = connection
        return self._connection

    def _take_sender_lock(self, connection: Connection) -> None:
        with connection.begin():
            if not try_sender_lock(connection, self._key):
                pid = _PID.search(sender_role(connection, self._key) or "")
                raise AnotherSender(self.name, int(pid[1]) if pid else None)

    def _give_back(self) -> None:
        if self._connection is None:
            return
        try:
            with self._connection.begin():
                give_back_sender_lock(self._connection, self._key)
        except DBAPIError:  # the lock went with the connection
            self.close()

    def _drop_if_lost(self) -> None:
        if self._connection is not None and (self._connection.invalidated or self._connection.closed):
            self._connection.close()
            self._connection = None


def unwritable(name: str, error: OSError) -> LogUnwritable:
    """Return the log's error for one of the system, beside the database."""
    return LogUnwritable(name, (error.strerror or str(error)).lower())
