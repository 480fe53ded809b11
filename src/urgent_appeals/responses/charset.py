"""Decode text whose charset is declared wrongly, or not at all."""

from __future__ import annotations

import codecs

SAMPLE = 1 << 16
"""How many bytes from the beginning tell the charset."""

_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
"""What Python decodes and no mail is written in; the first takes the square of the length."""

_WESTERN = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})
_CYRILLIC = frozenset({"cp1251", "koi8-r"})


def decoded(content: bytes, *, declared: str = "") -> str:
    """Decode text: by its byte order mark, as declared, else as what it looks like; never raises."""
    for charset in (_by_mark(content), declared):
        try:
            if charset and _may_be(codecs.lookup(charset).name, content):
                return str(content, charset)
        except (LookupError, ValueError):  # no such charset, one that is no text, or other bytes than it has
            continue
    return str(content, charset_of(content), "replace")


def _may_be(charset: str, content: bytes) -> bool:
    """Tell whether content may be in a charset: wide ones have zeros, in blanks and line ends at the least, and no
    Western text has as many letters beyond ASCII as Cyrillic has.
    """
    if charset in _NO_CHARSETS:
        return False
    if charset.startswith(("utf-16", "utf-32")):
        return not content.strip() or b"\x00" in content[:SAMPLE]
    return charset not in _WESTERN or charset_of(content[:SAMPLE]) not in _CYRILLIC


def charset_of(sample: bytes) -> str:
    """Return the charset that text looks like: by its mark, UTF-16, UTF-8, else Cyrillic or Western."""
    certain = _by_mark(sample) or _wide(sample)
    if certain:
        return certain
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # the sample may end within a character
    except UnicodeDecodeError:
        letters = sum(byte >= 0xC0 or (byte < 0x80 and chr(byte).isalpha()) for byte in sample[:SAMPLE])
        foreign = sum(byte >= 0xC0 for byte in sample[:SAMPLE])
        return _cyrillic(sample[:SAMPLE]) if foreign > 0.3 * letters else "cp1252"
    return "utf-8"


def _cyrillic(sample: bytes) -> str:
    """Return which of two Cyrillic charsets: what are small letters in one are capitals in the other."""
    first = sum(0xC0 <= byte < 0xE0 for byte in sample)
    second = sum(byte >= 0xE0 for byte in sample)
    return "koi8-r" if first > second > 0 else "cp1251"


def _by_mark(content: bytes) -> str:
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    return next((charset for mark, charset in marks if content.startswith(mark)), "")


def _wide(content: bytes) -> str:
    """Return UTF-16 for text without a mark of which every second byte is mostly zero, as it is for Latin
    letters.
    """
    sample = content[:SAMPLE]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if max(first, second) <= 0.4 * (len(sample) // 2) or min(first, second) > 0.05 * len(sample):
        return ""
    return "utf-16-be" if first > second else "utf-16-le"
