"""An mbox comes apart into its mails, at real beginnings only, and nothing of it is lost."""

from __future__ import annotations

import mailbox
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.responses import mbox
from urgent_appeals.responses.mbox import Mail, is_mbox, mails

FROM = b"From desk@campaign.example Mon Nov 23 08:30:00 2026\n"
ONE = b"Subject: one\nFrom: a@x.example\n\nFirst letter.\n"
TWO = b"Subject: two\nFrom: b@x.example\n\nSecond letter.\n"


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def contents(data: bytes, size: int = 1 << 16) -> list[bytes]:
    return [mail.content for mail in mails(in_chunks(data, size))]


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 16])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_each_mail_is_given_out_without_its_from_line(size: int, ending: bytes) -> None:
    data = (FROM + ONE + b"\n" + FROM + TWO + b"\n").replace(b"\n", ending)
    assert contents(data, size) == [ONE.replace(b"\n", ending), TWO.replace(b"\n", ending)]


def test_where_a_mail_stands_is_told() -> None:
    first, second = mails([FROM + ONE + b"\n" + FROM + TWO])
    assert (first.start, second.start) == (0, len(FROM + ONE) + 1)


@pytest.mark.parametrize(
    "line",
    [
        b"From our office we write:\n",
        b"From minister@gov.example Mon Nov 23 08:30:00 2026\nand this is what he said:\n",
        b"From minister@gov.example\nSubject: forged\n",
        b"From Mon Nov 23 08:30:00 2026\nSubject: forged\n",
        b">From minister@gov.example Mon Nov 23 08:30:00 2026\nSubject: forged\n",
    ],
)
def test_a_line_of_the_text_begins_no_mail(line: bytes) -> None:
    body = ONE + b"\n" + line + b"\nThe end.\n"
    assert contents(FROM + body + b"\n" + FROM + TWO) == [body, TWO]


def test_a_beginning_without_an_empty_line_before_it_is_none() -> None:
    body = ONE + FROM + b"Subject: forged\n\nText.\n"
    assert contents(FROM + body) == [body]


def test_that_lines_are_quoted_is_told() -> None:
    (mail,) = mails([FROM + ONE + b">From here on.\n"])
    assert mail.quoting


def test_what_stands_before_the_first_beginning_is_not_lost() -> None:
    assert contents(ONE + b"\n" + FROM + TWO) == [ONE, TWO]


@pytest.mark.parametrize("data", [b"", b"\n\n", FROM, b"\r\n"])
def test_where_there_is_no_mail_there_is_none(data: bytes) -> None:
    assert contents(data) == ([] if data != FROM else [FROM])


def test_a_cut_off_mail_is_given_out_as_far_as_it_goes() -> None:
    assert contents(FROM + ONE + b"\n" + FROM + TWO[:20]) == [ONE, TWO[:20]]


def test_of_a_mail_without_end_pieces_are_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "LARGEST_MAIL", 5_000)
    data = FROM + ONE + b"x" * 12_000 + b"\n\n" + FROM + TWO
    found = list(mails(in_chunks(data, 1_000)))
    assert [mail.is_cut for mail in found][:2] == [True, True]
    assert b"".join(mail.content for mail in found).count(b"x" * 10) >= 1_100
    assert found[-1].content == TWO


def test_an_mbox_is_known_by_its_beginning() -> None:
    assert is_mbox(FROM + ONE)
    assert not is_mbox(ONE)
    assert not is_mbox(b"From our office we write:\n" + ONE)


def test_it_agrees_with_the_standard_library_on_what_that_writes(tmp_path: Path) -> None:
    chosen = random.Random(5)
    box = mailbox.mbox(tmp_path / "box")
    lines = [b"Text.", b"From here on", b"", b">From there", b"-- ", "Қала".encode()]
    for number in range(200):
        body = b"\n".join(chosen.choices(lines, k=chosen.randrange(12)))
        box.add(b"Subject: %d\n\n" % number + body + b"\n")
    box.close()
    data = (tmp_path / "box").read_bytes()
    again = mailbox.mbox(tmp_path / "box")
    theirs = [again.get_bytes(key) for key in again.iterkeys()]
    again.close()
    for size in (13, 1000, 1 << 20):
        assert [mail.rstrip(b"\n") for mail in contents(data, size)] == [mail.rstrip(b"\n") for mail in theirs]


@given(
    st.lists(st.sampled_from([FROM, ONE, b"\n", b"\r\n", b"From ", b">", TWO, b"x\n"]), max_size=30), st.integers(1, 99)
)
def test_nothing_is_lost_or_told_twice_whatever_the_chunks(parts: list[bytes], size: int) -> None:
    data = b"".join(parts)
    found: list[Mail] = list(mails(in_chunks(data, size)))
    assert found == list(mails([data]))
    told = b"".join(mail.content for mail in found)
    for text in (b"First letter.", b"Second letter."):
        assert told.count(text) == data.count(text)
    assert [mail.start for mail in found] == sorted({mail.start for mail in found})
