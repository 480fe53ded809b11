"""Completion in the shells themselves: the shell loads the script, and is asked, or its tab key is pressed.

What is not installed is not tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from urgent_appeals.workspace.sample import write_sample

pytestmark = pytest.mark.slow
CODE = "UAD-XAA-001-2026.01"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace, with the program first on the path and this shell's own settings out of the way."""
    programs = Path(sys.executable).parent
    if not (programs / "appeals").exists():
        pytest.skip("the program is not installed beside this Python")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


def script(shell: str) -> str:
    """Return the completion script for a shell, as `appeals --show-completion` prints it there."""
    environment = {**os.environ, "_APPEALS_COMPLETE": f"source_{shell}"}
    return subprocess.run(["appeals"], env=environment, capture_output=True, text=True, check=True).stdout


def asked(shell: str, desk: Path, program: str) -> list[str]:
    """Return the lines that a program of a shell prints, with the completion script beside the workspace."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (desk.parent / "script").write_text(script(shell))
    run = subprocess.run([shell, "-c", program], cwd=desk, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout.split()


def in_bash(desk: Path, *words: str) -> list[str]:
    quoted = " ".join(f"'{word}'" for word in ("appeals", *words))
    return asked(
        "bash",
        desk,
        f"source ../script; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _appeals_completion appeals;"
        'printf "%s\\n" "${COMPREPLY[@]}"',
    )


def test_bash_completes_codes_recipients_languages_senders_and_envelopes(desk: Path) -> None:
    assert in_bash(desk, "show", "UAD-") == ["UAD-XAA-001-2026", CODE, "UAD-XAA-001-2026.02"]
    assert in_bash(desk, "letters", CODE, "--to", "arlandia/pres") == ["arlandia/president"]
    assert in_bash(desk, "letters", CODE, "--to", "arlandia#head") == ["arlandia#head-of-state"]
    assert in_bash(desk, "letters", CODE, "--lang", "") == ["en", "ru", "kk", "fr", "es", "ar"]
    assert in_bash(desk, "preview", CODE, "--envelope", "u") == ["us-10", "uk-dl"]
    assert in_bash(desk, "recip") == ["recipients"]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_tab_key_finishes_the_word(shell: str, desk: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (desk.parent / "script").write_text(script(shell))
    options = ("--norc", "--noprofile") if shell == "bash" else ("-f",)
    terminal = Terminal.start_program(desk, shell, *options, "-i")
    terminal.type("autoload -U compinit && compinit -u -D\n" if shell == "zsh" else "bind 'set bell-style none'\n")
    terminal.type("PS1='ready> '; source ../script; echo loa''ded\n")
    terminal.wait_for("loaded")
    terminal.wait_for("ready> ")
    terminal.type(f"appeals letters {CODE} --to arlandia/pres\t")
    terminal.wait_for("arlandia/president")
    terminal.type("\x01echo the line is \n")
    assert terminal.wait_for("--to arlandia/president")
    terminal.type("exit\n")
    assert terminal.end() == 0


def test_fish_completes_codes_and_recipients(desk: Path) -> None:
    told = asked("fish", desk, "source ../script; complete -C 'appeals show UAD-'")
    assert told == ["UAD-XAA-001-2026", CODE, "UAD-XAA-001-2026.02"]
    told = asked("fish", desk, f"source ../script; complete -C 'appeals letters {CODE} --to arlandia/pres'")
    assert told == ["arlandia/president"]
