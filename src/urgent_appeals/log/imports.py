"""Read what another desk exported, and believe none of it: every field is looked at, and the text's length."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import quote

from pydantic import ValidationError

from urgent_appeals.domain.event import Event
from urgent_appeals.errors import LogExportRefused
from urgent_appeals.log.exports import FORMAT, unguarded
from urgent_appeals.log.rows import COLUMNS

_SQLITE: Final = b"SQLite format 3\x00"
_LONGEST: Final = 100_000
"""How long a line of an export may be, in characters; events are a few hundred long."""
_ID: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_DESK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}(~[0-9]{1,4})?")
_NULLABLE: Final = ("item", "code", "recipient", "channel", "attempt")


def read_export(path: Path) -> Iterator[Event]:
    """Yield the events of an export, CSV, JSON or SQLite by its content; a whole log of another desk will do as well.

    Raises LogExportRefused at the first thing that is not as it should be.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE))
        if start == _SQLITE:
            rows = _from_sqlite(path)
        elif start.lstrip().startswith(b"{"):
            rows = _from_json(path)
        else:
            rows = _from_csv(path)
        for number, row in enumerate(rows, start=1):
            yield _event(path, number, row)
    except (OSError, sqlite3.Error, csv.Error, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LogExportRefused(path.name, reason) from error


def _from_sqlite(path: Path) -> Iterator[dict[str, Any]]:
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as file:
        file.execute("PRAGMA trusted_schema = OFF")
        file.execute("PRAGMA cell_size_check = ON")
        file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        (kind,) = file.execute("SELECT type FROM sqlite_master WHERE name = 'events'").fetchone() or ("",)
        if kind != "table":
            _refuse(path, "there is no table of events in it")
        for row in file.execute(f"SELECT {columns} FROM events ORDER BY n"):  # noqa: S608  # our own columns
            yield _parsed(path, dict(zip(COLUMNS, row, strict=True)))


def _from_csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.reader(file)
        if tuple(next(table, ())) != COLUMNS:
            _refuse(path, "it is no export of a log")
        for row in table:
            if len(row) != len(COLUMNS):
                _refuse(path, f"line {table.line_num} has {len(row)} cells, not {len(COLUMNS)}")
            cells = {name: unguarded(cell) for name, cell in zip(COLUMNS, row, strict=True)}
            yield _parsed(path, {**cells, **{name: cells[name] or None for name in _NULLABLE}})


def _from_json(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a document as this program writes it: an event a line, so that it need not fit in memory."""
    with path.open(encoding="utf-8") as file:
        head = _loaded(path, file.readline(_LONGEST).rstrip() + "]}")
        if not isinstance(head, dict) or (head.get("format"), head.get("version")) != (FORMAT, 1):
            _refuse(path, "it is no export of a log, or one of another version")
        while (line := file.readline(_LONGEST).strip()) and line != "]}":
            event = _loaded(path, line.removesuffix(","))
            if not isinstance(event, dict):
                _refuse(path, "a line of it is no event")
            yield event
        if line != "]}" or file.read(1):
            _refuse(path, "it ends before its end; was it cut off?")


def _event(path: Path, number: int, row: Mapping[str, Any]) -> Event:
    try:
        event = Event.model_validate(row)
    except ValidationError as error:
        raise LogExportRefused(path.name, f"event {number} in it is no event that can be read") from error
    plausible = (
        _ID.fullmatch(event.id)
        and _DESK.fullmatch(event.desk)
        and _HASH.fullmatch(event.hash)
        and all(map(_ID.fullmatch, event.after))
        and (event.attempt is None or 0 < event.attempt < 1_000_000)
    )
    if not plausible:
        _refuse(path, f"event {number} in it is no event of this program")
    return event


def _parsed(path: Path, row: dict[str, Any]) -> dict[str, Any]:
    for name, empty in (("detail", {}), ("after", [])):
        text = row[name]
        row[name] = empty if text in ("{}", "[]") else _loaded(path, text)
    return row


def _loaded(path: Path, text: object) -> Any:
    try:
        return _JSON.decode(str(text))
    except (ValueError, RecursionError) as error:
        raise LogExportRefused(path.name, "a part of it is no JSON; was it cut off?") from error


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


_JSON: Final = json.JSONDecoder(parse_constant=_no_number)


def _refuse(path: Path, reason: str) -> NoReturn:
    raise LogExportRefused(path.name, reason)
