"""What holds up the reading and writing of definitions: codes, workspaces, appeals, choices."""

from __future__ import annotations

from collections.abc import Sequence

from urgent_appeals.errors.base import AppealsError


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
    """A named recipient, language, sender or envelope is not there to be chosen; `hint` guesses at what was meant."""

    def __init__(self, kind: str, typed: str, choices: Sequence[str], hint: str | None = None) -> None:
        self.kind = kind
        self.typed = typed
        self.choices = tuple(choices)
        known = f"choose from: {', '.join(self.choices)}" if self.choices else "there is none to choose"
        super().__init__(f"no {kind} {typed!r}; " + (f"{hint} " if hint else "") + known)


class AmbiguousChoice(UnknownChoice):
    """What was typed could be more than one of what there is to choose from."""

    def __init__(self, kind: str, typed: str, choices: Sequence[str]) -> None:
        super().__init__(kind, typed, choices)
        self.args = (f"{typed!r} could be any of: {', '.join(self.choices)}",)


class ClockDoubtful(AppealsError):
    """The clock of this machine says an earlier time than the log; nothing was sent."""

    def __init__(self, now: str, latest: str) -> None:
        self.now = now
        self.latest = latest
        super().__init__(
            f"the clock says {now}, but the log has what was done at {latest}: set the clock, since letters bear"
            " its date; or, if it is right now, say --clock-is-right"
        )


class NamesUnanswered(AppealsError):
    """No name server said what is published under a name, nor that nothing is."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"no name server answered for {name}: {reason}")
