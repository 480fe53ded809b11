"""Look at the definitions of a workspace: list its appeals, show one, check all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.compose import address, channels_to, compose
from urgent_appeals.domain.freshness import caveats
from urgent_appeals.domain.letter import Addressee, Deadline
from urgent_appeals.domain.lineage import followers
from urgent_appeals.domain.missions import homes, missions_used, named_copies, suspended
from urgent_appeals.domain.problem import Problem, Severity
from urgent_appeals.domain.prose import text_of
from urgent_appeals.domain.recipients import Recipient, directories_of, resolve
from urgent_appeals.domain.standing import deadlines, last_day, newest_out, standing
from urgent_appeals.domain.translation import stale_translations
from urgent_appeals.domain.values import in_language
from urgent_appeals.errors import MissingWording, UnknownChoice, UnsafeHeader
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.lineage import LettersMade, made_on, wrote_before
from urgent_appeals.render.mailto import WARN_ABOVE, MailLink, mail_link

if TYPE_CHECKING:
    from urgent_appeals.pipeline.dispatched import Dispatched
    from urgent_appeals.pipeline.history import Out


@dataclass(frozen=True)
class Listed:
    """One line of the list: an appeal and its state on a day."""

    code: str
    title: str
    state: str
    reason: str
    issued: date | None
    act_by: date | None
    languages: tuple[str, ...]
    folder: str


@dataclass(frozen=True)
class Link:
    """How long the mail link to a recipient gets in a language, in encoded characters, and what fits it."""

    recipient: str
    language: str
    form: str
    encoded: int

    @property
    def holds(self) -> str:
        """What the link holds, in words."""
        words = {"whole": "the whole letter", "summary": "the summary only"}
        holds = words.get(self.form, "the subject only, the text is to be pasted")
        return f"{holds}; long for some mail programs" if self.encoded > WARN_ABOVE else holds


@dataclass(frozen=True)
class Shown:
    """An appeal as `show` tells it: who, what, to whom, until when, and the other appeals of the case."""

    listed: Listed
    kind: str
    people: tuple[str, ...]
    addressees: tuple[Addressee, ...]
    without_letter: tuple[tuple[str, str], ...]
    requests: tuple[tuple[str, str], ...]
    deadlines: tuple[Deadline, ...]
    links: tuple[Link, ...]
    case: tuple[Listed, ...]
    earlier: tuple[str, ...]
    follows: str | None
    sources: tuple[str, ...]
    problems: tuple[Problem, ...]
    followed_by: tuple[str, ...]
    embargo: date | None
    outcome: str | None
    stale: tuple[str, ...]
    wrote_before: tuple[LettersMade, ...]
    made: tuple[LettersMade, ...] = ()
    replaced_by: str | None = None
    caveats: tuple[tuple[str, str], ...] = ()
    out: tuple[Out, ...] = ()
    canonical: str = ""
    dispatched: tuple[Dispatched, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What `check` found, and how much it looked at."""

    problems: tuple[Problem, ...]
    appeals: int
    directories: int
    links: tuple[Link, ...] = ()

    @property
    def errors(self) -> int:
        """How many of the problems hold up work."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


def list_appeals(start: Path, on: date) -> tuple[Listed, ...]:
    """Return every appeal of a workspace with its state on a day, in the order of the folders."""
    desk = Desk.open(start, on)
    desk.refuse_unread_codes()
    return tuple(_listed(desk, appeal, on) for appeal in desk.workspace.appeals)


def show(start: Path, typed: str, on: date, language: str | None = None) -> Shown:
    """Return what there is to know of an appeal on a day; wording in a language, its first one unless told."""
    desk = Desk.open(start, on)
    appeal = desk.appeal(typed)
    if language is not None and language not in appeal.languages:
        raise UnknownChoice("language", language, appeal.languages)
    language = language or next(iter(appeal.languages))
    resolved = resolve(appeal.recipients, desk.workspace.directories)
    return Shown(
        listed=_listed(desk, appeal, on),
        kind=appeal.kind.value,
        people=tuple(in_language(person.name, language) or name for name, person in appeal.people.items()),
        addressees=_addressees(desk, appeal, language, on),
        without_letter=resolved.without_letter,
        requests=_requests(appeal, language),
        deadlines=deadlines(appeal, channels_to(resolved.recipients, desk.campaign, on)),
        links=mail_links(desk, appeal, on),
        case=tuple(_listed(desk, other, on) for other in desk.case(appeal)),
        earlier=tuple(str(code) for code in appeal.earlier),
        follows=str(appeal.follows) if appeal.follows is not None else None,
        followed_by=tuple(str(other.code) for other in followers(appeal, desk.workspace.appeals)),
        embargo=appeal.dates.embargo,
        outcome=_outcome(appeal, language),
        stale=stale_translations(appeal),
        wrote_before=wrote_before(desk, appeal),
        made=made_on(desk, [appeal]),
        replaced_by=_replaced_by(desk, appeal, on),
        sources=tuple(source.title for source in appeal.sources),
        problems=desk.problems_of(appeal),
        caveats=tuple(_caveats(desk, appeal, _judged_on(appeal, on))),
        canonical=appeal.code.canonical,
    )


def check(start: Path, typed: str | None, on: date) -> Checked:
    """Return the problems of a workspace, or of the files that one appeal needs, with the mail links of that appeal."""
    desk = Desk.open(start, on)
    workspace = desk.workspace
    if typed is None:
        return Checked(desk.problems, len(workspace.appeals), len(workspace.directories))
    appeal = desk.appeal(typed)
    problems = desk.problems_of(appeal)
    used = directories_of(resolve(appeal.recipients, workspace.directories).recipients)
    return Checked(problems, 1, len(used), mail_links(desk, appeal, on))


def _caveats(desk: Desk, appeal: Appeal, on: date) -> Iterator[tuple[str, str]]:
    """Yield what speaks against trusting whom the appeal reaches: recipients, copies, missions; and suspended post."""
    directories = desk.workspace.directories
    recipients = resolve(appeal.recipients, directories).recipients
    for recipient in resolve((*appeal.recipients, *named_copies(appeal, desk.campaign)), directories).recipients:
        yield from ((recipient.id, each.words) for each in caveats(recipient.office, recipient.directory, on))
    for directory, mission in missions_used(appeal, desk.campaign, recipients, on):
        who = f"{directory.id}, mission in {mission.host}"
        yield from ((who, each.words) for each in caveats(mission, directory, on))
    for directory in directories_of(recipients):
        yield from ((directory.id, words) for home in homes(desk.campaign) for words in suspended(directory, home, on))


def mail_links(desk: Desk, appeal: Appeal, on: date) -> tuple[Link, ...]:
    """Return how long the mail link to each recipient gets in each language; what cannot be composed is left out."""
    links = []
    for recipient in resolve(appeal.recipients, desk.workspace.directories).recipients:
        for language in appeal.languages:
            link = _mail_link(desk, appeal, recipient, language, on)
            if link is not None:
                links.append(Link(recipient.id, language, link.form, link.encoded))
    return tuple(links)


def _replaced_by(desk: Desk, appeal: Appeal, on: date) -> str | None:
    newest = newest_out(appeal, desk.case(appeal), on)
    return str(newest.code) if newest is not appeal else None


def _judged_on(appeal: Appeal, on: date) -> date:
    return appeal.dates.issued or on if appeal.historical else on


def _mail_link(desk: Desk, appeal: Appeal, recipient: Recipient, language: str, on: date) -> MailLink | None:
    phrases = desk.workspace.phrases.get(language)
    if phrases is None or not recipient.office.emails:
        return None
    try:
        letter = compose(
            appeal,
            recipient,
            campaign=desk.campaign,
            sender=desk.campaign.sender,
            phrases=phrases,
            directories=desk.workspace.directories,
            on=on,
        )
        return mail_link(letter)
    except (MissingWording, UnsafeHeader, KeyError):  # `check` has said so already, at its place
        return None


def _outcome(appeal: Appeal, language: str) -> str | None:
    """Return what became of the case, in words: the state, the day, the note."""
    outcome = appeal.outcome
    if outcome is None:
        return None
    day = f" ({outcome.date})" if outcome.date is not None else ""
    note = in_language(outcome.note, language)
    return f"{outcome.state.value}{day}" + (f": {note}" if note else "")


def _listed(desk: Desk, appeal: Appeal, on: date) -> Listed:
    now = standing(appeal, desk.case(appeal), on)
    prose = appeal.prose.get(next(iter(appeal.languages), ""))
    title = prose.title if prose is not None and prose.title else next(iter(appeal.title.values()), "")
    return Listed(
        code=str(appeal.code),
        title=title,
        state=now.state.value,
        reason=now.reason,
        issued=appeal.dates.issued,
        act_by=last_day(appeal) if appeal.dates.issued is not None and appeal.kind is not Kind.STOP else None,
        languages=appeal.languages,
        folder=appeal.folder,
    )


def _addressees(desk: Desk, appeal: Appeal, language: str, on: date) -> tuple[Addressee, ...]:
    found = []
    for recipient in resolve(appeal.recipients, desk.workspace.directories).recipients:
        try:
            found.append(address(recipient, language, on))
        except MissingWording:  # `check` has said so already, at its place
            found.append(Addressee(recipient=recipient.id, name=recipient.id))
    return tuple(found)


def _requests(appeal: Appeal, language: str) -> tuple[tuple[str, str], ...]:
    prose = appeal.prose.get(language)
    groups = prose.requests if prose is not None else ()
    return tuple((request.label, text_of(request.blocks)) for group in groups for request in group.requests)
