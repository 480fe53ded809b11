"""Ask on a terminal, line by line, with completion by the tab key where the terminal has it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import typer

from urgent_appeals.cli import output
from urgent_appeals.domain.check.definitions import did_you_mean


def can_ask() -> bool:
    """Tell whether a person sits at a terminal that can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "", choices: Sequence[str] = ()) -> str:
    """Return an answer without blanks around it, the default for an empty one; raises typer.Abort at the end of input.

    The tab key completes from `choices`, which bind nobody.
    """
    shown = f" [{output.escape(default)}]" if default else ""
    prompt = f"{output.escape(question)}{shown}: "
    try:
        with _completion(choices):
            answer = input(prompt) if sys.stdout.isatty() else _from_line(prompt)
    except EOFError:
        raise typer.Abort from None
    return answer.strip() or default


def ask_until(question: str, fault: Callable[[str], str | None], default: str = "", choices: Sequence[str] = ()) -> str:
    """Ask until an answer has no fault; a fault is told in words."""
    while True:
        answer = ask(question, default, choices)
        told = fault(answer)
        if told is None:
            return answer
        output.say(f"  {told}")


def ask_choice(question: str, choices: Sequence[str], default: str) -> str:
    """Ask for one of a few words."""

    def fault(answer: str) -> str | None:
        if answer in choices:
            return None
        return did_you_mean(answer, choices) or f"one of: {', '.join(choices)}"

    return ask_until(f"{question} ({', '.join(choices)})", fault, default, choices)


def ask_day(question: str) -> date | None:
    """Ask for a day, None for an empty answer."""
    answer = ask_until(f"{question} (such as 2026-10-20; empty: later)", _no_day)
    return date.fromisoformat(answer) if answer else None


def _no_day(answer: str) -> str | None:
    try:
        if answer:
            date.fromisoformat(answer)
    except ValueError:
        return f"{answer!r} is no date like 2026-10-20"
    return None


def confirm(question: str) -> bool:
    """Ask for yes, which is the default, or no."""
    return ask_choice(question, ("y", "n"), "y") == "y"


def _from_line(prompt: str) -> str:
    """Ask on stderr: stdout goes elsewhere, and is for data."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


@contextmanager
def _completion(choices: Sequence[str]) -> Iterator[None]:
    try:
        import readline  # not on every platform; and it costs time that most commands need not spend
    except ImportError:
        yield
        return

    def complete(text: str, state: int) -> str | None:
        fitting = [choice for choice in choices if choice.startswith(text)]
        return fitting[state] if state < len(fitting) else None

    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(complete)
    readline.set_completer_delims(" ,;\t\n")
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])
