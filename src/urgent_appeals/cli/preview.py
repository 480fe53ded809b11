"""`appeals preview`: the pages of an appeal in the browser, redrawn at every save."""

from __future__ import annotations

from typing import Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_envelope, complete_sender
from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json


def preview(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The appeal, or its folder.", autocompletion=complete_code)
    ],
    *,
    sender: Annotated[
        str | None,
        typer.Option("--sender", metavar="NAME", help="Signed by this sender.", autocompletion=complete_sender),
    ] = None,
    envelope: Annotated[
        str | None,
        typer.Option(
            "--envelope",
            metavar="NAME",
            help="For this envelope; else the campaign's.",
            autocompletion=complete_envelope,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port; any free one without it.")
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address and open no browser.")] = False,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Show the pages, the email draft and the text of an appeal in the browser as they will be, redrawn at every save.

    Every recipient and language is one key away: up and down, left and right; so are the letter (l), the email draft
    (m), the plain text (t) and the bulletin (b). Nothing is written and nothing goes on record; only this machine's
    browser gets an answer. Ctrl-C ends it.
    """
    from urgent_appeals.cli.preview_server import PreviewServer
    from urgent_appeals.pipeline.letters import envelope_named  # loads the layout engine
    from urgent_appeals.pipeline.preview import Preview

    context = Context.of(ctx, on=on)
    shown = Preview(context.workspace(), code, context.today, sender, envelope_named(envelope))
    look = shown.look()
    if look.error is not None and not look.problems:
        raise look.error
    try:
        server = PreviewServer(shown, port)
    except OSError as error:
        raise typer.BadParameter(f"port {port} cannot be had: {error.strerror}", param_hint="--port") from None
    with server:
        try:
            context.data(as_json({"code": look.code or None, "address": server.address}) if json else server.address)
            context.say(f"the preview of {look.code or code} is at that address, until Ctrl-C; nothing is written")
            if not no_open:
                _open(server.address)
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            context.say("")
        finally:
            shown.close()
    return ExitStatus.FINE


def _open(address: str) -> None:
    import webbrowser  # starts programs; only asked for here

    webbrowser.open(address)
