"""A mail server that does as it is told: answers, drops, stalls, lies; and keeps what it accepted, through to the disk.

    with ScriptedServer(folder, Script(rcpt="451 4.2.0 later"), tls=certificate.context()) as server:
        …
        server.accepted  # read from the disk: what would be there after a power cut as well

What it accepts is on the disk before it answers 250, so that no test can miss a letter that a sender thinks lost.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import ssl
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

Fault = Literal[
    "drop at connect",  # hangs up without a word
    "silent at connect",  # never greets
    "portal",  # speaks HTTP, as the page of a hotel's network does
    "no starttls",
    "inject",  # says more, in the clear, after its answer to STARTTLS
    "drop after starttls",
    "drop at mail",
    "drop at rcpt",
    "drop before 354",
    "drop in body",  # after the first bytes of it
    "refuse in body",  # answers before the dot, and hangs up
    "drop after dot, not kept",
    "drop after dot, kept",
    "stall after dot, kept",
    "nonsense after dot, kept",
    "endless answer after dot, kept",
    "rset fails",
    "echo credentials",  # repeats in its refusal what it was told
]
Replies = str | tuple[str, ...] | None
"""Instead of the usual answer: one for every time, or one for each time in turn and the usual one after them."""


@dataclass(frozen=True)
class Script:
    """What a server does otherwise than a good one. A fault happens `times` times, counted over all connections."""

    connect: Replies = None
    ehlo: Replies = None
    starttls: Replies = None
    auth: Replies = None
    mail: Replies = None
    rcpt: Replies = None
    data: Replies = None
    dot: Replies = None
    fault: Fault | None = None
    times: int = 1_000_000
    after: int = 0
    stall: float = 0.0
    mails_per_connection: int | None = None
    extensions: tuple[str, ...] = ("8BITMIME", "SIZE 20000000", "SMTPUTF8")
    mechanisms: str = "PLAIN LOGIN XOAUTH2"
    users: Mapping[str, str] = field(default_factory=lambda: {"desk@campaign.example": "hunter2"})


def refusing(stage: str, replies: Replies) -> Script:
    """Return a script with other answers at one stage."""
    changes: dict[str, Any] = {stage: replies}
    return Script(**changes)


@dataclass(frozen=True)
class Accepted:
    """A message that the server took over."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> Message:
        return BytesParser().parsebytes(self.data)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class _Hangup(Exception):
    """The connection is over."""


class ScriptedServer:
    """The server, on a free port of this machine; each connection has a thread of its own."""

    def __init__(
        self,
        folder: Path,
        script: Script | None = None,
        tls: ssl.SSLContext | None = None,
        *,
        host: str = "127.0.0.1",
        implicit: bool = False,
    ) -> None:
        self.folder = folder
        self.script = script or Script()
        self.said: list[bytes] = []
        """Each line that clients said, over all connections, without message bodies."""
        self.connections = 0
        self._tls = tls
        self._implicit = implicit
        self._counts: dict[str, int] = {}
        self._faults = 0
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.host = host
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._open: set[_Session] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._kept = len(list(folder.glob("*.eml")))

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for session in self._open:
                session.cut()
        for thread in self._threads:
            thread.join(10)

    @property
    def accepted(self) -> tuple[Accepted, ...]:
        """What the server took over, in order, as it is on the disk."""
        return accepted_in(self.folder)

    def strike(self, fault: Fault) -> bool:
        """Return whether a fault happens now."""
        if self.script.fault != fault:
            return False
        with self._lock:
            self._faults += 1
            return self.script.after < self._faults <= self.script.after + self.script.times

    def hang_up(self) -> None:
        """Cut every connection, and return when the other sides know."""
        with self._lock:
            sessions = list(self._open)
        for session in sessions:
            session.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            session.cut()
            session.over.wait(10)

    def scripted(self, stage: str) -> str | None:
        """Return the answer that the script has for a stage, None for the usual one."""
        replies: Replies = getattr(self.script, stage)
        if replies is None or isinstance(replies, str):
            return replies
        with self._lock:
            at = self._counts.get(stage, 0)
            self._counts[stage] = at + 1
        return replies[at] if at < len(replies) and replies[at] else None

    def keep(self, sender: str, recipients: tuple[str, ...], data: bytes) -> str:
        """Write a message through to the disk, and return its number in the queue."""
        with self._lock:
            self._kept += 1
            number = f"Q{self._kept:06}"
            _write(self.folder / f"{number}.json", json.dumps({"sender": sender, "recipients": recipients}).encode())
            _write(self.folder / f"{number}.eml", data)
        return number

    def stall(self) -> None:
        """Wait as long as the script says, or until the server closes."""
        self._released.wait(self.script.stall)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            session = _Session(self, connection, self._tls, implicit=self._implicit)
            with self._lock:
                self.connections += 1
                self._open.add(session)
            self._start(self._serve, session)

    def _serve(self, session: _Session) -> None:
        with suppress(_Hangup, OSError):
            session.run()
        with self._lock:
            self._open.discard(session)
        with suppress(OSError):
            session.reader.close()
            session.connection.close()
        session.over.set()

    def _start(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


class _Session:
    """One connection."""

    def __init__(
        self, server: ScriptedServer, connection: socket.socket, tls: ssl.SSLContext | None, *, implicit: bool
    ) -> None:
        self.server = server
        self.script = server.script
        self.tls = tls
        self.secured = implicit
        self.connection = connection
        self.reader = connection.makefile("rb")
        self.user: str | None = None
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.mails = 0
        self.over = threading.Event()

    def cut(self) -> None:
        """End the connection below its encryption, whatever it waits for."""
        with suppress(OSError):
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)

    def run(self) -> None:
        if self.secured:
            self._encrypt()
        if self.server.strike("drop at connect"):
            return
        if self.server.strike("silent at connect"):
            self.server.stall()
            return
        if self.server.strike("portal"):
            self._say(
                "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n<html><body>Welcome</body></html>"
            )
            return
        self._answer("connect", "220 scripted.example ESMTP")
        while line := self._line():
            verb, _, rest = line.decode().partition(" ")
            command = getattr(self, f"_{verb.lower()}", None)
            if command is None:
                self._say("500 5.5.2 unknown")
            else:
                command(rest)

    def _ehlo(self, _: str) -> None:
        extensions = list(self.script.extensions)
        if self.tls is not None and not self.secured and self.script.fault != "no starttls":
            extensions.append("STARTTLS")
        if self.secured or self.tls is None:
            extensions.append(f"AUTH {self.script.mechanisms}")
        lines = ["scripted.example", *extensions]
        usual = "\r\n".join(f"250{'-' if at < len(lines) - 1 else ' '}{line}" for at, line in enumerate(lines))
        self._answer("ehlo", usual)

    def _starttls(self, _: str) -> None:
        if self.server.strike("inject"):
            self._say("220 go ahead\r\n250-scripted.example\r\n250 AUTH PLAIN")
        elif not self._answer("starttls", "220 go ahead"):
            return
        if self.server.strike("drop after starttls"):
            raise _Hangup
        self._encrypt()

    def _encrypt(self) -> None:
        assert self.tls is not None
        self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        self.reader = self.connection.makefile("rb")
        self.secured = True

    def _auth(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        told = initial or self._asked("")
        if mechanism == "LOGIN":
            user, secret = _decoded(told), _decoded(self._asked("UGFzc3dvcmQ6"))
        elif mechanism == "PLAIN":
            _, user, secret = _decoded(told).split("\0")
        else:
            match = re.fullmatch("user=(.*)\x01auth=Bearer (.*)\x01\x01", _decoded(told))
            assert match is not None
            user, secret = match.groups()
        if self.server.strike("echo credentials"):
            self._say(f"535 5.7.8 no: {secret} {told} {base64.b64encode(secret.encode()).decode()}")
        elif self.script.users.get(user) != secret:
            if mechanism == "XOAUTH2":
                self._asked(base64.b64encode(b'{"status":"401"}').decode())
            self._say("535 5.7.8 user name and password not accepted")
        elif self._answer("auth", "235 2.7.0 accepted"):
            self.user = user

    def _mail(self, rest: str) -> None:
        if self.server.strike("drop at mail"):
            raise _Hangup
        if self.script.mails_per_connection is not None and self.mails >= self.script.mails_per_connection:
            self._say("421 4.7.0 too many letters for one connection")
            raise _Hangup
        if self.sender is not None:
            self._say("503 5.5.1 nested MAIL")
        elif self._answer("mail", "250 2.1.0 ok"):
            self.sender, self.recipients = rest.partition("<")[2].partition(">")[0], []

    def _rcpt(self, rest: str) -> None:
        if self.server.strike("drop at rcpt"):
            raise _Hangup
        if self._answer("rcpt", "250 2.1.5 ok"):
            self.recipients.append(rest.partition("<")[2].partition(">")[0])

    def _data(self, _: str) -> None:
        if self.server.strike("drop before 354"):
            raise _Hangup
        if not self.recipients:
            self._say("503 5.5.1 no recipient")
        elif self._answer("data", "354 go on"):
            self._body()

    def _body(self) -> None:
        if self.server.strike("drop in body"):
            self.reader.read(10)
            raise _Hangup
        if self.server.strike("refuse in body"):
            self._say("552 5.3.4 too large")
            raise _Hangup
        lines = []
        while (line := self._line(body=True)) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        data = b"".join(line + b"\r\n" for line in lines)
        if self.server.strike("drop after dot, not kept"):
            raise _Hangup
        refused = self.server.scripted("dot")
        if refused is not None and not refused.startswith("2"):
            self._reset()
            self._say(refused)
            return
        number = self.server.keep(self.sender or "", tuple(self.recipients), data)
        self._end(refused or f"250 2.0.0 Ok: queued as {number}")

    def _end(self, answer: str) -> None:
        if self.server.strike("drop after dot, kept"):
            raise _Hangup
        if self.server.strike("stall after dot, kept"):
            self.server.stall()
        if self.server.strike("nonsense after dot, kept"):
            answer = "<html>500 ways to say hello</html>"
        if self.server.strike("endless answer after dot, kept"):
            answer = "\r\n".join(["250-more"] * 1000)
        self.mails += 1
        self._reset()
        self._say(answer)

    def _rset(self, _: str) -> None:
        self._reset()
        self._say("451 4.3.0 not now" if self.server.strike("rset fails") else "250 2.0.0 ok")

    def _quit(self, _: str) -> None:
        self._say("221 2.0.0 bye")
        raise _Hangup

    def _reset(self) -> None:
        self.sender, self.recipients = None, []

    def _asked(self, question: str) -> str:
        self._say(f"334 {question}")
        return self._line().decode()

    def _answer(self, stage: str, usual: str) -> bool:
        """Give the answer of the script, or the usual one; return whether it was a yes."""
        answer = self.server.scripted(stage) or usual
        self._say(answer)
        if answer.startswith("421"):
            raise _Hangup
        return answer[0] in "23"

    def _say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def _line(self, *, body: bool = False) -> bytes:
        line: bytes = self.reader.readline()
        if not line.endswith(b"\n"):
            raise _Hangup
        if not body:
            self.server.said.append(line.rstrip(b"\r\n"))
        return line.removesuffix(b"\n").removesuffix(b"\r")


def accepted_in(folder: Path) -> tuple[Accepted, ...]:
    """Return what a server that wrote into a folder took over, in order."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        envelope = json.loads(path.with_suffix(".json").read_bytes())
        found.append(Accepted(envelope["sender"], tuple(envelope["recipients"]), path.read_bytes()))
    return tuple(found)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
