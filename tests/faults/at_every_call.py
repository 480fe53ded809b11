"""`make faults`: kill a sender at its system calls, one after another, with strace (RELIABILITY, R1).

    python -m tests.faults.at_every_call [POINTS]

The sender is a program of its own, killed as it enters the n-th call of a kind after it has opened its log; then it is
started again twice. Fails at the first letter that is sent twice, or lost, or unknown without having been in hand.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.faults.desk import a_log
from tests.faults.power_cut import can_trace

CALLS: Final = (
    "write pwrite64 read fdatasync fsync sendto recvfrom connect unlink ftruncate openat fcntl close socket poll flock"
).split()
LETTERS: Final = 3
ROOT: Final = Path(__file__).resolve().parents[2]
WORKERS: Final = os.cpu_count() or 1


@dataclass
class Bench:
    """A mail server, and the programs that start killed senders again."""

    folder: Path
    server: ScriptedServer
    ca_file: Path
    restarters: SimpleQueue[subprocess.Popen[str]] = field(default_factory=SimpleQueue)

    def sender(self, outbox: Path, name: str) -> list[str]:
        """Return the command of a sender."""
        module = ["-m", "tests.faults.one_sender", str(outbox), name, str(LETTERS)]
        return [sys.executable, *module, str(self.server.port), str(self.ca_file)]

    def outbox(self, name: str) -> Path:
        """Return a new outbox with an empty log."""
        place = self.folder / name
        shutil.copytree(self.folder / "empty", place)
        return place

    def restarted(self, outbox: Path, name: str) -> list[dict[str, Any]]:
        """Return what the log has of each letter after a sender was started again, and once more."""
        restarter = self.restarters.get()
        assert restarter.stdin is not None
        assert restarter.stdout is not None
        restarter.stdin.write(f"{json.dumps([str(outbox), name])}\n")
        restarter.stdin.flush()
        found: list[dict[str, Any]] = json.loads(restarter.stdout.readline())
        self.restarters.put(restarter)
        return found


def points(bench: Bench, wanted: int) -> Iterator[tuple[str, int]]:
    """Yield calls to be killed at, by kind and number: as many as are wanted, over all kinds, in even steps."""
    trace, outbox = bench.folder / "trace", bench.outbox("counted")
    for _ in range(2):  # what Python keeps of a first run changes the second
        strace = ["strace", "-f", "-e", f"trace={','.join(CALLS)}", "-o", str(trace)]
        subprocess.run([*strace, *bench.sender(outbox, f"count-{_}")], cwd=ROOT, check=True, capture_output=True)
    begins: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        found = re.match(r"\d+ +(\w+)\(", line)
        if found is None:
            continue
        counts[found[1]] += 1
        if "ready-" in line:
            begins = dict(counts)
    every = [(call, at) for call in CALLS for at in range(begins.get(call, 0) + 1, counts[call] + 1)]
    most = min(wanted, len(every))
    yield from (every[number * len(every) // most] for number in range(most))


def killed(bench: Bench, point: tuple[str, int]) -> tuple[str, list[dict[str, Any]] | None]:
    """Kill a sender at a call and start it again twice; return its name and what was found, None if it lived."""
    call, number = point
    name = f"{call}-{number}"
    outbox = bench.outbox(name)
    strace = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        f"trace={call}",
        "-e",
        f"inject={call}:signal=KILL:when={number}",
    ]
    run = subprocess.run([*strace, *bench.sender(outbox, name)], cwd=ROOT, check=False, capture_output=True, timeout=60)
    found = bench.restarted(outbox, name)
    shutil.rmtree(outbox)
    return name, found if run.returncode != 0 else None


def faults(outcomes: list[tuple[str, list[dict[str, Any]] | None]], taken: Counter[str]) -> Iterator[str]:
    """Yield what is wrong."""
    for address, times in taken.items():
        if times > 1:
            yield f"{address} was sent to {times} times"
    for name, found in outcomes:
        if found is None:
            continue
        first, second = found
        if first != second:
            yield f"{name}: the second restart changed something"
        unknown = [address for address, letter in first.items() if letter["state"] == "unknown"]
        if len(unknown) > 1:
            yield f"{name}: {len(unknown)} letters are unknown"
        for address, letter in first.items():
            if letter["state"] not in {"sent", "unknown"} or len(letter["message_ids"]) != 1:
                yield f"{name}: {address} is {letter['state']}, with {len(letter['message_ids'])} Message-IDs"
            if letter["state"] == "sent" and taken[address] != 1:
                yield f"{name}: {address} is said to be sent and was not"
            if letter["state"] == "unknown" and "data" not in letter["events"]:
                yield f"{name}: {address} is unknown, and was never in hand"


def main(wanted: int) -> int:
    """Return the exit status: 0 where nothing is wrong, and at least so many kills are behind it."""
    if not can_trace():
        print("skipped: strace is not there, or the system does not let it look at programs (ptrace)")  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory(prefix="faults-") as where:
        folder = Path(where)
        authority = Authority(folder)
        certificate = authority.certificate("localhost", "127.0.0.1", "::1")
        with a_log(folder / "empty"):
            pass
        with ScriptedServer(folder / "accepted", Script(), tls=certificate.context()) as server:
            bench = Bench(folder, server, authority.file)
            command = [sys.executable, "-m", "tests.faults.restarts", str(server.port), str(authority.file)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
            restarters = [subprocess.Popen([*command, str(LETTERS)], **pipes) for _ in range(WORKERS)]
            for restarter in restarters:
                bench.restarters.put(restarter)
            with ThreadPoolExecutor(WORKERS) as pool:
                outcomes = [*pool.map(lambda point: killed(bench, point), [*points(bench, wanted)])]
            for restarter in restarters:
                restarter.communicate()
            taken = Counter(accepted.recipients[0] for accepted in server.accepted)
    return told(outcomes, taken, wanted)


def told(outcomes: list[tuple[str, list[dict[str, Any]] | None]], taken: Counter[str], wanted: int) -> int:
    """Say what came of it, and return the exit status."""
    kills = [found for _, found in outcomes if found is not None]
    unknown = sum(letter["state"] == "unknown" for found in kills for letter in found[0].values())
    wrong = [*faults(outcomes, taken)]
    print("\n".join(wrong))  # noqa: T201
    print(f"{len(kills)} kills, {sum(taken.values())} letters taken, {unknown} unknown, {len(wrong)} faults")  # noqa: T201
    return 0 if not wrong and len(kills) >= wanted * 9 // 10 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 340))
