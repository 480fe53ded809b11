"""Supply a run: whether an item of a plan is still wanted, and the parcel that is handed over for it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.dispatch.fax import to_gateway
from urgent_appeals.dispatch.message import TEST, outgoing
from urgent_appeals.dispatch.smtp import heading_of
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.item import CHANNELS, Via
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.domain.plan import PlanItem
from urgent_appeals.errors import LetterChanged
from urgent_appeals.pipeline.plan_now import PlanNow

Token = Callable[[str], str]
"""Gives the reply token of an item's id."""


@dataclass(frozen=True)
class OutboxSupply:
    """What lies in the outbox of a workspace, for one plan; `now` is what the plan would be at each moment.

    `reflect` is the address to which everything goes instead, as a test.
    """

    root: Path
    settings: Settings
    token: Token
    now: PlanNow
    reflect: str | None = None

    def unwanted(self, item: PlanItem) -> str | None:
        """Return why an item is not to go any more, as `PlanNow` does."""
        return self.now.unwanted(item)

    def address_fault(self, item: PlanItem) -> str | None:
        """Return why an address is not written to from this desk: a domain beyond those that its settings allow."""
        return self.settings.bars(item.via, item.address or "") if self.reflect is None else None

    def parcel(self, item: PlanItem, message_id: str, at: datetime) -> Parcel:
        """Return what is handed over; raises LetterChanged where a file is not the one that was approved."""
        # Of two PDFs the later one goes: the fax, which holds the letter behind its cover page.
        contents = {
            Path(document.path).suffix: self._read(document.path, document.sha256) for document in item.documents
        }
        token = self.token(item.item)
        to = self._to(item)
        message = b""
        subject = f"{TEST} {item.subject}" if self.reflect is not None else item.subject
        if CHANNELS[item.via] == "email" and isinstance(to, CheckedAddress):
            heading = heading_of(self.settings, to, subject=subject, message_id=message_id, token=token)
            message = outgoing(contents[".eml"], heading)
        parcel = Parcel(
            item=item.key,
            message_id=message_id,
            token=token,
            to=to,
            subject=subject,
            date=at,
            reference=str(uuid.uuid4()),
            message=message,
            pdf=contents[".pdf"],
        )
        by_gateway = item.via is Via.FAX and self.settings.fax is not None and self.settings.fax.gateway is not None
        return to_gateway(self.settings, parcel) if by_gateway else parcel

    def _to(self, item: PlanItem) -> CheckedAddress | str | None:
        if CHANNELS[item.via] != "email":
            return item.address if CHANNELS[item.via] == "fax" else None
        checked = check_address(self.reflect or item.address or "")
        if not isinstance(checked, CheckedAddress):
            raise LetterChanged(str(item.key), f"{checked.text!r} {checked.reason}")
        return checked

    def _read(self, path: str, sha256: str) -> bytes:
        try:
            content = (self.root / path).read_bytes()
        except FileNotFoundError:
            raise LetterChanged(path, "is no longer there; make the letters again") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LetterChanged(path, "is not the file that was approved; plan again")
        return content
