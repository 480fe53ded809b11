"""Rules about the workspace as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.check.definitions import Definitions, bad_address, did_you_mean, unknown_recipient, unsaid
from urgent_appeals.domain.missions import MISSIONS
from urgent_appeals.domain.problem import Problem

_UNREVIEWED = "say `reviewed: true` in such a file of your workspace once somebody has read it"


def check_campaign(definitions: Definitions) -> Iterator[Problem]:
    """Yield what is wrong with the campaign, with the wording it uses, and with codes given twice."""
    yield from _names_exist(definitions)
    yield from _senders(definitions)
    yield from _wording_is_reviewed(definitions)
    yield from _codes_are_unique(definitions)


def _names_exist(definitions: Definitions) -> Iterator[Problem]:
    campaign, origin = definitions.campaign, definitions.campaign.origin
    if campaign.sender not in campaign.senders:
        hint = did_you_mean(campaign.sender, campaign.senders)
        yield origin.problem(("sender",), f"no sender {campaign.sender!r} in this file", hint=hint)
    schemes = [scheme.name for scheme in campaign.schemes]
    if campaign.numbering is not None and campaign.numbering not in schemes:
        hint = did_you_mean(campaign.numbering, schemes)
        yield origin.problem(("numbering",), f"no scheme {campaign.numbering!r} in this file", hint=hint)
    for index, name in enumerate(campaign.copies):
        if name != MISSIONS and definitions.is_missing(name):
            yield unknown_recipient(origin, ("copies", index), name, definitions)
    for index, language in enumerate(campaign.languages):
        if definitions.has_no_wording(language):
            yield origin.problem(("languages", index), f"there is no templates/phrases/{language}.yaml")


def _senders(definitions: Definitions) -> Iterator[Problem]:
    campaign, origin = definitions.campaign, definitions.campaign.origin
    written_in = (language for appeal in definitions.appeals for language in appeal.languages)
    languages = tuple(dict.fromkeys((*campaign.languages, *written_in)))
    yield from bad_address(origin, ("reply_to",), campaign.reply_to)
    for name, sender in campaign.senders.items():
        yield from bad_address(origin, ("senders", name, "email"), sender.email)
        for field in ("name", "role", "organisation", "country_line"):
            yield from unsaid(origin, ("senders", name, field), getattr(sender, field), languages)


def _wording_is_reviewed(definitions: Definitions) -> Iterator[Problem]:
    used = {language for appeal in definitions.appeals for language in appeal.languages}
    for language in sorted(used & definitions.phrases.keys()):
        phrases = definitions.phrases[language]
        if not phrases.reviewed:
            message = f"the fixed wording in {language!r} is not reviewed by anyone who knows the language"
            yield phrases.origin.warning(("reviewed",), message, hint=_UNREVIEWED)


def _codes_are_unique(definitions: Definitions) -> Iterator[Problem]:
    seen: dict[CaseCode, str] = {}
    for appeal in definitions.appeals:
        others = ((("other_codes", index), code) for index, code in enumerate(appeal.other_codes))
        for path, code in ((("code",), appeal.code), *others):
            if code in seen:
                yield appeal.origin.problem(path, f"{code} is a code of {seen[code]} already")
            seen.setdefault(code, appeal.origin.file)
