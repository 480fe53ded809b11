"""Set the subject of a letter in even lines, at every density that the letter may come out with."""

from __future__ import annotations

from functools import cache
from typing import Any

from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.address import POINT, even_width
from urgent_appeals.render.density import DENSITIES, JOINED, SUBJECT, for_script, subject_parts
from urgent_appeals.render.envelope import Envelope
from urgent_appeals.render.fonts import SERIF_SEMIBOLD, Fonts
from urgent_appeals.render.html import Writer


def subject_data(letter: Letter, kind: Envelope, write: Writer, fonts: Fonts) -> dict[str, Any]:
    """Return the subject whole and in two parts, the code and what follows it, and how each density sets it.

    Where it does not fit one line, the code has a line to itself (`apart`), and `width` is that at which the lines
    of the rest are even, as a multiple of their size. Names are held together.
    """
    joined_letters = JOINED if letter.phrases.direction == "rtl" else 1.0

    @cache
    def measure(text: str) -> float:
        return fonts.width(text, SERIF_SEMIBOLD, joined_letters)

    code, rest = subject_parts(letter)

    def setting(size: float) -> dict[str, Any]:
        room = kind.paper.measure / (SUBJECT * size * POINT)
        apart = code is not None and measure(letter.subject) > room
        text = rest if apart else letter.subject
        return {"apart": apart, "width": even_width(text, (str(letter.code), *letter.names), room, measure)}

    sizes = {each.name: for_script(each, letter.phrases.direction).size for each in DENSITIES}
    return {
        "text": {"html": write.held(letter.subject, letter.names)},
        "code": {"html": write.text(code)} if code else None,
        "rest": {"html": write.held(rest, letter.names)},
        "settings": {name: setting(size) for name, size in sizes.items()},
    }
