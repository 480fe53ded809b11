"""Rules that everything a page says has words in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.check.definitions import Definitions, unsaid
from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.domain.missions import named_copies
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.problem import Origin, Path, Problem
from urgent_appeals.domain.publish import issuer_named
from urgent_appeals.domain.recipients import Recipient, group_named, resolve
from urgent_appeals.domain.values import Wording, in_language
from urgent_appeals.domain.wording import close, salutation


def appeal_is_worded(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield what `appeal.yaml` says in other languages of the appeal but not in this one."""
    for origin, path, wording in _wordings(appeal, definitions):
        yield from unsaid(origin, path, wording, appeal.languages)
    for language in appeal.languages:
        prose = appeal.prose.get(language)
        if prose is not None and prose.title is None and in_language(appeal.title, language) is None:
            hint = "begin the file with `# Title`"
            yield prose.origin.problem((), "the appeal has no title in this language", hint=hint)


def offices_are_worded(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield recipients without a name, address lines or form of address in a language of the appeal."""
    recipients = resolve(
        (*appeal.recipients, *named_copies(appeal, definitions.campaign)), definitions.directories
    ).recipients
    for language in appeal.languages:
        phrases = definitions.phrases.get(language)
        if phrases is not None:
            for recipient in recipients:
                directory = recipient.directory
                yield from unsaid(directory.origin, ("name",), directory.name, (language,))
                yield from unsaid(directory.origin, ("country_line",), directory.country_line, (language,))
                yield from _office(recipient, phrases)
    yield from _groups(appeal, definitions)


def _groups(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield groups that an appeal names where they have no words for what its documents say of them."""
    for reference in dict.fromkeys((*appeal.recipients, *named_copies(appeal, definitions.campaign))):
        group = group_named(reference, definitions.directories)
        if group is not None:
            directory, _, name = reference.partition("/")
            origin = definitions.directories[directory].origin
            for key in ("name", "no_letter"):
                yield from unsaid(origin, ("groups", name, key), getattr(group, key), appeal.languages)


def _wordings(appeal: Appeal, definitions: Definitions) -> Iterator[tuple[Origin, Path, Wording]]:
    origin = appeal.origin
    yield origin, ("series",), appeal.series
    yield origin, ("standing",), appeal.standing
    for name, person in appeal.people.items():
        yield origin, ("people", name, "name"), person.name
        yield origin, ("people", name, "role"), person.role
    for index, violation in enumerate(appeal.violations):
        yield origin, ("violations", index), violation
    if appeal.programme is not None:
        yield origin, ("programme", "name"), appeal.programme.name
        yield origin, ("programme", "standing"), appeal.programme.standing
        yield origin, ("programme", "note"), appeal.programme.note
    yield from _issuers(appeal, definitions.campaign)
    if appeal.outcome is not None:
        yield origin, ("outcome", "note"), appeal.outcome.note
    for index, source in enumerate(appeal.sources):
        yield origin, ("sources", index, "note"), source.note
    if appeal.occasion is not None:
        yield origin, ("occasion", "name"), appeal.occasion.name


def _issuers(appeal: Appeal, campaign: Campaign) -> Iterator[tuple[Origin, Path, Wording]]:
    for key, named in (("issuers", appeal.issuers), ("republished_by", appeal.republished_by)):
        for index, reference in enumerate(named):
            issuer = issuer_named(reference, campaign)
            if isinstance(reference, str) and issuer is not None:
                yield campaign.origin, ("issuers", reference, "name"), issuer.name
            elif issuer is not None:
                yield appeal.origin, (key, index, "name"), issuer.name


def _office(recipient: Recipient, phrases: Phrases) -> Iterator[Problem]:
    office, origin, language = recipient.office, recipient.directory.origin, phrases.language
    at: Path = ("offices", recipient.id.partition("/")[2])
    named: list[tuple[Path, Wording]] = [((*at, "name"), office.name)]
    named += [((*at, "through", "name"), office.through.name)] if office.through is not None else []
    named += [((*at, "holders", index, "name"), holder.name) for index, holder in enumerate(office.holders)]
    for path, wording in named:
        name = in_language(wording, language)
        if name is None:
            yield origin.problem(path, f"no name in {language!r}")
        elif (reason := unsafe(name)) is not None:
            yield origin.problem(path, f"the name {reason}")
    for index, address in enumerate(office.addresses):
        if not (address.lines.get(language) or address.lines.get("*")):
            hint = "give them in that language, or as '*' for every language"
            yield origin.problem((*at, "address", index), f"no address lines in {language!r}", hint=hint)
    for holder in (*office.holders, None):
        if salutation(office, holder, phrases) is None or close(office, holder, phrases) is None:
            message = f"no form of address in {language!r} fits this office"
            yield origin.problem(at, message, hint="add one under forms")
            break
