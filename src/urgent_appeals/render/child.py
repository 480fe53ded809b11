"""Make documents of a workspace's own templates in a child process with limits on time and memory.

Whatever a template loops over or swells, it costs one document: the child is killed, the document is named, and the
next one gets a new child. The child inherits no environment but what finds the program and its libraries.

Frames go both ways: four bytes of length, most significant first, then JSON, with bytes in Base64.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from urgent_appeals.errors import AppealsError, LimitExceeded, RenderError, TemplateError
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.job import Job, Made, Maker
from urgent_appeals.render.templates import Templates

STARTING = 60.0
"""Seconds that a child may take to start: it imports WeasyPrint and lays out a first page before it reports."""
LARGEST_FRAME = 256_000_000
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_OUT_OF_MEMORY = 86
"""Exit status of a child that took more memory than it may."""
_WATCH = 0.05


@dataclass(frozen=True)
class Limits:
    """What one document may take: seconds, and megabytes beyond what the child holds when it is warm."""

    seconds: float = 10
    megabytes: int = 512


class Child:
    """The parent's end: start the child when it is needed, kill it at the limit, start it anew."""

    def __init__(self, built_in: Path, override: Path | None, limits: Limits) -> None:
        self._templates = (str(built_in), str(override) if override else None)
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._served = 0

    def make(self, job: Job) -> Made:
        """Return the document; raises LimitExceeded, RenderError and TemplateError."""
        while True:
            fresh = self._served == 0
            process = self._running(job.item)
            self._send(process, _packed(job))
            try:
                reply = self._frames.get(timeout=self._limits.seconds)
            except queue.Empty:
                self.close()
                raise LimitExceeded(job.item, f"its templates took more than {self._limits.seconds:g} s") from None
            if reply is not None:
                self._served += 1
                return _unpacked(json.loads(reply), job.item)
            status = process.wait()
            self.close()
            if fresh:  # Else what earlier documents left behind may have tipped the scales: once more, from the start.
                reason = (
                    f"{self._limits.megabytes} MB of memory" if status == _OUT_OF_MEMORY else "their maker can give"
                )
                raise LimitExceeded(job.item, f"its templates took more than {reason} (status {status})")

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

    def _running(self, item: str) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUTF8": "1",
            "TZ": "UTC",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-c", "from urgent_appeals.render.child import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=self._templates[0],
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._frames = queue.SimpleQueue()
        threading.Thread(target=_relay, args=(self._process.stdout, self._frames), daemon=True).start()
        setting = {"templates": self._templates, "megabytes": self._limits.megabytes}
        self._send(self._process, setting)
        try:
            ready = self._frames.get(timeout=STARTING)
        except queue.Empty:
            ready = None
        if ready is None:
            self.close()
            raise RenderError(item, "the process for the workspace's own templates does not start")
        told = json.loads(ready)
        if "error" in told:
            self.close()
            _unpacked(told, item)
        return self._process

    def _send(self, process: subprocess.Popen[bytes], message: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        try:
            _write(process.stdin, message)
        except BrokenPipeError:  # It has ended; the reading side says so in its turn.
            return


def serve() -> None:
    """Be the child: read a setting, warm up, then make one document after the other until the parent goes away."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever a library prints must not get between the frames.
    setting = json.loads(_read(source) or b"{}")
    built_in, override = setting["templates"]
    templates = Templates(Path(built_in), Path(override) if override else None)
    maker = Maker(templates, Fonts(templates))
    try:
        maker.printer.lay_out("<html lang=en><title>-</title><p>-", (), {}, "warming up").write()
    except AppealsError as error:
        _write(target, _told(error))
        return
    _limit(setting["megabytes"])
    _write(target, {"ready": True})
    while (frame := _read(source)) is not None:
        try:
            made = maker.make(_job(json.loads(frame)))
            reply = {"body": base64.b64encode(made.body).decode(), "pages": made.pages, "density": made.density}
        except MemoryError:
            _stop()
        except AppealsError as error:
            reply = _told(error)
        except Exception as error:  # noqa: BLE001 — one document's, whatever it is; the next needs this process
            reply = {"error": "render", "reason": f"{type(error).__name__}: {error}"}
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


def _write(target: IO[bytes], message: Mapping[str, Any]) -> None:
    frame = json.dumps(message, ensure_ascii=False).encode("utf-8")
    target.write(len(frame).to_bytes(4, "big") + frame)
    target.flush()


def _packed(job: Job) -> dict[str, Any]:
    assets = {name: base64.b64encode(body).decode() for name, body in (job.assets or {}).items()}
    return {
        "item": job.item,
        "template": job.template,
        "data": job.data,
        "sheets": job.sheets,
        "assets": assets,
        "densities": job.densities,
        "saves_page": job.saves_page,
    }


def _job(message: Mapping[str, Any]) -> Job:
    return Job(
        item=message["item"],
        template=message["template"],
        data=message["data"],
        sheets=tuple(message["sheets"]),
        assets={name: base64.b64decode(body) for name, body in message["assets"].items()},
        densities=tuple(message["densities"]),
        saves_page=message["saves_page"],
    )


def _told(error: AppealsError) -> dict[str, Any]:
    if isinstance(error, TemplateError):
        return {"error": "template", "template": error.template, "reason": error.reason, "line": error.line}
    reason = error.reason if isinstance(error, RenderError) else str(error)
    return {"error": "render", "reason": reason}


def _unpacked(message: Mapping[str, Any], item: str) -> Made:
    if message.get("error") == "template":
        raise TemplateError(message["template"], message["reason"], message["line"])
    if "error" in message:
        raise RenderError(item, message["reason"])
    return Made(base64.b64decode(message["body"]), message["pages"], message["density"])
