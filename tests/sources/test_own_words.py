"""The appeals tell what their sources say in words of our own: no sentence of a source is taken over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SEEDS = {
    "000": "KAZ-001-0802-OBS-053/02",
    "001": "UAD-KAZ-001-2003/00",
    "002": "UAD-KAZ-001-2004/00",
    "003": "UAD-KAZ-001-2010/00",
    "004": "UAD-KAZ-001-2019/00",
}
SHORTEST = 12
"""Words of a sentence that counts: a shorter one may be a name, the title of an instrument or a symbol."""


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _sentences(text: str) -> set[str]:
    parts = re.split(r"(?<=[.;:?!])[”\"’]?\s+|\n\s*\n|\n\s*(?:•|\d+\.)\s", text)
    return {words for part in parts if len((words := _words(part)).split()) >= SHORTEST}


def _taken_over(source: str, ours: str) -> set[str]:
    told = f" {_words(ours)} "
    return {sentence for sentence in _sentences(source) if f" {sentence} " in told}


@pytest.mark.parametrize(("seed", "folder"), [pytest.param(*pair, id=pair[0]) for pair in SEEDS.items()])
def test_no_sentence_of_a_source_is_taken_over(root: Path, shared: Path, seed: str, folder: str) -> None:
    (path,) = (shared / "seeds").glob(f"{seed}_*.txt")
    source = path.read_text(encoding="utf-8")
    ours = "\n".join(file.read_text(encoding="utf-8") for file in (root / "appeals" / folder).iterdir())
    assert len(_sentences(source)) > 15
    assert _taken_over(source, ours) == set()


def test_a_sentence_that_is_taken_over_would_be_found() -> None:
    source = "The court sat on Monday in an empty hall, as it had on Friday. Nobody came."
    assert _taken_over(source, "They say: the court sat, on Monday, in an empty hall, as it had on Friday!") == {
        "the court sat on monday in an empty hall as it had on friday"
    }
    assert _taken_over(source, "On Monday the court sat in an empty hall, as it had on Friday.") == set()
