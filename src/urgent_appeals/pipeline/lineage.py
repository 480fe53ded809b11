"""Tell what was written on an appeal, and on those that came before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.lineage import before, slugs
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.files import Outbox
from urgent_appeals.pipeline.desk import Desk


@dataclass(frozen=True)
class LettersMade:
    """Letters made on an appeal: the day they were made as of, to whom, by whom, in what languages.

    The outbox tells what was made; whether it was sent, it cannot know.
    """

    code: str
    on: date
    recipient: str
    sender: str
    languages: tuple[str, ...]


def wrote_before(desk: Desk, appeal: Appeal) -> tuple[LettersMade, ...]:
    """Return what was made on older appeals of the case, and on those of the series that it follows."""
    return made_on(desk, before(appeal, desk.workspace.appeals))


def made_on(desk: Desk, appeals: Iterable[Appeal]) -> tuple[LettersMade, ...]:
    """Return the letters that lie in the outbox, by appeal; a manifest that cannot be read tells nothing."""
    outbox = Outbox(desk.workspace.root / "outbox")
    names = slugs(other.code for other in desk.workspace.appeals)
    found: dict[tuple[str, date, str, str], list[str]] = {}
    for appeal in appeals:
        try:
            manifest = outbox.manifest(names[appeal.code])
        except OutboxError:
            continue
        for document in manifest.documents if manifest is not None else ():
            if document.kind == "pdf" and document.recipient is not None:
                key = (str(appeal.code), document.on, document.recipient, document.sender or "")
                found.setdefault(key, []).append(document.language)
    return tuple(LettersMade(*key, tuple(sorted(languages))) for key, languages in found.items())
