"""Note what was done by hand: posted, faxed, handed over, sent; and what came back. Never twice without consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.came_back import day_of
from urgent_appeals.domain.event import Event, EventKind, NewEvent
from urgent_appeals.domain.item import WAYS, Item, Route
from urgent_appeals.domain.item_state import WAITING, ItemState, State, may_follow
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.errors import ConfirmationNeeded, MarkRefused, UnknownChoice
from urgent_appeals.log.opening import open_log
from urgent_appeals.pipeline.choice import chosen, chosen_recipients
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.workspace.desk_file import read_desk

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

ROUTES: Final[Mapping[EventKind, tuple[Route, ...]]] = {
    EventKind.POSTED: (Route.POST,),
    EventKind.FAXED: (Route.FAX,),
    EventKind.HANDED_OVER: (Route.HAND, Route.POST),
    EventKind.SENT: (Route.ELECTRONIC,),
    EventKind.BOUNCED: (Route.ELECTRONIC, Route.FAX),
    EventKind.RETURNED: (Route.POST, Route.HAND),
}
"""What can be marked, and on which routes a letter is that it is said of; the first is that of one not known yet."""
_BACK: Final = frozenset({EventKind.BOUNCED, EventKind.RETURNED})
_CHANNELS: Final[Mapping[Route, str]] = {
    Route.ELECTRONIC: "email",
    Route.FAX: "fax",
    Route.POST: "post",
    Route.WEB: "web",
    Route.HAND: "hand",
}
_BEGUN: Final = frozenset({State.PRINTED, State.DRAFTED})
"""Has left the program, and waits for a person to take the last step."""


@dataclass(frozen=True)
class Mark:
    """What a person says of a letter; `web` is a hand-over through a form on a site, `again` one more of the same.

    Without a `kind` it is whatever was marked last, to be undone.
    """

    kind: EventKind | None
    day: date
    count: int | None = None
    note: str | None = None
    sender: str | None = None
    language: str | None = None
    web: bool = False
    again: bool = False


@dataclass(frozen=True)
class Marked:
    """What was recorded, of which item, what it is now; `undid` is what was taken back; `also` other ways it went.

    `name` is the item as people are told it, with the code as its issuer writes it.
    """

    event: Event
    item: Item
    name: str
    state: State
    undid: Event | None = None
    also: tuple[str, ...] = ()

    @property
    def stands(self) -> str:
        """How the item stands, as people are told it."""
        return _stands(self.item.route, self.state)


@dataclass(frozen=True)
class _Known:
    """A letter of which the log knows something."""

    item: Item
    state: ItemState

    @property
    def head(self) -> Event:
        return self.state.heads[-1]


class _Marking:
    """One mark: of which letters it may be said, by what the log knows."""

    def __init__(self, log: Log, desk: Desk, appeal: Appeal, recipient: Recipient, mark: Mark) -> None:
        self.log, self.mark, self.recipient, self.code = log, mark, recipient, appeal.code.canonical
        self.written = str(appeal.code)
        chosen("sender", (mark.sender,) if mark.sender is not None else (), tuple(desk.campaign.senders))
        chosen("language", (mark.language,) if mark.language is not None else (), appeal.languages)
        self.sender = mark.sender or desk.campaign.sender
        own = recipient.office.languages or recipient.directory.languages
        usual = (*(name for name in own if name in appeal.languages), *appeal.languages)
        self.languages = (mark.language,) if mark.language is not None else tuple(dict.fromkeys(usual))
        self.states = log.states_of_case(appeal.code.case)
        self.routes = (Route.WEB,) if mark.web else tuple(Route) if mark.kind is None else ROUTES[mark.kind]
        self.known = [*self._known(self.routes)]

    def choose(self) -> _Known:
        """Return the letter that is meant; raises MarkRefused, ConfirmationNeeded where it has gone already."""
        kind = self._kind
        if kind in _BACK:
            fits = [known for known in self.known if may_follow(known.state.state, kind)]
            if not fits:
                raise MarkRefused(self.name(), f"nothing that could have been {kind.value} is on record; mark it first")
            return self._one(fits)
        fits = [known for known in self.known if self._is_next(known.state.state)]
        begun = [known for known in fits if known.state.state in _BEGUN]
        if begun or fits:
            return self._one(begun or fits)
        gone = [known for known in self.known if known.state.is_gone or known.state.state is State.CLAIMED]
        if not gone:
            return self._new(self.languages[0])
        last = self._one(gone)
        self._refuse_if_open(last)
        if not self.mark.again:
            was = f"{self.told(last.item)} was {_said(last.head)} already"
            raise ConfirmationNeeded(
                f"{was}: that it went once more needs your word, and nothing was recorded", "--again"
            )
        return self._new(last.item.language)

    def undone(self) -> tuple[_Known, Event]:
        """Return what a person marked last, of this kind or of any, and the letter; raises MarkRefused."""
        kind = self.mark.kind
        latest = {(known.item.route, known.item.language): known for known in self.known}  # of each, the last number
        heads = [(known, head) for known in latest.values() for head in known.state.heads if self._is_meant(head)]
        own = [(known, head) for known, head in heads if head.detail.get("by_hand")]
        if own:
            return max(own, key=lambda found: (found[1].at, found[1].seq))
        if heads:
            recorded = f"it was recorded by the program, {_said(heads[-1][1])}, and no mark"
            raise MarkRefused(self.name(), f"{recorded} can be undone there")
        later = [known.state.state.value for known in latest.values()]
        now = f"; it is {', '.join(later)}" if later else ""
        mark = f"no mark {kind.value!r}" if kind is not None else "no mark"
        raise MarkRefused(self.name(), f"{mark} stands last there{now}")

    def name(self) -> str:
        """Return how messages name what is marked."""
        return f"{self.written} to {self.recipient.id}"

    def told(self, item: Item) -> str:
        """Return how messages name a letter: with the code as its issuer writes it."""
        return str(item.model_copy(update={"code": self.written}))

    def also(self, item: Item) -> tuple[str, ...]:
        """Return the other ways by which the same letter went, or may have."""
        others = (item.model_copy(update={"route": route}) for route in Route if route is not item.route)
        known = ((other, self.states.get(other.id)) for other in others)
        return tuple(_went(other.route, state) for other, state in known if state and state.is_gone)

    @property
    def _kind(self) -> EventKind:
        if self.mark.kind is None:
            raise ValueError("what was done has to be said")
        return self.mark.kind

    def _is_meant(self, head: Event) -> bool:
        return head.event in ROUTES if self.mark.kind is None else head.event is self.mark.kind

    def event(self, item: Item, at: datetime, by: str, channel: str | None) -> NewEvent:
        """Return the event that says what is marked; what came back keeps the `channel` by which it went."""
        mark = self.mark
        detail: dict[str, JsonValue] = {
            "by_hand": True,
            "date": mark.day.isoformat(),
            "purpose": item.purpose.value,
            "route": item.route.value,
            "sender": item.sender,
            "language": item.language,
            "sequence": item.sequence,
        }
        detail |= {"count": mark.count} if mark.count is not None else {}
        detail |= {"note": mark.note} if mark.note is not None else {}
        kept = channel if self._kind in _BACK else None
        new = _of_item(item, self._kind, at, by)
        return new.model_copy(update={"channel": kept or _CHANNELS[item.route], "detail": detail})

    def recorded(self, new: NewEvent, known: _Known) -> Event:
        """Record an event of a letter if it is still what it was, and return it; raises MarkRefused."""
        event = self.log.transition(new, {known.state.state})
        if event is None:
            what = "somebody recorded something of it at this moment; look and mark again"
            raise MarkRefused(self.told(known.item), what)
        return event

    def _known(self, routes: tuple[Route, ...]) -> Iterator[_Known]:
        for route in routes:
            for language in self.languages:
                for item in self._sequence(route, language):
                    if item.id not in self.states:
                        break
                    state = self.states[item.id]
                    if state.heads:
                        yield _Known(item, state)

    def _sequence(self, route: Route, language: str) -> Iterator[Item]:
        for number in count(1):
            yield Item(
                code=self.code,
                recipient=self.recipient.id,
                sender=self.sender,
                language=language,
                route=route,
                sequence=number,
            )

    def _new(self, language: str) -> _Known:
        """Return the first letter of a language that has not gone: one more than those that have."""
        for item in self._sequence(self.routes[0], language):
            state = self.states.get(item.id, ItemState())
            if not state.is_gone:
                return _Known(item, state)
        raise AssertionError("numbers do not end")

    def _is_next(self, state: State) -> bool:
        """Return whether the mark is the next step of a letter that has not gone: printed, then posted."""
        is_open = state in {*_BEGUN, *WAITING, State.PLANNED, State.FAILED, State.CANCELLED, State.UNKNOWN}
        return is_open and may_follow(state, self._kind)

    def _refuse_if_open(self, known: _Known) -> None:
        if known.state.state is State.CLAIMED or known.state.state is State.DATA:
            settle = "where it has died, settle that first: appeals dispatch reconcile"
            raise MarkRefused(self.told(known.item), f"a sender has it in hand; {settle}")
        if known.state.state is State.UNKNOWN:
            by_post = known.item.route is Route.POST
            settle = "appeals dispatch printed" if by_post else "appeals dispatch reconcile"
            raise MarkRefused(self.told(known.item), f"nobody knows whether it went; settle that first: {settle}")

    def _one(self, found: list[_Known]) -> _Known:
        """Return the latest of one language; raises MarkRefused where several languages are on record."""
        languages = tuple(dict.fromkeys(known.item.language for known in found))
        if len(languages) > 1:
            raise MarkRefused(self.name(), f"there are letters in {', '.join(languages)}; say which: --lang")
        return max(found, key=lambda known: (-self.routes.index(known.item.route), known.item.sequence))


def mark(start: Path, typed: str, recipient: str, mark: Mark, at: datetime) -> Marked:
    """Record what a person did with an appeal's letter to a recipient, and return what was recorded.

    Raises ConfirmationNeeded where it has gone already (unless `again`), MarkRefused where it does not fit what is on
    record; UnknownAppeal, UnknownChoice, NoDesk, and the errors of the log. Then nothing was recorded.
    """
    desk, appeal, who = _asked(start, typed, recipient, mark)
    settings = read_desk(desk.workspace.root)
    with open_log(settings.log, desk=settings.desk, outbox=desk.workspace.root / "outbox") as log:
        marking = _Marking(log, desk, appeal, who, mark)
        known = marking.choose()
        channel = known.head.channel if known.state.heads else None
        new = marking.event(known.item, at, settings.by, channel)
        event = marking.recorded(new, known)
        state = log.state(known.item.id).state
        return Marked(event, known.item, marking.told(known.item), state, also=marking.also(known.item))


def undo(start: Path, typed: str, recipient: str, mark: Mark, at: datetime) -> Marked:
    """Take back what a person marked last, of this kind or of any; what the program recorded itself is never undone.

    Raises MarkRefused where there is no such mark, or something followed it; and as `mark` does.
    """
    desk, appeal, who = _asked(start, typed, recipient, mark)
    settings = read_desk(desk.workspace.root)
    with open_log(settings.log, desk=settings.desk, outbox=desk.workspace.root / "outbox") as log:
        marking = _Marking(log, desk, appeal, who, mark)
        known, undone = marking.undone()
        detail: dict[str, JsonValue] = {"undoes": undone.id, "was": undone.event.value, "by_hand": True}
        if mark.note is not None:
            detail["note"] = mark.note
        new = _of_item(known.item, EventKind.UNDONE, at, settings.by).model_copy(
            update={"channel": undone.channel, "detail": detail}
        )
        event = marking.recorded(new, known)
        return Marked(event, known.item, marking.told(known.item), log.state(known.item.id).state, undid=undone)


def _asked(start: Path, typed: str, recipient: str, mark: Mark) -> tuple[Desk, Appeal, Recipient]:
    desk = Desk.open(start, mark.day)
    appeal = desk.appeal(typed)
    resolved = resolve(appeal.recipients, desk.workspace.directories)
    found = chosen_recipients((recipient,), resolved, desk.workspace.directories)
    if len(found) != 1:
        raise UnknownChoice("single recipient", recipient, tuple(each.id for each in found))
    return desk, appeal, found[0]


def _of_item(item: Item, kind: EventKind, at: datetime, by: str) -> NewEvent:
    return NewEvent(at=at, by=by, event=kind, item=item.id, code=item.code, recipient=item.recipient)


def _said(event: Event) -> str:
    by_hand = "" if event.detail.get("by_hand") else ", as the program recorded"
    return f"{spoken(event.event)} on {day_of(event)} by {event.by}{by_hand}"


def spoken(kind: EventKind) -> str:
    """Return what happened as people say it: handed over."""
    return kind.value.replace("-", " ")


def _went(route: Route, state: ItemState) -> str:
    """Return by which way a letter went, and what became of it there: `by mail: bounced`; else `handed over`."""
    stands = _stands(route, state.state)
    return stands if stands != state.state.value else f"{WAYS[route]}: {stands}"


def _stands(route: Route, state: State) -> str:
    return spoken(EventKind.HANDED_OVER) if route is Route.HAND and state is State.SENT else state.value
