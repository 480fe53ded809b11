"""Wheel and sdist hold what they should and nothing private, and work where they are installed, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

# One worker builds for all of these tests.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

WORKSPACE = "urgent_appeals/_workspace/"
SECRET = "secret-of-the-packaging-test"
PRIVATE = (f"{WORKSPACE}outbox", SECRET, "supporters", ".venv", ".git/", "KAZ-001")


def run(*command: str | Path, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a program that may know nothing of this checkout, without a way to a package index."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "SOURCE_DATE_EPOCH": "1046995200",
    }
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build wheel and sdist of the checkout, with a letter lying in its outbox as on a working desk."""
    letter = root / "outbox" / f"{SECRET}-{os.getpid()}.txt"
    letter.write_text("a letter that stays on this desk")
    folder = tmp_path_factory.mktemp("built")
    try:
        run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=root)
    finally:
        letter.unlink()
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def sdist(built: Path) -> Path:
    (found,) = built.glob("*.tar.gz")
    return found


def environment(folder: Path) -> Path:
    """Make an environment that has the dependencies of this one but not the project; return its Python.

    A folder that a `.pth` names has its packages found but its own `.pth` files not run: an editable
    install of the checkout stays out.
    """
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a clean environment and return the folder of its programs."""
    folder = tmp_path_factory.mktemp("installed")
    python = environment(folder)
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--ignore-installed", wheel, cwd=folder)
    return folder / "bin"


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def members(sdist: Path) -> list[str]:
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def below(root: Path, folder: str) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_template_font_and_phrase(wheel: Path, root: Path) -> None:
    templates = below(root, "templates")
    assert {
        "templates/letter.html",
        "templates/phrases/ru.yaml",
        "templates/fonts/AppealSerif-Regular.ttf",
    } <= templates
    assert {WORKSPACE + name for name in templates} <= set(names(wheel))


def test_the_wheel_s_workspace_is_the_fictional_sample_alone(wheel: Path, root: Path) -> None:
    inside = {name.removeprefix(WORKSPACE) for name in names(wheel) if name.startswith(WORKSPACE)}
    (case,) = {name.split("/")[1] for name in inside if name.startswith("appeals/")}
    assert inside - below(root, "templates") == {
        "campaign.yaml",
        "recipients/arlandia.yaml",
        *below(root, f"appeals/{case}"),
    }


def test_the_wheel_holds_nothing_private(wheel: Path) -> None:
    assert not [name for name in names(wheel) if any(part in name for part in PRIVATE)]


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
        licences = [name for name in archive.namelist() if ".dist-info/licenses/" in name]
    assert metadata["Name"] == "urgent-appeals"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert len(licences) == 3
    assert "urgent_appeals/py.typed" in names(wheel)


def test_the_sdist_holds_what_it_takes_to_build_and_test_and_nothing_private(sdist: Path) -> None:
    there = members(sdist)
    assert {
        "pyproject.toml",
        "Makefile",
        "constraints.txt",
        "LICENSE",
        "scripts/setup",
        "tests/conftest.py",
    } <= set(there)
    assert [name for name in there if name.startswith("outbox")] == ["outbox/README.md"]
    assert not [name for name in there if "__pycache__" in name or name.startswith((".venv", "bench/results"))]


def test_the_wheel_from_the_sdist_is_the_wheel_from_the_checkout(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    run("tar", "xzf", sdist, cwd=tmp_path)
    (source,) = tmp_path.iterdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=source)
    (again,) = tmp_path.glob("*.whl")
    assert sorted(names(again)) == sorted(names(wheel))


def test_the_installed_program_is_not_the_checkout_s(installed: Path, tmp_path: Path, root: Path) -> None:
    probe = "import urgent_appeals, urgent_appeals.packaged as p; print(urgent_appeals.__file__); print(p.root())"
    for place in run(installed / "python", "-c", probe, cwd=tmp_path).stdout.split():
        assert Path(place).is_relative_to(installed.parent)
        assert not Path(place).is_relative_to(root)


def test_the_installed_program_makes_the_letters_of_a_new_workspace(installed: Path, tmp_path: Path) -> None:
    appeals = installed / "appeals"
    desk = tmp_path / "desk"
    run(appeals, "init", desk, cwd=tmp_path)
    run(appeals, "check", cwd=desk)
    listed = json.loads(run(appeals, "list", "--json", cwd=desk).stdout)
    first = listed[0]
    made = json.loads(run(appeals, "letters", first["code"], "--on", first["issued"], "--json", cwd=desk).stdout)
    assert made
    for letter in made:
        assert (desk / letter["pdf"]).read_bytes().startswith(b"%PDF-")
        assert (desk / letter["eml"]).is_file()
    assert {letter["language"] for letter in made} == {"en", "ru", "kk", "fr", "es", "ar"}


def test_the_installed_program_makes_a_log(installed: Path, wheel: Path, tmp_path: Path, root: Path) -> None:
    migrations = {name.removeprefix("src/") for name in below(root, "src/urgent_appeals/log/migrations")}
    assert "urgent_appeals/log/migrations/versions/events.py" in migrations <= set(names(wheel))
    probe = (
        "from pathlib import Path; from urgent_appeals.log.opening import open_log;"
        "log = open_log(None, desk='anna', outbox=Path('outbox')); print(log.verify()); log.close()"
    )
    assert run(installed / "python", "-c", probe, cwd=tmp_path).stdout == "()\n"
    assert (tmp_path / "outbox" / "log.db").stat().st_size > 0


def test_pip_installs_the_checkout_offline(root: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    run(
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--ignore-installed",
        root,
        cwd=tmp_path,
    )
    appeals = tmp_path / "env" / "bin" / "appeals"
    run(appeals, "init", "desk", cwd=tmp_path)
    run(appeals, "-C", "desk", "check", cwd=tmp_path)
    assert not (root / "build").exists()
