"""`appeals check --watch` looks again at every save, and ends with the status of the last look."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from urgent_appeals.pipeline.watching import changes, state
from urgent_appeals.workspace.sample import write_sample


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


def test_every_save_is_noticed_and_nothing_else(desk: Path) -> None:
    prose = desk / "appeals/UAD-XAA-001-2026/00/en.md"
    looks: list[str] = []
    saves = iter(("same", "saved", "same", "gone", "new"))

    def wait(_: float) -> None:
        looks.append(next(saves))
        if looks[-1] == "saved":
            prose.write_text(prose.read_text("utf-8") + "\nMore.\n", "utf-8")
        elif looks[-1] == "gone":
            prose.unlink()
        elif looks[-1] == "new":
            (desk / "templates/letter.css").write_text("p { margin: 0 }")

    watching = changes(desk, wait)
    seen = [len(looks) for _ in zip(range(4), watching, strict=False)]
    assert seen == [0, 2, 4, 5]


def test_the_outbox_and_hidden_files_are_not_watched(desk: Path) -> None:
    before = state(desk)
    (desk / "outbox/letter.pdf").write_bytes(b"%PDF")
    (desk / "appeals/UAD-XAA-001-2026/00/.en.md.swp").write_bytes(b"x")
    assert state(desk) == before
    assert any(name.endswith("campaign.yaml") for name in before)


@pytest.mark.slow
def test_on_a_terminal_the_screen_is_drawn_anew_until_ctrl_c(desk: Path) -> None:
    terminal = Terminal.start(desk, "check", "--watch", "001/2026.01")
    assert ": 0 errors" in terminal.wait_for("watching for the next save")
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    prose.write_text(prose.read_text("utf-8").replace("## Place line", "## Plaec line"), "utf-8")
    told = terminal.wait_for("watching for the next save")
    assert "\x1b[2J" in told
    assert ": 1 error" in told
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 1


@pytest.mark.slow
def test_put_right_it_ends_with_fine(desk: Path) -> None:
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    right = prose.read_text("utf-8")
    prose.write_text(right.replace("## Place line", "## Plaec line"), "utf-8")
    terminal = Terminal.start(desk, "check", "--watch", "001/2026.01")
    assert ": 1 error" in terminal.wait_for("watching for the next save")
    prose.write_text(right, "utf-8")
    assert ": 0 errors" in terminal.wait_for("watching for the next save")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 0


def looks_after(desk: Path, *doings: Callable[[], object]) -> list[bool]:
    """Return for each thing that is done, one between two looks, whether it was noticed."""
    noticed = [False] * len(doings)
    looks: list[int] = []

    def wait(_: float) -> None:
        if len(looks) == len(doings):
            raise KeyboardInterrupt
        doings[len(looks)]()
        looks.append(1)

    with suppress(KeyboardInterrupt):
        for _ in changes(desk, wait):
            if looks:
                noticed[len(looks) - 1] = True
    return noticed


def test_an_editor_that_saves_by_renaming_is_noticed_even_where_size_and_time_stay(desk: Path) -> None:
    prose = desk / "appeals/UAD-XAA-001-2026/00/en.md"
    beside = prose.with_name(".en.md.tmp")

    def save_by_renaming() -> None:
        beside.write_bytes(prose.read_bytes().swapcase())
        times = prose.stat()
        os.utime(beside, ns=(times.st_atime_ns, times.st_mtime_ns))
        beside.replace(prose)

    def leave_a_file_beside() -> None:
        beside.write_text("not saved yet")

    assert looks_after(desk, leave_a_file_beside, save_by_renaming) == [False, True]


def test_a_folder_of_an_update_that_is_made_meanwhile_is_watched_too(desk: Path) -> None:
    first, later = (desk / "appeals/UAD-XAA-001-2026" / number for number in ("00", "03"))

    def save_in_it() -> None:
        (later / "en.md").write_text("# Another\n")

    assert looks_after(desk, lambda: shutil.copytree(first, later), save_in_it) == [True, True]


def test_a_workspace_that_goes_and_comes_back_is_noticed_both_times(desk: Path) -> None:
    away = desk.with_name("away")
    assert looks_after(desk, lambda: desk.rename(away), lambda: None, lambda: away.rename(desk)) == [True, False, True]


@pytest.mark.slow
def test_a_deleted_workspace_is_told_and_watched_for_until_ctrl_c(desk: Path, tmp_path: Path) -> None:
    terminal = Terminal.start(tmp_path, "-C", str(desk), "check", "--watch")
    assert ": 0 errors" in terminal.wait_for("watching for the next save")
    away = desk.rename(tmp_path / "away")
    assert "is not in a workspace" in terminal.wait_for("watching for the next save")
    away.rename(desk)
    assert ": 0 errors" in terminal.wait_for("watching for the next save")
    shutil.rmtree(desk)
    assert "is not in a workspace" in terminal.wait_for("watching for the next save")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 2


@pytest.mark.slow
def test_as_json_each_check_is_one_line(desk: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "urgent_appeals", "-q", "check", "--watch", "--json", "001/2026.01"],
        cwd=desk,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    first = json.loads(watching.stdout.readline())
    assert {problem["severity"] for problem in first} <= {"warning"}
    header = desk / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    header.write_text(header.read_text("utf-8").replace("kind: update", "kind: updat"), "utf-8")
    second = json.loads(watching.stdout.readline())
    assert "error" in {problem["severity"] for problem in second}
    watching.send_signal(signal.SIGINT)
    assert watching.communicate(timeout=30)[0] == ""
    assert watching.returncode == 1


def test_of_an_appeal_whose_own_file_is_broken_check_prints_the_problems_as_data(appeals: Appeals, desk: Path) -> None:
    header = desk / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    header.write_text(header.read_text("utf-8").replace("kind: update", "kind: updat"), "utf-8")
    run = appeals("-C", desk, "check", "001/2026.01")
    assert run.status == 1
    assert "01/appeal.yaml" in run.out
    problems = json.loads(appeals("-C", desk, "check", "001/2026.01", "--json").out)
    assert [problem["file"] for problem in problems] == ["appeals/UAD-XAA-001-2026/01/appeal.yaml"]
