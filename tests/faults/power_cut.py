"""What would be on the disk after a power cut: a record of system calls, replayed with what was synced alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_LINE: Final = re.compile(
    r"(?:\[pid +)?\d*\]? *(\w+)\((\d+)<([^>]*)>(?:, \"((?:\\x[0-9a-f]{2})*)\"(\.\.\.)?)?(.*)\) += (-?\d+)"
)
TRACED: Final = "pwrite64,write,ftruncate,fsync,fdatasync"


def can_trace() -> bool:
    """Tell whether the system lets strace look at a program."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


@dataclass
class Disk:
    """Files as they are to programs, and as they are on the disk."""

    root: Path
    seen: dict[str, bytearray] = field(default_factory=dict)
    durable: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.root.iterdir():
            if path.is_file():
                self.seen[str(path)] = bytearray(path.read_bytes())
                self.durable[str(path)] = path.read_bytes()

    def write(self, path: str, at: int | None, data: bytes) -> None:
        content = self.seen.setdefault(path, bytearray())
        place = len(content) if at is None else at
        content.extend(bytes(max(0, place + len(data) - len(content))))
        content[place : place + len(data)] = data

    def sync(self, path: str) -> None:
        self.durable[path] = bytes(self.seen.get(path, b""))

    def image(self, folder: Path) -> Path:
        """Write what is on the disk of the log into a folder; return the log there."""
        folder.mkdir()
        for path, content in self.durable.items():
            if Path(path).name in {"log.db", "log.db-wal"}:
                (folder / Path(path).name).write_bytes(content)
        return folder / "log.db"


def traced(command: list[str], trace: Path, cwd: Path) -> None:
    """Run a program and record its writes."""
    strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={TRACED}", "-o", str(trace)]
    subprocess.run([*strace, sys.executable, *command], cwd=cwd, check=True, timeout=120, capture_output=True)


def replayed(trace: Path, disk: Disk, wire: Path) -> Iterator[Disk]:
    """Replay a record; yield the disk each time a line is about to be written to the wire."""
    for line in trace.read_text(errors="replace").splitlines():
        found = _LINE.match(line)
        if found is None or int(found[7]) < 0:
            continue
        name, path, data, rest = found[1], _text(found[3]), found[4], found[6]
        assert found[5] is None, "the record is cut short"
        if path == str(wire):
            yield disk
        elif name == "pwrite64":
            disk.write(path, int(rest.rpartition(",")[2]), _bytes(data))
        elif name == "write" and path.startswith(str(disk.root)):
            disk.write(path, None, _bytes(data))
        elif name == "ftruncate":
            del disk.seen.setdefault(path, bytearray())[int(rest.strip(", ")) :]
        elif name in {"fsync", "fdatasync"}:
            disk.sync(path)


def _bytes(escaped: str | None) -> bytes:
    return bytes.fromhex((escaped or "").replace("\\x", ""))


def _text(path: str) -> str:
    return _bytes(path).decode() if path.startswith("\\x") else path
