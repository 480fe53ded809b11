"""Read and write Popolo JSON, as EveryPolitician and others publish it (popoloproject.com/specs).

A post, or what a membership makes one of (an organisation, a role and an area), is an office; its memberships are the
holders. What a directory has no words for is kept verbatim beside the office or holder, and given back by the export,
with only those fields changed that the directory says differently by now.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import (
    MOST_OFFICES,
    Entry,
    Imported,
    a_date,
    first,
    many,
    said,
    slug,
    wording,
)
from urgent_appeals.workspace.exchange.json_text import read_json
from urgent_appeals.workspace.exchange.popolo_parts import (
    MULTILINGUAL,
    Thing,
    contact_details,
    facts,
    is_mapped,
    is_translation,
    known_of,
    label_of,
    latest_of,
    name_of,
    names_of,
    packed,
    reached,
    unpacked,
)

_MEMBER = frozenset({"", "member", "deputy"})
"""Roles that many hold at once, so that each holder is an office of its own."""
_GENDERS = {"male": "m", "female": "f"}


def read_popolo(data: bytes, language: str | None = None) -> Imported:
    """Return the directory that a Popolo document makes; plain names are in `language`, or for every language.

    Raises ImportRefused where it is no such document.
    """
    document = read_json(data)
    if not isinstance(document, dict) or not any(isinstance(document.get(key), list) for key in ("persons", "posts")):
        raise ImportRefused("it is no Popolo document: an object with lists called persons, memberships …")
    return _Reader(document, language).read()


def write_popolo(directory: Entry, language: str | None = None) -> str:
    """Return a directory, as its file has it, as a Popolo document; plain names are in `language` where it can be."""
    return json.dumps(_Writer(directory, language).write(), ensure_ascii=False, indent=2) + "\n"


class _Reader:
    """Makes offices of one document."""

    def __init__(self, document: Thing, language: str | None) -> None:
        self.document = document
        self.language = language
        self.found = Imported()
        self.persons = self._by_id("persons")
        self.organizations = self._by_id("organizations")
        self.areas = self._by_id("areas")
        self.posts = self._by_id("posts")
        self.told: set[str] = set()

    def read(self) -> Imported:
        offices: dict[tuple[str, ...], list[Thing]] = {("post", name): [] for name in self.posts}
        loose = []
        for membership in self._list("memberships"):
            person = self.persons.get(str(membership.get("person_id")))
            if person is None:
                loose.append(membership)
            else:
                offices.setdefault(self._key(membership), []).append(membership)
        if len(offices) > MOST_OFFICES:
            raise ImportRefused(f"it makes {len(offices)} offices; at most {MOST_OFFICES} fit a directory")
        for key, memberships in offices.items():
            self._office(key, memberships)
        self._rest(loose)
        return self.found

    def _list(self, name: str) -> list[Thing]:
        value = self.document.get(name)
        return [thing for thing in value if isinstance(thing, dict)] if isinstance(value, list) else []

    def _by_id(self, name: str) -> dict[str, Thing]:
        return {str(thing["id"]): thing for thing in self._list(name) if isinstance(thing.get("id"), (str, int))}

    def _key(self, membership: Thing) -> tuple[str, ...]:
        if str(membership.get("post_id")) in self.posts:
            return "post", str(membership["post_id"])
        role, area = str(membership.get("role") or ""), str(membership.get("area_id") or "")
        shared = area or role.lower() not in _MEMBER
        person = "" if shared else str(membership.get("person_id"))
        return "role", str(membership.get("organization_id") or ""), role, area, person

    def _office(self, key: tuple[str, ...], memberships: list[Thing]) -> None:
        post = self.posts[key[1]] if key[0] == "post" else {}
        name = self._office_name(key, post)
        people = [self.persons[str(membership["person_id"])] for membership in memberships]
        latest = people[latest_of(memberships)] if people else {}
        office: Entry = {"name": said(name, self.language)}
        office |= reached((post, latest, *memberships[:1]), name, self.found)
        office |= facts(post, self.found, name)
        holders = [self._holder(person, each) for person, each in zip(people, memberships, strict=True)]
        if holders:
            office["holders"] = holders
        kept = {"post": post} if post else {"key": list(key[1:4])}
        office["kept"] = {"popolo": packed(kept)}
        self.found.add(name if key[0] == "post" or not key[4] else str(latest.get("name") or name), office)

    def _office_name(self, key: tuple[str, ...], post: Thing) -> str:
        if post:
            return label_of(post, self.found)
        organization = self.organizations.get(key[1], {}).get("name")
        area = self.areas.get(key[3], {}).get("name")
        role = key[2][:1].upper() + key[2][1:] or "Member"
        parts = [self.found.text(part, "the name of an office") for part in (role, organization, area)]
        return ", ".join(part for part in parts if part) or "Office"

    def _holder(self, person: Thing, membership: Thing) -> Entry:
        name = name_of(person, self.found)
        holder: Entry = {"name": names_of(name, person, self.language, self.found)}
        if person.get("gender") in _GENDERS:
            holder["gender"] = _GENDERS[person["gender"]]
        style = self.found.text(person.get("honorific_prefix"), f"the title of {name}")
        if style:
            holder["style"] = said(style, self.language)
        for key, ours in (("start_date", "from"), ("end_date", "until")):
            day = a_date(membership.get(key))
            if day:
                holder[ours] = day
        holder |= facts(person, self.found, name)
        kept: Thing = {"membership": membership}
        if str(person.get("id")) not in self.told:
            self.told.add(str(person.get("id")))
            kept["person"] = person
        holder["kept"] = {"popolo": packed(kept)}
        return holder

    def _rest(self, loose: list[Thing]) -> None:
        rest = {key: value for key, value in self.document.items() if key not in ("persons", "posts", "memberships")}
        rest |= {"persons": [p for p in self._things("persons") if not self._is_told(p)]}
        known = list(self.posts.values())
        rest |= {"posts": [post for post in self._things("posts") if post not in known]}
        strangers = [m for m in self._things("memberships") if not isinstance(m, dict)]
        rest |= {"memberships": [*loose, *strangers]}
        lists = [key for key in ("persons", "posts", "memberships") if key in self.document]
        rest = {key: value for key, value in rest.items() if value or key in self.document}
        text = packed({"rest": rest, "lists": lists})
        if len(text) > 200_000:
            raise ImportRefused("what it says beside persons and memberships is too long for a directory (200,000)")
        self.found.top["kept"] = {"popolo": text}

    def _things(self, name: str) -> list[Any]:
        value = self.document.get(name)
        return value if isinstance(value, list) else []

    def _is_told(self, person: object) -> bool:
        return (
            isinstance(person, dict)
            and str(person.get("id")) in self.told
            and person is self.persons[str(person["id"])]
        )


class _Writer:
    """Makes one document of offices."""

    def __init__(self, directory: Entry, language: str | None) -> None:
        self.directory = directory
        self.language = language
        self.persons: dict[str, Thing] = {}
        self.came: dict[str, Thing] = {}
        self.posts: list[Thing] = []
        self.memberships: list[Thing] = []

    def write(self) -> Thing:
        kept = unpacked(self.directory)
        offices = self.directory.get("offices") or {}
        for office in offices.values():
            for holder in many(office.get("holders")):
                person = unpacked(holder).get("person")
                if isinstance(person, dict):
                    self.persons[str(person["id"])] = deepcopy(person)
                    self.came[str(person["id"])] = person
        for name, office in offices.items():
            self._office(name, office)
        rest: Thing = dict(kept.get("rest") or {"organizations": [self._organization()]})
        for key, made in (
            ("persons", list(self.persons.values())),
            ("posts", self.posts),
            ("memberships", self.memberships),
        ):
            if made or key in rest or key in kept.get("lists", ()):
                rest[key] = [*made, *rest.get(key, ())]
        return rest

    def _organization(self) -> Thing:
        return {"id": str(self.directory.get("directory")), "name": first(self.directory.get("name"), self.language)}

    def _office(self, name: str, office: Entry) -> None:
        kept = unpacked(office)
        where = f"{self.directory.get('directory')}/{name}"
        if not kept:
            post: Thing = {"id": where, "label": first(office.get("name"), self.language)}
            post["organization_id"] = str(self.directory.get("directory"))
            self.posts.append(post | contact_details(office) | known_of(office))
        elif "post" in kept:
            self.posts.append(self._changed(kept["post"], office))
        holders = [self._membership(where, kept, holder) for holder in many(office.get("holders"))]
        if kept:
            self._reached(office, self.posts[-1] if "post" in kept else {}, holders)

    def _reached(self, office: Entry, post: Thing, memberships: list[Thing]) -> None:
        """Change the contact details where the directory has others by now; kinds it has no words for stay."""
        latest = memberships[latest_of(memberships)] if memberships else {}
        came = reached((post, self.came.get(str(latest.get("person_id")), {}), *memberships[:1]), "", Imported())
        if all(many(came.get(key)) == many(office.get(key)) for key in ("address", "contacts", "email")):
            return
        people = [self.persons[str(each["person_id"])] for each in memberships]
        for thing in (post, *people, *memberships[:1]):
            details = [each for each in many(thing.get("contact_details")) if not is_mapped(each)]
            if "contact_details" in thing:
                thing["contact_details"] = details
            thing.pop("email", None)
        target = post or people[latest_of(memberships)] if memberships else post
        details = [*target.get("contact_details", ()), *contact_details(office).get("contact_details", ())]
        target["contact_details"] = details

    def _changed(self, post: Thing, office: Entry) -> Thing:
        post = deepcopy(post)
        label = first(office.get("name"), self.language)
        if label != label_of(post, Imported()):
            post["label"] = label
        return post

    def _membership(self, where: str, kept: Thing, holder: Entry) -> Thing:
        membership: Thing | None = deepcopy(unpacked(holder).get("membership"))
        if membership is None:
            name = str(first(holder.get("name"), self.language))
            person_id = next((i for i, p in self.persons.items() if p.get("name") == name), f"{where}/{slug(name)}")
            self.persons.setdefault(person_id, {"id": person_id, "name": name})
            membership = {"person_id": person_id} | self._place(where, kept)
        for ours, theirs in (("from", "start_date"), ("until", "end_date")):
            day = holder.get(ours)
            if day != a_date(membership.get(theirs)):
                membership.pop(theirs, None)
                membership |= {theirs: day} if day else {}
        self.memberships.append(membership)
        person = self.persons.get(str(membership.get("person_id")))
        if person is not None:
            self._person(person, holder)
        return membership

    def _place(self, where: str, kept: Thing) -> Thing:
        if "key" in kept:
            keys = ("organization_id", "role", "area_id")
            return {key: value for key, value in zip(keys, kept["key"], strict=True) if value}
        return {"post_id": kept["post"]["id"] if "post" in kept else where}

    def _person(self, person: Thing, holder: Entry) -> None:
        """Change what the directory says differently by now; the rest stays as it came."""
        scratch = Imported()
        came = names_of(name_of(person, scratch), person, self.language, scratch)
        names = wording(holder.get("name"))
        if names != wording(came):
            person["name"] = first(names, self.language)
            others = [each for each in many(person.get("other_names")) if not is_translation(each)]
            translated = [
                {"lang": language, "name": text, "note": MULTILINGUAL}
                for language, text in names.items()
                if language not in ("*", self.language) and text != person["name"]
            ]
            if others or translated:
                person["other_names"] = [*others, *translated]
        gender = {"m": "male", "f": "female"}.get(str(holder.get("gender")))
        if gender and person.get("gender") != gender:
            person["gender"] = gender
        prefix = first(holder.get("style"), self.language)
        if prefix and prefix != scratch.text(person.get("honorific_prefix"), ""):
            person["honorific_prefix"] = prefix
        known = known_of(holder)
        for key, made in known.items():
            person[key] = [*(person.get(key) or []), *(each for each in made if each not in (person.get(key) or []))]
