"""A group of commands of which each is loaded only when it is run, or asked for its own help.

The list of commands, the completion of their names and "did you mean" work on stand-ins made from a table;
a command's module, and what it imports, is paid for by that command alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

if TYPE_CHECKING:  # Typer carries its own Click and gives these types no public name
    from typer._click import Command, HelpFormatter
    from typer._click import Context as ClickContext


@dataclass(frozen=True)
class Entry:
    """A row of the table: `attribute` of `module` is a function, or a `typer.Typer` with commands."""

    name: str
    module: str
    attribute: str
    help: str
    panel: str


def load(entry: Entry) -> Command:
    """Import a command's module and make the command."""
    target = getattr(import_module(entry.module), entry.attribute)
    if not isinstance(target, typer.Typer):
        application = typer.Typer(add_completion=False, rich_markup_mode=None)
        application.command()(target)
        target = application
    command = get_command(target)
    command.name = entry.name
    return command


class LazyGroup(TyperGroup):
    """A group over a table of commands; made by `over`."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def over(cls, entries: Iterable[Entry]) -> type[LazyGroup]:
        """Return the group class for a table of commands."""
        return type("LazyGroupOverTable", (cls,), {"entries": tuple(entries)})

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for entry in self.entries:
            self.add_command(TyperCommand(entry.name, help=entry.help, rich_help_panel=entry.panel))

    def resolve_command(self, ctx: ClickContext, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Put the real command in the stand-in's place."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        entry = next((entry for entry in self.entries if entry.name == name), None)
        return name, load(entry) if entry else stand_in, rest

    def format_commands(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        """List the commands in their panels."""
        del ctx
        column = max((len(entry.name) for entry in self.entries), default=0)
        for panel in dict.fromkeys(entry.panel for entry in self.entries):
            rows = [(entry.name.ljust(column), entry.help) for entry in self.entries if entry.panel == panel]
            with formatter.section(panel):
                formatter.write_dl(rows)
