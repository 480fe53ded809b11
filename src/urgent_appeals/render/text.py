"""Set a letter as plain text: for email, web forms and mail links, and for whoever reads no PDF."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.prose import (
    Block,
    Heading,
    Inline,
    LineBreak,
    Listing,
    NoteMark,
    Paragraph,
    Quotation,
    RequestGroup,
    Run,
    Table,
)
from urgent_appeals.errors import RenderError
from urgent_appeals.render.digits import in_digits, numbers_in_digits
from urgent_appeals.render.punctuation import labelled, marks

_BLANKS = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's categories Cc and Cs
_NARROWEST = 20
_QUOTATION_INDENT = 4
_NUMBER_AND_WORD = re.compile(r"(?<=\d) (?=\w)")
_GLUE = "\ue000"  # of private use: stands for a blank at which no line ends, until the lines are made


def letter_text(letter: Letter, width: int | None = 72) -> str:
    """Return the whole letter: subject with the code, then what `message_text` says; lines of at most `width`
    characters.

    With width None each paragraph is one line, for web forms, which wrap by themselves. Raises RenderError
    for control characters in the letter.
    """
    setting = _Setting(letter, width)
    code = str(letter.code)
    # Most subjects begin with the code; then a line of its own would only repeat it.
    reference = [] if code in letter.subject else [labelled(letter.phrases.letter.appeal_code, code, letter.language)]
    return _joined([*map(setting.filled, (*reference, letter.subject)), *_message(letter, setting)])


def message_text(letter: Letter, width: int | None = 72) -> str:
    """Return the letter from the salutation on, for a message that has its subject line elsewhere."""
    return _joined(_message(letter, _Setting(letter, width)))


def summary_text(letter: Letter) -> str:
    """Return the short form for mail links: salutation, summary, request for reply with the code, close and
    name.
    """
    setting = _Setting(letter, None, marks=False)
    closing = [letter.request_for_reply, letter.close, letter.signatory.name]
    return _joined([setting.filled(letter.salutation), *setting.blocks(letter.summary), *map(setting.filled, closing)])


def _message(letter: Letter, setting: _Setting) -> list[str]:
    signatory = letter.signatory
    signed = (signatory.name, signatory.role, signatory.organisation)
    names = marks(letter.language).semicolon.join(letter.copies)
    copies = [labelled(letter.phrases.letter.copy_to, names, letter.language)] if names else []
    return [
        setting.filled(letter.salutation),
        *setting.blocks(letter.before),
        *([setting.filled(letter.lead_in)] if letter.lead_in else []),
        *(part for group in letter.requests for part in setting.group(group)),
        *setting.blocks(letter.after),
        setting.filled(letter.request_for_reply),
        setting.filled(letter.close),
        "\n".join(
            [
                *(setting.filled(line) for line in signed if line),
                *(setting.filled(line, verbatim=True) for line in signatory.address),
            ]
        ),
        *map(setting.filled, copies),
        *(setting.hanging(setting.number(f"[{note.label}]"), note.blocks) for note in letter.notes),
    ]


@dataclass(frozen=True)
class _Setting:
    """How text is set: of which letter, how wide (None: paragraphs are lines), with or without marks of
    notes.
    """

    letter: Letter
    width: int | None
    marks: bool = True

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        """Return each block as text, a list as one text where its items are short."""
        return [text for block in blocks if (text := self._block(block)).strip()]

    def group(self, group: RequestGroup) -> list[str]:
        """Return headings, introduction and requested actions, numbered as issued."""
        headings = [self.words(heading.runs) for heading in group.headings]
        labels = [self.number(request.label) or "-" for request in group.requests]
        listed = self._list(labels, [request.blocks for request in group.requests])
        return [part for part in (*headings, *self.blocks(group.introduction), listed) if part]

    def hanging(self, label: str, blocks: Iterable[Block], room: int | None = None) -> str:
        """Return blocks beside a label, which has the lines that follow indented as far as `room`."""
        room = room or len(label) + 1
        indent = " " * room if self.width is not None else ""
        lines = "\n\n".join(self._narrower(room).blocks(blocks)).split("\n")
        first = f"{label.ljust(room) if indent else f'{label} '}{lines[0]}".rstrip()
        return "\n".join([first, *(f"{indent}{line}" if line else "" for line in lines[1:])])

    def words(self, runs: Sequence[Inline]) -> str:
        """Return inlines as text: where a link leads stands after its words, a mark is a number in
        brackets.
        """
        pieces = []
        for link, linked in groupby(runs, key=lambda run: run.link if isinstance(run, Run) else None):
            words = "".join(map(self._inline, linked))
            leads_to = link.removeprefix("mailto:") if link else None
            pieces.append(f"{words} ({leads_to})" if leads_to and leads_to not in words else words)
        return self.filled("".join(pieces))

    def number(self, label: str) -> str:
        """Return a number or a label in the digits of the letter's language."""
        return in_digits(label, self.letter.language)

    def filled(self, text: str, *, verbatim: bool = False) -> str:
        """Return a paragraph in lines; the code is never parted, and of what is verbatim digits stay as they are.

        A line break stays, other control characters may not.
        """
        self._refuse_controls(text)
        if not verbatim:
            text = numbers_in_digits(text, self.letter.language, (str(self.letter.code),))
        lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
        if self.width is None:
            return "\n".join(lines)
        code = str(self.letter.code)
        glued = (line.replace(code, code.replace(" ", _GLUE)) for line in lines)
        wrapped = (self._wrapped(_NUMBER_AND_WORD.sub(_GLUE, line)) for line in glued)
        return "\n".join(wrapped).replace(_GLUE, " ")

    def _wrapped(self, line: str) -> str:
        width = max(self.width or 0, _NARROWEST)
        return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(number=None) | Heading():
                return self.words(block.runs)
            case Paragraph():
                return self.hanging(self.number(f"{block.number}."), (block.model_copy(update={"number": None}),))
            case Quotation():
                return self._indented("\n\n".join(self._narrower(_QUOTATION_INDENT).blocks(block.blocks)))
            case Listing():
                labels = [self.number(f"{block.start + n}.") if block.ordered else "-" for n in range(len(block.items))]
                return self._list(labels, block.items)
            case Table():
                return "\n".join(self._row(block.head, row) for row in block.rows)

    def _list(self, labels: Sequence[str], items: Sequence[Sequence[Block]]) -> str:
        room = max(map(len, labels), default=0) + 1
        is_tight = all(len(blocks) == 1 for blocks in items)
        texts = (self.hanging(label, blocks, room) for label, blocks in zip(labels, items, strict=True))
        return ("\n" if is_tight else "\n\n").join(texts)

    def _row(self, head: Sequence[Sequence[Inline]], row: Sequence[Sequence[Inline]]) -> str:
        # A row read aloud: columns would not survive a proportional font, nor a narrow screen.
        wide = replace(self, width=None)
        names = [wide.words(cell) for cell in head] + [""] * len(row)
        cells = [(name, wide.words(cell)) for name, cell in zip(names, row, strict=False)]
        return self.filled("; ".join(f"{name}: {cell}" if name else cell for name, cell in cells if cell))

    def _inline(self, run: Inline) -> str:
        match run:
            case Run():
                self._refuse_controls(run.text)
                return _BLANKS.sub(" ", run.text)
            case NoteMark():
                return f"[{run.label}]" if self.marks else ""
            case LineBreak():
                return "\n"

    def _refuse_controls(self, text: str) -> None:
        found = _CONTROL.search(_BLANKS.sub(" ", text))
        if found is not None:
            raise RenderError(self.letter.item, f"the text holds a control character, U+{ord(found[0]):04X}")

    def _narrower(self, by: int) -> _Setting:
        return self if self.width is None else replace(self, width=max(self.width - by, _NARROWEST))

    @staticmethod
    def _indented(text: str) -> str:
        return textwrap.indent(text, " " * _QUOTATION_INDENT)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
