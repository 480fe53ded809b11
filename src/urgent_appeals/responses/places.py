"""Gather the codes of a response, each with the place that it stands in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.quoted import find
from urgent_appeals.domain.response import CodeFound, Where
from urgent_appeals.domain.schemes import SCHEMES, Scheme

MOST_CODES = 200
"""How many codes of one place are kept; who writes more of them writes a list, or means harm."""


@dataclass(slots=True)
class Places:
    """The codes found so far, by schemes; `known` codes make near misses into suggestions of the known ones."""

    schemes: Sequence[Scheme] = SCHEMES
    known: Collection[CaseCode] = ()
    found: list[CodeFound] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def look(self, where: Where, text: str) -> tuple[CodeFound, ...]:
        """Note the codes that a text quotes, and return them."""
        if not text.strip():
            return ()
        codes = find(text, self.schemes, self.known)
        if len(codes) > MOST_CODES:
            self.faults.append(f"only {MOST_CODES} codes of one place were kept")
        found = tuple(CodeFound(**code.model_dump(), where=where) for code in codes[:MOST_CODES])
        self.found += found
        return found

    def in_order(self) -> tuple[CodeFound, ...]:
        """Return the codes, those of the weightier places first."""
        order = list(Where)
        return tuple(sorted(self.found, key=lambda code: order.index(code.where)))
