"""Rules about what an appeal says in each language: is it there, does it fit, do translations agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.check.definitions import Definitions, did_you_mean, unknown_recipient
from urgent_appeals.domain.compose import letter_text, requests_to
from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.domain.problem import Path, Problem
from urgent_appeals.domain.prose import Block, Prose, Scope, note_labels, word_count
from urgent_appeals.domain.recipients import Recipient, is_known, resolve
from urgent_appeals.domain.translation import is_stale
from urgent_appeals.domain.values import in_language

WORDS_ON_A_PAGE = 330
"""About how many words of letter and requests together fit one page."""
_TO_DO = re.compile(r"\b(TODO|FIXME)\b")  # XXX is a number of articles and a country for examples


def languages_are_there(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield languages without prose or fixed wording, prose not listed, prose that nobody reviewed."""
    origin = appeal.origin
    for index, language in enumerate(appeal.languages):
        at = ("languages", index)
        if definitions.has_no_wording(language):
            yield origin.problem(at, f"there is no templates/phrases/{language}.yaml")
        if language not in appeal.prose:
            yield origin.problem(at, f"there is no {language}.md beside this file")
        elif language not in appeal.reviewed:
            yield origin.warning(at, f"{language}.md is not reviewed by anyone who knows the language")
    for language, prose in appeal.prose.items():
        if language not in appeal.languages:
            message = f"the appeal does not list {language!r} among its languages"
            yield prose.origin.warning((), message, hint=f"add it to languages in {origin.file}")


def letter_fits_a_page(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield a missing letter, a recipient whom no letter is for, and letters that may run over a page."""
    if appeal.kind is Kind.STOP:
        return
    recipients = resolve(appeal.recipients, definitions.directories).recipients
    for prose in _listed(appeal):
        if not prose.letters:
            yield prose.origin.warning((), "there is no `## Letter`: nothing for the official to read")
            continue
        words_of = _WordCounts()
        for recipient in recipients:
            text = letter_text(prose, recipient)
            if text is None:
                yield prose.origin.problem((), f"no `## Letter` is for {recipient.id}")
                continue
            words = words_of(text.blocks)
            asked = sum(
                words_of(request.blocks) for group in requests_to(prose, recipient) for request in group.requests
            )
            if words + asked > WORDS_ON_A_PAGE:
                message = f"{words} words and {asked} of requests may run over a page ({WORDS_ON_A_PAGE} fit)"
                yield prose.origin.warning(("letters", prose.letters.index(text)), message)


def subject_fits_a_header(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield subjects that no mail header may hold."""
    for prose in _listed(appeal):
        origin = prose.origin if prose.subject or prose.title else appeal.origin
        text = prose.subject or prose.title or in_language(appeal.title, prose.language)
        reason = unsafe(text) if text else None
        if reason is not None:
            yield origin.problem(("subject",) if prose.subject else ("title",), f"the subject of the mail {reason}")


def scopes_exist(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield recipients and people in `{to: …; person: …}` that are not there."""
    for prose in appeal.prose.values():
        for path, scope in _scopes(prose):
            for name in scope.to:
                if definitions.is_missing(name):
                    yield unknown_recipient(prose.origin, path, name, definitions)
            if scope.person is not None and scope.person not in appeal.people:
                hint = did_you_mean(scope.person, appeal.people)
                yield prose.origin.problem(path, f"no person {scope.person!r} in appeal.yaml", hint=hint)


def requests_reach_recipients(appeal: Appeal, definitions: Definitions) -> Iterator[Problem]:
    """Yield recipients of whom nothing is asked, and what is addressed to none of the recipients."""
    if appeal.kind is Kind.STOP:
        return
    resolved = resolve(appeal.recipients, definitions.directories)
    recipients = resolved.recipients
    asked_in_public = {reference for reference, _ in resolved.without_letter}
    for prose in _listed(appeal):
        for recipient in recipients:
            if not requests_to(prose, recipient):
                message = f"no requested action is addressed to {recipient.id}"
                yield prose.origin.warning(("requests",), message)
        for path, scopes in _nested_scopes(prose) if recipients else ():
            to = scopes[-1].to
            known = all(is_known(name, definitions.directories) for name in to)
            if to and known and asked_in_public.isdisjoint(to) and not _reaches(scopes, recipients):
                yield prose.origin.warning(path, f"this, to {', '.join(to)}, is for no recipient of the appeal")


def translations_agree(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield what is older than the original (the first language), or with other requests or addressees."""
    original = appeal.prose.get(appeal.languages[0])
    if original is None:
        return
    for prose in _listed(appeal):
        if is_stale(appeal, prose.language):
            message = f"the translation is older than {original.language}.md: does it still say the same?"
            hint = f"if so: appeals translated {str(appeal.code)!r} {prose.language}"
            yield prose.origin.warning((), message, hint=hint)
        ours, theirs = _labels(prose), _labels(original)
        if ours != theirs:
            counts = f"{sum(map(len, ours))} here, {sum(map(len, theirs))} in {original.language}.md"
            message = f"the requested actions differ in number, numbering or grouping: {counts}"
            yield prose.origin.problem(("requests",), message)
        elif _addressees(prose) != _addressees(original):
            message = f"the requested actions are addressed otherwise than in {original.language}.md"
            yield prose.origin.problem(("requests",), message, hint="compare what stands in braces")


def notes_are_called_from_the_text(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield notes that call a note: marks inside notes are left out, and what they call may be nowhere."""
    for prose in appeal.prose.values():
        for index, note in enumerate(prose.notes):
            if note_labels(note.blocks):
                message = f"the note [^{note.label}] calls another note, which a document does not show"
                yield prose.origin.problem(("notes", index), message, hint="call it from the text")


def nothing_left_to_do(appeal: Appeal, _: Definitions) -> Iterator[Problem]:
    """Yield every TODO that was left in the definitions of the appeal."""
    for origin in (appeal.origin, *(prose.origin for prose in appeal.prose.values())):
        if _TO_DO.search(origin.text) is None:
            continue
        for number, line in enumerate(origin.text.split("\n"), start=1):
            for match in _TO_DO.finditer(line):
                yield Problem.at(origin.file, number, match.start() + 1, f"{match[0]} is left to do", line)


class _WordCounts:
    """Count the words of each tuple of blocks once: most recipients get the same letter and requests."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def __call__(self, blocks: tuple[Block, ...]) -> int:
        if id(blocks) not in self._counts:
            self._counts[id(blocks)] = word_count(blocks)
        return self._counts[id(blocks)]


def _listed(appeal: Appeal) -> Iterator[Prose]:
    return (appeal.prose[language] for language in appeal.languages if language in appeal.prose)


def _scopes(prose: Prose) -> Iterator[tuple[Path, Scope]]:
    return ((path, scopes[-1]) for path, scopes in _nested_scopes(prose))


def _nested_scopes(prose: Prose) -> Iterator[tuple[Path, tuple[Scope, ...]]]:
    """Yield each scope, after those of the headings above it."""
    for index, text in enumerate(prose.letters):
        yield ("letters", index), (text.scope,)
    for index, group in enumerate(prose.requests):
        above = tuple(heading.scope for heading in group.headings)
        for number in range(len(above)):
            yield ("requests", index, "headings", number), above[: number + 1]
        for number, request in enumerate(group.requests):
            yield ("requests", index, "requests", number), (*above, request.scope)


def _reaches(scopes: Iterable[Scope], recipients: Iterable[Recipient]) -> bool:
    return any(all(recipient.addressed_by(scope) for scope in scopes) for recipient in recipients)


def _labels(prose: Prose) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(request.label for request in group.requests) for group in prose.requests)


def _addressees(prose: Prose) -> list[tuple[frozenset[str], str | None]]:
    return [(frozenset(scope.to), scope.person) for path, scope in _scopes(prose) if path[0] == "requests"]
