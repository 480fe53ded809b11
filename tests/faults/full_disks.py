"""Run a sender again and again on a disk that is full at another byte each time, then once with room enough.

    python -m tests.faults.full_disks FOLDER PORT CA_FILE

The system refuses to let a file grow beyond a limit, which lies a little higher each time. Prints a JSON list, an entry
a limit: how the run on the full disk ended, what the log has of each letter then, and what after the run with room.
"""

from __future__ import annotations

import json
import resource
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.faults.desk import RealClock, a_log, a_plan, a_sender, an_smtp_channel
from tests.faults.killed_senders import forked, seen
from urgent_appeals.domain.plan import Plan
from urgent_appeals.errors import LogError

LETTERS: Final = 3
STEP: Final = 3000
"""Bytes from one limit to the next: less than a page, of which each commit writes some."""


def send(outbox: Path, plan: Plan, port: int, ca_file: Path, room: int | None) -> dict[str, Any]:
    """Run a plan with so many bytes of room in the largest file; return how it ended and what the log has then."""
    with a_log(outbox) as log:
        sender = a_sender(log, an_smtp_channel(port, ca_file), clock=RealClock())
        if room is not None:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
        try:
            sender.run(plan)
            ended = "done"
        except LogError as error:
            ended = type(error).__name__
        return {"ended": ended, "letters": seen(log, plan)}


def main(folder: Path, port: int, ca_file: Path) -> list[dict[str, Any]]:
    """Return what came of each limit, up to the first that is none."""
    with a_log(folder / "warm"):
        pass
    send(folder / "warm", a_plan("warm", name="warm"), port, ca_file, None)
    outcomes: list[dict[str, Any]] = []
    answer, room = folder / "answer", 1000
    while not outcomes or outcomes[-1]["full"]["ended"] != "done":
        outbox, names = folder / str(room), [f"room-{room}-{number}" for number in range(LETTERS)]
        with a_log(outbox):
            pass
        plan = a_plan(*names, name=f"plan-{room}")
        outcome: dict[str, Any] = {"room": room}
        for name, limit in (("full", room), ("again", None)):
            code = forked(partial(send, outbox, plan, port, ca_file, limit), answer)
            assert code == 0, f"the sender failed with {room} bytes of room"
            outcome[name] = json.loads(answer.read_text())
        outcomes.append(outcome)
        room += STEP
    return outcomes


if __name__ == "__main__":
    where, port_, ca = sys.argv[1:]
    sys.stdout.write(json.dumps(main(Path(where), int(port_), Path(ca))))
