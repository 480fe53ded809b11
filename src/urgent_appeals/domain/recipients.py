"""Resolve what an appeal calls its recipients: offices, groups, whole directories, tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from urgent_appeals.domain.directory import Directory, Group, Office
from urgent_appeals.domain.prose import Scope
from urgent_appeals.domain.values import Value, in_language


class Recipient(Value):
    """An office that gets a letter; `answers_to` is every reference that names it, its own id among them.

    `groups` are those that were named, and are written to through this office.
    """

    id: str
    office: Office
    directory: Directory
    answers_to: frozenset[str]
    groups: tuple[Group, ...] = ()

    def addressed_by(self, scope: Scope) -> bool:
        """Return whether something said in this scope is said to this recipient."""
        return not scope.to or any(reference in self.answers_to for reference in scope.to)


class Resolved(Value):
    """What references come to: recipients, each once; groups without a letter, and why; unknown ones."""

    recipients: tuple[Recipient, ...] = ()
    without_letter: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


def resolve(references: Iterable[str], directories: Mapping[str, Directory]) -> Resolved:
    """Return whom `directory/office`, `directory/group`, `directory` and `directory#tag` come to."""
    found: dict[str, list[Group]] = {}
    without: list[tuple[str, str]] = []
    unknown: list[str] = []
    for reference in dict.fromkeys(references):
        offices, reason = _offices(reference, directories)
        if reason is not None:
            without.append((reference, reason))
        elif not offices:
            unknown.append(reference)
        group = group_named(reference, directories)
        for office in offices:
            through = [group] if group is not None and group.body is not None else []
            found[office] = [*found.get(office, []), *(each for each in through if each not in found.get(office, []))]
    recipients = tuple(_recipient(name, tuple(groups), directories) for name, groups in found.items())
    return Resolved(recipients=recipients, without_letter=tuple(without), unknown=tuple(unknown))


def directories_of(recipients: Iterable[Recipient]) -> tuple[Directory, ...]:
    """Return the directories of recipients, each once, in the order of the recipients."""
    return tuple({recipient.directory.id: recipient.directory for recipient in recipients}.values())


def is_known(reference: str, directories: Mapping[str, Directory]) -> bool:
    """Return whether a reference names something in the directories."""
    offices, reason = _offices(reference, directories)
    return bool(offices) or reason is not None


def is_office(recipient: str, directories: Mapping[str, Directory]) -> bool:
    """Return whether a recipient id is that of an office."""
    name, _, office = recipient.partition("/")
    return name in directories and office in directories[name].offices


def group_named(reference: str, directories: Mapping[str, Directory]) -> Group | None:
    """Return the group that a reference names, or None; an office of the same name goes before it."""
    name, _, group = reference.partition("/")
    if name not in directories or is_office(reference, directories):
        return None
    return directories[name].groups.get(group)


def qualified(name: str, directory: Directory) -> str:
    """Return the recipient id of what a directory names by a slug, where it is its own, or in full."""
    return name if "/" in name else f"{directory.id}/{name}"


def references(directories: Mapping[str, Directory]) -> tuple[str, ...]:
    """Return every reference that an appeal may use, for suggestions and completion."""
    names: list[str] = []
    for directory in directories.values():
        names.append(directory.id)
        names += [f"{directory.id}/{name}" for name in (*directory.offices, *directory.groups)]
        tags = dict.fromkeys(tag for office in directory.offices.values() for tag in office.tags)
        names += [f"{directory.id}#{tag}" for tag in tags]
    return tuple(names)


def _offices(reference: str, directories: Mapping[str, Directory]) -> tuple[tuple[str, ...], str | None]:
    # A slip of the pen must not widen the circle: `kazakhstan/` and `kazakhstan#` are unknown, not everyone.
    if reference in directories:
        return tuple(f"{reference}/{office}" for office in directories[reference].offices), None
    name, slash, member = reference.partition("/")
    if not slash:
        name, _, tag = reference.partition("#")
        return (directories[name].tagged(tag) if name in directories else ()), None
    if is_office(reference, directories):
        return (reference,), None
    if group_named(reference, directories) is not None:
        return _written_to(member, directories[name], directories)
    return (), None


def _written_to(
    group: str, directory: Directory, directories: Mapping[str, Directory]
) -> tuple[tuple[str, ...], str | None]:
    """Return the offices to which a group is written, or none and why."""
    found = directory.groups[group]
    if found.no_letter:
        return (), in_language(found.no_letter, "en") or next(iter(found.no_letter.values()))
    names = (qualified(found.body, directory),) if found.body is not None else _members(group, directory)
    known = tuple(name for name in names if is_office(name, directories))
    return known, None if known else "the group has neither a body to write to nor members"


def _members(group: str, directory: Directory) -> tuple[str, ...]:
    inside = (
        f"{directory.id}/{name}"
        for name, office in directory.offices.items()
        if office.part_of is not None and qualified(office.part_of, directory) == f"{directory.id}/{group}"
    )
    return tuple(dict.fromkeys((*directory.groups[group].members, *inside)))


def _recipient(recipient: str, named: tuple[Group, ...], directories: Mapping[str, Directory]) -> Recipient:
    name, _, office_name = recipient.partition("/")
    directory = directories[name]
    office = directory.offices[office_name]
    groups = {
        f"{other.id}/{group}"
        for other in directories.values()
        for group in other.groups
        if recipient in (*_members(group, other), *_written_to(group, other, directories)[0])
    }
    answers = {recipient, name, *(f"{name}#{tag}" for tag in office.tags), *groups}
    return Recipient(id=recipient, office=office, directory=directory, answers_to=frozenset(answers), groups=named)
