"""Turn the tokens of a Markdown parser into the blocks and runs of the domain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from urgent_appeals.domain.prose import (
    Block,
    Heading,
    Inline,
    LineBreak,
    Listing,
    NoteMark,
    Paragraph,
    Quotation,
    Run,
    Table,
)
from urgent_appeals.workspace.source_text import Source

_NUMBER = re.compile(r"\[(\d{1,6})\][ \t\n]+")
_LINK = re.compile(r"https?://[^/]|mailto:[^/]", re.IGNORECASE)
# What would be printed as it stands, but was certainly meant otherwise.
_LEFT_OVER = re.compile(r"\{[ \t]*(?:to|person|theme)\b|\{actions\}|\[\^")
_LEFT_OVER_MESSAGES = {
    "{a": ("{actions} stands alone in a paragraph of `## Letter`", "put an empty line before and after it"),
    "[^": ("a note is called by a name without blanks, such as [^1]", "take the blanks out"),
}
_SCOPE_MESSAGE = (
    "such braces stand only at the end of a `## Letter` heading, or of a heading or item of requests",
    None,
)


class BlockReader:
    """Reads blocks out of the tokens of one file; `called` has the place of each note's first call."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.called: dict[str, tuple[int, int]] = {}

    def blocks(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        """Return the blocks of a run of whole tokens (each opening one with its closing one)."""
        found: list[Block] = []
        at = 0
        while at < len(tokens):
            end = end_of(tokens, at)
            block = self._block(tokens[at], tokens[at + 1 : end])
            if block is not None:
                found.append(block)
            at = end + 1
        return tuple(found)

    def runs(self, inline: Token) -> tuple[Inline, ...]:
        """Return the runs of an inline token; neighbours of one style are joined."""
        children = inline.children or []
        if len(children) == 1 and children[0].type == "text":
            return (Run(text=self._text(children[0].content, inline)),)
        return _Runs(self, inline).read(children)

    def plain_line(self, inline: Token) -> str:
        """Return an inline token as one line of plain text; a note cannot be called there."""
        words = []
        for run in self.runs(inline):
            if isinstance(run, NoteMark):
                self.report(inline, f"[^{run.label}]", "a note cannot be called here")
            words.append(run.text if isinstance(run, Run) else " ")
        return " ".join("".join(words).split())

    def report(self, token: Token, written: str, message: str, hint: str | None = None) -> None:
        """Report a problem at the place where something is written in a token's lines."""
        self.source.report(self.source.find(written, *(token.map or (0, 1))), message, hint)

    def _block(self, token: Token, inside: Sequence[Token]) -> Block | None:
        match token.type:
            case "paragraph_open":
                block: Block | None = self._paragraph(inside[0])
            case "heading_open":
                block = Heading(level=max(1, int(token.tag[1]) - 2), runs=self.runs(inside[0]))
            case "bullet_list_open" | "ordered_list_open":
                block = self._listing(token, inside)
            case "blockquote_open":
                block = Quotation(blocks=self.blocks(inside))
            case "table_open":
                block = self._table(inside)
            case "fence":
                block = _lines(token.content)
            case _:
                block = None  # of the parser's blocks only the thematic break is left
                self.report(token, "", "a line across the page is not printed", "take it out")
        return block

    def _listing(self, token: Token, inside: Sequence[Token]) -> Listing:
        items = tuple(self.blocks(content) for _, content in parts(inside))
        ordered = token.type == "ordered_list_open"
        return Listing(ordered=ordered, start=int(token.attrs.get("start", 1)), items=items)

    def _paragraph(self, inline: Token) -> Paragraph:
        runs = self.runs(inline)
        first = runs[0] if runs else None
        if isinstance(first, Run) and first.text.startswith("[") and (match := _NUMBER.match(first.text)):
            rest = first.text[match.end() :]
            runs = (first.model_copy(update={"text": rest}), *runs[1:]) if rest else runs[1:]
            return Paragraph(runs=runs, number=int(match[1]))
        return Paragraph(runs=runs)

    def _table(self, tokens: Sequence[Token]) -> Table:
        rows = [
            tuple(self.runs(cell[0]) for _, cell in parts(row))
            for _, section in parts(tokens)
            for _, row in parts(section)
        ]
        return Table(head=rows[0], rows=tuple(rows[1:]))

    def _text(self, text: str, inline: Token) -> str:
        if ("{" in text or "[" in text) and (match := _LEFT_OVER.search(text)):
            message, hint = _LEFT_OVER_MESSAGES.get(match[0][:2], _SCOPE_MESSAGE)
            self.report(inline, match[0], message, hint)
        return text


class _Runs:
    """Collects the runs of one inline token."""

    def __init__(self, reader: BlockReader, inline: Token) -> None:
        self._reader = reader
        self._inline = inline
        self._found: list[Inline] = []
        self._words: list[str] = []
        self._strong = self._emphasis = 0
        self._link: str | None = None

    def read(self, children: Sequence[Token]) -> tuple[Inline, ...]:
        for child in children:
            self._take(child)
        self._flush()
        return tuple(self._found)

    def _take(self, child: Token) -> None:
        kind = child.type
        if kind == "text":
            self._words.append(self._reader._text(child.content, self._inline))  # noqa: SLF001
        elif kind == "softbreak":
            self._words.append(" ")
        elif kind == "code_inline":
            self._words.append(child.content)
        elif kind == "hardbreak":
            self._add(LineBreak())
        elif kind == "footnote_ref":
            self._note(child.meta["label"])
        elif kind == "image":
            self._reader.report(
                self._inline, "![", "images are not printed", "take it out, or say in words what it shows"
            )
            self._words.append(child.content)
        else:
            self._turn(child)

    def _turn(self, child: Token) -> None:
        self._flush()
        if child.type.startswith("strong"):
            self._strong += child.nesting
        elif child.type.startswith("em_"):
            self._emphasis += child.nesting
        elif child.type == "link_open":
            self._link = self._address(str(child.attrs["href"]))
        elif child.type == "link_close":
            self._link = None

    def _address(self, address: str) -> str | None:
        if _LINK.match(address):
            return address
        message = f"a link goes to http, https or mailto only, not to '{address[:60]}'"
        self._reader.report(self._inline, address, message, "write the whole address, or take the link out")
        return None

    def _note(self, label: str) -> None:
        place = self._reader.source.find(f"[^{label}]", *(self._inline.map or (0, 1)))
        self._reader.called.setdefault(label, place)
        self._add(NoteMark(label=label))

    def _add(self, inline: Inline) -> None:
        self._flush()
        self._found.append(inline)

    def _flush(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        if text:
            run = Run(text=text, strong=self._strong > 0, emphasis=self._emphasis > 0, link=self._link)
            self._found.append(run)


def end_of(tokens: Sequence[Token], at: int) -> int:
    """Return the index of the token that closes the one at `at`, or `at` itself where it stands alone."""
    if tokens[at].nesting != 1:
        return at
    level = tokens[at].level
    end = at + 1
    while tokens[end].level != level or tokens[end].nesting != -1:
        end += 1
    return end


def parts(tokens: Sequence[Token]) -> list[tuple[Token, Sequence[Token]]]:
    """Return each outermost token with the tokens inside it."""
    found = []
    at = 0
    while at < len(tokens):
        end = end_of(tokens, at)
        found.append((tokens[at], tokens[at + 1 : end]))
        at = end + 1
    return found


def _lines(text: str) -> Paragraph:
    runs: list[Inline] = []
    for line in text.rstrip("\n").split("\n"):
        runs += [LineBreak(), Run(text=line)] if runs else [Run(text=line)]
    return Paragraph(runs=tuple(runs))
