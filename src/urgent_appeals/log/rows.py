"""Turn events into rows and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from pydantic import JsonValue

from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.event import Event
from urgent_appeals.errors import CaseCodeError

COLUMNS: Final = tuple(Event.model_fields)
"""The columns of an event, in the order of its fields."""


def row_of(event: Event) -> dict[str, Any]:
    """Return the row of an event: moments as texts of one width, which sort as they do, and JSON as text."""
    return {
        "id": event.id,
        "desk": event.desk,
        "seq": event.seq,
        "at": moment_text(event.at),
        "by": event.by,
        "event": event.event.value,
        "item": event.item,
        "code": event.code,
        "recipient": event.recipient,
        "channel": event.channel,
        "attempt": event.attempt,
        "detail": json_text(dict(event.detail)) if event.detail else "{}",
        "after": json.dumps(event.after) if event.after else "[]",
        "prev_hash": event.prev_hash,
        "hash": event.hash,
        "case_key": case_key(event.code),
    }


def event_of(cells: Iterable[Any]) -> Event:
    """Return the event of a row's cells, which are in the order of `COLUMNS`; raises ValueError where it is none."""
    row = dict(zip(COLUMNS, cells, strict=True))
    # (Nearly all are empty; validating is quicker than Pydantic's way of doing without.)
    row["detail"] = json.loads(row["detail"]) if row["detail"] != "{}" else {}
    row["after"] = json.loads(row["after"]) if row["after"] != "[]" else ()
    return Event.model_validate(row)


def json_text(value: JsonValue | Mapping[str, JsonValue]) -> str:
    """Return JSON in one line; half characters, as an answer of a mail server may hold when decoded, stay escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=True)
    return text


def moment_text(at: datetime) -> str:
    """Return a moment as rows have it: `2026-03-05T12:00:00.000000+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=4096)
def case_key(code: str | None) -> str | None:
    """Return the case of a canonical code; a code of a scheme that only a workspace knows stands for itself.

    The updates of such a code are told apart by `domain.reading.canonical`, which adds ` update N`.
    """
    if code is None:
        return None
    try:
        return parse(code).case
    except CaseCodeError:
        return code.partition(" update ")[0]
