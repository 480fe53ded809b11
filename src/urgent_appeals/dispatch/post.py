"""Lay letters out for the post: in one print run, which people print, put into envelopes and take to the post.

Nothing leaves by itself. From the mark on, a letter lies where anyone can print it, and only a person can say whether
that was done: so what comes back is `ForPrint`, and the letter is unknown until somebody has said that it is printed.
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from urgent_appeals.dispatch.channel import ForPrint, Mark, Parcel, Receipt
from urgent_appeals.errors import MessageRefused


class Tray(Protocol):
    """Where the letters of a print run are gathered."""

    def check(self, parcel: Parcel) -> None:
        """Raise AppealsError for a letter that could not be printed."""
        ...

    def lay(self, parcel: Parcel) -> str:
        """Take a letter, which is marked, and return where it will lie; whatever follows, it will."""
        ...

    def finish(self) -> None:
        """Make one PDF of all letters that were laid here and lie in none yet; raises AppealsError, OSError."""
        ...


class PostChannel:
    """The print run of a plan; it is made when the run of the plan ends."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:  # else the next run of the plan makes it
            self._tray.finish()

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Lay a letter into the print run (see `Channel`); raises AppealsError for what is no letter to print."""
        if parcel.to is not None or not parcel.pdf.startswith(b"%PDF-"):
            raise MessageRefused(str(parcel.item), "it is no letter to be printed")
        self._tray.check(parcel)
        mark()
        return ForPrint(self._tray.lay(parcel))
