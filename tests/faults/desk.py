"""A desk that sends real messages to a server, with no workspace behind it: a plan, what it supplies, a sender."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from tests.dispatch.builders import PATIENT, TOKEN, a_desk, a_draft, a_parcel, an_address, the_password
from urgent_appeals.dispatch.channel import Accepted, Channel, Mark, Parcel, Receipt
from urgent_appeals.dispatch.message import subject_of
from urgent_appeals.dispatch.smtp import SmtpChannel
from urgent_appeals.domain.decide import decide
from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import CHANNELS, ROUTES, Item, Via
from urgent_appeals.domain.item_state import ItemState, State
from urgent_appeals.domain.plan import Candidate, Document, Known, Plan, PlanItem
from urgent_appeals.domain.standing import Standing
from urgent_appeals.domain.standing import State as StateOfAppeal
from urgent_appeals.domain.throttle import Limits
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.sending import Sender

CODE = "XAA 007/0326/OBS 021 update 1"
CASE = "XAA 007/0326/OBS 021"
DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AT_ONCE = Limits(per_day=1000, pause_seconds=0, per_domain_pause_seconds=0)
SAID = ("approved", "claimed", "data", "sent", "deferred", "failed", "unknown", "cancelled", "planned", "bounced")
"""The states that an approved item can be in."""


def an_item(recipient: str, **changes: Any) -> Item:
    """Return the item of a letter to an office."""
    via = changes.pop("via", Via.EMAIL)
    values = {"code": CODE, "sender": "hale", "language": "en", "route": ROUTES[via], **changes}
    return Item(recipient=f"arlandia/{recipient}", **values)


def a_plan(*recipients: str, name: str = "plan", via: Via = Via.EMAIL, **changes: Any) -> Plan:
    """Return a plan that sends a letter to each of the recipients, `name@justice.example`."""
    candidates = [
        Candidate(
            item=an_item(recipient, via=via),
            via=via,
            address=f"{recipient}@justice.example" if CHANNELS[via] == "email" else "+99915500555",
            subject=subject_of(a_draft()),
            documents=(Document(path=f"outbox/a/letters/{recipient}_en.eml", sha256="0" * 64),),
            letter_of=DAY,
            doubts={},
            **changes,
        )
        for recipient in recipients
    ]
    items = decide(candidates, standing=Standing(state=StateOfAppeal.OPEN), known=Known(), on=DAY)
    return Plan(plan=name, on=DAY, code=CODE, via=via, sender="hale", items=items)


@dataclass
class Letters:
    """What a run is supplied with: a message to each address; `refuse` maps recipients to why they are not wanted."""

    desk: Any = field(default_factory=a_desk)
    refuse: dict[str, str | Exception] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    broken: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def unwanted(self, item: PlanItem) -> str | None:
        self.asked.append(item.key.recipient)
        reason = self.refuse.get(_office(item))
        if isinstance(reason, Exception):
            raise reason
        return reason

    def address_fault(self, item: PlanItem) -> str | None:
        return self.faults.get(_office(item))

    def parcel(self, item: PlanItem, message_id: str, at: datetime) -> Parcel:
        if _office(item) in self.broken:
            raise self.broken[_office(item)]
        if CHANNELS[item.via] != "email":
            return a_parcel(item=item.key, message_id=message_id, date=at, to=item.address, message=b"")
        assert item.address is not None
        draft = a_draft(to=item.address)
        to = an_address(item.address)
        return a_parcel(self.desk, draft=draft, item=item.key, to=to, message_id=message_id, date=at, token=TOKEN)


def _office(item: PlanItem) -> str:
    return item.key.recipient.partition("/")[2]


@dataclass
class SetClock:
    """A clock that stands where it is put; a pause takes no time, but moves it."""

    at: datetime = AT
    seconds: float = 0.0
    pauses: list[float] = field(default_factory=list)
    stop_after: int | None = None
    """After how many looks at it a person asks to stop."""
    looks: int = 0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        from datetime import timedelta

        self.pauses.append(seconds)
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)

    def interrupted(self) -> bool:
        self.looks += 1
        return self.stop_after is not None and self.looks > self.stop_after


class RealClock:
    """The clock of the machine, which nobody interrupts."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    def pause(self, seconds: float) -> None:
        raise AssertionError(f"{seconds} seconds are to be waited for")

    def interrupted(self) -> bool:
        return False


@dataclass
class Said:
    """A channel that gives the receipts it is told to, in turn and then again and again the last; it keeps parcels.

    A receipt that is an exception is raised, after the mark where it stands behind `after_mark`.
    """

    receipts: Sequence[Receipt | BaseException] = (Accepted("2.0.0 Ok: queued as Q1", "Q1"),)
    marks: bool = True
    parcels: list[Parcel] = field(default_factory=list)
    transmitted: list[str] = field(default_factory=list)
    calls: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        receipt = self.receipts[min(self.calls, len(self.receipts) - 1)]
        self.calls += 1
        self.parcels.append(parcel)
        if self.marks:
            mark()
            self.transmitted.append(parcel.item.recipient)
        if isinstance(receipt, BaseException):
            raise receipt
        return receipt


def an_smtp_channel(port: int, ca_file: Path) -> SmtpChannel:
    """Return the channel to a scripted server."""
    desk = a_desk(smtp_host="localhost", smtp_port=port, smtp_ca_file=str(ca_file))
    return SmtpChannel(desk, the_password, PATIENT)


def a_sender(log: Log, channel: Channel, via: Via = Via.EMAIL, **changes: Any) -> Sender:
    """Return a sender that hands what goes by one way to a channel."""
    values: dict[str, Any] = {
        "log": log,
        "supply": Letters(),
        "channels": {via: channel},
        "limits": AT_ONCE,
        "clock": SetClock(),
        "by": "M. H.",
        "domain": "campaign.example",
    }
    return Sender(**{**values, **changes})


def a_log(outbox: Path, desk: str = "leeds", **options: Any) -> Log:
    """Return the open log of an outbox, which may be a copy of an empty one: each has notes of its own."""
    os.environ["APPEALS_STATE"] = str(outbox.with_name(f"{outbox.name}.state"))
    return open_log(None, desk=desk, outbox=outbox, **options)


def states(log: Log, plan: Plan) -> dict[str, State]:
    """Return the state of each item of a plan by its recipient's office."""
    return {_office(item): log.state(item.item).state for item in plan.items}


def state(log: Log, recipient: str, **changes: Any) -> ItemState:
    """Return what the letter to a recipient is."""
    return log.state(an_item(recipient, **changes).id)


def history(log: Log, recipient: str, **changes: Any) -> list[str]:
    """Return the kinds of the events of the letter to a recipient."""
    return [event.event.value for event in log.events(item=an_item(recipient, **changes).id)]


def events(log: Log, *kinds: EventKind) -> list[Event]:
    """Return the events of some kinds."""
    return [*log.events(kinds=frozenset(kinds) or None)]


def message_ids(found: Iterable[Event]) -> dict[str, set[str]]:
    """Return every Message-ID that the log gives for each item."""
    ids: dict[str, set[str]] = {}
    for event in found:
        if event.item is not None and "message_id" in event.detail:
            ids.setdefault(event.item, set()).add(str(event.detail["message_id"]))
    return ids


def recipient_of(envelope: Sequence[str]) -> str:
    """Return the office that the address of an envelope stands for."""
    (address,) = envelope
    found = re.match(r"[^@]+", address)
    assert found is not None
    return found[0]


def totals(log: Log, plans: Iterable[Plan]) -> Mapping[State, int]:
    """Return how many approved items are in each state; fails where one is in none that a person is shown."""
    counts: dict[State, int] = {}
    approved = {event.item for event in log.events(kinds={EventKind.APPROVED})}
    for item in {item.item for plan in plans for item in plan.to_send} & approved:
        found = log.state(item).state
        assert found is not State.PLANNED, "an approved item is in no state"
        counts[found] = counts.get(found, 0) + 1
    return counts
