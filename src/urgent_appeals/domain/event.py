"""Hold what the log records: events, chained by hash for each desk, and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from urgent_appeals.domain.values import Value


class EventKind(StrEnum):
    """What happened.

    `claimed`: a sender took the item up. `data`: the mark that is durable before the final dot of the transmission.
    `released`: a claim whose sender died before the mark was taken back. `handed-over`: by hand, or through a form on
    a site. `undone`: what the event named in `detail.undoes` says does not hold.
    """

    MADE = "made"
    APPROVED = "approved"
    CLAIMED = "claimed"
    DATA = "data"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RELEASED = "released"
    CANCELLED = "cancelled"
    DRAFTED = "drafted"
    PRINTED = "printed"
    POSTED = "posted"
    FAXED = "faxed"
    HANDED_OVER = "handed-over"
    BOUNCED = "bounced"
    RETURNED = "returned"
    UNDONE = "undone"
    NOTED = "noted"
    FORGOTTEN = "forgotten"
    RESTORED = "restored"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment in UTC."""
FIRST: Final = "0" * 64
"""The hash before the first event of a desk."""


class NewEvent(Value):
    """An event that is to be recorded. `by` is who did it; `detail` holds no personal data of supporters.

    `item` is an item's id (None where the event is of no item), `code` canonical, `attempt` the number of the attempt
    to transmit where the event is part of one, `channel` how it travelled.
    """

    at: Moment
    by: str
    event: EventKind
    item: str | None = None
    code: str | None = None
    recipient: str | None = None
    channel: str | None = None
    attempt: int | None = None
    detail: Mapping[str, JsonValue] = Field(default_factory=dict)


class Event(NewEvent):
    """An event of the log: number `seq` of its desk from 1 on, with a random `id`, and the hash of the one before.

    `after` are the ids of the latest events of its item that were known when it was recorded: so that what two desks
    did without knowing of each other can be told from what one did after the other.
    """

    desk: str
    seq: int
    id: str
    after: tuple[str, ...] = ()
    prev_hash: str
    hash: str

    @property
    def undoes(self) -> str | None:
        """The id of the event that this one takes back."""
        undone = self.detail.get("undoes") if self.event is EventKind.UNDONE else None
        return undone if isinstance(undone, str) else None


class Place(Value):
    """The place of an event: desk, number and id there, the hash before it, the latest events of its item."""

    desk: str
    seq: int
    id: str
    after: tuple[str, ...] = ()
    prev_hash: str = FIRST


def desk_of(chain: str) -> str:
    """Return the desk that writes a chain: after an accepted older backup, its chain has a number behind."""
    return chain.partition("~")[0]


def number_of(chain: str) -> int:
    """Return the number of a chain among those of its desk, from 1 on; 0 where it is none that was given here."""
    number = chain.partition("~")[2] or "1"
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def sealed(event: NewEvent, place: Place) -> Event:
    """Return the event at its place in the chain of its desk, with its hash."""
    fields = {**event.model_dump(), **place.model_dump()}
    return Event(**fields, hash=_hash(Event(**fields, hash="")))


def broken_link(event: Event, before: Event | None) -> str | None:
    """Return why an event does not follow the one before it in its desk's chain, or None where it does.

    `before` is None for the first event of a desk.
    """
    seq, prev_hash = (before.seq + 1, before.hash) if before is not None else (1, FIRST)
    if event.seq != seq:
        return f"number {event.seq} stands where number {seq} belongs"
    if event.prev_hash != prev_hash:
        return "it does not carry the hash of the event before it"
    if event.hash != _hash(event):
        return "its hash is not that of its content"
    return None


def _hash(event: Event) -> str:
    content = event.model_dump(mode="json", exclude={"hash"})
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
