"""Say what came back from a recipient, by the log: mail that bounced, post that was returned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import CHANNELS, Via
from urgent_appeals.domain.item_state import ItemState
from urgent_appeals.domain.plan import Doubt
from urgent_appeals.domain.values import PartialDate

CAME_BACK: Final = frozenset({EventKind.BOUNCED, EventKind.RETURNED})
"""What says that a letter did not arrive."""
_ELECTRONIC: Final = frozenset({"email", "drafts"})


def came_back(
    states: Iterable[ItemState], recipient: str, via: Via, checked: PartialDate | None = None
) -> dict[Doubt, str]:
    """Return what speaks against writing to a recipient by a way, since a letter that went so came back.

    It counts until somebody has `checked` the entry of the recipient on a later day.
    """
    found: dict[Doubt, list[str]] = {}
    for event in (head for state in states for head in state.heads):
        if event.event not in CAME_BACK or event.recipient != recipient or not _is_of(event, via):
            continue
        day = day_of(event)
        if checked is None or checked.first <= day:
            bounced = event.event is EventKind.BOUNCED
            words = f"{'mail bounced' if bounced else 'post was returned'} on {day} ({event.code})"
            found.setdefault(Doubt.BOUNCED if bounced else Doubt.RETURNED, []).append(words)
    return {doubt: "; ".join(dict.fromkeys(words)) for doubt, words in found.items()}


def day_of(event: Event) -> date:
    """Return the day on which what an event records happened: as a person noted it, else when it was recorded."""
    noted = event.detail.get("date")
    try:
        return date.fromisoformat(noted) if isinstance(noted, str) else event.at.date()
    except ValueError:
        return event.at.date()


def _is_of(event: Event, via: Via) -> bool:
    if event.event is EventKind.RETURNED:
        return via is Via.POST
    return event.channel == via.value or (CHANNELS[via] == "email" and event.channel in _ELECTRONIC)
