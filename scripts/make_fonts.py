"""Make the fonts of `templates/fonts/` again from their sources.

    pip download --no-deps -d sources fontpkg-source-serif-4==4.4 fontpkg-noto-sans==2.15
    sudo apt-get install fonts-noto-core
    python scripts/make_fonts.py sources /usr/share/fonts/truetype/noto [--to DIR]

The sources are variable fonts under the SIL Open Font License 1.1. Each instance is frozen at fixed axes,
cut to Latin, Greek and Cyrillic, and renamed (the name "Source" is reserved). Static TrueType on purpose: a
letter set in variable fonts takes about six times as long to lay out, and WOFF2 is unpacked anew for every
font configuration.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parent.parent / "templates" / "fonts"

RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2BB, 0x2DD),  # Latin, a letter for names, modifiers
    (0x300, 0x377), (0x37A, 0x3E1), (0x3F0, 0x52F),  # accents, Greek, Cyrillic
    (0x1E00, 0x1EFF), (0x2000, 0x209C), (0x20A0, 0x20BF),  # more Latin, punctuation, currencies
    (0x2100, 0x214F), (0x2190, 0x2193), (0x2212, 0x2212),  # № and the like, arrows, minus
    (0x25A0, 0x25CF), (0x2610, 0x2611), (0x2713, 0x2713),  # list marks, boxes to tick
)  # fmt: skip
"""The characters kept, first and last of each range."""


@dataclass(frozen=True)
class Instance:
    """One static font: the source's file, the place on its axes, and its new name."""

    source: str
    axes: tuple[tuple[str, float], ...]
    family: str
    style: str
    weight: int

    @property
    def file(self) -> str:
        """The name of the font's file."""
        return f"{self.family}-{self.style}.ttf"


SERIF, SERIF_ITALIC = "SourceSerif4[opsz,wght].ttf", "SourceSerif4-Italic[opsz,wght].ttf"
SANS = "NotoSans[wdth,wght].ttf"
INSTANCES = (
    Instance(SERIF, (("wght", 400), ("opsz", 11)), "AppealSerif", "Regular", 400),
    Instance(SERIF, (("wght", 600), ("opsz", 12)), "AppealSerif", "Semibold", 600),
    Instance(SERIF_ITALIC, (("wght", 400), ("opsz", 11)), "AppealSerif", "Italic", 400),
    Instance(SANS, (("wght", 400), ("wdth", 100)), "AppealSans", "Regular", 400),
    Instance(SANS, (("wght", 600), ("wdth", 100)), "AppealSans", "Semibold", 600),
)
COPIES = {
    "NotoNaskhArabic-Regular.ttf": "AppealNaskh-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf": "AppealNaskh-Semibold.ttf",
}


def make(instance: Instance, source: bytes) -> Any:
    """Return the static, cut and renamed font of an instance."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    # The date within stays the source's, so that making the font twice gives the same bytes.
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, dict(instance.axes))
    options = subset.Options(layout_features=["*"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    _rename(font, instance)
    font["OS/2"].usWeightClass = instance.weight
    return font


def _rename(font: Any, instance: Instance) -> None:
    names = {
        1: instance.family,
        2: instance.style,
        4: f"{instance.family} {instance.style}",
        6: f"{instance.family}-{instance.style}",
    }
    table = font["name"]
    for typographic in (16, 17, 21, 22, 25):
        table.removeNames(nameID=typographic)
    for number, name in names.items():
        table.setName(name, number, 3, 1, 0x409)


def sources(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each font in the folders, looking into wheels too."""
    for folder in folders:
        for path in sorted(folder.rglob("*.ttf")):
            yield path.name, path.read_bytes()
        for wheel in sorted(folder.rglob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if name.endswith(".ttf"):
                        yield Path(name).name, archive.read(name)


def main(arguments: list[str] | None = None) -> int:
    """Make what the sources allow; tell of what is missing."""
    parser = argparse.ArgumentParser(description="Make the letters' fonts from their sources.")
    parser.add_argument("sources", nargs="+", type=Path, help="folders with the source fonts, or wheels that hold them")
    parser.add_argument("--to", type=Path, default=FONTS, help="where to write (templates/fonts)")
    chosen = parser.parse_args(arguments)
    wanted = {instance.source for instance in INSTANCES} | set(COPIES)
    found = {name: data for name, data in sources(chosen.sources) if name in wanted}
    chosen.to.mkdir(parents=True, exist_ok=True)
    for instance in INSTANCES:
        if instance.source in found:
            make(instance, found[instance.source]).save(chosen.to / instance.file)
            print(f"made {instance.file}")
    for name, new in COPIES.items():
        if name in found:
            (chosen.to / new).write_bytes(found[name])
            print(f"copied {new}")
    for name in sorted(wanted - set(found)):
        print(f"not found: {name}", file=sys.stderr)
    return 1 if wanted - set(found) else 0


if __name__ == "__main__":
    sys.exit(main())
