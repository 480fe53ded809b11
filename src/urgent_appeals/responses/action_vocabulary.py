"""Make the words of `action_words`, in all languages, ready for looking up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from urgent_appeals.domain.response import ReportedKind
from urgent_appeals.responses.action_words import LANGUAGES
from urgent_appeals.responses.automatic_words import folded

Label = ReportedKind | Literal["code", "to", "date"]

_KINDS: Final[dict[str, ReportedKind]] = {
    "faxes": "fax",
    "visits": "visit",
    "calls": "call",
    "web": "web",
    "emails": "email",
    "letters": "letter",
}
_LABELS: Final[dict[str, Label]] = {
    **{f"form_{name}": kind for name, kind in _KINDS.items()},
    "form_code": "code",
    "form_to": "to",
    "form_date": "date",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all languages: what a thing is by how its word begins, the numbers, the labels of the slip."""

    stems: tuple[tuple[str, ReportedKind], ...]
    electronic: tuple[str, ...]
    by_fax: tuple[str, ...]
    numbers: Mapping[str, int]
    articles: frozenset[str]
    twos: frozenset[str]
    ones: frozenset[str]
    sent: tuple[str, ...]
    we_sent: tuple[str, ...]
    sent_by: frozenset[str]
    leads: frozenset[str]
    campaign: tuple[str, ...]
    answers: tuple[str, ...]
    joins: frozenset[str]
    towards: frozenset[str]
    then: frozenset[str]
    labels: Mapping[str, Label]

    def number(self, word: str) -> int | None:
        """Return the number that figures or a word mean; None for any other."""
        return int(word) if word.isdecimal() and len(word) <= 4 else self.numbers.get(word)

    def kind_of(self, word: str) -> ReportedKind | None:
        """Return what a word means that is sent or done; None for any other."""
        return next((kind for stem, kind in self.stems if word.startswith(stem)), None)


@cache
def vocabulary() -> Vocabulary:
    """Return the words of all languages, folded."""
    return Vocabulary(
        stems=tuple((stem, kind) for name, kind in _KINDS.items() for stem in _all(name)),
        electronic=tuple(_all("electronic")),
        by_fax=tuple(_all("by_fax")),
        numbers=dict(_numbers()),
        articles=frozenset(_all("article")),
        twos=frozenset(_all("twos")),
        ones=frozenset(_all("ones")),
        sent=tuple(_all("sent")),
        we_sent=tuple(_all("we_sent")),
        sent_by=frozenset(_all("sent_by")),
        leads=frozenset(_all("leads")),
        campaign=tuple(_all("campaign")),
        answers=tuple(_all("answers")),
        joins=frozenset(_all("joins")),
        towards=frozenset(_all("towards")),
        then=frozenset(_all("then")),
        labels={label: name for kind, name in _LABELS.items() for label in _all(kind)},
    )


def _all(name: str) -> Iterable[str]:
    """Return the words or phrases of a kind in all languages, each once."""
    written = (piece for language in LANGUAGES.values() for piece in getattr(language, name).split("|"))
    return dict.fromkeys(one for piece in written if (one := folded(piece)))


def _numbers() -> Iterable[tuple[str, int]]:
    for language in LANGUAGES.values():
        for value, forms in enumerate(language.numbers.split("|"), start=1):
            yield from ((folded(form), value) for form in forms.split(","))
