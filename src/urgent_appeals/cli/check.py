"""`appeals check`: every problem of the definitions, at once, with its place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code
from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus, status_of
from urgent_appeals.cli.output import as_json, with_caret
from urgent_appeals.domain.problem import Problem
from urgent_appeals.errors import AppealsError, DefinitionsBroken

if TYPE_CHECKING:
    from urgent_appeals.pipeline.definitions import Checked

_CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def check(
    ctx: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="One appeal and what it needs; without it, everything.", autocompletion=complete_code
        ),
    ] = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again at every save; Ctrl-C ends it, with the last exit status.")
    ] = False,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Check the definitions: files, references between them, wording in every language, lengths.

    Problems go to stdout as `file:line:column: message`, with the line and a caret. Exit status 1 where any of them is
    an error; warnings alone are fine. With --watch and --json each check is one line: a document of its own.
    """
    context = Context.of(ctx, on=on)
    if watch:
        return _watch(context, code, json=json)
    checked = _checked(context, code)
    _tell(context, checked, json=json)
    return _status(checked)


def _checked(context: Context, code: str | None) -> Checked:
    from urgent_appeals.pipeline.definitions import Checked  # loads Pydantic and the YAML reader
    from urgent_appeals.pipeline.definitions import check as check_definitions

    try:
        return check_definitions(context.workspace(), code, context.today)
    except DefinitionsBroken as error:  # the file that is broken may be the appeal's own: that is what was asked
        problems = tuple(problem for problem in error.problems if isinstance(problem, Problem))
        return Checked(problems, appeals=0, directories=0)


def _status(checked: Checked) -> ExitStatus:
    return ExitStatus.PROBLEMS if checked.errors else ExitStatus.FINE


def _tell(context: Context, checked: Checked, *, json: bool, in_one_line: bool = False) -> None:
    if json:
        context.data(as_json([_plain(problem) for problem in checked.problems], in_one_line=in_one_line))
    else:
        for problem in checked.problems:
            context.data(with_caret(problem))
    for link in checked.links:
        context.say(f"mail link to {link.recipient} in {link.language}: {link.encoded} characters, {link.holds}")
    warnings = len(checked.problems) - checked.errors
    context.say(
        f"{_count(checked.appeals, 'appeal')}, {_count(checked.directories, 'directory', 'directories')}: "
        f"{_count(checked.errors, 'error')}, {_count(warnings, 'warning')}"
    )


def _watch(context: Context, code: str | None, *, json: bool) -> ExitStatus:
    """Check at every save until interrupted; what ends a single check is told, and waits for the next save."""
    from urgent_appeals.pipeline.watching import changes  # keeps an eye on files; a single check does not
    from urgent_appeals.workspace.read import find_root

    root = find_root(context.directory)
    status = ExitStatus.FINE
    try:
        for _ in changes(root):
            if sys.stdout.isatty() and not json:
                sys.stdout.write(_CLEAR)
            try:
                checked = _checked(context, code)
                status = _status(checked)
                _tell(context, checked, json=json, in_one_line=True)
            except AppealsError as error:
                status = status_of(error)
                context.say(str(error))
            context.say("watching for the next save; Ctrl-C ends")
    except KeyboardInterrupt:
        context.say("")
    return status


def _plain(problem: Problem) -> dict[str, object]:
    fields = ("file", "line", "column", "severity", "message", "hint")
    return {field: getattr(problem, field) for field in fields}


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
