"""Find out in the folders of a mailbox whether a letter went of which nobody knows it."""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from urgent_appeals.dispatch.mailbox import decoded
from urgent_appeals.dispatch.mailbox_search import DRAFTS, SENT, chosen_folders, folders, holds
from urgent_appeals.domain.desk import Imap
from urgent_appeals.domain.event import EventKind


@dataclass(frozen=True)
class Unsettled:
    """A letter of which nobody knows whether it went: since when, why, and what tells it in a mailbox.

    `message_id` is None where the log does not have it, as after a restored backup; `plan` is the one it was sent by,
    `print_run` the one that it lies in and waits in to be printed.
    """

    item: str
    code: str
    recipient: str
    channel: str
    since: datetime
    reason: str
    address: str | None
    message_id: str | None
    token: str | None
    plan: str | None
    print_run: str | None = None

    @property
    def is_mail(self) -> bool:
        """Whether it may lie in a mailbox."""
        return self.channel in {"email", "drafts"}


class Finder(Protocol):
    """A place to look for a letter; bounces and replies that cite it are others."""

    def find(self, unsettled: Unsettled) -> tuple[EventKind, str] | None:
        """Return what a letter is by what is found here, and the words to record; None where nothing is."""
        ...

    def looked_in(self, unsettled: Unsettled) -> tuple[str, ...]:
        """Return where a letter is looked for, as people are told it."""
        ...


@dataclass(frozen=True)
class SentFolder:
    """The folders of a mailbox that tell whether a letter went: for what was sent, and for drafts."""

    connection: imaplib.IMAP4
    sent: Sequence[str]
    drafts: Sequence[str]

    @classmethod
    def of(cls, connection: imaplib.IMAP4, imap: Imap) -> SentFolder:
        """Return the folders of a mailbox, by their flags and by the names that the settings give them."""
        listed = folders(connection)
        return cls(connection, chosen_folders(listed, imap.sent, SENT), chosen_folders(listed, imap.drafts, DRAFTS))

    def find(self, unsettled: Unsettled) -> tuple[EventKind, str] | None:
        """Look for the Message-ID, and for the token of the reply address: some servers change Message-IDs.

        What has the token has to be a letter to the recorded address as well: anything else may repeat a token.
        """
        if not unsettled.is_mail:
            return None
        if self._holds(self.sent, unsettled):
            return EventKind.SENT, "found in the folder for what was sent"
        if unsettled.channel == "drafts" and self._holds(self.drafts, unsettled):
            return EventKind.DRAFTED, "found in the folder for drafts"
        return None

    def looked_in(self, unsettled: Unsettled) -> tuple[str, ...]:
        """Return the folders that a letter is looked for in, as people write them."""
        drafts = self.drafts if unsettled.channel == "drafts" else ()
        return tuple(decoded(name) for name in (*self.sent, *drafts)) if unsettled.is_mail else ()

    def _holds(self, where: Sequence[str], unsettled: Unsettled) -> bool:
        id_, token, to = unsettled.message_id, unsettled.token, unsettled.address
        return any(
            (id_ is not None and holds(self.connection, folder, "Message-ID", id_))
            or (token is not None and to is not None and holds(self.connection, folder, "Reply-To", token, to))
            for folder in where
        )
