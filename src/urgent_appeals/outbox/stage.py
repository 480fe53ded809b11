"""Publish files all at once or not at all: staged beside their folder, listed in a journal, then moved one
by one.

A run that is killed before its journal stands has changed nothing, and its stage is thrown away. One that
is killed later is finished by the next: every content is on the disk already, and the journal says where it
belongs. A run that fails takes back what it moved.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from urgent_appeals.domain.values import Value
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox import disk
from urgent_appeals.outbox.manifest import Digest, DocumentPath
from urgent_appeals.outbox.names import MANIFEST
from urgent_appeals.unfinished import settle

_JOURNAL = "journal.json"
Staged = Annotated[str, Field(pattern=r"^\d{1,6}$")]


class Move(Value):
    """A staged content, where it belongs, and what was there before (None: nothing)."""

    staged: Staged
    path: DocumentPath | Literal["manifest.json"]
    sha256: Digest
    before: Digest | None


class Removal(Value):
    """A document that is made no longer, as it was made."""

    path: DocumentPath
    sha256: Digest


class Journal(Value):
    """What is being published: documents first, then removals, the manifest last."""

    moves: tuple[Move, ...] = ()
    removals: tuple[Removal, ...] = ()
    manifest: Move


class Stage:
    """A private folder beside the folder that it publishes to, on the same file system."""

    def __init__(self, root: Path, slug: str) -> None:
        self.root = root
        self.folder = root / slug
        self.place = root / f".{slug}.stage"
        self._count = 0
        self._undo: list[Callable[[], object]] = []

    def add(self, content: bytes) -> str:
        """Stage a content through to the disk, and return its name here."""
        if not self._count:
            self.place.mkdir(mode=0o700)
        self._count += 1
        name = str(self._count)
        disk.write_new(self.place / name, content)
        return name

    def publish(self, journal: Journal) -> None:
        """Do what a journal says; whatever goes wrong, take back what was done and raise it again."""
        disk.write_new(self.place / "unfinished", journal.model_dump_json().encode())
        settle(self.place)
        try:
            (self.place / "unfinished").rename(self.place / _JOURNAL)
            settle(self.place)
            self._apply(journal, self._move)
        except BaseException:
            self._take_back()
            self.discard()
            raise
        self.discard()

    def recover(self) -> None:
        """Finish what a killed run had begun to publish, or throw away what it had only staged."""
        if self.place.is_symlink():
            self.place.unlink()
        journal = self._journal()
        if journal is not None:
            self._apply(journal, self._move_again)
        self.discard()

    def discard(self) -> None:
        """Throw the stage away, its journal first."""
        (self.place / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(self.place, ignore_errors=True)

    def close(self) -> None:
        """Throw the stage away, unless its journal has to wait for the next run (taking back failed)."""
        if not (self.place / _JOURNAL).exists():
            self.discard()

    def _take_back(self) -> None:
        try:
            while self._undo:
                self._undo[-1]()
                self._undo.pop()
        except OSError as error:
            reason = "publishing broke off and could not be taken back; the next run finishes it"
            raise OutboxError(str(self.folder), reason) from error

    def _journal(self) -> Journal | None:
        content = disk.read(self.place / _JOURNAL)
        try:
            return None if content is None else Journal.model_validate_json(content)
        except ValidationError:
            return None

    def _apply(self, journal: Journal, move: Callable[[Move], None]) -> None:
        changed = {self.root, self.folder}
        for entry in journal.moves:
            changed.add(self._make_room(entry))
            move(entry)
        for removal in journal.removals:
            self._remove(removal)
            changed.add((self.folder / removal.path).parent)
        self._make_room(journal.manifest)
        _settle_all(changed)
        move(journal.manifest)
        _settle_all({self.folder})
        for folder in {(self.folder / removal.path).parent for removal in journal.removals}:
            _remove_if_empty(folder)

    def _make_room(self, move: Move) -> Path:
        parent = (self.folder / move.path).parent
        for made in disk.make_folders(self.root, parent):
            self._undo.append(partial(_remove_if_empty, made))
        return parent

    # What undoes a step is noted before the step, and finds out by itself how far the step came.

    def _move(self, move: Move) -> None:
        staged, target = self.place / move.staged, self.folder / move.path
        if move.before is None:

            def undo() -> None:
                if disk.digest_of(target) == move.sha256:
                    disk.keep(target, staged)
                    target.unlink()

            self._undo.append(undo)
            disk.place(staged, target)
        else:
            before = self.place / f"before-{move.staged}"
            disk.keep(target, before)

            def undo_replacing() -> None:
                if not staged.exists():
                    disk.keep(target, staged)
                    before.replace(target)

            self._undo.append(undo_replacing)
            staged.replace(target)

    def _move_again(self, move: Move) -> None:
        staged, target = self.place / move.staged, self.folder / move.path
        if not staged.exists():
            return
        # What a person put there since the run was killed stays; the manifest then tells that it differs.
        if move.path == MANIFEST or disk.digest_of(target) in {None, move.before}:
            staged.replace(target)

    def _remove(self, removal: Removal) -> None:
        target = self.folder / removal.path
        kept = self.place / f"removed-{len(self._undo)}"

        def undo() -> None:
            if kept.exists():
                kept.rename(target)

        if disk.digest_of(target) == removal.sha256:
            self._undo.append(undo)
            target.rename(kept)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _settle_all(folders: set[Path]) -> None:
    for folder in sorted(folders):
        if folder.is_dir():
            settle(folder)
