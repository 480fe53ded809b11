"""Find the case codes that a file of any kind quotes: plain text as it streams by, everything else by its
visible text.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.quoted import QuotedCode, find, find_in_chunks
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import NotAWorkspace
from urgent_appeals.responses.charset import charset_of
from urgent_appeals.responses.text import SAMPLE, Kind, extract, kind_of
from urgent_appeals.workspace.read import find_root, read

LARGEST = 200_000_000
"""How many bytes of a file that is not plain text are read."""


@dataclass(frozen=True, slots=True)
class CodesFound:
    """The codes a file quotes, in order; what the file was taken for; notes on what of it was not read."""

    codes: tuple[QuotedCode, ...]
    kind: Kind
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """The schemes to read by, and the codes that are known, so that what is one figure off can be suggested."""

    schemes: tuple[Scheme, ...] = SCHEMES
    known: frozenset[CaseCode] = frozenset()


def codebook(start: Path) -> Codebook:
    """Return the schemes and codes of the workspace of a directory; those built in where it is in none."""
    try:
        root = find_root(start)
    except NotAWorkspace:
        return Codebook()
    workspace = read(root, only=lambda _: False)  # no prose: the headers tell the codes
    codes = (
        code
        for appeal in workspace.appeals
        for code in (appeal.code, *appeal.other_codes, *appeal.earlier, *filter(None, (appeal.follows,)))
    )
    own_first = (*workspace.schemes[len(SCHEMES) :], *SCHEMES)
    return Codebook(own_first, frozenset(codes))


def codes_in(
    stream: BinaryIO, name: str = "", *, schemes: Sequence[Scheme] = SCHEMES, known: Collection[CaseCode] = ()
) -> CodesFound:
    """Find the codes in a stream; `name` helps where the content leaves open what it is.

    Positions count characters of the decoded text, or of the visible text of HTML, mail and PDF.
    """
    sample = _sample(stream)
    kind = kind_of(sample, name)
    if kind is Kind.TEXT:
        return CodesFound(tuple(find_in_chunks(_decoded(stream, sample), schemes, known)), kind)
    content = sample + stream.read(LARGEST - len(sample))
    notes = (f"only the first {LARGEST:,} bytes were read",) if stream.read(1) else ()
    text = extract(content, name)
    return CodesFound(find(text.text, schemes, known), text.kind, (*notes, *text.notes))


def _sample(stream: BinaryIO) -> bytes:
    """Read the beginning; a pipe may give it in small pieces."""
    sample = b""
    while len(sample) < SAMPLE:
        piece = stream.read(SAMPLE - len(sample))
        if not piece:
            break
        sample += piece
    return sample


def _decoded(stream: BinaryIO, sample: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset_of(sample))("replace")
    piece = sample
    while piece:
        yield decoder.decode(piece)
        piece = stream.read(SAMPLE)
    yield decoder.decode(b"", final=True)
