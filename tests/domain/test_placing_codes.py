"""Measure how surely noisy codes place a response: how many are placed, that none is placed wrongly, what is guessed.

The figures are printed (`pytest -s`); docs/ states them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.code_noise import (
    BREAKS,
    ON_CODES,
    ON_SENTENCES,
    SENTENCES,
    Noise,
    encoded_header,
    entities,
    genuine_spellings,
    misread,
)
from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.placing import Clues, Index, KnownAppeal, Placement, SentLetter, index_of, place
from urgent_appeals.domain.quoted import Certainty, KnownCodes, find
from urgent_appeals.domain.response import CodeFound, Where

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not genuine_spellings(), reason="the published spellings are not beside the checkout"),
]

RECIPIENT = "kazakhstan/president"
ANSWERED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Tally:
    """How many were placed as they should be, or guessed first; and what was not."""

    right: int = 0
    missed: list[str] = field(default_factory=list)

    def note(self, *, right: bool, text: str) -> None:
        self.right += right
        if not right:
            self.missed.append(text)

    @property
    def share(self) -> float:
        return self.right / (self.right + len(self.missed))

    def told(self, what: str) -> str:
        few = "".join(f"\n    {text!r}" for text in self.missed[:10])
        return f"{what}: {self.right} of {self.right + len(self.missed)} ({self.share:.2%}){few}"


@dataclass(frozen=True)
class Spelling:
    """A published spelling, and the code that it stands for."""

    written: str
    code: CaseCode


@cache
def spellings() -> tuple[Spelling, ...]:
    """All published spellings, each with its case as the table has it."""
    found = []
    for row in genuine_spellings():
        (code,) = find(row["spelling"])
        assert (code.scheme, code.case) == (row["scheme"], row["case"])
        assert row["update"] in ("(ordinal)", str(code.update or ""))
        known = CaseCode(scheme=code.scheme, case=code.case, update=code.update, written=row["spelling"])
        found.append(Spelling(row["spelling"], known))
    return tuple(found)


@cache
def known_cases() -> Index:
    """An index of all these cases, each with a first appeal, the update quoted, and one before and after it."""
    codes = dict.fromkeys(
        CaseCode(scheme=each.code.scheme, case=each.code.case, update=update or None, written=each.written)
        for each in spellings()
        for update in {0, *range(max(0, (each.code.update or 0) - 1), (each.code.update or 0) + 2)}
    )
    appeals = [KnownAppeal(code=code, recipients=(RECIPIENT,)) for code in codes]
    letters = [
        SentLetter(item=str(code.canonical), code=code, recipient=RECIPIENT, on=date(2003, 3, (code.update or 0) + 1))
        for code in codes
    ]
    return index_of(appeals, letters)


@cache
def known_codes() -> KnownCodes:
    return KnownCodes(known_cases().codes)


def placed(text: str, where: Where = Where.NEW) -> Placement:
    """Place a response with this text as the program does, all codes known."""
    codes = tuple(CodeFound(**code.model_dump(), where=where) for code in find(text, known=known_codes()))
    return place(Clues(codes=codes, date=ANSWERED), known_cases())


def expected(code: CaseCode) -> CaseCode:
    """The appeal that a code stands for: without an update, the newest sent."""
    if code.update is not None:
        return code
    return known_cases().newest((code.scheme, code.case), ANSWERED.date())


def say(figures: str) -> None:
    """Show figures where the output of tests is shown."""
    sys.stdout.write(f"\n{figures}\n")


def is_right(placement: Placement, spelling: Spelling, text: str) -> bool:
    """Tell whether it is placed as it should be; raise where it is placed wrongly."""
    assert placement.code in (None, expected(spelling.code)), text
    return placement.placed


def everywhere(spelling: Spelling, noises: tuple[Noise, ...], random: Random) -> Iterator[tuple[str, Where]]:
    """Yield a spoilt code in a sentence of each language, and where that text stands."""
    for sentence in SENTENCES.values():
        written = spelling.written
        for noise in noises:
            written = noise(written, random) if noise not in ON_SENTENCES else written
        text = sentence.format(written)
        for noise in noises:
            text = noise(text, random) if noise in ON_SENTENCES else text
        yield text, Where.SUBJECT if encoded_header in noises else Where.NEW


ALONE: tuple[Noise, ...] = (*(noise for row in ON_CODES for noise in row), *ON_SENTENCES)


def test_a_published_spelling_is_placed_in_a_sentence_of_each_language() -> None:
    for spelling in spellings():
        for text, where in everywhere(spelling, (), Random(0)):
            assert is_right(placed(text, where), spelling, text), text


@pytest.mark.parametrize("noise", [pytest.param(noise, id=noise.__name__) for noise in ALONE])
def test_codes_with_one_kind_of_noise_are_placed(noise: Noise) -> None:
    tally, spoilt = Tally(), 0
    for seed in range(2):
        for spelling in spellings():
            spoilt += noise(spelling.written, Random(seed)) != spelling.written
            for text, where in everywhere(spelling, (noise,), Random(seed)):
                tally.note(right=is_right(placed(text, where), spelling, text), text=text)
    assert spoilt or noise in (entities, encoded_header)
    say(tally.told(noise.__name__))
    assert tally.share >= 0.995, tally.told(noise.__name__)


NOISES = st.tuples(*(st.sampled_from((None, *row)) for row in (*ON_CODES, ON_SENTENCES))).map(
    lambda chosen: tuple(
        noise for noise in chosen if noise is not None and not (encoded_header in chosen and noise in BREAKS)
    )
)


def test_codes_with_noise_of_several_kinds_are_placed_and_none_wrongly() -> None:
    tally = Tally()

    @settings(max_examples=100)
    @given(noises=NOISES, seed=st.integers(0, 2**32))
    def spoil(noises: tuple[Noise, ...], seed: int) -> None:
        random = Random(seed)
        for spelling in spellings():
            for text, where in everywhere(spelling, noises, random):
                tally.note(right=is_right(placed(text, where), spelling, text), text=text)

    spoil()
    say(tally.told("combined"))
    assert tally.share >= 0.995, tally.told("combined")


def test_a_scanners_slips_leave_the_right_code_first_among_the_guesses() -> None:
    tally, slipped = Tally(), 0

    @settings(max_examples=40)
    @given(seed=st.integers(0, 2**32))
    def slip(seed: int) -> None:
        nonlocal slipped
        random = Random(seed)
        for spelling in spellings():
            written = misread(spelling.written, random)
            if written == spelling.written:
                continue
            slipped += 1
            for sentence in SENTENCES.values():
                text = sentence.format(written)
                placement = placed(text, Where.ATTACHMENT)
                first = placement.guesses[0].code if placement.guesses else placement.code
                is_right(placement, spelling, text)
                tally.note(right=first == expected(spelling.code), text=text)

    slip()
    say(tally.told("scanned, the first guess"))
    assert slipped
    assert tally.share >= 0.95, tally.told("scanned")


def neighbours(written: str) -> Iterator[str]:
    """Yield a code with each of its figures replaced by each other one."""
    for at, figure in enumerate(written):
        if figure.isdigit():
            yield from (f"{written[:at]}{other}{written[at + 1 :]}" for other in "0123456789" if other != figure)


def own_case(text: str) -> tuple[str, str] | None:
    """The case that a text names by itself, whatever is known."""
    codes = [code for code in find(text) if code.certainty is not Certainty.SUGGESTED]
    return (codes[0].scheme, codes[0].case) if codes else None


def test_a_neighbouring_code_is_never_placed_unless_it_is_known_itself() -> None:
    tried, themselves = 0, 0
    for spelling in spellings():
        for near in neighbours(spelling.written):
            placement = placed(SENTENCES["en"].format(near))
            tried += 1
            if placement.code is not None:
                assert own_case(near) == (placement.code.scheme, placement.code.case), near
                (code,) = find(near)
                assert expected(placement.code.model_copy(update={"update": code.update})) == placement.code, near
                themselves += 1
    say(
        f"neighbours: {tried} tried, {themselves} known themselves (another update, or leading zeros), 0 placed wrongly"
    )
    assert tried > 2000


def test_the_neighbour_of_a_known_code_has_that_among_its_guesses() -> None:
    placement = placed("Re: KAZ 001/0802/OBS 058.02")
    assert not placement.placed
    assert placement.guesses[0].code.case == "KAZ 001/0802/OBS 053"
