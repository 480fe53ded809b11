"""Draw the pictures of the documentation; needs pdftoppm, `make letters`, and a Chromium for that of the preview."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser import browser  # noqa: E402  # the tests drive the browser too

APPEALS = (sys.executable, "-m", "urgent_appeals", "-C", ROOT)
PREVIEWED = ("UAD-XAA-001-2026.01", "--on", "2026-11-22")
MADE = ROOT / "outbox" / "KAZ-001-0802-OBS-053-02"
PICTURES = {
    "letter-en": MADE / "letters" / "kazakhstan-prime-minister_en.pdf",
    "letter-ru": MADE / "letters" / "kazakhstan-prime-minister_ru.pdf",
    "bulletin-en": MADE / "bulletin_en.pdf",
}


def main() -> int:
    """Write the first page of each document, and the preview, to docs/images/."""
    for name, document in PICTURES.items():
        target = ROOT / "docs" / "images" / name
        subprocess.run(["pdftoppm", "-r", "92", "-png", "-singlefile", document, target], check=True)
    draw_preview(ROOT / "docs" / "images" / "preview.png")
    return 0


def draw_preview(target: Path) -> None:
    """Draw the preview of the sample as a browser shows it."""
    command = (*APPEALS, "-q", "preview", *PREVIEWED, "--no-open", "--json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as preview:
        try:
            told = "".join(iter((preview.stdout or sys.stdin).readline, "}\n")) + "}"
            with browser(json.loads(told)["address"], 1280, 800) as page:
                page.wait_for("document.querySelector('.sheets:not(.next)')")
                time.sleep(3)  # the browser's own viewer draws after it says that it has loaded
                page.picture(target)
        finally:
            preview.terminate()


if __name__ == "__main__":
    sys.exit(main())
