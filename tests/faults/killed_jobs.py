"""Kill a job (SIGKILL) at its steps on the disk, start it again, and see what lies there; run by `test_killed_jobs.py`.

    python -m tests.faults.killed_jobs FOLDER JOB EVERY [HOW]

A program of its own, because it forks: what the job needs is loaded and warm. Steps are the calls, and the returns, of
what changes the disk; each EVERYth is one to be killed at. Pages that were once laid out are not laid out again, as
that changes nothing on the disk. "straight" for HOW leaves out what has files appear whole, and "kept" what clears
away, to show what these are for. Prints at how many steps it was killed.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.faults.jobs import JOBS, is_hidden, left_in, state_of
from tests.faults.killed_senders import _module, forked
from urgent_appeals import unfinished
from urgent_appeals.log import backup, exports
from urgent_appeals.render import join
from urgent_appeals.render.press import Press
from urgent_appeals.workspace import new_files

CALLS: Final = {
    "posix": frozenset(
        "open write pwrite fsync link rename replace unlink remove mkdir rmdir chmod ftruncate truncate".split()
    ),
    "_io": frozenset({"open", "write", "flush", "close", "truncate"}),
    "io": frozenset({"open"}),
    "sqlite3": frozenset({"execute", "executemany", "executescript", "commit", "rollback", "close", "connect"}),
}
"""What changes the disk, by the modules that it is in."""


class Steps:
    """Counts steps, and kills this process at one of them."""

    def __init__(self, kill_at: int | None) -> None:
        self.count = 0
        self._kill_at = kill_at

    def __call__(self, _frame: FrameType, event: str, argument: Any) -> None:
        if event not in {"c_call", "c_return"} or not changes_disk(argument):
            return
        self.count += 1
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def changes_disk(function: Any) -> bool:
    """Return whether a C function is one of those that change the disk; one on bytes in memory is not."""
    if isinstance(getattr(function, "__self__", None), (io.BytesIO, io.StringIO)):
        return False
    return function.__name__ in CALLS.get((_module(function) or "").replace("_sqlite3", "sqlite3"), ())


def counted(work: Callable[[Path], None], place: Path, steps: Steps) -> int:
    """Do a job with its steps counted, and return how many there were."""
    sys.setprofile(steps)
    try:
        work(place)
    finally:
        sys.setprofile(None)
    return steps.count


def lay_out_once() -> None:
    """Keep every page that was laid out, and give it again where the same is wanted."""
    for name in ("letter", "bulletin", "print_run", "mail_html"):
        setattr(Press, name, once(getattr(Press, name), 1))
    for name in ("joined", "page_count"):
        setattr(join, name, once(getattr(join, name), 0))


def once(real: Callable[..., Any], skipped: int) -> Callable[..., Any]:
    """Return a function that is called once for the same arguments, but for those that are skipped."""
    known: dict[str, Any] = {}

    def call(*given: Any, **options: Any) -> Any:
        key = repr((given[skipped:], options))
        if key not in known:
            known[key] = real(*given, **options)
        return known[key]

    return call


def write_straight() -> None:
    """Have files written at the place where they belong, as a naive program does."""

    @contextmanager
    def published(path: Path) -> Iterator[Path]:
        yield path

    def write(data: bytes, target: Path, made: list[Path]) -> None:
        with target.open("wb") as file:
            made.append(target)
            file.write(data)

    for module, name, naive in ((exports, "published", published), (backup, "published", published)):
        setattr(module, name, naive)
    setattr(new_files, "_write", write)  # noqa: B010  # on purpose


def clear_nothing() -> None:
    """Leave what those who were killed have left."""
    setattr(unfinished, "clear", lambda _path: None)  # noqa: B010  # on purpose


def look(before: dict[str, Any], golden: dict[str, Any], place: Path, step: int) -> None:
    """Fail unless every file that has its name after a kill is whole: as it was before, or as it is to be."""
    for name, content in left_in(place).items():
        if name.endswith("log.db") or name == "notes elsewhere" or is_hidden(name):
            continue  # looked at once the job was done again
        assert name in before or name in golden, f"{name} is there after step {step}"
        kept = [known[name] for known in (before, golden) if name in known]
        assert content in kept, f"{name} is neither old nor new after step {step}"


def main(folder: Path, job: str, every: int, how: str) -> int:
    """Return at how many steps the job was killed."""
    lay_out, work = JOBS[job]
    {"straight": write_straight, "kept": clear_nothing}.get(how, lambda: None)()
    lay_out_once()
    began = folder / "began"
    lay_out(began)
    before = left_in(began)
    total = 0
    for name in ("cold", "golden"):  # what is loaded late is loaded then
        shutil.copytree(began, folder / name)
        total = counted(work, folder / name, Steps(None))
    golden = left_in(folder / "golden")
    assert golden == left_in(folder / "cold"), "two runs that nobody killed differ"
    kills = 0
    for step in range(1, total + 1, every):
        place = folder / "killed"
        shutil.copytree(began, place)
        steps = Steps(step)
        ended = forked(partial(counted, work, place, steps), folder / "answer")
        assert ended in {0, -signal.SIGKILL}, f"it failed at step {step}"
        look(before, golden, place, step)
        assert forked(partial(work, place), folder / "answer") == 0, f"no going on after step {step}"
        left = left_in(place)
        odd = sorted(name for name in {*left, *golden} if left.get(name, "nothing") != golden.get(name, "nothing"))
        assert not odd, f"after step {step} and another run, other than without: {odd}"
        kills += ended != 0
        shutil.rmtree(place)
        shutil.rmtree(state_of(place), ignore_errors=True)
    return kills


if __name__ == "__main__":
    where, which, each, *options = sys.argv[1:]
    sys.stdout.write(str(main(Path(where), which, int(each), " ".join(options))))
