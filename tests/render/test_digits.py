"""Numbers are in the digits of the language; codes, numbers to dial and addresses are left as they are."""

from __future__ import annotations

import pytest

from tests.render import arabic
from tests.render.builders import CODE, paragraph
from urgent_appeals.render.digits import in_digits, numbering_system, numbers_in_digits
from urgent_appeals.render.html import Writer
from urgent_appeals.render.text import letter_text


@pytest.mark.parametrize(
    ("language", "system"),
    [
        ("ar", "arab"),
        ("ar-EG", "arab"),
        ("ar-KW", "arab"),
        ("ar-MA", "latn"),
        ("fa", "arabext"),
        ("en", "latn"),
        ("kk", "latn"),
        ("mr", "latn"),
        ("xx-none", "latn"),
        ("", "latn"),
    ],
)
def test_the_digits_are_those_of_the_region_or_else_the_one_that_the_language_follows(
    language: str, system: str
) -> None:
    assert numbering_system(language) == system


@pytest.mark.parametrize(("language", "said"), [("ar", "٢٠٢٦"), ("fa", "۲۰۲۶"), ("ar-MA", "2026"), ("ru", "2026")])
def test_a_number_is_written_in_them(language: str, said: str) -> None:
    assert in_digits("2026", language) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("في 9 أكتوبر 2026، المادة 74", "في ٩ أكتوبر ٢٠٢٦، المادة ٧٤"),
        (f"الرمز {CODE} من 3", f"الرمز {CODE} من ٣"),
        ("هاتف 0113 496 0140", "هاتف 0113 496 0140"),
        ("هاتف +44 113 496 0140", "هاتف +44 113 496 0140"),
        ("الموقع https://quay.example/2026", "الموقع https://quay.example/2026"),
        ("المادة 6 (b) و3", "المادة 6 (b) و٣"),
        ("سطر 1\nسطر 2", "سطر ١\nسطر ٢"),
    ],
)
def test_in_a_text_only_its_own_numbers_are(text: str, said: str) -> None:
    assert numbers_in_digits(text, "ar", (CODE,)) == said


def test_text_in_other_languages_stays() -> None:
    assert numbers_in_digits("9 октября 2026 года", "ru") == "9 октября 2026 года"


def test_the_lines_of_an_address_keep_the_digits_of_the_directory() -> None:
    write = Writer([CODE], (), direction="rtl", language="ar")
    assert write.verbatim("10001 أورسيفال") == {"html": "10001 أورسيفال"}
    assert write.line("10001 أورسيفال") == {"html": "١٠٠٠١ أورسيفال"}


def test_numbered_paragraphs_lists_and_notes_of_a_plain_text_count_in_them() -> None:
    letter = arabic.letter(before=(paragraph("نص.", number=12),))
    text = letter_text(letter)
    assert "١٢. نص." in text
    assert CODE in text
