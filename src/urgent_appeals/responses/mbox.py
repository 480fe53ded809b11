"""Take an mbox apart into its mails, as it streams by (RFC 4155).

A mail begins only where a `From ` line with an envelope address and a date follows an empty line, or the beginning, and
a header line follows it: so a body that tells of "From minister@… Mon Nov 22 …" makes no mail of its own unless it
forges a header as well. That cannot be told from a real one; so nothing from an mbox is proof of who wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LARGEST_MAIL: Final = 100_000_000
"""Bytes of one mail; what is longer is given out in pieces, each of which says so."""

_DATE: Final = rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)? "
_BEGINNING: Final = re.compile(rb"From [^\r\n ]{1,320} +" + _DATE + rb"[^\r\n]{4,40}\r?\n(?=>?[!-9;-~]{1,200}:)")
_LOOK_AHEAD: Final = 1000
"""Bytes that a beginning can take with the header line behind it: a match nearer to the end of what is there waits."""
_QUOTED_FROM: Final = re.compile(rb"(?m)^>(>*From )")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of an mbox: where it begins there, in bytes, and its own bytes, without the `From ` line.

    `quoting` tells that lines of it begin with `>From `, which mbox writers make of `From `; they are left as they are.
    `is_cut` tells of a piece of a mail that is too long.
    """

    start: int
    content: bytes
    quoting: bool = False
    is_cut: bool = False


def is_mbox(sample: bytes) -> bool:
    """Tell whether a file begins like an mbox."""
    return _BEGINNING.match(sample.lstrip(b"\r\n")) is not None


def mails(chunks: Iterable[bytes], start: int = 0) -> Iterator[Mail]:
    """Yield the mails of an mbox whose bytes come in chunks of any size; `start` is where the first one stands.

    Memory holds a mail and a chunk. What stands before the first beginning is given out as a mail too: nothing is lost.
    """
    held = bytearray()
    at, looked = start, 0
    for chunk in chunks:
        held += chunk
        while (end := _next(held, looked, len(held) - _LOOK_AHEAD)) is not None:
            yield from _mail(bytes(held[:end]), at)
            at, looked = at + end, 0
            del held[:end]
        looked = max(0, len(held) - _LOOK_AHEAD)
        if len(held) > LARGEST_MAIL:
            yield Mail(at, bytes(held[:LARGEST_MAIL]), is_cut=True)
            at, looked = at + LARGEST_MAIL, 0
            del held[:LARGEST_MAIL]
    while (end := _next(held, 0, len(held))) is not None:
        yield from _mail(bytes(held[:end]), at)
        at += end
        del held[:end]
    yield from _mail(bytes(held), at)


def _next(data: bytearray, first: int, last: int) -> int | None:
    """Return where the next mail begins, its empty line before `last`; None where none does."""
    at = data.find(b"\nFrom ", max(0, first - 2), last + 6)
    while at != -1:
        if data[max(0, at - 2) : at].endswith((b"\n", b"\n\r")) and _BEGINNING.match(data, at + 1):
            return at + 1
        at = data.find(b"\nFrom ", at + 1, last + 6)
    return None


def _mail(data: bytes, at: int) -> Iterator[Mail]:
    """Yield what one stretch holds without its `From ` line and the empty line that ends it, if it holds anything."""
    found = _BEGINNING.match(data)
    begins = found.end() if found is not None else 0
    content = data[begins:]
    for ending in (b"\r\n\r\n", b"\n\n"):
        if content.endswith(ending):
            content = content[: -len(ending) // 2]
            break
    if content.strip():
        yield Mail(at, content, quoting=_QUOTED_FROM.search(content) is not None)
