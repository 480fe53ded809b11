"""Keep directories: list and show recipients, check them, begin a directory, import and export one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from urgent_appeals import unfinished
from urgent_appeals.domain.check import check_directory
from urgent_appeals.domain.check.definitions import Definitions
from urgent_appeals.domain.check.directory import entry_is_fresh
from urgent_appeals.domain.directory import Directory, Office
from urgent_appeals.domain.freshness import caveats
from urgent_appeals.domain.missions import homes, suspended
from urgent_appeals.domain.problem import Problem, Severity
from urgent_appeals.domain.recipients import references
from urgent_appeals.domain.values import in_language
from urgent_appeals.errors import DefinitionsBroken, ImportRefused, OutboxError, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.workspace.directory_file import from_import, refuse_unreadable, skeleton
from urgent_appeals.workspace.exchange.changes import Change, applied, differences
from urgent_appeals.workspace.exchange.entries import Entry, Imported, slug
from urgent_appeals.workspace.exchange.json_text import LARGEST
from urgent_appeals.workspace.exchange.kept import last_popolo, last_vcard
from urgent_appeals.workspace.exchange.merge import merged
from urgent_appeals.workspace.exchange.popolo import read_popolo
from urgent_appeals.workspace.exchange.popolo_write import write_popolo
from urgent_appeals.workspace.exchange.table import read_table, write_table
from urgent_appeals.workspace.exchange.vcard import read_vcard, write_vcard
from urgent_appeals.workspace.new_files import write_new
from urgent_appeals.workspace.read import find_root
from urgent_appeals.workspace.replace import replace_definition
from urgent_appeals.workspace.yaml_text import read_yaml

PlannedChange = Change
Reader = Callable[[bytes, str | None], Imported]
READERS: Mapping[str, Reader] = {"popolo": read_popolo, "vcard": read_vcard, "csv": read_table}
WRITERS: Mapping[str, Callable[[Entry, str | None], str]] = {
    "popolo": write_popolo,
    "vcard": write_vcard,
    "csv": write_table,
}
LAST: Mapping[str, Callable[[Entry], bytes | None]] = {"popolo": last_popolo, "vcard": last_vcard}
"""What a directory was last imported from, of the formats that are kept."""
_ENDINGS = {".json": "popolo", ".vcf": "vcard", ".vcard": "vcard", ".csv": "csv"}


@dataclass(frozen=True)
class ListedRecipient:
    """One line of the list: an office, its holder on a day, the ways to reach it, what speaks against trusting it."""

    recipient: str
    name: str
    holder: str | None
    ways: tuple[str, ...]
    checked: str | None
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class ShownRecipient:
    """All that there is to know of a recipient on a day; `office` as the directory has it."""

    listed: ListedRecipient
    directory: str
    office: Office
    missions: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """What an import would do to a directory: its file, the text there (None: it is new), and the changes."""

    root: Path
    file: str
    before: bytes | None
    text: str
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def made(self, *, removing: bool = False, theirs: bool = False) -> tuple[Change, ...]:
        """Return the changes that would be made.

        What the import lacks is removed only when asked, and what was changed here taken over likewise.
        """
        kinds = {"added", "changed", *(["missing"] if removing else []), *(["conflict", "ours"] if theirs else [])}
        return tuple(each for each in self.changes if each.kind in kinds and (removing or each.value is not None))

    def apply(self, made: Sequence[Change]) -> None:
        """Make changes in the file; raises DefinitionsBroken, CannotEdit or OutboxError with nothing written."""
        if self.before is None:
            write_new(self.root, {self.file: self.text.encode()})
            return
        after = applied(self.text, made, self.file)
        refuse_unreadable(after, self.file)
        replace_definition(self.root / self.file, hashlib.sha256(self.before).hexdigest(), after.encode())


def list_recipients(start: Path, name: str | None, on: date) -> tuple[ListedRecipient, ...]:
    """Return the offices of a directory, or of all, as of a day; raises UnknownChoice."""
    desk = Desk.open(start, on)
    return tuple(
        _listed(desk, directory, office, entry, on)
        for directory in _directories(desk, name)
        for office, entry in directory.offices.items()
    )


def show_recipient(start: Path, recipient: str, on: date) -> ShownRecipient:
    """Return all there is to know of one office; raises UnknownChoice."""
    desk = Desk.open(start, on)
    name, _, office = recipient.partition("/")
    directory = desk.workspace.directories.get(name)
    if directory is None or office not in directory.offices:
        known = [each for each in references(desk.workspace.directories) if each.startswith(f"{name}/")]
        raise UnknownChoice("recipient", recipient, known or sorted(desk.workspace.directories))
    language = _language(desk)
    missions = (
        "; ".join((f"{each.host}: {_words(each.name, language)}", *(one.words for one in caveats(each, directory, on))))
        for each in directory.missions
    )
    groups = (group for group, entry in directory.groups.items() if recipient in entry.members or entry.body == office)
    listed = _listed(desk, directory, office, directory.offices[office], on)
    return ShownRecipient(listed, name, directory.offices[office], tuple(missions), tuple(groups))


def check_recipients(start: Path, name: str | None, on: date) -> tuple[Problem, ...]:
    """Return the problems of a directory, or of all, with what is stale, bounced or returned on a day."""
    desk = Desk.open(start, on)
    workspace = desk.workspace
    chosen = _directories(desk, name, broken=True)
    definitions = Definitions(desk.campaign, workspace.appeals, workspace.directories, workspace.phrases, on)
    files = {f"recipients/{each}.yaml" for each in ([name] if name else workspace.directories)}
    found = {
        problem
        for problem in workspace.problems
        if problem.file in files or (not name and problem.file.startswith("recipients/"))
    }
    for directory in chosen:
        found.update(check_directory(directory, definitions))
        for office, entry in directory.offices.items():
            found.update(entry_is_fresh(entry, directory, ("offices", office), on))
        for index, mission in enumerate(directory.missions):
            found.update(entry_is_fresh(mission, directory, ("missions", index), on))
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.column, problem.message)))


def new_directory(  # noqa: PLR0913  # one argument a thing that is asked
    start: Path, name: str, title: str, *, country: str | None, languages: tuple[str, ...], on: date
) -> str:
    """Write the skeleton of a directory and return its file; raises OutboxError where it is there already."""
    root = find_root(start)
    file = f"recipients/{name}.yaml"
    text = skeleton(name, title, country, languages, str(on))
    refuse_unreadable(text, file)
    write_new(root, {file: text.encode()})
    return file


def usual_languages(start: Path) -> tuple[str, ...]:
    """Return the languages of the campaign, which a new directory has words in."""
    return Desk.open(start).campaign.languages


def plan_import(start: Path, source: Path, kind: str | None, into: str | None, language: str | None) -> Import:
    """Return what importing a file would change; nothing is written.

    Raises ImportRefused, DefinitionsBroken where the directory's own file is not in order, OutboxError where the file
    cannot be read.
    """
    root = find_root(start)
    kind = kind or _ENDINGS.get(source.suffix.lower(), source.suffix)
    if kind not in READERS:
        raise UnknownChoice("format", kind, tuple(READERS))
    imported = READERS[kind](_bytes(source), language)
    name = into or slug(source.stem)
    if name != slug(name):
        raise UnknownChoice("name of a directory", name, (slug(name),))
    file = f"recipients/{name}.yaml"
    unfinished.clear(root / file)  # what an import that was killed has left
    if not (root / file).exists():
        text = from_import(name, into.replace("-", " ").title() if into else source.stem, imported)
        refuse_unreadable(text, file)
        changes = differences({}, imported)
        return Import(root, file, None, text, changes, tuple(imported.left_out), tuple(imported.notes))
    before = _bytes(root / file)
    document = read_yaml(before, file)
    if document.problems or not isinstance(document.data, dict):
        raise DefinitionsBroken(document.problems)
    refuse_unreadable(before.decode(), file)
    changes = differences(document.data, imported)
    if (last := _last_import(document.data, kind, language)) is not None:
        changes = merged(changes, last, imported)
    return Import(root, file, before, before.decode(), changes, tuple(imported.left_out), tuple(imported.notes))


def export_directory(start: Path, name: str, kind: str, language: str | None) -> str:
    """Return a directory in another format; raises UnknownChoice, ImportRefused, DefinitionsBroken."""
    desk = Desk.open(start)
    _directories(desk, name)
    if kind not in WRITERS:
        raise UnknownChoice("format", kind, tuple(WRITERS))
    file = f"recipients/{name}.yaml"
    document = read_yaml(_bytes(desk.workspace.root / file), file)
    if not isinstance(document.data, dict):
        raise DefinitionsBroken(document.problems)
    return WRITERS[kind](document.data, language)


def write_export(path: Path, text: str) -> None:
    """Write an export to a file that is not there yet; raises OutboxError."""
    write_new(path.parent, {path.name: text.encode()})


def errors_among(problems: Iterable[Problem]) -> int:
    """Return how many of the problems hold up work."""
    return sum(problem.severity is Severity.ERROR for problem in problems)


def _directories(desk: Desk, name: str | None, *, broken: bool = False) -> tuple[Directory, ...]:
    known = desk.workspace.directories
    if name is None:
        return tuple(known.values())
    if name in known:
        return (known[name],)
    problems = tuple(problem for problem in desk.problems if problem.file == f"recipients/{name}.yaml")
    if problems and broken:
        return ()
    if problems:
        raise DefinitionsBroken(problems)
    raise UnknownChoice("directory", name, sorted(known))


def _last_import(directory: Entry, kind: str, language: str | None) -> Imported | None:
    data = LAST[kind](directory) if kind in LAST else None
    try:
        return READERS[kind](data, language) if data else None
    except ImportRefused:  # what was kept has been changed by hand
        return None


def _listed(desk: Desk, directory: Directory, name: str, office: Office, on: date) -> ListedRecipient:
    language, holder = _language(desk), office.holder(on)
    suspensions = (words for home in homes(desk.campaign) for words in suspended(directory, home, on))
    checked = office.checked or directory.checked
    return ListedRecipient(
        recipient=f"{directory.id}/{name}",
        name=_words(office.name, language),
        holder=_words(holder.name, language) if holder else None,
        ways=tuple(dict.fromkeys(_ways(office, on))),
        checked=str(checked) if checked else None,
        caveats=(*(caveat.words for caveat in caveats(office, directory, on)), *suspensions),
    )


def _ways(office: Office, on: date) -> Iterator[str]:
    if office.address(on) is not None:
        yield "post"
    if office.emails:
        yield "email"
    yield from (contact.kind for contact in office.contacts)


def _words(wording: Mapping[Any, str], language: str) -> str:
    return in_language(wording, language) or next(iter(wording.values()), "")


def _language(desk: Desk) -> str:
    return desk.campaign.languages[0]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise OutboxError(str(path), f"{error.strerror}") from error
    if len(data) > LARGEST:
        raise ImportRefused(f"{path.name} is larger than {LARGEST // 1_000_000} MB")
    return data
