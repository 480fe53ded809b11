"""`appeals list`: the appeals of the workspace, with their state."""

from __future__ import annotations

import typer

from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, table


def list_appeals(ctx: typer.Context, *, on: On = None, json: Json = False) -> ExitStatus:
    """List the appeals of the workspace with their state on the day: open, expired, superseded, stopped …

    Exit status 3 where the workspace has no appeal yet.
    """
    from urgent_appeals.pipeline.definitions import list_appeals as listed_on  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    listed = listed_on(context.workspace(), context.today)
    if json:
        context.data(as_json(listed))
    elif listed:
        rows = [
            (row.code, row.state, str(row.issued or ""), str(row.act_by or ""), " ".join(row.languages), row.title)
            for row in listed
        ]
        context.data(table(rows, ("CODE", "STATE", "ISSUED", "ACT BY", "LANGUAGES", "TITLE")))
    if not listed:
        context.say("no appeals here yet")
        return ExitStatus.NOTHING_TO_DO
    return ExitStatus.FINE
