"""What a mail falls into: parts by their offsets in its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from urgent_appeals.responses.quoting.headers import Header
from urgent_appeals.responses.quoting.lines import lines_of


class Place(StrEnum):
    """Where something stands in a mail."""

    NEW = "new"
    SIGNATURE = "signature"
    QUOTED = "quoted"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text from `start` to `end`, with the header block at its head where it quotes or forwards."""

    place: Place
    start: int
    end: int
    header: Header | None = None

    @property
    def body(self) -> tuple[int, int]:
        """Start and end of what comes after the header block; of everything where there is none."""
        return (self.header.end if self.header else self.start, self.end)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A forwarded message: its part, the header block found ("" where it has none), and its text.

    The text has no marks of quoting, so that it can be split in its turn.
    """

    part: Part
    sender: str
    date: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """A text and its parts, in order, disjoint and covering it."""

    text: str
    parts: tuple[Part, ...]

    def of(self, *places: Place) -> Iterator[Part]:
        """Yield the parts of a kind, or of several."""
        return (part for part in self.parts if part.place in places)

    @property
    def new(self) -> str:
        """What the sender of the mail wrote, signature and quotes left out."""
        return self._text(Place.NEW)

    @property
    def signature(self) -> str:
        """The sender's signatures."""
        return self._text(Place.SIGNATURE)

    @property
    def quoted(self) -> str:
        """What the mail quotes, with its attributions and marks of quoting."""
        return self._text(Place.QUOTED)

    @property
    def forwarded(self) -> tuple[Forwarded, ...]:
        """The messages that the mail forwards."""
        return tuple(map(self._forwarded, self.of(Place.FORWARDED)))

    def place_of(self, offset: int) -> Place:
        """Return where a character stands; where the text ends, that of its last. An empty text is new."""
        if not self.parts:
            return Place.NEW
        return self.parts[max(0, bisect_right(self.parts, offset, key=lambda part: part.start) - 1)].place

    def _text(self, place: Place) -> str:
        return "".join(self.text[part.start : part.end] for part in self.of(place))

    def _forwarded(self, part: Part) -> Forwarded:
        header = part.header or Header(part.start, part.start)
        start, end = part.body
        return Forwarded(
            part, header.sender, header.date, header.to, header.subject, without_marks(self.text[start:end])
        )


def without_marks(text: str) -> str:
    """Return a text without marks of quoting where all its lines have them: one level is taken away, or all of it
    where the level differs; a text of which a line has none stays as it is.
    """
    lines = lines_of(text)
    if not any(line.depth for line in lines) or any(line.depth == 0 and not line.blank for line in lines):
        return text
    least = min(line.depth for line in lines if line.depth)
    return "".join("> " * (line.depth - least) + line.bare if line.depth else line.bare for line in lines)
