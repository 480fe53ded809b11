"""`appeals log`: what was done, by whom and when; proved, handed on, brought together, backed up, forgotten."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_recipient
from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.events import print_json, print_table
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import Ticker, as_json
from urgent_appeals.domain.counted import counted

if TYPE_CHECKING:
    from urgent_appeals.domain.event import EventKind
    from urgent_appeals.pipeline.logbook import Imported

log = typer.Typer(
    help="Show what was done; verify, export, import, back up, forget.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_FORMS = ("csv", "json", "sqlite")
_ENDINGS = {".csv": "csv", ".json": "json", ".sqlite": "sqlite", ".db": "sqlite"}


@log.callback()
def _log() -> None:
    """Show what was done; verify, export, import, back up, forget."""


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day or time like 2026-11-22 or 2026-11-22T09:30") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


@log.command("list")
def list_(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="Only of this appeal.", autocompletion=complete_code)
    ] = None,
    *,
    recipient: Annotated[
        str | None,
        typer.Option(
            "--recipient", metavar="RECIPIENT", help="Only to this recipient.", autocompletion=complete_recipient
        ),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="EVENT", help="Only these: sent, unknown, posted …; may be repeated."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="TIME", parser=_moment, help="Only from this day or time on (UTC)."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Only the latest N.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="The steps of sending too: claimed, data; and the desks.")
    ] = False,
    json: Json = False,
) -> ExitStatus:
    """List what is in the log: what was done, by whom, when, and what came of it; the latest last.

    Times are UTC. The steps of sending (claimed, data) are left out without --all, but never of --json. Exit status 3
    where there is nothing.
    """
    from urgent_appeals.errors import NothingToDo
    from urgent_appeals.pipeline.logbook import Wanted, listed  # loads Pydantic and the log
    from urgent_appeals.pipeline.spelling import spelling

    context = Context.of(ctx)
    root = context.workspace()
    wanted = Wanted(code, recipient, _kinds(event), since, limit, steps=every or json)
    show = print_json if json else partial(print_table, spelled=spelling(root), whole=every)
    try:
        # Where the list itself is seen, it tells how far it has come.
        with (
            listed(root, wanted) as events,
            Ticker(quiet=context.quiet or sys.stdout.isatty()) as ticker,
        ):
            count = show(context, events, ticker.show)
    except NothingToDo:
        if json:
            context.data("[]")
        raise
    if not count:
        context.say("nothing of this is in the log")
    if not (wanted.steps or wanted.kinds):
        context.say("without the steps of sending (claimed, data); with them: --all")
    return ExitStatus.FINE if count else ExitStatus.NOTHING_TO_DO


@log.command()
def verify(
    ctx: typer.Context,
    *,
    accept_restored: Annotated[
        bool,
        typer.Option("--accept-restored", help="Take an older log that was put back for the one that holds from now."),
    ] = False,
    json: Json = False,
) -> ExitStatus:
    """Look through the whole log: the file, the chain of every desk, the guards, how far this desk had come.

    Each event carries the hash of the one before, so that nothing can be changed or taken out unnoticed. Exit status 1
    where anything is wrong. With --accept-restored, whatever may have gone since an older backup is unknown from then
    on, and is never sent again without your word: appeals dispatch reconcile.
    """
    from urgent_appeals.pipeline.logbook import accept_restored as accept  # loads Pydantic and the log
    from urgent_appeals.pipeline.logbook import verify as look_through

    context = Context.of(ctx)
    if accept_restored:
        recorded = accept(context.workspace(), datetime.now(UTC))
        context.say(f"the older log holds from now on; {_may_have_gone(len(recorded) - 1)}")
        if len(recorded) > 1:
            context.say("settle them: appeals dispatch reconcile")
        context.say("what other desks exported since that backup was made: take it over again (appeals log import)")
    with Ticker(quiet=context.quiet) as ticker:
        verified = look_through(context.workspace(), ticker.show)
    if json:
        context.data(as_json([{"desk": fault.desk, "seq": fault.seq, "what": fault.what} for fault in verified.faults]))
    else:
        for fault in verified.faults:
            context.data(str(fault))
    if verified.note:
        context.say(verified.note)
    context.say(f"{verified.log}: {counted(verified.events, 'event')}, {len(verified.faults) or 'nothing'} wrong")
    return ExitStatus.PROBLEMS if verified.faults else ExitStatus.FINE


@log.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A new file; standard output without it.")] = None,
    *,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="csv, json or sqlite; by the ending of FILE without it."),
    ] = None,
) -> ExitStatus:
    """Export all events, for a spreadsheet or for the log of another desk. No data of supporters is in it.

    Cells that a spreadsheet would take for formulas are guarded. Nothing is ever written over.
    """
    from urgent_appeals.log.exports import Form
    from urgent_appeals.pipeline.logbook import export_to  # loads Pydantic and the log

    context = Context.of(ctx)
    named = form or ("json" if file is None else _ENDINGS.get(file.suffix.lower()))
    if named is None:
        raise typer.BadParameter(
            f"{str(file)!r} does not end in .csv, .json or .sqlite; or say --format", param_hint="FILE"
        )
    if named not in _FORMS:
        raise typer.BadParameter(f"{named!r} is none of: {', '.join(_FORMS)}", param_hint="--format")
    if file is None and (named == "sqlite" or sys.stdout.isatty()):
        raise typer.BadParameter("name a new FILE to write to", param_hint="FILE")
    with Ticker(quiet=context.quiet) as ticker:
        target = context.directory / file if file is not None else sys.stdout
        count = export_to(context.workspace(), target, Form(named), ticker.show)
    sys.stdout.flush()
    context.say(counted(count, "event") + (f" in {file}" if file is not None else ""))
    return ExitStatus.FINE


@log.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `appeals log export` wrote at another desk.")],
    *,
    json: Json = False,
) -> ExitStatus:
    """Take over what another desk exported: three people with a folder each need no server.

    Its chain is proved first, and then taken over whole or not at all; a second time changes nothing. What two desks
    both sent, not knowing of each other, is told (exit status 1).
    """
    from urgent_appeals.pipeline.logbook import import_from  # loads Pydantic and the log

    context = Context.of(ctx)
    root = context.workspace()
    with Ticker(quiet=context.quiet) as ticker:
        imported = import_from(root, context.directory / file, datetime.now(UTC), ticker.show)
    merged = imported.merged
    if json:
        context.data(
            as_json({"new": merged.new, "known": merged.known, "desks": merged.desks, "twice": imported.twice})
        )
    else:
        _tell_twice(context, root, imported)
    context.say(
        f"{counted(merged.new, 'event is', 'events are')} new, {counted(merged.known, 'was', 'were')} known;"
        f" of {', '.join(merged.desks) or 'no desk'}"
    )
    return ExitStatus.PROBLEMS if imported.twice else ExitStatus.FINE


@log.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, on another disk if you can.")],
    *,
    json: Json = False,
) -> ExitStatus:
    """Back the log up while others write: a copy of one moment, for its owner only, with the data of supporters.

    Put in the place of outbox/log.db it is a log again, recognised as the older one that it is.
    """
    from urgent_appeals.pipeline.logbook import back_up  # loads Pydantic and the log

    context = Context.of(ctx)
    with Ticker(quiet=context.quiet) as ticker:
        size = back_up(context.workspace(), context.directory / file, ticker.show)
    context.data(as_json({"file": file, "bytes": size}) if json else str(file))
    context.say(f"{size:,} bytes; it holds personal data: keep it encrypted")
    return ExitStatus.FINE


@log.command()
def forget(
    ctx: typer.Context,
    supporter: Annotated[str, typer.Argument(metavar="SUPPORTER", help="The random id, name or email address.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> ExitStatus:
    """Erase a supporter for good: their data, and their mail, packs and drafts in the outbox.

    What was done stays in the log, under a random id that then leads nowhere. Backups made before, and what was printed
    or handed out, are not reached. Exit status 4 where there is no terminal to ask on.
    """
    from urgent_appeals.cli.ask import ask_choice, can_ask
    from urgent_appeals.errors import ConfirmationNeeded
    from urgent_appeals.pipeline.forgetting import erase, find  # loads Pydantic and the log

    context = Context.of(ctx)
    root = context.workspace()
    with Ticker(quiet=context.quiet) as ticker:
        person = find(root, supporter, ticker.show)
    what = f"the supporter {person.id} would be erased for good, and {counted(len(person.files), 'file')}"
    if not yes:
        for path in person.files:
            context.say(f"  {path.relative_to(root).as_posix()}")
        if not can_ask():
            raise ConfirmationNeeded(what, "--yes")
        if ask_choice(f"{what}; do it?", ("y", "n"), "n") == "n":
            context.say("nothing was erased")
            return ExitStatus.FINE
    with Ticker(quiet=context.quiet) as ticker:
        ticker.show("erasing")
        erased = erase(root, person, datetime.now(UTC))
    if json:
        context.data(as_json({"id": person.id, "files": erased.files}))
    else:
        for name in erased.files:
            context.data(name)
    context.say(
        f"erased, with {counted(len(erased.files), 'file')}; destroy backups from before, or do the same with them"
    )
    return ExitStatus.FINE


def _kinds(typed: list[str] | None) -> tuple[EventKind, ...]:
    from urgent_appeals.domain.check.definitions import did_you_mean
    from urgent_appeals.domain.event import EventKind

    names = [name.strip() for words in typed or () for name in words.split(",")]
    known = [kind.value for kind in EventKind]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"one of: {', '.join(known)}"
            raise typer.BadParameter(f"{name!r} is no event; {hint}", param_hint="--event")
    return tuple(EventKind(name) for name in names)


def _may_have_gone(letters: int) -> str:
    return f"{counted(letters, 'letter')} may have gone since, and {'is' if letters == 1 else 'are'} unknown"


def _tell_twice(context: Context, root: Path, imported: Imported) -> None:
    from urgent_appeals.pipeline.spelling import spelling

    spelled = spelling(root)
    for twice in imported.twice:
        context.data(f"twice: {spelled(twice.code)} to {twice.recipient} ({twice.item[:8]})")
        for words in twice.said:
            context.data(f"  {words}")
