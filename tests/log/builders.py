"""Build events for the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.log.merge import Merged
from urgent_appeals.log.merge import merge as merge_by
from urgent_appeals.log.store import Log

CASE = "XAA 007/0326/OBS 021"
CODE = f"{CASE}.01"
AT = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def event(kind: EventKind | str, item: str | None = "item-1", **given: JsonValue) -> NewEvent:
    """Return an event of an item of the case; `minutes` later than the first moment."""
    minutes = given.pop("minutes", 0)
    assert isinstance(minutes, int)
    fields = {"at": AT + timedelta(minutes=minutes), "by": "A. B.", "code": CODE, "recipient": "arlandia/minister"}
    return NewEvent.model_validate({**fields, "event": kind, "item": item, **given})


def approved(log: Log, *items: str) -> None:
    """Have items approved, so that a sender may take them up."""
    log.append(*(event(EventKind.APPROVED, item) for item in items))


def claimed(log: Log, item: str) -> None:
    """Have an item approved and taken up by a sender."""
    approved(log, item)
    assert log.transition(event(EventKind.CLAIMED, item), WAITING)


def marked(log: Log, item: str) -> None:
    """Have an item taken up and marked as about to go."""
    claimed(log, item)
    assert log.transition(event(EventKind.DATA, item), {State.CLAIMED})


def merge(log: Log, path: Path, progress: Callable[[int], None] = lambda _: None) -> Merged:
    """Take over an export, as A. B. does."""
    return merge_by(log, path, "A. B.", AT, progress)


def kinds(log: Log, item: str | None = None) -> list[str]:
    """Return what happened, in order."""
    return [recorded.event.value for recorded in log.events(item=item)]
