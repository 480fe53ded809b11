"""What is wrong with the log, or cannot be recorded."""

from __future__ import annotations

from urgent_appeals.errors.base import AppealsError


class LogError(AppealsError):
    """The base of what is wrong with the log."""


class LogUnreachable(LogError):
    """The database of the log cannot be opened or read."""

    def __init__(self, log: str, reason: str) -> None:
        self.log = log
        self.reason = reason
        super().__init__(f"the log {log} cannot be read: {reason}")


class LogUnwritable(LogError):
    """An event could not be written for good, or nobody knows whether it was: sending stops at once."""

    def __init__(self, log: str, reason: str) -> None:
        self.log = log
        self.reason = reason
        super().__init__(f"the log {log} cannot be written, so nothing is sent: {reason}")


class LogNotDurable(LogError):
    """The database of the log does not promise that what was written is still there after a power cut."""

    def __init__(self, log: str, setting: str, wanted: str) -> None:
        self.log = log
        self.setting = setting
        self.wanted = wanted
        super().__init__(f"the log {log} could lose what was written: its database has {setting}, not {wanted}")


class LogNewer(LogError):
    """A later version of this program has written the log."""

    def __init__(self, log: str, schema: str, known: str) -> None:
        self.log = log
        self.schema = schema
        self.known = known
        super().__init__(
            f"the log {log} was written by a later version of this program (form {schema}, this one knows {known});"
            " install that version, the log stays as it is"
        )


class LogCorrupt(LogError):
    """The file of the log is damaged."""

    def __init__(self, log: str, reason: str) -> None:
        self.log = log
        self.reason = reason
        super().__init__(
            f"the log {log} is damaged ({reason}); nothing is sent from it: put its latest backup in its place"
        )


class LogRestored(LogError):
    """The log is older than what this desk last wrote to it: a backup was put in its place, or it was emptied."""

    def __init__(self, log: str, reason: str) -> None:
        self.log = log
        self.reason = reason
        super().__init__(
            f"the log {log} is not the one that this desk last wrote to: {reason};"
            " put the latest one back, or say that this is it: appeals log verify --accept-restored"
        )


class AnotherSender(LogError):
    """Another sender is at work on the log; `pid` is its process, where that is known."""

    def __init__(self, log: str, pid: int | None = None, since: str | None = None) -> None:
        self.log = log
        self.pid = pid
        self.since = since
        who = f" (pid {pid}{f', since {since}' if since else ''})" if pid is not None else ""
        super().__init__(f"another sender runs{who} on the log {log}; wait until it has ended, then start again")


class IllegalTransition(LogError):
    """An event cannot happen to an item that is in its state."""

    def __init__(self, item: str, state: str, event: str) -> None:
        self.item = item
        self.state = state
        self.event = event
        super().__init__(f"the item {item} is {state}, so it cannot be {event}")


class LogExportRefused(LogError):
    """The export of another desk cannot be merged into the log; nothing of it was taken over."""

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file} is not taken over: {reason}")
