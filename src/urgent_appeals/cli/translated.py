"""`appeals translated`: record that translations say the same as the original does now."""

from __future__ import annotations

from typing import Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_language
from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json


def translated(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The appeal.", autocompletion=complete_code)],
    lang: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LANG]…", help="The translations; all without.", autocompletion=complete_language),
    ] = None,
    *,
    json: Json = False,
) -> ExitStatus:
    """Record that translations say what the original says now: its digest goes into appeal.yaml.

    From then on `appeals check` tells when the original has changed, whatever the times of the files.
    """
    from urgent_appeals.pipeline.writing import declare_translated  # loads Pydantic and the YAML reader

    context = Context.of(ctx)
    declared = declare_translated(context.workspace(), code, lang or [], context.today)
    if json:
        context.data(as_json(declared))
    else:
        for language, digest in declared.items():
            context.data(f"{language}: {digest}")
    return ExitStatus.FINE
