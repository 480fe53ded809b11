"""Decide how fast letters leave, and when one that was put off is tried again: numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from urgent_appeals.domain.values import Value

SHORTEST: Final = timedelta(minutes=5)
"""The wait after a letter was put off for the first time; it doubles each time …"""
LONGEST: Final = timedelta(hours=4)
"""… up to this."""
PATIENCE: Final = timedelta(days=5)
"""How long a letter is tried, from its first attempt."""
FEWEST: Final = 3
"""The attempts that are made however long ago the first was: a clock that jumped ahead gives nothing up."""
MOST: Final = 36
"""The attempts that waits of that kind allow within that patience: a clock that stands still changes nothing."""
DAY: Final = timedelta(days=1)


class Limits(Value):
    """How fast letters leave: per account and rolling day, and with a pause between two of them.

    `slow_start` is the most on the first day of an account, doubled each day until `per_day` is reached.
    """

    per_day: Annotated[int, Field(ge=1)] = 200
    pause_seconds: Annotated[float, Field(ge=0, le=3600)] = 2
    per_domain_pause_seconds: Annotated[float, Field(ge=0, le=3600)] = 10
    slow_start: Annotated[int | None, Field(ge=1)] = None


def retry_at(attempts: int, at: datetime) -> datetime:
    """Return when to try again what was put off at `at`, after so many attempts (from 1 on)."""
    doublings = min(max(attempts - 1, 0), 8)  # more would reach the longest wait all the same
    return at + min(SHORTEST * (1 << doublings), LONGEST)


def give_up(attempts: int, first: datetime, at: datetime) -> bool:
    """Return whether a letter that was put off once more at `at` has failed, its first attempt being at `first`."""
    return attempts >= MOST or (attempts >= FEWEST and at - first >= PATIENCE)


def most_on(limits: Limits, first: datetime | None, at: datetime) -> int:
    """Return how many may leave within a day at `at`, where the account sent its `first` then (None: never)."""
    if limits.slow_start is None:
        return limits.per_day
    days = max((at - first) // DAY, 0) if first is not None else 0
    return min(limits.slow_start * (1 << min(days, 30)), limits.per_day)


def room_at(sent: Iterable[datetime], most: int, at: datetime) -> datetime:
    """Return when the next may leave: now, or when enough of those `sent` before are a day old.

    What is dated after `at` counts as well: a clock that was set back makes no room.
    """
    recent = sorted(moment for moment in sent if moment > at - DAY)
    return at if len(recent) < most else recent[-most] + DAY


def wait(limits: Limits, *, since_last: float | None, since_domain: float | None, jitter: float) -> float:
    """Return the seconds to wait before the next leaves.

    `since_last` and `since_domain` are the seconds, by a clock that cannot be set, since the last of all left and since
    the last to the same domain (None: none yet). `jitter`, from 0 to 1, lengthens a pause by up to a half.
    """
    factor = 1 + jitter / 2
    pauses = ((limits.pause_seconds, since_last), (limits.per_domain_pause_seconds, since_domain))
    return max(0.0, *(pause * factor - since for pause, since in pauses if since is not None), 0.0)
