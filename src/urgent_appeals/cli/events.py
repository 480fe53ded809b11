"""Print the events of the log: as a table for people, as JSON for programs, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from urgent_appeals.cli.context import Context
from urgent_appeals.cli.output import as_json
from urgent_appeals.cli.tables import fitted
from urgent_appeals.domain.counted import counted

if TYPE_CHECKING:
    from urgent_appeals.domain.event import Event

AT_ONCE = 500
"""How many events are printed at once."""
_KEPT = 2
"""How many columns stand side by side on the narrowest terminal."""
_FIELDS = (
    *("seq", "id", "at", "by", "event", "item", "code", "recipient"),
    *("channel", "detail", "prev_hash", "hash", "desk"),
)


def as_data(event: Event) -> dict[str, object]:
    """Return an event as `log list --json` has it."""
    return {**{name: getattr(event, name) for name in _FIELDS}, "detail": dict(event.detail)}


def print_table(
    context: Context,
    events: Iterator[Event],
    says: Callable[[str], None],
    *,
    spelled: Callable[[str], str],
    whole: bool = False,
) -> int:
    """Print events for people, and return how many there were; `says` is told how far it has come.

    `spelled` writes a code for people. `whole` names the desks too, with the number that each gave, and the second.
    """
    headers = ("WHEN", "EVENT", "BY", *(("DESK",) if whole else ()), "CODE", "TO", "WAY", "")
    count = 0
    while batch := list(islice(events, AT_ONCE)):
        printed = fitted([_row(event, spelled, whole=whole) for event in batch], headers, kept=_KEPT)
        context.data(printed if not count else printed.partition("\n")[2])
        count += len(batch)
        says(f"{count:,} events")
    return count


def print_json(context: Context, events: Iterator[Event], says: Callable[[str], None]) -> int:
    """Print events as one JSON document, and return how many there were; `says` is told how far it has come."""
    count = 0
    while batch := list(islice(events, AT_ONCE)):
        inner = as_json([as_data(event) for event in batch]).removeprefix("[\n").removesuffix("\n]")
        context.data(f"[\n{inner}" if not count else f",\n{inner}")
        count += len(batch)
        says(f"{count:,} events")
    context.data("]" if count else "[]")
    return count


def _row(event: Event, spelled: Callable[[str], str], *, whole: bool) -> tuple[str, ...]:
    when = f"{event.at:%Y-%m-%d %H:%M:%S}" if whole else f"{event.at:%Y-%m-%d %H:%M}"
    desk = (f"{event.desk} {event.seq}",) if whole else ()
    code = spelled(event.code) if event.code else ""
    return (when, event.event.value, event.by, *desk, code, event.recipient or "", event.channel or "", _told(event))


def _told(event: Event) -> str:
    """Return what of an event's detail people look for first."""
    detail = event.detail
    words = [
        *([f"takes back: {was}"] if (was := detail.get("was")) is not None else []),
        *([f"on {day}"] if isinstance(day := detail.get("date"), str) and detail.get("by_hand") else []),
        *([f"{copies} times"] if (copies := detail.get("count")) is not None else []),
        *_of_a_note(event),
        *(str(detail[key]) for key in ("reason", "why", "reply", "folder", "note", "found") if detail.get(key)),
    ]
    text = "; ".join(words)
    return text if len(text) <= 100 else text[:99] + "…"


def _of_a_note(event: Event) -> Iterator[str]:
    """Yield what was made, or what of a run was noted."""
    detail = event.detail
    if event.event.value == "made":
        what = "" if event.recipient else "the bulletin "
        signed = f", signed: {detail['sender']}" if detail.get("sender") else ""
        yield f"{what}in {detail.get('language') or 'some language'}{signed}"
    letters = _number(detail.get("letters"))
    if "reflected" in detail:
        yield f"test run to oneself, plan {detail['reflected']}: {letters}"
    elif "print_run" in detail and event.event.value == "noted":
        yield f"print run {detail['print_run']}: {letters}"
    elif "run" in detail:
        yield f"run of plan {detail['run']}: {_number(detail.get('items'))}"


def _number(letters: object) -> str:
    return counted(letters, "letter") if isinstance(letters, int) else "letters"
