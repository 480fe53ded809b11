"""Run migrations on the connection, and in the transaction, that `schema.upgrade` hands over; Alembic calls this."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
