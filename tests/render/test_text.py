"""The letter as plain text: whole, wrapped or not, and without a trace of what is absent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CODE, a_letter, a_signatory, notes, paragraph, paragraphs, requests
from tests.golden import Golden
from urgent_appeals.domain.prose import (
    Block,
    Heading,
    LineBreak,
    Listing,
    Paragraph,
    Quotation,
    Request,
    RequestGroup,
    RequestHeading,
    Run,
    Table,
)
from urgent_appeals.errors import RenderError
from urgent_appeals.render.text import letter_text, message_text, summary_text


def body_of(*blocks: Block, width: int | None = 40, **changes: Any) -> str:
    """Return how blocks look between the salutation and the request for reply."""
    letter = a_letter(before=blocks, lead_in=None, requests=(), request_for_reply="ANSWER", **changes)
    return message_text(letter, width).split("Your Excellency,\n\n")[1].split("\n\nANSWER")[0]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_letter_as_text(language: str, golden: Golden) -> None:
    copies = {
        "en": ("President of the Republic", "Embassy in London"),
        "ru": ("Президент", "Посольство в Лондоне"),
    }
    golden.check(f"text/letter_{language}.txt", letter_text(a_letter(language, copies=copies[language])))


def test_the_letter_unwrapped_for_web_forms(golden: Golden) -> None:
    golden.check("text/letter_unwrapped.txt", letter_text(a_letter(), None))


def test_the_summary(golden: Golden) -> None:
    golden.check("text/summary_en.txt", summary_text(a_letter()))


def test_what_is_absent_leaves_no_trace() -> None:
    letter = a_letter(
        requests=(),
        lead_in=None,
        notes=(),
        before=paragraphs("One."),
        signatory=a_signatory(role=None, organisation=None, address=()),
        request_for_reply="Answer me.",
    )
    assert message_text(letter) == ("Your Excellency,\n\nOne.\n\nAnswer me.\n\nYours respectfully,\n\nMargaret Hale\n")


def test_a_subject_without_the_code_gets_a_line_with_it_above() -> None:
    assert letter_text(a_letter(subject="Ms Maren")).startswith(f"Appeal code: {CODE}\n\nMs Maren\n\n")


def test_a_subject_with_the_code_stands_alone() -> None:
    assert "Appeal code:" not in letter_text(a_letter())


def test_the_code_is_never_parted_by_a_line_end() -> None:
    for padding in range(80):
        assert CODE in message_text(a_letter(request_for_reply=f"{'x' * padding} y {CODE} z"))


def test_a_number_stays_with_its_word() -> None:
    assert body_of(paragraph("She was arrested in the town hall on 3 March 2026.")) == (
        "She was arrested in the town hall on\n3 March 2026."
    )


def test_long_words_and_links_are_left_whole() -> None:
    link = "https://an-archive.example/" + "a-long-path/" * 6
    assert body_of(Paragraph(runs=(Run(text="See "), Run(text="the report", link=link), Run(text=".")))) == (
        f"See the report\n({link})."
    )


def test_a_link_that_is_its_own_text_is_not_repeated() -> None:
    runs = (Run(text="an@address.example", link="mailto:an@address.example"),)
    assert body_of(Paragraph(runs=runs)) == "an@address.example"


def test_a_link_of_several_styles_is_named_once() -> None:
    link = "https://x.example"
    runs = (Run(text="the ", link=link), Run(text="report", emphasis=True, link=link))
    assert body_of(Paragraph(runs=runs)) == "the report (https://x.example)"


def test_line_breaks_stay() -> None:
    assert body_of(Paragraph(runs=(Run(text="one "), LineBreak(), Run(text="two")))) == "one\ntwo"


def test_stray_line_ends_and_tabs_within_a_text_are_blanks() -> None:
    assert body_of(paragraph("one\ntwo\tthree\u2028four")) == "one two three four"


def test_a_no_break_space_stays_as_it_is() -> None:
    assert body_of(paragraph("№\u00a05")) == "№\u00a05"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x9f", "\udcff"])
def test_control_characters_are_refused_by_name(character: str) -> None:
    with pytest.raises(RenderError, match=f"U\\+{ord(character):04X}") as refused:
        letter_text(a_letter(before=paragraphs(f"x{character}y")))
    assert CODE in str(refused.value)


def test_quotations_headings_and_lists_are_set_apart() -> None:
    blocks = (
        Heading(level=1, runs=(Run(text="Facts"),)),
        Quotation(blocks=paragraphs("He said that nobody would be admitted to the hearing.")),
        Listing(
            ordered=True,
            start=9,
            items=(paragraphs("nine"), paragraphs("ten, which is long enough to need two lines")),
        ),
        Listing(ordered=False, items=(paragraphs("one", "more on one"), paragraphs("two"))),
    )
    assert body_of(*blocks) == (
        "Facts\n\n"
        "    He said that nobody would be\n    admitted to the hearing.\n\n"
        "9.  nine\n10. ten, which is long enough to need\n    two lines\n\n"
        "- one\n\n  more on one\n\n- two"
    )


def test_numbered_paragraphs_keep_their_numbers() -> None:
    assert body_of(paragraph("It begins again.", number=12)) == "12. It begins again."


def test_a_table_is_read_row_by_row() -> None:
    def cells(*texts: str) -> tuple[tuple[Run, ...], ...]:
        return tuple((Run(text=text),) for text in texts)

    table = Table(head=cells("Year", "Arrests"), rows=(cells("2025", "7"), cells("2026", "")))
    assert body_of(table) == "Year: 2025; Arrests: 7\nYear: 2026"


def test_requests_under_headings_keep_them_and_bullets_get_a_hyphen() -> None:
    group = RequestGroup(
        headings=(RequestHeading(level=3, runs=(Run(text="The detention"),)),),
        introduction=paragraphs("At once:"),
        requests=(Request(label="", blocks=paragraphs("release her;")),),
    )
    text = message_text(a_letter(requests=(group, *requests("pay her;", labels=("ii.",)))))
    assert "I respectfully urge you to:\n\nThe detention\n\nAt once:\n\n- release her;\n\nii. pay her;\n\n" in text


def test_a_note_of_several_paragraphs_hangs_under_its_number() -> None:
    text = message_text(a_letter(notes=notes("One paragraph.\n\nAnother.")))
    assert text.endswith("\n\n[1] One paragraph.\n\n    Another.\n")


def test_the_summary_has_no_marks_of_notes_that_it_does_not_print() -> None:
    assert "[1]" not in summary_text(a_letter(summary=paragraphs("Held since March.[^1]")))


WORDS = st.lists(st.from_regex(r"[a-zа-я0-9,.]{1,30}", fullmatch=True), min_size=1, max_size=60).map(" ".join)


@given(WORDS, st.integers(20, 100))
def test_wrapping_changes_nothing_but_line_ends(text: str, width: int) -> None:
    wrapped = body_of(paragraph(text), width=width)
    assert " ".join(wrapped.split()) == text
    assert all(len(line) <= width or " " not in line or _is_glued(line) for line in wrapped.split("\n"))


def _is_glued(line: str) -> bool:
    words = line.split(" ")
    return all(word[-1].isdigit() for word in words[:-1])
