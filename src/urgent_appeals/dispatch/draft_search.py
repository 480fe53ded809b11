"""Tell whether a draft lies in a mailbox already, or was sent from there, and take no server's word for what it found.

What a search names is read: it is of a letter where its Message-ID is that of the letter, or its reply address bears
the token; some programs change the Message-ID of what they save or send.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Any, Final

from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.dispatch.mailbox import Folder, Lost, Mailbox, quoted
from urgent_appeals.domain.mail_address import CheckedAddress, check_address

_CLOSED: Final = frozenset({"NOPERM", "NONEXISTENT"})
"""Refusals (RFC 5530) of a folder that is never to be seen from here."""
_AT_ONCE: Final = 200
"""How many messages are asked for in one command."""
_UID: Final = re.compile(rb"\bUID (\d+)")


@dataclass(frozen=True)
class Seen:
    """A message of a letter: where it lies, and whether it is what the letter is now."""

    folder: Folder
    uid: int
    is_same: bool


def draft_of(mailbox: Mailbox, folder: Folder, parcel: Parcel) -> Seen | None:
    """Return the draft of a letter in a folder, None where there is none; raises Lost.

    One with the sender, recipient, subject, text and attachments of the letter comes before any other. What is marked
    as deleted is no draft any more.
    """
    found, content = None, _content(parcel.wire)
    if content is None or not _opened(mailbox, folder):
        raise Lost
    for uid, _ in _of_letter(mailbox, parcel, "UNDELETED "):
        whole = [message for _, message in _fetched(mailbox, [uid], "BODY.PEEK[]")]
        if whole and (found is None or not found.is_same):
            found = Seen(folder, uid, is_same=_content(whole[0]) == content)
    return found


def letter_in(mailbox: Mailbox, folder: Folder, parcel: Parcel) -> Seen | None:
    """Return the letter in a folder for what was sent, None where it was not sent; raises Lost.

    It is the same where it went to the recipient: programs write anew what they send, and people sign it. What bears
    the token and went to others alone is no such letter. A folder that is not shown to this account holds nothing.
    """
    found: Seen | None = None
    to = _addresses(_head(parcel.wire), "To")
    if not _opened(mailbox, folder):
        return None
    for uid, head in _of_letter(mailbox, parcel):
        went = set(to) <= set(_addresses(head, "To"))
        if (went or _id_of(head) == parcel.message_id.casefold()) and (found is None or not found.is_same):
            found = Seen(folder, uid, is_same=went)
    return found


def _opened(mailbox: Mailbox, folder: Folder) -> bool:
    # Opened anew, read-only: what has come in since is seen for certain, and no flag of anything changes.
    answer = mailbox.asked(lambda: mailbox.select(quoted(folder.wire), readonly=True))
    if not answer.is_ok and answer.code not in _CLOSED:
        raise Lost
    return answer.is_ok


def _of_letter(mailbox: Mailbox, parcel: Parcel, which: str = "") -> Iterator[tuple[int, Message]]:
    """Yield what is of a letter in the folder that is open, the latest first: its number (UID) and some headers."""
    wanted = f"HEADER Message-ID {quoted(parcel.message_id)}"
    token = parcel.token.casefold()
    bears = token and token in str(_head(parcel.wire)["Reply-To"]).casefold()
    if bears:
        wanted = f"OR {wanted} HEADER Reply-To {quoted(parcel.token)}"
    data = mailbox.data(lambda: mailbox.uid("SEARCH", f"{which}{wanted}"))
    named = {int(number) for line in data if isinstance(line, bytes) for number in line.split() if number.isdigit()}
    numbers = sorted(named, reverse=True)
    for at in range(0, len(numbers), _AT_ONCE):
        fields = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID REPLY-TO TO)]"
        heads = {uid: _head(head) for uid, head in _fetched(mailbox, numbers[at : at + _AT_ONCE], fields)}
        for uid in sorted(heads, reverse=True):
            head = heads[uid]
            if _id_of(head) == parcel.message_id.casefold() or (bears and token in str(head["Reply-To"]).casefold()):
                yield uid, head


def _fetched(mailbox: Mailbox, numbers: list[int], what: str) -> Iterator[tuple[int, bytes]]:
    """Yield part of each message that is there still, with its number; raises Lost."""
    data: list[Any] = mailbox.data(lambda: mailbox.uid("FETCH", ",".join(map(str, numbers)), f"({what})"))
    for at, item in enumerate(data):
        if not isinstance(item, tuple):
            continue
        after = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
        uid = _UID.search(item[0]) or _UID.search(after)
        if uid is None:
            raise Lost
        if int(uid[1]) in numbers:
            yield int(uid[1]), item[1]


def _content(message: bytes) -> tuple[object, ...] | None:
    """Return what a message says, however it is encoded, without what servers add; None where it cannot be read."""
    head = _head(message)
    try:
        subject = str(make_header(decode_header(str(head["Subject"] or ""))))
        parts = [_part(part) for part in email.message_from_bytes(message).walk() if not part.is_multipart()]
    except (ValueError, LookupError, MessageError):
        return None
    return _addresses(head, "From"), _addresses(head, "To"), "".join(subject.split()), tuple(parts)


def _part(part: Message) -> tuple[str, str | bytes]:
    kind, payload = part.get_content_type(), part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() != "text":
        return kind, data
    text = data.decode(part.get_content_charset() or "utf-8", "replace")
    return kind, "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _head(message: bytes) -> Message:
    return HeaderParser().parsestr(message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"))


def _id_of(head: Message) -> str:
    return str(head["Message-ID"] or "").strip().casefold()


def _addresses(head: Message, field: str) -> tuple[str, ...]:
    written = [address for _, address in getaddresses([str(line) for line in head.get_all(field, [])])]
    checked = [(address, check_address(address)) for address in written]
    return tuple((to.wire if isinstance(to, CheckedAddress) else address).casefold() for address, to in checked)
