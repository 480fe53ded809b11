"""Read and write directories as vCard 4 (RFC 6350): one card for each holder of an office, or for the office.

What a directory has no words for is kept verbatim with the office or holder, and given back by the export; a line that
says what the directory still says is given back as it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import (
    MOST_OFFICES,
    Entry,
    Imported,
    a_date,
    is_language,
    many,
    number,
    wording,
)
from urgent_appeals.workspace.exchange.vcard_text import Property, card, cards, prop, properties, structured

LONGEST_KEPT = 20_000
"""The most characters of a line that is kept: a picture inside a card is none for a directory."""
_OFFICE = "X-OFFICE"
_FROM, _UNTIL, _CHECKED = "X-HOLDS-FROM", "X-HOLDS-UNTIL", "X-CHECKED"
_KINDS = {"fax": "fax", "voice": "telephone", "cell": "telephone", "text": "telephone"}
_TYPES = {"telephone": "voice", "fax": "fax", "telephone-fax": "voice,fax"}
_GENDERS = {"M": "m", "F": "f"}
_BODIES = frozenset({"org", "group", "location", "application"})
Said = tuple[str, str, str]
"""What a line says to a directory: its property, language and text. Lines that say the same are the same."""


def read_vcard(data: bytes, language: str | None = None) -> Imported:
    """Return the directory that a file of cards makes; texts without a LANGUAGE are in `language`, or in every one.

    Raises ImportRefused where it is no vCard 4.
    """
    found = Imported()
    names: dict[str, str] = {}
    for lines in cards(data):
        if len(found.offices) >= MOST_OFFICES:
            raise ImportRefused(f"it makes more than {MOST_OFFICES} offices")
        _read_card(lines, found, names, language)
    if not found.offices:
        raise ImportRefused("it holds no card")
    return found


def write_vcard(directory: Entry, language: str | None = None) -> str:
    """Return a directory, as its file has it, as cards; texts in `language` stand without a LANGUAGE."""
    offices = directory.get("offices") or {}
    return "".join(
        card(_lines(name, office, holder, language))
        for name, office in offices.items()
        for holder in many(office.get("holders")) or [None]
    )


def _read_card(lines: list[Property], found: Imported, names: dict[str, str], language: str | None) -> None:
    kind = next((line.text.lower() for line in lines if line.name == "KIND"), "individual")
    title = _wording(lines, ("TITLE", "ROLE"), language, found)
    formatted = _wording(lines, ("FN",), language, found)
    body = kind in _BODIES or (not title and not any(line.name == "N" for line in lines))
    name = (formatted if body else title) or formatted or {"*": "Office"}
    entry: Entry = {"name": _short(name)}
    through = {} if body else _wording(lines, ("ORG",), language, found)
    if through:
        entry["through"] = {"name": _short(through)}
    entry |= _reach(lines, found, next(iter(name.values())))
    holder: Entry = {}
    if not body and formatted:
        holder = {"name": _short(formatted)} | _holder(lines)
    own = next((line.text for line in lines if line.name == _OFFICE), None)
    mark = f"{bool(holder)} {own}" if own else "\n".join((str(bool(holder)), *name.values(), *through.values()))
    if mark not in names or not holder:
        names[mark] = found.add(own or next(iter(name.values())), entry)
    office = found.offices[names[mark]]
    if holder:
        office.setdefault("holders", []).append(holder)
    long = [line for line in lines if len(line.line) > LONGEST_KEPT]
    found.left_out += [f"{line.name} of {names[mark]}: is longer than {LONGEST_KEPT} characters" for line in long]
    _keep([line for line in lines if line not in long], office, holder, names[mark], language)


def _keep(lines: list[Property], office: Entry, holder: Entry, name: str, language: str | None) -> None:
    """Keep the lines that the export would not write of itself, and the names of those it would write in vain."""
    made = properties(_made(name, office, holder or None, language))
    written = {line.line for line in made}
    now, there = {_says(line) for line in made}, {_says(line) for line in lines}
    own = [line for line in lines if line.line not in written or lines.count(line) > 1]
    kept = {
        "said": [line.line for line in lines if _says(line) in now] if any(_says(line) in now for line in own) else [],
        "lines": [line.line for line in own if _says(line) not in now],
        "vain": sorted({line.name for line in made if _says(line) not in there}),
    }
    (holder or office)["kept"] = {"vcard": json.dumps(kept, separators=(",", ":"))}


def _lines(name: str, office: Entry, holder: Entry | None, language: str | None) -> list[str]:
    text = ((holder or office).get("kept") or {}).get("vcard")
    try:
        kept: dict[str, list[str]] = json.loads(text) if text else {"said": [], "lines": [], "vain": []}
        said, vain = properties(kept["said"]), kept["vain"]
        others = [line.line for line in properties(kept["lines"])]
    except (ValueError, KeyError, TypeError) as error:
        raise ImportRefused(f"what was kept of a vCard has been changed by hand: {error}") from error
    made = properties(_made(name, office, holder, language))
    lines: list[str] = []
    for line in made:
        as_it_came = [each.line for each in said if _says(each) == _says(line)]
        lines += as_it_came or ([] if line.name in vain else [line.line])
    return list(dict.fromkeys((*lines, *others)))


def _made(name: str, office: Entry, holder: Entry | None, language: str | None) -> list[str]:
    title = _texts(office.get("name"), language)
    through = _texts((office.get("through") or {}).get("name"), language)
    lines: list[str] = []
    if holder is None:
        lines += ["KIND:org", *_worded("FN", title)]
    else:
        lines += [
            *_worded("FN", _texts(holder.get("name"), language)),
            *_worded("TITLE", title),
            *_worded("ORG", through),
        ]
        gender = {"m": "M", "f": "F"}.get(str(holder.get("gender")))
        lines += [f"GENDER:{gender}"] if gender else []
        lines += [f"{key}:{holder[ours]}" for key, ours in ((_FROM, "from"), (_UNTIL, "until")) if holder.get(ours)]
    lines.append(prop(_OFFICE, name))
    for address in many(office.get("address")):
        for tag, parts in (address.get("lines") or {}).items():
            more = {} if tag in ("*", language) else {"LANGUAGE": tag}
            lines.append(structured("ADR", ("", "", "\n".join(parts), "", "", "", ""), **more))
    lines += [_tel(contact) for contact in many(office.get("contacts"))]
    lines += [prop("EMAIL", email) for email in many(office.get("email"))]
    lines += [f"{_CHECKED}:{office['checked']}"] if office.get("checked") else []
    return lines


def _tel(contact: Entry) -> str:
    kind, printed = contact["kind"], contact["printed"]
    if kind in ("web", "form"):
        return f"URL:{printed}"
    if kind not in _TYPES:
        return prop("EMAIL", printed)
    return prop("TEL", printed, TYPE=_TYPES[kind])


def _reach(lines: list[Property], found: Imported, name: str) -> Entry:
    addresses: dict[str, list[str]] = {}
    contacts, emails = [], []
    for line in lines:
        if line.name == "ADR" and _language(line) not in addresses:
            written = [found.text(text, f"the address of {name}") for text in _postal(line.parts)]
            addresses |= {_language(line): kept} if (kept := [text for text in written if text]) else {}
        elif line.name == "TEL" and (shown := found.text(line.text.removeprefix("tel:"), f"a number of {name}")):
            kinds = {_KINDS[word] for word in line.types if word in _KINDS} or {"telephone"}
            contact = number("telephone-fax" if len(kinds) > 1 else kinds.pop(), shown)
            contacts += [contact] if contact not in contacts else []
        elif line.name == "URL" and (url := found.text(line.value, f"the page of {name}")):
            contacts.append({"kind": "web", "printed": url})
        elif line.name == "EMAIL" and (email := found.email(line.text, f"the email of {name}")):
            emails += [email] if email not in emails else []
    checked = next((day for line in lines if line.name == _CHECKED and (day := a_date(line.value))), None)
    entry: Entry = {"address": [{"lines": addresses}] if addresses else [], "contacts": contacts}
    entry |= {"email": emails[0] if len(emails) == 1 else emails, "checked": checked}
    return {key: value for key, value in entry.items() if value}


def _holder(lines: list[Property]) -> Entry:
    holder: Entry = {}
    for line in lines:
        if line.name == "GENDER" and line.value[:1] in _GENDERS:
            holder["gender"] = _GENDERS[line.value[:1]]
        for name, key in ((_FROM, "from"), (_UNTIL, "until")):
            if line.name == name and (day := a_date(line.value)):
                holder[key] = day
        if line.name == "REV" and (day := a_date(_day(line.value))):
            holder["seen"] = day
    if "from" in holder:
        holder.pop("seen", None)
    return holder


def _postal(parts: list[str]) -> Iterator[str]:
    """Yield an address in lines: what stands in the components, country left out, in the order that RFC 6350 gives."""
    parts = [*parts, *[""] * 7]
    for text in (*parts[:3], " ".join(part for part in (parts[5], parts[3], parts[4]) if part)):
        yield from (line for line in text.split("\n") if line.strip())


def _wording(lines: list[Property], names: tuple[str, ...], language: str | None, found: Imported) -> dict[str, str]:
    for name in names:
        texts: dict[str, str] = {}
        for line in lines:
            raw = ", ".join(part for part in line.parts if part) if name == "ORG" else line.text
            text = found.text(raw, name) if line.name == name else None
            if text:
                tag = _language(line)
                texts.setdefault(language or "*" if tag == "*" else tag, text)
        if texts:
            return texts
    return {}


def _language(line: Property) -> str:
    tag = line.parameter("LANGUAGE") or "*"
    return tag if is_language(tag) else "*"


def _says(line: Property) -> Said:
    """Return what a line says, so that two that say the same are known for it, however they are written."""
    text = line.text
    if line.name == "TEL":
        text = f"{text.removeprefix('tel:')} {'fax' in line.types}"
    elif line.name == "ADR":
        text = "\n".join(" ".join(part.split()) for part in _postal(line.parts))
    elif line.name == "ORG":
        text = ", ".join(part for part in line.parts if part)
    elif line.name == "GENDER":
        text = line.value[:1]
    elif line.name not in ("FN", "TITLE", "ROLE", "EMAIL", "URL"):
        return line.name, "", line.line if not line.name.startswith("X-") else line.value
    return line.name, _language(line), " ".join(text.split()) if line.name != "ADR" else text


def _texts(value: Any, language: str | None) -> dict[str, str]:
    return {"*" if tag == language else tag: text for tag, text in wording(value).items()}


def _worded(name: str, texts: dict[str, str]) -> list[str]:
    return [prop(name, text, **({} if tag == "*" else {"LANGUAGE": tag})) for tag, text in texts.items()]


def _short(texts: dict[str, str]) -> str | dict[str, str]:
    return texts["*"] if set(texts) == {"*"} else texts


def _day(stamp: str) -> str:
    """Return the day of a time stamp such as 20031301T101500Z or 2003-03-13T10:15:00Z."""
    digits = stamp.partition("T")[0]
    return digits if "-" in digits else "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)
