"""Whatever was changed in the log behind its back is told, with its place."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.log.builders import claimed, event, marked
from urgent_appeals.log.store import Log

UNGUARD = {
    "sqlite": ("DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"),
    "postgresql": ("DROP TRIGGER events_no_change ON events",),
}
GUARD = {
    "sqlite": (
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, ''); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, ''); END",
    ),
    "postgresql": (
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR ROW EXECUTE PROCEDURE events_refuse()",
    ),
}


def tamper(log: Log, statement: str) -> None:
    """Run a statement with the guards taken away, and put them back."""
    with log.engine.begin() as connection:
        for each in (*UNGUARD[connection.dialect.name], statement, *GUARD[connection.dialect.name]):
            connection.execute(text(each))


@pytest.fixture
def worked(log: Log) -> Log:
    """A log of nine events."""
    with log.sender_lock():
        for item in ("item-1", "item-2"):
            marked(log, item)
            log.append(event("sent", item))
        log.append(event("noted", None))
    return log


def test_a_sound_log_has_no_faults(worked: Log) -> None:
    assert worked.verify() == ()


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        pytest.param(
            "UPDATE events SET recipient = 'arlandia/president' WHERE seq = 3",
            ["event 3 of the desk anna: its hash is not that of its content"],
            id="changed",
        ),
        pytest.param(
            "DELETE FROM events WHERE seq = 3",
            ["event 4 of the desk anna: number 4 stands where number 3 belongs"],
            id="taken out",
        ),
        pytest.param(
            "DELETE FROM events WHERE seq = 1",
            ["event 2 of the desk anna: number 2 stands where number 1 belongs"],
            id="beginning taken off",
        ),
        pytest.param(
            "UPDATE events SET detail = '{' WHERE seq = 9",
            ["event 9 of the desk anna: it is no event that can be read"],
            id="unreadable",
        ),
        pytest.param(
            "UPDATE events SET case_key = 'XAA 001/0126/OBS 001' WHERE seq = 2",
            ["event 2 of the desk anna: it is filed under another case than its code's"],
            id="filed elsewhere",
        ),
        pytest.param(
            "DELETE FROM events WHERE seq = 9",
            ["it is not the one that this desk last wrote to: event 9 of the desk anna is not in it"],
            id="end taken off",
        ),
    ],
)
def test_what_was_changed_is_told(worked: Log, statement: str, faults: list[str]) -> None:
    tamper(worked, statement)
    assert [str(fault) for fault in worked.verify()] == faults


def test_a_guard_that_was_taken_away_is_told(worked: Log) -> None:
    kind = worked.engine.dialect.name
    with worked.engine.begin() as connection:
        connection.execute(text(UNGUARD[kind][0]))
    (fault,) = worked.verify()
    assert "against changed events is gone" in str(fault)


def test_of_many_faults_the_first_hundred_are_told(log: Log) -> None:
    log.append(*(event("noted", f"item-{number}") for number in range(150)))
    tamper(log, "UPDATE events SET by = 'someone else'")
    assert len(log.verify()) == 100


def test_progress_is_told(log: Log) -> None:
    log.append(*(event("noted", f"item-{number}") for number in range(2_500)))
    told: list[tuple[int, int]] = []
    log.verify(lambda done, of: told.append((done, of)))
    assert told == [(1000, 2500), (2000, 2500)]


def test_a_damaged_index_is_told(sqlite_log: Log) -> None:
    claimed(sqlite_log, "item-3")
    index = "UPDATE sqlite_master SET sql = replace(sql, 'item, n', 'item, attempt') WHERE name = 'events_item'"
    with sqlite_log.engine.begin() as connection:
        connection.execute(text("PRAGMA writable_schema = ON"))
        connection.execute(text(index))
    sqlite_log.engine.dispose()
    assert any("the file is damaged" in str(fault) for fault in sqlite_log.verify())
