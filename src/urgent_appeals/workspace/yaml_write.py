"""Write values as YAML in which every scalar stays the text that it is, whoever reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from urgent_appeals.workspace.yaml_text import Data

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<.+](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*\S)?")
# What YAML 1.1 or 1.2 reads as a number, a truth value, a time of day or nothing (dates stay plain, as people write).
_NO_TEXT = re.compile(
    r"[-+]?[.\d][\d_,.:]*(e[-+]?\d+)?|0[xob][\da-f_]+|y|n|yes|no|on|off|true|false|null|~|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)
_INSIDE = re.compile(r": |:$| #|\t")
_IN_BRACKETS = re.compile(r"[,:?\[\]{}]")
_CONTROL = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
STEP = 2
"""How many columns a level is indented by."""


def scalar(text: str, *, flow: bool = False) -> str:
    """Return a text as a YAML scalar on one line: plain where nobody can misread it, else in quotes."""
    if _DATE.fullmatch(text):
        return text
    fits = _PLAIN.fullmatch(text) and not _INSIDE.search(text) and not _NO_TEXT.fullmatch(text)
    if fits and not (flow and _IN_BRACKETS.search(text)):
        return text
    if '"' in text and not _CONTROL.search(text) and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(_escaped, quoted)


def flow(value: Data) -> str:
    """Return a value on one line, lists in brackets and mappings in braces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key, flow=True)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return "" if value is None else scalar(value, flow=True)


def block(value: Mapping[str, Any] | Sequence[Any], indent: int) -> list[str]:
    """Return the lines of a list or mapping that is not empty; each begins with its indentation."""
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            lines += entry(key, inner, indent)
    else:
        for inner in value:
            lines += item(inner, indent)
    return lines


def entry(key: str, value: Data, indent: int) -> list[str]:
    """Return the lines of one key and its value."""
    head = " " * indent + scalar(key) + ":"
    if not isinstance(value, str) and value is not None and is_block(value):
        return [head, *block(value, indent + STEP)]
    return [f"{head} {flow(value) if not isinstance(value, str) else scalar(value)}".rstrip()]


def item(value: Data, indent: int) -> list[str]:
    """Return the lines of one item of a list."""
    dash = " " * indent + "- "
    if not isinstance(value, str) and value is not None and is_block(value):
        first, *rest = block(value, indent + STEP)
        return [dash + first[indent + STEP :], *rest]
    return [dash + (flow(value) if not isinstance(value, str) else scalar(value))]


def is_block(value: Data) -> bool:
    """Tell whether a value is written on lines of its own: a list or mapping that is not empty or a few short texts."""
    if isinstance(value, list):
        return bool(value) and not _is_short(value)
    return isinstance(value, dict) and bool(value)


def _is_short(value: list[Any]) -> bool:
    return all(isinstance(inner, str) for inner in value) and len(flow(value)) <= 80


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
