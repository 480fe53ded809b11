"""`appeals check`: every problem of the definitions, at once, with its place."""

from __future__ import annotations

from typing import Annotated

import typer

from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, with_caret
from urgent_appeals.domain.problem import Problem


def check(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="One appeal and what it needs; without it, everything.")
    ] = None,
    *,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Check the definitions: files, references between them, wording in every language, lengths.

    Problems go to stdout as `file:line:column: message`, with the line and a caret. Exit status 1 where any of them is
    an error; warnings alone are fine.
    """
    from urgent_appeals.pipeline.definitions import check as check_definitions  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    checked = check_definitions(context.workspace(), code, context.today)
    if json:
        context.data(as_json([_plain(problem) for problem in checked.problems]))
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
    return ExitStatus.PROBLEMS if checked.errors else ExitStatus.FINE


def _plain(problem: Problem) -> dict[str, object]:
    fields = ("file", "line", "column", "severity", "message", "hint")
    return {field: getattr(problem, field) for field in fields}


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
