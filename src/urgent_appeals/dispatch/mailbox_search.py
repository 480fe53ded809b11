"""Look for a letter in the mailbox of a desk, read only, and take no server's word for what it found."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import HeaderParser
from email.policy import SMTP
from typing import Any, Final, NamedTuple

from urgent_appeals.dispatch.conversation import Injected, Timeouts
from urgent_appeals.dispatch.mailbox import Lost, Mailbox, NoEncryption, decoded
from urgent_appeals.dispatch.message import TEST
from urgent_appeals.dispatch.secret import Secret, without_tokens
from urgent_appeals.dispatch.smtp import Credential
from urgent_appeals.dispatch.tls import context_for, why_not
from urgent_appeals.domain.desk import Imap
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.errors import AccountUnusable

SENT: Final = "\\Sent"
DRAFTS: Final = "\\Drafts"
"""The flags of the folders for what was sent, and for drafts (RFC 6154)."""
_LISTED: Final = re.compile(rb'\(([^)]*)\) (?:NIL|"(?:\\.|[^"\\])*") (.+)', re.DOTALL)
_SEARCHABLE: Final = re.compile(r"[!#-\[\]-~]{1,500}")
"""Printable ASCII without quotation mark and backslash: what can stand in a command as it is."""
_MOST: Final = 20
"""How many messages that a search names are looked at."""


class Named(NamedTuple):
    """A folder of a mailbox: its name as the server writes it (modified UTF-7), and its flags in small letters."""

    wire: str
    flags: frozenset[str]


@contextmanager
def open_mailbox(imap: Imap, credential: Credential, timeouts: Timeouts | None = None) -> Iterator[imaplib.IMAP4]:
    """Yield a connection that is logged in to a mailbox, over verified TLS; it is closed at the end.

    Raises AccountUnusable for whatever the server does wrong, in the body too; it never tells the password.
    """
    context = context_for(imap)
    secret = credential()
    with _told(imap, secret):
        mailbox = Mailbox(imap, context, timeouts or Timeouts())
        try:
            answer = mailbox.log_in(secret)
            if not answer.is_ok:
                raise imaplib.IMAP4.error(answer.text or "the log-in is refused")
            yield mailbox
        except BaseException:
            mailbox.cut()
            raise
        mailbox.leave()


def folders(connection: imaplib.IMAP4) -> tuple[Named, ...]:
    """Return the folders of a mailbox that hold messages; raises imaplib's errors."""
    status, lines = connection.list()
    if status != "OK":
        raise imaplib.IMAP4.error("it does not list its folders")
    found = (_named(line) for line in lines if line)
    return tuple(folder for folder in found if folder is not None and "\\noselect" not in folder.flags)


def chosen_folders(listed: tuple[Named, ...], name: str, flag: str) -> tuple[str, ...]:
    r"""Return the folder of a name, as people write it, and those that the server flags for a use, such as `\Sent`."""
    named = [folder.wire for folder in listed if decoded(folder.wire) == name]
    flagged = [folder.wire for folder in listed if flag.lower() in folder.flags]
    return tuple(dict.fromkeys((*named, *flagged)))


def holds(connection: imaplib.IMAP4, folder: str, field: str, value: str, to: str | None = None) -> bool:
    """Return whether a folder holds a message with a value in a header field; nothing in the mailbox changes.

    With `to`, only one to this address and no other that is no test to oneself. Servers find more than was asked for,
    or what they take for the same: the fields themselves are read. A folder that cannot be opened holds nothing.
    Raises imaplib's errors.
    """
    if _SEARCHABLE.fullmatch(value) is None:
        return False
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    if connection.select(f'"{quoted}"', readonly=True)[0] != "OK":
        return False
    status, data = connection.uid("SEARCH", "HEADER", field, f'"{value}"')
    if status != "OK":
        raise imaplib.IMAP4.error(f"it cannot search {decoded(folder)}")
    numbers = [number for line in data if isinstance(line, bytes) for number in line.split() if number.isdigit()]
    return any(
        value.casefold() in _read(connection, number, field).casefold()
        and (to is None or _is_letter_to(to, connection, number))
        for number in numbers[-_MOST:]
    )


@contextmanager
def _told(imap: Imap, secret: Secret) -> Iterator[None]:
    """Turn what goes wrong into words, without what the server may have repeated of a password."""
    try:
        yield
    except ssl.SSLError as error:
        reason = why_not(error, imap.host)
    except Injected:
        reason = "something was said in the clear after STARTTLS: somebody may stand in between"
    except NoEncryption:
        reason = "it offers no encryption (STARTTLS); no password was told"
    except Lost:
        reason = "it hung up, was silent, or does not speak IMAP"
    except TimeoutError:
        reason = "it does not answer"
    except imaplib.IMAP4.error as error:
        reason = without_tokens(secret.absent_from(_words(error)))
    except OSError as error:
        reason = f"it cannot be reached: {(error.strerror or str(error)).lower()}"
    else:
        return
    raise AccountUnusable(imap.host, f"the mailbox cannot be looked into: {reason}")


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200] or "it does not say why"


def _named(line: Any) -> Named | None:
    head, name = line[:2] if isinstance(line, tuple) else (line, None)
    match = _LISTED.fullmatch(head) if isinstance(head, bytes) else None
    if match is None:
        return None
    if name is None:
        name = match[2]
        if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
            name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
    return Named(name.decode("ascii", "replace"), frozenset(match[1].decode("ascii", "replace").lower().split()))


def _is_letter_to(address: str, connection: imaplib.IMAP4, number: bytes) -> bool:
    """Return whether a message goes to an address alone, and is no test."""
    head = "".join(_read(connection, number, field).strip() + "\n" for field in ("To", "Subject"))
    message = HeaderParser(policy=SMTP).parsestr(head)
    to = [check_address(each.addr_spec) for each in message["To"].addresses] if "To" in message else []
    wanted = check_address(address)
    if len(to) != 1 or not isinstance(to[0], CheckedAddress) or not isinstance(wanted, CheckedAddress):
        return False
    is_test = str(message["Subject"] or "").strip().startswith(TEST)
    return to[0].wire.casefold() == wanted.wire.casefold() and not is_test


def _read(connection: imaplib.IMAP4, number: bytes, field: str) -> str:
    """Return a header field of a message, unfolded; nothing where the message is gone meanwhile."""
    what = f"(BODY.PEEK[HEADER.FIELDS ({field.upper()})])"
    status, data = connection.uid("FETCH", number.decode("ascii"), what)
    parts = [part[1] for part in data if isinstance(part, tuple)] if status == "OK" else []
    return re.sub(r"\r?\n(?=[ \t])", "", b"".join(parts).decode("utf-8", "replace"))
