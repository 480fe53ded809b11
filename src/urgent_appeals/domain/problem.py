"""Say what is wrong in a definition file, where, and what to do: `Problem`, and `Origin`, which places it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Path = tuple[str | int, ...]
"""Keys and indices from the top of a definition down to a value."""


class Severity(StrEnum):
    """How much a problem matters: an error holds up the cases that need the file, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that a user can put right in a file.

    `line` and `column` count from 1; `text` is the line of the file, for the caret; `hint` is a suggestion or
    None.
    """

    file: str
    line: int
    column: int
    severity: Severity
    message: str
    hint: str | None = None
    text: str = field(default="", compare=False)

    @classmethod
    def at(cls, file: str, line: int, column: int, message: str, text: str = "") -> Problem:
        """Return an error at a place of a file; `text` is the line there."""
        return cls(file, line, column, Severity.ERROR, message, None, text)

    def __str__(self) -> str:
        joint = " " if self.message.endswith("?") else ", "
        ending = f"{joint}{self.hint}" if self.hint else ""
        kind = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message}{ending}"


@dataclass(frozen=True)
class Origin:
    """Where a definition was read from: the file in the workspace, its text, and the place of each value.

    `marks` maps the path of a value to (line, column), both from 1.
    """

    file: str
    text: str = ""
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def problem(
        self, path: Path, message: str, *, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> Problem:
        """Return a problem placed at the value of `path`, or at its nearest ancestor that has a place."""
        line, column = self._place(path)
        lines = self.text.split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return Problem(self.file, line, column, severity, message, hint, text)

    def warning(self, path: Path, message: str, *, hint: str | None = None) -> Problem:
        """Return a warning placed at the value of `path`."""
        return self.problem(path, message, hint=hint, severity=Severity.WARNING)

    def _place(self, path: Path) -> tuple[int, int]:
        while path not in self.marks:
            if not path:
                return 1, 1
            path = path[:-1]
        return self.marks[path]
