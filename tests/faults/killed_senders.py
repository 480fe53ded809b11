"""Kill a sender (SIGKILL) at one step after another, start it again twice, and see what became of its letters.

    python -m tests.faults.killed_senders FOLDER PORT CA_FILE PART PARTS [HOW]

A program of its own, because it forks: the sender is loaded and warm, so that each run takes a fraction of a second.
Steps are the calls, and returns, of what reaches the disk or the wire (C functions of SQLite, of sockets, of TLS, of
the system), and a share of the calls of the package itself; nothing in the package knows of them. Prints a JSON list,
an entry a kill: its step, in which stretch of a letter it was, and the letters as the log has them after each restart.
With "send, then record" for HOW the marker is left out, to show what it is for.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.faults.desk import RealClock, a_log, a_plan, a_sender, an_smtp_channel
from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.domain.event import Event
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.ledger import Ledger

RECIPIENTS: Final = 3
OUTWARDS: Final = frozenset({"sqlite3", "_sqlite3", "_socket", "socket", "_ssl", "ssl", "posix", "fcntl", "select"})
INWARDS: Final = frozenset(
    {"fetchone", "fetchall", "fetchmany", "cursor", "settimeout", "fileno", "gettimeout", "fspath"}
)
"""What neither changes anything nor waits for anything."""
EVERY: Final = 100
"""Of the calls of the package's own functions, one in so many is a step."""
PACKAGE: Final = f"{os.sep}urgent_appeals{os.sep}"

OUTSIDE, MARKING, MARKED, CONCLUDING = range(4)
"""Where in the life of a letter a sender is: the marker is being written, is there, the result is being written."""


class Steps:
    """Counts steps, and kills this process at one of them; `stretch` lies in memory that outlives it."""

    def __init__(self, kill_at: int | None, stretch: mmap.mmap) -> None:
        self.count = 0
        self._kill_at = kill_at
        self._stretch = stretch
        self._calls = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event in {"c_call", "c_return"}:
            if _module(argument) in OUTWARDS and argument.__name__ not in INWARDS:
                self._step()
            return
        code = frame.f_code
        if PACKAGE not in code.co_filename:
            return
        self._watch(code.co_filename, code.co_name, event)
        if event == "call":
            self._calls += 1
            if self._calls % EVERY == 0:
                self._step()

    def _watch(self, file: str, name: str, event: str) -> None:
        if not file.endswith("ledger.py") or name not in {"mark", "conclude"}:
            return
        if name == "mark":
            self._stretch[0] = MARKING if event == "call" else MARKED
        else:
            self._stretch[0] = CONCLUDING if event == "call" else OUTSIDE

    def _step(self) -> None:
        self.count += 1
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _module(function: Any) -> str | None:
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, type(os)):
        return getattr(function, "__module__", None)
    return type(owner).__module__


def plan_for(step: int) -> Plan:
    """Return the plan of the run that is killed at a step: no other has its recipients."""
    return a_plan(*(f"step-{step}-{number}" for number in range(RECIPIENTS)), name=f"plan-{step}")


def send(outbox: Path, plan: Plan, port: int, ca_file: Path, steps: Steps | None = None) -> dict[str, Any]:
    """Run a plan as `appeals dispatch run` does, its steps counted, and return what the log has of each letter then."""
    with a_log(outbox) as log:
        sender = a_sender(log, an_smtp_channel(port, ca_file), clock=RealClock())
        sys.setprofile(steps)
        sender.run(plan)
        sys.setprofile(None)
        return seen(log, plan)


def record_only_afterwards() -> None:
    """Leave out the marker: a letter is recorded once it was sent, as a naive sender does."""

    def no_mark(self: Ledger, item: PlanItem, claim: Event, parcel: Parcel) -> Event:
        return claim

    setattr(Ledger, "mark", no_mark)  # noqa: B010  # on purpose


def seen(log: Log, plan: Plan) -> dict[str, Any]:
    """Return what the log has of each letter of a plan: its state, its events, its Message-IDs."""
    found = {}
    for item in plan.items:
        events = [*log.events(item=item.item)]
        found[str(item.address)] = {
            "state": log.state(item.item).state.value,
            "events": [event.event.value for event in events],
            "message_ids": sorted({str(e.detail["message_id"]) for e in events if "message_id" in e.detail}),
        }
    return found


def forked(work: Callable[[], object], answer: Path) -> int:
    """Do something in a child, which leaves its answer in a file; return how it ended: 0, or minus a signal."""
    child = os.fork()
    if child == 0:
        try:
            answer.write_text(json.dumps(work()))
        except BaseException:  # noqa: BLE001  # the child ends here, whatever it was
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def killed(folder: Path, step: int, port: int, ca_file: Path, stretch: mmap.mmap) -> dict[str, Any] | None:
    """Return what came of a run that was killed at a step and started again twice; None where it came to its end."""
    outbox, plan, answer = folder / str(step), plan_for(step), folder / "answer"
    shutil.copytree(folder / "empty", outbox)
    stretch[0] = OUTSIDE
    ended = forked(lambda: send(outbox, plan, port, ca_file, Steps(step, stretch)), answer)
    if ended == 0:
        return None
    assert ended == -signal.SIGKILL, f"the sender failed at step {step}: {ended}"
    where, restarts = stretch[0], []
    for _ in range(2):
        assert forked(lambda: send(outbox, plan, port, ca_file), answer) == 0, f"no going on after step {step}"
        restarts.append(json.loads(answer.read_text()))
    shutil.rmtree(outbox)
    return {"step": step, "stretch": where, "restarts": restarts}


def main(folder: Path, port: int, ca_file: Path, part: int, parts: int) -> list[dict[str, Any]]:
    """Return what came of each kill of one part of all."""
    with a_log(folder / "empty"):
        pass
    stretch = mmap.mmap(-1, 1)
    steps = Steps(None, stretch)
    for name, counted in (("cold", None), ("warm", steps)):  # what is loaded late is loaded then
        plan = a_plan(*(f"{name}-{part}-{number}" for number in range(RECIPIENTS)), name=name)
        send(folder / name, plan, port, ca_file, counted)
    outcomes = [killed(folder, step, port, ca_file, stretch) for step in range(1 + part, steps.count + 1, parts)]
    return [outcome for outcome in outcomes if outcome is not None]


if __name__ == "__main__":
    where, port_, ca, part_, parts_, *how = sys.argv[1:]
    if how == ["send, then record"]:
        record_only_afterwards()
    sys.stdout.write(json.dumps(main(Path(where), int(port_), Path(ca), int(part_), int(parts_))))
