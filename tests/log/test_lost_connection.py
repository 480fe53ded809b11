"""A server that goes away in the midst of a commit leaves no doubt behind (R14): what went through is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event as sqlalchemy_event

from tests.log.builders import approved, event, kinds, marked
from tests.servers import PostgreSQL, Proxy, wait_for
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.errors import AnotherSender, LogUnwritable
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log

COMMIT = b"COMMIT\0"
"""The whole statement, as the protocol has it: `READ COMMITTED` is another."""
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


def cut(server: PostgreSQL, log: Log) -> None:
    """Have the server end every connection to the log, and wait until they are gone."""
    database = log.engine.url.database
    server.run(OTHERS.format(database))
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'"
    wait_for(lambda: server.run(count) == [(0,)], "the connections to end")


@contextmanager
def at_the_next_commit(log: Log, act: Callable[[], None]) -> Iterator[None]:
    """Act once, as the next commit is about to be sent."""
    times: list[object] = []

    def on_commit(connection: object) -> None:
        if not times:
            times.append(connection)
            act()

    sqlalchemy_event.listen(log.engine, "commit", on_commit)
    try:
        yield
    finally:
        sqlalchemy_event.remove(log.engine, "commit", on_commit)
    assert times, "nothing was committed"


def test_a_connection_lost_between_two_writes_is_made_again(server_log: Log, server: PostgreSQL) -> None:
    approved(server_log, "item-1")
    cut(server, server_log)
    assert server_log.transition(event("claimed"), WAITING)
    assert kinds(server_log) == ["approved", "claimed"]


def test_what_was_not_committed_when_the_connection_went_is_written_once(server_log: Log, server: PostgreSQL) -> None:
    approved(server_log, "item-1")
    with at_the_next_commit(server_log, lambda: cut(server, server_log)):
        assert server_log.transition(event("claimed"), WAITING)
    assert kinds(server_log) == ["approved", "claimed"]
    assert server_log.verify() == ()


@pytest.fixture
def proxy(server: PostgreSQL) -> Iterator[Proxy]:
    """What stands between the log and its server."""
    between = Proxy(server.port)
    yield between
    between.close()


@pytest.fixture
def through_proxy(server: PostgreSQL, proxy: Proxy, tmp_path: Path) -> Iterator[Log]:
    """A log whose server can do something without our hearing of it."""
    url = server.new_database(f"log-{uuid4().hex}").replace(str(server.port), str(proxy.port))
    with open_log(url, desk="anna", outbox=tmp_path / "outbox") as log:
        yield log


def test_what_was_committed_unheard_is_found_and_not_written_again(through_proxy: Log, proxy: Proxy) -> None:
    approved(through_proxy, "item-1")
    proxy.lose_answer_to(COMMIT)
    recorded = through_proxy.transition(event("claimed"), WAITING)
    assert proxy.lost == 1
    assert [each for each in through_proxy.events() if each.event == "claimed"] == [recorded]
    assert through_proxy.verify() == ()


def test_an_append_that_was_committed_unheard_is_found_whole(through_proxy: Log, proxy: Proxy) -> None:
    proxy.lose_answer_to(COMMIT)
    recorded = through_proxy.append(event("made"), event("approved"))
    assert proxy.lost == 1
    assert tuple(through_proxy.events()) == recorded


def test_without_the_second_look_it_would_be_written_twice(through_proxy: Log, proxy: Proxy) -> None:
    """The counter-test: the same fault, answered by just trying again."""
    proxy.lose_answer_to(COMMIT)
    through_proxy.writer.write(
        lambda connection: through_proxy.add(connection, [event("noted")], [uuid4().hex]), lambda _connection: None
    )
    assert kinds(through_proxy) == ["noted", "noted"]


def test_a_sender_that_lost_its_connection_has_the_lock_again_before_it_writes(
    server_log: Log, server: PostgreSQL, tmp_path: Path
) -> None:
    marked(server_log, "item-1")
    with server_log.sender_lock():
        cut(server, server_log)
        server_log.append(event("sent"))
        with other_sender(server_log, tmp_path) as other, pytest.raises(AnotherSender), other.sender_lock():
            pass
    with other_sender(server_log, tmp_path) as other, other.sender_lock():
        pass


def test_a_sender_that_lost_its_lock_to_another_writes_nothing_more(
    server_log: Log, server: PostgreSQL, tmp_path: Path
) -> None:
    approved(server_log, "item-1")
    with server_log.sender_lock():
        cut(server, server_log)
        with other_sender(server_log, tmp_path) as other, other.sender_lock():
            with pytest.raises(AnotherSender):
                server_log.transition(event("claimed"), WAITING)
            assert other.transition(event("claimed"), WAITING)
    assert kinds(server_log) == ["approved", "claimed"]


@contextmanager
def other_sender(log: Log, tmp_path: Path) -> Iterator[Log]:
    url = log.engine.url.render_as_string(hide_password=False)
    with open_log(url, desk="berta", outbox=tmp_path / "berta") as other:
        yield other


def test_a_server_that_stays_away_stops_the_sending(server_log: Log, server: PostgreSQL) -> None:
    marked(server_log, "item-1")
    database = server_log.engine.url.database
    server.run(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
    cut(server, server_log)
    with pytest.raises(LogUnwritable, match="so nothing is sent"):
        server_log.append(event("sent"))
    with pytest.raises(LogUnwritable):
        server_log.append(event("sent"))
    server.run(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
    assert server_log.state("item-1").state is State.DATA
    server_log.append(event("sent"))
    assert server_log.state("item-1").state is State.SENT
