"""`appeals recipients`: the directories of recipients that people keep for years."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, table, with_caret
from urgent_appeals.cli.recipients_text import change_lines, import_data, shown_lines, why_nothing

if TYPE_CHECKING:
    from urgent_appeals.pipeline.directories import Import

recipients = typer.Typer(
    help="List, show, check, begin, import and export directories of recipients.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_FORMATS = "popolo, vcard or csv"
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="LANG", help="The language of words that the file gives without one.")
]


@recipients.callback()
def _recipients() -> None:
    """List, show, check, begin, import and export directories of recipients."""


@recipients.command("list")
def list_(
    ctx: typer.Context,
    directory: Annotated[str | None, typer.Argument(metavar="DIRECTORY", help="Only this directory.")] = None,
    *,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """List the recipients: id, office, holder on the day, ways to reach them, and what to take care of.

    An entry last checked over 12 months before the day, or from which mail bounced or post was returned, is marked.
    """
    from urgent_appeals.pipeline.directories import list_recipients  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    listed = list_recipients(context.workspace(), directory, context.today)
    if json:
        context.data(as_json(listed))
    elif listed:
        rows = [
            (row.recipient, row.name, row.holder or "", ", ".join(row.ways), "; ".join(row.caveats)) for row in listed
        ]
        context.data(table(rows, ("RECIPIENT", "OFFICE", "HOLDER", "BY", "TAKE CARE")))
    if not listed:
        context.say("no recipients here yet; begin with: appeals recipients new DIRECTORY")
        return ExitStatus.NOTHING_TO_DO
    return ExitStatus.FINE


@recipients.command()
def show(
    ctx: typer.Context,
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The recipient: kazakhstan/president …")],
    *,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Show all that a directory says of a recipient, with its holders and addresses over time."""
    from urgent_appeals.pipeline.directories import show_recipient  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    shown = show_recipient(context.workspace(), recipient, context.today)
    context.data(as_json(shown) if json else "\n".join(shown_lines(shown)))
    return ExitStatus.FINE


@recipients.command()
def check(
    ctx: typer.Context,
    directory: Annotated[str | None, typer.Argument(metavar="DIRECTORY", help="Only this directory.")] = None,
    *,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Check directories, used or not: what is wrong, and what is stale, bounced or returned on the day.

    Exit status 1 where anything is an error; warnings alone are fine.
    """
    from urgent_appeals.pipeline.directories import check_recipients, errors_among  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    problems = check_recipients(context.workspace(), directory, context.today)
    if json:
        fields = ("file", "line", "column", "severity", "message", "hint")
        context.data(as_json([{field: getattr(problem, field) for field in fields} for problem in problems]))
    else:
        for problem in problems:
            context.data(with_caret(problem))
    errors = errors_among(problems)
    context.say(f"{errors} errors, {len(problems) - errors} warnings")
    return ExitStatus.PROBLEMS if errors else ExitStatus.FINE


@recipients.command()
def new(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="Its short name, such as arlandia.")],
    *,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="The country or institution.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CCC", help="Its code (ISO 3166-1, three letters), if it is one.")
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", metavar="LANG", help="A language it has words in; may be repeated. The campaign's, else."
        ),
    ] = None,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Begin a directory: a file in recipients/ with a comment at each key, to be filled in. Never overwrites.

    On a terminal it asks for what no option says.
    """
    from urgent_appeals.cli.ask import ask, can_ask
    from urgent_appeals.pipeline.directories import new_directory, usual_languages  # loads Pydantic

    context = Context.of(ctx, on=on)
    if can_ask():
        name = name or ask("name of the country or institution", directory.replace("-", " ").title())
        country = country or ask("code of the country, three letters (empty: none)") or None
    languages = tuple(lang or usual_languages(context.workspace()))
    title = name or directory.replace("-", " ").title()
    file = new_directory(context.workspace(), directory, title, country=country, languages=languages, on=context.today)
    context.data(as_json({"file": file}) if json else file)
    context.say(f"fill it in, then: appeals recipients check {directory}")
    return ExitStatus.FINE


@recipients.command("import")
def import_(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Popolo JSON, vCard 4 or CSV.")],
    *,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=f"{_FORMATS}; by the file's ending, else.")
    ] = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="DIRECTORY", help="The directory; the file's name, else.")
    ] = None,
    lang: Lang = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the changes without asking.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove what the file lacks, too.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Take over, too, what was changed here since the last import.")
    ] = False,
    json: Json = False,
) -> ExitStatus:
    """Import a directory: show what would change, by office, and write it after a yes, or with --apply.

    Comments and order of the YAML file stay. Nothing is removed without --remove; what was changed here since the last
    import stays. Exit status 4 where there is no terminal to ask on, 3 where there is nothing to write.
    """
    from urgent_appeals.pipeline.directories import plan_import  # loads Pydantic and the YAML reader

    context = Context.of(ctx)
    plan = plan_import(context.workspace(), context.directory / file, form, into, lang)
    made = plan.made(removing=remove, theirs=theirs)
    if json:
        context.data(as_json(import_data(plan)))
    elif plan.changes:
        context.data("\n".join(change_lines(plan)))
    for words in (*plan.notes, *(f"left out: {words}" for words in plan.left_out)):
        context.say(words)
    if not made:
        context.say(why_nothing(plan))
        return ExitStatus.NOTHING_TO_DO
    if not apply and not _agreed(plan, len(made)):
        context.say("nothing was written")
        return ExitStatus.FINE
    plan.apply(made)
    context.say(f"{plan.file}: {len(made)} changes written")
    return ExitStatus.FINE


@recipients.command()
def export(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="The directory.")],
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"{_FORMATS}.")] = "popolo",
    lang: Lang = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="A new file to write; standard output, else.")
    ] = None,
    json: Json = False,
) -> ExitStatus:
    """Print a directory as Popolo JSON, vCard 4 or CSV, byte for byte; or write it to a new file.

    With --json the text stands in one JSON document, under "text".
    """
    from urgent_appeals.pipeline.directories import export_directory, write_export  # loads Pydantic and the YAML reader

    context = Context.of(ctx)
    text = export_directory(context.workspace(), directory, form, lang)
    if to is not None:
        write_export(context.directory / to, text)
    if json:
        written = None if to is None else str(to)
        context.data(as_json({"directory": directory, "format": form, "file": written, "text": text}))
    elif to is not None:
        context.data(str(to))
    elif sys.stdout.isatty():
        context.data(text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n"))
    else:
        # Another program reads this: its line ends, its mark and every character are part of the format.
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    return ExitStatus.FINE


def _agreed(plan: Import, number: int) -> bool:
    from urgent_appeals.cli.ask import ask_choice, can_ask
    from urgent_appeals.errors import ConfirmationNeeded

    if not can_ask():
        raise ConfirmationNeeded(f"{plan.file}: {number} changes are not written", "--apply")
    return ask_choice(f"write {number} changes to {plan.file}?", ("y", "n"), "n") == "y"
