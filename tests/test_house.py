"""The house is in order: set-up, pins, fonts, ignored files, and no word of any package index."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# ── dependencies ──


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def pins(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def requirements(project: dict[str, Any]) -> Iterator[Requirement]:
    groups = project["dependency-groups"].values()
    texts = [
        *project["project"]["dependencies"],
        *(entry for group in groups for entry in group if isinstance(entry, str)),
    ]
    yield from map(Requirement, texts)


def test_every_requirement_is_pinned_within_its_bounds(project: dict[str, Any], pins: dict[str, str]) -> None:
    found = list(requirements(project))
    assert len(found) > 20
    for requirement in found:
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_every_module_that_is_imported_is_required(project: dict[str, Any], root: Path) -> None:
    provided = {
        "dkim": "dkimpy",
        "dns": "dnspython",
        "email_validator": "email-validator",
        "flufl": "flufl-bounce",
        "markdown_it": "markdown-it-py",
        "mdit_py_plugins": "mdit-py-plugins",
        "ruamel": "ruamel-yaml",
        # what these bring along and cannot be without
        "fontTools": "weasyprint",
        "markupsafe": "jinja2",
        "pydantic_core": "pydantic",
        "pydyf": "weasyprint",
    }
    extras = project["project"].get("optional-dependencies", {}).values()
    texts = [*project["project"]["dependencies"], *(text for extra in extras for text in extra)]
    required = {canonicalize_name(Requirement(text).name) for text in texts}
    imported: set[str] = set()
    for path in (root / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    others = imported - set(sys.stdlib_module_names) - {"urgent_appeals"}
    assert {"typer", "pydantic"} <= others
    assert {canonicalize_name(provided.get(name, name)) for name in others} <= required


# ── set-up ──

TOOLS = (
    "sh",
    "cat",
    "cksum",
    "dirname",
    "env",
    "grep",
    "mktemp",
    "rm",
    "sed",
    "tail",
    "mkdir",
    "cp",
    "chmod",
    "ln",
)

PYTHON_STUB = """#!/bin/sh
# Stands for Python: libraries are missing while $DESK/missing names them; pip and venv only note that they
# ran.
case "$*" in
    -V) echo Python 3.11.0; exit 0 ;;
    *"import venv, ensurepip"*) [ ! -f "$DESK/no-venv" ]; exit ;;
    *"sys.version_info < (3, 11)"*) [ ! -f "$DESK/too-old" ]; exit ;;
    "-m venv .venv")
        mkdir -p .venv/bin; cp "$DESK/bin/python3" .venv/bin/python; echo "venv" >>"$DESK/log"; exit 0 ;;
    "-c import pip" | "-c import weasyprint") exit 0 ;;
    "-m pip"*) echo "pip $*" >>"$DESK/log"; [ ! -f "$DESK/offline" ]; exit ;;
    "--version") echo "Python 3.9.2"; exit 0 ;;
    "-") cat >/dev/null; [ ! -f "$DESK/missing" ] || cat "$DESK/missing"; exit 0 ;;
    "- run" | "- dev") cat >/dev/null; echo requirement; exit 0 ;;
    *"python3.%d-venv"*) echo python3.11-venv; exit 0 ;;
esac
echo "unexpected: $*" >&2
exit 9
"""
APT_STUB = """#!/bin/sh
echo "apt-get $*" >>"$DESK/log"
case "$*" in *install*) rm -f "$DESK/missing" "$DESK/no-venv" ;; esac
"""


@dataclass
class Desk:
    """A copy of the set-up on a machine that is made of stubs."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    def program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def note(self, name: str, text: str = "") -> None:
        (self.folder / name).write_text(text)

    def log(self) -> list[str]:
        path = self.folder / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def set_up(self, mode: str = "run") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "scripts/setup", mode],
            cwd=self.checkout,
            env={
                "PATH": str(self.folder / "bin"),
                "DESK": str(self.folder),
                "POLICY_RC_D": str(self.folder / "policy-rc.d"),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def desk(tmp_path: Path, root: Path) -> Desk:
    """A Debian machine with root and a Python that is new enough."""
    desk = Desk(tmp_path)
    (tmp_path / "bin").mkdir()
    (desk.checkout / "scripts").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "scripts/setup"):
        shutil.copy(root / name, desk.checkout / name)
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    desk.program("id", "#!/bin/sh\necho 0\n")
    desk.program("python3", PYTHON_STUB)
    desk.program("apt-get", APT_STUB)
    desk.program("apt-cache", '#!/bin/sh\necho "Package: $2"\n')
    return desk


def test_set_up_makes_an_environment_and_installs_into_it(desk: Desk) -> None:
    run = desk.set_up()
    assert run.returncode == 0, run.stderr
    made, requirements, project = desk.log()
    assert made == "venv"
    assert requirements.endswith("install -c constraints.txt -r .venv/requirements")
    assert project.endswith("install --no-build-isolation --no-deps -e .")


def test_set_up_is_silent_and_does_nothing_the_second_time(desk: Desk) -> None:
    desk.set_up()
    desk.log()
    desk.note("offline")
    run = desk.set_up()
    assert (run.returncode, run.stdout, run.stderr, desk.log()) == (0, "", "", [])


def test_set_up_for_developers_serves_users_too(desk: Desk) -> None:
    for name in ("pdftotext", "pdftoppm"):
        desk.program(name, "#!/bin/sh\n")
    assert desk.set_up("dev").returncode == 0
    desk.log()
    assert desk.set_up("run").returncode == 0
    assert desk.log() == []


def test_set_up_follows_changed_requirements_without_a_new_environment(desk: Desk) -> None:
    desk.set_up()
    desk.log()
    (desk.checkout / "constraints.txt").write_text("typer==0.29.2\n")
    assert desk.set_up().returncode == 0
    assert [line.partition(" ")[0] for line in desk.log()] == ["pip", "pip"]


def test_set_up_replaces_an_environment_whose_python_is_gone(desk: Desk) -> None:
    desk.set_up()
    desk.log()
    (desk.checkout / ".venv/bin/python").unlink()
    assert desk.set_up().returncode == 0
    assert desk.log()[0] == "venv"


def test_set_up_replaces_an_environment_that_was_moved(desk: Desk) -> None:
    desk.set_up()
    desk.log()
    (desk.checkout / ".venv/made-in").write_text("/somewhere/else\n")
    (desk.checkout / ".venv/set-up-for-run").unlink()
    assert desk.set_up().returncode == 0
    assert desk.log()[0] == "venv"


def test_set_up_installs_the_missing_libraries_as_root(desk: Desk) -> None:
    desk.note("missing", "libpango-1.0-0 libharfbuzz-subset0")
    desk.note("no-venv")
    assert desk.set_up().returncode == 0
    assert desk.log()[:2] == [
        "apt-get update -q",
        "apt-get install -q -y --no-install-recommends libpango-1.0-0 libharfbuzz-subset0 python3.11-venv",
    ]


def test_set_up_for_developers_installs_the_pdf_readers(desk: Desk) -> None:
    assert desk.set_up("dev").returncode == 0
    assert "apt-get install -q -y --no-install-recommends poppler-utils" in desk.log()


def test_set_up_for_developers_installs_servers_without_starting_them(desk: Desk) -> None:
    """Those that are not on this machine already; while they are installed, Debian is told to start none."""
    desk.program(
        "apt-get",
        '#!/bin/sh\ncase "$*" in *strace*) sh "$DESK/policy-rc.d"; echo "may start: $?" >>"$DESK/log" ;; esac\n',
    )
    assert desk.set_up("dev").returncode == 0
    assert "may start: 101" in desk.log()
    assert not (desk.folder / "policy-rc.d").exists()


@pytest.mark.parametrize("why", ["no right", "not offered"])
def test_set_up_for_developers_goes_on_without_servers_and_says_so_once(desk: Desk, why: str) -> None:
    for name in ("pdftotext", "pdftoppm"):
        desk.program(name, "#!/bin/sh\n")
    if why == "no right":
        desk.program("id", "#!/bin/sh\necho 1000\n")
    else:
        desk.program("apt-cache", "#!/bin/sh\n")
    run = desk.set_up("dev")
    assert run.returncode == 0, run.stderr
    assert "setup: going on without " in run.stderr
    assert "to install: sudo apt-get install --no-install-recommends " in run.stderr
    assert not (desk.folder / "policy-rc.d").exists()
    again = desk.set_up("dev")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_set_up_names_the_servers_of_other_systems(desk: Desk) -> None:
    (desk.folder / "bin" / "apt-get").unlink()
    for name in ("brew", "pdftotext", "pdftoppm"):
        desk.program(name, "#!/bin/sh\n")
    run = desk.set_up("dev")
    assert run.returncode == 0, run.stderr
    assert "brew install postgresql@17 dovecot" in run.stderr


def test_set_up_asks_sudo_where_it_is_not_root(desk: Desk) -> None:
    desk.program("id", "#!/bin/sh\necho 1000\n")
    desk.program(
        "sudo",
        '#!/bin/sh\necho "sudo $*" >>"$DESK/log"\n[ "$1" != -n ] || shift\n[ "$1" = true ] || exec "$@"\n',
    )
    desk.note("missing", "libpango-1.0-0")
    assert desk.set_up().returncode == 0
    assert "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update -q" in desk.log()


def test_set_up_names_the_command_where_it_has_no_right(desk: Desk) -> None:
    desk.program("id", "#!/bin/sh\necho 1000\n")
    desk.note("missing", "libpango-1.0-0 libfontconfig1")
    run = desk.set_up()
    assert run.returncode == 1
    assert "sudo apt-get install --no-install-recommends libpango-1.0-0 libfontconfig1" in run.stderr
    assert desk.log() == []


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        pytest.param("brew", "brew install pango", id="macos"),
        pytest.param("dnf", "sudo dnf install python3 pango", id="fedora"),
        pytest.param("pacman", "sudo pacman -S python pango", id="arch"),
    ],
)
def test_set_up_names_the_command_of_other_systems(desk: Desk, manager: str, command: str) -> None:
    (desk.folder / "bin" / "apt-get").unlink()
    desk.program(manager, "#!/bin/sh\nexit 1\n")
    desk.note("missing", "libpango-1.0-0")
    run = desk.set_up()
    assert run.returncode == 1
    assert command in run.stderr


def test_set_up_takes_a_newer_python_where_python3_is_too_old(desk: Desk) -> None:
    desk.program("python3.12", PYTHON_STUB.replace("too-old", "never"))
    desk.note("too-old")
    run = desk.set_up()
    # (The environment gets the stub of python3, so the set-up goes no further than making it.)
    assert "making .venv with Python 3.11.0" in run.stderr


def test_set_up_says_what_is_wrong_where_no_python_will_do(desk: Desk) -> None:
    desk.note("too-old")
    desk.program("apt-cache", "#!/bin/sh\n")
    run = desk.set_up()
    assert run.returncode == 1
    assert "Python 3.11 or later is needed, here is Python 3.9.2" in run.stderr


def test_set_up_leaves_no_stamp_when_the_packages_cannot_be_had(desk: Desk) -> None:
    desk.note("offline")
    run = desk.set_up()
    assert run.returncode == 1
    assert "could not install the Python packages" in run.stderr
    (desk.folder / "offline").unlink()
    desk.log()
    assert desk.set_up().returncode == 0
    assert [line.partition(" ")[0] for line in desk.log()] == ["pip", "pip"]


# ── make and CI ──


def test_make_alone_tells_every_target(root: Path) -> None:
    run = subprocess.run(["make", "-C", root, "--no-print-directory"], capture_output=True, text=True, check=True)
    told = {line.split()[1] for line in run.stdout.splitlines()}
    assert told == {"help", "setup", "letters", "test", "quick", "check", "docs", "bench", "faults", "clean"}


def test_ci_runs_the_checks_and_every_test(root: Path) -> None:
    script = root / ".ci/run"
    assert stat.S_IXUSR & script.stat().st_mode
    assert script.read_text().splitlines()[-1] == "exec make check test"


# ── fonts ──


def test_the_fonts_are_those_that_their_page_names(root: Path) -> None:
    folder = root / "templates/fonts"
    named = re.findall(r"^([0-9a-f]{64})  (\S+\.ttf)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    there = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in sorted(folder.glob("*.ttf"))]
    assert there == named
    assert len(there) == 7


def test_the_script_that_makes_the_fonts_makes_these(root: Path) -> None:
    from scripts.make_fonts import COPIES, INSTANCES

    made = {instance.file for instance in INSTANCES} | set(COPIES.values())
    assert made == {path.name for path in (root / "templates/fonts").glob("*.ttf")}


def variable_font() -> bytes:
    """Return a small font with the axes of the serif, and a Latin, a Cyrillic and a Chinese letter."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((250, 700))
    pen.closePath()
    letters = {ord("A"): "A", ord("Қ"): "K", ord("中"): "C"}
    names = [".notdef", *letters.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(letters)
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Source", "styleName": "Regular", "typographicFamily": "Source Serif"})
    builder.setupOS2()
    builder.setupPost()
    builder.setupFvar([("wght", 200, 400, 900, "Weight"), ("opsz", 8, 20, 60, "Optical size")], [])
    bolder = TupleVariation({"wght": (0, 1, 1)}, [(0, 0), (100, 0), (50, 0), (0, 0), (100, 0), (0, 0), (0, 0)])
    builder.setupGvar({"A": [bolder]})
    file = BytesIO()
    builder.font.save(file)
    return file.getvalue()


def test_a_font_is_frozen_cut_renamed_and_the_same_each_time() -> None:
    from fontTools.ttLib import TTFont

    from scripts.make_fonts import INSTANCES, make

    (semibold,) = (each for each in INSTANCES if each.file == "AppealSerif-Semibold.ttf")
    source = variable_font()
    files = [BytesIO(), BytesIO()]
    for file in files:
        make(semibold, source).save(file)
    font = TTFont(files[0])
    assert files[0].getvalue() == files[1].getvalue()
    assert set(font.getBestCmap()) == {ord("A"), ord("Қ")}
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == 600
    assert {str(record) for record in font["name"].names} == {
        "AppealSerif",
        "Semibold",
        "AppealSerif Semibold",
        "AppealSerif-Semibold",
    }
    assert [round(x) for x, _ in font["glyf"]["A"].coordinates] == [
        0,
        540,
        270,
    ]  # two fifths of the way from 400 to 900


# ── what is committed ──


def committed(root: Path) -> list[Path]:
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    return [root / name for name in listing.stdout.decode().split("\0") if name and (root / name).is_file()]


def test_of_the_outbox_only_its_page_is_committed(root: Path) -> None:
    inside = [path.relative_to(root).as_posix() for path in committed(root) if path.is_relative_to(root / "outbox")]
    assert inside == ["outbox/README.md"]


def test_ignore_rules_stand_at_the_root_only(root: Path) -> None:
    assert [path for path in committed(root) if path.name == ".gitignore"] == [root / ".gitignore"]


def test_no_committed_file_names_a_package_index(root: Path) -> None:
    hosts = re.compile("|".join((r"pypi\.", r"python" + "hosted", r"deb\." + "debian", r"registry\." + "npm")).encode())
    assert hosts.search(b"see pypi.example")
    files = [path for path in committed(root) if path != Path(__file__).resolve()]
    assert len(files) > 50
    assert not [path for path in files if hosts.search(path.read_bytes())]
