"""Touch the disk with care: files only their owner reads, written through to the disk, and no symbolic link
followed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.manifest import digest

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def told(path: str, consequence: str = "nothing was changed") -> Iterator[None]:
    """Turn an error of the system into one that a user can act on, and say what it means for the folder."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        reason = "no room is left on the disk" if full else (error.strerror or str(error)).lower()
        raise OutboxError(path, f"{reason}; {consequence}") from error


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner only, through to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> bytes | None:
    """Return the content of a file, or None where there is none; raises OutboxError where something else
    lies there.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OutboxError(str(path), "is a link, a folder or a device where a document belongs; move it away")
        with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, or None where there is none."""
    content = read(path)
    return None if content is None else digest(content)


def place(staged: Path, target: Path) -> None:
    """Move a file to a place where none is, at one stroke; raises FileExistsError where one has appeared."""
    try:
        os.link(staged, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "a file has appeared there", str(target)) from None
        staged.rename(target)
    else:
        staged.unlink()


def keep(path: Path, as_well_at: Path) -> None:
    """Let a content lie at a second place as well."""
    as_well_at.unlink(missing_ok=True)
    try:
        os.link(path, as_well_at)
    except OSError:  # a file system without hard links
        write_new(as_well_at, path.read_bytes())


def make_outbox(folder: Path) -> None:
    """Make the outbox where there is none, and keep it to its owner: its files have the names of cases.

    One that is somebody else's stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 and hasattr(os, "getuid") and found.st_uid == os.getuid():
        folder.chmod(0o700)


def make_folders(root: Path, folder: Path) -> list[Path]:
    """Make the folders below `root` down to `folder`, for their owner only; return those that were not there.

    Raises OutboxError where a link or a file stands in the way: nothing is written through a link.
    """
    made = []
    for step in reversed([folder, *folder.parents][: len(folder.relative_to(root).parts)]):
        try:
            step.mkdir(mode=0o700)
            made.append(step)
        except FileExistsError:
            refuse_links(step)
    return made


def refuse_links(folder: Path) -> None:
    """Raise OutboxError where something else than a folder of its own stands at a path."""
    try:
        mode = folder.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        kind = "a symbolic link, and links are not followed" if stat.S_ISLNK(mode) else "no folder"
        raise OutboxError(str(folder), f"is {kind}; move it away")
