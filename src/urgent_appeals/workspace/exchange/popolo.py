"""Read Popolo JSON, as EveryPolitician and others publish it (popoloproject.com/specs).

A post, or what a membership makes one of (an organisation, a role and an area), is an office; its memberships are the
holders. What a document says is kept verbatim beside the office or holder, with its place in its list, so that the
export (`popolo_write`) gives it back with only those fields changed that the directory says differently by now.
"""

from __future__ import annotations

from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import MOST_OFFICES, Entry, Imported, a_date, said
from urgent_appeals.workspace.exchange.json_text import read_json
from urgent_appeals.workspace.exchange.popolo_parts import (
    OTHER_LABEL,
    facts,
    id_of,
    label_of,
    latest_of,
    name_of,
    names_of,
    packed,
    style_of,
)
from urgent_appeals.workspace.exchange.popolo_reach import Thing, reached

LISTS = ("persons", "posts", "memberships")
"""The lists whose objects become offices and holders."""
GENDERS = {"male": "m", "female": "f"}
_MEMBER = frozenset({"", "member", "deputy"})
"""Roles that many hold at once, so that each holder is an office of its own."""


def read_popolo(data: bytes, language: str | None = None) -> Imported:
    """Return the directory that a Popolo document makes; plain names are in `language`, or for every language.

    Raises ImportRefused where it is no such document.
    """
    document = read_json(data)
    if not isinstance(document, dict) or not any(isinstance(document.get(key), list) for key in ("persons", "posts")):
        raise ImportRefused("it is no Popolo document: an object with lists called persons, memberships …")
    return _Reader(document, language).read()


class _Reader:
    """Makes offices of one document; `told` are the places of what has become part of one, by list."""

    def __init__(self, document: Thing, language: str | None) -> None:
        self.document = document
        self.language = language
        self.found = Imported()
        self.persons = self._by_id("persons")
        self.posts = self._by_id("posts")
        self.organizations = self._by_id("organizations")
        self.areas = self._by_id("areas")
        self.told: dict[str, set[int]] = {name: set() for name in LISTS}

    def read(self) -> Imported:
        offices: dict[tuple[str, ...], list[tuple[int, Thing]]] = {("post", name): [] for name in self.posts}
        for at, membership in enumerate(self._list("memberships")):
            if isinstance(membership, dict) and id_of(membership.get("person_id")) in self.persons:
                offices.setdefault(self._key(membership), []).append((at, membership))
        if len(offices) > MOST_OFFICES:
            raise ImportRefused(f"it makes {len(offices)} offices; at most {MOST_OFFICES} fit a directory")
        for key, memberships in offices.items():
            self._office(key, memberships)
        self._rest()
        return self.found

    def _list(self, name: str) -> list[Any]:
        value = self.document.get(name)
        return value if isinstance(value, list) else []

    def _by_id(self, name: str) -> dict[str, tuple[int, Thing]]:
        """Return the objects of a list that have an id, each with its place; of several with one id the last."""
        return {
            known: (at, thing)
            for at, thing in enumerate(self._list(name))
            if isinstance(thing, dict) and (known := id_of(thing.get("id"))) is not None
        }

    def _key(self, membership: Thing) -> tuple[str, ...]:
        post = id_of(membership.get("post_id"))
        if post in self.posts:
            return "post", str(post)
        role = membership.get("role")
        texts = [id_of(membership.get(key)) or "" for key in ("organization_id", "area_id", "person_id")]
        role = role if isinstance(role, str) else ""
        shared = bool(texts[1]) or role.lower() not in _MEMBER
        return ("role", texts[0], role, texts[1], *([] if shared else [texts[2]]))

    def _office(self, key: tuple[str, ...], memberships: list[tuple[int, Thing]]) -> None:
        at, post = self.posts[key[1]] if key[0] == "post" else (0, {})
        people = [self.persons[str(id_of(each["person_id"]))][1] for _, each in memberships]
        latest = latest_of([each for _, each in memberships])
        name = label_of(post, self.found) if post else self._office_name(key)
        things = (post, people[latest], memberships[latest][1]) if memberships else (post,)
        office: Entry = {"name": names_of(name, post, self.language, self.found, OTHER_LABEL)}
        office |= reached(things, name, self.found) | facts(post, self.found, name)
        if memberships:
            office["holders"] = [self._holder(at, each) for at, each in memberships]
        if key[0] == "post":
            self.told["posts"].add(at)
        office["kept"] = {"popolo": packed({"post": post, "at": at} if key[0] == "post" else {"key": list(key[1:])})}
        self.found.add(name_of(people[0], Imported()) if len(key) == 5 else name, office)

    def _office_name(self, key: tuple[str, ...]) -> str:
        organization = self.organizations.get(key[1], (0, {}))[1].get("name")
        area = self.areas.get(key[3], (0, {}))[1].get("name")
        role = key[2][:1].upper() + key[2][1:] or "Member"
        parts = [self.found.text(part, "the name of an office") for part in (role, organization, area)]
        return ", ".join(part for part in parts if part) or "Office"

    def _holder(self, at: int, membership: Thing) -> Entry:
        place, person = self.persons[str(id_of(membership["person_id"]))]
        name = name_of(person, self.found)
        holder: Entry = {"name": names_of(name, person, self.language, self.found)}
        if gender := GENDERS.get(str(person.get("gender"))):
            holder["gender"] = gender
        if style := style_of(person, self.found):
            holder["style"] = said(style, self.language)
        for key, ours in (("start_date", "from"), ("end_date", "until")):
            if day := a_date(membership.get(key)):
                holder[ours] = day
        holder |= facts(person, self.found, name)
        kept: Thing = {"membership": membership, "at": at}
        self.told["memberships"].add(at)
        if place not in self.told["persons"]:
            self.told["persons"].add(place)
            kept |= {"person": person, "person_at": place}
        holder["kept"] = {"popolo": packed(kept)}
        return holder

    def _rest(self) -> None:
        """Keep what is part of no office: of the lists of offices and holders with its place, else as it is."""
        rest = {key: value for key, value in self.document.items() if not (key in LISTS and isinstance(value, list))}
        lists = {
            name: [[at, thing] for at, thing in enumerate(self._list(name)) if at not in self.told[name]]
            for name in LISTS
            if isinstance(self.document.get(name), list)
        }
        self.found.top["kept"] = {"popolo": packed({"rest": rest, "lists": lists})}
