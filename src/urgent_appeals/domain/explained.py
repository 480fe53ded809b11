"""Take a case code apart and say what each part stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from urgent_appeals.domain import countries
from urgent_appeals.domain.case_code import CaseCode, day_of
from urgent_appeals.domain.folding import fold
from urgent_appeals.domain.reading import readings
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.domain.values import Value

_MONTHS = "January February March April May June July August September October November December".split()
_NAMES = {
    "serial": "serial",
    "region": "region",
    "group": "country or theme",
    "kind": "kind",
    "number": "number",
    "year": "year",
}
_ISSUERS = {
    "observatory": "the Observatory (FIDH and OMCT)",
    "omct": "OMCT",
    "amnesty-ua": "Amnesty International, urgent actions",
    "amnesty-index": "Amnesty International, index numbers",
    "ahrc": "Asian Human Rights Commission",
    "pen": "PEN International",
    "un": "United Nations, communications",
}


class Part(Value):
    """One part of a code: what it is, and what it says, in words."""

    name: str
    text: str


def explain(code: CaseCode, schemes: Sequence[Scheme] = SCHEMES, *, on: date) -> tuple[Part, ...]:
    """Return the parts of a code in the order of reading; `on` is the day of issue, or the day it is if none is known.

    The four figures of an Observatory code are read both ways, as month and year and as year and month: which one is
    meant changed in 2001, and only a date can tell.
    """
    fields = _fields(code, schemes)
    issuer = _ISSUERS.get(code.scheme, "this workspace's own numbering")
    parts = [Part(name="scheme", text=f"{code.scheme}: {issuer}")]
    country = country_in(code, schemes)
    if country is not None:
        parts.append(Part(name="country", text=country if countries.known(country) else f"{country} (unknown)"))
    parts += _figures(fields, on)
    update = f"update {code.update}" if code.update else "none: the first appeal of the case"
    return (*parts, Part(name="update", text=update))


def country_in(code: CaseCode, schemes: Sequence[Scheme] = SCHEMES) -> str | None:
    """Return the three letters of the country that a code names, or None."""
    return _fields(code, schemes).get("country")


def opened(figures: str, on: date) -> str:
    """Return in words the month that four figures of an Observatory code stand for, read both ways.

    Year and month until 2000, month and year from 2002, both in 2001; what lies after the day cannot be meant.
    """
    readings_of = (
        ("month and year", _month(figures[2:], figures[:2])),
        ("year and month", _month(figures[:2], figures[2:])),
    )
    found = {way: month for way, month in readings_of if month is not None}
    if not found:
        return f"{figures}: no month, read either way"
    said = [f"{_words(month)} ({way}{_doubt(way, month, on)})" for way, month in found.items()]
    return f"{figures}: {' or '.join(said)}"


def _figures(fields: Mapping[str, str], on: date) -> Iterator[Part]:
    for name, value in fields.items():
        if name == "month":
            yield Part(name="case opened", text=opened(value, on))
        elif name == "date":
            day = day_of(value)
            yield Part(name="date", text=f"{value}: {day.isoformat() if day else 'no day'} (day, month, year)")
        elif name in _NAMES:
            yield Part(name=_NAMES[name], text=value)


def _fields(code: CaseCode, schemes: Sequence[Scheme]) -> Mapping[str, str]:
    own = [scheme for scheme in schemes if scheme.name == code.scheme]
    found = [reading for reading in readings(fold(code.written), own) if reading.case == code.case]
    return found[0].fields if found else {}


def _month(year: str, month: str) -> tuple[int, int] | None:
    number = int(month)
    return (int(year) + (1900 if int(year) >= 70 else 2000), number) if 1 <= number <= 12 else None


def _words(month: tuple[int, int]) -> str:
    return f"{_MONTHS[month[1] - 1]} {month[0]}"


def _doubt(way: str, month: tuple[int, int], on: date) -> str:
    """Return why a reading cannot be meant, or empty."""
    if month > (on.year, on.month):
        return f"; not meant: it is after {on.isoformat()}"
    if way == "year and month" and month[0] > 2001:
        return "; not meant: so written until 2001 only"
    if way == "month and year" and month[0] < 2001:
        return "; not meant: so written from 2001 only"
    return ""
