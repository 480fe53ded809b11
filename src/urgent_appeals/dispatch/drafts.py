"""Put letters into a mailbox as drafts, each once, for a person to look at and send from their own mail program.

A draft is the very message that would go out by mail: From, To, Reply-To with the token of the item, Subject,
Message-ID and a Date in UTC, the flag for drafts, and no header of this program's own that might go out with it. The
program that sends it puts its own Date, and often its own Message-ID, in their place; the token stays.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from urgent_appeals.dispatch.access_token import access_token
from urgent_appeals.dispatch.channel import Accepted, Deferred, Drafted, Failed, Mark, Parcel, Receipt, Unsure
from urgent_appeals.dispatch.conversation import Injected, Timeouts
from urgent_appeals.dispatch.draft_search import Seen, draft_of, letter_in
from urgent_appeals.dispatch.mailbox import Answer, Folder, Lost, Mailbox, NoEncryption
from urgent_appeals.dispatch.passwords import password_of
from urgent_appeals.dispatch.secret import Secret, without_tokens
from urgent_appeals.dispatch.smtp import Credential, checked_recipient
from urgent_appeals.dispatch.tls import context_for, why_not
from urgent_appeals.domain.desk import Auth, Desk, Imap
from urgent_appeals.errors import AccountUnusable, NoDesk

_FOR_GOOD = frozenset({"TOOBIG", "LIMIT"})
"""Refusals of the one draft (RFC 5530, RFC 7889)."""
_OF_THE_FOLDER = frozenset({"TRYCREATE", "NONEXISTENT", "NOPERM", "CANNOT"})
"""Refusals that await every draft, until a person has changed something."""


def mailbox_credential(desk: Desk, environ: Mapping[str, str] = os.environ) -> Credential:
    """Return what logs the desk in to its mailbox; raises NoDesk without one, or without a user, and NoPassword."""
    imap = imap_of(desk)
    if imap.user is None:
        raise NoDesk("desk.yaml", "imap: user")
    if imap.auth is Auth.XOAUTH2:
        command = imap.token_command
        assert command is not None
        return lambda: access_token(command)
    password = password_of("imap", imap, environ)
    return lambda: password


class DraftsChannel:
    """The folder of drafts in the mailbox of a desk; one connection serves draft after draft.

    Before a draft is added, and after every trouble, its folder and those for what was sent are searched for it: what
    lies there is not added again, whatever became of the answer; what was sent from there is Accepted; and beside a
    draft of the letter that says something else none is put. Where the answer was lost and nothing is found, it is
    Unsure. Raises NoDesk, and AccountUnusable where certificates cannot be read.
    """

    def __init__(self, desk: Desk, credential: Credential, timeouts: Timeouts | None = None) -> None:
        self._desk = desk
        self._imap = imap_of(desk)
        self._credential = credential
        self._timeouts = timeouts or Timeouts()
        self._context = context_for(self._imap)
        self._mailbox: Mailbox | None = None
        self._folder: Folder | None = None
        self._sent: tuple[Folder, ...] = ()
        self._secret: Secret | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailbox is not None and kind is None:
            self._mailbox.leave()
        self._hang_up()

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Put a draft into the folder (see `Channel`); raises MessageRefused where it does not say what it should."""
        to = checked_recipient(self._desk, parcel)
        if not self._desk.allows(to.wire):
            return Failed(f"{to.address} is in none of the domains that the settings allow (allow_domains)")
        try:
            return self._drafted(parcel, mark)
        except _Refused as refused:
            return refused.receipt
        except BaseException:
            self._hang_up()
            raise

    def connect(self) -> tuple[Mailbox, Folder] | Deferred | Failed:
        """Connect and log in, as before a draft, and return the connection and the folder, or why there is none."""
        try:
            return self._opened()
        except _Refused as refused:
            return refused.receipt

    def _drafted(self, parcel: Parcel, mark: Mark) -> Receipt:
        there = self._there(parcel)
        if there is not None:
            return there
        mailbox, folder = self._opened()
        marked = _Once(mark)
        try:
            answer, uid = mailbox.put(folder, parcel.wire, marked)
        except Lost:
            self._hang_up()
            return self._after_loss(parcel) if marked.made else self._gone()
        if answer.is_ok and not marked.made:
            self._hang_up()
            return Deferred(f"{self._imap.host} says that it has a draft which it was never given", pause="run")
        return Drafted(folder.name, uid) if answer.is_ok else self._refusal(answer, folder)

    def _there(self, parcel: Parcel) -> Drafted | Accepted | Failed | None:
        """Return what is known of a letter by what the mailbox holds, None where it holds nothing of it.

        A connection that is over is opened anew, once. Raises _Refused.
        """
        for is_last in (self._mailbox is None, True):
            mailbox, folder = self._opened()
            try:
                lying = draft_of(mailbox, folder, parcel)
                if lying is not None:
                    return _lying(lying)
                sent = [letter_in(mailbox, other, parcel) for other in self._sent if other != folder]
            except Lost:
                self._hang_up()
                if is_last:
                    raise _Refused(self._gone(pause=True)) from None
            else:
                return _sent([seen for seen in sent if seen is not None])
        raise AssertionError("unreachable")

    def _after_loss(self, parcel: Parcel) -> Receipt:
        """Say what came of a draft whose answer was lost, by looking for it.

        A server may add what it has in hand after the connection is gone: that nothing lies there yet is no proof.
        """
        lost = f"the answer of {self._imap.host} to the draft was lost"
        try:
            there = self._there(parcel)
        except _Refused as refused:
            return Unsure(f"{lost}, and it could not be looked for: {refused.receipt.reason}")
        if there is None:
            return Unsure(f"{lost}, and it does not lie in its folder, or not yet")
        return Unsure(f"{lost}, and {there.reason}") if isinstance(there, Failed) else there

    def _opened(self) -> tuple[Mailbox, Folder]:
        """Return the connection, and the folder of drafts; raises _Refused."""
        if self._mailbox is None or self._folder is None:
            self._hang_up()
            self._mailbox = mailbox = self._connected()
            try:
                self._log_in(mailbox)
                self._folder, self._sent = mailbox.drafts(), mailbox.sent()
            except Lost:
                self._hang_up()
                raise _Refused(self._gone(pause=True)) from None
        if self._folder is None:
            reason = (
                f"the mailbox on {self._imap.host} has no folder for drafts, and none named {self._imap.drafts!r} "
                "(imap: drafts)"
            )
            raise _Refused(Failed(reason, stops_run=True))
        return self._mailbox, self._folder

    def _connected(self) -> Mailbox:
        host, port = self._imap.host, self._imap.port
        try:
            return Mailbox(self._imap, self._context, self._timeouts)
        except Injected:
            reason = f"something was said in the clear after STARTTLS to {host}: somebody may stand in between"
        except NoEncryption:
            reason = f"{host} offers no encryption (STARTTLS); nothing was put there, and no password told"
        except Lost:
            reason = f"{host} hung up, was silent, or does not speak IMAP"
        except ssl.SSLError as error:
            reason = why_not(error, host)
        except OSError as error:
            reason = f"{host}, port {port}, cannot be reached: {(error.strerror or str(error)).lower()}"
        raise _Refused(Deferred(reason, pause="run"))

    def _log_in(self, mailbox: Mailbox) -> None:
        try:
            self._secret = secret = self._credential()
        except AccountUnusable as error:
            self._hang_up()
            raise _Refused(Deferred(str(error), pause="run")) from None
        answer = mailbox.log_in(secret)
        if not answer.is_ok:
            self._hang_up()
            said = without_tokens(secret.absent_from(answer.text))
            raise _Refused(Deferred(f"{self._imap.host} refused the log-in: {said}", answer.code, "run"))

    def _refusal(self, answer: Answer, folder: Folder) -> Deferred | Failed:
        said = self._secret.absent_from(answer.text) if self._secret is not None else answer.text
        reason = f"{self._imap.host} refused the draft in {folder.name!r}: {said}"
        if answer.code in _OF_THE_FOLDER:
            return Failed(reason, answer.code, stops_run=True)
        if answer.code in _FOR_GOOD:
            return Failed(reason, answer.code)
        return Deferred(reason, answer.code, "run" if answer.code == "OVERQUOTA" else None)

    def _gone(self, *, pause: bool = False) -> Deferred:
        reason = f"{self._imap.host} hung up, was silent, or cannot be understood, before the draft was there"
        return Deferred(reason, pause="run" if pause else None)

    def _hang_up(self) -> None:
        mailbox, self._mailbox, self._folder = self._mailbox, None, None
        if mailbox is not None:
            mailbox.cut()


class _Once:
    """Marks, and remembers that it did."""

    def __init__(self, mark: Mark) -> None:
        self.made = False
        self._mark = mark

    def __call__(self) -> None:
        self._mark()
        self.made = True


class _Refused(Exception):
    """Nothing was added; `receipt` is what came of it."""

    def __init__(self, receipt: Deferred | Failed) -> None:
        self.receipt = receipt
        super().__init__(receipt.reason)


def _lying(seen: Seen) -> Drafted | Failed:
    """Return what a letter is of which a draft lies there; beside one that is another no draft is put."""
    if seen.is_same:
        return Drafted(seen.folder.name, seen.uid, found=True)
    where = f"another draft of this letter lies in {seen.folder.name!r} and says something else, or is to somebody else"
    return Failed(f"{where}: delete it there, then plan again with --accept failed")


def _sent(seen: list[Seen]) -> Accepted | Failed | None:
    """Return what a letter is that lies among what was sent; None where it does not."""
    for each in seen:
        if each.is_same:
            return Accepted(f"found in {each.folder.name}, the folder for what was sent")
    if not seen:
        return None
    where = f"it was sent from the mailbox to somebody else, as {seen[0].folder.name!r} shows"
    return Failed(f"{where}: note that by `appeals mark`, or plan it by another way")


def imap_of(desk: Desk) -> Imap:
    """Return the mailbox of a desk; raises NoDesk where it has none."""
    if desk.imap is None:
        raise NoDesk("desk.yaml", "imap")
    return desk.imap
