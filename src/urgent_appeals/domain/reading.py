"""Read case codes from folded text: what stands at a figure, by every scheme, without judging how likely it
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from urgent_appeals.domain.folding import Folded
from urgent_appeals.domain.schemes import GAP, ORDINALS, PART_OF_WORD, SCHEMES, Matcher, Scheme, matcher

LONGEST_CODE = 200
"""How many characters of a text, from the first figure to either side, a code can take with all its noise."""

_FIGURES = str.maketrans("OIL|", "0111")
_LETTERS = str.maketrans("01|", "OII")
_WORDS = ("lead", "kind", "bare", "region", "ordinal")  # groups that hold words, which slips do not touch
_BUILT_IN = frozenset(SCHEMES)

# The first figures of a code of a built-in scheme, by what follows: a mark and more figures, four figures and
# OBS, or, for a date of six figures, nothing. They begin with the figure, not with looking back: that is
# quicker to search for.
_FIRST_FIGURES = re.compile(
    r"[0-9](?<![0-9][0-9])(?:[0-9OIL|]{0,7}+(?=~[-/._]~[0-9OIL|]|~[0-9OIL|]{4}~[-/._]?~[O0])|[0-9OIL|]{5}(?!§)|(?<=[OIL|][0-9])[0-9OIL|]{0,4}(?!§))".replace(
        "~", GAP
    ).replace("§", PART_OF_WORD)
)
_ANY_FIGURES = re.compile(r"[0-9](?<![0-9][0-9])")
_SLIPS = re.compile(r"[0-9][A-Z|]|[A-Z|][0-9]|(?<![A-Z])[OIL|]+(?![A-Z])|[0-9],[0-9OIL|]|VA")
_SLIPS = re.compile(r"[0-9OIL|]+\Z")
_LONGEST_FIGURES = 6
_LAST_WORD = re.compile(r"[A-Z0-9|]+\Z")
_MARKS = " =\n>|-/.:#_"
_LONGEST_MARKS = 80  # blanks, line breaks, quoting marks and a mark between a code's letters and its first figure


@dataclass(frozen=True, slots=True)
class Reading:
    """A code as one scheme reads it: the case in canonical form, the update, positions in the original.

    `fields` are the named groups as found; `slipped` tells that letters were taken for figures, or figures
    for letters. `anchor` is the position of the first figure.
    """

    scheme: Scheme
    case: str
    update: int | None
    anchor: int
    start: int
    end: int
    fields: Mapping[str, str]
    slipped: bool

    @property
    def canonical(self) -> str:
        """The case, and the update where there is one."""
        return canonical(self.scheme.name, self.case, self.update)


def canonical(scheme: str, case: str, update: int | None) -> str:
    """Return a case code's canonical form; it reads back as the same code."""
    if update is None:
        return case
    return f"{case}.{update:02}" if scheme == "observatory" else f"{case} update {update}"


def readings(folded: Folded, schemes: Sequence[Scheme], first: int = 0, last: int | None = None) -> Iterator[Reading]:
    """Yield all that each scheme reads, overlapping or not, where the first figure stands from `first` to
    before `last`.

    Both are positions in the original. Time is linear in the text.
    """
    built_in, own = _readers(tuple(schemes))
    for found in _FIRST_FIGURES.finditer(folded.text) if built_in else ():
        if _lettered(folded.text, found.start()) or _lettered(
            folded.text, _before_slips(folded.text, found.start(), 0)
        ):
            yield from _at(folded, found.start(), built_in, first, last)
    for found in _ANY_FIGURES.finditer(folded.text) if own else ():
        yield from _at(folded, found.start(), own, first, last)


def mended_figures(figures: str) -> str:
    """Return figures for what a scanner took for letters."""
    return figures.translate(_FIGURES)


@lru_cache(maxsize=16)
def _readers(schemes: tuple[Scheme, ...]) -> tuple[tuple[Matcher, ...], tuple[Matcher, ...]]:
    """Return the matchers of built-in schemes, and those of a workspace's own."""
    return (
        tuple(matcher(scheme) for scheme in schemes if scheme in _BUILT_IN),
        tuple(matcher(scheme) for scheme in schemes if scheme not in _BUILT_IN),
    )


def _lettered(text: str, index: int) -> bool:
    """Tell whether letters stand before figures, with nothing but marks between, as in every built-in
    scheme.
    """
    word = text[max(0, index - _LONGEST_MARKS) : index].rstrip(_MARKS)[-2:]
    return word.isalnum() and not word.isdecimal()


def _at(folded: Folded, index: int, readers: Sequence[Matcher], first: int, last: int | None) -> Iterator[Reading]:
    position = folded.original(index)
    if position < first or (last is not None and position >= last):
        return
    low, high = folded.index(position - LONGEST_CODE), folded.index(position + LONGEST_CODE)
    plain = _Span(position, index, low, high, _word_before(folded.text, index))
    misread = plain
    if (earlier := _before_slips(folded.text, index, low)) != index:
        misread = _Span(position, earlier, low, high, _word_before(folded.text, earlier))
    for reader in readers:
        reading = _read(folded, reader, plain, slipped=False)
        slipped = _read(folded, reader, misread, slipped=True)
        if slipped and (reading is None or slipped.end > reading.end):
            reading = slipped
        if reading:
            yield reading


def _before_slips(text: str, index: int, low: int) -> int:
    """Return where a run of figures begins if the letters just before it are misread figures."""
    run = _SLIPS.search(text, max(low, index - _LONGEST_FIGURES), index)
    return run.start() if run else index


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in folded text to read: from the first figure at `index`, not before `low` nor after `high`;
    after `word`.
    """

    position: int
    index: int
    low: int
    high: int
    word: str


def _word_before(text: str, index: int) -> str:
    """Return the letters that stand before figures, whatever marks are between."""
    found = _LAST_WORD.search(text[max(0, index - _LONGEST_MARKS) : index].rstrip(_MARKS)[-6:])
    return found[0] if found else ""


def _read(folded: Folded, reader: Matcher, span: _Span, *, slipped: bool) -> Reading | None:
    head_pattern, tail_pattern = (reader.slip_head, reader.slip_tail) if slipped else (reader.head, reader.tail)
    if reader.word is not None and reader.word.fullmatch(span.word) is None:
        return None
    tail = tail_pattern.match(folded.text, span.index, span.high)
    if tail is None:
        return None
    scheme = reader.scheme
    head = head_pattern.search(folded.text, max(span.low, span.index - scheme.reach), span.index)
    if head is None:
        return None
    found = {name: value for part in (head, tail) for name, value in part.groupdict().items() if value is not None}
    fields = {name: _mended(name, value) for name, value in found.items()} if slipped else found
    return Reading(
        scheme,
        case=_case(scheme, fields),
        update=_update(fields),
        anchor=span.position,
        start=folded.original(head.start()),
        end=folded.original(tail.end() - 1) + 1,
        fields=fields,
        slipped=slipped,
    )


def _mended(name: str, value: str) -> str:
    if name in _WORDS:
        return value
    return value.translate(_LETTERS) if name == "country" else mended_figures(value)


def _case(scheme: Scheme, fields: Mapping[str, str]) -> str:
    synonyms = dict(scheme.synonyms)
    values: dict[str, str | int] = {name: synonyms.get(value, value) for name, value in fields.items()}
    values.update({name: int(fields[name]) for name in ("serial", "number") if name in fields})
    if "bare" in fields:
        values["kind"] = fields["bare"]
    if scheme.short_year:
        values["year"] = fields["year"][-2:]
    return scheme.form.format(**values)


def _update(fields: Mapping[str, str]) -> int | None:
    if "ordinal" in fields:
        word = fields["ordinal"]
        return ORDINALS.get(word) or int(word)
    figures = fields.get("later") or fields.get("update")
    return int(figures) if figures else None
