"""The list that lies on top of a print run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from urgent_appeals import packaged
from urgent_appeals.render.press import Pages, Press
from urgent_appeals.render.print_run import Posting, PrintRun

ADDRESS = (
    "H.E. Ms Ilsabet Corvane",
    "Minister of Justice",
    "Ministry of Justice of the Republic of Arlandia",
    "22 Assize Street",
    "10004 Orseval",
    "ARLANDIA",
)
NAME = "UAD-XAA-001-2026.01-20261122-post-1a2b3c4d"
DIGEST = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(packaged.templates()) as opened:
        yield opened


def a_list(press: Press, letters: int, name: str = NAME) -> Pages:
    posting = Posting("arlandia/justice-minister", "UAD XAA 001/2026.01", "en", ADDRESS, 1, date(2026, 11, 30))
    say = f"appeals dispatch printed {name}"
    run = PrintRun(name, "UAD XAA 001/2026.01", date(2026, 11, 22), DIGEST, (posting,) * letters, say, "din-b")
    return press.print_run(run)


def text_of(pages: Pages) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pages.pdf)).pages]


@pytest.mark.parametrize("name", [NAME, f"{NAME}-{'x' * 60}"])
def test_the_command_to_type_stands_whole_on_a_line_of_its_own(press: Press, name: str) -> None:
    (text,) = text_of(a_list(press, 1, name))
    assert f"appeals dispatch printed {name}" in text.splitlines()


def test_the_digest_stands_at_the_foot_alone(press: Press) -> None:
    (text,) = text_of(a_list(press, 1))
    assert text.count("SHA-256") == text.count(DIGEST) == 1
    instructions = text.partition("Print run")[2].partition("10004 Orseval")[0]
    assert "SHA-256" not in instructions


def test_one_letter_is_one_letter_on_one_sheet(press: Press) -> None:
    (text,) = text_of(a_list(press, 1))
    assert "1: 1 page, on 1 sheet where both sides are printed" in text
    assert f"{NAME} · 1 letter\n" in text


def test_six_letters_with_six_lines_of_address_share_a_page(press: Press) -> None:
    assert a_list(press, 6).pages == 1
