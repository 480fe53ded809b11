"""Write case codes for people as their issuers do; the log and what programs read have them in canonical form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from urgent_appeals.errors import AppealsError
from urgent_appeals.workspace.read import find_root, read


def spelling(start: Path) -> Callable[[str], str]:
    """Return what writes a canonical code as its issuer does, where the workspace of a directory knows the appeal.

    Any other code is written as it is. The workspace is read when the first code is asked for, and once.
    """

    @cache
    def known() -> dict[str, str]:
        try:
            appeals = read(find_root(start), only=lambda _: False).appeals  # no prose: the headers tell the codes
        except AppealsError:
            return {}
        return {appeal.code.canonical: str(appeal.code) for appeal in appeals}

    return lambda code: known().get(code, code)
