"""`appeals doctor`: whether everything that letters need is there, and what to do where it is not."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import Ticker, as_json, table

if TYPE_CHECKING:
    from urgent_appeals.pipeline.doctor import Finding


def doctor(
    ctx: typer.Context,
    *,
    mail: Annotated[
        bool,
        typer.Option("--mail", help="Log in to the mail servers of desk.yaml too, and ask for SPF, DKIM and DMARC."),
    ] = False,
    trial: Annotated[
        bool,
        typer.Option("--trial", help="Do that, and send one mail to the reply address to see how it arrives."),
    ] = False,
    json: Json = False,
) -> ExitStatus:
    """Look whether everything that letters need is there: Python, layout engine, fonts, templates, phrases, outbox.

    Where there is a desk.yaml: its settings, the clock and the log as well. Nothing outside of this machine is asked
    without --mail. Each line says what was found, and what to do where something is amiss; then the exit status is 1.
    """
    from urgent_appeals.errors import NotAWorkspace

    context = Context.of(ctx)
    with Ticker(quiet=context.quiet) as ticker:
        ticker.show("loading what lays letters out")
        from urgent_appeals.pipeline.doctor import examine
        from urgent_appeals.pipeline.doctor_domain import Examination
        from urgent_appeals.pipeline.doctor_mail import examine_desk

        findings = examine(context.directory, ticker.show)
        how = Examination(datetime.now(UTC), asks=mail, tries=trial, says=ticker.show)
        with suppress(NotAWorkspace):  # the line on the workspace says so
            findings += tuple(examine_desk(context.directory, how))
    amiss = [finding for finding in findings if not finding.fine]
    if json:
        context.data(as_json(findings))
    else:
        rows = [(_word(finding), finding.name, f"{finding.found}{_to_do(finding.to_do)}") for finding in findings]
        context.data(table(rows, ("", "WHAT", "FOUND")))
    context.say(f"{len(amiss)} to put right" if amiss else "everything is there")
    return ExitStatus.PROBLEMS if amiss else ExitStatus.FINE


def _word(finding: Finding) -> str:
    return ("fine" if finding.known else "?") if finding.fine else "AMISS"


def _to_do(words: str | None) -> str:
    return f"; {words}" if words else ""
