"""Email drafts: exactly the headers that were meant, one recipient or none, and the same bytes every time."""

from __future__ import annotations

import email
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import CODE, a_letter, a_signatory, an_addressee
from tests.golden import Golden
from urgent_appeals.domain.letter import Letter
from urgent_appeals.errors import RenderError, UnsafeHeader
from urgent_appeals.render import mail
from urgent_appeals.render.mail import draft
from urgent_appeals.render.text import message_text

PDF = b"%PDF-1.7\r\nnot a page, but these bytes\n" + bytes(range(256))
HTML = '<!doctype html>\n<html lang="en"><body><p>Your Excellency, – =2E\n.\nFrom here</p></body></html>\n'
HEADERS = ["X-Unsent", "To", "Reply-To", "Subject", "MIME-Version", "Content-Type"]
SAFE = st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "M")), min_size=1, max_size=300).filter(
    lambda text: text.strip() == text and "=?" not in text
)


def made(letter: Letter, *, pdf_name: str = "arlandia-justice_en.pdf", html: str = HTML) -> bytes:
    return draft(letter, pdf=PDF, pdf_name=pdf_name, html=html)


def read(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=SMTP)


def raw(data: bytes, field: str) -> str:
    """Return a header unfolded and decoded by the library's older decoder, which keeps to RFC 2047."""
    value = re.sub(r"\r?\n", "", email.message_from_bytes(data)[field])
    return str(make_header(decode_header(value)))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_whole_draft(language: str, golden: Golden) -> None:
    golden.check(f"mail/draft_{language}.eml", made(a_letter(language)))


def test_a_draft_has_just_the_headers_of_a_draft() -> None:
    message = read(made(a_letter()))
    assert message.keys() == HEADERS
    assert message["X-Unsent"] == "1"
    assert message["Reply-To"] == "answers@campaign.example"
    assert message["Subject"] == f"{CODE} – Ms Ilva Maren: request for her release"


def test_it_goes_to_one_recipient() -> None:
    (recipient,) = read(made(a_letter()))["To"].addresses
    assert recipient.addr_spec == "minister@justice.example"
    assert recipient.display_name == "Minister of Justice, Republic of Arlandia"


def test_without_an_address_it_goes_to_nobody_yet() -> None:
    assert read(made(a_letter(addressee=an_addressee(email=None)))).keys() == [h for h in HEADERS if h != "To"]


@pytest.mark.parametrize(
    ("reply_to", "own"),
    [
        pytest.param(None, "m.hale@letters.example", id="none"),
        pytest.param("m.hale@letters.example", "m.hale@letters.example", id="own"),
        pytest.param("M.Hale@Letters.Example", "m.hale@letters.example", id="own in capitals"),
    ],
)
def test_answers_go_to_the_account_that_sends_unless_the_campaign_has_its_own(reply_to: str | None, own: str) -> None:
    assert "Reply-To" not in read(made(a_letter(reply_to=reply_to, signatory=a_signatory(email=own))))


def test_answers_go_to_the_campaign_where_the_sender_gives_no_address() -> None:
    message = read(made(a_letter(signatory=a_signatory(email=None))))
    assert message["Reply-To"] == "answers@campaign.example"


def test_the_parts_are_text_and_html_beside_the_pdf() -> None:
    letter = a_letter()
    message = read(made(letter))
    text, html, pdf = [part for part in message.walk() if not part.is_multipart()]
    expected = f"{message_text(letter)}\nThis letter is attached as a PDF document.\n"
    assert text.get_content().replace("\r\n", "\n") == expected
    assert html.get_content().replace("\r\n", "\n") == HTML
    assert (pdf.get_content(), pdf.get_filename()) == (PDF, "arlandia-justice_en.pdf")
    assert pdf.get_content_disposition() == "attachment"
    body = message.get_body()
    assert body is not None
    assert body.get_content_type() == "text/html"


def test_the_code_can_be_found_in_the_subject_without_decoding() -> None:
    assert f"\r\nSubject: {CODE}\r\n =?utf-8?b?".encode() in made(a_letter("ru"))


def test_made_twice_it_is_the_same() -> None:
    assert made(a_letter("ru")) == made(a_letter("ru"))


def test_another_content_has_other_boundaries() -> None:
    boundaries = [read(made(a_letter(), html=html)).get_boundary() for html in ("<p>one</p>", "<p>two</p>")]
    assert boundaries[0] != boundaries[1]


def test_an_address_beyond_ascii_is_never_mangled() -> None:
    data = made(a_letter("ru", addressee=an_addressee(name="Министр", email="министр@правительство.рф")))
    assert "<министр@правительство.рф>\r\n".encode() in data


def test_an_international_domain_travels_in_ascii() -> None:
    message = read(made(a_letter(addressee=an_addressee(email="minister@gov。kz"))))
    assert [address.addr_spec for address in message["To"].addresses] == ["minister@gov.kz"]


@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?Appeal=0D=0ABcc=3A_spy=40evil=2Eexample?=",
        "Appeal\r\nBcc: spy@evil.example",
        "Appeal\u2028x",
        "Appeal\x85x",
        "Appeal\x0bx",
        "Appeal\x00x",
        "Appeal\udc80x",
        " ",
    ],
    ids=ascii,
)
def test_what_could_become_another_header_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(UnsafeHeader, match=f"^subject of {CODE}"):
        made(a_letter(subject=text))
    with pytest.raises(UnsafeHeader, match=r"^name of arlandia/justice"):
        made(a_letter(addressee=an_addressee(name=text)))


@pytest.mark.parametrize(
    "address",
    [
        "a@b.org\r\nRCPT TO:<x@y.z>",
        "a@b.org, spy@evil.example",
        '"m@gov.kz" <spy@evil.example>',
        "-oQ./tmp@x.org",
    ],
)
def test_what_is_not_one_address_is_refused_by_its_field(address: str) -> None:
    with pytest.raises(UnsafeHeader, match=r"^email address of arlandia/justice"):
        made(a_letter(addressee=an_addressee(email=address)))
    with pytest.raises(UnsafeHeader, match=r"^reply_to of the campaign"):
        made(a_letter(reply_to=address))


@pytest.mark.parametrize(
    "name",
    ["x.pdf\x00.exe", "\u202efdp.exe", 'a".pdf', "../a.pdf", "письмо.pdf", "a.exe", "a" * 200 + ".pdf"],
)
def test_an_attachment_has_a_plain_name(name: str) -> None:
    with pytest.raises(UnsafeHeader, match=r"^name of the attachment"):
        made(a_letter(), pdf_name=name)


def test_a_name_with_a_comma_stays_one_recipient() -> None:
    (recipient,) = read(made(a_letter(addressee=an_addressee(name="Minister of Justice, Dr. X"))))["To"].addresses
    assert (recipient.display_name, recipient.addr_spec) == (
        "Minister of Justice, Dr. X",
        "minister@justice.example",
    )


def test_html_with_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(RenderError, match="surrogate"):
        made(a_letter(), html="<p>\udc80</p>")


def test_a_draft_that_does_not_read_back_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = mail._header_lines
    monkeypatch.setattr(mail, "_header_lines", lambda heading: [*lines(heading), "Bcc: spy@evil.example"])
    with pytest.raises(RenderError, match=r"its headers are .*Bcc"):
        made(a_letter())


@pytest.mark.parametrize(
    ("written_by", "meant", "written", "told"),
    [
        pytest.param("_header_lines", "<minister@", "<spy@evil.example>, <minister@", "its recipient", id="recipient"),
        pytest.param("_header_lines", "Dr. X", "Dr. Y", "the recipient's name", id="name"),
        pytest.param("_header_lines", ": answers@", ": spy@", "its reply address", id="reply address"),
        pytest.param("_header_lines", "Subject: A", "Subject: B", "its subject", id="subject"),
        pytest.param("_header_lines", "MIME", "x" * 1000, "a line is too long", id="long line"),
        pytest.param("_header_lines", "MIME", "\nMIME", "ends as no line", id="bare line end"),
        pytest.param("_body", "text/html", "text/calendar", "its parts are", id="part"),
        pytest.param("_body", "Your", "My", "its text", id="text"),
        pytest.param("_body", "JVBERi0", "!VBERi0", "not well formed|attachment", id="base64"),
        pytest.param("_body", "filename=", "filename=x-", "attachment", id="file name"),
    ],
)
def test_whatever_is_written_otherwise_than_it_was_meant_is_not_given_out(
    monkeypatch: pytest.MonkeyPatch, written_by: str, meant: str, written: str, told: str
) -> None:
    lines = getattr(mail, written_by)
    monkeypatch.setattr(mail, written_by, lambda given: [line.replace(meant, written) for line in lines(given)])
    with pytest.raises(RenderError, match=told):
        made(a_letter(subject="A subject", addressee=an_addressee(name="Dr. X")))


def test_a_draft_that_lost_its_attachment_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_base64_lines", lambda _: [""])
    with pytest.raises(RenderError, match="attachment"):
        made(a_letter())


@settings(max_examples=150)
@given(subject=SAFE, name=SAFE)
def test_any_subject_and_name_come_back_exactly(subject: str, name: str) -> None:
    data = made(a_letter(subject=subject, addressee=an_addressee(name=name)))
    message = read(data)
    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["minister@justice.example"]
    assert raw(data, "Subject") == subject
    read_name = raw(data, "To").rpartition("<")[0].strip()
    assert unquote(read_name) == name
    headers = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 76 or not line.startswith((b"Subject", b"To", b" ")) for line in headers)


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_and_html_come_back_in_short_lines(close: str, html: str) -> None:
    letter = a_letter(close=f"x{close}")
    data = made(letter, html=html)
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    text, page = list(read(data).walk())[2:4]
    assert text.get_content().replace("\r\n", "\n").startswith(message_text(letter))
    assert page.get_content() == html.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
