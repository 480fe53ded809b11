"""Read the addresses of a mail's header: the one that it says it comes from, and all that it came to.

Programs disagree on what is no proper address, and whoever forges one lives on that. So a sender is one address that
no reading of the field can mistake, or none: never a name, never one of two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from urgent_appeals.responses.parts import Part
from urgent_appeals.responses.report import addresses_in

MOST_ADDRESSED = 500
_CAME_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to", "cc", "resent-to")
_LONGEST = 2000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)")
_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_IN_ANGLES = re.compile(r"<([^<>]*)>")
_PLAIN = re.compile(
    r"[^\s<>@,;:\"()\[\]\\\x00-\x20\x7f]{1,128}@[^\s<>@,;:\"'()\[\]\\?=&/|*\x00-\x20\x7f]{1,255}",
)
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class From:
    """The address that a mail says it comes from, None where it does not say just one; and what is wrong."""

    address: str | None
    fault: str = ""


def sender_of(values: tuple[str, ...]) -> From:
    """Return the sender by all From fields of a mail, their encoded words not yet decoded."""
    if not values:
        return From(None, "the mail has no From")
    if len(values) > 1:
        return From(None, "the mail has more than one From")
    return one_address(values[0])


def one_address(value: str) -> From:
    """Return the one address of a field such as From; None where it has none, several, or what may be several."""
    if any(ord(sign) < 0x20 and sign != "\t" for sign in value) or "\x7f" in value:
        return From(None, "From holds characters that do not show")
    bare = _ENCODED.sub(" ", _QUOTED.sub(" ", value[:_LONGEST]))
    for _ in range(_DEEPEST):
        bare = _COMMENT.sub(" ", bare)
    in_angles = [inside.strip() for inside in _IN_ANGLES.findall(bare)]
    outside = _IN_ANGLES.sub(" ", bare)
    if len(value) > _LONGEST or len(in_angles) > 1 or outside.count("@") > (0 if in_angles else 1):
        same = {one.lower() for one in (*in_angles, *addresses_in(outside))}
        if len(value) > _LONGEST or len(same) != 1 or outside.count("@") > 1:
            return From(None, "From holds more than one address")
    if any(sign in outside for sign in '<>"()'):
        return From(None, "From cannot be read")
    written = in_angles[0] if in_angles else outside.strip()
    if _PLAIN.fullmatch(written) is None or ".." in written or not written.isprintable():
        quoted = re.fullmatch(r'\s*(?:<\s*)?("[^"\\\s]{1,64}"@[^\s<>@,;:"]{1,255})(?:\s*>)?\s*', value)
        return From(quoted[1]) if quoted else From(None, "From holds no address that can be read")
    return From(written)


def addressed(mail: Part) -> tuple[str, ...]:
    """Return the addresses that a mail came to, each once, the mail server's word for it first."""
    values = (value for name in _CAME_TO for value in mail.all(name))
    return tuple(dict.fromkeys(_each(values)))[:MOST_ADDRESSED]


def _each(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        for piece in re.split("[,;]", value):
            yield from addresses_in(piece)
