"""Choose fixed wording: form of address by office, language and gender; close; numbers of notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from urgent_appeals.domain.directory import ByGender, FormOfAddress, Gender, Holder, Office, in_gender
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import (
    Block,
    Note,
    Paragraph,
    RequestGroup,
    note_labels,
    renumbered,
    renumbered_runs,
)
from urgent_appeals.domain.values import in_language


def kind_of(office: Office, holder: Holder | None, phrases: Phrases) -> str:
    """Return the kind under which the phrases hold the form of address.

    That is `body` where nobody is named; else the office's first tag that the phrases know, else `official`.
    """
    if holder is None:
        return "body"
    return next((tag for tag in office.tags if tag in phrases.letter.salutations), "official")


def salutation(office: Office, holder: Holder | None, phrases: Phrases) -> str | None:
    """Return the salutation by office, language and the holder's gender, or None where no wording fits.

    The directory's own form of address for the office goes before the phrases' rule for its kind. A wording
    with {title} or {name} that the directory does not give in the language gives way to the neutral one.
    """
    own = office.forms.get(phrases.language, FormOfAddress()).salutation
    usual = phrases.letter.salutations.get(kind_of(office, holder, phrases), {})
    return _said((own, usual), office, holder, phrases.language)


def close(office: Office, holder: Holder | None, phrases: Phrases) -> str | None:
    """Return the complimentary close by office, language and the holder's gender, or None where no wording fits.

    It is chosen as the salutation is, which it repeats in some languages; `default` closes what has none.
    """
    own = office.forms.get(phrases.language, FormOfAddress()).close
    closes = phrases.letter.closes
    usual = closes.get(kind_of(office, holder, phrases), {})
    return _said((own, usual, closes.get("default", {})), office, holder, phrases.language)


def number_notes(
    notes: Iterable[Note],
    *parts: tuple[Block, ...],
    requests: tuple[RequestGroup, ...] = (),
    requests_after: int = 0,
) -> tuple[tuple[Note, ...], tuple[tuple[Block, ...], ...], tuple[RequestGroup, ...]]:
    """Number the notes that a document calls, from 1 in reading order, and leave out those it does not call.

    The requests are read after the first `requests_after` parts, each group's headings first. Returns the
    notes, and the parts and requests with their marks renumbered; a note that is called twice keeps one
    number, and a mark inside a note is left out.
    """
    by_label = {note.label: note for note in notes}
    called: dict[str, str] = {}

    def call(labels: Iterable[str]) -> None:
        for label in labels:
            if label in by_label and label not in called:
                called[label] = str(len(called) + 1)

    for index in range(len(parts) + 1):
        if index == requests_after:
            for group in requests:
                call(_labels_in(group))
        if index < len(parts):
            call(note_labels(parts[index]))
    numbered = tuple(
        Note(label=number, blocks=renumbered(by_label[label].blocks, {})) for label, number in called.items()
    )
    return (
        numbered,
        tuple(renumbered(part, called) for part in parts),
        tuple(_renumbered_group(group, called) for group in requests),
    )


def _labels_in(group: RequestGroup) -> Iterator[str]:
    for heading in group.headings:
        yield from note_labels((Paragraph(runs=heading.runs),))
    yield from note_labels(group.introduction)
    for request in group.requests:
        yield from note_labels(request.blocks)


def _renumbered_group(group: RequestGroup, numbers: Mapping[str, str]) -> RequestGroup:
    headings = tuple(
        heading.model_copy(update={"runs": renumbered_runs(heading.runs, numbers)}) for heading in group.headings
    )
    requests = tuple(
        request.model_copy(update={"blocks": renumbered(request.blocks, numbers)}) for request in group.requests
    )
    return RequestGroup(headings=headings, introduction=renumbered(group.introduction, numbers), requests=requests)


def _said(tables: Iterable[ByGender], office: Office, holder: Holder | None, language: str) -> str | None:
    """Return the first wording that fits the holder's gender and has all it asks for, or None."""
    gender = holder.gender if holder is not None else Gender.UNKNOWN
    keys: tuple[Gender | Literal["*"], ...] = (gender, "*", Gender.UNKNOWN)
    fields = {
        "title": in_gender(office.title, language, gender),
        "name": in_language(holder.name, language) if holder is not None else None,
    }
    filled = (_filled(table.get(key), fields) for table in tables for key in keys)
    return next((words for words in filled if words is not None), None)


def _filled(words: str | None, fields: Mapping[str, str | None]) -> str | None:
    if words is None or any(f"{{{name}}}" in words and value is None for name, value in fields.items()):
        return None
    for name, value in fields.items():
        words = words.replace(f"{{{name}}}", value or "")
    return words
