"""Read facts out of a PDF: its text, where words stand, its fonts, its tags, its conformance, its QR code."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import page as page_validation
from pypdf import PdfReader

POINT = 25.4 / 72
PROFILES = ("ua1", "3a")


@dataclass(frozen=True)
class Word:
    """A word on a page, its edges in millimetres from the page's top left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def text_of(pdf: bytes, *options: str) -> str:
    """Return the text in reading order, blanks and line breaks as single blanks."""
    return " ".join(raw_text(pdf, *options).split())


def raw_text(pdf: bytes, *options: str) -> str:
    """Return the text as pdftotext gives it."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [" ".join(text.split()) for text in raw_text(pdf).split("\f")[:-1]]


def words(pdf: bytes) -> list[Word]:
    """Return every word with its place."""
    tree = ET.fromstring(raw_text(pdf, "-bbox"))
    name = "{http://www.w3.org/1999/xhtml}"
    found = []
    for number, sheet in enumerate(tree.iter(f"{name}page"), start=1):
        for word in sheet.iter(f"{name}word"):
            edges = (float(word.attrib[key]) * POINT for key in ("xMin", "yMin", "xMax", "yMax"))
            found.append(Word(number, word.text or "", *edges))
    return found


def failures(pdf: bytes) -> list[str]:
    """Return what keeps a PDF from being PDF/UA-1 and PDF/A-3a."""
    reports = [page_validation.validate_pdf_bytes(pdf, profile=profile) for profile in PROFILES]
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]


def fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts, without their prefixes."""
    found = set()
    for sheet in PdfReader(BytesIO(pdf)).pages:
        resources: Any = sheet["/Resources"]
        for font in resources["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return found


def catalog(pdf: bytes) -> Any:
    """Return the catalogue of a PDF."""
    return PdfReader(BytesIO(pdf)).trailer["/Root"].get_object()


def tags(pdf: bytes) -> list[str]:
    """Return the kinds of the structure elements, depth first."""
    return [str(element["/S"]) for element in elements(catalog(pdf)["/StructTreeRoot"]["/K"])]


def alternatives(pdf: bytes) -> list[str]:
    """Return the alternative texts of figures."""
    return [str(element["/Alt"]) for element in elements(catalog(pdf)["/StructTreeRoot"]["/K"]) if "/Alt" in element]


def qr_codes(pdf: bytes, resolution: int = 100) -> list[str]:
    """Return what the QR codes of all pages say once they are printed and scanned."""
    import zxingcpp
    from PIL import Image

    found = []
    with tempfile.TemporaryDirectory() as directory:
        source, target = Path(directory) / "a.pdf", Path(directory) / "a"
        source.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(resolution), "-gray", "-png", source, target], check=True)
        for picture in sorted(Path(directory).glob("*.png")):
            with Image.open(picture) as image:
                found += [result.text for result in zxingcpp.read_barcodes(image)]
    return found


def elements(kid: Any) -> Iterator[Any]:
    """Yield structure elements, depth first."""
    kid = kid.get_object() if hasattr(kid, "get_object") else kid
    if isinstance(kid, list):
        for each in kid:
            yield from elements(each)
    elif isinstance(kid, dict) and "/S" in kid:
        yield kid
        if "/K" in kid:
            yield from elements(kid["/K"])


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each page in millimetres, to a tenth."""
    boxes = [page.mediabox for page in PdfReader(BytesIO(pdf)).pages]
    return [(round(float(box.width) * POINT, 1), round(float(box.height) * POINT, 1)) for box in boxes]
