"""Open a workspace for work: read it, check it, find the appeal that is meant, refuse what is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.case_code import UNREAD
from urgent_appeals.domain.check import Definitions, check_appeal, check_shared
from urgent_appeals.domain.lineage import case_of, choose
from urgent_appeals.domain.problem import Problem, Severity
from urgent_appeals.errors import DefinitionsBroken, TemplateError, UnknownAppeal
from urgent_appeals.workspace.read import CAMPAIGN, Workspace, find_root, read


@dataclass(frozen=True)
class Desk:
    """A workspace as read, with every problem found in it and across its files.

    `shared` are the problems that are there whichever appeal is worked on, `by_folder` those of each appeal.
    """

    workspace: Workspace
    shared: frozenset[Problem]
    by_folder: Mapping[str, frozenset[Problem]] = field(default_factory=dict)

    @classmethod
    def open(cls, start: Path, on: date | None = None) -> Desk:
        """Read the workspace of a directory and check it as of a day; raises NotAWorkspace where there is none."""
        workspace = read(find_root(start))
        shared = set(workspace.problems)
        if workspace.campaign is None:
            return cls(workspace, frozenset(shared))
        definitions = _definitions(workspace, workspace.campaign, on)
        by_folder = {appeal.folder: frozenset(check_appeal(appeal, definitions)) for appeal in workspace.appeals}
        return cls(workspace, frozenset(shared | check_shared(definitions)), by_folder)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, each once, in the order of files and lines."""
        return _sorted(self.shared.union(*self.by_folder.values()))

    @property
    def campaign(self) -> Campaign:
        """The campaign; raises DefinitionsBroken where `campaign.yaml` cannot be read."""
        if self.workspace.campaign is None:
            raise DefinitionsBroken(_errors(_in_files(self.shared, [CAMPAIGN])))
        return self.workspace.campaign

    @property
    def templates(self) -> tuple[Path, Path | None]:
        """The directories of the built-in templates and of the workspace's own, None where it has none of its own.

        Raises TemplateError where its own are a link that leads out of it.
        """
        built_in, own = packaged.templates(), self.workspace.root / "templates"
        if not own.resolve().is_relative_to(self.workspace.root.resolve()):
            raise TemplateError(str(own), "is a link that leads out of the workspace; put the files themselves there")
        is_own = own.is_dir() and own.resolve() != built_in.resolve()
        return built_in, own if is_own else None

    def appeal(self, typed: str) -> Appeal:
        """Return the appeal that a code names.

        Raises UnknownAppeal; or DefinitionsBroken where the code may be that of an appeal that cannot be read.
        """
        try:
            return choose(typed, self.workspace.appeals, self.workspace.schemes)
        except UnknownAppeal as error:
            broken = [problem for problems in self.workspace.broken.values() for problem in problems]
            if error.ambiguous or not broken:
                raise
            raise DefinitionsBroken(_errors(broken)) from None

    def refuse_unread_codes(self) -> None:
        """Raise DefinitionsBroken where no scheme could be read for some codes: then what a case holds is not known."""
        if any(appeal.code.scheme == UNREAD for appeal in self.workspace.appeals):
            raise DefinitionsBroken(_errors(_in_files(self.shared, [CAMPAIGN])))

    def case(self, appeal: Appeal) -> tuple[Appeal, ...]:
        """Return the appeals of the same case, the oldest first."""
        return case_of(appeal, self.workspace.appeals)

    def problems_of(self, appeal: Appeal) -> tuple[Problem, ...]:
        """Return the problems in the files that the appeal leans on: its own, directories, wording and campaign.

        What is wrong there for another appeal only, such as an entry that is too old for it, is not among them.
        """
        files = self.workspace.files_of(appeal)
        return _sorted(_in_files(self.shared | self.by_folder.get(appeal.folder, frozenset()), files))

    def inputs_of(self, appeal: Appeal) -> dict[str, str]:
        """Return the SHA-256 of every file that the appeal leans on, by its path in the workspace."""
        return self.workspace.inputs_for(appeal)

    def refuse_if_broken(self, appeal: Appeal) -> None:
        """Raise DefinitionsBroken where a file that the appeal needs has an error."""
        errors = _errors(self.problems_of(appeal))
        if errors:
            raise DefinitionsBroken(errors)


def _definitions(workspace: Workspace, campaign: Campaign, on: date | None) -> Definitions:
    return Definitions(
        campaign,
        workspace.appeals,
        workspace.directories,
        workspace.phrases,
        on=on,
        unread=workspace.unread,
        unread_wording=workspace.unread_wording,
    )


def _in_files(problems: Iterable[Problem], files: Iterable[str]) -> Iterable[Problem]:
    wanted = frozenset(files)
    return (problem for problem in problems if problem.file in wanted)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column, p.message, p.severity, p.hint or "")))


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
