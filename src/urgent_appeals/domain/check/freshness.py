"""Rules about recipients that an appeal uses: whether they can still be trusted, and whether post reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.check.definitions import Definitions, unsaid
from urgent_appeals.domain.check.directory import entry_is_fresh
from urgent_appeals.domain.directory import Directory, Mission
from urgent_appeals.domain.missions import (
    MISSIONS,
    copied,
    homes,
    is_suspended,
    mission_in,
    missions_of,
    missions_used,
    named_copies,
)
from urgent_appeals.domain.problem import Problem
from urgent_appeals.domain.recipients import directories_of, resolve
from urgent_appeals.domain.standing import standing


def recipients_are_fresh(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield recipients, and missions that get copies, whose entry was checked long ago, bounced or was returned.

    An appeal that is open is judged on the day it is, any other on the day of its issue.
    """
    day = _judged_on(appeal, definitions)
    if day is None:
        return
    campaign, directories = definitions.campaign, definitions.directories
    names = (*appeal.recipients, *named_copies(appeal, campaign))
    for recipient in resolve(names, directories).recipients:
        name = recipient.id.partition("/")[2]
        yield from entry_is_fresh(recipient.office, recipient.directory, ("offices", name), day)
    recipients = resolve(appeal.recipients, directories).recipients
    for directory, mission in missions_used(appeal, campaign, recipients, day):
        yield from entry_is_fresh(mission, directory, ("missions", directory.missions.index(mission)), day)


def missions_are_worded(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield missions that get copies but have no name in a language of the appeal, and states that have none."""
    for directory, mission in _copied_missions(appeal, definitions):
        path = ("missions", directory.missions.index(mission), "name")
        yield from unsaid(directory.origin, path, mission.name, appeal.languages)
    if MISSIONS in copied(appeal, definitions.campaign):
        for directory in _directories(appeal, definitions):
            for home in homes(definitions.campaign):
                if directory.country not in (None, home) and home and mission_in(directory, home) is None:
                    message = f"copies go to missions, but none of {directory.id} is known in {home}"
                    yield directory.origin.warning(("missions",), message, hint="add the mission, or go without a copy")


def post_is_forwarded(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield directories to which post is suspended from a sender's country where no mission is known to forward it."""
    day = _judged_on(appeal, definitions)
    if day is None:
        return
    for directory in _directories(appeal, definitions):
        for home in homes(definitions.campaign):
            mission = mission_in(directory, home)
            if is_suspended(directory, home, day) and (mission is None or mission.address(day) is None):
                where = home or "the sender's country"
                message = f"post from {where} is suspended, and no mission there can forward it"
                yield directory.origin.warning(("post_suspended",), message, hint="add the mission and its address")


def _judged_on(appeal: Appeal, definitions: Definitions) -> date | None:
    issued = appeal.dates.issued
    if appeal.historical or issued is None or definitions.on is None:
        return issued if appeal.historical else definitions.on
    now = standing(appeal, definitions.case(appeal), definitions.on)
    return definitions.on if now.is_open or issued > definitions.on else issued


def _copied_missions(appeal: Appeal, definitions: Definitions) -> Iterator[tuple[Directory, Mission]]:
    if MISSIONS in copied(appeal, definitions.campaign):
        yield from missions_of(resolve(appeal.recipients, definitions.directories).recipients)


def _directories(appeal: Appeal, definitions: Definitions) -> tuple[Directory, ...]:
    """Return the directories of an appeal's recipients, each once."""
    return directories_of(resolve(appeal.recipients, definitions.directories).recipients)
