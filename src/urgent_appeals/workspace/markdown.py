"""Read what an appeal says in one language, from Markdown, into `Prose`.

CommonMark with tables and footnotes (markdown-it-py, mdit-py-plugins); HTML is text like any other, and
indentation makes no code. Sections go by their `##` headings, which are English in every language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from pydantic import ValidationError

from urgent_appeals.domain.problem import Origin, Path, Problem
from urgent_appeals.domain.prose import Block, LetterText, Note, Occurrence, Prose, Scope
from urgent_appeals.domain.values import PartialDate
from urgent_appeals.workspace.blocks import BlockReader, parts
from urgent_appeals.workspace.requested_actions import read_requests
from urgent_appeals.workspace.scope import take_scope
from urgent_appeals.workspace.source_text import Source, decode, refused_entities
from urgent_appeals.workspace.validation import closest

DEEPEST = 16
"""The most levels of lists and quotations within each other, an item and its list counted apart."""
_PARSER_STOPS_AT = 30
"""Where the parser drops what is deeper; well above `DEEPEST`, so that nothing is dropped unseen."""

SECTIONS = {
    "subject": "subject",
    "letter": "letters",
    "summary": "summary",
    "new information": "new_information",
    "background": "background",
    "chronology": "chronology",
    "actions requested": "requests",
    "remarks": "remarks",
    "place line": "place_line",
}
"""The headings, in small letters, and the field of `Prose` that each fills."""

_MARKUP = re.compile(r"[\n\\`*_\[!<&]")
_BRACED = re.compile(r"\{\s*[A-Za-z_ ]+\}")
_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?::|[ \u00a0][—–-])\s*")


class _AnyLink(MarkdownIt):
    """Takes every link for a link, to report those that are refused: the parser would print them as text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # the parser's name
        return True


def _inline(state: StateCore) -> None:
    """Read inline tokens as the parser's own rule does, but at once where no character begins any markup."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if _MARKUP.search(token.content):
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        elif token.content:
            token.children.append(Token("text", "", 0, content=token.content))


@dataclass(frozen=True)
class _Section:
    """A `##` heading with the tokens below it."""

    field: str
    name: str
    line: int
    scope: Scope
    tokens: Sequence[Token]


class MarkdownReader:
    """Reads prose; one object serves a whole run, for a parser takes as long to set up as a page to read."""

    def __init__(self) -> None:
        self._parser = _AnyLink("commonmark", {"html": False, "maxNesting": _PARSER_STOPS_AT})
        self._parser.enable("table").disable(["code", "lheading", "html_block", "html_inline"])
        self._parser.core.ruler.at("inline", _inline)
        footnote_plugin(self._parser, inline=False, move_to_end=False, always_match_refs=True)

    def read(
        self, data: bytes, file: str, language: str, *, numbering: str = "roman", modified: float = 0.0
    ) -> tuple[Prose, tuple[Problem, ...]]:
        """Return the prose in the bytes of a file, and what is wrong with it."""
        text, problems = decode(data, file)
        source = Source(file, text, problems)
        source.problems += refused_entities(text, file)
        tokens = self._parser.parse(text)
        deep = next((token for token in tokens if token.level > DEEPEST and token.map), None)
        if deep is not None and deep.map:
            source.report((deep.map[0] + 1, 1), "lists and quotations stand too deep within each other")
            tokens = []
        reading = _Reading(source, numbering)
        fields = reading.read(tokens)
        origin = Origin(file, text, reading.marks)
        return Prose(language=language, modified=modified, origin=origin, **fields), tuple(source.problems)


class _Reading:
    """The reading of one file."""

    def __init__(self, source: Source, numbering: str) -> None:
        self.source = source
        self.reader = BlockReader(source)
        self.numbering = numbering
        self.marks: dict[Path, tuple[int, int]] = {}
        self.title: str | None = None

    def read(self, tokens: Sequence[Token]) -> dict[str, Any]:
        """Return the fields of `Prose`; `marks` are then the places of its parts."""
        definitions, tokens = _definitions(tokens)
        fields: dict[str, Any] = {}
        letters: list[LetterText] = []
        for section in self._sections(tokens):
            place = section.line + 1, 1
            if section.field == "letters":
                self.marks[("letters", len(letters))] = place
                self.marks.setdefault(("letters",), place)
                letters.append(self._letter(section, letters))
                continue
            if section.field in fields:
                self.source.report(place, f"the section '{section.name}' stands here twice", "join the two")
                continue
            if section.scope != Scope():
                self.source.report(place, "braces stand only after `## Letter`, and in `## Actions requested`")
            self.marks[(section.field,)] = place
            fields[section.field] = self._content(section)
        notes = self._notes(definitions)
        return fields | {"letters": tuple(letters), "notes": notes, "title": self.title}

    def _sections(self, tokens: Sequence[Token]) -> list[_Section]:
        sections: list[_Section] = []
        starts = [
            at
            for at, token in enumerate(tokens)
            if token.tag in ("h1", "h2") and token.nesting == 1 and token.level == 0
        ]
        if tokens and (not starts or starts[0] > 0):
            self._report_at(
                tokens[0],
                "this text stands before the first heading",
                "put it under a heading such as ## Background",
            )
        for start, end in pairwise([*starts, len(tokens)]):
            heading, inline, inside = tokens[start], tokens[start + 1], tokens[start + 3 : end]
            if heading.tag == "h1":
                self._title(heading, inline, inside, first=start == 0)
            else:
                section = self._section(heading, inline, inside)
                sections += [section] if section else []
        return sections

    def _title(self, heading: Token, inline: Token, inside: Sequence[Token], *, first: bool) -> None:
        if not first:
            self._report_at(heading, "a title (#) stands in the first line only", "begin a section with ##")
        elif inside:
            self._report_at(
                inside[0],
                "this text stands before the first section",
                "put it under a heading such as ## Background",
            )
        if first:
            self.title = self.reader.plain_line(inline) or None
            self.marks[("title",)] = ((heading.map or [0])[0] + 1, 1)

    def _section(self, heading: Token, inline: Token, inside: Sequence[Token]) -> _Section | None:
        scope = take_scope(inline, self.source)
        name = self.reader.plain_line(inline)
        field = SECTIONS.get(name.casefold())
        line = (heading.map or [0])[0]
        if field is None:
            known = [known.capitalize() for known in SECTIONS]
            hint = closest(name, known) or f"known are {', '.join(known)}"
            self.source.report((line + 1, 4), f"unknown section '{name}'" if name else "a section has no name", hint)
            return None
        if not inside:
            self.source.warn((line + 1, 1), f"nothing stands under '{name}'")
        return _Section(field, name, line, scope, inside)

    def _content(self, section: _Section) -> object:
        match section.field:
            case "subject" | "place_line":
                return self._line(section)
            case "chronology":
                return self._chronology(section.tokens)
            case "requests":
                return read_requests(section.tokens, self.reader, self.numbering, self.marks)
        return self.reader.blocks(section.tokens)

    def _letter(self, section: _Section, before: Sequence[LetterText]) -> LetterText:
        if any(set(letter.scope.to) == set(section.scope.to) for letter in before):
            self.source.report((section.line + 1, 1), "another `## Letter` is for the same recipients", "join the two")
        blocks: list[Block] = []
        actions_at: int | None = None
        for token, inside in parts(section.tokens):
            if token.type == "paragraph_open" and inside[0].content.strip() == "{actions}":
                if actions_at is not None:
                    self._report_at(token, "{actions} stands here twice")
                actions_at = len(blocks)
            else:
                self._report_braces(token, inside)
                blocks += self.reader.blocks(_whole(token, inside))
        return LetterText(blocks=tuple(blocks), scope=section.scope, actions_at=actions_at)

    def _report_braces(self, token: Token, inside: Sequence[Token]) -> None:
        """Report what was meant to be {actions}: a letter would print it."""
        text = inside[0].content.strip() if token.type == "paragraph_open" else ""
        if _BRACED.fullmatch(text):
            self._report_at(token, f"{text} means nothing here", "did you mean {actions}?")

    def _line(self, section: _Section) -> str | None:
        found = parts(section.tokens)
        if not found:
            return None
        if len(found) > 1 or found[0][0].type != "paragraph_open":
            self._report_at(found[-1][0], f"'{section.name}' should be one line of text")
            return None
        return self.reader.plain_line(found[0][1][0]) or None

    def _chronology(self, tokens: Sequence[Token]) -> tuple[Occurrence, ...]:
        found: list[Occurrence] = []
        for token, inside in parts(tokens):
            if token.type not in ("bullet_list_open", "ordered_list_open"):
                self._report_at(
                    token,
                    "a chronology is a list: an item begins with its date",
                    "such as - 2002-08-14: he was released",
                )
                continue
            for item, content in parts(inside):
                self.marks[("chronology", len(found))] = ((item.map or [0])[0] + 1, 1)
                date = self._date(content)
                found.append(Occurrence(date=date, blocks=self.reader.blocks(content)))
        return tuple(found)

    def _date(self, content: Sequence[Token]) -> PartialDate | None:
        """Take the date off the beginning of an item."""
        inline = content[1] if len(content) > 1 and content[0].type == "paragraph_open" else None
        first = inline.children[0] if inline is not None and inline.children else None
        match = _DATE.match(first.content) if first is not None and first.type == "text" else None
        if inline is None or first is None or match is None:
            return None
        try:
            date = PartialDate.model_validate(match[1])
        except ValidationError:
            self.reader.report(inline, match[1], f"{match[1]} is no date of the calendar")
            return None
        first.content = first.content[match.end() :]
        return date

    def _notes(self, definitions: Sequence[tuple[Token, Sequence[Token]]]) -> tuple[Note, ...]:
        notes: dict[str, Note] = {}
        places: dict[str, tuple[int, int]] = {}
        for token, inside in definitions:
            label = token.meta["label"]
            place = self.source.find(f"[^{label}]:", *(token.map or (0, 1)))
            if label in notes:
                self.source.report(
                    place, f"the note [^{label}] is defined twice", f"the first is in line {places[label][0]}"
                )
                continue
            places[label] = place
            self.marks[("notes", len(notes))] = place
            notes[label] = Note(label=label, blocks=self.reader.blocks(inside))
        for label, place in self.reader.called.items():
            if label not in notes:
                hint = closest(label, notes) if notes else None
                self.source.report(
                    place, f"the note [^{label}] is not defined", hint or f"write [^{label}]: and its text"
                )
        for label, place in places.items():
            if label not in self.reader.called:
                self.source.warn(place, f"the note [^{label}] is called nowhere, and is not printed")
        return tuple(notes.values())

    def _report_at(self, token: Token, message: str, hint: str | None = None) -> None:
        self.source.report(((token.map or [0])[0] + 1, 1), message, hint)


def _definitions(tokens: Sequence[Token]) -> tuple[list[tuple[Token, Sequence[Token]]], list[Token]]:
    """Return the definitions of notes, wherever they stand, with their tokens; and all other tokens."""
    definitions: list[tuple[Token, list[Token]]] = []
    rest: list[Token] = []
    open_ones: list[list[Token]] = [rest]
    for token in tokens:
        if token.type == "footnote_reference_open":
            inside: list[Token] = []
            definitions.append((token, inside))
            open_ones.append(inside)
        elif token.type == "footnote_reference_close":
            open_ones.pop()
        else:
            open_ones[-1].append(token)
    return [(token, inside) for token, inside in definitions], rest


def _whole(token: Token, inside: Sequence[Token]) -> list[Token]:
    if token.nesting != 1:
        return [token]
    return [token, *inside, Token(token.type.replace("_open", "_close"), token.tag, -1, level=token.level)]
