"""Say everything that the template of a letter needs in plain data: texts, numbers, `{"html": …}`; no objects.

What is absent is None or empty, and the template leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import escape

from urgent_appeals.domain.letter import Letter, Signatory
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import RequestGroup, RequestHeading
from urgent_appeals.errors import RenderError, TemplateError
from urgent_appeals.render import address
from urgent_appeals.render.bidi import direction
from urgent_appeals.render.dates import in_words
from urgent_appeals.render.density import BESIDE_COPIES, COPIES_SIZE
from urgent_appeals.render.digits import numbering_system
from urgent_appeals.render.envelope import Envelope, envelope
from urgent_appeals.render.first_page import block_direction, page_data, reference_place
from urgent_appeals.render.fonts import SANS, SANS_SEMIBOLD, SERIF, Fonts
from urgent_appeals.render.html import Writer
from urgent_appeals.render.punctuation import joined
from urgent_appeals.render.qr import Symbol
from urgent_appeals.render.subject import subject_data

DOT = " · "
BULLET = "•"
ARABIC_LEADING = 1.16
"""How much farther apart the lines of an address block in Arabic stand."""
_COMMAS = {"ltr": ", ", "rtl": "، "}
_RETURN_SIZES = (7.2, 6.8, 6.4, 6.0)
_CODE_SIZES = (9.4, 9.0, 8.6, 8.2, 7.8, 7.4)
_REPLY_SIZES = (8.8, 8.4, 8.0, 7.6, 7.2)


def letter_data(letter: Letter, symbol: Symbol, fonts: Fonts) -> dict[str, Any]:
    """Return what the template of the letter is filled with; raises RenderError where the address cannot fit."""
    code = str(letter.code)
    way = letter.phrases.direction
    write = Writer([code], letter.notes, direction=way, language=letter.language)
    phrases = letter.phrases.letter
    kind = envelope(letter.envelope)
    return {
        "language": letter.language,
        "direction": way,
        "digits": numbering_system(letter.language),
        "code": code,
        "page": page_data(kind, way),
        "letterhead": {"direction": way, **_letterhead(letter.signatory, write)},
        "return_line": _return_line(letter, kind, write, fonts),
        "address": _address(letter, kind, write, fonts),
        "reference": _reference(letter, symbol, kind, write, fonts),
        "subject": subject_data(letter, kind, write, fonts),
        "title": letter.subject,
        "salutation": write.line(letter.salutation),
        "before": html(write.blocks(letter.before)),
        "lead_in": html(write.text(letter.lead_in)) if letter.lead_in else None,
        "requests": requests_data(letter.requests, write, 2),
        "after": html(write.blocks(letter.after)),
        "request_for_reply": html(write.text(letter.request_for_reply)),
        "close": write.line(letter.close),
        "signatory": {
            "name": write.line(letter.signatory.name),
            "role": write.line(letter.signatory.role) if letter.signatory.role else None,
            "organisation": _organisation(letter.signatory, write),
        },
        "copies": {
            "label": phrases.copy_to,
            "names": [write.line(name) for name in letter.copies],
            "beside": [[write.line(line) for line in lines] for lines in _beside(letter.copies, fonts)],
        },
        "running": {"code": write.line(code), "names": write.line(joined(letter.names, letter.phrases))},
        "quote_code": html(write.text(filled(phrases.quote_code, letter.phrases, code=code))),
        "page_number": page_number(phrases.page, letter.phrases),
    }


def _beside(copies: Sequence[str], fonts: Fonts) -> list[list[str]]:
    """Return the copies' names in lines as they stand beside the signature, even where one takes two."""

    def measure(text: str) -> float:
        return fonts.width(text, SANS, COPIES_SIZE * address.POINT)

    return [list(address.even_lines(name.split(), BESIDE_COPIES, measure) or (name,)) for name in copies]


def html(markup: str) -> dict[str, str]:
    """Return markup so that templates take it for markup, wherever they are filled."""
    return {"html": markup}


def filled(phrase: str, phrases: Phrases, **fields: str) -> str:
    """Return a phrase with its fields filled in; raises TemplateError where it asks for a field that is not there."""
    try:
        return phrase.format_map(fields)
    except (KeyError, IndexError, ValueError) as error:
        name = f"phrases/{phrases.language}.yaml"
        raise TemplateError(name, f"{phrase!r} asks for {error}; it may have: {', '.join(fields)}") from error


def page_number(phrase: str, phrases: Phrases) -> dict[str, str]:
    """Return the wording of the page number, with places where the layout counts."""
    places = {"page": "\x01", "pages": "\x02"}
    text = str(escape(filled(phrase, phrases, **places)))
    return html(
        text.replace("\x01", '<span class="this-page"></span>').replace("\x02", '<span class="all-pages"></span>')
    )


def requests_data(groups: Sequence[RequestGroup], write: Writer, level: int) -> list[dict[str, Any]]:
    """Return requested actions by group, headings of level 1 at `level` of the document."""
    data: list[dict[str, Any]] = []
    before: Sequence[RequestHeading] = ()
    for group in groups:
        headings = [write.heading(level - 1 + heading.level, heading.runs) for heading in fresh(group, before)]
        before = group.headings
        introduction = write.blocks(group.introduction, level)
        items = [
            {
                "marker": css_string(write.number(request.label) or BULLET),
                "html": html(write.blocks(request.blocks, level)),
            }
            for request in group.requests
        ]
        data.append({"headings": [html(each) for each in headings], "introduction": html(introduction), "items": items})
    return data


def fresh(group: RequestGroup, before: Sequence[RequestHeading]) -> Sequence[RequestHeading]:
    """Return the headings of a group that do not stand above it already, over the group before."""
    at = 0
    while at < min(len(before), len(group.headings) - 1) and before[at] == group.headings[at]:
        at += 1
    return group.headings[at:]


def css_string(text: str) -> str:
    """Return a text as a string of CSS, with everything but letters, figures and full stops escaped."""
    plain = (char if char.isalnum() or char == "." else f"\\{ord(char):06x}" for char in text)
    return f'"{"".join(plain)}"'


def _organisation(signatory: Signatory, write: Writer) -> Any:
    """Return the organisation where it is another than the signatory, else None."""
    own = signatory.organisation if signatory.organisation != signatory.name else None
    return write.line(own) if own else None


def _letterhead(signatory: Signatory, write: Writer) -> dict[str, Any]:
    person = signatory.name if _organisation(signatory, write) else None
    return {
        "name": write.line(signatory.organisation or signatory.name),
        "person": write.line(person) if person else None,
        "address": _dotted(signatory.address, write),
    }


def _dotted(parts: Sequence[str], write: Writer) -> Any:
    """Return parts with dots between them, each in its own direction."""
    if all(direction(part) == "ltr" for part in parts):
        return DOT.join(parts)
    verbatim = (write.verbatim(part) for part in parts)
    return html(DOT.join(str(escape(part)) if isinstance(part, str) else part["html"] for part in verbatim))


def _return_line(letter: Letter, kind: Envelope, write: Writer, fonts: Fonts) -> dict[str, Any] | None:
    """Return the sender in small above the address, in one line or two; without what does not fit but name and town."""
    if not letter.addressee.block or not letter.signatory.address or kind.rule is None:
        return None
    parts = (letter.signatory.name, *letter.signatory.address)
    height = kind.rule - kind.safe.top - 1.0

    def measure(text: str, size: float) -> float:
        return fonts.width(text, SANS, size * address.POINT)

    for choice in (parts, (parts[0], *parts[-2:]), parts[-2:]):
        fitted = address.fit([DOT.join(choice)], kind.address.width, height, measure, sizes=_RETURN_SIZES)
        if fitted is not None:
            lines = [_dotted(line.split(DOT), write) for line in fitted.lines]
            return {"lines": lines, "size": fitted.size, "direction": block_direction(choice)}
    return None


def _address(letter: Letter, kind: Envelope, write: Writer, fonts: Fonts) -> dict[str, Any]:
    """Return the lines of the address with their place.

    They take the return line's room where they need it, and then two of them may share a line. What is to be
    forwarded goes to a mission in the sender's country: its last line is the town, not the country.
    """
    block = letter.addressee.block or letter.addressee.by_name or (letter.addressee.name,)
    way = block_direction(block)
    stretch = ARABIC_LEADING if way == "rtl" else 1.0

    def measure(text: str, size: float) -> float:
        return _wide(text, size, fonts)

    rooms = [(kind.address, block)]
    forwarded = block[0] == letter.phrases.letter.please_forward
    shorter = address.with_fewer_lines(block, _COMMAS[way], last=forwarded)
    rooms += [(kind.whole_address, lines) for lines in (block, *shorter)]
    fits = ((room, address.fit(lines, room.width, room.height, measure, stretch=stretch)) for room, lines in rooms)
    room, fitted = next((fit for fit in fits if fit[1] is not None), (kind.whole_address, None))
    if fitted is None:
        raise RenderError(
            letter.item,
            f"the address of {letter.addressee.recipient} does not fit into the window ({room.width:g} × "
            f"{room.height:g} mm at {address.SIZES[-1]:g} points); shorten its {len(block)} lines in the directory",
        )
    spare = room.height - fitted.height
    return {
        "lines": [write.verbatim(line) if direction(line, way) == "rtl" else line for line in fitted.lines],
        "directions": [direction(line, way) for line in fitted.lines],
        "capitals": [_in_capitals(line) for line in fitted.lines],
        "direction": way,
        "size": fitted.size,
        "leading": fitted.leading,
        "top": round(room.top + min(3.5, spare / 3), 2),
        "whole": room != kind.address,
    }


def _in_capitals(line: str) -> bool:
    """Return whether a line is in capitals, which are set apart a little; Arabic letters never are, they join."""
    return line == line.upper() and line != line.lower() and all(direction(char) == "ltr" for char in line)


def _wide(text: str, size: float, fonts: Fonts) -> float:
    """Return the width of a line of the address; capitals are set a little apart."""
    spaced = 0.04 * len(text) * size * address.POINT if _in_capitals(text) else 0.0
    return fonts.width(text, SERIF, size * address.POINT) + spaced


def _reference(letter: Letter, symbol: Symbol, kind: Envelope, write: Writer, fonts: Fonts) -> dict[str, Any]:
    phrases = letter.phrases.letter
    code = str(letter.code)
    place = reference_place(kind, symbol, letter.phrases.direction)

    def fitting(text: str, face: str, sizes: Sequence[float]) -> float:
        """Return the first size at which a text takes one line, the last where none does."""
        fits = (size for size in sizes if fonts.width(text, face, size * address.POINT) <= place["width"])
        return next(fits, sizes[-1])

    return {
        "left": place["left"],
        "top": place["top"],
        "width": place["width"],
        "code": write.line(code),
        "code_label": phrases.appeal_code,
        "code_size": fitting(code, SANS_SEMIBOLD, _CODE_SIZES),
        "date_label": phrases.date,
        "date": write.line(in_words(letter.on, letter.language)),
        "reply_label": phrases.reply_to,
        "reply_quoting": html(write.text(filled(phrases.reply_quoting, letter.phrases, code=code))),
        "reply_to": write.line(letter.reply_to) if letter.reply_to else None,
        "reply_size": fitting(letter.reply_to or "", SANS, _REPLY_SIZES),
        "qr": {
            "left": place["symbol"]["left"],
            "top": place["symbol"]["top"],
            "edge": symbol.edge,
            "alternative": filled(phrases.qr_alternative, letter.phrases, code=code),
        },
    }


def texts(data: Mapping[str, Any] | Sequence[Any], path: str = "") -> list[tuple[str, str]]:
    """Return every text of plain data with the keys that lead to it."""
    found: list[tuple[str, str]] = []
    for key, value in data.items() if isinstance(data, Mapping) else enumerate(data):
        name = f"{path}.{key}" if path and key != "html" else path or str(key)
        if isinstance(value, str):
            found.append((name, value))
        elif isinstance(value, (Mapping, list, tuple)):
            found += texts(value, name)
    return found
