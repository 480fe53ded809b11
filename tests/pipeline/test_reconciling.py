"""What is unknown is settled by what is found in the mailbox, or by a person; it is never sent by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.builders import PASSWORD, USER
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_mailbox import Script, ScriptedMailbox
from tests.log.builders import merge
from tests.pipeline.desks import (
    AT,
    CODE,
    MESSAGE_ID,
    PRESIDENT,
    TYPED,
    an_event,
    an_item,
    approved,
    became,
    claimed,
    give_desk,
    kinds,
    log_of,
    marked,
    unknown,
)
from urgent_appeals.dispatch.reply_token import desk_secret, reply_token
from urgent_appeals.domain.event import EventKind
from urgent_appeals.domain.item import Route
from urgent_appeals.domain.item_state import State
from urgent_appeals.errors import NothingToDo, UnknownChoice
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.opening import open_log
from urgent_appeals.pipeline.ledger import recover
from urgent_appeals.pipeline.reconciling import Looked, reconciling

LETTER = f"From: {USER}\r\nMessage-ID: {MESSAGE_ID}\r\n\r\nDear Minister,\r\n".encode()


def another_copy(token: str, to: str = "The Minister <Minister@Justice.example>", subject: str = "UAD") -> bytes:
    """Return a letter whose Message-ID a server has replaced."""
    reply_to = f"Reply-To: answers+{token}@campaign.example"
    head = (f"To: {to}", reply_to, f"Subject: {subject}", "Message-ID: <x@relay.example>")
    return "\r\n".join((*head, "", "")).encode()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    (tmp_path / "certificates").mkdir()
    return Authority(tmp_path / "certificates")


@pytest.fixture
def certificate(authority: Authority) -> Certificate:
    return authority.certificate("localhost")


@pytest.fixture
def mailbox(tmp_path: Path, certificate: Certificate) -> Iterator[ScriptedMailbox]:
    with ScriptedMailbox(tmp_path / "mailbox", Script(), certificate.context()) as server:
        yield server


@pytest.fixture
def desk(workspace: Path, mailbox: ScriptedMailbox, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with a mailbox."""
    monkeypatch.setenv("APPEALS_IMAP_PASSWORD", PASSWORD)
    imap = {"host": "localhost", "port": mailbox.port, "user": USER, "ca_file": str(authority.file)}
    return give_desk(workspace, imap=imap)


@pytest.fixture
def alone(workspace: Path) -> Path:
    """A desk without a mailbox."""
    return give_desk(workspace)


def looked(root: Path, code: str | None = None) -> Looked:
    with reconciling(root, code, AT) as job:
        return job.look(lambda _: None)


def state(root: Path, **item: Any) -> State:
    with log_of(root) as log:
        return log.state(an_item(**item).id).state


def test_a_letter_that_lies_in_the_sent_folder_was_sent(desk: Path, mailbox: ScriptedMailbox) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    mailbox.keep(LETTER)
    result = looked(desk)
    assert [(each.state, each.says) for each in result.found] == [(State.SENT, "found in the folder for what was sent")]
    assert (result.left, result.notes) == ((), ())
    assert kinds(desk, an_item()) == ["approved", "claimed", "data", "unknown", "sent"]


def test_a_letter_whose_message_id_was_replaced_is_found_by_its_reply_address(
    desk: Path, mailbox: ScriptedMailbox
) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    token = reply_token(desk_secret(desk / "outbox/reply-secret"), an_item().id)
    mailbox.keep(another_copy(token))
    assert [each.state for each in looked(desk).found] == [State.SENT]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"subject": "[TEST] UAD XAA 001/2026.01"}, id="a test"),
        pytest.param({"subject": "=?utf-8?q?=5BTEST=5D_UAD?="}, id="a test, written otherwise"),
        pytest.param({"to": "me@campaign.example"}, id="to oneself"),
        pytest.param({"to": "minister@justice.example, x@y.example"}, id="to others as well"),
        pytest.param({"to": "undisclosed-recipients:;"}, id="to nobody"),
    ],
)
def test_what_only_has_the_token_of_a_letter_is_not_taken_for_it(
    desk: Path, mailbox: ScriptedMailbox, changes: dict[str, str]
) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    mailbox.keep(another_copy(reply_token(desk_secret(desk / "outbox/reply-secret"), an_item().id), **changes))
    assert looked(desk).found == ()
    assert state(desk) is State.UNKNOWN


def test_a_letter_is_told_by_the_message_id_that_this_desk_gave_it_and_not_by_that_of_another(
    desk: Path, mailbox: ScriptedMailbox
) -> None:
    with log_of(desk, "york") as log:
        log.append(an_event(EventKind.APPROVED, an_item(), message_id="<another@york.example>"))
    with log_of(desk) as log:
        unknown(log, an_item())
    mailbox.keep(LETTER)
    assert [each.state for each in looked(desk).found] == [State.SENT]


def test_a_letter_that_is_not_there_is_left_for_a_person(desk: Path, mailbox: ScriptedMailbox) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    mailbox.keep(LETTER.replace(b"5f0f", b"0000"))
    result = looked(desk)
    (left,) = result.left
    assert (left.item, left.code, left.message_id, left.plan) == (an_item().id, CODE, MESSAGE_ID, "p")
    assert (left.address, left.reason) == ("minister@justice.example", "the answer was lost")
    assert result.found == ()
    assert state(desk) is State.UNKNOWN


def test_what_a_dead_sender_has_left_is_looked_for_as_well(desk: Path, mailbox: ScriptedMailbox) -> None:
    with log_of(desk) as log:
        marked(log, an_item())
        claimed(log, an_item(PRESIDENT))
    mailbox.keep(LETTER)
    result = looked(desk)
    assert [each.state for each in result.found] == [State.SENT]
    assert sorted(note.rpartition(": ")[2] for note in result.notes) == ["released", "unknown"]
    assert state(desk, recipient=PRESIDENT) is State.APPROVED


def test_what_another_sender_has_in_hand_is_left_alone(desk: Path, mailbox: ScriptedMailbox) -> None:
    with log_of(desk) as log, log.sender_lock():
        marked(log, an_item())
        unknown(log, an_item(PRESIDENT))
        mailbox.keep(LETTER)
        result = looked(desk)
    assert [each.recipient for each in result.found] == [PRESIDENT]
    assert "another sender runs" in result.notes[0]
    assert state(desk) is State.DATA


def test_a_draft_that_lies_there_was_drafted_unless_it_was_sent(
    desk: Path, mailbox: ScriptedMailbox, tmp_path: Path, certificate: Certificate, authority: Authority
) -> None:
    with log_of(desk) as log:
        unknown(log, an_item(), "drafts")
    drafts_only = Script(folders=(r'(\HasNoChildren \Drafts) "/" "Drafts"',))
    with ScriptedMailbox(tmp_path / "drafts", drafts_only, certificate.context()) as server:
        server.keep(LETTER)
        imap = {"host": "localhost", "port": server.port, "user": USER, "ca_file": str(authority.file)}
        result = looked(give_desk(desk, imap=imap))
    assert [(each.state, each.says) for each in result.found] == [(State.DRAFTED, "found in the folder for drafts")]
    assert "no folder 'Sent'" in result.notes[0]


def test_only_the_appeal_that_is_named_is_looked_at(desk: Path) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    assert len(looked(desk, TYPED).left) == 1
    assert looked(desk, "UAD XAA 001/2026").left == ()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({}, "desk.yaml names no mailbox", id="no mailbox"),
        pytest.param(
            {"imap": {"host": "localhost", "port": 1, "user": USER}}, "cannot be reached", id="nobody answers"
        ),
        pytest.param({"imap": {"host": "localhost"}}, "desk.yaml has no imap: user", id="no user"),
    ],
)
def test_a_mailbox_that_cannot_be_looked_into_is_told_and_changes_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], words: str
) -> None:
    monkeypatch.setenv("APPEALS_IMAP_PASSWORD", PASSWORD)
    root = give_desk(workspace, **settings)
    with log_of(root) as log:
        unknown(log, an_item())
    result = looked(root)
    assert words in result.notes[0]
    assert (len(result.left), state(root)) == (1, State.UNKNOWN)


def test_a_mailbox_that_is_lost_on_the_way_keeps_what_was_found_before(
    workspace: Path, tmp_path: Path, certificate: Certificate, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPEALS_IMAP_PASSWORD", PASSWORD)
    with ScriptedMailbox(tmp_path / "m", Script(fault="drop at search"), certificate.context()) as server:
        imap = {"host": "localhost", "port": server.port, "user": USER, "ca_file": str(authority.file)}
        root = give_desk(workspace, imap=imap)
        with log_of(root) as log:
            unknown(log, an_item())
        result = looked(root)
    assert "could not be looked" in result.notes[0]
    assert len(result.left) == 1


def test_of_what_was_not_found_it_is_said_where_was_looked(desk: Path, mailbox: ScriptedMailbox) -> None:
    items = {"email": an_item(), "drafts": an_item(PRESIDENT), "fax": an_item(route=Route.FAX)}
    with log_of(desk) as log:
        for channel, item in items.items():
            unknown(log, item, channel)
    said = looked(desk).looked
    assert {channel: said[item.id] for channel, item in items.items()} == {
        "email": "looked in Sent: not there",
        "drafts": "looked in Sent, Entwürfe: not there",
        "fax": "looked nowhere: it was no mail",
    }


def test_a_mailbox_that_was_not_looked_into_is_not_said_to_lack_the_letter(workspace: Path) -> None:
    said = "looked nowhere: the mailbox could not be looked into", "looked nowhere: no mailbox is set up"
    with log_of(workspace) as log:
        unknown(log, an_item())
    for settings, words in zip(({"imap": {"host": "localhost", "port": 1, "user": USER}}, {}), said, strict=True):
        (told,) = looked(give_desk(workspace, **settings)).looked.values()
        assert told.startswith(words)


def test_post_and_faxes_are_not_looked_for_in_a_mailbox(desk: Path, mailbox: ScriptedMailbox) -> None:
    with log_of(desk) as log:
        unknown(log, an_item(route=Route.FAX), "fax")
    assert len(looked(desk).left) == 1
    assert mailbox.connections == 0


# ── a person decides ──


def test_on_a_person_s_word_it_went(alone: Path) -> None:
    with log_of(alone) as log:
        unknown(log, an_item())
    with reconciling(alone, None, AT) as job:
        settled = job.mark_sent(job.named(an_item().id[:6]))
    assert settled.state is State.SENT
    with log_of(alone) as log:
        (*_, last) = log.events(item=an_item().id)
    assert (last.by, last.detail) == ("M. H.", {"by_hand": True, "reconciled": True})


@pytest.mark.parametrize(
    ("channel", "route", "went"), [("fax", Route.FAX, State.FAXED), ("post", Route.POST, State.PRINTED)]
)
def test_what_went_another_way_is_what_that_way_makes_of_it(
    alone: Path, channel: str, route: Route, went: State
) -> None:
    with log_of(alone) as log:
        unknown(log, an_item(route=route), channel)
    with reconciling(alone, None, AT) as job:
        assert job.mark_sent(job.unsettled()[0]).state is went


def test_on_a_person_s_word_it_may_go_again_with_the_same_message_id(alone: Path) -> None:
    with log_of(alone) as log:
        unknown(log, an_item())
    with reconciling(alone, None, AT) as job:
        settled = job.resend(job.unsettled()[0])
        assert (settled.state, settled.plan) == (State.APPROVED, "p")
        assert job.unsettled() == ()
    with log_of(alone) as log:
        first, *_, last = log.events(item=an_item().id)
    assert last.event is EventKind.APPROVED
    assert last.detail == {**first.detail, "resend": True, "by_hand": True, "reconciled": True}


def test_a_letter_that_only_the_notes_of_a_restored_log_know_may_go_as_a_new_one(alone: Path) -> None:
    with log_of(alone) as log:
        log.append(an_event(EventKind.APPROVED, an_item()))
        assert log.transition(an_event(EventKind.CLAIMED, an_item()), {State.APPROVED})
        assert log.transition(an_event(EventKind.DATA, an_item()), {State.CLAIMED})
        assert log.transition(an_event(EventKind.UNKNOWN, an_item()), {State.DATA})
    with reconciling(alone, None, AT) as job:
        (left,) = job.unsettled()
        assert left.message_id is None
        assert job.resend(left).says == "to go again, with a new Message-ID"


def test_what_somebody_settled_at_this_moment_is_left_as_it_is(alone: Path) -> None:
    with log_of(alone) as log:
        unknown(log, an_item())
        with reconciling(alone, None, AT) as job:
            (left,) = job.unsettled()
            assert log.transition(an_event(EventKind.SENT, an_item()), {State.UNKNOWN})
            settled = job.resend(left)
    assert (settled.state, settled.says) == (State.SENT, "somebody settled it at this moment")


def test_an_item_is_named_by_enough_of_its_id_and_only_while_it_is_unknown(alone: Path) -> None:
    with log_of(alone) as log:
        unknown(log, an_item())
        became(log, an_item(PRESIDENT), EventKind.SENT)
    with reconciling(alone, None, AT) as job:
        assert job.named(an_item().id.upper()).item == an_item().id
        for typed in (an_item().id[:3], an_item(PRESIDENT).id, "zzzz"):
            with pytest.raises(UnknownChoice):
                job.named(typed)


def test_what_waits_or_went_is_not_unknown(alone: Path) -> None:
    with log_of(alone) as log:
        approved(log, an_item())
        became(log, an_item(PRESIDENT), EventKind.SENT)
    assert looked(alone) == Looked((), (), ())


def test_without_a_log_there_is_nothing_to_settle(alone: Path) -> None:
    with pytest.raises(NothingToDo), reconciling(alone, None, AT):
        pass


def test_what_another_desk_sent_leaves_what_is_unknown_here_on_the_list(alone: Path, tmp_path: Path) -> None:
    """Both may have sent it; that one did says nothing of the other."""
    item = an_item()
    with open_log(None, desk="york", outbox=tmp_path / "york") as log:
        became(log, item, EventKind.SENT)
        export(log, tmp_path / "york.json", Form.JSON)
    with log_of(alone) as log:
        marked(log, item)
        merge(log, tmp_path / "york.json")
    assert [each.item for each in looked(alone).left] == [item.id]
    with reconciling(alone, None, AT) as job:
        settled = job.resend(job.named(item.id))
        assert job.unsettled() == ()
    assert (settled.state, settled.says) == (
        State.SENT,
        "it does not go again: another desk has let it go, and it is sent",
    )
    with log_of(alone) as log:
        assert (log.claims(), log.state(item.id).twice) == ((), True)


# ── what another desk has in hand ──


def held_by_york(root: Path, tmp_path: Path, *, was_marked: bool) -> Path:
    """Take over the export of a desk that died with a letter in hand; return where its log lies."""
    with open_log(None, desk="york", outbox=tmp_path / "york") as log:
        (marked if was_marked else claimed)(log, an_item())
        export(log, tmp_path / "york.json", Form.JSON)
    with log_of(root) as log:
        merge(log, tmp_path / "york.json")
    return tmp_path / "york"


@pytest.mark.parametrize("was_marked", [True, False])
def test_what_another_desk_had_in_hand_is_listed_with_since_when(alone: Path, tmp_path: Path, was_marked: bool) -> None:
    held_by_york(alone, tmp_path, was_marked=was_marked)
    (left,) = looked(alone).left
    assert left.reason == "the desk york has it in hand since 2026-11-22 09:30 UTC; ask there first"
    assert (left.item, left.code, left.message_id) == (an_item().id, CODE, MESSAGE_ID)
    assert looked(alone, TYPED).left == (left,)
    assert looked(alone, "UAD XAA 001/2026").left == ()


@pytest.mark.parametrize("was_marked", [True, False])
def test_what_another_desk_had_in_hand_went_on_a_person_s_word(alone: Path, tmp_path: Path, was_marked: bool) -> None:
    york = held_by_york(alone, tmp_path, was_marked=was_marked)
    with reconciling(alone, None, AT) as job:
        assert job.mark_sent(job.named(an_item().id)).state is State.SENT
        assert job.unsettled() == ()
    assert kinds(alone, an_item())[-2:] == ["unknown", "sent"]
    with open_log(None, desk="york", outbox=york) as log:  # which was not dead after all
        steps = [(EventKind.SENT, {State.DATA})]
        for kind, expected in [*([] if was_marked else [(EventKind.DATA, {State.CLAIMED})]), *steps]:
            assert log.transition(an_event(kind, an_item()), expected)
        export(log, tmp_path / "later.json", Form.JSON)
    with log_of(alone) as log:
        assert merge(log, tmp_path / "later.json").twice == ()


@pytest.mark.parametrize("was_marked", [True, False])
def test_what_another_desk_had_in_hand_goes_again_on_a_person_s_word_by_a_plan_of_this_desk(
    alone: Path, tmp_path: Path, was_marked: bool
) -> None:
    held_by_york(alone, tmp_path, was_marked=was_marked)
    with reconciling(alone, None, AT) as job:
        settled = job.resend(job.named(an_item().id))
    assert (settled.state, settled.plan) == (State.APPROVED, None)
    with log_of(alone) as log:
        (*_, last) = log.events(item=an_item().id)
    assert (last.event, last.detail["message_id"]) == (EventKind.APPROVED, MESSAGE_ID)


def test_what_a_sender_here_has_in_hand_is_not_listed(alone: Path) -> None:
    with log_of(alone) as log, log.sender_lock():
        marked(log, an_item())
        assert looked(alone).left == ()


def test_what_another_desk_of_the_same_log_recovered_is_looked_for_by_its_message_id(
    desk: Path, mailbox: ScriptedMailbox
) -> None:
    with log_of(desk) as log:
        marked(log, an_item())
    with log_of(desk, "york") as log, log.sender_lock():
        (recovered,) = recover(log, AT, "R. T.")
    assert (recovered.event, recovered.desk) == (EventKind.UNKNOWN, "york")
    with reconciling(desk, None, AT) as job:
        (left,) = job.unsettled()
    assert (left.message_id, left.address, left.plan) == (MESSAGE_ID, "minister@justice.example", "p")
    mailbox.keep(LETTER)
    assert [each.state for each in looked(desk).found] == [State.SENT]
