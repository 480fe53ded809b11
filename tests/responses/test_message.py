"""A mail taken apart: who says that they sent it, when, what it answers, its text, attachments; hostile mail too."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from urgent_appeals.responses.addresses import one_address
from urgent_appeals.responses.message import Message, read_message

CODE = "KAZ 001/0802/OBS 053"


def mail(*headers: str, body: str = "Dear Sir or Madam,\nthank you.", sender: str = "office@ministry.example") -> bytes:
    fields = (f"From: {sender}", *headers) if sender else headers
    return "\r\n".join((*fields, "", *body.split("\n"))).encode()


def multipart(*parts: str, kind: str = "mixed", headers: tuple[str, ...] = ()) -> bytes:
    body = "".join(f"--limit\n{part}\n" for part in parts) + "--limit--\n"
    return mail(*headers, f'Content-Type: multipart/{kind}; boundary="limit"', body=body)


def text(words: str, kind: str = "plain", charset: str = "utf-8") -> str:
    return f"Content-Type: text/{kind}; charset={charset}\n\n{words}"


# ── who ──


@pytest.mark.parametrize(
    ("written", "address"),
    [
        pytest.param("office@ministry.example", "office@ministry.example", id="bare"),
        pytest.param("Minister of Justice, Dr. X <m@gov.example>", "m@gov.example", id="name with a comma"),
        pytest.param('"m@gov.example" <spy@evil.example>', "spy@evil.example", id="an address as quoted name"),
        pytest.param("=?utf-8?q?m=40gov.example?= <spy@evil.example>", "spy@evil.example", id="an encoded name"),
        pytest.param("m@gov.example (The Office (Legal))", "m@gov.example", id="comment"),
        pytest.param("m@gov.example <M@gov.example>", "M@gov.example", id="the same address as name"),
        pytest.param('"the.office"@gov.example', '"the.office"@gov.example', id="quoted local part"),
    ],
)
def test_the_sender_is_the_one_address_in_from_and_never_a_name(written: str, address: str) -> None:
    assert one_address(written).address == address


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("m@gov.example, spy@evil.example", id="two"),
        pytest.param("m@gov.example <spy@evil.example>", id="another address as bare name"),
        pytest.param("<m@gov.example> <spy@evil.example>", id="two in angles"),
        pytest.param("m@gov.example\x00<spy@evil.example>", id="NUL"),
        pytest.param("undisclosed: m@gov.example;", id="group"),
        pytest.param("<m@gov.example", id="not closed"),
        pytest.param("The Minister", id="no address"),
        pytest.param("", id="empty"),
        pytest.param('"' * 20_000, id="quotation marks"),
        pytest.param("(" * 20_000 + "m@gov.example", id="brackets"),
    ],
)
def test_what_may_be_read_as_another_sender_is_no_sender(written: str) -> None:
    found = one_address(written)
    assert found.address is None
    assert found.fault


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("From: m@gov.example", "From: spy@evil.example"), id="two From"),
        pytest.param(("From : m@gov.example", "From: spy@evil.example"), id="blank before the colon"),
        pytest.param(("From: m@gov.example", "fRoM: m@gov.example"), id="the same twice"),
        pytest.param(("Subject: x",), id="none"),
        pytest.param(("From: m@gov.example", "Subject: x\rFrom: spy@evil.example"), id="bare CR"),
    ],
)
def test_a_mail_without_exactly_one_from_has_no_sender_and_says_so(headers: tuple[str, ...]) -> None:
    found = read_message(mail(*headers, sender=""))
    assert found.sender is None
    assert found.faults


def test_all_addresses_that_a_mail_came_to_are_told_those_of_the_server_first() -> None:
    many = ", ".join(f"Person {number} <p{number}@ngo.example>" for number in range(60))
    found = read_message(
        mail(f"To: {many}, Desk <desk+a2b3@ngo.example>", "Cc: c@x.example", "Delivered-To: in@ngo.example")
    )
    assert found.addressed[0] == "in@ngo.example"
    assert "desk+a2b3@ngo.example" in found.addressed
    assert found.addressed[-1] == "c@x.example"


# ── when, and what it answers ──


def test_the_date_is_in_utc() -> None:
    found = read_message(mail("Date: Mon, 04 May 2026 10:00:00 +0500"))
    assert found.date == datetime(2026, 5, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("written", ["not a date", "Mon, 99 Foo 2026", "1 Jan 0000 00:00 +9999", "\u0664 May"])
def test_a_date_that_is_none_is_a_fault(written: str) -> None:
    found = read_message(mail(f"Date: {written}"))
    assert found.date is None
    assert "the date cannot be read" in found.faults


def test_a_date_after_the_day_of_arrival_is_kept_and_is_a_fault() -> None:
    came = "Received: from a by b; Mon, 04 May 2026 10:00:00 +0000"
    found = read_message(mail(came, "Date: Tue, 05 May 2099 10:00:00 +0000"))
    assert found.date is not None
    assert found.date.year == 2099
    assert "the date lies after the day that the mail came in" in found.faults


def test_the_mails_that_a_mail_answers_are_told_the_nearest_first() -> None:
    found = read_message(mail("Message-ID: <own@x>", "In-Reply-To: <c@ngo>", "References: <a@ngo>\r\n <b@ngo> <c@ngo>"))
    assert found.message_id == "<own@x>"
    assert found.threads == ("<c@ngo>", "<b@ngo>", "<a@ngo>")


def test_a_message_id_that_breaks_other_parsers_is_read_as_it_is() -> None:
    assert read_message(mail("Message-ID: <abc@[>")).message_id == "<abc@[>"


def test_what_servers_found_is_told_from_the_top_down_as_written() -> None:
    found = read_message(
        mail(
            "Authentication-Results: mx.ours.example;\r\n dmarc=pass",
            "Received: by mx.ours.example",
            "Subject: x",
            "Authentication-Results: mx.ours.example; dmarc=pass (forged)",
        )
    )
    assert found.trace == (
        "Authentication-Results: mx.ours.example; dmarc=pass",
        "Received: by mx.ours.example",
        "Authentication-Results: mx.ours.example; dmarc=pass (forged)",
    )


def test_a_subject_stands_on_one_line_without_what_does_not_show() -> None:
    found = read_message(mail("Subject: =?utf-8?q?Re=3A_=D0=BE=D1=82=D0=B2=D0=B5=D1=82=0D=0ABcc=3A_x=1B?="))
    assert found.subject == "Re: ответ Bcc: x"


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8", "iso-8859-1"])
def test_a_subject_in_raw_bytes_is_read_in_the_charset_of_the_text(charset: str) -> None:
    words = "Réponse à l'appel" if charset == "iso-8859-1" else "Ответ на Ваше обращение"
    raw = f"From: a@b.example\nSubject: {words}\nContent-Type: text/plain; charset={charset}\n\n{words}".encode(charset)
    found = read_message(raw)
    assert (found.subject, found.body) == (words, words)


# ── text ──


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251"])
@pytest.mark.parametrize("declared", ["", "iso-8859-1", "us-ascii", "utf-8", "windows-1252"])
def test_cyrillic_that_is_declared_wrongly_is_read(charset: str, declared: str) -> None:
    words = "Сообщаем, что Ваше обращение рассмотрено."
    kind = f"Content-Type: text/plain; charset={declared}\n" if declared else ""
    raw = f"From: a@b.example\n{kind}\n{words}".encode(charset)
    assert read_message(raw).body == words


def test_the_plain_form_of_a_text_is_preferred() -> None:
    found = read_message(multipart(text("The plain answer."), text("<p>The page.</p>", "html"), kind="alternative"))
    assert found.body.strip() == "The plain answer."


@pytest.mark.parametrize("plain", ["", "Please use a better program."])
def test_a_plain_form_that_only_stands_in_for_the_page_is_passed_over(plain: str) -> None:
    page = f"<p>{'The Ministry has looked into the matter at length. ' * 5}</p>"
    found = read_message(multipart(text(plain), text(page, "html"), kind="alternative"))
    assert "at length" in found.body


def test_a_page_is_read_as_it_shows_with_its_quotes_marked() -> None:
    page = "<p>Our answer</p><div style='display:none'>UA 1/01</div><blockquote>your letter</blockquote>"
    found = read_message(mail("Content-Type: text/html; charset=utf-8", body=page))
    assert found.body.split("\n") == ["Our answer", "> your letter"]


def test_a_page_without_declared_charset_is_read_by_what_it_says_itself() -> None:
    page = '<html><head><meta charset="koi8-r"></head><body><p>Ответ</p></body></html>'.encode("koi8-r")
    raw = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + page
    assert read_message(raw).body == "Ответ"


@pytest.mark.parametrize("charset", ["x-unknown", "undefined", "punycode", "idna", "unicode_escape", "'", "utf-16"])
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    found = read_message(mail(f'Content-Type: text/plain; charset="{charset}"', body=f"Our answer to {CODE}"))
    assert CODE in found.body


def test_a_text_right_after_the_headers_is_not_lost() -> None:
    raw = (
        b"From: office@ministry.example\r\nSubject: x\r\nIn answer to your letter on KAZ 001/0802/OBS 053,\r\nwe inform"
    )
    assert "KAZ 001/0802/OBS 053" in read_message(raw).body


# ── attachments ──


def test_an_attachment_keeps_its_name_in_any_encoding_and_its_bytes() -> None:
    content = base64.b64encode(b"%PDF-1.7").decode()
    disposition = "Content-Disposition: attachment; filename*=utf-8''%D0%BE%D1%82%D0%B2%D0%B5%D1%82.pdf"
    part = f"Content-Type: application/pdf\n{disposition}\nContent-Transfer-Encoding: base64\n\n{content}"
    (found,) = read_message(multipart(text("See attached."), part)).attachments
    assert (found.name, found.type, found.content) == ("ответ.pdf", "application/pdf", b"%PDF-1.7")


def test_a_text_that_is_sent_as_a_file_is_an_attachment_and_not_the_text() -> None:
    part = 'Content-Type: text/plain; name="answer.txt"\nContent-Disposition: attachment\n\nfrom the file'
    found = read_message(multipart(text("See attached."), part))
    assert found.body.strip() == "See attached."
    assert [one.name for one in found.attachments] == ["answer.txt"]


def test_mails_that_are_attached_are_told_in_order_and_stay_closed() -> None:
    one, two = (f"Content-Type: message/rfc822\n\nFrom: m@gov.example\nSubject: {name}\n\ntext" for name in "ab")
    three = 'Content-Type: application/octet-stream; name="c.eml"\n\nFrom: m@gov.example\nSubject: c\n\ntext'
    found = read_message(multipart(text("Fwd"), one, two, three))
    assert [read_message(raw).subject for raw in found.attached] == ["a", "b", "c"]
    assert found.attachments == ()


# ── hostile ──

HEADERS = b"From: office@ministry.example\r\nSubject: " + CODE.encode() + b"\r\n"
NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(5000)
)
HOSTILE = {
    "20 000 encoded words": b"From: a@b.example\r\nSubject: " + b" ".join([b"=?utf-8?q?=41?="] * 20_000) + b"\r\n\r\nx",
    "20 000 quotation marks in To": b"From: a@b.example\r\nTo: " + b'"' * 20_000 + b"\r\n\r\nx",
    "20 000 parameters": HEADERS
    + b"Content-Type: text/plain"
    + b"".join(b"; a%d=b" % at for at in range(20_000))
    + b"\r\n\r\nx",
    "100 000 parts": HEADERS + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nx: y\r\n\r\n" * 100_000,
    "5000 nested multiparts": HEADERS + NESTED + b"\r\nx",
    "700 000 header fields": HEADERS + b"X-A: b\r\n" * 700_000 + b"\r\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_within_seconds_and_says_what_was_left_out(name: str) -> None:
    start = time.process_time()
    found = read_message(HOSTILE[name])
    assert time.process_time() - start < 10
    assert found.faults


def test_a_mail_of_50_mb_is_read_within_seconds() -> None:
    body = base64.encodebytes(bytes(50_000_000))
    raw = HEADERS + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    start = time.process_time()
    (found,) = read_message(raw).attachments
    assert time.process_time() - start < 10
    assert len(found.content) == 50_000_000


def test_5000_mails_each_within_the_other_are_left_closed() -> None:
    raw = HEADERS + b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"Subject: x\r\n\r\nx"
    assert len(read_message(raw).attached) == 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert isinstance(read_message(raw), Message)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_from_has_one_address_or_a_fault(written: str) -> None:
    found = one_address(written)
    assert (found.address is None) == bool(found.fault)
