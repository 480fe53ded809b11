"""Reach the files of a workspace: nothing outside it, only plain files, none larger than a definition."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from urgent_appeals.domain.problem import Problem, Severity
from urgent_appeals.workspace.source_text import LARGEST, too_large


@dataclass(frozen=True)
class Entry:
    """A file or directory of the workspace; `name` is its path below the root, with slashes."""

    name: str
    path: str
    is_directory: bool

    @property
    def stem(self) -> str:
        """The last part of the name without its ending."""
        return self.name.rpartition("/")[2].rpartition(".")[0]


@dataclass
class Files:
    """The files below a root; `inputs` are SHA-256 digests of those read, `problems` what could not be."""

    root: Path
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._real_root = os.path.realpath(self.root)

    def entries(self, folder: str | Entry) -> Iterator[Entry]:
        """Return what lies directly in a folder, by name, without what is hidden; nothing without a folder.

        A folder given by name is looked at first; one that was found here is known to be inside.
        """
        name = folder.name if isinstance(folder, Entry) else folder
        path = folder.path if isinstance(folder, Entry) else str(self.root / name)
        if isinstance(folder, str) and not self._is_inside(name, path):
            return
        try:
            with os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self._report(name, f"the folder cannot be read: {error.strerror}")
            return
        for entry in entries:
            below = f"{name}/{entry.name}" if name else entry.name
            if entry.name.startswith(".") or (entry.is_symlink() and not self._is_inside(below, entry.path)):
                continue
            yield Entry(below, entry.path, _is_directory(entry))

    def read(self, entry: Entry) -> tuple[bytes, float] | None:
        """Return the bytes of a file and when it was last changed; or None, with a problem that says why."""
        try:
            # Not to wait for a pipe that somebody put here: opened without blocking, then asked what it is.
            descriptor = os.open(entry.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor has no path
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    self._report(entry.name, "this is no plain file")
                    return None
                data = file.read(LARGEST + 1)
        except OSError as error:
            self._report(entry.name, f"the file cannot be read: {error.strerror}")
            return None
        if len(data) > LARGEST:
            self.problems.append(too_large(entry.name))
            return None
        self.inputs[entry.name] = hashlib.sha256(data).hexdigest()
        return data, status.st_mtime

    def _is_inside(self, name: str, path: str) -> bool:
        real = os.path.realpath(path)
        if real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep):
            return True
        self._report(name, "the link leads out of the workspace", "copy what it leads to")
        return False

    def _report(self, name: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(name, 1, 1, Severity.ERROR, message, hint))


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False
