"""The exit statuses that are documented are those that a shell gets, each shown by a run that comes to it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from urgent_appeals.cli.exit_status import STATUS_OF, ExitStatus
from urgent_appeals.workspace.sample import write_sample

NOT_YET = {ExitStatus.PARTLY_DONE, ExitStatus.PLAN_CHANGED}
"""Documented for the commands that send; what no command comes to otherwise."""
LETTERS = ("letters", "001/2026.01", "--on", "2026-11-22", "--to", "president", "--lang", "en")
RUNS: dict[ExitStatus, tuple[str, ...]] = {
    ExitStatus.FINE: ("list",),
    ExitStatus.PROBLEMS: ("letters", "001/2026.01", "--on", "2031-01-01"),
    ExitStatus.USAGE: ("show", "007/1999"),
    ExitStatus.NOTHING_TO_DO: ("codes", "empty.txt"),
    ExitStatus.CONFIRMATION_NEEDED: LETTERS,
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_sample(tmp_path / "desk")
    (tmp_path / "desk/empty.txt").write_text("")
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


def documented(root: Path) -> set[int]:
    section = (root / "docs/commands.md").read_text("utf-8").partition("## Exit statuses")[2].partition("\n## ")[0]
    return {int(number) for number in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}


def raised(root: Path) -> set[ExitStatus]:
    """Return every status that a module of the command line names, and those that an error comes out as."""
    found = set(STATUS_OF.values())
    for path in (root / "src/urgent_appeals/cli").glob("*.py"):
        if path.name != "exit_status.py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "ExitStatus":
                    found.add(ExitStatus[node.attr])
    return found


def test_the_table_of_the_documentation_names_what_the_program_raises_and_nothing_else(root: Path) -> None:
    assert documented(root) == {int(status) for status in ExitStatus}
    assert set(ExitStatus) - raised(root) <= NOT_YET


def test_the_help_names_every_status(appeals: Appeals) -> None:
    told = " ".join(appeals("--help").out.partition("Exit status:")[2].split())
    assert {int(number) for number in re.findall(r"(?:^|, )(\d+) ", told)} == {int(status) for status in ExitStatus}


@pytest.mark.slow
@pytest.mark.parametrize("status", RUNS, ids=lambda status: status.name)
def test_a_run_comes_to_the_status_that_is_documented(status: ExitStatus, appeals: Appeals, desk: Path) -> None:
    if status is ExitStatus.CONFIRMATION_NEEDED:
        assert appeals(*LETTERS, "--envelope", "us-10").status == 0
    assert appeals(*RUNS[status]).status == status


@pytest.mark.slow
def test_an_interrupted_run_comes_to_130(desk: Path) -> None:
    terminal = Terminal.start(desk, "new")
    terminal.wait_for("Country")
    assert terminal.interrupt() == ExitStatus.INTERRUPTED
