"""Make a mail link (RFC 6068) that mail programs take whole: of the letter, its summary, or its subject
alone.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.mail_address import RefusedAddress, check_address
from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.domain.values import Value
from urgent_appeals.errors import UnsafeHeader
from urgent_appeals.render.text import letter_text, message_text, summary_text

LIMIT = 2000
"""The longest link, in encoded characters: some mail programs and browsers cut or refuse what is longer."""
WARN_ABOVE = 1600
"""From here on some mail programs fail."""


class MailLink(Value):
    """A link that opens a message to the recipient.

    `form` tells how much of the letter it carries, `encoded` how long it is, `to_copy` the letter's text
    for pasting where the link does not carry all of it.
    """

    href: str
    form: Literal["whole", "summary", "subject"]
    encoded: int
    to_copy: str | None = None

    @property
    def is_long(self) -> bool:
        """Whether some mail programs may fail on it."""
        return self.encoded > WARN_ABOVE


def mail_link(letter: Letter) -> MailLink | None:
    """Return the link with as much of the letter as it can carry, or None where the directory has no
    address.

    One recipient, a subject and perhaps a body; never cc or bcc. A subject too long for any link falls back
    to the code. Raises UnsafeHeader where the address or the subject may not stand in a header.
    """
    if letter.addressee.email is None:
        return None
    address = check_address(letter.addressee.email)
    if isinstance(address, RefusedAddress):
        raise UnsafeHeader(f"email address of {letter.addressee.recipient}", f"{address.text!r} {address.reason}")
    fault = unsafe(letter.subject) or (None if letter.subject.strip() else "is empty")
    if fault is not None:
        raise UnsafeHeader(f"subject of {letter.item}", fault)
    to = quote(address.wire, safe="@")
    whole = _href(to, letter.subject, message_text(letter, None))
    if len(whole) <= LIMIT:
        return MailLink(href=whole, form="whole", encoded=len(whole))
    to_copy = letter_text(letter, None)
    if letter.summary:
        summary = _href(to, letter.subject, summary_text(letter))
        if len(summary) <= LIMIT:
            return MailLink(href=summary, form="summary", encoded=len(summary), to_copy=to_copy)
    pasted = letter.phrases.mail.pasted_text
    shorter = ((letter.subject, pasted), (letter.subject, None), (str(letter.code), None))
    links = (_href(to, subject, body) for subject, body in shorter)
    link = next(link for link in links if len(link) <= LIMIT)
    return MailLink(href=link, form="subject", encoded=len(link), to_copy=to_copy)


def _href(to: str, subject: str, body: str | None = None) -> str:
    link = f"mailto:{to}?subject={quote(subject, safe='')}"
    if body is None:
        return link
    lines = body.rstrip("\n").replace("\n", "\r\n")  # RFC 6068, section 5
    return f"{link}&body={quote(lines, safe='')}"
