"""Letters with the longest and the shortest of everything come out whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.render import facts
from tests.render.builders import (
    CODE,
    EN,
    FILLER,
    letter,
    long_letter,
    notes,
    paragraph,
    paragraphs,
    requests,
    signatory,
)
from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.press import Pages, Press

EXTREMES: dict[str, Callable[[], Letter]] = {
    "one-word": lambda: letter(before=paragraphs("Please."), requests=(), notes=(), copies=(), lead_in=None),
    "longest-name": lambda: letter(
        names=("Mr " + "Abdurrahman-Konstantinopol " * 5 + "ibn Ruslan al-Khwarizmi",),
        subject=f"{CODE} – Mr "
        + "Abdurrahman-Konstantinopol " * 5
        + "ibn Ruslan al-Khwarizmi: request for his release",
    ),
    "ten-requests": lambda: letter(requests=requests(*(EN["requests"][1],) * 10)),
    "twelve-copies": lambda: letter(
        copies=tuple(f"Office number {n} of the Republic of Kazakhstan" for n in range(12))
    ),
    "long-notes": lambda: letter(notes=notes(*["A long note. " * 60] * 3)),
    "request-longer-than-a-page": lambda: letter(requests=requests(FILLER * 30)),
    "unbreakable": lambda: letter(before=paragraphs("https://example.org/" + "x" * 400)),
    "long-sender": lambda: letter(
        signatory=signatory(
            name="Prof. Dr. Margaret Elizabeth Anne Hale-Worthington of Upper Albion",
            role="Honorary President and Convenor of the Correspondence Committee",
            organisation="The Leeds and West Riding Society of Letter Writers for Human Rights Defenders",
            address=(
                "Albion House, Third Floor, Room 312",
                "14–18 Albion Terrace, Upper Headingley",
                "Leeds LS2 9JT",
                "UK",
            ),
        )
    ),
    "long-reply-address": lambda: letter(reply_to="the.urgent.appeals.desk.of.the.society@letter-writers.example.org"),
    "thousand-words": lambda: long_letter(36),
}


@pytest.mark.parametrize("which", EXTREMES)
def test_the_longest_and_shortest_letters_come_out_whole(press: Press, which: str) -> None:
    made = EXTREMES[which]()
    pages: Pages = press.letter(made)
    text = facts.text_of(pages.pdf)

    assert made.signatory.name in text
    assert made.close in text
    assert facts.failures(pages.pdf) == []
    assert all(word.left > 3 and word.right < 192 and word.bottom < 292 for word in facts.words(pages.pdf))


def test_a_short_letter_is_set_generously(press: Press) -> None:
    assert press.letter(EXTREMES["one-word"]()).density == "generous"


@pytest.mark.parametrize("count", range(20, 29))
def test_copies_never_stand_alone_on_a_page(press: Press, count: int) -> None:
    copies = tuple(f"Office number {n} of the Republic of Kazakhstan" for n in range(12))

    last = facts.pages_of(press.letter(long_letter(count, copies=copies)).pdf)[-1]

    assert copies[0] not in last or "Margaret Hale" in last


def test_a_few_copies_stand_below_the_reference_block_on_a_full_page(press: Press) -> None:
    made = press.letter(letter("ru"))
    words = [word for word in facts.words(made.pdf) if word.page == 1]

    left = {word.text: word.left for word in words if word.top > 200}
    assert left["Копии"] == pytest.approx(120.0, abs=0.3)
    assert left["Канцелярия"] == pytest.approx(120.0, abs=0.3)


@pytest.mark.parametrize("number", [7, 12])
def test_a_numbered_paragraph_hangs_evenly(press: Press, number: int) -> None:
    made = letter(before=(paragraph("First " + "word " * 30 + "end", number),), requests=(), notes=())
    words = facts.words(press.letter(made).pdf)
    start = next(word for word in words if word.text == "First")
    below = [word for word in words if 3 < word.top - start.top < 8]

    assert min(word.left for word in below) == pytest.approx(start.left, abs=0.3)
