"""Tell changes of the imported file from those made in the directory since the last import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from urgent_appeals.workspace.exchange.changes import Change, differences
from urgent_appeals.workspace.exchange.entries import Entry, Imported

_Key = tuple[str | None, str, str]


def merged(changes: Sequence[Change], last: Imported, imported: Imported) -> tuple[Change, ...]:
    """Return the changes of an import, those marked that the file does not ask for since the last import of it.

    What was changed here only is "ours", and stays; what was changed here and there is a "conflict".
    """
    base: Entry = {"offices": last.offices, **last.top}
    theirs = {_key(change): change for change in differences(base, _copy(imported))}
    return tuple(_told(changes, theirs))


def _told(changes: Sequence[Change], theirs: dict[_Key, Change]) -> Iterator[Change]:
    for change in changes:
        since = theirs.get(_key(change))
        if change.what.endswith("kept") or change.office is None:
            yield change
        elif since is None:
            yield replace(change, kind="ours")
        elif change.kind != "missing" and since.old != change.old:
            yield replace(change, kind="conflict", was=since.old)
        else:
            yield change


def _key(change: Change) -> _Key:
    return change.office, change.what, f"- {change.old}" if change.kind == "missing" else change.new


def _copy(imported: Imported) -> Imported:
    """Return an import whose notes of what is left out are its own."""
    return Imported(imported.offices, imported.top)
