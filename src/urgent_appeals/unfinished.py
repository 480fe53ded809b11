"""Name files that are being written, clear away those of programs that were killed, bring folders to the disk."""

from __future__ import annotations

import glob
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

ENDING: Final = ".part"


def beside(path: Path) -> Path:
    """Return where this thread writes a file before it takes its place."""
    return path.with_name(f"{beginning(path)}{ENDING}")


def beginning(path: Path) -> str:
    """Return what the names begin with of all that this thread makes beside a file before that takes its place."""
    return f".{path.name}.{os.getpid()}.{threading.get_ident()}"


def clear(path: Path) -> None:
    """Remove what programs that have died left beside a file; what those that are alive are at stays."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{ENDING}*"):
        number = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if not number.isdecimal() or _is_alive(int(number)):
            continue
        with suppress(OSError):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()


def settle(folder: Path) -> None:
    """Write what a folder lists through to the disk."""
    if os.name == "nt":  # where a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # where to ask would be to interrupt
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's, or no number of a process
        return True
    return True
