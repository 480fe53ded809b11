"""Look whether letters could be dispatched from here: settings, clock, log; and, asked to, accounts and the domain.

Looking at the desk touches nothing outside of this machine. Asking connects to the mail servers of the settings, logs
in, and asks a name server what the sender's domain publishes. Trying sends one mail to oneself and looks how it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from urgent_appeals.dispatch.channel import Deferred, Failed
from urgent_appeals.dispatch.drafts import DraftsChannel, mailbox_credential
from urgent_appeals.dispatch.smtp import SmtpChannel, credential_of
from urgent_appeals.dispatch.trial import secured
from urgent_appeals.domain.desk import Account, Desk, Imap, Smtp
from urgent_appeals.errors import AppealsError, DefinitionsBroken, LogError, NoDesk
from urgent_appeals.log.opening import NOT_OUTSIDE, is_there, open_log
from urgent_appeals.pipeline.clock import is_behind
from urgent_appeals.pipeline.doctor import Finding
from urgent_appeals.pipeline.doctor_domain import Examination, examine_domain, unknown
from urgent_appeals.workspace.desk_file import DESK, read_desk
from urgent_appeals.workspace.read import find_root

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

WARN_DAYS: Final = 14
"""How many days before its end a certificate is told of."""
_AHEAD: Final = timedelta(hours=1)
_OFTEN_SYNCED: Final = frozenset(
    {"dropbox", "onedrive", "google drive", "googledrive", "icloud drive", "mobile documents", "nextcloud", "seafile"}
)
_OF_A_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "davfs", "fuse.sshfs", "fuse.rclone"})


def examine_desk(start: Path, how: Examination) -> Iterator[Finding]:
    """Yield what was found of the desk of a workspace; nothing where there is no `desk.yaml`. Raises NotAWorkspace."""
    root = find_root(start)
    try:
        settings = read_desk(root)
    except NoDesk:
        return
    except AppealsError as error:
        yield Finding("desk", fine=False, found=_of(error), to_do=f"put {DESK} right: docs/workspace.md, desk.yaml")
        return
    yield Finding("desk", fine=True, found=f"{settings.desk} ({DESK} is readable by its owner only)")
    yield from _kept_here(root, settings, how.now)
    if not (how.asks or how.tries):
        yield unknown("mail", "accounts and domain were not asked; `appeals doctor --mail` does")
        return
    yield from _accounts(settings, how)
    if settings.sender is not None:
        yield from examine_domain(settings, how)


# ── what is on this machine ──


def _kept_here(root: Path, settings: Desk, now: datetime) -> Iterator[Finding]:
    outbox = root / "outbox"
    if not is_there(settings.log, outbox=outbox):
        yield _clock(root, None, now)
        yield Finding("log", fine=True, found="none yet: it begins with the first letter")
        yield from _place(outbox, settings)
        return
    try:
        with open_log(settings.log, desk=settings.desk, outbox=outbox) as log:
            latest = max((event.at for event in log.events(limit=20, latest=True)), default=None)
            yield _clock(root, latest, now)
            yield _log(log)
    except LogError as error:
        yield _clock(root, None, now)
        yield Finding("log", fine=False, found=_of(error), to_do="nothing is sent until this is put right")
    yield from _place(outbox, settings)


def _clock(root: Path, latest: datetime | None, now: datetime) -> Finding:
    """Return whether the clock can be right, by what is dated: events of the log, and files of the workspace."""
    to_do = "set the clock: the Date of letters, deadlines and pauses go by it"
    if latest is not None and is_behind(now, latest):
        told = f"says {now:%Y-%m-%d %H:%M} UTC, and the log has an event of {latest:%Y-%m-%d %H:%M} UTC"
        return Finding("clock", fine=False, found=told, to_do=to_do)
    outbox = root / "outbox"
    for path in (root / "campaign.yaml", root / DESK, outbox, *outbox.glob("*"), *root.glob("appeals/*/*")):
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else now
        if changed > now + _AHEAD:
            told = f"says {now:%Y-%m-%d %H:%M} UTC, and {path.name} was changed on {changed:%Y-%m-%d %H:%M} UTC"
            return Finding("clock", fine=False, found=told, to_do=to_do)
    return Finding("clock", fine=True, found=f"{now:%Y-%m-%d %H:%M} UTC, after everything that is dated here")


def _log(log: Log) -> Finding:
    from urgent_appeals.log.schema import schema_of

    with log.engine.connect() as connection:
        schema = schema_of(connection)
        if log.engine.dialect.name == "sqlite":
            mode, level = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")
            )
            kept = f"SQLite, journal {mode}, synchronous {({1: 'NORMAL', 2: 'FULL', 3: 'EXTRA'}).get(level, level)}"
        else:
            commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
            kept = f"PostgreSQL, synchronous_commit {commit}"
    alone = "" if log.is_noted_outside else f"; {NOT_OUTSIDE}"
    return Finding("log", fine=True, found=f"opens, sound, the latest one of this desk; {kept}, schema {schema}{alone}")


def _place(outbox: Path, settings: Desk) -> Iterator[Finding]:
    """Yield a finding where the log lies in a folder that is synchronised, or on another machine's disk."""
    if settings.log is not None and not settings.log.startswith("sqlite"):
        return
    place = outbox.resolve()
    synced = next((part for part in place.parts if part.lower() in _OFTEN_SYNCED), None)
    mounts = Path("/proc/self/mounts")
    kind = file_system(place, mounts.read_text("utf-8", "replace")) if mounts.exists() else ""
    to_do = "move the workspace to a disk of this machine, or keep the log in PostgreSQL (log:)"
    if synced is not None:
        told = f"{synced} may put an older state of the log back, and two desks would send twice"
        yield Finding("place of the log", fine=False, found=told, to_do=to_do)
    elif kind in _OF_A_NETWORK:
        told = f"on a network file system ({kind}), where neither locks nor what is written can be relied on"
        yield Finding("place of the log", fine=False, found=told, to_do=to_do)


def file_system(place: Path, mounts: str) -> str:
    """Return the kind of file system that a place is on, by what /proc/self/mounts says; empty where it does not."""
    lines = (line.split() for line in mounts.splitlines())
    known = [(fields[1].replace("\\040", " "), fields[2]) for fields in lines if len(fields) > 2]
    over = [(len(point), number, kind) for number, (point, kind) in enumerate(known) if place.is_relative_to(point)]
    return max(over, default=(0, 0, ""))[2]


# ── the accounts ──


def _accounts(settings: Desk, how: Examination) -> Iterator[Finding]:
    if settings.smtp is not None:
        how.says(f"asking {settings.smtp.host}")
        yield from _mail_server(settings, settings.smtp, how.now)
    if settings.imap is not None:
        how.says(f"asking {settings.imap.host}")
        yield from _mailbox(settings, settings.imap, how.now)
    if settings.smtp is None and settings.imap is None:
        yield unknown("mail", f"{DESK} names neither a mail server (smtp) nor a mailbox (imap)")


def _mail_server(settings: Desk, smtp: Smtp, now: datetime) -> Iterator[Finding]:
    name = "mail server"
    try:
        with SmtpChannel(settings, credential_of(settings)) as channel:
            answer = channel.connect()
            if isinstance(answer, Deferred | Failed):
                yield Finding(name, fine=False, found=answer.reason, to_do=_about(smtp, "smtp"))
                return
            user = f"logged in as {smtp.user}" if smtp.user is not None else "asks for no log-in"
            yield Finding(name, fine=True, found=f"{smtp.host}, port {smtp.port}: {user}")
            yield _tls("TLS of the mail server", answer.sock, now)
    except AppealsError as error:
        yield Finding(name, fine=False, found=_of(error), to_do=_about(smtp, "smtp"))


def _mailbox(settings: Desk, imap: Imap, now: datetime) -> Iterator[Finding]:
    name = "mailbox"
    try:
        with DraftsChannel(settings, mailbox_credential(settings)) as channel:
            answer = channel.connect()
            if isinstance(answer, Deferred | Failed):
                yield Finding(name, fine=False, found=answer.reason, to_do=_about(imap, "imap"))
                return
            mailbox, folder = answer
            told = f"{imap.host}, port {imap.port}: logged in as {imap.user}; drafts go into {folder.name!r}"
            yield Finding(name, fine=True, found=told)
            yield _tls("TLS of the mailbox", mailbox.sock, now)
    except AppealsError as error:
        yield Finding(name, fine=False, found=_of(error), to_do=_about(imap, "imap"))


def _tls(name: str, connection: object, now: datetime) -> Finding:
    found = secured(connection)
    if found is None:
        return Finding(name, fine=False, found="not encrypted", to_do="a fault of the program; please report it")
    days = (found.until - now) // timedelta(days=1)
    told = f"{found.version}, certificate for another {days} days"
    to_do = "tell whoever runs the server: from then on nothing is sent" if days < WARN_DAYS else None
    return Finding(name, days >= WARN_DAYS, told, to_do)


def _about(account: Account, service: str) -> str:
    return f"see {service} in {DESK} (host {account.host}, port {account.port}), or `appeals login {service}`"


def _of(error: AppealsError) -> str:
    if isinstance(error, DefinitionsBroken):
        return "; ".join(map(str, error.problems))
    return str(error)
