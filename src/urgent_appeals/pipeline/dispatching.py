"""Dispatch the letters of an appeal: plan, and run a plan, from a workspace with the settings of its desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from urgent_appeals.dispatch.reply_token import desk_secret, random_token, reply_token
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.event import Event, EventKind, NewEvent, desk_of
from urgent_appeals.domain.item import CHANNELS, Via
from urgent_appeals.domain.item_state import UNSURE, State
from urgent_appeals.domain.plan import Known, Plan, PlanItem
from urgent_appeals.domain.throttle import Limits
from urgent_appeals.errors import NothingToDo, PlanChanged
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.rows import case_key
from urgent_appeals.outbox import plans
from urgent_appeals.pipeline.channels import open_channels
from urgent_appeals.pipeline.clock import Clock
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.history import Out, already_out, known, looked_at
from urgent_appeals.pipeline.ledger import has_begun
from urgent_appeals.pipeline.plan_now import PlanNow
from urgent_appeals.pipeline.planning import Asked, make_plan
from urgent_appeals.pipeline.print_run import PrintRuns, ToPrint, to_print
from urgent_appeals.pipeline.sending import Progress, Ran, Sender
from urgent_appeals.pipeline.supply import OutboxSupply
from urgent_appeals.workspace.desk_file import read_desk
from urgent_appeals.workspace.read import find_root

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log
    from urgent_appeals.pipeline.ledger import Ledger

ASK_ABOVE = 10
"""How many letters go without their number being typed."""
_UNUSUAL = 3
"""How many times the largest run so far is far more than ever before, from a number on."""
_UNUSUAL_FROM = 30


@dataclass(frozen=True)
class Count:
    """How many letters a run would hand over, and how many the largest run so far did."""

    items: int
    largest: int

    @property
    def must_be_typed(self) -> bool:
        """Whether a person has to type the number."""
        return self.items > ASK_ABOVE

    @property
    def is_unusual(self) -> bool:
        """Whether it is far more than ever before, so that the number alone is not enough."""
        return self.items > max(_UNUSUAL_FROM, _UNUSUAL * self.largest)


Consent = Callable[[Count, Plan], None]
"""Is asked before a run; raises where a person does not agree."""


@dataclass(frozen=True)
class Planned:
    """A plan, and where it lies."""

    plan: Plan
    path: Path


@dataclass(frozen=True)
class Dispatched:
    """What a run did, what is out of hand of a case where something was cancelled in its midst, what is to print.

    `drafts` are those of the plan that lie in the mailbox, `untried` what a test to oneself left out: it is no mail.
    """

    ran: Ran
    out: tuple[Out, ...] = ()
    to_print: tuple[ToPrint, ...] = ()
    drafts: tuple[Out, ...] = ()
    untried: tuple[PlanItem, ...] = ()


@dataclass(frozen=True)
class Order:
    """How a plan is to be run: who consents, by which clock, as of which day, and whether only to oneself.

    `trusts_clock`: the clock is right, though the log has later events.
    """

    consent: Consent
    clock: Clock
    today: Callable[[], date]
    reflect: bool = False
    progress: Progress = lambda *_: None
    trusts_clock: bool = False


def plan_dispatch(start: Path, typed: str, on: date, asked: Asked, progress: Progress = lambda *_: None) -> Planned:
    """Plan the dispatch of an appeal and keep the plan, having made what is to be faxed.

    Raises as `make_plan`, `make_faxes` and the log do, and NoDesk.
    """
    desk = Desk.open(start, on)
    appeal = desk.appeal(typed)
    settings = read_desk(desk.workspace.root)
    outbox = desk.workspace.root / "outbox"
    with looked_at(settings.log, settings.desk, outbox) as log:
        past = known(log, appeal) if log is not None else Known()
    plan = make_plan(desk, appeal, on, asked, past, settings)
    if settings.fax is not None and any(item.via is Via.FAX and item.address for item in plan.items):
        from urgent_appeals.pipeline.faxes import make_faxes  # loads what prints

        make_faxes(desk, appeal, plan, progress)
        plan = make_plan(desk, appeal, on, asked, past, settings)
    return Planned(plan, plans.save(outbox, plan))


def run_plan(start: Path, name: str, order: Order) -> Dispatched:
    """Run a plan: approve what it sends, hand it over, and return what came of it.

    Raises PlanChanged where anything is not as it was planned, NothingToDo where all of it is settled, what the consent
    raises, AnotherSender, ClockDoubtful, and the errors of the log and of the settings; then nothing was sent.
    """
    root = find_root(start)
    settings = read_desk(root)
    plan = plans.load(root / "outbox", name)
    with open_log(settings.log, desk=settings.desk, outbox=root / "outbox") as log:
        if order.reflect:
            return _reflect(root, plan, settings, log, order)

        now = PlanNow(root, plan, settings, log, order.today, partial(has_begun, log, plan))

        def agree(ledger: Ledger, recovered: Sequence[Event]) -> None:
            _require_unchanged(now, ledger)
            states = {item.item: ledger.state(item) for item in plan.to_send}
            left = [item for item in plan.to_send if not ledger.is_over(item, states[item.item])]
            if left:
                order.consent(Count(len(left), _largest_run(log)), plan)
            elif not recovered:
                _require_open(log, plan, sum(state.state in UNSURE for state in states.values()))

        ran = _sender(now, order).run(plan, agree)
        out = tuple(already_out(log, case_key(plan.code) or "")) if ran.count(State.CANCELLED) else ()
        return Dispatched(ran, out, tuple(to_print(log, plan)), tuple(_drafts(log, plan, ran)))


def _require_open(log: Log, plan: Plan, unsure: int) -> None:
    """Raise NothingToDo where nothing is left to send, nor unsure but what lies in print runs and waits there."""
    waiting = [*to_print(log, plan)]
    if unsure > sum(run.letters for run in waiting):
        return
    if not waiting:
        raise NothingToDo("nothing of the plan is left to send: see `appeals log list`")
    said = (
        f"{run.letters} wait{'s' if run.letters == 1 else ''} to be printed: appeals dispatch printed {run.name}"
        for run in waiting
    )
    raise NothingToDo(f"nothing left to send; {'; '.join(said)}")


def _drafts(log: Log, plan: Plan, ran: Ran) -> Iterator[Out]:
    """Yield the drafts of a plan that lie in the mailbox; by the log, which knows the folder."""
    items = {outcome.item.item for outcome in ran.outcomes if outcome.state is State.DRAFTED}
    if items:
        yield from (out for out in already_out(log, case_key(plan.code) or "") if out.item in items)


def _require_unchanged(now: PlanNow, ledger: Ledger) -> None:
    """Raise PlanChanged where the plan would not be made just so today; then what of it waited is cancelled."""
    changed = now.changes()
    if not changed:
        return
    begun = [item for item in ledger.plan.to_send if ledger.has_begun(item.item)]
    for item in begun:
        reason = now.unwanted(item)
        if reason is not None:
            ledger.drop(item, EventKind.CANCELLED, reason)
    raise PlanChanged(ledger.plan.plan, (*changed, *(_calls_back(ledger) if begun else ())))


def _calls_back(ledger: Ledger) -> Iterator[str]:
    for out in already_out(ledger.log, case_key(ledger.plan.code) or ""):
        yield f"already out, and to be called back by hand where it no longer holds: {out}"


def _largest_run(log: Log) -> int:
    """Return how many letters the largest run of this desk was to hand over."""
    own = (event for event in log.events(kinds={EventKind.NOTED}) if desk_of(event.desk) == desk_of(log.desk))
    counts = (event.detail.get("items") for event in own if "run" in event.detail)
    return max((count for count in counts if isinstance(count, int)), default=0)


def _sender(now: PlanNow, order: Order) -> Sender:
    root, plan, settings, log = now.root, now.plan, now.settings, now.log
    smtp = settings.smtp
    tray = PrintRuns(root, plan, log, settings.by, order.clock)
    ways = {item.via for item in (_mail(plan) if order.reflect else plan.to_send)}
    return Sender(
        log=log,
        supply=_supply(now, order),
        channels=open_channels(settings, tray, ways),
        limits=smtp.limits if smtp is not None else Limits(),
        clock=order.clock,
        by=settings.by,
        domain=(settings.sender or "@letters.invalid").rpartition("@")[2],
        progress=order.progress,
        trusts_clock=order.trusts_clock,
        gateway=settings.fax.gateway if settings.fax is not None else None,
    )


def _supply(now: PlanNow, order: Order) -> OutboxSupply:
    if order.reflect:  # nothing of a test may be taken for the letter: no token of the item's is in it
        return OutboxSupply(now.root, now.settings, lambda _: random_token(), now, now.settings.reflect)
    secret = desk_secret(now.root / "outbox" / "reply-secret")
    return OutboxSupply(now.root, now.settings, partial(reply_token, secret), now)


def _mail(plan: Plan) -> tuple[PlanItem, ...]:
    """Return what a test to oneself takes: what goes by mail, though the settings bar its address."""
    return tuple(item for item in plan.to_try if CHANNELS[item.via] == "email")


def _reflect(root: Path, plan: Plan, settings: Settings, log: Log, order: Order) -> Dispatched:
    """Send everything only to oneself: nothing becomes of the items themselves."""
    if settings.reflect is None:
        raise NothingToDo("desk.yaml names no address of your own (reflect:)")
    mail = _mail(plan)
    if not mail:
        raise NothingToDo("the plan has nothing that goes by mail")
    now = PlanNow(root, plan, settings, log, order.today, {item.item for item in plan.to_send}.__contains__)
    sender = _sender(now, order)
    if changed := now.changes():
        raise PlanChanged(plan.plan, changed)
    ran = sender.reflect(mail)
    note = NewEvent(
        at=order.clock.now(),
        by=settings.by,
        event=EventKind.NOTED,
        code=plan.code,
        detail={"reflected": plan.plan, "letters": ran.count(State.SENT)},
    )
    log.append(note)
    return Dispatched(ran, untried=tuple(item for item in plan.to_try if item not in mail))
