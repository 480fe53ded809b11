"""Replace a definition file by a changed text, all at once, unless somebody else has changed it meanwhile."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from urgent_appeals.errors import OutboxError


def replace_definition(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of a file that holds `before`; who may read it stays.

    Raises OutboxError, with the file as it was, where it is a link, holds something else by now or cannot be written.
    """
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise OutboxError(str(path), "is no plain file; nothing was written")
        if path.read_bytes() != before:
            raise OutboxError(str(path), "has been changed meanwhile; nothing was written")
        _put(path, after, stat.S_IMODE(status.st_mode))
    except OSError as error:
        raise OutboxError(str(path), f"{error.strerror}; nothing was written") from error


def _put(path: Path, data: bytes, mode: int) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
