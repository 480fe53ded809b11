"""Hold what is dispatched: one letter to one recipient by one sender, on one route, once."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from urgent_appeals.domain.campaign import Channel
from urgent_appeals.domain.values import Language, RecipientId, Value


class Purpose(StrEnum):
    """What a dispatched thing is for."""

    LETTER = "letter"
    COPY = "copy"
    CHASE = "chase"
    PACK = "pack"
    NOTICE = "notice"


class Via(StrEnum):
    """How a dispatch hands a letter over: by mail server, into a mailbox as a draft, to a fax gateway, by print run."""

    EMAIL = "email"
    DRAFTS = "drafts"
    FAX = "fax"
    POST = "post"


class Route(StrEnum):
    """By which way a letter reaches its recipient; what lay in a mailbox as a draft is not mailed as well."""

    ELECTRONIC = "electronic"
    FAX = "fax"
    POST = "post"
    WEB = "web"
    HAND = "hand"


CHANNELS: Final[dict[Via, Channel]] = {Via.EMAIL: "email", Via.DRAFTS: "email", Via.FAX: "fax", Via.POST: "post"}
"""The channel, as an appeal's deadlines name it, of each way of handing over."""
ROUTES: Final[dict[Via, Route]] = {
    Via.EMAIL: Route.ELECTRONIC,
    Via.DRAFTS: Route.ELECTRONIC,
    Via.FAX: Route.FAX,
    Via.POST: Route.POST,
}
"""The route of each way of handing over."""
WAYS: Final[dict[Route, str]] = {
    Route.ELECTRONIC: "by mail",
    Route.FAX: "by fax",
    Route.POST: "by post",
    Route.WEB: "by web form",
    Route.HAND: "by hand",
}
"""The routes as people are told them."""


class Item(Value):
    """The key of a dispatch item: two with the same key are the same letter, which is never transmitted twice.

    `code` is canonical; `recipient` an office (`directory/office`); `sequence` grows when a person wants the same
    letter to go once more.
    """

    purpose: Purpose = Purpose.LETTER
    code: str
    recipient: RecipientId
    sender: str
    language: Language
    route: Route
    sequence: Annotated[int, Field(ge=1)] = 1

    @property
    def id(self) -> str:
        """The first 128 bits of the SHA-256 of the key, in hexadecimal."""
        key = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(key.encode()).hexdigest()[:32]

    def __str__(self) -> str:
        """How messages name the item."""
        what = "" if self.purpose is Purpose.LETTER else f" ({self.purpose.value})"
        again = f", number {self.sequence}" if self.sequence > 1 else ""
        return f"{self.code} to {self.recipient} in {self.language}{what}{again}"
