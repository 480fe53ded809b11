"""`appeals doctor` looks at what letters need, and says what to do where something is amiss."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.conftest import Appeals
from urgent_appeals.pipeline import doctor
from urgent_appeals.render.engine import WEASYPRINT, Engine
from urgent_appeals.render.templates import Templates
from urgent_appeals.workspace.sample import write_sample


def test_here_everything_is_there(appeals: Appeals, tmp_path: Path) -> None:
    write_sample(tmp_path / "desk")
    run = appeals("-C", tmp_path / "desk", "doctor")
    assert run.status == 0, run.out
    for name in (
        "Python",
        "WeasyPrint",
        "Pango",
        "HarfBuzz",
        "libharfbuzz-subset",
        "fonts for ar",
        "phrases",
        "outbox",
    ):
        assert f"fine  {name} " in run.out


def test_outside_of_a_workspace_the_program_is_looked_at(appeals: Appeals, tmp_path: Path) -> None:
    run = appeals("-C", tmp_path, "doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(run.out)}
    assert found["workspace"]["found"].startswith("none here")
    assert "outbox" not in found


def test_wording_that_is_wrong_is_amiss_and_the_line_says_what_to_do(appeals: Appeals, tmp_path: Path) -> None:
    write_sample(tmp_path)
    (tmp_path / "templates/phrases").mkdir()
    (tmp_path / "templates/phrases/en.yaml").write_text("letter:\n  lead_inn: I ask you to\n")
    run = appeals("-C", tmp_path, "doctor")
    assert run.status == 1
    assert "AMISS" in run.out
    assert "appeals check shows each place" in run.out


def test_the_range_of_weasyprint_is_that_of_the_package(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"weasyprint>={WEASYPRINT[0]},<{WEASYPRINT[1]}" in project["dependencies"]


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        pytest.param(Engine(fault="no library called pango"), "WeasyPrint", id="none"),
        pytest.param(Engine("69.0", "1.50.0", "6.0.0", subsetting=True), "WeasyPrint", id="too old"),
        pytest.param(Engine("71.2", "1.50.0", "6.0.0", subsetting=True), "WeasyPrint", id="too new"),
        pytest.param(Engine("70.0", "1.40.0", "6.0.0", subsetting=True), "Pango", id="Pango"),
        pytest.param(Engine("70.0", "1.50.0", None, subsetting=True), "HarfBuzz", id="HarfBuzz"),
        pytest.param(Engine("70.0", "1.50.0", "6.0.0"), "libharfbuzz-subset", id="subsetting"),
    ],
)
def test_an_engine_that_will_not_do_is_named_with_what_to_do(engine: Engine, name: str) -> None:
    amiss = [finding for finding in doctor._engine(engine) if not finding.fine]
    assert [finding.name for finding in amiss] == [name]
    assert amiss[0].to_do


def test_fonts_and_templates_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    findings = list(doctor._templates(Templates(tmp_path), "do this"))
    assert [(finding.name, finding.fine, finding.to_do) for finding in findings] == [
        ("templates", False, "do this"),
        ("fonts", False, "do this"),
    ]
    assert "AppealNaskh-Regular" in findings[1].found


def test_an_outbox_that_is_no_folder_is_amiss(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    finding = doctor._outbox(tmp_path)
    assert not finding.fine
    assert "right to write" in (finding.to_do or "")
