"""Plan a dispatch: which of the letters in the outbox go, to whom, by which way; and what speaks against the others.

See that the letters were made from what the files say now, choose one language and one way for each recipient, and let
the domain decide.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.came_back import came_back
from urgent_appeals.domain.campaign import Channel
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.decide import decide
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.freshness import caveats
from urgent_appeals.domain.item import CHANNELS, ROUTES, Item, Via
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.lineage import slugs
from urgent_appeals.domain.mail_address import CheckedAddress, RefusedAddress, check_address
from urgent_appeals.domain.plan import Candidate, Document, Doubt, Known, Plan
from urgent_appeals.domain.provenance import Provenance
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.domain.standing import Standing, State
from urgent_appeals.domain.standing import standing as standing_of
from urgent_appeals.errors import LettersOutdated, NothingToDo
from urgent_appeals.outbox.files import Outbox
from urgent_appeals.outbox.manifest import DocumentKind, DocumentRecord, Manifest
from urgent_appeals.pipeline.choice import accepted_doubts, chosen, chosen_recipients
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.render.mail import altered

_FILES: Mapping[Via, tuple[DocumentKind, ...]] = {
    Via.EMAIL: ("eml", "pdf"),
    Via.DRAFTS: ("eml", "pdf"),
    Via.FAX: ("pdf", "fax"),
    Via.POST: ("pdf",),
}
"""Which of a letter's documents each way takes; a fax is the PDF of the letter behind a cover page."""
_ACCOUNTS: Mapping[Via, tuple[str, str]] = {
    Via.EMAIL: ("mail server", "smtp"),
    Via.DRAFTS: ("mailbox", "imap"),
    Via.FAX: ("fax", "fax"),
}
"""What a desk needs for each way, and the setting that names it."""
_FASTEST_FIRST = (Via.EMAIL, Via.FAX, Via.POST)


@dataclass(frozen=True)
class Asked:
    """What is asked to go: by which way (None: the fastest that reaches each), to whom, in which languages, by whom.

    Of the languages, the first in which the letter is there is taken; none: the recipient's own order, then the
    appeal's. `accepted` names the doubts that a person has accepted.
    """

    via: Via | None = None
    to: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sender: str | None = None
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Order:
    desk: Desk
    appeal: Appeal
    on: date
    asked: Asked
    slug: str
    manifest: Manifest
    changed: Mapping[str, str]
    settings: Settings

    @property
    def sender(self) -> str:
        return self.asked.sender or self.desk.campaign.sender


def make_plan(  # noqa: PLR0913, PLR0917  # each is another source of what is planned
    desk: Desk, appeal: Appeal, on: date, asked: Asked, known: Known, settings: Settings
) -> Plan:
    """Return the plan for an appeal as of a day, given what is known of its case and how the desk is set up.

    Raises DefinitionsBroken, UnknownChoice, NothingToDo (no letters were made), LettersOutdated (a file they were made
    from has changed since), OutboxError.
    """
    desk.refuse_if_broken(appeal)
    directories = desk.workspace.directories
    resolved = resolve(appeal.recipients, directories)
    recipients = chosen_recipients(asked.to, resolved, directories)
    accepted = accepted_doubts(asked.accepted, resolved, directories)
    standing = _standing(desk, appeal, on)
    order = _order(desk, appeal, on, asked, settings, standing)
    candidates = [
        _warned(candidate, recipient, known) for recipient in recipients for candidate in _candidate(order, recipient)
    ]
    if not candidates:
        raise _none_made(appeal, asked, standing, "that was made fits")
    items = decide(candidates, standing=standing, known=known, on=on, accepted=accepted)
    return Plan(
        plan=f"{order.slug}-{on}-{secrets.token_hex(3)}",
        on=on,
        code=appeal.code.canonical,
        via=asked.via,
        to=asked.to,
        languages=asked.languages,
        sender=order.sender,
        accepted=accepted,
        provenance=Provenance.of(settings),
        items=items,
    )


def asked_again(plan: Plan) -> Asked:
    """Return what was asked when a plan was made, to make it once more."""
    return Asked(via=plan.via, to=plan.to, languages=plan.languages, sender=plan.sender, accepted=plan.accepted)


def _order(  # noqa: PLR0913, PLR0917  # each is another source of what is planned
    desk: Desk, appeal: Appeal, on: date, asked: Asked, settings: Settings, standing: Standing
) -> _Order:
    chosen("sender", (asked.sender,) if asked.sender is not None else (), tuple(desk.campaign.senders))
    chosen("language", asked.languages, appeal.languages)
    slug = slugs(other.code for other in desk.workspace.appeals)[appeal.code]
    outbox = Outbox(desk.workspace.root / "outbox")
    manifest = outbox.manifest(slug)
    if manifest is None:
        raise _none_made(appeal, asked, standing, "was made yet")
    now = desk.inputs_of(appeal)
    differing = sorted(file for file, digest in now.items() if manifest.inputs.get(file) != digest)
    if differing and not standing.is_open:
        raise _none_made(appeal, asked, standing, "is to go")
    if differing:
        raise LettersOutdated(str(appeal.code), differing)
    changed = {difference.path: difference.what for difference in outbox.verify(slug)}
    return _Order(desk, appeal, on, asked, slug, manifest, changed, settings)


def _none_made(appeal: Appeal, asked: Asked, standing: Standing, which: str) -> NothingToDo:
    """Return that there is no letter to go: with the reason where none may, else with how to make what is asked for."""
    if not standing.is_open:
        return NothingToDo(f"no letter of {appeal.code} may go: it is {standing.state.value}: {standing.reason}")
    options = (("--to", asked.to), ("--lang", asked.languages), ("--sender", filter(None, [asked.sender])))
    words = [word for name, values in options for value in values for word in (name, value)]
    command = shlex.join(("appeals", "letters", str(appeal.code), *words))
    return NothingToDo(f"no letter of {appeal.code} {which}; make it with: {command}")


def _standing(desk: Desk, appeal: Appeal, on: date) -> Standing:
    if appeal.historical:
        return Standing(state=State.HISTORICAL, reason="it is kept as history, and nothing of it is ever dispatched")
    return standing_of(appeal, desk.case(appeal), on)


def _candidate(order: _Order, recipient: Recipient) -> Iterator[Candidate]:
    """Yield the one letter that could go to a recipient, nothing where none was made."""
    made = {
        (record.language, record.kind): record
        for record in order.manifest.documents
        if record.recipient == recipient.id and record.sender == order.sender
    }
    language = next((name for name in _languages(order, recipient) if (name, "pdf") in made), None)
    if language is None:
        return
    pdf = made[language, "pdf"]
    letter = _composed(order, recipient, language, pdf.on)
    today = _composed(order, recipient, language, order.on)
    ways = {via: _address(via, recipient, letter) for via in Via}
    via = order.asked.via or next((way for way in _FASTEST_FIRST if ways[way] is not None), Via.POST)
    records = [made[language, kind] for kind in _FILES[via] if (language, kind) in made]
    checked = check_address(ways[via] or "") if CHANNELS[via] == "email" and ways[via] else None
    address = ways[via]
    yield Candidate(
        item=Item(
            code=order.appeal.code.canonical,
            recipient=recipient.id,
            sender=order.sender,
            language=language,
            route=ROUTES[via],
        ),
        via=via,
        address=checked.address if isinstance(checked, CheckedAddress) else ways[via] if checked is None else None,
        refused=f"{checked.text!r} {checked.reason}" if isinstance(checked, RefusedAddress) else None,
        barred=order.settings.bars(via, address) if address is not None else None,
        subject=letter.subject,
        documents=tuple(_document(order, record) for record in records),
        letter_of=pdf.on,
        act_by=_last_day(letter, CHANNELS[via]),
        unusable=(_unmade(order, via, records) if ways[via] else None) or _unusable(order, records, letter, today),
        languages=order.appeal.languages,
        other_ways=tuple(_other_ways(order, via, ways, letter)),
        doubts=dict(_doubts(order, recipient, letter)),
    )


def _languages(order: _Order, recipient: Recipient) -> Iterable[str]:
    """Return the languages to try, best first: as told, else the recipient's own, and what is left of the appeal's."""
    if order.asked.languages:
        return order.asked.languages
    own = recipient.office.languages or recipient.directory.languages
    return dict.fromkeys((*own, *order.appeal.languages))


def _composed(order: _Order, recipient: Recipient, language: str, on: date) -> Letter:
    workspace = order.desk.workspace
    return compose(
        order.appeal,
        recipient,
        campaign=order.desk.campaign,
        sender=order.sender,
        phrases=workspace.phrases[language],
        directories=workspace.directories,
        on=on,
    )


def _address(via: Via, recipient: Recipient, letter: Letter) -> str | None:
    if CHANNELS[via] == "email":
        return letter.addressee.email
    if via is Via.FAX:
        numbers = (contact.e164 for contact in recipient.office.contacts if contact.kind in {"fax", "telephone-fax"})
        return next((number for number in numbers if number), None)
    return "\n".join(letter.addressee.block) or None


def _other_ways(order: _Order, via: Via, ways: Mapping[Via, str | None], letter: Letter) -> Iterator[Via]:
    """Yield the ways on other routes that an office has an address for, this desk an account, and the day room."""
    for way, address in ways.items():
        last = _last_day(letter, CHANNELS[way])
        is_late = last is not None and order.on > last
        if ROUTES[way] is ROUTES[via] or address is None or is_late or _no_account(order, way) is not None:
            continue
        if order.settings.bars(way, address) is None:
            yield way


def _last_day(letter: Letter, channel: Channel) -> date | None:
    return next((deadline.act_by for deadline in letter.deadlines if deadline.channel == channel), None)


def _no_account(order: _Order, via: Via) -> str | None:
    name, account = _ACCOUNTS.get(via, ("", ""))
    return f"this desk has no {name} (desk.yaml)" if account and getattr(order.settings, account) is None else None


def _unmade(order: _Order, via: Via, records: Sequence[DocumentRecord]) -> str | None:
    missing = "its fax is not made yet; plan again" if len(records) < len(_FILES[via]) else None
    return _no_account(order, via) or missing


def _unusable(order: _Order, records: Sequence[DocumentRecord], made: Letter, now: Letter) -> str | None:
    for record in records:
        if record.path in order.changed:
            return f"{record.path} is {order.changed[record.path]} since it was made; make the letters again"
    fault = _altered(order, {record.kind: record for record in records}, made)
    if fault is not None:
        return fault
    if (made.addressee.by_name, made.addressee.block) != (now.addressee.by_name, now.addressee.block):
        return f"holder or address are others than on {made.on}, the letter's date; make the letters again"
    return None


def _altered(order: _Order, records: Mapping[DocumentKind, DocumentRecord], made: Letter) -> str | None:
    """Return that a draft says other than its letter: the manifest beside it may have been changed as well."""
    if "eml" not in records:
        return None
    draft = records["eml"]
    content = (outbox_of(order.desk) / order.slug / draft.path).read_bytes()
    what = altered(content, made, records["pdf"].sha256)
    return f"{draft.path} is not as it was made: {what}; make the letters again" if what is not None else None


def _doubts(order: _Order, recipient: Recipient, letter: Letter) -> Iterator[tuple[Doubt, str]]:
    if not letter.reviewed:
        yield Doubt.NOT_REVIEWED, f"nobody has reviewed the wording in {letter.language!r}"
    for caveat in caveats(recipient.office, recipient.directory, order.on):
        yield Doubt(caveat.kind), caveat.words


def _warned(candidate: Candidate, recipient: Recipient, known: Known) -> Candidate:
    """Return a candidate with the doubts that come of what the log knows to have come back by the same way."""
    back = came_back(known.states.values(), recipient.id, candidate.via, recipient.office.checked)
    said = {doubt: "; ".join(filter(None, (candidate.doubts.get(doubt), words))) for doubt, words in back.items()}
    return candidate.model_copy(update={"doubts": {**candidate.doubts, **said}}) if said else candidate


def _document(order: _Order, record: DocumentRecord) -> Document:
    return Document(path=f"outbox/{order.slug}/{record.path}", sha256=record.sha256)


def outbox_of(desk: Desk) -> Path:
    """Return the outbox of a desk's workspace."""
    return desk.workspace.root / "outbox"
