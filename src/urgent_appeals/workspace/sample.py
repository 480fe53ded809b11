"""Start a workspace from the fictional sample that comes with the program; write over nothing."""

from __future__ import annotations

from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.errors import OutboxError
from urgent_appeals.workspace.new_files import write_new
from urgent_appeals.workspace.read import read
from urgent_appeals.workspace.schema import schema_texts

DIRECTORY = "arlandia"
SAMPLE = (
    "campaign.yaml",
    f"recipients/{DIRECTORY}.yaml",
    "appeals/UAD-XAA-001-2026/*/appeal.yaml",
    "appeals/UAD-XAA-001-2026/*/??.md",
)
"""What is copied, as patterns below the program's root: named one by one, so that no real case slips in."""

BESIDE = {
    ".gitignore": "templates/init/gitignore",
    ".vscode/extensions.json": "templates/init/vscode/extensions.json",
    ".vscode/settings.json": "templates/init/vscode/settings.json",
    ".vscode/tasks.json": "templates/init/vscode/tasks.json",
    "desk.yaml.example": "templates/init/desk.yaml",
    "templates/README.md": "templates/init/templates.md",
    "outbox/README.md": "templates/init/outbox.md",
}
"""What a workspace has besides, and the file of the program that it is a copy of."""


def write_sample(directory: Path) -> tuple[str, ...]:
    """Write the sample into a directory, made where it is missing, and return the files below it, sorted.

    With it come settings for editors: tasks, and the schemas of the files (`schemas/`). Raises OutboxError, with
    nothing written, where a file of that name is there already or a folder cannot be made.
    """
    files = {name: source.read_bytes() for name, source in _files(packaged.root()).items()} | _schemas()
    files = dict(sorted(files.items()))
    outbox = directory.absolute() / "outbox"
    is_new = not outbox.exists()
    write_new(directory.absolute(), files)
    if is_new:
        outbox.chmod(0o700)  # its files have the names of cases
    return tuple(files)


def _schemas() -> dict[str, bytes]:
    directories = read(packaged.root(), only=lambda _: False).directories
    texts = schema_texts({DIRECTORY: directories[DIRECTORY]})
    return {f"schemas/{name}": text.encode() for name, text in texts.items()}


def _files(root: Path) -> dict[str, Path]:
    found = {name: root / source for name, source in BESIDE.items()}
    for pattern in SAMPLE:
        matches = {path.relative_to(root).as_posix(): path for path in root.glob(pattern)}
        if not matches:
            raise OutboxError(str(root / pattern), "the sample is missing from this installation")
        found |= matches
    return found
