"""Write files that are not there yet: all of them or none, each whole, and over nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from urgent_appeals import unfinished
from urgent_appeals.errors import OutboxError


def write_new(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a directory, by their names there; folders are made where they are missing.

    Raises OutboxError, with nothing written, where a file of a name is there already or a folder cannot be made.
    """
    for name in files:
        _refuse_what_is_there(directory, name)
    made: list[Path] = []
    try:
        for name, data in files.items():
            _make_folders((directory / name).parent, made)
            _write(data, directory / name, made)
    except OSError as error:
        _take_back(made)
        raise OutboxError(str(error.filename or directory), f"{error.strerror}; nothing was written") from error


def _refuse_what_is_there(directory: Path, name: str) -> None:
    if os.path.lexists(directory / name):
        raise OutboxError(str(directory / name), "there is such a file already; nothing was written")
    folder = (directory / name).parent
    while folder != directory.parent:
        # A link would carry the files to some other place; a file cannot hold any.
        if os.path.lexists(folder) and (not folder.is_dir() or (folder.is_symlink() and folder != directory)):
            raise OutboxError(str(folder), "this is no plain folder; nothing was written")
        folder = folder.parent


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _write(data: bytes, target: Path, made: list[Path]) -> None:
    unfinished.clear(target)
    part = unfinished.beside(target)
    part.unlink(missing_ok=True)
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _place(part, target)
        made.append(target)
    finally:
        part.unlink(missing_ok=True)


def _place(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise
        part.rename(target)


def _take_back(made: list[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
