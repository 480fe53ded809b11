"""Measure the log with a million events in it: the status of one case, what recovery looks for, adding, importing.

    python -m bench.log [--events N] [--rounds 9]

A thousand cases of 200 letters each, five events a letter, on SQLite with every durability step on. The log is made
once, by importing what another desk exported; how long that took, and how large it is, is told. Where the disk is
waited for, wall time counts; for the status of a case, whose pages are in memory, CPU time, as in the other benches.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.run import Bar, Bench, Contender, measure, told

if TYPE_CHECKING:
    from urgent_appeals.domain.event import Event, NewEvent
    from urgent_appeals.log.store import Log

EVENTS = 1_000_000
CASES = 1_000
LIMIT = 0.05
"""Seconds that the status of one case may take."""
STEPS = ("made", "approved", "claimed", "data", "sent")
START = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """A log full of events, and the seconds that its import took, and that a plain insert of the rows took."""

    log: Log
    imported: float
    plain: float


def events(count: int) -> Iterator[Event]:
    """Yield the chain of one desk that has sent letters for years, case after case."""
    from urgent_appeals.domain.event import FIRST, EventKind, NewEvent, Place, sealed

    last = FIRST
    for number in range(count):
        letter, step = divmod(number, len(STEPS))
        new = NewEvent(
            at=START + timedelta(seconds=number * 60),
            by="A. B.",
            event=EventKind(STEPS[step]),
            item=f"{letter:032x}",
            code=f"{case(letter * CASES * len(STEPS) // count)}.01",
            recipient=f"arlandia/office-{letter % 200}",
            channel="email",
            attempt=1 if step in (2, 3) else None,
            detail={"sha256": f"{number:064x}", "queue": f"250 2.0.0 Ok: queued as {number:010X}"} if step > 2 else {},
        )
        after = (f"{number - 1:032x}",) if step else ()
        event = sealed(new, Place(desk="berta", seq=number + 1, id=f"{number:032x}", after=after, prev_hash=last))
        last = event.hash
        yield event


def case(number: int) -> str:
    """Return the code of a case."""
    return f"XAA {number % 999 + 1:03}/{number % 12 + 1:02}{20 + number // 999:02}/OBS {number % 999 + 1:03}"


@cache
def made(count: int) -> Made:
    """Make the log in a temporary folder, once; tell how long it took and how large it is."""
    from urgent_appeals.log.exports import write_sqlite
    from urgent_appeals.log.merge import merge
    from urgent_appeals.log.opening import open_log

    folder = Path(tempfile.mkdtemp(prefix="appeals-bench-"))
    os.environ["APPEALS_STATE"] = str(folder / "state")  # not in the home of whoever measures
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_sqlite(events(count), folder / "export.db")
    log = open_log(None, desk="anna", outbox=folder / "outbox")
    atexit.register(log.close)
    started = time.perf_counter()
    merge(log, folder / "export.db", "A. B.", datetime.now(UTC))
    imported = time.perf_counter() - started
    plain = plain_insert(folder / "export.db", folder / "plain.db")
    with log.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (folder / "outbox" / "log.db").stat().st_size
    print(
        f"{count:,} events: imported in {imported:.1f} s ({count / imported:,.0f} a second), "
        f"{size / 1e6:,.0f} MB ({size / count:.0f} bytes an event)",
        file=sys.stderr,
    )
    return Made(log, imported, plain)


def plain_insert(export: Path, target: Path) -> float:
    """Return the seconds that sqlite3 alone takes to copy the rows into a table without indices, unverified."""
    started = time.perf_counter()
    with closing(sqlite3.connect(target)) as file:
        file.execute("ATTACH ? AS export", (str(export),))
        file.execute("CREATE TABLE events AS SELECT * FROM export.events")
        file.commit()
    taken = time.perf_counter() - started
    target.unlink()
    return taken


def bench(count: int = EVENTS) -> Bench:
    """Say what is measured; the log is made when the first contender runs."""
    from urgent_appeals.log.opening import open_log

    one_case = f"status of one case of {count // CASES:,} events"
    chooser = random.Random(1)  # noqa: S311  # which case is looked at, not a secret

    def status() -> None:
        assert made(count).log.states_of_case(case(chooser.randrange(CASES)))

    def recovery() -> None:
        made(count).log.claims()

    def opening(*, thorough: bool) -> None:
        file = made(count).log.file
        assert file is not None
        open_log(None, desk="anna", outbox=file.parent, thorough=thorough).close()

    def one_by_one() -> None:
        for _ in range(20):
            made(count).log.append(note())

    def together() -> None:
        made(count).log.append(*(note() for _ in range(1_000)))

    return Bench(
        title=f"The log with {count:,} events",
        contenders=(
            Contender("the bar: 50 ms", lambda: LIMIT),
            Contender(one_case, status),
            Contender("claims that nobody finished", timed(recovery)),
            Contender("opening it to look at it", timed(partial(opening, thorough=False))),
            Contender("opening it to send, the file looked through", timed(partial(opening, thorough=True))),
            Contender("an event, durable", timed(one_by_one), units=20),
            Contender("an event of 1,000 in one transaction", timed(together), units=1_000),
            Contender("import, an event (once)", lambda: made(count).imported, units=count),
            Contender("copied by SQLite alone, an event (once)", lambda: made(count).plain, units=count),
        ),
        bars=(Bar(one_case, "the bar: 50 ms", 1),),
        rounds=9,
    )


def note() -> NewEvent:
    """Return an event of no item that stands."""
    from urgent_appeals.domain.event import EventKind, NewEvent

    return NewEvent(at=START, by="A. B.", event=EventKind.NOTED, code=case(1))


def timed(work: Callable[[], None]) -> Callable[[], float]:
    """Return the work as one that counts its wall time."""

    def counted() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return counted


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the log.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    result = measure(bench(options.events), rounds=options.rounds)
    print(told(result))
    return 0 if result.reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
