"""Say what the template of the list on top of a print run needs in plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from urgent_appeals.domain.counted import counted
from urgent_appeals.render.address import tied
from urgent_appeals.render.data import html
from urgent_appeals.render.envelope import envelope
from urgent_appeals.render.paper import paper_data

_PAGE = 'page <span class="this-page"></span> of <span class="all-pages"></span>, list'
_LINE = 80
"""How many characters of a command a line holds at the usual size."""
_STEPS = (
    "Print everything after this list on both sides, or on one: each letter begins on a sheet of its own.",
    "Sign, fold at the marks at the left edge, put each letter into its envelope, and tick it off when it is posted.",
)


@dataclass(frozen=True)
class Posting:
    """One letter of a print run: to whom it goes, how many pages it has, the last day on which it may set out."""

    recipient: str
    code: str
    language: str
    address: tuple[str, ...]
    pages: int
    act_by: date | None


@dataclass(frozen=True)
class PrintRun:
    """What the list says: the name of the run, the appeal, the day, the letters, and the digest of all of them.

    `say` is the command that tells that it is printed, `envelope` the one that names the paper.
    """

    name: str
    code: str
    on: date
    digest: str
    letters: tuple[Posting, ...]
    say: str
    envelope: str


def print_run_data(run: PrintRun) -> dict[str, Any]:
    """Return what the list is filled with; it is in English, as all that the program says to those who use it."""
    pages = sum(letter.pages for letter in run.letters)
    sheets = sum(_sheets(letter.pages) for letter in run.letters)
    facts = [
        ("Print run", run.name),
        ("Appeal", run.code),
        ("Made on", run.on.isoformat()),
        (
            "Letters",
            f"{len(run.letters)}: {counted(pages, 'page')}, on {counted(sheets, 'sheet')} where both sides are printed",
        ),
    ]
    return {
        "title": f"What to post: print run {run.name}",
        "paper": paper_data(envelope(run.envelope).paper),
        "run": f"{run.name} · {counted(len(run.letters), 'letter')}",
        "digest": f"SHA-256 of the letters: {run.digest}",
        "page_number": html(_PAGE),
        "facts": [{"label": label, "value": value} for label, value in facts],
        "steps": [*_STEPS, "When it is printed, say so, since nobody else can know:"],
        "say": run.say,
        "say_size": _size(run.say),
        "letters": [
            {
                "number": number,
                "recipient": letter.recipient,
                "code": letter.code,
                "language": letter.language,
                "address": [tied(line) for line in letter.address],
                "pages": letter.pages,
                "sheets": counted(_sheets(letter.pages), "sheet"),
                "act_by": letter.act_by.isoformat() if letter.act_by is not None else None,
            }
            for number, letter in enumerate(run.letters, start=1)
        ],
    }


def _size(command: str) -> float:
    """Return at which part of the usual size a command that is to be typed fits a line."""
    return round(min(1.0, _LINE / len(command)), 2)


def _sheets(pages: int) -> int:
    return (pages + 1) // 2
