"""What a conversation makes of the other side's silence, haste and end."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator

import pytest

from tests.dispatch.builders import IMPATIENT
from urgent_appeals.dispatch.conversation import DOT, Conversation, Lost, NotSent
from urgent_appeals.dispatch.replies import Reply, reply


@pytest.fixture
def ends() -> Iterator[tuple[Conversation, socket.socket]]:
    """Return a conversation and the other side of its connection."""
    own, other = socket.socketpair()
    conversation = Conversation(IMPATIENT)
    conversation.sock = own
    conversation.wait(1)
    with other:
        yield conversation, other
    conversation.close()
    own.close()


Ends = tuple[Conversation, socket.socket]


def test_nothing_is_said_unasked_while_the_other_side_waits(ends: Ends) -> None:
    assert ends[0].unasked() is None


def test_what_is_said_unasked_is_heard(ends: Ends) -> None:
    conversation, other = ends
    other.sendall(b"552 5.3.4 too large\r\n")
    assert conversation.unasked() == b"552 5.3.4 too large\r\n"


def test_what_came_along_with_an_answer_is_heard_as_well(ends: Ends) -> None:
    conversation, other = ends
    other.sendall(b"354 go on\r\n552 5.3.4 too large\r\n")
    assert conversation.ask("DATA") == Reply(354, "go on")
    assert conversation.unasked() == b"552 5.3.4 too large\r\n"


def test_an_end_that_nobody_asked_for_is_noticed(ends: Ends) -> None:
    conversation, other = ends
    other.close()
    assert conversation.unasked() == b""


def test_a_connection_that_was_cut_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        conversation = Conversation(IMPATIENT)
        conversation.sock = socket.create_connection(listener.getsockname())
        other, _ = listener.accept()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        other.close()
        assert conversation.unasked() == b""
        conversation.close()


def test_a_dot_that_certainly_did_not_go_out_is_told_from_one_that_may_have(ends: Ends) -> None:
    conversation, other = ends
    other.close()
    with pytest.raises(NotSent):
        conversation.finish()


def test_a_dot_without_an_answer_may_have_arrived(ends: Ends) -> None:
    conversation, other = ends
    with pytest.raises(Lost):
        conversation.finish()
    assert other.recv(10) == DOT


def test_a_dot_for_which_there_was_no_room_in_time_may_have_gone_in_part(ends: Ends) -> None:
    conversation, _ = ends
    with pytest.raises(Lost):
        conversation.say(b"x" * 10_000_000)
    with pytest.raises(Lost):
        conversation.finish()


def test_a_server_that_hangs_up_at_the_first_word_is_lost(ends: Ends) -> None:
    conversation, other = ends
    other.close()
    with pytest.raises(Lost):
        conversation.hello()


def test_nothing_is_said_or_heard_without_a_connection() -> None:
    conversation = Conversation(IMPATIENT)
    with pytest.raises(Lost):
        conversation.ask("NOOP")
    with pytest.raises(OSError, match="not connected"):
        conversation.getreply()


@pytest.mark.parametrize("command", ["RCPT TO:<a@b.example>\r\nDATA", "NOOP\n", "NOOP\r"])
def test_a_command_is_one_line(ends: Ends, command: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        ends[0].ask(command)


def test_an_answer_of_several_lines_is_one_answer(ends: Ends) -> None:
    conversation, other = ends
    other.sendall(b"250-one\r\n250-\x1b[2Jtwo\r\n250 \xd0\xb4\xd0\xb0 three\n")
    assert conversation.ask("NOOP") == Reply(250, "one \N{REPLACEMENT CHARACTER}[2Jtwo да three")


@pytest.mark.parametrize("said", [b"HTTP/1.1 302 Found\r\n", b"\r\n", b"99 x\r\n", b"650 x\r\n", "２50 x\r\n".encode()])
def test_what_is_no_answer_has_no_code(ends: Ends, said: bytes) -> None:
    conversation, other = ends
    other.sendall(said)
    assert conversation.ask("NOOP").code == -1


@pytest.mark.parametrize("said", [b"250 half a line", b"250 " + b"x" * 9000 + b"\r\n", b"250-x\r\n" * 200])
def test_an_answer_that_is_not_whole_or_does_not_end_is_none(ends: Ends, said: bytes) -> None:
    conversation, other = ends
    other.sendall(said)
    with pytest.raises(Lost):
        conversation.ask("NOOP")


def test_what_a_server_says_is_cut_short_before_it_is_shown() -> None:
    assert len(reply(550, b"no " * 1000).text) == 300


@pytest.mark.parametrize(
    ("text", "enhanced", "queued"),
    [
        ("2.0.0 Ok: queued as 4XyZ12abCD", "2.0.0", "4XyZ12abCD"),
        ("OK id=1rAbCd-0001Xy-2Z", None, "1rAbCd-0001Xy-2Z"),
        ("2.0.0 OK  1700000000 a1-20020a17090b.42 - gsmtp", "2.0.0", "a1-20020a17090b.42"),
        ("2.6.0 <x@y> [InternalId=1234567, Hostname=mx] Queued mail for delivery", "2.6.0", "1234567"),
        ("Ok 0100018bd2c3-9f1e-4a5b-000000", None, "0100018bd2c3-9f1e-4a5b-000000"),
        ("message accepted for delivery", None, None),
        ("5.7.1.2 no status code", None, None),
    ],
)
def test_what_a_server_calls_a_message_is_found_where_the_form_is_known(
    text: str, enhanced: str | None, queued: str | None
) -> None:
    found = reply(250, text.encode())
    assert (found.enhanced, found.queue_id) == (enhanced, queued)
    assert re.match(r"250( \d\.\d\.\d)?$", found.status)
