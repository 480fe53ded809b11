"""YAML is read as text, with places; what is clever or hostile in it is refused at its place, in no time."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.workspace.source_text import LARGEST, MOST_PROBLEMS
from urgent_appeals.workspace.yaml_text import DEEPEST, Document, read_yaml

ALIAS_BOMB = 'a: &a ["x","x","x","x","x","x","x","x","x"]\n' + "".join(
    f"{name}: &{name} [{','.join([f'*{below}'] * 9)}]\n" for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(text: str) -> Document:
    return read_yaml(text.encode(), "file.yaml")


def told(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    "written",
    ["no", "001", "053.10", "007 / 3172", "NO", "1e3", "0x10", "2003-03-13", "yes", "Null", "1_000", ".inf"],
)
def test_a_scalar_stays_as_written(written: str) -> None:
    assert read(f"key: {written}\n").data == {"key": written}


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_an_empty_value_is_absent(empty: str) -> None:
    assert read(f"email: {empty}\nname: x\nlist: [a, {empty or '~'}, b]\n").data == {
        "name": "x",
        "list": ["a", "b"],
    }


@pytest.mark.parametrize("written", ["''", '"~"', "'null'"])
def test_a_quoted_value_is_never_absent(written: str) -> None:
    assert read(f"key: {written}\n").data == {"key": written[1:-1]}


def test_every_key_and_value_has_its_place() -> None:
    document = read("name:\n  en: One\nlist:\n- a\n-\n- b\n")
    assert document.origin.marks == {
        (): (1, 1),
        ("name",): (2, 3),
        ("name", "en"): (2, 7),
        ("list",): (4, 1),
        ("list", 0): (4, 3),
        ("list", 1): (6, 3),
    }
    assert document.keys == {("name",): (1, 1), ("name", "en"): (2, 3), ("list",): (3, 1)}


def test_places_count_characters_after_letters_of_any_script() -> None:
    assert read("ключ: [ы, 😀, x]\n").origin.marks["ключ", 2] == (1, 14)


def test_the_text_comes_in_composed_form() -> None:
    assert read("name: Andre\u0301\n").data == {"name": "André"}


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    document = read_yaml("\ufeffa: 1\r\nb: 2\r\n".encode(), "file.yaml")
    assert (document.data, document.origin.marks["b",], document.problems) == (
        {"a": "1", "b": "2"},
        (2, 4),
        (),
    )


def test_an_empty_file_holds_nothing() -> None:
    assert read("# nothing but a comment\n").data is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "to: a@gov.kz\nsubject: x\nto: spy@evil.example\n",
            ["file.yaml:3:1: the key 'to' stands here twice, the first is in line 1"],
            id="duplicate key",
        ),
        pytest.param(
            'x: !!python/object/apply:os.system ["id"]\n',
            ["file.yaml:1:4: tags are not used, put a text that begins with '!' in quotes"],
            id="tag",
        ),
        pytest.param(
            "a: &x 1\nb: *x\n",
            [
                "file.yaml:1:4: anchors are not used, put a text that begins with '&' in quotes",
                (
                    "file.yaml:2:4: aliases are not used, write the value out, "
                    "or put a text that begins with '*' in quotes"
                ),
            ],
            id="anchor and alias",
        ),
        pytest.param(
            "a: {b: 1}\n<<: {c: 2}\n",
            ["file.yaml:2:1: merge keys are not used, write the values out"],
            id="merge key",
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            ["file.yaml:2:1: a second document begins, a file holds one definition: take the '---' away"],
            id="several documents",
        ),
        pytest.param(
            "[a]: 1\n",
            ["file.yaml:1:1: a key is a list or mapping, put a text that begins with '[' or '{' in quotes"],
            id="a list for a key",
        ),
        pytest.param('"": 1\n', ["file.yaml:1:1: a key is missing before the ':'"], id="empty key"),
        pytest.param("a:\n\tb: 1\n", ["file.yaml:2:1: a tab stands in the indentation, use blanks"], id="tab"),
        pytest.param("a: b\n\tc: d\n", ["file.yaml:2:1: a tab stands in the indentation, use blanks"], id="tab later"),
        pytest.param("a: 'x\nb: 1\n", ["file.yaml:1:4: a quotation mark is not closed"], id="quotation mark"),
        pytest.param(
            "title: Kazakhstan: a trial\n",
            [
                (
                    "file.yaml:1:18: a ':' stands where none can, "
                    "put a text with ': ' in quotes, or give the line above its ':'"
                )
            ],
            id="colon in a text",
        ),
        pytest.param(
            "a: @x\n",
            ["file.yaml:1:4: a text cannot begin with this character, put it in quotes"],
            id="at sign",
        ),
        pytest.param(
            "a: 1\n- b\n",
            ["file.yaml:2:1: this line does not fit the lines above, check its indentation and its ':'"],
            id="indentation",
        ),
        pytest.param(
            "a: {b: 1\n",
            ["file.yaml:1:4: a '{' is not closed by '}', put a text that begins with '{' in quotes"],
            id="brace",
        ),
        pytest.param(
            'a: "\\u202efdp\\e[2J"\n',
            [
                (
                    "file.yaml:1:4: the character U+202E (turns the direction of text around) is refused, "
                    "take its escape away"
                )
            ],
            id="direction turned by an escape",
        ),
        pytest.param("a: 1\x00\n", ["file.yaml:1:5: the character U+0000 (a control character) is refused"], id="NUL"),
        pytest.param(
            "a: b\x1b[2J\n",
            ["file.yaml:1:5: the character U+001B (a control character) is refused"],
            id="escape",
        ),
        pytest.param(
            "a: \u202efdp.exe\n",
            ["file.yaml:1:4: the character U+202E (turns the direction of text around) is refused"],
            id="direction turned",
        ),
        pytest.param(
            "a: b\u2028c\n",
            ["file.yaml:1:5: the character U+2028 (a line separator) is refused"],
            id="line separator",
        ),
    ],
)
def test_it_is_refused_with_its_place(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            "name: señor".encode("latin-1"),
            "file.yaml:1:9: the byte 0xF1 is not UTF-8, save the file as UTF-8",
            id="Latin-1",
        ),
        pytest.param("a: 1".encode("utf-16"), "file.yaml:1:1: the file is UTF-16, save it as UTF-8", id="UTF-16"),
        pytest.param(b"a: 1\n" * 2_000_000, "file.yaml:1:1: the file is larger than 1 MB", id="10 MB"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, expected: str) -> None:
    document = read_yaml(data, "file.yaml")
    assert (document.data, [str(problem) for problem in document.problems]) == (None, [expected])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 20_000, id="brackets"),
        pytest.param("{a: " * 20_000, id="braces"),
        pytest.param("- " * 300_000, id="lists"),
        pytest.param("? " * 300_000, id="keys"),
        pytest.param(ALIAS_BOMB, id="alias bomb"),
        pytest.param("&a " * 50_000, id="anchors"),
        pytest.param("a: *b\n" * 100_000, id="aliases"),
        pytest.param("a: 1\n" * 190_000, id="the same key"),
        pytest.param("a: \x01\n" * 190_000, id="control characters"),
        pytest.param('"' + "\\x" * 400_000, id="escapes"),
        pytest.param("x" * LARGEST + "y", id="one byte too many"),
    ],
)
def test_a_hostile_file_is_refused_within_a_second(text: str) -> None:
    begun = time.process_time()
    document = read(text)
    assert time.process_time() - begun < 1
    assert 0 < len(document.problems) <= MOST_PROBLEMS


def test_nesting_is_allowed_down_to_the_limit() -> None:
    assert told("[" * DEEPEST + "]" * DEEPEST) == []
    assert told("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) == [
        f"file.yaml:1:{DEEPEST + 1}: lists and mappings stand more than {DEEPEST} deep within each other"
    ]


def test_a_line_too_long_to_look_at_is_not_shown() -> None:
    (problem,) = read("a: @" + "x" * 100_000).problems
    assert problem.text == ""


def flat(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in (key, *flat(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in flat(inner)]
    return [value]


@given(st.text() | st.text(alphabet="ab:-[]{}&*!|>'\"#~?,\t\n \\%@`<\x00é"))
def test_any_text_gives_texts_or_problems(text: str) -> None:
    document = read(text)
    assert all(problem.line > 0 and problem.column > 0 for problem in document.problems)
    assert all(isinstance(scalar, str) for scalar in flat(document.data or []))


@given(st.binary())
def test_any_bytes_give_texts_or_problems(data: bytes) -> None:
    document = read_yaml(data, "file.yaml")
    assert document.problems or all(isinstance(scalar, str) for scalar in flat(document.data or []))


@given(st.dictionaries(st.text("abc", min_size=1), st.lists(st.text("xyz 1.:'", max_size=9), max_size=4), max_size=4))
def test_what_is_quoted_comes_back_as_it_was(data: dict[str, list[str]]) -> None:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    lines = [f"{quoted(key)}: [{', '.join(map(quoted, values))}]" for key, values in data.items()]
    document = read("\n".join(lines))
    assert document.data == (data or None)
    for (key, index), place in islice(
        ((path, mark) for path, mark in document.origin.marks.items() if len(path) == 2), 9
    ):
        line, column = place
        assert document.origin.text.split("\n")[line - 1][column - 1 :].startswith(quoted(data[str(key)][int(index)]))
