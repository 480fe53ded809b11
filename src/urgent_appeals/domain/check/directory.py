"""Rules about one directory of recipients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from urgent_appeals.domain.check.definitions import Definitions, bad_address, did_you_mean, nearest_reference
from urgent_appeals.domain.directory import Address, Directory, Group, Holder, Mission, Office, Suspension
from urgent_appeals.domain.freshness import caveats
from urgent_appeals.domain.problem import Path, Problem
from urgent_appeals.domain.recipients import is_office, qualified

_REACHED_BY = ("fax", "telephone-fax", "form", "email")


def check_directory(directory: Directory, definitions: Definitions) -> Iterator[Problem]:
    """Yield what is wrong with a directory: its name, offices, addresses, groups and missions."""
    origin = directory.origin
    stem = PurePosixPath(origin.file).stem
    if directory.id != stem:
        message = f"the directory is called {directory.id!r}, but its file {stem!r}"
        yield origin.problem(("directory",), message, hint="call both alike")
    for name, office in directory.offices.items():
        yield from _office(office, ("offices", name), directory, definitions)
    for name, group in directory.groups.items():
        yield from _group(group, ("groups", name), directory, definitions)
    for index, mission in enumerate(directory.missions):
        for number, email in enumerate(mission.emails):
            yield from bad_address(origin, ("missions", index, "email", number), email)
        yield from _reversed_addresses(mission, ("missions", index), directory)
    for index, suspension in enumerate(directory.post_suspended):
        if _is_reversed(suspension):
            yield origin.problem(("post_suspended", index), "the suspension ends before it begins")


def entry_is_fresh(entry: Office | Mission, directory: Directory, at: Path, on: date) -> Iterator[Problem]:
    """Yield what speaks against an entry on a day, as warnings where its file says so."""
    for caveat in caveats(entry, directory, on):
        own = caveat.field != "checked" or entry.checked is not None
        path = (*at, caveat.field) if own else (caveat.field,)
        whose = f"the mission in {entry.host}" if isinstance(entry, Mission) else "/".join((directory.id, str(at[-1])))
        who = whose if own else "the directory"
        yield directory.origin.warning(path, f"{who}: {caveat.words}")


def _office(office: Office, at: Path, directory: Directory, definitions: Definitions) -> Iterator[Problem]:
    origin = directory.origin
    if not (office.addresses or office.emails or any(contact.kind in _REACHED_BY for contact in office.contacts)):
        yield origin.warning(at, "the office has no address, email, fax or form: no letter can reach it")
    for index, email in enumerate(office.emails):
        yield from bad_address(origin, (*at, "email", index), email)
    for index, holder in enumerate(office.holders):
        if not (holder.since or holder.until or holder.seen):
            message = "nothing says when this person holds the office: no letter will name them"
            yield origin.warning((*at, "holders", index), message, hint="give from, until or seen")
        if _is_reversed(holder):
            yield origin.problem((*at, "holders", index), "the holder's time ends before it begins")
    yield from _reversed_addresses(office, at, directory)
    if office.part_of is not None and definitions.is_missing(qualified(office.part_of, directory)):
        hint = did_you_mean(office.part_of, (*directory.groups, *directory.offices))
        yield origin.problem((*at, "part_of"), f"no group or office {office.part_of!r}", hint=hint)


def _group(group: Group, at: Path, directory: Directory, definitions: Definitions) -> Iterator[Problem]:
    origin, known = directory.origin, definitions.directories
    for index, member in enumerate(group.members):
        if _is_no_office(member, definitions):
            offices = (f"{other.id}/{name}" for other in known.values() for name in other.offices)
            hint = nearest_reference(member, offices)
            yield origin.problem((*at, "members", index), f"no office {member!r} in recipients/", hint=hint)
    if group.body is not None and _is_no_office(qualified(group.body, directory), definitions):
        hint = did_you_mean(group.body, directory.offices)
        yield origin.problem((*at, "body"), f"no office {group.body!r}", hint=hint)


def _is_no_office(name: str, definitions: Definitions) -> bool:
    return name.partition("/")[0] not in definitions.unread and not is_office(name, definitions.directories)


def _reversed_addresses(entry: Office | Mission, at: Path, directory: Directory) -> Iterator[Problem]:
    for index, address in enumerate(entry.addresses):
        if _is_reversed(address):
            yield directory.origin.problem((*at, "address", index), "the address ends before it begins")


def _is_reversed(span: Holder | Address | Suspension) -> bool:
    return span.since is not None and span.until is not None and span.since.first > span.until.last
