"""On a terminal, whatever takes over a second says what it is doing, and leaves no trace of that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.faults.workspaces import CODE, DAY, Scene, add_desk, copy_of_the_sample, make_workspace

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")]
WIPED = "\r\x1b[2K"
"""What goes to the beginning of a line and wipes it."""
_ON_THE_DAY = f"""
import datetime, sys
from urgent_appeals.cli import dispatch, main
dispatch.day_of_clock = lambda: datetime.date.fromisoformat({str(DAY)!r})
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A desk with letters that are made, and its mail server."""
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    place = make_workspace(tmp_path / "workspace")
    authority = Authority(tmp_path)
    certificate = authority.certificate("localhost", "127.0.0.1", "::1")
    with ScriptedServer(tmp_path / "accepted", Script(), tls=certificate.context()) as server:
        add_desk(place, server, authority)
        yield Scene(place, server)


def test_doctor_says_from_its_first_moment_on_what_it_looks_at(tmp_path: Path) -> None:
    terminal = Terminal.start(copy_of_the_sample(tmp_path / "workspace"), "doctor")
    for said in ("loading what lays letters out", "laying out a letter on trial", "looking at fonts"):
        terminal.wait_for(f"{WIPED}{said}")
    terminal.wait_for(f"{WIPED}      WHAT ")
    assert terminal.end() == 0


def test_letters_says_which_of_how_many_it_makes(tmp_path: Path) -> None:
    place = copy_of_the_sample(tmp_path / "workspace")
    terminal = Terminal.start(place, "letters", CODE, "--on", str(DAY), "--lang", "en")
    terminal.wait_for(f"{WIPED}1/")
    terminal.wait_for(f"{WIPED}2/")
    assert terminal.end() == 0


def test_a_run_says_which_of_how_many_letters_it_sends(scene: Scene) -> None:
    plan = scene.plan()
    terminal = Terminal.start_program(scene.place, sys.executable, "-c", _ON_THE_DAY, "dispatch", "run", plan.plan)
    for number in range(1, len(plan.to_send) + 1):
        terminal.wait_for(f"{WIPED}{number}/{len(plan.to_send)} ")
    terminal.wait_for(f"{WIPED}TO ")
    assert terminal.end() == 0
