"""Speak IMAP to the mailbox of a desk: encrypted, within limits, and no more than drafts need."""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from urgent_appeals.dispatch.conversation import Injected, Timeouts
from urgent_appeals.dispatch.replies import reply
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.desk import Auth, Imap, Security

DRAFTS: Final = "\\Drafts"
SENT: Final = "\\Sent"
"""The flags of the folders for drafts, and for what was sent (RFC 6154)."""
_NO_FOLDER: Final = frozenset({"\\noselect", "\\nonexistent"})
"""The flags of what cannot be opened."""
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?P<delimiter>(?:\\.|[^"\\])*)"|NIL) (?P<name>.+)', re.DOTALL)
_CODE = re.compile(r"\s*\[([A-Z-]+)[^\]]*\]\s*")
_APPENDED = re.compile(r"\[APPENDUID \d+ (\d+)\]")


@dataclass(frozen=True)
class Folder:
    """A folder of a mailbox: its name as the server writes it, in modified UTF-7, and as people do."""

    wire: str
    name: str


@dataclass(frozen=True)
class Answer:
    """What a server answers to a command: whether it did it, the code (RFC 5530) and the words."""

    is_ok: bool
    code: str | None
    text: str


class Lost(Exception):
    """The connection is gone, the server was silent, or it says what cannot be understood."""


class _Unmarked(Exception):
    def __init__(self, error: OSError) -> None:
        self.error = error
        super().__init__()


class NoEncryption(Exception):
    """The server offers no STARTTLS."""


class Mailbox(imaplib.IMAP4):
    """One connection to a mail server; raises OSError, ssl.SSLError, Lost, NoEncryption, Injected until it stands."""

    def __init__(self, imap: Imap, context: ssl.SSLContext, timeouts: Timeouts) -> None:
        self._imap = imap
        self._context = context
        self._timeouts = timeouts
        self._literal: bytes | None = None
        self._mark: Callable[[], None] = lambda: None
        try:
            super().__init__(imap.host, imap.port, timeouts.connect)
            if imap.security is Security.STARTTLS:
                self._encrypt()
        except imaplib.IMAP4.error as error:
            self.cut()
            raise Lost from error
        except BaseException:
            self.cut()
            raise

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        connection = socket.create_connection((self._imap.host, self._imap.port), timeout)
        try:
            connection.settimeout(self._timeouts.reply)
            # What ends a draft is not to wait until the other side has confirmed the rest.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._imap.security is Security.TLS:
                return self._context.wrap_socket(connection, server_hostname=self._imap.host)
        except BaseException:
            connection.close()
            raise
        return connection

    def _log(self, line: str) -> None:
        """Keep nothing of what is said, where the base class keeps the last lines: one is a password."""

    def log_in(self, secret: Secret) -> Answer:
        """Log in by what the server offers and return the answer; raises Lost."""
        user = self._imap.user or ""
        offered = self.offered()
        if self._imap.auth is Auth.XOAUTH2:
            told = f"user={user}\x01auth=Bearer {secret.reveal()}\x01\x01".encode()
            return self.asked(lambda: self.authenticate("XOAUTH2", _in_turn(told)))
        if "AUTH=PLAIN" in offered:
            told = f"\0{user}\0{secret.reveal()}".encode()
            return self.asked(lambda: self.authenticate("PLAIN", _in_turn(told)))
        if "LOGINDISABLED" in offered or not f"{user}{secret.reveal()}".isascii():
            return Answer(is_ok=False, code=None, text="the server offers no way to log in with a password")
        return self.asked(lambda: self.login(quoted(user), secret.reveal()))

    def offered(self) -> frozenset[str]:
        """Return what the server can do, asked anew: it may be other things than before the log-in; raises Lost."""
        data = self.data(self.capability)
        return frozenset(b" ".join(line for line in data if isinstance(line, bytes)).decode("ascii", "replace").split())

    def drafts(self) -> Folder | None:
        """Return the folder that is flagged as that of drafts, else the one of the settings' name; raises Lost."""
        return next(iter(self._for(DRAFTS, self._imap.drafts)), None)

    def sent(self) -> tuple[Folder, ...]:
        """Return the folders for what was sent: those that are flagged so or have the settings' name; raises Lost."""
        return self._for(SENT, self._imap.sent)

    def put(self, folder: Folder, message: bytes, mark: Callable[[], None]) -> tuple[Answer, int | None]:
        """Add a draft to a folder; return the answer, and the UID where the server tells it; raises Lost.

        `mark` is called when the server waits for the message, before the first byte of it.
        """
        self._literal, self._mark = message, mark
        self.sock.settimeout(self._timeouts.final)
        try:
            # The base class's own `append` would put the line ends of the message right, which are right.
            self.literal = message  # type: ignore[assignment]
            answer = self.asked(lambda: self._simple_command("APPEND", quoted(folder.wire), "(\\Draft)"))
        except _Unmarked as unmarked:
            raise unmarked.error from None
        finally:
            self._literal = None
        self.sock.settimeout(self._timeouts.reply)
        uid = _APPENDED.search(answer.text)
        return Answer(answer.is_ok, answer.code, answer.text), int(uid[1]) if uid is not None else None

    def send(self, data: Any) -> None:
        """Send bytes; before those of a draft, have them marked."""
        if data is self._literal:
            try:
                self._mark()
            except OSError as error:  # which the base class would take for a lost connection
                raise _Unmarked(error) from error
        super().send(data)

    def leave(self) -> None:
        """Say LOGOUT, and hang up whatever is answered."""
        try:
            self.sock.settimeout(min(self._timeouts.reply, 5))
            self.logout()
        except (imaplib.IMAP4.error, OSError):
            self.cut()

    def cut(self) -> None:
        """Hang up without a word."""
        for name in ("file", "_file", "sock"):
            held = self.__dict__.get(name)
            if held is not None:
                held.close()

    def _encrypt(self) -> None:
        if "STARTTLS" not in self.capabilities or self.state != "NONAUTH":
            raise NoEncryption
        self.starttls(_Wary(self._context, self))

    def was_told_more(self) -> bool:
        """Return whether the server has said what nobody asked for; without waiting."""
        reader = self.__dict__.get("_file") or self.__dict__["file"]
        self.sock.settimeout(0)
        try:
            return bool(reader.peek(1))
        except OSError:
            return False
        finally:
            self.sock.settimeout(self._timeouts.reply)

    def _for(self, flag: str, name: str) -> tuple[Folder, ...]:
        folders = [listed for listed in self._folders() if not listed[1] & _NO_FOLDER]
        flagged = [folder for folder, flags, _ in folders if flag.lower() in flags]
        named = [
            folder
            for folder, _, delimiter in folders
            if name in (folder.name, folder.name.rpartition(delimiter)[2] if delimiter else folder.name)
        ]
        both = [folder for folder in flagged if folder in named]
        return tuple(dict.fromkeys([*both, *flagged, *named]))

    def _folders(self) -> Iterator[tuple[Folder, frozenset[str], str]]:
        extended = {"SPECIAL-USE", "LIST-EXTENDED"} <= self.offered()
        if extended:
            found = self.data(lambda: self._listed('"" "*" RETURN (SPECIAL-USE)'))
        else:
            found = self.data(lambda: self._listed('"" "*"'))
        for line in found:
            parts = line if isinstance(line, tuple) else (line,)
            match = _LISTED.fullmatch(parts[0]) if isinstance(parts[0], bytes) else None
            if match is None:
                continue
            raw = parts[1] if len(parts) > 1 else _unquoted(match["name"])
            wire = raw.decode("ascii", "replace")
            flags = frozenset(match["flags"].decode("ascii", "replace").lower().split())
            yield Folder(wire, decoded(wire)), flags, _unquoted(match["delimiter"] or b"").decode("ascii", "replace")

    def _listed(self, arguments: str) -> tuple[str, list[Any]]:
        typ, data = self._simple_command("LIST", arguments)
        return self._untagged_response(typ, data, "LIST")  # type: ignore[no-any-return]

    def data(self, command: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        """Return what comes of a command that a server of sound mind does not refuse; raises Lost."""
        result: list[Any] = []

        def run() -> tuple[str, list[Any]]:
            nonlocal result
            typ, result = command()
            return typ, result

        if not self.asked(run).is_ok:
            raise Lost
        return result

    def asked(self, command: Callable[[], tuple[str, Any]]) -> Answer:
        """Return the answer to a command; raises Lost."""
        try:
            typ, data = command()
        except (imaplib.IMAP4.abort, OSError) as error:
            raise Lost from error
        except imaplib.IMAP4.error as error:
            said = error.args[0] if error.args else b""
            typ, data = "NO", [said if isinstance(said, bytes) else str(said).encode()]
        text = reply(0, data[-1] if data and isinstance(data[-1], bytes) else b"").text
        code = _CODE.match(text)
        return Answer(typ == "OK", code[1] if code is not None else None, text)


class _Wary:
    """Refuse to go on encrypted where something more was said in the clear."""

    def __init__(self, context: ssl.SSLContext, mailbox: Mailbox) -> None:
        self._context = context
        self._mailbox = mailbox

    def wrap_socket(self, connection: socket.socket, *, server_hostname: str) -> ssl.SSLSocket:
        if self._mailbox.was_told_more():
            raise Injected
        return self._context.wrap_socket(connection, server_hostname=server_hostname)


def encoded(name: str) -> str:
    """Return the name of a folder in modified UTF-7 (RFC 3501, 5.1.3)."""

    def word(match: re.Match[str]) -> str:
        packed = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{packed}-"

    return re.sub(r"[^\x20-\x7e]+", word, name.replace("&", "&-"))


def decoded(wire: str) -> str:
    """Return the name of a folder as people write it; what is no modified UTF-7 stays as it is."""

    def word(match: re.Match[str]) -> str:
        if not match[1]:
            return "&"
        packed = match[1].replace(",", "/")
        try:
            return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-16-be")
        except ValueError:
            return match[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", word, wire)


def _in_turn(told: bytes) -> Callable[[bytes], bytes]:
    """Return what answers the first question with what is told, and any further one with nothing: it is a refusal."""
    answers = [told]
    return lambda _: answers.pop() if answers else b""


def quoted(text: str) -> str:
    """Return a text as it stands in a command."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(text: bytes) -> bytes:
    inner = text[1:-1] if text.startswith(b'"') and text.endswith(b'"') and len(text) > 1 else text
    return re.sub(rb"\\(.)", rb"\1", inner)
