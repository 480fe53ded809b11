"""Tell what stands around an appeal: who continues it, and what was written on older appeals of its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.lineage import slugs
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.files import Outbox
from urgent_appeals.pipeline.desk import Desk


@dataclass(frozen=True)
class WroteBefore:
    """Letters made on an older appeal of the case: the day they were made as of, to whom, by whom, in what languages.

    The outbox tells what was made; whether it was sent, it cannot know.
    """

    code: str
    on: date
    recipient: str
    sender: str
    languages: tuple[str, ...]


def followed_by(desk: Desk, appeal: Appeal) -> tuple[str, ...]:
    """Return the codes of the appeals of other series that continue this one, or another appeal of its case."""
    return tuple(
        str(other.code)
        for other in desk.workspace.appeals
        if other.follows is not None and other.follows.same_case(appeal.code)
    )


def wrote_before(desk: Desk, appeal: Appeal) -> tuple[WroteBefore, ...]:
    """Return what was made on older appeals of the case, the oldest first.

    A manifest that cannot be read tells nothing.
    """
    outbox = Outbox(desk.workspace.root / "outbox")
    names = slugs(other.code for other in desk.workspace.appeals)
    found: dict[tuple[str, date, str, str], list[str]] = {}
    for older in desk.case(appeal):
        if not appeal.code.is_newer_than(older.code):
            continue
        try:
            manifest = outbox.manifest(names[older.code])
        except OutboxError:
            continue
        for document in manifest.documents if manifest is not None else ():
            if document.kind == "pdf" and document.recipient is not None:
                key = (str(older.code), document.on, document.recipient, document.sender or "")
                found.setdefault(key, []).append(document.language)
    return tuple(WroteBefore(*key, tuple(sorted(languages))) for key, languages in found.items())
