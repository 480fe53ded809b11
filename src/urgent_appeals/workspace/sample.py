"""Start a workspace from the fictional sample that comes with the program; write over nothing."""

from __future__ import annotations

import os
from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.errors import OutboxError

SAMPLE = (
    "campaign.yaml",
    "recipients/arlandia.yaml",
    "appeals/UAD-XAA-001-2026/*/appeal.yaml",
    "appeals/UAD-XAA-001-2026/*/??.md",
)
"""What is copied, as patterns below the program's root: named one by one, so that no real case slips in."""

BESIDE = {
    ".gitignore": "templates/init/gitignore",
    "templates/README.md": "templates/init/templates.md",
    "outbox/README.md": "templates/init/outbox.md",
}
"""What a workspace has besides, and the file of the program that it is a copy of."""


def write_sample(directory: Path) -> tuple[str, ...]:
    """Write the sample into a directory, made where it is missing, and return the files below it, sorted.

    Raises OutboxError, with nothing written, where a file of that name is there already or a folder cannot be
    made.
    """
    files = _files(packaged.root())
    directory = directory.absolute()
    for name in files:
        _refuse_what_is_there(directory, name)
    made: list[Path] = []
    try:
        for name, source in files.items():
            _make_folders((directory / name).parent, made)
            _copy(source, directory / name, made)
    except OSError as error:
        _take_back(made)
        raise OutboxError(str(error.filename or directory), f"{error.strerror}; nothing was written") from error
    return tuple(files)


def _files(root: Path) -> dict[str, Path]:
    found = {name: root / source for name, source in BESIDE.items()}
    for pattern in SAMPLE:
        matches = {path.relative_to(root).as_posix(): path for path in root.glob(pattern)}
        if not matches:
            raise OutboxError(str(root / pattern), "the sample is missing from this installation")
        found |= matches
    return dict(sorted(found.items()))


def _refuse_what_is_there(directory: Path, name: str) -> None:
    if os.path.lexists(directory / name):
        raise OutboxError(str(directory / name), "there is such a file already; nothing was written")
    folder = (directory / name).parent
    while folder != directory.parent:
        # A link would carry the files to some other place; a file cannot hold any.
        if os.path.lexists(folder) and (not folder.is_dir() or (folder.is_symlink() and folder != directory)):
            raise OutboxError(str(folder), "this is no plain folder; nothing was written")
        folder = folder.parent


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _copy(source: Path, target: Path, made: list[Path]) -> None:
    data = source.read_bytes()
    with target.open("xb") as file:
        made.append(target)
        file.write(data)


def _take_back(made: list[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
