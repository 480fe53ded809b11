"""Find templates, the workspace's over the built-in ones, and fill them in a sandbox.

Templates get plain data (dicts, lists, texts, numbers) and may reach nothing but its keys: no attribute of any object,
no method, no function but `range`. A stock Jinja sandbox calls every public method of whatever it is handed, which
with a model of data is enough to run programs.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from urgent_appeals.errors import TemplateError

LARGEST = {".html": 256_000, ".css": 256_000, ".svg": 1_000_000, ".ttf": 20_000_000, ".otf": 20_000_000}
LARGEST_OTHER = 5_000_000
LONGEST_RANGE = 1_000

_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*")
_FILTERS = frozenset(
    "batch capitalize count d default dictsort e escape first items join last length list lower reverse sort string"
    " trim unique upper".split()
)
_LOOP = frozenset("first last index index0 revindex revindex0 length depth depth0 previtem nextitem".split())
_BOUNDED = frozenset({"*", "**", "%"})
"""Operators that make much of little ('A' * 10**9) and that no template here needs beyond small numbers."""


class Templates:
    """The files of the built-in templates and of the workspace's, looked up file by file."""

    def __init__(self, built_in: Path, override: Path | None = None) -> None:
        self.built_in = built_in.resolve()
        same = override is None or not override.is_dir() or override.resolve() == self.built_in
        self.override = None if same or override is None else override.resolve()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The directories in the order of lookup."""
        return (self.built_in,) if self.override is None else (self.override, self.built_in)

    def find(self, name: str) -> Path:
        """Return the file of a name such as `letter.html` or `fonts/AppealSans-Regular.ttf`; raises TemplateError."""
        if not _NAME.fullmatch(name):
            raise TemplateError(name, "is no name of a template: letters, figures, -, _, single dots and slashes")
        for root in self.roots:
            path = root / name
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                raise TemplateError(name, "is a link that leaves the templates; put the file itself there")
            return path
        raise TemplateError(name, f"is not among the templates ({', '.join(str(root) for root in self.roots)})")

    def read(self, name: str) -> bytes:
        """Return what a template file holds; raises TemplateError, also where it is unreasonably large."""
        path = self.find(name)
        largest = LARGEST.get(path.suffix, LARGEST_OTHER)
        if path.stat().st_size > largest:
            raise TemplateError(name, f"is larger than {largest:,} bytes")
        return path.read_bytes()

    def own(self) -> tuple[str, ...]:
        """Return the names of the workspace's own files that shape documents and differ from the built-in ones."""
        if self.override is None:
            return ()
        files = sorted(path for path in self.override.rglob("*") if path.is_file() and self._shapes(path))
        names = [path.relative_to(self.override).as_posix() for path in files]
        return tuple(name for name in names if self._differs(name))

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every file that shapes documents, by name."""
        names = {
            path.relative_to(root).as_posix()
            for root in self.roots
            for path in root.rglob("*")
            if path.is_file() and self._shapes(path)
        }
        return {name: hashlib.sha256(self.read(name)).hexdigest() for name in sorted(names)}

    def _shapes(self, path: Path) -> bool:
        return path.suffix in (".html", ".css", ".svg", ".png", ".jpg", ".jpeg", ".ttf", ".otf")

    def _differs(self, name: str) -> bool:
        built_in = self.built_in / name
        return not built_in.is_file() or built_in.read_bytes() != self.read(name)


class Filler:
    """Fill templates with plain data; `{"html": …}` in the data is markup made by this program, all else is escaped."""

    def __init__(self, templates: Templates) -> None:
        self._environment = _Sandbox(_Loader(templates))

    def fill(self, name: str, data: Mapping[str, Any]) -> str:
        """Return the template filled in; raises TemplateError with the template and line where it can be told."""
        try:
            return self._environment.get_template(name).render(_thawed(data))
        except TemplateSyntaxError as error:
            raise TemplateError(error.name or name, str(error.message), error.lineno) from error
        except TemplateNotFound as error:
            raise TemplateError(name, f"{error.message or error.name} cannot be included") from error
        except UndefinedError as error:
            raise TemplateError(name, f"asks for what is not there: {error.message}", _line(error)) from error
        except SecurityError as error:
            raise TemplateError(name, f"does what a template may not do: {error}", _line(error)) from error
        except MemoryError:
            raise
        except Exception as error:  # Whatever a template divides, adds or recurses into is its fault.
            raise TemplateError(name, f"{type(error).__name__}: {error}", _line(error)) from error


class _Loader(BaseLoader):
    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def get_source(self, environment: Any, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:  # noqa: ARG002
        try:
            if not template.endswith(".html"):
                raise TemplateError(template, "is no template: only .html files are filled in")
            text = self._templates.read(template).decode("utf-8")
        except TemplateError as error:
            raise TemplateNotFound(template, f"{template} {error.reason}") from error
        except UnicodeDecodeError as error:
            raise TemplateNotFound(template, f"{template} is not in UTF-8") from error
        return text, template, None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with keys instead of attributes, a short list of filters, and operators that cannot swell."""

    intercepted_binops = _BOUNDED

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=50,
        )
        self.globals.clear()
        self.globals["range"] = _range
        self.filters = {name: function for name, function in self.filters.items() if name in _FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, TemplateReference):
            return obj[attribute]
        if isinstance(obj, Undefined):
            raise UndefinedError(f"{obj._undefined_message} (so it has no {attribute!r})")  # noqa: SLF001
        raise SecurityError(f"reach for {attribute!r} of {_kind(obj)}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) and isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, (list, tuple, str)) and isinstance(argument, (int, slice)):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        raise SecurityError(f"reach for {argument!r} of {_kind(obj)}")

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is _range or isinstance(obj, (Macro, BlockReference))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        small = all(isinstance(each, (int, float)) and abs(each) < 1e6 for each in (left, right))
        if not small or operator == "**":
            raise SecurityError(f"use {operator} on {_kind(left)} and {_kind(right)}")
        return super().call_binop(context, operator, left, right)


def _range(*arguments: int) -> range:
    """Return a range of no more than LONGEST_RANGE numbers."""
    numbers = range(*arguments)
    if len(numbers) > LONGEST_RANGE:
        raise SecurityError(f"count over more than {LONGEST_RANGE:,} numbers")
    return numbers


def _kind(obj: Any) -> str:
    return "a text" if isinstance(obj, str) else f"a value of type {type(obj).__name__}"


def _thawed(value: Any) -> Any:
    """Return plain data with every `{"html": text}` as markup that is not escaped again."""
    if isinstance(value, Mapping):
        if len(value) == 1 and "html" in value:
            return Markup(value["html"])  # noqa: S704 — made by `render.html` alone, which escapes
        return {key: _thawed(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_thawed(each) for each in value]
    return value


def _line(error: BaseException) -> int | None:
    """Return the line of the template in which an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename.endswith(".html")), None)
