"""Keep what came in as it came: bytes by their SHA-256, on the disk before anything of them is read."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from urgent_appeals.outbox import disk
from urgent_appeals.unfinished import settle

FOLDER: Final = "raw"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: its SHA-256, and whether it was not there before."""

    sha256: str
    is_new: bool


class RawStore:
    """The folder `raw/` of an outbox; every file in it is named by the SHA-256 of its content."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox
        self.folder = outbox / FOLDER

    def keep(self, content: bytes) -> Kept:
        """Write bytes through to the disk, unless they lie there already; raises OutboxError, and nothing is lost then
        that is still where it came from.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path_of(sha256)
        with disk.told(str(path)):
            self._outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
            disk.make_folders(self._outbox, path.parent)
            if disk.digest_of(path) == sha256:
                return Kept(sha256, is_new=False)
            staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
            try:
                disk.write_new(staged, content)
                staged.replace(path)  # over what a disk has spoilt, too
            finally:
                staged.unlink(missing_ok=True)
            settle(path.parent)
        return Kept(sha256, is_new=True)

    def load(self, sha256: str) -> bytes | None:
        """Return what was kept, None where there is none, or it is not what its name says; raises OutboxError."""
        path = self.path_of(sha256)
        with disk.told(str(path)):
            content = disk.read(path)
        return content if content is not None and hashlib.sha256(content).hexdigest() == sha256 else None

    def path_of(self, sha256: str) -> Path:
        """Return where the bytes with this SHA-256 lie."""
        return self.folder / sha256
