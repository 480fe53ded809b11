"""Hold what is to be dispatched: the letters that could go, and the plan of those that do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from urgent_appeals.domain.item import CHANNELS, Item, Via
from urgent_appeals.domain.item_state import ItemState
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.domain.provenance import Provenance
from urgent_appeals.domain.values import Value


class Action(StrEnum):
    """What a plan does with an item: it goes, it does not, or it goes once a person has said so by name."""

    SEND = "send"
    SKIP = "skip"
    CONFIRM = "confirm"


class Doubt(StrEnum):
    """What needs a word by name before a letter goes."""

    NOT_REVIEWED = "not-reviewed"
    STALE = "stale"
    BOUNCED = "bounced"
    RETURNED = "returned"
    SAME_ADDRESS = "same-address"
    ANOTHER_WAY = "another-way"
    ANOTHER_LANGUAGE = "another-language"
    FAILED = "failed"


class Document(Value):
    """A file of the outbox that goes out: its path within the workspace and its SHA-256."""

    path: str
    sha256: str


class Candidate(Value):
    """A letter that could go: where to, what of, and everything that speaks against it.

    `address` is the email address or number in its wire form, the address block's lines joined for post; None where
    the directory has none. `refused` is why an address that is there cannot be written to, `barred` why this desk does
    not write to it. `act_by` is the last day of its channel. `doubts` map what needs a word to what is to be said of
    it. `letter_of` is the day the letter bears, `languages` all those that the same letter could go in, `other_ways`
    those by which it could go as well.
    """

    item: Item
    via: Via
    address: str | None
    refused: str | None = None
    barred: str | None = None
    subject: str
    documents: tuple[Document, ...]
    letter_of: date
    act_by: date | None = None
    unusable: str | None = None
    languages: tuple[str, ...] = ()
    other_ways: tuple[Via, ...] = ()
    doubts: Mapping[Doubt, str]

    @property
    def digest(self) -> str:
        """The SHA-256 of what goes out and to whom: key, way, address, subject, digests of the documents."""
        return _content(self.item, self.via, self.address, self.subject, self.documents)


@dataclass(frozen=True)
class Known:
    """What is known of a case: the states of its items by id, those of other ways too, and what went where.

    `written_to` has what has gone, by the destination (`destination`) that it went to.
    """

    states: Mapping[str, ItemState] = field(default_factory=dict)
    written_to: Mapping[str, Item] = field(default_factory=dict)


class PlanItem(Value):
    """One line of a plan, as people read it; `content` is the digest of what goes out and to whom.

    `doubts` are those that the plan was told to accept, or (action `confirm`) still wants a word on. `barred`: it would
    go, if the settings of the desk let it write to that address.
    """

    item: str
    key: Item
    via: Via
    address: str | None
    subject: str
    documents: tuple[Document, ...]
    content: str
    action: Action
    reason: str = ""
    doubts: tuple[Doubt, ...] = ()
    barred: bool = False

    @property
    def agreed(self) -> frozenset[Doubt]:
        """The doubts in spite of which it goes, on a person's word."""
        return frozenset(self.doubts) if self.action is Action.SEND else frozenset()

    @model_validator(mode="after")
    def _is_of_a_piece(self) -> Self:
        content = _content(self.key, self.via, self.address, self.subject, self.documents)
        if (self.item, self.content) != (self.key.id, content):
            raise ValueError("the digests of a line are not those of what it says")
        return self


class Plan(Value):
    """What would be dispatched of one appeal on one day; `digest` covers all of it that a person has agreed to.

    `sender` names who signs; `accepted` are the doubts that were accepted: `stale`, or `stale:kazakhstan/president`.
    """

    format: int = 1
    plan: str
    on: date
    code: str
    via: Via | None
    to: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sender: str
    accepted: tuple[str, ...] = ()
    provenance: Provenance = Provenance()
    items: tuple[PlanItem, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 over provenance, contents, recipients, actions, and the doubts that what goes was agreed to in
        spite of; reasons are for people and do not count.
        """
        items = [(item.content, item.action.value, sorted(item.agreed)) for item in self.items]
        return _digest({"provenance": self.provenance.model_dump(mode="json"), "items": items})

    @property
    def to_send(self) -> tuple[PlanItem, ...]:
        """The items that go."""
        return tuple(item for item in self.items if item.action is Action.SEND)

    @property
    def to_try(self) -> tuple[PlanItem, ...]:
        """The items that a test to oneself can take: those that go, and those that the settings of the desk bar."""
        return tuple(item for item in self.items if item.action is Action.SEND or item.barred)


def destination(via: Via, address: str) -> str:
    """Return what tells an address from others: of a mailbox neither capitals, nor a tag after a plus, nor its script.

    Drafts go to the same mailboxes as mail.
    """
    checked = check_address(address) if CHANNELS[via] == "email" else None
    if isinstance(checked, CheckedAddress):
        local, _, domain = checked.wire.rpartition("@")
        address = f"{local.partition('+')[0]}@{domain}"
    return f"{CHANNELS[via]}:{' '.join(address.split()).casefold()}"


def _content(item: Item, via: Via, address: str | None, subject: str, documents: Collection[Document]) -> str:
    whole = {
        "item": item.model_dump(mode="json"),
        "via": via.value,
        "address": address,
        "subject": subject,
        "documents": [document.model_dump(mode="json") for document in documents],
    }
    return _digest(whole)


def _digest(content: object) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
