"""Hold what the rules look at, and the problems that several rules speak of."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.mail_address import RefusedAddress, check_address
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.problem import Origin, Path, Problem
from urgent_appeals.domain.recipients import is_known, references
from urgent_appeals.domain.values import Wording, in_language


@dataclass(frozen=True)
class Definitions:
    """A workspace's definitions as values; directories by id, phrases by language.

    `on` is what day it is, None if unknown.
    """

    campaign: Campaign
    appeals: Sequence[Appeal]
    directories: Mapping[str, Directory]
    phrases: Mapping[str, Phrases]
    on: date | None = None
    unread: frozenset[str] = frozenset()
    """Directories whose files could not be read: nothing is said of who is in them, but what is wrong there."""

    unread_wording: frozenset[str] = frozenset()
    """Languages whose fixed wording could not be read."""

    def has_no_wording(self, language: str) -> bool:
        """Return whether there is no fixed wording in a language, not even one that could not be read."""
        return language not in self.phrases and language not in self.unread_wording

    def is_missing(self, reference: str) -> bool:
        """Return whether a reference names no recipient, as far as the directories could be read."""
        name = re.split("[/#]", reference, maxsplit=1)[0]
        return name not in self.unread and not is_known(reference, self.directories)

    def case(self, appeal: Appeal) -> Sequence[Appeal]:
        """Return the appeals of the same case, the appeal itself among them."""
        return self._cases[appeal.code.scheme, appeal.code.case]

    @cached_property
    def _cases(self) -> Mapping[tuple[str, str], Sequence[Appeal]]:
        cases: dict[tuple[str, str], list[Appeal]] = {}
        for appeal in self.appeals:
            cases.setdefault((appeal.code.scheme, appeal.code.case), []).append(appeal)
        return cases


def did_you_mean(typed: str, choices: Iterable[str], *, near: float = 0.6) -> str | None:
    """Return `did you mean '…'?` with the choice nearest to what was typed, or None where none is near."""
    nearest = difflib.get_close_matches(typed, list(choices), n=1, cutoff=near)
    return f"did you mean {nearest[0]!r}?" if nearest else None


def nearest_reference(typed: str, choices: Iterable[str]) -> str | None:
    """Return the suggestion for a recipient, by office or tag: a directory in common makes none alike."""
    known = tuple(choices)
    end = max(typed.find("/"), typed.find("#")) + 1
    inside = {name[end:]: name for name in known if end and name.startswith(typed[:end])}
    nearest = difflib.get_close_matches(typed[end:], inside, n=1, cutoff=0.6)
    return did_you_mean(inside[nearest[0]] if nearest else typed, known, near=0.8)


def unknown_recipient(origin: Origin, path: Path, name: str, definitions: Definitions) -> Problem:
    """Return the problem that a reference names no recipient."""
    hint = nearest_reference(name, references(definitions.directories))
    return origin.problem(path, f"no recipient {name!r} in recipients/", hint=hint)


def bad_address(origin: Origin, path: Path, address: str | None) -> Iterator[Problem]:
    """Yield the problem with an email address, or the warning that it is not written as it will be used."""
    if address is None:
        return
    checked = check_address(address)
    if isinstance(checked, RefusedAddress):
        yield origin.problem(path, f"{address!r} {checked.reason}")
    elif checked.note is not None:
        yield origin.warning(path, f"{address!r}: {checked.note}")


def unsaid(origin: Origin, path: Path, wording: Wording, languages: Iterable[str]) -> Iterator[Problem]:
    """Yield the languages in which nothing is said where something is said in others."""
    for language in languages:
        if wording and in_language(wording, language) is None:
            yield origin.problem(path, f"nothing is said here in {language!r}")
