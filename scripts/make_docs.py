"""Write docs/commands.md from the program itself; `--check` only says whether it is of now."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.main import COMMANDS, main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
WORDS = {
    ExitStatus.FINE: "fine",
    ExitStatus.PROBLEMS: "problems: in the definitions, or in making a document; what was wrong is on stderr",
    ExitStatus.USAGE: "usage: an unknown command, option, appeal, recipient, language or sender, or no workspace here",
    ExitStatus.NOTHING_TO_DO: "nothing to do",
    ExitStatus.CONFIRMATION_NEEDED: "confirmation is needed, and there is no terminal to ask on",
    ExitStatus.PARTLY_DONE: "partly done, see the log",
    ExitStatus.PLAN_CHANGED: "the plan no longer matches",
    ExitStatus.INTERRUPTED: "interrupted from the keyboard",
}
HEAD = """# Commands

<!-- Written by scripts/make_docs.py: change the program, not this page. -->

Data goes to stdout, talk to stderr. `--json` prints one JSON document. Colour is never used; `NO_COLOR` changes
nothing. CODE is forgiving: `"KAZ 001/0802/OBS 053.02"`, `KAZ-001-0802-OBS-053.02` and `053.02` name the same appeal; a
form that fits several appeals lists them.
"""


def page() -> str:
    """Return the page: every command with its help as the program prints it, and every exit status."""
    parts = [HEAD, "## Exit statuses\n", "| status | meaning |\n|---|---|"]
    parts += [f"| {int(status)} | {WORDS[status]} |" for status in ExitStatus]
    parts += ["", "## appeals\n", _help()]
    for entry in COMMANDS:
        parts += [f"\n## appeals {entry.name}\n", _help(entry.name)]
        for name in _subcommands(entry.name):
            parts += [f"\n### appeals {entry.name} {name}\n", _help(entry.name, name)]
    return "\n".join(parts) + "\n"


def _subcommands(command: str) -> tuple[str, ...]:
    _, _, listed = _printed(command).partition("\nCommands:\n")
    return tuple(line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " ")


def _help(*words: str) -> str:
    return f"```\n{_printed(*words)}\n```"


def _printed(*words: str) -> str:
    caught = io.StringIO()
    with redirect_stdout(caught):
        status = main([*words, "--help"])
    if status != ExitStatus.FINE:
        raise SystemExit(f"appeals {' '.join(words)} --help ended with status {status}")
    return caught.getvalue().strip()


if __name__ == "__main__":
    os.environ.update(COLUMNS="100", TERM="dumb", NO_COLOR="1")
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else "docs/commands.md is not of now: make docs")
    PAGE.write_text(page(), encoding="utf-8")
