"""Cards become directories and directories cards, and no line is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.directory_file import from_import, refuse_unreadable
from urgent_appeals.workspace.exchange.vcard import read_vcard, write_vcard
from urgent_appeals.workspace.exchange.vcard_text import card, cards, escaped, folded, prop, unescaped
from urgent_appeals.workspace.yaml_text import read_yaml

ARLANDIA = Path(__file__).parents[1] / "data/arlandia.vcf"
RECIPIENTS = Path(__file__).parents[2] / "recipients"


def through_yaml(cards_: bytes, language: str | None = None) -> str:
    text = from_import("x", "X", read_vcard(cards_, language))
    refuse_unreadable(text, "recipients/x.yaml")
    return write_vcard(data(text), language)


def data(text: str) -> Any:
    document = read_yaml(text.encode(), "x.yaml")
    assert document.problems == ()
    return document.data


def lines(cards_: bytes) -> list[list[str]]:
    return sorted(sorted(line.line for line in each) for each in cards(cards_))


def a_card(*more: str) -> bytes:
    return card(("FN:Ilsabet Corvane", "TITLE:Judge", *more)).encode()


@pytest.mark.parametrize("language", [None, "en"])
def test_a_strangers_cards_come_back_with_every_line(language: str | None) -> None:
    stranger = ARLANDIA.read_bytes()
    assert lines(through_yaml(stranger, language).encode()) == lines(stranger)


def test_a_card_becomes_an_office_and_its_holder() -> None:
    office = read_vcard(ARLANDIA.read_bytes(), "en").offices["minister-of-justice"]
    assert office["through"] == {"name": {"en": "Ministry of Justice, Minister's Office"}}
    assert office["address"] == [{"lines": {"*": ["22 Assize Street", "10004 Orseval"]}}]
    assert office["contacts"][0] == {"kind": "telephone", "printed": "+99915502200", "e164": "+99915502200"}
    (holder,) = office["holders"]
    assert holder["name"] == {"en": "Ilsabet Corvane", "ru": "Ильсабет Корвейн"}
    assert (holder["gender"], holder["seen"]) == ("f", "2026-03-12")


def test_a_body_has_no_holder() -> None:
    assert "holders" not in read_vcard(ARLANDIA.read_bytes()).offices["national-assembly"]


def test_what_the_directory_says_differently_by_now_is_exported() -> None:
    directory = data(from_import("x", "X", read_vcard(ARLANDIA.read_bytes())))
    office = directory["offices"]["minister-of-justice"]
    office["email"] = "new@justice.arlandia.example"
    del office["contacts"]
    after = write_vcard(directory)
    assert "EMAIL:new@justice.arlandia.example" in after
    assert "EMAIL;TYPE=work" not in after
    assert "tel:+99915502200" not in after
    assert "NOTE:Answers" in after


@pytest.mark.parametrize("name", ["arlandia", "kazakhstan"])
def test_a_directory_of_our_own_is_the_same_after_a_second_journey(name: str) -> None:
    first = write_vcard(data((RECIPIENTS / f"{name}.yaml").read_text(encoding="utf-8")))
    assert lines(through_yaml(first.encode()).encode()) == lines(first.encode())


def test_lines_are_folded_at_75_octets_and_no_character_is_cut() -> None:
    line = prop("NOTE", "Ж" * 100)
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))
    assert cards(card([line]).encode())[0][0].text == "Ж" * 100


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_every_text_survives_its_escapes(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        pytest.param(a_card("NOTE:a\x00b"), "control character", id="NUL"),
        pytest.param(a_card("NOTE:a\x1b[2Jb"), "control character", id="escape sequence"),
        pytest.param(b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "version 3.0", id="vCard 3"),
        pytest.param(b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n", "no END", id="not ended"),
        pytest.param(b"FN:x\r\n", "outside a card", id="outside"),
        pytest.param(a_card("no colon"), "is none of a vCard", id="no property"),
        pytest.param(a_card('TEL;TYPE="open:1'), "parameter", id="open quotation mark"),
        pytest.param(b"\xff\xfe", "UTF-8", id="UTF-16"),
        pytest.param(b"", "no card", id="empty"),
        pytest.param(b"BEGIN:VCARD\nVERSION:4.0\n" + b"X-A:1\n" * 200_001, "lines", id="lines without end"),
    ],
)
def test_a_hostile_file_is_refused(refused: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read_vcard(refused)


@pytest.mark.parametrize(
    "address", ["a@b.org\\nRCPT TO:<x@y.z>", "a@b.org\\, spy@evil.example", '"m@gov.kz" <spy@evil.example>']
)
def test_an_address_that_could_reach_another_is_left_out(address: str) -> None:
    imported = read_vcard(a_card(f"EMAIL:{address}"))
    assert "email" not in imported.offices["judge"]
    assert len(imported.left_out) == 1


def test_a_picture_inside_a_card_is_left_out_and_said() -> None:
    imported = read_vcard(a_card("PHOTO:data:image/jpeg;base64," + "A" * 30_000))
    assert imported.left_out == ["PHOTO of judge: is longer than 20000 characters"]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15)
NAMES = st.sampled_from(
    ["FN", "TITLE", "ROLE", "ORG", "ADR", "TEL", "EMAIL", "URL", "LANG", "N", "NOTE", "X-A", "GENDER", "REV", "UID"]
)
PARAMETERS = st.sampled_from(
    ["", ";TYPE=work", ";LANGUAGE=ru", ";LANGUAGE=zh-Hans", ";PREF=1", ';X="a;b:c"', ";TYPE=fax", ";TYPE=cell"]
)
VALUES = WORDS.map(escaped) | st.sampled_from(
    [";;1 Street;City;;1;Land", "tel:+4930123456", "a@b.example", "A;B", "F;x", "20260101T000000Z"]
)
LINES = st.builds(
    lambda group, name, parameters, value: f"{group}{name}{parameters}:{value}",
    st.sampled_from(["", "g1."]),
    NAMES,
    PARAMETERS,
    VALUES,
)


@given(st.lists(st.lists(LINES, min_size=1, max_size=8, unique=True), min_size=1, max_size=3))
def test_whatever_a_card_says_comes_back(made: list[list[str]]) -> None:
    before = "".join(card(each) for each in made).encode()
    after = lines(through_yaml(before).encode())
    for each in lines(before):
        assert any(set(each) <= set(other) for other in after), (each, after)
