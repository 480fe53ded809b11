"""Logs for tests: empty ones, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from tests.servers import PostgreSQL, postgresql
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log

Opens = Callable[..., Log]
"""Opens the log of the test: `opens(desk="anna", outbox=…, busy_timeout=…)`; it is closed at the end."""


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test run."""
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a log that is not there yet, on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'outbox' / 'log.db'}"
    running: PostgreSQL = request.getfixturevalue("server")
    return running.new_database(f"log-{uuid4().hex}")


@pytest.fixture
def opens(url: str, tmp_path: Path) -> Iterator[Opens]:
    """Open the log of this test, as often as it likes."""
    with ExitStack() as opened:

        def opens_it(*, desk: str = "anna", outbox: Path | None = None, busy_timeout: float = 5.0) -> Log:
            where = outbox or tmp_path / "outbox"
            return opened.enter_context(open_log(url, desk=desk, outbox=where, busy_timeout=busy_timeout))

        yield opens_it


@pytest.fixture
def sqlite_log(tmp_path: Path) -> Iterator[Log]:
    """An empty log on SQLite, where a test is about its files."""
    with open_log(None, desk="anna", outbox=tmp_path / "outbox") as log:
        yield log


@pytest.fixture
def server_log(server: PostgreSQL, tmp_path: Path) -> Iterator[Log]:
    """An empty log on PostgreSQL, where a test is about a server."""
    url = server.new_database(f"log-{uuid4().hex}")
    with open_log(url, desk="anna", outbox=tmp_path / "outbox") as log:
        yield log


@pytest.fixture
def log(opens: Opens) -> Log:
    """An empty log."""
    return opens()
