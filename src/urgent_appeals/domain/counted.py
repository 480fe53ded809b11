"""Say how many of a thing there are, in English."""

from __future__ import annotations


def counted(number: int, thing: str, several: str | None = None) -> str:
    """Return a number and what it counts: `1 letter`, `1,200 letters`; `several` where the plural is another word."""
    return f"{number:,} {thing if number == 1 else several or f'{thing}s'}"
