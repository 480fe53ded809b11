"""Places, the command line in this process, and no network beyond this machine, for every test."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure; what CI finds must be found again, what a developer's machine tries may
# differ each time.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A run in the background may have been started with Ctrl-C ignored, and programs inherit that from it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

LOOPBACK = ("127.", "::1", "localhost")
WITH_SERVERS = (
    *("postgresql", "test_real_", "test_mailbox_search", "test_ways"),
    *("tests/dispatch/test_drafts", "tests/log/test_opening"),
)
"""Parts of the names of tests that start servers or print page after page: `make quick` leaves them out too."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark as slow what takes a server, or many pages."""
    if any(part in item.nodeid for part in WITH_SERVERS):
        item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Run:
    """What a command came to."""

    status: int
    out: str
    err: str


class Appeals(Protocol):
    """Runs `appeals` with arguments: `appeals("check", "-q") -> Run(status, out, err)`."""

    def __call__(self, *arguments: str | Path) -> Run: ...


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """Return the folder of shared reference material beside the checkout, or skip the test."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared reference material does not lie beside this checkout")
    return folder


@pytest.fixture
def appeals(capsys: pytest.CaptureFixture[str]) -> Appeals:
    """Return a function that runs `appeals` in this process."""
    from urgent_appeals.cli.main import main

    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Run(status, told.out, told.err)

    return run


@pytest.fixture(autouse=True)
def _same_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test the same terminal and time zone, whoever runs it."""
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "_APPEALS_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"NO_COLOR": "1", "COLUMNS": "100", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the notes on the logs of a test out of the home of whoever runs it."""
    monkeypatch.setenv("APPEALS_STATE", str(tmp_path_factory.getbasetemp() / f"state-{uuid4().hex}"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise PermissionError(f"a test may not connect to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
