"""Read and write the parts of Popolo objects: contact details, names, identifiers, and what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import Entry, Imported, a_date, many, number, said

Thing = dict[str, Any]
"""An object of a Popolo document."""

_CONTACTS = {"phone": "telephone", "voice": "telephone", "cell": "telephone", "fax": "fax", "url": "web"}
_TYPES = {"telephone": "phone", "telephone-fax": "phone", "fax": "fax", "web": "url", "form": "url"}
MULTILINGUAL = "multilingual"


def reached(things: tuple[Thing, ...], name: str, found: Imported) -> Entry:
    """Return how the things that make an office can be reached: addresses, contacts, emails."""
    emails: list[str] = []
    contacts: list[Entry] = []
    addresses: list[Entry] = []
    for thing in things:
        email = found.email(thing.get("email"), f"the email of {name}")
        details = [{"type": "email", "value": email}] if email else []
        for detail in [*details, *(each for each in many(thing.get("contact_details")) if isinstance(each, dict))]:
            kind, value = str(detail.get("type")), detail.get("value")
            if kind == "email":
                address = found.email(value, f"the email of {name}")
                emails += [address] if address and address not in emails else []
            elif kind == "address" and isinstance(value, str):
                lines = [text for line in value.splitlines() if (text := found.text(line, f"the address of {name}"))]
                addresses += [{"lines": {"*": lines}}] if lines else []
            elif kind in _CONTACTS and (text := found.text(value, f"a contact of {name}")):
                ours = _CONTACTS[kind]
                contact = number(ours, text) if ours != "web" else {"kind": ours, "printed": text}
                contacts += [contact] if contact not in contacts else []
    entry: Entry = {"address": addresses, "contacts": contacts, "email": emails}
    return {key: value[0] if len(value) == 1 and key == "email" else value for key, value in entry.items() if value}


def facts(thing: Thing, found: Imported, name: str) -> Entry:
    """Return identifiers, links and pictures, other names: what a directory has words for and letters do not need."""
    identifiers, links, others = [], [], []
    for each in many(thing.get("identifiers")):
        texts = (
            [found.text(each.get(key), f"an identifier of {name}") for key in ("scheme", "identifier")]
            if isinstance(each, dict)
            else [None]
        )
        if all(texts):
            identifiers.append(dict(zip(("scheme", "identifier"), texts, strict=True)))
    for each in many(thing.get("links")):
        url = found.text(each.get("url"), f"a link of {name}") if isinstance(each, dict) else None
        note = found.text(each.get("note"), f"a link of {name}") if url else None
        links += [{"url": url} | ({"note": note} if note else {})] if url else []
    image = found.text(thing.get("image"), f"the picture of {name}")
    links += [{"url": image, "note": "image"}] if image else []
    for each in many(thing.get("other_names")):
        if (
            isinstance(each, dict)
            and not is_translation(each)
            and (text := found.text(each.get("name"), f"a name of {name}"))
        ):
            more = {"note": found.text(each.get("note"), f"a name of {name}")}
            more |= {"from": a_date(each.get("start_date")), "until": a_date(each.get("end_date"))}
            others.append({"name": text} | {key: value for key, value in more.items() if value})
    entry = {"identifiers": identifiers, "links": links, "other_names": others}
    return {key: value for key, value in entry.items() if value}


def known_of(entry: Entry) -> Thing:
    """Return identifiers and links of a directory as Popolo has them; a picture is none of the links."""
    links = [dict(each) for each in many(entry.get("links")) if each.get("note") != "image"]
    made = {"identifiers": [dict(each) for each in many(entry.get("identifiers"))], "links": links}
    return {key: value for key, value in made.items() if value}


def contact_details(office: Entry) -> Thing:
    """Return how to reach an office, as Popolo has it."""
    details = [
        {"type": _TYPES.get(each["kind"], each["kind"]), "value": each["printed"]}
        for each in many(office.get("contacts"))
    ]
    details += [{"type": "email", "value": email} for email in many(office.get("email"))]
    for address in many(office.get("address")):
        lines = next(iter((address.get("lines") or {}).values()), None)
        if lines:
            details.append({"type": "address", "value": "\n".join(lines)})
    return {"contact_details": details} if details else {}


def names_of(name: str, person: Thing, language: str | None, found: Imported) -> Any:
    """Return a person's name, by language where the document has translations of it."""
    translated: dict[str, str] = {}
    for each in many(person.get("other_names")):
        if is_translation(each) and each["lang"] != language and each["lang"] not in translated:
            text = found.text(each.get("name"), f"a name of {name}")
            translated |= {each["lang"]: text} if text else {}
    return {language or "*": name} | translated if translated else said(name, language)


def is_translation(each: object) -> bool:
    """Tell whether another name is the name in another language."""
    if not isinstance(each, Mapping) or each.get("note") != MULTILINGUAL:
        return False
    language = each.get("lang")
    return (
        isinstance(language, str)
        and language.isascii()
        and language.isalpha()
        and language.islower()
        and len(language) in (2, 3)
    )


def latest_of(memberships: list[Thing]) -> int:
    """Return which of the memberships is the latest."""
    ends = [str(each.get("end_date") or "9999") for each in memberships]
    return max(range(len(ends)), key=lambda at: (ends[at], str(memberships[at].get("start_date") or "")))


def name_of(person: Thing, found: Imported) -> str:
    """Return a person's name, or else their id."""
    named = found.text(person.get("name"), "the name of a person")
    return named or found.text(str(person.get("id")), "the id of a person") or "unnamed"


def label_of(post: Thing, found: Imported) -> str:
    """Return a post's label, or else its role or its id."""
    named = found.text(post.get("label") or post.get("role"), "the name of a post")
    return named or found.text(str(post.get("id")), "the id of a post") or "Office"


def packed(value: object) -> str:
    """Return what is kept, as text."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=False)


def unpacked(entry: Entry) -> Thing:
    """Return what an import kept with an entry; raises ImportRefused where it has been changed by hand."""
    text = (entry.get("kept") or {}).get("popolo")
    try:
        value = json.loads(text) if text else {}
    except ValueError as error:
        raise ImportRefused(f"what was kept of a Popolo document has been changed by hand: {error}") from error
    return value if isinstance(value, dict) else {}


def is_mapped(detail: object) -> bool:
    """Return how to reach an office, as Popolo has it."""
    return isinstance(detail, dict) and str(detail.get("type")) in {"email", "address", *_CONTACTS}
