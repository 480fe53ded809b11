"""Keep, outside of the database, how far this desk has come with it: so that a restored older backup is recognised.

Two files in the outbox: `log.epoch` names the log, its generation (one a sender run) and the desk's last event;
`log.claimed` has a line for each item that this desk has taken up to send, that a person has marked as gone, or that
another desk has whose export was merged. Both are written after the database, which therefore is never behind them
unless it was put back. What is written between two sender runs is left to the system to bring to the disk: a power cut
can set these files back, which only makes them less sharp. `outside` has the same outside of the workspace.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Final

from urgent_appeals import unfinished
from urgent_appeals.domain.event import Event
from urgent_appeals.domain.item_state import may_have_left
from urgent_appeals.domain.values import Value
from urgent_appeals.log.files import in_sectors, new_bytes, overwrite, published, read_note
from urgent_appeals.log.outside import OutsideFile
from urgent_appeals.unfinished import settle

_PATIENCE: Final = 5.0
"""How many seconds to wait for another process of this desk that writes its notes."""


class Epoch(Value):
    """How far a desk has come: in which log and generation, and the last event of its chain.

    `installation` is random, and in the claims made here: by it those of a copy elsewhere are told from one's own.
    `seen` is the id of the latest event that was seen in the log, whoever's it is.
    """

    log: str
    generation: int
    chain: str
    seq: int
    hash: str
    installation: str = ""
    seen: str = ""


class EpochFile:
    """The two files beside the log; a desk without them has not written to it yet. `outside` is noted as well."""

    def __init__(self, outbox: Path, outside: OutsideFile | None = None) -> None:
        self.outside = outside
        self.path = outbox / "log.epoch"
        self.claimed_path = outbox / "log.claimed"

    @property
    def is_there(self) -> bool:
        """Whether there is such a file, readable or not."""
        return self.path.exists()

    @property
    def has_claims(self) -> bool:
        """Whether letters were ever taken up here."""
        return self.claimed_path.exists() and self.claimed_path.stat().st_size > 0

    def read(self) -> Epoch | None:
        """Return what the file says, or None where there is none, or none that can be read."""
        return read_note(self.path, Epoch)

    def clear(self) -> None:
        """Remove what processes of this desk that were killed have left beside the notes."""
        for path in (self.path, *((self.outside.path,) if self.outside is not None else ())):
            unfinished.clear(path)

    def begin(self, epoch: Epoch) -> None:
        """Write the file where there is none, through to the disk; raises OSError."""
        with suppress(FileExistsError), published(self.path) as part:  # another process was quicker
            part.write_bytes(_line(epoch))
        self.note_outside(epoch)

    def write(self, epoch: Epoch) -> None:
        """Write the file through to the disk; raises OSError."""
        with self._alone():
            self.note_outside(epoch)
            if self.is_there:
                overwrite(self.path, _line(epoch), through=True)
                return
            new = unfinished.beside(self.path)
            new.unlink(missing_ok=True)
            new_bytes(new, _line(epoch))
            new.rename(self.path)
            settle(self.path.parent)

    def advance(self, epoch: Epoch, events: Iterable[Event]) -> None:
        """Note the desk's latest events, as far as the disk lets us: the log itself has them."""
        self.note_left(filter(may_have_left, events))
        with suppress(OSError), self._alone():
            there = self.read()
            if there is not None:
                if there.log != epoch.log:  # it has been gone on from under another id
                    return
                # Another process of this desk may have come further meanwhile.
                known = {"generation": max(epoch.generation, there.generation), "installation": there.installation}
                epoch = epoch.model_copy(update=known)
                if there.chain == epoch.chain and there.seq > epoch.seq:
                    return
            overwrite(self.path, _line(epoch), through=False)
            self.note_outside(epoch, through=False)

    def see(self, latest: str) -> None:
        """Note the latest event that was seen in the log, as far as the disk lets us."""
        with suppress(OSError), self._alone():
            there = self.read()
            if there is not None and there.seen != latest:
                overwrite(self.path, _line(there.model_copy(update={"seen": latest})), through=False)

    def note_left(self, events: Iterator[Event]) -> None:
        """Note items that left, or may have, by events that `may_have_left`, as far as the disk lets us."""
        first = next(events, None)
        if first is None:
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        with suppress(OSError), os.fdopen(os.open(self.claimed_path, flags, 0o600), "ab") as file:
            for event in chain([first], events):
                line = json.dumps([event.item, event.code, event.recipient, event.channel], ensure_ascii=False)
                file.write(f"{line}\n".encode())

    def note_outside(self, epoch: Epoch, *, through: bool = True) -> None:
        """Note outside of the workspace as well how far the desk has come."""
        if self.outside is not None:
            self.outside.write(epoch.generation, epoch.chain, epoch.seq, epoch.hash, through=through)

    def settle(self) -> None:
        """Bring the notes to the disk; raises OSError."""
        outside = [self.outside.path] if self.outside is not None else []
        for path in (self.path, self.claimed_path, *outside):
            if path.exists():
                handle = os.open(path, os.O_RDWR)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        settle(self.path.parent)

    def claimed(self) -> Iterator[tuple[str, str | None, str | None, str | None]]:
        """Yield item, code, recipient and channel of what may have left, by this desk or another that was merged."""
        if not self.claimed_path.exists():
            return
        with self.claimed_path.open(encoding="utf-8") as lines:
            for line in lines:
                with suppress(ValueError):  # a line that a power cut has left half written
                    item, code, recipient, channel = json.loads(line)
                    yield item, code, recipient, channel

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes of this desk from the file while the body runs; raises OSError."""
        from filelock import FileLock  # loads SQLite, which commands that look at no log do not need

        with FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=_PATIENCE, mode=0o600):
            yield


def _line(epoch: Epoch) -> bytes:
    return in_sectors(epoch.model_dump_json().encode())
