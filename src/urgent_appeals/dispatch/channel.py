"""The seam between a run and the ways out: one parcel is handed over, one receipt comes back.

A run claims an item, hands its parcel over, and records what the receipt says. What is irrevocable about it happens
after `mark` has returned and before the receipt does; `tests/dispatch/contract.py` holds every channel to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Literal, Protocol, Self

from urgent_appeals.dispatch.message import dated
from urgent_appeals.domain.item import Item
from urgent_appeals.domain.mail_address import CheckedAddress

Mark = Callable[[], None]
"""Records, durably, that what follows cannot be taken back; raises where it cannot be recorded."""
Pause = Literal["domain", "run"]
"""What rests after a deferral: what goes to the domain of the recipient, or the whole run."""


@dataclass(frozen=True)
class Parcel:
    """What is handed over: one item on its way to one recipient.

    `message` is the finished mail without its Date (`dispatch.message` makes it), `wire` the same with it: the exact
    bytes that are sent, `digest` their SHA-256, which is recorded before anything is sent. `to` is an email address,
    a fax number as it is dialled, or None by post; `reference` a random id of this attempt, for gateways.
    """

    item: Item
    message_id: str
    token: str
    to: CheckedAddress | str | None
    subject: str
    date: datetime
    reference: str
    message: bytes = field(default=b"", repr=False)
    pdf: bytes = field(default=b"", repr=False)

    @cached_property
    def wire(self) -> bytes:
        """The message with its Date, in UTC; nothing where there is no message."""
        return dated(self.message, self.date) if self.message else b""

    @property
    def digest(self) -> str:
        """The SHA-256 of what is sent: of the mail, or of the PDF where there is no mail."""
        return hashlib.sha256(self.wire or self.pdf).hexdigest()


@dataclass(frozen=True)
class Accepted:
    """The other side has taken it over, in these words; `id` is what it calls it (queue id, job id), where it says."""

    text: str
    id: str | None = None


@dataclass(frozen=True)
class Drafted:
    """It lies in a folder of a mailbox; `found` where it lay there already, and nothing was added."""

    folder: str
    uid: int | None = None
    found: bool = False


@dataclass(frozen=True)
class Deferred:
    """It was certainly not taken, and may be later. `code` is that of the reply, `pause` what else is to rest.

    `pause="run"` says that the fault lies with the server, the connection or the account, and not with the item.
    """

    reason: str
    code: str | None = None
    pause: Pause | None = None


@dataclass(frozen=True)
class Failed:
    """It was certainly not taken, and will not be; `stops_run` where the same awaits whatever comes next."""

    reason: str
    code: str | None = None
    stops_run: bool = False


@dataclass(frozen=True)
class Unsure:
    """It may have been taken: what lies between the mark and the answer was lost. Never tried again by itself."""

    reason: str


@dataclass(frozen=True)
class ForPrint:
    """It lies where people print it from; whether they did, only they can say. Never tried again by itself."""

    path: str


Receipt = Accepted | Drafted | ForPrint | Deferred | Failed | Unsure


class Channel(Protocol):
    """A way out. It is entered for a run and may keep a connection between parcels."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Hand a parcel over and return what came of it.

        Calls `mark` at most once: when all but the last irrevocable step is done, and it is about to be taken. Where
        `mark` raises, that step is not taken and the exception goes up. Faults of the other side are never raised,
        but come back as receipts; Unsure and ForPrint only where `mark` was called. Raises AppealsError for a parcel
        that may not be sent at all, and for settings without which nothing can be; then nothing was.
        """
        ...
