"""Say what an import would change in a directory's file, and make those changes there.

Nothing is decided by surprise: what the import lacks stays unless its removal is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from urgent_appeals.domain.problem import Path
from urgent_appeals.workspace.exchange.entries import Entry, Imported, many, wording
from urgent_appeals.workspace.yaml_edit import edit, remove

_LISTS = ("identifiers", "links", "other_names")
_PLAIN = ("from", "until", "gender", "checked", "note")


@dataclass(frozen=True)
class Change:
    """One thing that an import would change; `office` is None for the directory itself.

    `value` is to stand at `path`; None where the import lacks what stands there ("missing").
    """

    office: str | None
    kind: Literal["added", "changed", "missing"]
    what: str
    old: str
    new: str
    path: Path
    value: Any = None


def differences(before: Entry, imported: Imported) -> tuple[Change, ...]:
    """Return what an import would change in a directory as its file has it, by office in the order of the import."""
    offices = before.get("offices") or {}
    found: list[Change] = []
    met: set[str] = set()
    for name, entry in imported.offices.items():
        there = _same_office(name, entry, offices)
        if there is None:
            unique = name if name not in offices else f"{name}-2"
            found.append(Change(unique, "added", "office", "", _shown(entry.get("name")), ("offices", unique), entry))
        else:
            met.add(there)
            found += _office(there, offices[there] or {}, entry, imported)
    for name, entry in offices.items():
        if name not in met:
            found.append(Change(name, "missing", "office", _shown((entry or {}).get("name")), "", ("offices", name)))
    for key, value in imported.top.items():
        if before.get(key) != value:
            kind: Literal["added", "changed"] = "changed" if before.get(key) else "added"
            found.append(Change(None, kind, key, "", "as it came", (key,), value))
    return tuple(found)


def applied(text: str, changes: Sequence[Change], file: str, *, removing: bool = False) -> str:
    """Return a file's text with changes made; what the import lacks goes only when `removing`."""
    text = edit(text, [(change.path, change.value) for change in changes if change.kind != "missing"], file)
    gone = [change.path for change in changes if change.kind == "missing"] if removing else []
    return remove(
        text, [path for path in gone if not any(path[: len(other)] == other for other in gone if other != path)], file
    )


def _same_office(name: str, entry: Entry, offices: Entry) -> str | None:
    if name in offices:
        return name
    kept = entry.get("kept")
    for there, other in offices.items():
        if kept and (other or {}).get("kept") == kept:
            return str(there)
    names = set(wording(entry.get("name")).values())
    return next(
        (str(there) for there, other in offices.items() if names & set(wording((other or {}).get("name")).values())),
        None,
    )


def _office(name: str, old: Entry, new: Entry, imported: Imported) -> Iterator[Change]:
    at: Path = ("offices", name)
    for key in ("name", "tags", "through", "address", "contacts", "email", "holders", "kept", *_LISTS, *_PLAIN):
        if key in new:
            yield from _field(name, (*at, key), key, old.get(key), new[key], imported)


def _field(  # noqa: PLR0913, PLR0917  # one thing each
    office: str, at: Path, key: str, old: Any, new: Any, imported: Imported
) -> Iterator[Change]:
    if old is None:
        yield Change(office, "added", _label(at), "", _shown(new), at, new)
    elif key in ("name", "style"):
        yield from _worded(office, at, old, new, imported)
    elif key == "through":
        yield from _worded(office, (*at, "name"), old.get("name"), new["name"], imported)
    elif key == "holders":
        yield from _holders(office, at, old, new, imported)
    elif key == "address":
        if not _lines(new) <= _lines(old):
            yield Change(office, "changed", _label(at), _shown(old), _shown(new), at, new)
    elif key in ("contacts", "email", "tags", *_LISTS):
        yield from _items(office, at, old, new, says_missing=key in ("contacts", "email"))
    elif key == "kept":
        if old != new:
            yield Change(office, "changed", _label(at), "", "as it came", at, new)
    elif old != new and not (key == "checked" and str(new) < str(old)):
        yield Change(office, "changed", _label(at), str(old), str(new), at, new)


def _worded(office: str, at: Path, old: Any, new: Any, imported: Imported) -> Iterator[Change]:
    before, after = wording(old), wording(new)
    for language, text in after.items():
        if before.get(language) == text or (language == "*" and text in before.values()):
            continue
        if language == "*" and "*" not in before and before:
            imported.left_out.append(f"{office}: {text!r} may be in any language; say which with --lang")
        elif isinstance(old, dict):
            kind: Literal["added", "changed"] = "changed" if language in before else "added"
            path = (*at, language)
            yield Change(office, kind, _label(path), before.get(language, ""), text, path, text)
        else:
            yield Change(
                office,
                "changed",
                _label(at),
                _shown(old),
                _shown(new),
                at,
                {**before, **after} if len({**before, **after}) > 1 else new,
            )
            return


def _holders(office: str, at: Path, old: Any, new: Any, imported: Imported) -> Iterator[Change]:
    before = many(old)
    met: set[int] = set()
    added = 0
    for entry in new:
        index = _same_holder(entry, before, met)
        if index is None:
            path = (*at, len(before) + added)
            added += 1
            yield Change(office, "added", "holder", "", _shown(entry.get("name")), path, entry)
            continue
        met.add(index)
        for key in ("name", "style", "kept", *_LISTS, *_PLAIN):
            if key in entry:
                yield from _field(office, (*at, index, key), key, before[index].get(key), entry[key], imported)
    for index, entry in enumerate(before):
        if index not in met:
            yield Change(office, "missing", "holder", _shown(entry.get("name")), "", (*at, index))


def _same_holder(entry: Entry, before: list[Entry], met: set[int]) -> int | None:
    names = set(wording(entry.get("name")).values())
    same = [
        index
        for index, other in enumerate(before)
        if index not in met and names & set(wording(other.get("name")).values())
    ]
    exact = [index for index in same if before[index].get("from") == entry.get("from")]
    return next(iter((*exact, *same)), None)


def _items(office: str, at: Path, old: Any, new: Any, *, says_missing: bool) -> Iterator[Change]:
    before, after = many(old), many(new)
    there = {known for item in before for known in _identities(item)}
    here = {known for item in after for known in _identities(item)}
    fresh = [item for item in after if there.isdisjoint(_identities(item))]
    if fresh and not isinstance(old, list):
        yield Change(office, "added", _label(at), "", _shown(fresh), at, [*before, *fresh])
    else:
        for number, item in enumerate(fresh):
            yield Change(office, "added", _label(at), "", _shown(item), (*at, len(before) + number), item)
    if says_missing:
        for index, item in enumerate(before):
            if here.isdisjoint(_identities(item)):
                path = (*at, index) if isinstance(old, list) else at
                yield Change(office, "missing", _label(at), _shown(item), "", path)


def _identities(item: Any) -> set[Any]:
    """Return what an item of a list is known by: a number as printed and as dialled."""
    if not isinstance(item, dict):
        return {item}
    if "printed" in item:
        numbers = (re.sub(r"\D", "", text).removeprefix("00") for text in (item["printed"], item.get("e164") or ""))
        return {number for number in numbers if number} or {item["printed"]}
    return {tuple(sorted((key, str(value)) for key, value in item.items()))}


def _lines(address: Any) -> set[tuple[str, ...]]:
    return {tuple(many(lines)) for each in many(address) for lines in (each.get("lines") or {}).values()}


def _label(at: Path) -> str:
    return " ".join(str(step) for step in at[2:] if not isinstance(step, int))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        inner: Iterable[Any] = value["lines"].values() if "lines" in value else value.values()
        return " / ".join(_shown(each) for each in inner)
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return "" if value is None else str(value)
