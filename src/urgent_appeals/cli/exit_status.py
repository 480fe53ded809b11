"""Exit statuses of `appeals`, and which of them each error of the core comes out as."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from urgent_appeals import errors


class ExitStatus(IntEnum):
    """What the shell is told; public interface."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    NOTHING_TO_DO = 3
    CONFIRMATION_NEEDED = 4
    PARTLY_DONE = 5
    PLAN_CHANGED = 6
    INTERRUPTED = 130
    """Stopped by the keyboard: 128 and the signal's number, as shells have it."""


STATUS_OF: Mapping[type[errors.AppealsError], ExitStatus] = {
    errors.AppealsError: ExitStatus.PROBLEMS,
    errors.CaseCodeError: ExitStatus.USAGE,
    errors.NotAWorkspace: ExitStatus.USAGE,
    errors.WorkspaceOfAnother: ExitStatus.USAGE,
    errors.UnknownAppeal: ExitStatus.USAGE,
    errors.UnknownChoice: ExitStatus.USAGE,
    errors.NoNumbering: ExitStatus.USAGE,
    errors.ConfirmationNeeded: ExitStatus.CONFIRMATION_NEEDED,
    errors.NoTerminal: ExitStatus.CONFIRMATION_NEEDED,
    errors.PlanChanged: ExitStatus.PLAN_CHANGED,
    errors.NothingToDo: ExitStatus.NOTHING_TO_DO,
}
"""Classes that are not named come out as the nearest class above them that is."""


def status_of(error: errors.AppealsError) -> ExitStatus:
    """Return the exit status that an error of the core comes out as."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
