"""`appeals login`: put the password of an account into the keyring of the system, or take it out."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json


def login(
    ctx: typer.Context,
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="smtp (sending) or imap (drafts, Sent folder).")],
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Take the password out of the keyring.")] = False,
    json: Json = False,
) -> ExitStatus:
    """Keep the password of an account of desk.yaml in the keyring of your system. You type it, and nobody sees it.

    It is never an argument, nor in a file: where there is no keyring, set APPEALS_SMTP_PASSWORD or
    APPEALS_IMAP_PASSWORD. Exit status 4 where there is no terminal to type at.
    """
    from getpass import getpass

    from urgent_appeals.cli.ask import can_ask
    from urgent_appeals.errors import NoTerminal
    from urgent_appeals.pipeline.settings import drop_password, keep_password, login_of  # loads Pydantic

    context = Context.of(ctx)
    if service not in ("smtp", "imap"):
        raise typer.BadParameter(f"{service!r} is neither smtp nor imap", param_hint="SERVICE")
    account = login_of(context.workspace(), cast("Literal['smtp', 'imap']", service))
    if forget:
        drop_password(account)
        context.say(f"the password for {account.name} is no longer in the keyring")
    elif not can_ask():
        raise NoTerminal("a password", f"set APPEALS_{service.upper()}_PASSWORD instead")
    else:
        try:
            typed = getpass(f"password for {account.name} (not shown): ")
        except EOFError:
            raise typer.Abort from None
        keep_password(account, typed)
        context.say(f"the password for {account.name} is in the keyring of this system")
    if json:
        context.data(as_json({"service": service, "account": account.name, "kept": not forget}))
    return ExitStatus.FINE
