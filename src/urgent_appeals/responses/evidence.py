"""Say why a mail was taken for what it was taken for."""

from __future__ import annotations

import re

from urgent_appeals.domain.response import Evidence

LONGEST_WORDS = 200
_BLANKS = re.compile(r"\s+")


def evidence(what: str, where: str, words: str = "") -> Evidence:
    """Return a reason with its words on one line, cut to `LONGEST_WORDS`."""
    words = _BLANKS.sub(" ", words[: 4 * LONGEST_WORDS]).strip().encode("utf-8", "replace").decode()
    words = words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"
    return Evidence(what=what, where=where, words=words)
