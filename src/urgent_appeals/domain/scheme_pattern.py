"""Read the small language in which a workspace describes its own case codes.

    pattern   = (literal | field | optional)…
    field     = {country} | {year} | {year:2} | {number} | {number:3}
    optional  = "[" literal "]"  |  "[" literal {update} "]", which ends the pattern

`{number:3}` is written with three figures at least. There are no regular expressions in it, so no pattern can
be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from urgent_appeals.domain.folding import fold
from urgent_appeals.errors import SchemeError

LONGEST_PATTERN = 80
_TOKEN = re.compile(r"\{(?P<field>[^{}]*)\}|\[(?P<optional>[^\[\]]*)\]|(?P<literal>[^\[\]{}]+)|(?P<stray>[\[\]{}])")
_FIELD = re.compile(r"(?P<name>country|year|number)(?::(?P<width>[1-6]))?")
_OPTIONAL = re.compile(r"(?P<literal>[^{}]+)(?P<update>\{update\})?")
_PIECE = re.compile(r"(?P<word>[A-Za-z0-9]+)|(?P<marks>[-/._:# ]+)")

Field = Literal["literal", "optional", "update", "country", "year", "number"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a pattern; `width` counts figures (0: as many as it takes), `text` is a literal or an
    update's mark.
    """

    field: Field
    text: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """What finds and prints the codes of a pattern; see `schemes.Scheme` for the notation."""

    published: str
    head: str
    tail: str
    form: str


def parts(scheme: str, pattern: str) -> tuple[Part, ...]:
    """Parse a pattern; raise `SchemeError`, naming the scheme, when it is not well formed."""
    if not pattern.isprintable() or not 0 < len(pattern) <= LONGEST_PATTERN:
        raise SchemeError(scheme, f"a pattern is one line of 1 to {LONGEST_PATTERN} characters")
    found = tuple(_part(scheme, pattern, token) for token in _TOKEN.finditer(pattern))
    reason = next((reason for kept, reason in _rules(found) if not kept), "")
    if reason:
        raise SchemeError(scheme, f"{pattern!r}: {reason}")
    return found


def shape(found: tuple[Part, ...]) -> Shape:
    """Turn the parts of a pattern into what finds and prints its codes."""
    first = next(at for at, part in enumerate(found) if part.field in ("year", "number"))
    return Shape(
        published="".join(map(_published, found)),
        head="".join(map(_lenient, found[:first])),
        tail="".join(map(_lenient, found[first:])),
        form="".join(map(_form, found)),
    )


def short_year(found: tuple[Part, ...]) -> bool:
    """Tell whether a pattern writes the year with two figures."""
    return any(part.field == "year" and part.width == 2 for part in found)


def _part(scheme: str, pattern: str, token: re.Match[str]) -> Part:
    if token["literal"]:
        return Part("literal", token["literal"])
    if token["field"] is not None:
        field = _FIELD.fullmatch(token["field"])
        if field is None:
            known = "{country}, {year}, {year:2}, {number}, {number:1} to {number:6}, or [.{update}] at the end"
            raise SchemeError(scheme, f"{pattern!r}: {token[0]} is none of {known}")
        name: Field = "country" if field["name"] == "country" else "year" if field["name"] == "year" else "number"
        return Part(name, width=int(field["width"] or 0))
    inner = _OPTIONAL.fullmatch(token["optional"] or "")
    if inner is None:
        raise SchemeError(
            scheme, f"{pattern!r}: brackets hold a literal, or a literal and {{update}}, and come in pairs"
        )
    return Part("update" if inner["update"] else "optional", inner["literal"])


def _rules(found: tuple[Part, ...]) -> Iterator[tuple[bool, str]]:
    """Yield each rule that parsed parts must keep: whether they do, and what to say if not."""
    fields = [part.field for part in found if part.field not in ("literal", "optional")]
    letters = sum(character.isalpha() for part in found if part.field == "literal" for character in part.text)
    yield fields.count("number") == 1, "it needs {number} once"
    yield len(fields) == len(set(fields)), "each field stands once"
    yield all(part.width in (0, 2) for part in found if part.field == "year"), "a year is {year} or {year:2}"
    yield not any(part.width for part in found if part.field == "country"), "a country has no width"
    yield (
        all(_readable(part.text) for part in found),
        "a literal holds letters A to Z, figures, blanks and - / . _ : #",
    )
    yield "update" not in fields or found[-1].field == "update", "the update ends it"
    yield (
        all(part.text.strip() for part in found if part.field == "update"),
        "the update needs a mark, as in [.{update}]",
    )
    yield _edge(found[-1], -1).isalnum(), "it ends with a letter or a figure: what stands after it is not its own"
    yield (
        not any(_collide(*two) for two in pairwise(found)),
        "a mark or blank parts two numbers, and letters from a country",
    )
    yield (
        letters >= 2 or {"country", "year"} <= set(fields),
        "it needs two letters, or {country} and {year}: else plain numbers would be taken for codes",
    )


def _readable(literal: str) -> bool:
    return "".join(piece[0] for piece in _PIECE.finditer(literal)) == literal


def _collide(left: Part, right: Part) -> bool:
    figures = _edge(left, -1).isdecimal() and _edge(right, 0).isdecimal()
    letters = _edge(left, -1).isalpha() and _edge(right, 0).isalpha()
    return figures or letters


def _edge(part: Part, at: int) -> str:
    """Return what stands at the edge of a part: a letter, a figure or a mark."""
    if part.text:
        return part.text[at] if part.field != "update" or at == 0 else "0"
    return "A" if part.field == "country" else "0"


def _published(part: Part) -> str:
    """Return the issuer's own spelling; a blank may stand at each side of a slash."""
    text = re.escape(part.text).replace(r"\ ", " ").replace("/", " ?/ ?")
    match part.field:
        case "literal":
            return text
        case "optional":
            return f"(?:{text})?"
        case "update":
            return f"(?:{text}(?P<update>[0-9]{{1,3}}))?"
    return _figures(part, least=part.width or 1).replace("<d>", "[0-9]").replace("<a>", "[A-Z]")


def _lenient(part: Part) -> str:
    """Return any spelling: `~` stands for blanks and line breaks, `<d>` for a figure, `<a>` for a letter."""
    match part.field:
        case "literal":
            return _loose(part.text)
        case "optional":
            return f"(?:{_loose(part.text)})?"
        case "update" if any(character.isalnum() for character in part.text):
            return f"(?:{_loose(part.text)}(?P<update><d>{{1,3}}))?"
        case "update":
            # After a point and a blank a new sentence begins, with a number of its own.
            return f"(?:(?: {{0,2}}[{re.escape(part.text.strip())}.]|[-/_])(?P<update><d>{{1,3}}))?"
    return _figures(part)


def _loose(text: str) -> str:
    pieces = (
        re.escape(fold(piece["word"]).text) if piece["word"] else "~[-/._:#]?~" for piece in _PIECE.finditer(text)
    )
    return "".join(pieces)


def _figures(part: Part, least: int = 1) -> str:
    match part.field:
        case "country":
            return "(?P<country><a>{3})"
        case "year":
            return f"(?P<year><d>{{{part.width or 4}}})(?!<d>)"
    return f"(?P<number><d>{{{least},6}})(?!<d>)"


def _form(part: Part) -> str:
    match part.field:
        case "literal":
            return part.text
        case "country" | "year":
            return f"{{{part.field}}}"
        case "number":
            return f"{{number:0{part.width}d}}" if part.width else "{number:d}"
    return ""
