"""The command itself: its help, its options, its exit statuses, and how it tells of errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING

import pydantic
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals import __version__, errors
from urgent_appeals.cli import lazy, main, output
from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus, status_of
from urgent_appeals.cli.lazy import Entry
from urgent_appeals.cli.output import with_caret
from urgent_appeals.domain.problem import Origin

if TYPE_CHECKING:
    from tests.conftest import Appeals

HOSTILE = "\x1b]0;x\x07 \x1b[2J [/closing] [link=file:///etc/passwd] \u202efdp.exe \x9b31m \r over\x00"


def every_error() -> list[type[errors.AppealsError]]:
    found = [errors.AppealsError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., object]], None]:
    """Return a function that puts a function of the test in the table as the command `try`."""

    def add(function: Callable[..., object]) -> None:
        module = ModuleType("commands_of_a_test")
        module.__dict__["attempt"] = function
        monkeypatch.setitem(sys.modules, module.__name__, module)
        entry = Entry("try", module.__name__, "attempt", "Try it.", "Write")
        monkeypatch.setattr(main, "COMMANDS", (entry,))

    return add


# ── help and options ──


def test_without_a_command_it_shows_the_help(appeals: Appeals) -> None:
    assert appeals() == appeals("--help")
    assert appeals().status == 0


def test_the_help_names_every_command_in_its_panel(appeals: Appeals) -> None:
    text = appeals("--help").out
    for entry in main.COMMANDS:
        assert f"  {entry.name} " in text.partition(f"\n{entry.panel}:\n")[2].partition("\n\n")[0], entry.name


@pytest.mark.parametrize("entry", main.COMMANDS, ids=lambda entry: entry.name)
def test_the_line_in_the_list_and_the_command_s_own_help_say_the_same_verb(entry: Entry) -> None:
    command = lazy.load(entry)
    assert (command.help or "").split()[0] == entry.help.split()[0]
    assert len(entry.help) <= 70


@pytest.mark.parametrize("entry", main.COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_help_and_explains_each_option(entry: Entry, appeals: Appeals) -> None:
    assert appeals(entry.name, "--help").status == 0
    command = lazy.load(entry)
    for each in [command, *getattr(command, "commands", {}).values()]:
        for parameter in each.params:
            assert getattr(parameter, "help", None), f"{each.name}: {parameter.name}"


def test_the_help_of_one_command_loads_no_other(
    appeals: Appeals, command: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    command(lambda: None)
    missing = Entry("other", "urgent_appeals.no_such_module", "other", "Never loaded.", "Write")
    monkeypatch.setattr(main, "COMMANDS", (*main.COMMANDS, missing))
    assert appeals("try", "--help").status == 0
    assert "Never loaded." in appeals("--help").out


def test_the_version_is_the_package_s(appeals: Appeals) -> None:
    assert appeals("--version").out == f"appeals {__version__}\n"


def test_options_before_the_command_reach_it(appeals: Appeals, command: Callable[..., None], tmp_path: Path) -> None:
    seen: list[Context] = []

    def attempt(ctx: typer.Context) -> None:
        seen.append(Context.of(ctx))

    command(attempt)
    assert appeals("-C", tmp_path, "-q", "-v", "--on", "2003-03-13", "try").status == 0
    assert seen == [Context(tmp_path, quiet=True, verbose=True, on=date(2003, 3, 13))]
    assert seen[0].today == date(2003, 3, 13)


def test_the_date_after_the_command_goes_before_that_before_it(appeals: Appeals, command: Callable[..., None]) -> None:
    seen: list[date | None] = []

    def attempt(ctx: typer.Context, on: On = None, json: Json = False) -> None:
        seen.append(Context.of(ctx, on=on).on)

    command(attempt)
    appeals("--on", "2003-03-13", "try", "--on", "2019-06-01", "--json")
    assert seen == [date(2019, 6, 1)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["lettters"], "no such command 'lettters'. Did you mean 'letters'?", id="command"),
        pytest.param(["--on", "13.3.2003", "list"], "'13.3.2003' is no date like 2003-03-13", id="date"),
        pytest.param(["-C", "/no/such/folder", "list"], "no directory '/no/such/folder'", id="directory"),
        pytest.param(["--loud"], "no such option: --loud", id="option"),
    ],
)
def test_a_wrong_use_is_named_on_stderr(appeals: Appeals, arguments: list[str], message: str) -> None:
    run = appeals(*arguments)
    assert (run.status, run.out) == (ExitStatus.USAGE, "")
    assert message in run.err
    assert "for help: appeals --help" in run.err


# ── how it ends ──


def test_a_command_s_status_is_the_program_s(appeals: Appeals, command: Callable[..., None]) -> None:
    command(lambda: ExitStatus.PARTLY_DONE)
    assert appeals("try").status == 5


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(errors.CaseCodeError("x"), 2, id="code"),
        pytest.param(errors.NotAWorkspace("x"), 2, id="workspace"),
        pytest.param(errors.UnknownAppeal("x"), 2, id="appeal"),
        pytest.param(errors.UnknownChoice("language", "x", []), 2, id="choice"),
        pytest.param(errors.NothingToDo("x"), 3, id="nothing"),
        pytest.param(errors.DefinitionsBroken([]), 1, id="broken"),
        pytest.param(errors.LimitExceeded("x", "y"), 1, id="by-its-parent"),
    ],
)
def test_an_error_is_told_in_one_line_with_its_status(
    appeals: Appeals, command: Callable[..., None], error: errors.AppealsError, status: int
) -> None:
    def attempt() -> None:
        raise error

    command(attempt)
    run = appeals("try")
    assert (run.status, run.out, run.err) == (status, "", f"appeals: {error}\n")


def test_an_appeal_that_is_not_open_is_refused_with_the_way_to_go_on(
    appeals: Appeals, command: Callable[..., None]
) -> None:
    def attempt() -> None:
        raise errors.AppealNotOpen("x", "expired", "y")

    command(attempt)
    run = appeals("try")
    assert run.status == 1
    assert run.err.startswith("appeals: x is expired: y\n")
    assert "--override REASON" in run.err


def test_a_missing_code_is_told_with_where_the_codes_are(appeals: Appeals) -> None:
    for name in ("letters", "show"):
        assert "`appeals list` names the appeals" in appeals(name).err


def test_the_common_options_stand_after_the_command_too(
    appeals: Appeals, command: Callable[..., None], tmp_path: Path
) -> None:
    seen: list[Context] = []

    def attempt(ctx: typer.Context) -> None:
        seen.append(Context.of(ctx))
        raise ValueError

    command(attempt)
    run = appeals("try", "-q", "-v", "-C", tmp_path)
    assert (seen[0].directory, seen[0].quiet, seen[0].verbose) == (tmp_path, True, True)
    assert "Traceback" in run.err
    assert appeals("try", "-C", tmp_path / "nowhere").status == 2
    assert "--quiet" not in appeals("try", "--help").out


def test_every_error_has_a_status() -> None:
    assert len(every_error()) > 10
    for kind in every_error():
        assert status_of(kind.__new__(kind)) in ExitStatus


def test_broken_definitions_are_shown_with_line_and_caret(appeals: Appeals, command: Callable[..., None]) -> None:
    origin = Origin("campaign.yaml", "name: Observatory\nlanguges: en\n", {("languges",): (2, 1)})

    def attempt() -> None:
        raise errors.DefinitionsBroken([origin.problem(("languges",), "unknown key", hint="did you mean 'languages'?")])

    command(attempt)
    assert appeals("try").err.splitlines() == [
        "campaign.yaml:2:1: unknown key, did you mean 'languages'?",
        "    languges: en",
        "    ^",
        "appeals: 1 problem to put right first",
    ]


def test_a_fault_tells_where_but_not_whose_data(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt() -> None:
        supporter = "Jane of 5 Secret Street"
        raise KeyError(supporter)

    command(attempt)
    run = appeals("try")
    assert run.status == ExitStatus.PROBLEMS
    assert "KeyError in test_main.py:" in run.err
    assert "report" in run.err
    assert "Traceback" not in run.err
    assert "Secret" not in run.err


def test_a_fault_shows_its_traceback_when_asked_but_no_values(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt() -> None:
        supporter = "".join(["Jane of 5 ", "Secr", "et Street"])
        raise KeyError(len(supporter))

    command(attempt)
    run = appeals("-v", "try")
    assert "Traceback" in run.err
    assert "Secret" not in run.err


def test_the_keyboard_interrupts_with_130(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt() -> None:
        raise KeyboardInterrupt

    command(attempt)
    run = appeals("try")
    assert (run.status, run.err) == (130, "\nappeals: interrupted; what was not finished was not kept\n")


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    program = "import sys; from urgent_appeals.cli.main import main; sys.exit(main(['--help']))"
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (run.returncode, run.stderr) == (0, b"")


def test_a_broken_pipe_elsewhere_is_a_fault(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt() -> None:
        raise BrokenPipeError

    command(attempt)
    assert appeals("try").status == ExitStatus.PROBLEMS


def test_python_m_runs_the_same_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "urgent_appeals", "--version"], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"appeals {__version__}\n"


def test_the_shell_completes_names_of_commands() -> None:
    surroundings = {
        **os.environ,
        "_APPEALS_COMPLETE": "complete_bash",
        "COMP_WORDS": "appeals le",
        "COMP_CWORD": "1",
    }
    run = subprocess.run(
        [sys.executable, "-m", "urgent_appeals"], capture_output=True, text=True, env=surroundings, check=True
    )
    assert run.stdout.split() == ["letters"]


# ── what it prints ──


def test_data_goes_to_stdout_and_talk_to_stderr(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt(ctx: typer.Context) -> None:
        context = Context.of(ctx)
        context.data("data")
        context.say("talk")

    command(attempt)
    run = appeals("try")
    assert (run.out, run.err) == ("data\n", "talk\n")
    assert appeals("-q", "try").err == ""


def test_nothing_hostile_reaches_the_terminal(appeals: Appeals, command: Callable[..., None]) -> None:
    def attempt(ctx: typer.Context) -> None:
        Context.of(ctx).data(HOSTILE)
        raise errors.NothingToDo(HOSTILE)

    command(attempt)
    run = appeals("try")
    expected = "\\x1b]0;x\\x07 \\x1b[2J [/closing] [link=file:///etc/passwd] \\u202efdp.exe \\x9b31m \\x0d over\\x00\n"
    assert run.out == expected
    assert run.err == f"appeals: {expected}"


def test_nothing_hostile_in_an_argument_reaches_the_terminal(appeals: Appeals) -> None:
    assert not set(appeals(HOSTILE.replace("\x00", "")).err) & {"\x1b", "\u202e", "\x9b", "\r", "\x07"}


@pytest.mark.parametrize("text", ["Қазақстан", "قازاق", "नमस्ते", "می\u200cخواهم", "tab\tand\nline", "e\u0301"])
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert output.escape(text) == text


@given(st.text(st.characters()))
def test_escaping_leaves_no_control_character_and_is_done_once(text: str) -> None:
    escaped = output.escape(text)
    assert output.escape(escaped) == escaped
    assert all(character.isprintable() or character in "\t\n" or ord(character) >= 0xA0 for character in escaped)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(st.characters()), st.lists))
def test_json_comes_back_as_it_was_and_holds_nothing_hostile(thing: object) -> None:
    document = output.as_json(thing)
    assert json.loads(document) == thing
    assert output.escape(document) == document


class Mood(StrEnum):
    FINE = "fine"


class Letter(pydantic.BaseModel):
    on: date
    sender: str | None = None
    lines: tuple[str, ...] = ()


def test_json_says_dates_paths_words_and_models_plainly() -> None:
    letter = Letter(on=date(2003, 3, 13), lines=("Алматы",))
    document = output.as_json([letter, Mood.FINE, PurePosixPath("outbox/a.pdf"), {"b"}])
    assert json.loads(document) == [
        {"on": "2003-03-13", "sender": None, "lines": ["Алматы"]}, "fine", "outbox/a.pdf", ["b"],
    ]  # fmt: skip
    assert "Алматы" in document


def test_json_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="no JSON for object"):
        output.as_json(object())


def test_a_table_lines_up_as_the_eye_sees_it() -> None:
    rows = [["KAZ 001", "e\u0301te\u0301"], ["東京", "x\ny\x1b"], ["", "z"]]
    assert output.table(rows, ["code", "title"]).splitlines() == [
        "code     title",
        "KAZ 001  e\u0301te\u0301",
        "東京     x y\\x1b",
        "         z",
    ]


def test_a_caret_stands_under_its_place_after_wide_and_hostile_characters() -> None:
    origin = Origin("a.yaml", "東\x1b: x\n", {("x",): (1, 5)})
    assert output.with_caret(origin.problem(("x",), "wrong")).splitlines() == [
        "a.yaml:1:5: wrong",
        "    東\\x1b: x",
        "            ^",
    ]


def test_of_a_long_line_only_what_is_around_the_caret_is_shown() -> None:
    text = "a" * 300 + "HERE" + "b" * 300
    problem = Origin("f", text, {("x",): (1, 301)}).problem(("x",), "wrong")
    _, line, caret = with_caret(problem).split("\n")
    assert len(line) < 100
    assert line[caret.index("^") :].startswith("HERE")
    assert (line.strip()[0], line[-1]) == ("…", "…")


def test_a_problem_without_a_line_is_told_without_a_caret() -> None:
    assert output.with_caret(Origin("a.yaml").problem((), "missing")) == "a.yaml:1:1: missing"


def test_a_terminal_that_knows_ascii_only_gets_spelled_out_characters() -> None:
    program = "from urgent_appeals.cli.output import data; data('Қ')"
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, env=surroundings, check=True)
    assert run.stdout == b"\\u049a\n"
