"""Hand on what the options before the command say; and the options that several commands share.

A command takes it like this:

    def letters(ctx: typer.Context, code: str, on: On = None, json: Json = False) -> ExitStatus:
        context = Context.of(ctx, on=on)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from urgent_appeals.cli import output


def parse_date(text: str) -> date:
    """Read a date as typed (ISO 8601), or raise `typer.BadParameter`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date like 2003-03-13") from None


On = Annotated[
    date | None,
    typer.Option("--on", metavar="DATE", parser=parse_date, help="What day it is; today without it."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def day_of_clock() -> date:
    """Return the day by this machine's clock and time zone: the day where the user is, not in UTC."""
    return date.today()  # noqa: DTZ011


@dataclass(frozen=True)
class Context:
    """Where the command works, how much it tells, and what day it is taken to be."""

    directory: Path
    quiet: bool = False
    verbose: bool = False
    on: date | None = None

    @classmethod
    def of(cls, ctx: typer.Context, *, on: date | None = None) -> Context:
        """Return what the options before the command said; `on`, as given after the command, goes before."""
        context = ctx.find_object(cls)
        if context is None:
            raise LookupError("the command was not started through cli.main")
        return replace(context, on=on) if on else context

    def workspace(self) -> Path:
        """Return the workspace of the directory, and name it where it was found above; raises NotAWorkspace."""
        from urgent_appeals.workspace.read import find_root  # loads Pydantic and the YAML reader

        root = find_root(self.directory)
        if root != self.directory:
            self.say(f"in the workspace {root}")
        return root

    @property
    def today(self) -> date:
        """The day it is taken to be: as told, or by this machine's clock and time zone."""
        return self.on or day_of_clock()

    def say(self, text: str) -> None:
        """Tell how it went, on stderr, unless quiet was asked for."""
        output.say(text, quiet=self.quiet)

    def data(self, text: str) -> None:
        """Print what was asked for, on stdout."""
        output.data(text)
