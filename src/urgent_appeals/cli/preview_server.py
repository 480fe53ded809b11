"""Serve a preview to the browser of this machine alone: by address, by host name asked for, and by a secret path."""

from __future__ import annotations

import hmac
import json
import secrets
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from urgent_appeals.cli import output
from urgent_appeals.cli.output import as_json, excerpt
from urgent_appeals.domain.problem import Problem
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
_MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""What a mail's HTML may do, made by a workspace's own template perhaps: look as it looks, and nothing else."""


class Answer(NamedTuple):
    """What is answered: the kind of content, the content, and what a browser may do with it."""

    kind: str
    content: bytes
    policy: str = ""


class PreviewServer(ThreadingHTTPServer):
    """A server for one preview, at `address`; answers nobody who does not know its secret path."""

    daemon_threads = True

    def __init__(self, preview: Preview, port: int = 0) -> None:
        self.preview = preview
        self.token = secrets.token_urlsafe(18)
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

    def answer(self, name: str, query: Mapping[str, str]) -> Answer | None:
        """Return what lies at a name below the secret path, or None."""
        if name in _FILES:
            file, kind = _FILES[name]
            content = (resources.files("urgent_appeals.cli") / "preview_page" / file).read_bytes()
            return Answer(kind, content, _POLICY if kind.startswith("text/html") else "")
        answers: dict[str, Callable[[str, str, Mapping[str, str]], Answer]] = {
            "look.json": self._look,
            "letter.json": self._pages,
            "bulletin.json": self._pages,
            "mail.json": self._mail,
            "text.json": self._text,
            "sheet.pdf": self._sheet,
            "pages.pdf": self._pdf,
            "mail.html": self._mail_html,
        }
        if name not in answers:
            return None
        with self._one_at_a_time:  # the layout engine and its fonts are one a process
            try:
                return answers[name](query.get("recipient", ""), query.get("language", ""), query)
            except AppealsError as error:
                return _json({"fault": str(error)}) if name.endswith(".json") else _words(str(error))

    def _look(self, *_: object) -> Answer:
        look = self.preview.look()
        fields = ("version", "code", "title", "state", "envelope", "languages", "fault")
        recipients = [{"id": recipient, "name": name} for recipient, name in look.recipients]
        problems = [_problem(problem) for problem in look.problems]
        told = {field: getattr(look, field) for field in fields}
        return _json({**told, "recipients": recipients, "problems": problems})

    def _pages(self, recipient: str, language: str, _: object) -> Answer:
        return _json({"fault": None, "sheets": self.preview.sheets(recipient, language)})

    def _mail(self, recipient: str, language: str, _: object) -> Answer:
        draft = self.preview.draft(recipient, language)
        told = {field: getattr(draft, field) for field in ("headers", "text", "attachment", "link")}
        return _json({"fault": None, "direction": self.preview.direction(language), **told})

    def _text(self, recipient: str, language: str, _: object) -> Answer:
        text = self.preview.text(recipient, language)
        return _json({"fault": None, "direction": self.preview.direction(language), "text": text})

    def _sheet(self, recipient: str, language: str, query: Mapping[str, str]) -> Answer:
        number = query.get("number", "")
        told = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
        return Answer("application/pdf", self.preview.sheet(recipient, language, told))

    def _pdf(self, recipient: str, language: str, _: object) -> Answer:
        return Answer("application/pdf", self.preview.page(recipient, language).pdf)

    def _mail_html(self, recipient: str, language: str, _: object) -> Answer:
        html = self.preview.draft(recipient, language).html
        return Answer("text/html; charset=utf-8", html.encode(), _MAIL_POLICY)


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
            self._send(HTTPStatus.MISDIRECTED_REQUEST, _words(""))
        elif not hmac.compare_digest(token.encode(), self.server.token.encode()):
            self._send(HTTPStatus.NOT_FOUND, _words(""))
        else:
            query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            answer = self.server.answer(name, query)
            self._send(HTTPStatus.OK if answer else HTTPStatus.NOT_FOUND, answer or _words(""))

    def log_message(self, *_: object) -> None:
        """Record nothing: the paths tell whom a letter is to."""

    def _send(self, status: HTTPStatus, answer: Answer) -> None:
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if answer.policy:
            self.send_header("Content-Security-Policy", answer.policy)
        self.end_headers()
        self.wfile.write(answer.content)


def _problem(problem: Problem) -> dict[str, object]:
    """Return what the page shows of a problem; `excerpt` is the line of the file with the caret below the place."""
    fields = ("file", "line", "column", "severity", "message", "hint")
    return {**{field: getattr(problem, field) for field in fields}, "excerpt": excerpt(problem)}


def _json(value: object) -> Answer:
    return Answer("application/json", json.dumps(json.loads(as_json(value))).encode())


def _words(text: str) -> Answer:
    return Answer("text/plain; charset=utf-8", text.encode())
