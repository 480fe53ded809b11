"""Faxes and print runs of a workspace, from the plan to what comes of them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.log.builders import merge
from tests.pipeline.conftest import ROOT
from tests.pipeline.desks import TYPED, an_event, give_desk, log_of, marked
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Action, Plan, PlanItem
from urgent_appeals.errors import LogUnwritable, MarkRefused, NothingToDo, OutboxError, PlanChanged, UnknownChoice
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log
from urgent_appeals.outbox import disk
from urgent_appeals.pipeline.dispatching import Dispatched, Order, plan_dispatch, run_plan
from urgent_appeals.pipeline.history import already_out
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.pipeline.planning import Asked
from urgent_appeals.pipeline.print_run import say_printed, to_print
from urgent_appeals.pipeline.reconciling import reconciling

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ENGLISH = Wanted(languages=("en",))
DOUBTS = ("not-reviewed", "stale", "same-address", "another-way")
_PROGRAM = """\
import json, pathlib, sys
with open({log!r}, "a") as log:
    log.write(json.dumps([sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes().hex()]) + chr(10))
print("job", sys.argv[1][-2:])
"""


class Clock:
    """A clock that goes on by a second whenever it is asked, and interrupts after so many letters."""

    def __init__(self, letters: int = 1000) -> None:
        self._now, self._left = NOW, letters + 1

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def monotonic(self) -> float:
        return (self.now() - NOW).total_seconds()

    def pause(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def interrupted(self) -> bool:
        self._left -= 1
        return self._left <= 0


@pytest.fixture
def faxed(tmp_path: Path) -> Path:
    """Where the fax program writes what it has taken."""
    return tmp_path / "faxed"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the English letters of the sample made."""
    root = tmp_path_factory.mktemp("made")
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "campaign.yaml", root / "campaign.yaml")
    make_letters(root, TYPED, DAY, ENGLISH)
    return root


@pytest.fixture
def desk(made: Path, tmp_path: Path, faxed: Path) -> Path:
    """A copy of that workspace, and a fax program."""
    program = tmp_path / "fax.py"
    program.write_text(_PROGRAM.format(log=str(faxed)))
    root = tmp_path / "workspace"
    shutil.copytree(made, root)
    return give_desk(root, fax={"command": [sys.executable, str(program), "{number}", "{file}"]})


@pytest.fixture
def log(desk: Path) -> Iterator[Log]:
    with log_of(desk) as opened:
        yield opened


def planned(desk: Path, via: Via, *, to: tuple[str, ...] = ()) -> Plan:
    return plan_dispatch(desk, TYPED, DAY, Asked(via=via, to=to, accepted=DOUBTS)).plan


def run(desk: Path, plan: Plan, clock: Clock | None = None) -> Dispatched:
    return run_plan(desk, plan.plan, Order(lambda *_: None, clock or Clock(), lambda: DAY))


def text_of(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def states(log: Log, plan: Plan) -> list[State]:
    return [log.state(item.item).state for item in plan.to_send]


def letter_of(item: PlanItem) -> str:
    return next(document.path for document in item.documents if "/letters/" in document.path)


# ── faxes ──


def test_a_planned_fax_is_a_cover_page_and_the_letter_as_it_was_made(desk: Path) -> None:
    plan = planned(desk, Via.FAX)
    assert plan.to_send
    for item in plan.to_send:
        letter, fax = (desk / document.path for document in item.documents)
        cover, *pages = text_of(fax)
        assert pages == text_of(letter)
        assert item.address is not None
        assert item.address not in cover
        assert f"(01) 550 {item.address[-4:-2]} {item.address[-2:]}" in cover
        assert str(len(pages) + 1) in cover
        assert "UAD XAA 001/2026" in cover


def test_the_cover_page_says_nothing_of_the_person(desk: Path) -> None:
    item = planned(desk, Via.FAX).to_send[0]
    cover = text_of(desk / item.documents[1].path)[0]
    about = item.subject.partition("–")[2].split(":")[0].split()[-1]
    assert about in text_of(desk / letter_of(item))[0]
    assert about not in cover


def test_a_fax_planned_twice_is_the_same_bytes(desk: Path) -> None:
    first, second = planned(desk, Via.FAX), planned(desk, Via.FAX)
    assert first.digest == second.digest


def test_a_fax_of_another_cover_voids_the_plan(desk: Path, faxed: Path) -> None:
    plan = planned(desk, Via.FAX)
    path = desk / plan.to_send[0].documents[1].path
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(PlanChanged):
        run(desk, plan)
    assert not faxed.exists()


def test_a_fax_goes_to_the_program_as_it_was_approved(desk: Path, faxed: Path, log: Log) -> None:
    plan = planned(desk, Via.FAX)
    run(desk, plan)
    taken = [json.loads(line) for line in faxed.read_text().splitlines()]
    assert [(number, hashlib.sha256(bytes.fromhex(pdf)).hexdigest()) for number, pdf in taken] == [
        (item.address, item.documents[1].sha256) for item in plan.to_send
    ]
    assert set(states(log, plan)) == {State.FAXED}


def test_a_letter_made_anew_voids_the_plan_of_its_fax_and_the_next_plan_has_another(desk: Path, faxed: Path) -> None:
    plan = planned(desk, Via.FAX, to=("justice-minister",))
    make_letters(desk, TYPED, DAY - timedelta(days=1), Wanted(to=("justice-minister",), languages=("en",)))
    with pytest.raises(PlanChanged):
        run(desk, plan)
    assert not faxed.exists()
    (item,) = planned(desk, Via.FAX, to=("justice-minister",)).to_send
    assert "21 November 2026" in text_of(desk / item.documents[1].path)[0]


def test_an_office_without_a_fax_number_gets_none_and_the_plan_says_why(desk: Path) -> None:
    skipped = [item for item in planned(desk, Via.FAX).items if item.action is Action.SKIP]
    assert skipped
    assert {item.reason for item in skipped} == {"the directory has no address for this channel"}


def test_the_fax_of_a_letter_changed_by_hand_is_not_made(desk: Path) -> None:
    path = desk / letter_of(planned(desk, Via.FAX).to_send[0])
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(OutboxError, match="not as it was made"):
        planned(desk, Via.FAX)


# ── print runs ──


def test_a_print_run_holds_each_letter_on_sheets_of_its_own_behind_the_list(desk: Path) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    assert (made.path, made.letters) == (f"outbox/print-run/{plan.plan}.pdf", len(plan.to_send))
    pages = text_of(desk / made.path)
    at = 2
    for item in plan.to_send:
        letter = text_of(desk / letter_of(item))
        assert at % 2 == 0
        assert pages[at : at + len(letter)] == letter
        at += len(letter) + len(letter) % 2
    assert at == len(pages)


def test_the_list_and_what_is_said_of_it_have_the_letters_in_one_order(desk: Path) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    order = [each.recipient for each in say_printed(desk, made.name, NOW)]
    assert order == [item.key.recipient for item in plan.to_send]
    assert order != sorted(order)


def test_the_list_has_recipients_deadline_count_and_digest(desk: Path) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    sheet = "".join(text_of(desk / made.path)[:2])
    words = sheet.replace("\n", "")
    lines = [f"{item.documents[0].sha256}  {item.documents[0].path}\n" for item in plan.to_send]
    assert hashlib.sha256("".join(lines).encode()).hexdigest() in words
    assert f"Letters {len(plan.to_send)}: " in sheet
    assert all(item.key.recipient in words for item in plan.to_send)
    assert "2026-" in sheet.partition("Post by")[2]


def test_letters_of_a_print_run_are_printed_on_a_persons_word_only(desk: Path, log: Log) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    assert set(states(log, plan)) == {State.UNKNOWN}
    said = say_printed(desk, made.name, NOW)
    assert {each.state for each in said} == {State.PRINTED}
    assert set(states(log, plan)) == {State.PRINTED}
    with pytest.raises(NothingToDo):
        run(desk, plan)


def test_what_lies_in_a_print_run_is_planned_into_no_other_one(desk: Path) -> None:
    run(desk, planned(desk, Via.POST))
    assert {item.action for item in planned(desk, Via.POST).items} == {Action.SKIP}


def test_the_same_plan_run_again_makes_no_second_print_run(desk: Path, log: Log) -> None:
    plan = planned(desk, Via.POST)
    (first,) = run(desk, plan).to_print
    waits = f"nothing left to send; {first.letters} wait to be printed: appeals dispatch printed {first.name}"
    with pytest.raises(NothingToDo, match=f"^{re.escape(waits)}$"):
        run(desk, plan)
    assert len([*(desk / "outbox/print-run").iterdir()]) == 1
    assert sum("print_run" in event.detail for event in log.events(kinds={EventKind.NOTED})) == 1


def test_a_run_that_goes_on_after_an_interruption_prints_the_rest_in_a_second_print_run(desk: Path) -> None:
    plan = planned(desk, Via.POST)
    first = run(desk, plan, Clock(letters=1)).to_print
    both = run(desk, plan).to_print
    assert [made.letters for made in first] == [1]
    assert [made.letters for made in both] == [1, len(plan.to_send) - 1]
    assert both[1].name == f"{plan.plan}-2"


def test_a_run_that_ended_before_its_print_run_was_there_is_finished_by_the_next(
    desk: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk, Via.POST)
    with monkeypatch.context() as broken:
        broken.setattr(disk, "write_new", _full)
        with pytest.raises(OutboxError):
            run(desk, plan)
    assert not any("print_run" in event.detail for event in log.events(kinds={EventKind.NOTED}))
    (made,) = run(desk, plan).to_print
    assert made.letters == len(plan.to_send)


def test_a_print_run_that_was_never_made_is_not_to_be_called_back(
    desk: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk, Via.POST)
    with monkeypatch.context() as broken:
        broken.setattr(disk, "write_new", _full)
        with pytest.raises(OutboxError):
            run(desk, plan)
    case = "UAD XAA 001/2026"
    assert (set(states(log, plan)), [*already_out(log, case)]) == ({State.UNKNOWN}, [])
    (made,) = run(desk, plan).to_print
    assert {out.where for out in already_out(log, case)} == {made.path}
    assert len([*already_out(log, case)]) == len(plan.to_send)


def test_what_another_desk_says_of_a_letter_does_not_hide_the_print_run_it_lies_in(
    desk: Path, log: Log, tmp_path: Path
) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    item = plan.to_send[0].key
    with open_log(None, desk="york", outbox=tmp_path / "york") as york:
        for kind in (EventKind.APPROVED, EventKind.CANCELLED):
            york.append(an_event(kind, item, "post"))
        export(york, tmp_path / "york.json", Form.JSON)
    merge(log, tmp_path / "york.json")
    assert [run.letters for run in to_print(log, plan)] == [len(plan.to_send)]
    assert len([*already_out(log, "UAD XAA 001/2026")]) == len(plan.to_send)
    assert {each.state for each in say_printed(desk, made.name, NOW)} == {State.PRINTED}


def test_a_print_run_of_another_desk_with_the_same_name_is_not_taken_for_the_own(desk: Path, log: Log) -> None:
    plan = planned(desk, Via.POST)
    (made,) = run(desk, plan).to_print
    said = {"print_run": made.name, "plan": plan.plan, "sha256": "0" * 64, "attempts": {plan.to_send[0].item: 1}}
    with log_of(desk, "york") as york:
        for detail in (said, {**said, "path": "elsewhere.pdf"}):
            york.append(NewEvent(at=NOW, by="R. T.", event=EventKind.NOTED, code=plan.code, detail=detail))
    log.append(NewEvent(at=NOW, by="M. H.", event=EventKind.NOTED, code=plan.code, detail=said))  # no path
    assert [*to_print(log, plan)] == [made]
    assert len(say_printed(desk, made.name, NOW)) == len(plan.to_send)
    assert set(states(log, plan)) == {State.PRINTED}


def test_a_letter_that_another_desk_holds_is_laid_into_no_print_run_here(desk: Path, log: Log, tmp_path: Path) -> None:
    plan = planned(desk, Via.POST)
    with open_log(None, desk="york", outbox=tmp_path / "york") as york:
        marked(york, plan.to_send[0].key, "post")
        export(york, tmp_path / "york.json", Form.JSON)

    def meanwhile(number: int, _total: int, _item: str) -> None:
        if number == 1:
            merge(log, tmp_path / "york.json")

    order = Order(lambda *_: None, Clock(), lambda: DAY, progress=meanwhile)
    (made,) = run_plan(desk, plan.plan, order).to_print
    assert made.letters == len(plan.to_send) - 1


def test_without_a_log_no_letter_is_laid_out(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(desk, Via.POST)

    def unwritable(*_: object) -> None:
        raise LogUnwritable("the log", "no room")

    monkeypatch.setattr("urgent_appeals.pipeline.ledger.Ledger.mark", unwritable)
    with pytest.raises(LogUnwritable):
        run(desk, plan)
    assert not (desk / "outbox/print-run").exists()


def test_what_was_not_printed_goes_again_with_a_persons_word(desk: Path) -> None:
    plan = planned(desk, Via.POST)
    run(desk, plan)
    with reconciling(desk, None, NOW) as job:
        left = job.unsettled()
        assert all("to be printed from outbox/print-run/" in each.reason for each in left)
        job.resend(left[0])
    again = run(desk, plan).to_print
    assert [made.letters for made in again] == [len(plan.to_send) - 1, 1]


def test_only_its_owner_can_read_a_print_run_or_a_fax(desk: Path) -> None:
    (made,) = run(desk, planned(desk, Via.POST)).to_print
    fax = planned(desk, Via.FAX).to_send[0].documents[1].path
    for path in (made.path, fax):
        assert stat.S_IMODE((desk / path).stat().st_mode) == 0o600


def test_print_runs_and_faxes_tell_nothing_of_the_machine(desk: Path) -> None:
    (made,) = run(desk, planned(desk, Via.POST)).to_print
    for path in (made.path, planned(desk, Via.FAX).to_send[0].documents[1].path):
        reader = PdfReader(desk / path)
        assert not reader.metadata
        assert reader.xmp_metadata is None
        told = " ".join(text_of(desk / path))
        assert socket.gethostname() not in re.findall(r"[\w.-]+", told)


def test_a_print_run_that_was_changed_is_not_said_to_be_printed(desk: Path) -> None:
    (made,) = run(desk, planned(desk, Via.POST)).to_print
    (desk / made.path).write_bytes(b"%PDF-1.7 of somebody else")
    with pytest.raises(MarkRefused):
        say_printed(desk, made.name, NOW)


def test_a_print_run_that_is_not_there_is_named_with_those_that_are(desk: Path) -> None:
    (made,) = run(desk, planned(desk, Via.POST)).to_print
    with pytest.raises(UnknownChoice) as raised:
        say_printed(desk, "another", NOW)
    assert made.name in str(raised.value)


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
