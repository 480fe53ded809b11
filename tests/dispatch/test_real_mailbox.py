"""Drafts in a real mailbox: Dovecot, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.dispatch.builders import PASSWORD, USER, Marks, a_desk, a_parcel, no_mark
from tests.dispatch.certificates import Authority, Certificate
from tests.dovecot_server import Dovecot, dovecot
from tests.servers import Proxy
from urgent_appeals.dispatch import drafts
from urgent_appeals.dispatch.channel import Deferred, Drafted, Parcel, Unsure
from urgent_appeals.dispatch.drafts import DraftsChannel
from urgent_appeals.dispatch.secret import Secret


@pytest.fixture(scope="module")
def server(certificate: Certificate) -> Iterator[Dovecot]:
    """Return a running Dovecot."""
    with dovecot(certificate.file, PASSWORD) as running:
        yield running


def channel_to(server: Dovecot, authority: Authority, password: str = PASSWORD, **changes: Any) -> DraftsChannel:
    """Return a channel to the mailbox."""
    imap = {"host": "localhost", "port": server.port, "user": USER, "ca_file": str(authority.file)} | changes
    return DraftsChannel(a_desk(imap=imap), lambda: Secret(password))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_draft_lies_once_and_byte_for_byte_in_the_flagged_folder(
    server: Dovecot, authority: Authority, security: str
) -> None:
    parcel = a_parcel()
    port = server.port if security == "tls" else server.starttls_port
    with channel_to(server, authority, security=security, port=port) as channel:
        first = channel.hand_over(parcel, Marks())
        assert isinstance(first, Drafted), server.log()
        assert (first.folder, first.found, first.uid is not None) == ("Entwürfe", False, True)
        assert channel.hand_over(parcel, no_mark()) == Drafted("Entwürfe", first.uid, found=True)
    with channel_to(server, authority) as another:
        assert another.hand_over(parcel, no_mark()) == Drafted("Entwürfe", first.uid, found=True)
    assert [(flags, data) for flags, data in server.drafts() if data == parcel.wire] == [("D", parcel.wire)]


def test_a_wrong_password_puts_the_run_off(server: Dovecot, authority: Authority) -> None:
    with channel_to(server, authority, "wrong") as channel:
        receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Deferred)
    assert (receipt.code, receipt.pause) == ("AUTHENTICATIONFAILED", "run")


# ── the connection goes while a draft is on its way (R19) ──


@pytest.fixture
def proxy(server: Dovecot) -> Iterator[Proxy]:
    """Return what stands between the desk and the mailbox; it sees nothing but encrypted bytes."""
    with closing(Proxy(server.port)) as between:
        yield between


def lying(server: Dovecot, parcel: Parcel) -> int:
    """Return how often a draft lies in the folder."""
    return sum(data == parcel.wire for _, data in server.drafts())


def test_a_connection_cut_before_the_draft_is_there_leaves_none_and_once_more_on_a_person_s_word_one(
    server: Dovecot, authority: Authority, proxy: Proxy
) -> None:
    parcel, marks = a_parcel(), Marks(lambda: proxy.lose(b""))
    with channel_to(server, authority, port=proxy.port) as channel:
        receipt = channel.hand_over(parcel, marks)
        assert (proxy.lost, marks.count, lying(server, parcel)) == (1, 1, 0)
        assert isinstance(receipt, Unsure), receipt  # so that nothing is added again but on a person's word
        assert isinstance(channel.hand_over(parcel, Marks()), Drafted)
    assert lying(server, parcel) == 1


def test_a_connection_cut_before_its_ok_is_heard_leaves_one_draft_which_is_found(
    server: Dovecot, authority: Authority, proxy: Proxy
) -> None:
    parcel, marks = a_parcel(), Marks(lambda: proxy.lose_answer_to(b""))
    with channel_to(server, authority, port=proxy.port) as channel:
        receipt = channel.hand_over(parcel, marks)
        assert (proxy.lost, marks.count, lying(server, parcel)) == (1, 1, 1)
        assert isinstance(receipt, Drafted), receipt
        assert receipt.found
        assert channel.hand_over(parcel, no_mark()) == receipt
    assert lying(server, parcel) == 1


def test_a_connection_cut_after_its_ok_changes_nothing(server: Dovecot, authority: Authority, proxy: Proxy) -> None:
    parcel = a_parcel()
    with channel_to(server, authority, port=proxy.port) as channel:
        first = channel.hand_over(parcel, Marks())
        assert isinstance(first, Drafted), server.log()
        proxy.lose(b"")
        assert channel.hand_over(parcel, no_mark()) == Drafted(first.folder, first.uid, found=True)
        assert proxy.lost == 1
    assert lying(server, parcel) == 1


def test_to_add_the_draft_again_without_a_look_would_leave_two(
    server: Dovecot, authority: Authority, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counter-test: the same fault, and nothing is ever found."""
    for look in ("draft_of", "letter_in"):
        monkeypatch.setattr(drafts, look, lambda *_: None)
    parcel, marks = a_parcel(), Marks(lambda: proxy.lose_answer_to(b""))
    with channel_to(server, authority, port=proxy.port) as channel:
        assert isinstance(channel.hand_over(parcel, marks), Unsure)
        assert isinstance(channel.hand_over(parcel, Marks()), Drafted)
    assert lying(server, parcel) == 2
