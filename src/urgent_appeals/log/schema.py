"""Bring the database to the form that this program knows, in place, in one transaction; refuse a later form."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from urgent_appeals.errors import LogNewer, LogUnreachable
from urgent_appeals.log.engine import IMMEDIATE

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
NEWEST: Final = "0002"
"""The revision that the tables of this program have."""
_MIGRATING: Final = 0x41504C46


def schema_of(connection: Connection) -> str | None:
    """Return the revision of the database's tables, or None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(engine: Engine, log: str, *, newest: str = NEWEST) -> bool:
    """Tell whether the tables have the form that this program knows; raises LogNewer where theirs is a later one.

    Raises LogUnreachable where there are tables, and they are none of a log.
    """
    with engine.connect() as connection:
        found = schema_of(connection)
        if found is None and inspect(connection).has_table("events"):
            raise LogUnreachable(log, "there are tables in it that are none of a log")
    if found is not None and (not found.isdecimal() or int(found) > int(newest)):
        raise LogNewer(log, found, newest)
    return found == newest


def upgrade(engine: Engine, *, newest: str = NEWEST, migrations: Path = MIGRATIONS) -> None:
    """Run the migrations that are missing, one process at a time, all of them or none."""
    # Late: a log that is current needs no Alembic, and that is nearly always.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(**IMMEDIATE) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        if schema_of(connection) != newest:
            config.attributes["connection"] = connection
            command.upgrade(config, newest)
