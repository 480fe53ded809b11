"""Hold a case code: what every letter quotes and every reply is matched by, with the update it speaks of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date

from urgent_appeals.domain import countries
from urgent_appeals.domain.folding import Folded, fold
from urgent_appeals.domain.reading import LONGEST_CODE, Reading, canonical, readings
from urgent_appeals.domain.schemes import SCHEMES, Scheme, matcher
from urgent_appeals.domain.values import Value
from urgent_appeals.errors import CaseCodeError, SchemeError

LONGEST_SLUG = 80
_HASH = 8
_DEVICES = frozenset(("CON", "PRN", "AUX", "NUL", "CLOCK"))  # and COM1 to COM9, LPT1 to LPT9
_DEVICE_PORT = re.compile(r"(?:COM|LPT)[0-9]")


class CaseCode(Value):
    """A case code and, where it names one, the update.

    `case` is the canonical form without the update, `written` the issuer's own spelling with its blanks
    tidied. Two codes are equal when scheme, case and update are: spelling does not count.
    """

    scheme: str
    case: str
    update: int | None = None
    written: str

    @property
    def canonical(self) -> str:
        """The case, and the update where there is one: `KAZ 001/0802/OBS 053.02`, `UA 60/16 update 3`."""
        return canonical(self.scheme, self.case, self.update)

    def __str__(self) -> str:
        return self.written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaseCode) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def same_case(self, other: CaseCode) -> bool:
        """Tell whether both are of one case, whatever their updates."""
        return (self.scheme, self.case) == (other.scheme, other.case)

    def is_newer_than(self, other: CaseCode) -> bool:
        """Tell whether this is a later update of the same case; without a number it is the first appeal."""
        return self.same_case(other) and (self.update or 0) > (other.update or 0)

    def _key(self) -> tuple[str, str, int | None]:
        return self.scheme, self.case, self.update


def parse(text: str, schemes: Sequence[Scheme] = SCHEMES) -> CaseCode:
    """Read a text that is exactly one case code, in any spelling but a scanner's slips; raise
    `CaseCodeError`.
    """
    whole = text.strip()
    if len(whole) > LONGEST_CODE:
        raise CaseCodeError(whole[:40] + "…", "it is too long")
    folded = fold(whole)
    found = [reading for reading in _whole(folded, schemes, len(whole)) if not reading.slipped]
    if not found:
        raise CaseCodeError(whole, _hint(folded, schemes))
    best = max(found, key=lambda reading: matcher(reading.scheme).published.fullmatch(whole) is not None)
    return code_of(best, whole)


UNREAD = "unread"
"""The scheme of codes whose own scheme could not be read: the fault is in `campaign.yaml`, and told there."""


def unread(text: str) -> CaseCode:
    """Return a code of a scheme that is not known, as it is written: it is equal to its own spelling only."""
    plain = text if text.isascii() and text.isprintable() else fold(text).text
    written = " ".join(plain.split())
    return CaseCode(scheme=UNREAD, case=written, written=written)


def code_of(reading: Reading, written: str) -> CaseCode:
    """Return the code that was read; what is not plain ASCII in its spelling becomes so."""
    plain = written if written.isascii() and written.isprintable() else fold(written).text
    return CaseCode(
        scheme=reading.scheme.name, case=reading.case, update=reading.update, written=" ".join(plain.split())
    )


def _whole(folded: Folded, schemes: Sequence[Scheme], length: int) -> list[Reading]:
    return [reading for reading in readings(folded, schemes) if (reading.start, reading.end) == (0, length)]


def _hint(folded: Folded, schemes: Sequence[Scheme]) -> str:
    slips = [reading.canonical for reading in _whole(folded, schemes, len(folded.text)) if reading.slipped]
    if slips:
        return f"did you mean {slips[0]!r}?"
    return f"write it as, for example, {schemes[0].example!r}" if schemes else ""


def warnings(code: CaseCode, *, issued: date | None = None, before: CaseCode | None = None) -> tuple[str, ...]:
    """Return what looks wrong with a code; genuine codes have oddities, so nothing here is an error.

    `issued` is the day the appeal was issued, where known; `before` is the appeal that this one follows.
    """
    return tuple(
        warning
        for warning in (
            _about_country(code),
            _about_month(code),
            _about_date(code, issued),
            _about_update(code, before),
        )
        if warning
    )


_COUNTRY = re.compile(r"(?:Case )?([A-Z]{3})[^A-Z]")
_OF_A_COUNTRY = ("observatory", "omct", "un")


def _about_country(code: CaseCode) -> str:
    found = _COUNTRY.match(code.case) if code.scheme in _OF_A_COUNTRY else None
    if found is None or countries.known(found[1]):
        return ""
    return f"{found[1]} is no country of ISO 3166-1"


def _about_month(code: CaseCode) -> str:
    """Year and month stand in either order: year first until 2000, month first from 2002, both in 2001."""
    if code.scheme != "observatory":
        return ""
    figures = code.case.split("/")[1]
    if any(1 <= int(half) <= 12 for half in (figures[:2], figures[2:])):
        return ""
    return f"no month can be read from {figures}, neither month-year nor year-month"


def _about_date(code: CaseCode, issued: date | None) -> str:
    if code.scheme != "omct":
        return ""
    figures = code.case[-6:]
    day = day_of(figures)
    if day is None:
        return f"{figures} is no day (it reads day, month, year)"
    if issued and day != issued:
        return f"the code says {day.isoformat()}, the appeal was issued on {issued.isoformat()}"
    return ""


def day_of(figures: str) -> date | None:
    """Return the day that DDMMYY stands for, from 1970 to 2069, or None where there is no such day."""
    day, month, year = int(figures[:2]), int(figures[2:4]), int(figures[4:])
    try:
        return date(year + (1900 if year >= 70 else 2000), month, day)
    except ValueError:
        return None


def _about_update(code: CaseCode, before: CaseCode | None) -> str:
    if before is None or not code.same_case(before) or code.is_newer_than(before):
        return ""
    return f"{code.canonical} should be newer than {before.canonical}, which it follows"


def slug(code: str) -> str:
    """Return a name for files and folders: ASCII letters, figures and hyphens, never empty nor a device of
    Windows.

    What was lost (letters of other scripts, the end of a long text) leaves a short hash of the text at the
    end.
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", code).strip("-")
    lost = any(character.isalnum() and not character.isascii() for character in code)
    device = plain.upper() in _DEVICES or _DEVICE_PORT.fullmatch(plain.upper()) is not None
    if plain and not lost and not device and len(plain) <= LONGEST_SLUG:
        return plain
    digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{plain[: LONGEST_SLUG - _HASH - 1].rstrip('-') or 'code'}-{digest}"


def next_code(numbering: Scheme, existing: Iterable[CaseCode | str], on: date, *, country: str = "") -> str:
    """Return the code that a workspace's own numbering gives next on a day.

    Numbers run within the year, where the pattern has one, and within the country. Raises `SchemeError` when
    the scheme has no pattern of its own, or needs a country that was not given.
    """
    if numbering.pattern is None:
        raise SchemeError(numbering.name, "only a scheme with a pattern of this workspace's own can number its appeals")
    if "{country}" in numbering.pattern and re.fullmatch("[A-Z]{3}", country) is None:
        raise SchemeError(numbering.name, "its pattern has a country: give one as three letters (ISO 3166-1)")
    year = f"{on.year % 100:02}" if numbering.short_year else f"{on.year}"
    taken = [
        int(reading.fields["number"])
        for code in existing
        for reading in _own(str(code), numbering)
        if reading.fields.get("year", year) == year and reading.fields.get("country", country) == country
    ]
    return numbering.form.format(country=country, year=year, number=max(taken, default=0) + 1)


def _own(code: str, scheme: Scheme) -> list[Reading]:
    folded = fold(code.strip())
    return _whole(folded, (scheme,), len(folded.text))
