"""Choose by what was typed: languages, senders, recipients; whatever is not there to be chosen is refused."""

from __future__ import annotations

from collections.abc import Mapping

from urgent_appeals.domain.check.definitions import did_you_mean
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.named import by_part
from urgent_appeals.domain.plan import Doubt
from urgent_appeals.domain.recipients import Recipient, Resolved, is_known, resolve
from urgent_appeals.errors import AmbiguousChoice, UnknownChoice


def chosen(kind: str, typed: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the known that were typed, all where nothing was; raise UnknownChoice for any other."""
    for name in typed:
        if name not in known:
            raise UnknownChoice(kind, name, known)
    return tuple(name for name in known if name in typed) if typed else known


def chosen_recipients(
    typed: tuple[str, ...], resolved: Resolved, directories: Mapping[str, Directory]
) -> tuple[Recipient, ...]:
    """Return those of an appeal's recipients that were typed, in full or by words of the office's name.

    All where nothing was typed. Raises UnknownChoice for what names nobody, or somebody who gets no letter of the
    appeal, AmbiguousChoice for what could be several.
    """
    known = resolved.recipients
    if not typed:
        return known
    ids = tuple(recipient.id for recipient in known)
    asked = resolve([_in_full(name, ids, directories) for name in typed], directories)
    wanted = {recipient.id for recipient in asked.recipients}
    strangers = (*asked.unknown, *(name for name, _ in asked.without_letter), *sorted(wanted.difference(ids)))
    if strangers:
        raise UnknownChoice("recipient of this appeal", strangers[0], ids)
    return tuple(recipient for recipient in known if recipient.id in wanted)


def accepted_doubts(
    typed: tuple[str, ...], resolved: Resolved, directories: Mapping[str, Directory]
) -> tuple[str, ...]:
    """Return the doubts that were typed, each with its recipient in full where one was named.

    Raises UnknownChoice for any other word, and as `chosen_recipients` does.
    """
    words = tuple(doubt.value for doubt in Doubt)
    found: list[str] = []
    for each in typed:
        word, colon, name = each.partition(":")
        if word not in words:
            raise UnknownChoice("word to accept", word, words, did_you_mean(word, words))
        if not colon:
            found.append(word)
            continue
        recipients = tuple(recipient.id for recipient in chosen_recipients((name,), resolved, directories))
        if len(recipients) != 1:
            raise AmbiguousChoice("recipient", name, recipients)
        found.append(f"{word}:{recipients[0]}")
    return tuple(found)


def _in_full(name: str, ids: tuple[str, ...], directories: Mapping[str, Directory]) -> str:
    """Return the one recipient that words of its office's name stand for; else the name as typed."""
    if is_known(name, directories):
        return name
    found = by_part(name, ids)
    if len(found) > 1:
        raise AmbiguousChoice("recipient", name, found)
    return found[0] if found else name
