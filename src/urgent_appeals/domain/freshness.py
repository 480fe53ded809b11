"""Say what speaks against trusting an entry of a directory on a day: checked long ago, bounced, returned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from urgent_appeals.domain.directory import Directory, Failure, Mission, Office
from urgent_appeals.domain.values import PartialDate, Value

TRUSTED_FOR = timedelta(days=366)
"""How long after somebody made sure of an entry it is trusted: twelve months."""

Kind = Literal["stale", "bounced", "returned", "suspended"]


class Caveat(Value):
    """One reason not to trust an entry; `field` is the key of the directory's file that says so.

    Of what came back, `date` is when, and `address` from where, if that is known.
    """

    kind: Kind
    words: str
    field: str
    date: PartialDate | None = None
    address: str | None = None


def caveats(entry: Office | Mission, directory: Directory, on: date) -> tuple[Caveat, ...]:
    """Return what speaks against an office or mission of a directory on a day; nothing where it can be trusted.

    A bounce or return counts until somebody has checked the entry after it. An entry without a `checked` of its own
    takes that of its directory; where neither has one, nothing is said of its age.
    """
    checked = entry.checked or directory.checked
    return (
        *_stale(checked, on),
        *_failed("bounced", entry.bounced, entry, on),
        *_failed("returned", entry.returned, entry, on),
    )


def _stale(checked: PartialDate | None, on: date) -> Iterator[Caveat]:
    if checked is not None and on - checked.last > TRUSTED_FOR:
        yield Caveat(kind="stale", words=f"last checked {checked}, over 12 months before {on}", field="checked")


def _failed(
    kind: Literal["bounced", "returned"], failures: tuple[Failure, ...], entry: Office | Mission, on: date
) -> Iterator[Caveat]:
    checked = entry.checked
    for failure in failures:
        if failure.date.first > on or (checked is not None and checked.first > failure.date.last):
            continue
        what = "mail bounced" if kind == "bounced" else "post was returned"
        address = f" from {failure.address}" if failure.address else ""
        says = f" ({failure.says})" if failure.says else ""
        words = f"{what}{address} on {failure.date}{says}"
        yield Caveat(kind=kind, words=words, field=kind, date=failure.date, address=failure.address)
