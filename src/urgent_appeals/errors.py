"""What stops the work: one exception class per situation, all under one base.

    AppealsError
    ├── CaseCodeError           a text is no case code of any known scheme
    ├── SchemeError             a scheme of case codes is not well formed
    ├── NotAWorkspace           no campaign.yaml here or above
    ├── WorkspaceOfAnother      the campaign.yaml found above belongs to another user
    ├── DefinitionsBroken       definition files have problems that hold up the work
    ├── CannotEdit              a value of a definition file cannot be changed in place
    ├── ImportRefused           a file of another format cannot be taken over
    ├── ConfirmationNeeded      a change needs a yes, and there is no terminal to ask on
    ├── UnknownAppeal           no appeal, or several, answer to the code
    ├── AppealExists            an appeal of this code is there already
    ├── NoNumbering             the workspace does not number appeals itself, and no code was given
    ├── UnknownChoice           a recipient, language, sender or envelope that is not there
    ├── AppealNotOpen           the appeal may not be written on at this date
    ├── MissingWording          an appeal, directory or phrase lacks words in the language of a letter
    ├── NothingToDo             what was asked for is there already, or selects nothing
    ├── TemplateError           a template is missing, forbidden or wrong
    ├── RenderError             a document could not be made
    │   └── LimitExceeded       … within its time or memory
    ├── UnsafeHeader            a text that must not reach a mail header
    └── OutboxError             files could not be written

What a user can put right in a definition file is no exception but a `Problem` (see `domain.problem`).
"""

from __future__ import annotations

from collections.abc import Sequence


class AppealsError(Exception):
    """The base of everything this package raises on purpose; `str()` is fit for a user."""


class CaseCodeError(AppealsError):
    """A text is no case code of any known scheme."""

    def __init__(self, text: str, reason: str = "") -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{text!r} is no case code that any known scheme reads" + (f": {reason}" if reason else ""))


class SchemeError(AppealsError):
    """A scheme of case codes, as a workspace defines it, is not well formed."""

    def __init__(self, scheme: str, reason: str) -> None:
        self.scheme = scheme
        self.reason = reason
        super().__init__(f"the scheme {scheme!r} of case codes is not well formed: {reason}")


class NotAWorkspace(AppealsError):
    """No `campaign.yaml` stands in the directory or any above it."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        super().__init__(
            f"{directory} is not in a workspace (no campaign.yaml here or above); start one with: appeals init DIR"
        )


class WorkspaceOfAnother(AppealsError):
    """The `campaign.yaml` found above the directory belongs to another user: nobody meant it for this work."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        super().__init__(f"{directory}/campaign.yaml belongs to another user; if it is meant, say so: -C {directory}")


class DefinitionsBroken(AppealsError):
    """Definition files have problems that hold up the work asked for; `problems` holds them."""

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} to put right first")


class CannotEdit(AppealsError):
    """A value of a definition file cannot be changed in place; `path` leads to it."""

    def __init__(self, file: str, path: Sequence[str | int], reason: str) -> None:
        self.file = file
        self.path = tuple(path)
        self.reason = reason
        super().__init__(f"{file or 'the file'}: {' › '.join(map(str, self.path)) or 'the top'}: {reason}")


class ImportRefused(AppealsError):
    """A file of another format cannot be taken over."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the import is refused: {reason}")


class ConfirmationNeeded(AppealsError):
    """A change needs a yes, and there is no terminal to ask on."""

    def __init__(self, what: str, option: str) -> None:
        self.what = what
        self.option = option
        super().__init__(f"{what}; say {option} to do it")


class UnknownAppeal(AppealsError):
    """No appeal, or more than one, answers to the code as typed."""

    def __init__(self, typed: str, candidates: Sequence[str] = (), *, ambiguous: bool = False) -> None:
        self.typed = typed
        self.candidates = tuple(candidates)
        self.ambiguous = ambiguous
        if ambiguous:
            message = f"{typed!r} could be any of: {', '.join(self.candidates)}"
        elif self.candidates:
            message = f"no appeal {typed!r} in this workspace; did you mean {', '.join(self.candidates)}?"
        else:
            message = f"no appeal {typed!r} in this workspace; `appeals list` shows those there are"
        super().__init__(message)


class AppealExists(AppealsError):
    """An appeal of this code is there already."""

    def __init__(self, code: str, folder: str) -> None:
        self.code = code
        self.folder = folder
        super().__init__(f"{code} is there already, in {folder}; nothing was written")


class NoNumbering(AppealsError):
    """The workspace does not number appeals itself, and no code was given."""

    def __init__(self) -> None:
        super().__init__("campaign.yaml names no scheme that numbers your own appeals (numbering:); give the code")


class UnknownChoice(AppealsError):
    """A named recipient, language, sender or envelope is not there to be chosen."""

    def __init__(self, kind: str, typed: str, choices: Sequence[str]) -> None:
        self.kind = kind
        self.typed = typed
        self.choices = tuple(choices)
        known = f"choose from: {', '.join(self.choices)}" if self.choices else "there is none to choose"
        super().__init__(f"no {kind} {typed!r}; {known}")


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
