"""Make the print runs of a plan, and take a person's word that one is printed.

A letter that was laid into a print run is unknown until a person says that it is printed, and is laid into no other
one meanwhile: so nothing is posted twice because two print runs held it. What a run holds is found in the log alone;
a run that was killed before its PDF was there is finished by the next one of its plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from urgent_appeals.dispatch.channel import Parcel
from urgent_appeals.domain.event import Event, EventKind, NewEvent, desk_of
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import UNSURE, State
from urgent_appeals.domain.named import by_ending
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.standing import deadlines
from urgent_appeals.errors import AmbiguousChoice, LetterChanged, MarkRefused, UnknownChoice
from urgent_appeals.log.opening import open_log
from urgent_appeals.outbox import print_runs
from urgent_appeals.pipeline.clock import Clock
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.workspace.desk_file import read_desk
from urgent_appeals.workspace.read import find_root

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

_WORD = "appeals dispatch printed"


@dataclass(frozen=True)
class _Laid:
    """A letter that lies in no print run yet: of which attempt, and its PDF."""

    item: PlanItem
    attempt: int
    pdf: bytes


@dataclass(frozen=True)
class PrintRuns:
    """The print runs of a plan, in the outbox of its workspace; each is noted in the log when it is there."""

    root: Path
    plan: Plan
    log: Log
    by: str
    clock: Clock

    def check(self, parcel: Parcel) -> None:
        """Raise RenderError for a letter that cannot be read."""
        from urgent_appeals.render.join import page_count  # loads what reads PDFs

        page_count(str(parcel.item), parcel.pdf)

    def lay(self, parcel: Parcel) -> str:  # noqa: ARG002  # the log holds it already: it is marked
        """Return where a letter that is marked will lie."""
        return print_runs.place_of(self._next_name)

    def finish(self) -> None:
        """Make one PDF of what lies in none yet, and note it; raises RenderError, OutboxError, LogError."""
        laid = [*self._laid()]
        if not laid:
            return
        name = self._next_name
        digest = _digest_of(laid)
        pdf = self._made(name, digest, laid)
        print_runs.save(self.root, name, pdf)
        detail: dict[str, JsonValue] = {
            "print_run": name,
            "plan": self.plan.plan,
            "path": print_runs.place_of(name),
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "letters_sha256": digest,
            "letters": len(laid),
            "attempts": {letter.item.item: letter.attempt for letter in laid},
            "order": [letter.item.item for letter in laid],
        }
        note = NewEvent(
            at=self.clock.now(), by=self.by, event=EventKind.NOTED, code=self.plan.code, channel="post", detail=detail
        )
        self.log.append(note)

    @property
    def _next_name(self) -> str:
        before = len([*self._noted()])
        return f"{self.plan.plan}-{before + 1}" if before else self.plan.plan

    def _noted(self) -> Iterator[Event]:
        noted = _noted(self.log, self.plan.code)
        return (event for event in noted if event.detail.get("plan") == self.plan.plan)

    def _laid(self) -> Iterator[_Laid]:
        noted = {(item, attempt) for event in self._noted() for item, attempt in _attempts(event).items()}
        for item in self.plan.to_send:
            if item.via is not Via.POST:
                continue
            state = self.log.state(item.item)
            marks = _marks(self.log, item.item)
            attempt = marks[-1].attempt if marks else None
            if state.state not in UNSURE or attempt is None or (item.item, attempt) in noted:
                continue
            if _waits(self.log, item.item, attempt):
                yield _Laid(item, attempt, self._read(item))

    def _read(self, item: PlanItem) -> bytes:
        (document,) = item.documents
        content = (self.root / document.path).read_bytes()
        if hashlib.sha256(content).hexdigest() != document.sha256:
            raise LetterChanged(
                document.path, "is not the file that was approved; put that back, and run the plan again"
            )
        return content

    def _made(self, name: str, digest: str, laid: list[_Laid]) -> bytes:
        from urgent_appeals.render.join import joined, page_count  # loads what prints, and what reads PDFs
        from urgent_appeals.render.press import Press
        from urgent_appeals.render.print_run import Posting, PrintRun

        desk = Desk.open(self.root, self.plan.on)
        appeal = desk.appeal(self.plan.code)
        last_days = deadlines(appeal, ("post",))
        postings = tuple(
            Posting(
                recipient=letter.item.key.recipient,
                code=str(appeal.code),
                language=letter.item.key.language,
                address=tuple((letter.item.address or "").split("\n")),
                pages=page_count(str(letter.item.key), letter.pdf),
                act_by=last_days[0].act_by if last_days else None,
            )
            for letter in laid
        )
        run = PrintRun(
            name=name,
            code=str(appeal.code),
            on=self.plan.on,
            digest=digest,
            letters=postings,
            say=f"{_WORD} {name}",
            envelope=desk.campaign.envelope,
        )
        with Press(*desk.templates) as press:
            sheet = press.print_run(run)
        letters = [(str(letter.item.key), letter.pdf) for letter in laid]
        return joined([("the list", sheet.pdf), *letters], each_on_a_sheet=True)


@dataclass(frozen=True)
class ToPrint:
    """A print run of which nobody has said that it is printed: its name, where it lies, how many letters wait."""

    name: str
    path: str
    letters: int


def to_print(log: Log, plan: Plan) -> Iterator[ToPrint]:
    """Yield the print runs of a plan of which letters wait for a person's word."""
    for note in [*_noted(log, plan.code)]:
        waiting = [item for item, attempt in _attempts(note).items() if _waits(log, item, attempt)]
        if note.detail.get("plan") == plan.plan and waiting:
            yield ToPrint(str(note.detail["print_run"]), str(note.detail["path"]), len(waiting))


@dataclass(frozen=True)
class Printed:
    """A letter of a print run, and what it is after a person has said that the run is printed."""

    item: str
    code: str
    recipient: str
    state: State


def say_printed(start: Path, name: str, at: datetime) -> tuple[Printed, ...]:
    """Record, on a person's word, that the letters of a print run are printed; return what each is, as listed there.

    What was settled otherwise meanwhile stays so. Raises UnknownChoice where there is no such print run, MarkRefused
    where its file is not the one that was made, and as the settings and the log do.
    """
    root = find_root(start)
    settings = read_desk(root)
    with open_log(settings.log, desk=settings.desk, outbox=root / "outbox") as log:
        note = _note_of(log, Path(name).name.removesuffix(".pdf"))
        there = print_runs.load(root, str(note.detail["print_run"]))
        if there is not None and hashlib.sha256(there).hexdigest() != note.detail.get("sha256"):
            raise MarkRefused(str(note.detail["path"]), "is not as it was made; look at what was printed")
        said = NewEvent(
            at=at,
            by=settings.by,
            event=EventKind.PRINTED,
            code=note.code,
            channel="post",
            detail={"by_hand": True, "print_run": note.detail["print_run"], "path": note.detail["path"]},
        )
        printed = [_printed(log, said, item, attempt) for item, attempt in _attempts(note).items()]
        return tuple(sorted(printed, key=_listed(note)))


def _printed(log: Log, said: NewEvent, item: str, attempt: int) -> Printed:
    marks = _marks(log, item, attempt)
    recipient = marks[-1].recipient if marks else None
    event = said.model_copy(update={"item": item, "recipient": recipient, "attempt": attempt})
    log.settle(event, _open_ends(log, item, attempt))
    return Printed(item, said.code or "", recipient or "", log.state(item).state)


def _waits(log: Log, item: str, attempt: int) -> bool:
    return bool(_open_ends(log, item, attempt))


def _open_ends(log: Log, item: str, attempt: int) -> list[Event]:
    """Return the events by which an attempt of this desk waits for a word, whatever other desks say of the letter."""
    marks = {mark.id for mark in _marks(log, item, attempt)}
    heads = log.state(item).heads
    open_ends = (head for head in heads if head.event in {EventKind.DATA, EventKind.UNKNOWN})
    return [head for head in open_ends if marks & {head.id, *head.after}]


def _marks(log: Log, item: str, attempt: int | None = None) -> list[Event]:
    """Return the marks by which this desk laid a letter out to be printed, all or those of one attempt."""
    marks = [event for event in log.events(item=item, kinds={EventKind.DATA}) if event.channel == Via.POST]
    own = (event for event in marks if desk_of(event.desk) == desk_of(log.desk))
    return [event for event in own if attempt in {None, event.attempt}]


def _note_of(log: Log, name: str) -> Event:
    noted = {str(event.detail["print_run"]): event for event in _noted(log, None)}
    found = by_ending(name, noted)
    if len(found) > 1:
        raise AmbiguousChoice("print run", name, found)
    if not found:
        raise UnknownChoice("print run", name, tuple(reversed(noted))[:5])
    return noted[found[0]]


def _noted(log: Log, code: str | None) -> Iterator[Event]:
    """Yield the notes of the print runs of this desk: those of others lie elsewhere, and may have the same names."""
    for event in log.events(code=code, kinds={EventKind.NOTED}):
        if desk_of(event.desk) == desk_of(log.desk) and {"print_run", "path"} <= event.detail.keys():
            yield event


def _attempts(note: Event) -> dict[str, int]:
    attempts = note.detail.get("attempts")
    items = attempts.items() if isinstance(attempts, Mapping) else ()
    return {item: attempt for item, attempt in items if isinstance(attempt, int)}


def _listed(note: Event) -> Callable[[Printed], tuple[int, str]]:
    """Return what sorts letters as the list of a print run does; one that was made without says it not: by name."""
    order = note.detail.get("order")
    place = {item: number for number, item in enumerate(order if isinstance(order, list) else ())}
    return lambda each: (place.get(each.item, len(place)), each.recipient)


def _digest_of(laid: list[_Laid]) -> str:
    lines = (f"{hashlib.sha256(letter.pdf).hexdigest()}  {letter.item.documents[0].path}\n" for letter in laid)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
