"""Word what `appeals recipients` shows: a recipient, and what an import would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urgent_appeals.pipeline.directories import Import, PlannedChange, ShownRecipient


def import_data(plan: Import) -> dict[str, object]:
    """Return what an import would change as plain data, for --json."""
    fields = ("office", "kind", "what", "old", "new", "was")
    return {
        "file": plan.file,
        "new": plan.before is None,
        "changes": [{field: getattr(change, field) for field in fields} for change in plan.changes],
        "left_out": plan.left_out,
        "notes": plan.notes,
    }


def why_nothing(plan: Import) -> str:
    """Say why an import has nothing to write."""
    if not plan.changes:
        return f"{plan.file} says all of it already"
    kinds = {change.kind for change in plan.changes}
    why = {
        "missing": "what the file lacks stays without --remove",
        "conflict": "what was changed here and there stays without --theirs",
        "ours": "what was changed here stays",
    }
    return f"nothing to write; {'; '.join(words for kind, words in why.items() if kind in kinds)}"


def shown_lines(shown: ShownRecipient) -> Iterator[str]:
    """Yield what a directory says of a recipient, line by line."""
    listed, office = shown.listed, shown.office
    yield f"{listed.recipient}  {listed.name}"
    yield from (_field("take care", words) for words in listed.caveats)
    yield _field("holder", listed.holder or "none known on the day")
    for holder in office.holders:
        time = f"{holder.since or '…'} – {holder.until or '…'}" if holder.since or holder.until else ""
        seen = f"seen {', '.join(map(str, holder.seen))}" if holder.seen else ""
        yield _field("held by", f"{next(iter(holder.name.values()))}  {' '.join(filter(None, (time, seen)))}".rstrip())
    if office.through:
        yield _field("through", " / ".join(office.through.name.values()))
    for address in office.addresses:
        time = f"  ({address.since or '…'} – {address.until or '…'})" if address.since or address.until else ""
        yield from (_field("address", f"{', '.join(lines)}{time}") for lines in address.lines.values())
    yield from (_field(contact.kind, contact.printed) for contact in office.contacts)
    yield from (_field("email", email) for email in office.emails)
    for label, values in (("tags", office.tags), ("missions", shown.missions), ("groups", shown.groups)):
        yield from [_field(label, ", ".join(values))] if values else []
    yield from (_field(each.scheme, each.identifier) for each in office.identifiers)
    yield from (_field("link", each.url) for each in office.links)
    yield from (_field("also", each.name) for each in office.other_names)
    yield from [_field("checked", listed.checked)] if listed.checked else []
    yield from [_field("source", office.source.title)] if office.source else []
    yield from [_field("note", office.note)] if office.note else []


def _field(label: str, value: str) -> str:
    return f"  {label:<11}{value}"


def change_lines(plan: Import) -> Iterator[str]:
    """Yield what would change, by office.

    `+` is added, `~` changed, `-` missing in the imported file, `!` changed here and there, `=` changed here only.
    """
    yield f"{plan.file}{' (new)' if plan.before is None else ''}"
    office: str | None = ""
    told = [change for change in plan.changes if not change.what.endswith("kept")]
    for change in told:
        if change.office != office:
            office = change.office
            yield f"  {office or 'the directory'}"
        yield f"    {_line(change)}"
    kept = len(plan.changes) - len(told)
    if kept and plan.before is not None:
        yield f"  further details, kept for the export: {kept} changes"


def _line(change: PlannedChange) -> str:
    what, old, new = change.what, _short(change.old), _short(change.new)
    match change.kind:
        case "added":
            return f"+ {what}: {new}"
        case "changed":
            return f"~ {what}: {old} → {new}" if old else f"~ {what}"
        case "missing":
            return f"- {what}: {old} (missing in the file)"
        case "conflict":
            was = _short(change.was) or "none"
            return f"! {what}: here {old or 'none'}, there {new}; was {was} (--theirs takes it over)"
        case "ours":
            return f"= {what}: here {old or 'none'}, there {new or 'none'} (changed here, stays)"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else text[:99] + "…"
