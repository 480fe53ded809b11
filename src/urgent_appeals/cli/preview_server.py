"""Serve a preview to the browser of this machine alone: by address, by host name asked for, and by a secret path."""

from __future__ import annotations

import hmac
import json
import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from urgent_appeals.cli import output
from urgent_appeals.cli.output import as_json
from urgent_appeals.errors import AppealsError

if TYPE_CHECKING:
    from urgent_appeals.pipeline.preview import Preview

HOST = "127.0.0.1"
_FILES = {
    "": ("preview.html", "text/html; charset=utf-8"),
    "preview.css": ("preview.css", "text/css; charset=utf-8"),
    "preview.js": ("preview.js", "text/javascript; charset=utf-8"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAPER = {"us-10": 11 / 8.5}
_A4 = 297 / 210

Answer = tuple[str, bytes]
"""A type of content, and the content."""


class PreviewServer(ThreadingHTTPServer):
    """A server for one preview, at `address`; answers nobody who does not know its secret path."""

    daemon_threads = True

    def __init__(self, preview: Preview, port: int = 0, envelope: str = "") -> None:
        self.preview = preview
        self.token = secrets.token_urlsafe(18)
        self.ratio = _PAPER.get(envelope, _A4)
        self._one_at_a_time = threading.Lock()
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """The address to open."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def handle_error(self, *_: object) -> None:
        """Tell of a fault without its message, which may quote people's data; a browser that left is none."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            output.say(f"the preview could not answer: {type(error).__name__}")

    def answer(self, name: str, query: dict[str, str]) -> Answer | None:
        """Return what lies at a name below the secret path, or None."""
        if name in _FILES:
            file, kind = _FILES[name]
            return kind, (resources.files("urgent_appeals.cli") / "preview_page" / file).read_bytes()
        answers: dict[str, Callable[[dict[str, str]], Answer]] = {
            "look.json": self._look,
            "page.json": self._page,
            "page.pdf": self._pdf,
        }
        if name not in answers:
            return None
        with self._one_at_a_time:  # the layout engine and its fonts are one a process
            return answers[name](query)

    def _look(self, _: dict[str, str]) -> Answer:
        look = self.preview.look()
        recipients = [{"id": recipient, "name": name} for recipient, name in look.recipients]
        fields = ("file", "line", "severity", "message")
        problems = [{field: getattr(problem, field) for field in fields} for problem in look.problems]
        return _json({**vars(look), "recipients": recipients, "problems": problems})

    def _page(self, query: dict[str, str]) -> Answer:
        try:
            pages = self.preview.page(query.get("recipient", ""), query.get("language", ""))
        except AppealsError as error:
            return _json({"fault": str(error)})
        return _json({"fault": None, "pages": pages.pages, "ratio": self.ratio})

    def _pdf(self, query: dict[str, str]) -> Answer:
        try:
            return "application/pdf", self.preview.page(query.get("recipient", ""), query.get("language", "")).pdf
        except AppealsError as error:
            return "text/plain; charset=utf-8", str(error).encode()


class _Handler(BaseHTTPRequestHandler):
    """Answer one request of the browser."""

    server: PreviewServer
    server_version = "appeals"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer, or say no more than that there is nothing."""
        parts = urlsplit(self.path)
        token, _, name = parts.path.removeprefix("/").partition("/")
        host = self.headers.get("Host", "")
        # Another site's page may know the port and point a name of its own at this machine: its Host tells.
        if host not in (f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}"):
            self._send(HTTPStatus.MISDIRECTED_REQUEST)
        elif not hmac.compare_digest(token.encode(), self.server.token.encode()):
            self._send(HTTPStatus.NOT_FOUND)
        else:
            query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            answer = self.server.answer(name, query)
            self._send(HTTPStatus.OK if answer else HTTPStatus.NOT_FOUND, *(answer or ()))

    def log_message(self, *_: object) -> None:
        """Record nothing: the paths tell whom a letter is to."""

    def _send(self, status: HTTPStatus, kind: str = "text/plain; charset=utf-8", content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if kind.startswith("text/html"):
            self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        self.wfile.write(content)


def _json(value: object) -> Answer:
    return "application/json", json.dumps(json.loads(as_json(value))).encode()
