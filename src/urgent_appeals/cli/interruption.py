"""Take Ctrl-C and a request to end for the wish to stop after the item in hand, and tell what time it is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)
_BLINK = 0.1


class Interruption:
    """The clock of a run, which a person can interrupt; once asked twice, it still finishes the item in hand."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._tells = not quiet
        self._asked = False
        self._before: list[tuple[signal.Signals, object]] = []

    def __enter__(self) -> Self:
        self._before = [(number, signal.signal(number, self._ask)) for number in _SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds by a clock that cannot be set."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Wait, or until interrupted."""
        end = time.monotonic() + seconds
        # No lock and no event: a signal may come while one is being taken.
        while not self._asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _BLINK))

    def interrupted(self) -> bool:
        """Return whether a person has asked to stop."""
        return self._asked

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Let Ctrl-C end the program at once while the body runs, as where a person is asked something."""
        self._give_back()
        try:
            yield
        finally:
            self.__enter__()

    def _give_back(self) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave is what it takes
        self._before = []

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            if self._tells:
                # Not by print: that may be what was interrupted, and does not go on twice at once. And where the
                # terminal is gone, nobody is told: what was interrupted is to go on.
                with suppress(OSError):
                    os.write(2, b"\nstopping after the letter in hand\n")
