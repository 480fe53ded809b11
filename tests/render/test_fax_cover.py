"""The cover page of a fax, and what is joined to it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.builders import a_letter, phrases
from urgent_appeals import packaged
from urgent_appeals.domain.letter import Letter
from urgent_appeals.errors import RenderError
from urgent_appeals.render.join import joined, page_count
from urgent_appeals.render.press import Press

NUMBER = "+41225550100"
LANGUAGES = ("en", "ru", "kk", "fr", "es", "ar")


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(packaged.templates()) as opened:
        yield opened


def letter_in(language: str) -> Letter:
    return a_letter().model_copy(update={"language": language, "phrases": phrases(language)})


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cover_is_one_page_with_number_and_code_in_each_language(press: Press, language: str) -> None:
    letter = letter_in(language)
    cover = press.fax_cover(letter, NUMBER, 3)
    assert cover.pages == 1
    text = text_of(cover.pdf)
    assert NUMBER in text
    assert str(letter.code) in text


@pytest.mark.parametrize("language", ["en", "ru", "kk", "fr", "es"])
def test_a_cover_has_the_words_of_its_language(press: Press, language: str) -> None:
    text = " ".join(text_of(press.fax_cover(letter_in(language), NUMBER, 3).pdf).split())
    words = phrases(language).fax
    for word in (words.heading, words.to, words.number, words.sender, words.pages, words.pass_on):
        assert word in text


def test_a_cover_says_to_whom_and_from_whom_and_how_many_pages_and_not_about_whom(press: Press) -> None:
    letter = a_letter()
    text = text_of(press.fax_cover(letter, NUMBER, 3).pdf)
    assert letter.addressee.name in text or all(line in text for line in letter.addressee.by_name)
    assert letter.signatory.name in text
    assert "3" in text.split()
    assert letter.names
    assert not any(name in text for name in letter.names)


def test_a_cover_says_where_to_tell_of_a_page_that_did_not_arrive(press: Press) -> None:
    letter = a_letter()
    assert letter.reply_to
    assert f"Email: {letter.reply_to}" in text_of(press.fax_cover(letter, NUMBER, 3).pdf)
    without = letter.model_copy(update={"reply_to": None})
    assert "Email" not in text_of(press.fax_cover(without, NUMBER, 3).pdf)


def test_no_line_of_a_name_ends_with_a_word_that_belongs_to_the_next_one(press: Press) -> None:
    letter = a_letter()
    name = "Head of the Department of the Execution of Sentences of the Republic of Arlandia"
    addressee = letter.addressee.model_copy(update={"by_name": (name,)})
    text = text_of(press.fax_cover(letter.model_copy(update={"addressee": addressee}), NUMBER, 3).pdf)
    said = text.replace("\xa0", " ").partition("Head")[2].partition("Fax number")[0].strip()
    assert "\n" in said
    assert not any(line.endswith((" of", " the")) for line in said.splitlines())


def test_the_same_cover_is_the_same_bytes(press: Press) -> None:
    assert press.fax_cover(a_letter(), NUMBER, 3).pdf == press.fax_cover(a_letter(), NUMBER, 3).pdf


def test_joined_pdfs_are_their_pages_in_order_and_the_same_bytes_each_time(press: Press) -> None:
    one = press.fax_cover(a_letter(), NUMBER, 3).pdf
    two = press.fax_cover(letter_in("ru"), NUMBER, 3).pdf
    both = joined([("one", one), ("two", two)])
    assert text_of(both) == text_of(one) + "\n" + text_of(two)
    assert both == joined([("one", one), ("two", two)])


def test_each_begins_on_a_sheet_of_its_own_where_that_is_asked_for(press: Press) -> None:
    one = press.fax_cover(a_letter(), NUMBER, 3).pdf
    pages = PdfReader(BytesIO(joined([("one", one), ("two", one)], each_on_a_sheet=True))).pages
    assert [bool(page.extract_text()) for page in pages] == [True, False, True, False]


def test_what_is_no_pdf_is_named() -> None:
    with pytest.raises(RenderError, match="the letter"):
        joined([("the letter", b"%PDF-1.7 of nothing")])
    with pytest.raises(RenderError, match="the letter"):
        page_count("the letter", b"nothing")
