"""Workspaces for the jobs: a copy of the repository's own, which the job may write to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the real appeal and the fictional sample, and the built-in templates."""
    root = tmp_path / "workspace"
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "campaign.yaml", root / "campaign.yaml")
    return root
