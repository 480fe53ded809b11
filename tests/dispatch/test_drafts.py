"""What comes of a draft, whatever a mailbox does with it (R19 of the reliability matrix)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.parser import BytesParser
from email.policy import SMTP, default
from pathlib import Path
from typing import Any, Literal

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
)
from tests.dispatch.certificates import NOW, Authority, Certificate
from tests.dispatch.contract import Behaviour, RemoteContract, World
from tests.dispatch.scripted_mailbox import Fault, Script, ScriptedMailbox
from urgent_appeals.dispatch.channel import Accepted, Deferred, Drafted, Failed, Parcel, Receipt, Unsure
from urgent_appeals.dispatch.conversation import Timeouts
from urgent_appeals.dispatch.drafts import DraftsChannel, mailbox_credential
from urgent_appeals.dispatch.mailbox import decoded, encoded
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.desk import Desk
from urgent_appeals.errors import MessageRefused, NoDesk, NoPassword

Serve = Callable[..., ScriptedMailbox]
ChannelTo = Callable[..., DraftsChannel]
Outcome = Callable[..., tuple[Receipt, int, ScriptedMailbox]]


@pytest.fixture
def serve(kept: Path, certificate: Certificate) -> Serve:
    """Return a function that makes a mailbox that keeps to a script."""

    def make(script: Script | None = None, **options: Any) -> ScriptedMailbox:
        return ScriptedMailbox(kept, script, **({"tls": certificate.context()} | options))

    return make


@pytest.fixture
def channel_to(authority: Authority) -> ChannelTo:
    """Return a function that makes a channel to a mailbox; other words change its settings."""

    def make(port: int, timeouts: Timeouts = PATIENT, secret: str = PASSWORD, **changes: Any) -> DraftsChannel:
        desk = the_desk(port, str(authority.file), **changes)
        return DraftsChannel(desk, lambda: Secret(secret), timeouts)

    return make


@pytest.fixture
def outcome(serve: Serve, channel_to: ChannelTo) -> Outcome:
    """Return a function that hands one draft to a mailbox that keeps to a script."""

    def hand_over(
        script: Script | None = None, timeouts: Timeouts = PATIENT, **changes: Any
    ) -> tuple[Receipt, int, ScriptedMailbox]:
        marks = Marks()
        implicit = changes.get("security") != "starttls"
        with serve(script, implicit=implicit) as server, channel_to(server.port, timeouts, **changes) as channel:
            receipt = channel.hand_over(a_parcel(), marks)
        return receipt, marks.count, server

    return hand_over


def the_desk(port: int, ca_file: str, **changes: Any) -> Desk:
    """Return the settings of a desk with a mailbox."""
    imap = {"host": "localhost", "port": port, "user": USER, "ca_file": ca_file} | changes
    return a_desk(imap=imap)


class TestContract(RemoteContract):
    """The mailbox keeps to what every channel keeps to."""

    @pytest.fixture
    def world(self, serve: Serve, channel_to: ChannelTo) -> Callable[[Behaviour], AbstractContextManager[World]]:
        scripts = {
            "refuses": Script(append="NO [OVERQUOTA] full"),
            "lost after": Script(fault="drop after the draft, kept"),
        }

        @contextmanager
        def make(behaviour: Behaviour) -> Iterator[World]:
            with serve(scripts.get(behaviour)) as server:
                port = _closed_port() if behaviour == "out of reach" else server.port
                with channel_to(port) as channel:
                    yield World(channel, lambda: server.message_ids)

        return make

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        return a_parcel

    @pytest.fixture
    def unfit(self) -> Parcel:
        return a_parcel(to="+12025550123", message=b"From: x@y.example\r\n\r\n")


# ── the folder ──


def test_a_draft_goes_into_the_folder_that_is_flagged_so_whatever_its_name(outcome: Outcome) -> None:
    receipt, _, server = outcome()
    assert receipt == Drafted("Entwürfe", 1)
    assert server.appended[0].startswith(b'"Entw&APw-rfe" (\\Draft) {')


@pytest.mark.parametrize("drafts", ["Entwürfe", "INBOX/Entwürfe"])
def test_without_flags_it_is_the_folder_that_the_settings_name(outcome: Outcome, drafts: str) -> None:
    folder = f'(\\HasNoChildren) "/" "{encoded(drafts)}"'
    receipt, _, server = outcome(Script(extensions="UIDPLUS", folders=(folder,)), drafts="Entwürfe")
    assert receipt == Drafted(drafts, 1)
    assert len(server.kept) == 1


def test_a_name_may_come_as_a_literal(outcome: Outcome) -> None:
    receipt, _, _ = outcome(Script(extensions="UIDPLUS", folders=('() "/" {}',)))
    assert receipt == Drafted("Drafts", 1)


def test_a_mailbox_without_such_a_folder_ends_the_run_and_nothing_is_put_anywhere(outcome: Outcome) -> None:
    receipt, marks, server = outcome(Script(extensions="", folders=('() "/" INBOX',)))
    assert isinstance(receipt, Failed)
    assert receipt.stops_run
    assert "'Drafts'" in receipt.reason
    assert (marks, server.appended) == (0, [])


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("Entwürfe", "Entw&APw-rfe"),
        ("Черновики", "&BCcENQRABD0EPgQyBDgEOgQ4-"),
        ("A & B", "A &- B"),
        ("台北", "&U,BTFw-"),
        ("Жобалар 😀", "&BBYEPgQxBDAEOwQwBEA- &2D3eAA-"),
        ('with "quotes"', 'with "quotes"'),
    ],
)
def test_names_of_folders_are_in_modified_utf_7(name: str, wire: str) -> None:
    assert encoded(name) == wire
    assert decoded(wire) == name


def test_a_name_that_is_no_modified_utf_7_is_shown_as_it_is() -> None:
    assert decoded("&A-") == "&A-"


# ── the draft ──


def test_a_draft_is_the_message_that_would_go_out_by_mail(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(parcel, Marks())
    draft = BytesParser().parsebytes(server.kept[0])
    assert draft.keys() == [
        "Date",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    ]
    assert draft["Date"].endswith(" +0000")
    assert f"+{parcel.token}@" in draft["Reply-To"]


def test_the_bytes_are_those_whose_digest_is_recorded(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(parcel, Marks())
    assert server.kept == [parcel.wire]


def test_a_draft_to_somebody_else_than_its_parcel_says_is_refused(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    other = a_parcel(message=parcel.message, to=an_address("spy@evil.example"), message_id=parcel.message_id)
    with serve() as server, channel_to(server.port) as channel, pytest.raises(MessageRefused):
        channel.hand_over(other, no_mark())
    assert not server.connections


def test_a_domain_that_the_settings_do_not_allow_gets_no_draft(serve: Serve, authority: Authority) -> None:
    with serve() as server:
        imap = {"host": "localhost", "port": server.port, "user": USER, "ca_file": str(authority.file)}
        desk = a_desk(imap=imap, allow_domains=["test.example"])
        receipt = DraftsChannel(desk, lambda: Secret(PASSWORD)).hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Failed)
    assert not server.connections


# ── once ──


def test_the_same_draft_is_not_added_again(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(parcel, Marks())
        assert channel.hand_over(parcel, no_mark()) == Drafted("Entwürfe", 1, found=True)
    assert len(server.kept) == 1


def test_a_draft_that_was_sent_from_the_mailbox_is_not_added_again(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(parcel, Marks())
        server.send(1)
        assert channel.hand_over(parcel, no_mark()) == Accepted("found in Sent, the folder for what was sent")
    assert len(server.kept) == 1


def test_a_letter_among_what_was_sent_is_known_by_its_token_and_recipient_where_a_program_wrote_it_anew(
    serve: Serve, channel_to: ChannelTo
) -> None:
    parcel = a_parcel()
    anew = parcel.wire.replace(parcel.message_id.encode(), b"<anew@program.example>").replace(b"Your", b"Dear, your")
    with serve() as server, channel_to(server.port) as channel:
        server.keep(anew, "Sent")
        assert isinstance(channel.hand_over(parcel, no_mark()), Accepted)
    assert len(server.kept) == 1


def test_what_bears_the_token_and_went_to_others_is_not_the_letter(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    shown = a_parcel(to=an_address("friend@home.example"), draft=a_draft(to="friend@home.example"), token=parcel.token)
    with serve() as server, channel_to(server.port) as channel:
        server.keep(shown.wire, "Sent")
        assert isinstance(channel.hand_over(parcel, Marks()), Drafted)
    assert len(server.kept) == 2


def test_a_letter_that_was_sent_to_another_address_is_told(serve: Serve, channel_to: ChannelTo) -> None:
    parcel, before = corrected()
    with serve() as server, channel_to(server.port) as channel:
        server.keep(before.wire, "Sent")
        receipt = channel.hand_over(parcel, no_mark())
    assert isinstance(receipt, Failed)
    assert "sent from the mailbox to somebody else" in receipt.reason
    assert len(server.kept) == 1


@pytest.mark.parametrize(
    ("code", "receipt"),
    [("[NOPERM]", Drafted), ("[NONEXISTENT]", Drafted), ("[UNAVAILABLE]", Deferred), ("", Deferred)],
)
def test_a_folder_for_what_was_sent_that_is_not_shown_holds_nothing_and_one_that_does_not_open_now_is_waited_for(
    outcome: Outcome, code: str, receipt: type[Receipt]
) -> None:
    got, _, server = outcome(Script(refused={"Sent": f"NO {code} no"}))
    assert isinstance(got, receipt)
    assert len(server.kept) == (receipt is Drafted)


# ── the same ──


def corrected() -> tuple[Parcel, Parcel]:
    """Return a letter to an address that was corrected, and the same letter as it was before."""
    parcel = a_parcel()
    old = "old-office@justice.example"
    before = a_parcel(
        to=an_address(old), draft=a_draft(to=old), message_id=parcel.message_id, token=parcel.token, item=parcel.item
    )
    return parcel, before


def test_a_draft_to_the_address_of_before_is_not_the_letter_and_is_to_be_deleted(
    serve: Serve, channel_to: ChannelTo
) -> None:
    parcel, before = corrected()
    with serve() as server, channel_to(server.port) as channel:
        server.keep(before.wire, "Entw&APw-rfe")
        receipt = channel.hand_over(parcel, no_mark())
        assert isinstance(receipt, Failed)
        assert "'Entwürfe'" in receipt.reason
        assert "delete it there" in receipt.reason
        assert not receipt.stops_run
        server.deleted.add(1)
        assert isinstance(channel.hand_over(parcel, Marks()), Drafted)
    assert server.kept == [before.wire, parcel.wire]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"Your Excellency,", b"Dear Minister,", id="the text"),
        pytest.param(b"Subject: ", b"Subject: On the ", id="the subject"),
        pytest.param(b"From: ", b"From: x@elsewhere.example, ", id="the sender"),
        pytest.param(b"JVBERi0", b"JVBERi1", id="the attachment"),
        pytest.param(b"charset=", b"charset=no-such-", id="nothing that can be read"),
    ],
)
def test_a_draft_that_says_something_else_is_not_the_letter(
    serve: Serve, channel_to: ChannelTo, old: bytes, new: bytes
) -> None:
    parcel = a_parcel()
    assert old in parcel.wire
    with serve() as server, channel_to(server.port) as channel:
        server.keep(parcel.wire.replace(old, new, 1))
        assert isinstance(channel.hand_over(parcel, no_mark()), Failed)
    assert len(server.kept) == 1


def test_what_a_server_adds_or_encodes_otherwise_is_the_same_letter(serve: Serve, channel_to: ChannelTo) -> None:
    parcel = a_parcel()
    parsed = BytesParser(policy=default).parsebytes(parcel.wire)
    text = next(part for part in parsed.walk() if part.get_content_type() == "text/plain")
    text.set_content(text.get_content(), cte="base64")
    parsed["X-Mailbox"] = "of the server"
    with serve() as server, channel_to(server.port) as channel:
        server.keep(parsed.as_bytes(policy=SMTP))
        assert channel.hand_over(parcel, no_mark()) == Drafted("Entwürfe", 1, found=True)


def test_a_draft_that_is_the_letter_counts_beside_one_that_is_not(serve: Serve, channel_to: ChannelTo) -> None:
    parcel, before = corrected()
    with serve() as server, channel_to(server.port) as channel:
        for each in (before, parcel, before):
            server.keep(each.wire)
        assert channel.hand_over(parcel, no_mark()) == Drafted("Entwürfe", 2, found=True)


def test_where_another_draft_comes_up_after_the_answer_was_lost_it_is_unsure(
    serve: Serve, channel_to: ChannelTo
) -> None:
    parcel, before = corrected()
    with serve(Script(fault="drop after the draft, not kept")) as server, channel_to(server.port) as channel:

        def add() -> None:
            server.keep(before.wire)

        receipt = channel.hand_over(parcel, Marks(then=add))
    assert isinstance(receipt, Unsure)
    assert "delete it there" in receipt.reason


# ── what a server says ──


@pytest.mark.parametrize("uid", ["first", "last"])
def test_a_server_that_finds_more_than_was_asked_for_is_not_believed(
    serve: Serve, channel_to: ChannelTo, uid: Literal["first", "last"]
) -> None:
    everything = Script(
        search="* SEARCH " + " ".join(map(str, range(1, 500))) + " (MODSEQ 917)\r\n{tag} OK done", uid=uid
    )
    parcels = [a_parcel() for _ in range(3)]
    with serve(everything) as server, channel_to(server.port) as channel:
        assert channel.hand_over(parcels[0], Marks()) == Drafted("Entwürfe", 1)
        for parcel in parcels[1:]:
            assert isinstance(receipt := channel.hand_over(parcel, Marks()), Drafted)
            assert not receipt.found
        assert channel.hand_over(parcels[0], no_mark()) == Drafted("Entwürfe", 1, found=True)
    assert server.message_ids == [parcel.message_id for parcel in parcels]


def test_a_server_that_does_not_say_which_message_it_shows_puts_the_run_off(
    serve: Serve, channel_to: ChannelTo
) -> None:
    parcel = a_parcel()
    with serve(Script(uid="never")) as server, channel_to(server.port) as channel:
        server.keep(parcel.wire)
        receipt = channel.hand_over(parcel, no_mark())
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, len(server.kept)) == ("run", 1)


def test_a_server_that_says_it_has_what_it_was_never_given_is_not_believed(outcome: Outcome) -> None:
    receipt, marks, server = outcome(Script(append="OK [APPENDUID 1 1] done"))
    assert isinstance(receipt, Deferred)
    assert receipt.pause == "run"
    assert (marks, server.kept) == (0, [])


def test_a_server_that_tells_no_number_is_taken_at_its_word(outcome: Outcome) -> None:
    receipt, _, server = outcome(Script(extensions="SPECIAL-USE"))
    assert receipt == Drafted("Entwürfe", None)
    assert len(server.kept) == 1


@pytest.mark.parametrize("extensions", ["UIDPLUS SPECIAL-USE LIST-EXTENDED", "SPECIAL-USE"])
@pytest.mark.parametrize(
    "fault",
    [
        "drop before the draft",
        "drop in the draft",
        "drop after the draft, not kept",
        "drop after the draft, kept",
        "stall after the draft, not kept",
        "stall after the draft, kept",
    ],
)
def test_whatever_is_lost_around_the_answer_there_is_one_draft_in_the_end(
    serve: Serve, channel_to: ChannelTo, fault: Fault, extensions: str
) -> None:
    parcel = a_parcel()
    with serve(Script(fault=fault, extensions=extensions)) as server, channel_to(server.port, IMPATIENT) as channel:
        first = channel.hand_over(parcel, Marks())
        # A run tries again what was put off; of what is unsure a person decides, and may have it tried again.
        assert isinstance(first, Drafted | Deferred | Unsure)
        assert isinstance(first, Drafted) == fault.endswith(", kept")
        assert isinstance(channel.hand_over(parcel, Marks()), Drafted)
    assert server.message_ids == [parcel.message_id]


def test_a_draft_that_was_taken_is_found_after_the_connection_was_lost(outcome: Outcome) -> None:
    receipt, marks, server = outcome(Script(fault="drop after the draft, kept"))
    assert receipt == Drafted("Entwürfe", 1, found=True)
    assert marks == 1
    assert server.connections == 2


def test_a_draft_that_was_not_asked_for_yet_is_put_off_and_not_marked(outcome: Outcome) -> None:
    receipt, marks, server = outcome(Script(fault="drop before the draft"))
    assert isinstance(receipt, Deferred)
    assert (marks, server.kept) == (0, [])


@pytest.mark.parametrize("fault", ["drop in the draft", "drop after the draft, not kept"])
def test_that_a_draft_does_not_lie_there_at_once_is_no_proof_that_it_was_not_taken(
    outcome: Outcome, fault: Fault
) -> None:
    receipt, marks, server = outcome(Script(fault=fault))
    assert isinstance(receipt, Unsure)
    assert (marks, server.kept) == (1, [])


def test_a_draft_that_the_server_adds_after_the_connection_is_gone_stays_the_only_one(
    serve: Serve, channel_to: ChannelTo
) -> None:
    parcel = a_parcel()
    with serve(Script(fault="drop after the draft, not kept")) as server, channel_to(server.port) as channel:
        assert isinstance(channel.hand_over(parcel, Marks()), Unsure)
        server.keep(server.late[0])
        # A person has said that it did not go.
        assert channel.hand_over(parcel, no_mark()) == Drafted("Entwürfe", 1, found=True)
    assert server.message_ids == [parcel.message_id]


def test_a_silent_server_may_still_be_at_it(outcome: Outcome) -> None:
    receipt, marks, server = outcome(Script(fault="stall after the draft, not kept"), IMPATIENT)
    assert isinstance(receipt, Unsure)
    assert (marks, len(server.kept)) == (1, 0)


def test_a_draft_that_cannot_be_looked_for_is_unsure(outcome: Outcome) -> None:
    receipt, _, server = outcome(Script(fault="gone after the draft"))
    assert isinstance(receipt, Unsure)
    assert len(server.kept) == 1


def test_a_connection_that_was_over_before_the_draft_is_opened_anew(serve: Serve, channel_to: ChannelTo) -> None:
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(a_parcel(), Marks())
        object.__setattr__(server.script, "fault", "drop at search")
        assert isinstance(channel.hand_over(a_parcel(), Marks()), Drafted)
    assert (len(server.kept), server.connections) == (2, 2)


@pytest.mark.parametrize("error", [OSError("disk"), RuntimeError("log")])
def test_where_the_mark_cannot_be_made_the_draft_is_not_sent(
    serve: Serve, channel_to: ChannelTo, error: Exception
) -> None:
    def mark() -> None:
        raise error

    with serve() as server, channel_to(server.port) as channel, pytest.raises(type(error)) as raised:
        channel.hand_over(a_parcel(), mark)
    assert raised.value is error
    assert not server.kept


# ── refusals ──


@pytest.mark.parametrize(
    ("answer", "receipt", "ends"),
    [
        ("NO [TRYCREATE] no such folder", Failed, True),
        ("NO [NOPERM] not yours", Failed, True),
        ("NO [TOOBIG] too large", Failed, False),
        ("NO [OVERQUOTA] full", Deferred, True),
        ("NO [UNAVAILABLE] later", Deferred, False),
        ("NO whatever", Deferred, False),
        ("BAD what?", Deferred, False),
    ],
)
def test_a_refusal_says_what_it_stops(
    outcome: Outcome, answer: str, receipt: type[Failed | Deferred], ends: bool
) -> None:
    got, marks, _ = outcome(Script(append=answer))
    assert isinstance(got, receipt)
    assert answer.partition(" ")[2] in got.reason
    assert (got.stops_run if isinstance(got, Failed) else got.pause == "run") == ends
    assert marks == 0


# ── encryption, log-in ──


@pytest.mark.parametrize("fault", ["inject", "no starttls", "logged in already"])
def test_without_encryption_nothing_is_said(outcome: Outcome, fault: Fault) -> None:
    receipt, marks, server = outcome(Script(fault=fault), security="starttls")
    assert isinstance(receipt, Deferred)
    assert receipt.pause == "run"
    assert marks == 0
    assert not any(b"AUTHENTICATE" in line or b"LOGIN" in line or b"APPEND" in line for line in server.said)


def test_starttls_leads_to_a_draft(outcome: Outcome) -> None:
    assert isinstance(outcome(security="starttls")[0], Drafted)


def test_a_certificate_of_another_name_an_old_one_and_a_strangers_are_refused(
    kept: Path, tmp_path: Path, authority: Authority, channel_to: ChannelTo
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    for shown in (
        authority.certificate("elsewhere.example"),
        authority.certificate("localhost", until=NOW),
        Authority(stranger, "Stranger").certificate("localhost"),
    ):
        with ScriptedMailbox(kept, tls=shown.context()) as server, channel_to(server.port) as channel:
            receipt = channel.hand_over(a_parcel(), no_mark())
        assert isinstance(receipt, Deferred)
        assert "certificate" in receipt.reason
        assert not server.said


def test_old_tls_is_refused(kept: Path, certificate: Certificate, channel_to: ChannelTo) -> None:
    old = certificate.context(newest=ssl.TLSVersion.TLSv1_1)
    with ScriptedMailbox(kept, tls=old) as server, channel_to(server.port) as channel:
        receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Deferred)
    assert "TLS 1.2" in receipt.reason


@pytest.mark.parametrize("fault", ["drop at connect", "silent at connect", "portal"])
def test_what_is_no_mailbox_puts_the_run_off(outcome: Outcome, fault: Fault) -> None:
    receipt, _, _ = outcome(Script(fault=fault), IMPATIENT)
    assert isinstance(receipt, Deferred)
    assert receipt.pause == "run"


@pytest.mark.parametrize("mechanisms", ["AUTH=PLAIN", ""])
def test_a_password_is_told_as_the_server_asks(outcome: Outcome, mechanisms: str) -> None:
    assert isinstance(outcome(Script(mechanisms=mechanisms))[0], Drafted)


def test_a_password_is_not_told_where_the_server_does_not_want_it(outcome: Outcome) -> None:
    receipt, _, server = outcome(Script(mechanisms="LOGINDISABLED"))
    assert isinstance(receipt, Deferred)
    assert not any(PASSWORD.encode() in line for line in server.said)


@pytest.mark.parametrize("auth", ["password", "xoauth2"])
def test_a_wrong_password_or_token_puts_the_run_off(outcome: Outcome, auth: str) -> None:
    receipt, _, _ = outcome(auth=auth, token_command=["true"], secret="wrong")
    assert isinstance(receipt, Deferred)
    assert (receipt.pause, receipt.code) == ("run", "AUTHENTICATIONFAILED")


def test_an_access_token_logs_in(outcome: Outcome) -> None:
    assert isinstance(outcome(auth="xoauth2", token_command=["true"])[0], Drafted)


@pytest.mark.parametrize("auth", ["password", "xoauth2"])
def test_no_receipt_repeats_a_password(outcome: Outcome, auth: str) -> None:
    receipt, _, _ = outcome(Script(fault="echo credentials"), auth=auth, token_command=["true"])
    assert isinstance(receipt, Deferred)
    assert PASSWORD not in receipt.reason
    assert "aHVudGVy" not in receipt.reason


def test_no_exception_and_no_connection_keeps_what_was_said(serve: Serve, channel_to: ChannelTo) -> None:
    with serve() as server, channel_to(server.port) as channel:
        channel.hand_over(a_parcel(), Marks())
        assert channel._mailbox is not None
        assert PASSWORD not in str(vars(channel._mailbox).get("_cmd_log"))


# ── settings ──


def test_a_desk_needs_a_mailbox_a_user_and_a_password(authority: Authority) -> None:
    with pytest.raises(NoDesk):
        mailbox_credential(a_desk())
    with pytest.raises(NoDesk):
        mailbox_credential(the_desk(993, str(authority.file), user=None))
    with pytest.raises(NoPassword):
        mailbox_credential(the_desk(993, str(authority.file), host="nowhere.invalid"), {})
    told = mailbox_credential(the_desk(993, str(authority.file)), {"APPEALS_IMAP_PASSWORD": "x"})()
    assert told.reveal() == "x"


def test_a_desk_without_a_mail_server_writes_from_its_mailbox(serve: Serve, authority: Authority) -> None:
    with serve() as server:
        desk = the_desk(server.port, str(authority.file)).model_copy(update={"smtp": None})
        with DraftsChannel(desk, lambda: Secret(PASSWORD)) as channel:
            channel.hand_over(a_parcel(desk), Marks())
    assert BytesParser().parsebytes(server.kept[0])["From"] == USER


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
