"""The tutorial works as it stands, from nothing to a letter in two languages, and is short enough to type."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
CHARACTERS_A_MINUTE = 200
"""Forty words: someone who types with more than two fingers, but is no typist."""


@dataclass(frozen=True)
class Block:
    """A block of the page: commands (`sh`), or what a file is to say (`yaml`: keys; `markdown`: all of it)."""

    kind: str
    path: str
    text: str


def blocks() -> list[Block]:
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [Block(*block) for block in found]


def with_keys(text: str, keys: str) -> str:
    """Return a YAML text with entries of its top level in the place of those of the same key."""
    for entry in re.split(r"^(?=\w)", keys, flags=re.MULTILINE)[1:]:
        key = entry.partition(":")[0]
        found = re.search(rf"^{key}:.*\n(?:[ #].*\n)*", text, flags=re.MULTILINE)
        assert found, key
        text = text[: found.start()] + entry + text[found.end() :]
    return text


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


def test_the_page_has_commands_and_edits() -> None:
    assert {block.kind for block in blocks()} == {"sh", "yaml", "markdown"}


def test_typing_it_takes_less_than_ten_minutes() -> None:
    typed = 0
    given = (PAGE.parents[1] / "templates/init/prose.md").read_text("utf-8").splitlines()
    for block in blocks():
        kept = given if block.kind == "markdown" else []
        # Titles come from `appeals new`; headings stand in the skeleton.
        lines = [line for line in block.text.splitlines() if line not in kept and not line.startswith("# ")]
        typed += sum(len(line.partition("    #")[0]) + 1 for line in lines)
    assert 1000 < typed < 10 * CHARACTERS_A_MINUTE


@pytest.mark.slow
def test_the_tutorial_ends_with_letters_in_two_languages(tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "appeals").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m urgent_appeals "$@"\n', "utf-8")
    (bin_folder / "appeals").chmod(0o755)
    place = tmp_path
    for block in blocks():
        if block.kind == "yaml":
            file = place / block.path
            file.write_text(with_keys(file.read_text("utf-8"), block.text), "utf-8")
        elif block.kind == "markdown":
            (place / block.path).write_text(block.text, "utf-8")
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
