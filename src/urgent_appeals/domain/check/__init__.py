"""Check definitions against each other: one rule, one function, one list of problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.check import appeal as of_appeal
from urgent_appeals.domain.check import freshness as of_freshness
from urgent_appeals.domain.check import prose as of_prose
from urgent_appeals.domain.check import wording as of_wording
from urgent_appeals.domain.check.campaign import check_campaign
from urgent_appeals.domain.check.definitions import Definitions
from urgent_appeals.domain.check.directory import check_directory
from urgent_appeals.domain.problem import Problem

__all__ = ["APPEAL_RULES", "Definitions", "check", "check_appeal", "check_campaign", "check_directory", "check_shared"]

AppealRule = Callable[[Appeal, Definitions], Iterator[Problem]]

APPEAL_RULES: tuple[AppealRule, ...] = (
    of_appeal.code_fits,
    of_appeal.is_continued,
    of_appeal.dates_fit,
    of_appeal.recipients_exist,
    of_appeal.issuers_exist,
    of_appeal.people_consent,
    of_appeal.folder_is_named_by_code,
    of_prose.languages_are_there,
    of_prose.letter_fits_a_page,
    of_prose.subject_fits_a_header,
    of_prose.scopes_exist,
    of_prose.requests_reach_recipients,
    of_prose.translations_agree,
    of_prose.notes_are_called_from_the_text,
    of_prose.nothing_left_to_do,
    of_wording.appeal_is_worded,
    of_wording.offices_are_worded,
    of_freshness.recipients_are_fresh,
    of_freshness.missions_are_worded,
    of_freshness.post_is_forwarded,
)
"""The rules that look at one appeal beside everything else."""


def check(definitions: Definitions) -> tuple[Problem, ...]:
    """Return every problem that the rules across files find, each once, sorted by file, line and column."""
    problems = check_shared(definitions)
    for appeal in definitions.appeals:
        problems |= check_appeal(appeal, definitions)
    return tuple(sorted(problems, key=_in_order))


def check_shared(definitions: Definitions) -> set[Problem]:
    """Return what is wrong with campaign, codes, wording and directories, whichever appeal is looked at."""
    problems = set(check_campaign(definitions))
    for directory in definitions.directories.values():
        problems.update(check_directory(directory, definitions))
    return problems


def check_appeal(appeal: Appeal, definitions: Definitions) -> set[Problem]:
    """Return what is wrong for one appeal, in its own files or in those that it leans on."""
    return {problem for rule in APPEAL_RULES for problem in rule(appeal, definitions)}


def _in_order(problem: Problem) -> tuple[str, int, int, str, str, str]:
    place = problem.file, problem.line, problem.column
    return (*place, problem.message, problem.severity, problem.hint or "")
