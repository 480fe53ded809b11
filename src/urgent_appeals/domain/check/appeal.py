"""Rules about what `appeal.yaml` says: code, dates, recipients, issuers, people, folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from urgent_appeals.domain import case_code
from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.check.definitions import Definitions, did_you_mean, unknown_recipient
from urgent_appeals.domain.lineage import followers
from urgent_appeals.domain.missions import MISSIONS
from urgent_appeals.domain.problem import Problem
from urgent_appeals.domain.publish import issuer_named
from urgent_appeals.domain.standing import is_out, last_day, standing

_ASK_FIRST = "ask before anything is published; then say consent: given, public or refused (with a pseudonym)"


def code_fits(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield what is odd about the code, its kind and its place among the updates of the case."""
    origin, code, issued = appeal.origin, appeal.code, appeal.dates.issued
    for words in case_code.warnings(code, issued=issued):
        yield origin.warning(("code",), words)
    if appeal.kind is Kind.NEW and code.update:
        yield origin.warning(("kind",), f"{code} is update {code.update} of its case", hint="say kind: update")
    for other in definitions.case(appeal):
        before = other.dates.issued
        if code.is_newer_than(other.code) and issued is not None and before is not None and before > issued:
            message = f"{other.code}, which comes before it, was issued later, on {before}"
            yield origin.warning(("dates", "issued"), message)
    if appeal.follows is not None and appeal.follows.same_case(code):
        hint = "updates of a case come after each other by their number; take follows away"
        yield origin.warning(("follows",), f"{appeal.follows} is of the same case, not of another series", hint=hint)
    for index, earlier in enumerate(appeal.earlier):
        if earlier.same_case(code) and not code.is_newer_than(earlier):
            yield origin.warning(("earlier", index), f"{earlier} is not earlier than {code}")


def is_continued(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield an appeal of another series that goes on with the case of this one while this one is open still.

    Only an update or a stop of the same case ends an appeal: what another series says of it is for people to weigh.
    """
    on = definitions.on
    if on is None or not standing(appeal, definitions.case(appeal), on).is_open:
        return
    out = [other for other in followers(appeal, definitions.appeals) if is_out(other, on)]
    for other in out[-1:]:
        does = "ended the letter-writing" if other.kind is Kind.STOP else "goes on with it"
        message = (
            f"{other.code} of {other.dates.issued}, which follows this case, {does}: is this one still to be used?"
        )
        hint = "if not, let its own update, stop or act_by say so"
        yield appeal.origin.warning(("code",), message, hint=hint)


def dates_fit(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield what is odd about the days of issue, embargo and deadline."""
    origin, dates = appeal.origin, appeal.dates
    if dates.issued is None:
        if appeal.historical:
            message = "an appeal kept as history needs its date of issue (dates: issued)"
            yield origin.problem(("historical",), message)
        elif not appeal.draft:
            yield origin.warning(("dates",), "no date of issue: the appeal counts as a draft")
        return
    for channel, day in dates.act_by.items():
        if day < dates.issued:
            message = f"the deadline {day} is before the date of issue, {dates.issued}"
            yield origin.problem(("dates", "act_by", channel), message)
    if appeal.kind is Kind.STOP:
        return
    if not dates.act_by:
        yield origin.warning(("dates",), f"no act_by: six weeks are assumed, until {last_day(appeal)}")
    if dates.embargo is not None and dates.embargo > last_day(appeal):
        message = f"the embargo ends after the last day to act, {last_day(appeal)}"
        yield origin.problem(("dates", "embargo"), message)


def recipients_exist(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield references that name no recipient."""
    for field, names in (("recipients", appeal.recipients), ("copies", appeal.copies)):
        for index, name in enumerate(names):
            if definitions.is_missing(name) and (field, name) != ("copies", MISSIONS):
                yield unknown_recipient(appeal.origin, (field, index), name, definitions)
    if not appeal.recipients and appeal.kind is not Kind.STOP:
        yield appeal.origin.warning((), "the appeal names no recipients: no letter can be made")


def issuers_exist(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield issuers that the campaign does not know, and the lack of issuers and sources."""
    campaign = definitions.campaign
    for field, named in (("issuers", appeal.issuers), ("republished_by", appeal.republished_by)):
        for index, reference in enumerate(named):
            if issuer_named(reference, campaign) is None:
                message = f"no issuer {reference!r} in campaign.yaml"
                hint = did_you_mean(str(reference), campaign.issuers)
                yield appeal.origin.problem((field, index), message, hint=hint)
    if not appeal.issuers:
        yield appeal.origin.warning((), "the appeal names no issuers: who publishes it?")
    if not appeal.sources:
        yield appeal.origin.warning((), "the appeal names no sources: where are its facts from?")


def people_consent(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield people who are named although they refused it, or before anybody asked them."""
    for name, person in appeal.people.items():
        if person.consent == "not-asked" and not person.pseudonym:
            message = "nobody has asked this person whether they may be named"
            yield appeal.origin.warning(("people", name, "consent"), message, hint=_ASK_FIRST)
        if person.consent is None and not (person.pseudonym or appeal.historical):
            message = "nothing says whether they agreed to be named"
            yield appeal.origin.warning(("people", name), message, hint=_ASK_FIRST)
        if person.consent == "refused" and not person.pseudonym:
            message, hint = (
                "a person who refused to be named needs a pseudonym",
                "put it in name, and say pseudonym: true",
            )
            yield appeal.origin.problem(("people", name), message, hint=hint)


def folder_is_named_by_code(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield a folder whose name is not that of the case and the update, where people would look for it."""
    expected = (case_code.slug(appeal.code.case), f"{appeal.code.update or 0:02}")
    parts = PurePosixPath(appeal.folder).parts[-2:]
    if len(parts) == 2 and parts != expected and appeal.code.scheme != case_code.UNREAD:
        message = f"the folder of {appeal.code} is called {'/'.join(parts)}"
        yield appeal.origin.warning(("code",), message, hint=f"the usual name is {'/'.join(expected)}")
