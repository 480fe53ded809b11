"""Problems say where they are, what is wrong and what to do."""

from __future__ import annotations

import pytest

from urgent_appeals.domain.problem import Origin, Path, Problem, Severity

ORIGIN = Origin(
    "appeals/x/00/appeal.yaml",
    "code: x\ndates:\n  issued: 2026-01-01\n",
    {("code",): (1, 7), ("dates",): (2, 1), ("dates", "issued"): (3, 11)},
)


@pytest.mark.parametrize(
    ("path", "place", "line"),
    [
        pytest.param(("dates", "issued"), (3, 11), "  issued: 2026-01-01", id="the value itself"),
        pytest.param(("dates", "act_by", "post"), (2, 1), "dates:", id="its nearest ancestor"),
        pytest.param(("title",), (1, 1), "code: x", id="the top of the file"),
        pytest.param((), (1, 1), "code: x", id="the file as a whole"),
    ],
)
def test_a_problem_stands_at_its_value_or_what_holds_it(path: Path, place: tuple[int, int], line: str) -> None:
    problem = ORIGIN.problem(path, "is wrong")
    assert (problem.file, problem.line, problem.column) == ("appeals/x/00/appeal.yaml", *place)
    assert problem.text == line


def test_the_whole_document_may_have_a_place_of_its_own() -> None:
    assert ORIGIN.problem((), "is wrong").line == 1
    assert Origin("f", "a\nb", {(): (2, 1)}).problem(("x", 0), "is wrong").text == "b"


def test_a_place_beyond_the_text_has_no_line_to_show() -> None:
    assert Origin("f", "one", {("x",): (9, 1)}).problem(("x",), "is wrong").text == ""


def test_lines_are_counted_as_editors_do() -> None:
    assert Origin("f", "a\x0cb\nc", {("x",): (2, 1)}).problem(("x",), "is wrong").text == "c"


def test_a_problem_is_an_error_unless_it_is_a_warning() -> None:
    assert ORIGIN.problem((), "is wrong").severity is Severity.ERROR
    assert ORIGIN.warning((), "is odd", hint="look").severity is Severity.WARNING
    assert Problem.at("f", 1, 2, "is wrong").severity is Severity.ERROR


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        pytest.param(Problem.at("f.md", 3, 5, "is wrong", "the line"), "f.md:3:5: is wrong", id="error"),
        pytest.param(
            ORIGIN.warning(("code",), "is odd"),
            "appeals/x/00/appeal.yaml:1:7: warning: is odd",
            id="warning",
        ),
        pytest.param(
            ORIGIN.problem(("code",), "no office 'x'", hint="did you mean 'y'?"),
            "appeals/x/00/appeal.yaml:1:7: no office 'x', did you mean 'y'?",
            id="with a hint",
        ),
        pytest.param(
            ORIGIN.warning(("code",), "does it still say the same?", hint="if so: say it"),
            "appeals/x/00/appeal.yaml:1:7: warning: does it still say the same? if so: say it",
            id="with a hint to a question",
        ),
    ],
)
def test_a_problem_reads_file_line_column_message_hint(problem: Problem, said: str) -> None:
    assert str(problem) == said


def test_problems_that_differ_only_in_the_line_shown_are_one() -> None:
    assert Problem.at("f", 1, 1, "is wrong", "a") == Problem.at("f", 1, 1, "is wrong", "b")
