"""Kill a program that keeps a plan (SIGKILL) at each of its steps, and see what lies there; run by `test_killed.py`.

    python -m tests.faults.killed_plans FOLDER

A program of its own, because it forks. Prints at how many steps it was killed.
"""

from __future__ import annotations

import mmap
import signal
import sys
from functools import partial
from pathlib import Path

from tests.faults.desk import a_plan
from tests.faults.killed_senders import Steps, forked
from urgent_appeals.errors import UnknownChoice
from urgent_appeals.outbox import plans

PLAN, NEXT = a_plan("one", "two", name="a-plan"), a_plan("three", name="another")


def save(outbox: Path, steps: Steps) -> str:
    """Keep a plan, with steps counted."""
    sys.setprofile(steps)
    path = plans.save(outbox, PLAN)
    sys.setprofile(None)
    return str(path)


def check(outbox: Path, step: int) -> None:
    """Fail unless the plan is whole or not there, and the next one leaves nothing else behind."""
    try:
        assert plans.load(outbox, PLAN.plan) == PLAN, f"the plan is another after step {step}"
    except UnknownChoice:
        assert not (outbox / plans.FOLDER / f"{PLAN.plan}.json").exists(), f"half a plan after step {step}"
    plans.save(outbox, NEXT)
    plans.save(outbox, PLAN)
    left = sorted(path.name for path in (outbox / plans.FOLDER).iterdir() if path.name != ".lock")
    assert left == ["a-plan.json", "another.json"], f"step {step} left {left}"
    assert plans.load(outbox, PLAN.plan) == PLAN


def main(folder: Path) -> int:
    """Return at how many steps the program was killed."""
    plans.save(folder / "warm", PLAN)
    for step in range(1, 1000):
        outbox = folder / str(step)
        ended = forked(partial(save, outbox, Steps(step, mmap.mmap(-1, 1))), folder / "answer")
        assert ended in {0, -signal.SIGKILL}
        check(outbox, step)
        if ended == 0:
            return step - 1
    raise AssertionError("it never ended")


if __name__ == "__main__":
    sys.stdout.write(str(main(Path(sys.argv[1]))))
