"""A power cut leaves what was written through to the disk, and nothing else: the mark must be among it (R9)."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.log.builders import approved
from tests.servers import needed
from urgent_appeals.domain.item_state import State
from urgent_appeals.log.opening import open_log

SENDER = """
import os, signal, sys
from pathlib import Path
from tests.log.builders import event
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.log.opening import open_log
log = open_log(None, desk="anna", outbox=Path(sys.argv[1]))
log.writer.write(lambda connection: connection.connection.driver_connection, lambda _: None)
if sys.argv[2] != "FULL":
    log.writer._connection.connection.driver_connection.execute(f"PRAGMA synchronous = {sys.argv[2]}")
assert log.transition(event("claimed"), WAITING)
assert log.transition(event("data"), {State.CLAIMED})
os.write(1, b"<the final dot of the test>")
os.kill(os.getpid(), signal.SIGKILL)
"""
CALL = re.compile(r'(\w+)\((\d+)<([^>]*)>(?:, ("(?:[^"\\]|\\.)*"), (\d+)(?:, (\d+))?)?\)\s+= (\d+)')


def at_the_dot(trace: str, image: Path) -> None:
    """Bring an image of the disk to what was written through to it before the final dot."""
    waiting: dict[Path, list[tuple[int, bytes]]] = {}
    for line in trace.splitlines():
        if "<the final dot of the test>" in bytes(line, "ascii").decode("unicode_escape"):
            return
        found = CALL.search(line)
        if found is None:
            continue
        call, _, path, data, _, offset, _ = found.groups()
        file = image / Path(ast.literal_eval(f"'{path}'")).name
        if call == "pwrite64":
            waiting.setdefault(file, []).append((int(offset), ast.literal_eval(f"b{data}")))
        elif call in ("fdatasync", "fsync"):
            for at, content in waiting.pop(file, []):
                file.touch()
                with file.open("r+b") as written:
                    written.seek(at)
                    written.write(content)
    pytest.fail("the sender did not come to the final dot")


def state_after_a_power_cut(tmp_path: Path, synchronous: str, root: Path) -> State:
    """Have a sender mark an item, cut the power at the final dot, and return what the log then says."""
    strace = needed(shutil.which("strace"), "strace")
    outbox, image, trace = tmp_path / "outbox", tmp_path / "image", tmp_path / "trace"
    with open_log(None, desk="anna", outbox=outbox) as log:
        approved(log, "item-1")
    shutil.copytree(outbox, image)
    shutil.rmtree(os.environ["APPEALS_STATE"])  # what is told of the copy is another test's affair
    calls = "trace=pwrite64,fdatasync,fsync,write"
    program: list[str | Path] = [sys.executable, "-c", SENDER, outbox, synchronous]
    subprocess.run(
        [strace, "-f", "-y", "-xx", "-s", "100000", "-e", calls, "-e", "signal=none", "-o", trace, *program],
        cwd=root,
        env={
            "PYTHONPATH": f"{root}:{root / 'src'}",
            "PATH": "/usr/bin:/bin",
            "APPEALS_STATE": str(tmp_path / "state"),
            "PYTHONDONTWRITEBYTECODE": "1",  # only what the log writes is looked at
        },
        check=False,
        timeout=120,
    )
    at_the_dot(trace.read_text("ascii"), image)
    with open_log(None, desk="anna", outbox=image) as log:
        assert log.verify() == ()
        return log.state("item-1").state


def test_the_mark_is_on_the_disk_before_the_final_dot(tmp_path: Path, root: Path) -> None:
    assert state_after_a_power_cut(tmp_path, "FULL", root) is State.DATA


def test_with_synchronous_normal_the_mark_would_be_lost(tmp_path: Path, root: Path) -> None:
    """The counter-test: this guard guards something."""
    assert state_after_a_power_cut(tmp_path, "NORMAL", root) is State.APPROVED
