"""What runs from left to right within Arabic is found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.render.bidi import direction, pieces
from urgent_appeals.render.html import Writer

CODE = "KAZ 001/0802/OBS 053.02"
FOUND = {
    "code": ("اذكر الرمز KAZ 001/0802/OBS 053.02 في ردكم", ["KAZ 001/0802/OBS 053.02"]),
    "email": ("البريد 8march@example.org، شكرًا", ["8march@example.org"]),
    "web": ("انظر https://example.org/a-b/ هنا", ["https://example.org/a-b/"]),
    "telephone": ("هاتف: +44 113 496 0140.", ["+44 113 496 0140"]),
    "area-code": ("هاتف: (01) 550 22 00", ["(01) 550 22 00"]),
    "home": ("هاتف: 0113 496 0140", ["0113 496 0140"]),
    "as-printed-in-2003": ("فاكس: 007 / 3172 / 32 61 82", ["007 / 3172 / 32 61 82"]),
    "iso-date": ("بتاريخ 2003-03-13 صدر", ["2003-03-13"]),
    "article": ("المادة 6 (b) والمادة 19", ["6 (b)"]),
    "brackets": ("العهد (ICCPR) ومنظمة Radio (LQR)", ["ICCPR", "Radio (LQR)"]),
    "cyrillic": ("صحيفة Права человека الروسية", ["Права человека"]),
    "thousands": ("دفع 12\u202f500 دولار", ["12\u202f500"]),
    "numbers": ("في 16 و30 أكتوبر 2026، وعددها 340", []),
    "day": ("13 مارس 2003", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_runs_from_left_to_right_is_one_piece(what: str) -> None:
    text, expected = FOUND[what]

    assert [piece for piece, ltr in pieces(text) if ltr] == expected


@given(st.text("اب،ABя 09()+-/.:@\u202f«»", max_size=60))
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_what_is_held_is_a_piece_by_itself() -> None:
    assert pieces(f"FIDH {CODE} و", [CODE]) == [("FIDH", True), (" ", False), (CODE, True), (" و", False)]


@pytest.mark.parametrize(
    ("text", "way"), [("أرلانديا", "rtl"), ("ARLANDIA / أرلانديا", "ltr"), ("10001 أورسيفال", "rtl"), ("123", "ltr")]
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str) -> None:
    assert direction(text) == way


def test_the_writer_marks_pieces_up_and_escapes_them() -> None:
    write = Writer([CODE], (), direction="rtl")

    assert write.text(f"عن {CODE} <b> A&B") == (
        f'عن <bdi dir="ltr" class="code">{CODE}</bdi> &lt;<bdi dir="ltr" class="latin">b&gt; A&amp;B</bdi>'
    )
    assert write.line("سطر") == {"html": "سطر"}
    assert Writer([CODE], ()).line("line") == "line"
