"""Turn blocks of prose into HTML: for pages, with notes at the foot, and for mail, with notes at the end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from markupsafe import escape

from urgent_appeals.domain.prose import (
    Block,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Note,
    NoteMark,
    Paragraph,
    Quotation,
    Run,
    Table,
)
from urgent_appeals.render import bidi
from urgent_appeals.render.digits import in_digits
from urgent_appeals.render.punctuation import spaced

DEEPEST = 6
MAIL_PARAGRAPH = "margin: 0 0 0.75em"
MAIL_CELL = "padding: 0 1.2em 0.2em 0; text-align: left; vertical-align: top"
_TIED = re.compile(
    r"\b(?:[АВИКОСУЯавикосуя]|Mr|Mrs|Ms|Dr)\b (?=\S)| (?=[—–](?: |$))|(?<![\w.,/])\d{1,2} (?=[^\W\d]{3})"
)
"""Where no line of print ends: after a word of one letter, a title, the day before its month, and before a dash."""
_SHORT_COMPOUND = re.compile(r"\b(?:[а-яё]{1,3}-[а-яё]{1,4}|(?:ci|là)-[a-zà-ÿ]{1,6})\b")
_WHOLE = re.compile(r"\S*(?:://|@)\S*|[-+0-9 ()/\u00a0\u202f]+")
"""Addresses of the net and numbers: one piece in a line that runs the other way."""
_HYPHENATED = 8
"""Words of so many letters may be parted (the style sheets say so), but not the last of a paragraph."""
LONGEST_HELD = 60
"""The longest name or address, in characters, that is kept from breaking across lines."""


class Writer:
    """Write the HTML of one document; knows which notes were called so far and under which heading it stands.

    For pages a note is written where it is first called, and floats to the foot; it holds no paragraphs there but
    spans, because a paragraph within a paragraph is no HTML. For mail its number stands there, and `notes_called`
    gives the notes for the end.
    """

    def __init__(
        self,
        codes: Sequence[str],
        notes: Sequence[Note],
        medium: Literal["page", "mail"] = "page",
        direction: bidi.Direction = "ltr",
        language: str = "",
    ) -> None:
        longest_first = sorted(set(codes), key=len, reverse=True)
        self._code = re.compile("|".join(_pattern(code) for code in longest_first))
        self._written_code = re.compile("|".join(r"\s+".join(map(re.escape, code.split())) for code in longest_first))
        self._notes = {note.label: note for note in notes}
        self._medium = medium
        self._direction = direction
        self._language = language
        self._blanks_of = language if medium == "page" else ""
        self._paragraph = "<p>" if medium == "page" else f'<p style="{MAIL_PARAGRAPH}">'
        self._called: list[str] = []
        self._level = 1

    def text(self, text: str) -> str:
        """Return a text escaped, composed (NFC), and with the codes held together, each on one line."""
        text = self._spaced(unicodedata.normalize("NFC", text))
        if self._direction == "rtl":
            return self._isolated(text, self._language)
        escaped = str(escape(_TIED.sub(lambda match: match[0].replace(" ", "\xa0"), text)))
        if self._medium == "page":
            escaped = _SHORT_COMPOUND.sub(lambda match: f'<span class="held">{match[0]}</span>', escaped)
        together = 'class="code"' if self._medium == "page" else 'style="white-space: nowrap"'
        return self._code.sub(lambda match: f"<span {together}>{match[0]}</span>", escaped)

    def line(self, text: str) -> dict[str, str] | str:
        """Return a text for templates: as it is, or as markup where parts of it run the other way."""
        return {"html": self.text(text)} if self._direction == "rtl" else self._spaced(text)

    def verbatim(self, text: str) -> dict[str, str] | str:
        """Return a line of an address, as `line` does, but with its digits as the directory has them."""
        if self._direction == "ltr":
            return self._spaced(text)
        return {"html": self._isolated(unicodedata.normalize("NFC", text), "")}

    def number(self, text: str) -> str:
        """Return a number, or a label such as `3.`, in the digits of the language."""
        return in_digits(text, self._language)

    def whole(self, text: str) -> str:
        """Return a number or an address of the net as one piece, which is broken only where it is wider than a line."""
        if self._direction == "rtl" and bidi.direction(text) == "ltr":
            return f'<bdi dir="ltr" class="latin url">{escape(text)}</bdi>'
        return f'<span class="url">{escape(text)}</span>'

    def held(self, text: str, names: Iterable[str]) -> str:
        """Return a text with these names, too, held together on one line."""
        written = self.text(text)
        for name in sorted(set(names), key=len, reverse=True):
            shown = self.text(name)
            if len(name) <= LONGEST_HELD and "<" not in shown:
                written = written.replace(shown, f'<span class="held">{shown}</span>', 1)
        return written

    def heading(self, level: int, runs: Sequence[Inline]) -> str:
        """Return a heading, no deeper than one level below the one before (PDF/UA-1, 7.4.2)."""
        self._level = min(level, self._level + 1, DEEPEST)
        return f"<h{self._level}>{self.runs(runs)}</h{self._level}>"

    def under(self, level: int) -> None:
        """Say that the template itself writes a heading of that level next."""
        self._level = level

    def blocks(self, blocks: Iterable[Block], base: int = 1) -> str:
        """Return blocks; their headings of level 1 come one level below `base`."""
        return "\n".join(self._block(block, base) for block in blocks)

    def runs(self, runs: Iterable[Inline]) -> str:
        """Return inlines."""
        return "".join(self._inline(run) for run in runs)

    @property
    def notes_called(self) -> list[str]:
        """The notes called so far, each as HTML, in the order of their numbers."""
        return [self._note_body(label) for label in self._called]

    def _spaced(self, text: str) -> str:
        """Return a text with the blanks of its language, codes as they are."""
        codes = [code for code in self._written_code.findall(text) if code]
        parts = self._written_code.split(text) if codes else [text]
        spaces = [spaced(part, self._blanks_of) for part in parts]
        return "".join(part + code for part, code in zip(spaces, [*codes, ""], strict=True))

    def _isolated(self, text: str, language: str) -> str:
        """Return a text that runs from right to left, escaped, what runs the other way marked as one piece.

        Other numbers are in the digits of the language.
        """
        on_page = self._medium == "page"
        parts = []
        for part, ltr in bidi.pieces(text, [code for code in self._written_code.findall(text) if code]):
            kind = "code" if self._written_code.fullmatch(part) else "latin url" if _WHOLE.fullmatch(part) else "latin"
            style = f'class="{kind}"' if on_page else 'style="white-space: nowrap"' if kind == "code" else ""
            own = escape(part if ltr else in_digits(part, language))
            parts.append(f'<bdi dir="ltr"{" " if style else ""}{style}>{own}</bdi>' if ltr else own)
        return "".join(parts)

    def _block(self, block: Block, base: int) -> str:
        match block:
            case Paragraph(number=None):
                return f"{self._paragraph}{self._to_the_end(block.runs)}</p>"
            case Paragraph():
                return self._numbered(block)
            case Heading():
                return self.heading(base + block.level, block.runs)
            case Quotation():
                return f"<blockquote>{self.blocks(block.blocks, base)}</blockquote>"
            case Listing():
                return self._listing(block, base)
            case Table():
                return self._table(block)

    def _numbered(self, block: Paragraph) -> str:
        if self._medium == "mail":
            return f"{self._paragraph}{self.number(f'{block.number}.')} {self.runs(block.runs)}</p>"
        number = f'<span class="number">{self.number(f"{block.number}.")}</span>'
        return f'<p class="numbered">{number} {self._to_the_end(block.runs)}</p>'

    def _to_the_end(self, runs: Sequence[Inline]) -> str:
        """Return the inlines of a paragraph, whose last word is whole: half a word is no line."""
        at = next((at for at in reversed(range(len(runs))) if isinstance(runs[at], Run)), None)
        last = None if at is None or self._medium == "mail" else runs[at]
        if not isinstance(last, Run) or last.link or at is None:
            return self.runs(runs)
        head, blank, tail = last.text.rstrip().rpartition(" ")
        if not re.fullmatch(rf"[^\W\d]{{{_HYPHENATED},}}[^\w\s]*", tail):
            return self.runs(runs)
        before = (*runs[:at], last.model_copy(update={"text": head + blank}))
        whole = self.runs([last.model_copy(update={"text": tail})])
        return f'{self.runs(before)}<span class="whole">{whole}</span>{self.runs(runs[at + 1 :])}'

    def _listing(self, block: Listing, base: int) -> str:
        items = "\n".join(f"<li>{self.blocks(item, base)}</li>" for item in block.items)
        if not block.ordered:
            return f"<ul>{items}</ul>"
        start = f' start="{block.start}"' if block.start != 1 else ""
        if start and self._medium == "page":  # WeasyPrint does not know the attribute.
            start += f' style="counter-reset: list-item {block.start - 1}"'
        return f"<ol{start}>{items}</ol>"

    def _table(self, block: Table) -> str:
        style = f' style="{MAIL_CELL}"' if self._medium == "mail" else ""
        head = "".join(f'<th scope="col"{style}>{self.runs(cell)}</th>' for cell in block.head)
        rows = ("".join(f"<td{style}>{self.runs(cell)}</td>" for cell in row) for row in block.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        header = f"<thead><tr>{head}</tr></thead>" if head else ""
        style = f' style="{MAIL_PARAGRAPH}"' if self._medium == "mail" else ""
        return f"<table{style}>{header}<tbody>{body}</tbody></table>"

    def _inline(self, run: Inline) -> str:
        match run:
            case LineBreak():
                return "<br>"
            case NoteMark():
                return self._mark(run.label)
            case Run():
                html = self.text(run.text)
                html = f"<em>{html}</em>" if run.emphasis else html
                html = f"<strong>{html}</strong>" if run.strong else html
                return f'<a href="{escape(run.link)}">{html}</a>' if run.link else html

    def _mark(self, label: str) -> str:
        if label not in self._notes:
            return ""
        again = label in self._called
        if not again:
            self._called.append(label)
        number = self.number(str(self._called.index(label) + 1))
        if self._medium == "mail":
            return f'<sup style="line-height: 0">{number}</sup>'
        if again:
            return f'<sup class="call">{number}</sup>'
        return f'<span class="note">{self._note_body(label)}</span>'

    def _note_body(self, label: str) -> str:
        parts = self._note_parts(self._notes[label].blocks)
        if self._medium == "mail":
            return "<br>".join(parts)
        return "".join(f'<span class="note-part">{part}</span>' for part in parts)

    def _note_parts(self, blocks: Iterable[Block]) -> list[str]:
        parts: list[str] = []
        for block in blocks:
            match block:
                case Paragraph() | Heading():
                    parts.append(self.runs(run for run in block.runs if not isinstance(run, NoteMark)))
                case Quotation():
                    parts += self._note_parts(block.blocks)
                case Listing():
                    parts += [f"– {part}" for item in block.items for part in self._note_parts(item)]
                case Table():
                    rows = [row for row in (block.head, *block.rows) if row]
                    parts += [" · ".join(self.runs(cell) for cell in row) for row in rows]
        return parts


def isolated(data: Mapping[str, Any], write: Writer) -> dict[str, Any]:
    """Return data for templates with every text as a line of the writer's; alternative texts are for attributes."""
    kept = ("html", "marker", "alternative")
    return {key: each if key in kept else _lines(each, write) for key, each in data.items()}


def _lines(value: Any, write: Writer) -> Any:
    if isinstance(value, str):
        return write.line(value)
    if isinstance(value, Mapping):
        return isolated(value, write)
    return [_lines(each, write) for each in value] if isinstance(value, (list, tuple)) else value


def _pattern(code: str) -> str:
    return r"\s+".join(re.escape(str(escape(part))) for part in code.split())
