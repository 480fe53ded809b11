"""Build desks, drafts and parcels for tests of dispatch."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.builders import CODE
from urgent_appeals.dispatch.channel import Mark, Parcel
from urgent_appeals.dispatch.conversation import Timeouts
from urgent_appeals.dispatch.message import TEST, new_message_id, outgoing, subject_of
from urgent_appeals.dispatch.reply_token import random_token
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.dispatch.smtp import heading_of
from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.item import Item, Route
from urgent_appeals.domain.mail_address import CheckedAddress, check_address

AT = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
USER = "desk@campaign.example"
PASSWORD = "hunter2"
TOKEN = "k7qd2m4xw5ynb3zj6ple"
PATIENT = Timeouts(connect=10, reply=10, body=10, final=10)
"""For tests in which nothing is waited for in vain."""
IMPATIENT = Timeouts(connect=10, reply=0.3, body=0.3, final=0.3)
DRAFTS = Path(__file__).parents[1] / "golden_files" / "mail"


def a_draft(language: str = "en", *, to: str | None = None, subject: str | None = None, add: str = "") -> bytes:
    """Return a draft as the outbox has it; with other lines for To and Subject, and lines before the first."""
    draft = (DRAFTS / f"draft_{language}.eml").read_bytes()
    for name, line in (("To", to), ("Subject", subject)):
        if line is not None:
            whole = re.compile(rf"^{name}:[^\r\n]*(\r\n[ \t][^\r\n]*)*\r\n".encode(), re.MULTILINE)
            found = whole.search(draft)
            assert found is not None
            replacement = f"{name}: {line}\r\n".encode() if line else b""
            draft = draft[: found.start()] + replacement + draft[found.end() :]
    return add.encode() + draft


def an_address(text: str = "minister@justice.example") -> CheckedAddress:
    """Return an address that can be written to."""
    checked = check_address(text)
    assert isinstance(checked, CheckedAddress)
    return checked


def a_desk(**changes: Any) -> Desk:
    """Return the settings of a desk; what begins with `smtp_` goes into its mail server."""
    smtp: dict[str, Any] = {"host": "localhost", "user": USER, "from": USER, "from_name": "Letters, for Arlandia"}
    smtp |= {name.removeprefix("smtp_"): value for name, value in changes.items() if name.startswith("smtp_")}
    values: dict[str, Any] = {"desk": "leeds", "by": "M. H.", "replies": "answers@campaign.example", "smtp": smtp}
    others = {name: value for name, value in changes.items() if not name.startswith("smtp_")}
    return Desk.model_validate(values | others)


def an_item(recipient: str = "arlandia/justice", **changes: Any) -> Item:
    """Return the item of a letter by email."""
    values: dict[str, Any] = {
        "code": CODE,
        "recipient": recipient,
        "sender": "hale",
        "language": "en",
        "route": Route.ELECTRONIC,
    }
    return Item.model_validate(values | changes)


def a_parcel(desk: Desk | None = None, *, draft: bytes | None = None, test: bool = False, **changes: Any) -> Parcel:
    """Return a letter on its way, made of a draft; any part of the parcel can be given."""
    draft = draft or a_draft()
    subject = f"{TEST} {subject_of(draft)}" if test else subject_of(draft)
    values: dict[str, Any] = {
        "item": an_item(),
        "message_id": new_message_id("campaign.example"),
        "token": random_token(),
        "to": an_address(),
        "subject": subject,
        "date": AT,
        "reference": "5f0f5f8e-6f5a-4a52-9a8e-3f1c6f0d1b2a",
        "pdf": b"%PDF-1.7",
    } | changes
    if "message" not in values:
        heading = heading_of(
            desk or a_desk(),
            values["to"],
            subject=subject,
            message_id=values["message_id"],
            token=values["token"],
        )
        values["message"] = outgoing(draft, heading)
    return Parcel(**values)


def the_password() -> Secret:
    """Return the password that a scripted server knows."""
    return Secret(PASSWORD)


class Marks:
    """Counts marks; `then` is called at each."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.count = 0
        self._then = then

    def __call__(self) -> None:
        self.count += 1
        self._then()


def no_mark() -> Mark:
    """Return a mark that must not be made."""

    def fail() -> None:
        raise AssertionError("marked, though nothing was about to be sent")

    return fail
