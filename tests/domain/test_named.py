"""What a short name stands for."""

from __future__ import annotations

import pytest

from urgent_appeals.domain.named import by_ending, by_part

OFFICES = (
    "arlandia/president",
    "arlandia/vice-president",
    "arlandia/assembly-clerk",
    "arlandia/justice-minister",
    "arlandia/interior-minister",
    "borland/president",
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("clerk", ["arlandia/assembly-clerk"]),
        ("arlandia/clerk", ["arlandia/assembly-clerk"]),
        ("justice", ["arlandia/justice-minister"]),
        ("assembly-clerk", ["arlandia/assembly-clerk"]),
        ("minister", ["arlandia/justice-minister", "arlandia/interior-minister"]),
        ("president", ["arlandia/president", "borland/president"]),
        ("arlandia/president", ["arlandia/president"]),
        ("vice", ["arlandia/vice-president"]),
        ("assem", []),
        ("borland/clerk", []),
        ("arlandia/", []),
        ("", []),
        ("-", []),
    ],
)
def test_a_name_stands_for_the_office_that_has_it_or_else_its_words(typed: str, found: list[str]) -> None:
    assert [*by_part(typed, OFFICES)] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("uad-1-940315", ["uad-1-940315"]),
        ("940315", ["uad-1-940315"]),
        ("0315", ["uad-1-940315", "uad-2-880315"]),
        ("315", []),
        ("", []),
        ("uad-1", []),
    ],
)
def test_an_end_names_what_it_ends_where_it_is_long_enough(typed: str, found: list[str]) -> None:
    assert [*by_ending(typed, ("uad-1-940315", "uad-2-880315"))] == found
