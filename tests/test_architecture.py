"""Imports point inwards, the domain is pure, heavy packages come late, modules stay small and well named.

Each rule is a function from a module's syntax tree to its breaches. Its test runs it over the package,
after a test of its own has shown that there is something to guard and that the rule bites.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PACKAGE = "urgent_appeals"
SOURCE = Path(__file__).resolve().parent.parent / "src" / PACKAGE

# Outermost first; layers of one row are siblings and do not know each other.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"cli", "web"}),
    frozenset({"pipeline"}),
    frozenset({"workspace", "render", "outbox", "log", "dispatch", "responses"}),
    # Not for the domain: find the files that come with the program, and those left half written; work within limits.
    frozenset({"limited", "packaged", "unfinished"}),
    frozenset({"domain"}),
    frozenset({"errors"}),
)
OUTSIDE = frozenset({"__init__", "__main__"})

IMPURE_MODULES = frozenset(
    {
        "asyncio",
        "ctypes",
        "fcntl",
        "ftplib",
        "getpass",
        "glob",
        "http",
        "imaplib",
        "importlib",
        "io",
        "locale",
        "logging",
        "mailbox",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "random",
        "resource",
        "sched",
        "secrets",
        "select",
        "shelve",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "syslog",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "uuid",
        "webbrowser",
        "zoneinfo",
        "babel",
        "jinja2",
        "pypdf",
        "requests",
        "rich",
        "ruamel",
        "segno",
        "sqlalchemy",
        "typer",
        "weasyprint",
    }
)
PURE_PATHS = frozenset({"pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath"})
IMPURE_CALLS = frozenset({"print", "input", "open", "exec", "eval", "__import__", "breakpoint"})
CLOCK_METHODS = frozenset({"now", "utcnow", "today"})
HEAVY = frozenset(
    {
        "weasyprint",
        "babel",
        "sqlalchemy",
        "alembic",
        "pypdf",
        "segno",
        "pikepdf",
        "PIL",
        "starlette",
        "uvicorn",
    }
)
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "tools"})
# Modules that cannot do without a heavy package as they load, having a class based on one of its classes, or tables:
# only functions, and each other, may import them.
LATE_MODULES = frozenset(
    {
        "render/fetcher.py",
        "log/backup.py",
        "log/engine.py",
        "log/look_up.py",
        "log/merge.py",
        "log/migrations/env.py",
        "log/migrations/versions/events.py",
        "log/migrations/versions/fates.py",
        "log/people.py",
        "log/restored.py",
        "log/schema.py",
        "log/store.py",
        "log/tables.py",
        "log/verify.py",
        "log/writer.py",
    }
)
LONGEST_MODULE = 400


@dataclass(frozen=True)
class Module:
    """A module of the package: its path below the package, and its text."""

    path: str
    text: str

    @property
    def layer(self) -> str:
        return self.path.removesuffix(".py").split("/")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)


Rule = Callable[[Module], Iterator[str]]


@cache
def modules() -> tuple[Module, ...]:
    return tuple(
        Module(path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))
    )


def imports(module: Module, *, top_level_only: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the dotted name and the line of each import; of `from a import b` both `a` and `a.b`."""
    for node in _nodes(module.tree, top_level_only=top_level_only):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(module, node)
            yield origin, node.lineno
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parents = [PACKAGE, *module.path.split("/")[:-1]]
    return ".".join([*parents[: len(parents) - node.level + 1], *([node.module] if node.module else [])])


def _nodes(tree: ast.AST, *, top_level_only: bool) -> Iterator[ast.AST]:
    """Walk a tree; with `top_level_only` only what runs at import, not functions nor `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if top_level_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if top_level_only and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _nodes(node, top_level_only=top_level_only)


def rank(layer: str) -> int | None:
    return next((at for at, row in enumerate(LAYERS) if layer in row), None)


def outward_imports(module: Module) -> Iterator[str]:
    """Imports that point outwards or to a sibling layer."""
    here = rank(module.layer)
    for name, line in imports(module):
        parts = name.split(".")
        if parts[0] != PACKAGE or len(parts) < 2 or here is None:
            continue
        there = rank(parts[1])
        if there is not None and parts[1] != module.layer and there <= here:
            yield f"{module.path}:{line}: {module.layer} imports {parts[1]}"


def layerless(module: Module) -> Iterator[str]:
    """Modules that stand in no layer."""
    if module.layer not in OUTSIDE and rank(module.layer) is None:
        yield f"{module.path}: {module.layer} is no layer; LAYERS in this test names them"


def impurities(module: Module) -> Iterator[str]:
    """What a domain module may not do: files, clock, network, randomness, printing."""
    if module.layer != "domain":
        return
    for name, line in imports(module):
        if name in PURE_PATHS or (name == "pathlib" and _only_pure_paths(module, line)):
            continue
        if name in IMPURE_MODULES or name.split(".")[0] in IMPURE_MODULES:
            yield f"{module.path}:{line}: the domain imports {name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                yield f"{module.path}:{node.lineno}: the domain calls {called.id}()"
            if isinstance(called, ast.Attribute) and called.attr in CLOCK_METHODS:
                yield f"{module.path}:{node.lineno}: the domain asks the clock: {ast.unparse(called)}()"


def _only_pure_paths(module: Module, line: int) -> bool:
    return all(
        isinstance(node, ast.ImportFrom) and all(f"pathlib.{alias.name}" in PURE_PATHS for alias in node.names)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno == line
    )


def early_heavy_imports(module: Module) -> Iterator[str]:
    """Heavy packages imported with the module rather than in the function that needs them."""
    if module.path in LATE_MODULES:
        return
    late = {f"{PACKAGE}.{path.removesuffix('.py').replace('/', '.')}" for path in LATE_MODULES}
    for name, line in imports(module, top_level_only=True):
        if name.split(".")[0] in HEAVY or name in late:
            yield f"{module.path}:{line}: {name} is imported with the module"


def empty_names(module: Module) -> Iterator[str]:
    """Modules named after nothing."""
    if EMPTY_NAMES & set(module.path.removesuffix(".py").split("/")):
        yield f"{module.path}: says nothing of what is in it"


def overlong(module: Module) -> Iterator[str]:
    """Modules that have grown two ideas."""
    if (lines := module.text.count("\n")) > LONGEST_MODULE:
        yield f"{module.path}: {lines} lines"


def globals_rebound(module: Module) -> Iterator[str]:
    """Functions that rebind what belongs to their module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield f"{module.path}:{node.lineno}: global {', '.join(node.names)}"


def prints_elsewhere(module: Module) -> Iterator[str]:
    """Printing or exiting outside of `cli` and `web`."""
    if module.layer in ("cli", "web", "__main__"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "print",
            "sys.exit",
            "exit",
            "quit",
            "quit",
        ):
            yield f"{module.path}:{node.lineno}: {ast.unparse(node.func)}()"


BREACHES: tuple[tuple[Rule, Module], ...] = (
    (outward_imports, Module("domain/a.py", f"from {PACKAGE}.render import html")),
    (outward_imports, Module("domain/a.py", f"import {PACKAGE}.cli.main")),
    (outward_imports, Module("domain/a.py", f"from {PACKAGE} import pipeline")),
    (outward_imports, Module("domain/a.py", "from ..workspace import read")),
    (outward_imports, Module("render/a.py", f"def f():\n    from {PACKAGE}.outbox import b")),
    (outward_imports, Module("domain/a.py", f"from {PACKAGE} import packaged")),
    (outward_imports, Module("errors.py", f"from {PACKAGE}.domain import a")),
    (layerless, Module("letters.py", "")),
    (impurities, Module("domain/a.py", "import os.path")),
    (impurities, Module("domain/a.py", "from pathlib import Path")),
    (impurities, Module("domain/a.py", "from pathlib import Path, PurePath")),
    (impurities, Module("domain/a.py", "import pathlib")),
    (impurities, Module("domain/a.py", "import datetime\nx = datetime.date.today()")),
    (impurities, Module("domain/a.py", "def f():\n    print('x')")),
    (impurities, Module("domain/a.py", "def f():\n    import random")),
    (early_heavy_imports, Module("render/a.py", "import weasyprint")),
    (
        early_heavy_imports,
        Module("render/a.py", "try:\n    from babel.dates import format_date\nexcept ImportError: pass"),
    ),
    (early_heavy_imports, Module("render/a.py", f"from {PACKAGE}.render import fetcher")),
    (early_heavy_imports, Module("pipeline/a.py", f"from {PACKAGE}.render.fetcher import Fetcher")),
    (empty_names, Module("render/utils.py", "")),
    (empty_names, Module("helpers/a.py", "")),
    (overlong, Module("render/a.py", "x\n" * (LONGEST_MODULE + 1))),
    (globals_rebound, Module("render/a.py", "def f():\n    global x")),
    (prints_elsewhere, Module("pipeline/a.py", "import sys\nsys.exit(1)")),
)
ALLOWED: tuple[tuple[Rule, Module], ...] = (
    (
        outward_imports,
        Module("pipeline/a.py", f"from {PACKAGE}.render import html\nfrom {PACKAGE}.outbox import b"),
    ),
    (
        outward_imports,
        Module("domain/a.py", f"from {PACKAGE}.domain.b import c\nfrom {PACKAGE} import errors"),
    ),
    (early_heavy_imports, Module("render/a.py", "def f():\n    import weasyprint")),
    (early_heavy_imports, Module("render/a.py", "if TYPE_CHECKING:\n    import weasyprint")),
    (impurities, Module("render/a.py", "import os")),
    (impurities, Module("domain/a.py", "import re\nfrom datetime import date")),
    (impurities, Module("domain/a.py", "from pathlib import PurePosixPath")),
    (outward_imports, Module("render/a.py", f"from {PACKAGE} import packaged")),
)
RULES = tuple(dict.fromkeys(rule for rule, _ in BREACHES))


@pytest.mark.parametrize(("rule", "module"), BREACHES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_bites(rule: Rule, module: Module) -> None:
    assert list(rule(module))


@pytest.mark.parametrize(("rule", "module"), ALLOWED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_leaves_alone_what_is_right(rule: Rule, module: Module) -> None:
    assert not list(rule(module))


@pytest.mark.parametrize("layer", ["cli", "pipeline", "workspace", "render", "outbox", "domain"])
def test_there_is_something_to_guard_in(layer: str) -> None:
    assert [name for module in modules() if module.layer == layer for name, _ in imports(module)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps(rule: Rule) -> None:
    assert not [breach for module in modules() for breach in rule(module)]


def test_heavy_packages_are_used_at_all() -> None:
    used = {name.split(".")[0] for module in modules() for name, _ in imports(module)}
    assert {"weasyprint", "babel"} <= used & HEAVY


LOADED = f"""
import sys
from {PACKAGE}.cli.main import main
status = main(sys.argv[1:])
print("loaded:", *sorted(set(sys.modules) & {{"weasyprint", "sqlalchemy", "babel", "pydantic", "rich"}}))
sys.exit(status)
"""


def loaded_by(*arguments: str | Path) -> tuple[int, set[str]]:
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    last = run.stdout.splitlines()[-1]
    assert last.startswith("loaded:"), run.stderr
    return run.returncode, set(last.split()[1:])


def test_the_probe_sees_what_is_loaded(tmp_path: Path) -> None:
    script = LOADED.replace("status =", "import pydantic; status =")
    run = subprocess.run([sys.executable, "-c", script, "--version"], capture_output=True, text=True, check=True)
    assert "pydantic" in run.stdout


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by("--help") == (0, set())


def test_check_loads_neither_layout_nor_database_nor_locales(root: Path) -> None:
    status, loaded = loaded_by("-C", root, "check")
    assert status == 0
    assert not loaded & {"weasyprint", "sqlalchemy", "babel"}
