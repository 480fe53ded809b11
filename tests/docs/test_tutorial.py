"""The tutorial works as it stands, from nothing to a letter in two languages, and is short enough to type."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
SKELETON = (PAGE.parents[1] / "templates/init/prose.md").read_text("utf-8").splitlines()
CHARACTERS_A_MINUTE = 200
"""Forty words: someone who types with more than two fingers, but is no typist."""
KEYS_TO_TAKE_A_TODO_AWAY = 5
"""To find it and to delete its line."""


@dataclass(frozen=True)
class Block:
    """A block of the page: commands (`sh`), a command with its questions and answers (`screen`), what a file says.

    `text` is shown only.
    """

    kind: str
    about: str
    text: str

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The questions of a screen, each with what is typed."""
        lines = (re.split(r":(?: |$)", line, maxsplit=1) for line in self.text.splitlines())
        return [(question, answer) for question, answer in lines]

    @property
    def typed(self) -> str:
        """What is typed of the block, by somebody who has the skeletons before them."""
        if self.kind == "sh":
            return "".join(f"{line.partition('    #')[0]}\n" for line in self.text.splitlines())
        if self.kind == "screen":
            return f"{self.about}\n" + "".join(f"{answer}\n" for _, answer in self.answers)
        # Titles come from `appeals new`; headings and blank lines stand in the skeleton.
        lines = [line for line in self.text.splitlines() if line not in SKELETON and not line.startswith("# ")]
        return "".join(f"{line}\n" for line in lines) if self.kind == "markdown" else ""


def blocks() -> list[Block]:
    found = re.findall(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [Block(*block) for block in found]


def run(command: str, place: Path, bin_folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_page_has_commands_answers_and_prose() -> None:
    assert {block.kind for block in blocks()} == {"sh", "screen", "markdown", "text"}


def test_typing_it_up_to_the_letters_takes_less_than_ten_minutes_and_the_page_says_so() -> None:
    to_do = sum(block.kind == "markdown" for block in blocks()) * "".join(SKELETON).count("TODO")
    page = blocks()
    last = next(number for number, block in enumerate(page) if block.text.startswith("appeals letters "))
    strokes = sum(len(block.typed) for block in page[: last + 1]) + to_do * KEYS_TO_TAKE_A_TODO_AWAY
    minutes = -(-strokes // CHARACTERS_A_MINUTE)
    assert strokes > 1000
    assert minutes < 10
    assert f"{strokes:,} keystrokes, {minutes} minutes of typing" in PAGE.read_text("utf-8")


def answer(block: Block, place: Path) -> None:
    """Type the answers of a screen at a terminal, each to the question that the page shows."""
    terminal = Terminal.start(place, *shlex.split(block.about)[1:])
    for question, text in block.answers:
        terminal.answer(f"{question}: ", text)
    assert terminal.end() == 0, terminal.shown


@pytest.mark.slow
def test_the_tutorial_ends_with_letters_in_two_languages(tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "appeals").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m urgent_appeals "$@"\n', "utf-8")
    (bin_folder / "appeals").chmod(0o755)
    place = tmp_path
    for block in blocks():
        if block.kind == "screen":
            answer(block, place)
        elif block.kind == "markdown":
            assert (place / block.about).read_text("utf-8").splitlines()[0] == block.text.splitlines()[0]
            (place / block.about).write_text(block.text, "utf-8")
        for line in block.text.splitlines() if block.kind == "sh" else ():
            command, _, status = line.partition("    # status ")
            if command.startswith("cd "):
                place /= command.removeprefix("cd ")
                continue
            done = run(command, place, bin_folder)
            assert done.returncode == int(status or 0), f"{command}\n{done.stdout}\n{done.stderr}"
    made = {path.name for path in (place / "outbox/UAD-XAA-002-2026/letters").iterdir()}
    assert {
        f"arlandia-{office}_{language}.{kind}"
        for office in ("president", "justice-minister")
        for language in ("en", "ru")
        for kind in ("pdf", "eml", "txt")
    } == made
    assert [path.name for path in sorted((place / "appeals/UAD-XAA-002-2026").iterdir())] == ["00", "01", "02"]
