"""Enter into the log of a desk which letters were made, where there is a desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.log.opening import open_log
from urgent_appeals.outbox.manifest import DocumentRecord
from urgent_appeals.pipeline.letters import Made
from urgent_appeals.workspace.desk_file import DESK, read_desk

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log


def note_made(root: Path, made: Made, at: datetime) -> int:
    """Record each letter and bulletin that a run wrote, or that the log does not know yet, in one go; return how many.

    So what a run wrote that was killed before it came here is recorded by the next. Without a `desk.yaml` nothing is.
    The events are of no item: a letter that was made may go by several ways. Raises the errors of the log and of the
    settings; the documents lie in the outbox all the same.
    """
    records = [*_records(made)]
    if not records or not (root / DESK).exists():
        return 0
    settings = read_desk(root)
    with open_log(settings.log, desk=settings.desk, outbox=root / "outbox", thorough=False) as log:
        known = _known(log, made)
        written = {f"{made.folder}/{path}" for path in made.published.written}
        new = [
            (path, record)
            for path, record in records
            if path in written or known.get((record.recipient, path)) != record.sha256
        ]
        events = [*_events(made, new, at, settings.by)]
        return len(log.append(*events)) if events else 0


def _records(made: Made) -> Iterator[tuple[str, DocumentRecord]]:
    """Yield what a run made, written or found there already, by its path in the workspace."""
    paths = {path for letter in made.letters for path in (letter.pdf, letter.eml, letter.text)} | {*made.bulletins}
    for record in made.published.manifest.documents:
        if (path := f"{made.folder}/{record.path}") in paths:
            yield path, record


def _known(log: Log, made: Made) -> dict[tuple[str | None, str], object]:
    """Return the SHA-256 of each document as the log knows it to have been made last."""
    known: dict[tuple[str | None, str], object] = {}
    for event in log.events(code=made.published.manifest.code.canonical, kinds={EventKind.MADE}):
        documents = event.detail.get("documents")
        for path, digest in documents.items() if isinstance(documents, Mapping) else ():
            known[event.recipient, path] = digest
    return known


def _events(made: Made, records: Iterable[tuple[str, DocumentRecord]], at: datetime, by: str) -> Iterator[NewEvent]:
    """Yield an event a letter (recipient, language, sender), and one a bulletin, with the digests of the documents."""
    letters: dict[tuple[str | None, str | None, str], dict[str, JsonValue]] = {}
    for path, record in records:
        key = (record.recipient, record.sender, record.language)
        letters.setdefault(key, {})[path] = record.sha256
    for (recipient, sender, language), documents in letters.items():
        detail: dict[str, JsonValue] = {"language": language, "sender": sender, "documents": documents}
        yield NewEvent(
            at=at,
            by=by,
            event=EventKind.MADE,
            code=made.published.manifest.code.canonical,
            recipient=recipient,
            detail={key: value for key, value in detail.items() if value is not None},
        )
