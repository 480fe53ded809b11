"""Compose the bulletin: the appeal as published, in one language, without layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign, Issuer, Programme
from urgent_appeals.domain.compose import address, channels_to
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.freshness import Caveat, caveats
from urgent_appeals.domain.letter import Addressee, Bulletin, Subject
from urgent_appeals.domain.missions import (
    MISSIONS,
    as_addressee,
    copied,
    forwarded,
    is_suspended,
    missions_of,
    named_copies,
)
from urgent_appeals.domain.numerals import numbered
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import Block, Occurrence, Prose, headings_once
from urgent_appeals.domain.recipients import Recipient, group_named, resolve
from urgent_appeals.domain.standing import deadlines
from urgent_appeals.domain.values import Wording, in_language
from urgent_appeals.domain.wording import number_notes, salutation
from urgent_appeals.errors import MissingWording


def publish(  # noqa: PLR0913 (a bulletin is made of that many things; each is named in the call)
    appeal: Appeal,
    *,
    campaign: Campaign,
    phrases: Phrases,
    directories: Mapping[str, Directory],
    on: date,
    override: str | None = None,
) -> Bulletin:
    """Return the bulletin of an appeal in the phrases' language; addresses and holders are those of the day.

    Raises MissingWording where the appeal has no prose or title in the language, or a recipient no name or
    form of address.
    """
    language = phrases.language
    item = f"the bulletin of {appeal.code}"
    prose = appeal.prose.get(language)
    title = in_language(appeal.title, language) if prose is None or prose.title is None else prose.title
    if prose is None or title is None:
        raise MissingWording(item, "the appeal" if prose is None else "the title", language)
    resolved = resolve(appeal.recipients, directories)
    recipients = resolved.recipients
    copies = resolve(named_copies(appeal, campaign), directories).recipients
    notes, parts, requests = number_notes(
        prose.notes,
        prose.new_information,
        prose.background,
        *(occurrence.blocks for occurrence in prose.chronology),
        prose.remarks,
        requests=numbered(headings_once(prose.requests), appeal.numbering, language),
        requests_after=2 + len(prose.chronology),
    )
    return Bulletin(
        code=appeal.code,
        language=language,
        kind=appeal.kind.value,
        title=title,
        series=in_language(appeal.series, language),
        standing=in_language(appeal.standing, language),
        country=_country(appeal, directories, language),
        issued=appeal.dates.issued,
        on=on,
        programme=_programme(appeal.programme, language),
        issuers=_issuers(appeal.issuers, campaign, language),
        republished_by=_issuers(appeal.republished_by, campaign, language),
        people=_people(appeal, language),
        violations=_said(appeal.violations, language),
        occasion=appeal.occasion.model_copy(update={"name": _only(appeal.occasion.name, language)})
        if appeal.occasion
        else None,
        deadlines=deadlines(appeal, channels_to(recipients, campaign, on) or (("hand",) if recipients else ())),
        new_information=parts[0],
        background=parts[1],
        chronology=_chronology(prose, parts[2:-1]),
        requests=requests,
        remarks=parts[-1],
        addressees=tuple(_addressee(recipient, campaign, phrases, on) for recipient in recipients),
        salutations=tuple(_salutation(recipient, phrases, on) for recipient in recipients),
        unwritten=tuple(_unwritten(reference, directories, language) for reference, _ in resolved.without_letter),
        copies=tuple(name for copy in _others(copies, recipients) for name in address(copy, language, on).listed),
        missions=tuple(
            as_addressee(mission, directory, language, on).model_copy(
                update={"caveats": _of_what_came_back(caveats(mission, directory, on))}
            )
            for directory, mission in missions_of(recipients)
        )
        if MISSIONS in copied(appeal, campaign)
        else (),
        notes=notes,
        sources=appeal.sources,
        earlier=tuple(str(code) for code in appeal.earlier),
        other_codes=tuple(str(code) for code in appeal.other_codes),
        follows=str(appeal.follows) if appeal.follows is not None else None,
        place_line=prose.place_line,
        outcome=_outcome(appeal, phrases),
        outcome_on=appeal.outcome.date if appeal.outcome else None,
        requests_are_ours=appeal.requests_by == "us",
        reviewed=language in appeal.reviewed and phrases.reviewed,
        historical=appeal.historical,
        override=override,
        phrases=phrases,
    )


def issuer_named(reference: str | Issuer, campaign: Campaign) -> Issuer | None:
    """Return an issuer that an appeal writes out or names by its id in the campaign; None if unknown."""
    return campaign.issuers.get(reference) if isinstance(reference, str) else reference


def _issuers(references: tuple[str | Issuer, ...], campaign: Campaign, language: str) -> tuple[Issuer, ...]:
    known = (issuer_named(reference, campaign) for reference in references)
    return tuple(
        Issuer(name=_only(issuer.name, language), short=_only(issuer.short, language), contacts=issuer.contacts)
        for issuer in known
        if issuer is not None
    )


def _programme(programme: Programme | None, language: str) -> Programme | None:
    if programme is None:
        return None
    return Programme(
        name=_only(programme.name, language),
        standing=_only(programme.standing, language),
        note=_only(programme.note, language),
    )


def _people(appeal: Appeal, language: str) -> tuple[Subject, ...]:
    named = ((person, in_language(person.name, language)) for person in appeal.people.values())
    return tuple(
        Subject(
            name=name,
            variants=_spellings(name, person.variants),
            role=in_language(person.role, language),
            pseudonym=person.pseudonym,
        )
        for person, name in named
        if name is not None
    )


def _spellings(name: str, variants: tuple[str, ...]) -> tuple[str, ...]:
    """Return the variants that spell the whole name otherwise.

    Those that share a word with it, which keeps out other scripts, and are no part of it, such as a surname alone.
    """
    words = set(name.split())
    return tuple(variant for variant in variants if variant not in name and words.intersection(variant.split()))


def _chronology(prose: Prose, parts: tuple[tuple[Block, ...], ...]) -> tuple[Occurrence, ...]:
    return tuple(
        occurrence.model_copy(update={"blocks": blocks})
        for occurrence, blocks in zip(prose.chronology, parts, strict=True)
    )


def _country(appeal: Appeal, directories: Mapping[str, Directory], language: str) -> str | None:
    of_country = (d for d in directories.values() if d.country is not None and d.country == appeal.country)
    return next((name for d in of_country if (name := in_language(d.name, language))), None)


def _addressee(recipient: Recipient, campaign: Campaign, phrases: Phrases, on: date) -> Addressee:
    """Return an addressee with what to know before writing there: what came back, that post is suspended."""
    directory = recipient.directory
    found = _of_what_came_back(caveats(recipient.office, directory, on))
    if is_suspended(directory, campaign.country, on):
        found = (*found, Caveat(kind="suspended", words="post is suspended", field="post_suspended"))
    addressee = forwarded(address(recipient, phrases.language, on), recipient, campaign.country, phrases, on)
    return addressee.model_copy(update={"caveats": found})


def _of_what_came_back(found: tuple[Caveat, ...]) -> tuple[Caveat, ...]:
    return tuple(caveat for caveat in found if caveat.date is not None)


def _unwritten(reference: str, directories: Mapping[str, Directory], language: str) -> tuple[str, str]:
    """Return the name of a group that gets no letter, and why; empty where the directory does not say."""
    group = group_named(reference, directories)
    assert group is not None
    words = in_language(group.name, language), in_language(group.no_letter, language)
    if words[0] is None or (group.no_letter and words[1] is None):
        raise MissingWording(reference, "the group's name" if words[0] is None else "no_letter", language)
    return words[0], words[1] or ""


def _salutation(recipient: Recipient, phrases: Phrases, on: date) -> str:
    words = salutation(recipient.office, recipient.office.holder(on), phrases)
    if words is None:
        raise MissingWording(recipient.id, "the salutation", phrases.language)
    return words


def _others(copies: tuple[Recipient, ...], recipients: tuple[Recipient, ...]) -> Iterator[Recipient]:
    named = {recipient.id for recipient in recipients}
    return (copy for copy in copies if copy.id not in named)


def _outcome(appeal: Appeal, phrases: Phrases) -> str | None:
    if appeal.outcome is None:
        return None
    words = in_language(appeal.outcome.note, phrases.language)
    return words or phrases.bulletin.outcomes.get(appeal.outcome.state.value)


def _said(wordings: tuple[Wording, ...], language: str) -> tuple[str, ...]:
    return tuple(words for wording in wordings if (words := in_language(wording, language)))


def _only(wording: Wording, language: str) -> Wording:
    words = in_language(wording, language)
    return {} if words is None else {"*": words}
