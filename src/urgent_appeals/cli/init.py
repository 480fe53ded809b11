"""`appeals init`: start a workspace elsewhere."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json


def init(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; made where it is missing. A dot: here.")],
    *,
    json: Json = False,
) -> ExitStatus:
    """Start a workspace in DIR from a fictional sample: campaign, recipients, an appeal, an update, a stop.

    Settings for editors come with it: tasks, and schemas that complete and check what is typed.
    Nothing is overwritten: where a file of the sample is there already, nothing at all is written.
    """
    from urgent_appeals.workspace.sample import write_sample

    context = Context.of(ctx)
    files = write_sample(context.directory / directory)
    names = [str(directory / name) for name in files]
    if json:
        context.data(as_json(names))
    else:
        for name in names:
            context.data(name)
    is_here = context.directory == Path.cwd()
    place = shlex.quote(str(directory if is_here else context.directory / directory))
    context.say(
        f"A workspace with a fictional case is in {directory}. Next:\n"
        f"  cd {place}\n"
        "  appeals list                                   names the appeals and their states\n"
        "  appeals check                                  says what does not fit\n"
        "  appeals letters 2026.01 --on 2026-11-22        makes letters, as of a day on which that appeal is open\n"
        "Then put your own names and addresses into campaign.yaml, and begin your own case:\n"
        "  appeals new\n"
        "The sample may go when you no longer need it."
    )
    return ExitStatus.FINE
