"""Drive a Chromium by its debugging protocol: open a page, press keys, ask what it shows, take its picture.

Nothing but the standard library; where no Chromium is installed, `found` is None.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60.0
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

found = next((path for name in NAMES if (path := shutil.which(name))), None)
"""The program, None where there is none."""


@dataclass
class Browser:
    """One page of a browser, by its debugging socket."""

    port: int
    _socket: socket.socket
    _count: int = field(default=0)

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer to a call of the debugging protocol."""
        self._count += 1
        _send(self._socket, json.dumps({"id": self._count, "method": method, "params": arguments}).encode())
        while True:
            message: dict[str, Any] = json.loads(_receive(self._socket))
            if message.get("id") == self._count:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result

    def ask(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Wait until an expression in the page is true; fails where it never is."""
        end = time.monotonic() + PATIENCE
        while not self.ask(f"Boolean({script})"):
            if time.monotonic() > end:
                shown = self.ask("document.body.innerText")
                raise AssertionError(f"{script} never came true; the page shows:\n{shown}")
            time.sleep(0.1)

    def press(self, key: str, code: str = "") -> None:
        """Press a key, such as `b` or `ArrowDown`, and let it go."""
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        number = {"Tab": 9, "Enter": 13}.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=code, windowsVirtualKeyCode=number, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=code, windowsVirtualKeyCode=number)

    def resize(self, width: int, height: int) -> None:
        """Give the page this size, in pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, target: Path) -> None:
        """Write what the page shows as a PNG."""
        target.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@contextmanager
def browser(address: str, width: int = 1280, height: int = 800) -> Iterator[Browser]:
    """Open an address in a browser of its own, with a profile that is thrown away."""
    if found is None:
        raise AssertionError("no Chromium is installed")
    with tempfile.TemporaryDirectory(prefix="appeals-browser-", ignore_cleanup_errors=True) as profile:
        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0")
        process = subprocess.Popen(
            [found, *options, "--remote-allow-origins=*", f"--user-data-dir={profile}", "about:blank"],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            page = _connect(Path(profile) / "DevToolsActivePort")
            page.resize(width, height)
            page.call("Page.enable")
            page.call("Page.navigate", url=address)
            yield page
            with suppress(OSError):
                page._socket.close()
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _connect(told: Path) -> Browser:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(OSError, ValueError, IndexError):
            port = int(told.read_text().split()[0])
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=PATIENCE) as answer:
                pages = [each for each in json.load(answer) if each["type"] == "page"]
            return Browser(port, _opened(port, pages[0]["webSocketDebuggerUrl"]))
        time.sleep(0.1)
    raise AssertionError("the browser did not start")


def _opened(port: int, address: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {address.partition(str(port))[2]} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return connection


def _send(connection: socket.socket, text: bytes) -> None:
    size = len(text)
    head = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
    connection.sendall(b"\x81" + head + b"\0\0\0\0" + text)


def _receive(connection: socket.socket) -> bytes:
    message, is_last = b"", False
    while not is_last:
        first, second = _exactly(connection, 2)
        is_last, size = bool(first & 0x80), second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", _exactly(connection, 2))
        elif size == 127:
            (size,) = struct.unpack(">Q", _exactly(connection, 8))
        message += _exactly(connection, size)
    return message


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError("the browser has gone")
        data += part
    return data
