"""Let one sender at a time work beside a log on SQLite: a lock on a file, freed by the system when its owner dies."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from urgent_appeals.errors import AnotherSender, LogUnwritable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR = 1 << 30
"""Where the byte lies that Windows locks: what is locked there cannot be read by others."""


@contextmanager
def held(path: Path, log: str) -> Iterator[None]:
    """Hold the lock on a file while the body runs; raises AnotherSender, naming its process, where it is taken.

    The file stays, so that nobody can lock one that is just being removed. What stands in it is for people only.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise LogUnwritable(log, f"{path.name}: {(error.strerror or str(error)).lower()}") from error
    try:
        if not _take(handle):
            raise AnotherSender(log, *_owner(handle))
        _sign(handle)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sign(handle: int) -> None:
    owner = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(owner).encode())


def _owner(handle: int) -> tuple[int | None, str | None]:
    """Return the process and since when, as the owner signed; it may not have come to it yet."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        owner = json.loads(os.read(handle, 1000))
        return int(owner["pid"]), str(owner["since"])
    except (ValueError, KeyError, TypeError):
        return None, None
