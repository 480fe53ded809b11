"""Tell the time in a run, wait in it, and notice when the clock of the machine cannot be right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

_BACK: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(days=1)


class Clock(Protocol):
    """What time it is, how long ago something was, and a wait that an interruption ends."""

    def now(self) -> datetime:
        """Return the time in UTC, which may be set back or ahead at any moment."""
        ...

    def monotonic(self) -> float:
        """Return seconds by a clock that cannot be set."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait, or until interrupted."""
        ...

    def interrupted(self) -> bool:
        """Whether a person has asked to stop after the item in hand."""
        ...


class Watch:
    """Compare the clock of the machine with one that cannot be set, from now on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began, self._at = clock.now(), clock.monotonic()

    def set_meanwhile(self) -> str:
        """Return that the clock was set far back or ahead since, in words; empty where it was not.

        A machine that slept may seem to be one whose clock was set ahead.
        """
        expected = self._began + timedelta(seconds=self._clock.monotonic() - self._at)
        now = self._clock.now()
        if expected - _BACK <= now <= expected + _AHEAD:
            return ""
        return f"the clock, which now says {now:%Y-%m-%d %H:%M} UTC, was set in the midst of it: see that it is right"


def is_behind(now: datetime, latest: datetime) -> bool:
    """Return whether a clock cannot be right that says `now` after something was recorded at `latest`."""
    return now < latest - _BACK
