"""Say which texts may stand in a mail's header: names, subjects and addresses are built from data that
others wrote.
"""

from __future__ import annotations

import unicodedata

_TURNS_READING_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def unsafe(text: str) -> str | None:
    """Return why a text must not reach a mail header, or None.

    Refused are: control characters and line or paragraph separators (they end a header, and begin another),
    encoded words (RFC 2047: some mail programs decode `=?utf-8?q?=0D=0ABcc…?=` into a header), surrogates
    (no bytes stand for them) and characters that turn the direction of reading (they show another text than
    is there).
    """
    if "=?" in text:
        return "holds '=?', the beginning of an encoded word"
    if text.isprintable():  # what is refused is not; nearly every text is
        return None
    for character in text:
        category = unicodedata.category(character)
        if category in {"Cc", "Zl", "Zp"}:
            return f"holds a control or line-separator character, {_code_point(character)}"
        if category == "Cs":
            return f"holds half a surrogate pair, {_code_point(character)}"
        if character in _TURNS_READING_AROUND:
            return f"holds a character that changes the direction of reading, {_code_point(character)}"
    return None


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"
