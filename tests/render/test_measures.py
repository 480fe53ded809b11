"""Addresses, windows, dates, QR codes and densities: the arithmetic behind the page."""

from __future__ import annotations

import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.builders import TEMPLATES, letter, paragraphs
from urgent_appeals.domain.values import PartialDate
from urgent_appeals.errors import UnknownChoice
from urgent_appeals.render.address import POINT, SIZES, even_lines, even_width, fit, with_fewer_lines
from urgent_appeals.render.dates import in_words, partial_in_words
from urgent_appeals.render.density import BOTTOM, DENSITIES, Estimate, densities
from urgent_appeals.render.envelope import Rectangle, envelope
from urgent_appeals.render.finish import packed_safely
from urgent_appeals.render.fonts import SERIF, Fonts
from urgent_appeals.render.qr import PITCH, SMALLEST, draw
from urgent_appeals.render.templates import Templates


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(Templates(TEMPLATES))


def by_character(text: str, size: float = 1.0) -> float:
    return len(text) * size


def test_the_safe_zone_of_din_b_is_what_shows_however_the_sheet_slips() -> None:
    assert envelope("din-b").safe == Rectangle(22.0, 52.0, 98.0, 88.0)


def test_an_unknown_envelope_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownChoice, match="no envelope 'c6'; choose from: din-a, din-b, nf"):
        envelope("c6")


def test_lines_are_broken_evenly_and_not_after_a_small_word() -> None:
    words = "Administration of the President of the Republic".split()

    assert even_lines(words, 34, by_character) == ("Administration of the President", "of the Republic")


def test_two_lines_part_where_a_name_begins_rather_than_amid_one() -> None:
    words = "Министерство внутренних дел Республики Казахстан".split()

    assert even_lines(words, 34, by_character) == ("Министерство внутренних дел", "Республики Казахстан")


def test_no_line_begins_with_a_dash() -> None:
    assert even_lines("Arlandia — presenter detained".split(), 20, by_character) == ("Arlandia —", "presenter detained")


def test_a_word_wider_than_the_room_cannot_be_broken() -> None:
    assert even_lines(["x" * 11], 10, by_character) is None


@given(st.lists(st.text("ab", min_size=1, max_size=12), min_size=1, max_size=20), st.integers(12, 60))
def test_no_word_is_lost_and_no_line_too_wide(words: list[str], width: int) -> None:
    lines = even_lines(words, width, by_character)

    assert lines is not None
    assert " ".join(lines).split() == words
    assert all(len(line) <= width for line in lines)


def test_what_is_held_together_is_measured_as_one_word() -> None:
    assert even_width("a b c Anna Bell", ("Anna Bell",), 14, by_character) == pytest.approx(9 * 1.02, abs=0.1)
    assert even_width("Anna Bell", (), 14, by_character) is None


def test_an_address_takes_the_largest_size_that_fits() -> None:
    lines = ["x" * 20, "y" * 10]

    def measure(text: str, size: float) -> float:
        return len(text) * size * POINT / 2

    fitted = fit(lines, 73, 30, measure)
    assert fitted is not None
    assert (fitted.size, fitted.lines) == (SIZES[0], tuple(lines))
    smaller = fit(lines * 4, 73, 30, measure)
    assert smaller is not None
    assert SIZES[-1] <= smaller.size < SIZES[0]
    assert smaller.height <= 30
    assert fit(lines * 6, 73, 30, measure) is None


def test_lines_of_an_address_are_joined_from_the_street_up_once_then_twice_and_never_the_country() -> None:
    lines = ("name", "office", "street", "town", "COUNTRY")

    assert with_fewer_lines(lines, ", ") == [
        ("name", "office", "street, town", "COUNTRY"),
        ("name", "office, street", "town", "COUNTRY"),
        ("name, office", "street", "town", "COUNTRY"),
        ("name, office", "street, town", "COUNTRY"),
    ]


def test_the_last_line_of_an_address_is_joined_where_it_is_a_town() -> None:
    assert with_fewer_lines(("name", "street", "town"), ", ", last=True)[0] == ("name", "street, town")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "13 March 2003"), ("ru", "13 марта 2003 г."), ("fr", "13 mars 2003"), ("xx", "2003-03-13")],
)
def test_a_date_is_written_in_the_words_of_the_language(language: str, words: str) -> None:
    assert in_words(date(2003, 3, 13), language).replace("\u202f", " ").replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        ("2003-03-13", "en", "13 March 2003"),
        ("2002-08", "en", "August 2002"),
        ("2002-08", "ru", "август 2002 г."),
        ("2002-08", "xx", "2002-08"),
        ("2002", "ru", "2002 г."),
    ],
)
def test_a_partial_date_says_no_more_than_is_known(day: str, language: str, words: str) -> None:
    shown = partial_in_words(PartialDate.model_validate(day), language)

    assert shown.replace("\u202f", " ").replace("\xa0", " ") == words


@pytest.mark.parametrize("length", [20, 45, 91, 160])
def test_modules_of_a_qr_code_are_large_enough_for_100_dpi(length: int) -> None:
    symbol = draw("a" * length)

    assert symbol.edge >= SMALLEST
    assert symbol.quiet >= 4 * PITCH * 0.95
    assert b"<path" in symbol.svg


def test_the_width_of_a_text_comes_from_the_font(fonts: Fonts) -> None:
    assert fonts.width("ii", SERIF, 10) == pytest.approx(2 * fonts.width("i", SERIF, 10))
    assert fonts.width("m", SERIF, 10) > fonts.width("i", SERIF, 10)


def test_what_cannot_be_written_is_told_and_what_leaves_no_ink_is_not(fonts: Fonts) -> None:
    assert fonts.unwritable("Aя, \u00ad\u200b\u2009漢\x01\u2028") == ["\x01", "\u2028", "漢"]


def test_densities_are_ordered_from_generous_to_tight() -> None:
    sizes = [density.size for density in DENSITIES]

    assert sizes == sorted(sizes, reverse=True)
    assert len({density.name for density in DENSITIES}) == len(DENSITIES)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_denser_setting_is_never_estimated_higher(fonts: Fonts, language: str) -> None:
    estimate = Estimate(letter(language), fonts)
    heights = [estimate.height(density) for density in DENSITIES]

    assert heights == sorted(heights, reverse=True)


def test_the_density_tried_first_is_estimated_to_fit_and_the_last_is_normal(fonts: Fonts) -> None:
    made = letter()
    tried = densities(made, fonts)
    first = next(density for density in DENSITIES if density.name == tried[0]["name"])

    assert Estimate(made, fonts).height(first) <= BOTTOM - envelope("din-b").body_top
    assert tried[-1]["name"] == "normal"


def test_a_letter_beyond_one_page_is_laid_out_once_only(fonts: Fonts) -> None:
    assert [density["name"] for density in densities(letter(before=paragraphs("word " * 1500)), fonts)] == ["normal"]


@pytest.mark.parametrize("start", range(3))
def test_no_stream_is_compressed_to_what_ends_with_a_carriage_return(start: int) -> None:
    contents = [bytes([start, number]) for number in range(256)]
    assert any(zlib.compress(content).endswith(b"\r") for content in contents), "nothing here needs mending"
    for content in contents:
        mended, packed = packed_safely(content)
        assert zlib.decompress(packed) == mended
        assert mended.rstrip(b"\n") == content.rstrip(b"\n")
        assert not packed.endswith(b"\r")
