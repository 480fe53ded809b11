"""Hold what an import brings, in the shape of a directory's file; and the small steps that all formats share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from urgent_appeals.domain.mail_address import RefusedAddress, check_address
from urgent_appeals.domain.mail_header import unsafe

Entry = dict[str, Any]
"""A part of a directory as its YAML file has it: texts, lists and mappings, nothing empty."""
LONGEST = 4000
"""The most characters a text of a directory may have."""
MOST_OFFICES = 5000
"""The most offices one import may bring."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_E164 = re.compile(r"\+[1-9]\d{4,14}", re.ASCII)


@dataclass
class Imported:
    """What a file of another format says, as a directory.

    `left_out` says what could not be taken over, and why; `notes` how the file was read where that is not plain.
    """

    offices: dict[str, Entry] = field(default_factory=dict)
    top: Entry = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, office: Entry) -> str:
        """Add an office under a short name that no other has yet; return the name."""
        stem = unique = slug(name)
        number = self._numbers.get(stem, 1)
        while unique in self.offices:
            number += 1
            unique = f"{stem}-{number}"
        self._numbers[stem] = number
        self.offices[unique] = office
        return unique

    def text(self, value: object, where: str) -> str | None:
        """Return a text fit for a directory, or None; what has to be left out is noted."""
        if not isinstance(value, str) or not value.strip():
            return None
        text = " ".join(unicodedata.normalize("NFC", value).split())
        too_long = f"is longer than {LONGEST} characters" if len(text) > LONGEST else None
        reason = unsafe(text) or _unreadable(text) or too_long
        if reason is None:
            return text
        self.left_out.append(f"{where}: {reason}")
        return None

    def email(self, value: object, where: str) -> str | None:
        """Return one address to write to, or None; what is none is noted."""
        if not isinstance(value, str) or not value.strip():
            return None
        address = unicodedata.normalize("NFC", value.strip())
        checked = check_address(address)
        if isinstance(checked, RefusedAddress):
            self.left_out.append(f"{where}: {value[:60]!r} {checked.reason}")
            return None
        return address


def _unreadable(text: str) -> str | None:
    found = re.search("[\ufffe\uffff]", text)
    return f"holds U+{ord(found[0]):04X}, which is no character" if found else None


def slug(text: str) -> str:
    """Return a short name of small letters, figures and hyphens for a text; `office` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.lower())
    found = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    return found[:70].rstrip("-") or "office"


def a_date(value: object) -> str | None:
    """Return a date, whole or partial, that the calendar may have, or None."""
    from pydantic import ValidationError  # only imports need it here

    from urgent_appeals.domain.values import PartialDate

    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        PartialDate.model_validate(value)
    except ValidationError:
        return None
    return value


def is_language(tag: str) -> bool:
    """Return whether a text is a language tag as directories write it."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) is not None


def number(kind: str, printed: str) -> Entry:
    """Return a telephone or fax as a directory has it, with its E.164 form where it is written in full."""
    digits = re.sub(r"[\s().\-/\u2010-\u2015]", "", printed.removeprefix("tel:"))
    shown = {"kind": kind, "printed": printed.removeprefix("tel:")}
    return shown | ({"e164": digits} if _E164.fullmatch(digits) else {})


def wording(value: object) -> dict[str, str]:
    """Return a wording of a file as a mapping by language; a plain text is for every language."""
    if isinstance(value, str):
        return {"*": value}
    return dict(value) if isinstance(value, dict) else {}


def first(value: object, language: str | None = None) -> str | None:
    """Return a wording's text in a language, else that for every language, else its first."""
    texts = wording(value)
    return texts.get(language or "") or texts.get("*") or next(iter(texts.values()), None)


def many(value: object) -> list[Any]:
    """Return a list of what may be written as one or several."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def said(text: str, language: str | None) -> str | dict[str, str]:
    """Return a text as wording in a language, or for every language where it is not known."""
    return {language: text} if language else text
