"""Find the case codes that a text quotes, as written, with what each was taken for and how certainly.

`exact`: an issuer's own spelling, blanks at the slashes included. `normalised`: the same letters and figures
in another spelling (case, file name, look-alikes, invisible characters, other digits, line breaks, quoting
marks). `suggested`: a scanner's slip, a known code but for one figure, a code without its beginning, or what
ordinary prose may hold as well; a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.doubt import doubtful, impossible
from urgent_appeals.domain.folding import Folded, fold
from urgent_appeals.domain.reading import LONGEST_CODE, Reading, canonical, mended_figures, readings
from urgent_appeals.domain.schemes import GAP, PART_OF_WORD, SCHEMES, Scheme, matcher
from urgent_appeals.domain.values import Value

BLOCK = 1 << 17
"""How many characters are searched at a time."""

_MARGIN = 512  # kept around each block, so that whatever a code depends on is in view
_AROUND = 48  # how far the words around a code are looked at


class Certainty(StrEnum):
    """How certain it is that a quoted code is the one it was taken for."""

    EXACT = "exact"
    NORMALISED = "normalised"
    SUGGESTED = "suggested"


_RANK = {Certainty.SUGGESTED: 0, Certainty.NORMALISED: 1, Certainty.EXACT: 2}


class QuotedCode(Value):
    """A code found in a text: `written` is `text[start:end]`, `canonical` the case with its update.

    Where only the end of a code was quoted, and nothing known completes it, `case` is that end (`OBS 053`).
    """

    scheme: str
    written: str
    canonical: str
    case: str
    update: int | None
    start: int
    end: int
    certainty: Certainty


def find(text: str, schemes: Sequence[Scheme] = SCHEMES, known: Known = ()) -> tuple[QuotedCode, ...]:
    """Return every code that a text quotes, in order, none overlapping another; linear in the text, never
    raises.

    `known` codes make near misses and codes without their beginning into suggestions of the known ones, and
    are believed in spellings that others are not. For many texts give them as `KnownCodes`, made once.
    """
    return tuple(find_in_chunks((text,), schemes, known))


def find_in_chunks(
    chunks: Iterable[str], schemes: Sequence[Scheme] = SCHEMES, known: Known = ()
) -> Iterator[QuotedCode]:
    """Yield what `find` returns for the joined chunks, in one pass and in the same memory however long the
    text is.
    """
    search = _Search(tuple(schemes), KnownCodes.of(known))
    best: QuotedCode | None = None
    for block in _blocks(chunks):
        for code in search.codes(block):
            if best is not None and code.start >= best.end:
                yield best
                best = code
            elif best is None or search.weight(code) > search.weight(best):
                best = code
    if best is not None:
        yield best


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of the text in view from `offset` on; what begins to show its figures from `first` to `last` is
    its own.
    """

    text: str
    offset: int
    first: int
    last: int


def _blocks(chunks: Iterable[str]) -> Iterator[_Block]:
    """Cut the joined chunks into overlapping blocks, each figure being one block's own."""
    view, offset, first = "", 0, 0
    for text in _gathered(chunks):
        view += text
        last = max(first, offset + len(view) - _MARGIN)
        yield _Block(view, offset, first, last)
        keep = max(0, last - offset - _MARGIN)
        view, offset, first = view[keep:], offset + keep, last
    yield _Block(view, offset, first, offset + len(view))


def _gathered(chunks: Iterable[str]) -> Iterator[str]:
    """Join small chunks and cut large ones, to pieces of about a block."""
    waiting: list[str] = []
    length = 0
    for chunk in chunks:
        for at in range(0, len(chunk), BLOCK):
            waiting.append(chunk[at : at + BLOCK])
            length += len(waiting[-1])
            if length >= BLOCK:
                yield "".join(waiting)
                waiting, length = [], 0
    yield "".join(waiting)


class KnownCodes:
    """The codes a workspace knows, by what a near miss or the end of a code has of them."""

    def __init__(self, codes: Iterable[CaseCode]) -> None:
        self.cases = {(code.scheme, code.case) for code in codes}
        self._by_end: dict[int, set[str]] = defaultdict(set)
        self._by_mask: dict[tuple[str, str], set[str]] = defaultdict(set)
        for scheme, case in self.cases:
            if scheme == "observatory":
                self._by_end[int(case[-3:])].add(case)
            for mask in _masks(case):
                self._by_mask[scheme, mask].add(case)

    @classmethod
    def of(cls, codes: Known) -> KnownCodes:
        """Return these codes, made ready to be looked up; what is ready already is the same."""
        return codes if isinstance(codes, KnownCodes) else cls(codes)

    def ending_in(self, number: int) -> str | None:
        """Return the one known case whose number this is."""
        return _only(self._by_end.get(number, set()))

    def near(self, scheme: str, case: str) -> str | None:
        """Return the one known case that differs by one figure."""
        if not self.cases or (scheme, case) in self.cases:
            return None
        return _only({near for mask in _masks(case) for near in self._by_mask.get((scheme, mask), ())})


Known = Collection[CaseCode] | KnownCodes
"""Codes that are known, ready to be looked up or not."""


def _only(cases: Collection[str]) -> str | None:
    return next(iter(cases)) if len(cases) == 1 else None


def _masks(case: str) -> Iterator[str]:
    """Yield a case with each of its figures hidden in turn."""
    for at, character in enumerate(case):
        if character.isdigit():
            yield f"{case[:at]}?{case[at + 1 :]}"


# The end of an Observatory code without its beginning; and without OBS, which only known codes can complete.
_OBS = tuple(map("".join, product("O0", "B8", "S5")))
_END = re.compile(
    r"(?<!§)[O0][B8][S5]~[-/_]?~(?P<number>[0-9OIL|]{3})"
    r"(?:(?: {0,2}[.,]|[-/_])(?P<update>[0-9OIL|]{1,3}))?(?!§)".replace("~", GAP).replace("§", PART_OF_WORD)
)
_BARE_END = re.compile(
    r"(?P<number>[0-9OIL|]{3})(?<![-/.,:+].{3})(?<!§.{3})[.,](?P<update>[0-9OIL|]{1,2})(?!§|[-/.,:][0-9])".replace(
        "§", PART_OF_WORD
    )
)


def _ends(text: str, *, bare: bool) -> Iterator[re.Match[str]]:
    """Yield what may be the end of a code. Finding plain text is many times quicker than searching for a
    pattern.
    """
    for word in _OBS:
        at = text.find(word)
        while at >= 0:
            found = _END.match(text, at)
            if found:
                yield found
            at = text.find(word, at + 1)
    if bare:
        yield from _BARE_END.finditer(text)


class _Search:
    """Finds in blocks; holds what stays the same from block to block."""

    def __init__(self, schemes: tuple[Scheme, ...], known: KnownCodes) -> None:
        self._schemes = schemes
        self._order = {scheme.name: -place for place, scheme in enumerate(schemes)}
        self._known = known
        self._ends = any(scheme.name == "observatory" for scheme in schemes)

    def weight(self, code: QuotedCode) -> tuple[int, int, int]:
        """Of two codes that overlap the heavier one stays: the more certain, the longer, the earlier
        scheme's.
        """
        return _RANK[code.certainty], code.end - code.start, self._order[code.scheme]

    def codes(self, block: _Block) -> list[QuotedCode]:
        """Return all codes that are a block's own, overlapping ones too, in the order of their first
        figures.
        """
        folded = fold(block.text)
        found = [*self._whole(block, folded), *self._endings(block, folded)]
        return [code for _, code in sorted(found, key=lambda pair: pair[0])]

    def _whole(self, block: _Block, folded: Folded) -> Iterator[tuple[int, QuotedCode]]:
        for reading in readings(folded, self._schemes, block.first - block.offset, block.last - block.offset):
            code = self._judged(block, reading)
            if code is not None:
                yield reading.anchor, code

    def _judged(self, block: _Block, reading: Reading) -> QuotedCode | None:
        written = block.text[reading.start : reading.end]
        before = block.text[max(0, reading.start - _AROUND) : reading.start]
        after = block.text[reading.end : reading.end + _AROUND]
        is_known = (reading.scheme.name, reading.case) in self._known.cases
        if impossible(reading, after, known=is_known):
            return None
        certainty = Certainty.NORMALISED
        # A number of one or two figures has so many neighbours that being one of them says nothing.
        telling = len(reading.fields.get("number", "000")) >= 3
        case = self._known.near(reading.scheme.name, reading.case) if telling else None
        if case is not None or reading.slipped or doubtful(reading, written, before, after, known=is_known):
            certainty = Certainty.SUGGESTED
        elif matcher(reading.scheme).published.fullmatch(written):
            certainty = Certainty.EXACT
        return _quoted(block, reading, case or reading.case, certainty)

    def _endings(self, block: _Block, folded: Folded) -> Iterator[tuple[int, QuotedCode]]:
        if not self._ends:
            return
        for found in _ends(folded.text, bare=bool(self._known.cases)):
            start, end = folded.original(found.start()), folded.original(found.end() - 1) + 1
            own = block.first <= block.offset + start < block.last and end - start <= LONGEST_CODE
            if own and any(character.isdigit() for character in found["number"]):
                code = self._ending(block, found, start, end)
                if code is not None:
                    yield start, code

    def _ending(self, block: _Block, found: re.Match[str], start: int, end: int) -> QuotedCode | None:
        number = int(mended_figures(found["number"]))
        update = int(mended_figures(found["update"])) if found["update"] else None
        case = self._known.ending_in(number)
        if case is None and found.re is _BARE_END:
            return None
        case = case or f"OBS {number:03}"
        return QuotedCode(
            scheme="observatory",
            written=block.text[start:end],
            canonical=canonical("observatory", case, update),
            case=case,
            update=update,
            start=block.offset + start,
            end=block.offset + end,
            certainty=Certainty.SUGGESTED,
        )


def _quoted(block: _Block, reading: Reading, case: str, certainty: Certainty) -> QuotedCode:
    return QuotedCode(
        scheme=reading.scheme.name,
        written=block.text[reading.start : reading.end],
        canonical=canonical(reading.scheme.name, case, reading.update),
        case=case,
        update=reading.update,
        start=block.offset + reading.start,
        end=block.offset + reading.end,
        certainty=certainty,
    )
