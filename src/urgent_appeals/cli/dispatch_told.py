"""Tell of a plan and of a run of it: the tables, and the lines beneath them that say what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from urgent_appeals.cli.context import Context
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.tables import fitted
from urgent_appeals.domain.counted import counted

if TYPE_CHECKING:
    from urgent_appeals.domain.plan import Plan, PlanItem
    from urgent_appeals.pipeline.dispatching import Dispatched
    from urgent_appeals.pipeline.sending import Outcome

Spelled = Callable[[str], str]
"""Writes a code as people do."""
TO_PRINT = "to print"


def plan_table(plan: Plan) -> str:
    """Return the items of a plan as a table."""
    return fitted([_row(item) for item in plan.items], ("TO", "LANGUAGE", "BY", "ACTION", "ADDRESS", "WHY"), kept=4)


def tell_plan(context: Context, plan: Plan) -> None:
    """Say what a plan comes to, whom its letters come from, and what to type next."""
    counts = {action: sum(item.action == action for item in plan.items) for action in ("send", "confirm", "skip")}
    context.say(
        f"{counts['send']} to send, {counts['confirm']} to confirm, {counts['skip']} skipped; signed: {plan.sender}"
    )
    if said := _from(plan):
        context.say(said)
    words = sorted({doubt.value for item in plan.items if item.action == "confirm" for doubt in item.doubts})
    if words:
        context.say(f"to let these go as well, plan again with: --accept {','.join(words)}")
    if plan.to_send:
        context.say(f"nothing was sent; send it with: appeals dispatch run {plan.plan}")
    elif any(item.barred and item.via in {"email", "drafts"} for item in plan.items):
        context.say(f"to send it to yourself, as a test: appeals dispatch run {plan.plan} --reflect")


def run_table(done: Dispatched) -> str:
    """Return what came of the items of a plan as a table."""
    rows = [
        (outcome.item.key.recipient, outcome.item.via.value, stands(outcome), outcome.says)
        for outcome in done.ran.outcomes
    ]
    return fitted(rows, ("TO", "BY", "STATE", ""), kept=3)


def stands(outcome: Outcome) -> str:
    """Return the state of an item as people are told it: what lies in a print run is to print."""
    from urgent_appeals.domain.item_state import UNSURE

    return TO_PRINT if outcome.item.via == "post" and outcome.state in UNSURE else outcome.state.value


def tell_reflected(context: Context, done: Dispatched) -> ExitStatus:
    """Tell how a test to oneself went: none of the letters has become anything by it."""
    from urgent_appeals.domain.item_state import State

    ran = done.ran
    sent = ran.count(State.SENT)
    said = [f"{sent} of {len(ran.outcomes)} went to yourself, none to anybody else"]
    if done.untried:
        ways = " or ".join(sorted({item.via.value for item in done.untried}))
        said.append(f"{len(done.untried)} {'goes' if len(done.untried) == 1 else 'go'} by {ways}: not tried")
    context.say("; ".join((*said, *filter(None, [ran.stopped]))))
    return ExitStatus.FINE if sent == len(ran.outcomes) else ExitStatus.PARTLY_DONE


def tell_run(context: Context, done: Dispatched, spelled: Spelled) -> ExitStatus:
    """Tell how a run went, and what is left to do, and by whom."""
    from urgent_appeals.domain.item_state import GONE, State

    ran = done.ran
    for event in ran.recovered:
        context.say(
            f"left by a sender that died: {spelled(event.code or '')} to {event.recipient}: {event.event.value}"
        )
    for out in done.out:
        context.say(f"already out, and to be called back by hand where it no longer holds: {out}")
    for run in done.to_print:
        context.say(f"{run.letters} to print: {run.path}; then say so: appeals dispatch printed {run.name}")
    for line in (*_of_drafts(done, spelled), *_of_the_rest(done)):
        context.say(line)
    to_print = sum(stands(outcome) == TO_PRINT for outcome in ran.outcomes)
    if ran.count(State.UNKNOWN, State.DATA) > to_print:
        context.say(
            "of some nobody knows whether they were taken; never sent again by itself: appeals dispatch reconcile"
        )
    left = sum(outcome.state not in GONE for outcome in ran.outcomes) - to_print
    return ExitStatus.PARTLY_DONE if left > 0 or ran.stopped else ExitStatus.FINE


def _of_drafts(done: Dispatched, spelled: Spelled) -> Iterator[str]:
    """Yield what to do with the drafts that lie in each folder of the mailbox: they have not gone by themselves."""
    for folder in dict.fromkeys(out.where for out in done.drafts):
        drafts = [out for out in done.drafts if out.where == folder]
        codes, recipients = ({getattr(out, name) for out in drafts} for name in ("code", "recipient"))
        to = recipients.pop() if len(recipients) == 1 else "RECIPIENT"
        mark = f"appeals mark {shlex.quote(spelled(codes.pop()))} {to} sent"
        them = "it" if len(drafts) == 1 else "them"
        is_ = "is" if len(drafts) == 1 else "are"
        where = f"in {folder!r}" if folder else "in the mailbox"
        yield f"{counted(len(drafts), 'draft')} {is_} {where}: send {them} from your mail program, then: {mark}"


def _of_the_rest(done: Dispatched) -> Iterator[str]:
    """Yield how many of those have left that neither lie as drafts nor are to be printed; and why the run ended."""
    from urgent_appeals.domain.item_state import GONE, State

    waiting = [out for out in done.ran.outcomes if out.state is State.DRAFTED or stands(out) == TO_PRINT]
    rest = len(done.ran.outcomes) - len(waiting)
    gone = done.ran.count(*(GONE - {State.DRAFTED}))
    said = (f"{gone} of {rest} have left the desk" if rest else "", done.ran.stopped)
    if any(said):
        yield "; ".join(filter(None, said))


def _row(item: PlanItem) -> tuple[str, ...]:
    doubts = f" [{', '.join(item.doubts)}]" if item.doubts and item.action == "confirm" else ""
    key = item.key
    return key.recipient, key.language, item.via.value, item.action.value, item.address or "", f"{item.reason}{doubts}"


def _from(plan: Plan) -> str:
    """Return whom letters come from, where what comes back goes, and by what they leave, in a line.

    Only what is of the ways in use is said: nothing where all goes by post.
    """
    provenance = plan.provenance
    ways = {item.via.value for item in plan.items if item.action != "skip" or item.barred}
    by_server = "email" in ways or ("fax" in ways and provenance.gateway is not None)
    by_mail = by_server or "drafts" in ways
    known = (
        ("from:", (str(provenance) or "no address") if by_mail else None),
        ("answers to", provenance.replies if by_mail else None),
        ("bounces to", provenance.envelope_sender if by_server else None),
        ("by", provenance.server if by_server else None),
        ("drafts in", provenance.mailbox if "drafts" in ways else None),
        ("faxes by", (provenance.gateway or provenance.program) if "fax" in ways else None),
    )
    return "; ".join(f"{how} {what}" for how, what in known if what is not None)
