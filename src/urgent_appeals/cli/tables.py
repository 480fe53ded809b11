"""Print tables that fit the terminal: what no room is left for stands below its row, a little to the right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from urgent_appeals.cli.output import escape, table, width

_INDENT = "    "
_NARROWEST = 20


def fitted(rows: Sequence[Sequence[str]], headers: Sequence[str], *, kept: int = 1) -> str:
    """Return rows in columns under their headers, for where they are printed to.

    On a terminal that is narrower, the last columns stand below each row, a line each, as far as need be; the first
    ones, `kept`, never do. Of a cell of several lines, such as a postal address, the first one stands there then;
    elsewhere commas join them.
    """
    columns = get_terminal_size().columns if sys.stdout.isatty() else None
    return laid_out(rows, headers, columns, kept=kept)


def laid_out(rows: Sequence[Sequence[str]], headers: Sequence[str], columns: int | None, *, kept: int = 1) -> str:
    """Return rows in columns, as `fitted` does, for a terminal so many columns wide; None: as wide as they are."""
    whole = table([[", ".join(cell.split("\n")) for cell in row] for row in rows], headers)
    if columns is None or _widest(whole) <= columns:
        return whole
    short = [[cell.partition("\n")[0] for cell in row] for row in rows]
    fits = next((count for count in range(len(headers), kept, -1) if _fits(short, headers, count, columns)), kept)
    head, *lines = table([row[:fits] for row in short], headers[:fits]).split("\n")
    room = max(columns - len(_INDENT), _NARROWEST)
    below = ["".join(f"\n{_INDENT}{line}" for cell in row[fits:] for line in _wrapped(cell, room)) for row in short]
    return "\n".join((head, *(f"{line}{rest}" for line, rest in zip(lines, below, strict=True))))


def _fits(rows: Sequence[Sequence[str]], headers: Sequence[str], count: int, columns: int) -> bool:
    return _widest(table([row[:count] for row in rows], headers[:count])) <= columns


def _widest(text: str) -> int:
    return max(map(width, text.split("\n")))


def _wrapped(cell: str, room: int) -> Iterator[str]:
    """Yield a text in lines that fit; a word that is too long for one stays whole."""
    line = ""
    for word in escape(cell).split():
        if line and width(f"{line} {word}") > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
