"""Read the settings of the desk (`desk.yaml`): its owner's alone, and without any password."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.problem import Origin, Problem
from urgent_appeals.domain.problem import Path as Place
from urgent_appeals.errors import DefinitionsBroken, DeskUnsafe, NoDesk
from urgent_appeals.workspace.source_text import LARGEST, too_large
from urgent_appeals.workspace.validation import validate
from urgent_appeals.workspace.yaml_text import Document, read_yaml

DESK: Final = "desk.yaml"

_OF_SECRETS = re.compile(r"pass|pwd|secret|token|credential|api[_-]?key", re.IGNORECASE)
_VALUE = re.compile(r"^'.*' (?=should|is )", re.DOTALL)
_OF_NO_SECRETS = frozenset({"token_command"})


def read_desk(root: Path) -> Desk:
    """Return the settings of the desk in a workspace.

    Raises NoDesk where there are none; DeskUnsafe where the file is another user's, or anybody but its owner can read
    or change it; DefinitionsBroken, with every problem, where it cannot be understood or a password stands in it. What
    is written in the file is never quoted, for it may be a password.
    """
    document = read_yaml(_bytes(root / DESK), DESK)
    inline = tuple(_inline_secrets(document))
    if inline:
        raise DefinitionsBroken(inline)
    desk, problems = validate(Desk, document)
    problems += [*document.problems, *(_unusable(desk, document.origin) if desk is not None else ())]
    if problems or desk is None:
        raise DefinitionsBroken([_unquoted(problem) for problem in sorted(problems)])
    return desk.model_copy(update={"origin": document.origin})


def _bytes(path: Path) -> bytes:
    try:
        # Not to wait for a pipe that somebody put here, nor to follow a link to what is another's.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise NoDesk(DESK) from None
    except OSError as error:
        reason = "is a link" if path.is_symlink() else f"cannot be read: {(error.strerror or 'unknown').lower()}"
        raise DeskUnsafe(DESK, reason, "put the file itself there") from error
    with os.fdopen(descriptor, "rb") as file:
        _require_own(os.fstat(descriptor))
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise DefinitionsBroken([too_large(DESK)])
    return data


def _require_own(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise DeskUnsafe(DESK, "is no plain file", "put the file itself there")
    own = getattr(os, "getuid", None)  # not on Windows, where modes mean nothing either
    if own is None:
        return
    if status.st_uid != own():
        raise DeskUnsafe(DESK, "belongs to another user", "write your own")
    if status.st_mode & 0o077:
        raise DeskUnsafe(DESK, "can be read or changed by others", f"do: chmod 600 {DESK}")


def _inline_secrets(document: Document) -> Iterator[Problem]:
    for path in _paths(document.data, ()):
        name = str(path[-1])
        if _OF_SECRETS.search(name) is None or name in _OF_NO_SECRETS:
            continue
        line, column = document.keys.get(path) or document.origin.marks.get(path) or (1, 1)
        message = f"'{name}' would hold a password or token, and none is kept in a file"
        hint = "take it out, change it if others saw it, and store it with: appeals login smtp"
        yield replace(Problem.at(DESK, line, column, message), hint=hint)


def _paths(data: Any, path: Place) -> Iterator[Place]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _paths(value, (*path, index))


def _unquoted(problem: Problem) -> Problem:
    """Return a problem that repeats nothing of what was written."""
    return replace(problem, text="", message=_VALUE.sub("it ", problem.message))


def _unusable(desk: Desk, origin: Origin) -> Iterator[Problem]:
    """Yield where parts of the settings, each right by itself, do not go together."""
    if desk.reflect is not None and not desk.allows(desk.reflect):
        yield origin.problem(("reflect",), "is in none of the domains of allow_domains")
    if desk.fax is not None and desk.fax.gateway is not None and desk.smtp is None:
        yield origin.problem(("fax", "gateway"), "a gateway is reached by mail, and there is no smtp")
