"""Read what stands in braces after a heading or a request: `{to: osce/chair, usa; person: duvanov}`."""

from __future__ import annotations

import re

from markdown_it.token import Token

from urgent_appeals.domain.prose import Scope
from urgent_appeals.workspace.source_text import Source
from urgent_appeals.workspace.validation import closest

_AT_THE_END = re.compile(r"\s*\{([ \t]*[A-Za-z_-]+[ \t]*:[^{}]*)\}\s*$")
_RECIPIENT = re.compile(r"[a-z0-9-]+(?:[/#][a-z0-9-]+)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = ("to", "person", "theme")


def take_scope(inline: Token, source: Source) -> Scope:
    """Take the scope off the end of an inline token and return it; an empty scope where there is none."""
    last = inline.children[-1] if inline.children else None
    if last is None or last.type != "text" or not last.content.rstrip().endswith("}"):
        return Scope()
    match = _AT_THE_END.search(last.content)
    if match is None:
        return Scope()
    last.content = last.content[: match.start()]
    first, end = inline.map or (0, 1)
    return _read(match[1], _Place(source, first, end))


class _Place:
    """Where the scope stands, to report what is wrong with it."""

    def __init__(self, source: Source, first: int, end: int) -> None:
        self._source = source
        self._lines = first, end

    def report(self, written: str, message: str, hint: str | None = None) -> None:
        self._source.report(self._source.find(written, *self._lines), message, hint)


def _read(text: str, place: _Place) -> Scope:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, colon, value = (piece.strip() for piece in part.partition(":"))
        if key not in _KEYS:
            place.report(
                part,
                f"unknown key '{key}' in braces",
                closest(key, _KEYS) or "known are to, person and theme",
            )
        elif not colon or not value:
            place.report(part, f"nothing follows '{key}:'")
        elif key in found:
            place.report(part, f"'{key}' stands twice in the braces", "put commas between several recipients")
        else:
            found[key] = value
    return Scope(
        to=_recipients(found.get("to", ""), place),
        person=_word("person", found.get("person"), place),
        theme=_word("theme", found.get("theme"), place),
    )


def _recipients(text: str, place: _Place) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    for name in names:
        if _RECIPIENT.fullmatch(name) is None:
            place.report(
                name,
                f"'{name}' is no recipient",
                "write kazakhstan/president, kazakhstan or kazakhstan#minister",
            )
    return names


def _word(key: str, value: str | None, place: _Place) -> str | None:
    if value is not None and _SLUG.fullmatch(value) is None:
        place.report(value, f"'{value}' after '{key}:' should be a short name of small letters, figures and hyphens")
    return value
