"""Run a plan: hand each letter to its channel once, and have every step on record before the next is taken.

The order of writes is the promise: claimed; then, by the channel and before the last irrevocable byte, marked; then
the result. Each is durable before the next begins. What a sender that died has left is settled first, under the sender
lock, and whether a letter is still wanted is looked at again each time one is taken up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pydantic import JsonValue

from urgent_appeals.dispatch.channel import (
    Accepted,
    Channel,
    Deferred,
    Drafted,
    Failed,
    ForPrint,
    Parcel,
    Receipt,
    Unsure,
)
from urgent_appeals.dispatch.message import new_message_id
from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import UNSURE, WAITING, ItemState, State
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.throttle import LONGEST, Limits
from urgent_appeals.errors import (
    AccountUnusable,
    AppealsError,
    ClockDoubtful,
    ExtraMissing,
    LetterChanged,
    LogError,
    NoDesk,
    NoPassword,
)
from urgent_appeals.pipeline.clock import Clock, Watch, is_behind
from urgent_appeals.pipeline.ledger import Ledger, recover
from urgent_appeals.pipeline.pace import Pace

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

Progress = Callable[[int, int, str], None]
"""Called before each letter with its number, how many there are, and which it is."""
Agree = Callable[[Ledger, Sequence[Event]], None]
"""Is asked once the run is the only one, with what it had to settle; raises where nothing is to be sent."""

_INTERRUPTED = "interrupted; the same command goes on"
_OF_THE_ACCOUNT = (NoDesk, NoPassword, AccountUnusable, ExtraMissing)


class Supply(Protocol):
    """What a run asks about a plan's items: whether one is still wanted, and its parcel."""

    def unwanted(self, item: PlanItem) -> str | None:
        """Return why an item is not to go any more, or None; raises AppealsError or OSError where it cannot tell."""
        ...

    def address_fault(self, item: PlanItem) -> str | None:
        """Return why an item's address is not written to from this desk, or None."""
        ...

    def parcel(self, item: PlanItem, message_id: str, at: datetime) -> Parcel:
        """Return what is handed over.

        Raises LetterChanged where it is not what was approved, AppealsError or OSError where it cannot be made.
        """
        ...


@dataclass(frozen=True)
class Outcome:
    """What came of one item: the state that it is in, and what there is to say about it."""

    item: PlanItem
    state: State
    says: str = ""


@dataclass
class Ran:
    """What a run did; `stopped` is why it ended before the last item, empty where it came to it."""

    outcomes: list[Outcome] = field(default_factory=list)
    recovered: list[Event] = field(default_factory=list)
    stopped: str = ""

    def count(self, *states: State) -> int:
        """Return how many items are in one of the states."""
        return sum(outcome.state in states for outcome in self.outcomes)


class _Gone(Exception):
    """The item that was to be marked is in another state: nothing of it is to be sent."""


@dataclass(frozen=True)
class Sender:
    """Sends what plans say: the log, the supply of parcels, the channels by way, limits, the clock, and who acts.

    `domain` is that of the account that letters come from; Message-IDs bear it. `trusts_clock`: a person has said that
    the clock is right, though the log has later events. `gateway` is the address that faxes go to by mail, within the
    limits for mail; None where they do not.
    """

    log: Log
    supply: Supply
    channels: Mapping[Via, Channel]
    limits: Limits
    clock: Clock
    by: str
    domain: str
    progress: Progress = lambda *_: None
    trusts_clock: bool = False
    gateway: str | None = None

    @property
    def by_mail(self) -> frozenset[Via]:
        """The ways by which what goes counts as mail."""
        return frozenset({Via.EMAIL, Via.FAX} if self.gateway is not None else {Via.EMAIL})

    def run(self, plan: Plan, agree: Agree = lambda *_: None) -> Ran:
        """Hand over what the plan sends and the log does not know as gone; return what came of each item.

        Raises AnotherSender where another run has the lock, ClockDoubtful, what `agree` raises, and LogError as soon as
        a step cannot be recorded; then nothing further is sent, and the same run can be started again.
        """
        ledger, ran = Ledger(self.log, self.clock, self.by, self.domain, plan, self.by_mail), Ran()
        with self.log.sender_lock():
            self._require_sane_clock(ledger)
            ran.recovered += recover(self.log, self.clock.now(), self.by)
            agree(ledger, ran.recovered)
            ledger.approve()
            with ExitStack() as opened:
                channels = {via: opened.enter_context(channel) for via, channel in self.channels.items()}
                _Run(self, ledger, channels, ran).each(plan.to_send)
        return ran

    def reflect(self, items: Sequence[PlanItem]) -> Ran:
        """Hand items over to oneself, as their parcels say, and record nothing of them; return what came of each.

        No more than the limits allow for a day; an account's slow start is that of its letters.
        """
        ran, pace = Ran(), Pace(self.limits.model_copy(update={"slow_start": None}), self.clock)
        with ExitStack() as opened:
            channels = {via: opened.enter_context(channel) for via, channel in self.channels.items()}
            for number, item in enumerate(items, start=1):
                if not ran.stopped and (room := pace.room()) is not None and item.via in self.by_mail:
                    ran.stopped = _full(room)
                if not ran.stopped:
                    pace.wait(None)
                    ran.stopped = _INTERRUPTED if self.clock.interrupted() else ""
                if ran.stopped:
                    ran.outcomes.append(Outcome(item, State.PLANNED, "not sent to yourself"))
                    continue
                self.progress(number, len(items), str(item.key))
                counted = pace.transmitted if item.via in self.by_mail else lambda: None
                ran.outcomes.append(self._reflected(item, channels[item.via], ran, counted))
                pace.handed_over(None)
        return ran

    def _reflected(self, item: PlanItem, channel: Channel, ran: Ran, mark: Callable[[], None]) -> Outcome:
        try:
            parcel = self.supply.parcel(item, new_message_id(self.domain), self.clock.now())
            receipt = channel.hand_over(parcel, mark)
        except (AppealsError, OSError) as error:
            return Outcome(item, State.FAILED, str(error))
        if isinstance(receipt, Accepted | Drafted | ForPrint):
            return Outcome(item, State.SENT)
        if (isinstance(receipt, Failed) and receipt.stops_run) or (
            isinstance(receipt, Deferred) and receipt.pause == "run"
        ):
            ran.stopped = receipt.reason
        return Outcome(item, State.FAILED, receipt.reason)

    def _require_sane_clock(self, ledger: Ledger) -> None:
        now, latest = self.clock.now(), ledger.latest()
        if latest is not None and is_behind(now, latest) and not self.trusts_clock:
            raise ClockDoubtful(f"{now:%Y-%m-%d %H:%M} UTC", f"{latest:%Y-%m-%d %H:%M} UTC")


class _Run:
    """One run of a plan, under the sender lock, with everything in it approved and its channels open."""

    def __init__(self, sender: Sender, ledger: Ledger, channels: Mapping[Via, Channel], ran: Ran) -> None:
        self._supply, self._clock, self._progress = sender.supply, sender.clock, sender.progress
        self._by_mail, self._gateway = sender.by_mail, sender.gateway
        self._ledger, self._channels, self._ran = ledger, channels, ran
        self._watch = Watch(sender.clock)
        first = ledger.first_transmitted() if sender.limits.slow_start is not None else None
        self._pace = Pace(sender.limits, sender.clock, ledger.transmitted_lately(), first)

    def each(self, items: Sequence[PlanItem]) -> None:
        """Take the items in their order, and note what came of each."""
        for number, item in enumerate(items, start=1):
            state = self._ledger.state(item)
            held = self._held(item, state)
            if held is None:
                self._ran.stopped = self._ran.stopped or self._hold_up(item)
                if not self._ran.stopped:
                    self._progress(number, len(items), str(item.key))
                held = self._ran.stopped and "waits for the next run"
            self._ran.outcomes.append(Outcome(item, state.state, held) if held else self._one(item))

    def _held(self, item: PlanItem, state: ItemState) -> str | None:
        """Return why an item is passed over, though the run goes on."""
        if state.state not in WAITING:
            if state.state in UNSURE:
                lies = item.via is Via.POST
                return "waits to be printed" if lies else "may have gone: see `appeals dispatch reconcile`"
            return "is so already"
        # A far longer wait than there is comes of a clock that was wrong.
        if state.next_at is not None and self._clock.now() < state.next_at <= self._clock.now() + 2 * LONGEST:
            return f"put off until {state.next_at:%Y-%m-%d %H:%M} UTC"
        if self._pace.rests(self._address(item)):
            return "its mail server asked for a rest; waits for the next run"
        return None

    def _hold_up(self, item: PlanItem) -> str:
        """Wait as long as the limits ask; return why the run ends here, empty where it goes on."""
        if item.via in self._by_mail and not self._clock.interrupted():
            room = self._pace.room()
            if room is not None:
                return _full(room)
            self._pace.wait(self._address(item))
        return _INTERRUPTED if self._clock.interrupted() else self._watch.set_meanwhile()

    def _one(self, item: PlanItem) -> Outcome:
        """Take up one item that waits, unless it is no longer wanted, and see it through."""
        try:
            unwanted = self._supply.unwanted(item)
        except LogError:
            raise
        except (AppealsError, OSError) as error:
            self._ran.stopped = f"whether it is still wanted cannot be told: {error}"
            return Outcome(item, self._ledger.state(item).state, "waits for the next run")
        if unwanted is not None:
            return self._dropped(item, EventKind.CANCELLED, unwanted)
        fault = self._supply.address_fault(item)
        if fault is not None:
            return self._dropped(item, EventKind.FAILED, fault)
        claim = self._ledger.take_up(item)
        if claim is None:
            return Outcome(item, self._ledger.state(item).state, "another desk has taken it up")
        return self._handed_over(item, claim)

    def _dropped(self, item: PlanItem, kind: EventKind, reason: str) -> Outcome:
        self._ledger.drop(item, kind, reason)
        return Outcome(item, self._ledger.state(item).state, reason)

    def _handed_over(self, item: PlanItem, claim: Event) -> Outcome:
        taken_up = claim
        parcel: Parcel | None = None

        def mark() -> None:
            nonlocal taken_up
            assert parcel is not None
            marked = self._ledger.mark(item, claim, parcel)
            if marked is None:
                raise _Gone
            taken_up = marked
            if item.via in self._by_mail:
                self._pace.transmitted()

        try:
            parcel = self._supply.parcel(item, self._ledger.message_id(item), self._clock.now())
            receipt = self._channels[item.via].hand_over(parcel, mark)
            if isinstance(receipt, Unsure) and taken_up is claim:
                # A way out that is unsure has to have marked; what may have gone is never taken for what has not.
                mark()
        except LogError:
            raise  # what is recorded, is: the next run settles it
        except _Gone:
            return Outcome(item, self._ledger.state(item).state, "another desk has dealt with it meanwhile")
        except (AppealsError, OSError) as error:
            if isinstance(error, LetterChanged) and taken_up is claim:
                return self._concluded(item, claim, EventKind.CANCELLED, str(error), {"reason": str(error)})
            receipt = _receipt_of(error, was_marked=taken_up is not claim)
        self._pace.handed_over(self._address(item))
        if isinstance(receipt, Deferred) and receipt.pause == "run" and taken_up is claim:
            # Nothing was tried of this letter: it waits as it did, and the attempt does not count.
            self._ran.stopped = reason = receipt.reason
            said = {"reason": reason, "code": receipt.code}
            return self._concluded(item, claim, EventKind.RELEASED, "waits for the next run", said)
        return self._concluded(item, taken_up, *self._read(item, receipt))

    def _address(self, item: PlanItem) -> str | None:
        """Return the address whose domain an item burdens."""
        return self._gateway if item.via is Via.FAX and self._gateway is not None else item.address

    def _concluded(
        self, item: PlanItem, taken_up: Event, kind: EventKind, says: str, detail: Mapping[str, JsonValue]
    ) -> Outcome:
        state = self._ledger.conclude(item, taken_up, kind, detail)
        return Outcome(item, state.state, f"{says}; another desk let it go as well" if state.twice else says)

    def _read(self, item: PlanItem, receipt: Receipt) -> tuple[EventKind, str, dict[str, JsonValue]]:
        """Return what a receipt comes to: the event, what to say, what to record; and let the run rest or end."""
        match receipt:
            case Accepted(text=text, id=id_):
                kind = EventKind.FAXED if item.via is Via.FAX else EventKind.SENT
                return kind, text, {"reply": text, "id": id_}
            case Drafted(folder=folder, uid=uid):
                return EventKind.DRAFTED, f"in {folder}", {"folder": folder, "uid": uid}
            case ForPrint(path=path):
                said = f"to be printed from {path}"
                return EventKind.UNKNOWN, said, {"reason": said, "path": path}
            case Deferred(reason=reason, code=code, pause=pause):
                if pause == "run":
                    self._ran.stopped = reason
                elif pause == "domain":
                    self._pace.rest(self._address(item))
                return self._ledger.put_off(item, reason, code)
            case Failed(reason=reason, code=code, stops_run=stops_run):
                if stops_run:
                    self._ran.stopped = reason
                return EventKind.FAILED, reason, {"reason": reason, "code": code}
            case _:
                return EventKind.UNKNOWN, receipt.reason, {"reason": receipt.reason}


def _full(room: datetime) -> str:
    return f"the most for a day is reached; there is room again at {room:%Y-%m-%d %H:%M} UTC"


def _receipt_of(error: AppealsError | OSError, *, was_marked: bool) -> Receipt:
    """Return what an error of our own side comes to; after the mark, nobody knows what was sent."""
    if was_marked:
        return Unsure(str(error))
    if isinstance(error, _OF_THE_ACCOUNT):
        return Deferred(str(error), pause="run")
    return Deferred(str(error)) if isinstance(error, OSError) else Failed(str(error))
