"""`appeals update`: begin the next update of a case, or the stop that ends it."""

from __future__ import annotations

from typing import Annotated

import typer

from urgent_appeals.cli.completion import complete_code
from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.new import no_partial_date, tell

OUTCOMES = tuple(
    "open released acquitted charges-dropped sentenced sentence-reduced protected died unchanged unknown".split()
)


def update(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help="The case, or any appeal of it.", autocompletion=complete_code),
    ],
    *,
    stop: Annotated[bool, typer.Option("--stop", help="End the writing of letters on the case.")] = False,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome",
            metavar="WORD",
            help=f"What became of the case: {', '.join(OUTCOMES)}.",
            autocompletion=lambda incomplete: [word for word in OUTCOMES if word.startswith(incomplete)],
        ),
    ] = None,
    ended: Annotated[
        str | None, typer.Option("--ended", metavar="DATE", help="When: 2026-12-12, 2026-12 or 2026.")
    ] = None,
    json: Json = False,
) -> ExitStatus:
    """Begin the next update of a case, or a stop, from its newest appeal.

    The code counts on in the issuer's spelling; comments, people, recipients and requests stay; the news of the former
    become background, with their date. What is new is a TODO, which `appeals check` refuses. A stop says thanks and
    asks for no more letters; it needs the outcome.
    """
    context = Context.of(ctx)
    if outcome is not None and not stop:
        raise typer.BadParameter("an outcome ends a case: say --stop too", param_hint="--outcome")
    if stop and outcome is None:
        outcome, ended = _ask_ending(ended)
    if outcome is not None and outcome not in OUTCOMES:
        raise typer.BadParameter(f"{outcome!r} is none of: {', '.join(OUTCOMES)}", param_hint="--outcome")
    from urgent_appeals.pipeline.writing import Drafting, Ending  # loads Pydantic and the YAML reader

    if ended is not None and (told := no_partial_date(ended)):
        raise typer.BadParameter(told, param_hint="--ended")
    ending = Ending(outcome, ended) if outcome is not None else None
    tell(context, Drafting.open(context.workspace(), context.today).update(code, ending), json=json)
    return ExitStatus.FINE


def _ask_ending(ended: str | None) -> tuple[str, str | None]:
    """Ask what became of the case, which Enter alone does not answer, and when."""
    from urgent_appeals.cli.ask import ask_choice, ask_until, can_ask

    if not can_ask():
        raise typer.BadParameter(f"a stop needs the outcome: one of {', '.join(OUTCOMES)}", param_hint="--outcome")
    outcome = ask_choice("What became of the case?", OUTCOMES, "")
    question = "When? (2026-12-12, 2026-12 or 2026; Enter = not known)"
    return outcome, ended or ask_until(question, lambda typed: no_partial_date(typed) if typed else None) or None
