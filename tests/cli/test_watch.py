"""`appeals check --watch` looks again at every save, and ends with the status of the last look."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
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
