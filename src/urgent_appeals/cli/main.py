"""The command `appeals`: its options, its commands, and what becomes of errors."""

from __future__ import annotations

import os
import select
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer._click.exceptions import (  # Typer has no public name for these
    MissingParameter,
    NoArgsIsHelpError,
    UsageError,
)
from typer.main import get_command

from urgent_appeals import __version__
from urgent_appeals.cli import output
from urgent_appeals.cli.context import Context, On
from urgent_appeals.cli.exit_status import ExitStatus, status_of
from urgent_appeals.cli.lazy import Entry, LazyGroup
from urgent_appeals.cli.output import with_caret
from urgent_appeals.domain.problem import Problem
from urgent_appeals.errors import AppealNotOpen, AppealsError, DefinitionsBroken

if TYPE_CHECKING:
    from typer._click import Command

PROGRAM = "appeals"


COMMANDS = tuple(
    Entry(name, f"urgent_appeals.cli.{name}", attribute, text, panel)
    for name, attribute, panel, text in (
        ("init", "init", "Write", "Start a workspace from a fictional sample; overwrite nothing."),
        ("new", "new", "Write", "Begin an appeal about a new case."),
        ("update", "update", "Write", "Begin the next update of a case, or the stop that ends it."),
        ("list", "list_appeals", "Write", "List the appeals of the workspace."),
        ("show", "show", "Write", "Show an appeal: what it says, to whom, until when."),
        ("check", "check", "Write", "Check the definitions and show every problem at once."),
        ("preview", "preview", "Write", "Show the pages of an appeal in the browser, redrawn at every save."),
        ("translated", "translated", "Write", "Record that translations say what the original says now."),
        ("letters", "letters", "Write", "Make the letters, email drafts and the bulletin of an appeal."),
        ("recipients", "recipients", "Write", "List, show, check, begin, import and export directories of recipients."),
        ("dispatch", "dispatch", "Send", "Plan what goes to whom, run the plan, settle what is unknown."),
        ("mark", "mark", "Send", "Note what was done by hand, and what came back."),
        ("codes", "codes", "Follow", "Find the case codes quoted in any text."),
        ("log", "log", "Follow", "Show what was done; verify, export, import, back up, forget."),
        ("config", "config", "Settings", "Show the settings in effect."),
        ("login", "login", "Settings", "Keep the password of an account in the keyring of the system."),
        ("doctor", "doctor", "Settings", "Look whether everything that letters need is there."),
        ("schema", "schema", "Settings", "Write JSON Schemas of the definition files for editors."),
    )
)
"""Every command, in the order of the help."""

_HELP = """Write an urgent appeal once; get letters, email drafts and the bulletin in each language.

CODE is forgiving: "KAZ 001/0802/OBS 053.02", KAZ-001-0802-OBS-053.02 or 053.02."""

_EPILOG = """Exit status: 0 fine, 1 problems, 2 usage, 3 nothing to do, 4 confirmation needed and no terminal,
5 partly done, 6 the plan no longer matches, 130 interrupted. Data goes to stdout, talk to stderr."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `appeals` with arguments (those of the process without) and return the exit status."""
    command = application()
    ctx = None
    try:
        if f"_{PROGRAM.upper()}_COMPLETE" in os.environ:
            return _complete(command)
        ctx = command.make_context(PROGRAM, list(sys.argv[1:] if arguments is None else arguments))
        with ctx:
            status = command.invoke(ctx)
        return ExitStatus.FINE if status is None else int(status)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # each becomes a word and a status here
        return _aftermath(error, verbose=ctx is not None and ctx.params.get("verbose", False))


def application() -> Command:
    """Return the whole command, with its commands not yet loaded."""
    app = typer.Typer(
        cls=LazyGroup.over(COMMANDS),
        help=_HELP,
        epilog=_EPILOG,
        rich_markup_mode=None,  # data is printed as it is, and plain help starts twice as fast
        pretty_exceptions_enable=False,  # they would show personal data
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    app.callback()(_options)
    return get_command(app)


def _options(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    *,
    directory: Annotated[
        Path,
        typer.Option("--directory", "-C", metavar="DIR", help="Work in the workspace of this directory."),
    ] = Path(),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print data and problems only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell more, and where a fault lies.")] = False,
    on: On = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        output.data(f"{PROGRAM} {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        output.data(ctx.get_help())
        raise typer.Exit
    if not directory.is_dir():
        raise typer.BadParameter(f"no directory {str(directory)!r}", param_hint="-C")
    ctx.obj = Context(directory.absolute(), quiet=quiet, verbose=verbose, on=on)


def _complete(command: Command) -> int:
    """Answer the shell's question for completions."""
    from typer.completion import shell_complete  # only a completing shell needs it

    variable = f"_{PROGRAM.upper()}_COMPLETE"
    return shell_complete(command, {}, PROGRAM, variable, os.environ[variable])


def _aftermath(error: BaseException, *, verbose: bool) -> int:
    """Tell what ended the run, on stderr, and return the exit status it comes out as."""
    status: int
    match error:
        case typer.Exit():
            status = error.exit_code
        case BrokenPipeError() if _nobody_reads():
            _let_go_of_stdout()
            status = ExitStatus.FINE
        case KeyboardInterrupt() | typer.Abort():
            output.say(f"\n{PROGRAM}: interrupted; what was not finished was not kept")
            status = ExitStatus.INTERRUPTED
        case typer.TyperException():
            _tell_usage(error)
            status = ExitStatus.USAGE
        case AppealsError():
            _tell_error(error)
            status = status_of(error)
        case _:
            _tell_fault(error, verbose=verbose)
            status = ExitStatus.PROBLEMS
    return status


def _nobody_reads() -> bool:
    """Tell whether the reader of our stdout left, as `head` does; other broken pipes are faults."""
    try:
        pipe = select.poll()
        pipe.register(sys.stdout, 0)
        return bool(pipe.poll(0))
    except OSError:  # stdout is no file of the system's
        return False


def _let_go_of_stdout() -> None:
    """Send what may be left in the buffer nowhere: some Pythons complain of the closed pipe as they end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _tell_usage(error: typer.TyperException) -> None:
    if isinstance(error, NoArgsIsHelpError):
        output.say(error.format_message())
        return
    message = error.format_message().removesuffix(".")
    output.say(f"{PROGRAM}: {message[:1].lower()}{message[1:]}")
    if isinstance(error, MissingParameter) and error.param is not None and error.param.name == "code":
        output.say(f"`{PROGRAM} list` names the appeals and their codes")
    if isinstance(error, UsageError) and error.ctx is not None:
        output.say(f"for help: {error.ctx.command_path} --help")


def _tell_error(error: AppealsError) -> None:
    if isinstance(error, DefinitionsBroken):
        for problem in error.problems:
            output.say(with_caret(problem) if isinstance(problem, Problem) else str(problem))
    output.say(f"{PROGRAM}: {error}")
    if isinstance(error, AppealNotOpen):
        output.say("to write all the same, say why (it goes on record): --override REASON; for another day: --on DATE")


def _tell_fault(error: BaseException, *, verbose: bool) -> None:
    """Tell of a fault of the program: what and where, but not the message, which may quote people's data.

    A traceback shows lines of code and the message, never the values of variables.
    """
    if verbose:
        output.say("".join(traceback.format_exception(error)).rstrip())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    output.say(f"{PROGRAM}: a fault of the program, not of yours: {type(error).__name__}{place}")
    if verbose:
        output.say("please report it with the lines above, names and addresses taken out (SECURITY.md says how)")
    else:
        output.say(f"please report it; `{PROGRAM} -v …` shows more to report (take names and addresses out first)")
