"""`appeals doctor` looks at what letters need, and says what to do where something is amiss."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import Appeals
from urgent_appeals.pipeline import doctor
from urgent_appeals.pipeline.desk import Desk
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


# ── each thing, broken ──


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def program(tmp_path: Path, root: Path) -> Path:
    """Return a copy of the built-in templates, to be broken."""
    shutil.copytree(root / "templates", tmp_path / "templates")
    return tmp_path / "templates"


def amiss(findings: Iterable[doctor.Finding]) -> dict[str, str]:
    return {finding.name: finding.found for finding in findings if not finding.fine}


@pytest.mark.parametrize("name", doctor.TEMPLATES)
def test_a_template_that_is_missing_is_named(program: Path, name: str) -> None:
    (program / name).unlink()
    finding = doctor._templates("templates", Templates(program), "do this")
    assert (finding.fine, finding.to_do) == (False, "do this")
    assert name in finding.found


@pytest.mark.parametrize("face", doctor.FACES)
def test_a_font_that_is_missing_is_named(program: Path, face: str) -> None:
    next(program.glob(f"fonts/{face}.*")).unlink()
    assert amiss(doctor._fonts(Templates(program), "do this")) == {"fonts": f"missing: {face}"}


def test_a_font_that_is_cut_short_is_named(program: Path) -> None:
    font = next(program.glob("fonts/AppealSans-Regular.*"))
    font.write_bytes(font.read_bytes()[:5000])
    assert amiss(doctor._fonts(Templates(program), "do this")) == {"fonts": f"no fonts: {font.name}"}


def test_letters_that_no_font_can_write_are_named(program: Path) -> None:
    naskh = next(program.glob("fonts/AppealNaskh-Regular.*"))
    for path in (naskh, next(program.glob("fonts/AppealNaskh-Semibold.*"))):
        path.write_bytes(next(program.glob("fonts/AppealSans-Regular.*")).read_bytes())
    found = amiss(doctor._fonts(Templates(program), "do this"))
    assert list(found) == ["fonts for ar"]
    assert "ع" in found["fonts for ar"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("letter.html", "{% for %}", "letter.html:1", id="Jinja that cannot be read"),
        pytest.param("mail.html", "{{ nobody }}", "mail.html:1", id="a word that is not there"),
        pytest.param("letter.css", "p { colour: red }", "colour", id="a property that is not there"),
        pytest.param("bulletin.html", "{{ title.upper() }}", "bulletin.html", id="a forbidden call"),
    ],
)
@pytest.mark.slow
def test_a_template_of_one_s_own_that_is_broken_is_named_with_the_place(
    appeals: Appeals, desk: Path, name: str, content: str, told: str
) -> None:
    (desk / "templates" / name).write_text(content)
    run = appeals("-C", desk, "doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(run.out) if not finding["fine"]}
    assert run.status == 1
    assert list(found) == ["trial letter"]
    assert told in found["trial letter"]["found"]
    assert found["trial letter"]["to_do"]


@pytest.mark.slow
def test_a_font_of_one_s_own_that_is_none_is_named(appeals: Appeals, desk: Path) -> None:
    (desk / "templates/fonts").mkdir()
    (desk / "templates/fonts/AppealSans-Regular.otf").write_text("no font")
    run = appeals("-C", desk, "doctor")
    assert run.status == 1
    assert "no fonts: AppealSans-Regular.otf; take the file away" in run.out


def test_templates_that_are_a_link_out_of_the_workspace_are_amiss(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(desk / "templates")
    (desk / "templates").symlink_to(tmp_path / "elsewhere")
    found = amiss(doctor._own_templates(Desk.open(desk)))
    assert "leads out of the workspace" in found["own templates"]


@pytest.mark.slow
@pytest.mark.parametrize("library", ["pango", "harfbuzz-subset"])
def test_a_library_that_is_not_installed_is_named_with_what_to_do(desk: Path, tmp_path: Path, library: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(_WITHOUT.format(library=library))
    run = subprocess.run(
        [sys.executable, "-m", "urgent_appeals", "doctor", "--json"],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {finding["name"]: finding for finding in json.loads(run.stdout) if not finding["fine"]}
    assert (run.returncode, len(found)) == (1, 1), run.stdout + run.stderr
    assert "install" in next(iter(found.values()))["to_do"]


_WITHOUT = """
import cffi

opened = cffi.FFI.dlopen


def without(self, name, *flags):
    if name is not None and {library!r} in name:
        raise OSError("cannot load library '" + name + "'")
    return opened(self, name, *flags)


cffi.FFI.dlopen = without
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("recipients/arlandia.yaml", "name: {en: Arlandia}\noffices: {}\n"),
        ("recipients/arlandia.yaml", "{"),
        ("campaign.yaml", "name: {}\n"),
        ("templates/phrases/ar.yaml", "{"),
        ("appeals/UAD-XAA-001-2026/01/appeal.yaml", "code: UAD XAA 001/2026.01\nrecipients: []\n"),
        ("appeals/UAD-XAA-001-2026/01/appeal.yaml", "{"),
    ],
)
def test_a_sample_that_is_damaged_is_amiss(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    place = tmp_path / "program"
    for folder in ("appeals", "recipients", "templates"):
        shutil.copytree(root / folder, place / folder)
    shutil.copy(root / "campaign.yaml", place)
    assert (place / name).is_file()
    (place / name).write_text(content)
    monkeypatch.setattr("urgent_appeals.packaged.root", lambda: place)
    finding = doctor._trial(None)
    assert not finding.fine
    assert finding.to_do


def test_an_outbox_that_is_no_folder_is_amiss(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    finding = doctor._outbox(tmp_path)
    assert not finding.fine
    assert "right to write" in (finding.to_do or "")


def test_wording_that_is_missing_in_a_language_of_the_campaign_is_amiss(desk: Path) -> None:
    campaign = desk / "campaign.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace("languages: [en", "languages: [tlh, en"), "utf-8")
    assert "no wording in tlh" in amiss(doctor._workspace(Desk.open(desk)))["phrases"]
