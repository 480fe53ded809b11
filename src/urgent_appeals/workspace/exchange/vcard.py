"""Read and write directories as vCard 4 (RFC 6350): one card for each holder of an office, or for the office.

A card is kept verbatim with the office or holder and given back by the export, without the lines that the directory
no longer says and with those that it says by now.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
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

MOST_KEPT = 600_000
"""How many characters of cards a directory has room for; above that, longer lines than LONGEST_KEPT are left out."""
LONGEST_KEPT = 20_000
"""The most characters of a line that is kept where there is no room for all: pictures inside cards are longer."""
_OFFICE = "X-OFFICE"
_FROM, _UNTIL, _CHECKED = "X-HOLDS-FROM", "X-HOLDS-UNTIL", "X-CHECKED"
_KINDS = {"fax": "fax", "voice": "telephone", "cell": "telephone", "text": "telephone"}
_TYPES = {"telephone": "voice", "fax": "fax", "telephone-fax": "voice,fax"}
_GENDERS = {"M": "m", "F": "f"}
_LAST = 10**9
_BODIES = frozenset({"org", "group", "location", "application"})
Said = tuple[str, str, str]
"""What a line says to a directory: its property, language and text. Lines that say the same are the same."""


def read_vcard(data: bytes, language: str | None = None) -> Imported:
    """Return the directory that a file of cards makes; texts without a LANGUAGE are in `language`, or in every one.

    Raises ImportRefused where it is no vCard that can be read.
    """
    found = Imported()
    names: dict[str, str] = {}
    read = cards(data)
    found.notes += ["the cards of version 3.0 are read as version 4.0"] if any(card.upgraded for card in read) else []
    longest = LONGEST_KEPT if sum(len(line.line) for card in read for line in card.lines) > MOST_KEPT else MOST_KEPT
    for at, each in enumerate(read):
        if len(found.offices) >= MOST_OFFICES:
            raise ImportRefused(f"it makes more than {MOST_OFFICES} offices")
        _Card(each.lines, at, language, longest).read(found, names)
    if not found.offices:
        raise ImportRefused("it holds no card")
    return found


def write_vcard(directory: Entry, language: str | None = None) -> str:
    """Return a directory, as its file has it, as cards; texts in `language` stand without a LANGUAGE.

    Raises ImportRefused where what an import kept has been changed by hand.
    """
    made: list[tuple[int, str]] = []
    for name, office in (directory.get("offices") or {}).items():
        holders = many(office.get("holders"))
        bodies = [None] if not holders or (office.get("kept") or {}).get("vcard") else []
        for holder in (*bodies, *holders):
            at, lines = _lines(name, office, holder, language)
            made.append((at, card(lines)))
    return "".join(text for _, text in sorted(made, key=lambda each: each[0]))


@dataclass
class _Card:
    """One card of a file that is read: its lines, its place among the cards, and the language of plain texts."""

    lines: list[Property]
    at: int
    language: str | None
    longest: int

    def read(self, found: Imported, names: dict[str, str]) -> None:
        """Make the card an office, or a holder of one; `names` are the short names of offices by what marks them."""
        lines, language = self.lines, self.language
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
        holder: Entry = {"name": _short(formatted)} | _holder(lines) if formatted and not body else {}
        own = next((line.text for line in lines if line.name == _OFFICE), None)
        mark = own or "\n".join((*name.values(), *through.values()))
        if mark not in names or not holder:
            names[mark] = found.add(own or next(iter(name.values())), entry)
        office = found.offices[names[mark]]
        if holder:
            office.setdefault("holders", []).append(holder)
        self._keep(office, holder, names[mark], found)

    def _keep(self, office: Entry, holder: Entry, name: str, found: Imported) -> None:
        """Keep the card, and what the export would say by itself on the day of the import, as short digests."""
        long = [line for line in self.lines if len(line.line) > self.longest]
        found.left_out += [f"{line.name} of {name}: is longer than {self.longest} characters" for line in long]
        kept = {
            "card": [line.line for line in self.lines if line not in long],
            "at": self.at,
            "language": self.language or "*",
            "says": [_digest(_says(line)) for line in properties(_made(name, office, holder or None, None))],
        }
        (holder or office)["kept"] = {"vcard": json.dumps(kept, separators=(",", ":"))}


def _lines(name: str, office: Entry, holder: Entry | None, language: str | None) -> tuple[int, list[str]]:
    """Return the place of a card and its lines: as they came, without what is gone, and with what is new."""
    then = _kept(office if holder is None else holder)
    made = properties(_made(name, office, holder, None))
    written = _made(name, office, holder, language)
    if then is None:
        return _LAST, written
    now = {_digest(_says(line)) for line in made}
    gone = set(then["says"]) - now
    fresh = [line for line, shown in zip(made, written, strict=True) if _digest(_says(line)) not in then["says"]]
    new = [shown for line, shown in zip(made, written, strict=True) if line in fresh]
    came = [line for line in properties(then["card"]) if _digest(_says(line, then["language"])) not in gone]
    if any(line.name == "FN" for line in fresh):  # the parts of the former name
        came = [line for line in came if line.name != "N"]
    return then["at"], [*(line.line for line in came), *new]


def _kept(entry: Entry) -> dict[str, Any] | None:
    text = (entry.get("kept") or {}).get("vcard")
    if not text:
        return None
    try:
        kept = json.loads(text)
        properties(kept["card"])
        if {type(kept["at"]), type(kept["language"])} == {int, str} and set(map(type, kept["says"])) <= {str}:
            return dict(kept)
    except (ValueError, KeyError, TypeError, ImportRefused):
        pass
    raise ImportRefused("what was kept of a vCard (kept: vcard) has been changed by hand")


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
    addresses: list[dict[str, list[str]]] = []
    contacts, emails = [], []
    for line in lines:
        if line.name == "ADR":
            written = [found.text(text, f"the address of {name}") for text in _postal(line.parts)]
            if kept := [text for text in written if text]:
                free = (each for each in addresses if _language(line) not in each and "*" not in each)
                another = next(free, None) if _language(line) != "*" else None
                addresses += [{}] if another is None else []
                (addresses[-1] if another is None else another)[_language(line)] = kept
        elif line.name == "TEL" and (shown := found.text(line.text.removeprefix("tel:"), f"a number of {name}")):
            kinds = {_KINDS[word] for word in line.types if word in _KINDS} or {"telephone"}
            contact = number("telephone-fax" if len(kinds) > 1 else kinds.pop(), shown)
            contacts += [contact] if contact not in contacts else []
        elif line.name == "URL" and (url := found.text(line.value, f"the page of {name}")):
            contacts.append({"kind": "web", "printed": url})
        elif line.name == "EMAIL" and (email := found.email(line.text, f"the email of {name}")):
            emails += [email] if email not in emails else []
    checked = next((day for line in lines if line.name == _CHECKED and (day := a_date(line.value))), None)
    entry: Entry = {"address": [{"lines": each} for each in addresses], "contacts": contacts}
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


def _says(line: Property, language: str = "*") -> Said:
    """Return what a line says, so that two that say the same are known for it, however they are written.

    `language` is that of names without one.
    """
    text, tag = line.text, _language(line)
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
    tag = language if tag == "*" and line.name in ("FN", "TITLE", "ROLE", "ORG") else tag
    text = unicodedata.normalize("NFC", text)
    return line.name, tag, " ".join(text.split()) if line.name != "ADR" else text


def _digest(said: Said) -> str:
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:12]


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
