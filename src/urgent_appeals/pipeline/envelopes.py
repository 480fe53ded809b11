"""Say what another envelope would change of the letters made before, so that envelopes are never mixed unawares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.errors import ConfirmationNeeded
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest
from urgent_appeals.render.envelope import envelope as measures

_NAMED = 3
"""How many letters are named before the others are counted."""


@dataclass(frozen=True)
class EnvelopeChange:
    """What a run makes for another envelope than before (`made`), and what it leaves for another one (`stays`).

    Both by envelope: the paths of the letters. What an older program made is not known, and not told.
    """

    envelope: EnvelopeName
    made: dict[str, tuple[str, ...]]
    stays: dict[str, tuple[str, ...]]
    is_mixed_already: bool

    @classmethod
    def of(
        cls, previous: Manifest | None, sender: str, envelope: EnvelopeName, wanted: Collection[tuple[str, str]]
    ) -> EnvelopeChange:
        """Return what a run changes in a folder; `wanted` are its letters, each a recipient and a language."""
        documents = previous.documents if previous is not None else ()
        letters = [each for each in documents if each.kind == "pdf" and each.sender == sender and each.envelope]
        others = [each for each in letters if each.envelope != envelope]
        made = [each for each in others if (each.recipient, each.language) in wanted]
        stays = [each for each in others if each not in made]
        return cls(envelope, _by_envelope(made), _by_envelope(stays), len(others) < len(letters))

    def refuse_unasked(self, root: str) -> None:
        """Raise ConfirmationNeeded where the run would change or mix envelopes; for one that names no envelope."""
        concerned = self.made or ({} if self.is_mixed_already else self.stays)
        if not concerned:
            return
        there = ", ".join(f"{_count(paths)} for {_on_paper(name)}" for name, paths in concerned.items())
        now = _on_paper(self.envelope)
        would = f"this run would make them for {now}" if self.made else f"this run would add letters for {now}"
        keeps = f"--envelope {next(iter(concerned))} stays with it"
        raise ConfirmationNeeded(f"{root} holds {there}; {would}; {keeps}", f"--envelope {self.envelope}")

    def words(self) -> tuple[str, ...]:
        """Return what there is to tell of a run that named its envelope: what changed, and what stays otherwise."""
        now = _on_paper(self.envelope)
        made = (f"now for {now}, formerly {_on_paper(name)}: {_names(paths)}" for name, paths in self.made.items())
        stay = (f"still for {_on_paper(name)}, not {now}: {_names(paths)}" for name, paths in self.stays.items())
        return (*made, *stay)


def _by_envelope(documents: Iterable[DocumentRecord]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in documents:
        name = each.envelope or ""
        found[name] = (*found.get(name, ()), each.path)
    return found


def _on_paper(name: str) -> str:
    return f"{name} ({measures(name).paper.name})"


def _count(paths: tuple[str, ...]) -> str:
    return f"{len(paths)} letter{'s' if len(paths) != 1 else ''}"


def _names(paths: tuple[str, ...]) -> str:
    rest = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
