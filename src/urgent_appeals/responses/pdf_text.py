"""Read the text of a PDF in a child process with limits on time and memory.

A page of a few kilobytes can keep a reader busy for hours or swell to gigabytes, so whatever reads it can be killed.
The pages that were read by then are kept. The child inherits no environment but what finds the program.

The child writes one JSON document a line: `{"page": text}` or `{"note": what was not read}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

LARGEST = 50_000_000
MOST_CHARACTERS = 20_000_000
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


@dataclass
class PdfReader:
    """Reads PDFs one after the other; together they take no more than so many seconds, and each so much memory."""

    seconds: float = 30
    megabytes: int = 512
    most_pages: int = 500
    _left: float = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.seconds

    def pages(self, content: bytes, notes: list[str]) -> Iterator[str]:
        """Yield the text of each page that could be read; what could not is noted."""
        if len(content) > LARGEST:
            notes.append("the PDF is too large to read")
            return
        if self._left <= 0:
            notes.append("a PDF was not read, for those before it took too long")
            return
        began = time.monotonic()
        lines, reason = self._read(content)
        self._left -= time.monotonic() - began
        for line in lines:
            told = json.loads(line)
            if "page" in told:
                yield told["page"]
            else:
                notes.append(told["note"])
        if reason is not None:
            notes.append(f"the PDF could not be read whole: {reason}")

    def _read(self, content: bytes) -> tuple[list[bytes], str | None]:
        """Return the finished lines that the child wrote, and why it was ended, None where it ended by itself."""
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
        program = f"from urgent_appeals.responses.pdf_text import serve; serve({self.megabytes}, {self.most_pages})"
        with tempfile.TemporaryFile() as source:
            source.write(content)
            source.seek(0)
            child = subprocess.Popen(  # noqa: S603  # this program itself
                [sys.executable, "-P", "-s", "-c", program],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
            try:
                written, _ = child.communicate(timeout=self._left)
            except subprocess.TimeoutExpired:
                child.kill()
                written, _ = child.communicate()
                return written.split(b"\n")[:-1], f"it takes more than {self.seconds:g} s"
            finally:
                child.kill()  # the keyboard may interrupt the waiting, too
        failed = f"it takes more than {self.megabytes} MB of memory, or breaks the program that reads it"
        return written.split(b"\n")[:-1], failed if child.returncode else None


def serve(megabytes: int, most_pages: int) -> None:
    """Be the child: read a PDF from standard input, and write what its pages say."""
    import logging  # with pypdf: only who reads a PDF pays for them

    import pypdf

    logging.disable()  # remarks on odd files
    content = sys.stdin.buffer.read()
    _limit(megabytes)
    length = 0
    try:
        for number, page in enumerate(pypdf.PdfReader(BytesIO(content)).pages):
            if number >= most_pages:
                _tell(note=f"only the first {most_pages} pages of the PDF were read")
                return
            text = page.extract_text()[: MOST_CHARACTERS - length]
            length += len(text)
            _tell(page=text)
            if length >= MOST_CHARACTERS:
                _tell(note=f"only the first {MOST_CHARACTERS:,} characters of the PDF were read")
                return
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001  # pypdf raises anything on broken files
        _tell(note=f"the PDF could not be read whole: {type(error).__name__}")


def _tell(**message: Any) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()


def _limit(megabytes: int) -> None:
    """End this process, by a MemoryError, when it takes more memory than that; Windows and macOS keep no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))
