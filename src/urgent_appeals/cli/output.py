r"""Print: data on stdout, talk on stderr, nothing that could steer a terminal.

What is printed may come from a stranger's mail or file, so control characters, escape sequences and the
marks that turn the direction of text are spelled out (`\x1b`, `\u202e`). No markup language reads the text
on its way.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from shutil import get_terminal_size
from typing import Protocol, Self, TextIO, runtime_checkable

from urgent_appeals.domain.problem import Problem

# C0 but tab and newline, DEL, C1; soft hyphen; marks, embeddings, overrides and isolates of direction; line
# and paragraph separators; invisible operators, byte order mark, interlinear marks; lone surrogates; tag
# characters. ZWJ and ZWNJ stay: Persian and Indic words are spelled with them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


_LONGEST_LINE = 90
"""How many characters of a file's line are shown with its problem: prose has a line a paragraph."""


@runtime_checkable
class _Model(Protocol):
    """What can tell its contents as plain data; Pydantic's models can, and need not be imported for that."""

    def model_dump(self) -> dict[str, object]: ...


def escape(text: str) -> str:
    """Spell out what could steer a terminal or hide text; tab and newline stay."""
    return _UNSAFE.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def data(text: str) -> None:
    """Print what was asked for, on stdout, at once."""
    _print(text, sys.stdout)
    sys.stdout.flush()


def say(text: str, *, quiet: bool = False) -> None:
    """Tell how it went, on stderr; nothing when quiet."""
    if not quiet:
        _print(text, sys.stderr)


class Ticker:
    """Show on a terminal, in one line, what is being done; say nothing elsewhere or when quiet, and leave no trace."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shows = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def tick(self, number: int, total: int, what: str) -> None:
        """Show that the work is at this step of so many."""
        self.show(f"{number}/{total} {what}")

    def show(self, what: str) -> None:
        """Show what is being done."""
        self._show(escape(what)[: get_terminal_size().columns - 1])  # a line that wraps could not be wiped

    def _show(self, text: str) -> None:
        if self._shows:
            sys.stderr.write(f"\r\x1b[2K{text}")
            sys.stderr.flush()


def _print(text: str, stream: TextIO) -> None:
    # A terminal set to ASCII or Latin-1 gets spelled-out characters rather than a failure.
    encoding = stream.encoding or "utf-8"
    print(escape(text).encode(encoding, "backslashreplace").decode(encoding), file=stream)


def with_caret(problem: Problem) -> str:
    """Return a problem with the line of the file that it is about, and a caret under the place."""
    lines = excerpt(problem)
    return "\n".join([str(problem), *(f"    {line}" for line in lines.splitlines())])


def excerpt(problem: Problem) -> str:
    """Return the line of the file that a problem is about and, below it, a caret; nothing for a blank line."""
    if not problem.text.strip():
        return ""
    before, after = (escape(part.replace("\t", " ")) for part in _split(*_excerpt(problem.text, problem.column - 1)))
    return f"{before}{after}\n{' ' * width(before)}^"


def _excerpt(text: str, at: int) -> tuple[str, int]:
    """Return as much of a long line as people can see at once, and the place in it."""
    if len(text) <= _LONGEST_LINE:
        return text, at
    start = max(0, min(at - _LONGEST_LINE // 2, len(text) - _LONGEST_LINE))
    piece = text[start : start + _LONGEST_LINE]
    front, end = "…" * (start > 0), "…" * (start + _LONGEST_LINE < len(text))
    return f"{front}{piece}{end}", at - start + len(front)


def _split(text: str, at: int) -> tuple[str, str]:
    return text[:at], text[at:]


def as_json(thing: object, *, in_one_line: bool = False) -> str:
    """Return one JSON document: dates ISO 8601, models as objects, what is unsafe as JSON escapes.

    In one line it can stand among others, one a line (JSON Lines).
    """
    indent = None if in_one_line else 2
    document = json.dumps(thing, ensure_ascii=False, allow_nan=False, indent=indent, default=_plain)
    return _UNSAFE.sub(_json_spelled, document)


def _plain(thing: object) -> object:  # noqa: PLR0911  # one a kind
    match thing:
        case _Model():
            return thing.model_dump()
        case Enum():
            return thing.value
        case _ if is_dataclass(thing):
            return {field.name: getattr(thing, field.name) for field in fields(thing)}
        case datetime() | date():
            return thing.isoformat()
        case PurePath():
            return thing.as_posix()
        case Mapping():
            return dict(thing)
        case set() | frozenset():
            return sorted(thing)
        case Iterable():
            return list(thing)
    raise TypeError(f"no JSON for {type(thing).__name__}")


def _json_spelled(found: re.Match[str]) -> str:
    # JSON knows four figures only: what lies above is written as its two UTF-16 halves (RFC 8259 §7).
    halves = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))


def table(rows: Iterable[Sequence[str]], headers: Sequence[str]) -> str:
    """Return rows in columns, as wide as they show on a terminal, under their headers; a cell is one line."""
    cells = [[_one_line(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(_padded, row, widths)).rstrip() for row in cells)


def _one_line(cell: str) -> str:
    return escape(" ".join(cell.split()))


def _padded(cell: str, to: int) -> str:
    return cell + " " * (to - width(cell))


def width(text: str) -> int:
    """Return the terminal columns of a text: none for a mark on a letter, two for a wide one (UAX #11)."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
