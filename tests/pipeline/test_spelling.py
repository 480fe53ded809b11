"""Codes for people, as their issuers write them."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.desks import CODE
from urgent_appeals.pipeline.spelling import spelling


def test_a_code_that_the_workspace_knows_is_written_as_its_issuer_does(workspace: Path) -> None:
    assert spelling(workspace / "appeals")(CODE) == "UAD XAA 001/2026.01"


def test_any_other_code_is_written_as_it_is(workspace: Path) -> None:
    assert spelling(workspace)("UA 90/03 update 2") == "UA 90/03 update 2"


def test_without_a_workspace_every_code_is_written_as_it_is(tmp_path: Path) -> None:
    assert spelling(tmp_path)(CODE) == CODE
