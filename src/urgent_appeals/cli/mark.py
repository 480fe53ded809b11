"""`appeals mark`: note what was done by hand, and what came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_language, complete_recipient, complete_sender
from urgent_appeals.cli.context import Context, Json, parse_date
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json

if TYPE_CHECKING:
    from urgent_appeals.pipeline.marking import Marked

MARKS = ("posted", "faxed", "handed-over", "sent", "bounced", "returned")
_LONGEST_NOTE = 500


def _complete_mark(incomplete: str) -> list[str]:
    return [mark for mark in MARKS if mark.startswith(incomplete)]


def mark(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The appeal.", autocompletion=complete_code)],
    recipient: Annotated[
        str, typer.Argument(metavar="RECIPIENT", help="The recipient.", autocompletion=complete_recipient)
    ],
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="WHAT",
            help=f"{', '.join(MARKS)}; not needed with --undo.",
            show_default=False,
            autocompletion=_complete_mark,
        ),
    ] = None,
    *,
    count: Annotated[int | None, typer.Option("--count", metavar="N", min=1, help="How many there were.")] = None,
    day: Annotated[
        date | None,
        typer.Option("--date", metavar="DATE", parser=parse_date, help="The day it was done; today without it."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="A note; it stays for good: no names of supporters.")
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option("--sender", metavar="NAME", help="Signed by this sender.", autocompletion=complete_sender),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="LANG", help="The letter in this language.", autocompletion=complete_language),
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help="With handed-over: through the form on the recipient's site.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="It went once more, though it had gone before.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last such mark, or the last of all, and say which.")
    ] = False,
    json: Json = False,
) -> ExitStatus:
    """Note what was done by hand: posted, faxed, handed over, sent from a mail program; and what came back.

    A letter that has gone already is not marked again without --again; on a terminal you are asked. Later plans know
    of it: what went is skipped, what bounced or was returned needs a word first.
    """
    from urgent_appeals.domain.event import EventKind
    from urgent_appeals.pipeline.marking import Mark  # loads Pydantic and the log

    context = Context.of(ctx)
    if what is None and not undo:
        raise typer.BadParameter(f"say what was done: {', '.join(MARKS)}", param_hint="WHAT")
    if what not in (*MARKS, None):
        raise typer.BadParameter(f"{what!r} is none of: {', '.join(MARKS)}", param_hint="WHAT")
    if web and what != "handed-over":
        raise typer.BadParameter("goes with handed-over only", param_hint="--web")
    if day is not None and day > context.today:
        raise typer.BadParameter(f"{day} is still to come", param_hint="--date")
    if note is not None and (len(note) > _LONGEST_NOTE or not note.isprintable()):
        raise typer.BadParameter(f"is to be one line of at most {_LONGEST_NOTE} characters", param_hint="--note")
    asked = Mark(
        EventKind(what) if what is not None else None, day or context.today, count, note, sender, lang, web, again
    )
    marked = _undone(context, code, recipient, asked) if undo else _marked(context, code, recipient, asked)
    if json:
        from urgent_appeals.cli.events import as_data

        context.data(as_json({**as_data(marked.event), "state": marked.state}))
    _tell(context, marked)
    return ExitStatus.FINE


def _marked(context: Context, code: str, recipient: str, asked: object) -> Marked:
    """Mark; where the letter has gone already, ask on a terminal whether it went once more."""
    from urgent_appeals.cli.ask import ask_choice, can_ask
    from urgent_appeals.errors import ConfirmationNeeded
    from urgent_appeals.pipeline.marking import Mark
    from urgent_appeals.pipeline.marking import mark as record

    assert isinstance(asked, Mark)
    root, at = context.workspace(), datetime.now(UTC)
    try:
        return record(root, code, recipient, asked, at)
    except ConfirmationNeeded as error:
        if not can_ask():
            raise
        context.say(error.what)
        if ask_choice("did it go once more?", ("y", "n"), "n") == "n":
            raise
    return record(root, code, recipient, replace(asked, again=True), at)


def _undone(context: Context, code: str, recipient: str, asked: object) -> Marked:
    from urgent_appeals.pipeline.marking import Mark
    from urgent_appeals.pipeline.marking import undo as record

    assert isinstance(asked, Mark)
    return record(context.workspace(), code, recipient, asked, datetime.now(UTC))


def _tell(context: Context, marked: Marked) -> None:
    from urgent_appeals.domain.came_back import day_of
    from urgent_appeals.pipeline.marking import spoken

    if marked.undid is not None:
        undid = marked.undid
        noted = f"as {undid.by} noted on {undid.at:%Y-%m-%d %H:%M} UTC"
        context.say(f"taken back: {spoken(undid.event)} on {day_of(undid)}, {noted}")
        context.say(f"{marked.name} is {marked.stands} now")
        return
    copies = marked.event.detail.get("count")
    times = f", {copies} times" if copies is not None else ""
    context.say(f"noted: {marked.name}: {spoken(marked.event.event)} on {day_of(marked.event)}{times}")
    for other in marked.also:
        context.say(f"the same letter went another way too: {other}")
