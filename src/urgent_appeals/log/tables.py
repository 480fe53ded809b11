"""Hold the tables as the code sees them; `migrations/` makes them, and a test compares the two."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

METADATA: Final = MetaData()

EVENTS: Final = Table(
    "events",
    METADATA,
    # The order of arrival here: of the own desk's events as they happened, of others' as they were merged.
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("item", Text),
    Column("code", Text),
    Column("recipient", Text),
    Column("channel", Text),
    Column("attempt", Integer),
    Column("detail", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # Derived from the code for looking up; no part of the event, nor of its hash.
    Column("case_key", Text),
    UniqueConstraint("id", name="events_id"),
    UniqueConstraint("desk", "seq", name="events_desk_seq"),
)
"""Events, as `domain.event` has them; triggers refuse to change or remove one."""

Index("events_item", EVENTS.c.item, EVENTS.c.n, EVENTS.c.event)
Index("events_case", EVENTS.c.case_key, EVENTS.c.n)
# A second guard against a second transmission, should the first (deriving the state in the transaction) ever fail.
for _event in ("claimed", "data"):
    Index(
        f"events_{_event}",
        EVENTS.c.desk,
        EVENTS.c.item,
        EVENTS.c.attempt,
        unique=True,
        sqlite_where=text(f"event = '{_event}'"),
        postgresql_where=text(f"event = '{_event}'"),
    )
# Undone events are few, and what they undo is looked up at each recovery.
Index(
    "events_undone",
    EVENTS.c.item,
    sqlite_where=text("event = 'undone'"),
    postgresql_where=text("event = 'undone'"),
)

IS_A_FATE: Final = "event IN ('bounced', 'returned', 'unknown')"
# What came back, and what nobody knows, is looked for in all of the log.
Index("events_fates", EVENTS.c.n, sqlite_where=text(IS_A_FATE), postgresql_where=text(IS_A_FATE))

DESKS: Final = Table(
    "desks",
    METADATA,
    Column("chain", Text, primary_key=True),
    Column("desk", Text, nullable=False),
)
"""Whose chains are written here, not merged from elsewhere: a desk begins a new one after a restored backup."""

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("data", Text, nullable=False),
)
"""Personal data of supporters under random ids, which events may name; it can be erased."""

META: Final = Table(
    "meta",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""`log`: the random id of this log; `generation`: how many sender runs have begun on it."""
