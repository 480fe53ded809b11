"""Make a value of the domain from a YAML document, and sentences with a place from Pydantic's errors."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from urgent_appeals.domain.problem import Origin, Path, Problem
from urgent_appeals.workspace.json_schema import keys_at
from urgent_appeals.workspace.source_text import MOST_PROBLEMS
from urgent_appeals.workspace.yaml_text import Document

M = TypeVar("M", bound=BaseModel)

_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "a short name of small letters, figures and hyphens",
    r"^[a-z0-9-]+/[a-z0-9-]+$": "a recipient such as kazakhstan/president",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language such as en, ru or kk-Latn",
    r"^[A-Z]{3}$": "a country's code of three capital letters (ISO 3166-1), such as KAZ",
    r"^\+[1-9]\d{4,14}$": "a number as a telephone dials it, such as +73172326182",
    r"^\*$": "* (any)",
}
"""What the patterns of the models ask for, in words."""

_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "german": "de", "italian": "it",
    "kazakh": "kk", "persian": "fa", "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr",
    "ukrainian": "uk",
}  # fmt: skip
"""What people write where a language tag of BCP 47 is asked for."""

_SENTENCES = {
    "string_type": "should be a text",
    "string_too_short": "should not be empty",
    "model_type": "should be a mapping (lines of 'key: value')",
    "model_attributes_type": "should be a mapping (lines of 'key: value')",
    "dict_type": "should be a mapping (lines of 'key: value')",
    "tuple_type": "should be a list (lines that begin with '- ')",
    "list_type": "should be a list (lines that begin with '- ')",
    "date_type": "should be a date such as 2003-03-13",
    "date_parsing": "should be a date such as 2003-03-13",
    "date_from_datetime_parsing": "should be a date such as 2003-03-13",
    "date_from_datetime_inexact": "should be a date such as 2003-03-13",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_parsing": "should be a whole number",
}
_CONTAINER_TYPES = frozenset(("model_type", "model_attributes_type", "dict_type", "tuple_type", "list_type"))


@dataclass(frozen=True)
class _Finding:
    """One error of Pydantic, with the path in the document; `key` where it is about a key, not its value."""

    path: Path
    key: bool
    kind: str
    context: Mapping[str, Any]
    value: Any
    message: str


def validate(
    model: type[M], document: Document, context: Mapping[str, Any] | None = None
) -> tuple[M | None, list[Problem]]:
    """Return the value that a document holds, or None, and every problem that holds it up."""
    if document.data is None:
        if document.problems:
            return None, []
        return None, [document.origin.problem((), "the file is empty")]
    if not isinstance(document.data, dict):
        return None, [document.origin.problem((), "the file should be a mapping (lines of 'key: value')")]
    data, problems = _without_our_own(model, document)
    try:
        value = model.model_validate(data, context=context and dict(context), by_alias=True, by_name=False)
    except ValidationError as error:
        return None, problems + _problems(model, document, error)
    return (None if problems else value), problems


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return `did you mean '…'?` with the nearest of the choices, or None where none is near."""
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean '{by_folded[found[0]]}'?" if found else None


def _without_our_own(model: type[BaseModel], document: Document) -> tuple[dict[str, Any], list[Problem]]:
    """Return the data without the fields that the program fills in itself, which no file may set."""
    assert isinstance(document.data, dict)
    ours = {name for name, field in model.model_fields.items() if field.exclude}
    problems = [
        _placed(document, (name,), key=True, message=f"unknown key '{name}'") for name in document.data if name in ours
    ]
    return {name: value for name, value in document.data.items() if name not in ours}, problems


def _problems(model: type[BaseModel], document: Document, error: ValidationError) -> list[Problem]:
    groups: dict[tuple[Path, bool], list[_Finding]] = {}
    for finding in _findings(document.data, error):
        groups.setdefault((finding.path, finding.key), []).append(finding)
    deeper = {path[:length] for path, _ in groups for length in range(len(path))}
    problems = []
    for (path, key), found in groups.items():
        fitting = [finding for finding in found if _fits(finding)]
        if fitting or path not in deeper:
            problems.append(_problem(model, document, path, key, fitting or found))
        if len(problems) >= MOST_PROBLEMS:
            break
    return problems


def _findings(data: Any, error: ValidationError) -> Iterator[_Finding]:
    for detail in error.errors(include_url=False):
        path, key = _path_in(data, detail["loc"], missing=detail["type"] == "missing")
        about_key = key or detail["type"] == "extra_forbidden"
        yield _Finding(path, about_key, detail["type"], detail.get("ctx", {}), detail["input"], detail["msg"])


def _path_in(data: Any, location: Sequence[str | int], *, missing: bool) -> tuple[Path, bool]:
    """Return the path in the data, without the steps that Pydantic adds; and whether it is a key."""
    path: list[str | int] = []
    for number, step in enumerate(location):
        if _is_in(data, step):
            data = data[step]
        elif missing and number == len(location) - 1:
            return (*path, step), True
        else:
            continue
        path.append(step)
    return tuple(path), "[key]" in location


def _is_in(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _fits(finding: _Finding) -> bool:
    """Tell whether the error is about the form that the value has, not about one that it could have had."""
    if finding.kind == "string_type":
        return False
    return not (finding.kind in _CONTAINER_TYPES and isinstance(finding.value, str))


def _problem(model: type[BaseModel], document: Document, path: Path, key: bool, found: Sequence[_Finding]) -> Problem:
    first = found[0]
    name = str(path[-1]) if path else ""
    match first.kind:
        case "missing":
            place = path if path in document.origin.marks else path[:-1]
            written = document.origin.marks.get(path) is not None
            return _placed(document, place, key=True, message=f"'{name}' is {'empty' if written else 'missing'}")
        case "extra_forbidden":
            known = keys_at(model, path[:-1])
            return _placed(document, path, key=True, message=f"unknown key '{name}'", hint=closest(name, known))
    message, hint = _sentence(found)
    return _placed(document, path, key=key, message=f"the key {message}" if key else message, hint=hint)


def _sentence(found: Sequence[_Finding]) -> tuple[str, str | None]:
    """Return the message and the hint for the errors at one place; several are ways to be right."""
    value = found[0].value
    choices = [choice for finding in found for choice in _choices(finding)]
    wanted = list(dict.fromkeys(words for finding in found if (words := _wanted(finding))))
    if choices or wanted:
        hint = closest(value, choices) if isinstance(value, str) else None
        if hint is None and isinstance(value, str) and any("language" in words for words in wanted):
            hint = _language(value)
        if choices:
            wanted.append(("one of " if len(choices) > 1 else "") + ", ".join(choices))
        return f"{_shown(value)} should be {' or '.join(wanted)}", hint
    first = found[0]
    if first.kind == "value_error":
        return _plain(str(first.context["error"]), value), None
    if first.kind == "string_too_long":
        return f"the text is longer than {first.context['max_length']} characters", None
    if first.kind in _SENTENCES:
        return f"{_shown(value)} {_SENTENCES[first.kind]}", None
    return _plain(first.message, value), None


def _choices(finding: _Finding) -> list[str]:
    if finding.kind not in ("enum", "literal_error"):
        return []
    return re.findall(r"'([^']*)'", str(finding.context.get("expected", "")))


def _wanted(finding: _Finding) -> str | None:
    if finding.kind != "string_pattern_mismatch":
        return None
    return _PATTERNS.get(finding.context["pattern"], f"of the form {finding.context['pattern']}")


def _language(value: str) -> str | None:
    tag = _LANGUAGES.get(value.casefold())
    return f"did you mean '{tag}'?" if tag else None


def _plain(message: str, value: Any) -> str:
    message = message.removeprefix("Value error, ")
    if message.startswith(("should ", "is ")):
        return f"{_shown(value)} {message}"
    return message[:1].lower() + message[1:]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"


def _placed(document: Document, path: Path, *, key: bool, message: str, hint: str | None = None) -> Problem:
    """Return a problem at a value, or at its key; where that has no place, at what is around it."""
    origin = document.origin
    if key and path in document.keys:
        origin = Origin(origin.file, origin.text, {path: document.keys[path]})
    return origin.problem(path, message, hint=hint)
