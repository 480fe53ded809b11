"""Write a directory as Popolo JSON: what came from such a document comes back as it was, with what changed since."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import Entry, Imported, a_date, first, many, said, slug, wording
from urgent_appeals.workspace.exchange.popolo import GENDERS, LISTS
from urgent_appeals.workspace.exchange.popolo_parts import (
    OTHER_LABEL,
    OTHER_NAMES,
    facts,
    id_of,
    label_of,
    latest_of,
    name_of,
    names_of,
    style_of,
)
from urgent_appeals.workspace.exchange.popolo_reach import Thing, change_details
from urgent_appeals.workspace.exchange.popolo_refresh import change_facts, change_names

_UNPRINTABLE = re.compile(r"[\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_SHAPES = {"membership": dict, "person": dict, "post": dict, "key": list, "rest": dict, "lists": dict}
_LAST = 10**9


def write_popolo(directory: Entry, language: str | None = None) -> str:
    """Return a directory, as its file has it, as a Popolo document; plain names are in `language` where it can be.

    Raises ImportRefused where what an import kept has been changed by hand.
    """
    text = json.dumps(_Writer(directory, language).write(), ensure_ascii=False, indent=2)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


class _Office:
    """An office on its way: the objects that make it, as they came and as they will be."""

    def __init__(self, entry: Entry, kept: Thing) -> None:
        self.entry = entry
        self.kept = kept
        self.post: Thing = {}
        self.memberships: list[Thing] = []
        self.came: tuple[Thing, ...] = ()
        self.came_from: tuple[Thing, ...] = ()


class _Writer:
    """Makes one document of offices; lists hold each object with its place."""

    def __init__(self, directory: Entry, language: str | None) -> None:
        self.directory = directory
        self.id = str(directory.get("directory"))
        self.language = language
        self.persons: dict[str, Thing] = {}
        self.came: dict[str, Thing] = {}
        self.made: dict[str, list[tuple[int, Any]]] = {name: [] for name in LISTS}

    def write(self) -> Thing:
        kept = _unpacked(self.directory)
        offices = {name: entry or {} for name, entry in (self.directory.get("offices") or {}).items()}
        for office in offices.values():
            for holder in many(office.get("holders")):
                self._know(_unpacked(holder))
        made = [self._office(f"{self.id}/{name}", office) for name, office in offices.items()]
        change_details([(each.entry, each.came, each.came_from, self._things(each)) for each in made])
        document: Thing = dict(kept["rest"]) if "rest" in kept else {"organizations": [self._organization()]}
        lists = kept.get("lists", {})
        for name in LISTS:
            things = [*self.made[name], *_placed(lists.get(name, []))]
            if things or name in lists:
                document[name] = [thing for _, thing in sorted(things, key=lambda each: each[0])]
        return document

    def _organization(self) -> Thing:
        return {"id": self.id, "name": first(self.directory.get("name"), self.language)}

    def _know(self, kept: Thing) -> None:
        if "person" in kept:
            known = str(id_of(kept["person"].get("id")))
            self.came[known], self.persons[known] = kept["person"], deepcopy(kept["person"])
            self.made["persons"].append((kept.get("person_at", _LAST), self.persons[known]))

    def _office(self, where: str, entry: Entry) -> _Office:
        office = _Office(entry, _unpacked(entry))
        holders = many(entry.get("holders"))
        if "post" in office.kept:
            office.post = deepcopy(office.kept["post"])
            self._change_post(office)
        elif "key" not in office.kept or not holders:
            office.post = {"id": where, "label": first(entry.get("name"), self.language)}
            office.post |= self._place(where, office.kept) if office.kept else {"organization_id": self.id}
            change_names(office.post, OTHER_LABEL, "label", {}, wording(entry.get("name")), self.language)
            change_facts(office.post, {}, entry)
        if office.post:
            self.made["posts"].append((office.kept.get("at", _LAST), office.post))
        office.memberships = [self._membership(where, office.kept, holder) for holder in holders]
        self._come_from(office, [_unpacked(holder).get("membership") for holder in holders])
        return office

    def _come_from(self, office: _Office, came: list[Thing | None]) -> None:
        """Note what an import read of how an office is reached, and the same objects as they are now."""
        there = [(each, now) for each, now in zip(came, office.memberships, strict=True) if each is not None]
        latest, now = there[latest_of([each for each, _ in there])] if there else ({}, {})
        known = str(id_of(latest.get("person_id")))
        office.came = (office.kept.get("post", {}), self.came.get(known, {}), latest)
        office.came_from = (office.post, self.persons.get(known, {}), now)

    def _things(self, office: _Office) -> tuple[Thing, ...]:
        """Return what an office will be reached by: first what is its own, and may get further contact details."""
        latest = office.memberships[latest_of(office.memberships)] if office.memberships else {}
        person = self.persons.get(str(id_of(latest.get("person_id"))), {})
        return (office.post, latest, person) if office.post else (latest, person)

    def _change_post(self, office: _Office) -> None:
        post, scratch = office.kept["post"], Imported()
        before = wording(names_of(label_of(post, scratch), post, self.language, scratch, OTHER_LABEL))
        change_names(office.post, OTHER_LABEL, "label", before, wording(office.entry.get("name")), self.language)
        change_facts(office.post, facts(post, scratch, ""), office.entry)

    def _membership(self, where: str, kept: Thing, holder: Entry) -> Thing:
        own = _unpacked(holder)
        membership: Thing | None = deepcopy(own.get("membership"))
        if membership is None:
            membership = {"person_id": self._person_id(where, holder)} | self._place(where, kept)
        for ours, theirs in (("from", "start_date"), ("until", "end_date")):
            day = holder.get(ours)
            if day != a_date(membership.get(theirs)):
                membership.pop(theirs, None)
                membership |= {theirs: day} if day else {}
        self.made["memberships"].append((own.get("at", _LAST), membership))
        known = str(id_of(membership.get("person_id")))
        if known in self.persons:
            self._change_person(self.persons[known], self.came.get(known, {}), holder)
        return membership

    def _person_id(self, where: str, holder: Entry) -> str:
        """Return whom a holder written by hand is: the one person of that name, or a new one."""
        name = str(first(holder.get("name"), self.language))
        same = [known for known, person in self.persons.items() if person.get("name") == name]
        known = same[0] if len(same) == 1 else f"{where}/{slug(name)}"
        if known not in self.persons:
            self.persons[known] = {"id": known, "name": name}
            self.made["persons"].append((_LAST, self.persons[known]))
        return known

    def _place(self, where: str, kept: Thing) -> Thing:
        if "key" in kept:
            keys = ("organization_id", "role", "area_id")
            return {key: value for key, value in zip(keys, kept["key"], strict=False) if value}
        return {"post_id": kept["post"].get("id") if "post" in kept else where}

    def _change_person(self, person: Thing, came: Thing, holder: Entry) -> None:
        """Change what the directory says differently by now; the rest stays as it came."""
        scratch = Imported()
        before = wording(names_of(name_of(came, scratch), came, self.language, scratch)) if came else {}
        change_names(person, OTHER_NAMES, "name", before, wording(holder.get("name")), self.language)
        genders = {"m": "male", "f": "female"}
        was, now = GENDERS.get(str(came.get("gender"))), str(holder.get("gender"))
        if now in genders and now != was:
            person["gender"] = genders[now]
        elif was and now not in genders:
            person.pop("gender", None)
        style = style_of(came, scratch)
        if wording(holder.get("style")) != wording(said(style, self.language) if style else None):
            prefix = first(holder.get("style"), self.language)
            person.pop("honorific_prefix", None)
            person |= {"honorific_prefix": prefix} if prefix else {}
        change_facts(person, facts(came, scratch, ""), holder)


def _placed(things: Any) -> list[tuple[int, Any]]:
    try:
        return [(int(at), thing) for at, thing in things]
    except (ValueError, TypeError) as error:
        raise _changed_by_hand() from error


def _unpacked(entry: Entry) -> Thing:
    """Return what an import kept with an entry; raises ImportRefused where it has been changed by hand."""
    text = (entry.get("kept") or {}).get("popolo")
    try:
        kept = json.loads(text) if text else {}
    except ValueError as error:
        raise _changed_by_hand() from error
    if not isinstance(kept, dict) or any(not isinstance(kept.get(key, kind()), kind) for key, kind in _SHAPES.items()):
        raise _changed_by_hand()
    if any(type(kept.get(key, 0)) is not int for key in ("at", "person_at")):
        raise _changed_by_hand()
    return kept


def _changed_by_hand() -> ImportRefused:
    return ImportRefused("what was kept of a Popolo document (kept: popolo) has been changed by hand")
