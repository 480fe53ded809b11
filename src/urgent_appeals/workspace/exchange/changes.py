"""Say what an import would change in a directory's file, and make those changes there.

Nothing is decided by surprise: what the import lacks stays unless its removal is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

from urgent_appeals.domain.problem import Path
from urgent_appeals.workspace.exchange.entries import Entry, Imported, many, wording
from urgent_appeals.workspace.exchange.kept import marks
from urgent_appeals.workspace.yaml_edit import edit, remove

_LISTS = ("identifiers", "links", "other_names")
_PLAIN = ("from", "until", "gender", "checked", "note")


@dataclass(frozen=True)
class Change:
    """One thing that an import would change; `office` is None for the directory itself.

    `value` is to stand at `path`; None where the import lacks what stands there, as all that is "missing". "ours" has
    been changed here since the last import, and not there; a "conflict" here and there: `was` is what that brought.
    """

    office: str | None
    kind: Literal["added", "changed", "missing", "conflict", "ours"]
    what: str
    old: str
    new: str
    path: Path
    value: Any = None
    was: str = ""


def differences(before: Entry, imported: Imported) -> tuple[Change, ...]:
    """Return what an import would change in a directory as its file has it, by office in the order of the import."""
    offices = {name: entry or {} for name, entry in (before.get("offices") or {}).items()}
    found: list[Change] = []
    same = _same_offices(imported.offices, offices)
    for name, entry in imported.offices.items():
        there = same.get(name)
        if there is None:
            unique = _free(name, {*offices, *(change.office for change in found)})
            found.append(Change(unique, "added", "office", "", _shown(entry.get("name")), ("offices", unique), entry))
        else:
            found += _office(there, offices[there], entry, imported)
    for name, entry in offices.items():
        if name not in same.values():
            found.append(Change(name, "missing", "office", _shown(entry.get("name")), "", ("offices", name)))
    for key, value in imported.top.items():
        if before.get(key) != value:
            kind: Literal["added", "changed"] = "changed" if before.get(key) else "added"
            found.append(Change(None, kind, key, "", "as it came", (key,), value))
    return tuple(found)


def applied(text: str, changes: Sequence[Change], file: str) -> str:
    """Return a file's text with all of the changes made."""
    text = edit(text, [(change.path, change.value) for change in changes if change.value is not None], file)
    gone = [change.path for change in changes if change.value is None]
    return remove(
        text, [path for path in gone if not any(path[: len(other)] == other for other in gone if other != path)], file
    )


def _same_offices(imported: dict[str, Entry], offices: dict[str, Entry]) -> dict[str, str]:
    """Return which office of the import is which of the directory: by what was kept, by short name, by name."""
    same: dict[str, str] = {}
    known: dict[tuple[str, ...], list[str]] = {}
    for there, entry in offices.items():
        known.setdefault(marks(entry), []).append(there)
    for name, entry in imported.items():
        free = known.get(marks(entry), []) if marks(entry) else []
        if free:
            same[name] = min(free, key=lambda there: offices[there].get("kept") != entry.get("kept"))
            free.remove(same[name])
    taken = set(same.values())
    for name in imported:
        if name not in same and name in offices and name not in taken:
            same[name] = name
            taken.add(name)
    for name, entry in imported.items():
        if name not in same and (other := _of_that_name(entry, offices, taken)) is not None:
            same[name] = other
            taken.add(other)
    return same


def _of_that_name(entry: Entry, offices: dict[str, Entry], taken: set[str]) -> str | None:
    names = set(wording(entry.get("name")).values())
    mark = marks(entry)
    free = (name for name, other in offices.items() if name not in taken and not (mark and marks(other)))
    return next((name for name in free if names & set(wording(offices[name].get("name")).values())), None)


def _free(name: str, taken: set[str | None]) -> str:
    return next(each for number in count(1) if (each := name if number == 1 else f"{name}-{number}") not in taken)


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
                whose = f"holder {_shown(entry.get('name'))}"
                for change in _field(office, (*at, index, key), key, before[index].get(key), entry[key], imported):
                    yield replace(change, what=change.what.replace("holders", whose, 1))
    for index, entry in enumerate(before):
        if index not in met:
            yield Change(office, "missing", "holder", _shown(entry.get("name")), "", (*at, index))


def _same_holder(entry: Entry, before: list[Entry], met: set[int]) -> int | None:
    """Return which holder an entry is: by what was kept, else by the name and when it began, else by the name."""
    free = [index for index in range(len(before)) if index not in met]
    names, mark = set(wording(entry.get("name")).values()), marks(entry)
    same = [index for index in free if names & set(wording(before[index].get("name")).values())]
    kept = [index for index in free if mark and marks(before[index]) == mark]
    exact = [index for index in (*kept, *same) if before[index].get("from") == entry.get("from")]
    as_it_came = [index for index in kept if before[index].get("kept") == entry.get("kept")]
    return next(iter((*as_it_came, *exact, *kept, *same)), None)


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
