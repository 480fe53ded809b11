"""Touch the files of the log with care: for their owner only, through to the disk, and through no link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from urgent_appeals import unfinished
from urgent_appeals.domain.values import Value
from urgent_appeals.unfinished import settle

Note = TypeVar("Note", bound=Value)
_SECTOR: Final = 512
_TRIES: Final = 3
"""How often a note is read before it is called damaged: another process may be writing it."""
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def new_file(path: Path) -> int:
    """Return the handle of a file that was not there, which only its owner reads; raises FileExistsError, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)


def new_bytes(path: Path, content: bytes) -> None:
    """Write a file that is not there yet through to the disk."""
    with os.fdopen(new_file(path), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def in_sectors(content: bytes) -> bytes:
    """Return one line of JSON filled up with blanks to whole sectors of a disk, so that it is written over in place."""
    return content.ljust(-(-(len(content) + 1) // _SECTOR) * _SECTOR - 1) + b"\n"


def overwrite(path: Path, content: bytes, *, through: bool) -> None:
    """Write over a file, in place, `through` to the disk or as the system will."""
    handle = os.open(path, os.O_WRONLY | _NO_FOLLOW)
    try:
        os.write(handle, content)
        if os.fstat(handle).st_size != len(content):
            os.ftruncate(handle, len(content))
        if through:
            os.fsync(handle)
    finally:
        os.close(handle)


def read_note(path: Path, kind: type[Note]) -> Note | None:
    """Return the value of a file of JSON, or None where there is none, or none that can be read."""
    for _ in range(_TRIES):
        try:
            return kind.model_validate_json(path.read_bytes().strip())
        except OSError:
            return None
        except ValidationError:
            continue
    return None


@contextmanager
def published(path: Path) -> Iterator[Path]:
    """Yield the path of an empty file to fill; when the body has ended well it appears at `path`, whole.

    Raises FileExistsError where something lies there: nothing is ever written over. Raises OSError.
    """
    unfinished.clear(path)
    if os.path.lexists(path):
        raise FileExistsError(17, "there is a file already", str(path))
    part = unfinished.beside(path)
    try:
        part.unlink(missing_ok=True)
        os.close(new_file(part))
        yield part
        handle = os.open(part, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            part.rename(path)
        settle(path.parent)
    finally:
        part.unlink(missing_ok=True)
