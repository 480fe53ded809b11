"""The log at the desk: what is listed, proved, brought together, and forgotten."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.pipeline.desks import (
    AT,
    CODE,
    JUSTICE,
    PRESIDENT,
    TYPED,
    an_event,
    an_item,
    approved,
    became,
    claimed,
    give_desk,
    log_of,
)
from urgent_appeals.domain.event import Event, EventKind, NewEvent
from urgent_appeals.domain.item import Route
from urgent_appeals.domain.item_state import State
from urgent_appeals.errors import (
    LogExportRefused,
    LogRestored,
    NoDesk,
    NothingToDo,
    OutboxError,
    UnknownAppeal,
    UnknownChoice,
)
from urgent_appeals.log.exports import Form
from urgent_appeals.log.people import recall, remember
from urgent_appeals.pipeline.forgetting import erase, find
from urgent_appeals.pipeline.logbook import (
    Wanted,
    accept_restored,
    back_up,
    export_to,
    import_from,
    listed,
    told,
    verify,
)
from urgent_appeals.pipeline.marking import Mark, mark


def silent(_: str) -> None:
    """Take no notice of what is told."""


@pytest.fixture
def desk(workspace: Path) -> Path:
    return give_desk(workspace)


@pytest.fixture
def worked(desk: Path) -> Path:
    """A desk at which two letters went, and a third was approved."""
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
        became(log, an_item(PRESIDENT), EventKind.SENT)
        approved(log, an_item(route=Route.FAX), "fax")
    return desk


def events(root: Path, **wanted: object) -> list[Event]:
    with listed(root, Wanted(**wanted)) as found:  # type: ignore[arg-type]  # each test gives what fits
        return list(found)


# ── list ──


def test_all_is_listed_in_the_order_in_which_it_happened(worked: Path) -> None:
    found = events(worked)
    assert [event.seq for event in found] == list(range(1, 10))
    assert [event.event.value for event in found[:4]] == ["approved", "claimed", "data", "sent"]


def test_what_is_asked_for_is_listed_alone(worked: Path) -> None:
    assert {event.recipient for event in events(worked, recipient="president")} == {PRESIDENT}
    assert {event.recipient for event in events(worked, recipient=JUSTICE)} == {JUSTICE}
    assert [event.event.value for event in events(worked, kinds=(EventKind.SENT,))] == ["sent", "sent"]
    assert [event.seq for event in events(worked, limit=2)] == [8, 9]
    assert len(events(worked, code=TYPED)) == 9
    assert events(worked, code="UAD XAA 001/2026") == []
    assert events(worked, since=AT + timedelta(seconds=1)) == []
    assert len(events(worked, since=AT)) == 9


def test_the_code_of_an_appeal_that_is_no_longer_there_is_read_as_it_is(worked: Path) -> None:
    with log_of(worked) as log:
        log.append(NewEvent(at=AT, by="M. H.", event=EventKind.NOTED, code="UA 90/03"))
    assert [event.code for event in events(worked, code="ua 90 / 2003")] == ["UA 90/03"]
    with pytest.raises(UnknownAppeal):
        events(worked, code="nothing at all")


def test_a_recipient_that_nobody_is_is_refused(worked: Path) -> None:
    with pytest.raises(UnknownChoice):
        events(worked, recipient="nobody")


def test_nothing_is_there_before_the_first_letter(workspace: Path) -> None:
    with pytest.raises(NothingToDo):
        events(workspace)
    with pytest.raises(NothingToDo):
        events(give_desk(workspace))
    assert not (workspace / "outbox").exists()


def test_a_log_without_its_desk_is_not_read_for_anybody(worked: Path) -> None:
    (worked / "desk.yaml").unlink()
    with pytest.raises(NoDesk):
        events(worked)


# ── verify ──


def test_a_sound_log_has_nothing_wrong(worked: Path) -> None:
    verified = verify(worked, silent)
    assert (verified.events, verified.faults) == (9, ())


def test_every_broken_link_is_told(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "outbox/log.db")) as file:
        file.execute("DROP TRIGGER events_no_update")
        file.execute("UPDATE events SET recipient = 'arlandia/nobody' WHERE seq IN (2, 5)")
        file.commit()
    said = [str(fault) for fault in verify(worked, silent).faults]
    assert said == [
        "the guard events_no_update against changed events is gone",
        "event 2 of the desk leeds: its hash is not that of its content",
        "event 5 of the desk leeds: its hash is not that of its content",
    ]


def restored(root: Path) -> Path:
    """Return a desk whose log was put back from a backup that was made before a letter was taken up."""
    back_up(root, root / "backup.db", silent)
    with log_of(root) as log, log.sender_lock():
        claimed(log, an_item("arlandia/interior-minister"))
    for name in ("log.db-wal", "log.db-shm"):
        (root / "outbox" / name).unlink(missing_ok=True)
    (root / "backup.db").replace(root / "outbox/log.db")
    return root


def test_an_older_log_is_refused_looked_at_and_told(worked: Path) -> None:
    with pytest.raises(LogRestored, match="appeals log verify --accept-restored"):
        events(restored(worked))
    (fault,) = verify(worked, silent).faults
    assert "it is not the one that this desk last wrote to" in str(fault)


def test_once_an_older_log_is_accepted_whatever_may_have_gone_is_unknown(worked: Path) -> None:
    recorded = accept_restored(restored(worked), AT)
    assert [event.event.value for event in recorded] == ["restored", "unknown", "unknown"]
    with log_of(worked) as log:
        states = log.states([an_item(name).id for name in (JUSTICE, PRESIDENT, "arlandia/interior-minister")])
    assert [state.state for state in states.values()] == [State.SENT, State.SENT, State.UNKNOWN]
    assert verify(worked, silent).faults == ()
    with pytest.raises(NothingToDo):
        accept_restored(worked, AT)


def test_there_is_nothing_to_accept_without_a_log(desk: Path) -> None:
    with pytest.raises(NothingToDo):
        accept_restored(desk, AT)


# ── export, import, backup ──


@pytest.fixture
def other(workspace: Path, tmp_path: Path) -> Path:
    """Another desk, with a folder of its own."""
    import shutil

    return give_desk(Path(shutil.copytree(workspace, tmp_path / "other")), desk="york", by="R. T.")


@pytest.mark.parametrize("form", list(Form))
def test_another_desk_takes_over_what_was_exported_once(other: Path, worked: Path, form: Form) -> None:
    assert export_to(worked, worked / "export", form, silent) == 9
    first, second = (import_from(other, worked / "export", AT, silent) for _ in range(2))
    assert (first.merged.new, first.merged.known, first.merged.desks) == (9, 0, ("leeds",))
    assert (second.merged.new, second.merged.known) == (0, 9)
    assert [event.hash for event in events(other)][:-1] == [event.hash for event in events(worked)]


def test_what_two_desks_both_did_is_told_with_who_did_it(other: Path, worked: Path) -> None:
    for root in (other, worked):
        mark(root, TYPED, JUSTICE, Mark(EventKind.POSTED, date(2026, 11, 20)), AT)
    export_to(worked, worked / "export.json", Form.JSON, silent)
    (twice,) = import_from(other, worked / "export.json", AT, silent).twice
    assert (twice.code, twice.recipient) == (CODE, JUSTICE)
    when = "2026-11-22 09:30 UTC"
    assert sorted(twice.said) == [
        f"posted by post on {when} by M. H. (desk leeds)",
        f"posted by post on {when} by R. T. (desk york)",
    ]


def test_an_export_that_was_touched_changes_nothing(other: Path, worked: Path) -> None:
    export_to(worked, worked / "export.json", Form.JSON, silent)
    text = (worked / "export.json").read_text("utf-8").replace("arlandia/president", "arlandia/nobody")
    (worked / "export.json").write_text(text, "utf-8")
    with pytest.raises(LogExportRefused):
        import_from(other, worked / "export.json", AT, silent)
    assert events(other) == []


def test_nothing_is_written_over(worked: Path) -> None:
    (worked / "there").write_text("mine")
    with pytest.raises(OutboxError):
        export_to(worked, worked / "there", Form.CSV, silent)
    with pytest.raises(OutboxError):
        back_up(worked, worked / "there", silent)
    assert (worked / "there").read_text() == "mine"


def test_what_is_done_is_told_as_it_goes_on(worked: Path) -> None:
    with log_of(worked) as log:
        log.append(*(NewEvent(at=AT, by="M. H.", event=EventKind.NOTED) for _ in range(1000)))
    said: list[str] = []
    export_to(worked, worked / "export.csv", Form.CSV, said.append)
    verify(worked, said.append)
    back_up(worked, worked / "backup.db", said.append)
    assert said == [
        "1,000 events",
        "looking through the file of the log",
        "1,000 of 1,009 events",
        "copying the log",
    ]


def test_an_event_is_told_in_words(worked: Path) -> None:
    assert told(events(worked)[3]) == "sent by email on 2026-11-22 09:30 UTC by M. H. (desk leeds)"


# ── forget ──


@pytest.fixture
def supporter(worked: Path) -> str:
    """A supporter with a pack, a draft, and a message as it came in; and what is others'."""
    outbox = worked / "outbox"
    with log_of(worked) as log:
        id_ = remember(log, {"name": "Ada Brook", "email": "ada@brook.example", "address": {"lines": ["3 Weir Lane"]}})
        other = remember(log, {"name": "Bo Field", "email": "bo@field.example"})
        noted = {"person": id_, "path": "x/drafts/ada.pdf", "raw": "ab" * 32}
        log.append(NewEvent(at=AT, by="M. H.", event=EventKind.NOTED, detail=noted))
        log.append(NewEvent(at=AT, by="M. H.", event=EventKind.NOTED, detail={"person": id_, "path": "../desk.yaml"}))
    for name in (f"x/packs/{id_}/a.pdf", f"x/packs/{id_}.zip", "x/drafts/ada.pdf", f"raw/{'ab' * 32}"):
        (outbox / name).parent.mkdir(parents=True, exist_ok=True)
        (outbox / name).write_text("hers")
    for name in (f"x/packs/{other}/b.pdf", f"x/packs/{id_}0.zip", "x/letters/bo.pdf"):
        (outbox / name).parent.mkdir(parents=True, exist_ok=True)
        (outbox / name).write_text("not hers")
    return id_


@pytest.mark.parametrize("typed", ["Ada Brook", "ADA@brook.example", " ada brook "])
def test_a_supporter_is_found_by_name_or_address_and_with_all_that_is_theirs(
    worked: Path, supporter: str, typed: str
) -> None:
    person = find(worked, typed, silent)
    assert person.id == supporter
    assert {path.relative_to(worked / "outbox").as_posix() for path in person.files} == {
        f"x/packs/{supporter}/a.pdf",
        f"x/packs/{supporter}.zip",
        "x/drafts/ada.pdf",
        f"raw/{'ab' * 32}",
    }


def test_what_is_erased_is_nowhere_and_what_is_others_stays(worked: Path, supporter: str) -> None:
    erased = erase(worked, find(worked, supporter, silent), AT)
    assert len(erased.files) == 4
    assert (erased.event.event, erased.event.detail) == (EventKind.FORGOTTEN, {"person": supporter})
    with log_of(worked) as log:
        assert recall(log, supporter) is None
    left = [path for path in worked.rglob("*") if path.is_file()]
    assert not [path for path in left if b"Weir Lane" in path.read_bytes() or path.read_bytes() == b"hers"]
    assert len([path for path in left if path.read_bytes() == b"not hers"]) == 3
    assert (worked / "desk.yaml").exists()
    assert not (worked / f"outbox/x/packs/{supporter}").exists()
    assert verify(worked, silent).faults == ()


@pytest.mark.parametrize(
    "path", ["log.db", "log.claimed", "plans/x.json", "drafts", "packs/../log.db", "x/manifest.json"]
)
def test_an_event_that_points_to_what_is_no_supporters_erases_nothing(worked: Path, supporter: str, path: str) -> None:
    before = find(worked, supporter, silent).files
    for name in ("log.claimed", "plans/x.json", "x/manifest.json"):
        (worked / "outbox" / name).parent.mkdir(parents=True, exist_ok=True)
        (worked / "outbox" / name).touch()
    with log_of(worked) as log:
        detail = {"person": supporter, "path": path, "raw": f"../{path}"}
        log.append(NewEvent(at=AT, by="M. H.", event=EventKind.NOTED, detail=detail))
    assert find(worked, supporter, silent).files == before


def test_an_event_of_another_desk_points_to_nothing_here(worked: Path, supporter: str) -> None:
    (worked / "outbox/x/drafts/bo.pdf").write_text("not hers")
    with log_of(worked, "york") as log:
        detail = {"person": supporter, "path": "x/drafts/bo.pdf"}
        log.append(NewEvent(at=AT, by="R. T.", event=EventKind.NOTED, detail=detail))
    assert worked / "outbox/x/drafts/bo.pdf" not in find(worked, supporter, silent).files


@pytest.mark.parametrize("typed", ["3 Weir Lane", "Ada", "brook.example"])
def test_nobody_is_found_by_what_others_have_too(worked: Path, supporter: str, typed: str) -> None:
    assert supporter
    with pytest.raises(NothingToDo):
        find(worked, typed, silent)


def test_an_erasure_that_was_interrupted_is_gone_through_once_more(worked: Path, supporter: str) -> None:
    erase(worked, find(worked, supporter, silent), AT)
    late = worked / f"outbox/x/packs/{supporter}.zip"
    late.write_text("hers")
    erase(worked, find(worked, supporter, silent), AT)
    assert not late.exists()
    assert len(events(worked, kinds=(EventKind.FORGOTTEN,))) == 1


def test_a_link_is_erased_and_what_it_leads_to_is_not(worked: Path, supporter: str) -> None:
    outside = worked.parent / "outside.txt"
    outside.write_text("not hers")
    link = worked / f"outbox/x/packs/{supporter}.pdf"
    link.symlink_to(outside)
    erase(worked, find(worked, supporter, silent), AT)
    assert not link.is_symlink()
    assert outside.read_text() == "not hers"


def test_nobody_and_two_of_one_name_are_refused_without_names(worked: Path, supporter: str) -> None:
    with pytest.raises(NothingToDo):
        find(worked, "Cy Nobody", silent)
    with log_of(worked) as log:
        remember(log, {"name": "ada brook"})
    with pytest.raises(UnknownChoice) as caught:
        find(worked, "Ada Brook", silent)
    assert supporter in str(caught.value)
    assert "Weir" not in str(caught.value)


def test_events_bear_the_fields_that_are_promised(worked: Path) -> None:
    from urgent_appeals.cli.events import as_data

    data = as_data(events(worked)[0])
    promised = "seq id at by event item code recipient channel detail prev_hash hash"
    assert list(data)[:12] == promised.split()
    assert isinstance(data["at"], datetime)
    assert json.dumps(data["detail"])
    assert an_event(EventKind.NOTED, an_item()).item == an_item().id
