"""Read the parts of Popolo objects: names, identifiers, links; and pack what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from urgent_appeals.workspace.exchange.entries import Entry, Imported, a_date, is_language, many, said
from urgent_appeals.workspace.exchange.popolo_reach import Thing

MULTILINGUAL = "multilingual"
"""The note of another name that is the name in another language, as EveryPolitician has it."""
IMAGE = "image"
"""The note of a link that is a picture."""
OTHER_NAMES, OTHER_LABEL = "other_names", "other_label"


def facts(thing: Thing, found: Imported, name: str) -> Entry:
    """Return identifiers, links and pictures, other names: what a directory has words for and letters do not need."""
    identifiers, links, others = [], [], []
    for each in _objects(thing.get("identifiers")):
        texts = {key: found.text(each.get(key), f"an identifier of {name}") for key in ("scheme", "identifier")}
        identifiers += [texts] if all(texts.values()) else []
    for each in _objects(thing.get("links")):
        url = found.text(each.get("url"), f"a link of {name}")
        note = found.text(each.get("note"), f"a link of {name}") if url else None
        links += [{"url": url} | ({"note": note} if note and note != IMAGE else {})] if url else []
    image = found.text(thing.get("image"), f"the picture of {name}")
    links += [{"url": image, "note": IMAGE}] if image else []
    for each in _objects(thing.get(OTHER_NAMES)):
        if not is_translation(each) and (text := found.text(each.get("name"), f"a name of {name}")):
            language = each.get("lang")
            more = {"language": language if isinstance(language, str) and is_language(language) else None}
            more |= {"note": found.text(each.get("note"), f"a name of {name}")}
            more |= {"from": a_date(each.get("start_date")), "until": a_date(each.get("end_date"))}
            others.append({"name": text} | {key: value for key, value in more.items() if value})
    entry = {"identifiers": identifiers, "links": links, "other_names": others}
    return {key: value for key, value in entry.items() if value}


def names_of(
    name: str, thing: Thing, language: str | None, found: Imported, others: str = OTHER_NAMES
) -> str | dict[str, str]:
    """Return the name of a person or post, by language where the document has translations of it."""
    translated: dict[str, str] = {}
    for each in many(thing.get(others)):
        if is_translation(each) and each["lang"] != language and each["lang"] not in translated:
            text = found.text(each.get("name"), f"a name of {name}")
            translated |= {each["lang"]: text} if text else {}
    return {language or "*": name} | translated if translated else said(name, language)


def is_translation(each: object) -> bool:
    """Tell whether another name is the name in another language."""
    if not isinstance(each, Mapping) or each.get("note") != MULTILINGUAL:
        return False
    language = each.get("lang")
    return isinstance(language, str) and is_language(language)


def latest_of(memberships: list[Thing]) -> int:
    """Return which of the memberships is the latest; 0 where there is none."""
    ends = [str(each.get("end_date") or "9999") for each in memberships]
    return max(range(len(ends)), key=lambda at: (ends[at], str(memberships[at].get("start_date") or "")), default=0)


def id_of(value: object) -> str | None:
    """Return an id as text, or None where it is none; numbers are ids to some who publish."""
    return str(value) if isinstance(value, (str, int)) else None


def name_of(person: Thing, found: Imported) -> str:
    """Return a person's name, or else their id."""
    named = found.text(person.get("name"), "the name of a person")
    return named or found.text(str(person.get("id")), "the id of a person") or "unnamed"


def label_of(post: Thing, found: Imported) -> str:
    """Return a post's label, or else its role or its id."""
    named = found.text(post.get("label") or post.get("role"), "the name of a post")
    return named or found.text(str(post.get("id")), "the id of a post") or "Office"


def style_of(person: Thing, found: Imported) -> str | None:
    """Return what stands before a person's name."""
    return found.text(person.get("honorific_prefix"), "what stands before a name")


def packed(value: object) -> str:
    """Return what is kept, as text."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in many(value) if isinstance(each, dict)]
