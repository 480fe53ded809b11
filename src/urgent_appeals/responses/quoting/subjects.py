"""The marks that programs put before a subject when a message is forwarded or answered."""

from __future__ import annotations

import re
from functools import cache

from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.lines import folded

_REPLIED = {
    "re": "RFC 5322",
    "res": "Outlook in Portuguese",
    "aw": "Outlook in German",
    "antw": "Outlook in Dutch, GroupWise",
    "sv": "Outlook in Swedish and Danish",
    "ha": "Outlook in Russian, in Latin letters",
    "на": "Outlook in Russian",
    "отв": "The Bat!",
    "ответ": "webmail",
    "жауап": "translation",
    "رد": "Outlook in Arabic",
    "ре": "hand",
    "r": "Outlook in Italian",
    "rif": "Lotus Notes in Italian",
    "réf": "Lotus Notes in French",
    "rép": "Orange",
    "odp": "Outlook in Polish",
    "ynt": "Outlook in Turkish",
    "vá": "Outlook in Hungarian",
}
"""Mark of an answer → who writes it."""

_MARK = re.compile(
    r"\s*+([^\W\d_]{1,20}(?: [^\W\d_]{1,20})?)\.?\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?([:：.])\s*+"
)
_LONGEST = 1000


@cache
def _forwarded() -> frozenset[str]:
    return frozenset(folded(mark) for habits in ALL for mark in habits.subject)


@cache
def _replied() -> frozenset[str]:
    return frozenset(map(folded, _REPLIED))


def forwarded_subject(subject: str) -> str | None:
    """Return the subject of the message that a subject says is forwarded, without marks; None where it says no
    such thing.

    The outermost mark counts: an answer to what was forwarded ("Re: Fwd: …") is an answer.
    """
    text = subject.strip()[:_LONGEST]
    if text.startswith("[") and text.endswith("]"):  # [Fwd: …], Mozilla
        text = text[1:-1].strip()
    ends = re.search(r"\s\(fwd\)$", text, re.IGNORECASE)  # … (fwd), pine and mutt
    text = text[: ends.start()] if ends else text
    marks: list[bool] = [True] if ends else []
    while found := _MARK.match(text):
        mark = folded(found[1])
        if mark not in _forwarded() and mark not in _replied():
            break
        if found[2] == "." and mark not in _forwarded():
            break
        marks.append(mark in _forwarded())
        text = text[found.end() :]
    return text.strip() if marks and marks[0] else None
