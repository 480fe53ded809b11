"""What holds up a dispatch: settings, accounts, plans, messages."""

from __future__ import annotations

from collections.abc import Sequence

from urgent_appeals.errors.base import AppealsError


class LetterChanged(AppealsError):
    """What was to be sent is not what was approved."""

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"{what}: {reason}")


class LettersOutdated(AppealsError):
    """The letters in the outbox were made from files that have changed since."""

    def __init__(self, code: str, files: Sequence[str]) -> None:
        self.code = code
        self.files = tuple(files)
        changed = f"{', '.join(self.files)} changed since the letters of {code} were made"
        super().__init__(f"{changed}; look at them again: appeals letters {code!r}")


class PlanChanged(AppealsError):
    """Something is not as it was when a plan was made; nothing was sent."""

    def __init__(self, plan: str, changes: Sequence[str]) -> None:
        self.plan = plan
        self.changes = tuple(changes)
        what = "; ".join(self.changes) or "what it covers is another"
        super().__init__(f"the plan {plan} no longer matches, and nothing was sent: {what}. Plan again")


class MessageRefused(AppealsError):
    """A message would not go out as it was meant; nothing was sent."""

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"{what} is not sent: {reason}")


class NoDesk(AppealsError):
    """The settings of the desk are not there, or lack what a channel needs."""

    def __init__(self, file: str, missing: str | None = None) -> None:
        self.file = file
        self.missing = missing
        what = f"{file} has no {missing}" if missing else f"there is no {file}"
        super().__init__(f"{what}: it says by which accounts letters leave (see docs/workspace.md)")


class DeskUnsafe(AppealsError):
    """The settings of the desk can be read or changed by others; `remedy` is what to do."""

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        self.file = file
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{file} {reason}; {remedy}")


class NoPassword(AppealsError):
    """The password of an account is neither in the environment nor in the keyring."""

    def __init__(self, service: str, account: str, variable: str) -> None:
        self.service = service
        self.account = account
        self.variable = variable
        super().__init__(f"no password for {account}; store it with: appeals login {service} (or set {variable})")


class AccountUnusable(AppealsError):
    """An account cannot be used as the settings have it."""

    def __init__(self, account: str, reason: str) -> None:
        self.account = account
        self.reason = reason
        super().__init__(f"{account}: {reason}")


class ExtraMissing(AppealsError):
    """Something needs a package that is not installed; `extra` brings it."""

    def __init__(self, purpose: str, extra: str) -> None:
        self.purpose = purpose
        self.extra = extra
        super().__init__(f"{purpose} needs: pip install 'urgent-appeals[{extra}]'")


class NoTerminal(AppealsError):
    """Something is typed at a terminal only, and there is none."""

    def __init__(self, what: str, instead: str) -> None:
        self.what = what
        self.instead = instead
        super().__init__(f"{what} is typed at a terminal, and there is none; {instead}")


class MarkRefused(AppealsError):
    """What a person notes of a letter does not fit what is on record of it; nothing was recorded."""

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"{what}: {reason}")
