"""Walk down the lines of a mail and tell what is new, quoted, forwarded and signature.

Each line is looked at a bounded number of times, so the time taken is linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from urgent_appeals.responses.quoting.attributions import attribution_at
from urgent_appeals.responses.quoting.dividers import Meaning, divider, rule_before
from urgent_appeals.responses.quoting.headers import Header, block_at
from urgent_appeals.responses.quoting.lines import Line, lines_of
from urgent_appeals.responses.quoting.signatures import signature_at
from urgent_appeals.responses.quoting.subjects import forwarded_subject
from urgent_appeals.responses.quoting.values import Part, Place, Split

LONGEST = 1_000_000
"""How many characters of a mail are read: nobody writes as many, and hostile ones take seconds."""

_NEAR = 4
"""How many lines below a divider the header block or attribution of its message may begin."""


def split(text: str, subject: str = "") -> Split:
    """Tell the new part of a plain-text mail from what it quotes or forwards, and from the signature.

    The subject tells whether a message below an ambiguous divider is forwarded. Never raises; the parts are in
    order, disjoint and cover the text. What lies beyond `LONGEST` characters is not read, and counts as quoted.
    """
    forwarding = forwarded_subject(subject) is not None
    parts = tuple(_Walk(lines_of(text[:LONGEST]), forwarding=forwarding).parts())
    return Split(text, parts if len(text) <= LONGEST else (*parts, Part(Place.QUOTED, LONGEST, len(text))))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines of one place, from `first` up to, without it, `after`."""

    place: Place
    first: int
    after: int
    header: Header | None = None


@dataclass(slots=True)
class _Walk:
    lines: Sequence[Line]
    forwarding: bool
    next_seen: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Note for each line which is the first at or after it that is not empty."""
        self.next_seen = [len(self.lines)] * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            self.next_seen[at] = self.next_seen[at + 1] if self.lines[at].empty else at

    def parts(self) -> Iterator[Part]:
        """Yield the parts, in order."""
        for found in self._joined():
            yield Part(found.place, self.lines[found.first].start, self.lines[found.after - 1].end, found.header)

    def _joined(self) -> Iterator[_Stretch]:
        """Yield stretches, those of one place that touch made one; what is blank goes with what stands before."""
        last: _Stretch | None = None
        for found in self._signed():
            blank = self.next_seen[found.first] >= found.after
            if last is not None and (blank or (found.place is last.place and found.header is None)):
                last = replace(last, after=found.after)
            elif last is not None and last.place is Place.NEW and self.next_seen[last.first] >= last.after:
                last = replace(found, first=last.first)
            else:
                if last is not None:
                    yield last
                last = found
        if last is not None:
            yield last

    def _signed(self) -> Iterator[_Stretch]:
        for found in self._stretches():
            if found.place is not Place.NEW:
                yield found
                continue
            at = signature_at(self.lines, found.first, found.after)
            if at > found.first:
                yield replace(found, after=at)
            if at < found.after:
                yield _Stretch(Place.SIGNATURE, at, found.after)

    def _stretches(self) -> Iterator[_Stretch]:
        begun = at = 0
        while at < len(self.lines):
            found = None if self.lines[at].empty else self._quote_at(at, begun)
            if found is None:
                at += 1
                continue
            if found.first > begun:
                yield _Stretch(Place.NEW, begun, found.first)
            yield found
            begun = at = found.after
        if begun < len(self.lines):
            yield _Stretch(Place.NEW, begun, len(self.lines))

    def _quote_at(self, at: int, begun: int) -> _Stretch | None:
        """Return what is quoted or forwarded from a line on, the rule right before it included; None where nothing
        is.
        """
        return self._divided(at, begun) or self._headed(at, begun) or self._attributed(at) or self._marked(at)

    def _divided(self, at: int, begun: int) -> _Stretch | None:
        found = divider(self.lines[at])
        if found is None or found.meaning is Meaning.END:
            return None
        header = self._header_below(at)
        if header is None and not found.drawn and not self._marks_follow(at + 1, at):
            return None
        place = Place.FORWARDED if found.meaning is Meaning.FORWARDED else self._ambiguous(begun, at)
        return self._below(place, rule_before(self.lines, at, begun), at + 1, header)

    def _headed(self, at: int, begun: int) -> _Stretch | None:
        block = block_at(self.lines, at)
        if block is None:
            return None
        first = rule_before(self.lines, at, begun)
        if not block.sure and not (first < at and block.fields >= 2 and block.header.sender):
            return None
        place = self._ambiguous(begun, first)
        return self._below(place, first, block.after, block.header)

    def _attributed(self, at: int) -> _Stretch | None:
        found = attribution_at(self.lines, at)
        if found is None or (self.lines[at].depth and not found.sure):
            return None
        marks_follow = self._marks_follow(found.after, at)
        if not (found.sure or marks_follow):
            return None
        if self.lines[at].depth or marks_follow:
            return _Stretch(Place.QUOTED, at, self._end_of_marks(found.after), found.header)
        return self._below(Place.QUOTED, at, found.after, found.header)

    def _marked(self, at: int) -> _Stretch | None:
        return _Stretch(Place.QUOTED, at, self._end_of_marks(at)) if self.lines[at].depth else None

    def _below(self, place: Place, first: int, after: int, header: Header | None) -> _Stretch:
        """Return a message from its divider or header block on: its marked lines, or up to the divider that ends it,
        or everything.
        """
        if header is not None:
            after = next(
                (at for at in range(after, len(self.lines)) if self.lines[at].start >= header.end), len(self.lines)
            )
        begun = self.lines[first].depth > 0
        follows = self.next_seen[after]
        if begun or (follows < len(self.lines) and self.lines[follows].depth):
            return _Stretch(place, first, self._end_of_marks(after), header)
        for at in range(after, len(self.lines)):
            found = divider(self.lines[at])
            if found is not None and found.meaning is Meaning.END:
                return _Stretch(place, first, at + 1, header)
        return _Stretch(place, first, len(self.lines), header)

    def _header_below(self, at: int) -> Header | None:
        """Return the header block, or what an attribution tells, right below a divider."""
        for below in range(at + 1, min(at + 1 + _NEAR, len(self.lines))):
            if self.lines[below].blank:
                continue
            block = block_at(self.lines, below)
            if block is not None and block.fields >= 1:
                return block.header
            attribution = attribution_at(self.lines, below)
            return attribution.header if attribution is not None else None
        return None

    def _ambiguous(self, begun: int, first: int) -> Place:
        """Return whether a message below such a divider is forwarded: the subject says so, or nothing new is said."""
        said = begun > 0 or self.next_seen[0] < signature_at(self.lines, 0, first)
        return Place.FORWARDED if self.forwarding or not said else Place.QUOTED

    def _marks_follow(self, after: int, at: int) -> bool:
        follows = self.next_seen[after]
        return follows < len(self.lines) and self.lines[follows].depth > self.lines[at].depth

    def _end_of_marks(self, at: int) -> int:
        """Return where lines with marks of quoting end that begin with a line, empty lines between them passed."""
        while (follows := self.next_seen[at]) < len(self.lines) and self.lines[follows].depth:
            at = follows + 1
        return at
