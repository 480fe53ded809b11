"""Keep, outside of the workspace too, how far a log has come: so that a workspace copied or put back whole is told.

One small file for each log in the state folder of the user: ids, generation, hash, and where the log's file lies.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from urgent_appeals import unfinished
from urgent_appeals.domain.values import Value
from urgent_appeals.log.files import in_sectors, new_bytes, overwrite, read_note

VARIABLE: Final = "APPEALS_STATE"
"""The environment variable that names another folder than the usual one."""
_FOLDER: Final = "urgent-appeals"


class Outside(Value):
    """How far a log has come, and the path of its file; empty for one on a server."""

    log: str
    generation: int
    chain: str
    seq: int
    hash: str
    path: str


class OutsideFile:
    """The note on one log in the user's state folder."""

    def __init__(self, folder: Path, log_id: str, database: Path | None) -> None:
        self.path = folder / f"{log_id}.json"
        self.database = database
        self._log_id = log_id

    @property
    def is_kept(self) -> bool:
        """Whether there is such a note: not where there is no home to keep it in."""
        return self.path.exists()

    @property
    def is_at_home(self) -> bool:
        """Whether the note is there, and names the log's file where it is now."""
        there = self.read()
        return there is not None and (self.database is None or there.path == str(self.database.resolve()))

    def read(self) -> Outside | None:
        """Return what the note says, or None where there is none, or none that can be read."""
        found = read_note(self.path, Outside)
        return found if found is not None and found.log == self._log_id else None

    def write(self, generation: int, chain: str, seq: int, hash_: str, *, through: bool) -> None:
        """Write the note, `through` to the disk or as the system will, and as far as the disk lets us."""
        path = str(self.database.resolve()) if self.database is not None else ""
        note = Outside(log=self._log_id, generation=generation, chain=chain, seq=seq, hash=hash_, path=path)
        line = in_sectors(note.model_dump_json().encode())
        with suppress(OSError):
            if not through and self.path.exists():
                overwrite(self.path, line, through=False)
                return
            new = unfinished.beside(self.path)
            new.unlink(missing_ok=True)
            new_bytes(new, line)
            new.replace(self.path)

    def original(self) -> Path | None:
        """Return where the same log lies besides this one, which then is a copy; None where it has moved, or is it."""
        there = self.read()
        if there is None or not there.path or self.database is None:
            return None
        other = Path(there.path)
        if other == self.database.resolve() or not other.exists():
            return None
        with suppress(OSError):
            if other.samefile(self.database):
                return None
        return other if _log_in(other) in (self._log_id, None) else None


def outside_of(log_id: str, database: Path | None, environ: Mapping[str, str] = os.environ) -> OutsideFile | None:
    """Return the note on a log; None where the system knows no home of the user."""
    told = environ.get(VARIABLE)
    if told:
        return OutsideFile(Path(told), log_id, database)
    from platformdirs import user_state_path

    folder = user_state_path(_FOLDER, appauthor=False)
    return OutsideFile(folder, log_id, database) if folder.is_absolute() else None


def _log_in(path: Path) -> str | None:
    """Return the id of the log in a file, or None where that cannot be told."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as file:
            row = file.execute("SELECT value FROM meta WHERE key = 'log'").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])
