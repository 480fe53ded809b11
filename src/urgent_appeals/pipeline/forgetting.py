"""Forget a supporter: find who is meant and every file that holds what is theirs, then erase it all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pydantic import JsonValue

from urgent_appeals.domain.event import Event, desk_of
from urgent_appeals.errors import NothingToDo, UnknownChoice
from urgent_appeals.pipeline.logbook import Says, opened
from urgent_appeals.workspace.read import find_root

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

RAW = "raw"
"""The folder of the outbox that holds what came in, as it came, by its SHA-256."""
_OF_PEOPLE = frozenset({"packs", "drafts", RAW})
"""The folders below which what is a supporter's lies; nothing else is erased because an event points to it."""


@dataclass(frozen=True)
class Person:
    """A supporter who is to be forgotten: the random id, and the files of the outbox that hold what is theirs."""

    id: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Erased:
    """What was erased: the event that says so, and the files that are gone, by their paths in the workspace."""

    event: Event
    files: tuple[str, ...]


def find(start: Path, typed: str, says: Says) -> Person:
    """Return the supporter that an id, a name or an email address names; raises NothingToDo, UnknownChoice.

    Who was forgotten already is found by the id, so that what an interruption has left can be erased.
    """
    outbox = find_root(start) / "outbox"
    with opened(start) as (log, _):
        id_ = _identified(log, typed)
        return Person(id_, tuple(files_of(log, outbox, id_, says)))


def erase(start: Path, person: Person, at: datetime) -> Erased:
    """Erase a supporter: files, row, and the traces in the database; raises as `log.people.forget` does.

    Interrupted, it is to be done again.
    """
    from urgent_appeals.log.people import forget  # loads SQLAlchemy

    root = find_root(start)
    with opened(start, thorough=True) as (log, settings):
        forgotten = forget(log, person.id, files=person.files, by=settings.by, at=at)
    _remove_empty(root / "outbox", person)
    return Erased(forgotten.event, tuple(path.relative_to(root).as_posix() for path in forgotten.files))


def files_of(log: Log, outbox: Path, person: str, says: Says) -> Iterator[Path]:
    """Yield the files of the outbox that hold what is a supporter's.

    Those are: what lies in a folder named by the random id, or has a name that begins with it (packs, drafts); and what
    an event of this desk that names the person points to: a file of a pack, or a draft (`detail.path`, within the
    outbox), or a message as it came in (`detail.raw`, its SHA-256). Nothing outside of the outbox is ever among them.
    """
    found = {*_named_by(outbox, person), *_pointed_to(log, outbox, person, says)}
    yield from sorted(path for path in found if _is_file_inside(path, outbox))


def _identified(log: Log, typed: str) -> str:
    from urgent_appeals.log.people import people  # loads SQLAlchemy

    wanted = typed.strip().casefold()
    with closing(people(log)) as known:  # type: ignore[type-var]  # it is a generator
        found = [id_ for id_, data in known if wanted == id_ or wanted in _names(data)]
    if len(found) > 1:
        # By their ids only: what is told may be read by others.
        raise UnknownChoice("single supporter", typed, found)
    if not found and not _was_known(log, wanted):
        raise NothingToDo("nobody in the log has this id, name or address")
    return found[0] if found else wanted


def _was_known(log: Log, id_: str) -> bool:
    from urgent_appeals.domain.event import EventKind

    with closing(log.events(kinds={EventKind.FORGOTTEN})) as events:
        return any(event.detail.get("person") == id_ for event in events)


def _names(data: Mapping[str, JsonValue]) -> set[str]:
    """Return by what a supporter is found: name and email address, and nothing that others have too."""
    return {value.strip().casefold() for key in ("name", "email") if isinstance(value := data.get(key), str)}


def _named_by(outbox: Path, person: str) -> Iterator[Path]:
    for folder, folders, files in os.walk(outbox):
        place = Path(folder)
        is_theirs = any(_is_named(part, person) for part in place.relative_to(outbox).parts)
        yield from (place / name for name in (*files, *folders) if is_theirs or _is_named(name, person))


def _is_named(name: str, person: str) -> bool:
    return name.startswith(person) and not name[len(person) :][:1].isalnum()


def _pointed_to(log: Log, outbox: Path, person: str, says: Says) -> Iterator[Path]:
    with closing(log.events()) as events:
        for number, event in enumerate(events, start=1):
            if number % 1000 == 0:
                says(f"{number:,} events looked through")
            if event.detail.get("person") != person or desk_of(event.desk) != desk_of(log.desk):
                continue
            path, raw = event.detail.get("path"), event.detail.get("raw")
            pointed_to = (path, f"{RAW}/{raw}" if isinstance(raw, str) else None)
            yield from (outbox / each for each in pointed_to if isinstance(each, str) and _is_of_people(each))


def _is_of_people(path: str) -> bool:
    folders = PurePosixPath(path).parts[:-1]
    return ".." not in PurePosixPath(path).parts and not _OF_PEOPLE.isdisjoint(folders)


def _is_file_inside(path: Path, outbox: Path) -> bool:
    is_inside = path.parent.resolve().is_relative_to(outbox.resolve())
    return is_inside and (path.is_symlink() or path.is_file())


def _remove_empty(outbox: Path, person: Person) -> None:
    """Remove the folders that were named by the id and are empty now."""
    for folder, _, _ in os.walk(outbox, topdown=False):
        place = Path(folder)
        if any(_is_named(part, person.id) for part in place.relative_to(outbox).parts):
            with suppress(OSError):  # not empty: what lies there was put there meanwhile
                place.rmdir()
