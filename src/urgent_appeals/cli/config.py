"""`appeals config`: the settings in effect."""

from __future__ import annotations

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, table

config = typer.Typer(
    help="Show the settings in effect.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@config.callback()
def _config() -> None:
    """Show the settings in effect."""


@config.command()
def show(ctx: typer.Context, *, json: Json = False) -> ExitStatus:
    """Show the settings of the workspace and of this desk (desk.yaml); of passwords only where they are found."""
    from urgent_appeals.pipeline.settings import settings_in_effect  # loads Pydantic and the YAML reader

    context = Context.of(ctx)
    found = settings_in_effect(context.workspace())
    if json:
        context.data(as_json({each.key: each.value for each in found}))
    else:
        rows = [(each.key, each.value or "–", "" if each.told or not each.value else "(usual)") for each in found]
        context.data(table(rows, ("KEY", "VALUE", "")))
    if any(each.key == "desk.yaml" for each in found):
        context.say("there is no desk.yaml: copy desk.yaml.example, fill it in, and do: chmod 600 desk.yaml")
    return ExitStatus.FINE
