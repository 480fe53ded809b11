"""Publish an appeal's documents to its folder in the outbox: locked, all at once, and over nothing but our
own work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from urgent_appeals.domain.values import Value
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox import disk
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest, digest, from_json, to_json
from urgent_appeals.outbox.names import MANIFEST, name_fault, path_fault
from urgent_appeals.outbox.stage import Journal, Move, Removal, Stage


class Published(Value):
    """What a run changed in an appeal's folder, by path; `kept` is no longer made, but was dispatched or
    changed by hand.
    """

    manifest: Manifest
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class Difference(Value):
    """A document that does not lie in the folder as the manifest records it."""

    path: str
    what: Literal["missing", "changed"]


class Outbox:
    """The outbox of a workspace; it is made when something is first written to it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @contextmanager
    def open(self, slug: str) -> Iterator[Folder]:
        """Lock the folder of one appeal for writing; what is staged and not published is thrown away at the
        end.

        A run that was killed is cleared up first. Raises OutboxError where another run holds the folder,
        where the name is not fit for one, and where the manifest there cannot be read.
        """
        folder = self._folder(slug)
        lock_file = self.root / f".{slug}.lock"
        # Late: what only reads the outbox, or only starts up, needs no locks.
        from filelock import FileLock, Timeout

        with disk.told(str(folder)):
            disk.make_outbox(self.root)
            if lock_file.is_symlink():
                raise OutboxError(str(lock_file), "is a symbolic link, and links are not followed; move it away")
            lock = FileLock(lock_file, timeout=0, mode=0o600)
            try:
                lock.acquire()
            except Timeout as error:
                reason = "another run is writing here; wait until it has ended, then start again"
                raise OutboxError(str(folder), reason) from error
        try:
            yield from self._opened(slug)
        finally:
            lock.release()

    def manifest(self, slug: str) -> Manifest | None:
        """Return what an appeal's folder holds, or None where nothing was made yet."""
        path = self._folder(slug) / MANIFEST
        with disk.told(str(path)):
            content = disk.read(path)
        return None if content is None else from_json(content, str(path))

    def verify(self, slug: str) -> tuple[Difference, ...]:
        """Return how an appeal's folder differs from its manifest, by path."""
        manifest = self.manifest(slug)
        folder = self._folder(slug)
        differences = []
        for path, recorded in sorted(manifest.digests.items() if manifest is not None else ()):
            with disk.told(path):
                there = disk.digest_of(_inside(folder, path))
            if there != recorded:
                differences.append(Difference(path=path, what="missing" if there is None else "changed"))
        return tuple(differences)

    def _opened(self, slug: str) -> Iterator[Folder]:
        stage = Stage(self.root, slug)
        with disk.told(str(stage.folder), "what an earlier run began is not finished yet"):
            stage.recover()
        opened = Folder(stage, self.manifest(slug))
        try:
            yield opened
        finally:
            opened.close()

    def _folder(self, slug: str) -> Path:
        fault = name_fault(slug)
        if fault is not None:
            raise OutboxError(slug, f"a folder's name {fault}")
        folder = self.root / slug
        with disk.told(str(folder)):
            disk.refuse_links(folder)
        return folder


@dataclass(frozen=True)
class _Added:
    sha256: str
    staged: str | None
    """The name on the stage; None where the same content lies in the folder already."""


class Folder:
    """The folder of one appeal, locked: `add` documents, then `publish` them."""

    def __init__(self, stage: Stage, previous: Manifest | None) -> None:
        self.previous = previous
        self._stage = stage
        self._added: dict[str, _Added] = {}

    def add(self, path: str, content: bytes) -> str:
        """Stage a document and return its SHA-256; raises OutboxError where its name will not do or the
        disk is full.
        """
        fault = path_fault(path)
        if fault is not None:
            raise OutboxError(path, f"a document's name {fault}")
        clash = next((other for other in self._added if other.lower() == path.lower()), None)
        if clash is not None:
            raise OutboxError(path, f"would share its file with {clash}, on some disks at least")
        sha256 = digest(content)
        with disk.told(path):
            same = disk.digest_of(_inside(self._stage.folder, path)) == sha256
            self._added[path] = _Added(sha256, None if same else self._stage.add(content))
        return sha256

    def read(self, path: str) -> bytes | None:
        """Return a document as it lies in the folder, None where there is none."""
        with disk.told(path):
            return disk.read(_inside(self._stage.folder, path))

    def publish(
        self,
        manifest: Manifest,
        *,
        whole: bool = True,
        replace: bool = False,
        dispatched: Collection[str] = (),
    ) -> Published:
        """Publish what was added, described by the manifest's documents, and the manifest last.

        A file that we did not make, or that was changed since, is not written over unless `replace`; what
        was `dispatched` never is. `whole`: what an earlier run made and this one does not is removed,
        unless it was dispatched or changed by hand; else it stays, and the manifests are merged. Raises
        OutboxError naming all that is in the way; then, and at any other failure, nothing has changed.
        """
        self._check_records(manifest)
        with disk.told(str(self._stage.folder)):
            before = {path: disk.digest_of(_inside(self._stage.folder, path)) for path in self._added}
            self._check_ways(before, replace=replace, dispatched=dispatched)
            removals, kept, records = self._left_over(dispatched) if whole else ((), (), ())
            if whole:
                manifest = manifest.with_documents((*manifest.documents, *records))
            else:
                manifest = (
                    manifest.merged(self.previous)
                    if self.previous is not None
                    else manifest.with_documents(manifest.documents)
                )
            moves = self._moves(before)
            self._write(manifest, moves, removals)
        written = {move.path for move in moves}
        return Published(
            manifest=manifest,
            written=tuple(sorted(written)),
            unchanged=tuple(sorted(self._added.keys() - written)),
            removed=tuple(sorted(removal.path for removal in removals)),
            kept=tuple(sorted(kept)),
        )

    def close(self) -> None:
        """Throw away what was staged and not published."""
        self._stage.close()

    def _check_records(self, manifest: Manifest) -> None:
        recorded = manifest.digests
        added = {path: document.sha256 for path, document in self._added.items()}
        if recorded != added:
            odd = ", ".join(sorted({path for path, _ in recorded.items() ^ added.items()}))
            raise ValueError(f"the manifest does not describe what was added: {odd}")

    def _check_ways(self, before: dict[str, str | None], *, replace: bool, dispatched: Collection[str]) -> None:
        faults: dict[str, list[str]] = {}
        for path, there in before.items():
            fault = self._in_the_way(path, there, replace=replace, is_dispatched=path in dispatched)
            if fault is not None:
                faults.setdefault(fault, []).append(path)
        if faults:
            fault, paths = next(iter(faults.items()))
            others = [path for more in list(faults.values())[1:] for path in more]
            also = f"; nor may these be written over: {', '.join(others)}" if others else ""
            raise OutboxError(", ".join(paths), f"{fault}; nothing was changed{also}")

    def _in_the_way(self, path: str, there: str | None, *, replace: bool, is_dispatched: bool) -> str | None:
        new = self._added[path]
        ours = self.previous.digests.get(path) if self.previous is not None else None
        if there == new.sha256:
            return None
        if is_dispatched and (there is not None or ours not in {None, new.sha256}):
            return "was dispatched, and what was dispatched is never replaced"
        if new.staged is None:
            return "was changed while the letters were being made; start again"
        if there in {None, ours} or replace:
            return None
        changed = "was changed since it was made" if ours is not None else "is there already, and not of our making"
        return f"{changed}; move it away, or ask for it to be replaced"

    def _left_over(
        self, dispatched: Collection[str]
    ) -> tuple[tuple[Removal, ...], tuple[str, ...], tuple[DocumentRecord, ...]]:
        """Return what to remove of the earlier run's documents, what stays, and what of that stays on
        record.
        """
        removals: list[Removal] = []
        kept: list[str] = []
        records: list[DocumentRecord] = []
        for document in self.previous.documents if self.previous is not None else ():
            if document.path in self._added:
                continue
            there = disk.digest_of(_inside(self._stage.folder, document.path))
            if document.path in dispatched:
                kept.append(document.path)
                records.append(document)
            elif there == document.sha256:
                removals.append(Removal(path=document.path, sha256=document.sha256))
            elif there is not None:
                kept.append(document.path)
        return tuple(removals), tuple(kept), tuple(records)

    def _moves(self, before: dict[str, str | None]) -> tuple[Move, ...]:
        return tuple(
            Move(staged=added.staged, path=path, sha256=added.sha256, before=before[path])
            for path, added in sorted(self._added.items())
            if added.staged is not None and before[path] != added.sha256
        )

    def _write(self, manifest: Manifest, moves: tuple[Move, ...], removals: tuple[Removal, ...]) -> None:
        content = to_json(manifest)
        there = disk.digest_of(self._stage.folder / MANIFEST)
        if not moves and not removals and there == digest(content):
            return
        last = Move(staged=self._stage.add(content), path=MANIFEST, sha256=digest(content), before=there)
        self._stage.publish(Journal(moves=moves, removals=removals, manifest=last))


def _inside(folder: Path, path: str) -> Path:
    """Return where a document lies, once no folder on the way to it is a link."""
    place = folder / path
    for step in [*place.parents][: len(Path(path).parts) - 1]:
        disk.refuse_links(step)
    return place
