"""Tables fit the terminal: what there is no room for stands below its row."""

from __future__ import annotations

from urgent_appeals.cli.output import width
from urgent_appeals.cli.tables import laid_out

HEADERS = ("TO", "ACTION", "ADDRESS", "WHY")
ROWS = [
    ("arlandia/president", "send", "Chancellery\n1 Palace Square\nOrseval", ""),
    ("arlandia/clerk", "skip", "clerk@assembly.example", "the last day for this channel was 2026-11-21"),
]


def test_a_table_that_fits_or_is_read_by_a_program_has_every_column_and_the_whole_address() -> None:
    for columns in (None, 200):
        head, first, second = laid_out(ROWS, HEADERS, columns).split("\n")
        assert head.split() == [*HEADERS]
        assert "Chancellery, 1 Palace Square, Orseval" in first
        assert second.endswith("the last day for this channel was 2026-11-21")


def test_where_the_reason_has_no_room_it_stands_below_and_an_address_has_its_first_line() -> None:
    assert laid_out(ROWS, HEADERS, 60).split("\n") == [
        "TO                  ACTION  ADDRESS",
        "arlandia/president  send    Chancellery",
        "arlandia/clerk      skip    clerk@assembly.example",
        "    the last day for this channel was 2026-11-21",
    ]


def test_where_the_address_has_no_room_it_stands_below_too_and_a_long_reason_goes_on() -> None:
    assert laid_out(ROWS, HEADERS, 40, kept=2).split("\n") == [
        "TO                  ACTION",
        "arlandia/president  send",
        "    Chancellery",
        "arlandia/clerk      skip",
        "    clerk@assembly.example",
        "    the last day for this channel was",
        "    2026-11-21",
    ]


def test_columns_that_are_to_be_kept_are_kept_where_nothing_fits() -> None:
    lines = laid_out(ROWS, HEADERS, 10, kept=2).split("\n")
    assert lines[0] == "TO                  ACTION"


def test_wide_letters_take_their_room_and_nothing_steers_the_terminal() -> None:
    shown = laid_out([("a", "\x1b[2J" + "漢字 " * 30)], ("TO", "WHY"), 40)
    assert max(width(line) for line in shown.split("\n")) <= 40
    assert "\x1b" not in shown
