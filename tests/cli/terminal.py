"""Run `appeals` on a terminal of its own, answer what it asks, and see what it shows."""

from __future__ import annotations

import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 30.0


@dataclass
class Terminal:
    """A program at a pseudo-terminal."""

    process: subprocess.Popen[bytes]
    handle: int
    shown: str = ""
    _read_to: int = field(default=0)
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    @classmethod
    def start(cls, place: Path, *arguments: str) -> Terminal:
        return cls.start_program(place, sys.executable, "-m", "urgent_appeals", *arguments)

    @classmethod
    def start_program(cls, place: Path, *words: str) -> Terminal:
        master, slave = pty.openpty()
        process = subprocess.Popen(
            words,
            cwd=place,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "dumb"},
            start_new_session=True,
        )
        os.close(slave)
        return cls(process, master)

    def wait_for(self, text: str) -> str:
        """Return what is shown from the last wait up to a text; fails where it does not come."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown[self._read_to :]:
            if time.monotonic() > end or not self._more():
                raise AssertionError(f"{text!r} was not shown after:\n{self.shown[-3000:]}")
        start = self._read_to
        self._read_to = self.shown.index(text, start) + len(text)
        return self.shown[start : self._read_to]

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def answer(self, question: str, answer: str) -> None:
        self.wait_for(question)
        self.type(f"{answer}\n")

    def interrupt(self) -> int:
        """Press Ctrl-C until the program ends, and return its status.

        One that comes just before readline begins to wait is only noticed with the next key, as at a real terminal.
        """
        for _ in range(5):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
                break
        os.close(self.handle)
        return self.process.wait(PATIENCE)

    def end(self) -> int:
        while self._more():
            pass
        os.close(self.handle)
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        try:
            ready, _, _ = select.select([self.handle], [], [], PATIENCE)
            data = os.read(self.handle, 65536) if ready else b""
        except OSError:  # the program has ended
            return False
        self.shown += self._decoder.decode(data).replace("\r\n", "\n")
        return bool(data)
