"""Ask the database for events; a query a function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from urgent_appeals.domain.event import FIRST, Event, EventKind
from urgent_appeals.log.rows import COLUMNS, event_of
from urgent_appeals.log.tables import DESKS, EVENTS, IS_A_FATE, META

_AT_ONCE: Final = 500
"""How many values a query names, and how many rows are fetched at once."""
_EVENT: Final = tuple(EVENTS.c[name] for name in COLUMNS)
_UNFINISHED: Final = frozenset({EventKind.MADE, EventKind.CLAIMED, EventKind.DATA})
FATES: Final = frozenset({EventKind.UNKNOWN, EventKind.BOUNCED, EventKind.RETURNED})
"""What is looked for in the whole log, and seldom: an index holds these alone."""
_STATELESS: Final = frozenset({EventKind.UNDONE, EventKind.NOTED, EventKind.FORGOTTEN, EventKind.RESTORED})


def meta(connection: Connection, key: str) -> str | None:
    """Return what the log notes of itself under a key."""
    return connection.execute(select(META.c.value).where(META.c.key == key)).scalar()


def chains(connection: Connection, desk: str | None = None) -> tuple[str, ...]:
    """Return the chains that are written here, of one desk or of all, the latest last."""
    query = select(DESKS.c.chain) if desk is None else select(DESKS.c.chain).where(DESKS.c.desk == desk)
    return tuple(connection.execute(query.order_by(func.length(DESKS.c.chain), DESKS.c.chain)).scalars())


def written_chains(connection: Connection) -> tuple[str, ...]:
    """Return the chain that each desk of this log writes now: the latest of its chains."""
    query = select(DESKS.c.desk, DESKS.c.chain).order_by(func.length(DESKS.c.chain), DESKS.c.chain)
    return tuple({str(desk): str(chain) for desk, chain in connection.execute(query)}.values())


def of_ids(connection: Connection, ids: Sequence[str]) -> Iterator[Event]:
    """Yield those of some events that are there."""
    return _of(connection, EVENTS.c.id, ids)


def head(connection: Connection, chain: str) -> tuple[int, str]:
    """Return number and hash of the last event of a chain; 0 and the first hash where there is none."""
    query = select(EVENTS.c.seq, EVENTS.c.hash).where(EVENTS.c.desk == chain).order_by(EVENTS.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return (int(row[0]), str(row[1])) if row is not None else (0, FIRST)


def hash_at(connection: Connection, chain: str, seq: int) -> str | None:
    """Return the hash of an event of a chain, or None where there is no such event."""
    query = select(EVENTS.c.hash).where(EVENTS.c.desk == chain, EVENTS.c.seq == seq)
    return connection.execute(query).scalar()


def by_ids(connection: Connection, ids: Sequence[str]) -> tuple[Event, ...] | None:
    """Return the events with these ids in this order, or None unless all of them are there."""
    found = {event.id: event for event in _of(connection, EVENTS.c.id, ids)}
    return tuple(found[id_] for id_ in ids) if len(found) == len(set(ids)) else None


def count(connection: Connection, *, at_most: int | None = None) -> int:
    """Return how many events there are, counting `at_most` so many."""
    some = select(EVENTS.c.n).limit(at_most).subquery()
    counted = select(func.count()).select_from(EVENTS if at_most is None else some)
    return int(connection.execute(counted).scalar_one())


def latest(connection: Connection) -> int:
    """Return the number of the event that arrived last, 0 where there is none."""
    return int(connection.execute(select(func.max(EVENTS.c.n))).scalar() or 0)


def latest_id(connection: Connection) -> str:
    """Return the id of the event that arrived last, empty where there is none."""
    return str(connection.execute(select(EVENTS.c.id).order_by(EVENTS.c.n.desc()).limit(1)).scalar() or "")


def is_there(connection: Connection, id_: str) -> bool:
    """Return whether there is an event with this id."""
    return connection.execute(select(EVENTS.c.n).where(EVENTS.c.id == id_)).first() is not None


def of_items(connection: Connection, items: Collection[str]) -> dict[str, list[Event]]:
    """Return the events of each of the items in order of arrival; items without any are there with none."""
    return {item: [] for item in items} | _by_item(_of(connection, EVENTS.c.item, sorted(items)))


def of_case(connection: Connection, case: str) -> dict[str, list[Event]]:
    """Return the events of each item of a case in order of arrival."""
    query = select(*_EVENT).where(EVENTS.c.case_key == case, EVENTS.c.item.is_not(None)).order_by(EVENTS.c.n)
    return _by_item(stream(connection, query))


def unfinished_items(connection: Connection) -> Iterator[str]:
    """Yield the items that may be in the hands of a sender: claimed without an ending later, or something was undone.

    An ending that another desk recorded is none of this claim: both may have let the item go.
    The kinds stand in the query as they are: only so the indices that hold one kind alone can serve it.
    """
    later = EVENTS.alias()
    endings = sorted(kind.value for kind in frozenset(EventKind) - _UNFINISHED - _STATELESS)
    ended = (
        select(later.c.n)
        .where(
            later.c.item == EVENTS.c.item,
            later.c.n > EVENTS.c.n,
            later.c.event.in_(endings),
            later.c.desk == EVENTS.c.desk,
        )
        .exists()
    )
    claimed = select(EVENTS.c.item).where(literal_column("events.event = 'claimed'"), ~ended)
    undone = select(EVENTS.c.item).where(literal_column("events.event = 'undone'"), EVENTS.c.item.is_not(None))
    yield from connection.execute(claimed.union(undone)).scalars()


def touched_by_several(connection: Connection, items: Sequence[str]) -> tuple[str, ...]:
    """Return those of a few items that more than one desk has recorded events of."""
    query = select(EVENTS.c.item).where(EVENTS.c.item.in_(items)).group_by(EVENTS.c.item)
    return tuple(connection.execute(query.having(func.count(EVENTS.c.desk.distinct()) > 1)).scalars())


def of_kinds(kinds: Collection[EventKind]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for events of some kinds; word for word that of an index where it can serve them."""
    yield EVENTS.c.event.in_(sorted(kind.value for kind in kinds))
    if kinds and FATES.issuperset(kinds):
        yield literal_column(f"events.{IS_A_FATE}")


def filtered(*conditions: ColumnElement[bool], limit: int | None, latest: bool) -> Select[Any]:
    """Return the query for events under conditions in order of arrival: all, the first ones or the latest ones."""
    query = select(*_EVENT).where(*conditions)
    if limit is not None and latest:
        last = select(EVENTS.c.n).where(*conditions).order_by(EVENTS.c.n.desc()).limit(limit).subquery()
        return select(*_EVENT).join(last, EVENTS.c.n == last.c.n).order_by(EVENTS.c.n)
    return query.order_by(EVENTS.c.n).limit(limit)


def stream(connection: Connection, query: Select[Any]) -> Iterator[Event]:
    """Yield the events of a query, a few hundred at a time in memory."""
    with closing(connection.execution_options(yield_per=_AT_ONCE).execute(query)) as result:
        for row in result:
            yield event_of(row)


def at(connection: Connection, chain: str, seq: int) -> Event | None:
    """Return an event of a chain, or None where there is no such event."""
    row = connection.execute(select(*_EVENT).where(EVENTS.c.desk == chain, EVENTS.c.seq == seq)).first()
    return None if row is None else event_of(row)


def batches(values: Iterable[Any], size: int = _AT_ONCE) -> Iterator[list[Any]]:
    """Yield the values in lists of at most `size`."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def _of(connection: Connection, column: ColumnElement[Any], values: Iterable[str]) -> Iterator[Event]:
    for batch in batches(values):
        for row in connection.execute(select(*_EVENT).where(column.in_(batch)).order_by(EVENTS.c.n)):
            yield event_of(row)


def _by_item(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.item is not None:
            found[event.item].append(event)
    return dict(found)
