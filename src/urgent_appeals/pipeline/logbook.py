"""Look into the log, prove it, hand it on, take over another desk's, back it up, and forget a supporter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.lineage import choose
from urgent_appeals.errors import CaseCodeError, LogExportRefused, NothingToDo, UnknownAppeal, UnknownChoice
from urgent_appeals.log.exports import Form, counted, export, write_csv, write_json
from urgent_appeals.log.opening import NOT_OUTSIDE, is_there, open_log
from urgent_appeals.workspace.desk_file import DESK, read_desk
from urgent_appeals.workspace.read import Workspace, find_root, read

if TYPE_CHECKING:
    from urgent_appeals.log.merge import Merged
    from urgent_appeals.log.store import Log
    from urgent_appeals.log.verify import Fault

_LET_GO = {
    EventKind.SENT,
    EventKind.DRAFTED,
    EventKind.PRINTED,
    EventKind.POSTED,
    EventKind.FAXED,
    EventKind.HANDED_OVER,
}
STEPS = frozenset({EventKind.CLAIMED, EventKind.DATA})
"""What a sender notes on its way to what comes of a letter."""
Says = Callable[[str], None]
"""Is told what is being done, and how far it has come."""


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for: of an appeal, a recipient, of kinds, from a moment on, the latest so many.

    `steps`: those of sending too, where no kinds are named.
    """

    code: str | None = None
    recipient: str | None = None
    kinds: tuple[EventKind, ...] = ()
    since: datetime | None = None
    limit: int | None = None
    steps: bool = True


@dataclass(frozen=True)
class Twice:
    """What two desks both let go, not knowing of each other: which letter, and who did what when."""

    item: str
    code: str
    recipient: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """What an import brought."""

    merged: Merged
    twice: tuple[Twice, ...]


@dataclass(frozen=True)
class Verified:
    """What is wrong with the log, how many events were looked at, and what else there is to say."""

    log: str
    events: int
    faults: tuple[Fault, ...]
    note: str = ""


@contextmanager
def opened(start: Path, *, thorough: bool = False, even_restored: bool = False) -> Iterator[tuple[Log, Settings]]:
    """Open the log of a workspace, with the settings of its desk, where there is one.

    Raises NothingToDo where nothing was recorded yet, NoDesk and DeskUnsafe, and the errors of the log.
    """
    root = find_root(start)
    outbox = root / "outbox"
    if not (root / DESK).exists() and not is_there(None, outbox=outbox):
        raise NothingToDo("nothing is in the log yet: it begins with the first letter of a desk (desk.yaml)")
    settings = read_desk(root)
    if not is_there(settings.log, outbox=outbox):
        raise NothingToDo("nothing is in the log yet")
    with open_log(
        settings.log, desk=settings.desk, outbox=outbox, thorough=thorough, even_restored=even_restored
    ) as log:
        yield log, settings


@contextmanager
def listed(start: Path, wanted: Wanted) -> Iterator[Iterator[Event]]:
    """Yield the events that are asked for, in order of arrival, read as they are taken.

    Raises UnknownAppeal and UnknownChoice for what names no appeal or recipient, and as `opened` does.
    """
    with opened(start) as (log, _):
        workspace = read(find_root(start), only=lambda _: False) if wanted.code or wanted.recipient else None
        found = log.events(
            code=_canonical(wanted.code, workspace) if wanted.code and workspace else None,
            recipients=_recipients(wanted.recipient, workspace) if wanted.recipient and workspace else None,
            kinds=wanted.kinds or (None if wanted.steps else frozenset(EventKind) - STEPS),
            since=wanted.since,
            limit=wanted.limit,
            latest=wanted.limit is not None,
        )
        try:
            yield found
        finally:
            found.close()


def verify(start: Path, says: Says) -> Verified:
    """Look through the whole log and return what is wrong with it: file, guards, chains, how far this desk had come."""
    with opened(start, even_restored=True) as (log, _):
        says("looking through the file of the log")
        faults = log.verify(lambda number, total: says(f"{number:,} of {total:,} events"))
        return Verified(log.name, log.count(), faults, "" if log.is_noted_outside else NOT_OUTSIDE)


def accept_restored(start: Path, at: datetime) -> tuple[Event, ...]:
    """Take an older log for the one that holds, on a person's word; return what was recorded of that.

    Whatever may have gone since the backup is then unknown: a person decides. Raises NothingToDo where the log is the
    latest one.
    """
    from urgent_appeals.log.restored import accept_restored as accept  # loads SQLAlchemy

    root = find_root(start)
    settings = read_desk(root)
    outbox = root / "outbox"
    if not is_there(settings.log, outbox=outbox):
        raise NothingToDo("nothing is in the log yet")
    return accept(settings.log, desk=settings.desk, outbox=outbox, by=settings.by, at=at)


def export_to(start: Path, target: Path | TextIO, form: Form, says: Says) -> int:
    """Write all events to a new file, or to a stream (not as SQLite); return how many. Raises OutboxError."""
    with opened(start) as (log, _):

        def progress(number: int) -> None:
            says(f"{number:,} events")

        if isinstance(target, Path):
            return export(log, target, form, progress)
        return (write_csv if form is Form.CSV else write_json)(counted(log.events(), progress), target)


def import_from(start: Path, file: Path, at: datetime, says: Says) -> Imported:
    """Take over what another desk exported, and return what it brought, with all that two desks both did.

    A log is begun where there is none. Raises LogExportRefused; then nothing was taken over.
    """
    from urgent_appeals.log.merge import merge  # loads SQLAlchemy

    root = find_root(start)
    settings = read_desk(root)
    with open_log(settings.log, desk=settings.desk, outbox=root / "outbox") as log:
        try:
            merged = merge(log, file, settings.by, at, lambda number: says(f"{number:,} events"))
        except LogExportRefused as error:
            raise LogExportRefused(str(file), error.reason) from error
        return Imported(merged, tuple(_twice(log, item) for item in merged.twice))


def back_up(start: Path, target: Path, says: Says) -> int:
    """Copy the log, people included, to a new file while others write; return its size. Raises OutboxError."""
    from urgent_appeals.log.backup import back_up as copy  # loads SQLAlchemy

    with opened(start) as (log, _):
        says("copying the log")
        return copy(log, target)


def told(event: Event) -> str:
    """Return what an event says for people: who did what when, and by which way."""
    by = f" by {event.channel}" if event.channel else ""
    return f"{event.event.value}{by} on {event.at:%Y-%m-%d %H:%M} UTC by {event.by} (desk {event.desk})"


def _twice(log: Log, item: str) -> Twice:
    known = [*log.events(item=item)]
    answered = {id_ for event in known for id_ in event.after}
    unsure = {EventKind.DATA, EventKind.UNKNOWN}
    events = [each for each in known if each.event in _LET_GO or (each.event in unsure and each.id not in answered)]
    return Twice(item, known[0].code or "", known[0].recipient or "", tuple(map(told, events)))


def _canonical(typed: str, workspace: Workspace) -> str:
    """Return the canonical code of the appeal that is meant; of one that is no longer here, by the code alone."""
    try:
        return choose(typed, workspace.appeals, workspace.schemes).code.canonical
    except UnknownAppeal as error:
        if error.ambiguous or error.candidates:
            raise
        try:
            return parse(typed, workspace.schemes).canonical
        except CaseCodeError:
            raise error from None


def _recipients(typed: str, workspace: Workspace) -> list[str]:
    """Return the recipients that are meant: the one named in full, or every office of the name."""
    if "/" in typed:
        return [typed]
    known = [f"{directory.id}/{office}" for directory in workspace.directories.values() for office in directory.offices]
    found = [name for name in known if name.endswith(f"/{typed}")]
    if not found:
        raise UnknownChoice("recipient", typed, known)
    return found
