"""Letters from right to left: what is mirrored, what is not, and in which order codes and figures stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from tests.render import arabic, facts
from tests.render.builders import CODE, TEMPLATES, letter, paragraphs, phrases, signatory
from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.density import DENSITIES, UNPARTED, Estimate, densities, for_script
from urgent_appeals.render.envelope import envelope
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.press import Pages, Press
from urgent_appeals.render.templates import Templates
from urgent_appeals.render.text import letter_text

RIGHT, LEFT = 190.0, 25.0
HALF_A_POINT = 0.5 * facts.POINT
CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")

WHOLE: dict[str, Callable[[], Letter]] = {
    "plain": arabic.letter,
    "every-block": arabic.every_block,
    "long": lambda: arabic.letter(before=arabic.letter().before * 12),
    "arabic-sender": lambda: arabic.letter(
        signatory=signatory(name="نور الهاشمي", role="عضوة", address=("12 شارع النخيل", "عمّان 11118"))
    ),
}


@pytest.fixture(scope="module")
def printed(press: Press) -> Callable[[str], Pages]:
    """Return a function that prints a letter of the table WHOLE, once."""
    return cache(lambda name: press.letter(WHOLE[name]()))


@pytest.fixture(scope="module")
def words(printed: Callable[[str], Pages]) -> list[facts.Word]:
    """Give the words of the plain letter as they stand on the page, their letters from left to right."""
    return facts.words(printed("plain").pdf)


def first(words: list[facts.Word], text: str, page: int = 1) -> facts.Word:
    """Return the first word of that text; Arabic is given as it is written."""
    shown = text[::-1] if re.search("[\u0600-\u06ff]", text) else text
    return next(word for word in words if word.page == page and word.text in (text, shown))


def logical(pdf: bytes) -> str:
    """Return the text as read, without the marks that say which way it runs."""
    return " ".join(CONTROLS.sub("", facts.raw_text(pdf)).split())


@pytest.mark.parametrize("name", WHOLE)
def test_a_letter_from_right_to_left_is_pdf_ua_and_pdf_a_in_bundled_fonts(
    printed: Callable[[str], Pages], name: str
) -> None:
    made = printed(name)

    assert facts.failures(made.pdf) == []
    assert {font.partition("-")[0] for font in facts.fonts(made.pdf)} <= {"AppealNaskh", "AppealSerif", "AppealSans"}


def test_a_letter_of_the_usual_length_fits_one_page_at_the_first_try(
    printed: Callable[[str], Pages], press: Press
) -> None:
    made = printed("plain")

    assert made.pages == 1
    assert made.density == densities(arabic.letter(), press._fonts)[0]["name"]


@pytest.mark.parametrize("start", ["صاحب", "أكتب", "لذا", "أرجو", "وتفضلوا"])
def test_lines_begin_at_the_right_margin(words: list[facts.Word], start: str) -> None:
    body = [word for word in words if word.text[::-1] == start]

    assert body
    assert all(word.right == pytest.approx(RIGHT, abs=0.3) for word in body)


def test_the_window_keeps_its_place_and_the_reference_block_is_mirrored(words: list[facts.Word]) -> None:
    kind = envelope("din-b")
    address = [word for word in words if 58 < word.top < 88 and word.left < 100]

    assert min(word.left for word in address) == pytest.approx(kind.address_left, abs=0.5)
    assert all(kind.safe.left <= word.left and word.right <= kind.safe.right for word in address)
    assert first(words, "التاريخ").right == pytest.approx(RIGHT, abs=0.3)
    assert first(words, "053.02").right == pytest.approx(RIGHT, abs=0.3)


def test_the_lines_of_an_address_are_level_at_their_right(words: list[facts.Word]) -> None:
    edges = [first(words, text).right for text in ("ديوان", "10001", "أرلانديا")]

    assert max(edges) - min(edges) < 0.3


def test_the_qr_code_is_read_where_it_stands_now(printed: Callable[[str], Pages]) -> None:
    assert facts.qr_codes(printed("plain").pdf) == [f"{CODE}:kazakhstan/president"]


@pytest.mark.parametrize(("label", "start"), [("i", "الإفراج"), ("ii", "ضمان"), ("iii", "إعادة")])
def test_numerals_stand_at_the_right_of_their_text_on_its_line(words: list[facts.Word], label: str, start: str) -> None:
    numeral = next(word for word in words if word.text.strip(".") == label)
    text = next(word for word in words if word.text[::-1] == start and word.top > numeral.top - 3)

    assert text.right < numeral.left < numeral.right < RIGHT
    assert numeral.bottom == pytest.approx(text.bottom, abs=HALF_A_POINT)
    assert numeral.text == f".{label}"


def test_foot_and_running_head_change_sides(printed: Callable[[str], Pages]) -> None:
    every = facts.words(printed("long").pdf)
    foot = [word for word in every if word.page == 2 and word.top > 275]
    head = [word for word in every if word.page == 2 and word.bottom < 27]

    assert max(word.right for word in foot) == pytest.approx(RIGHT, abs=0.4)
    assert first(foot, "من", page=2).right < 50
    assert first(head, "053.02", page=2).right == pytest.approx(RIGHT, abs=0.4)
    assert min(word.left for word in head) == pytest.approx(LEFT, abs=0.4)


def test_signature_and_copies_change_sides(words: list[facts.Word]) -> None:
    names = [word for word in words if word.text == "Hale"]

    assert names[-1].right == pytest.approx(RIGHT, abs=0.3)
    assert first(words, "نسخة").right == pytest.approx(RIGHT, abs=0.3)
    assert first(words, "وزارة").right < first(words, "نسخة").left


@pytest.mark.parametrize("sender", ["plain", "arabic-sender"])
def test_the_letterhead_stands_at_the_right_in_whatever_letters_the_sender_is_written(
    printed: Callable[[str], Pages], sender: str
) -> None:
    lines = [word for word in facts.words(printed(sender).pdf) if word.top < 30]

    for top in {round(word.top) for word in lines}:
        ends = [word.right for word in lines if round(word.top) == top]
        assert max(ends) == pytest.approx(RIGHT, abs=0.5) or len(ends) < 2


ORDERED = {
    "code": ("KAZ", "001/0802/OBS", "053.02"),
    "name": ("Lantern", "Quay", "Radio", "(LQR)"),
    "telephone": ("+44", "113", "496", "0140"),
    "article": ("19", "(b)"),
}


@pytest.mark.parametrize("what", ORDERED)
def test_what_runs_from_left_to_right_does_so_within_a_line(words: list[facts.Word], what: str) -> None:
    body = [word for word in words if word.top > 115]
    starts = [index for index, word in enumerate(body) if word.text == ORDERED[what][0]]

    assert starts
    for index in starts:
        level = sorted((word for word in body if abs(word.top - body[index].top) < 1), key=lambda word: word.left)
        texts = tuple(word.text for word in level)
        at = texts.index(ORDERED[what][0])
        assert texts[at : at + len(ORDERED[what])] == ORDERED[what]


def test_a_date_stands_day_first_from_the_right(words: list[facts.Word]) -> None:
    assert first(words, "١٣").left > first(words, "مارس").left > first(words, "٢٠٠٣").left


def test_text_comes_out_in_the_order_in_which_it_is_read(printed: Callable[[str], Pages]) -> None:
    text = logical(printed("plain").pdf)
    order = [
        text.index(part)
        for part in (
            "صاحب الفخامة",
            "أكتب إليكم بشأن السيدة نيلا أورفانديس",
            "desk@lantern-quay.example",
            "لذا أناشدكم اتخاذ الخطوات الآتية",
            "ضمان حصولها على دوائها",
            "وتفضلوا بقبول فائق الاحترام",
        )
    ]

    assert order == sorted(order)
    assert text.count(CODE) >= 4


def test_no_control_character_is_used(press: Press) -> None:
    made = arabic.letter()

    assert CONTROLS.search(press.mail_html(made)) is None
    assert CONTROLS.search(letter_text(made)) is None


def test_the_mail_runs_from_right_to_left_even_where_a_program_drops_the_outer_element(press: Press) -> None:
    mail = press.mail_html(arabic.letter())
    body = mail.partition("<body")[2]

    assert '<div dir="rtl"' in body
    assert f'<bdi dir="ltr" style="white-space: nowrap">{CODE}</bdi>' in body
    assert 'dir="rtl"' not in press.mail_html(letter()).partition("<body")[2]


def test_plain_text_is_in_logical_order() -> None:
    text = letter_text(arabic.letter())

    assert "i.   الإفراج فورًا" in text
    assert text.index("صاحب الفخامة") < text.index("أكتب إليكم") < text.index("وتفضلوا")


# ── Kazakh and Arabic words are never parted ──


def test_pyphen_knows_neither_of_the_languages_whose_words_are_not_parted() -> None:
    import pyphen  # type: ignore[import-untyped]

    assert all(pyphen.language_fallback(language) is None for language in UNPARTED)
    assert pyphen.language_fallback("en") is not None


@pytest.mark.parametrize("language", ["kk", "ar"])
def test_no_word_is_broken_at_the_end_of_a_line(press: Press, language: str) -> None:
    kazakh = letter("ru").model_copy(update={"language": "kk", "phrases": phrases("kk")})
    made = kazakh if language == "kk" else arabic.letter()
    words = [word.text for word in facts.words(press.letter(made).pdf)]

    assert len(words) > 100
    assert not [word for word in words if word.endswith(("-", "\u2010", "\u00ad"))]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_density_is_closer_than_the_one_before_in_either_script(direction: str) -> None:
    lines = [density.size * density.leading for density in (for_script(each, direction) for each in DENSITIES)]

    assert lines == sorted(lines, reverse=True)


def test_words_that_cannot_be_parted_are_estimated_to_take_more_room() -> None:
    fonts = Fonts(Templates(TEMPLATES))
    body = letter("ru", before=paragraphs("правозащитниками " * 120))
    kazakh = body.model_copy(update={"language": "kk"})

    heights = [Estimate(made, fonts).height(DENSITIES[0]) for made in (body, kazakh)]
    assert heights[0] < heights[1]
