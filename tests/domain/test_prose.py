"""The tree of prose: its plain words, how many there are, and the notes called in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_prose, paragraph, paragraphs
from urgent_appeals.domain.prose import (
    Block,
    Heading,
    Inline,
    LineBreak,
    Listing,
    NoteMark,
    Paragraph,
    Quotation,
    RequestGroup,
    RequestHeading,
    Run,
    Table,
    headings_once,
    note_labels,
    plain,
    renumbered,
    text_of,
    word_count,
)


def runs(text: str) -> tuple[Inline, ...]:
    return paragraph(text).runs


TREE: tuple[Block, ...] = (
    Heading(level=1, runs=runs("One[^a]")),
    Paragraph(
        runs=(Run(text="two "), Run(text="three", strong=True), LineBreak(), Run(text="four"), NoteMark(label="b"))
    ),
    Quotation(blocks=(*paragraphs("five[^c]"), Quotation(blocks=paragraphs("six seven[^d]")))),
    Listing(
        ordered=True, items=(paragraphs("eight[^e]", "nine"), (Listing(ordered=False, items=(paragraphs("ten[^f]"),)),))
    ),
    Table(head=(runs("eleven[^g]"), runs("twelve")), rows=((runs("13[^h]"), runs("14")), (runs("15"), runs("16[^a]")))),
)


def test_plain_words_have_blanks_for_line_breaks_and_no_notes() -> None:
    assert plain((Run(text="a"), LineBreak(), Run(text="b", link="https://b.example"), NoteMark(label="1"))) == "a b"


def test_words_are_counted_wherever_they_stand_and_notes_are_not() -> None:
    assert word_count(TREE) == 16


def test_nothing_has_no_words() -> None:
    assert (word_count(()), text_of(())) == (0, "")


def test_the_text_of_blocks_is_one_line_without_style_numbers_or_notes() -> None:
    assert text_of(TREE) == "One two three four five six seven eight nine ten eleven twelve 13 14 15 16"
    assert text_of((paragraph("a\n  *b*[^1]", number=12), *paragraphs(" c"))) == "a b c"


def test_notes_are_found_in_reading_order_as_often_as_they_are_called() -> None:
    assert note_labels(TREE) == ("a", "b", "c", "d", "e", "f", "g", "h", "a")


def test_renumbering_changes_each_mark_wherever_it_stands() -> None:
    numbers = {label: str(number) for number, label in enumerate("abcdefgh", start=1)}
    assert note_labels(renumbered(TREE, numbers)) == ("1", "2", "3", "4", "5", "6", "7", "8", "1")


@pytest.mark.parametrize("block", [pytest.param(block, id=block.kind) for block in TREE])
def test_a_mark_without_a_number_is_left_out_and_nothing_else(block: Block) -> None:
    bare = renumbered((block,), {})
    assert note_labels(bare) == ()
    assert word_count(bare) == word_count((block,))
    assert renumbered(bare, {"a": "9"}) == bare


def test_renumbering_keeps_the_numbers_of_paragraphs_and_lists() -> None:
    blocks = (paragraph("a[^x]", number=12), Listing(ordered=True, start=4, items=(paragraphs("b[^x]"),)))
    first, second = renumbered(blocks, {"x": "1"})
    assert isinstance(first, Paragraph)
    assert isinstance(second, Listing)
    assert (first.number, second.start) == (12, 4)


@given(st.permutations("abcdefgh"))
def test_numbers_may_trade_places(order: list[str]) -> None:
    numbers = dict(zip("abcdefgh", order, strict=True))
    assert note_labels(renumbered(TREE, numbers)) == tuple(numbers[label] for label in note_labels(TREE))


def test_where_a_prose_was_read_from_is_not_part_of_what_it_says() -> None:
    assert not {"origin", "modified"} & a_prose().model_dump().keys()


def test_a_heading_over_several_groups_is_said_once_and_again_after_another() -> None:
    state, people, maren, berg, bank = (
        RequestHeading(level=level, runs=runs(words))
        for level, words in ((1, "State"), (2, "People"), (3, "Maren"), (3, "Berg"), (1, "Bank"))
    )
    issued = ((), (state, people, maren), (state, people, berg), (state,), (state, people), (bank, people), (), (bank,))
    said = headings_once(RequestGroup(headings=headings) for headings in issued)
    assert [group.headings for group in said] == [
        (),
        (state, people, maren),
        (berg,),
        (),
        (people,),
        (bank, people),
        (),
        (bank,),
    ]
