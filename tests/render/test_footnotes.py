"""Notes at the foot of the page: how they are tagged, and that they take no more pages than they need."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.render import arabic, facts
from tests.render.builders import TEMPLATES, letter
from tests.render.test_letter import WHOLE
from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.press import Press

ABOVE, BELOW = "    margin-top: 3mm;\n", "    padding-bottom: 0.1mm;\n"


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., int]:
    """Return a function that says how many pages a letter takes with other measures around its notes."""

    def count(made: Letter, above: str, below: str = BELOW) -> int:
        changed = tmp_path / "templates"
        shutil.rmtree(changed, ignore_errors=True)
        shutil.copytree(TEMPLATES, changed)
        style = (changed / "base.css").read_text(encoding="utf-8")
        assert style.count(ABOVE) == style.count(BELOW) == 1
        style = style.replace(ABOVE, f"    margin-top: {above};\n").replace(BELOW, below)
        (changed / "base.css").write_text(style, encoding="utf-8")
        with Press(changed) as press:
            return press.letter(made).pages

    return count


@pytest.mark.parametrize("above", ["2mm", "2.9mm", "3.5mm"])
def test_three_notes_take_no_page_more_whatever_room_is_above_them(pages: Callable[..., int], above: str) -> None:
    assert pages(letter(), above) == 1


def test_without_the_hair_of_room_below_them_the_layout_sends_every_note_to_the_next_page(
    pages: Callable[..., int],
) -> None:
    # Where none of these does, the layout has been mended, and padding-bottom may go from base.css.
    assert any(pages(letter(), above, below="") > 2 for above in ("3.5mm", "2mm", "4mm"))


@pytest.mark.parametrize(
    ("made", "notes"), [(WHOLE["en"], 3), (WHOLE["every-block"], 2), (WHOLE["bare"], 0), (arabic.letter(), 1)]
)
def test_notes_are_tagged_as_notes_with_identifiers_of_their_own(press: Press, made: Letter, notes: int) -> None:
    root = facts.catalog(press.letter(made).pdf)["/StructTreeRoot"]
    found = [element for element in facts.elements(root["/K"]) if element["/S"] == "/Note"]

    assert len(found) == notes
    names = [str(element["/ID"]) for element in found]
    assert len(set(names)) == notes
    listed = root["/IDTree"]["/Names"][::2] if "/IDTree" in root else []
    assert set(names) <= set(map(str, listed))
    assert listed == sorted(listed)
