"""Derive what an item is from its events: a state is never set, it is what the events amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Final

from urgent_appeals.domain.event import Event, EventKind, desk_of
from urgent_appeals.domain.values import Value


class State(StrEnum):
    """What a dispatch item is."""

    PLANNED = "planned"
    APPROVED = "approved"
    CLAIMED = "claimed"
    DATA = "data"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"
    DRAFTED = "drafted"
    PRINTED = "printed"
    POSTED = "posted"
    FAXED = "faxed"
    RETURNED = "returned"


GONE: Final = frozenset(
    {State.SENT, State.DRAFTED, State.PRINTED, State.POSTED, State.FAXED, State.BOUNCED, State.RETURNED}
)
"""What has left the desk: it is never transmitted again."""
UNSURE: Final = frozenset({State.DATA, State.UNKNOWN})
"""What may have left: it is never transmitted again without a person's word."""
_MAY_HAVE_LEFT: Final = GONE | UNSURE
WAITING: Final = frozenset({State.APPROVED, State.DEFERRED})
"""What a sender may take up."""

_LEADS_TO: Final = {
    EventKind.MADE: State.PLANNED,
    EventKind.APPROVED: State.APPROVED,
    EventKind.CLAIMED: State.CLAIMED,
    EventKind.DATA: State.DATA,
    EventKind.SENT: State.SENT,
    EventKind.DEFERRED: State.DEFERRED,
    EventKind.FAILED: State.FAILED,
    EventKind.UNKNOWN: State.UNKNOWN,
    EventKind.RELEASED: State.APPROVED,
    EventKind.CANCELLED: State.CANCELLED,
    EventKind.DRAFTED: State.DRAFTED,
    EventKind.PRINTED: State.PRINTED,
    EventKind.POSTED: State.POSTED,
    EventKind.FAXED: State.FAXED,
    EventKind.HANDED_OVER: State.SENT,
    EventKind.BOUNCED: State.BOUNCED,
    EventKind.RETURNED: State.RETURNED,
}
_ANYTIME: Final = frozenset({EventKind.UNDONE, EventKind.NOTED, EventKind.FORGOTTEN, EventKind.RESTORED})
_BY_HAND: Final = frozenset({EventKind.POSTED, EventKind.FAXED, EventKind.HANDED_OVER, EventKind.SENT})
_OPEN: Final = frozenset({EventKind.APPROVED, EventKind.CANCELLED, *_BY_HAND})
_OUTCOME: Final = frozenset({EventKind.SENT, EventKind.DRAFTED, EventKind.FAXED, EventKind.PRINTED})
_MAY_FOLLOW: Final[dict[State, frozenset[EventKind]]] = {
    State.PLANNED: _OPEN | {EventKind.MADE},
    State.APPROVED: _OPEN | {EventKind.CLAIMED, EventKind.FAILED},
    State.DEFERRED: _OPEN | {EventKind.CLAIMED, EventKind.FAILED},
    # What another desk has in hand, and nobody hears of any more, a person makes unknown.
    State.CLAIMED: _OUTCOME
    | {EventKind.DATA, EventKind.DEFERRED, EventKind.FAILED}
    | {EventKind.RELEASED, EventKind.CANCELLED, EventKind.UNKNOWN},
    State.DATA: _OUTCOME | {EventKind.DEFERRED, EventKind.FAILED, EventKind.UNKNOWN},
    # A person decides what is unknown: it went, or it is to go again.
    State.UNKNOWN: _OUTCOME | {EventKind.FAILED, EventKind.APPROVED, EventKind.BOUNCED, EventKind.CANCELLED},
    State.SENT: frozenset({EventKind.BOUNCED, EventKind.RETURNED}),
    State.DRAFTED: frozenset({EventKind.SENT, EventKind.BOUNCED, EventKind.CANCELLED}),
    State.PRINTED: frozenset({EventKind.POSTED, EventKind.HANDED_OVER, EventKind.CANCELLED}),
    State.POSTED: frozenset({EventKind.RETURNED}),
    State.FAXED: frozenset({EventKind.FAILED, EventKind.BOUNCED}),
    State.FAILED: _OPEN,
    State.CANCELLED: _OPEN,
    State.BOUNCED: _BY_HAND,
    State.RETURNED: _BY_HAND,
}
_NOT_KNOWN: Final = frozenset({EventKind.DATA, EventKind.UNKNOWN})
_WENT: Final = frozenset({EventKind.DRAFTED, EventKind.PRINTED, *_BY_HAND})
_DID_NOT_GO: Final = frozenset({EventKind.DEFERRED, EventKind.FAILED})
_CALLED_BACK: Final = frozenset({EventKind.DRAFTED, EventKind.PRINTED})
# Where two desks speak of one item, what is further on holds: what one has sent is sent.
_FURTHEST: Final = (
    State.PLANNED,
    State.CANCELLED,
    State.APPROVED,
    State.DEFERRED,
    State.FAILED,
    State.CLAIMED,
    State.UNKNOWN,
    State.DATA,
    State.PRINTED,
    State.DRAFTED,
    State.FAXED,
    State.POSTED,
    State.SENT,
    State.RETURNED,
    State.BOUNCED,
)


class ItemState(Value):
    """What an item is: its state, how often it was attempted, when it may be tried again, and its latest events.

    `attempts` counts claims; `next_at` is set while it is deferred; `heads` are the events that no other follows, one
    unless two desks acted without knowing of each other. `twice` tells that two of them each let it go, or may have.
    """

    state: State = State.PLANNED
    attempts: int = 0
    next_at: datetime | None = None
    heads: tuple[Event, ...] = ()
    twice: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether it has left, or may have: it is not to be transmitted without a person's word."""
        return self.state in _MAY_HAVE_LEFT


def item_state(events: Iterable[Event]) -> ItemState:
    """Return what an item is from its events, in any order; events of other items must not be among them."""
    known = {event.id: event for event in events}
    undone = {event.undoes for event in known.values() if is_undoable(known.get(event.undoes or ""))}
    standing = {id_: event for id_, event in known.items() if event.event in _LEADS_TO and id_ not in undone}
    before = {id_: _before(event, known, standing) for id_, event in standing.items()}
    followed = frozenset[str]().union(*before.values())
    heads = tuple(event for id_, event in standing.items() if id_ not in followed)
    if not heads:
        return ItemState()
    furthest = max(heads, key=lambda event: _FURTHEST.index(_LEADS_TO[event.event]))
    return ItemState(
        state=_LEADS_TO[furthest.event],
        attempts=sum(event.event is EventKind.CLAIMED for event in standing.values()),
        next_at=_next_at(furthest),
        heads=heads,
        twice=_went_twice(standing, before),
    )


def is_undoable(event: Event | None) -> bool:
    """Return whether what an event says can be taken back: what a person marked, never what the program recorded."""
    return event is not None and bool(event.detail.get("by_hand"))


def may_have_left(event: Event) -> bool:
    """Return whether an event takes an item up to be sent, or says on a person's word that it went."""
    return event.event is EventKind.CLAIMED or (is_undoable(event) and _LEADS_TO.get(event.event) in GONE)


def may_follow(state: State, kind: EventKind) -> bool:
    """Return whether an event can happen to an item that is in a state."""
    return kind in _ANYTIME or kind in _MAY_FOLLOW[state]


def _before(event: Event, known: Mapping[str, Event], standing: Mapping[str, Event]) -> frozenset[str]:
    """Return all standing events that one follows, near and far; what is undone is looked through.

    That an item has left, or may have, is followed only by what can follow it: no event that says so takes it back.
    """
    found: set[str] = set()
    looked_at: set[tuple[str, str]] = set()
    left = [(id_, event) for id_ in event.after if id_ in known]
    while left:
        id_, after = left.pop()
        if (id_, after.id) in looked_at:
            continue
        looked_at.add((id_, after.id))
        if id_ in standing:
            if not _covers(after, standing[id_]):
                continue
            found.add(id_)
            after = standing[id_]
        left += [(further, after) for further in known[id_].after if further in known]
    return frozenset(found)


def _covers(event: Event, before: Event) -> bool:
    """Return whether an event takes the place of one that it names as the one before it."""
    state = _LEADS_TO[before.event]
    if state not in _MAY_HAVE_LEFT:
        return True
    if state is State.DATA and event.event is not EventKind.UNKNOWN and event.desk != before.desk:
        return False  # only who sent it has the answer
    return event.event in _MAY_FOLLOW[state]


def _went_twice(standing: Mapping[str, Event], before: Mapping[str, frozenset[str]]) -> bool:
    """Return whether two desks let an item go, or may have, not knowing of each other."""
    if len({event.desk for event in standing.values()}) < 2:
        return False
    went = [event for event in standing.values() if _let_go(event, standing)]
    return any(
        _are_two(one, other) and one.id not in before[other.id] and other.id not in before[one.id]
        for one, other in combinations(went, 2)
    )


def _let_go(event: Event, standing: Mapping[str, Event]) -> bool:
    """Return whether an item went with an event, or may have; an answer that it did not go, or a recall, counts.

    What is said of a transmission after its mark is no transmission of its own, whoever says it.
    """
    if event.event not in _WENT | _NOT_KNOWN:
        return False
    said_of = any(id_ in standing and _is_said_of(event, standing[id_]) for id_ in event.after)
    if said_of and event.event is not EventKind.DATA:
        return False
    asked = {event.id, *(each.id for each in _next(event.id, standing) if each.event is EventKind.UNKNOWN)}
    answers = {each.event for id_ in asked for each in _next(id_, standing)}
    if event.event in _CALLED_BACK and EventKind.CANCELLED in answers:
        return False
    return not answers & _DID_NOT_GO or bool(answers & _WENT)


def _is_said_of(event: Event, before: Event) -> bool:
    """Return whether an event says what became of a transmission, or of one that another desk may have made."""
    is_given_up = event.event is EventKind.UNKNOWN and before.event is EventKind.CLAIMED and event.desk != before.desk
    return is_given_up or before.event in _NOT_KNOWN


def _next(id_: str, standing: Mapping[str, Event]) -> list[Event]:
    return [event for event in standing.values() if id_ in event.after]


def _are_two(one: Event, other: Event) -> bool:
    """Return whether events are of two desks; what a desk no longer knows of itself is not a second transmission."""
    if EventKind.UNKNOWN in (one.event, other.event):
        return desk_of(one.desk) != desk_of(other.desk)
    return one.desk != other.desk


def _next_at(event: Event) -> datetime | None:
    """Return when an item may be tried again; None where it is not put off, or nobody can tell until when."""
    next_at = event.detail.get("next_at") if event.event is EventKind.DEFERRED else None
    try:
        moment = datetime.fromisoformat(next_at) if isinstance(next_at, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
