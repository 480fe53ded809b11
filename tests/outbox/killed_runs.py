"""Kill a publishing run at each of its steps on the disk, and see what it leaves; run by `test_files.py`.

python killed_runs.py FOLDER first|second

A program of its own, because it forks: the child counts the calls that change the disk and kills itself
(SIGKILL) before the n-th, for every n. Prints at how many steps it was killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.outbox.builders import a_manifest
from urgent_appeals.outbox.files import Outbox

SLUG = "XAA-007"
OLD = {"letters/a_en.pdf": b"old a" * 999, "letters/b_en.pdf": b"old b" * 999, "bulletin_en.pdf": b"same"}
NEW = {"letters/a_en.pdf": b"new a" * 999, "letters/c_en.pdf": b"new c" * 999, "bulletin_en.pdf": b"same"}
STEPS = ("open", "write", "fsync", "link", "rename", "replace", "unlink", "mkdir", "rmdir")


def publish(root: Path, contents: dict[str, bytes]) -> None:
    """Publish contents as a full run does."""
    with Outbox(root).open(SLUG) as folder:
        for path, content in contents.items():
            folder.add(path, content)
        folder.publish(a_manifest(contents))


def documents(root: Path) -> dict[str, bytes]:
    """Return what lies in the appeal's folder but the manifest."""
    folder = root / SLUG
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def killed_before(step: int, root: Path) -> bool:
    """Publish in a child that dies before its n-th step; return whether it lived to the end."""
    child = os.fork()
    if child == 0:
        count = 0

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*given: Any, **options: Any) -> Any:
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*given, **options)

            return call

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        publish(root, NEW)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    assert os.waitstatus_to_exitcode(status) == 0, f"the child failed at step {step}"
    return True


def check(root: Path, before: dict[str, bytes], step: int) -> None:
    """Fail unless every file is whole, old or new, and the next run ends as an undisturbed one does."""
    for path, content in documents(root).items():
        assert content in {before.get(path), NEW.get(path)}, f"{path} is neither old nor new after step {step}"
    publish(root, NEW)
    assert documents(root) == NEW, f"the next run after step {step}"
    assert Outbox(root).verify(SLUG) == ()
    left = sorted(path.name for path in root.iterdir() if not path.name.endswith(".lock"))
    assert left == [SLUG], f"step {step} left {left}"


def main(folder: Path, which: str) -> int:
    """Return at how many steps the run was killed."""
    before = OLD if which == "second" else {}
    for step in range(1, 1000):
        root = folder / str(step)
        if before:
            publish(root, before)
        is_over = killed_before(step, root)
        check(root, before, step)
        shutil.rmtree(root)
        if is_over:
            return step - 1
    raise AssertionError("the run never ended")


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2])}\n")
