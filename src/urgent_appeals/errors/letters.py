"""What holds up the making of letters and documents."""

from __future__ import annotations

from urgent_appeals.errors.base import AppealsError


class AppealNotOpen(AppealsError):
    """The appeal may not be written on at this date."""

    def __init__(self, code: str, state: str, reason: str) -> None:
        self.code = code
        self.state = state
        self.reason = reason
        super().__init__(f"{code} is {state}: {reason}")


class MissingWording(AppealsError):
    """Something that a letter must say has no words in its language."""

    def __init__(self, item: str, what: str, language: str) -> None:
        self.item = item
        self.what = what
        self.language = language
        super().__init__(f"{item}: {what} has no wording in {language!r}")


class NothingToDo(AppealsError):
    """What was asked for is there already, or the choice selects nothing."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TemplateError(AppealsError):
    """A template is missing, does what a template may not do, or is wrong; names the template and where."""

    def __init__(self, template: str, reason: str, line: int | None = None) -> None:
        self.template = template
        self.reason = reason
        self.line = line
        super().__init__(f"template {template}{f':{line}' if line else ''}: {reason}")


class RenderError(AppealsError):
    """A document could not be made; names the item (code, recipient, language)."""

    def __init__(self, item: str, reason: str) -> None:
        self.item = item
        self.reason = reason
        super().__init__(f"{item}: {reason}")


class LimitExceeded(RenderError):
    """A document took more than its time or memory and its maker was stopped."""


class UnsafeHeader(AppealsError):
    """A text with control characters, line separators or encoded words must not reach a mail header."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


class OutboxError(AppealsError):
    """Files could not be written, or a file that must not be replaced is in the way."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")
