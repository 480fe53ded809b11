"""Whatever is done in whatever order, and wherever a sender dies, the log tells the truth (RELIABILITY, R21).

Two desks work on the same letters, hand their exports to each other, mark by hand, take marks back, decide what is
unknown; one of them puts older backups of its log back. What really left is kept beside them, as no log can be wrong
about: what a desk was told of is gone by its log, or unknown, and goes no more without a person's word.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import JsonValue

from tests.dispatch.builders import a_desk
from tests.faults.desk import AT, Letters, Said, SetClock, a_log, a_plan, a_sender, an_item
from urgent_appeals.dispatch.channel import Accepted, Deferred, Failed, Mark, Parcel, Receipt, Unsure
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.errors import LogRestored, LogUnwritable
from urgent_appeals.log.backup import back_up
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.merge import merge
from urgent_appeals.log.restored import accept_restored
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.reconciling import Reconciling

OFFICES = ("a", "b", "c", "d")
CRASHES = ("before the marker", "after the marker", "after the dot", "result unwritable")
RECEIPTS: dict[str, Receipt] = {
    "yes": Accepted("2.0.0 Ok"),
    "later": Deferred("greylisted", "451"),
    "no": Failed("no such mailbox", "550"),
    "lost": Unsure("lost"),
    "lost, but taken": Unsure("lost"),
}
HOURS = st.sampled_from([0, 1, 5, 24, 24 * 8])


class Died(BaseException):
    """The sender is gone from one moment to the next."""


class Outside(Said):
    """The other side: it answers as told, and knows what it took; the sender may die on the way."""

    def __init__(self, answers: dict[str, str], crash: tuple[str, int] | None) -> None:
        super().__init__()
        self.answers, self.crash, self.taken, self.ids = answers, crash, [], {}  # type: ignore[var-annotated]
        self.unfinished: str | None = None

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        office = parcel.item.recipient.partition("/")[2]
        at = self.crash[0] if self.crash is not None and self.crash[1] == self.calls else None
        self.calls += 1
        self.ids.setdefault(office, set()).add(parcel.message_id)
        if at == "before the marker":
            raise Died
        mark()
        self.unfinished = office
        if at == "after the marker":
            raise Died
        answer = self.answers.get(office, "yes")
        if answer in {"yes", "lost, but taken"}:
            self.taken.append(office)
        if at == "after the dot":
            raise Died
        if at == "result unwritable":
            self.answers = {**self.answers, office: "result unwritable"}
        else:
            self.unfinished = None
        return RECEIPTS[answer]


@dataclass(frozen=True)
class Gone:
    """A letter that really left, once."""

    number: int
    office: str


@dataclass
class Side:
    """One desk: its log, what it knows to have left, and what of that a person has said may go once more."""

    name: str
    log: Log
    knows: set[Gone] = field(default_factory=set)
    settled: set[Gone] = field(default_factory=set)

    def known(self, office: str) -> set[Gone]:
        return {gone for gone in self.knows if gone.office == office}

    def hears_of(self, other: Side) -> None:
        self.settled |= other.settled
        self.knows = (self.knows | other.knows) - self.settled


class Desk(RuleBasedStateMachine):
    """A desk on which plans are run, with crashes, refusals, waits and clocks; and what must be true at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="sequences-"))
        self.clock = SetClock(at=AT)
        self.plans: list[Plan] = []
        self.own = Side("leeds", a_log(self.place / "outbox"))
        self.other = Side("porto", a_log(self.place / "porto", desk="porto"))
        self.numbers = count()
        self.sent_twice: list[str] = []
        self.marked: dict[str, Gone] = {}
        """What was marked by hand, by the event that says so."""
        self.told_as_gone: set[str] = set()
        self.taken_here: list[str] = []
        """What was taken from this desk since an older log was put back, if one was."""
        self.ids: dict[str, set[str]] = {}
        self.may_have_gone: set[str] = set()
        self.backups: list[Path] = []

    def teardown(self) -> None:
        for side in (self.own, self.other):
            side.log.close()
        shutil.rmtree(self.place)

    @property
    def log(self) -> Log:
        return self.own.log

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @initialize()
    def first_plan(self) -> None:
        self.plans.append(a_plan(*OFFICES[:2], name="plan-0"))

    @rule(offices=st.sets(st.sampled_from(OFFICES), min_size=1))
    def plan(self, offices: set[str]) -> None:
        self.plans.append(a_plan(*sorted(offices), name=f"plan-{len(self.plans)}"))

    @rule(hours=HOURS)
    def wait(self, hours: int) -> None:
        self.clock.pause(hours * 3600)

    @rule(days=st.sampled_from([-2000, 365]))
    def set_the_clock(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    @rule(
        number=st.integers(0, 9),
        answers=st.dictionaries(st.sampled_from(OFFICES), st.sampled_from(sorted(RECEIPTS))),
        unwanted=st.sets(st.sampled_from(OFFICES), max_size=1),
        crash=st.none() | st.tuples(st.sampled_from(CRASHES), st.integers(0, 2)),
    )
    def run(self, number: int, answers: dict[str, str], unwanted: set[str], crash: tuple[str, int] | None) -> None:
        outside = Outside(answers, crash)
        letters = Letters(refuse=dict.fromkeys(unwanted, "an update has come"))
        sender = a_sender(self.log, outside, clock=self.clock, supply=letters, trusts_clock=True)
        concluding = Log.conclude

        def conclude(log: Log, event: Any, taken_up: Any) -> Any:
            office = event.recipient.partition("/")[2]
            if outside.answers.get(office) == "result unwritable":
                raise LogUnwritable("log.db", "the disk is full")
            return concluding(log, event, taken_up)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Log, "conclude", conclude)
            try:
                sender.run(self.plans[number % len(self.plans)])
            except (Died, LogUnwritable, KeyError):
                self.log.close()
                self.own.log = a_log(self.place / "outbox")
        self._took(self.own, outside.taken)
        self.taken_here += outside.taken
        for office, ids in outside.ids.items():
            self.ids.setdefault(office, set()).update(ids)
        if outside.unfinished is not None:
            self.may_have_gone.add(outside.unfinished)
        self.may_have_gone |= {office for office, answer in answers.items() if answer.startswith("lost")}

    @rule(offices=st.sets(st.sampled_from(OFFICES), min_size=1, max_size=2))
    def the_other_desk_sends(self, offices: set[str]) -> None:
        outside = Outside({}, None)
        plan = a_plan(*sorted(offices), name=f"theirs-{next(self.numbers)}")
        a_sender(self.other.log, outside, clock=self.clock, trusts_clock=True).run(plan)
        self._took(self.other, outside.taken)

    def _took(self, side: Side, offices: Iterable[str]) -> None:
        for office in offices:
            if side.known(office):
                self.sent_twice.append(f"{office} by {side.name}")
            self._has_gone(side, office)

    def _has_gone(self, side: Side, office: str) -> Gone:
        gone = Gone(next(self.numbers), office)
        side.knows.add(gone)
        self.told_as_gone.add(office)
        return gone

    # ── what people do ──

    @rule(office=st.sampled_from(OFFICES))
    def somebody_sends_it_by_hand_and_marks_it(self, office: str) -> None:
        state = self.log.state(an_item(office).id).state
        if state in {State.PLANNED, State.APPROVED, State.DEFERRED, State.FAILED, State.CANCELLED}:
            new = self._said(EventKind.SENT, office, by_hand=True, route="electronic")
            marked = self.log.transition(new, {state})
            assert marked is not None
            self.marked[marked.id] = self._has_gone(self.own, office)

    @rule(office=st.sampled_from(OFFICES))
    def somebody_takes_a_mark_back(self, office: str) -> None:
        """It was a slip: the letter had not gone."""
        found = self.log.state(an_item(office).id)
        for head in found.heads:
            if head.id in self.marked:
                new = self._said(EventKind.UNDONE, office, by_hand=True, undoes=head.id, was="sent")
                assert self.log.transition(new, {found.state})
                for side in (self.own, self.other):
                    side.knows.discard(self.marked[head.id])
                return

    @rule(office=st.sampled_from(OFFICES))
    def somebody_finds_it_in_the_sent_folder(self, office: str) -> None:
        found = self.log.state(an_item(office).id)
        if found.state is State.UNKNOWN and office in self.taken_here:
            unknown = [head for head in found.heads if head.event is EventKind.UNKNOWN]
            assert self.log.settle(self._said(EventKind.SENT, office, reconciled=True), unknown)

    @rule(resend=st.booleans())
    def somebody_decides_what_is_unknown(self, *, resend: bool) -> None:
        reconciling = Reconciling(self.log, a_desk(), self.place / "outbox", None, self.now)
        for unsettled in reconciling.unsettled():
            office = unsettled.recipient.partition("/")[2]
            if not resend:
                assert reconciling.mark_sent(unsettled).state is State.SENT
                self.told_as_gone.add(office)
            elif reconciling.resend(unsettled).state is State.APPROVED:
                self.own.settled |= self.own.known(office)
                self.own.knows -= self.own.settled

    def _said(self, kind: EventKind, office: str, **detail: JsonValue) -> NewEvent:
        item = an_item(office)
        known = {"item": item.id, "code": item.code, "recipient": item.recipient, "channel": "email"}
        return NewEvent(at=self.now, by="M. H.", event=kind, detail=detail, **known)

    # ── the log ──

    @rule(theirs=st.booleans())
    def one_desk_imports_what_the_other_has_exported(self, *, theirs: bool) -> None:
        origin, to = (self.own, self.other) if theirs else (self.other, self.own)
        file = self.place / f"export-{next(self.numbers)}.json"
        export(origin.log, file, Form.JSON)
        merge(to.log, file, "M. H.", self.now)
        to.hears_of(origin)

    @rule()
    def back_up(self) -> None:
        self.backups.append(self.place / f"backup-{len(self.backups)}.db")
        back_up(self.log, self.backups[-1])

    @precondition(lambda self: self.backups)
    @rule(number=st.integers(0, 9))
    def put_a_backup_back(self, number: int) -> None:
        """Put an older log in the place of the log; where that is told, take it for the one that holds."""
        self.log.close()
        outbox = self.place / "outbox"
        for name in ("log.db-wal", "log.db-shm"):
            (outbox / name).unlink(missing_ok=True)
        shutil.copyfile(self.backups[number % len(self.backups)], outbox / "log.db")
        try:
            self.own.log = a_log(outbox)
        except LogRestored:
            accept_restored(None, desk="leeds", outbox=outbox, by="M. H.", at=self.now)
            self.own.log = a_log(outbox)
            self.taken_here.clear()
            self.ids.clear()
            self.may_have_gone = set(OFFICES)

    # ── what must be true ──

    @invariant()
    def nothing_goes_twice(self) -> None:
        assert not self.sent_twice, f"P2: a letter was sent twice: {self.sent_twice}"

    @invariant()
    def what_a_desk_knows_to_have_gone_is_gone_or_unknown(self) -> None:
        for side in (self.own, self.other):
            for office in sorted({gone.office for gone in side.knows}):
                found = side.log.state(an_item(office).id)
                assert found.is_gone, f"{office} has left, and at {side.name} it is {found.state.value}"

    @invariant()
    def the_log_tells_the_truth(self) -> None:
        for office in OFFICES:
            found = self.log.state(an_item(office).id).state
            if found is State.SENT:
                assert office in self.told_as_gone, "sent, it says, and it was not"
            if office in self.taken_here:
                kinds = {event.event for event in self.log.events(item=an_item(office).id)}
                assert EventKind.DATA in kinds, "P3: taken, and there was no marker"
            if found is State.UNKNOWN:
                assert office in self.may_have_gone, "unknown, though it is known"
            assert len(self.ids.get(office, set())) <= 1, "the Message-ID has changed"

    @invariant()
    def every_approved_letter_is_in_one_state_that_shows(self) -> None:
        approved = {event.item for event in self.log.events(kinds={EventKind.APPROVED})}
        shown = [self.log.state(item).state for item in approved if item is not None]
        assert State.PLANNED not in shown
        assert sum(state in {State.CLAIMED, State.DATA} for state in shown) <= 1

    @invariant()
    def the_chain_holds(self) -> None:
        assert self.log.verify() == ()


TestSequences = Desk.TestCase
TestSequences.settings = settings(
    settings.get_profile("ci"),
    max_examples=40,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSequences = pytest.mark.slow(TestSequences)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    made.first_plan()
    yield made
    made.teardown()


def test_what_was_imported_after_a_backup_goes_no_more_once_that_is_put_back(desk: Desk) -> None:
    desk.back_up()
    desk.the_other_desk_sends({"a"})
    desk.one_desk_imports_what_the_other_has_exported(theirs=False)
    desk.put_a_backup_back(0)
    desk.what_a_desk_knows_to_have_gone_is_gone_or_unknown()
    desk.run(0, {}, set(), None)
    desk.nothing_goes_twice()


def test_what_was_marked_by_hand_after_a_backup_goes_no_more_once_that_is_put_back(desk: Desk) -> None:
    desk.back_up()
    desk.somebody_sends_it_by_hand_and_marks_it("a")
    desk.put_a_backup_back(0)
    desk.what_a_desk_knows_to_have_gone_is_gone_or_unknown()
    desk.run(0, {}, set(), None)
    desk.nothing_goes_twice()


def test_the_invariants_bite_a_sender_that_forgets_the_marker(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from urgent_appeals.pipeline.ledger import Ledger

    def forgets(_self: Ledger, _item: PlanItem, claim: object, _parcel: Parcel) -> object:
        return claim

    monkeypatch.setattr(Ledger, "mark", forgets)
    desk.run(0, {}, set(), ("after the dot", 0))
    desk.run(0, {}, set(), None)
    with pytest.raises(AssertionError, match="P2"):
        desk.nothing_goes_twice()
