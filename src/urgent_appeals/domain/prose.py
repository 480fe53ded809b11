"""Hold what an appeal says in one language: sections of blocks, requested actions, chronology and notes.

A tree, not Markdown: the workspace parses Markdown into it once, every renderer walks it. It holds no HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, assert_never

from pydantic import Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.values import PartialDate, Value


class Run(Value):
    """A stretch of text of one style; `link` is an http(s) or mailto address."""

    kind: Literal["text"] = "text"
    text: str
    strong: bool = False
    emphasis: bool = False
    link: str | None = None


class NoteMark(Value):
    """The place where a note is called; `label` names it among the notes of the language."""

    kind: Literal["note"] = "note"
    label: str


class LineBreak(Value):
    """A line break within a paragraph."""

    kind: Literal["break"] = "break"


Inline = Annotated[Run | NoteMark | LineBreak, Field(discriminator="kind")]


class Paragraph(Value):
    """A paragraph; `number` where the source numbers its paragraphs (004: restarts are kept)."""

    kind: Literal["paragraph"] = "paragraph"
    runs: tuple[Inline, ...]
    number: int | None = None


class Heading(Value):
    """A heading inside a section; level 1 is the highest there."""

    kind: Literal["heading"] = "heading"
    level: int
    runs: tuple[Inline, ...]


class Quotation(Value):
    """A quotation set apart."""

    kind: Literal["quotation"] = "quotation"
    blocks: tuple[Block, ...]


class Listing(Value):
    """A list; `start` is the first number as issued where it is ordered."""

    kind: Literal["list"] = "list"
    ordered: bool
    start: int = 1
    items: tuple[tuple[Block, ...], ...]


class Table(Value):
    """A table of figures; `head` is one row of cells."""

    kind: Literal["table"] = "table"
    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Annotated[Paragraph | Heading | Quotation | Listing | Table, Field(discriminator="kind")]


class Note(Value):
    """A footnote, of one or several paragraphs."""

    label: str
    blocks: tuple[Block, ...]


class Scope(Value):
    """To whom, about whom and under which theme something is said; an empty `to` means every recipient.

    `to` holds recipient ids, groups, directories or `directory#tag`.
    """

    to: tuple[str, ...] = ()
    person: str | None = None
    theme: str | None = None


class Request(Value):
    """One requested action, verbatim; `label` is its number as issued (`ii.`, `3.`; empty for a bullet)."""

    label: str
    blocks: tuple[Block, ...]
    scope: Scope = Scope()


class RequestHeading(Value):
    """A heading over requested actions: an addressee, a person or a theme."""

    level: int
    runs: tuple[Inline, ...]
    scope: Scope = Scope()


class RequestGroup(Value):
    """Requested actions that stand together under `headings` (outermost first), after an introduction."""

    headings: tuple[RequestHeading, ...] = ()
    introduction: tuple[Block, ...] = ()
    requests: tuple[Request, ...] = ()


class Occurrence(Value):
    """One entry of a chronology; `date` is None where the source gives only words, which are in `blocks`."""

    date: PartialDate | None
    blocks: tuple[Block, ...]


class LetterText(Value):
    """What the official reads, for the recipients of `scope`.

    `actions_at` is the index of the block before which the requested actions stand (None: after the last).
    """

    blocks: tuple[Block, ...]
    scope: Scope = Scope()
    actions_at: int | None = None


class Prose(Value):
    """All that an appeal says in one language, by section; an empty section is an empty tuple."""

    language: str
    title: str | None = None
    subject: str | None = None
    place_line: str | None = None
    letters: tuple[LetterText, ...] = ()
    summary: tuple[Block, ...] = ()
    new_information: tuple[Block, ...] = ()
    background: tuple[Block, ...] = ()
    chronology: tuple[Occurrence, ...] = ()
    requests: tuple[RequestGroup, ...] = ()
    remarks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    modified: SkipJsonSchema[float] = Field(default=0.0, exclude=True)
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)


def plain(runs: tuple[Inline, ...]) -> str:
    """Return the text of inlines without style; a line break becomes a blank, note marks vanish."""
    return "".join(run.text if isinstance(run, Run) else " " if isinstance(run, LineBreak) else "" for run in runs)


def note_labels(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Return the labels of the notes called in the blocks, in reading order, repeated as called."""
    found: list[str] = []
    for block in blocks:
        found += _labels_in(block)
    return tuple(found)


def text_of(blocks: tuple[Block, ...]) -> str:
    """Return the text of blocks on one line, without style, numbers or notes."""
    return " ".join(" ".join(_texts(blocks)).split())


def word_count(blocks: tuple[Block, ...]) -> int:
    """Return the number of words in the blocks, notes not counted."""
    return sum(len(words.split()) for words in _texts(blocks))


def headings_once(groups: Iterable[RequestGroup]) -> tuple[RequestGroup, ...]:
    """Return groups as a page says them: of its headings each has those that do not stand above it already."""
    said: tuple[RequestHeading, ...] = ()
    once = []
    for group in groups:
        same = 0
        while group.headings[same : same + 1] and group.headings[same] == next(iter(said[same : same + 1]), None):
            same += 1
        once.append(group.model_copy(update={"headings": group.headings[same:]}))
        said = group.headings
    return tuple(once)


def renumbered(blocks: tuple[Block, ...], numbers: Mapping[str, str]) -> tuple[Block, ...]:
    """Return the blocks with each note mark labelled by its number; a mark without one is left out."""
    return tuple(_renumbered_block(block, numbers) for block in blocks)


def renumbered_runs(runs: tuple[Inline, ...], numbers: Mapping[str, str]) -> tuple[Inline, ...]:
    """Return inlines with every note mark's label replaced by its number; a mark without one is left out."""
    return tuple(
        NoteMark(label=numbers[run.label]) if isinstance(run, NoteMark) else run
        for run in runs
        if not isinstance(run, NoteMark) or run.label in numbers
    )


def _renumbered_block(block: Block, numbers: Mapping[str, str]) -> Block:
    match block:
        case Paragraph() | Heading():
            return block.model_copy(update={"runs": renumbered_runs(block.runs, numbers)})
        case Quotation():
            return block.model_copy(update={"blocks": renumbered(block.blocks, numbers)})
        case Listing():
            items = tuple(renumbered(item, numbers) for item in block.items)
            return block.model_copy(update={"items": items})
        case Table():
            head = tuple(renumbered_runs(cell, numbers) for cell in block.head)
            rows = tuple(tuple(renumbered_runs(cell, numbers) for cell in row) for row in block.rows)
            return block.model_copy(update={"head": head, "rows": rows})
        case _:
            assert_never(block)


def _labels_in(block: Block) -> list[str]:
    match block:
        case Paragraph() | Heading():
            return [run.label for run in block.runs if isinstance(run, NoteMark)]
        case Quotation():
            return list(note_labels(block.blocks))
        case Listing():
            return [label for item in block.items for label in note_labels(item)]
        case Table():
            cells = [*block.head, *(cell for row in block.rows for cell in row)]
            return [run.label for cell in cells for run in cell if isinstance(run, NoteMark)]
        case _:
            assert_never(block)


def _texts(blocks: tuple[Block, ...]) -> list[str]:
    texts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                texts.append(plain(block.runs))
            case Quotation():
                texts += _texts(block.blocks)
            case Listing():
                texts += [text for item in block.items for text in _texts(item)]
            case Table():
                texts += [plain(cell) for row in (block.head, *block.rows) for cell in row]
            case _:
                assert_never(block)
    return texts
