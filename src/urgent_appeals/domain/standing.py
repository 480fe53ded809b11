"""Judge whether an appeal may be written on: what it is on a day, and the last day for each channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.campaign import Channel
from urgent_appeals.domain.letter import Deadline
from urgent_appeals.domain.values import Value

ASSUMED_TIME_TO_ACT = timedelta(weeks=6)
"""How long after its issue an appeal that names no deadline is taken to be open."""
POST_LEAD_TIME = timedelta(days=7)
"""How long before the general deadline a letter must be posted, where the appeal names no day for post."""


class State(StrEnum):
    """What an appeal is on a day."""

    DRAFT = "draft"
    EMBARGOED = "embargoed"
    OPEN = "open"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    STOPPED = "stopped"
    HISTORICAL = "historical"


class Standing(Value):
    """The state of an appeal on a day, with the reason in words (empty when open)."""

    state: State
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether letters may be made without an override."""
        return self.state is State.OPEN


def standing(appeal: Appeal, case: Iterable[Appeal], on: date) -> Standing:
    """Return the standing of an appeal on a day; `case` holds the appeals of its case that are known.

    The newest appeal of the case that is out on the day decides: a stop ends the writing, an update replaces
    what was before it, a stop too. An appeal of another series that follows the case replaces nothing: it may be of
    another issuer, who speaks for nobody else.
    """
    if appeal.draft or appeal.dates.issued is None:
        why = "it is marked as a draft" if appeal.draft else "it has no date of issue"
        return Standing(state=State.DRAFT, reason=why)
    if not is_out(appeal, on):
        until = max(appeal.dates.issued, appeal.dates.embargo or appeal.dates.issued)
        return Standing(state=State.EMBARGOED, reason=f"it may not be used before {until}")
    newest = newest_out(appeal, case, on)
    if newest.kind is Kind.STOP:
        why = f"{newest.code} of {newest.dates.issued} ended the letter-writing"
        return Standing(state=State.STOPPED, reason=why)
    return _within_the_case(appeal, newest, on)


def newest_out(appeal: Appeal, case: Iterable[Appeal], on: date) -> Appeal:
    """Return the newest appeal of the case that is out on a day, the appeal itself where none replaces it."""
    later = [other for other in case if other.code.is_newer_than(appeal.code) and is_out(other, on)]
    return max((appeal, *later), key=lambda other: other.code.update or 0)


def is_out(appeal: Appeal, on: date) -> bool:
    """Tell whether an appeal is published by a day: neither a draft nor before its issue or its embargo."""
    issued, embargo = appeal.dates.issued, appeal.dates.embargo
    return not appeal.draft and issued is not None and issued <= on and (embargo is None or embargo <= on)


def deadlines(appeal: Appeal, channels: Iterable[Channel]) -> tuple[Deadline, ...]:
    """Return the last day to set out for each channel, in the given order.

    A channel without a day of its own takes the general day, post a week earlier; without any day named, six
    weeks after the issue are assumed. A stop has no deadline, nor has an appeal without a date of issue.
    """
    if appeal.dates.issued is None or appeal.kind is Kind.STOP:
        return ()
    return tuple(_deadline(appeal, appeal.dates.issued, channel) for channel in channels)


def general_day_for(channel: Channel, general: date, issued: date) -> date:
    """Return the last day for a channel that has none of its own: the general day, for post a week earlier."""
    if channel != "post":
        return general
    return issued if general - issued < POST_LEAD_TIME else general - POST_LEAD_TIME


def last_day(appeal: Appeal) -> date:
    """Return the last day on which any letter may be made; raises ValueError without a date of issue."""
    issued = appeal.dates.issued
    if issued is None:
        raise ValueError(f"{appeal.code} has no date of issue")
    return max(appeal.dates.act_by.values(), default=issued + min(ASSUMED_TIME_TO_ACT, date.max - issued))


def _within_the_case(appeal: Appeal, newest: Appeal, on: date) -> Standing:
    last = last_day(appeal)
    if appeal.historical and on > last:
        window = f"letters can be made for days from {appeal.dates.issued} to {last} only (--on)"
        return Standing(state=State.HISTORICAL, reason=f"it is kept as history: {window}")
    if newest is not appeal:
        why = f"{newest.code} of {newest.dates.issued} replaces it; write on that one"
        return Standing(state=State.SUPERSEDED, reason=why)
    if on > last:
        assumed = "" if appeal.dates.act_by else ", six weeks after its issue, since it names no deadline"
        return Standing(state=State.EXPIRED, reason=f"its last day was {last}{assumed}")
    return Standing(state=State.OPEN)


def _deadline(appeal: Appeal, issued: date, channel: Channel) -> Deadline:
    named = appeal.dates.act_by
    if channel in named:
        return Deadline(channel=channel, act_by=named[channel])
    general = named.get("*", last_day(appeal))
    return Deadline(channel=channel, act_by=general_day_for(channel, general, issued), assumed=not named)
