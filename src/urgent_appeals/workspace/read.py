"""Read a workspace: campaign, directories, appeals with their prose, wording; and every problem at once.

A broken file holds up only what needs it: what can be read is read, what cannot is missing from the result
and is named among the problems.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.problem import Origin, Problem, Severity
from urgent_appeals.domain.prose import Prose
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import NotAWorkspace, SchemeError, WorkspaceOfAnother
from urgent_appeals.workspace.files import Entry, Files
from urgent_appeals.workspace.markdown import MarkdownReader
from urgent_appeals.workspace.own_schemes import salvaged_schemes
from urgent_appeals.workspace.phrases import field_problems, merge, read_phrases
from urgent_appeals.workspace.validation import validate
from urgent_appeals.workspace.yaml_text import Document, read_yaml

M = TypeVar("M", bound=BaseModel)

CAMPAIGN = "campaign.yaml"
PHRASES = "templates/phrases"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SALUTATION_FIELDS = frozenset({"title", "name"})


@dataclass(frozen=True)
class Workspace:
    """All that the files of a workspace say, as far as they can be read.

    `directories` by id, `phrases` by language; `schemes` are the built-in ones and the workspace's own;
    `problems` are those of reading, sorted; `inputs` holds the SHA-256 digest of each file read, by its path
    below the root (built-in wording that the workspace does not touch is not among them); `needs` which files
    each appeal's folder leans on.
    """

    root: Path
    campaign: Campaign | None
    appeals: tuple[Appeal, ...]
    directories: Mapping[str, Directory]
    phrases: Mapping[str, Phrases]
    schemes: tuple[Scheme, ...]
    problems: tuple[Problem, ...]
    inputs: Mapping[str, str]

    @property
    def broken(self) -> dict[str, tuple[Problem, ...]]:
        """The folders of appeals that could not be read, with the problems that their files have."""
        read_ones = {appeal.folder for appeal in self.appeals}
        folders = {_folder(name) for name in self.inputs if name.startswith("appeals/")}
        folders |= {_folder(problem.file) for problem in self.problems if problem.file.endswith("/appeal.yaml")}
        return {folder: self._problems_in(folder) for folder in sorted(folders - read_ones)}

    @property
    def unread(self) -> frozenset[str]:
        """The directories that files are named for but that could not be read, or call themselves otherwise."""
        files = (*self.inputs, *(problem.file for problem in self.problems))
        named = {PurePosixPath(name).stem for name in files if name.startswith("recipients/")}
        return frozenset(named - self.directories.keys())

    @property
    def unread_wording(self) -> frozenset[str]:
        """The languages whose wording could not be read, though there is a file of the workspace's own for it."""
        named = (*self.inputs, *(problem.file for problem in self.problems))
        languages = {PurePosixPath(name).stem for name in named if name.startswith(f"{PHRASES}/")}
        return frozenset(languages - self.phrases.keys())

    def files_of(self, appeal: Appeal) -> tuple[str, ...]:
        """Return the files that an appeal leans on, read or not, sorted."""
        named = [*appeal.recipients, *appeal.copies, *(self.campaign.copies if self.campaign else ())]
        for prose in appeal.prose.values():
            named += [name for text in prose.letters for name in text.scope.to]
            named += [name for group in prose.requests for head in group.headings for name in head.scope.to]
            named += [name for group in prose.requests for request in group.requests for name in request.scope.to]
        directories = {re.split("[/#]", name, maxsplit=1)[0] for name in named}
        own = {name for name in self.inputs if _folder(name) == appeal.folder}
        own |= {problem.file for problem in self.problems if _folder(problem.file) == appeal.folder}
        wording = {f"{PHRASES}/{language}.yaml" for language in appeal.languages}
        books = {f"recipients/{name}.{ending}" for name in directories for ending in ("yaml", "yml")}
        return tuple(sorted(own | wording | {CAMPAIGN} | books))

    def inputs_for(self, appeal: Appeal) -> dict[str, str]:
        """Return the digests of the files that an appeal leans on, by path."""
        return {name: self.inputs[name] for name in self.files_of(appeal) if name in self.inputs}

    def _problems_in(self, folder: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if _folder(problem.file) == folder)


def find_root(start: Path) -> Path:
    """Return the directory with `campaign.yaml`, from `start` upwards; raises NotAWorkspace.

    What is found above must belong to this user or to root, else raises WorkspaceOfAnother: in a directory that others
    can write to, above one's own, anybody may put a workspace whose templates then make one's letters.
    """
    here = start.absolute()
    for directory in (here, *here.parents):
        if (directory / CAMPAIGN).is_file():
            if directory != here and _is_of_another(directory / CAMPAIGN):
                raise WorkspaceOfAnother(str(directory))
            return directory
    raise NotAWorkspace(str(start))


def _is_of_another(path: Path) -> bool:
    own = getattr(os, "getuid", None)  # not on Windows
    return own is not None and path.lstat().st_uid not in (0, own())


def read(root: Path, *, only: Callable[[Appeal], bool] | None = None) -> Workspace:
    """Read the workspace in a directory; with `only`, prose is read for the appeals that it says yes to."""
    reading = _Reading(root, only)
    with _collector_at_rest():
        campaign = reading.campaign()
        schemes = reading.schemes(campaign)
        directories = reading.directories()
        phrases = reading.phrases()
        appeals = reading.appeals(schemes)
    problems = sorted(reading.files.problems, key=lambda p: (p.file, p.line, p.column, p.message))
    return Workspace(root, campaign, appeals, directories, phrases, schemes, tuple(problems), reading.files.inputs)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a heap of values that all stay: a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass
class _Reading:
    """One reading of a workspace."""

    root: Path
    only: Callable[[Appeal], bool] | None
    markdown: MarkdownReader = field(default_factory=MarkdownReader)

    def __post_init__(self) -> None:
        self.files = Files(self.root)
        self.settings = Document(None, Origin(CAMPAIGN))
        self.some_schemes_unread = False

    def campaign(self) -> Campaign | None:
        entry = next((entry for entry in self.files.entries("") if entry.name == CAMPAIGN), None)
        found = self.files.read(entry) if entry is not None else None
        if found is None:
            return None
        self.settings = read_yaml(found[0], CAMPAIGN)
        return self._valid(Campaign, self.settings)

    def schemes(self, campaign: Campaign | None) -> tuple[Scheme, ...]:
        """Return the schemes; of a campaign that cannot be read those that can, since every code hangs on them."""
        own, self.some_schemes_unread = [], campaign is None
        for index, definition in enumerate(campaign.schemes if campaign else salvaged_schemes(self.settings.data)):
            try:
                own.append(Scheme.from_pattern(definition.name, definition.pattern))
            except SchemeError as error:
                self.some_schemes_unread = True
                self.files.problems.append(self.settings.origin.problem(("schemes", index, "pattern"), error.reason))
        return (*SCHEMES, *own)

    def directories(self) -> dict[str, Directory]:
        found = {}
        for entry in self._yaml_files("recipients"):
            directory = self._value(Directory, entry)
            if directory is not None:
                self.files.problems += _form_problems(directory)
                found[directory.id] = directory
        return found

    def phrases(self) -> dict[str, Phrases]:
        built_in = Files(packaged.root())
        is_built_in = built_in.root.resolve() == self.root.resolve()
        below = {} if is_built_in else dict(_built_in_documents(built_in, PHRASES))
        own = {entry.stem: document for entry, document in self._documents_of(PHRASES)}
        found = {}
        for language in sorted({*below, *own}):
            document = merge(below.get(language), own[language]) if language in own else below[language]
            phrases, problems = read_phrases(document)
            self.files.problems += problems
            if phrases is not None and phrases.language != language:
                message = f"the wording is for {phrases.language!r}, its file for {language!r}"
                self.files.problems.append(document.origin.problem(("language",), message, hint="name both alike"))
            elif phrases is not None:
                found[language] = phrases
        return found

    def appeals(self, schemes: tuple[Scheme, ...]) -> tuple[Appeal, ...]:
        context = {"schemes": schemes, "some_schemes_unread": self.some_schemes_unread}
        found = []
        for case in self.files.entries("appeals"):
            for entry in self.files.entries(case) if case.is_directory else ():
                appeal = self._appeal(entry, context) if entry.is_directory else None
                found += [appeal] if appeal is not None else []
                if entry.name == f"{case.name}/appeal.yaml":
                    self._report(entry, "the appeal stands in the folder of its case", f"move it to {case.name}/00/")
        return tuple(found)

    def _appeal(self, folder: Entry, context: Mapping[str, Any]) -> Appeal | None:
        files = [entry for entry in self.files.entries(folder) if not entry.is_directory]
        header = next((entry for entry in files if entry.name.endswith("/appeal.yaml")), None)
        if header is None and any(map(_is_prose, files)):
            self._report(folder, "no appeal.yaml stands in this folder", "name it so, in small letters")
        appeal = self._value(Appeal, header, context) if header is not None else None
        if appeal is not None and self.only is not None and not self.only(appeal):
            return appeal.model_copy(update={"folder": folder.name})
        numbering = appeal.numbering if appeal is not None else "roman"
        prose = {entry.stem: self._prose(entry, numbering) for entry in files if _is_prose(entry)}
        if appeal is None:
            return None
        read_ones = {language: text for language, text in prose.items() if text is not None}
        return appeal.model_copy(update={"folder": folder.name, "prose": read_ones})

    def _prose(self, entry: Entry, numbering: str) -> Prose | None:
        found = self.files.read(entry)
        if found is None:
            return None
        data, modified = found
        prose, problems = self.markdown.read(data, entry.name, entry.stem, numbering=numbering, modified=modified)
        self.files.problems += problems
        return prose

    def _value(self, model: type[M], entry: Entry, context: Mapping[str, Any] | None = None) -> M | None:
        found = self.files.read(entry)
        if found is None:
            return None
        return self._valid(model, read_yaml(found[0], entry.name), context)

    def _valid(self, model: type[M], document: Document, context: Mapping[str, Any] | None = None) -> M | None:
        value, problems = validate(model, document, context)
        self.files.problems += [*document.problems, *problems]
        return value.model_copy(update={"origin": document.origin}) if value is not None else None

    def _documents_of(self, folder: str) -> Iterator[tuple[Entry, Document]]:
        for entry in self._yaml_files(folder):
            found = self.files.read(entry)
            if found is not None:
                document = read_yaml(found[0], entry.name)
                self.files.problems += document.problems
                yield entry, document

    def _yaml_files(self, folder: str) -> Iterator[Entry]:
        for entry in self.files.entries(folder):
            if entry.name.endswith(".yml"):
                self._report(entry, "a file that ends with .yml is not read", f"call it {entry.stem}.yaml")
        return _yaml_files(self.files, folder)

    def _report(self, entry: Entry, message: str, hint: str) -> None:
        self.files.problems.append(Problem(entry.name, 1, 1, Severity.ERROR, message, hint))


def _built_in_documents(files: Files, folder: str) -> Iterator[tuple[str, Document]]:
    for entry in _yaml_files(files, folder):
        found = files.read(entry)
        if found is not None:
            yield entry.stem, read_yaml(found[0], f"built-in {entry.name}")  # no file of the workspace


def _yaml_files(files: Files, folder: str) -> Iterator[Entry]:
    return (entry for entry in files.entries(folder) if not entry.is_directory and entry.name.endswith(".yaml"))


def _form_problems(directory: Directory) -> Iterable[Problem]:
    """Return what is wrong with the fields in the forms of address that a directory words itself."""
    for name, office in directory.offices.items():
        for language, form in office.forms.items():
            for kind, table in (("salutation", form.salutation), ("close", form.close)):
                for gender, text in table.items():
                    path = ("offices", name, "forms", language, kind, str(gender))
                    yield from field_problems(text, directory.origin, path, _SALUTATION_FIELDS)


def _is_prose(entry: Entry) -> bool:
    return entry.name.endswith(".md") and _LANGUAGE.fullmatch(entry.stem) is not None


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
