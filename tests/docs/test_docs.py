"""The documentation tells the truth: generated pages are of now, every key is documented, the README works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.domain.appeal import Appeal, Dates, Occasion, OutcomeNote, Person
from urgent_appeals.domain.campaign import Campaign, Issuer, Programme, SchemeDefinition, Sender
from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.desk import Desk, Fax, Imap, Smtp
from urgent_appeals.domain.directory import (
    Address,
    Contact,
    Directory,
    Failure,
    FormOfAddress,
    Group,
    Holder,
    Identifier,
    Link,
    Mission,
    Office,
    OtherName,
    Source,
)
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.domain.throttle import Limits
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest, Override, RecordedCode, RecordedLink

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MODELS = {
    "campaign.yaml": (Campaign, Sender, Issuer, Contact, SchemeDefinition),
    "appeal.yaml": (Appeal, Dates, Occasion, Programme, Person, Source, OutcomeNote),
    "recipients/": (
        Directory,
        Office,
        Group,
        Mission,
        Holder,
        FormOfAddress,
        Address,
        Failure,
        Identifier,
        Link,
        OtherName,
    ),
    "desk.yaml": (Desk, Smtp, Imap, Fax, Limits),
    "outbox/": (Manifest, RecordedCode, Override, DocumentRecord, RecordedLink),
}
NOT_IN_FILES = {"origin", "prose", "folder"}


def _section(page: str, title: str) -> str:
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    return next(section for section in sections if section.startswith(title))


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()} - NOT_IN_FILES


@pytest.mark.parametrize(
    ("title", "model"),
    [
        pytest.param(title, model, id=f"{title} {model.__name__}")
        for title, models in MODELS.items()
        for model in models
    ],
)
def test_every_key_of_a_file_format_is_documented(title: str, model: type[BaseModel]) -> None:
    section = _section((DOCS / "workspace.md").read_text(encoding="utf-8"), title)
    assert _keys(model)
    assert {key for key in _keys(model) if f"`{key}`" not in section} == set()


def test_the_page_of_commands_is_of_now() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_docs.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_every_exit_status_is_documented() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert {status for status in ExitStatus if f"| {int(status)} |" not in page} == set()


@pytest.mark.parametrize(
    "page", [pytest.param(path, id=path.name) for path in (ROOT / "README.md", *DOCS.glob("*.md"))]
)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def _shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.slow
def test_what_the_readme_says_works_in_a_new_workspace(tmp_path: Path) -> None:
    lines = [line for line in _shell_lines(ROOT / "README.md") if line.startswith(("appeals ", "cd "))]
    assert any(line.startswith("appeals letters") for line in lines), "the README shows no letters being made"
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "appeals").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m urgent_appeals "$@"\n', encoding="utf-8")
    (scripts / "appeals").chmod(0o755)
    (tmp_path / "reply.txt").write_text("We refer to UAD XAA 001/2026.01.", encoding="utf-8")
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    script = "set -e\n" + "\n".join(lines)
    run = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def _table(page: str, title: str) -> list[list[str]]:
    rows = [
        line.strip().strip("|").split("|")
        for line in page[page.index(title) :].split("\n\n", maxsplit=1)[0].splitlines()
    ]
    return [[cell.strip() for cell in row] for row in rows[2:]]


SCHEME_ROWS = _table((DOCS / "case-codes.md").read_text(encoding="utf-8"), "| scheme |")


def test_every_scheme_is_documented() -> None:
    assert [row[0].strip("`") for row in SCHEME_ROWS] == [
        "observatory",
        "omct",
        "amnesty-ua",
        "amnesty-index",
        "ahrc",
        "un",
        "pen",
    ]
    assert {row[0].strip("`") for row in SCHEME_ROWS} == {scheme.name for scheme in SCHEMES}


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0].strip("`")) for row in SCHEME_ROWS])
def test_every_documented_spelling_is_read_by_its_scheme(row: list[str]) -> None:
    name, form, others = row[0].strip("`"), row[1].strip("`"), re.findall(r"`([^`]+)`", row[2])
    assert parse(form).canonical == form
    assert {parse(spelling).scheme for spelling in (form, *others)} == {name}


def test_the_documented_pattern_is_that_of_the_repository() -> None:
    (pattern,) = re.findall(r'pattern: "([^"]+)"', (DOCS / "case-codes.md").read_text(encoding="utf-8"))
    assert parse("UAD XAA 001/2026.01", (Scheme.from_pattern("desk", pattern),)).update == 1
    assert pattern in (ROOT / "campaign.yaml").read_text(encoding="utf-8")
