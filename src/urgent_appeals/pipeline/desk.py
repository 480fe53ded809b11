"""Open a workspace for work: read it, check it, find the appeal that is meant, refuse what is broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.check import Definitions, check
from urgent_appeals.domain.lineage import case_of, choose
from urgent_appeals.domain.problem import Problem, Severity
from urgent_appeals.errors import DefinitionsBroken, TemplateError, UnknownAppeal
from urgent_appeals.workspace.read import Workspace, find_root, read


@dataclass(frozen=True)
class Desk:
    """A workspace as read, with every problem found in it and across its files."""

    workspace: Workspace
    problems: tuple[Problem, ...]

    @classmethod
    def open(cls, start: Path, on: date | None = None) -> Desk:
        """Read the workspace of a directory and check it as of a day; raises NotAWorkspace where there is none."""
        workspace = read(find_root(start))
        found = set(workspace.problems)
        if workspace.campaign is not None:
            found.update(check(_definitions(workspace, workspace.campaign, on)))
        return cls(workspace, tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.message))))

    @property
    def campaign(self) -> Campaign:
        """The campaign; raises DefinitionsBroken where `campaign.yaml` cannot be read."""
        if self.workspace.campaign is None:
            raise DefinitionsBroken(_errors(self._problems_in(["campaign.yaml"])))
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

    def case(self, appeal: Appeal) -> tuple[Appeal, ...]:
        """Return the appeals of the same case, the oldest first."""
        return case_of(appeal, self.workspace.appeals)

    def problems_of(self, appeal: Appeal) -> tuple[Problem, ...]:
        """Return the problems in every file that the appeal leans on: its own, directories, wording and campaign."""
        return self._problems_in(self.workspace.files_of(appeal))

    def inputs_of(self, appeal: Appeal) -> dict[str, str]:
        """Return the SHA-256 of every file that the appeal leans on, by its path in the workspace."""
        return self.workspace.inputs_for(appeal)

    def refuse_if_broken(self, appeal: Appeal) -> None:
        """Raise DefinitionsBroken where a file that the appeal needs has an error."""
        errors = _errors(self.problems_of(appeal))
        if errors:
            raise DefinitionsBroken(errors)

    def _problems_in(self, files: Iterable[str]) -> tuple[Problem, ...]:
        wanted = frozenset(files)
        return tuple(problem for problem in self.problems if problem.file in wanted)


def _definitions(workspace: Workspace, campaign: Campaign, on: date | None) -> Definitions:
    return Definitions(
        campaign, workspace.appeals, workspace.directories, workspace.phrases, on=on, unread=workspace.unread
    )


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
