"""Find the reply that a supporter passes on: within the text, attached as a mail, or as a picture of a letter.

What somebody passes on is theirs to vouch for: anyone can type a header block. A mail of the bearer's own, and one of
ours that comes back quoted, are no replies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from types import MappingProxyType

from urgent_appeals.domain.response import Evidence
from urgent_appeals.responses.attached_text import is_image, is_pdf
from urgent_appeals.responses.automatic_words import folded
from urgent_appeals.responses.days import day_in
from urgent_appeals.responses.evidence import evidence
from urgent_appeals.responses.message import Message, instant, plain_line, read_message
from urgent_appeals.responses.parts import Part
from urgent_appeals.responses.quoting import Split, forwarded_subject, split
from urgent_appeals.responses.quoting.values import without_marks
from urgent_appeals.responses.report import addresses_in

DEEPEST = 3
"""How often a reply may have been passed on, from one to the next."""

MOST_ATTACHED = 20
_LONGEST_NOTE = 1500

PICTURES: Mapping[str, str] = MappingProxyType(
    {
        "en": """
        the reply i received | the answer i received | the reply i got | the answer i got | received this reply |
        received this answer | got this reply | got this answer | received a reply | received an answer |
        received the attached | got a reply | got an answer | photo of the reply | photo of the answer |
        photo of the letter i | scan of the reply | scan of the answer | scan of the letter i | here is the reply |
        here is the answer | they answered | they replied
        """,
        "fr": """
        la réponse que j'ai reçue | j'ai reçu cette réponse | j'ai reçu une réponse | j'ai reçu la réponse |
        voici la réponse | photo de la réponse | scan de la réponse | ci-joint la réponse | réponse ci-jointe |
        photo de la lettre que j'ai reçue | ils m'ont répondu | ils ont répondu
        """,
        "es": """
        la respuesta que recibí | he recibido esta respuesta | recibí esta respuesta | recibí una respuesta |
        he recibido una respuesta | adjunto la respuesta | foto de la respuesta | aquí está la respuesta |
        me respondieron | me contestaron
        """,
        "ru": """
        пришел ответ | пришел такой ответ | получил ответ | получила ответ | получили ответ | получил такой ответ |
        получила такой ответ | пересылаю ответ | фото ответа | скан ответа | фотография ответа | вот ответ |
        мне ответили | прикладываю ответ | высылаю ответ
        """,
        "kk": "жауап алдым | жауап келді | жауаптың суреті | жауапты жіберіп отырмын | маған жауап берді",
        "ar": "تلقيت هذا الرد | تلقيت ردا | وصلني هذا الرد | وصلني رد | صورة الرد | مرفق الرد | هذا هو الرد",
    }
)
"""How people speak of an answer whose picture they send, by language; folded as `automatic_words` has it."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A reply that was passed on: who is said to have written it and when, its text, and how it is known.

    `message` is the mail itself where it was attached, `others` what else the bearer passes on; `is_quoted` tells that
    the text is what the mail quotes.
    """

    evidence: Evidence
    sender: str | None = None
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    message: Message | None = None
    others: tuple[str, ...] = ()
    is_quoted: bool = False


def passed_on(message: Message, parts: Split) -> PassedOn | None:
    """Return the reply that a mail passes on, None where it passes none on; never raises.

    `parts` are those of the mail's body.
    """
    return _attached(message) or _within(message, parts) or _pictured(message, parts)


def attached_messages(message: Message) -> Iterator[Message]:
    """Yield the mails that are attached to a mail."""
    return (read_message(raw) for raw in message.attached[:MOST_ATTACHED])


def gives_back(message: Message, parts: Split) -> str | None:
    """Return the subject of our own mail where that is attached or forwarded, so that the text answers it."""
    to = {one.lower() for one in message.addressed}
    for inner in attached_messages(message):
        if (inner.sender or "").lower() in to or (inner.message_id or "") in message.threads:
            return inner.subject
    return next((one.subject for one in parts.forwarded if (_address(one.sender) or "") in to), None)


def _attached(message: Message) -> PassedOn | None:
    found = [one for one in attached_messages(message) if not _is_ours(message, one.sender, one.message_id)]
    if not found:
        return None
    inner, others = found[0], tuple(f"{one.subject}\n{one.body}" for one in found[1:])
    for _ in range(DEEPEST):
        if inner.body.strip() or not inner.attached:
            break
        inner = read_message(inner.attached[0])
    told = evidence("a mail is attached", "message/rfc822", inner.subject)
    return PassedOn(told, inner.sender, inner.subject, inner.date, inner.body, inner, others)


def _within(message: Message, parts: Split) -> PassedOn | None:
    subject = forwarded_subject(message.subject)
    found = list(parts.forwarded)
    replies = [one for one in found if not _is_ours(message, _address(one.sender))]
    if not found and subject is not None and parts.quoted.strip():
        quoted = next((part.header for part in parts.parts if part.header is not None), None)
        sender = _address(quoted.sender) if quoted is not None else None
        if _is_ours(message, sender):
            return None
        told = evidence("the subject of a forwarded mail", "Subject", message.subject)
        return PassedOn(told, sender, subject, message.date, without_marks(parts.quoted), is_quoted=True)
    if not replies:
        return None
    first, others = replies[0], tuple(one.text for one in replies[1:])
    for _ in range(DEEPEST):
        deeper = split(first.text, first.subject)
        if deeper.new.strip() or not any(deeper.forwarded):
            break
        first = deeper.forwarded[0]
    told = evidence("a forwarded message", "the text", f"{first.sender} {first.date}")
    title = plain_line(first.subject) or subject or ""
    return PassedOn(told, _address(first.sender), title, _said(first.date), first.text, others=others)


def _pictured(message: Message, parts: Split) -> PassedOn | None:
    """Return a letter of which a supporter sends a picture: it says so, or the subject is of a forwarded mail."""
    pictures = [one for one in message.attachments if is_image(one.content) or is_pdf(one.content)]
    if not pictures or len(parts.new) > _LONGEST_NOTE:
        return None
    low = folded(parts.new)
    said = next((phrase for phrase in _pictures() if phrase in low), None)
    if said is not None:
        return PassedOn(evidence("speaks of an answer, and a picture or document is attached", "the text", said))
    subject = forwarded_subject(message.subject)
    if subject is None or parts.quoted.strip() or parts.forwarded:
        return None
    return PassedOn(evidence("the subject of a forwarded mail", "Subject", message.subject), subject=subject)


@cache
def _pictures() -> tuple[str, ...]:
    return tuple(folded(phrase) for written in PICTURES.values() for phrase in written.split("|"))


def _is_ours(message: Message, sender: str | None, message_id: str | None = None) -> bool:
    """Tell a mail that the bearer wrote, one that the bearer's mail answers, and one of whom the mail comes to."""
    if message_id is not None and message_id in message.threads:
        return True
    if sender is None:
        return False
    own = {one.lower() for one in message.addressed} | ({message.sender.lower()} if message.sender else set())
    return sender.lower() in own


def _address(written: str) -> str | None:
    """Return the address in the sender of a header block where there is exactly one."""
    found = dict.fromkeys(one.lower() for one in addresses_in(written))
    return plain_line(next(iter(found))) if len(found) == 1 else None


def _said(written: str) -> datetime | None:
    """Return when a header block says that a message was written; the day alone where programs write it in words."""
    exact = instant(written)
    day = day_in(written) if exact is None else None
    return datetime.combine(day, time(), UTC) if day is not None else exact


NO_MAIL = Part()
"""What stands for a mail where there is only its text."""
