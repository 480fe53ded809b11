"""Every envelope: the table's measures agree with each other, and what is printed stands where they say."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from tests.render import arabic, facts, windows
from tests.render.builders import TEMPLATES, addressee, letter, long_letter
from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.domain.compose import address
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.recipients import Recipient
from urgent_appeals.errors import AppealsError
from urgent_appeals.render import bidi
from urgent_appeals.render.data import letter_data
from urgent_appeals.render.envelope import ENVELOPES, Envelope, Rectangle, envelope
from urgent_appeals.render.first_page import page_data, reference_place
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.press import Press
from urgent_appeals.render.qr import draw
from urgent_appeals.render.templates import Templates
from urgent_appeals.workspace.read import Workspace, read

LONGEST_QR = draw("KAZ 001/0802/OBS 053.02 abcdef:kazakhstan/" + "a" * 49)
LANGUAGES = ("en", "ru", "kk", "fr", "es", "ar")
REFERENCE_HEIGHT = 37.0
"""Of the reference block with a reply address on one line."""


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(Templates(TEMPLATES))


@pytest.fixture(scope="module")
def workspace(root: Path) -> Workspace:
    return read(root)


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_address_lies_in_the_safe_zone_the_safe_zone_in_the_window_the_window_on_envelope_and_paper(
    name: str,
) -> None:
    kind = envelope(name)
    safe, shown, room = kind.safe, kind.exposed, kind.address

    assert safe.left <= room.left < room.right <= safe.right
    assert safe.top < room.top < room.bottom <= safe.bottom
    assert kind.rule is None or safe.top < kind.rule < room.top
    assert shown.left < safe.left < safe.right < shown.right <= kind.paper.width
    assert shown.top < safe.top < safe.bottom < shown.bottom < kind.paper.height
    assert 0 < kind.window.left < kind.window.right < kind.size[0]
    assert 0 < kind.window.top < kind.window.bottom < kind.size[1]
    assert all(slip >= 0 for slip in kind.slip)


@pytest.mark.parametrize("name", ENVELOPES)
def test_neither_text_nor_reference_block_nor_letterhead_can_show_in_the_window(name: str) -> None:
    kind = envelope(name)
    body = Rectangle(0.0, kind.body_top, kind.paper.width, kind.paper.height)
    head = Rectangle(0.0, 0.0, kind.paper.width, page_data(kind, "ltr")["letterhead"]["top"] + 18.0)

    assert not kind.exposed.meets(body)
    assert not kind.exposed.meets(head)
    for way in get_args(bidi.Direction):
        for block in _reference(kind, way):
            assert not kind.exposed.meets(block), way
            assert block.bottom <= kind.body_top
            assert kind.paper.left <= block.left < block.right <= kind.paper.text_right + 0.01


def _reference(kind: Envelope, way: bidi.Direction) -> tuple[Rectangle, Rectangle]:
    """Return where the text of the reference block and its QR code stand on the sheet."""
    place, left = reference_place(kind, LONGEST_QR, way), kind.paper.left
    text = Rectangle(
        place["left"] + left,
        place["top"],
        place["left"] + left + place["width"],
        place["top"] + REFERENCE_HEIGHT,
    )
    symbol = place["symbol"]
    edge = LONGEST_QR.edge
    square = Rectangle(symbol["left"] + left, symbol["top"], symbol["left"] + left + edge, symbol["top"] + edge)
    assert not text.meets(square)
    return text, square


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_folded_sheet_goes_into_the_envelope(name: str) -> None:
    kind = envelope(name)
    edges = (0.0, *kind.fold_marks, kind.paper.height)
    panels = [below - above for above, below in pairwise(edges)]

    assert max(panels) == pytest.approx(kind.panel)
    assert kind.panel - panels[0] == pytest.approx(kind.short)
    assert kind.panel <= kind.size[1]
    assert kind.window.bottom - kind.short < kind.fold_marks[0]


def test_each_name_of_the_domain_has_its_envelope_with_the_sources_of_its_figures() -> None:
    assert set(get_args(EnvelopeName)) == set(ENVELOPES)
    assert all(kind.name == name and kind.norm and kind.usage and kind.source for name, kind in ENVELOPES.items())


@pytest.mark.parametrize("name", ["nf", "uk-dl"])
def test_where_two_windows_are_in_use_the_address_stands_in_both_and_nothing_else_in_either(name: str) -> None:
    kind = envelope(name)
    wide, common = kind.widest, kind.window
    assert wide is not None
    assert wide.left <= common.left < common.right <= wide.right
    assert wide.top < common.top < common.bottom <= wide.bottom
    assert kind.exposed.top < kind.safe.top - (common.top - wide.top)


def test_the_safe_zones_are_what_the_norms_and_the_trade_leave() -> None:
    assert envelope("din-a").safe == Rectangle(22.0, 34.0, 98.0, 70.0)
    assert envelope("nf").safe == Rectangle(102.0, 57.0, 188.0, 83.0)
    assert envelope("ch-right").safe == Rectangle(119.0, 50.0, 196.0, 82.0)
    assert envelope("uk-dl").safe == Rectangle(22.0, 59.0, 98.0, 85.0)


# ── in print ──


def _longest(workspace: Workspace, directory: str, language: str) -> tuple[str, ...] | None:
    """Return the longest address block of a directory in a language, None where it has none."""
    found = workspace.directories[directory]
    blocks = []
    for name, office in found.offices.items():
        recipient = Recipient(id=f"{directory}/{name}", directory=found, office=office, answers_to=frozenset())
        try:
            blocks.append(address(recipient, language, date(2003, 3, 13)).block)
        except AppealsError:
            continue
    return max(blocks, key=lambda block: (len(block), sum(map(len, block))), default=()) or None


def _made(language: str, block: tuple[str, ...], name: str) -> Letter:
    made = arabic.letter() if language == "ar" else letter(language if language in {"en", "ru"} else "en")
    return made.model_copy(update={"addressee": addressee(block=block), "envelope": name})


@pytest.mark.slow
@pytest.mark.parametrize("name", ENVELOPES)
def test_the_longest_address_of_every_directory_shows_whole_in_the_window_and_nothing_else(
    press: Press, workspace: Workspace, name: str
) -> None:
    kind, tried = envelope(name), 0
    for directory in workspace.directories:
        for language in LANGUAGES:
            block = _longest(workspace, directory, language)
            if block is None:
                continue
            wanted = _made(language, block, name)
            pdf = press.letter(wanted).pdf
            words, tried = windows.shown(kind, facts.words(pdf)), tried + 1

            assert windows.outside(kind, words, windows.page(pdf)) == [], (directory, language)
            assert windows.says_the_address(wanted, kind, words), (directory, language)
    assert tried >= 9


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", ENVELOPES)
def test_a_letter_for_every_envelope_meets_both_standards_on_one_page(press: Press, name: str, language: str) -> None:
    block = arabic.BLOCK if language == "ar" else addressee().block
    made = press.letter(_made(language, block, name))

    assert made.pages == 1
    assert facts.failures(made.pdf) == []
    assert facts.qr_codes(made.pdf) == ["KAZ 001/0802/OBS 053.02:kazakhstan/president"]


def test_a_letter_on_us_paper_has_it_on_every_page(press: Press) -> None:
    made = press.letter(long_letter(16, envelope="us-10"))
    kind = envelope("us-10")

    assert made.pages == 2
    assert facts.sizes(made.pdf) == [(kind.paper.width, kind.paper.height)] * 2
    assert all(word.right <= kind.paper.text_right + 0.3 for word in facts.words(made.pdf))


@pytest.mark.parametrize("name", ["nf", "ch-right"])
def test_where_the_window_is_at_the_right_the_reference_block_is_at_the_left(press: Press, name: str) -> None:
    kind = envelope(name)
    words = facts.words(press.letter(letter(envelope=name)).pdf)

    label = next(word for word in words if word.text == "Appeal")
    town = next(word for word in words if word.text == "KAZAKHSTAN")
    assert label.left == pytest.approx(kind.paper.left, abs=0.3)
    assert town.left == pytest.approx(kind.address_left, abs=0.3)


@pytest.mark.parametrize("name", ENVELOPES)
def test_marks_stand_where_the_sheet_is_folded(fonts: Fonts, name: str) -> None:
    kind = envelope(name)
    page = letter_data(letter(envelope=name), LONGEST_QR, fonts)["page"]

    assert page["fold_marks"] == list(kind.fold_marks)
    assert (page["punch_mark"] is not None) == name.startswith("din-")


def test_an_address_too_high_for_a_low_window_has_street_and_town_on_one_line(fonts: Fonts) -> None:
    block = ("H.E. Mr A", "Prime Minister", "Office of B", "Street 1", "12345 Town", "Region", "COUNTRY")
    data = letter_data(letter(addressee=addressee(block=block), envelope="us-10"), LONGEST_QR, fonts)

    assert data["address"]["lines"][-3:] == ["Street 1", "12345 Town, Region", "COUNTRY"]
    assert data["return_line"] is None
