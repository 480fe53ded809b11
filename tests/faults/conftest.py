"""A certificate that the senders of these tests trust, and a mail server that keeps what it accepts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import Script, ScriptedServer


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the authority that the desks of tests trust."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(authority: Authority, tmp_path: Path) -> Iterator[ScriptedServer]:
    """Return a server that takes everything."""
    certificate = authority.certificate("localhost", "127.0.0.1", "::1")
    with ScriptedServer(tmp_path / "accepted", Script(), tls=certificate.context()) as running:
        yield running
