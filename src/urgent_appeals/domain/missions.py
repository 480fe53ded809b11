"""Choose the missions of a recipient's state: who gets copies, and who forwards letters where post is suspended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.directory import Directory, Mission
from urgent_appeals.domain.letter import Addressee
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.recipients import Recipient, directories_of
from urgent_appeals.domain.values import CountryCode, in_language
from urgent_appeals.errors import MissingWording

MISSIONS = "missions"
"""What stands among the `copies` of an appeal or a campaign for the missions of the recipients' states."""


def copied(appeal: Appeal, campaign: Campaign) -> tuple[str, ...]:
    """Return who gets copies of an appeal, each once: whom it names, then whom the campaign names for every appeal."""
    return tuple(dict.fromkeys((*appeal.copies, *campaign.copies)))


def named_copies(appeal: Appeal, campaign: Campaign) -> tuple[str, ...]:
    """Return the copies that are recipients of directories."""
    return tuple(name for name in copied(appeal, campaign) if name != MISSIONS)


def mission_in(directory: Directory, host: CountryCode | None) -> Mission | None:
    """Return the mission of a directory's state in a country, the first that it lists, or None."""
    return next((mission for mission in directory.missions if mission.host == host), None)


def missions_of(recipients: Iterable[Recipient]) -> Iterator[tuple[Directory, Mission]]:
    """Yield the missions of the recipients' states, each once, in the order of the recipients."""
    for directory in directories_of(recipients):
        for mission in directory.missions:
            yield directory, mission


def homes(campaign: Campaign) -> tuple[CountryCode | None, ...]:
    """Return the countries that the senders of a campaign write from, each once."""
    return tuple(dict.fromkeys(sender.country or campaign.country for sender in campaign.senders.values()))


def missions_used(
    appeal: Appeal, campaign: Campaign, recipients: Iterable[Recipient], on: date
) -> Iterator[tuple[Directory, Mission]]:
    """Yield the missions that an appeal needs on a day: those that get copies, and those that forward its letters."""
    copies = MISSIONS in copied(appeal, campaign)
    for directory in directories_of(recipients):
        forwarding = [mission_in(directory, home) for home in homes(campaign) if is_suspended(directory, home, on)]
        for mission in directory.missions:
            if copies or mission in forwarding:
                yield directory, mission


def is_suspended(directory: Directory, home: CountryCode | None, on: date) -> bool:
    """Return whether post from a country to the recipients of a directory is suspended on a day."""
    return any(suspension.holds(home, on) for suspension in directory.post_suspended)


def suspended(directory: Directory, home: CountryCode | None, on: date) -> tuple[str, ...]:
    """Return in words that post from a country is suspended on a day, and what happens to letters; else nothing."""
    if not is_suspended(directory, home, on):
        return ()
    mission = mission_in(directory, home)
    forwards = mission is not None and mission.address(on) is not None
    way = "letters go c/o the mission there" if forwards else "no mission there can forward letters"
    return (f"post from {home or 'everywhere'} is suspended; {way}",)


def as_addressee(mission: Mission, directory: Directory, language: str, on: date) -> Addressee:
    """Return a mission as the bulletin of a day lists it; raises MissingWording without a name in the language."""
    name = _name(mission, directory, language)
    lines = _lines(mission, language, on)
    return Addressee(
        recipient=f"{directory.id}/{MISSIONS}-{mission.host.lower()}",
        name=name,
        block=(name, *lines) if lines else (),
        email=mission.emails[0] if mission.emails else None,
        contacts=mission.contacts,
    )


def mission_names(recipient: Recipient, home: CountryCode | None, language: str) -> tuple[str, ...]:
    """Return the name of the mission of a recipient's state in the sender's country, for the copy lines, if any."""
    mission = mission_in(recipient.directory, home)
    return () if mission is None else (_name(mission, recipient.directory, language),)


def forwarded(
    addressee: Addressee, recipient: Recipient, home: CountryCode | None, phrases: Phrases, on: date
) -> Addressee:
    """Return the addressee as a letter of a day can reach it: c/o the mission, to forward it, where post is suspended.

    The address stays as it is where post runs, or no mission with an address in the sender's country is known
    (`domain.check` says so).
    """
    directory = recipient.directory
    mission = mission_in(directory, home)
    lines = _lines(mission, phrases.language, on) if mission is not None else ()
    if mission is None or not lines or not is_suspended(directory, home, on):
        return addressee
    through = phrases.letter.care_of.replace("{mission}", _name(mission, directory, phrases.language))
    block = (phrases.letter.please_forward, *addressee.by_name, through, *lines)
    return addressee.model_copy(update={"block": block})


def _lines(mission: Mission, language: str, on: date) -> tuple[str, ...]:
    place = mission.address(on)
    return () if place is None else place.lines.get(language) or place.lines.get("*") or ()


def _name(mission: Mission, directory: Directory, language: str) -> str:
    name = in_language(mission.name, language)
    if name is None:
        raise MissingWording(directory.id, f"the name of the mission in {mission.host}", language)
    return name
