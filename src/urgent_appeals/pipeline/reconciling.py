"""Settle what is unknown: look whether a letter lies in the Sent folder; where it does not, a person decides.

Nothing here sends anything. What is to go again is approved anew, with the Message-ID that it had, and goes with the
next run of its plan.
"""

from __future__ import annotations

import imaplib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from urgent_appeals.dispatch.drafts import mailbox_credential
from urgent_appeals.dispatch.mailbox_search import open_mailbox
from urgent_appeals.dispatch.reply_token import desk_secret, reply_token
from urgent_appeals.domain.decide import print_run_of
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.event import Event, EventKind, NewEvent, desk_of
from urgent_appeals.domain.item_state import GONE, ItemState, State
from urgent_appeals.errors import AnotherSender, AppealsError, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.finding import Finder, SentFolder, Unsettled
from urgent_appeals.pipeline.ledger import recover
from urgent_appeals.pipeline.logbook import Says, opened
from urgent_appeals.workspace.read import find_root

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

_SHORTEST: Final = 4
"""How many letters of an item's id are enough to name it, where they name one only."""
_WENT: Final = {"fax": EventKind.FAXED, "post": EventKind.PRINTED}
"""What went, where it did not go by mail."""
_NO_MAILBOX: Final = "looked nowhere: no mailbox is set up (imap: in desk.yaml)"
_NO_ANSWER: Final = "looked nowhere: the mailbox could not be looked into"
_NO_MAIL: Final = "looked nowhere: it was no mail"


@dataclass(frozen=True)
class Settled:
    """What a letter is found or said to be, and by what."""

    item: str
    code: str
    recipient: str
    channel: str
    state: State
    says: str
    plan: str | None = None


@dataclass(frozen=True)
class Looked:
    """What was found, what is left for a person to decide, and what stood in the way of looking.

    `looked` says of the items that were not found where they were looked for, or why they were not.
    """

    found: tuple[Settled, ...]
    left: tuple[Unsettled, ...]
    notes: tuple[str, ...] = ()
    looked: Mapping[str, str] = field(default_factory=dict)


class Reconciling:
    """The letters of a desk that are unknown, all or those of one appeal."""

    def __init__(self, log: Log, settings: Settings, outbox: Path, code: str | None, at: datetime) -> None:
        self._log, self._settings, self._outbox, self._code, self._at = log, settings, outbox, code, at

    def look(self, says: Says) -> Looked:
        """Settle what a dead sender has left, look for each unknown letter, and record what is found.

        A mailbox that cannot be looked into is told, and leaves everything as it is.
        """
        notes = [*self._recovered()]
        unknown = self.unsettled()
        found: list[Settled] = []
        hindered = _NO_MAILBOX if self._settings.imap is None else _NO_ANSWER
        looked = {each.item: hindered if each.is_mail else _NO_MAIL for each in unknown}
        with ExitStack() as opened_mailbox:
            finders = self._finders(opened_mailbox, unknown, notes, says)
            try:
                for number, unsettled in enumerate(unknown, start=1):
                    says(f"looking for {number} of {len(unknown)}: {unsettled.code} to {unsettled.recipient}")
                    found += self._found(unsettled, finders)
                    where = ", ".join(name for finder in finders for name in finder.looked_in(unsettled))
                    looked[unsettled.item] = f"looked in {where}: not there" if where else looked[unsettled.item]
            except (imaplib.IMAP4.error, OSError) as error:
                notes.append(f"the mailbox could not be looked through to the end: {error}")
        return Looked(tuple(found), self.unsettled(), tuple(notes), looked)

    def unsettled(self) -> tuple[Unsettled, ...]:
        """Return the letters that are unknown, in the order in which they became so; then what other desks hold.

        What another desk had in hand when it exported its log may be in the hand of a sender that has died since.
        """
        events = [*self._log.events(code=self._code, kinds={EventKind.UNKNOWN})]
        items = list(dict.fromkeys(event.item for event in events if event.item is not None))
        states = self._log.states(items)
        unknown = {item: heads[-1] for item in items if (heads := _unknown(states[item]))}
        elsewhere = {event.item: event for event in self._held_elsewhere() if event.item not in unknown}
        return tuple(map(self._of, (*unknown.values(), *elsewhere.values())))

    def named(self, typed: str) -> Unsettled:
        """Return the unknown letter that the beginning of its item's id names; raises UnknownChoice."""
        known = self.unsettled()
        found = [each for each in known if len(typed) >= _SHORTEST and each.item.startswith(typed.lower())]
        if len(found) != 1:
            raise UnknownChoice("unknown item", typed, tuple(each.item for each in found or known))
        return found[0]

    def mark_sent(self, unsettled: Unsettled) -> Settled:
        """Record, on a person's word, that a letter went."""
        kind = _WENT.get(unsettled.channel, EventKind.SENT)
        return self._settle(unsettled, kind, "on a person's word", {"by_hand": True})

    def resend(self, unsettled: Unsettled) -> Settled:
        """Record, on a person's word, that a letter may go again: approved anew, with the Message-ID that it had."""
        approvals = [*self._log.events(item=unsettled.item, kinds={EventKind.APPROVED})]
        detail: dict[str, JsonValue] = {**(approvals[-1].detail if approvals else {}), "resend": True, "by_hand": True}
        if unsettled.message_id is not None:
            detail["message_id"] = unsettled.message_id
        says = "to go again with the same Message-ID" if unsettled.message_id else "to go again, with a new Message-ID"
        return self._settle(unsettled, EventKind.APPROVED, says, detail)

    def _recovered(self) -> Iterator[str]:
        try:
            with self._log.sender_lock():
                for event in recover(self._log, self._at, self._settings.by):
                    yield f"left by a sender that died: {event.code} to {event.recipient}: {event.event.value}"
        except AnotherSender as error:
            yield f"what it has in hand is not looked at: {error}"

    def _finders(
        self, stack: ExitStack, unknown: Sequence[Unsettled], notes: list[str], says: Says
    ) -> tuple[Finder, ...]:
        imap = self._settings.imap
        if not any(each.is_mail for each in unknown):
            return ()
        if imap is None:
            notes.append("desk.yaml names no mailbox (imap:), so the Sent folder was not looked into")
            return ()
        says(f"opening the mailbox on {imap.host}")
        try:
            connection = stack.enter_context(open_mailbox(imap, mailbox_credential(self._settings)))
            folder = SentFolder.of(connection, imap)
        except (AppealsError, imaplib.IMAP4.error, OSError) as error:
            notes.append(f"the Sent folder was not looked into: {error}")
            return ()
        if not folder.sent:
            notes.append(f"the mailbox has no folder {imap.sent!r}, and none flagged for what was sent (imap: sent)")
        return (folder,)

    def _found(self, unsettled: Unsettled, finders: Sequence[Finder]) -> Iterator[Settled]:
        for finder in finders:
            result = finder.find(unsettled)
            if result is not None:
                kind, says = result
                yield self._settle(unsettled, kind, says, {"found": says})
                return

    def _settle(self, unsettled: Unsettled, kind: EventKind, says: str, detail: dict[str, JsonValue]) -> Settled:
        event = NewEvent(
            at=self._at,
            by=self._settings.by,
            event=kind,
            item=unsettled.item,
            code=unsettled.code,
            recipient=unsettled.recipient,
            channel=unsettled.channel,
            detail={**detail, "reconciled": True},
        )
        plan = unsettled.plan if unsettled.plan in self._own_plans(unsettled.item) else None
        recorded = self._log.settle(event, self._open_ends(unsettled.item))
        state = self._log.state(unsettled.item).state
        if recorded is None:
            says = "somebody settled it at this moment"
        elif kind is EventKind.APPROVED and state in GONE:
            says = f"it does not go again: another desk has let it go, and it is {state.value}"
        told = unsettled.item, unsettled.code, unsettled.recipient, unsettled.channel
        return Settled(*told, state, says, plan)

    def _held_elsewhere(self) -> list[Event]:
        """Return what other desks have taken up and not finished, by what is known of them here, in its order."""
        here = {event.id for event in self._log.claims()}
        others = [event for event in self._log.claims(of_others=True) if event.id not in here]
        return sorted((event for event in others if self._code in {None, event.code}), key=lambda event: event.at)

    def _open_ends(self, item: str) -> list[Event]:
        """Return the events by which nobody knows of an item; what another desk holds is made unknown for that."""
        ends = _unknown(self._log.state(item))
        held = [event for event in self._held_elsewhere() if event.item == item] if not ends else []
        return ends or [end for event in held if (end := self._log.settle(self._given_up(event), [event])) is not None]

    def _given_up(self, held: Event) -> NewEvent:
        said: dict[str, JsonValue] = {"reason": _held(held), "reconciled": True}
        fields = {name: getattr(held, name) for name in ("item", "code", "recipient", "channel", "attempt")}
        return NewEvent(at=self._at, by=self._settings.by, event=EventKind.UNKNOWN, detail=said, **fields)

    def _own_plans(self, item: str) -> list[JsonValue]:
        """Return the plans of this desk that approved an item: the next run of one sends it, of no other desk's."""
        approved = self._log.events(item=item, kinds={EventKind.APPROVED})
        return [each.detail.get("plan") for each in approved if desk_of(each.desk) == desk_of(self._log.desk)]

    def _of(self, event: Event) -> Unsettled:
        assert event.item is not None
        told = [*self._led_to(event)]
        ids = [id_ for each in told if isinstance(id_ := each.detail.get("message_id"), str)]
        last = told[-1].detail if told else {}
        approved = [each.detail for each in told if each.event is EventKind.APPROVED]
        plan = approved[-1].get("plan") if approved else None
        address = last.get("address")
        return Unsettled(
            item=event.item,
            code=event.code or "",
            recipient=event.recipient or "",
            channel=event.channel or "email",
            since=event.at,
            reason=_reason(event),
            address=address if isinstance(address, str) else None,
            message_id=ids[-1] if ids else None,
            token=self._token(event.item),
            plan=plan if isinstance(plan, str) else None,
            print_run=print_run_of(event) if desk_of(event.desk) == desk_of(self._log.desk) else None,
        )

    def _led_to(self, event: Event) -> Iterator[Event]:
        """Yield the approvals and marks that led to an event, whichever desk recorded them."""
        known = {each.id: each for each in self._log.events(item=event.item)}
        left, seen = [event.id], set[str]()
        while left:
            id_ = left.pop()
            if id_ in known and id_ not in seen:
                seen.add(id_)
                left += known[id_].after
        kinds = {EventKind.APPROVED, EventKind.DATA}
        return (each for id_, each in known.items() if id_ in seen and each.event in kinds)

    def _token(self, item: str) -> str | None:
        path = self._outbox / "reply-secret"
        if self._settings.replies is None or not path.exists():
            return None
        return reply_token(desk_secret(path), item)


@contextmanager
def reconciling(start: Path, typed: str | None, at: datetime) -> Iterator[Reconciling]:
    """Open the log to settle what is unknown, of all appeals or of the one that a code names.

    Raises NothingToDo without a log, UnknownAppeal, and as the settings and the log do.
    """
    root = find_root(start)
    code = Desk.open(root).appeal(typed).code.canonical if typed is not None else None
    with opened(root, thorough=True) as (log, settings):
        yield Reconciling(log, settings, root / "outbox", code, at)


def _reason(event: Event) -> str:
    if event.event is not EventKind.UNKNOWN:
        return f"{_held(event)}; ask there first"
    return str(event.detail.get("reason") or event.detail.get("why") or "")


def _held(event: Event) -> str:
    return f"the desk {desk_of(event.desk)} has it in hand since {event.at:%Y-%m-%d %H:%M} UTC"


def _unknown(state: ItemState) -> list[Event]:
    """Return the events by which nobody knows of an item; that another desk sent it does not settle them."""
    return [head for head in state.heads if head.event is EventKind.UNKNOWN]
