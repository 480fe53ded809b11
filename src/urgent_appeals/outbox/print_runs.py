"""Keep print runs: the letters that are to be printed together, in one PDF with the list on top."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox import disk
from urgent_appeals.outbox.names import name_fault
from urgent_appeals.unfinished import settle

FOLDER: Final = "print-run"


def place_of(name: str) -> str:
    """Return the path of a print run in the workspace; raises OutboxError where the name is not fit for a file."""
    fault = name_fault(f"{name}.pdf")
    if fault is not None:
        raise OutboxError(name, f"a print run's name {fault}")
    return f"outbox/{FOLDER}/{name}.pdf"


def save(root: Path, name: str, pdf: bytes) -> Path:
    """Write a print run of a workspace, for its owner only and at one stroke, and return where.

    One of that name that nobody was told of yet is replaced. Raises OutboxError.
    """
    path = root / place_of(name)
    with disk.told(str(path)):
        disk.make_outbox(path.parent.parent)
        disk.make_folders(path.parent.parent, path.parent)
        if disk.read(path) != pdf:
            staged = path.with_name(f".{path.name}.new")  # one sender at a time comes here
            staged.unlink(missing_ok=True)  # of one who was killed here
            try:
                disk.write_new(staged, pdf)
                staged.replace(path)
            finally:
                staged.unlink(missing_ok=True)
        settle(path.parent)
    return path


def load(root: Path, name: str) -> bytes | None:
    """Return a print run, None where there is none of that name; raises OutboxError."""
    path = root / place_of(name)
    with disk.told(str(path)):
        return disk.read(path)
