"""Know again what an import kept, and put together the file that the last import read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from urgent_appeals.workspace.exchange.entries import Entry, many
from urgent_appeals.workspace.exchange.popolo import LISTS
from urgent_appeals.workspace.exchange.popolo_parts import id_of
from urgent_appeals.workspace.exchange.vcard_text import card

_PLACES = (("posts", "post", "at"), ("memberships", "membership", "at"), ("persons", "person", "person_at"))


def marks(entry: Entry) -> tuple[str, ...]:
    """Return what an office or holder of an import is known by, whatever else of it changes: nothing without one."""
    kept = _read(entry, "popolo")
    if isinstance(kept.get("post"), dict):
        return "post", str(id_of(kept["post"].get("id")))
    if isinstance(kept.get("key"), list):
        return "key", *map(str, kept["key"])
    if isinstance(kept.get("membership"), dict):
        return "person", str(id_of(kept["membership"].get("person_id")))
    lines = _read(entry, "vcard").get("card")
    return next((("uid", line) for line in many(lines) if str(line).upper().startswith("UID")), ())


def last_popolo(directory: Entry) -> bytes | None:
    """Return the Popolo document that a directory was last imported from, as far as its entries are still there."""
    top = _read(directory, "popolo")
    if not isinstance(top.get("rest"), dict) or not isinstance(top.get("lists"), dict):
        return None
    made: dict[str, list[Any]] = {name: [*many(top["lists"].get(name))] for name in LISTS}
    for kept in (_read(entry, "popolo") for entry in _entries(directory)):
        for name, key, at in _PLACES:
            made[name] += [[kept.get(at, 0), kept[key]]] if key in kept else []
    lists = {name: [thing for _, thing in sorted(things, key=_place)] for name, things in made.items() if things}
    return json.dumps({"persons": [], **top["rest"], **lists}).encode()


def last_vcard(directory: Entry) -> bytes | None:
    """Return the cards that a directory was last imported from, as far as its entries are still there."""
    found = [kept for entry in _entries(directory) if isinstance((kept := _read(entry, "vcard")).get("card"), list)]
    found.sort(key=lambda kept: int(kept.get("at", 0)))
    return "".join(card(map(str, kept["card"])) for kept in found).encode() or None


def _entries(directory: Entry) -> Iterator[Entry]:
    for office in (directory.get("offices") or {}).values():
        yield office or {}
        yield from many((office or {}).get("holders"))


def _read(entry: Entry, form: str) -> dict[str, Any]:
    text = (entry.get("kept") or {}).get(form)
    try:
        kept = json.loads(text) if text else {}
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _place(thing: list[Any]) -> int:
    return int(thing[0])
