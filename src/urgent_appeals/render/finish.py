"""Finish a PDF so that it is PDF/UA-1 and PDF/A-3a at once (ISO 14289-1, ISO 19005-3).

WeasyPrint writes one variant at a time. It makes the PDF/A-3a; this adds the mark of PDF/UA-1 to its metadata, with
the extension schema that PDF/A asks for where a property is not one of its own, and leaves the metadata uncompressed,
so that programs which look for it without reading PDF find it.
"""

from __future__ import annotations

import zlib
from typing import Any

from urgent_appeals.errors import RenderError
from urgent_appeals.render.fonts import Fonts

_LEVEL = 6
"""Level 9, which WeasyPrint takes, takes twice the time for one byte in a hundred."""

_UA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


class Finisher:
    """Finish one document: call it with WeasyPrint's document and its PDF before that is written."""

    def __init__(self, item: str, fonts: Fonts, nudge: int = 0) -> None:
        self._item = item
        self._fonts = fonts
        self._nudge = nudge

    def __call__(self, document: Any, pdf: Any) -> None:
        """Mark the PDF and check its fonts; raises RenderError."""
        self._no_missing_glyph(document)
        self._bundled_fonts_only(pdf)
        _give_items_bodies(pdf)
        _tag_notes(pdf)
        _mark(pdf)
        _compress(pdf, self._nudge)

    def _no_missing_glyph(self, document: Any) -> None:
        missing = {chr(point) for font in document.fonts.values() for point in font.missing}
        if missing:
            raise RenderError(self._item, f"no bundled font can write {name_characters(sorted(missing))}")

    def _bundled_fonts_only(self, pdf: Any) -> None:
        families = {family.replace(" ", "-") for family in self._fonts.families}
        for entry in pdf.objects:
            name = entry.get("BaseFont") if isinstance(entry, dict) else None
            if name is None:
                continue
            text = name.decode() if isinstance(name, bytes) else str(name)
            plain = text.lstrip("/").partition("+")[2]
            if not any(plain == family or plain.startswith(f"{family}-") for family in families):
                raise RenderError(self._item, f"the font {plain!r} is not one of the bundled ones")


def name_characters(characters: list[str]) -> str:
    """Return characters as people and programs can tell them: ‘꙰’ (U+A670)."""
    shown = [
        f"‘{char}’ (U+{ord(char):04X})" if char.isprintable() else f"U+{ord(char):04X}" for char in characters[:12]
    ]
    more = len(characters) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _give_items_bodies(pdf: Any) -> None:
    """Put what an item of a list holds beside its label into a body, as ISO 32000-1, table 336, has it."""
    import pydyf

    elements = {entry.reference: entry for entry in pdf.objects if _is_element(entry)}
    for item in [element for element in elements.values() if element["S"] == "/LI"]:
        kinds = [elements[kid]["S"] if kid in elements else None for kid in item["K"]]
        loose = [kid for kid, kind in zip(item["K"], kinds, strict=True) if kind not in ("/Lbl", "/LBody")]
        if not loose:
            continue
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "Pg": item["Pg"], "P": item.reference}
        )
        pdf.add_object(body)
        for kid in loose:
            elements[kid]["P"] = body.reference
        kept = [kid for kid in item["K"] if kid not in loose]
        item["K"] = pydyf.Array([*kept, body.reference])


def _tag_notes(pdf: Any) -> None:
    """Tag footnotes as notes, each with an identifier of its own (ISO 14289-1, 7.9), and list all identifiers.

    WeasyPrint tags what it is told by the name of an HTML element, and HTML has none for a note: each comes as a span
    with its number first, in what stands in the document beside its blocks, the area at the foot of the page.
    """
    import pydyf

    elements = {entry.reference: entry for entry in pdf.objects if _is_element(entry)}
    document = next(element for element in elements.values() if element["S"] == "/Document")
    areas = [elements[kid] for kid in document["K"] if elements[kid]["S"] == "/NonStruct"]
    notes = [elements[kid] for area in areas for kid in area["K"] if _is_note(elements.get(kid), elements)]
    for number, note in enumerate(notes, start=1):
        note["S"], note["ID"] = "/Note", pydyf.String(f"note-{number:03}")
    named = {each["ID"].string: each.reference for each in elements.values() if "ID" in each}
    if named:
        names = [part for name in sorted(named) for part in (pydyf.String(name), named[name])]
        root = next(
            entry for entry in pdf.objects if isinstance(entry, dict) and entry.get("Type") == "/StructTreeRoot"
        )
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})


def _is_note(element: Any, elements: dict[Any, Any]) -> bool:
    """Return whether an element at the foot of a page is a note: a span that begins with its number."""
    while element is not None and element["S"] == "/Span" and element["K"]:
        element = elements.get(element["K"][0])
        if element is not None and element["S"] == "/NonStruct":
            return True
    return False


def _is_element(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("Type") == "/StructElem"


def _mark(pdf: Any) -> None:
    metadata = next(entry for entry in pdf.objects if getattr(entry, "extra", {}).get("Type") == "/Metadata")
    xml = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in metadata.stream)
    head, end, tail = xml.rpartition(b"</rdf:RDF>")
    if not end:
        raise RuntimeError("WeasyPrint's metadata have another shape than the one this was written for")
    metadata.stream = [head + _UA + tail]
    metadata.compress = False


def is_ambiguous(pdf: bytes) -> bool:
    """Return whether a stream ends with a carriage return, which readers take for a part of the line end after it.

    Its length then seems wrong by one (ISO 19005-3, 6.1.7.1).
    """
    return b"\r\nendstream" in pdf


def packed_safely(content: bytes) -> tuple[bytes, bytes]:
    """Return a content and what it is compressed to, which does not end with a carriage return.

    The last byte is that of the Adler-32 sum (RFC 1950): a line break more at the end changes it, where a zero byte
    would not. Drawing ignores one more blank, and a font's tables are found by their offsets.
    """
    packed = zlib.compress(content, _LEVEL)
    while packed.endswith(b"\r"):
        content += b"\n"
        packed = zlib.compress(content, _LEVEL)
    return content, packed


def _compress(pdf: Any, nudge: int) -> None:
    """Compress the streams so that none ends with a carriage return.

    The two that the writer makes for itself, of all small objects and of their places, come out otherwise when there
    are more objects: `nudge` is how many empty ones to add.
    """
    import pydyf

    for stream in [entry for entry in pdf.objects if isinstance(entry, pydyf.Stream) and entry.compress]:
        content = b"\n".join(_bytes(part) for part in stream.stream)
        content, packed = packed_safely(content)
        if "Length1" in stream.extra:
            stream.extra["Length1"] = len(content)
        stream.extra["Filter"] = "/FlateDecode"
        stream.stream = [packed]
        stream.compress = False
    for _ in range(nudge):
        pdf.add_object(pydyf.Dictionary())


def _bytes(part: Any) -> bytes:
    if isinstance(part, (bytes, bytearray)):
        return bytes(part)
    return part.encode("ascii") if isinstance(part, str) else bytes(part.data)
