"""Read `## Actions requested`: headings, introductions, and the requests with their numbers as issued."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from urgent_appeals.domain.problem import Path
from urgent_appeals.domain.prose import Block, Request, RequestGroup, RequestHeading
from urgent_appeals.workspace.blocks import BlockReader, parts
from urgent_appeals.workspace.scope import take_scope

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def read_requests(
    tokens: Sequence[Token], reader: BlockReader, numbering: str, marks: dict[Path, tuple[int, int]]
) -> tuple[RequestGroup, ...]:
    """Return the groups of requests; each carries all headings above it, the outermost first."""
    groups = _Groups(reader, numbering, marks)
    for token, inside in parts(tokens):
        groups.take(token, inside)
    return groups.finish()


def label(number: int, numbering: str) -> str:
    """Return a request's number as printed: `ii.`, `2.`, `b.` (after z: `aa.`), or nothing for a bullet."""
    if numbering == "bullets":
        return ""
    if numbering == "roman" and 0 < number < 4000:
        return f"{_roman(number)}."
    if numbering == "letters" and 0 < number < 10_000:
        return f"{_letters(number)}."
    return f"{number}."


class _Groups:
    """Collects groups while the section is read from top to bottom."""

    def __init__(self, reader: BlockReader, numbering: str, marks: dict[Path, tuple[int, int]]) -> None:
        self._reader = reader
        self._numbering = numbering
        self._marks = marks
        self._done: list[RequestGroup] = []
        self._headings: list[tuple[RequestHeading, int]] = []
        self._introduction: list[Block] = []
        self._requests: list[tuple[Request, int]] = []
        self._bare: int | None = None
        """The line of a heading under which nothing has come yet."""

    def take(self, token: Token, inside: Sequence[Token]) -> None:
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            self._heading(int(token.tag[1]) - 2, inside[0], line)
            return
        if token.type in ("ordered_list_open", "bullet_list_open"):
            self._list(token, inside)
        else:
            if self._requests:
                self._close()
            self._introduction += self._reader.blocks(
                [token, *inside, *([_closing(token)] if token.nesting == 1 else [])]
            )
        self._bare = None

    def finish(self) -> tuple[RequestGroup, ...]:
        """Return the groups."""
        self._close()
        self._report_bare(0)
        return tuple(self._done)

    def _heading(self, level: int, inline: Token, line: int) -> None:
        self._close()
        self._report_bare(level)
        scope = take_scope(inline, self._reader.source)
        heading = RequestHeading(level=level, runs=self._reader.runs(inline), scope=scope)
        self._headings = [kept for kept in self._headings if kept[0].level < level]
        self._headings.append((heading, line))
        self._bare = line

    def _report_bare(self, level: int) -> None:
        if self._bare is not None and self._headings[-1][0].level >= level:
            self._reader.source.report((self._bare + 1, 1), "nothing is requested under this heading")

    def _list(self, token: Token, inside: Sequence[Token]) -> None:
        items = parts(inside)
        ordered = token.type == "ordered_list_open"
        for number, (item, tokens) in zip(_numbers(token, items), items, strict=True):
            line = item.map[0] if item.map else 0
            inline = _last_paragraph(tokens)
            scope = take_scope(inline, self._reader.source) if inline else None
            blocks = self._reader.blocks(tokens)
            if not blocks:
                self._reader.source.report((line + 1, 1), "a request is empty")
                continue
            printed = label(number, self._numbering) if ordered else ""
            request = Request(label=printed, blocks=blocks, **({"scope": scope} if scope else {}))
            self._requests.append((request, line))

    def _close(self) -> None:
        if not (self._introduction or self._requests):
            return
        at: Path = ("requests", len(self._done))
        lines = [line for _, line in (*self._headings, *self._requests)]
        self._done.append(
            RequestGroup(
                headings=tuple(heading for heading, _ in self._headings),
                introduction=tuple(self._introduction),
                requests=tuple(request for request, _ in self._requests),
            )
        )
        if lines:
            self._marks[at] = (
                max(line for _, line in self._headings) + 1 if self._headings else lines[0] + 1,
                1,
            )
        for number, (_, line) in enumerate(self._headings):
            self._marks[(*at, "headings", number)] = (line + 1, 1)
        for number, (_, line) in enumerate(self._requests):
            self._marks[(*at, "requests", number)] = (line + 1, 1)
        self._introduction, self._requests = [], []


def _numbers(token: Token, items: Sequence[tuple[Token, Sequence[Token]]]) -> list[int]:
    """Return the items' numbers as written; `1. 1. 1.`, which is how some write Markdown, counts up."""
    start = int(token.attrs.get("start", 1))
    written = [int(item.info) if item.info.isdecimal() else start + index for index, (item, _) in enumerate(items)]
    if len(written) > 1 and len(set(written)) == 1:
        return [start + index for index in range(len(items))]
    return written


def _last_paragraph(tokens: Sequence[Token]) -> Token | None:
    found = [inside[0] for token, inside in parts(tokens) if token.type == "paragraph_open"]
    return found[-1] if found else None


def _closing(token: Token) -> Token:
    return Token(token.type.replace("_open", "_close"), token.tag, -1, level=token.level)


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
