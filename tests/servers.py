"""Start real servers for tests: private, on free loopback ports, in temporary folders, gone with the test run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

_PATIENCE = 60.0


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], bool], what: str) -> None:
    """Return as soon as something is ready; fail where that takes longer than a minute."""
    end = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def needed(program: str | None, package: str) -> str:
    """Return a program that set-up installs; without it the test is skipped on a desk, and fails in CI."""
    if program is None:
        cannot_run(f"{package} is not installed; scripts/setup dev does it")
    return program


def cannot_run(why: str) -> NoReturn:
    """Skip a test that this machine cannot run; in CI, which is to run every test, it fails."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@dataclass(frozen=True)
class PostgreSQL:
    """A running server of our own; its one user may do everything without a password, from this machine only."""

    port: int
    user: str

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of any transaction, on a connection of its own, and return its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description is not None else []

    def new_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self.run(f'CREATE DATABASE "{name}"')
        return self.url(name)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a PostgreSQL server while the body runs: durable as on a real desk, its folder removed at the end.

    It refuses to run as root, so it then runs as the first of `postgres` and `nobody` that there is.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    programs = Path(needed(str(found[-1]) if found else shutil.which("initdb"), "postgresql")).parent
    user = _unprivileged()
    # Not below pytest's own folder, which only root may enter.
    folder = Path(tempfile.mkdtemp(prefix="appeals-postgresql-"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)

    def as_user(*command: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*map(str, command)],
            user=user.pw_uid if user is not None else None,
            group=user.pw_gid if user is not None else None,
            extra_groups=[] if user is not None else None,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    server = None
    try:
        made = as_user(programs / "initdb", "-D", folder / "data", "-U", "appeals", "-A", "trust", "-E", "UTF8", "-N")
        told, _ = made.communicate(timeout=_PATIENCE)
        assert made.returncode == 0, told
        port = free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "shared_buffers": "32MB",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = as_user(programs / "postgres", "-D", folder / "data", *settings)
        ready = PostgreSQL(port, "appeals")
        wait_for(lambda: _answers(ready, server), "PostgreSQL to answer")
        yield ready
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # ends at once: nobody wants on the disk what is removed next
            server.communicate(timeout=_PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(server: PostgreSQL, process: subprocess.Popen[str]) -> bool:
    import psycopg

    assert process.poll() is None, process.communicate()[0]
    try:
        server.run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _unprivileged() -> pwd.struct_passwd | None:
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("no user to run the server as")


class Proxy:
    """Stands between a client and a server on loopback, and can lose a request or an answer, connection and all."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._loses_answer_to: bytes | None = None
        self._loses: bytes | None = None
        self._then: Callable[[], object] = lambda: None
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        return int(self._listener.getsockname()[1])

    def lose_answer_to(self, request: bytes, then: Callable[[], object] = lambda: None) -> None:
        """Pass the next request with these bytes on, let the server do it, and let nobody hear of it.

        `then` is called once it is done, before the connection ends.
        """
        self._loses_answer_to, self._then = request, then

    def lose(self, request: bytes) -> None:
        """Pass nothing of the next request with these bytes on: connection and all, it is lost on its way."""
        self._loses = request

    def close(self) -> None:
        """Take no more clients."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            deaf = threading.Event()
            threading.Thread(target=self._pass, args=(client, server, deaf, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, deaf, False), daemon=True).start()

    def _pass(self, origin: socket.socket, target: socket.socket, deaf: threading.Event, from_client: bool) -> None:
        with origin, target:
            with suppress(OSError):
                while data := origin.recv(65_536):
                    if from_client and self._loses is not None and self._loses in data:
                        self._loses = None
                        self.lost += 1
                        break
                    if from_client and self._loses_answer_to is not None and self._loses_answer_to in data:
                        self._loses_answer_to = None
                        deaf.set()
                    elif not from_client and deaf.is_set():
                        self.lost += 1
                        self._then()
                        break
                    target.sendall(data)
            for end in (origin, target):  # to close it is not enough while the other thread waits for something there
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
