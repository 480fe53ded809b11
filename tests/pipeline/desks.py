"""Desks for workspaces of tests: settings, a log, and letters whose fate is unknown."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML

from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item import Item, Route
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log

CODE, TYPED = "UAD XAA 001/2026 update 1", "2026.01"
JUSTICE, PRESIDENT = "arlandia/justice-minister", "arlandia/president"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MESSAGE_ID = "<5f0f5f8e6f5a4a529a8e3f1c6f0d1b2a@campaign.example>"


def give_desk(root: Path, **settings: object) -> Path:
    """Write `desk.yaml` into a workspace, readable for its owner only, and return the workspace."""
    smtp = {"host": "localhost", "user": "desk@campaign.example", "from": "desk@campaign.example"}
    values = {"desk": "leeds", "by": "M. H.", "replies": "answers@campaign.example", "smtp": smtp} | settings
    path = root / "desk.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump({key: value for key, value in values.items() if value is not None}, file)
    path.chmod(0o600)
    return root


def log_of(root: Path, desk: str = "leeds") -> AbstractContextManager[Log]:
    """Open the log of a workspace."""
    return open_log(None, desk=desk, outbox=root / "outbox")


def an_item(recipient: str = JUSTICE, route: Route = Route.ELECTRONIC, language: str = "en") -> Item:
    """Return the item of a letter of the sample."""
    return Item(code=CODE, recipient=recipient, sender="hale", language=language, route=route)


def an_event(kind: EventKind, item: Item, channel: str = "email", **detail: str | int) -> NewEvent:
    """Return an event of an item, as a run of the plan `p` records it."""
    said = {"plan": "p", **detail}
    return NewEvent(
        at=AT,
        by="M. H.",
        event=kind,
        item=item.id,
        code=item.code,
        recipient=item.recipient,
        channel=channel,
        detail=said,
    )


def approved(log: Log, item: Item, channel: str = "email", **detail: str | int) -> None:
    """Have an item approved by a plan."""
    key = item.model_dump(mode="json", include={"purpose", "sender", "language", "sequence"})
    log.append(an_event(EventKind.APPROVED, item, channel, message_id=MESSAGE_ID, **key, **detail))


def claimed(log: Log, item: Item, channel: str = "email") -> None:
    """Have an item approved, and taken up by a sender."""
    approved(log, item, channel)
    assert log.transition(an_event(EventKind.CLAIMED, item, channel), WAITING)


def marked(log: Log, item: Item, channel: str = "email") -> None:
    """Have an item in the hand of a sender, who may be about to send it, or may have died."""
    claimed(log, item, channel)
    said = an_event(EventKind.DATA, item, channel, message_id=MESSAGE_ID, address="minister@justice.example")
    assert log.transition(said, {State.CLAIMED})


def unknown(log: Log, item: Item, channel: str = "email") -> None:
    """Have the fate of an item unknown."""
    marked(log, item, channel)
    assert log.transition(an_event(EventKind.UNKNOWN, item, channel, reason="the answer was lost"), {State.DATA})


def became(log: Log, item: Item, kind: EventKind, channel: str = "email") -> None:
    """Have an item handed over, and this come of it."""
    marked(log, item, channel)
    assert log.transition(an_event(kind, item, channel), {State.DATA})


def kinds(root: Path, item: Item | None = None) -> list[str]:
    """Return what happened by the log, in order."""
    with log_of(root) as log:
        return [event.event.value for event in log.events(item=item.id if item is not None else None)]
