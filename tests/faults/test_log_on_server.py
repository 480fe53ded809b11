"""A sender whose log is on PostgreSQL, and whose server goes away: nothing goes twice, the next run does the rest.

Each letter goes to a mail server; while the second of three is on its way, the log's server ends all connections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
from sqlalchemy import event as sqlalchemy_event

from tests.conftest import Appeals
from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer
from tests.faults.desk import a_plan, a_sender, an_smtp_channel, history, recipient_of, states
from tests.faults.workspaces import BY_MAIL, CODE, DAY, add_desk, copy_of_the_sample
from tests.servers import PostgreSQL, Proxy, postgresql, wait_for
from urgent_appeals.domain.event import NewEvent
from urgent_appeals.domain.item_state import State
from urgent_appeals.errors import LogError, LogUnwritable
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.pipeline.sending import Sender

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log on a server")]
Moment = Literal["before the commit", "after the commit", "after a commit unheard"]
COMMIT = b"COMMIT\0"
PLAN = a_plan("one", "two", "three")
STEPS = ("claimed", "data", "sent")
MOMENTS: tuple[Moment, ...] = ("before the commit", "after the commit", "after a commit unheard")
SENT = dict.fromkeys(("one", "two", "three"), State.SENT)


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as running:
        yield running


@pytest.fixture
def proxy(database: PostgreSQL) -> Iterator[Proxy]:
    with closing(Proxy(database.port)) as between:
        yield between


@pytest.fixture
def log(database: PostgreSQL, proxy: Proxy, tmp_path: Path) -> Iterator[Log]:
    """A log whose server can do something without our hearing of it."""
    url = database.new_database(f"log-{uuid4().hex}").replace(f":{database.port}/", f":{proxy.port}/")
    with open_log(url, desk="leeds", outbox=tmp_path / "outbox") as opened:
        yield opened


class Away:
    """Has the server of a log go away once: as the second letter comes to a step, before or after its commit."""

    def __init__(self, database: PostgreSQL, proxy: Proxy, log: Log) -> None:
        self.log = log
        self.times = 0
        self._database, self._proxy = database, proxy
        self._name = log.engine.url.database
        self._stays = False

    @contextmanager
    def at(self, step: str, moment: Moment, *, stays: bool = False) -> Iterator[None]:
        """Have it go, while the body runs, at this step and moment, and come back once that is over, if it `stays`."""
        self._stays = stays
        with pytest.MonkeyPatch.context() as patched:
            for name in ("transition", "conclude"):
                patched.setattr(Log, name, self._wrapped(getattr(Log, name), step, moment))
            yield
        if stays:
            self._database.run(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS true')

    def _wrapped(self, record: Callable[..., Any], step: str, moment: Moment) -> Callable[..., Any]:
        def recorded(log: Log, event: NewEvent, *rest: object) -> Any:
            if event.event != step or event.recipient != "arlandia/two" or self.times:
                return record(log, event, *rest)
            if moment == "after the commit":
                found = record(log, event, *rest)
                self._go()
                return found
            if moment == "before the commit":
                sqlalchemy_event.listen(log.engine, "commit", lambda _: self._go(), once=True)
            else:
                self._proxy.lose_answer_to(COMMIT, self._go)
            return record(log, event, *rest)

        return recorded

    def _go(self) -> None:
        self.times += 1
        if self._stays:
            self._database.run(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS false')
        others = f"FROM pg_stat_activity WHERE datname = '{self._name}' AND pid <> pg_backend_pid()"
        self._database.run(f"SELECT pg_terminate_backend(pid) {others}")
        wait_for(lambda: self._database.run(f"SELECT count(*) {others}") == [(0,)], "the connections to end")


@pytest.fixture
def away(database: PostgreSQL, proxy: Proxy, log: Log) -> Away:
    return Away(database, proxy, log)


@pytest.fixture
def sender(log: Log, server: ScriptedServer, authority: Authority) -> Sender:
    return a_sender(log, an_smtp_channel(server.port, authority.file))


def taken(server: ScriptedServer) -> list[str]:
    return [recipient_of(accepted.recipients) for accepted in server.accepted]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_is_back_at_once_is_not_noticed(
    away: Away, sender: Sender, server: ScriptedServer, step: str, moment: Moment
) -> None:
    with away.at(step, moment):
        ran = sender.run(PLAN)
    assert (away.times, ran.stopped) == (1, "")
    assert taken(server) == ["one", "two", "three"]
    assert states(away.log, PLAN) == SENT
    assert history(away.log, "two") == ["approved", "claimed", "data", "sent"]
    assert away.log.verify() == ()


def is_then(step: str, moment: Moment) -> tuple[list[str], list[str], State]:
    """Return what was taken before the server came back and after it, and what the second letter is in the end."""
    committed = moment != "before the commit"
    if step == "data" and moment == "after the commit":  # the marker was heard of, so that the letter went
        return ["one", "two"], ["three"], State.UNKNOWN
    if step == "data" and committed:
        return ["one"], ["three"], State.UNKNOWN
    if step == "sent":
        return ["one", "two"], ["three"], State.SENT if committed else State.UNKNOWN
    return ["one"], ["two", "three"], State.SENT


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_stays_away_ends_the_run_and_the_next_one_sends_the_rest_and_only_the_rest(
    away: Away, sender: Sender, server: ScriptedServer, step: str, moment: Moment
) -> None:
    before, after, second = is_then(step, moment)
    with away.at(step, moment, stays=True):
        with pytest.raises(LogError):
            sender.run(PLAN)
        assert (away.times, taken(server)) == (1, before)
    for _ in range(2):
        sender.run(PLAN)
        assert taken(server) == before + after
        assert states(away.log, PLAN) == {**SENT, "two": second}
    assert away.log.verify() == ()


# ── what the server itself refuses ──

FAILS_ONCE = """
CREATE SEQUENCE failed;
CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.event = '{step}' AND NEW.recipient = 'arlandia/two' AND nextval('failed') = 1 THEN
        RAISE EXCEPTION 'could not serialize access' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fails_once AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION fail_once();
"""
"""A commit fails, as where it cannot be put in an order with another's; once: a number stays taken."""


@pytest.mark.parametrize("step", STEPS)
def test_a_commit_that_cannot_be_put_in_order_ends_the_run_and_the_next_one_sends_the_rest(
    database: PostgreSQL, log: Log, sender: Sender, server: ScriptedServer, step: str
) -> None:
    before, after, second = is_then(step, "before the commit")
    assert log.engine.url.database is not None
    database.run(FAILS_ONCE.format(step=step), log.engine.url.database)
    with pytest.raises(LogUnwritable, match="could not serialize"):
        sender.run(PLAN)
    assert taken(server) == before
    sender.run(PLAN)
    assert taken(server) == before + after
    assert states(log, PLAN) == {**SENT, "two": second}
    assert log.verify() == ()


# ── from the command line ──


@pytest.fixture
def place(
    database: PostgreSQL, server: ScriptedServer, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A workspace with letters to two offices, and a desk whose log is on the server."""
    place = copy_of_the_sample(tmp_path / "workspace")
    make_letters(place, CODE, DAY, Wanted(to=BY_MAIL[:2], languages=("en",)))
    add_desk(place, server, authority, f"log: {database.new_database(f'log-{uuid4().hex}')}\n")
    monkeypatch.chdir(place)
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    monkeypatch.setattr("urgent_appeals.cli.dispatch.day_of_clock", lambda: DAY)
    return place


def test_a_desk_whose_log_is_on_a_server_plans_runs_and_lists(
    place: Path, server: ScriptedServer, appeals: Appeals
) -> None:
    planned = appeals("dispatch", "plan", CODE, "--on", str(DAY), "--via", "email")
    named = re.search(r"appeals dispatch run (\S+)", planned.err)
    assert named is not None, planned.err
    first, second = (appeals("dispatch", "run", named[1]) for _ in range(2))
    assert (first.status, second.status) == (0, 3), first.err
    assert [accepted.recipients[0].partition("@")[0] for accepted in server.accepted] == ["chancellery", "minister"]
    listed = json.loads(appeals("log", "list", CODE, "--event", "sent", "--json").out)
    assert [event["recipient"] for event in listed] == [f"arlandia/{office}" for office in BY_MAIL[:2]]
    assert appeals("log", "verify").status == 0
    assert not (place / "outbox" / "log.db").exists()
