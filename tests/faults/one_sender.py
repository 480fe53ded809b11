"""Send the letters of one plan, into a file or to a mail server: a program to run under strace, or many at once.

    python -m tests.faults.one_sender OUTBOX NAME LETTERS [PORT CA_FILE] [OPTION…]

Options: "synchronous=normal" has SQLite keep its promises less well; "no lock" leaves out the sender lock, and with it
what keeps two senders apart; "slow" waits between letters. Prints a JSON object: what came of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.faults.desk import Letters, RealClock, a_log, a_plan, a_sender, an_smtp_channel
from urgent_appeals.dispatch.channel import Accepted, Channel, Mark, Parcel, Receipt
from urgent_appeals.domain.item_state import WAITING, State
from urgent_appeals.domain.plan import PlanItem
from urgent_appeals.errors import AppealsError
from urgent_appeals.log import engine
from urgent_appeals.log.store import Log

SENT: Final = b"sent\n"


class IntoFile:
    """A way out that is a file: a line of it cannot be taken back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        mark()
        os.write(self._handle, parcel.item.recipient.encode() + b" " + SENT)
        return Accepted("ok")


class Slow(Letters):
    """Letters of which each takes a while to be looked at."""

    def unwanted(self, item: PlanItem) -> str | None:
        time.sleep(0.05)
        return super().unwanted(item)


def without_lock() -> None:
    """Leave out the sender lock, and that of two that want the same letter one gets it."""

    @contextmanager
    def unlocked(self: Log) -> Iterator[None]:
        yield

    setattr(Log, "sender_lock", unlocked)  # noqa: B010  # on purpose
    setattr(Log, "claims", lambda _self: ())  # noqa: B010


def states_only_looked_at() -> None:
    """Have a letter taken up, marked and concluded without its state being looked at in the same transaction."""
    from urgent_appeals.domain.event import NewEvent
    from urgent_appeals.log import store

    def transition(self: Log, event: NewEvent, expected: frozenset[State]) -> Any:
        attempt = {"claimed", "data"} & {event.event.value} and time.monotonic_ns() % 10**9
        return self.append(event.model_copy(update={"attempt": attempt or None}))[0]

    setattr(Log, "transition", transition)  # noqa: B010
    setattr(store, "may_follow", lambda *_: True)  # noqa: B010


def main(outbox: Path, name: str, letters: int, rest: list[str]) -> dict[str, Any]:
    """Return how many letters are in which state, or why nothing was sent."""
    options = [word for word in rest if word.isalpha() or "=" in word or " " in word]
    if "synchronous=normal" in options:
        engine._SQLITE["synchronous"] = 1
    if "no lock" in options:
        without_lock()
        states_only_looked_at()
    where = [word for word in rest if word not in options]
    channel: Channel = an_smtp_channel(int(where[0]), Path(where[1])) if where else IntoFile(outbox / "wire")
    plan = a_plan(*(f"{name}-{number}" for number in range(letters)), name=name)
    supply = Slow() if "slow" in options else Letters()
    with a_log(outbox) as log:
        (outbox / f"ready-{os.getpid()}").touch()
        while "together" in options and len([*outbox.glob("ready-*")]) < int(os.environ["TOGETHER"]):
            time.sleep(0.01)
        try:
            ran = a_sender(log, channel, clock=RealClock(), supply=supply).run(plan)
        except AppealsError as error:
            return {"error": str(error), "kind": type(error).__name__}
        left = sum(log.state(item.item).state in WAITING for item in plan.items)
        return {"sent": ran.count(State.SENT), "left": left}


if __name__ == "__main__":
    place, plan_name, count, *more = sys.argv[1:]
    sys.stdout.write(json.dumps(main(Path(place), plan_name, int(count), more)))
