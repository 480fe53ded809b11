"""`appeals schema write` writes schemas where it is told, and says how an editor uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from urgent_appeals.workspace.schema import FILES


@pytest.fixture
def desk(appeals: Callable[..., Run], tmp_path: Path) -> Path:
    appeals("-C", tmp_path, "init", "desk")
    return tmp_path / "desk"


def test_schemas_lie_in_the_workspace_from_wherever_they_are_asked_for(appeals: Callable[..., Run], desk: Path) -> None:
    run = appeals("-C", desk / "appeals", "schema", "write")
    assert run.status == 0
    assert [Path(name).parent for name in run.out.splitlines()] == [desk / "schemas"] * len(FILES)
    assert '"schemas/appeal.schema.json": "appeals/*/*/appeal.yaml"' in run.err
    assert "# yaml-language-server: $schema=" in run.err


def test_schemas_lie_where_they_are_asked_for(appeals: Callable[..., Run], desk: Path) -> None:
    run = appeals("-C", desk, "schema", "write", "for editors")
    assert '"for editors/campaign.schema.json": "campaign.yaml"' in run.err
    schema = json.loads((desk / "for editors/appeal.schema.json").read_text("utf-8"))
    assert "arlandia" in schema["properties"]["recipients"]["items"]["enum"]


def test_outside_a_workspace_there_is_nothing_to_describe(appeals: Callable[..., Run], tmp_path: Path) -> None:
    run = appeals("-C", tmp_path, "schema", "write")
    assert (run.status, run.out) == (2, "")
