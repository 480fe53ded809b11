"""Choose the missions of a recipient's state: who gets copies, and who forwards letters where post is suspended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.directory import Directory, Mission
from urgent_appeals.domain.letter import Addressee
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.recipients import Recipient
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
    for directory in {recipient.directory.id: recipient.directory for recipient in recipients}.values():
        for mission in directory.missions:
            yield directory, mission


def is_suspended(directory: Directory, home: CountryCode | None) -> bool:
    """Return whether post from a country to the recipients of a directory is suspended."""
    return "*" in directory.post_suspended or (home is not None and home in directory.post_suspended)


def as_addressee(mission: Mission, directory: Directory, language: str) -> Addressee:
    """Return a mission as the bulletin lists it; raises MissingWording where it has no name in the language."""
    name = _name(mission, directory, language)
    lines = _lines(mission, language)
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


def forwarded(addressee: Addressee, recipient: Recipient, home: CountryCode | None, phrases: Phrases) -> Addressee:
    """Return the addressee as a letter can reach it: c/o the mission, to be forwarded, where post is suspended.

    The address stays as it is where post runs, or no mission with an address in the sender's country is known
    (`domain.check` says so).
    """
    directory = recipient.directory
    mission = mission_in(directory, home)
    lines = _lines(mission, phrases.language) if mission is not None else ()
    if mission is None or not lines or not is_suspended(directory, home):
        return addressee
    through = phrases.letter.care_of.replace("{mission}", _name(mission, directory, phrases.language))
    block = (phrases.letter.please_forward, *addressee.by_name, through, *lines)
    return addressee.model_copy(update={"block": block})


def _lines(mission: Mission, language: str) -> tuple[str, ...]:
    return next((lines for each in mission.addresses if (lines := each.lines.get(language) or each.lines.get("*"))), ())


def _name(mission: Mission, directory: Directory, language: str) -> str:
    name = in_language(mission.name, language)
    if name is None:
        raise MissingWording(directory.id, f"the name of the mission in {mission.host}", language)
    return name
