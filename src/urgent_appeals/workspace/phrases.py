"""Read the fixed wording: built-in files, a workspace's own over them key by key, the fields in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.problem import Origin, Path, Problem
from urgent_appeals.workspace.validation import closest, validate
from urgent_appeals.workspace.yaml_text import Document

FIELDS: Mapping[tuple[str, ...], frozenset[str]] = {
    ("letter", "subject"): frozenset({"code", "subject"}),
    ("letter", "request_for_reply"): frozenset({"code"}),
    ("letter", "quote_code"): frozenset({"code"}),
    ("letter", "care_of"): frozenset({"mission"}),
    ("letter", "qr_alternative"): frozenset({"code"}),
    ("letter", "page"): frozenset({"page", "pages"}),
    ("letter", "salutations"): frozenset({"title", "name"}),
    ("letter", "closes"): frozenset({"title", "name"}),
    ("bulletin", "standing"): frozenset({"issuers"}),
    ("bulletin", "standing_programme"): frozenset({"programme", "issuers"}),
    ("bulletin", "quote_code"): frozenset({"code"}),
    ("bulletin", "bounced"): frozenset({"date"}),
    ("bulletin", "returned"): frozenset({"date"}),
    ("bulletin", "byline"): frozenset({"names"}),
    ("bulletin", "republished"): frozenset({"issuers"}),
}
"""The fields that each phrase is given; phrases that do not stand here are given none."""

NEEDED: Mapping[tuple[str, ...], str] = {
    ("letter", "subject"): "code",
    ("letter", "quote_code"): "code",
    ("bulletin", "quote_code"): "code",
}
"""Phrases without which no answer would find its case."""

_FIELD = re.compile(r"\{([a-z_]+)\}")


def merge(built_in: Document | None, own: Document) -> Document:
    """Return a workspace's document over the built-in one; each value keeps the place where it was written.

    Problems are placed in the workspace's file; what comes from the built-in one has no place there.
    """
    if built_in is None or not isinstance(own.data, dict) or not isinstance(built_in.data, dict):
        return own
    return Document(_over(built_in.data, own.data), own.origin, own.keys, own.problems)


def read_phrases(document: Document) -> tuple[Phrases | None, list[Problem]]:
    """Return the wording that a document holds, or None, and every problem in it."""
    phrases, problems = validate(Phrases, document)
    if isinstance(document.data, dict):
        for path, text in _texts(document.data, ()):
            problems += field_problems(text, document.origin, path, _fields_at(path), needed=NEEDED.get(path))
    if phrases is None or problems:
        return None, problems
    return phrases.model_copy(update={"origin": document.origin}), []


def field_problems(
    text: str, origin: Origin, path: Path, allowed: frozenset[str], *, needed: str | None = None
) -> list[Problem]:
    """Return what is wrong with a phrase's fields: it may hold `{word}`, with a word that it is given."""
    problems = []
    for name in _FIELD.findall(text):
        if name not in allowed:
            known = ", ".join(f"{{{field}}}" for field in sorted(allowed))
            hint = closest(name, allowed) or (f"it is given {known}" if known else "this phrase is given none")
            problems.append(origin.problem(path, f"nothing can be filled in for {{{name}}} here", hint=hint))
    if re.search(r"[{}]", _FIELD.sub("", text)):
        problems.append(origin.problem(path, "braces stand around a field's name only, as in {code}"))
    if needed is not None and f"{{{needed}}}" not in text:
        problems.append(origin.problem(path, f"the phrase lacks {{{needed}}}, without which no answer finds its case"))
    return problems


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        merged[key] = _over(under, value) if isinstance(value, dict) and isinstance(under, dict) else value
    return merged


def _texts(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _texts(value, (*path, key))
        elif isinstance(value, str):
            yield (*path, key), value


def _fields_at(path: tuple[str, ...]) -> frozenset[str]:
    return FIELDS.get(path) or FIELDS.get(path[:2], frozenset())
