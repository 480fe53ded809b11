"""Hand letters to a mail server, so that at any moment it is known whether one can have been taken."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from urgent_appeals.dispatch.access_token import access_token
from urgent_appeals.dispatch.channel import Accepted, Deferred, Failed, Mark, Parcel, Receipt, Unsure
from urgent_appeals.dispatch.conversation import Conversation, Injected, Lost, NotSent, Timeouts
from urgent_appeals.dispatch.message import Heading, verify
from urgent_appeals.dispatch.passwords import password_of
from urgent_appeals.dispatch.replies import Reply, Stage, refusal, reply
from urgent_appeals.dispatch.secret import Secret, without_tokens
from urgent_appeals.dispatch.tls import context_for, why_not
from urgent_appeals.domain.desk import TOKEN, Auth, Desk, Security, Smtp, address_for
from urgent_appeals.domain.mail_address import CheckedAddress
from urgent_appeals.errors import AccountUnusable, MessageRefused, NoDesk

Credential = Callable[[], Secret]
"""Gives the password or access token of an account, anew each time: tokens expire."""


def heading_of(desk: Desk, to: CheckedAddress, *, subject: str, message_id: str, token: str) -> Heading:
    """Return what the headers of a message from a desk say; raises NoDesk where it has no address to write from."""
    if desk.sender is None:
        raise NoDesk("desk.yaml", "smtp")
    return Heading(
        from_=desk.sender,
        from_name=desk.smtp.from_name if desk.smtp is not None else None,
        to=to.wire,
        reply_to=address_for(desk.replies, token) if desk.replies is not None else None,
        subject=subject,
        message_id=message_id,
    )


def checked_recipient(desk: Desk, parcel: Parcel) -> CheckedAddress:
    """Return the one recipient of a letter, having read it once more as a mail program would; raises MessageRefused."""
    to = parcel.to
    if not isinstance(to, CheckedAddress):
        raise MessageRefused(str(parcel.item), "it has no email address")
    heading = heading_of(desk, to, subject=parcel.subject, message_id=parcel.message_id, token=parcel.token)
    verify(parcel.message, heading)
    return to


def credential_of(desk: Desk, environ: Mapping[str, str] = os.environ) -> Credential | None:
    """Return what logs the desk in to its mail server, None where that asks for nothing; raises NoPassword."""
    smtp = _smtp_of(desk)
    if smtp.user is None:
        return None
    if smtp.auth is Auth.XOAUTH2:
        command = smtp.token_command
        assert command is not None
        return lambda: access_token(command)
    password = password_of("smtp", smtp, environ)
    return lambda: password


class SmtpChannel:
    """The mail server of a desk; one connection serves letter after letter, a fresh one follows on trouble.

    Raises NoDesk, and AccountUnusable where the certificates it is to trust cannot be read.
    """

    def __init__(self, desk: Desk, credential: Credential | None, timeouts: Timeouts | None = None) -> None:
        self._desk = desk
        self._smtp = _smtp_of(desk)
        self._credential = credential
        self._timeouts = timeouts or Timeouts()
        self._context = context_for(self._smtp)
        self._connection: Conversation | None = None
        self._in_hand = False
        self._secret: Secret | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None and kind is None:
            self._connection.leave()
        self._hang_up()

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        """Hand a letter over (see `Channel`); raises MessageRefused for one that does not say what it should."""
        to = checked_recipient(self._desk, parcel)
        if not self._desk.allows(to.wire):
            return Failed(f"{to.address} is in none of the domains that the settings allow (allow_domains)")
        try:
            receipt = self._transmit(parcel, to, mark)
        except BaseException:
            self._hang_up()
            raise
        return receipt

    def connect(self) -> Conversation | Deferred | Failed:
        """Connect and log in, as before a letter, and return the connection, or why there is none."""
        try:
            return self._connect()
        except _Refused as refused:
            return refused.receipt

    def _transmit(self, parcel: Parcel, to: CheckedAddress, mark: Mark) -> Receipt:
        try:
            connection = self._offered_again(parcel, to)
            if connection is None:
                connection = self._connect()
                self._offer(connection, parcel, to)
        except _Refused as refused:
            return refused.receipt
        return self._complete(connection, parcel, mark)

    def _offered_again(self, parcel: Parcel, to: CheckedAddress) -> Conversation | None:
        """Offer a letter on the connection of the one before; None where that is over, as after so many letters."""
        if self._connection is None:
            return None
        try:
            # After a letter that was taken the server is ready for another; after a refusal it has to be told.
            if not self._in_hand or self._connection.ask("RSET").code == 250:
                self._offer(self._connection, parcel, to)
                return self._connection
        except Lost:
            pass
        except _Refused:
            if self._connection is not None:
                raise
        self._hang_up()
        return None

    def _connect(self) -> Conversation:
        smtp = self._smtp
        self._connection = connection = Conversation(self._timeouts)
        try:
            implicit = self._context if smtp.security is Security.TLS else None
            self._require(Stage.CONNECT, connection.open(smtp.host, smtp.port, implicit), 220)
            self._require(Stage.EHLO, connection.hello(), 250)
            if smtp.security is Security.STARTTLS:
                self._encrypt(connection)
            if self._credential is not None:
                self._log_in(connection, self._credential)
        except Injected:
            reason = f"something was said in the clear after STARTTLS to {smtp.host}: somebody may stand in between"
            raise self._given_up(reason) from None
        except Lost:
            raise self._given_up(f"{smtp.host} hung up, or was silent, before a letter was offered") from None
        except ssl.SSLError as error:
            raise self._given_up(why_not(error, smtp.host)) from None
        except OSError as error:
            reason = f"{smtp.host}, port {smtp.port}, cannot be reached: {(error.strerror or str(error)).lower()}"
            raise self._given_up(reason) from None
        return connection

    def _encrypt(self, connection: Conversation) -> None:
        if not connection.has_extn("starttls"):
            reason = f"{self._smtp.host} offers no encryption (STARTTLS); nothing was sent, and no password told"
            raise self._given_up(reason)
        self._require(Stage.STARTTLS, connection.encrypt(self._smtp.host, self._context), 220)
        self._require(Stage.EHLO, connection.hello(), 250)

    def _log_in(self, connection: Conversation, credential: Credential) -> None:
        try:
            self._secret = secret = credential()
        except AccountUnusable as error:
            raise self._given_up(str(error)) from None
        offered = connection.esmtp_features.get("auth", "").upper().split()
        mechanisms = ("XOAUTH2",) if self._smtp.auth is Auth.XOAUTH2 else ("PLAIN", "LOGIN")
        mechanism = next((name for name in mechanisms if name in offered), None)
        if mechanism is None:
            raise self._given_up(f"{self._smtp.host} offers none of the ways to log in: {', '.join(mechanisms)}")
        answer = connection.log_in(mechanism, _answers(mechanism, self._smtp.user or "", secret))
        self._require(Stage.AUTH, Reply(answer.code, without_tokens(answer.text)), 235)

    def _offer(self, connection: Conversation, parcel: Parcel, to: CheckedAddress) -> None:
        """Name sender and recipient, and have the server wait for the message; raises _Refused."""
        self._in_hand = True
        sender = self._envelope_sender(parcel)
        options = self._options(connection, parcel, f"{sender}{to.wire}")
        try:
            self._require(Stage.MAIL, connection.ask(f"MAIL FROM:<{sender}>{options}"), 250)
            self._require(Stage.RCPT, connection.ask(f"RCPT TO:<{to.wire}>"), 250, 251, 252)
            self._require(Stage.DATA, connection.ask("DATA"), 354)
        except Lost:
            raise self._given_up(f"{self._smtp.host} hung up, or was silent, before the letter", pause=False) from None

    def _options(self, connection: Conversation, parcel: Parcel, addresses: str) -> str:
        """Return what is said after the sender; raises _Refused where the server cannot take such a letter."""
        host, size = self._smtp.host, len(parcel.wire)
        limit = connection.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            raise _Refused(Failed(f"the letter has {size} bytes, and {host} takes no more than {limit}"))
        options = f" SIZE={size}" if connection.has_extn("size") else ""
        if not parcel.wire.isascii() or not addresses.isascii():
            if not connection.has_extn("smtputf8"):
                raise _Refused(Failed(f"EAI not supported: {host} takes no addresses beyond ASCII (SMTPUTF8)"))
            options += " SMTPUTF8" + (" BODY=8BITMIME" if connection.has_extn("8bitmime") else "")
        return options

    def _complete(self, connection: Conversation, parcel: Parcel, mark: Mark) -> Receipt:
        """Send the message, mark, and send what ends it."""
        host = self._smtp.host
        gone = Deferred(f"the connection to {host} was lost before the end of the letter")
        try:
            connection.say_body(parcel.wire)
        except Lost:
            self._hang_up()
            return gone
        early = connection.unasked()
        if early is not None:
            self._hang_up()
            return self._refusal(Stage.BODY, _early(early)) if early else gone
        mark()
        try:
            answer = connection.finish()
        except NotSent:
            self._hang_up()
            return gone
        except Lost:
            self._hang_up()
            return Unsure(f"the connection to {host} was lost, or it was silent, after the end of the letter")
        return self._result(answer)

    def _result(self, answer: Reply) -> Receipt:
        if answer.code == 250:  # nothing else says that it was taken over (RFC 5321, 4.3.2)
            self._in_hand = False
            return Accepted(self._shown(answer).text, answer.queue_id)
        if 400 <= answer.code <= 599:
            return self._refusal(Stage.BODY, answer)
        self._hang_up()
        return Unsure(f"{self._smtp.host} answered to the letter what cannot be understood: {self._shown(answer)}")

    def _require(self, stage: Stage, answer: Reply, *wanted: int) -> None:
        """Raise _Refused unless an answer is what a stage asks for."""
        if answer.code not in wanted:
            raise _Refused(self._refusal(stage, answer))

    def _refusal(self, stage: Stage, answer: Reply) -> Deferred | Failed:
        receipt = refusal(stage, self._shown(answer), self._smtp.host)
        settled = (
            stage in (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY)
            and 400 <= answer.code <= 599
            and answer.code != 421
        )
        if not settled:
            self._hang_up()
        return receipt

    def _given_up(self, reason: str, *, pause: bool = True) -> _Refused:
        self._hang_up()
        return _Refused(Deferred(reason, pause="run" if pause else None))

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _shown(self, answer: Reply) -> Reply:
        return Reply(answer.code, self._secret.absent_from(answer.text)) if self._secret is not None else answer

    def _envelope_sender(self, parcel: Parcel) -> str:
        pattern = self._smtp.envelope_sender or self._smtp.from_
        return address_for(pattern, parcel.token) if TOKEN in pattern else pattern


class _Refused(Exception):
    """No letter is on its way; `receipt` is what came of it."""

    def __init__(self, receipt: Deferred | Failed) -> None:
        self.receipt = receipt
        super().__init__(receipt.reason)


def _smtp_of(desk: Desk) -> Smtp:
    if desk.smtp is None:
        raise NoDesk("desk.yaml", "smtp")
    return desk.smtp


def _answers(mechanism: str, user: str, secret: Secret) -> list[bytes]:
    if mechanism == "XOAUTH2":
        return [f"user={user}\x01auth=Bearer {secret.reveal()}\x01\x01".encode()]
    if mechanism == "PLAIN":
        return [f"\0{user}\0{secret.reveal()}".encode()]
    return [user.encode(), secret.reveal().encode()]


def _early(said: bytes) -> Reply:
    """Return the refusal that came before the message was whole."""
    code = said[:3]
    return reply(int(code) if code.isdigit() else -1, said[4:] if code.isdigit() else said)
