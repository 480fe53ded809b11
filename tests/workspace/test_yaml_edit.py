"""A definition file is changed where it should change; comments, order and all else stay."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.errors import CannotEdit, DefinitionsBroken
from urgent_appeals.workspace.yaml_edit import append, edit, remove
from urgent_appeals.workspace.yaml_text import read_yaml

RECIPIENTS = Path(__file__).parents[2] / "recipients"

DIRECTORY = """\
# of a fictional country
directory: arlandia           # as the file
checked: 2025-01-02

offices:
  president:                  # the first
    name: {en: President, ru: Президент}   # both
    holders:
      - name: Aldo Vermeyle   # until May
        until: 2026-04-30

      # the present one
      - name: Osric Talvane
        seen: 2026-06
    email: a@president.example
    note: >-
      Folded
      words.

  # nobody holds it
  clerk:
    name: Clerk
    email:                    # none yet
groups:
"""


def data(text: str) -> Any:
    document = read_yaml(text.encode(), "x.yaml")
    assert document.problems == ()
    return document.data


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    after = edit(DIRECTORY, [(("directory",), "borduria")])
    assert after == DIRECTORY.replace("directory: arlandia ", "directory: borduria ")


def test_a_value_in_braces_is_replaced_where_it_stands() -> None:
    after = edit(DIRECTORY, [(("offices", "president", "name", "en"), "President, Republic")])
    assert '    name: {en: "President, Republic", ru: Президент}   # both' in after.splitlines()


def test_a_new_key_comes_after_the_last_of_its_mapping() -> None:
    after = edit(DIRECTORY, [(("offices", "president", "checked"), "2026-11-22")])
    assert "      words.\n    checked: 2026-11-22\n\n  # nobody holds it\n" in after


def test_a_new_office_gets_the_blank_line_that_stands_between_offices() -> None:
    after = edit(DIRECTORY, [(("offices", "judge"), {"name": {"en": "Judge"}, "tags": ["a", "b"]})])
    new = "\n\n  judge:\n    name:\n      en: Judge\n    tags: [a, b]\ngroups:"
    assert new in after


def test_an_empty_value_is_filled_and_its_comment_stays() -> None:
    after = edit(DIRECTORY, [(("offices", "clerk", "email"), "clerk@x.example")])
    assert changed_lines(DIRECTORY, after) == ["    email: clerk@x.example                    # none yet"]


def test_an_empty_value_becomes_a_mapping_below_its_comment() -> None:
    after = edit(DIRECTORY, [(("offices", "clerk", "email", "a"), {"b": "c"}), (("groups", "g", "name"), "G")])
    assert "    email:                    # none yet\n      a:\n        b: c\ngroups:\n  g:\n    name: G\n" in after


def test_a_text_becomes_a_mapping() -> None:
    after = edit(DIRECTORY, [(("offices", "clerk", "name"), {"en": "Clerk", "ru": "Секретариат"})])
    assert "    name:\n      en: Clerk\n      ru: Секретариат\n    email:" in after


def test_a_mapping_becomes_a_text() -> None:
    after = edit(DIRECTORY, [(("offices", "clerk"), "gone")])
    assert "  # nobody holds it\n  clerk: gone\ngroups:" in after


def test_a_list_is_replaced_by_another() -> None:
    after = edit(DIRECTORY, [(("offices", "president", "holders"), [{"name": "X", "from": "2027"}])])
    assert '    holders:\n      - name: X\n        from: "2027"\n    email:' in after


def test_an_item_is_appended_after_the_last_with_the_blank_line_between() -> None:
    after = append(DIRECTORY, ("offices", "president", "holders"), {"name": "Next", "from": "2027-01-01"})
    assert "        seen: 2026-06\n\n      - name: Next\n        from: 2027-01-01\n    email:" in after


def test_one_value_becomes_a_list_when_another_is_appended() -> None:
    after = append(DIRECTORY, ("offices", "president", "email"), "b@president.example")
    assert "    email: [a@president.example, b@president.example]\n" in after


def test_one_mapping_becomes_a_list_when_another_is_appended() -> None:
    after = append("a:\n  # c\n  x: 1  # d\n  y: 2\nb: 3\n", ("a",), {"x": "4"})
    assert after == 'a:\n  # c\n  - x: 1  # d\n    y: 2\n  - x: "4"\nb: 3\n'


def test_appending_to_nothing_begins_the_list() -> None:
    assert append("a: b\n", ("c", "d"), "e") == "a: b\nc:\n  d: [e]\n"
    assert append("", ("c",), {"d": "e"}) == "c:\n  - d: e\n"


def test_a_key_is_removed_with_its_value_and_its_comment() -> None:
    after = remove(DIRECTORY, [("offices", "president", "holders"), ("checked",)])
    assert "holders" not in after
    assert "until May" not in after
    assert "# both\n    email:" in after
    assert "checked" not in after


def test_the_first_key_of_an_item_gives_its_place_to_the_next() -> None:
    after = remove(DIRECTORY, [("offices", "president", "holders", 0, "name")])
    assert "      - until: 2026-04-30\n" in after


def test_the_only_key_of_an_item_leaves_an_empty_item() -> None:
    assert data(remove("- a: 1\n- b\n", [(0, "a")])) == [{}, "b"]


def test_several_items_are_removed_at_once() -> None:
    assert remove("a:\n  - 1\n  - 2 # two\n  - 3\n  - 4\n", [("a", 0), ("a", 2)]) == "a:\n  - 2 # two\n  - 4\n"
    assert remove("a: [1, 2, 3]\n", [("a", 0), ("a", 2)]) == "a: [2]\n"


def test_none_removes() -> None:
    assert edit("a: 1\nb: 2\n", [(("a",), None)]) == "b: 2\n"


def test_line_breaks_stay_those_of_the_file() -> None:
    after = edit("\ufeffa: 1\r\nb:\r\n  c: 2", [(("b", "d"), "x"), (("e",), {"f": "g"})])
    assert after == "\ufeffa: 1\r\nb:\r\n  c: 2\r\n  d: x\r\ne:\r\n  f: g"


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "001",
        "053.10",
        "1e3",
        "007 / 3172",
        "null",
        "~",
        "",
        " a ",
        "a: b",
        "a #b",
        "- a",
        "*x",
        "&x",
        "!x",
        "{a",
        "'",
        '"',
        "a\nb",
        "=1",
        "0x1F",
        "12:30:00",
        "<<",
        "+7",
        "a:",
        "\ufeff",
        "😀",
        "`",
        "yes",
        ".inf",
        "2003",
    ],
)
def test_every_text_stays_the_text_it_is(text: str) -> None:
    for before in ("a: x  # c\n", "a: [x]\n"):
        path = ("a", 0) if "[" in before else ("a",)
        assert data(edit(before, [(path, text)])) == {"a": [text] if "[" in before else text}


def test_what_other_readers_take_for_a_number_is_quoted() -> None:
    after = edit("a: x\n", [(("a",), "053.10"), (("b",), "no"), (("c",), "2026-11-22")])
    assert after == 'a: "053.10"\nb: "no"\nc: 2026-11-22\n'


@pytest.mark.parametrize(
    "path",
    [
        pytest.param((), id="the whole"),
        pytest.param(("directory", "x"), id="inside a text"),
        pytest.param(("offices", 0), id="a number in a mapping"),
        pytest.param(("offices", "president", "holders", 5), id="far past the end"),
        pytest.param(("offices", "president", "holders", "x"), id="a key in a list"),
        pytest.param(("new", 3), id="the fourth of nothing"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(CannotEdit):
        edit(DIRECTORY, [(path, "x")])


def test_removing_what_is_not_there_is_refused() -> None:
    with pytest.raises(CannotEdit):
        remove(DIRECTORY, [("offices", "judge")])


def test_a_file_that_is_not_in_order_is_not_edited() -> None:
    with pytest.raises(DefinitionsBroken):
        edit("a: 1\na: 2\n", [(("a",), "3")])


def test_a_way_of_writing_that_cannot_be_cut_safely_is_refused() -> None:
    with pytest.raises(CannotEdit, match="by hand"):
        edit("? a\n# : b\n: c\n", [(("a",), {"x": "y"})])


@pytest.mark.parametrize("name", ["arlandia", "kazakhstan"])
def test_every_scalar_of_a_real_directory_can_be_changed_alone(name: str) -> None:
    text = (RECIPIENTS / f"{name}.yaml").read_text(encoding="utf-8")
    for path in scalars(data(text)):
        after = edit(text, [(path, "Ж: #1")])
        assert at(data(after), path) == "Ж: #1"
        assert len(after.splitlines()) <= len(text.splitlines())
        assert [line.partition("# ")[2] for line in text.splitlines() if line.lstrip().startswith("#")] == [
            line.partition("# ")[2] for line in after.splitlines() if line.lstrip().startswith("#")
        ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from(["a", "b", "no", "1", "x y", "ж"])
VALUES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


@given(st.lists(st.tuples(st.lists(KEYS, min_size=1, max_size=3), VALUES), max_size=6))
def test_whatever_is_set_is_what_the_file_says_or_it_is_refused(changes: list[tuple[list[str], Any]]) -> None:
    text: str = ""
    expected: Any = {}
    for path, value in changes:
        try:
            text = edit(text, [(tuple(path), deepcopy(value))])
        except CannotEdit:
            continue
        inner = expected
        for step in path[:-1]:
            inner = inner.setdefault(step, {})
        inner[path[-1]] = value
    assert (data(text) or {}) == expected


def scalars(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in scalars(inner, (*path, key))]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in scalars(inner, (*path, index))]
    return [path]


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("text", ["\x85", "\u2028", "a\u202eb"])
def test_a_text_that_no_definition_may_hold_is_not_written(text: str) -> None:
    with pytest.raises(CannotEdit):
        edit("a: x\n", [(("a",), text)])
