"""Ask the log what became of the letters of a case: what has left, to which addresses, and what lies with people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.came_back import CAME_BACK
from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import ROUTES, Item, Via
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Known, destination
from urgent_appeals.errors import NoDesk
from urgent_appeals.log.opening import is_there, open_log
from urgent_appeals.workspace.desk_file import read_desk

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

LetterKey = tuple[str, str, str]
"""What tells the letters of an appeal apart: recipient, language, sender."""

BY_HAND = frozenset({EventKind.POSTED, EventKind.FAXED, EventKind.HANDED_OVER, EventKind.SENT})
"""What a person notes of a letter that went."""


@dataclass(frozen=True)
class Out:
    """A draft or print-out that has left the program and may have to be called back: which, what, where it lies."""

    item: str
    code: str
    recipient: str
    state: State
    address: str | None
    where: str

    def __str__(self) -> str:
        """What to call back, and from where."""
        what = "the draft" if self.state is State.DRAFTED else "the print-out"
        to = f" ({' '.join(self.address.split())})" if self.address else ""
        return f"{what} of {self.code} to {self.recipient}{to}" + (f" in {self.where}" if self.where else "")


@contextmanager
def looked_at(url: str | None, desk: str, outbox: Path) -> Iterator[Log | None]:
    """Open the log to look at it; None where there is none yet, since looking makes none."""
    if not is_there(url, outbox=outbox):
        yield None
        return
    with open_log(url, desk=desk, outbox=outbox, thorough=False) as log:
        yield log


def already_out(log: Log, case: str) -> Iterator[Out]:
    """Yield the drafts and print-outs of a case that lie with people: what ended or replaced it does not call back.

    Whatever else other desks recorded of a letter, what lies there by one of its latest events lies there.
    """
    for item, state in log.states_of_case(case).items():
        for head in state.heads:
            where = _where(log, head)
            if where is not None:
                approved = [*log.events(item=item, kinds={EventKind.APPROVED})]
                address = approved[-1].detail.get("address") if approved else None
                told = item, head.code or "", head.recipient or "", State(head.event.value)
                yield Out(*told, str(address) if address else None, where)


def _where(log: Log, head: Event) -> str | None:
    """Return where a draft or print-out lies, empty where the log does not tell; None for what is neither."""
    if head.event in {EventKind.DRAFTED, EventKind.PRINTED}:
        return str(head.detail.get("folder") or head.detail.get("path") or "")
    if head.event is not EventKind.UNKNOWN or head.channel != Via.POST or head.attempt is None:
        return None
    for note in [*log.events(code=head.code, kinds={EventKind.NOTED})]:  # a run that was killed has made no PDF
        laid = note.detail.get("attempts")
        if isinstance(laid, Mapping) and laid.get(head.item or "") == head.attempt:
            return str(note.detail.get("path") or "")
    return None


def dispatched_letters(root: Path, appeal: Appeal) -> frozenset[LetterKey]:
    """Return recipient, language and sender of each letter of an appeal that has left, or may have, by the log.

    A workspace without a desk or a log has dispatched nothing. Raises as the log and the settings do; NoDesk where
    there is a log and nothing says whose.
    """
    try:
        settings = read_desk(root)
    except NoDesk:
        if is_there(None, outbox=root / "outbox"):
            raise
        return frozenset()
    with looked_at(settings.log, settings.desk, root / "outbox") as log:
        return frozenset(_left(log, appeal)) if log is not None else frozenset()


def _left(log: Log, appeal: Appeal) -> Iterator[LetterKey]:
    states = log.states_of_case(appeal.code.case)
    for event in [*log.events(code=appeal.code.canonical, kinds={EventKind.APPROVED, *BY_HAND})]:
        item = item_of(event)
        if item is not None and states[item.id].is_gone:
            yield item.recipient, item.language, item.sender


def known(log: Log, appeal: Appeal, without: Callable[[str], bool] = lambda _: False) -> Known:
    """Return what the log knows of a case, without the items that are left out of it; and what came back of others."""
    case = log.states_of_case(appeal.code.case)
    back = {event.item for event in [*log.events(kinds=CAME_BACK)] if event.item is not None} - case.keys()
    states = {**log.states(back), **{item: state for item, state in case.items() if not without(item)}}
    written_to = {}
    for event in [*log.events(code=appeal.code.canonical, kinds={EventKind.APPROVED})]:
        item, address = item_of(event), event.detail.get("address")
        if item is None or event.channel not in set(Via) or not isinstance(address, str):
            continue  # what another desk's export may say of a way that no plan takes
        if item.id in states and states[item.id].is_gone:
            written_to[destination(Via(event.channel), address)] = item
    return Known(states, written_to)


def item_of(approved: Event) -> Item | None:
    """Return the item that an approval, or a mark by hand, is of; None where it does not say all of it."""
    said = approved.detail
    try:
        item = Item.model_validate(
            {
                "code": approved.code,
                "recipient": approved.recipient,
                "route": said.get("route") or ROUTES[Via(approved.channel or "")],
                **{name: said.get(name) for name in ("purpose", "sender", "language", "sequence")},
            }
        )
    except ValueError:
        return None
    return item if item.id == approved.item else None
