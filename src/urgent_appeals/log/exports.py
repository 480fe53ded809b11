"""Write events for others: as CSV for a spreadsheet, as JSON, as an SQLite file. Personal data is in none of them."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from urgent_appeals.domain.event import Event
from urgent_appeals.errors import OutboxError
from urgent_appeals.log.files import published
from urgent_appeals.log.rows import COLUMNS, json_text, row_of

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

FORMAT: Final = "urgent-appeals log"
MARK: Final = "\ufeff"
"""What tells spreadsheets that a CSV file is UTF-8."""
_FORMULA: Final = re.compile(r"""["']*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]""")
_GUARDED: Final = re.compile(r"""'["']*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]""")


class Form(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"
    SQLITE = "sqlite"


def export(log: Log, path: Path, form: Form, progress: Callable[[int], None] = lambda _: None) -> int:
    """Write all events of the log to a new file that only its owner reads; return how many there are.

    `progress` is told how many were written. Raises OutboxError where a file is there already, or cannot be written.
    """
    try:
        with published(path) as part:
            events = counted(log.events(), progress)
            if form is Form.SQLITE:
                return write_sqlite(events, part)
            with part.open("w", encoding="utf-8", newline="") as file:
                return (write_csv if form is Form.CSV else write_json)(events, file)
    except (OSError, sqlite3.Error) as error:
        raise OutboxError(str(path), f"{getattr(error, 'strerror', None) or error}; nothing was written") from error


def write_csv(events: Iterable[Event], file: TextIO) -> int:
    """Write events as CSV, one a line, that no spreadsheet takes for formulas; return how many."""
    file.write(MARK)
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    count = 0
    for event in events:
        row = row_of(event)
        table.writerow(["" if row[name] is None else guarded(str(row[name])) for name in COLUMNS])
        count += 1
    return count


def write_json(events: Iterable[Event], file: TextIO) -> int:
    """Write events as one JSON document, an event a line; return how many."""
    file.write(f'{{"format": {json.dumps(FORMAT)}, "version": 1, "events": [')
    count = 0
    for event in events:
        file.write(",\n" if count else "\n")
        file.write(json_text(event.model_dump(mode="json")))
        count += 1
    file.write("\n]}\n")
    return count


def write_sqlite(events: Iterable[Event], path: Path) -> int:
    """Write events to an empty SQLite file, with the columns that a log has; return how many."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        # Nobody has the file before it is whole, and it is written through to the disk as such.
        file.execute("PRAGMA journal_mode = MEMORY").fetchall()
        file.execute("PRAGMA synchronous = OFF")
        file.execute(f"CREATE TABLE events (n INTEGER PRIMARY KEY, {', '.join(map(_quoted, COLUMNS))})")
        file.execute("BEGIN")
        marks = ", ".join("?" * len(COLUMNS))
        statement = f"INSERT INTO events ({', '.join(map(_quoted, COLUMNS))}) VALUES ({marks})"  # noqa: S608
        done = file.executemany(statement, map(_cells, events))
        file.execute("COMMIT")
        return done.rowcount if done.rowcount > 0 else 0


def counted(events: Iterable[Event], progress: Callable[[int], None]) -> Iterator[Event]:
    """Yield events, and tell from time to time how many there were."""
    for number, event in enumerate(events, start=1):
        if number % 1000 == 0:
            progress(number)
        yield event


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10, full-width forms, and quoted ones)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return what a guarded cell says."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _cells(event: Event) -> tuple[Any, ...]:
    row = row_of(event)
    return tuple(row[name] for name in COLUMNS)


def _quoted(name: str) -> str:
    return f'"{name}"'
