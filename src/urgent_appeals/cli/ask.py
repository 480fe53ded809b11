"""Ask on a terminal, line by line, with completion by the tab key where the terminal has it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import typer

from urgent_appeals.cli import output
from urgent_appeals.domain.check.definitions import did_you_mean

SKIP = "-"
"""What is answered to leave a question for later although it has a default."""


LONGEST_PROMPT = 70
"""The longest line to type behind: on a plain terminal a longer one scrolls away."""


def can_ask() -> bool:
    """Tell whether a person sits at a terminal that can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "", choices: Sequence[str] = (), *, by_word: bool = True) -> str:
    """Return an answer without blanks around it: the default for an empty one, nothing for a `-`.

    The tab key completes from `choices`, which bind nobody: each word, or else the whole answer. Raises typer.Abort at
    the end of input.
    """
    shown = f" [{output.escape(default)}]" if default else ""
    prompt = f"{output.escape(question)}{shown}: "
    try:
        with _completion(choices, " ,;\t\n" if by_word else "\n"):
            answer = input(prompt) if sys.stdin.isatty() and sys.stdout.isatty() else _from_line(prompt)
    except EOFError:
        raise typer.Abort from None
    answer = answer.strip()
    return "" if answer == SKIP else answer or default


def ask_until(question: str, fault: Callable[[str], str | None], default: str = "", choices: Sequence[str] = ()) -> str:
    """Ask until an answer has no fault; a fault is told in words."""
    while True:
        answer = ask(question, default, choices)
        told = fault(answer)
        if told is None:
            return answer
        output.say(f"  {told}")


def ask_choice(question: str, choices: Sequence[str], default: str) -> str:
    """Ask for one of a few words; the first letters will do where they are of one word only."""
    words = ", ".join(choices)
    if len(question) + len(words) > LONGEST_PROMPT:
        output.say(f"{question}\n  {words}")
        asked = "  one of these"
    else:
        asked = f"{question} ({words})"
    answer = ask_until(asked, lambda typed: _no_choice(typed, choices), default, choices)
    return _in_full(answer, choices) or answer


def ask_day(question: str, default: date | None = None, *, earliest: date | None = None) -> date | None:
    """Ask for a day, None where it is left for later."""

    def fault(answer: str) -> str | None:
        try:
            day = date.fromisoformat(answer) if answer else None
        except ValueError:
            return f"{answer!r} is no date like 2026-10-20"
        if day is not None and earliest is not None and day < earliest:
            return f"{day} is before the day of issue, {earliest}"
        return None

    hint = "" if default else " (such as 2026-10-20; Enter = later)"
    answer = ask_until(f"{question}{hint}", fault, default.isoformat() if default else "")
    return date.fromisoformat(answer) if answer else None


def confirm(question: str) -> bool:
    """Ask for yes, which is the default, or no."""
    return ask_choice(question, ("y", "n"), "y") == "y"


def _no_choice(typed: str, choices: Sequence[str]) -> str | None:
    if _in_full(typed, choices):
        return None
    return did_you_mean(typed, choices) or f"one of: {', '.join(choices)}"


def _in_full(typed: str, choices: Sequence[str]) -> str | None:
    fitting = [choice for choice in choices if typed and choice.startswith(typed.lower())]
    return typed if typed in choices else fitting[0] if len(fitting) == 1 else None


def _from_line(prompt: str) -> str:
    """Ask on stderr: stdout goes elsewhere, and is for data."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


@contextmanager
def _completion(choices: Sequence[str], delimiters: str) -> Iterator[None]:
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
    readline.set_completer_delims(delimiters)
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])
