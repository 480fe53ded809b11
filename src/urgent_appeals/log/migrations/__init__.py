"""Make the tables of the log, step by step: what Alembic runs."""
