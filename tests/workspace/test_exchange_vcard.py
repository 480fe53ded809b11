"""Cards become directories and directories cards, and no line is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workspace.vcard_documents import FILES
from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.directory_file import from_import, refuse_unreadable
from urgent_appeals.workspace.exchange.changes import differences
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
    return [[line.line for line in each.lines] for each in cards(cards_)]


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
    assert cards(card([line]).encode())[0].lines[0].text == "Ж" * 100


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_every_text_survives_its_escapes(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        pytest.param(a_card("NOTE:a\x00b"), "control character", id="NUL"),
        pytest.param(a_card("NOTE:a\x1b[2Jb"), "control character", id="escape sequence"),
        pytest.param(b"BEGIN:VCARD\r\nVERSION:2.1\r\nEND:VCARD\r\n", "version 2.1; 4.0 and 3.0", id="vCard 2.1"),
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


def test_a_picture_inside_a_card_comes_back() -> None:
    picture = a_card("PHOTO:data:image/jpeg;base64," + "A" * 30_000)
    assert lines(through_yaml(picture).encode()) == lines(picture)


def test_of_pictures_that_no_directory_has_room_for_it_is_said_that_they_are_left_out() -> None:
    picture = "PHOTO:data:image/jpeg;base64," + "A" * 100_000
    imported = read_vcard(b"".join(a_card(f"NOTE:{n}", picture) for n in range(9)))
    assert imported.left_out == ["PHOTO of judge: is longer than 20000 characters"] * 9
    assert len(imported.offices["judge"]["holders"]) == 9


def test_a_card_of_version_3_is_read_as_version_4_and_it_is_said() -> None:
    third = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Corvane;Ilsabet;;;\r\nFN:Ilsabet Corvane\r\nTITLE:Judge\r\nGEO:1.5;-2\r\n"
        b"item1.TEL;TYPE=WORK,pref:+999 1\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\nEMAIL;TYPE=INTERNET:a@b.example\r\n"
        b"END:VCARD\r\n"
    )
    imported = read_vcard(third)
    assert imported.notes == ["the cards of version 3.0 are read as version 4.0"]
    assert imported.offices["judge"]["email"] == "a@b.example"
    assert through_yaml(third).splitlines() == [
        "BEGIN:VCARD", "VERSION:4.0", "N:Corvane;Ilsabet;;;", "FN:Ilsabet Corvane", "TITLE:Judge", "GEO:geo:1.5,-2",
        "item1.TEL;TYPE=work;PREF=1:+999 1", "PHOTO:data:image/jpeg;base64,AAAA", "EMAIL;TYPE=INTERNET:a@b.example",
        "END:VCARD",
    ]  # fmt: skip


def test_a_name_changed_since_takes_the_parts_of_the_former_with_it() -> None:
    directory = data(from_import("x", "X", read_vcard(a_card("N:Corvane;Ilsabet;;;", "NOTE:x"))))
    directory["offices"]["judge"]["holders"][0]["name"] = "Ilsabet Marrow"
    assert lines(write_vcard(directory).encode()) == [["TITLE:Judge", "NOTE:x", "FN:Ilsabet Marrow"]]


def test_a_body_keeps_its_card_when_it_gets_a_holder() -> None:
    directory = data(from_import("x", "X", read_vcard(ARLANDIA.read_bytes())))
    directory["offices"]["national-assembly"]["holders"] = [{"name": "Thessaly Ormond-Vey", "from": "2026-01-01"}]
    after = write_vcard(directory)
    assert "KIND:org" in after
    assert "FN:Thessaly Ormond-Vey" in after


@pytest.mark.parametrize("kept", ["x", "[]", "{}", '{"card":["no line"],"at":0,"language":"*","says":[]}'])
def test_what_was_kept_and_changed_by_hand_is_refused_in_words(kept: str) -> None:
    with pytest.raises(ImportRefused, match="changed by hand"):
        write_vcard({"offices": {"a": {"name": "A", "kept": {"vcard": kept}}}})


@settings(suppress_health_check=list(HealthCheck))
@given(FILES, st.sampled_from(["en", None]))
def test_whatever_cards_say_comes_back_line_by_line(file: bytes, language: str | None) -> None:
    assert lines(through_yaml(file, language).encode()) == lines(file)


@settings(suppress_health_check=list(HealthCheck))
@given(FILES, st.sampled_from(["en", None]))
def test_the_same_cards_imported_twice_change_nothing(file: bytes, language: str | None) -> None:
    there = data(from_import("x", "X", read_vcard(file, language)))
    assert differences(there, read_vcard(file, language)) == ()
