"""`appeals letters`: the letters, email drafts, plain texts and the bulletin of an appeal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import (
    complete_code,
    complete_envelope,
    complete_language,
    complete_recipient,
    complete_sender,
)
from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import Ticker, as_json, table, with_caret

if TYPE_CHECKING:
    from urgent_appeals.pipeline.letters import Made, MadeLetter


def letters(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE", help='The appeal: "KAZ 001/0802/OBS 053.02", 053.02 …', autocompletion=complete_code
        ),
    ],
    *,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="RECIPIENT",
            help="Only to this recipient; may be repeated.",
            autocompletion=complete_recipient,
        ),
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", metavar="LANG", help="Only in this language; may be repeated.", autocompletion=complete_language
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            "--sender", metavar="NAME", help="Signed by this sender of campaign.yaml.", autocompletion=complete_sender
        ),
    ] = None,
    envelope: Annotated[
        str | None,
        typer.Option(
            "--envelope",
            metavar="NAME",
            help="For this envelope: din-a, din-b, nf, ch-left, ch-right, us-10 or uk-dl.",
            autocompletion=complete_envelope,
        ),
    ] = None,
    override: Annotated[
        str | None,
        typer.Option("--override", metavar="REASON", help="Make them although the appeal is not open; goes on record."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over documents that were changed by hand since they were made.")
    ] = False,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Make the letters, email drafts, plain texts and the bulletin of an appeal, in each of its languages.

    They go to outbox/<code>/ with a manifest of what they were made from. Nothing is sent. Run again, it makes what has
    changed; a document that you changed by hand is never written over without --replace, and letters made for another
    envelope stay as they are until --envelope says which it is to be.
    """
    from urgent_appeals.pipeline.letters import Wanted, make_letters  # loads the layout engine

    context = Context.of(ctx, on=on)
    wanted = Wanted(_each(to), _each(lang), sender, override, replace, envelope)
    root = context.workspace()
    with Ticker(quiet=context.quiet) as ticker:
        made = make_letters(root, code, context.today, wanted, ticker.tick)
    if json:
        context.data(as_json([vars(letter) for letter in made.letters]))
    else:
        rows = [_row(letter) for letter in made.letters]
        if rows:
            context.data(table(rows, ("TO", "LANGUAGE", "PAGES", "MAIL LINK", "LETTER")))
        for path in made.bulletins:
            context.data(path)
    _tell(context, made)
    return _noted(context, root, made)


def _noted(context: Context, root: Path, made: Made) -> ExitStatus:
    """Enter what was made into the log, where there is a desk; the letters are there whatever comes of it."""
    from urgent_appeals.errors import AppealsError
    from urgent_appeals.pipeline.noting import note_made

    try:
        note_made(root, made, datetime.now(UTC))
    except AppealsError as error:
        context.say(f"the letters are made, but that is not in the log: {error}")
        return ExitStatus.PARTLY_DONE
    return ExitStatus.FINE


def _each(typed: list[str] | None) -> tuple[str, ...]:
    """Return what an option was given, several times or with commas between."""
    return tuple(name.strip() for words in typed or () for name in words.split(","))


def _row(letter: MadeLetter) -> tuple[str, ...]:
    link = f"{len(letter.mailto)} characters" if letter.mailto else "no address"
    return letter.recipient, letter.language, str(letter.pages), link, letter.pdf


def _tell(context: Context, made: Made) -> None:
    """Tell what else there is to know: warnings, who gets no letter, what was overridden, what changed on the disk."""
    for problem in made.warnings:
        context.say(with_caret(problem) if context.verbose else str(problem))
    for reference, reason in made.without_letter:
        context.say(f"no letter to {reference}: {reason}")
    if made.overridden is not None:
        context.say(f"made although the appeal is {made.overridden.state.value}: {made.overridden.reason}")
    for words in made.change.words():
        context.say(words)
    published = made.published
    for letter in made.dispatched:
        context.say(f"stays as it is, since it was dispatched: {letter}")
    for path in published.kept:
        context.say(f"kept, though no longer made: {made.folder}/{path}")
    counts = [
        f"{len(paths)} {word}"
        for paths, word in (
            (published.written, "written"),
            (published.unchanged, "unchanged"),
            (published.removed, "removed"),
        )
        if paths
    ]
    context.say(f"{made.folder}: documents {', '.join(counts) or 'none'}; nothing was sent")
