"""Say what an email address must be before anything is written to it: exactly one, and just the one it
seems to be.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.domain.values import Value

_WRITTEN_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"CJK", "HANGUL"}),
    frozenset({"CJK", "BOPOMOFO"}),
)
"""Scripts that one language mixes within a word (Unicode Technical Standard 39, "highly restrictive")."""


class CheckedAddress(Value):
    """One address that can be written to.

    `address` is for people (normalised, domain in its own script), `wire` for a mail header: ASCII wherever
    that can be. `needs_smtputf8` tells that it cannot be, and that not every mail server takes it (RFC
    6531). `note` says what a person should know: what was read differently from what was written, how a
    domain is spelt in ASCII.
    """

    address: str
    wire: str
    needs_smtputf8: bool = False
    note: str | None = None


class RefusedAddress(Value):
    """A text that is no address to write to, and why."""

    text: str
    reason: str


@lru_cache(maxsize=4096)  # a letter's address is looked at a dozen times on its way
def check_address(text: str) -> CheckedAddress | RefusedAddress:
    """Return the one address that a text is, or why it is none (RFC 5321, 5890, 6531; nothing is looked
    up).
    """
    reason = unsafe(text) or _misshapen(text)
    if reason is not None:
        return RefusedAddress(text=text, reason=reason)
    # Late: most runs read no address at all, and the tables of international domain names are large.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        return RefusedAddress(text=text, reason=_lower_case(str(error)))
    mixed = _mixed(found.local_part, r"[.+_-]") or _mixed(found.domain, r"\.")
    if mixed is not None:
        return RefusedAddress(text=text, reason=mixed)
    return CheckedAddress(
        address=found.normalized,
        wire=found.ascii_email or found.normalized,
        needs_smtputf8=found.smtputf8,
        note=_note(text, found.normalized, found.ascii_domain, needs_smtputf8=found.smtputf8),
    )


def _misshapen(text: str) -> str | None:
    if "<" in text or ">" in text:
        return "is an address with a name or brackets; give the address alone"
    if text.count("@") > 1 or "," in text or ";" in text:
        return "is more than one address; give exactly one"
    if text.startswith("-"):
        return "begins with a hyphen, which a mail program may take for an option"
    return None


def _mixed(text: str, separator: str) -> str | None:
    for label in re.split(separator, text):
        scripts = {_script(character) for character in label if character.isalpha()}
        if len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER):
            named = " and ".join(sorted(script.capitalize() for script in scripts))
            return f"mixes {named} letters in {label!r}; type it again, in one alphabet"
    return None


def _script(letter: str) -> str:
    # The standard library has no property "script", but the names of letters begin with it.
    return re.split(r"[ -]", unicodedata.name(letter, "UNKNOWN"), maxsplit=1)[0]


def _note(text: str, address: str, ascii_domain: str, *, needs_smtputf8: bool) -> str | None:
    notes = []
    if text.lower() != address.lower():
        notes.append(f"read as {address}")
    if not address.rpartition("@")[2].isascii():
        notes.append(f"its domain is {ascii_domain} to mail servers")
    if needs_smtputf8:
        notes.append("needs mail servers that take addresses beyond ASCII (SMTPUTF8)")
    return "; ".join(notes) or None


def _lower_case(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
