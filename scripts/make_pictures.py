"""Draw the pictures of the documentation from the documents in the outbox; needs pdftoppm and `make letters`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = ROOT / "outbox" / "KAZ-001-0802-OBS-053-02"
PICTURES = {
    "letter-en": MADE / "letters" / "kazakhstan-prime-minister_en.pdf",
    "letter-ru": MADE / "letters" / "kazakhstan-prime-minister_ru.pdf",
    "bulletin-en": MADE / "bulletin_en.pdf",
}


def main() -> int:
    """Write the first page of each document to docs/images/."""
    for name, document in PICTURES.items():
        target = ROOT / "docs" / "images" / name
        subprocess.run(["pdftoppm", "-r", "92", "-png", "-singlefile", document, target], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
