"""Say what a mail server's refusal means: for the one letter, for its domain, or for everything that comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from urgent_appeals.dispatch.channel import Deferred, Failed, Pause

_LONGEST = 300
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
_QUEUED = (
    re.compile(r"\bqueued as ([A-Za-z0-9]+)"),  # Postfix
    re.compile(r"\bid=([A-Za-z0-9-]+)"),  # Exim
    re.compile(r"\bInternalId=(\d+)"),  # Exchange
    re.compile(r"^(?:2\.\d\.\d )?Ok:? ([A-Za-z0-9-]{12,})$", re.IGNORECASE),  # Amazon SES and others
    re.compile(r"^2\.0\.0 OK +(?:\d+ )?([A-Za-z0-9._-]+) - gsmtp$"),
)
# Of the refusals "delivery not authorised", what is about the account rather than about the one recipient.
_OF_THE_ACCOUNT = re.compile(r"relay|authenticat|sender|account|spam|block|client|log ?in", re.IGNORECASE)


class Stage(StrEnum):
    """Where a conversation is, by what it waits for an answer to."""

    CONNECT = "connection"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "message"


_OF_THE_CONNECTION = frozenset({Stage.CONNECT, Stage.EHLO, Stage.STARTTLS, Stage.AUTH})


@dataclass(frozen=True)
class Reply:
    """What a server answers: its code (-1 where it is none of SMTP) and its words, on one line."""

    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463), such as 5.7.1."""
        match = _ENHANCED.match(self.text)
        return match[1] if match is not None else None

    @property
    def status(self) -> str:
        """Both codes, as far as there are."""
        return f"{self.code} {self.enhanced}" if self.enhanced else str(self.code)

    @property
    def queue_id(self) -> str | None:
        """What the server calls a message that it has taken, where it says so in a way that is known."""
        return next((match[1] for pattern in _QUEUED if (match := pattern.search(self.text))), None)

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip() if self.code > 0 else f"{self.text!r}"


def reply(code: int, text: bytes) -> Reply:
    """Return a reply with its words made fit to show: one line, not long, nothing that a terminal obeys."""
    words = " ".join(text.decode("utf-8", "replace").split())
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words)
    return Reply(code, shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…")


def refusal(stage: Stage, answer: Reply, host: str) -> Deferred | Failed:
    """Return what a refusal means.

    Before the sender is named nothing is said of the letter: whatever is refused there holds up the run. From then on
    4xx puts the letter off, 421 and 452 all of its domain; 5xx fails it. What is about the account rests the run: used
    up (5.4.5), not logged in (530, 535), not allowed (5.7.x).
    """
    reason = f"{host} refused the {stage}: {answer}" if answer.code > 0 else f"{host} does not speak SMTP: {answer}"
    if stage in _OF_THE_CONNECTION or answer.code in (530, 535) or answer.enhanced in ("5.4.5", "4.4.5"):
        return Deferred(reason, answer.status, "run")
    if 500 <= answer.code <= 599:
        return Failed(reason, answer.status, stops_run=_is_of_the_account(stage, answer))
    if 400 <= answer.code <= 499:
        pause: Pause | None = "domain" if answer.code in (421, 452) else None
        return Deferred(reason, answer.status, pause)
    return Deferred(reason, answer.status, "run")


def _is_of_the_account(stage: Stage, answer: Reply) -> bool:
    if answer.enhanced is None or not answer.enhanced.startswith("5.7."):
        return False
    of_one = stage is Stage.RCPT and answer.enhanced == "5.7.1"
    return not of_one or _OF_THE_ACCOUNT.search(answer.text) is not None
