"""Make the tables of the log, and the triggers that keep events as they are.

What is written here stays, whatever `tables.py` becomes: a change is a new migration.
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSED = "an event of the log is never changed or removed"


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "events",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("code", sa.Text),
        sa.Column("recipient", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("attempt", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("case_key", sa.Text),
        sa.UniqueConstraint("id", name="events_id"),
        sa.UniqueConstraint("desk", "seq", name="events_desk_seq"),
    )
    op.create_index("events_item", "events", ["item", "n", "event"])
    op.create_index("events_case", "events", ["case_key", "n"])
    for event in ("claimed", "data"):
        only = sa.text(f"event = '{event}'")
        op.create_index(
            f"events_{event}",
            "events",
            ["desk", "item", "attempt"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    only = sa.text("event = 'undone'")
    op.create_index("events_undone", "events", ["item"], sqlite_where=only, postgresql_where=only)
    op.create_table("desks", sa.Column("chain", sa.Text, primary_key=True), sa.Column("desk", sa.Text, nullable=False))
    op.create_table("people", sa.Column("id", sa.Text, primary_key=True), sa.Column("data", sa.Text, nullable=False))
    meta = op.create_table(
        "meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.bulk_insert(meta, [{"key": "log", "value": uuid4().hex}, {"key": "generation", "value": "0"}])
    _guard_events()


def _guard_events() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{change.lower()} BEFORE {change} ON events"
                f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events"
        " FOR EACH ROW EXECUTE FUNCTION events_refuse()"
    )
    op.execute(
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events"
        " FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()"
    )
