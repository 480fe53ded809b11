"""Look through an envelope's window: which words and which ink show in it, and whether all of it may."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw

from tests.render import facts
from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.envelope import Envelope, Rectangle

DESCENT = 0.8
"""Millimetres of a word's box below its letters, and above them."""
SLACK = 0.15
"""Millimetres: half a dot of a scan."""
RESOLUTION = 100
"""Dots per inch of a plain office scanner."""
WHITE = 200
"""Grey from which on a dot of paper is white."""


def shown(kind: Envelope, words: Iterable[facts.Word]) -> list[facts.Word]:
    """Return the words of the first page of which anything may show in the window."""
    return [
        word
        for word in words
        if word.page == 1 and kind.exposed.meets(Rectangle(word.left, word.top, word.right, word.bottom - DESCENT))
    ]


def outside(kind: Envelope, words: Iterable[facts.Word], paper: Image.Image) -> list[str]:
    """Return the words that stand out of the safe zone, and "ink" where anything that shows does, however little.

    Across, the boxes of the words tell; down, the ink, since the boxes of a font are higher than its letters.
    """
    safe = kind.safe
    found = [word.text for word in words if word.left < safe.left - SLACK or word.right > safe.right + SLACK]
    found += [word.text for word in words if not safe.top < (word.top + word.bottom) / 2 < safe.bottom]
    return found if _is_bare(kind, paper, [safe]) else [*found, "ink"]


def letters(texts: Iterable[str]) -> list[str]:
    """Return the letters and figures of texts in an order that tells nothing of the direction; marks aside."""
    return sorted(char for text in texts for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def says_the_address(letter: Letter, kind: Envelope, words: Iterable[facts.Word]) -> bool:
    """Tell whether these words are the address whole, and nothing else but the sender's return line."""
    found, addressee, signatory = letters(word.text for word in words), letter.addressee, letter.signatory
    block = addressee.block or addressee.by_name
    parts = (signatory.name, *signatory.address)
    return_lines = [(), parts, (parts[0], *parts[-2:]), parts[-2:]] if kind.rule is not None else [()]
    return any(found == letters((*block, *line)) for line in return_lines)


def page(pdf: bytes, resolution: int = RESOLUTION) -> Image.Image:
    """Return the first page as it is when printed and scanned."""
    command = ["pdftoppm", "-r", str(resolution), "-gray", "-singlefile", "-"]
    return Image.open(BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))


def has_other_ink(kind: Envelope, words: Iterable[facts.Word], paper: Image.Image) -> bool:
    """Tell whether anything but these words, and the rule above the address, may show in the window."""
    wide = DESCENT
    boxes = [Rectangle(word.left - wide, word.top - wide, word.right + wide, word.bottom + wide) for word in words]
    if kind.rule is not None:
        boxes.append(Rectangle(kind.safe.left, kind.rule - wide, kind.safe.right, kind.rule + wide))
    return not _is_bare(kind, paper, boxes)


def _is_bare(kind: Envelope, paper: Image.Image, but: Iterable[Rectangle]) -> bool:
    """Tell whether all that may show in the window is white, but for these rectangles."""
    left, top, right, bottom = _dots(kind.exposed)
    seen = paper.convert("L").crop((left, top, right, bottom))
    wipe = ImageDraw.Draw(seen)
    for each in but:
        edges = _dots(each)
        wipe.rectangle((edges[0] - left, edges[1] - top, edges[2] - left, edges[3] - top), fill=255)
    return min(seen.tobytes()) >= WHITE


def _dots(area: Rectangle) -> tuple[int, int, int, int]:
    left, top, right, bottom = (
        round(edge * RESOLUTION / 25.4) for edge in (area.left, area.top, area.right, area.bottom)
    )
    return left, top, right, bottom
