"""Events are chained by hash for each desk: what was changed, taken out or put in is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from urgent_appeals.domain.event import FIRST, Event, EventKind, NewEvent, Place, broken_link, sealed

AT = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[Event]:
    """Return the first events of a desk."""
    events: list[Event] = []
    for number in range(1, length + 1):
        new = NewEvent(
            at=AT, by="A. B.", event=EventKind.NOTED, item="item-1", detail={"text": "Қазақстан", "n": number}
        )
        after = (events[-1].id,) if events else ()
        before = events[-1].hash if events else FIRST
        events.append(sealed(new, Place(desk="anna", seq=number, id=f"id-{number}", after=after, prev_hash=before)))
    return events


def test_an_event_follows_the_one_before_it() -> None:
    first, second, third = chain(3)
    assert broken_link(first, None) is None
    assert broken_link(second, first) is None
    assert broken_link(third, second) is None


def test_the_hash_of_an_event_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert chain(1)[0].hash == "f888866ba6308bf6726e314b261be732f863503404341aee5c3760b600448109"


def test_an_event_that_was_read_back_has_the_hash_it_had() -> None:
    (first,) = chain(1)
    assert Event.model_validate_json(first.model_dump_json()) == first
    assert broken_link(Event.model_validate_json(first.model_dump_json()), None) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"at": AT + timedelta(microseconds=1)},
        {"by": "C. D."},
        {"event": EventKind.SENT},
        {"item": "item-2"},
        {"code": "XAA 007/0326/OBS 021"},
        {"recipient": "arlandia/president"},
        {"channel": "email"},
        {"attempt": 1},
        {"detail": {}},
        {"desk": "berta"},
        {"id": "id-9"},
        {"after": ()},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_whatever_is_changed_of_an_event_is_seen(changes: dict[str, Any]) -> None:
    first, second = chain(2)
    assert broken_link(second.model_copy(update=changes), first) == "its hash is not that of its content"


def test_an_event_that_was_taken_out_is_missed() -> None:
    first, _, third = chain(3)
    assert broken_link(third, first) == "number 3 stands where number 2 belongs"
    assert broken_link(third, None) == "number 3 stands where number 1 belongs"


def test_an_event_that_was_put_in_does_not_fit() -> None:
    first, second = chain(2)
    forged = sealed(NewEvent(at=AT, by="X", event=EventKind.SENT), Place(desk="anna", seq=2, id="id-2"))
    assert broken_link(forged, first) == "it does not carry the hash of the event before it"
    assert broken_link(second, first.model_copy(update={"hash": "0" * 64})) is not None


def test_moments_are_in_utc_and_say_so() -> None:
    there = timezone(timedelta(hours=5))
    event = NewEvent(at=datetime(2026, 4, 2, 14, 30, tzinfo=there), by="A. B.", event=EventKind.NOTED)
    assert event.at == AT
    assert event.at.utcoffset() == timedelta(0)
    with pytest.raises(ValidationError):
        NewEvent(at=AT.replace(tzinfo=None), by="A. B.", event=EventKind.NOTED)


@pytest.mark.parametrize(
    ("kind", "detail", "undoes"),
    [
        pytest.param(EventKind.UNDONE, {"undoes": "id-1"}, "id-1", id="names an event"),
        pytest.param(EventKind.UNDONE, {}, None, id="names none"),
        pytest.param(EventKind.UNDONE, {"undoes": 1}, None, id="names a number"),
        pytest.param(EventKind.NOTED, {"undoes": "id-1"}, None, id="is another kind"),
    ],
)
def test_an_event_takes_back_the_one_it_names(kind: EventKind, detail: dict[str, Any], undoes: str | None) -> None:
    new = NewEvent(at=AT, by="A. B.", event=kind, detail=detail)
    assert sealed(new, Place(desk="anna", seq=1, id="id-2")).undoes == undoes
