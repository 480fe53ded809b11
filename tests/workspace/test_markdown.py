"""Prose is read by its headings; what would be lost or printed by mistake is told of; nothing breaks it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from urgent_appeals.domain.prose import (
    Block,
    Heading,
    LineBreak,
    Listing,
    NoteMark,
    Paragraph,
    Prose,
    Quotation,
    Run,
    Scope,
    Table,
    note_labels,
    plain,
)
from urgent_appeals.domain.values import PartialDate
from urgent_appeals.workspace.markdown import MarkdownReader
from urgent_appeals.workspace.requested_actions import label

READER = MarkdownReader()


def read(text: str, numbering: str = "roman") -> Prose:
    prose, problems = READER.read(text.encode(), "en.md", "en", numbering=numbering)
    assert [str(problem) for problem in problems] == []
    return prose


def told(text: str) -> list[str]:
    return [str(problem).removeprefix("en.md:") for problem in READER.read(text.encode(), "en.md", "en")[1]]


def words(blocks: Sequence[Block]) -> list[str]:
    return [plain(block.runs) if isinstance(block, Paragraph | Heading) else type(block).__name__ for block in blocks]


def paragraph(text: str, **style: bool) -> Paragraph:
    return Paragraph(runs=(Run(text=text, **style),))


def test_each_section_fills_its_field() -> None:
    prose = read(
        "# The title\n\n## Subject\n\nMr X: *release*\nnow\n\n## Letter\n\nI write.\n\n"
        "## Summary\n\nShort.\n\n"
        "## New information\n\nNew.\n\n## Background\n\nOld.\n\n## Remarks\n\nStanding.\n\n"
        "## Place line\n\nParis, 1 May\n"
    )
    assert (prose.language, prose.title, prose.subject, prose.place_line) == (
        "en", "The title", "Mr X: release now", "Paris, 1 May"
    )  # fmt: skip
    assert [words(text.blocks) for text in prose.letters] == [["I write."]]
    parts = (prose.summary, prose.new_information, prose.background, prose.remarks)
    assert [words(part) for part in parts] == [
        ["Short."], ["New."], ["Old."], ["Standing."]
    ]  # fmt: skip


def test_an_absent_section_is_empty() -> None:
    assert read("").model_dump() == Prose(language="en").model_dump()


def test_section_headings_are_read_in_any_case() -> None:
    assert words(read("## new INFORMATION\n\nx\n").new_information) == ["x"]


def test_several_letters_are_told_apart_by_their_recipients() -> None:
    prose = read("## Letter\n\na\n\n## Letter {to: osce/chair, usa}\n\nb\n")
    assert [text.scope.to for text in prose.letters] == [(), ("osce/chair", "usa")]


def test_a_paragraph_of_its_own_marks_where_the_actions_stand() -> None:
    (letter,) = read("## Letter\n\na:\n\n{actions}\n\nb\n").letters
    assert (words(letter.blocks), letter.actions_at) == (["a:", "b"], 1)
    assert read("## Letter\n\na\n").letters[0].actions_at is None


def test_emphasis_links_breaks_and_notes_are_runs() -> None:
    (block,) = read(
        "## Background\n\nIn *the* **big *city***\\\nsee [here](https://a.example/?q=1)\n"
        "or <mail@b.example>[^1].\n\n[^1]: N.\n"
    ).background
    assert isinstance(block, Paragraph)
    assert block.runs == (
        Run(text="In "),
        Run(text="the", emphasis=True),
        Run(text=" "),
        Run(text="big ", strong=True),
        Run(text="city", strong=True, emphasis=True),
        LineBreak(),
        Run(text="see "),
        Run(text="here", link="https://a.example/?q=1"),
        Run(text=" or "),
        Run(text="mail@b.example", link="mailto:mail@b.example"),
        NoteMark(label="1"),
        Run(text="."),
    )


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}",
        "{% include '/etc/passwd' %}",
        "<script>alert(1)</script>",
        '<link rel=attachment href="file:///etc/passwd">',
        "<!-- a comment -->",
    ],
)
def test_markup_of_other_languages_is_text(text: str) -> None:
    assert words(read(f"## Letter\n\n{text}\n\nIn {text} it\n").letters[0].blocks) == [text, f"In {text} it"]


def test_entities_and_escapes_are_the_characters_they_stand_for() -> None:
    assert words(read("## Letter\n\n&lt;b&gt; \\*x\\* &amp;\n").letters[0].blocks) == ["<b> *x* &"]


def test_text_comes_in_composed_form() -> None:
    assert words(read("## Letter\n\nAndre\u0301\n").letters[0].blocks) == ["André"]


def test_indentation_makes_no_code() -> None:
    assert words(read("## Letter\n\n      Indented by *accident*.\n").letters[0].blocks) == ["Indented by accident."]


def test_a_line_below_a_paragraph_makes_no_heading_of_it() -> None:
    assert told("## Letter\n\nI write.\n---\nMore.\n") == ["4:1: a line across the page is not printed, take it out"]


def test_a_fenced_text_keeps_its_lines() -> None:
    (block,) = read("## Letter\n\n```\na *b*\n\nc\n```\n").letters[0].blocks
    assert isinstance(block, Paragraph)
    assert block.runs == (Run(text="a *b*"), LineBreak(), Run(text=""), LineBreak(), Run(text="c"))


def test_blocks_of_every_kind_are_kept() -> None:
    blocks = read(
        "## Background\n\n### Facts\n\n#### More\n\n> quoted\n\n3. three\n4. four\n   - inner\n\n"
        "| a | b |\n|---|---|\n| 1 | *2* |\n"
    ).background
    assert blocks == (
        Heading(level=1, runs=(Run(text="Facts"),)),
        Heading(level=2, runs=(Run(text="More"),)),
        Quotation(blocks=(paragraph("quoted"),)),
        Listing(
            ordered=True,
            start=3,
            items=(
                (paragraph("three"),),
                (paragraph("four"), Listing(ordered=False, items=((paragraph("inner"),),))),
            ),
        ),
        Table(
            head=((Run(text="a"),), (Run(text="b"),)),
            rows=(((Run(text="1"),), (Run(text="2", emphasis=True),)),),
        ),
    )


def test_numbered_paragraphs_keep_their_numbers_and_restarts() -> None:
    blocks = read("## Background\n\n[12] a\n\n\\[13\\] *b*\n\n[1] c\n\n[x] d\n").background
    assert [(block.number, plain(block.runs)) for block in blocks if isinstance(block, Paragraph)] == [
        (12, "a"), (13, "b"), (1, "c"), (None, "[x] d")
    ]  # fmt: skip


def test_notes_may_have_several_paragraphs_and_stand_anywhere() -> None:
    prose = read(
        "[^b]: Second.\n\n## Letter\n\nx[^a] y[^b]\n\n[^a]: First,\n    one.\n\n    First, two.\n\n## Summary\n\nz\n"
    )
    assert [(note.label, words(note.blocks)) for note in prose.notes] == [
        ("b", ["Second."]), ("a", ["First, one.", "First, two."])
    ]  # fmt: skip
    assert note_labels(prose.letters[0].blocks) == ("a", "b")
    assert words(prose.summary) == ["z"]


def test_chronology_takes_the_date_off_an_item() -> None:
    prose = read(
        "## Chronology\n\n- 2002-08: a\n- 2002-08-14 — *b*\n- 2003 - c\n"
        "- 2003-01\u00a0– d\n- In May: e\n- 2003 was bad\n"
    )
    assert [(str(item.date) if item.date else None, words(item.blocks)) for item in prose.chronology] == [
        ("2002-08", ["a"]), ("2002-08-14", ["b"]), ("2003", ["c"]), ("2003-01", ["d"]), (None, ["In May: e"]),
        (None, ["2003 was bad"]),
    ]  # fmt: skip
    assert prose.chronology[0].date == PartialDate(year=2002, month=8)


ACTIONS = """\
## Actions requested

Please write:

### To the government {to: kaz/president, kaz#minister}

1. release him {to: kaz/president}
2. ensure:
   > a quotation

#### On Mr X {person: x; theme: torture}

And also:

- a bullet

Then:

7. the seventh

### To others

1. write
"""


def test_requests_stand_in_groups_under_all_their_headings() -> None:
    groups = read(ACTIONS).requests
    assert [
        (
            [plain(head.runs) for head in group.headings],
            words(group.introduction),
            [ask.label for ask in group.requests],
        )
        for group in groups
    ] == [
        ([], ["Please write:"], []),
        (["To the government"], [], ["i.", "ii."]),
        (["To the government", "On Mr X"], ["And also:"], [""]),
        (["To the government", "On Mr X"], ["Then:"], ["vii."]),
        (["To others"], [], ["i."]),
    ]


def test_scopes_are_taken_off_headings_and_requests() -> None:
    groups = read(ACTIONS).requests
    assert [head.scope for head in groups[2].headings] == [
        Scope(to=("kaz/president", "kaz#minister")),
        Scope(person="x", theme="torture"),
    ]
    assert [ask.scope.to for ask in groups[1].requests] == [("kaz/president",), ()]
    assert words(groups[1].requests[0].blocks) == ["release him"]
    assert [block.kind for block in groups[1].requests[1].blocks] == ["paragraph", "quotation"]


def test_places_of_letters_requests_and_headings_are_known() -> None:
    prose = read(f"## Letter\n\na\n\n{ACTIONS}")
    lines = {path: line for path, (line, _) in prose.origin.marks.items()}
    assert lines["letters", 0] == 1
    assert lines["requests",] == 5
    assert lines["requests", 1, "headings", 0] == 9
    assert lines["requests", 1, "requests", 1] == 12
    assert lines["requests", 3, "requests", 0] == 23


@pytest.mark.parametrize(
    ("number", "numbering", "expected"),
    [
        (4, "roman", "iv."), (1994, "roman", "mcmxciv."), (4000, "roman", "4000."), (0, "roman", "0."),
        (3, "arabic", "3."), (2, "letters", "b."), (26, "letters", "z."), (27, "letters", "aa."),
        (0, "letters", "0."),
        (5, "bullets", ""),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_the_appeal_numbers(number: int, numbering: str, expected: str) -> None:
    assert label(number, numbering) == expected


def test_requests_keep_the_numbers_they_were_issued_with() -> None:
    (group,) = read("## Actions requested\n\n2. a\n3. b\n5. c\n", "arabic").requests
    assert [ask.label for ask in group.requests] == ["2.", "3.", "5."]


def test_a_list_of_ones_counts_up() -> None:
    (group,) = read("## Actions requested\n\n1. a\n1. b\n1. c\n", "letters").requests
    assert [ask.label for ask in group.requests] == ["a.", "b.", "c."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "## Backgrund\n\nx\n",
            ["1:4: unknown section 'Backgrund', did you mean 'Background'?"],
            id="unknown section",
        ),
        pytest.param(
            "## Письмо\n\nx\n",
            [
                (
                    "1:4: unknown section 'Письмо', known are Subject, Letter, Summary, New information, "
                    "Background, Chronology, Actions requested, Remarks, Place line"
                )
            ],
            id="translated heading",
        ),
        pytest.param(
            "## Summary\n\na\n\n## Summary\n\nb\n",
            ["5:1: the section 'Summary' stands here twice, join the two"],
            id="duplicate section",
        ),
        pytest.param(
            "## Letter\n\na\n\n## Letter\n\nb\n",
            ["5:1: another `## Letter` is for the same recipients, join the two"],
            id="two letters to all",
        ),
        pytest.param(
            "## Summary\n\n## Remarks\n\na\n",
            ["1:1: warning: nothing stands under 'Summary'"],
            id="empty section",
        ),
        pytest.param(
            "hello\n\n## Letter\n\na\n",
            ["1:1: this text stands before the first heading, put it under a heading such as ## Background"],
            id="text before the first heading",
        ),
        pytest.param(
            "# T\n\nhello\n\n## Letter\n\na\n",
            ["3:1: this text stands before the first section, put it under a heading such as ## Background"],
            id="text below the title",
        ),
        pytest.param(
            "## Letter\n\na\n\n# T\n",
            ["5:1: a title (#) stands in the first line only, begin a section with ##"],
            id="late title",
        ),
        pytest.param(
            "## Letter {too: a/b}\n\na\n",
            ["1:12: unknown key 'too' in braces, did you mean 'to'?"],
            id="unknown scope key",
        ),
        pytest.param("## Letter {to: }\n\na\n", ["1:12: nothing follows 'to:'"], id="empty scope"),
        pytest.param(
            "## Letter {to: a; to: b}\n\na\n",
            ["1:19: 'to' stands twice in the braces, put commas between several recipients"],
            id="scope key twice",
        ),
        pytest.param(
            "## Letter {to: The President}\n\na\n",
            [("1:16: 'The President' is no recipient, write kazakhstan/president, kazakhstan or kazakhstan#minister")],
            id="no recipient",
        ),
        pytest.param(
            "## Letter\n\na\n\n{action}\n",
            ["5:1: {action} means nothing here, did you mean {actions}?"],
            id="actions misspelt",
        ),
        pytest.param(
            "## Actions requested\n\n### A {to a/b}\n\n1. a\n",
            [("3:7: such braces stand only at the end of a `## Letter` heading, or of a heading or item of requests")],
            id="scope without its colon",
        ),
        pytest.param(
            "## Subject\n\na &#x202e;b&NewLine;Bcc: c\n",
            [
                "3:3: &#x202e;: the character U+202E (turns the direction of text around) is refused",
                "3:12: &NewLine;: the character U+000A (a control character) is refused",
            ],
            id="entities that hide",
        ),
        pytest.param(
            "## Summary {to: a/b}\n\na\n",
            ["1:1: braces stand only after `## Letter`, and in `## Actions requested`"],
            id="scope of a summary",
        ),
        pytest.param(
            "## Actions requested\n\n1. a\n   - b {to: x/y}\n",
            [("4:8: such braces stand only at the end of a `## Letter` heading, or of a heading or item of requests")],
            id="scope deep in an item",
        ),
        pytest.param(
            "## Actions requested\n\n### A {person: Mr X}\n\n1. a\n",
            ["3:16: 'Mr X' after 'person:' should be a short name of small letters, figures and hyphens"],
            id="person that is no id",
        ),
        pytest.param(
            "## Actions requested\n\n### A\n\n### B\n\n1. a\n\n#### C\n",
            ["3:1: nothing is requested under this heading", "9:1: nothing is requested under this heading"],
            id="bare headings",
        ),
        pytest.param("## Actions requested\n\n1. a\n2.\n", ["4:1: a request is empty"], id="empty request"),
        pytest.param(
            "## Letter\n\n{actions}\n\na\n\n{actions}\n",
            ["7:1: {actions} stands here twice"],
            id="actions twice",
        ),
        pytest.param(
            "## Letter\n\na {actions} b\n",
            [("3:3: {actions} stands alone in a paragraph of `## Letter`, put an empty line before and after it")],
            id="actions within a line",
        ),
        pytest.param(
            "## Letter\n\na [x](javascript:alert(1)) b\n",
            [
                (
                    "3:7: a link goes to http, https or mailto only, not to 'javascript:alert(1)', "
                    "write the whole address, or take the link out"
                )
            ],
            id="javascript",
        ),
        pytest.param(
            "## Letter\n\n[x](../x.html)\n",
            [
                (
                    "3:5: a link goes to http, https or mailto only, not to '../x.html', "
                    "write the whole address, or take the link out"
                )
            ],
            id="relative link",
        ),
        pytest.param(
            "## Letter\n\na\n<file:///etc/passwd>\n",
            [
                (
                    "4:2: a link goes to http, https or mailto only, not to 'file:///etc/passwd', "
                    "write the whole address, or take the link out"
                )
            ],
            id="file in angles",
        ),
        pytest.param(
            "## Letter\n\na ![b](https://x.example/y.png)\n",
            ["3:3: images are not printed, take it out, or say in words what it shows"],
            id="image",
        ),
        pytest.param(
            "## Letter\n\na\n\n* * *\n\nb\n",
            ["5:1: a line across the page is not printed, take it out"],
            id="rule",
        ),
        pytest.param(
            "## Letter\n\na[^charg]\n\n[^charge]: x\n",
            [
                "3:2: the note [^charg] is not defined, did you mean 'charge'?",
                "5:1: warning: the note [^charge] is called nowhere, and is not printed",
            ],
            id="note misspelled",
        ),
        pytest.param(
            "## Letter\n\na[^1]\n\n[^1]: x\n\n[^1]: y\n",
            ["7:1: the note [^1] is defined twice, the first is in line 5"],
            id="note defined twice",
        ),
        pytest.param(
            "## Letter\n\na[^a b]\n",
            ["3:2: a note is called by a name without blanks, such as [^1], take the blanks out"],
            id="note with a blank",
        ),
        pytest.param(
            "## Subject\n\na[^1]\n\n[^1]: x\n",
            ["3:2: a note cannot be called here"],
            id="note in the subject",
        ),
        pytest.param("## Subject\n\na\n\nb\n", ["5:1: 'Subject' should be one line of text"], id="long subject"),
        pytest.param(
            "## Chronology\n\nOnce\n",
            [("3:1: a chronology is a list: an item begins with its date, such as - 2002-08-14: he was released")],
            id="chronology without a list",
        ),
        pytest.param("## Chronology\n\n- 2002-13: x\n", ["3:3: 2002-13 is no date of the calendar"], id="no date"),
        pytest.param(
            "## Letter\n\na \u202eb\n",
            ["3:3: the character U+202E (turns the direction of text around) is refused"],
            id="bidi",
        ),
        pytest.param("## Letter\n\na\x07\n", ["3:2: the character U+0007 (a control character) is refused"], id="bell"),
    ],
)
def test_it_is_told_of_with_its_place(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_refused_link_is_no_link() -> None:
    prose, _ = READER.read(b"## Letter\n\n[x](javascript:alert(1))\n", "en.md", "en")
    assert prose.letters[0].blocks == (paragraph("x"),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(">" * 20_000, id="quotations"),
        pytest.param("* + " * 10_000 + "x", id="lists in one line"),
        pytest.param("".join(" " * depth + "- a\n" for depth in range(300)), id="lists"),
        pytest.param("[^1]: " * 2_000, id="notes within notes"),
        pytest.param("> - " * 5_000, id="lists within quotations"),
    ],
)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    begun = time.process_time()
    found = told(f"## Letter\n\n{text}\n")
    assert time.process_time() - begun < 1
    assert any("stand too deep within each other" in problem for problem in found)


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "*a_ " * 20_000, "![" * 10_000, "[a](" * 10_000, "`a``" * 10_000, "<" * 50_000]
)
def test_what_is_hard_to_parse_is_read_in_seconds(text: str) -> None:
    begun = time.process_time()
    told(f"## Letter\n\n{text}\n")
    assert time.process_time() - begun < 8


def test_a_file_too_large_is_refused() -> None:
    assert told("word " * 200_001) == ["1:1: the file is larger than 1 MB"]


PIECES = st.sampled_from(
    [
        "# ",
        "## ",
        "### ",
        "#### ",
        "Letter",
        "Background",
        "Chronology",
        "Actions requested",
        "Subject",
        " {to: a/b}",
        "{actions}",
        "{to: }",
        "{x:y;:}",
        "\n",
        "\n\n",
        "    ",
        "1. ",
        "- ",
        "> ",
        "[^1]",
        "[^1]: ",
        "[1] ",
        "[x](",
        "javascript:y",
        ")",
        "<http://a.example>",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "|a|b|\n|-|-|\n",
        "2002-08: ",
        "&amp;",
        "\\",
        "---\n",
        "===\n",
        "![",
        "]",
        "<b>",
        "\t",
        "\x00",
        "word",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join), st.sampled_from(["roman", "bullets"]))
def test_any_text_gives_prose_and_problems(text: str, numbering: str) -> None:
    prose, problems = READER.read(text.encode(), "en.md", "en", numbering=numbering)
    lines = prose.origin.text.split("\n")
    assert all(1 <= problem.line <= len(lines) and problem.column >= 1 for problem in problems)
    assert Prose.model_validate(prose.model_dump() | {"origin": prose.origin}) == prose


@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
def test_the_short_way_of_reading_plain_text_changes_nothing(text: str) -> None:
    slow = MarkdownIt("commonmark", {"html": False, "maxNesting": 30}).enable("table")
    slow.disable(["code", "lheading", "html_block", "html_inline"])
    footnote_plugin(slow, inline=False, move_to_end=False, always_match_refs=True)
    slow.validateLink = READER._parser.validateLink  # type: ignore[method-assign]
    expected, found = (
        [(token.type, [child.as_dict() for child in token.children or []]) for token in parser.parse(text)]
        for parser in (slow, READER._parser)
    )
    assert found == expected
