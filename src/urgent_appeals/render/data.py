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
from urgent_appeals.render.dates import in_words
from urgent_appeals.render.density import BESIDE_COPIES, COPIES_SIZE
from urgent_appeals.render.envelope import Envelope, envelope
from urgent_appeals.render.fonts import SANS, SANS_SEMIBOLD, SERIF, SERIF_SEMIBOLD, Fonts
from urgent_appeals.render.html import Writer
from urgent_appeals.render.qr import Symbol

DOT = " · "
BULLET = "•"
RIGHT = 190.0
"""Where the text ends at the right, in millimetres."""
REFERENCE_LEFT = 120.0
SUBJECT_SIZE = 12.0
SUBJECT_DASH = " – "
_RETURN_SIZES = (7.2, 6.8, 6.4, 6.0)


def letter_data(letter: Letter, symbol: Symbol, fonts: Fonts) -> dict[str, Any]:
    """Return what the template of the letter is filled with; raises RenderError where the address cannot fit."""
    code = str(letter.code)
    write = Writer([code], letter.notes)
    phrases = letter.phrases.letter
    kind = envelope(letter.envelope)
    return {
        "language": letter.language,
        "direction": letter.phrases.direction,
        "code": code,
        "page": page_data(kind),
        "letterhead": _letterhead(letter.signatory),
        "return_line": _return_line(letter, kind, fonts),
        "address": _address(letter, kind, fonts),
        "reference": _reference(letter, symbol, fonts),
        "subject": _subject(letter, write, fonts),
        "title": letter.subject,
        "salutation": letter.salutation,
        "before": html(write.blocks(letter.before)),
        "lead_in": html(write.text(letter.lead_in)) if letter.lead_in else None,
        "requests": requests_data(letter.requests, write, 2),
        "after": html(write.blocks(letter.after)),
        "request_for_reply": html(write.text(letter.request_for_reply)),
        "close": letter.close,
        "signatory": {
            "name": letter.signatory.name,
            "role": letter.signatory.role,
            "organisation": letter.signatory.organisation,
        },
        "copies": {"label": phrases.copy_to, "names": list(letter.copies), "beside": _beside(letter.copies, fonts)},
        "running": {"code": code, "names": joined(letter.names, letter.phrases)},
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


def joined(names: Sequence[str], phrases: Phrases) -> str:
    """Return names as a list in the language's words: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {phrases.conjunction.strip()} {names[-1]}"


def page_number(phrase: str, phrases: Phrases) -> dict[str, str]:
    """Return the wording of the page number, with places where the layout counts."""
    places = {"page": "\x01", "pages": "\x02"}
    text = str(escape(filled(phrase, phrases, **places)))
    return html(
        text.replace("\x01", '<span class="this-page"></span>').replace("\x02", '<span class="all-pages"></span>')
    )


def page_data(kind: Envelope) -> dict[str, Any]:
    """Return the measures of a letter's first page, in millimetres."""
    return {
        "envelope": kind.name,
        "text_left": kind.text_left,
        "window": {"top": kind.safe.top, "width": kind.address.width, "height": kind.rule - kind.safe.top},
        "body_top": kind.body_top,
        "fold_marks": list(kind.fold_marks),
        "punch_mark": kind.punch_mark,
        "reference_left": REFERENCE_LEFT - kind.text_left,
        "right": RIGHT - kind.text_left,
    }


def requests_data(groups: Sequence[RequestGroup], write: Writer, level: int) -> list[dict[str, Any]]:
    """Return requested actions by group, headings of level 1 at `level` of the document."""
    data: list[dict[str, Any]] = []
    before: Sequence[RequestHeading] = ()
    for group in groups:
        headings = [write.heading(level - 1 + heading.level, heading.runs) for heading in fresh(group, before)]
        before = group.headings
        introduction = write.blocks(group.introduction, level)
        items = [
            {"marker": css_string(request.label or BULLET), "html": html(write.blocks(request.blocks, level))}
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


def _letterhead(signatory: Signatory) -> dict[str, Any]:
    organisation = signatory.organisation if signatory.organisation != signatory.name else None
    return {
        "name": signatory.organisation or signatory.name,
        "person": signatory.name if organisation else None,
        "address": DOT.join(signatory.address),
    }


def _return_line(letter: Letter, kind: Envelope, fonts: Fonts) -> dict[str, Any] | None:
    """Return the sender in small above the address, in one line or two; without what does not fit but name and town."""
    if not letter.addressee.block or not letter.signatory.address:
        return None
    parts = (letter.signatory.name, *letter.signatory.address)
    height = kind.rule - kind.safe.top - 1.0

    def measure(text: str, size: float) -> float:
        return fonts.width(text, SANS, size * address.POINT)

    for choice in (parts, (parts[0], *parts[-2:]), parts[-2:]):
        fitted = address.fit([DOT.join(choice)], kind.address.width, height, measure, _RETURN_SIZES)
        if fitted is not None:
            return {"lines": list(fitted.lines), "size": fitted.size}
    return None


def _address(letter: Letter, kind: Envelope, fonts: Fonts) -> dict[str, Any]:
    block = letter.addressee.block or letter.addressee.by_name or (letter.addressee.name,)
    room = kind.address
    fitted = address.fit(block, room.width, room.height, lambda text, size: _wide(text, size, fonts))
    if fitted is None:
        raise RenderError(
            letter.item,
            f"the address of {letter.addressee.recipient} does not fit into the window ({room.width:g} × "
            f"{room.height:g} mm at {address.SIZES[-1]:g} points); shorten its {len(block)} lines in the directory",
        )
    spare = room.height - fitted.height
    return {
        "lines": list(fitted.lines),
        "size": fitted.size,
        "leading": fitted.leading,
        "top": round(room.top + min(3.5, spare / 3), 2),
    }


def _wide(text: str, size: float, fonts: Fonts) -> float:
    """Return the width of a line of the address; capitals are set a little apart."""
    spaced = 0.04 * len(text) * size * address.POINT if text.isupper() else 0.0
    return fonts.width(text, SERIF, size * address.POINT) + spaced


def _reference(letter: Letter, symbol: Symbol, fonts: Fonts) -> dict[str, Any]:
    phrases = letter.phrases.letter
    code = str(letter.code)
    width = RIGHT - REFERENCE_LEFT - symbol.edge - symbol.quiet
    size = next(
        (size for size in (9.4, 9.0, 8.6, 8.2, 7.8) if fonts.width(code, SANS_SEMIBOLD, size * address.POINT) <= width),
        7.4,
    )
    return {
        "width": round(width, 2),
        "code_label": phrases.appeal_code,
        "code_size": size,
        "date_label": phrases.date,
        "date": in_words(letter.on, letter.language),
        "reply_label": phrases.reply_to,
        "reply_quoting": filled(phrases.reply_quoting, letter.phrases, code=code),
        "reply_to": letter.reply_to,
        "qr": {"edge": symbol.edge, "alternative": filled(phrases.qr_alternative, letter.phrases, code=code)},
    }


def _subject(letter: Letter, write: Writer, fonts: Fonts) -> dict[str, Any]:
    """Return the subject, a break for the dash after the code where it takes two lines, and the width of even lines.

    The width is a multiple of the size. Names are held together.
    """
    room = (RIGHT - 25.0) / (SUBJECT_SIZE * address.POINT)

    def measure(text: str) -> float:
        return fonts.width(text, SERIF_SEMIBOLD, 1.0)

    head, _, tail = letter.subject.partition(SUBJECT_DASH)
    two_lines = bool(tail) and head == str(letter.code) and measure(letter.subject) > room
    text = tail if two_lines else letter.subject
    return {
        "code": html(write.text(head)) if two_lines else None,
        "text": html(write.held(text, letter.names)),
        "width": address.even_width(text, (str(letter.code), *letter.names), room, measure),
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
