"""Replace files all at once; a definition file only where nobody else has changed it meanwhile."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from urgent_appeals import unfinished
from urgent_appeals.errors import OutboxError


def replace_definition(path: Path, before: str, after: bytes) -> None:
    """Put `after` in the place of a file whose SHA-256, as it was read, is `before`; who may read it stays.

    Raises OutboxError, with the file as it was, where it is a link, holds something else by now or cannot be written.
    """
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise OutboxError(str(path), "is no plain file; nothing was written")
        if hashlib.sha256(path.read_bytes()).hexdigest() != before:
            raise OutboxError(str(path), "has been changed meanwhile; nothing was written")
        put(path, after, stat.S_IMODE(status.st_mode))
    except OSError as error:
        raise OutboxError(str(path), f"{error.strerror}; nothing was written") from error


def put(path: Path, data: bytes, mode: int) -> None:
    """Write a file whole, through to the disk, over what is there; raises OSError with that as it was."""
    unfinished.clear(path)
    descriptor, name = tempfile.mkstemp(
        prefix=f"{unfinished.beginning(path)}.", suffix=unfinished.ENDING, dir=path.parent
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
