"""`appeals init` starts a workspace that `appeals check` accepts, and never overwrites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Run


def test_init_names_the_files_on_stdout_and_the_next_steps_on_stderr(
    appeals: Callable[..., Run], tmp_path: Path
) -> None:
    run = appeals("-C", tmp_path, "init", "my desk")
    assert run.status == 0
    names = run.out.splitlines()
    assert "my desk/campaign.yaml" in names
    assert all((tmp_path / name).is_file() for name in names)
    assert "appeals -C 'my desk' check" in run.err


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
