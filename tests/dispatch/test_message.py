"""The message that goes out: what was approved, to one recipient, and not a word of anything else (A9 to A11, A25)."""

from __future__ import annotations

import email
import re
from datetime import datetime, timedelta, timezone
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dispatch.builders import AT, TOKEN, a_desk, a_draft, a_parcel, an_address
from urgent_appeals.dispatch.message import Heading, dated, new_message_id, outgoing, subject_of, verify
from urgent_appeals.errors import MessageRefused

TO = "minister@justice.example"
FIELDS = ["Date", "From", "To", "Reply-To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]


def a_heading(draft: bytes | None = None, **changes: str | None) -> Heading:
    values: dict[str, str | None] = {
        "from_": "desk@campaign.example",
        "from_name": "Letters, for Arlandia",
        "to": TO,
        "reply_to": f"answers+{TOKEN}@campaign.example",
        "subject": subject_of(draft or a_draft()),
        "message_id": "<0123456789abcdef0123456789abcdef@campaign.example>",
    }
    return Heading(**(values | changes))  # type: ignore[arg-type]  # built by keyword


def head(wire: bytes) -> bytes:
    return wire.partition(b"\r\n\r\n")[0]


def refused(draft: bytes, heading: Heading | None = None) -> str:
    with pytest.raises(MessageRefused) as caught:
        outgoing(draft, heading or a_heading())
    return str(caught.value)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_subject_and_body_go_out_to_the_byte_as_they_were_approved(language: str) -> None:
    draft = a_draft(language)
    message = outgoing(draft, a_heading(draft))
    assert message.partition(b"\r\n\r\n")[2] == draft.partition(b"\r\n\r\n")[2]
    for name in (b"To", b"Subject", b"MIME-Version", b"Content-Type"):
        line = re.compile(rb"^%b:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*" % name, re.MULTILINE)
        lines = line.search(head(message)), line.search(head(draft))
        assert lines[0] is not None
        assert lines[1] is not None
        assert lines[0][0] == lines[1][0]


def test_the_whole_head_is_as_it_should_be() -> None:
    assert head(dated(outgoing(a_draft(), a_heading()), AT)).decode().split("\r\n") == [
        "Date: Thu, 02 Apr 2026 09:30:00 +0000",
        'From: "Letters, for Arlandia"',
        " <desk@campaign.example>",
        'To: "Minister of Justice, Republic of Arlandia" <minister@justice.example>',
        f"Reply-To: answers+{TOKEN}@campaign.example",
        "Subject: XAA 007/0326/OBS 021.01",
        " =?utf-8?b?4oCTIE1zIElsdmEgTWFyZW46IHJlcXVlc3QgZm9yIGhlciByZWxl?=",
        " =?utf-8?b?YXNl?=",
        "Message-ID: <0123456789abcdef0123456789abcdef@campaign.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed;",
        ' boundary="=_305d12fb9271e4513dea93f5d7ae107e"',
    ]


def test_a_mail_program_reads_one_recipient_and_no_other_header() -> None:
    message = email.message_from_bytes(a_parcel().wire, policy=SMTP)
    assert message.keys() == FIELDS
    assert [address.addr_spec for address in message["To"].addresses] == [TO]
    assert [address.display_name for address in message["From"].addresses] == ["Letters, for Arlandia"]


def test_without_an_address_for_answers_there_is_no_header_for_it() -> None:
    message = email.message_from_bytes(outgoing(a_draft(), a_heading(reply_to=None)))
    assert "Reply-To" not in message.keys()  # noqa: SIM118  # `in message` would look the same up in another way


@pytest.mark.parametrize(
    "name", [None, "Letters", "Письма за свободу в Арландии и её озёрных краях", 'The "Circle" \\']
)
def test_the_name_of_the_sender_is_read_as_it_was_meant(name: str | None) -> None:
    wire = outgoing(a_draft(), a_heading(from_name=name))
    (address,) = email.message_from_bytes(wire, policy=SMTP)["From"].addresses
    assert address.display_name.replace(" ", "") == (name or "").replace(" ", "")
    assert address.addr_spec == "desk@campaign.example"


@given(st.text(min_size=1, max_size=80))
def test_no_name_of_a_sender_adds_a_header(name: str) -> None:
    try:
        wire = outgoing(a_draft(), a_heading(from_name=name))
    except MessageRefused:
        return
    message = email.message_from_bytes(dated(wire, AT), policy=SMTP)
    assert message.keys() == FIELDS


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Appeal=0D=0ABcc=3A_spy=40evil=2Eexample?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3FAppeal=3F=3D?=",
        "=?utf-8?b?QXBwZWFs4oCoQmNjOiBzcHlAZXZpbC5leGFtcGxl?=",
        "Appeal\x0bBcc: spy@evil.example",
        "Appeal\x00",
        "Appeal\u2028Bcc: spy@evil.example",
        "Appeal\x85Bcc: spy@evil.example",
    ],
)
def test_a_subject_that_would_become_a_header_is_refused(subject: str) -> None:
    assert refused(a_draft(subject=subject))


@pytest.mark.parametrize(
    "line",
    [
        "Bcc: spy@evil.example\r\n",
        "Cc: spy@evil.example\r\n",
        "To: spy@evil.example\r\n",
        "From: minister@justice.example\r\n",
        "Date: Thu, 02 Apr 2026 14:30:00 +0500\r\n",
        "Received: from janes-mac.local\r\n",
        "Resent-To: spy@evil.example\r\n",
        "To : spy@evil.example\r\n",
        " folded: from nothing\r\n",
        "no header at all\r\n",
    ],
)
def test_a_draft_with_another_header_is_refused(line: str) -> None:
    assert "not that of a draft made here" in refused(a_draft(add=line))


@pytest.mark.parametrize(
    "to",
    [
        "spy@evil.example",
        "minister@justice.example, spy@evil.example",
        '"minister@justice.example" <spy@evil.example>',
        "minister@justice.example\r\nRCPT TO:<x@y.example>",
        "Minister of Justice, Dr. X <minister@justice.example>",
        "group: minister@justice.example, spy@evil.example;",
    ],
)
def test_a_draft_to_anybody_else_is_refused(to: str) -> None:
    assert refused(a_draft(to=to))


def test_a_draft_to_nobody_is_refused() -> None:
    assert "has no header To" in refused(a_draft(to=""))


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(a_draft().replace(b"\r\n", b"\n"), id="lines that end otherwise"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"Your\rExcellency,"), id="a bare CR"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"Your\nExcellency,"), id="a bare LF"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"\r.\r\nMAIL FROM:<x@y.example>"), id="a smuggled dot"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"Your\0Excellency,"), id="a NUL"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"x" * 999), id="a line too long"),
        pytest.param(a_draft().replace(b"Your Excellency,", b"\xff"), id="what is not UTF-8"),
        pytest.param(a_draft()[:-200], id="cut off"),
        pytest.param(a_draft().replace(b"XAA 007", b"XAA \xff"), id="a subject that is not UTF-8"),
        pytest.param(a_draft().removesuffix(b"\r\n"), id="no end of its last line"),
        pytest.param(b"", id="empty"),
        pytest.param(a_draft().partition(b"\r\n\r\n")[0], id="a head alone"),
    ],
)
def test_a_draft_that_is_not_as_it_was_made_is_refused(spoilt: bytes) -> None:
    assert refused(spoilt)


def test_an_address_in_letters_of_its_own_is_written_as_it_is() -> None:
    to = "министр@правительство.example"
    wire = outgoing(a_draft(to=to), a_heading(to=an_address(to).wire))
    assert f"To: {to}\r\n".encode() in wire


def test_to_oneself_the_subject_says_that_it_is_a_test() -> None:
    me = an_address("desk@campaign.example")
    parcel = a_parcel(to=me, test=True)
    message = email.message_from_bytes(parcel.wire, policy=SMTP)
    assert str(message["Subject"]) == f"[TEST] {subject_of(a_draft())}"
    assert [address.addr_spec for address in message["To"].addresses] == ["desk@campaign.example"]
    assert TO.encode() not in parcel.wire
    assert message.keys() == FIELDS


def test_nothing_but_the_word_for_a_test_may_be_added_to_a_subject() -> None:
    assert "its subject" in refused(a_draft(), a_heading(subject=f"[Test] {subject_of(a_draft())}"))


def test_a_message_id_is_random_and_of_the_senders_domain() -> None:
    made = {new_message_id("campaign.example") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"<[0-9a-f]{32}@campaign\.example>", each) for each in made)


def test_a_date_tells_no_time_zone() -> None:
    local = datetime(2026, 4, 2, 14, 30, tzinfo=timezone(timedelta(hours=5)))
    assert dated(b"", local) == b"Date: Thu, 02 Apr 2026 09:30:00 +0000\r\n"


def test_the_same_letter_differs_from_try_to_try_in_its_date_alone() -> None:
    parcel = a_parcel()
    later = a_parcel(message_id=parcel.message_id, token=parcel.token, date=AT + timedelta(hours=4))
    assert later.message == parcel.message
    assert later.digest != parcel.digest
    assert later.wire.partition(b"\r\n")[2] == parcel.wire.partition(b"\r\n")[2]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ((b"Message-ID: <0", b"Message-ID: <1"), "its Message-ID"),
        ((b"From: ", b"Date: Thu, 02 Apr 2026 14:30:00 +0500\r\nFrom: "), "its headers are"),
        ((b"\r\nTo: ", b"\r\nBcc: spy@evil.example\r\nTo: "), "its headers are"),
        ((b"<desk@", b"<spy@"), "its From"),
        ((b"Letters, for", b"Letters, from"), "the name of its sender"),
        ((b"answers+", b"spy+"), "its Reply-To"),
        ((b"XAA 007", b"XAA 008"), "its subject"),
    ],
)
def test_finished_bytes_that_say_something_else_are_refused(change: tuple[bytes, bytes], fault: str) -> None:
    message = outgoing(a_draft(), a_heading())
    assert change[0] in message
    with pytest.raises(MessageRefused, match=fault):
        verify(message.replace(*change, 1), a_heading())


def test_no_letter_holds_anything_of_another_sender() -> None:
    ours, theirs = a_desk(), a_desk(smtp_from="other@letters.example", smtp_from_name="Somebody Else")
    wires = a_parcel(ours).wire, a_parcel(theirs).wire
    assert b"Somebody Else" not in wires[0]
    assert b"Letters, for Arlandia" not in wires[1]
