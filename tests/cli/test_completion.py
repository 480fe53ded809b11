"""The shell completes codes, recipients, languages and senders, from the headers alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from urgent_appeals.workspace import names
from urgent_appeals.workspace.sample import write_sample


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


def completed(place: Path, *words: str) -> list[str]:
    environment = {
        **os.environ,
        "_APPEALS_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["appeals", *words]),
        "COMP_CWORD": str(len(words)),
    }
    run = subprocess.run(
        [sys.executable, "-m", "urgent_appeals"], cwd=place, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout.split()


def test_codes_are_one_word_that_every_command_takes(desk: Path) -> None:
    codes = ["UAD-XAA-001-2026", "UAD-XAA-001-2026.01", "UAD-XAA-001-2026.02"]
    for command in ("show", "check", "letters", "update", "preview", "translated"):
        assert completed(desk, command, "UAD-") == codes


def test_recipients_languages_and_senders_are_completed(desk: Path) -> None:
    letters = ("letters", "UAD-XAA-001-2026.01")
    assert "arlandia/president" in completed(desk, *letters, "--to", "arl")
    assert completed(desk, *letters, "--to", "arlandia#head") == ["arlandia#head-of-state"]
    assert completed(desk, *letters, "--lang", "r") == ["ru"]
    assert completed(desk, *letters, "--sender", "h") == ["hale"]
    assert completed(desk, "new", "--lang", "r") == ["ru"]
    assert completed(desk, "update", "001", "--stop", "--outcome", "char") == ["charges-dropped"]


def test_another_directory_is_looked_into_when_told(desk: Path, tmp_path: Path) -> None:
    assert completed(tmp_path, "show", "UAD-") == []
    assert len(completed(tmp_path, "-C", str(desk), "show", "UAD-")) == 3


def test_broken_files_complete_what_they_can(desk: Path) -> None:
    (desk / "recipients/broken.yaml").write_text("offices: [")
    (desk / "campaign.yaml").write_text("senders: nobody\nlanguages: en\n")
    (desk / "appeals/UAD-XAA-001-2026/00/appeal.yaml").write_text("code:\n")
    assert "broken" in names.recipients(desk)
    assert (names.senders(desk), names.languages(desk)) == ((), ())
    assert "UAD-XAA-001-2026.01" in names.codes(desk)


def test_prose_is_never_read_and_pydantic_never_loaded(desk: Path) -> None:
    (desk / "appeals/UAD-XAA-001-2026/00/en.md").chmod(0)
    script = (
        "import sys, pathlib; from urgent_appeals.workspace import names; root = pathlib.Path(sys.argv[1]);"
        "names.codes(root), names.recipients(root), names.languages(root, 'UAD XAA 001/2026'), names.senders(root);"
        "print('pydantic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script, desk], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
