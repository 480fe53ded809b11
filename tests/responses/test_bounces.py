"""Mail that says that a mail was not delivered: reports in standard form, in the words of servers, and what is none."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from urgent_appeals.domain.response import Severity
from urgent_appeals.responses.bounces import Bounce, Cited, bounce
from urgent_appeals.responses.parts import MOST_PARTS, read_parts

HARD, SOFT = Severity.HARD, Severity.SOFT
TOKEN = "desk+a2b3c4d5e6f7@ngo.example"
SENT = "<0123456789abcdef@ngo.example>"
MAILER = "From: Mail Delivery System <MAILER-DAEMON@mx.example>"
FAILED = "Final-Recipient: rfc822; office@ministry.example\nAction: failed\nStatus: 5.1.1\n"
RETURNED = (
    f"Return-Path: <{TOKEN}>\nFrom: NGO <desk@ngo.example>\nReply-To: {TOKEN}\nMessage-ID: {SENT}\nSubject: Appeal\n"
)


def mail(*headers: str, body: str) -> bytes:
    return "\r\n".join((*headers, "", *body.replace("\r\n", "\n").split("\n"))).encode()


def report(
    *blocks: str,
    headers: Sequence[str] = (MAILER, f"To: {TOKEN}"),
    text: str = "This is the mail system.",
    returned: str = RETURNED,
    kind: str = "multipart/report; report-type=delivery-status",
    returned_as: str = "text/rfc822-headers",
) -> bytes:
    """Return a delivery report: about each recipient in a block, with the mail that came back."""
    parts = (
        f"Content-Type: text/plain\n\n{text}",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n" + "\n".join(blocks),
        f"Content-Type: {returned_as}\n\n{returned}",
    )
    body = "".join(f"--=b\n{part}\n" for part in parts) + "--=b--\n"
    return mail(*headers, f'Content-Type: {kind}; boundary="=b"', "Message-ID: <report@mx.example>", body=body)


def text_only(text: str, *headers: str, subject: str = "Undelivered Mail Returned to Sender") -> bytes:
    return mail(MAILER, f"To: {TOKEN}", f"Subject: {subject}", *headers, body=text)


def found(raw: bytes) -> Bounce:
    what = bounce(raw)
    assert what is not None
    return what


# ── reports in standard form ──


def test_a_delivery_report_names_who_was_not_reached_and_why() -> None:
    block = FAILED + "Diagnostic-Code: smtp; 550 5.1.1\n  <office@ministry.example>: user unknown\n"
    (failure,) = found(report(block)).failures
    assert failure.address == "office@ministry.example"
    assert (failure.severity, failure.gave_up, failure.codes) == (HARD, True, ("5.1.1",))
    assert failure.words == "smtp; 550 5.1.1 <office@ministry.example>: user unknown"


def test_evidence_says_what_was_found_and_where() -> None:
    said = {(one.where, one.words) for one in found(report(FAILED)).evidence}
    assert ("From", "Mail Delivery System <MAILER-DAEMON@mx.example>") in said
    whats = [one.what for one in found(report(FAILED)).evidence if one.where == "message/delivery-status"]
    assert whats == ["office@ministry.example: action failed, status 5.1.1"]


def test_each_recipient_is_judged_by_itself() -> None:
    other = "Final-Recipient: rfc822;second@ministry.example\nAction: delayed\nStatus: 4.4.1\n"
    done = "Final-Recipient: rfc822;third@ministry.example\nAction: delivered\nStatus: 2.0.0\n"
    what = found(report(FAILED, other, done))
    assert [(one.address, one.severity, one.gave_up) for one in what.failures] == [
        ("office@ministry.example", HARD, True),
        ("second@ministry.example", SOFT, False),
    ]
    assert what.recipients == ("office@ministry.example", "second@ministry.example")
    assert (what.severity, what.is_temporary) == (HARD, False)


@pytest.mark.parametrize(
    ("fields", "severity", "temporary"),
    [
        pytest.param("Action: failed\nStatus: 5.1.1", HARD, False, id="no such mailbox"),
        pytest.param("Action: failed\nStatus: 5.2.2", SOFT, False, id="mailbox full"),
        pytest.param("Action: failed\nStatus: 4.4.7", SOFT, False, id="gave up after days"),
        pytest.param(
            "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 disk quota exceeded", SOFT, False, id="quota"
        ),
        pytest.param("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 no such user", HARD, False, id="words"),
        pytest.param(
            "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 5.2.2 sorry", SOFT, False, id="better code"
        ),
        pytest.param("Action: failed\nDiagnostic-Code: smtp; 451 local error", SOFT, False, id="a reply of 4xx alone"),
        pytest.param("Action: failed", HARD, False, id="neither code nor words"),
        pytest.param("Action: delayed\nStatus: 4.2.2", SOFT, True, id="delayed"),
        pytest.param("Action: delayed\nStatus: 5.0.0", SOFT, True, id="delayed, whatever its code"),
        pytest.param("Action: failed (bad mailbox)\nStatus: 5.1.1 (unknown)", HARD, False, id="with comments"),
        pytest.param("Action: error\nStatus: 5.1.1", HARD, False, id="opensmtpd"),
        pytest.param("Status: 5.1.1", HARD, False, id="no action, 5"),
        pytest.param("Status: 4.1.1", SOFT, True, id="no action, 4"),
    ],
)
def test_a_failure_is_hard_or_soft(fields: str, severity: Severity, temporary: bool) -> None:
    what = found(report(f"Final-Recipient: rfc822;office@ministry.example\n{fields}\n"))
    assert (what.severity, what.is_temporary) == (severity, temporary)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "Delivered (to mailbox)"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    block = f"Final-Recipient: rfc822;office@ministry.example\nAction: {action}\nStatus: 2.0.0\n"
    assert (
        bounce(report(block, text="Your message could not be delivered to\noffice@ministry.example at first.")) is None
    )


@pytest.mark.parametrize(
    ("fields", "address", "final"),
    [
        pytest.param("Final-Recipient: rfc822; <a@b.example>", "a@b.example", "", id="angle brackets"),
        pytest.param("Final-Recipient: RFC822;a@b.example", "a@b.example", "", id="capitals"),
        pytest.param("Final-Recipient: a@b.example", "a@b.example", "", id="no type"),
        pytest.param("Final-Recipient: <a@b.example>", "a@b.example", "", id="neither type nor manners"),
        pytest.param(
            "Original-Recipient: rfc822;a@b.example\nFinal-Recipient: rfc822;c@d.example",
            "a@b.example",
            "c@d.example",
            id="sent on",
        ),
        pytest.param(
            "Original-Recipient: x400; /C=KZ/\nFinal-Recipient: rfc822;a@b.example", "a@b.example", "", id="X.400"
        ),
        pytest.param(r"Final-Recipient: utf-8; \x{43A}\x{430}@b.example", "ка@b.example", "", id="RFC 6533"),
        pytest.param("Final-Recipient: utf-8; ка@почта.example", "ка@почта.example", "", id="UTF-8 as it is"),
        pytest.param(r"Final-Recipient: utf-8; \x{D800}a@b.example", "", "", id="no character"),
        pytest.param("Final-Recipient: rfc822; o'brien+x@b.example", "o'brien+x@b.example", "", id="marks"),
        pytest.param('Final-Recipient: rfc822; "a b"@b.example', "", "", id="blanks in quotes"),
        pytest.param("Final-Recipient: rfc822; undisclosed", "", "", id="no address"),
    ],
)
def test_a_recipient_is_read_in_every_spelling(fields: str, address: str, final: str) -> None:
    (failure, *_) = found(report(f"{fields}\nAction: failed\nStatus: 5.1.1\n", text="Nothing else.")).failures
    if address:
        assert (failure.address, failure.final) == (address, final)
    else:
        assert failure.address not in ("office@ministry.example", TOKEN)


def test_recipients_without_an_empty_line_between_are_told_apart() -> None:
    two = FAILED + FAILED.replace("office@", "second@")
    assert found(report(two)).recipients == ("office@ministry.example", "second@ministry.example")


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/report",
        "multipart/mixed",
        "multipart/report; report-type=delivery-status; x=y",
        "MULTIPART/REPORT",
    ],
)
def test_a_report_is_read_under_each_type(kind: str) -> None:
    assert found(report(FAILED, kind=kind)).recipients == ("office@ministry.example",)


def test_a_report_whose_boundary_is_lost_is_read() -> None:
    raw = report(FAILED).replace(b'; boundary="=b"', b"")
    assert found(raw).recipients == ("office@ministry.example",)


def test_a_report_in_base64_is_read() -> None:
    status = f"Reporting-MTA: dns; mx.example\n\n{FAILED}"
    body = (
        "--=b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(status.encode()).decode()}\n--=b--\n"
    )
    raw = mail(MAILER, 'Content-Type: multipart/report; boundary="=b"', body=body)
    assert found(raw).recipients == ("office@ministry.example",)


def test_a_report_with_the_footer_of_a_list_around_it_is_read() -> None:
    inner = report(FAILED, headers=()).decode()
    body = f"--o\n{inner}\n--o\nContent-Type: text/plain\n\nThis mail was checked for viruses.\n--o--\n"
    raw = mail(MAILER, 'Content-Type: multipart/mixed; boundary="o"', body=body)
    assert found(raw).recipients == ("office@ministry.example",)


# ── what it was about ──


@pytest.mark.parametrize("returned_as", ["message/rfc822", "text/rfc822-headers", "message/global-headers"])
def test_a_bounce_cites_the_mail_that_came_back(returned_as: str) -> None:
    what = found(report(FAILED, returned_as=returned_as))
    assert what.message_ids == (Cited(SENT, "the returned mail"),)
    assert Cited(TOKEN, "to") in what.addresses
    assert Cited(TOKEN, "reply-to of the returned mail") in what.addresses
    assert Cited(TOKEN, "return-path of the returned mail") in what.addresses


def test_a_bounce_cites_what_its_text_and_its_header_name() -> None:
    returned = f"--- Original message follows ---\nReply-To: {TOKEN}\nMessage-ID: {SENT}\n"
    text = f"<office@ministry.example>: user unknown\n\n{returned}"
    what = found(text_only(text, "In-Reply-To: <other@ngo.example>", f"X-Original-To: {TOKEN}"))
    assert set(what.message_ids) == {Cited(SENT, "the text"), Cited("<other@ngo.example>", "in-reply-to")}
    assert {Cited(TOKEN, "reply-to in the text"), Cited(TOKEN, "x-original-to")} <= set(what.addresses)


def test_a_bounce_never_cites_itself() -> None:
    assert "<report@mx.example>" not in [
        one.value for one in found(report(FAILED, returned="Subject: x\n")).message_ids
    ]


def test_a_forged_bounce_cites_nothing_of_ours() -> None:
    """THREATS A20: it is a bounce all the same, and what the caller looks for is not in it."""
    what = found(
        report(
            FAILED, headers=(MAILER, "To: desk@ngo.example"), returned="Subject: Appeal\nMessage-ID: <x@y.example>\n"
        )
    )
    assert what.recipients == ("office@ministry.example",)
    assert SENT not in [one.value for one in what.message_ids]
    assert TOKEN not in [one.value for one in what.addresses]


# ── in the words of servers ──


WORDS: Mapping[str, tuple[str, str]] = {
    "en": (
        "Mail delivery failed",
        "The following mail could not be delivered:\n\n<office@min-justice.example>: user unknown",
    ),
    "ru": (
        "Недоставленное сообщение",
        "Ваше письмо не может быть доставлено:\n\noffice@min-justice.example\nПользователь не найден.",
    ),
    "kk": ("Жеткізілмеген хат", "Хат жеткізілмеді: office@min-justice.example, мұндай пайдаланушы жоқ."),
    "fr": ("Non remis : Appel", "Le message n'a pas pu être remis à office@min-justice.example."),
    "es": ("No se puede entregar: Carta", "El mensaje no pudo ser entregado a\n  office@min-justice.example"),
    "ar": ("تعذر التسليم: رسالة", "لم يتم تسليم الرسالة إلى office@min-justice.example"),
    "de": ("Unzustellbar: Schreiben", "Ihre Nachricht konnte nicht zugestellt werden:\n<office@min-justice.example>"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_bounce_is_known_by_its_words(language: str) -> None:
    subject, text = WORDS[language]
    what = found(text_only(text, subject=subject))
    assert what.recipients == ("office@min-justice.example",)
    assert (what.severity, what.is_temporary) == (HARD, False)


@pytest.mark.parametrize(
    "words",
    [
        "552 5.2.2 mailbox full",
        "Quota exceeded (mailbox for user is full)",
        "Ящик переполнен",
        "Boîte pleine",
        "buzón lleno",
        "Das Postfach ist voll",
        "صندوق البريد ممتلئ",
        "452 too many mails",
    ],
)
def test_what_will_pass_is_soft_but_final(words: str) -> None:
    what = found(text_only(f"Could not be delivered to one recipient:\n\n<office@ministry.example>: {words}\n"))
    assert what.recipients == ("office@ministry.example",)
    assert (what.severity, what.is_temporary) == (SOFT, False)


def test_a_warning_that_a_mail_is_late_is_temporary() -> None:
    text = "Your message has not yet been delivered to\n\n  office@min-justice.example\n\nIt will be retried."
    what = found(text_only(text, subject="Warning: message delayed"))
    assert what.recipients == ("office@min-justice.example",)
    assert (what.severity, what.is_temporary) == (SOFT, True)


def test_the_header_of_exim_names_who_failed() -> None:
    what = found(text_only("It did not work.", "X-Failed-Recipients: office@ministry.example, b@ministry.example"))
    assert set(what.recipients) == {"office@ministry.example", "b@ministry.example"}


def test_a_bounce_that_names_nobody_is_one_all_the_same() -> None:
    what = found(text_only("A message that you sent could not be delivered to one of its recipients."))
    assert what.recipients == ()
    assert len(what.failures) == 1


def test_a_report_in_standard_form_that_names_nobody_takes_the_name_from_the_text() -> None:
    raw = report(
        "Action: failed\nStatus: 5.1.1\n", text="Could not be delivered:\n<office@ministry.example>: user unknown"
    )
    assert found(raw).recipients == ("office@ministry.example",)


def test_without_flufl_bounce_standard_reports_and_words_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flufl.bounce", None)
    assert found(report(FAILED)).recipients == ("office@ministry.example",)
    what = found(text_only(WORDS["en"][1]))
    assert [one.what for one in what.evidence][-1] == "words of mail servers"


# ── what is no bounce ──


PERSON = "From: Supporter <anna@home.example>"
QUOTED = "> This is the mail system.\n> Your message could not be delivered to\n> office@ministry.example\n"


@pytest.mark.parametrize(
    "headers",
    [
        (PERSON, "Subject: Fwd: Undelivered Mail Returned to Sender"),
        (PERSON, "Subject: Re: Undelivered Mail Returned to Sender", "In-Reply-To: <1@mx.example>"),
        (PERSON, "Subject: Пересл: Недоставленное сообщение"),
        (PERSON, "Subject: What shall I do?"),
        ("From: Minister <minister@ministry.example>", "Subject: Re: Appeal", "Auto-Submitted: no"),
    ],
)
def test_a_person_who_quotes_a_bounce_sends_none(headers: tuple[str, ...]) -> None:
    assert bounce(mail(*headers, body=f"I got this:\n\n{QUOTED}")) is None
    assert bounce(mail(*headers, body=f"I got this:\n\n{QUOTED.replace('> ', '')}")) is None


def test_a_bounce_that_is_attached_to_a_persons_mail_is_none() -> None:
    attached = report(FAILED).decode()
    body = f"--o\n\nI got this.\n--o\nContent-Type: message/rfc822\n\n{attached}\n--o--\n"
    assert (
        bounce(mail(PERSON, "Subject: Fwd: a problem", 'Content-Type: multipart/mixed; boundary="o"', body=body))
        is None
    )


def test_a_bounce_that_a_mail_server_wraps_is_one() -> None:
    body = f"--o\nContent-Type: message/rfc822\n\n{report(FAILED).decode()}\n--o--\n"
    raw = mail("From: postmaster@mx.example", "Subject: x", 'Content-Type: multipart/mixed; boundary="o"', body=body)
    assert found(raw).recipients == ("office@ministry.example",)


def test_an_automatic_reply_without_return_path_is_no_bounce() -> None:
    text = "I am out of the office. The address office@ministry.example is unavailable until Monday."
    headers = ("Return-Path: <>", "From: office@ministry.example", "Subject: Automatic reply: Appeal")
    assert bounce(mail(*headers, "Auto-Submitted: auto-replied", body=text)) is None


def test_an_automatic_reply_of_groupwise_is_no_bounce() -> None:
    body = "--b\nContent-Type: text/plain\n\nI am away. Ask <second@ministry.example>.\n--b--\n"
    kind = 'Content-Type: multipart/mixed; boundary="b"'
    headers = ("Return-Path: <>", "From: office@ministry.example", "X-Mailer: Novell GroupWise Internet Agent 8.0")
    assert bounce(mail(*headers, kind, body=body)) is None
    failed = body.replace("I am away. Ask", "User unknown:")
    assert found(mail(*headers, kind, body=failed)).recipients == ("second@ministry.example",)


def test_a_read_receipt_is_no_bounce() -> None:
    fields = "Final-Recipient: rfc822;office@ministry.example\nDisposition: manual-action/MDN-sent-manually; deleted\n"
    body = (
        f"--b\n\nYour message was not read.\n--b\nContent-Type: message/disposition-notification\n\n{fields}\n--b--\n"
    )
    kind = 'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"'
    assert (
        bounce(mail("Return-Path: <>", "From: office@ministry.example", "Subject: Not read: Appeal", kind, body=body))
        is None
    )


def test_an_answer_is_no_bounce() -> None:
    assert bounce(mail("From: office@ministry.example", "Subject: Re: Appeal", body="Mr Example was set free.")) is None


# ── hostile input ──


@pytest.mark.parametrize(
    "sender", ["", "From:\r\n", "From: <>\r\n", "From: Система\r\n", 'From: "\r\n', "From: ,,\r\n"]
)
def test_a_bounce_without_a_proper_sender_is_read(sender: str) -> None:
    text = "Delivery to the following recipient failed permanently:\n\n     office@ministry.example\n"
    what = found(sender.encode() + b"Subject: Delivery Status Notification (Failure)\r\n\r\n" + text.encode())
    assert what.recipients == ("office@ministry.example",)
    assert [one.what for one in what.evidence][-1] == "flufl.bounce"


@pytest.fixture
def nothing_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where flufl.bounce has logged that one of its detectors raised."""
    with caplog.at_level("ERROR"):
        yield
    assert caplog.records == []


@pytest.mark.usefixtures("nothing_logged")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    bounce(content)
    bounce(report(FAILED) + content)
    bounce(mail(MAILER, "Subject: failure notice", body="user unknown\n") + content)
    bounce(b"From: MAILER-DAEMON\nContent-Type: multipart/report; boundary=b\n\n--b\n" + content)
    bounce(b"Subject: failure notice\nX-Mailer: Nov\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + content)


ODD = {
    "Message-ID": b"Message-ID: <abc@[>",
    "charset": b'Content-Type: text/plain; charset="x-unknown"',
    "undefined charset": b'Content-Type: text/plain; charset="undefined"',
    "subject in KOI8-R": "Subject: Обращение".encode("koi8-r"),
    "no date": b"Date: not a date",
    "late date": b"Date: Fri, 1 Jan 2099 00:00:00 +0000",
    "two senders": b"From: minister@gov.example\nFrom: spy@evil.example",
    "two addresses": b"From: minister@gov.example, spy@evil.example",
    "blank before colon": b"From : minister@gov.example\nFrom: spy@evil.example",
    "bare CR": b"From: minister@gov.example\rSubject: x",
    "zero byte": b"From: minister@gov.example\x00<spy@evil.example>",
}


@pytest.mark.parametrize("what", ODD)
def test_odd_headers_change_neither_what_is_a_bounce_nor_what_is_none(what: str) -> None:
    """THREATS A17."""
    assert bounce(ODD[what] + b"\n\nMr Example was set free.\n") is None
    with_it = ODD[what].replace(b"Content-Type", b"X-Type") + b"\n" + report(FAILED)
    assert found(with_it).recipients == ("office@ministry.example",)


HOSTILE = {
    "encoded words": b"From: MAILER-DAEMON@x\nSubject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\n\nuser unknown",
    "quotes": b"From: MAILER-DAEMON@x\nTo: " + b'"' * 20_000 + b"\n\nuser unknown",
    "failed recipients": b"From: MAILER-DAEMON@x\nX-Failed-Recipients: " + b'"<(' * 50_000 + b"\n\nuser unknown",
    "parameters": b"From: MAILER-DAEMON@x\nContent-Type: multipart/report" + b"; a=b" * 20_000 + b"\n\nuser unknown",
    "parts": b"From: MAILER-DAEMON@x\nContent-Type: multipart/report; boundary=a\n\n"
    + b"--a\r\nx: y\r\n\r\n" * 100_000,
    "nested multiparts": b"From: MAILER-DAEMON@x\n"
    + b"".join(b"Content-Type: multipart/report; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(5000)),
    "nested mails": b"From: MAILER-DAEMON@x\n" + b"Content-Type: message/rfc822\n\n" * 5000,
    "recipients": report(*[FAILED] * 50_000),
    "addresses": text_only("could not be delivered\n" + "a@b.example: user unknown\n" * 50_000),
    "long words": text_only("Your message could not be delivered to\n" + "a" * 3_000_000),
    "start of every form": text_only(
        "Delivery to the following recipient failed\nthe following addresses had\n" + "a@" * 999_999
    ),
    "blanks": text_only("could not be delivered" + " " * 2_000_000 + "x"),
    "lines": text_only("could not be delivered\n" * 200_000),
    "header lines": text_only("could not be delivered\n" + "To: <\n" * 300_000),
    "almost a boundary": b"From: MAILER-DAEMON@x\nContent-Type: multipart/report\n\n" + b"--a" + b" " * 2_000_000,
    "base64": b"From: MAILER-DAEMON@x\nContent-Transfer-Encoding: base64\n\n" + b"QUFB" * 5_000_000,
    "markup": b"From: MAILER-DAEMON@x\nContent-Type: text/html\n\n" + b"<p " * 700_000,
    "one field": b"From: MAILER-DAEMON@x\nReferences: " + b"<a" * 700_000 + b"\n\nuser unknown",
}


@pytest.mark.usefixtures("nothing_logged")
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bytes_take_no_time(what: str) -> None:
    start = time.process_time()
    bounce(HOSTILE[what])
    assert time.process_time() - start < 10


def test_time_grows_with_the_size_and_no_faster() -> None:
    def seconds(size: int) -> float:
        raw = report(*[FAILED] * size, text="could not be delivered " * size, returned=RETURNED * size)

        def once() -> float:
            start = time.process_time()
            bounce(raw)
            return time.process_time() - start

        return min(once() for _ in range(3))  # other programs run as well

    seconds(10)
    assert seconds(16_000) < 10 * max(seconds(4_000), 0.1)  # where it were quadratic, 16 times


def test_a_mail_of_too_many_parts_is_read_as_far_as_the_limit() -> None:
    mail_of_parts = b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * (2 * MOST_PARTS)
    assert sum(1 for _ in read_parts(mail_of_parts).walk()) == MOST_PARTS
