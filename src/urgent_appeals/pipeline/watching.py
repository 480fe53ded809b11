"""Notice when the files of a workspace are saved, without any help of the system's but their times."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PAUSE = 0.4
"""Seconds between two looks: a page is redrawn before a hand is back from the keys."""
_WATCHED = ("appeals", "recipients", "templates")

State = dict[str, tuple[int, int, int]]
"""By path: the time of a file, its size, and its number on the disk, which an editor changes that saves by renaming."""


def state(root: Path) -> State:
    """Return what tells of a save, for every definition file and template; of a folder that is gone, nothing."""
    found: State = {}
    for folder in (root / name for name in _WATCHED):
        for place, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if not name.startswith("."):
                    _note(found, Path(place) / name)
    _note(found, root / "campaign.yaml")
    return found


def changes(root: Path, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yield at once, and again after every save; ends only by an interruption."""
    seen = state(root)
    yield
    while True:
        wait(PAUSE)
        now = state(root)
        if now != seen:
            seen = now
            yield


def _note(found: State, path: Path) -> None:
    try:
        status = path.stat()
    except OSError:  # saved by way of another file, and not there for a moment
        return
    found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
