"""`appeals dispatch printed`: say that a print run is printed, which nobody else can know."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import Annotated

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, table


def printed(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="The print run, by its name, the end of it, or its file; the list on top of it has it."
        ),
    ],
    *,
    json: Json = False,
) -> ExitStatus:
    """Say that all letters of a print run are printed. Until then they are unknown, and no other run prints them.

    That one is posted is noted by `appeals mark`. What was not printed goes again after `appeals dispatch reconcile
    --resend`. Exit status 5 where a letter of it was settled otherwise.
    """
    from urgent_appeals.domain.item_state import State
    from urgent_appeals.pipeline.print_run import say_printed  # loads the log
    from urgent_appeals.pipeline.spelling import spelling

    context = Context.of(ctx)
    root = context.workspace()
    letters = say_printed(root, name, datetime.now(UTC))
    if json:
        context.data(
            as_json([{"item": each.item, "recipient": each.recipient, "state": each.state} for each in letters])
        )
    else:
        context.data(table([(each.recipient, each.state.value) for each in letters], ("TO", "STATE")))
    done = sum(each.state in {State.PRINTED, State.POSTED} for each in letters)
    codes, recipients = ({getattr(each, name) for each in letters} for name in ("code", "recipient"))
    code = shlex.quote(spelling(root)(codes.pop())) if len(codes) == 1 else "CODE"
    to = recipients.pop() if len(recipients) == 1 else "RECIPIENT"
    context.say(f"{done} of {len(letters)} printed; note what is posted with: appeals mark {code} {to} posted")
    return ExitStatus.FINE if done == len(letters) else ExitStatus.PARTLY_DONE
