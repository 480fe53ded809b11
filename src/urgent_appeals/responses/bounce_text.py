"""Read reports of mail that was not delivered which have no standard form: by flufl.bounce, and by their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from urgent_appeals.responses import bounce_words
from urgent_appeals.responses.parts import Part
from urgent_appeals.responses.report import MOST_RECIPIENTS, addresses_in

LONGEST_REPORT = 1 << 16
"""How many characters of a report are read."""

_LONGEST_LINE = 320  # flufl.bounce takes the square of a line's length; the longest address is shorter
_LONGEST_VALUE = 1000
_MOST_FAILED = 1 << 13
_AROUND = 700
_MOST_TEXTS = 8
_HEADERS_FOR_FLUFL = ("x-mailer", "content-description")
_NOBODY = "nobody@nowhere.invalid"
_REPLY_CODE = re.compile(r"(?<![\d.])(?:[45]\d\d(?=[ \-#])|[45]\.\d{1,3}\.\d{1,3})")
_BARE = re.compile(r"[\s*>\-•]*<?[^\s<>]{3,320}>?[\s:.;,]*")


@dataclass(frozen=True, slots=True)
class Told:
    """What a report's text tells of one recipient, empty where it names none; `how` it was read, the words around."""

    address: str
    is_late: bool
    how: str
    words: str


def told_by_flufl(mail: Part) -> tuple[Told, ...]:
    """Return what flufl.bounce finds; nothing where it is not installed (it comes with the extra `mail`)."""
    try:
        from flufl.bounce import all_failures  # late: most mails are none of its matter
    except ImportError:
        return ()
    try:
        late, failed = all_failures(_message(mail))
    except Exception:  # noqa: BLE001  # its detectors raise anything on broken mails
        return ()
    text = report_text(mail)
    found = [(address, True) for address in sorted(late)] + [(address, False) for address in sorted(failed)]
    return tuple(
        Told(clean, is_late, "flufl.bounce", _around(text, clean))
        for address, is_late in found[:MOST_RECIPIENTS]
        for clean in addresses_in(address.decode("ascii", "replace"))[:1]
    )


def told_in_words(mail: Part) -> tuple[Told, ...]:
    """Return the recipients that a report names in the words of mail servers; one without an address where it names
    none; nothing where it does not say that anything failed.
    """
    text = report_text(mail)
    subject = mail.first("subject").lower()
    says = bounce_words.FAILURES.search(text.lower())
    if says is None and not mail.first("x-failed-recipients"):
        return ()
    if bounce_words.ANSWERED.match(subject):
        return ()
    own = {address.lower() for name in ("from", "to") for value in mail.all(name) for address in addresses_in(value)}
    named = dict.fromkeys((*addresses_in(mail.first("x-failed-recipients")), *_named(text)))
    addresses = [address for address in named if address.lower() not in own][:MOST_RECIPIENTS]
    if not addresses and not bounce_words.SUBJECTS.search(subject):
        return ()
    start = says.start() if says else 0
    return tuple(
        Told(address, _is_late(around), "words of mail servers", around)
        for address in addresses or [""]
        for around in [_around(text, address) if address else text[max(0, start - 100) : start + _AROUND]]
    )


def report_text(mail: Part) -> str:
    """Return the text of a report without the mail that it gives back."""
    leaves = [part for part in mail.walk() if not part.children and part.type in ("text/plain", "text/html")]
    if any(part.type == "text/plain" for part in leaves):
        leaves = [part for part in leaves if part.type == "text/plain"]
    text = "\n".join(part.text for part in leaves[:_MOST_TEXTS])[:LONGEST_REPORT]
    end = bounce_words.RETURNED.search(text.lower())
    report = text[: end.start()] if end else text
    # Some reports begin by saying that the mail is below, and tell what became of it after that.
    return report if "@" in report or bounce_words.FAILURES.search(report.lower()) else text


def _is_late(around: str) -> bool:
    low = around.lower()
    return "not yet been delivered" in low or "still undelivered" in low or "warning message only" in low


def _named(text: str) -> Iterator[str]:
    """Yield the addresses of lines that hold nothing else, or a code, or say that something failed."""
    for line in (whole[:_LONGEST_LINE] for whole in text.split("\n")):
        if "@" not in line:
            continue
        if _BARE.fullmatch(line) or _REPLY_CODE.search(line) or bounce_words.FAILURES.search(line.lower()):
            yield from addresses_in(line)


def _around(text: str, address: str) -> str:
    """Return what a report says of an address: the lines from it to the next empty one, more where these are few."""
    at = text.find(address)
    if at < 0:
        return text[:_AROUND]
    end = text.find("\n\n", at + len(address) + 40)
    return text[max(0, at - 200) : min(end if end >= 0 else len(text), at + _AROUND)]


def _message(mail: Part) -> Message:
    """Return a mail as flufl.bounce takes it: without what it does not read, and within limits."""
    message = _headed(mail)
    # Without a sender that is an address one of its detectors raises, and so all of them are lost.
    message["From"] = _plain(next(iter(addresses_in(mail.first("from"))), _NOBODY))
    failed = mail.first("x-failed-recipients")[:_MOST_FAILED]
    if failed:
        message["X-Failed-Recipients"] = ", ".join(addresses_in(failed))
    _fill(message, mail, [LONGEST_REPORT])
    return message


def _headed(part: Part) -> Message:
    message = Message()
    message["Content-Type"] = (
        part.type if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", part.type) else "text/plain"
    )
    for name in _HEADERS_FOR_FLUFL:
        if name in part.fields:
            message[name] = _plain(" ".join(part.first(name)[:_LONGEST_VALUE].split()))
    return message


def _fill(message: Message, part: Part, left: list[int]) -> None:
    if part.children:
        for child in part.children:
            inner = _headed(child)
            _fill(inner, child, left)
            message.attach(inner)
        return
    text = part.text[: max(0, left[0])] if part.type.startswith(("text/", "multipart/")) else ""
    left[0] -= len(text)
    message.set_payload("\n".join(_plain(line[:_LONGEST_LINE]) for line in text.split("\n")))


def _plain(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
