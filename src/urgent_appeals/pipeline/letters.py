"""Make the documents of an appeal: letters, email drafts, plain texts, mail links and the bulletin.

The main job, step by step: open the desk, find the appeal, refuse what is broken or not open, choose recipients and
languages, compose, make the documents, and put everything into the outbox at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from urgent_appeals import __version__
from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.letter import Bulletin, Letter
from urgent_appeals.domain.lineage import slugs
from urgent_appeals.domain.problem import Problem
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import Recipient, Resolved, resolve
from urgent_appeals.domain.standing import Standing, State, standing
from urgent_appeals.errors import AppealNotOpen, NothingToDo
from urgent_appeals.outbox.files import Outbox, Published
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest, Override, RecordedCode
from urgent_appeals.outbox.names import stems
from urgent_appeals.pipeline.choice import chosen, chosen_recipients
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.documents import MadeLetter, Progress, Workbench
from urgent_appeals.pipeline.envelopes import EnvelopeChange
from urgent_appeals.pipeline.history import LetterKey, dispatched_letters
from urgent_appeals.render.press import Press

__all__ = ["ENVELOPE_NAMES", "EnvelopeChange", "Made", "MadeLetter", "Wanted", "make_letters"]

ENVELOPE_NAMES: tuple[EnvelopeName, ...] = get_args(EnvelopeName)


@dataclass(frozen=True)
class Wanted:
    """What to make: recipients as typed (none: all), languages (none: the appeal's), sender (None: the campaign's).

    `envelope` is one of the presets (None: the campaign's). `override` is the reason for going on although the appeal
    is not open; `replace` writes over what was changed by hand.
    """

    to: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sender: str | None = None
    override: str | None = None
    replace: bool = False
    envelope: str | None = None

    @property
    def reason(self) -> str | None:
        """The reason for going on, None where it is blank."""
        return self.override.strip() or None if self.override is not None else None

    @property
    def is_everything(self) -> bool:
        """Whether the run makes all documents of the appeal, so that what it does not make is no longer wanted."""
        return not (self.to or self.languages or self.sender)


@dataclass(frozen=True)
class Made:
    """What a run made, what of it was there already, and what there is to say about it.

    `dispatched` names the letters that have left, or may have, and therefore stay as they are.
    """

    letters: tuple[MadeLetter, ...]
    bulletins: tuple[str, ...]
    folder: str
    published: Published
    without_letter: tuple[tuple[str, str], ...]
    overridden: Standing | None
    warnings: tuple[Problem, ...]
    change: EnvelopeChange
    dispatched: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Order:
    """One run: the desk, the appeal, the day, what is wanted, and the standing that is overridden (None: open)."""

    desk: Desk
    appeal: Appeal
    on: date
    wanted: Wanted
    overridden: Standing | None
    resolved: Resolved

    @property
    def override(self) -> str | None:
        return self.wanted.reason if self.overridden is not None else None

    @property
    def sender(self) -> str:
        return self.wanted.sender or self.desk.campaign.sender

    @property
    def envelope(self) -> EnvelopeName:
        return envelope_named(self.wanted.envelope) or self.desk.campaign.envelope

    @property
    def languages(self) -> tuple[str, ...]:
        return chosen("language", self.wanted.languages, self.appeal.languages)


def envelope_named(typed: str | None) -> EnvelopeName | None:
    """Return the envelope that a word names, None for no word; raises UnknownChoice for any other."""
    chosen("envelope", (typed,) if typed else (), ENVELOPE_NAMES)
    return next((name for name in ENVELOPE_NAMES if name == typed), None)


def make_letters(start: Path, typed: str, on: date, wanted: Wanted, progress: Progress = lambda *_: None) -> Made:
    """Make the documents of the appeal that a code names, as of a day, and return what was made.

    Raises UnknownAppeal, DefinitionsBroken, AppealNotOpen (unless `wanted.override` says why all the same),
    UnknownChoice, NothingToDo, RenderError, OutboxError, ConfirmationNeeded where letters made before are for another
    envelope and `wanted.envelope` names none, and what the log does; then nothing in the outbox has changed. A letter
    that was dispatched is not made again, and stays as it is.
    """
    desk = Desk.open(start, on)
    appeal = desk.appeal(typed)
    desk.refuse_if_broken(appeal)
    chosen("sender", (wanted.sender,) if wanted.sender else (), tuple(desk.campaign.senders))
    envelope_named(wanted.envelope)
    resolved = resolve(appeal.recipients, desk.workspace.directories)
    order = _Order(desk, appeal, on, wanted, _judge(desk, appeal, on, wanted), resolved)
    bulletins = _bulletins(order)
    slug = slugs(other.code for other in desk.workspace.appeals)[appeal.code]
    root = f"outbox/{slug}"
    names = stems(recipient.id for recipient in resolved.recipients)
    suffix = order.sender if order.sender != desk.campaign.sender else None
    with Outbox(desk.workspace.root / "outbox").open(slug) as folder, Press(*desk.templates) as press:
        letters, stay = _to_make(order, folder.previous)
        change = _envelope_change(order, folder.previous, letters, root)
        bench = Workbench(folder, press, root, names, suffix, progress)
        made, papers = bench.make(letters, bulletins)
        manifest = _manifest(order, press.template_digests(), bench.records)
        # Looked up again: what was dispatched while the letters were being made is not replaced either.
        dispatched = _dispatched(order, folder.previous).values()
        published = folder.publish(
            manifest, whole=wanted.is_everything, replace=wanted.replace, dispatched=frozenset().union(*dispatched)
        )
    warnings = desk.problems_of(appeal)
    return Made(made, papers, root, published, resolved.without_letter, order.overridden, warnings, change, stay)


def _envelope_change(
    order: _Order, previous: Manifest | None, letters: tuple[Letter, ...], root: str
) -> EnvelopeChange:
    wanted = {(letter.addressee.recipient, letter.language) for letter in letters}
    change = EnvelopeChange.of(previous, order.sender, order.envelope, wanted)
    if letters and not order.wanted.envelope:
        change.refuse_unasked(root)
    return change


def _to_make(order: _Order, previous: Manifest | None) -> tuple[tuple[Letter, ...], tuple[str, ...]]:
    """Return the letters to make, and the names of those that were dispatched and stay as they are."""
    letters, dispatched = _letters(order), _dispatched(order, previous)
    return (
        tuple(letter for letter in letters if _key(letter) not in dispatched),
        tuple(letter.item for letter in letters if _key(letter) in dispatched),
    )


def _key(letter: Letter) -> LetterKey:
    return letter.addressee.recipient, letter.language, letter.signatory.sender


def _dispatched(order: _Order, previous: Manifest | None) -> Mapping[LetterKey, frozenset[str]]:
    """Return the paths of the documents of each letter that was dispatched, as far as they are on record here."""
    gone = dispatched_letters(order.desk.workspace.root, order.appeal)
    paths: dict[LetterKey, frozenset[str]] = {}
    for record in previous.documents if previous is not None and gone else ():
        key = (record.recipient or "", record.language, record.sender or "")
        if key in gone:
            paths[key] = paths.get(key, frozenset()) | {record.path}
    return paths


def _judge(desk: Desk, appeal: Appeal, on: date, wanted: Wanted) -> Standing | None:
    """Return what is overridden, None where nothing need be; raise AppealNotOpen where no reason is given.

    A stop ends the letters of its case, but is itself to be made known: its bulletin needs no override.
    """
    now = standing(appeal, desk.case(appeal), on)
    if now.is_open or (now.state is State.STOPPED and _is_notice(appeal, wanted) and not wanted.to):
        return None
    if wanted.reason is None:
        raise AppealNotOpen(str(appeal.code), now.state.value, now.reason)
    return now


def _is_notice(appeal: Appeal, wanted: Wanted) -> bool:
    return appeal.kind is Kind.STOP and wanted.reason is None


def _letters(order: _Order) -> tuple[Letter, ...]:
    desk = order.desk
    return tuple(
        compose(
            order.appeal,
            recipient,
            campaign=desk.campaign,
            sender=order.sender,
            phrases=desk.workspace.phrases[language],
            directories=desk.workspace.directories,
            on=order.on,
            override=order.override,
            envelope=order.envelope,
        )
        for recipient in _recipients(order)
        for language in order.languages
    )


def _bulletins(order: _Order) -> tuple[Bulletin, ...]:
    desk = order.desk
    return tuple(
        publish(
            order.appeal,
            campaign=desk.campaign,
            phrases=desk.workspace.phrases[language],
            directories=desk.workspace.directories,
            on=order.on,
            override=order.override,
        )
        for language in order.languages
    )


def _recipients(order: _Order) -> tuple[Recipient, ...]:
    """Return the recipients that were asked for; all without a word, none for a stop."""
    known, wanted = order.resolved.recipients, order.wanted
    if _is_notice(order.appeal, wanted):
        return ()
    if not wanted.to and not known:
        raise NothingToDo(f"{order.appeal.code} has no recipient who gets a letter")
    return chosen_recipients(wanted.to, order.resolved, order.desk.workspace.directories)


def _manifest(order: _Order, templates: dict[str, str], records: list[DocumentRecord]) -> Manifest:
    overridden, reason = order.overridden, order.override
    overrides = (
        (Override(state=overridden.state.value, because=overridden.reason, reason=reason),)
        if overridden is not None and reason is not None
        else ()
    )
    return Manifest(
        program=__version__,
        code=RecordedCode(canonical=order.appeal.code.canonical, written=str(order.appeal.code)),
        on=order.on,
        inputs=order.desk.inputs_of(order.appeal),
        templates=templates,
        overrides=overrides,
        warnings=tuple(str(problem) for problem in order.desk.problems_of(order.appeal)),
    ).with_documents(records)
