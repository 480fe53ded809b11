"""Make the index of what came back and of what nobody knows, which are looked for in the whole log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    only = sa.text("event IN ('bounced', 'returned', 'unknown')")
    op.create_index("events_fates", "events", ["n"], sqlite_where=only, postgresql_where=only)
