"""Open the log: make it where there is none, bring it up to date, and refuse one that cannot be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from urgent_appeals.errors import LogCorrupt, LogRestored
from urgent_appeals.log.epoch import Epoch, EpochFile
from urgent_appeals.log.older import lost_reason, restored_reason
from urgent_appeals.log.outside import outside_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from urgent_appeals.log.store import Log

BUSY_TIMEOUT = 10.0
"""How many seconds to wait for a lock on the database that another program holds."""

NOT_OUTSIDE = "how far it has come is noted in this workspace alone: there is no home for a note that a copy lacks"
"""What is said where the note outside of the workspace cannot be kept."""


def is_there(url: str | None, *, outbox: Path) -> bool:
    """Tell whether there is a log to open, or should be one; of a database on a server that is taken for granted."""
    if url and not url.startswith("sqlite"):
        return True
    from urgent_appeals.log.engine import address

    return Path(str(address(url, outbox).database)).exists() or lost_reason(EpochFile(outbox)) is not None


def open_log(  # noqa: PLR0913  # which log, whose, and how closely to look at it
    url: str | None,
    *,
    desk: str,
    outbox: Path,
    busy_timeout: float = BUSY_TIMEOUT,
    thorough: bool = True,
    even_restored: bool = False,
) -> Log:
    """Return the open log of a desk; without a URL it is `log.db` in the outbox. Nothing is made but the log.

    `thorough` has the whole file of an SQLite log looked through for damage: before sending, not before every look.
    `even_restored` opens one that is older than it should be as well: to look at it, never to write to it.
    Raises LogUnreachable, LogNotDurable, LogNewer, LogCorrupt, LogRestored, and AnotherSender where the tables are to
    be brought up to date while a sender runs.
    """
    # Late: SQLAlchemy takes longer to load than most commands take to run.
    from urgent_appeals.log.engine import address, shown, told
    from urgent_appeals.log.store import Log

    place = address(url, outbox)
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).exists():
        reason = lost_reason(EpochFile(outbox.resolve()))
        # Before anything is made; unless another process has made it this very moment.
        if reason is not None and not Path(str(place.database)).exists():
            raise LogRestored(shown(place), reason)
    engine, name = prepared(url, desk=desk, outbox=outbox, busy_timeout=busy_timeout, thorough=thorough)
    try:
        with told(name):
            log_id, epoch = noted(engine, outbox)
            reason = None if even_restored else restored_reason(engine, epoch, log_id, desk)
            if reason is not None:
                raise LogRestored(name, reason)
            chain = _entered(engine, desk)
            if not even_restored:
                _begin_epoch(engine, epoch, log_id, chain)
        return Log(engine, name=name, log_id=log_id, chain=chain, epoch=epoch)
    except BaseException:
        engine.dispose()
        raise


def noted(engine: Engine, outbox: Path) -> tuple[str, EpochFile]:
    """Return the id of a log, and the notes on how far a desk has come with it, beside it and outside."""
    from urgent_appeals.log import look_up

    with engine.connect() as connection:
        log_id = str(look_up.meta(connection, "log"))
    database = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
    return log_id, EpochFile(outbox.resolve(), outside_of(log_id, database))


def prepared(url: str | None, *, desk: str, outbox: Path, busy_timeout: float, thorough: bool) -> tuple[Engine, str]:
    """Return the engine of a log whose tables are up to date and whose file is sound, and how messages name it."""
    import os

    from urgent_appeals.log.engine import address, make_engine, own_file, shown, told

    place = address(url, outbox)
    name = shown(place)
    outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.get_backend_name() == "sqlite":
        own_file(Path(str(place.database)))
    engine = make_engine(place, busy_timeout=busy_timeout, role=f"appeals {desk} pid {os.getpid()}")
    try:
        with told(name):
            _bring_up_to_date(engine, name)
            if thorough:
                check_file(engine, name)
    except BaseException:
        engine.dispose()
        raise
    return engine, name


def check_file(engine: Engine, name: str) -> None:
    """Look through the whole file of an SQLite log; raises LogCorrupt."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        (found,) = connection.exec_driver_sql("PRAGMA quick_check(1)").one()
    if found != "ok":
        raise LogCorrupt(name, str(found).partition("\n")[0])


def _bring_up_to_date(engine: Engine, name: str) -> None:
    from urgent_appeals.log import look_up
    from urgent_appeals.log.schema import is_current, schema_of, upgrade
    from urgent_appeals.log.store import Log

    if is_current(engine, name):
        return
    with engine.connect() as connection:
        log_id = look_up.meta(connection, "log") if schema_of(connection) is not None else None
    if log_id is None:  # there is no log yet, so nobody can be sending from it
        upgrade(engine)
        return
    log = Log(engine, name=name, log_id=log_id, chain="", epoch=EpochFile(Path()))
    try:
        with log.alone():
            upgrade(engine)
    finally:
        log.writer.close()


def _entered(engine: Engine, desk: str) -> str:
    """Return the chain that the desk writes, entering the desk where it is new here."""
    from sqlalchemy import text

    from urgent_appeals.log import look_up
    from urgent_appeals.log.engine import IMMEDIATE

    with engine.connect() as connection:
        chains = look_up.chains(connection, desk)
    if not chains:
        with engine.connect().execution_options(**IMMEDIATE) as connection, connection.begin():
            if not (chains := look_up.chains(connection, desk)):
                # (Of two processes that are new at once, one is quicker.)
                values = {"chain": desk, "desk": desk}
                connection.execute(
                    text("INSERT INTO desks (chain, desk) VALUES (:chain, :desk) ON CONFLICT DO NOTHING"), values
                )
                chains = (desk,)
    return chains[-1]


def _begin_epoch(engine: Engine, file: EpochFile, log_id: str, chain: str) -> None:
    """Begin the notes on the log where they are not there yet, or name a log to which nothing was written."""
    from urgent_appeals.log import look_up

    file.clear()
    with engine.connect() as connection:
        latest = look_up.latest_id(connection)
    there = file.read()
    if there is not None and there.log == log_id:
        if there.seen != latest:
            file.see(latest)
        if file.outside is None or file.outside.is_at_home:
            return
        if (
            not file.outside.is_kept and there.installation
        ):  # a copy: claims made where it was copied from are not its own
            file.write(there.model_copy(update={"installation": ""}))
        file.note_outside(there)
        return
    with engine.connect() as connection:
        seq, last = look_up.head(connection, chain)
        generation = int(look_up.meta(connection, "generation") or 0)
    epoch = Epoch(log=log_id, generation=generation, chain=chain, seq=seq, hash=last, seen=latest)
    if there is None and not file.is_there:
        file.begin(epoch)
    else:
        file.write(epoch)
