"""Know the bundled fonts: which they are, what they can write, how wide a text is in them.

Every document uses these fonts and no other, so that it looks the same wherever it is made.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from urgent_appeals.render.templates import Templates

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SERIF, SANS = "AppealSerif-Regular", "AppealSans-Regular"
SERIF_SEMIBOLD, SANS_SEMIBOLD = "AppealSerif-Semibold", "AppealSans-Semibold"
NASKH = "AppealNaskh-Regular"

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  {directories}
  <cachedir>{cache}</cachedir>
  <selectfont><rejectfont>{rejected}</rejectfont></selectfont>
  <match target="scan">
    <test name="file" compare="contains"><string>AppealNaskh</string></test>
    <edit name="family" mode="prepend"><string>AppealNaskh</string></edit>
  </match>
  <match target="scan">
    <test name="file" compare="contains"><string>AppealNaskh-Semibold</string></test>
    <edit name="weight" mode="assign"><const>semibold</const></edit>
  </match>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


class Fonts:
    """The font files of the templates, the workspace's over the built-in ones, file by file."""

    def __init__(self, templates: Templates) -> None:
        self._directories = [root / "fonts" for root in templates.roots if (root / "fonts").is_dir()]
        found: dict[str, Path] = {}
        for directory in reversed(self._directories):  # The first is looked into first: it comes last, and stays.
            found |= {path.stem: path for path in sorted(directory.iterdir()) if path.suffix in (".ttf", ".otf")}
        self.files = dict(sorted(found.items()))
        self._widths: dict[str, dict[str, float]] = {}

    @cached_property
    def covered(self) -> frozenset[str]:
        """Every character that one of the fonts can write."""
        return frozenset(chr(point) for font in self._opened.values() for point in font.getBestCmap())

    @cached_property
    def families(self) -> frozenset[str]:
        """The names under which the fonts may stand in a PDF."""
        inside = {str(font["name"].getDebugName(1)) for font in self._opened.values()}
        return frozenset(inside | {stem.rpartition("-")[0] for stem in self.files})

    def unwritable(self, text: str) -> list[str]:
        """Return the characters that no font can write, and controls, in the order of their code points."""
        return sorted(
            char for char in set(text) if _control(char) or (char not in self.covered and not _invisible(char))
        )

    def width(self, text: str, face: str, size: float) -> float:
        """Return how wide a text is, in the unit of the size; kerning, which narrows it by a trifle, is left out.

        So is what joining does to Arabic, which stands for itself here and is narrower in a word.
        """
        advances = self._advances(face)
        return size * sum(advances.get(char, 0.62) for char in text)

    @contextmanager
    def configured(self) -> Iterator[None]:
        """Show fontconfig these fonts only, while what is imported and created inside reads its configuration.

        WeasyPrint reads the system's fonts when it is imported and for every font configuration; any of them could
        step in for a missing character, unseen, and differently on every machine. FONTCONFIG_FILE is the one switch
        that fontconfig has for that, and the fonts need no `@font-face` then, which would copy them for each process.
        """
        with tempfile.TemporaryDirectory(prefix="appeals-fonts-") as directory:
            path = Path(directory) / "fonts.conf"
            path.write_text(self._configuration(directory), encoding="utf-8")
            before = os.environ.get("FONTCONFIG_FILE")
            os.environ["FONTCONFIG_FILE"] = str(path)
            try:
                yield
            finally:
                if before is None:
                    del os.environ["FONTCONFIG_FILE"]
                else:
                    os.environ["FONTCONFIG_FILE"] = before

    def _configuration(self, cache: str) -> str:
        kept = set(self.files.values())
        others = [path for each in self._directories for path in sorted(each.iterdir()) if path not in kept]
        return _CONFIGURATION.format(
            directories="".join(f"<dir>{escape(str(each))}</dir>" for each in self._directories),
            cache=escape(cache),
            rejected="".join(f"<glob>{escape(str(path))}</glob>" for path in others),
        )

    @cached_property
    def _opened(self) -> dict[str, TTFont]:
        from fontTools.ttLib import TTFont  # WeasyPrint brings it; only documents need it.

        return {stem: TTFont(BytesIO(path.read_bytes()), lazy=True) for stem, path in self.files.items()}

    def _advances(self, face: str) -> dict[str, float]:
        if face not in self._widths:
            font = self._opened[face]
            metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
            glyphs = font.getBestCmap().items()
            own = {chr(point): metrics[name][0] / units for point, name in glyphs}
            others = self._advances(NASKH) if face != NASKH and NASKH in self._opened else {}
            self._widths[face] = others | own
        return self._widths[face]


def _control(char: str) -> bool:
    """Return whether a character is none for print, though a font may list it."""
    return unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") and char not in "\t\n\r"


def _invisible(char: str) -> bool:
    """Return whether a character leaves no ink, so that no font needs to have it."""
    return char in "\t\n\r" or unicodedata.category(char) in ("Zs", "Cf") or "\ufe00" <= char <= "\ufe0f"
