"""Hold what of a desk's settings is approved with a plan: whom letters come from, where answers go, how they leave."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final, Self

from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.values import Value


class Provenance(Value):
    """What recipients and servers are told of a desk, and the servers that letters are handed to; None: not set.

    `address` and `name` stand in From, `replies` in Reply-To and `envelope_sender` where bounces go, both with their
    `{token}`. `server`, `mailbox` and `gateway` are those for mail, drafts and faxes, with the users that log in and
    the folder for drafts; `program` is the one that faxes, with its arguments.
    """

    desk: str = ""
    address: str | None = None
    name: str | None = None
    replies: str | None = None
    envelope_sender: str | None = None
    server: str | None = None
    mailbox: str | None = None
    gateway: str | None = None
    program: str | None = None

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """Return that of a desk."""
        smtp, imap, fax = desk.smtp, desk.imap, desk.fax
        return cls(
            desk=desk.desk,
            address=desk.sender,
            name=smtp.from_name if smtp is not None else None,
            replies=desk.replies,
            envelope_sender=smtp.envelope_sender if smtp is not None else None,
            server=_account(smtp.user, smtp.host) if smtp is not None else None,
            mailbox=_account(imap.user, imap.host, imap.drafts) if imap is not None else None,
            gateway=fax.gateway if fax is not None else None,
            program=" ".join(map(quote, fax.command)) if fax is not None and fax.command is not None else None,
        )

    def __str__(self) -> str:
        """The sender as it stands in From; nothing where there is no address."""
        return f"{self.name} <{self.address}>" if self.name and self.address else self.address or ""

    def changes(self, now: Provenance) -> Iterator[str]:
        """Yield what is another now, in words."""
        for name, what in _SAID.items():
            before, after = getattr(self, name), getattr(now, name)
            if before != after:
                yield f"{what} was {before or 'none'} and is {after or 'none'} (desk.yaml)"


def _account(user: str | None, host: str, folder: str | None = None) -> str:
    """Return an account in words: who logs in where, and the folder."""
    return "".join((f"{user} at " if user else "", host, f", folder {folder}" if folder else ""))


_SAID: Final = {
    "desk": "the desk",
    "address": "the address that letters come from",
    "name": "the name that letters come from",
    "replies": "the address for answers",
    "envelope_sender": "the address for bounces",
    "server": "the mail server",
    "mailbox": "the mailbox",
    "gateway": "the fax gateway",
    "program": "the program that faxes",
}
