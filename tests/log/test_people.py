"""Who is forgotten is gone: from the table, from the files, and from the bytes of the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log.builders import AT, event
from urgent_appeals.errors import LogUnwritable, NothingToDo, OutboxError
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.people import forget, people, recall, remember
from urgent_appeals.log.store import Log

NAME = "Ilva Quillfeather-Maren"


def supporter(name: str = NAME) -> dict[str, str]:
    return {"name": name, "street": "7 Lake Road", "town": "Northport"}


def test_a_supporter_is_remembered_under_a_random_id(log: Log) -> None:
    ids = [remember(log, supporter()), remember(log, supporter("Jon Ardle"))]
    assert len(set(ids)) == 2
    assert recall(log, ids[0]) == supporter()
    assert dict(people(log)) == {ids[0]: supporter(), ids[1]: supporter("Jon Ardle")}
    assert recall(log, "nobody") is None


def test_who_is_forgotten_is_gone_and_an_event_says_so_without_a_name(log: Log, tmp_path: Path) -> None:
    other = remember(log, supporter("Jon Ardle"))
    id_ = remember(log, supporter())
    mail, pack = tmp_path / "mail", tmp_path / "pack"
    mail.write_text(NAME)
    forgotten = forget(log, id_, files=(mail, pack), by="A. B.", at=AT)
    assert forgotten.files == (mail,)
    assert not mail.exists()
    assert dict(people(log)) == {other: supporter("Jon Ardle")}
    assert forgotten.event.detail == {"person": id_}
    assert [each.event.value for each in log.events()] == ["forgotten"]
    assert log.verify() == ()


def traces(log: Log) -> Iterator[str]:
    """Yield the files of the database that a name of a forgotten supporter stands in."""
    assert log.file is not None
    for path in log.file.parent.iterdir():
        if NAME.encode() in path.read_bytes():
            yield path.name


def test_no_byte_of_the_database_s_files_remembers(sqlite_log: Log) -> None:
    log = sqlite_log
    for number in range(50):
        remember(log, supporter(f"{NAME} {number}"))
    ids = [id_ for id_, _ in people(log)]
    assert list(traces(log))
    for id_ in ids:
        forget(log, id_, by="A. B.", at=AT)
    assert list(traces(log)) == []
    log.append(event("noted"))


def test_no_row_version_remembers_on_a_server(server_log: Log) -> None:
    log = server_log
    forget(log, remember(log, supporter()), by="A. B.", at=AT)
    with log.engine.connect() as connection:
        size = connection.exec_driver_sql("SELECT pg_relation_size('people')").scalar()
    assert size == 0


def test_forgetting_twice_erases_once_more_and_records_it_once(log: Log) -> None:
    id_ = remember(log, supporter())
    first = forget(log, id_, by="A. B.", at=AT)
    assert forget(log, id_, by="A. B.", at=AT).event == first.event
    assert len(list(log.events())) == 1


def test_nobody_cannot_be_forgotten(log: Log) -> None:
    with pytest.raises(NothingToDo, match="nobody"):
        forget(log, "nobody", by="A. B.", at=AT)


def test_nobody_is_forgotten_while_a_file_cannot_be_removed(log: Log, tmp_path: Path) -> None:
    id_ = remember(log, supporter())
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OutboxError, match="nobody is forgotten yet"):
        forget(log, id_, files=(folder,), by="A. B.", at=AT)
    assert recall(log, id_) is not None


def test_a_reader_that_keeps_traces_alive_is_told(tmp_path: Path) -> None:
    with open_log(None, desk="anna", outbox=tmp_path / "outbox", busy_timeout=0.1) as log:
        keep_traces_alive(log)


def keep_traces_alive(log: Log) -> None:
    id_ = remember(log, supporter())
    log.append(*(event("noted", f"item-{number}") for number in range(600)))
    reading = log.events()
    next(reading)
    with pytest.raises(LogUnwritable, match=r"traces are left|locked"):
        forget(log, id_, by="A. B.", at=AT)
    assert recall(log, id_) is None
    list(reading)
    forget(log, id_, by="A. B.", at=AT)
    assert list(traces(log)) == []
