"""A group of commands of which each is loaded only when it is run, or asked for its own help.

The list of commands, the completion of their names and "did you mean" work on stand-ins made from a table;
a command's module, and what it imports, is paid for by that command alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from urgent_appeals.cli.context import Context

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
    _take_common_options(command)
    return command


def _take_common_options(command: Command) -> None:
    """Let -q, -v and -C stand after the command as well, where many people type them; help shows them once."""
    inner = getattr(command, "commands", None)
    if inner is not None:
        for each in inner.values():
            _take_common_options(each)
        return
    application = typer.Typer(add_completion=False)
    application.command()(_common_options)
    command.params += [option for option in get_command(application).params if option.name in _COMMON]


def _handed_on(field: str) -> Callable[[typer.Context, Any], None]:
    """Return what puts an option that stands after the command over what stands before it."""

    def hand_on(ctx: typer.Context, value: Any) -> None:
        context = ctx.find_object(Context)
        if not value or context is None:
            return
        if isinstance(value, Path):
            value = context.directory / value
            if not value.is_dir():
                raise typer.BadParameter(f"no directory {str(value)!r}", param_hint="-C")
        ctx.obj = replace(context, **{field: value})
        ctx.find_root().params[field] = value  # what `main` looks at when a run ends badly

    return hand_on


def _hidden(long: str, short: str, *, help: str) -> Any:  # noqa: A002  # Typer's word
    """Return an option that the help of a command does not show, for that of `appeals` does."""
    hand_on = _handed_on(long.removeprefix("--"))
    return typer.Option(long, short, hidden=True, expose_value=False, callback=hand_on, help=help)


def _common_options(
    *,
    common_directory: Annotated[
        Path | None,
        _hidden("--directory", "-C", help="Work in the workspace of this directory."),
    ] = None,
    common_quiet: Annotated[bool, _hidden("--quiet", "-q", help="Print data and problems only.")] = False,
    common_verbose: Annotated[bool, _hidden("--verbose", "-v", help="Tell more, and where a fault lies.")] = False,
) -> None:
    """Stand for the options that every command takes; never called."""


_COMMON = frozenset({"common_directory", "common_quiet", "common_verbose"})
"""Named so that no command's own argument is named alike."""


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
