"""Keep a run to its limits: so many letters a day, a pause between two, a longer one for the same domain."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from urgent_appeals.domain.throttle import DAY, Limits, most_on, room_at, wait
from urgent_appeals.pipeline.clock import Clock


class Pace:
    """The pace of letters by mail; `sent` is when letters left lately, `first` when this account's first one did.

    What is dated more than a day ahead was sent while the clock was wrong, and does not hold letters up until then.
    """

    def __init__(self, limits: Limits, clock: Clock, sent: Iterable[datetime] = (), first: datetime | None = None):
        self._limits, self._clock, self._first = limits, clock, first
        self._sent = [at for at in sent if at <= clock.now() + DAY]
        self._last: float | None = None
        self._of_domain: dict[str, float] = {}
        self._resting: set[str] = set()

    def room(self) -> datetime | None:
        """Return when there is room for another one, None where there is now."""
        now = self._clock.now()
        room = room_at(self._sent, most_on(self._limits, self._first, now), now)
        return room if room > now else None

    def wait(self, address: str | None) -> None:
        """Wait as long as the pauses ask."""
        now = self._clock.monotonic()
        seconds = wait(
            self._limits,
            since_last=None if self._last is None else now - self._last,
            since_domain=None if (last := self._of_domain.get(_domain(address))) is None else now - last,
            jitter=secrets.randbelow(1000) / 1000,
        )
        if seconds > 0:
            self._clock.pause(seconds)

    def handed_over(self, address: str | None) -> None:
        """Take note that a letter was handed over, or tried to."""
        self._last = self._of_domain[_domain(address)] = self._clock.monotonic()

    def transmitted(self) -> None:
        """Take note that a letter is about to be transmitted whole: it counts for the day."""
        self._sent.append(self._clock.now().astimezone(UTC))

    def rest(self, address: str | None) -> None:
        """Let what goes to the domain of an address rest until the next run."""
        self._resting.add(_domain(address))

    def rests(self, address: str | None) -> bool:
        """Return whether the domain of an address is at rest."""
        return _domain(address) in self._resting


def _domain(address: str | None) -> str:
    return (address or "").rpartition("@")[2].lower()
