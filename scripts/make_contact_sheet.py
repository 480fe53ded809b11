"""Draw every language and every envelope of the sample's letter to one office, side by side, to docs/images/.

`languages.png` and `envelopes.png`; needs pdftoppm. For the eye: what no test sees.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.letters import ENVELOPE_NAMES
from urgent_appeals.render.envelope import envelope
from urgent_appeals.render.press import Press

ROOT = Path(__file__).resolve().parents[1]
CODE, OFFICE, DAY = "UAD XAA 001/2026.01", "arlandia/president", date(2026, 11, 20)
LANGUAGES = ("en", "ru", "kk", "fr", "es", "ar")
WIDTH, GAP, COLOURS = 600, 12, 200
GROUND, SAFE = "#8a8a90", "#2f7d32"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the two pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images", help="the directory for the pictures")
    target = parser.parse_args(arguments).to
    desk = Desk.open(ROOT)
    known = [language for language in LANGUAGES if language in desk.workspace.phrases]
    with Press(desk.templates[0]) as press:
        in_languages = [_page(press, _letter(desk, language, "din-b")) for language in known]
        in_envelopes = [_page(press, _letter(desk, "en", name), marked=True) for name in ENVELOPE_NAMES]
    _write(in_languages, 3, target / "languages.png")
    _write(in_envelopes, 4, target / "envelopes.png")
    return 0


def _letter(desk: Desk, language: str, name: str) -> Letter:
    appeal = desk.appeal(CODE)
    workspace, campaign = desk.workspace, desk.campaign
    recipients = resolve(appeal.recipients, workspace.directories).recipients
    return compose(
        appeal,
        next(recipient for recipient in recipients if recipient.id == OFFICE),
        campaign=campaign,
        sender=campaign.sender,
        phrases=workspace.phrases[language],
        directories=workspace.directories,
        on=DAY,
        envelope=next(known for known in ENVELOPE_NAMES if known == name),
    )


def _page(press: Press, letter: Letter, *, marked: bool = False) -> Image.Image:
    """Return the first page of a letter as a picture, with the safe zone of its window drawn in where asked."""
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "letter.pdf"
        source.write_bytes(press.letter(letter).pdf)
        command = ["pdftoppm", "-singlefile", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", "-png", str(source)]
        done = subprocess.run(command, capture_output=True, check=True)
    page = Image.open(BytesIO(done.stdout)).convert("RGB")
    if marked:
        kind = envelope(letter.envelope)
        scale, safe = WIDTH / kind.paper.width, kind.safe
        corners = [edge * scale for edge in (safe.left, safe.top, safe.right, safe.bottom)]
        draw = ImageDraw.Draw(page)
        draw.rectangle(corners, outline=SAFE)
        draw.text((WIDTH - 60, page.height - 20), letter.envelope, fill=SAFE)
    return page


def _write(pages: Sequence[Image.Image], columns: int, target: Path) -> None:
    width, height = max(page.width for page in pages), max(page.height for page in pages)
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", ((width + GAP) * columns + GAP, (height + GAP) * rows + GAP), GROUND)
    for index, page in enumerate(pages):
        across, down = index % columns, index // columns
        sheet.paste(page, (GAP + across * (width + GAP), GAP + down * (height + GAP)))
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(COLOURS).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
