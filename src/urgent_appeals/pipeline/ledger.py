"""Enter into the log what becomes of the items of a plan: approved, taken up, marked, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.dispatch.message import new_message_id
from urgent_appeals.domain.event import Event, EventKind, NewEvent, desk_of
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import WAITING, ItemState, State
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.throttle import DAY, give_up, retry_at
from urgent_appeals.pipeline.clock import Clock

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

_OF_A_PLAN: Final = frozenset({EventKind.APPROVED, EventKind.CLAIMED, EventKind.CANCELLED, EventKind.FAILED})
_ENDED: Final = frozenset({State.FAILED, State.CANCELLED})


@dataclass(frozen=True)
class Ledger:
    """The log, as one run of a plan writes to it; `domain` is that of the Message-IDs, `by` who acts.

    `by_mail` are the ways by which what goes counts as mail.
    """

    log: Log
    clock: Clock
    by: str
    domain: str
    plan: Plan
    by_mail: Collection[Via] = frozenset({Via.EMAIL})

    def state(self, item: PlanItem) -> ItemState:
        """Return what an item is now."""
        return self.log.state(item.item)

    def approve(self) -> None:
        """Record, in one go, that the items of the plan are to go as they are, each with its Message-ID."""
        states = self.log.states([item.item for item in self.plan.to_send])
        new = [item for item in self.plan.to_send if self._needs_approval(item, states[item.item])]
        if not new:
            return
        now = self.clock.now()
        run: dict[str, JsonValue] = {"run": self.plan.plan, "digest": self.plan.digest, "items": len(new)}
        counted = NewEvent(at=now, by=self.by, event=EventKind.NOTED, code=self.plan.code, detail=run)
        self.log.append(counted, *(self._approval_of(item, now) for item in new))

    def take_up(self, item: PlanItem) -> Event | None:
        """Claim an item that waits; None where someone else was quicker."""
        return self._change(item, EventKind.CLAIMED, WAITING, plan=self.plan.plan)

    def mark(self, item: PlanItem, claim: Event, parcel: Parcel) -> Event | None:
        """Make durable what is about to be sent; None where the item is in this hand no longer: it is not to go."""
        return self._change(
            item,
            EventKind.DATA,
            frozenset({State.CLAIMED}),
            claim.attempt,
            sha256=parcel.digest,
            documents={document.path: document.sha256 for document in item.documents},
            message_id=parcel.message_id,
            address=item.address,
            date=parcel.date.isoformat(),
        )

    def conclude(self, item: PlanItem, taken_up: Event, kind: EventKind, detail: Mapping[str, JsonValue]) -> ItemState:
        """Record what came of an attempt whose latest event is `taken_up`, and return what the item is then.

        It is recorded whatever others may have recorded of the item meanwhile.
        """
        event = self._event(item, kind, self.clock.now(), taken_up.attempt, _known(detail))
        self.log.conclude(event, taken_up)
        return self.state(item)

    def drop(self, item: PlanItem, kind: EventKind, reason: str) -> None:
        """Record of an item that waits that it is not to go (cancelled), or cannot (failed)."""
        self._change(item, kind, WAITING, reason=reason, plan=self.plan.plan)

    def put_off(self, item: PlanItem, reason: str, code: str | None) -> tuple[EventKind, str, dict[str, JsonValue]]:
        """Return what an attempt comes to that may be made again: when, or that it was the last one."""
        now = self.clock.now()
        claims = self._claims_since_approval(item)
        first = claims[0].at if claims else now
        if give_up(len(claims), first, now):
            said = f"given up after {len(claims)} attempts: {reason}"
            return EventKind.FAILED, said, {"reason": said, "code": code}
        next_at = retry_at(len(claims), now)
        detail: dict[str, JsonValue] = {"reason": reason, "code": code, "next_at": next_at.isoformat()}
        return EventKind.DEFERRED, f"put off until {next_at:%Y-%m-%d %H:%M} UTC: {reason}", detail

    def message_id(self, item: PlanItem) -> str:
        """Return the Message-ID of an item: the one it was last approved or marked with here; or a new one.

        Each approval takes over the one before, so that it never changes.
        """
        said = filter(self._is_own, self.log.events(item=item.item, kinds={EventKind.APPROVED, EventKind.DATA}))
        known = [id_ for event in said if isinstance(id_ := event.detail.get("message_id"), str)]
        return known[-1] if known else new_message_id(self.domain)

    def has_begun(self, item: str) -> bool:
        """Return whether what this desk last did with an item, it did for this plan."""
        return has_begun(self.log, self.plan, item)

    def is_over(self, item: PlanItem, state: ItemState) -> bool:
        """Return whether this plan has done all that it will with an item, or somebody has."""
        return state.is_gone or (state.state in _ENDED and self.has_begun(item.item))

    def transmitted_lately(self) -> list[datetime]:
        """Return when letters of this desk were transmitted by mail in the last day, or later than now."""
        return self._transmitted(self.clock.now() - DAY)

    def first_transmitted(self) -> datetime | None:
        """Return when this desk first transmitted a letter by mail."""
        return next(iter(self._transmitted(None)), None)

    def latest(self) -> datetime | None:
        """Return when this desk recorded the last of its latest events; None where it has recorded none lately."""
        return max((event.at for event in self.log.events(limit=500, latest=True) if self._is_own(event)), default=None)

    def _transmitted(self, since: datetime | None) -> list[datetime]:
        marks = self.log.events(kinds={EventKind.DATA}, since=since)
        return [mark.at for mark in marks if mark.channel in self.by_mail and self._is_own(mark)]

    def _is_own(self, event: Event) -> bool:
        return desk_of(event.desk) == desk_of(self.log.desk)

    def _needs_approval(self, item: PlanItem, state: ItemState) -> bool:
        """Return whether an item is to be approved: not where it waits as it is, so that its wait stays.

        What only another desk has approved is approved here too, with a Message-ID of this desk.
        """
        if state.state is State.CLAIMED or self.is_over(item, state):
            return False
        if state.state not in WAITING:
            return True
        approvals = [*self.log.events(item=item.item, kinds={EventKind.APPROVED})]
        return not any(map(self._is_own, approvals)) or approvals[-1].detail.get("content") != item.content

    def _approval_of(self, item: PlanItem, at: datetime) -> NewEvent:
        detail: dict[str, JsonValue] = {
            "plan": self.plan.plan,
            "content": item.content,
            "message_id": self.message_id(item),
            "address": item.address,
            "subject": item.subject,
            "sender": item.key.sender,
            "language": item.key.language,
            "purpose": item.key.purpose.value,
            "sequence": item.key.sequence,
        }
        return self._event(item, EventKind.APPROVED, at, None, detail)

    def _claims_since_approval(self, item: PlanItem) -> list[Event]:
        """Return the attempts at an item; one that was given back, before anything was tried, is none."""
        claims: list[Event] = []
        kinds = {EventKind.APPROVED, EventKind.CLAIMED, EventKind.RELEASED}
        for event in self.log.events(item=item.item, kinds=kinds):
            if event.event is EventKind.CLAIMED:
                claims.append(event)
            else:
                claims = [] if event.event is EventKind.APPROVED else claims[:-1]
        return claims

    def _change(
        self,
        item: PlanItem,
        kind: EventKind,
        expected: Collection[State],
        attempt: int | None = None,
        **detail: JsonValue,
    ) -> Event | None:
        return self.log.transition(self._event(item, kind, self.clock.now(), attempt, _known(detail)), expected)

    def _event(
        self, item: PlanItem, kind: EventKind, at: datetime, attempt: int | None, detail: Mapping[str, JsonValue]
    ) -> NewEvent:
        return NewEvent(
            at=at,
            by=self.by,
            event=kind,
            item=item.item,
            code=item.key.code,
            recipient=item.key.recipient,
            channel=item.via.value,
            attempt=attempt,
            detail=detail,
        )


def recover(log: Log, at: datetime, by: str) -> list[Event]:
    """Settle what senders that died have left; return what was recorded. To be called under the sender lock only.

    What was claimed and not marked was certainly not sent and may be taken up again; what was marked may have been.
    """
    settled = []
    for left in log.claims():
        was_marked = left.event is EventKind.DATA
        event = NewEvent(
            at=at,
            by=by,
            event=EventKind.UNKNOWN if was_marked else EventKind.RELEASED,
            item=left.item,
            code=left.code,
            recipient=left.recipient,
            channel=left.channel,
            attempt=left.attempt,
            detail={"reason": "the sender ended before the answer came" if was_marked else "the sender ended before"},
        )
        recorded = log.settle(event, [left])  # whatever other desks have recorded of it
        if recorded is not None:
            settled.append(recorded)
    return settled


def has_begun(log: Log, plan: Plan, item: str) -> bool:
    """Return whether what this desk last did with an item, it did for a plan."""
    return _plan_of(log, item) == plan.plan


def _plan_of(log: Log, item: str) -> str | None:
    """Return the plan for which this desk last did something with an item."""
    plans = [
        plan
        for event in log.events(item=item, kinds=_OF_A_PLAN)
        if desk_of(event.desk) == desk_of(log.desk) and isinstance(plan := event.detail.get("plan"), str)
    ]
    return plans[-1] if plans else None


def _known(detail: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in detail.items() if value is not None}
