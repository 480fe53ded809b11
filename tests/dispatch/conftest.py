"""Certificates of tests, made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dispatch.certificates import Authority, Certificate


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the authority that the desks of tests trust."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Certificate:
    """Return a certificate for this machine."""
    return authority.certificate("localhost", "127.0.0.1", "::1")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return the folder in which a server keeps what it accepts."""
    return tmp_path / "accepted"
