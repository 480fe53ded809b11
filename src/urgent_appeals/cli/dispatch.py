"""`appeals dispatch`: plan what goes to whom, then run the plan, and settle what is unknown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_language, complete_recipient, complete_sender
from urgent_appeals.cli.context import Context, Json, On, day_of_clock
from urgent_appeals.cli.dispatch_printed import printed
from urgent_appeals.cli.dispatch_reconcile import reconcile
from urgent_appeals.cli.dispatch_told import plan_table, run_table, tell_plan, tell_reflected, tell_run
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import Ticker, as_json

if TYPE_CHECKING:
    from urgent_appeals.domain.plan import Plan, PlanItem
    from urgent_appeals.pipeline.dispatching import Count

VIAS = ("email", "drafts", "fax", "post")
DOUBTS = (
    *("not-reviewed", "stale", "bounced", "returned", "same-address"),
    *("another-way", "another-language", "failed"),
)
"""Named here again because --help has no time to load the domain; a test compares."""

dispatch = typer.Typer(
    help="Plan what goes to whom, run the plan, settle what is unknown.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@dispatch.callback()
def _dispatch() -> None:
    """Plan what goes to whom, run the plan, settle what is unknown."""


@dispatch.command()
def plan(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The appeal.", autocompletion=complete_code)],
    *,
    via: Annotated[
        str | None,
        typer.Option("--via", metavar="WAY", help="email, drafts, fax or post; without it, the fastest for each."),
    ] = None,
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
            "--lang",
            metavar="LANG",
            help="In this language; may be repeated, the best first.",
            autocompletion=complete_language,
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option("--sender", metavar="NAME", help="Signed by this sender.", autocompletion=complete_sender),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="WORD",
            help=f"Let a doubt pass that the plan names, or WORD:RECIPIENT for one: {', '.join(DOUBTS)}.",
        ),
    ] = None,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Plan the dispatch of an appeal's letters: who gets what, by which way; what is skipped and why.

    Nothing is sent. The plan is kept in outbox/plans/; `appeals dispatch run PLAN` sends just what it shows, and
    refuses where anything has changed since. What needs a word first (wording that nobody reviewed, an entry not
    checked for over 12 months, an address that bounced …) stays behind until you accept it by name.
    """
    from urgent_appeals.domain.item import Via
    from urgent_appeals.pipeline.dispatching import plan_dispatch  # loads the definitions and the log
    from urgent_appeals.pipeline.planning import Asked

    if via is not None and via not in VIAS:
        raise typer.BadParameter(f"{via!r} is none of: {', '.join(VIAS)}", param_hint="--via")
    context = Context.of(ctx, on=on)
    asked = Asked(
        via=Via(via) if via is not None else None,
        to=_each(to, "--to"),
        languages=_each(lang, "--lang"),
        sender=sender,
        accepted=_each(accept, "--accept"),
    )
    with Ticker(quiet=context.quiet) as ticker:
        planned = plan_dispatch(context.workspace(), code, context.today, asked, ticker.tick)
    if json:
        context.data(as_json(_as_data(planned.plan)))
    else:
        context.data(plan_table(planned.plan))
    tell_plan(context, planned.plan)
    return ExitStatus.FINE if planned.plan.to_send else ExitStatus.NOTHING_TO_DO


@dispatch.command()
def run(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="PLAN", help="The plan, as `dispatch plan` names it, or the end.")],
    *,
    reflect: Annotated[
        bool, typer.Option("--reflect", help="Send everything only to yourself, marked [TEST]; nothing is recorded.")
    ] = False,
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="N", help="The number of letters, where it is above ten.")
    ] = None,
    unusual: Annotated[
        bool, typer.Option("--far-more", help="Go on though it is far more than ever before (with --confirm).")
    ] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Go on though the log has events of a later time.")
    ] = False,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Send what a plan says, each letter once.

    Every step is in the log before the next is taken, so that the same command goes on after any interruption and sends
    the rest, and only the rest. Ctrl-C finishes the letter in hand. Exit status 6: the plan no longer matches; 3:
    nothing of it is left to send. The day is that of the clock; another one can be tried with --reflect, which reaches
    nobody else.
    """
    from urgent_appeals.cli.interruption import Interruption
    from urgent_appeals.pipeline.dispatching import Order, run_plan  # loads the log and the mail channel
    from urgent_appeals.pipeline.spelling import spelling

    context = Context.of(ctx, on=on)
    if not reflect and context.on not in (None, day_of_clock()):
        said = f"letters really go out, so it is {day_of_clock()}, as the clock says; to try another day: --reflect"
        raise typer.BadParameter(said, param_hint="--on")
    root = context.workspace()

    def today() -> date:
        return context.today if reflect else day_of_clock()

    def consent(count: Count, plan: Plan) -> None:
        with clock.lifted():
            _consent(count, plan, confirm, unusual=unusual)

    with Interruption(quiet=context.quiet) as clock, Ticker(quiet=context.quiet) as ticker:
        done = run_plan(root, name, Order(consent, clock, today, reflect, ticker.tick, clock_is_right))
    if json:
        context.data(as_json([_outcome(outcome) for outcome in done.ran.outcomes]))
    else:
        context.data(run_table(done))
    return tell_reflected(context, done) if reflect else tell_run(context, done, spelling(root))


dispatch.command()(reconcile)
dispatch.command()(printed)


def _each(typed: list[str] | None, option: str) -> tuple[str, ...]:
    """Return what an option was given; a blank is an error, never "everyone"."""
    names = tuple(name.strip() for words in typed or () for name in words.split(","))
    if any(not name for name in names):
        raise typer.BadParameter("is empty; leave the option out to mean all", param_hint=option)
    return names


def _as_data(plan: Plan) -> dict[str, object]:
    return {
        "plan": plan.plan,
        "digest": plan.digest,
        "from": plan.provenance.model_dump(mode="json"),
        "items": [_item(item) for item in plan.items],
    }


def _item(item: PlanItem) -> dict[str, object]:
    return {
        "item": item.item,
        "purpose": item.key.purpose,
        "code": item.key.code,
        "recipient": item.key.recipient,
        "language": item.key.language,
        "sender": item.key.sender,
        "channel": item.via,
        "address": item.address,
        "action": item.action,
        "reason": item.reason or None,
        "doubts": item.doubts,
    }


def _outcome(outcome: object) -> dict[str, object]:
    from urgent_appeals.pipeline.sending import Outcome

    assert isinstance(outcome, Outcome)
    return {**_item(outcome.item), "state": outcome.state, "says": outcome.says or None}


def _consent(count: Count, plan: Plan, confirmed: int | None, *, unusual: bool) -> None:
    """Have the number typed above ten, and the code as well where it is far more than ever before."""
    from urgent_appeals.cli.ask import ask, can_ask
    from urgent_appeals.errors import ConfirmationNeeded

    if not count.must_be_typed and confirmed in (None, count.items):
        return
    more = f", far more than ever before ({count.largest})" if count.is_unusual else ""
    what = f"{count.items} letters would be sent{more}"
    option = f"--confirm {count.items}{' --far-more' if count.is_unusual else ''}"
    if confirmed is not None:
        if confirmed != count.items or (count.is_unusual and not unusual):
            raise ConfirmationNeeded(what, option)
        return
    if not can_ask():
        raise ConfirmationNeeded(what, option)
    if ask(f"{what}. Type the number to send them") != str(count.items):
        raise ConfirmationNeeded(what, option)
    if count.is_unusual and ask(f"Type the code to go on ({plan.code})") != plan.code:
        raise ConfirmationNeeded(what, option)
