"""`appeals init` starts a workspace that `appeals check` accepts, and never overwrites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run


def test_init_names_the_files_on_stdout_and_the_next_steps_on_stderr(
    appeals: Callable[..., Run], tmp_path: Path
) -> None:
    run = appeals("-C", tmp_path, "init", "my desk")
    assert run.status == 0
    names = run.out.splitlines()
    assert "my desk/campaign.yaml" in names
    assert all((tmp_path / name).is_file() for name in names)
    assert f"cd '{tmp_path}/my desk'" in run.err
    assert "appeals letters " in run.err


def test_the_steps_that_init_names_work(
    appeals: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line.split("  ")[1] for line in appeals("init", "desk").err.splitlines() if line.startswith("  ")]
    assert lines[0] == "cd desk"
    monkeypatch.chdir(tmp_path / "desk")
    commands = [line.split() for line in lines[1:]]
    assert [words[1] for words in commands] == ["list", "check", "letters"]
    for _, *words in commands[:2]:
        assert appeals(*words).status == 0
    _, _, code, *rest = commands[2]
    assert "  state      open" in appeals("show", code, *rest).out


def test_init_is_silent_but_for_data_when_told_to_be_quiet(appeals: Callable[..., Run], tmp_path: Path) -> None:
    run = appeals("-C", tmp_path, "-q", "init", "desk")
    assert (run.status, run.err) == (0, "")


def test_a_new_workspace_passes_its_check(appeals: Callable[..., Run], tmp_path: Path) -> None:
    appeals("-C", tmp_path, "init", "desk")
    assert appeals("-C", tmp_path / "desk", "check").status == 0


def test_init_over_a_workspace_is_refused(appeals: Callable[..., Run], tmp_path: Path) -> None:
    appeals("-C", tmp_path, "init", "desk")
    (tmp_path / "desk/campaign.yaml").write_text("mine")
    run = appeals("-C", tmp_path, "init", "desk")
    assert (run.status, run.out) == (1, "")
    assert "nothing was written" in run.err
    assert (tmp_path / "desk/campaign.yaml").read_text() == "mine"
