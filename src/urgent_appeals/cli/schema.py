"""`appeals schema write`: JSON Schemas of the definition files, for editors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json

schema = typer.Typer(
    help="Write JSON Schemas of the definition files for editors.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@schema.callback()
def _schema() -> None:
    """Write JSON Schemas of the definition files for editors."""


@schema.command()
def write(
    ctx: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to; without it, schemas/ in the workspace.")
    ] = None,
    *,
    as_list: Json = False,
) -> ExitStatus:
    """Write the schemas of campaign, appeals, directories and phrases, with the recipients known here.

    Write them again when recipients are added. Schemas of an earlier time are replaced.
    """
    from urgent_appeals.workspace.read import find_root, read  # loads Pydantic and the YAML reader
    from urgent_appeals.workspace.schema import FILES, write_schemas

    context = Context.of(ctx)
    root = find_root(context.directory)
    folder = context.directory / directory if directory else root / "schemas"
    paths = [str(path) for path in write_schemas(read(root, only=lambda _: False).directories, folder)]
    if as_list:
        context.data(as_json(paths))
    else:
        for path in paths:
            context.data(path)
    settings = {Path(os.path.relpath(folder / name, root)).as_posix(): files for name, (_, files) in FILES.items()}
    context.say(
        "An editor with the YAML language server (VS Code: the extension YAML) uses them with this setting:\n"
        f'  "yaml.schemas": {json.dumps(settings, indent=2, ensure_ascii=False)}\n'.replace("\n", "\n  ").rstrip()
        + "\nor by a first line in a file, with the path from there:\n"
        "  # yaml-language-server: $schema=../schemas/directory.schema.json"
    )
    return ExitStatus.FINE
