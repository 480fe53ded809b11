"""A log that cannot be trusted is refused (R20); what holds others up is waited for, and no longer than said (R10)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, inspect, text

from tests.log.builders import AT, approved, claimed, event, kinds, marked, merge
from tests.log.conftest import Opens
from tests.servers import PostgreSQL
from urgent_appeals.domain.event import EventKind, Place, sealed
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.errors import (
    AnotherSender,
    LogCorrupt,
    LogNewer,
    LogNotDurable,
    LogRestored,
    LogUnreachable,
    LogUnwritable,
    NothingToDo,
)
from urgent_appeals.log import schema
from urgent_appeals.log.backup import back_up
from urgent_appeals.log.engine import make_engine
from urgent_appeals.log.epoch import Epoch, EpochFile
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.look_up import FATES, filtered, of_kinds
from urgent_appeals.log.opening import is_there, open_log
from urgent_appeals.log.outside import outside_of
from urgent_appeals.log.restored import accept_restored
from urgent_appeals.log.rows import row_of
from urgent_appeals.log.store import Log
from urgent_appeals.log.tables import EVENTS, METADATA


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


# ── where it is ──


def test_without_a_url_the_log_lies_in_the_outbox_for_its_owner_alone(outbox: Path) -> None:
    assert not is_there(None, outbox=outbox)
    with open_log(None, desk="anna", outbox=outbox) as log, log.sender_lock():
        claimed(log, "item-1")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in outbox.iterdir()}
    assert modes == dict.fromkeys(
        ("log.db", "log.db-wal", "log.db-shm", "log.db.lock", "log.epoch", "log.epoch.lock", "log.claimed"), 0o600
    )
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o700
    assert is_there(None, outbox=outbox)


def test_a_relative_path_counts_from_the_workspace(outbox: Path) -> None:
    with open_log("sqlite:///elsewhere.db", desk="anna", outbox=outbox):
        assert (outbox.parent / "elsewhere.db").exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("mysql://desk@localhost/log", "SQLite or a PostgreSQL", id="another kind"),
        pytest.param("sqlite://", "path of a file", id="in memory"),
        pytest.param("sqlite:///log.db?mode=ro", "path of a file", id="with options"),
        pytest.param("no url", "no database URL", id="no URL"),
    ],
)
def test_another_database_is_refused(outbox: Path, url: str, reason: str) -> None:
    with pytest.raises(LogUnreachable, match=reason):
        open_log(url, desk="anna", outbox=outbox)


def test_a_log_behind_a_link_is_not_followed(outbox: Path, tmp_path: Path) -> None:
    outbox.mkdir()
    (outbox / "log.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(LogUnreachable, match="symbolic link"):
        open_log(None, desk="anna", outbox=outbox)
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_server_that_does_not_answer_is_told_without_its_password(outbox: Path) -> None:
    with pytest.raises(LogUnreachable) as told:
        open_log("postgresql://desk:hunter2@127.0.0.1:1/log", desk="anna", outbox=outbox)
    shown: BaseException | None = told.value
    while shown is not None:
        assert "hunter2" not in f"{shown!r}{shown}"
        shown = shown.__cause__


def test_several_desks_open_a_new_log_at_once(url: str, outbox: Path) -> None:
    """Each in a thread of its own: one makes the tables, and all come in."""
    opened: list[str] = []

    def open_it(desk: str) -> None:
        with open_log(url, desk=desk, outbox=outbox.parent / desk) as log:
            opened.append(log.id)

    threads = [threading.Thread(target=open_it, args=(f"desk-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 6
    assert len(set(opened)) == 1


def test_several_processes_of_one_desk_begin_a_log_at_once(url: str, outbox: Path) -> None:
    """As three windows of one person: whoever comes second finds a log, and takes it for no restored one."""
    failed: list[str] = []

    def begin() -> None:
        try:
            with open_log(url, desk="anna", outbox=outbox) as log:
                log.append(event("noted", None))
        except Exception as error:  # noqa: BLE001  # whatever it is, it should not be
            failed.append(repr(error))

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_log(url, desk="anna", outbox=outbox) as log:
        assert log.count() == 6


# ── that it keeps what is written ──


def test_every_connection_writes_through_to_the_disk(log: Log) -> None:
    connections = [log.engine.connect() for _ in range(3)]
    for connection in connections:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        connection.close()


@pytest.mark.parametrize(
    ("setting", "found"),
    [pytest.param("synchronous", 1, id="synchronous"), pytest.param("journal_mode", "delete", id="journal")],
)
def test_an_sqlite_that_takes_a_setting_and_does_not_heed_it_is_refused(
    tmp_path: Path, setting: str, found: object
) -> None:
    """As one does that was built for speed, or a file system without shared memory has it: its answer counts."""
    from urgent_appeals.log.engine import _set_up_sqlite

    with closing(sqlite3.connect(tmp_path / "log.db")) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")

        def deaf(action: int, name: str | None, value: str | None, *_rest: str | None) -> int:
            ignored = action == sqlite3.SQLITE_PRAGMA and name == setting and value is not None
            return sqlite3.SQLITE_IGNORE if ignored else sqlite3.SQLITE_OK

        connection.set_authorizer(deaf)
        with pytest.raises(LogNotDurable, match=f"{setting} = {found}"):
            _set_up_sqlite(connection)


def test_a_server_that_does_not_write_through_is_refused(server: PostgreSQL, outbox: Path) -> None:
    url = server.new_database(f"log-{uuid4().hex}")
    server.run("ALTER SYSTEM SET fsync = off")
    server.run("SELECT pg_reload_conf()")
    try:
        with pytest.raises(LogNotDurable, match="fsync = off"):
            open_until_refused(url, outbox)
    finally:
        server.run("ALTER SYSTEM RESET fsync")
        server.run("SELECT pg_reload_conf()")
    open_until_accepted(url, outbox)


def open_until_refused(url: str, outbox: Path) -> None:
    """The server takes a changed setting up when it comes to it."""
    for _ in range(1000):
        open_log(url, desk="anna", outbox=outbox).close()


def open_until_accepted(url: str, outbox: Path) -> None:
    for _ in range(1000):
        try:
            open_log(url, desk="anna", outbox=outbox).close()
        except LogNotDurable:
            continue
        return


def test_a_user_s_setting_does_not_weaken_it(server: PostgreSQL, outbox: Path) -> None:
    name = f"log-{uuid4().hex}"
    url = server.new_database(name)
    server.run(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with open_log(url, desk="anna", outbox=outbox) as log, log.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


# ── its tables ──


def test_the_migrations_make_the_tables_that_the_code_sees(log: Log) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with log.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert schema.schema_of(connection) == schema.NEWEST


def test_a_log_of_a_later_version_is_refused(log: Log, opens: Opens) -> None:
    with log.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(LogNewer, match="later version of this program"):
        opens()


LATER = '''
"""Give every event a mark."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0003", "0002"
def upgrade():
    op.add_column("events", sa.Column("mark", sa.Text))
    {then}
'''


def later_migrations(folder: Path, then: str) -> Path:
    """Return the folder of the migrations with one more, as a later version of the program has it."""
    shutil.copytree(schema.MIGRATIONS, folder)
    (folder / "versions" / "marks.py").write_text(LATER.format(then=then))
    return folder


def test_an_older_log_is_brought_up_to_date_and_keeps_its_events(log: Log, tmp_path: Path) -> None:
    marked(log, "item-1")
    before = list(log.events())
    assert not schema.is_current(log.engine, log.name, newest="0003")
    schema.upgrade(log.engine, newest="0003", migrations=later_migrations(tmp_path / "later", "pass"))
    assert schema.is_current(log.engine, log.name, newest="0003")
    assert list(log.events()) == before
    with log.engine.connect() as connection:
        assert "mark" in {column["name"] for column in inspect(connection).get_columns("events")}


def test_a_migration_that_fails_leaves_the_log_as_it_was(log: Log, tmp_path: Path) -> None:
    log.append(event("made"))
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(log.engine, newest="0003", migrations=later_migrations(tmp_path / "later", "1 / 0"))
    assert schema.is_current(log.engine, log.name)
    with log.engine.connect() as connection:
        assert "mark" not in {column["name"] for column in inspect(connection).get_columns("events")}


def test_a_log_of_the_first_form_gets_the_index_of_what_came_back(url: str, outbox: Path, opens: Opens) -> None:
    from urgent_appeals.log.engine import address

    outbox.mkdir()
    engine = make_engine(address(url, outbox), busy_timeout=1, role="test")
    schema.upgrade(engine, newest="0001")
    recorded = sealed(event("bounced"), Place(desk="berta", seq=1, id=uuid4().hex))
    with engine.begin() as connection:
        assert "events_fates" not in {index["name"] for index in inspect(connection).get_indexes("events")}
        connection.execute(insert(EVENTS), [row_of(recorded)])
    engine.dispose()
    with open_log(url, desk="anna", outbox=outbox, even_restored=True) as log:
        assert schema.is_current(log.engine, log.name)
        assert list(log.events(kinds={EventKind.BOUNCED})) == [recorded]
        with log.engine.connect() as connection:
            assert "events_fates" in {index["name"] for index in inspect(connection).get_indexes("events")}


@pytest.mark.parametrize(("kinds", "index"), [(FATES, True), ({EventKind.UNKNOWN}, True), ({EventKind.SENT}, False)])
def test_what_came_back_is_found_by_its_index(sqlite_log: Log, kinds: frozenset[EventKind], *, index: bool) -> None:
    query = filtered(*of_kinds(kinds), limit=None, latest=False)
    with sqlite_log.engine.connect() as connection:
        compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(compiled.params.values())).all()
    assert any("events_fates" in row[3] for row in plan) is index


def test_a_log_is_not_brought_up_to_date_while_a_sender_runs(log: Log, opens: Opens) -> None:
    with log.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with log.sender_lock(), pytest.raises(AnotherSender):
        opens()


def test_another_program_s_database_is_left_alone(url: str, outbox: Path) -> None:
    from urgent_appeals.log.engine import address

    outbox.mkdir()
    engine = make_engine(address(url, outbox), busy_timeout=1, role="test")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (what TEXT)"))
    engine.dispose()
    with pytest.raises(LogUnreachable, match="none of a log"):
        open_log(url, desk="anna", outbox=outbox)


# ── damage ──


def test_a_damaged_page_is_recognised(outbox: Path) -> None:
    with open_log(None, desk="anna", outbox=outbox) as log:
        log.append(*(event("noted", f"item-{number}") for number in range(200)))
    path = outbox / "log.db"
    page = 8 * 4096
    content = bytearray(path.read_bytes())
    content[page : page + 4096] = os.urandom(4096)
    path.write_bytes(content)
    with pytest.raises(LogCorrupt, match="damaged"):
        open_log(None, desk="anna", outbox=outbox)


def test_what_is_no_database_is_recognised(outbox: Path) -> None:
    outbox.mkdir()
    (outbox / "log.db").write_bytes(b"no database at all" * 500)
    with pytest.raises(LogCorrupt, match="damaged"):
        open_log(None, desk="anna", outbox=outbox)


# ── an older backup in its place ──


@pytest.fixture
def history(outbox: Path, tmp_path: Path) -> Path:
    """A desk that sent item-1, had item-2 approved, made a backup, and after it sent item-2 and item-3."""
    with open_log(None, desk="anna", outbox=outbox) as log:
        with log.sender_lock():
            marked(log, "item-1")
            log.append(event("sent", "item-1"))
        approved(log, "item-2")
        back_up(log, tmp_path / "backup.db")
        with log.sender_lock():
            log.transition(event("claimed", "item-2"), WAITING)
            log.append(event("sent", "item-2"))
            marked(log, "item-3")
            log.append(event("sent", "item-3"))
    return tmp_path / "backup.db"


def put_back(backup: Path, outbox: Path) -> None:
    shutil.copyfile(backup, outbox / "log.db")


def test_a_restored_older_backup_is_recognised(history: Path, outbox: Path) -> None:
    put_back(history, outbox)
    with pytest.raises(LogRestored, match="it knows of 1 sender runs, and there were 2"):
        open_log(None, desk="anna", outbox=outbox)


def test_a_restored_older_backup_can_be_looked_at(history: Path, outbox: Path) -> None:
    put_back(history, outbox)
    with open_log(None, desk="anna", outbox=outbox, even_restored=True) as log:
        (fault,) = log.verify()
    assert "not the one that this desk last wrote to" in str(fault)
    with pytest.raises(LogRestored):
        open_log(None, desk="anna", outbox=outbox)


def test_a_backup_made_in_the_midst_of_a_run_is_recognised(outbox: Path, tmp_path: Path) -> None:
    with open_log(None, desk="anna", outbox=outbox) as log, log.sender_lock():
        claimed(log, "item-1")
        back_up(log, tmp_path / "backup.db")
        claimed(log, "item-2")
    put_back(tmp_path / "backup.db", outbox)
    with pytest.raises(LogRestored, match="event 4 of the desk anna is not in it"):
        open_log(None, desk="anna", outbox=outbox)


def test_a_log_that_was_emptied_is_recognised(history: Path, outbox: Path) -> None:
    (outbox / "log.db").write_bytes(b"")
    with pytest.raises(LogRestored, match="another log"):
        open_log(None, desk="anna", outbox=outbox)


@pytest.mark.parametrize("beside", ["log.epoch", "log.claimed"])
def test_a_log_that_is_missing_is_told_when_it_is_only_looked_at(history: Path, outbox: Path, beside: str) -> None:
    for path in outbox.iterdir():
        if path.name != beside:
            path.unlink()
    assert is_there(None, outbox=outbox)
    for even_restored in (True, False):
        with pytest.raises(LogRestored, match=beside):
            open_log(None, desk="anna", outbox=outbox, even_restored=even_restored)
    assert [path.name for path in outbox.iterdir()] == [beside]
    recorded = accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
    assert recorded[0].desk == "anna~2"


@pytest.mark.usefixtures("history")
def test_an_empty_log_beside_a_note_of_what_was_taken_up_is_not_trusted(outbox: Path) -> None:
    (outbox / "log.db").write_bytes(b"")
    (outbox / "log.epoch").unlink()
    with pytest.raises(LogRestored, match=r"nothing in it, and log\.claimed tells of letters that were taken up"):
        open_log(None, desk="anna", outbox=outbox)


def test_a_log_copied_from_another_desk_is_taken_on_a_person_s_word_only(history: Path, tmp_path: Path) -> None:
    """Another's claims are in it, and nobody can tell whether its sender lives."""
    there = tmp_path / "another" / "outbox"
    there.mkdir(parents=True)
    put_back(history, there)
    with pytest.raises(LogRestored, match="was it copied"):
        open_log(None, desk="berta", outbox=there)
    accept_restored(None, desk="berta", outbox=there, by="C. D.", at=AT)
    with open_log(None, desk="berta", outbox=there) as log:
        assert log.desk == "berta~2"
        assert log.state("item-2").state is State.UNKNOWN


def test_of_a_copy_that_was_given_another_name_no_claim_of_the_first_one_is_its_own(
    outbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, where no note outside of the workspace tells that it was copied."""
    with open_log(None, desk="anna", outbox=outbox) as log, log.sender_lock():
        approved(log, "item-1")
    copy = copied(outbox, tmp_path / "copy")
    with open_log(None, desk="anna", outbox=outbox) as first, first.sender_lock():
        claim = first.transition(event("claimed", "item-1"), WAITING)
        path = outbox.with_name("export.json")
        export(first, path, Form.JSON)
        monkeypatch.setenv("APPEALS_STATE", str(tmp_path / "another machine"))
        with open_log(None, desk="berta", outbox=copy) as second:
            merge(second, path)
            with second.sender_lock():
                assert second.state("item-1").state is State.CLAIMED
                assert second.claims() == ()
                assert [each.id for each in second.claims(of_others=True)] == [claim and claim.id]


def test_what_other_processes_note_meanwhile_takes_back_no_generation(outbox: Path) -> None:
    """A mark by hand beside the first run of a desk: read before it, written after it."""
    with open_log(None, desk="anna", outbox=outbox) as by_hand, open_log(None, desk="anna", outbox=outbox) as sender:
        began, read = threading.Event(), EpochFile.read

        def read_slowly(file: EpochFile) -> Epoch | None:
            found = read(file)
            if file is by_hand.epoch:
                began.set()
                threading.Event().wait(0.3)
            return found

        with pytest.MonkeyPatch.context() as slow:
            slow.setattr(EpochFile, "read", read_slowly)
            marking = threading.Thread(target=by_hand.append, args=(event("noted"),))
            marking.start()
            began.wait(10)
            with sender.sender_lock():
                marking.join(10)
                found = read(sender.epoch)
        assert found is not None
        assert found.generation == 1
        assert found.installation


def copied(outbox: Path, to: Path) -> Path:
    """Copy a whole workspace, and return the outbox of the copy."""
    return Path(shutil.copytree(outbox, to / "outbox", dirs_exist_ok=True))


@pytest.mark.usefixtures("history")
def test_a_copy_of_the_whole_workspace_is_told_while_the_first_one_is_there(outbox: Path, tmp_path: Path) -> None:
    copy = copied(outbox, tmp_path / "copy")
    with pytest.raises(LogRestored, match="it was copied, and the log it was copied from is still there"):
        open_log(None, desk="anna", outbox=copy)
    open_log(None, desk="anna", outbox=outbox).close()
    accept_restored(None, desk="anna", outbox=copy, by="A. B.", at=AT)
    logs = []
    for each in (outbox, copy, outbox, copy):
        with open_log(None, desk="anna", outbox=each) as log, log.sender_lock():
            logs.append((log.id, log.desk))
    assert len(set(logs[:2])) == 2
    assert logs[:2] == logs[2:]


def test_a_log_that_is_written_to_while_it_is_opened_is_the_same(
    sqlite_log: Log, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the notes say was in the log before they said it: so they have to be read before the log is."""
    read = EpochFile.read

    def read_late(file: EpochFile) -> Epoch | None:
        with monkeypatch.context() as undone:
            undone.setattr(EpochFile, "read", read)
            sqlite_log.append(event("noted"))
        return read(file)

    sqlite_log.append(event("noted"))
    monkeypatch.setattr(EpochFile, "read", read_late)
    with open_log(None, desk="anna", outbox=outbox) as log:
        assert log.verify() == ()


@pytest.mark.usefixtures("history")
def test_a_workspace_that_was_moved_is_the_same(outbox: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved" / "outbox"
    moved.parent.mkdir()
    outbox.rename(moved)
    for _ in range(2):
        with open_log(None, desk="anna", outbox=moved) as log, log.sender_lock():
            assert log.is_noted_outside
    assert moved.resolve().as_posix() in next(Path(os.environ["APPEALS_STATE"]).glob("*.json")).read_text()


@pytest.mark.parametrize("way", ["a sender run", "a mark by hand"])
def test_a_whole_outbox_put_back_is_told(outbox: Path, tmp_path: Path, way: str) -> None:
    with open_log(None, desk="anna", outbox=outbox) as log:
        approved(log, "item-1")
    backup = copied(outbox, tmp_path / "backup")
    with open_log(None, desk="anna", outbox=outbox) as log:
        if way == "a sender run":
            with log.sender_lock():
                log.transition(event("claimed"), WAITING)
        else:
            log.append(event("posted"))
    shutil.rmtree(outbox)
    backup.rename(outbox)
    with pytest.raises(LogRestored, match=r"it was put back|and was, by"):
        open_log(None, desk="anna", outbox=outbox)
    accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
    with open_log(None, desk="anna", outbox=outbox) as log:
        assert log.state("item-1").state is State.UNKNOWN


def test_the_note_outside_tells_ids_numbers_and_a_path_only(history: Path) -> None:
    (path,) = Path(os.environ["APPEALS_STATE"]).iterdir()
    note = json.loads(path.read_text())
    assert set(note) == {"log", "generation", "chain", "seq", "hash", "path"}
    assert (path.stem, stat.S_IMODE(path.stat().st_mode)) == (note["log"], 0o600)


def test_without_a_home_for_the_note_the_log_is_kept_as_ever(
    outbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("APPEALS_STATE", str(tmp_path / "file" / "state"))
    with open_log(None, desk="anna", outbox=outbox) as log, log.sender_lock():
        claimed(log, "item-1")
        assert not log.is_noted_outside


def test_the_usual_place_of_the_note_is_the_state_folder_of_the_user(tmp_path: Path) -> None:
    from platformdirs import user_state_path

    note = outside_of("0" * 32, tmp_path / "log.db", environ={})
    assert note is not None
    assert note.path == user_state_path("urgent-appeals", appauthor=False) / f"{'0' * 32}.json"


@pytest.mark.parametrize("damaged", [True, False], ids=["damaged", "missing"])
@pytest.mark.usefixtures("history")
def test_a_log_without_the_note_beside_it_is_not_trusted(outbox: Path, *, damaged: bool) -> None:
    (outbox / "log.epoch").unlink()
    if damaged:
        (outbox / "log.epoch").write_bytes(b"\0" * 400)
    with pytest.raises(LogRestored, match=r"log\.epoch"):
        open_log(None, desk="anna", outbox=outbox)


def test_the_latest_backup_is_as_good_as_the_log(history: Path, outbox: Path, tmp_path: Path) -> None:
    with open_log(None, desk="anna", outbox=outbox) as log:
        back_up(log, tmp_path / "latest.db")
    put_back(tmp_path / "latest.db", outbox)
    with open_log(None, desk="anna", outbox=outbox) as log:
        assert log.verify() == ()


def test_after_an_accepted_older_backup_what_may_have_gone_is_unknown(history: Path, outbox: Path) -> None:
    put_back(history, outbox)
    accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
    with open_log(None, desk="anna", outbox=outbox) as log:
        states = {item: state.state for item, state in log.states(["item-1", "item-2", "item-3"]).items()}
        # item-1 went before the backup; the backup never heard of item-3, but the note beside it did.
        assert states == {"item-1": State.SENT, "item-2": State.UNKNOWN, "item-3": State.UNKNOWN}
        assert kinds(log)[-3:] == ["restored", "unknown", "unknown"]
        assert log.transition(event("claimed", "item-2"), WAITING) is None
        assert log.verify() == ()


def test_the_numbers_of_lost_events_are_not_given_out_again(history: Path, outbox: Path) -> None:
    for chain in ("anna~2", "anna~3"):
        put_back(history, outbox)
        recorded = accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
        assert {(each.desk, each.seq) for each in recorded} == {(chain, number) for number in (1, 2, 3)}


def test_only_an_older_log_is_to_be_accepted(history: Path, outbox: Path) -> None:
    with pytest.raises(NothingToDo):
        accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)


def test_an_older_log_on_a_server_is_recognised_by_a_desk_that_only_saw_what_others_wrote(
    server: PostgreSQL, outbox: Path
) -> None:
    urls = [server.new_database(f"seen-{uuid4().hex}") for _ in range(2)]
    with open_log(urls[0], desk="leeds", outbox=outbox / "leeds") as log:
        approved(log, "item-1")
        log_id = log.id
    with open_log(urls[1], desk="leeds", outbox=outbox / "x") as older, older.engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = :id WHERE key = 'log'"), {"id": log_id})
    open_log(urls[0], desk="york", outbox=outbox / "york").close()
    open_log(urls[0], desk="york", outbox=outbox / "york").close()
    with pytest.raises(LogRestored, match="an event that was seen in it"):
        open_log(urls[1], desk="york", outbox=outbox / "york")


def test_an_older_log_on_a_server_is_recognised_and_accepted(server: PostgreSQL, outbox: Path) -> None:
    name = f"log-{uuid4().hex}"
    url = server.new_database(name)
    with open_log(url, desk="anna", outbox=outbox) as log:
        approved(log, "item-1")
    server.run(f'CREATE DATABASE "{name}-older" TEMPLATE "{name}"')
    with open_log(url, desk="anna", outbox=outbox) as log, log.sender_lock():
        log.transition(event("claimed"), WAITING)
    with pytest.raises(LogRestored):
        open_log(f"{url}-older", desk="anna", outbox=outbox)
    accept_restored(f"{url}-older", desk="anna", outbox=outbox, by="A. B.", at=AT)
    with open_log(f"{url}-older", desk="anna", outbox=outbox) as log:
        assert log.state("item-1").state is State.UNKNOWN


def test_the_note_beside_the_log_is_read_by_people_too(history: Path, outbox: Path) -> None:
    note = json.loads((outbox / "log.epoch").read_text())
    assert (note["generation"], note["chain"], note["seq"]) == (2, "anna", 11)


# ── others at work ──


def test_a_locked_file_is_waited_for_and_then_nothing_is_written(outbox: Path) -> None:
    with open_log(None, desk="anna", outbox=outbox, busy_timeout=0.2) as log:
        approved(log, "item-1")
        with closing(sqlite3.connect(outbox / "log.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(LogUnwritable, match="so nothing is sent: database is locked"):
                log.transition(event("claimed"), WAITING)
        assert kinds(log) == ["approved"]
        assert log.transition(event("claimed"), WAITING)


def test_a_locked_table_is_waited_for_and_then_nothing_is_written(server: PostgreSQL, outbox: Path) -> None:
    import psycopg

    url = server.new_database(f"log-{uuid4().hex}")
    with open_log(url, desk="anna", outbox=outbox, busy_timeout=0.2) as log:
        approved(log, "item-1")
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE events")
            with pytest.raises(LogUnwritable, match="lock timeout"):
                log.transition(event("claimed"), WAITING)
        assert kinds(log) == ["approved"]
        assert log.transition(event("claimed"), WAITING)


def test_a_lock_that_is_given_up_in_time_holds_nothing_up(outbox: Path) -> None:
    with open_log(None, desk="anna", outbox=outbox, busy_timeout=20) as log:
        approved(log, "item-1")
        locked = threading.Event()

        def lock_for_a_while() -> None:
            with closing(sqlite3.connect(outbox / "log.db", isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                locked.set()
                threading.Event().wait(0.2)

        other = threading.Thread(target=lock_for_a_while)
        other.start()
        locked.wait()
        assert log.transition(event("claimed"), WAITING)
        other.join()
