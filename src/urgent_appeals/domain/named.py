"""Find what a short name stands for: a part of an office's name, or the end of a plan's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 4
"""How many letters of a name's end are enough to name it, where they name one only."""


def by_part(typed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the recipients whose office has a name, or else whole words of its name.

    `clerk` stands for `arlandia/assembly-clerk`, and `arlandia/clerk` does; `assem` stands for nobody.
    """
    directory, slash, part = typed.rpartition("/")
    inside = tuple(name for name in ids if not slash or name.startswith(f"{directory}/"))
    whole = tuple(name for name in inside if name.endswith(f"/{part}"))
    return whole or tuple(name for name in inside if f"-{part}-" in f"-{name.rpartition('/')[2]}-")


def by_ending(typed: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the name that was typed, or else those that end with it, where it is not too short for that."""
    known = tuple(names)
    if typed in known:
        return (typed,)
    return tuple(name for name in known if len(typed) >= SHORTEST and name.endswith(typed))
