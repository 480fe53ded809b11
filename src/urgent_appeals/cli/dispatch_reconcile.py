"""`appeals dispatch reconcile`: settle of which letters nobody knows whether they went."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code
from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.dispatch_told import TO_PRINT
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import Ticker, as_json
from urgent_appeals.cli.tables import fitted
from urgent_appeals.domain.counted import counted

if TYPE_CHECKING:
    from urgent_appeals.pipeline.finding import Unsettled
    from urgent_appeals.pipeline.reconciling import Looked, Reconciling, Settled


def reconcile(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="Only of this appeal.", autocompletion=complete_code)
    ] = None,
    *,
    resend: Annotated[
        list[str] | None,
        typer.Option("--resend", metavar="ITEM", help="It did not go: let it go again; may be repeated."),
    ] = None,
    mark_sent: Annotated[
        list[str] | None,
        typer.Option("--mark-sent", metavar="ITEM", help="It went; may be repeated."),
    ] = None,
    json: Json = False,
) -> ExitStatus:
    """Settle what is unknown: letters whose sending ended before an answer came. Nothing is sent.

    Each is looked for in the Sent folder of your mailbox (imap: in desk.yaml); what is found there went. Of the rest
    you decide, one by one on a terminal, or with --resend and --mark-sent. What is to go again keeps its Message-ID and
    goes with the next run of its plan. What lies in a print run waits for `appeals dispatch printed RUN`. Exit status 5
    while something is left, 3 where nothing was unknown.
    """
    from urgent_appeals.cli.ask import can_ask
    from urgent_appeals.pipeline.reconciling import reconciling  # loads Pydantic, the log and the mail channel
    from urgent_appeals.pipeline.spelling import spelling

    context = Context.of(ctx)
    root, has_decided = context.workspace(), False
    with reconciling(root, code, datetime.now(UTC)) as job:
        asked = [*(job.named(typed).item for typed in (*(resend or ()), *(mark_sent or ())))]
        with Ticker(quiet=context.quiet) as ticker:
            looked = job.look(ticker.show)
        for note in looked.notes:
            context.say(note)
        settled = [*looked.found, *_told(context, job, looked.left, resend or (), mark_sent or ())]
        left = job.unsettled()
        if left and not asked and not json and can_ask():
            settled += _decided(context, job, left, looked, spelling(root))
            left, has_decided = job.unsettled(), True
    if json:
        context.data(as_json({"settled": settled, "left": [_as_data(each, looked) for each in left]}))
    else:
        _show(context, settled, left, looked, spelling(root))
    return _report(context, settled, left, hints=not has_decided)


def _told(
    context: Context, job: Reconciling, left: Iterable[Unsettled], resend: Iterable[str], mark_sent: Iterable[str]
) -> Iterator[Settled]:
    """Do as the options say with what was not found; what was found meanwhile is left as it is."""
    for names, settle in ((resend, job.resend), (mark_sent, job.mark_sent)):
        for typed in names:
            found = next((each for each in left if each.item.startswith(typed.lower())), None)
            if found is not None:
                yield settle(found)
            else:
                context.say(f"{typed}: is settled by what was found; nothing more was done with it")


def _decided(
    context: Context, job: Reconciling, left: Iterable[Unsettled], looked: Looked, spelled: Callable[[str], str]
) -> Iterator[Settled]:
    """Have a person decide what is left, one by one; what lies in a print run is told, and not asked about."""
    from urgent_appeals.cli.ask import ask_choice

    for each in left:
        if each.print_run is not None:
            continue
        context.say(f"{each.item[:8]}  {spelled(each.code)} to {each.recipient}, {_address(each)}")
        context.say(f"  unknown since {each.since:%Y-%m-%d %H:%M} UTC: {each.reason or 'no reason was noted'}")
        context.say(f"  {looked.looked.get(each.item, 'not looked for')}")
        question, yes = ("was it printed?", "printed") if each.channel == "post" else ("did it go?", "sent")
        answer = ask_choice(question, (yes, "resend", "later"), "later")
        if answer == yes:
            yield job.mark_sent(each)
        elif answer == "resend":
            yield job.resend(each)


def _show(
    context: Context,
    settled: Iterable[Settled],
    left: Iterable[Unsettled],
    looked: Looked,
    spelled: Callable[[str], str],
) -> None:
    rows = [(each.item[:8], spelled(each.code), each.recipient, each.state.value, each.says) for each in settled]
    rows += [(each.item[:8], spelled(each.code), each.recipient, *_told_of(each, looked)) for each in left]
    if rows:
        context.data(fitted(rows, ("ITEM", "CODE", "TO", "STATE", ""), kept=4))


def _told_of(each: Unsettled, looked: Looked) -> tuple[str, str]:
    """Return how an item stands that is not settled, and what there is to say of it."""
    if each.print_run is not None:
        return TO_PRINT, f"once it is: appeals dispatch printed {each.print_run}"
    return "unknown", "; ".join(filter(None, (each.reason, looked.looked.get(each.item))))


def _report(context: Context, settled: Iterable[Settled], left: Iterable[Unsettled], *, hints: bool) -> ExitStatus:
    """Say what is to be done next; the options only where nobody was just asked."""
    settled, left = tuple(settled), tuple(left)
    for plan in sorted({each.plan for each in settled if each.plan and each.state.value == "approved"}):
        context.say(f"send again with: appeals dispatch run {plan}")
    for code in sorted({each.code for each in settled if each.state.value == "approved" and not each.plan}):
        context.say(f"plan what is to go again anew: appeals dispatch plan {shlex.quote(code)}")
    undecided = sum(each.print_run is None for each in left)
    if undecided:
        how = ": --mark-sent ITEM (it went), or --resend ITEM (it did not)" if hints else " later"
        context.say(f"{undecided} left to decide{how}")
    for run, number in Counter(each.print_run for each in left if each.print_run is not None).items():
        wait = "waits" if number == 1 else "wait"
        context.say(f"{counted(number, 'letter')} {wait} to be printed; then say so: appeals dispatch printed {run}")
    if left:
        return ExitStatus.PARTLY_DONE
    if not settled:
        context.say("nothing is unknown")
        return ExitStatus.NOTHING_TO_DO
    return ExitStatus.FINE


def _as_data(each: Unsettled, looked: Looked) -> dict[str, object]:
    names = ("item", "code", "recipient", "channel", "since", "reason", "address", "message_id", "plan", "print_run")
    said = {name: getattr(each, name) for name in names}
    return {**said, "state": "unknown", "looked": looked.looked.get(each.item)}


def _address(each: Unsettled) -> str:
    return " ".join((each.address or "to an address that the log does not have").split())
