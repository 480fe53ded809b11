"""What comes of a letter, whatever a mail server does with it (R3 to R7, R15 of the reliability matrix)."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.builders import (
    IMPATIENT,
    PASSWORD,
    PATIENT,
    USER,
    Marks,
    a_desk,
    a_draft,
    a_parcel,
    an_address,
    no_mark,
    the_password,
)
from tests.dispatch.certificates import NOW, Authority, Certificate
from tests.dispatch.contract import Behaviour, RemoteContract, World
from tests.dispatch.scripted_server import Fault, Script, ScriptedServer, refusing
from urgent_appeals.dispatch.channel import Accepted, Channel, Deferred, Failed, Mark, Parcel, Receipt, Unsure
from urgent_appeals.dispatch.conversation import Timeouts
from urgent_appeals.dispatch.smtp import SmtpChannel
from urgent_appeals.errors import MessageRefused

Serve = Callable[..., ScriptedServer]
ChannelTo = Callable[..., SmtpChannel]


@pytest.fixture
def serve(kept: Path, certificate: Certificate) -> Serve:
    """Return a function that makes a server that keeps to a script."""

    def make(script: Script | None = None, **options: Any) -> ScriptedServer:
        return ScriptedServer(kept, script, **({"tls": certificate.context()} | options))

    return make


@pytest.fixture
def channel_to(authority: Authority) -> ChannelTo:
    """Return a function that makes a channel to a server; `smtp_…` changes its settings."""

    def make(server: ScriptedServer, timeouts: Timeouts = PATIENT, **changes: Any) -> SmtpChannel:
        settings: dict[str, Any] = {"smtp_port": server.port, "smtp_ca_file": str(authority.file)}
        return SmtpChannel(a_desk(**settings | changes), the_password, timeouts)

    return make


@pytest.fixture
def outcome(serve: Serve, channel_to: ChannelTo) -> Callable[..., tuple[Receipt, int, int]]:
    """Return a function that hands one letter to a server that keeps to a script.

    It returns the receipt, how often was marked, and how many letters the server kept.
    """

    def hand_over(
        script: Script, timeouts: Timeouts = PATIENT, parcel: Parcel | None = None
    ) -> tuple[Receipt, int, int]:
        marks = Marks()
        with serve(script) as server, channel_to(server, timeouts) as channel:
            receipt = channel.hand_over(parcel or a_parcel(), marks)
        return receipt, marks.count, len(server.accepted)

    return hand_over


@pytest.fixture(scope="module")
def large() -> Parcel:
    """Return a letter that does not fit into what the system holds back for a connection."""
    return a_parcel(draft=a_draft() + (b"x" * 990 + b"\r\n") * 9_000)


class TestContract(RemoteContract):
    """The mail server keeps to what every channel keeps to."""

    @pytest.fixture
    def world(self, serve: Serve, channel_to: ChannelTo) -> Callable[[Behaviour], AbstractContextManager[World]]:
        scripts = {"refuses": Script(rcpt="550 5.1.1 unknown"), "lost after": Script(fault="drop after dot, kept")}

        @contextmanager
        def make(behaviour: Behaviour) -> Iterator[World]:
            with serve(scripts.get(behaviour)) as server:
                changes = {"smtp_port": _closed_port()} if behaviour == "out of reach" else {}
                with self.channel(channel_to(server, **changes)) as channel:
                    yield World(channel, lambda: [each.message_id for each in server.accepted])

        return make

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        return a_parcel

    @pytest.fixture
    def unfit(self) -> Parcel:
        return a_parcel(message=a_draft())

    def channel(self, channel: SmtpChannel) -> SmtpChannel:
        """Return the channel that is looked at."""
        return channel


# ── the contract bites ──


class _MarksLate(SmtpChannel):
    """Marks when the letter is gone, as one would write it without thinking."""

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        receipt = super().hand_over(parcel, lambda: None)
        mark()
        return receipt


class _TakesLostForNo(SmtpChannel):
    """Takes every lost connection for a letter that did not go."""

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        receipt = super().hand_over(parcel, mark)
        return Deferred("lost") if isinstance(receipt, Unsure) else receipt


@pytest.mark.parametrize(
    ("naive", "test"),
    [
        (_MarksLate, "test_the_mark_is_made_once_and_before_anything_is_taken"),
        (_TakesLostForNo, "test_an_answer_that_is_lost_is_never_taken_for_a_no"),
    ],
)
def test_the_contract_refuses_a_naive_channel(
    serve: Serve, authority: Authority, naive: type[SmtpChannel], test: str
) -> None:
    @contextmanager
    def world(behaviour: Behaviour) -> Iterator[World]:
        with serve(Script(fault="drop after dot, kept") if behaviour == "lost after" else None) as server:
            desk = a_desk(smtp_port=server.port, smtp_ca_file=str(authority.file))
            with naive(desk, the_password, PATIENT) as channel:
                yield World(channel, lambda: [each.message_id for each in server.accepted])

    with pytest.raises(AssertionError):
        getattr(TestContract(), test)(world, a_parcel)


def test_the_contract_refuses_a_channel_that_sends_without_a_mark(serve: Serve, authority: Authority) -> None:
    @contextmanager
    def world(_: Behaviour) -> Iterator[World]:
        with serve() as server:
            desk = a_desk(smtp_port=server.port, smtp_ca_file=str(authority.file))
            with _MarksLate(desk, the_password, PATIENT) as channel:
                yield World(channel, lambda: [each.message_id for each in server.accepted])

    with pytest.raises(AssertionError):
        TestContract().test_without_a_mark_nothing_is_taken(world, a_parcel, KeyboardInterrupt)


# ── what is sent ──


def test_the_server_gets_exactly_the_bytes_that_were_recorded(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    with serve() as server, channel_to(server) as channel:
        receipt = channel.hand_over(parcel, Marks())
    (accepted,) = server.accepted
    assert receipt == Accepted("2.0.0 Ok: queued as Q000001", "Q000001")
    assert accepted.data == parcel.wire
    assert (accepted.sender, accepted.recipients) == ("desk@campaign.example", ("minister@justice.example",))


def test_lines_that_begin_with_a_dot_arrive_as_they_are(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel(draft=a_draft().replace(b"Your Excellency,", b".\r\n..\r\n.hidden"))
    with serve() as server, channel_to(server) as channel:
        channel.hand_over(parcel, Marks())
    assert server.accepted[0].data == parcel.wire
    assert b"\r\n.\r\n..\r\n.hidden" in parcel.wire


def test_the_machine_is_not_named(serve: Serve, channel_to: ChannelTo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "janes-mac.local")
    monkeypatch.setattr(socket, "getfqdn", lambda _="": "janes-mac.local")
    monkeypatch.setenv("TZ", "Asia/Qyzylorda")
    with serve() as server, channel_to(server) as channel:
        channel.hand_over(a_parcel(), Marks())
    assert [line for line in server.said if line.startswith(b"EHLO")] == [b"EHLO [127.0.0.1]"] * 2
    assert server.accepted[0].data.startswith(b"Date: Thu, 02 Apr 2026 09:30:00 +0000\r\n")
    assert b"janes-mac" not in b"".join([*server.said, server.accepted[0].data])


def test_bounces_go_to_an_address_with_the_token_of_the_letter(serve: Serve, channel_to: ChannelTo) -> None:
    with serve() as server, channel_to(server, smtp_envelope_sender="bounces+{token}@campaign.example") as channel:
        parcel = a_parcel()
        channel.hand_over(parcel, Marks())
    assert server.accepted[0].sender == f"bounces+{parcel.token}@campaign.example"


def test_a_message_that_says_something_else_than_its_parcel_is_never_sent(serve: Serve, channel_to: ChannelTo) -> None:
    other = a_parcel(to=an_address("spy@evil.example"), draft=a_draft(to="spy@evil.example"))
    with serve() as server, channel_to(server) as channel, pytest.raises(MessageRefused, match="its To"):
        channel.hand_over(a_parcel(message=other.message), no_mark())
    assert not server.said


@pytest.mark.parametrize("to", [None, "+77172500000"])
def test_what_has_no_email_address_is_never_sent(serve: Serve, channel_to: ChannelTo, to: str | None) -> None:
    with serve() as server, channel_to(server) as channel, pytest.raises(MessageRefused, match="no email address"):
        channel.hand_over(a_parcel(to=to, message=a_parcel().message), no_mark())
    assert not server.said


def test_domains_that_the_settings_do_not_allow_get_nothing(serve: Serve, channel_to: ChannelTo) -> None:
    with serve() as server, channel_to(server, allow_domains=("test.example",)) as channel:
        receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Failed)
    assert not server.said


def test_an_address_beyond_ascii_is_written_as_it_is_where_the_server_takes_it(
    serve: Serve, channel_to: ChannelTo
) -> None:
    to = "министр@правительство.example"
    parcel = a_parcel(to=an_address(to), draft=a_draft(to=to))
    with serve() as server, channel_to(server) as channel:
        assert isinstance(channel.hand_over(parcel, Marks()), Accepted)
    assert server.accepted[0].recipients == (to,)
    assert f"To: {to}\r\n".encode() in server.accepted[0].data
    assert any(line.endswith(b"SMTPUTF8 BODY=8BITMIME") for line in server.said)


def test_an_address_beyond_ascii_is_never_mangled_for_a_server_that_does_not_take_it(
    serve: Serve, channel_to: ChannelTo
) -> None:
    to = "министр@правительство.example"
    parcel = a_parcel(to=an_address(to), draft=a_draft(to=to))
    with serve(Script(extensions=("8BITMIME",))) as server, channel_to(server) as channel:
        receipt = channel.hand_over(parcel, no_mark())
    assert isinstance(receipt, Failed)
    assert receipt.reason.startswith("EAI not supported")
    assert not server.accepted


def test_a_letter_larger_than_the_server_takes_fails_before_it_is_sent(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(extensions=("SIZE 1000",))) as server, channel_to(server) as channel:
        receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Failed)
    assert b"DATA" not in server.said


# ── R3, R4: refusals ──

CONNECTION, ENVELOPE = ("connect", "ehlo", "starttls", "auth"), ("mail", "rcpt", "data")


@pytest.mark.parametrize("code", [421, 450, 451, 452])
@pytest.mark.parametrize("stage", [*CONNECTION, *ENVELOPE, "dot"])
def test_a_no_for_now_puts_the_letter_off(outcome: Callable[..., Any], stage: str, code: int) -> None:
    receipt, marks, kept = outcome(refusing(stage, f"{code} 4.3.2 not now"))
    busy = "domain" if code in (421, 452) else None
    assert isinstance(receipt, Deferred)
    assert (receipt.code, receipt.pause) == (f"{code} 4.3.2", "run" if stage in CONNECTION else busy)
    assert (marks, kept) == (1 if stage == "dot" else 0, 0)


@pytest.mark.parametrize("code", [550, 552, 553, 554])
@pytest.mark.parametrize("stage", [*ENVELOPE, "dot"])
def test_a_no_for_good_fails_the_letter_and_the_next_one_goes(
    serve: Serve, channel_to: ChannelTo, stage: str, code: int
) -> None:
    with serve(refusing(stage, (f"{code} 5.1.1 no",))) as server, channel_to(server) as channel:
        refused = channel.hand_over(a_parcel(), Marks())
        following = channel.hand_over(a_parcel(), Marks())
    assert isinstance(refused, Failed)
    assert (refused.code, refused.stops_run) == (f"{code} 5.1.1", False)
    assert isinstance(following, Accepted)
    assert (server.connections, len(server.accepted)) == (1, 1)


def test_a_refusal_on_a_connection_that_is_not_new_is_no_reason_to_try_twice(
    serve: Serve, channel_to: ChannelTo
) -> None:
    with serve(Script(rcpt=("", "550 5.1.1 no"))) as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(3)]
    assert [type(receipt) for receipt in receipts] == [Accepted, Failed, Accepted]
    assert (server.connections, len([line for line in server.said if line.startswith(b"RCPT")])) == (1, 3)


@pytest.mark.parametrize("stage", CONNECTION)
def test_a_no_for_good_before_any_letter_is_offered_rests_the_run(outcome: Callable[..., Any], stage: str) -> None:
    receipt, marks, kept = outcome(refusing(stage, "554 5.3.2 never"))
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, marks, kept) == ("run", 0, 0)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("auth", "535 5.7.8 wrong password"),
        ("auth", "534 5.7.9 another password is needed for programs"),
        ("mail", "530 5.7.0 log in first"),
        ("rcpt", "550 5.4.5 daily limit exceeded"),
        ("dot", "550 5.4.5 daily limit exceeded"),
    ],
)
def test_an_account_that_is_shut_or_used_up_rests_the_run(outcome: Callable[..., Any], stage: str, answer: str) -> None:
    receipt, _, kept = outcome(refusing(stage, answer))
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, kept) == ("run", 0)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("mail", "550 5.7.60 this account may not send as that address"),
        ("mail", "553 5.7.1 sender address rejected: not yours"),
        ("rcpt", "554 5.7.1 relay access denied"),
        ("rcpt", "550 5.7.501 this sender is banned"),
        ("dot", "550 5.7.1 looks like unsolicited mail"),
    ],
)
def test_what_is_not_allowed_to_the_account_stops_the_run(outcome: Callable[..., Any], stage: str, answer: str) -> None:
    receipt, _, kept = outcome(refusing(stage, answer))
    assert isinstance(receipt, Failed)
    assert (receipt.stops_run, kept) == (True, 0)


def test_a_recipient_who_wants_no_mail_stops_nothing(outcome: Callable[..., Any]) -> None:
    receipt, _, _ = outcome(Script(rcpt="550 5.7.1 delivery not authorized, message refused"))
    assert receipt == Failed(
        "localhost refused the RCPT: 550 5.7.1 delivery not authorized, message refused", "550 5.7.1"
    )


# ── R5: lost on the way ──


@pytest.mark.parametrize("fault", ["drop at connect", "drop after starttls"])
def test_a_server_that_hangs_up_before_a_letter_rests_the_run(outcome: Callable[..., Any], fault: Fault) -> None:
    receipt, marks, kept = outcome(Script(fault=fault))
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, marks, kept) == ("run", 0, 0)


@pytest.mark.parametrize("fault", ["drop at mail", "drop at rcpt", "drop before 354", "drop in body"])
def test_a_connection_lost_before_the_dot_puts_the_letter_off(
    outcome: Callable[..., Any], large: Parcel, fault: Fault
) -> None:
    receipt, marks, kept = outcome(Script(fault=fault), parcel=large)
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, marks, kept) == (None, 0, 0)


def test_a_refusal_before_the_dot_fails_the_letter_without_a_mark(outcome: Callable[..., Any], large: Parcel) -> None:
    receipt, marks, kept = outcome(Script(fault="refuse in body"), parcel=large)
    assert isinstance(receipt, Failed | Deferred)  # by then its words may be lost with the connection
    assert (marks, kept) == (0, 0)


def test_a_refusal_that_comes_along_with_the_word_to_go_on_is_heard(outcome: Callable[..., Any]) -> None:
    receipt, marks, kept = outcome(Script(data="354 go on\r\n552 5.3.4 too large"))
    assert receipt == Failed("localhost refused the message: 552 5.3.4 too large", "552 5.3.4")
    assert (marks, kept) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "held"),
    [
        ("drop after dot, not kept", 0),
        ("drop after dot, kept", 1),
        ("nonsense after dot, kept", 1),
        ("endless answer after dot, kept", 1),
    ],
)
def test_a_connection_lost_after_the_dot_leaves_it_open(outcome: Callable[..., Any], fault: Fault, held: int) -> None:
    receipt, marks, kept = outcome(Script(fault=fault))
    assert isinstance(receipt, Unsure)
    assert (marks, kept) == (1, held)


@pytest.mark.parametrize("code", [200, 211, 220, 221, 251, 252, 299, 354])
def test_after_the_dot_only_250_says_that_the_letter_was_taken(serve: Serve, channel_to: ChannelTo, code: int) -> None:
    with serve(Script(dot=(f"{code} 2.0.0 closing",))) as server, channel_to(server) as channel:
        marks = Marks()
        receipts = [channel.hand_over(a_parcel(), marks) for _ in range(2)]
    assert isinstance(receipts[0], Unsure)
    assert f"{code} 2.0.0 closing" in receipts[0].reason
    assert isinstance(receipts[1], Accepted)
    assert (marks.count, server.connections) == (2, 2)


def test_a_connection_that_is_known_to_be_gone_before_the_dot_puts_the_letter_off(
    serve: Serve, channel_to: ChannelTo
) -> None:
    with serve() as server, channel_to(server) as channel:
        marks = Marks(then=server.hang_up)
        receipt = channel.hand_over(a_parcel(), marks)
    assert receipt == Deferred("the connection to localhost was lost before the end of the letter")
    assert (marks.count, server.accepted) == (1, ())


def test_nonsense_in_the_middle_puts_the_letter_off_and_ends_the_connection(
    serve: Serve, channel_to: ChannelTo
) -> None:
    with serve(Script(rcpt=("what?",))) as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(2)]
    assert receipts[0] == Deferred("localhost does not speak SMTP: 'what?'", "-1", "run")
    assert isinstance(receipts[1], Accepted)
    assert server.connections == 2


def test_a_server_that_is_silent_for_too_long_after_the_dot_leaves_it_open(outcome: Callable[..., Any]) -> None:
    receipt, marks, kept = outcome(Script(fault="stall after dot, kept", stall=30), IMPATIENT)
    assert isinstance(receipt, Unsure)
    assert (marks, kept) == (1, 1)


def test_a_server_that_takes_its_time_after_the_dot_is_waited_for(outcome: Callable[..., Any]) -> None:
    receipt, marks, kept = outcome(Script(fault="stall after dot, kept", stall=0.2))
    assert isinstance(receipt, Accepted)
    assert (marks, kept) == (1, 1)


def test_after_a_letter_that_is_open_the_next_goes_on_a_fresh_connection(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(fault="drop after dot, kept", times=1)) as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(2)]
    assert [type(receipt) for receipt in receipts] == [Unsure, Accepted]
    assert (server.connections, len(server.accepted)) == (2, 2)


# ── R6: one connection, many letters ──


def test_one_connection_serves_letter_after_letter(serve: Serve, channel_to: ChannelTo) -> None:
    with serve() as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(4)]
    assert all(isinstance(receipt, Accepted) for receipt in receipts)
    assert server.connections == 1
    assert server.said[-1] == b"QUIT"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(Script(mails_per_connection=2), id="421 after two letters"),
        pytest.param(Script(fault="drop at mail", after=1, times=1), id="hung up in between"),
    ],
)
def test_a_connection_that_is_over_makes_no_letter_wait(serve: Serve, channel_to: ChannelTo, script: Script) -> None:
    with serve(script) as server, channel_to(server) as channel:
        marks = [Marks() for _ in range(5)]
        receipts = [channel.hand_over(a_parcel(), mark) for mark in marks]
    assert all(isinstance(receipt, Accepted) for receipt in receipts)
    assert [mark.count for mark in marks] == [1] * 5
    assert len({each.message_id for each in server.accepted}) == len(server.accepted) == 5
    assert server.connections > 1


def test_a_connection_that_cannot_be_set_back_after_a_refusal_is_left(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(fault="rset fails", rcpt=("550 5.1.1 no",))) as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(3)]
    assert [type(receipt) for receipt in receipts] == [Failed, Accepted, Accepted]
    assert (server.connections, len(server.accepted)) == (2, 2)


def test_a_connection_that_was_cut_after_a_refusal_makes_no_letter_wait(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(rcpt=("550 5.1.1 no",))) as server, channel_to(server) as channel:
        refused = channel.hand_over(a_parcel(), Marks())
        server.hang_up()
        following = channel.hand_over(a_parcel(), Marks())
    assert (type(refused), type(following)) == (Failed, Accepted)


# ── R7: no secure connection, no word ──


def _said_nothing_of_use(server: ScriptedServer) -> bool:
    return {line.split()[0] for line in server.said} <= {b"EHLO", b"STARTTLS"} and not server.accepted


def _refused(receipt: Receipt) -> str:
    assert isinstance(receipt, Deferred)
    assert receipt.pause == "run"
    return receipt.reason


def test_without_encryption_neither_password_nor_letter_is_sent(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(fault="no starttls")) as server, channel_to(server) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert "offers no encryption" in reason
    assert _said_nothing_of_use(server)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("names", "until", "known", "words"),
    [
        pytest.param(("localhost",), timedelta(days=1), False, "unable to get local issuer", id="unknown authority"),
        pytest.param(("mail.example",), timedelta(days=1), True, "hostname mismatch", id="wrong host"),
        pytest.param(("localhost",), timedelta(days=-1), True, "certificate has expired", id="expired"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    *,
    serve: Serve,
    channel_to: ChannelTo,
    authority: Authority,
    tmp_path: Path,
    security: str,
    names: tuple[str, ...],
    until: timedelta,
    known: bool,
    words: str,
) -> None:
    signer = authority if known else Authority(tmp_path, "Stranger")
    tls = signer.certificate(*names, until=NOW + until).context()
    with serve(tls=tls, implicit=security == "tls") as server, channel_to(server, smtp_security=security) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert words in reason
    assert _said_nothing_of_use(server)


def test_the_standard_library_by_itself_tells_a_stranger_the_password(serve: Serve, tmp_path: Path) -> None:
    """So that the test above shows a guard that is needed."""
    stranger = Authority(tmp_path, "Stranger").certificate("elsewhere.example").context()
    with serve(tls=stranger) as server, smtplib.SMTP("localhost", server.port, "[127.0.0.1]") as careless:
        careless.starttls()
        careless.login(USER, PASSWORD)
    assert any(line.startswith(b"AUTH PLAIN ") for line in server.said)


def test_old_versions_of_tls_are_refused(serve: Serve, channel_to: ChannelTo, certificate: Certificate) -> None:
    with serve(tls=certificate.context(newest=ssl.TLSVersion.TLSv1)) as server, channel_to(server) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert reason.startswith("no secure connection (TLS 1.2 or newer) to localhost")
    assert _said_nothing_of_use(server)


def test_the_server_with_an_old_version_works_for_who_takes_it(serve: Serve, certificate: Certificate) -> None:
    """So that the test above shows what it says, and not a server that is broken."""
    with serve(tls=certificate.context(newest=ssl.TLSVersion.TLSv1), implicit=True) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
            context.minimum_version = ssl.TLSVersion.TLSv1
        with socket.create_connection((server.host, server.port)) as plain, context.wrap_socket(plain) as connection:
            assert connection.version() == "TLSv1"


def test_what_is_said_in_the_clear_after_starttls_is_refused(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(fault="inject")) as server, channel_to(server) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert "said in the clear after STARTTLS" in reason
    assert _said_nothing_of_use(server)


def test_no_keys_are_written_that_would_open_the_conversation(
    serve: Serve, channel_to: ChannelTo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    with serve() as server, channel_to(server) as channel:
        monkeypatch.delenv("SSLKEYLOGFILE")
        channel.hand_over(a_parcel(), Marks())
    assert "SECRET" not in keys.read_text()


def test_a_connection_encrypted_from_its_first_byte_serves_as_well(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(implicit=True) as server, channel_to(server, smtp_security="tls") as channel:
        assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)
    assert b"STARTTLS" not in server.said


# ── R15: the network ──


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_name_that_cannot_be_looked_up_rests_the_run(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with SmtpChannel(a_desk(smtp_host="mail.campaign.example"), the_password, PATIENT) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert reason == "mail.campaign.example, port 587, cannot be reached: temporary failure in name resolution"


@pytest.mark.parametrize("fault", ["portal", "silent at connect"])
def test_the_page_of_a_network_that_wants_a_login_is_no_mail_server(
    serve: Serve, channel_to: ChannelTo, fault: Fault
) -> None:
    with serve(Script(fault=fault, stall=30)) as server, channel_to(server, IMPATIENT) as channel:
        reason = _refused(channel.hand_over(a_parcel(), no_mark()))
    assert ("does not speak SMTP: 'HTTP/1.1 302 Found'" in reason) == (fault == "portal")
    assert not server.said


def test_a_network_of_ipv6_only_serves_as_well(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(host="::1") as server, channel_to(server, smtp_host="::1") as channel:
        assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)


def test_when_the_network_is_back_the_same_channel_sends(serve: Serve, channel_to: ChannelTo) -> None:
    with serve(Script(connect=("421 4.3.2 down",))) as server, channel_to(server) as channel:
        receipts = [channel.hand_over(a_parcel(), Marks()) for _ in range(2)]
    assert [type(receipt) for receipt in receipts] == [Deferred, Accepted]


def test_a_channel_is_what_the_seam_says() -> None:
    channel: Channel = SmtpChannel(a_desk(), None)
    with channel as entered:
        assert entered is channel
