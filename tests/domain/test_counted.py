"""How many of a thing there are."""

from __future__ import annotations

import pytest

from urgent_appeals.domain.counted import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 letters"), (1, "1 letter"), (2, "2 letters"), (1200, "1,200 letters")]
)
def test_one_is_said_otherwise_than_several(number: int, said: str) -> None:
    assert counted(number, "letter") == said


def test_a_plural_of_its_own_can_be_given() -> None:
    assert [counted(number, "event is", "events are") for number in (1, 2)] == ["1 event is", "2 events are"]
