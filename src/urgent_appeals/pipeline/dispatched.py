"""Say how the letters of an appeal stand that were dispatched, or marked by hand: what became of each, by the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from urgent_appeals.domain.came_back import day_of
from urgent_appeals.domain.counted import counted
from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import WAYS, Item, Via
from urgent_appeals.domain.item_state import UNSURE, ItemState, State
from urgent_appeals.log.rows import case_key
from urgent_appeals.pipeline.history import BY_HAND, item_of

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

TO_PRINT: Final = "to print"
_IN_HAND: Final = frozenset({State.CLAIMED, State.DATA})
_SAYS_WHY: Final = frozenset(
    {State.FAILED, State.UNKNOWN, State.DEFERRED, State.CANCELLED, State.BOUNCED, State.RETURNED}
)
_WHY: Final = ("reason", "why", "note")


@dataclass(frozen=True)
class Dispatched:
    """A letter that was dispatched, or marked by hand: which, what it is now, since which day, by whom, and why so.

    `stands` is the state as people are told it: what lies in a print run is to print, what is in the hand of a sender
    is in hand. Language, sender and way are None where no event of the letter tells them.
    """

    item: str
    recipient: str
    language: str | None
    sender: str | None
    channel: str | None
    number: int
    state: State
    stands: str
    on: date
    by: str
    why: str | None
    way: str | None

    def __str__(self) -> str:
        """What to tell of it, in a line."""
        known = (self.recipient, self.language and f"in {self.language}", self.way)
        again = f", number {self.number}" if self.number > 1 else ""
        why = f": {self.why}" if self.why else ""
        return f"{' '.join(filter(None, known))}{again}: {self.stands} on {self.on} by {self.by}{why}"


def dispatched(log: Log, code: str) -> Iterator[Dispatched]:
    """Yield the letters of an appeal of which the log knows more than that they were made, in order of arrival.

    `code` is canonical. What was only ever undone is left out.
    """
    approvals = [*log.events(code=code, kinds={EventKind.APPROVED, *BY_HAND})]
    items = {item.id: item for item in map(item_of, approvals) if item is not None}
    for id_, state in log.states_of_case(case_key(code) or "").items():
        if state.heads and state.heads[-1].code == code:
            yield _told(id_, items.get(id_), state)


def summed_up(letters: Iterable[Dispatched]) -> str:
    """Return how many letters there are, and how many of them stand how."""
    stands = Counter(letter.stands for letter in letters)
    return f"{counted(stands.total(), 'letter')}: {', '.join(f'{number} {how}' for how, number in stands.items())}"


def _told(id_: str, item: Item | None, state: ItemState) -> Dispatched:
    head = _deciding(state)
    stands = _stands(state.state, head)
    why = [str(head.detail[key]) for key in _WHY if head.detail.get(key)]
    if state.twice:
        why.insert(0, "two desks did this, not knowing of each other")
    is_told = (state.state in _SAYS_WHY and stands != TO_PRINT) or state.twice
    return Dispatched(
        item=id_,
        recipient=head.recipient or "",
        language=item.language if item is not None else None,
        sender=item.sender if item is not None else None,
        channel=head.channel,
        number=item.sequence if item is not None else 1,
        state=state.state,
        stands=stands,
        on=day_of(head),
        by=head.by,
        why="; ".join(why) or None if is_told else None,
        way=WAYS[item.route] if item is not None else None,
    )


def _deciding(state: ItemState) -> Event:
    """Return the latest event that says what the item is; of two desks', the one whose word holds."""
    from urgent_appeals.domain.item_state import item_state

    return next((head for head in state.heads if item_state([head]).state is state.state), state.heads[-1])


def _stands(state: State, head: Event) -> str:
    if state in UNSURE and head.channel == Via.POST:
        return TO_PRINT
    if head.event is EventKind.HANDED_OVER:
        return "handed over"
    return "in hand" if state in _IN_HAND else state.value
