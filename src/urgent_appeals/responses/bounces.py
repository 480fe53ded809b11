"""Recognise mail that says that a mail was not delivered: to whom, for good or not, and which mail it was.

A delivery report in standard form (RFC 3464, 6533) is read as it stands; other reports are left to flufl.bounce, and
what that does not know is read for the words of mail servers. A report in a mail that somebody forwards is theirs to
tell of, and no bounce. Nothing of this proves anything: whoever knows an address can write such a mail (the caller
looks for what only our own mail could have told: its Message-ID, the token in the address for replies).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from urgent_appeals.domain.response import Evidence, Severity
from urgent_appeals.responses import bounce_words as words
from urgent_appeals.responses.bounce_text import Told, report_text, told_by_flufl, told_in_words
from urgent_appeals.responses.evidence import evidence
from urgent_appeals.responses.parts import Fields, Part, fields_of, read_parts
from urgent_appeals.responses.report import (
    Action,
    Status,
    about_the_mail,
    addresses_in,
    disposition,
    status_parts,
    statuses,
)

MOST_CITED = 200
_MOST_EVIDENCE = 20
_RETURNED_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
    "message/partial",
)
_CAME_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_CITED = ("return-path", "from", "reply-to", "sender", "errors-to", "to", "x-original-to")
_OF_REPORT = ("x-postfix-sender", "x-original-sender", "original-envelope-sender")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_LINE = re.compile(
    r"^[ \t>|]{0,20}(return-path|from|reply-to|sender|errors-to|to|message-id)[ \t]{0,4}:[ \t]{0,20}(\S.{0,500})$",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]?\d)")
_REPLY = re.compile(r"(?<![\d.:])([45]\d\d)(?=[ \-#]|$)")
_SOFT_DETAILS = ("2.2", "3.1", "4.5", "4.7")  # mailbox full, system full, congestion, time expired (RFC 3463)


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that did not reach one recipient.

    `address` is the one that was written to, empty where the report does not say; `final` the one that was tried last.
    `gave_up` is false while the server will go on trying. `codes` are those that the report gives (RFC 3463), `words`
    what it says of it.
    """

    address: str
    severity: Severity
    gave_up: bool = True
    final: str = ""
    codes: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """An address or a Message-ID that a bounce names, and where."""

    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that says that a mail was not delivered, or is late.

    `message_ids` are those of the mail that came back, `addresses` those that the report came to and that the mail
    bore, tags and all: our own token may be among them.
    """

    failures: tuple[Failure, ...]
    message_ids: tuple[Cited, ...]
    addresses: tuple[Cited, ...]
    evidence: tuple[Evidence, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses that failed, each once."""
        return tuple(dict.fromkeys(failure.address for failure in self.failures if failure.address))

    @property
    def severity(self) -> Severity:
        """`hard` if any recipient failed for good."""
        return Severity.HARD if any(one.severity is Severity.HARD for one in self.failures) else Severity.SOFT

    @property
    def is_temporary(self) -> bool:
        """Tells that the server goes on trying for every recipient."""
        return not any(failure.gave_up for failure in self.failures)


def bounce(raw: bytes) -> Bounce | None:
    """Return what a mail says of mail that was not delivered; None for every other mail, and never raises.

    Reports of success (delivered, relayed, expanded) are no bounces.
    """
    return bounce_in(read_parts(raw))


def bounce_in(mail: Part) -> Bounce | None:
    """Return what `bounce` does, of a mail that was taken apart already."""
    signs = tuple(_signs(mail))
    if not signs:
        return None
    mail = _unwrapped(mail, signs)
    reported = [status for part in status_parts(mail) for status in statuses(part)]
    failed = [status for status in reported if status.action is not Action.DONE]
    if reported and not failed:
        return None
    if failed and any(status.address for status in failed):
        failures = tuple(_failure(status) for status in failed)
        told = tuple(evidence(_said(status), "message/delivery-status", status.words) for status in failed)
    else:
        found = _told(mail, signs)
        if not found and not failed:
            return None
        failures = tuple(_failure_in_words(one) for one in found) or tuple(_failure(status) for status in failed)
        told = tuple(evidence(one.how, "the text", one.words) for one in found)
    return Bounce(
        failures=failures,
        message_ids=tuple(dict.fromkeys(_message_ids(mail)))[:MOST_CITED],
        addresses=tuple(dict.fromkeys(_addresses(mail)))[:MOST_CITED],
        evidence=(*signs, *told)[:_MOST_EVIDENCE],
    )


def _signs(mail: Part) -> Iterator[Evidence]:
    """Yield what shows that a mail server wrote a mail, to say that something went wrong."""
    for part in mail.walk():
        if part.type == "multipart/report":
            yield evidence("a report in standard form", "Content-Type", part.first("content-type"))
            break
    if any(value.strip() == "<>" for value in mail.all("return-path")[:1]):
        yield evidence("no return path", "Return-Path", "<>")
    sender, subject = mail.first("from"), mail.first("subject")
    local = next(iter(addresses_in(sender)), "").partition("@")[0].lower()
    if words.SENDERS.match(local) or (not local and "<>" in sender) or words.DISPLAYED.search(sender.lower()):
        yield evidence("a mail server as sender", "From", sender)
    if _is_of_bounce(subject.lower(), answers="in-reply-to" in mail.fields or "references" in mail.fields):
        yield evidence("the subject of a bounce", "Subject", subject)
    if mail.first("x-failed-recipients"):
        yield evidence("failed recipients", "X-Failed-Recipients", mail.first("x-failed-recipients"))


def _is_of_bounce(subject: str, *, answers: bool) -> bool:
    """Tell whether a subject is one of bounces. An answer to a bounce is none; but some servers put "Re:" before the
    subject of what they could not deliver, and the words for it behind.
    """
    found = words.SUBJECTS.search(subject)
    prefix = words.ANSWERED.match(subject)
    return found is not None and (prefix is None or (not answers and found.start() > prefix.end() + 3))


def _unwrapped(mail: Part, signs: tuple[Evidence, ...]) -> Part:
    """Return the report that a mail server sends within another mail (its filter for viruses does), else the mail."""
    if any(sign.where in ("From", "Return-Path") for sign in signs) and not any(status_parts(mail)):
        for part in mail.walk():
            if part.type == "message/rfc822" and (inner := read_parts(part.body)).type == "multipart/report":
                return inner
    return mail


def _said(status: Status) -> str:
    said = f"{status.address}: action {status.written or status.action}"
    return f"{said}, status {status.code}" if status.code else said


def _failure(status: Status) -> Failure:
    codes = tuple(dict.fromkeys(code for code in (status.code, *_CODE.findall(status.words)) if code))
    return Failure(
        address=status.address,
        severity=Severity.SOFT if status.action is Action.DELAYED else _severity(codes, status.words),
        gave_up=status.action is Action.FAILED,
        final=status.final if status.final.lower() != status.address.lower() else "",
        codes=codes,
        words=status.words,
    )


def _failure_in_words(told: Told) -> Failure:
    codes = tuple(dict.fromkeys(_CODE.findall(told.words)))
    return Failure(
        address=told.address,
        severity=Severity.SOFT if told.is_late else _severity(codes, told.words),
        gave_up=not told.is_late,
        codes=codes,
        words=told.words,
    )


def _severity(codes: tuple[str, ...], said: str) -> Severity:
    """Judge by the first code that says something, else by the words, else by the class of the reply."""
    for code in codes:
        detail = code[2:]
        if code[0] == "4" or detail in _SOFT_DETAILS:
            return Severity.SOFT
        if code[0] == "5" and not detail.endswith(".0"):
            return Severity.HARD
    if words.SOFT.search(said.lower()):
        return Severity.SOFT
    reply = _REPLY.search(said)
    return Severity.SOFT if reply and reply[1][0] == "4" and not codes else Severity.HARD


def _told(mail: Part, signs: tuple[Evidence, ...]) -> tuple[Told, ...]:
    """Return what the text of a report tells, by flufl.bounce, else in words of mail servers."""
    where = {sign.where for sign in signs}
    known = told_by_flufl(mail)
    # Automatic replies have no return path either, and some of its detectors take any address for one that failed.
    if known and (where != {"Return-Path"} or words.FAILURES.search(report_text(mail).lower())):
        return known
    if disposition(mail) is not None:
        return ()
    gives_back = "Return-Path" in where or any(part.type in _RETURNED_TYPES for part in mail.walk())
    by_server = bool(where & {"From", "X-Failed-Recipients"})
    return told_in_words(mail) if by_server or ("Subject" in where and gives_back) else ()


def _returned(mail: Part) -> Iterator[Fields]:
    """Yield the header fields of the mail that a report gives back, as a part of its own."""
    return (fields_of(part.body.lstrip(b"\r\n")) for part in mail.walk() if part.type in _RETURNED_TYPES)


def _lines(mail: Part) -> Iterator[tuple[str, str]]:
    """Yield header fields of the mail that a report gives back within its text: name in small letters and value."""
    for part in mail.walk():
        if not part.children and part.type in ("text/plain", "text/html"):
            yield from ((found[1].lower(), found[2]) for found in _LINE.finditer(part.text))


def _message_ids(mail: Part) -> Iterator[Cited]:
    own = mail.first("message-id")
    places = [
        *((value, "the returned mail") for fields in _returned(mail) for value in fields.get("message-id", ())),
        *((value, "the text") for name, value in _lines(mail) if name == "message-id"),
        *((mail.first(name), name) for name in ("in-reply-to", "references", "original-message-id")),
    ]
    for value, where in places:
        for found in _MESSAGE_ID.findall(value):
            if found not in own:
                yield Cited(found, where)


def _addresses(mail: Part) -> Iterator[Cited]:
    places = [
        *((value, name) for name in _CAME_TO for value in mail.all(name)),
        *((about_the_mail(part).get(name, ""), name) for part in status_parts(mail) for name in _OF_REPORT),
        *(
            (value, f"{name} of the returned mail")
            for fields in _returned(mail)
            for name in _CITED
            for value in fields.get(name, ())
        ),
        *((value, f"{name} in the text") for name, value in _lines(mail) if name != "message-id"),
    ]
    yield from (Cited(address, where) for value, where in places for address in addresses_in(value))
