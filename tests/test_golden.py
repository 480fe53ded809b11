"""The golden files' own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

USES_ONE = """
def test_one(golden):
    golden.check("one.txt", "as expected\\n")
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, root: Path) -> pytest.Pytester:
    """A small suite with one test that uses one golden file, which is there."""
    pytester.makeini(f"[pytest]\ntestpaths = tests\npythonpath = {root}\naddopts = -p tests.golden -p no:cacheprovider")
    folder = pytester.mkdir("tests")
    (folder / "test_it.py").write_text(USES_ONE)
    (folder / "golden_files").mkdir()
    (folder / "golden_files" / "one.txt").write_text("as expected\n")
    return pytester


def test_what_comes_out_as_expected_passes(suite: pytest.Pytester) -> None:
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert result.ret == 0


def test_what_comes_out_otherwise_fails_with_the_difference(suite: pytest.Pytester) -> None:
    (suite.path / "tests/golden_files/one.txt").write_text("as it was\n")
    result = suite.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*-as it was", "*+as expected"])


def test_a_missing_golden_file_fails_and_says_how_to_make_it(suite: pytest.Pytester) -> None:
    (suite.path / "tests/golden_files/one.txt").unlink()
    result = suite.runpytest_subprocess()
    result.stdout.fnmatch_lines(["*no golden file one.txt*--update-golden*"])


def test_updating_writes_what_came_out(suite: pytest.Pytester) -> None:
    (suite.path / "tests/golden_files/one.txt").write_text("as it was\n")
    assert suite.runpytest_subprocess("--update-golden").ret == 0
    assert (suite.path / "tests/golden_files/one.txt").read_text() == "as expected\n"


@pytest.mark.parametrize("workers", [pytest.param((), id="one-process"), pytest.param(("-n", "2"), id="xdist")])
def test_an_unused_golden_file_is_an_error(suite: pytest.Pytester, workers: tuple[str, ...]) -> None:
    (suite.path / "tests/golden_files/nobody.txt").write_text("")
    result = suite.runpytest_subprocess(*workers)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*golden files that no test uses*", "tests/golden_files/nobody.txt"])


@pytest.mark.parametrize("choice", [("-k", "one"), ("tests/test_it.py",)], ids=["by-name", "by-file"])
def test_part_of_the_suite_leaves_unused_files_alone(suite: pytest.Pytester, choice: tuple[str, ...]) -> None:
    (suite.path / "tests/golden_files/nobody.txt").write_text("")
    assert suite.runpytest_subprocess(*choice).ret == 0


def test_a_skipped_test_does_not_make_its_file_unused(suite: pytest.Pytester) -> None:
    (suite.path / "tests/test_it.py").write_text("import pytest\n@pytest.mark.skip(reason='no')" + USES_ONE)
    assert suite.runpytest_subprocess().ret == 0
