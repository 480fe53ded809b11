"""A backup is what the log was at one moment, whoever writes meanwhile, and is a log again in its place."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.log.builders import event, marked
from tests.log.conftest import Opens
from urgent_appeals.domain.event import broken_link
from urgent_appeals.errors import OutboxError
from urgent_appeals.log.backup import back_up
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.people import people, remember
from urgent_appeals.log.store import Log


def test_a_backup_is_the_whole_log(log: Log, tmp_path: Path) -> None:
    marked(log, "item-1")
    id_ = remember(log, {"name": "Jon Ardle"})
    path = tmp_path / "copies" / "backup.db"
    assert back_up(log, path) == path.stat().st_size > 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["backup.db"]
    with open_log(f"sqlite:///{path}", desk="berta", outbox=tmp_path / "other", even_restored=True) as copy:
        assert list(copy.events()) == list(log.events())
        assert dict(people(copy)) == {id_: {"name": "Jon Ardle"}}
        assert copy.id == log.id
        assert [fault.desk for fault in copy.verify()] == [None]  # that it is not the one of this desk, and no more


def test_a_backup_replaces_nothing(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    path.write_text("something else")
    with pytest.raises(OutboxError, match="already"):
        back_up(log, path)
    assert path.read_text() == "something else"


def test_a_backup_that_cannot_be_written_leaves_nothing(log: Log, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError, match="there is no backup"):
        back_up(log, tmp_path / "file" / "backup.db")


def test_a_backup_is_consistent_while_others_write(log: Log, opens: Opens, tmp_path: Path) -> None:
    """Pairs of events are written in one transaction each: no backup has half of one, nor a gap."""
    writer, ended, begun = opens(), threading.Event(), threading.Event()

    def write() -> None:
        while not ended.is_set():
            writer.append(event("noted", "item-1"), event("noted", "item-1"))
            begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait()
    counts = []
    for number in range(5):
        back_up(log, tmp_path / f"backup-{number}.db")
        backup = f"sqlite:///{tmp_path}/backup-{number}.db"
        with open_log(backup, desk="berta", outbox=tmp_path / f"{number}", even_restored=True) as copy:
            events = list(copy.events())
        assert [broken_link(*pair) for pair in zip(events, [None, *events], strict=False)] == [None] * len(events)
        counts.append(len(events))
    ended.set()
    thread.join()
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > 0
