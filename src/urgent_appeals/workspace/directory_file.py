"""Write the file of a directory that is new: a skeleton to fill in, or what an import brings."""

from __future__ import annotations

from collections.abc import Sequence

from urgent_appeals.domain.directory import Directory
from urgent_appeals.errors import DefinitionsBroken, ImportRefused
from urgent_appeals.workspace.exchange.entries import Entry, Imported
from urgent_appeals.workspace.source_text import LARGEST
from urgent_appeals.workspace.validation import validate
from urgent_appeals.workspace.yaml_text import read_yaml
from urgent_appeals.workspace.yaml_write import block, scalar

_SKELETON = """\
# The recipients of one country or institution. docs/workspace.md names every key; what you leave out leaves no trace.
directory: {name}
name:
{names}
{country}country_line:                 # the last line of an address from abroad
{lines}
languages: [{languages}]
checked: {day}           # when somebody last made sure that all this is right
# source:                     # where the addresses are from
#   title:
#   publisher:
#   url:

offices:
# One entry an office; take the sign # away, and write what you know.
#  president:                 # appeals write to it as {name}/president
#    name:
{office_names}
#    tags: [head-of-state]    # the form of address goes by it: head-of-state, head-of-government, minister, ambassador
#    holders:
#      - name:
{holder_names}
#        gender: f            # m, f or unknown
#        from: {year}-01-01
#    address:
#      lines:
#        {first}: [1 Example Street, 10001 Example]
#    contacts:
#      - kind: fax            # telephone, fax, telephone-fax, email, web or form
#        printed: 00 1 23 45
#    email: office@example.org

missions:
# Embassies and permanent missions, by the country they are in; they get copies, and forward where post is suspended.
#  - host: GBR
#    name:
{mission_names}
#    address:
#      lines:
#        "*": [1 Example Square, London]
"""


def skeleton(name: str, title: str, country: str | None, languages: Sequence[str], day: str) -> str:
    """Return the text of a directory to fill in, with a comment at each key."""
    return _SKELETON.format(
        name=name,
        names="\n".join(
            f"  {scalar(language)}: {scalar(title) if n == 0 else ''}".rstrip() for n, language in enumerate(languages)
        ),
        country=f"country: {country}                  # ISO 3166-1, three letters\n" if country else "",
        lines="\n".join(f"  {scalar(language)}:" for language in languages),
        languages=", ".join(scalar(language, flow=True) for language in languages),
        day=day,
        year=day[:4],
        first=scalar(languages[0]),
        office_names="\n".join(f"#      {scalar(language)}:" for language in languages),
        holder_names="\n".join(f"#          {scalar(language)}:" for language in languages),
        mission_names="\n".join(f"#      {scalar(language)}:" for language in languages),
    )


def from_import(name: str, title: str, imported: Imported) -> str:
    """Return the text of a directory that holds what an import brings."""
    data: Entry = {"directory": name, "name": title, "offices": imported.offices, **imported.top}
    return "\n".join(block(data, 0)) + "\n"


def refuse_unreadable(text: str, file: str) -> None:
    """Raise DefinitionsBroken where a text is not the file of a directory, ImportRefused where it is too large."""
    data = text.encode()
    if len(data) > LARGEST:
        size = f"{len(data) / 1_000_000:.1f} MB"
        raise ImportRefused(f"{file} would have {size}, more than the 1 MB of a directory: import it in parts")
    document = read_yaml(data, file)
    directory, problems = validate(Directory, document)
    if directory is None or document.problems:
        raise DefinitionsBroken((*document.problems, *problems))
