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
    │   └── AmbiguousChoice     … or several that it could be
    ├── AppealNotOpen           the appeal may not be written on at this date
    ├── LetterChanged           what was to be sent is not what was approved
    ├── LettersOutdated         the letters were made from what the files no longer say
    ├── PlanChanged             something is not as it was when a plan was made
    ├── MissingWording          an appeal, directory or phrase lacks words in the language of a letter
    ├── NothingToDo             what was asked for is there already, or selects nothing
    ├── TemplateError           a template is missing, forbidden or wrong
    ├── RenderError             a document could not be made
    │   └── LimitExceeded       … within its time or memory
    ├── UnsafeHeader            a text that must not reach a mail header
    ├── MessageRefused          a message would not go out as it was meant; nothing was sent
    ├── NoDesk                  no desk.yaml says by which accounts letters leave, or not for this channel
    ├── DeskUnsafe              others can read or change desk.yaml
    ├── NoPassword              the password of an account is nowhere to be found
    ├── AccountUnusable         an account cannot be used as the settings have it
    ├── NamesUnanswered         no name server says what is published under a name
    ├── ExtraMissing            something needs a package that is not installed
    ├── NoTerminal              something is typed at a terminal only, and there is none
    ├── MarkRefused             what a person notes does not fit what is on record
    ├── OutboxError             files could not be written
    └── LogError                something is wrong with the log
        ├── LogUnreachable      its database cannot be opened or read
        ├── LogUnwritable       an event could not be written for good: sending stops at once
        ├── LogNotDurable       its database does not promise to keep what was written
        ├── LogNewer            a later version of the program has written it
        ├── LogCorrupt          its file is damaged
        ├── LogRestored         it is older than what this desk last wrote to it
        ├── AnotherSender       another sender is at work on it
        ├── IllegalTransition   an event cannot happen to an item that is in its state
        └── LogExportRefused    the export of another desk cannot be merged into it

What a user can put right in a definition file is no exception but a `Problem` (see `domain.problem`).
"""

from __future__ import annotations

from urgent_appeals.errors.base import AppealsError
from urgent_appeals.errors.definitions import (
    AmbiguousChoice,
    AppealExists,
    CannotEdit,
    CaseCodeError,
    ClockDoubtful,
    ConfirmationNeeded,
    DefinitionsBroken,
    ImportRefused,
    NamesUnanswered,
    NoNumbering,
    NotAWorkspace,
    SchemeError,
    UnknownAppeal,
    UnknownChoice,
    WorkspaceOfAnother,
)
from urgent_appeals.errors.dispatch import (
    AccountUnusable,
    DeskUnsafe,
    ExtraMissing,
    LetterChanged,
    LettersOutdated,
    MarkRefused,
    MessageRefused,
    NoDesk,
    NoPassword,
    NoTerminal,
    PlanChanged,
)
from urgent_appeals.errors.letters import (
    AppealNotOpen,
    LimitExceeded,
    MissingWording,
    NothingToDo,
    OutboxError,
    RenderError,
    TemplateError,
    UnsafeHeader,
)
from urgent_appeals.errors.log import (
    AnotherSender,
    IllegalTransition,
    LogCorrupt,
    LogError,
    LogExportRefused,
    LogNewer,
    LogNotDurable,
    LogRestored,
    LogUnreachable,
    LogUnwritable,
)

__all__ = [
    "AccountUnusable",
    "AmbiguousChoice",
    "AnotherSender",
    "AppealExists",
    "AppealNotOpen",
    "AppealsError",
    "CannotEdit",
    "CaseCodeError",
    "ClockDoubtful",
    "ConfirmationNeeded",
    "DefinitionsBroken",
    "DeskUnsafe",
    "ExtraMissing",
    "IllegalTransition",
    "ImportRefused",
    "LetterChanged",
    "LettersOutdated",
    "LimitExceeded",
    "LogCorrupt",
    "LogError",
    "LogExportRefused",
    "LogNewer",
    "LogNotDurable",
    "LogRestored",
    "LogUnreachable",
    "LogUnwritable",
    "MarkRefused",
    "MessageRefused",
    "MissingWording",
    "NamesUnanswered",
    "NoDesk",
    "NoNumbering",
    "NoPassword",
    "NoTerminal",
    "NotAWorkspace",
    "NothingToDo",
    "OutboxError",
    "PlanChanged",
    "RenderError",
    "SchemeError",
    "TemplateError",
    "UnknownAppeal",
    "UnknownChoice",
    "UnsafeHeader",
    "WorkspaceOfAnother",
]
