"""`appeals init` starts a workspace that `appeals check` accepts, and never overwrites."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from urgent_appeals.workspace.schema import FILES


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
    assert [words[1] for words in commands] == ["list", "check", "letters", "new"]
    for _, *words in commands[:2]:
        assert appeals(*words).status == 0
    _, _, code, *rest = commands[2]
    assert re.search(r"^  state +open$", appeals("show", code, *rest).out, re.MULTILINE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_looks_into_the_outbox_of_a_new_workspace(appeals: Callable[..., Run], tmp_path: Path) -> None:
    appeals("-C", tmp_path, "init", "desk")
    assert stat.S_IMODE((tmp_path / "desk/outbox").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_init_leaves_an_outbox_that_is_there_as_open_as_it_is(appeals: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir(mode=0o755)
    appeals("-C", tmp_path, "init", ".")
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o755


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


def test_an_editor_finds_schemas_and_tasks(appeals: Callable[..., Run], tmp_path: Path) -> None:
    appeals("-C", tmp_path, "init", "desk")
    settings = json.loads((tmp_path / "desk/.vscode/settings.json").read_text("utf-8"))
    assert settings["yaml.schemas"] == {f"schemas/{name}": files for name, (_, files) in FILES.items()}
    appeal = json.loads((tmp_path / "desk/schemas/appeal.schema.json").read_text("utf-8"))
    assert "arlandia/president" in str(appeal["properties"]["recipients"])
    tasks = json.loads((tmp_path / "desk/.vscode/tasks.json").read_text("utf-8"))["tasks"]
    assert [task["label"] for task in tasks] == ["appeals: check", "appeals: preview this folder"]


def test_the_task_s_pattern_reads_what_check_prints(appeals: Callable[..., Run], tmp_path: Path) -> None:
    appeals("-C", tmp_path, "init", "desk")
    tasks = json.loads((tmp_path / "desk/.vscode/tasks.json").read_text("utf-8"))["tasks"]
    pattern = tasks[0]["problemMatcher"]["pattern"][0]
    (tmp_path / "desk/appeals/UAD-XAA-001-2026/00/en.md").write_text("# A\n\n## Lettre\n\nTODO\n", "utf-8")
    printed = appeals("-C", tmp_path / "desk", "-q", "check").out.splitlines()
    told = [found for found in (re.match(pattern["regexp"], line) for line in printed) if found]
    assert any((found[1], found[2], found[4]) == ("appeals/UAD-XAA-001-2026/00/en.md", "3", None) for found in told)
    assert any(found[4] == "warning" for found in told)


def test_json_lists_the_files(appeals: Callable[..., Run], tmp_path: Path) -> None:
    names = json.loads(appeals("-C", tmp_path, "init", "desk", "--json").out)
    assert "desk/.vscode/tasks.json" in names
    assert all((tmp_path / name).is_file() for name in names)
