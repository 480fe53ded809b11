"""`appeals doctor`: whether everything that letters need is there, and what to do where it is not."""

from __future__ import annotations

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, table


def doctor(ctx: typer.Context, *, json: Json = False) -> ExitStatus:
    """Look whether everything that letters need is there: Python, layout engine, fonts, templates, phrases, outbox.

    Each line says what was found, and what to do where something is amiss; then the exit status is 1.
    """
    from urgent_appeals.pipeline.doctor import examine  # loads the layout engine

    context = Context.of(ctx)
    findings = examine(context.directory)
    amiss = [finding for finding in findings if not finding.fine]
    if json:
        context.data(as_json(findings))
    else:
        rows = [
            ("fine" if finding.fine else "AMISS", finding.name, f"{finding.found}{_to_do(finding.to_do)}")
            for finding in findings
        ]
        context.data(table(rows, ("", "WHAT", "FOUND")))
    context.say(f"{len(amiss)} to put right" if amiss else "everything is there")
    return ExitStatus.PROBLEMS if amiss else ExitStatus.FINE


def _to_do(words: str | None) -> str:
    return f"; {words}" if words else ""
