"""A mailbox that does as it is told: refuses, drops, stalls, lies; and keeps what it accepted, through to the disk.

with ScriptedMailbox(folder, Script(fault="drop after the draft, kept"), tls=certificate.context()) as server:
    …
    server.kept  # the drafts, read from the disk

A message lies in every folder, unless it was kept for one or sent from there.
"""

from __future__ import annotations

import base64
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

Fault = Literal[
    "drop at connect",
    "silent at connect",
    "portal",  # speaks HTTP
    "no starttls",
    "logged in already",  # greets with PREAUTH, in the clear
    "inject",  # says more, in the clear, after its answer to STARTTLS
    "echo credentials",  # repeats in its refusal what it was told
    "drop at search",
    "drop before the draft",  # in place of asking for it
    "drop in the draft",  # after its first bytes
    "drop after the draft, not kept",
    "drop after the draft, kept",
    "stall after the draft, not kept",
    "stall after the draft, kept",
    "gone after the draft",  # keeps it, hangs up, and takes no further connection
]


@dataclass(frozen=True)
class Script:
    """What a server does otherwise than a good one. A fault happens `times` times, counted over all connections."""

    fault: Fault | None = None
    times: int = 1
    append: str | None = None
    uid: Literal["first", "last", "never"] = "first"  # where it tells the number of what was fetched
    refused: Mapping[str, str] = field(default_factory=dict)  # folders that it does not open, and what it says
    search: str | None = None
    extensions: str = "UIDPLUS SPECIAL-USE LIST-EXTENDED"
    mechanisms: str = "AUTH=PLAIN AUTH=XOAUTH2"
    folders: tuple[str, ...] = (
        r'(\HasNoChildren) "/" INBOX',
        r'(\HasNoChildren \Drafts) "/" "Entw&APw-rfe"',
        r'(\HasNoChildren \Sent) "/" "Sent"',
    )
    users: Mapping[str, str] = field(default_factory=lambda: {"desk@campaign.example": "hunter2"})


class _Hangup(Exception):
    """The connection is over."""


class ScriptedMailbox:
    """The server, on a free port of this machine; each connection has a thread of its own."""

    def __init__(
        self, folder: Path, script: Script | None = None, tls: ssl.SSLContext | None = None, *, implicit: bool = True
    ) -> None:
        self.folder = folder
        self.script = script or Script()
        self.said: list[bytes] = []
        """Each line that clients said, over all connections, without drafts."""
        self.appended: list[bytes] = []
        """Each APPEND, as it was said."""
        self.late: list[bytes] = []
        """The drafts that it got and has not kept, or not yet."""
        self.deleted: set[int] = set()
        """The numbers of what is marked as deleted."""
        self.connections = 0
        self.tls = tls
        self.implicit = implicit
        self.released = threading.Event()
        self._faults = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self.close()
        for thread in self._threads:
            thread.join(10)

    @property
    def kept(self) -> list[bytes]:
        """The drafts, in the order in which they came."""
        return [path.read_bytes() for path in self._paths()]

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of the drafts."""
        return [str(BytesParser().parsebytes(draft)["Message-ID"]) for draft in self.kept]

    def close(self) -> None:
        """Take no further connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def strike(self, fault: Fault) -> bool:
        """Return whether a fault happens now."""
        if self.script.fault != fault:
            return False
        with self._lock:
            self._faults += 1
            return self._faults <= self.script.times

    def lying_in(self, folder: str) -> dict[int, bytes]:
        """Return what lies in a folder, by its number."""
        numbered = enumerate(self._paths(), start=1)
        return {number: path.read_bytes() for number, path in numbered if path.name[4:] in (".eml", f".{folder}.eml")}

    def send(self, number: int) -> None:
        """Move a draft to the folder for what was sent, as when a person sends it."""
        path = self._paths()[number - 1]
        path.rename(path.with_name(f"{path.name[:4]}.Sent.eml"))

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"))

    def keep(self, draft: bytes, folder: str = "") -> int:
        """Write a draft through to the disk, and return its number; it lies in every folder, or in one only."""
        with self._lock:
            number = len(self.kept) + 1
            name = f"{number:04}.{folder}.eml" if folder else f"{number:04}.eml"
            handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(draft)
                file.flush()
                os.fsync(file.fileno())
        return number

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        session = _Session(self, connection)
        with suppress(_Hangup, OSError, ValueError):
            session.run()
        with suppress(OSError):
            session.reader.close()
            session.connection.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


class _Session:
    """One connection."""

    def __init__(self, server: ScriptedMailbox, connection: socket.socket) -> None:
        self.server = server
        self.script = server.script
        self.secured = False
        self.examined = ""
        self.connection = connection
        self.reader = connection.makefile("rb")
        if server.implicit and server.tls is not None:
            with suppress(OSError):
                self._encrypt()

    def run(self) -> None:
        if self.server.strike("drop at connect"):
            return
        if self.server.strike("silent at connect"):
            self.server.released.wait(10)
            return
        if self.server.strike("portal"):
            self._say("HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n<html>Welcome</html>")
            return
        self._say("* PREAUTH hello" if self.server.strike("logged in already") else "* OK hello")
        while True:
            tag, _, rest = self._line().decode().partition(" ")
            verb, _, arguments = rest.partition(" ")
            command = getattr(self, f"_{verb.lower()}", None)
            if command is None:
                self._say(f"{tag} BAD what?")
            else:
                command(tag, arguments)

    def _capability(self, tag: str, _: str) -> None:
        words = ["IMAP4rev1", self.script.extensions]
        if not self.secured and self.script.fault != "no starttls":
            words += ["STARTTLS", "LOGINDISABLED"]
        if self.secured:
            words.append(self.script.mechanisms)
        self._say(f"* CAPABILITY {' '.join(words)}\r\n{tag} OK done")

    def _starttls(self, tag: str, _: str) -> None:
        if self.server.strike("inject"):
            self._say(f"{tag} OK go ahead\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        else:
            self._say(f"{tag} OK go ahead")
        self._encrypt()

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.reader = self.connection.makefile("rb")
        self.secured = True

    def _authenticate(self, tag: str, mechanism: str) -> None:
        self._say("+ ")
        said = self._line()
        told = base64.b64decode(said).decode()
        if mechanism == "PLAIN":
            _, user, secret = told.split("\0")
        else:
            match = re.fullmatch("user=(.*)\x01auth=Bearer (.*)\x01\x01", told)
            assert match is not None
            user, secret = match.groups()
        if self.server.strike("echo credentials"):
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] no: {secret} {said.decode()}")
        elif self.script.users.get(user) != secret:
            if mechanism == "XOAUTH2":
                self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
                self._line()
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong name or password")
        else:
            self._say(f"{tag} OK [CAPABILITY IMAP4rev1 {self.script.extensions}] in")

    def _login(self, tag: str, arguments: str) -> None:
        match = re.fullmatch(r'"(.*)" "(.*)"', arguments)
        assert match is not None
        user, secret = match.groups()
        self._say(f"{tag} OK in" if self.script.users.get(user) == secret else f"{tag} NO wrong name or password")

    def _list(self, tag: str, arguments: str) -> None:
        special = "SPECIAL-USE" in self.script.extensions
        for folder in self.script.folders:
            flags, _, rest = folder.partition(")")
            shown = flags if special else re.sub(r" \\(Drafts|Sent)", "", flags)
            if rest.endswith("}"):  # the name as a literal
                name = "Drafts"
                self._say(f"* LIST {shown}){rest[:-1]}{len(name)}}}\r\n{name}")
            else:
                self._say(f"* LIST {shown}){rest}")
        assert special or "RETURN" not in arguments
        self._say(f"{tag} OK done")

    def _examine(self, tag: str, quoted: str) -> None:
        name = quoted.strip('"')
        if name in self.script.refused:
            self._say(f"{tag} {self.script.refused[name]}")
            return
        self.examined = name
        self._say(f"* {len(self.server.kept)} EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n{tag} OK [READ-ONLY] done")

    def _uid(self, tag: str, arguments: str) -> None:
        if self.server.strike("drop at search"):
            raise _Hangup
        wanted = re.findall(r'HEADER (\S+) "([^"]*)"', arguments)
        if not arguments.startswith("SEARCH"):
            self._fetch(tag, arguments)
        elif self.script.search is not None:
            self._say(self.script.search.format(tag=tag))
        else:
            hidden = self.server.deleted if " UNDELETED " in arguments else frozenset()
            lying = {at: BytesParser().parsebytes(each) for at, each in self.server.lying_in(self.examined).items()}
            found = [
                str(at)
                for at, message in lying.items()
                if at not in hidden and any(value in str(message[name]) for name, value in wanted)
            ]
            self._say(f"* SEARCH {' '.join(found)}".rstrip() + f"\r\n{tag} OK done")

    def _fetch(self, tag: str, arguments: str) -> None:
        match = re.fullmatch(r"FETCH ([\d,]+) \(BODY\.PEEK(\[(?:HEADER\.FIELDS \((.+)\))?\])\)", arguments)
        assert match is not None
        lying = self.server.lying_in(self.examined)
        for number in map(int, match[1].split(",")):
            if number in lying:
                part = _fields(lying[number], match[3]) if match[3] else lying[number]
                before = f"UID {number} " if self.script.uid == "first" else ""
                after = f" UID {number}" if self.script.uid == "last" else ""
                self._say(f"* {number} FETCH ({before}BODY{match[2]} {{{len(part)}}}", part, f"{after})")
        self._say(f"{tag} OK done")

    def _append(self, tag: str, arguments: str) -> None:
        self.server.appended.append(arguments.encode())
        if self.script.append is not None and "{" not in self.script.append:
            self._say(f"{tag} {self.script.append}")
            return
        if self.server.strike("drop before the draft"):
            raise _Hangup
        self._say("+ go on")
        size = int(arguments.rpartition("{")[2].rstrip("}"))
        if self.server.strike("drop in the draft"):
            self.reader.read(10)
            raise _Hangup
        draft = self.reader.read(size)
        if len(draft) < size or self.reader.readline() != b"\r\n":
            raise _Hangup
        self._end(tag, draft)

    def _end(self, tag: str, draft: bytes) -> None:
        if self.server.strike("drop after the draft, not kept"):
            self.server.late.append(draft)
            raise _Hangup
        if self.server.strike("stall after the draft, not kept"):
            self.server.released.wait(10)
            raise _Hangup
        number = self.server.keep(draft)
        if self.server.strike("gone after the draft"):
            self.server.close()
            raise _Hangup
        if self.server.strike("drop after the draft, kept"):
            raise _Hangup
        if self.server.strike("stall after the draft, kept"):
            self.server.released.wait(10)
            raise _Hangup
        uid = f"[APPENDUID 1 {number}] " if "UIDPLUS" in self.script.extensions else ""
        self._say(f"{tag} OK {uid}done")

    def _logout(self, tag: str, _: str) -> None:
        self._say(f"* BYE\r\n{tag} OK done")
        raise _Hangup

    def _say(self, text: str, literal: bytes | None = None, after: str = "") -> None:
        rest = b"" if literal is None else literal + after.encode() + b"\r\n"
        self.connection.sendall(text.encode() + b"\r\n" + rest)

    def _line(self) -> bytes:
        line: bytes = self.reader.readline()
        if not line.endswith(b"\n"):
            raise _Hangup
        self.server.said.append(line.rstrip(b"\r\n"))
        return line.rstrip(b"\r\n")


def _fields(message: bytes, names: str) -> bytes:
    parsed = BytesParser().parsebytes(message)
    return "".join(f"{name}: {parsed[name]}\r\n" for name in names.split() if name in parsed).encode() + b"\r\n"
