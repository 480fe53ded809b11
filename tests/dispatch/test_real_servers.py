"""Letters through mail servers that others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.dispatch.builders import PASSWORD, PATIENT, USER, Marks, a_desk, a_draft, a_parcel, an_address, the_password
from tests.dispatch.certificates import Authority, Certificate
from tests.postfix_server import Postfix, postfix
from tests.servers import free_port
from urgent_appeals.dispatch.channel import Accepted, Deferred, Failed
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.dispatch.smtp import SmtpChannel


class Kept:
    """Keeps what the server takes."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  # its name for it
        self.envelopes.append(envelope)
        return "250 2.0.0 taken"


@contextmanager
def aiosmtpd(certificate: Certificate) -> Iterator[tuple[int, Kept]]:
    """Run a server that wants encryption and a password."""

    def check(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert mechanism in ("PLAIN", "LOGIN")
        return AuthResult(success=given == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)

    kept, port = Kept(), free_port()
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        tls_context=certificate.context(),
        require_starttls=True,
        auth_required=True,
        authenticator=check,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        yield port, kept
    finally:
        controller.stop()


def test_aiosmtpd_takes_letters_and_refuses_a_wrong_password(authority: Authority, certificate: Certificate) -> None:
    parcels = [a_parcel(), a_parcel()]
    with aiosmtpd(certificate) as (port, kept):
        desk = a_desk(smtp_port=port, smtp_ca_file=str(authority.file))
        with SmtpChannel(desk, the_password, PATIENT) as channel:
            receipts = [channel.hand_over(parcel, Marks()) for parcel in parcels]
        with SmtpChannel(desk, lambda: Secret("wrong"), PATIENT) as channel:
            wrong = channel.hand_over(a_parcel(), Marks())
    assert receipts == [Accepted("2.0.0 taken")] * 2
    assert [envelope.original_content for envelope in kept.envelopes] == [parcel.wire for parcel in parcels]
    assert [envelope.rcpt_tos for envelope in kept.envelopes] == [["minister@justice.example"]] * 2
    assert isinstance(wrong, Deferred)
    assert (wrong.code, wrong.pause) == ("535 5.7.8", "run")


@pytest.fixture(scope="module")
def relay(certificate: Certificate) -> Iterator[Postfix]:
    """Return a running Postfix that delivers letters to justice.example into a folder."""
    with postfix(certificate.file) as server:
        yield server


@pytest.mark.slow
def test_postfix_takes_letters_delivers_them_whole_and_names_them(authority: Authority, relay: Postfix) -> None:
    parcel = a_parcel(draft=a_draft().replace(b"Your Excellency,", b".\r\n..\r\nYour Excellency,"))
    desk = a_desk(smtp_port=relay.port, smtp_ca_file=str(authority.file), smtp_user=None)
    with SmtpChannel(desk, None, PATIENT) as channel:
        receipts = [channel.hand_over(each, Marks()) for each in (parcel, a_parcel())]
        unknown = channel.hand_over(
            a_parcel(to=an_address("nobody@justice.example"), draft=a_draft(to="nobody@justice.example")), Marks()
        )
        elsewhere = channel.hand_over(
            a_parcel(to=an_address("spy@evil.example"), draft=a_draft(to="spy@evil.example")), Marks()
        )
    for receipt in receipts:
        assert isinstance(receipt, Accepted)
        assert receipt.id is not None
        assert f"queued as {receipt.id}" in receipt.text
    delivered = relay.delivered(2)
    assert {message["Message-ID"] for message in delivered} >= {parcel.message_id}
    (same,) = [message for message in delivered if message["Message-ID"] == parcel.message_id]
    assert relay.raw(same).endswith(parcel.wire.replace(b"\r\n", b"\n"))
    assert same["Return-Path"] == f"<{USER}>"
    assert isinstance(unknown, Failed)
    assert (unknown.code, unknown.stops_run) == ("550 5.1.1", False)
    assert isinstance(elsewhere, Failed)
    assert elsewhere.stops_run  # relay access denied: the same awaits whatever comes next
