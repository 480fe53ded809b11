"""Take vCard 4 text apart and put it together (RFC 6350, with the parameter escapes of RFC 6868).

No library in wide use that fits this licence reads and writes version 4 without loss (vobject knows version 3), and the
part of the syntax that carries all of a card is small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from urgent_appeals.errors import ImportRefused

MOST_LINES = 200_000
WIDTH = 75
"""The most octets of a line, as RFC 6350 §3.2 has it."""

_LINE = re.compile(r"(?:(?P<group>[A-Za-z0-9-]+)\.)?(?P<name>[A-Za-z0-9-]+)(?P<rest>[;:].*)", re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}


@dataclass(frozen=True)
class Property:
    """One line of a card: `value` is as written, with its escapes; `line` the whole line, unfolded."""

    name: str
    value: str
    line: str
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """Return the value of a parameter, the first of them, or None."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def types(self) -> frozenset[str]:
        """The words of the TYPE parameters, in small letters."""
        words = (value for key, value in self.parameters if key == "TYPE")
        return frozenset(word.strip('" ').lower() for value in words for word in value.split(","))

    @property
    def text(self) -> str:
        """The value as text."""
        return unescaped(self.value)

    @property
    def parts(self) -> list[str]:
        """The components of a structured value, as text."""
        return _parts(self.value)


@dataclass
class Card:
    """The lines of one card, without BEGIN, END and VERSION; `upgraded` from version 3.0."""

    lines: list[Property]
    upgraded: bool = False


def cards(data: bytes) -> list[Card]:
    """Return the cards of a file; raises ImportRefused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(f"it is not UTF-8 (byte {error.start + 1}), as vCard 4 must be") from error
    found: list[Card] = []
    card: Card | None = None
    for number, line in enumerate(_unfolded(text), start=1):
        prop = _property(line, number)
        if prop.name == "BEGIN" and prop.value.upper() == "VCARD" and card is None:
            card = Card([])
        elif prop.name == "END" and prop.value.upper() == "VCARD" and card is not None:
            found.append(_upgraded(card) if card.upgraded else card)
            card = None
        elif card is None:
            raise ImportRefused(f"line {number} stands outside a card (BEGIN:VCARD … END:VCARD)")
        elif prop.name == "VERSION":
            card.upgraded = _is_of_version_3(prop.value)
        else:
            card.lines.append(prop)
    if card is not None:
        raise ImportRefused("its last card has no END:VCARD")
    return found


def properties(lines: Iterable[str]) -> list[Property]:
    """Return properties of unfolded lines."""
    return [_property(line, number) for number, line in enumerate(lines, start=1)]


def card(lines: Iterable[str]) -> str:
    """Return a card of version 4 with these lines, folded, with the line breaks that vCard asks for."""
    return "".join(folded(line) + "\r\n" for line in ("BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"))


def prop(name: str, value: str, **parameters: str) -> str:
    """Return a line of a text value."""
    return f"{name}{_written(parameters)}:{escaped(value)}"


def structured(name: str, values: Iterable[str], **parameters: str) -> str:
    """Return a line of a value of several components."""
    return f"{name}{_written(parameters)}:{';'.join(map(escaped, values))}"


def escaped(text: str) -> str:
    """Return a text with what has a meaning in vCard escaped (RFC 6350 §3.4)."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return re.sub(r"\r\n|\r|\n", r"\\n", text)


def unescaped(value: str) -> str:
    """Return what an escaped text says."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def folded(line: str) -> str:
    """Return a line in lines of at most 75 octets, no character cut."""
    lines, room, current = [], WIDTH, ""
    for character in line:
        size = len(character.encode("utf-8", "surrogatepass"))
        if size > room:
            lines.append(current)
            current, room = "", WIDTH - 1
        current += character
        room -= size
    return "\r\n ".join([*lines, current])


def _parts(value: str) -> list[str]:
    parts, current, escaping = [], "", False
    for character in value:
        if character == ";" and not escaping:
            parts.append(unescaped(current))
            current = ""
            continue
        current += character
        escaping = character == "\\" and not escaping
    return [*parts, unescaped(current)]


def _unfolded(text: str) -> list[str]:
    lines: list[list[str]] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t") and lines:
            lines[-1].append(line[1:])
        elif line:
            lines.append([line])
        if len(lines) > MOST_LINES:
            raise ImportRefused(f"it has more than {MOST_LINES} lines")
    return ["".join(parts) for parts in lines]


def _property(line: str, number: int) -> Property:
    if _CONTROL.search(line):
        raise ImportRefused(f"line {number} holds a control character")
    match = _LINE.fullmatch(line)
    if match is None:
        raise ImportRefused(f"line {number} is none of a vCard: {line[:40]!r}")
    rest, parameters = match["rest"], []
    while (found := _PARAMETER.match(rest)) is not None:
        parameters.append((found[1].upper(), _plain(found[2])))
        rest = rest[found.end() :]
    if not rest.startswith(":"):
        raise ImportRefused(f"line {number} has a parameter that is not well formed: {rest[:40]!r}")
    return Property(match["name"].upper(), rest[1:], line, tuple(parameters))


def _plain(value: str) -> str:
    value = value[1:-1] if value.startswith('"') and value.endswith('"') and value.count('"') == 2 else value
    return re.sub(r"\^[n'^]", lambda found: _CARET[found[0]], value)


def _written(parameters: dict[str, str]) -> str:
    return "".join(f";{key}={_quoted(value)}" for key, value in parameters.items())


def _quoted(value: str) -> str:
    for mark, character in (("^^", "^"), ("^n", "\n"), ("^'", '"')):
        value = value.replace(character, mark)
    return f'"{value}"' if re.search(r"[,;:]", value) else value


def _is_of_version_3(version: str) -> bool:
    if version not in ("3.0", "4.0"):
        raise ImportRefused(f"it is a vCard of version {version[:10]}; 4.0 and 3.0 are read: save it as one of these")
    return version == "3.0"


def _upgraded(card: Card) -> Card:
    """Return a card of version 3.0 as one of 4.0 (RFC 6350 appendix A): preferences, places, what is in base 64."""
    return Card([_upgraded_line(line) for line in card.lines], upgraded=True)


def _upgraded_line(line: Property) -> Property:
    head, value, binary = line.line[: len(line.line) - len(line.value) - 1], line.value, None
    words = sorted(line.types)
    if (line.parameter("ENCODING") or "").lower() in ("b", "base64"):
        kind = {"PHOTO": "image/", "LOGO": "image/", "SOUND": "audio/"}.get(line.name, "application/")
        binary = f"data:{kind}{words[0] if words else 'octet-stream'};base64,{''.join(value.split())}"
    elif line.name == "GEO" and (place := re.fullmatch(r"([-+.\d]+);([-+.\d]+)", value)):
        value = f"geo:{place[1]},{place[2]}"
    elif "pref" not in words:
        return line
    kept = [
        (key, text)
        for key, text in line.parameters
        if key not in ("TYPE", "PREF") and not (binary and key in ("ENCODING", "VALUE"))
    ]
    kept += [("TYPE", word) for word in words if word != "pref" and not binary]
    kept += [("PREF", "1")] if "pref" in words or line.parameter("PREF") else []
    name = head.partition(";")[0]
    return _property(f"{name}{''.join(f';{key}={_quoted(text)}' for key, text in kept)}:{binary or value}", 0)
