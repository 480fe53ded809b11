"""Tell a log that is older than what this desk knows of it, or a copy, by the notes beside it and outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from urgent_appeals.log.epoch import Epoch, EpochFile
from urgent_appeals.log.outside import Outside, OutsideFile

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_LOOKS: Final = 3
"""How often to look before a log is refused: while a log is begun, another process may be between log and notes."""


def lost_reason(file: EpochFile) -> str | None:
    """Return why there has to be a log, by what is beside it; None where none need be."""
    there = file.read()
    if there is not None and (there.seq or there.generation or there.seen):
        return f"it is missing, and {file.path.name} tells of {there.seq} events of this desk"
    if file.has_claims:
        return f"there is nothing in it, and {file.claimed_path.name} tells of letters that were taken up"
    return None


def restored_reason(engine: Engine, file: EpochFile, log_id: str, desk: str) -> str | None:
    """Return why the log cannot be the one that this desk last wrote to, or None."""
    reason = None
    for _ in range(_LOOKS):
        # The notes first: a log that is read after them is never behind them, however fast other processes write.
        there, outside = file.read(), file.outside.read() if file.outside is not None else None
        with engine.connect() as connection:
            reason = _reason_beside(connection, file, there, log_id, desk)
            if reason is None and there is not None and file.outside is not None and outside is not None:
                reason = _reason_outside(connection, file.outside, outside)
        if reason is None:
            return None
    return reason


def _reason_beside(connection: Connection, file: EpochFile, there: Epoch | None, log_id: str, desk: str) -> str | None:
    """Return why the log is not the one that the notes beside it tell of."""
    from urgent_appeals.log import look_up

    chains = look_up.chains(connection, desk)
    seq = look_up.head(connection, chains[-1])[0] if chains else 0
    if there is None:
        return _reason_without_notes(connection, file, seq)
    if there.log != log_id:
        return "it is another log" if there.seq or there.generation or file.has_claims else None
    generation = int(look_up.meta(connection, "generation") or 0)
    if generation < there.generation:
        return f"it knows of {generation} sender runs, and there were {there.generation}"
    if there.seq and look_up.hash_at(connection, there.chain, there.seq) != there.hash:
        return f"event {there.seq} of the desk {there.chain} is not in it"
    if there.seen and not look_up.is_there(connection, there.seen):
        return "an event that was seen in it, of this desk or another, is not in it any more"
    return None


def _reason_without_notes(connection: Connection, file: EpochFile, seq: int) -> str | None:
    """Return why a log with so many events of this desk is not without notes by right."""
    from urgent_appeals.log import look_up

    # What other desks have in a log on a server is theirs; a file with events that was never opened here is a copy.
    if seq or (connection.dialect.name == "sqlite" and look_up.count(connection, at_most=1)):
        copied = "" if seq else ", and other desks have written to the log: was it copied?"
        return f"{file.path.name}, which tells how far this desk has come, is missing or damaged{copied}"
    return lost_reason(file)


def _reason_outside(connection: Connection, file: OutsideFile, there: Outside) -> str | None:
    """Return why, by the note outside of the workspace, the whole workspace is a copy or an older one."""
    from urgent_appeals.log import look_up

    if not (there.seq or there.generation):
        return None
    original = file.original()
    if original is not None:
        return f"it was copied, and the log it was copied from is still there: {original}"
    generation = int(look_up.meta(connection, "generation") or 0)
    if generation < there.generation:
        found = f"{generation} sender runs, and there were {there.generation}"
        return f"it was put back, log.epoch as well: it knows of {found} by {file.path}"
    if there.seq and look_up.hash_at(connection, there.chain, there.seq) != there.hash:
        return f"event {there.seq} of the desk {there.chain} is not in it, and was, by {file.path}"
    return None
