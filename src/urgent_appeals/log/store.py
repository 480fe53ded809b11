"""The log of a desk: add events, ask what items are, be the one sender."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import Connection, Engine, insert, update

from urgent_appeals.domain.event import Event, EventKind, NewEvent, Place, sealed
from urgent_appeals.domain.item_state import ItemState, State, item_state, may_follow
from urgent_appeals.errors import IllegalTransition
from urgent_appeals.log import look_up, sender_lock
from urgent_appeals.log.engine import told
from urgent_appeals.log.epoch import Epoch, EpochFile
from urgent_appeals.log.rows import case_key, moment_text, row_of
from urgent_appeals.log.tables import EVENTS, META
from urgent_appeals.log.writer import Writer, unwritable

if TYPE_CHECKING:
    from urgent_appeals.log.verify import Fault

_TAKEN_UP: Final = frozenset({EventKind.CLAIMED, EventKind.DATA})


class Log:
    """An open log, as one desk writes to it; `opening.open_log` makes it. Close it, or use it in a `with`."""

    def __init__(self, engine: Engine, *, name: str, log_id: str, chain: str, epoch: EpochFile) -> None:
        self.engine = engine
        self.name = name
        self.id = log_id
        self.desk = chain
        """The desk as its events name it: its id, with a number behind once an older backup was accepted."""
        self.writer = Writer(engine, name, log_id)
        self.epoch = epoch
        self._generation = 0
        self._installation = ""
        self._own = 0

    def append(self, *events: NewEvent) -> tuple[Event, ...]:
        """Record events in one transaction and return them with their places; they are on the disk then.

        Raises IllegalTransition where one cannot happen to its item, LogUnwritable where nothing was written, or
        nobody knows: sending is to stop at once.
        """
        if not events:
            return ()
        ids = [uuid.uuid4().hex for _ in events]
        return self.recorded(lambda connection: self.add(connection, events, ids), ids)

    def transition(self, event: NewEvent, expected: Collection[State]) -> Event | None:
        """Record an event of an item if its state is among the expected ones; None where someone else was quicker.

        State and event are one transaction: of two senders that want the same item, one gets it. A claim without an
        attempt gets the next number, a mark without one the number of its claim. Raises as `append` does.
        """
        if event.item is None:
            raise ValueError("an event of no item has no state to start from")
        item, ids = event.item, [uuid.uuid4().hex]

        def work(connection: Connection) -> tuple[Event, ...]:
            known = look_up.of_items(connection, [item])
            found = item_state(known[item])
            if found.state not in expected:
                return ()
            return self._added(connection, [_numbered(event, found)], ids, known)

        return next(iter(self.recorded(work, ids)), None)

    def conclude(self, event: NewEvent, taken_up: Event) -> Event:
        """Record what came of an attempt, after its own claim or mark, whatever else was recorded of the item since.

        So nothing that was merged meanwhile keeps the answer of the other side out, and what two desks both did shows.
        Raises as `append` does.
        """
        id_ = uuid.uuid4().hex
        return self.recorded(lambda connection: (self._after(connection, event, [taken_up], id_),), [id_])[0]

    def settle(self, event: NewEvent, open_ends: Collection[Event]) -> Event | None:
        """Record what became of an item after those of some events that nothing follows yet; None where none is left.

        What other desks recorded of the item meanwhile stays beside it. Raises as `append` does.
        """
        item, id_ = event.item or "", uuid.uuid4().hex

        def work(connection: Connection) -> tuple[Event, ...]:
            known = look_up.of_items(connection, [item])[item]
            heads = {head.id for head in item_state(known).heads}
            left = [end for end in open_ends if end.id in heads]
            return (self._after(connection, event, left, id_),) if left else ()

        return next(iter(self.recorded(work, [id_])), None)

    def events(  # noqa: PLR0913  # each narrows the choice, none needs another
        self,
        *,
        item: str | None = None,
        case: str | None = None,
        code: str | None = None,
        recipients: Collection[str] | None = None,
        kinds: Collection[EventKind] | None = None,
        since: datetime | None = None,
        limit: int | None = None,
        latest: bool = False,
    ) -> Generator[Event, None, None]:
        """Yield events in order of arrival, few at a time in memory; of a `limit`, the first or the `latest` ones.

        `case` is a code without its update, `since` the earliest moment. Whoever stops half-way closes the generator.
        Raises LogUnreachable, LogCorrupt.
        """
        conditions = [
            *([EVENTS.c.item == item] if item is not None else []),
            *([EVENTS.c.case_key == case] if case is not None else []),
            *([EVENTS.c.case_key == case_key(code), EVENTS.c.code == code] if code is not None else []),
            *([EVENTS.c.recipient.in_(sorted(recipients))] if recipients is not None else []),
            *(look_up.of_kinds(kinds) if kinds is not None else []),
            *([EVENTS.c.at >= moment_text(since)] if since is not None else []),
        ]
        with told(self.name), self.engine.connect() as connection:
            yield from look_up.stream(connection, look_up.filtered(*conditions, limit=limit, latest=latest))

    def count(self) -> int:
        """Return how many events there are."""
        with told(self.name), self.engine.connect() as connection:
            return look_up.count(connection)

    def news(self) -> int:
        """Return a number that is another one as soon as anything was recorded here otherwise than by this very log.

        It may be another one without that, and never stays the same with it.
        """
        with told(self.name), self.engine.connect() as connection:
            return look_up.latest(connection) - self._own

    def state(self, item: str) -> ItemState:
        """Return what an item is."""
        return self.states([item])[item]

    def states(self, items: Collection[str]) -> dict[str, ItemState]:
        """Return what each of the items is; one that the log does not know is planned."""
        with told(self.name), self.engine.connect() as connection:
            found = look_up.of_items(connection, items)
        return {item: item_state(events) for item, events in found.items()}

    def states_of_case(self, case: str) -> dict[str, ItemState]:
        """Return what the items of a case are, by item; `case` is a code without its update."""
        with told(self.name), self.engine.connect() as connection:
            found = look_up.of_case(connection, case)
        return {item: item_state(events) for item, events in found.items()}

    def claims(self, *, of_others: bool = False) -> tuple[Event, ...]:
        """Return the claim or the mark of each item that a sender took up and nobody finished.

        Only who holds the sender lock may finish them, whatever other desks say of the item. Claims that were merged
        from other logs, or made by a copy of this one elsewhere, are left out, since this lock says nothing about their
        senders, unless `of_others`.
        """
        with told(self.name), self.engine.connect() as connection:
            here = frozenset(look_up.chains(connection))
            found = look_up.of_items(connection, tuple(look_up.unfinished_items(connection)))
        there = self.epoch.read()
        own = there.installation if there is not None else ""
        heads = ((head, events) for events in found.values() for head in item_state(events).heads)
        taken_up = ((head, events) for head, events in heads if head.event in _TAKEN_UP)
        return tuple(head for head, events in taken_up if of_others or self._is_own(head, events, here, own))

    def _is_own(self, head: Event, events: Sequence[Event], here: Collection[str], own: str) -> bool:
        claims = [event for event in events if event.event is EventKind.CLAIMED and event.id in {head.id, *head.after}]
        installations = [event.detail.get("installation") for event in claims]
        if self.file is None or not any(installations):
            return head.desk in here
        return own in installations

    @contextmanager
    def sender_lock(self) -> Iterator[None]:
        """Be the one sender on this log while the body runs; raises AnotherSender where one is at work.

        The system, or the server, frees the lock of a sender that dies.
        """
        with self.alone():
            self._begin_generation()
            try:
                yield
            finally:
                with suppress(OSError):  # what happened is in the log; this only makes a restored one plainer
                    self.epoch.settle()

    def verify(self, progress: Callable[[int, int], None] | None = None) -> tuple[Fault, ...]:
        """Return what is wrong with the log: see `verify.verify`."""
        from urgent_appeals.log.verify import verify  # it needs this class

        return verify(self, progress)

    def close(self) -> None:
        """Close the connections."""
        self.writer.close()
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def file(self) -> Path | None:
        """The file of a log on SQLite."""
        database = self.engine.url.database
        return Path(database) if self.engine.dialect.name == "sqlite" and database is not None else None

    @property
    def is_noted_outside(self) -> bool:
        """Whether a copy of the whole workspace, or an older one put back, would be told from this one."""
        return self.epoch.outside is not None and self.epoch.outside.is_kept

    def alone(self) -> AbstractContextManager[None]:
        """Keep senders away while the body runs, without being one; raises AnotherSender."""
        if self.file is None:
            return self.writer.sender_lock()
        return sender_lock.held(self.file.with_name(f"{self.file.name}.lock"), self.name)

    def recorded(self, work: Callable[[Connection], tuple[Event, ...]], ids: Sequence[str]) -> tuple[Event, ...]:
        """Return the events that `work` adds under these ids, in one transaction; raises LogUnwritable."""
        recorded = self.writer.write(work, lambda connection: look_up.by_ids(connection, ids))
        self._own += len(recorded)
        if recorded:
            self.epoch.advance(self._epoch_at(recorded[-1].seq, recorded[-1].hash, recorded[-1].id), recorded)
        return recorded

    def add(
        self, connection: Connection, events: Sequence[NewEvent], ids: Sequence[str], *, freely: bool = False
    ) -> tuple[Event, ...]:
        """Insert events at the end of this desk's chain, each after the latest known ones of its item.

        Raises IllegalTransition where one cannot happen to its item, unless `freely`.
        """
        known = look_up.of_items(connection, {event.item for event in events if event.item is not None})
        return self._added(connection, events, ids, known, freely=freely)

    def _added(  # what is known of the items has been asked for by then
        self,
        connection: Connection,
        events: Sequence[NewEvent],
        ids: Sequence[str],
        known: Mapping[str, list[Event]],
        *,
        freely: bool = False,
    ) -> tuple[Event, ...]:
        seq, last = look_up.head(connection, self.desk)
        added: list[Event] = []
        for event, id_ in zip(events, ids, strict=True):
            before = known.get(event.item or "", [])
            found = item_state(before)
            if not freely and event.item is not None and not may_follow(found.state, event.event):
                raise IllegalTransition(event.item, found.state.value, event.event.value)
            after = tuple(head.id for head in found.heads)
            place = Place(desk=self.desk, seq=seq + 1, id=id_, after=after, prev_hash=last)
            added.append(sealed(self._signed(event), place))
            before.append(added[-1])
            seq, last = added[-1].seq, added[-1].hash
        connection.execute(insert(EVENTS), [row_of(event) for event in added])
        return tuple(added)

    def _after(self, connection: Connection, event: NewEvent, ends: Sequence[Event], id_: str) -> Event:
        """Insert an event after others of its item, and nothing else that is known of it."""
        for end in ends:
            state = item_state([end]).state
            if not may_follow(state, event.event):
                raise IllegalTransition(event.item or "", state.value, event.event.value)
        seq, last = look_up.head(connection, self.desk)
        after = tuple(end.id for end in ends)
        added = sealed(event, Place(desk=self.desk, seq=seq + 1, id=id_, after=after, prev_hash=last))
        connection.execute(insert(EVENTS), [row_of(added)])
        return added

    def _signed(self, event: NewEvent) -> NewEvent:
        """Return a claim with the id of this installation, which alone may take it back if its sender dies."""
        if event.event is not EventKind.CLAIMED or not self._installation or self.file is None:
            return event
        return event.model_copy(update={"detail": {**event.detail, "installation": self._installation}})

    def _begin_generation(self) -> None:
        there = self.epoch.read()
        self._installation = (there.installation if there is not None else "") or uuid.uuid4().hex

        def work(connection: Connection) -> tuple[int, int, str]:
            generation = int(look_up.meta(connection, "generation") or 0) + 1
            connection.execute(update(META).where(META.c.key == "generation").values(value=str(generation)))
            return generation, *look_up.head(connection, self.desk)

        # After a lost connection one generation more or less is all the same.
        self._generation, seq, last = self.writer.write(work, lambda _connection: None)
        try:
            self.epoch.write(self._epoch_at(seq, last, there.seen if there is not None else ""))
        except OSError as error:
            raise unwritable(self.epoch.path.name, error) from error

    def _epoch_at(self, seq: int, last: str, seen: str) -> Epoch:
        place = {"chain": self.desk, "seq": seq, "hash": last, "seen": seen}
        return Epoch(log=self.id, generation=self._generation, installation=self._installation, **place)


def _numbered(event: NewEvent, found: ItemState) -> NewEvent:
    if event.attempt is not None or event.event not in _TAKEN_UP:
        return event
    return event.model_copy(update={"attempt": found.attempts + (event.event is EventKind.CLAIMED)})
