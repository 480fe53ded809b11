"""Compare long outputs with files: the fixture `golden`; a golden file that nobody uses is an error.

    def test_the_letter_reads_as_it_should(golden: Golden) -> None:
        golden.check("letters/kazakhstan-president_en.txt", text)

`pytest --update-golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = "golden_files"
"""The folder of golden files, beside this module."""


class Golden:
    """What a test expects, in files below one folder."""

    def __init__(self, folder: Path, *, update: bool) -> None:
        self.folder = folder
        self.update = update
        self.used: list[str] = []

    def check(self, name: str, actual: str | bytes) -> None:
        """Fail with the difference unless the file of this name holds just what came out."""
        self.used.append(name)
        path = self.folder / name
        data = actual.encode() if isinstance(actual, str) else actual
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            return
        if not path.is_file():
            pytest.fail(f"no golden file {name}; make it with: pytest --update-golden", pytrace=False)
        expected = path.read_bytes()
        if expected != data:
            pytest.fail(f"{name} is not what came out (pytest --update-golden):\n{_difference(expected, data)}", False)


def _difference(expected: bytes, actual: bytes) -> str:
    old, new = (data.decode(errors="backslashreplace").splitlines(True) for data in (expected, actual))
    shown = list(difflib.unified_diff(old, new, "golden", "came out", n=2))
    return "".join(line if line.endswith("\n") else f"{line}⏎ missing\n" for line in shown[:200])


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Golden]:
    """Give the golden files to a test, and note which of them it used."""
    expected = Golden(_folder(request.config), update=request.config.getoption("--update-golden"))
    yield expected
    request.node.user_properties.extend(("golden", name) for name in expected.used)


def _folder(config: pytest.Config) -> Path:
    return config.rootpath / "tests" / FOLDER


class UnusedFiles:
    """Find the golden files that no test used, when the whole suite ran and all its golden tests passed."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.used: set[str] = set()
        self.incomplete = False
        self.unused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test used; with xdist this runs where the results are gathered."""
        properties = report.user_properties
        self.used.update(str(value) for name, value in properties if name == "golden")
        if not report.passed and ("golden-test", True) in map(tuple, properties):
            self.incomplete = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Turn a passed run with unused files into a failed one."""
        if exitstatus != pytest.ExitCode.OK or self.incomplete or not self._whole_suite():
            return
        folder = _folder(self.config)
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self.unused = sorted(there - self.used)
        if self.unused:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _whole_suite(self) -> bool:
        option = self.config.option
        chosen = (
            option.keyword,
            option.markexpr,
            option.deselect,
            getattr(option, "lf", False),
            option.collectonly,
        )
        return self.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(chosen)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the unused files."""
        if self.unused:
            terminalreporter.section("golden files that no test uses", red=True)
            for name in self.unused:
                terminalreporter.line(f"tests/{FOLDER}/{name}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew from what comes out")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for unused files where the results are gathered, not in the workers of xdist."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(UnusedFiles(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that compare with golden files, so that a skipped one leaves its files alone."""
    for item in items:
        if "golden" in getattr(item, "fixturenames", ()):
            item.user_properties.append(("golden-test", True))
