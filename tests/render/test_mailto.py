"""Mail links: as much of the letter as a link can carry, and exactly that."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import CODE, a_letter, an_addressee, paragraphs, phrases
from urgent_appeals.errors import UnsafeHeader
from urgent_appeals.render.mailto import LIMIT, WARN_ABOVE, MailLink, mail_link
from urgent_appeals.render.text import letter_text, message_text, summary_text

# Signs that could end a parameter, a link or an address, or be taken for an escape.
SIGNS = st.sampled_from(" &?=#%+;,/:@<>\"'\\")
TEXT = st.text(st.one_of(SIGNS, st.characters(categories=("L", "N", "P", "S"))))


def read(link: MailLink) -> tuple[str, dict[str, list[str]]]:
    """Return recipient and fields of a link, as a mail program reads it."""
    parts = urlsplit(link.href)
    assert parts.scheme == "mailto"
    assert not parts.netloc
    assert not parts.fragment
    return unquote(parts.path, errors="strict"), parse_qs(parts.query, errors="strict", strict_parsing=True)


def link_of(**changes: Any) -> MailLink:
    link = mail_link(a_letter(**changes))
    assert link is not None
    return link


def lines(text: str) -> str:
    return text.rstrip("\n").replace("\n", "\r\n")


def test_a_letter_that_fits_goes_whole() -> None:
    letter = a_letter()
    link = link_of()
    assert read(link) == (
        "minister@justice.example",
        {"subject": [letter.subject], "body": [lines(message_text(letter, None))]},
    )
    assert (link.form, link.encoded, link.to_copy) == ("whole", len(link.href), None)


def test_lines_end_as_outlook_wants_them() -> None:
    href = link_of().href
    assert "%0D%0A" in href
    assert href.count("%0A") == href.count("%0D%0A") == href.count("%0D")


def test_a_longer_letter_gives_way_to_its_summary_and_is_there_to_copy() -> None:
    letter = a_letter(before=paragraphs("word " * 500))
    link = mail_link(letter)
    assert link is not None
    assert read(link)[1]["body"] == [lines(summary_text(letter))]
    assert (link.form, link.to_copy) == ("summary", letter_text(letter, None))


def test_without_a_short_summary_only_the_subject_goes_and_the_place_for_the_text() -> None:
    for summary in ((), paragraphs("слово " * 200)):
        letter = a_letter("ru", before=paragraphs("слово " * 200), summary=summary)
        link = mail_link(letter)
        assert link is not None
        fields = {"subject": [letter.subject], "body": [letter.phrases.mail.pasted_text]}
        assert read(link) == ("minister@justice.example", fields)
        assert (link.form, link.to_copy) == ("subject", letter_text(letter, None))


def test_a_subject_too_long_for_any_link_falls_back_to_the_code() -> None:
    link = link_of(subject=f"{CODE} " + "ё" * 400)
    assert read(link) == ("minister@justice.example", {"subject": [CODE]})
    assert link.form == "subject"
    assert link.to_copy is not None
    assert "ёёё" in link.to_copy


def test_a_long_link_says_so() -> None:
    assert not link_of().is_long
    link = link_of(before=paragraphs("word " * 110))
    assert WARN_ABOVE < link.encoded <= LIMIT
    assert link.is_long


def test_no_address_no_link() -> None:
    assert mail_link(a_letter(addressee=an_addressee(email=None))) is None


def test_signs_in_an_address_cannot_become_fields() -> None:
    link = link_of(addressee=an_addressee(email="a&cc=b?bcc=c%2C+d@x.example"))
    recipient, fields = read(link)
    assert recipient == "a&cc=b?bcc=c%2C+d@x.example"
    assert set(fields) == {"subject", "body"}


def test_an_international_domain_travels_in_ascii() -> None:
    link = link_of(addressee=an_addressee(email="minister@правительство.рф"))
    assert link.href.startswith("mailto:minister@xn--80aealotwbjpid2k.xn--p1ai?")


@pytest.mark.parametrize(
    "email",
    [
        "a@b.org\r\nRCPT TO:<x@y.z>",
        "a@b.org, spy@evil.example",
        '"m@gov.kz" <spy@evil.example>',
        "minister@gоv.kz",
    ],
)
def test_what_is_not_one_address_is_refused_by_the_recipient_it_stands_at(email: str) -> None:
    with pytest.raises(UnsafeHeader, match="email address of arlandia/justice"):
        mail_link(a_letter(addressee=an_addressee(email=email)))


@pytest.mark.parametrize(
    "subject", ["x\r\nBcc: spy@evil.example", "x\u2028y", "x\x00y", "=?utf-8?q?x=0D=0ABcc=3A?=", "", " "]
)
def test_a_subject_that_is_unsafe_or_empty_is_refused(subject: str) -> None:
    with pytest.raises(UnsafeHeader, match="subject of"):
        mail_link(a_letter(subject=subject))


@settings(max_examples=60)
@given(
    subject=TEXT.filter(lambda text: bool(text.strip()) and "=?" not in text),
    body=TEXT.filter(lambda text: bool(text.strip())),
    summary=TEXT,
    times=st.sampled_from([1, 3, 40]),
)
def test_whatever_is_written_reads_back_as_it_was_meant(subject: str, body: str, summary: str, times: int) -> None:
    letter = a_letter(
        subject=subject,
        before=paragraphs(f"{body} " * times),
        summary=paragraphs(summary * times) if summary.strip() else (),
        phrases=phrases(),
    )
    link = mail_link(letter)
    assert link is not None
    assert link.encoded == len(link.href) <= LIMIT
    assert link.href.isascii()
    recipient, fields = read(link)
    assert recipient == "minister@justice.example"
    if link.form == "subject":
        assert fields["subject"] in ([subject], [CODE])
        assert set(fields) <= {"subject", "body"}
    else:
        text = message_text(letter, None) if link.form == "whole" else summary_text(letter)
        assert fields == {"subject": [subject], "body": [lines(text)]}
