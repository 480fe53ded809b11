"""Read and change how Popolo objects say that an office is reached: contact details and email addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from urgent_appeals.workspace.exchange.entries import Entry, Imported, a_date, many, number

Thing = dict[str, Any]
_CONTACTS = {"phone": "telephone", "voice": "telephone", "cell": "telephone", "fax": "fax", "url": "web"}
_TYPES = {
    "telephone": ("phone",),
    "fax": ("fax",),
    "telephone-fax": ("phone", "fax"),
    "email": ("email",),
    "web": ("url",),
    "form": ("url",),
}
_FORM = "form"
Said = tuple[str, ...]
"""One way to reach an office, as both sides say it: its kind, the text, and for an address its dates."""


def reached(things: Sequence[Thing], name: str, found: Imported) -> Entry:
    """Return how the things that make an office can be reached: addresses, contacts, emails."""
    said = dict.fromkeys(each for thing in things for each in _said_by(thing, name, found))
    addresses, contacts, emails = [], [], []
    for kind, text, *days in said:
        if kind == "email":
            emails.append(text)
        elif kind == "address":
            dates = {key: day for key, day in zip(("from", "until"), days, strict=True) if day}
            addresses.append({"lines": {"*": text.split("\n")}} | dates)
        elif kind == "fax" and ("telephone", text) in said:
            continue
        elif kind == "telephone" and ("fax", text) in said:
            contacts.append(number("telephone-fax", text))
        else:
            contacts.append(number(kind, text) if kind in ("telephone", "fax") else {"kind": kind, "printed": text})
    entry: Entry = {"address": addresses, "contacts": contacts, "email": emails}
    return {key: value[0] if len(value) == 1 and key == "email" else value for key, value in entry.items() if value}


def change_details(offices: Sequence[tuple[Entry, Sequence[Thing], Sequence[Thing], Sequence[Thing]]]) -> None:
    """Change the contact details of things where the directory has others by now; all else of them stays.

    An office comes with the things that it was read from, as they came and as they are, and those that it will be
    read from, of which the first is its own. What an office has no longer goes from a person, too; where another
    office still has it, that one gets it as its own.
    """
    scratch = Imported()
    for entry, came, things, _ in offices:
        gone = set(_all(came, scratch)) - set(_said_in(entry))
        for thing in things:
            _remove(thing, gone)
    for entry, _came, _things, things in offices:
        there = set(_all(things, scratch))
        fresh = [each for each in dict.fromkeys(_said_in(entry)) if each not in there]
        if fresh:
            things[0]["contact_details"] = [*many(things[0].get("contact_details")), *map(_detail, fresh)]


def _all(things: Sequence[Thing], found: Imported) -> list[Said]:
    return [each for thing in things for each in _said_by(thing, "", found)]


def _said_by(thing: Thing, name: str, found: Imported) -> Iterator[Said]:
    if email := found.email(thing.get("email"), f"the email of {name}"):
        yield "email", email
    for detail in many(thing.get("contact_details")):
        yield from _said(detail, name, found)


def _said(detail: Any, name: str, found: Imported) -> Iterator[Said]:
    """Yield what one detail says to a directory, which has no dates but of addresses."""
    if not isinstance(detail, dict) or not isinstance(detail.get("value"), str):
        return
    kind, value = str(detail.get("type")), detail["value"]
    days = [a_date(detail.get(key)) or "" for key in ("valid_from", "valid_until")]
    if kind == "address":
        lines = [text for line in value.splitlines() if (text := found.text(line, f"the address of {name}"))]
        if lines:
            yield "address", "\n".join(lines), *days
    elif days[1] and (kind == "email" or kind in _CONTACTS):
        found.left_out.append(f"a contact of {name}: {value[:60]!r} is valid until {days[1]}")
    elif kind == "email":
        if email := found.email(value, f"the email of {name}"):
            yield "email", email
    elif kind in _CONTACTS and (text := found.text(value.removeprefix("tel:"), f"a contact of {name}")):
        ours = _FORM if kind == "url" and detail.get("label") == _FORM else _CONTACTS[kind]
        yield ours, text


def _said_in(entry: Entry) -> Iterator[Said]:
    for contact in many(entry.get("contacts")):
        kind = contact["kind"]
        for ours in ("telephone", "fax") if kind == "telephone-fax" else (kind,):
            yield ours, contact["printed"]
    for email in many(entry.get("email")):
        yield "email", email
    for address in many(entry.get("address")):
        for lines in (address.get("lines") or {}).values():
            if lines:
                yield "address", "\n".join(many(lines)), str(address.get("from") or ""), str(address.get("until") or "")


def _remove(thing: Thing, gone: set[Said]) -> None:
    if ("email", str(thing.get("email")).strip()) in gone:
        del thing["email"]
    details = many(thing.get("contact_details"))
    kept = [each for each in details if gone.isdisjoint(_said(each, "", Imported()))]
    if len(kept) < len(details):
        thing["contact_details"] = kept


def _detail(said: Said) -> Thing:
    kind, text, *days = said
    detail = {"type": "address" if kind == "address" else _TYPES[kind][0], "value": text}
    detail |= {"label": _FORM} if kind == _FORM else {}
    return detail | {key: day for key, day in zip(("valid_from", "valid_until"), days, strict=False) if day}
