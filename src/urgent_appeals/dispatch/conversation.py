"""Speak SMTP, one command at a time: encrypted, within limits, and telling nothing of the machine it is spoken on."""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from urgent_appeals.dispatch.replies import Reply, reply

OWN_NAME: Final = "[127.0.0.1]"
"""What EHLO says: no name of a host, which may be that of its owner."""
DOT: Final = b".\r\n"
"""What ends a message: the byte after which it may have been taken."""
_LONGEST_LINE = 8192
_MOST_LINES = 128
_LONGEST_COMMAND = 500  # of 512 (RFC 5321, 4.5.3.1.4), which hold for AUTH as well (RFC 4954, 4)


@dataclass(frozen=True)
class Timeouts:
    """The seconds to wait: for a connection, for an answer, for room to write, for the answer to a whole message."""

    connect: float = 30
    reply: float = 120
    body: float = 180
    final: float = 600


class Lost(Exception):
    """The connection is gone, or says what cannot be understood."""


class NotSent(Exception):
    """The connection was gone before the dot that ends a message, which certainly did not go out."""


class Injected(Exception):
    """Something was said in the clear after STARTTLS: it may be from anyone."""


class Conversation(smtplib.SMTP):
    """One connection to a mail server."""

    ehlo_msg = "EHLO"

    def __init__(self, timeouts: Timeouts) -> None:
        super().__init__(local_hostname=OWN_NAME, timeout=timeouts.connect)
        self._timeouts = timeouts

    def set_debuglevel(self, debuglevel: bool | int) -> None:
        """Do nothing: it would print what is said, passwords as well."""

    def open(self, host: str, port: int, context: ssl.SSLContext | None) -> Reply:
        """Connect, with a context encrypted from the first byte, and return the greeting; raises OSError, Lost."""
        connection = socket.create_connection((host, port), self._timeouts.connect)
        try:
            # The dot is not to wait until the other side has confirmed the rest.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = context.wrap_socket(connection, server_hostname=host) if context is not None else connection
        except BaseException:
            connection.close()
            raise
        self.file = None
        self.wait(self._timeouts.reply)
        return self._answer()

    def hello(self) -> Reply:
        """Say EHLO and return the answer; what the server can do is then in `esmtp_features`."""
        self.wait(self._timeouts.reply)
        try:
            return reply(*self.ehlo())
        except smtplib.SMTPException as error:
            raise Lost from error

    def encrypt(self, host: str, context: ssl.SSLContext) -> Reply:
        """Say STARTTLS and, where the server agrees, go on encrypted; raises Injected, ssl.SSLError, OSError, Lost."""
        answer = self.ask("STARTTLS")
        if answer.code != 220:
            return answer
        if self.unasked() is not None:
            raise Injected
        assert self.sock is not None
        self.sock = context.wrap_socket(self.sock, server_hostname=host)
        self.file = None
        # What was said in the clear counts no more (RFC 3207, 4.2).
        self.esmtp_features = {}
        self.does_esmtp = False
        self.ehlo_resp = self.helo_resp = None
        return answer

    def log_in(self, mechanism: str, answers: Sequence[bytes]) -> Reply:
        """Say AUTH, answer what the server asks, and return how it ended."""
        said = [base64.b64encode(answer).decode() for answer in answers]
        at_once = mechanism != "LOGIN" and len(mechanism) + len(said[0]) < _LONGEST_COMMAND
        answer = self.ask(f"AUTH {mechanism} {said.pop(0)}" if at_once else f"AUTH {mechanism}")
        while answer.code == 334 and said:
            answer = self.ask(said.pop(0))
        if answer.code == 334:  # XOAUTH2 tells in another question what is wrong, and refuses after an empty answer
            answer = self.ask("")
        return answer

    def ask(self, command: str) -> Reply:
        """Say a command and return the answer; raises Lost."""
        if "\r" in command or "\n" in command:
            raise ValueError("a command is one line")
        self.wait(self._timeouts.reply)
        self.say(command.encode() + b"\r\n")
        return self._answer()

    def say(self, data: bytes) -> None:
        """Send bytes as they are; raises Lost."""
        if self.sock is None:
            raise Lost
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Lost from error

    def say_body(self, wire: bytes) -> None:
        """Send a message without the dot that ends it (RFC 5321, 4.5.2); raises Lost."""
        self.wait(self._timeouts.body)
        self.say(re.sub(rb"(?m)^\.", b"..", wire))

    def finish(self) -> Reply:
        """Send the dot that ends a message, and return the answer.

        Raises NotSent where the dot certainly did not go out, Lost where it may have.
        """
        assert self.sock is not None
        self.wait(self._timeouts.final)
        try:
            self.sock.sendall(DOT)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError) as error:
            # The system knew that the other side is gone, and took not a byte, or no whole record, of it.
            raise NotSent from error
        except OSError as error:
            raise Lost from error
        return self._answer()

    def unasked(self) -> bytes | None:
        """Return what the server said without being asked (nothing: it hung up), or None; without waiting."""
        assert self.sock is not None
        self.wait(0)
        try:
            held = self.file.peek(1) if self.file is not None else b""
            return bytes(held) or self.sock.recv(512)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""
        finally:
            self.wait(self._timeouts.reply)

    def wait(self, seconds: float) -> None:
        """Wait so long, and no longer, for what comes next."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the words of an answer, -1 for what is none; raises SMTPServerDisconnected."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        words = []
        for _ in range(_MOST_LINES):
            try:
                line: bytes = self.file.readline(_LONGEST_LINE + 1)
            except OSError as error:
                raise smtplib.SMTPServerDisconnected("the connection was lost") from error
            if not line.endswith(b"\n"):
                raise smtplib.SMTPServerDisconnected("the connection was lost in an answer")
            words.append(line[4:].strip())
            if not line[:3].isdigit() or line[:1] not in b"2345":
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)
        raise smtplib.SMTPServerDisconnected("the answer does not end")

    def leave(self) -> None:
        """Say QUIT, and hang up whatever is answered."""
        self.wait(min(self._timeouts.reply, 5))
        with suppress(Lost):
            self.ask("QUIT")
        self.close()

    def _answer(self) -> Reply:
        try:
            return reply(*self.getreply())
        except smtplib.SMTPException as error:
            raise Lost from error
