"""Do work on what strangers or templates give in a child process, with limits on time and memory.

Whatever the work loops over or swells, it costs one request: the child is killed, and the next request gets a new one.
The child inherits no environment but what finds the program and its libraries.

Frames go both ways: four bytes of length, most significant first, then JSON.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NoReturn

STARTING: Final = 60.0
"""Seconds that a child may take to start and warm up."""
LARGEST_FRAME: Final = 256_000_000
_INHERITED: Final = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
    "TMPDIR",
)
_OUT_OF_MEMORY: Final = 86
"""Exit status of a child that took more memory than it may."""
_WATCH: Final = 0.05

Message = Mapping[str, Any]
Work = Callable[[Message], Message]
"""Answers a request."""


@dataclass(frozen=True)
class Limits:
    """What one request may take: seconds, and megabytes beyond what the child holds when it is warm."""

    seconds: float = 10
    megabytes: int = 512


class BeyondLimits(Exception):
    """A request took more than it may, and its child was stopped; its text is what it took more than."""


class NoChild(Exception):
    """A child does not start; `told` is what it said instead, if it said anything."""

    def __init__(self, told: Message | None = None) -> None:
        self.told = told
        super().__init__("the process for work with limits does not start")


@dataclass
class LimitedChild:
    """The parent's end: start the child when it is needed, kill it at the limit, start it anew.

    `entry` names a function (`package.module:name`) that is called in the child with the setting and returns its
    `Work`; a message that it returns instead is why there is none.
    """

    entry: str
    setting: Message
    limits: Limits = Limits()
    folder: str | None = None
    _process: subprocess.Popen[bytes] | None = None
    _frames: queue.SimpleQueue[bytes | None] = field(default_factory=queue.SimpleQueue)
    _served: int = 0

    def ask(self, request: Message) -> dict[str, Any]:
        """Return the answer to a request; raises BeyondLimits, NoChild."""
        while True:
            fresh = self._served == 0
            process = self._running()
            self._send(process, request)
            try:
                reply = self._frames.get(timeout=self.limits.seconds)
            except queue.Empty:
                self.close()
                raise BeyondLimits(f"{self.limits.seconds:g} s") from None
            if reply is not None:
                self._served += 1
                answer: dict[str, Any] = json.loads(reply)
                return answer
            status = process.wait()
            self.close()
            if fresh:  # Else what earlier requests left behind may have tipped the scales: once more, from the start.
                reason = f"{self.limits.megabytes} MB of memory" if status == _OUT_OF_MEMORY else "their maker can give"
                raise BeyondLimits(f"{reason} (status {status})")

    def close(self) -> None:
        """End the child, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None
        self._served = 0

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUTF8": "1",
            "TZ": "UTC",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-c", "from urgent_appeals.limited import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=self.folder,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._frames = queue.SimpleQueue()
        threading.Thread(target=_relay, args=(self._process.stdout, self._frames), daemon=True).start()
        self._send(self._process, {"entry": self.entry, "setting": self.setting, "megabytes": self.limits.megabytes})
        try:
            ready = self._frames.get(timeout=STARTING)
        except queue.Empty:
            ready = None
        told = json.loads(ready) if ready is not None else None
        if told is None or not told.get("ready"):
            self.close()
            raise NoChild(told)
        return self._process

    def _send(self, process: subprocess.Popen[bytes], message: Message) -> None:
        assert process.stdin is not None
        try:
            _write(process.stdin, message)
        except BrokenPipeError:  # It has ended; the reading side says so in its turn.
            return


def serve() -> None:
    """Be the child: read a setting, warm up, then answer one request after the other until the parent goes away."""
    from importlib import import_module

    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever a library prints must not get between the frames.
    given = json.loads(_read(source) or b"{}")
    module, _, name = given["entry"].partition(":")
    work: Work | Message = getattr(import_module(module), name)(given["setting"])
    if not callable(work):
        _write(target, work)
        return
    _limit(given["megabytes"])
    _write(target, {"ready": True})
    while (frame := _read(source)) is not None:
        try:
            reply = work(json.loads(frame))
        except MemoryError:
            _stop()
        _write(target, reply)


def _limit(megabytes: int) -> None:
    """End this process when it takes so much more memory than now: by the system where it can, else by watching."""
    import resource  # Not on Windows, where this raises and the child does not start.

    allowed = megabytes * 2**20
    statm = Path("/proc/self/statm")
    if statm.exists():
        now = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + allowed, now + allowed))
    unit = 1 if sys.platform == "darwin" else 1024
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    def watch() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - start < allowed:
            time.sleep(_WATCH)
        _stop()

    threading.Thread(target=watch, daemon=True).start()


def _stop() -> NoReturn:
    os._exit(_OUT_OF_MEMORY)


def _relay(source: IO[bytes], frames: queue.SimpleQueue[bytes | None]) -> None:
    """Pass frames on until there are no more; None says that."""
    try:
        while (frame := _read(source)) is not None:
            frames.put(frame)
    except (OSError, ValueError):  # The pipe was closed at this end.
        pass
    frames.put(None)


def _read(source: IO[bytes]) -> bytes | None:
    head = source.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > LARGEST_FRAME:
        return None
    frame = source.read(length)
    return frame if len(frame) == length else None


def _write(target: IO[bytes], message: Message) -> None:
    frame = json.dumps(message, ensure_ascii=False).encode("utf-8")
    target.write(len(frame).to_bytes(4, "big") + frame)
    target.flush()
