"""Read YAML as text: every scalar as written, every key and value with its place, nothing clever.

Works on the parser's events with a stack of its own, so that no depth of nesting can exhaust the
interpreter's. Tags, anchors, aliases, merge keys, duplicate keys and several documents are refused: a
definition says what it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # where ruamel.yaml keeps it, if not in its __all__
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from urgent_appeals.domain.problem import Origin, Path, Problem, Severity
from urgent_appeals.workspace.source_text import MOST_PROBLEMS, decode, refused_in, shown

Data = str | list[Any] | dict[str, Any] | None
"""What a YAML file holds here: text, lists and mappings, or nothing."""

DEEPEST = 50
"""The most levels of lists and mappings within each other."""

_ABSENT = frozenset(("", "~", "null"))
_MESSAGES = {
    "mapping values are not allowed in this context": (
        "a ':' stands where none can",
        "put a text with ': ' in quotes, or give the line above its ':'",
    ),
    "found character that cannot start any token": (
        "a text cannot begin with this character",
        "put it in quotes",
    ),
    "found a tab character that violates indentation": ("a tab stands in the indentation", "use blanks"),
    "found a tab character where an indentation space is expected": (
        "a tab stands in the indentation",
        "use blanks",
    ),
    "found unexpected end of stream": ("a quotation mark is not closed", None),
    "could not find expected ':'": ("a ':' is missing after this key", None),
    "did not find expected key": (
        "this line does not fit the lines above",
        "check its indentation and its ':'",
    ),
    "did not find expected '-' indicator": (
        "this line does not fit the list above",
        "check its indentation and its '- '",
    ),
    "did not find expected ',' or '}'": ("a '{' is not closed by '}'", "put a text that begins with '{' in quotes"),
    "did not find expected ',' or ']'": ("a '[' is not closed by ']'", "put a text that begins with '[' in quotes"),
    "did not find expected node content": ("a '[' or '{' is not closed", None),
    "did not find expected <document start>": ("this line does not belong to what stands above", None),
    "found unknown escape character": ("a backslash in double quotes begins no escape", "use single quotes"),
    "did not find expected alphabetic or numeric character": (
        "anchors and aliases are not used",
        "put the text in quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin here",
        "begin it on a line of its own",
    ),
    "found undefined tag handle": ("tags are not used", "put a text that begins with '!' in quotes"),
}
_AT_THE_BEGINNING = (
    "found unexpected end of stream",
    "could not find expected ':'",
    "did not find expected ',' or '}'",
    "did not find expected ',' or ']'",
)


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, where its values and keys stand, and what is wrong with it."""

    data: Data
    origin: Origin
    keys: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_yaml(data: bytes, file: str) -> Document:
    """Read the bytes of a YAML file; `data` is None where it is empty or cannot be read."""
    text, problems = decode(data, file)
    if problems and not text:
        return Document(None, Origin(file), {}, tuple(problems))
    builder = _Builder(text, file, problems)
    builder.build()
    return Document(builder.top, Origin(file, text, builder.marks), builder.keys, tuple(builder.problems))


class _StopReadingError(Exception):
    """Going on would make no sense of the rest."""


class _Frame:
    """A list or mapping that is not closed yet; `key` is the key that waits for its value."""

    __slots__ = ("container", "key", "path", "stored")

    def __init__(self, container: list[Any] | dict[str, Any], path: Path) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None
        self.stored = True


class _Builder:
    """Builds one document from events."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.text = text
        self.file = file
        self.problems = problems
        self.top: Data = None
        self.marks: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self._stack: list[_Frame] = []
        self._lines = text.split("\n")

    def build(self) -> None:
        """Read all events; `top` stays None where no sense can be made of them."""
        try:
            self._build()
        except _StopReadingError:
            self.top = None

    def _build(self) -> None:
        try:
            for event in _events(self.text):
                self._take(event)
        except MarkedYAMLError as error:
            self._report_syntax(error)
            raise _StopReadingError from error
        except YAMLError as error:
            self._report(0, 0, f"this is not YAML: {error}", None)
            raise _StopReadingError from error

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is MappingStartEvent:
            self._open({}, event)
        elif kind is SequenceStartEvent:
            self._open([], event)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._stack.pop()
        elif kind is AliasEvent:
            self._refuse(
                event,
                "aliases are not used",
                "write the value out, or put a text that begins with '*' in quotes",
            )
            self._add(None, event)
        elif kind is DocumentStartEvent and self.marks:
            self._refuse(event, "a second document begins", "a file holds one definition: take the '---' away")
            raise _StopReadingError

    def _scalar(self, event: ScalarEvent) -> None:
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        value = event.value
        if event.style == '"' and (refusal := refused_in(value)) is not None:  # escapes, which no text shows
            self._refuse(event, refusal, "take its escape away")
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and type(frame.container) is dict:
            self._key(frame, value, event)
        else:
            self._add(None if not event.style and value in _ABSENT else value, event)

    def _key(self, frame: _Frame, key: str, event: Any) -> None:
        path = (*frame.path, key)
        if path in self.keys:
            first = self.keys[path][0]
            self._refuse(event, f"the key '{_short(key)}' stands here twice", f"the first is in line {first}")
        elif key == "<<" and not event.style:
            self._refuse(event, "merge keys are not used", "write the values out")
        elif not key:
            self._refuse(event, "a key is missing before the ':'")
        frame.key = key
        frame.stored = path not in self.keys and key != "<<"
        mark = event.start_mark
        self.keys.setdefault(path, (mark.line + 1, mark.column + 1))

    def _open(self, container: list[Any] | dict[str, Any], event: Any) -> None:
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        if len(self._stack) >= DEEPEST:
            self._refuse(event, f"lists and mappings stand more than {DEEPEST} deep within each other")
            raise _StopReadingError
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and type(frame.container) is dict:
            self._refuse(event, "a key is a list or mapping", "put a text that begins with '[' or '{' in quotes")
            raise _StopReadingError
        self._stack.append(_Frame(container, self._add(container, event)))

    def _add(self, value: Data, event: Any) -> Path:
        """Put a value, or nothing where it is None, into the container that is open; return its path."""
        mark = event.start_mark
        if not self._stack:
            self.top = value
            self.marks[()] = (mark.line + 1, mark.column + 1)
            return ()
        frame = self._stack[-1]
        container = frame.container
        path: Path
        if type(container) is dict:
            path = (*frame.path, str(frame.key))
            if value is not None and frame.stored:
                container[str(frame.key)] = value
            frame.key = None
            frame.stored = True
        else:
            path = (*frame.path, len(container))
            self.marks.pop(path, None)  # of an empty item that stood here
            if value is not None:
                container.append(value)  # type: ignore[union-attr]  # a list, for it is no dict
        self.marks.setdefault(path, (mark.line + 1, mark.column + 1))
        return path

    def _refuse_properties(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse(event, "tags are not used", "put a text that begins with '!' in quotes")
        if event.anchor is not None:
            self._refuse(event, "anchors are not used", "put a text that begins with '&' in quotes")

    def _refuse(self, event: Any, message: str, hint: str | None = None) -> None:
        mark = event.start_mark
        self._report(mark.line, mark.column, message, hint)

    def _report_syntax(self, error: MarkedYAMLError) -> None:
        problem = str(error.problem or "this is not YAML")
        message, hint = _MESSAGES.get(problem, (problem, None))
        mark = error.problem_mark
        if problem in _AT_THE_BEGINNING and error.context_mark is not None:
            mark = error.context_mark
        if "tab" not in message and mark is not None and "\t" in _indentation(self._lines, mark.line):
            message, hint = "a tab stands in the indentation", "use blanks"
        self._report(mark.line if mark else 0, mark.column if mark else 0, message, hint)

    def _report(self, line: int, column: int, message: str, hint: str | None) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopReadingError
        text = shown(self._lines[line]) if line < len(self._lines) else ""
        self.problems.append(Problem(self.file, line + 1, column + 1, Severity.ERROR, message, hint, text))


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def _short(key: str) -> str:
    return key if len(key) <= 40 else key[:39] + "…"


def _indentation(lines: list[str], line: int) -> str:
    text = lines[line] if line < len(lines) else ""
    return text[: len(text) - len(text.lstrip())]
