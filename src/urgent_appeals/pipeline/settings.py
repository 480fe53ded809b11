"""Show the settings in effect, and keep the passwords of a desk's accounts where they belong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from urgent_appeals.dispatch.passwords import VARIABLES, forget_password, password_of, store_password
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.desk import Account, Auth, Desk, Service, hidden
from urgent_appeals.domain.values import in_language
from urgent_appeals.errors import NoDesk, NoPassword, NothingToDo
from urgent_appeals.workspace.desk_file import DESK, read_desk
from urgent_appeals.workspace.read import find_root, read

_PROGRAMS = frozenset({"token_command", "command"})
"""Keys whose arguments are not shown: people put secrets there that belong elsewhere."""


@dataclass(frozen=True)
class Setting:
    """One setting in effect: its key, what it is, and whether a file says so or it is the usual one."""

    key: str
    value: str | None
    told: bool


@dataclass(frozen=True)
class Login:
    """An account to log in to, and how messages name it."""

    service: Service
    account: Account

    @property
    def name(self) -> str:
        """User and server."""
        return f"{self.account.user} on {self.account.host}"


def settings_in_effect(start: Path, environ: Mapping[str, str] = os.environ) -> tuple[Setting, ...]:
    """Return the settings of a workspace and its desk; of passwords only where they are found.

    Raises DefinitionsBroken and DeskUnsafe where desk.yaml cannot be used. A workspace without one has no desk.
    """
    root = find_root(start)
    campaign = read(root, only=lambda _: False).campaign
    found = [Setting("workspace", str(root), told=True), *(_of_campaign(campaign) if campaign is not None else ())]
    try:
        desk = read_desk(root)
    except NoDesk:
        return (*found, Setting(DESK, None, told=False))
    return (*found, *_of_desk(desk, root, environ))


def login_of(start: Path, service: Service) -> Login:
    """Return the account whose password is asked for.

    Raises NoDesk where desk.yaml names no such account, NothingToDo where it needs no password.
    """
    desk = read_desk(find_root(start))
    account = desk.smtp if service == "smtp" else desk.imap
    if account is None:
        raise NoDesk(DESK, service)
    if account.user is None:
        raise NothingToDo(f"{account.host} is used without logging in: {service} has no user in {DESK}")
    if account.auth is Auth.XOAUTH2:
        raise NothingToDo(
            f"{account.host} takes an access token, which the token_command in {DESK} gives anew each time"
        )
    return Login(service, account)


def keep_password(login: Login, typed: str) -> None:
    """Put a password into the keyring of the system; raises ExtraMissing, AccountUnusable, NothingToDo for none."""
    if not typed:
        raise NothingToDo("nothing was typed, and nothing was stored")
    store_password(login.service, login.account, Secret(typed))


def drop_password(login: Login) -> None:
    """Take a password out of the keyring; raises ExtraMissing, AccountUnusable, NothingToDo where there is none."""
    if not forget_password(login.service, login.account):
        raise NothingToDo(f"no password for {login.name} is in the keyring")


def _of_campaign(campaign: Campaign) -> Iterator[Setting]:
    language = campaign.languages[0] if campaign.languages else "*"
    yield Setting("campaign.name", in_language(campaign.name, language), told=True)
    yield Setting("campaign.languages", " ".join(campaign.languages), told=True)
    for key in ("sender", "reply_to", "envelope"):
        value = getattr(campaign, key)
        yield Setting(f"campaign.{key}", None if value is None else str(value), told=key in campaign.model_fields_set)


def _of_desk(desk: Desk, root: Path, environ: Mapping[str, str]) -> Iterator[Setting]:
    for key in ("desk", "by"):
        yield Setting(key, getattr(desk, key), told=True)
    default = str(root / "outbox" / "log.db")
    yield Setting("log", hidden(desk.log) if desk.log else default, told=desk.log is not None)
    for key in ("replies", "reflect", "authserv_id"):
        yield Setting(key, getattr(desk, key), told=key in desk.model_fields_set)
    yield Setting("allow_domains", " ".join(desk.allow_domains) or None, told=bool(desk.allow_domains))
    accounts: tuple[tuple[Service, Account | None], ...] = (("smtp", desk.smtp), ("imap", desk.imap))
    for service, account in accounts:
        if account is None:
            yield Setting(service, None, told=False)
            continue
        yield from _flat(
            service, account.model_dump(mode="json", by_alias=True), account.model_dump(exclude_unset=True)
        )
        yield Setting(f"{service}.password", _where(service, account, environ), told=True)
    if desk.fax is None:
        yield Setting("fax", None, told=False)
    else:
        yield from _flat("fax", desk.fax.model_dump(mode="json"), desk.fax.model_dump(exclude_unset=True))


def _flat(prefix: str, values: Mapping[str, object], told: Mapping[str, object]) -> Iterator[Setting]:
    for key, value in values.items():
        is_told = key in told or f"{key}_" in told
        if isinstance(value, Mapping):
            inner = told.get(key)
            yield from _flat(f"{prefix}.{key}", value, inner if isinstance(inner, Mapping) else {})
        elif key in _PROGRAMS and isinstance(value, list):
            more = ", with arguments that are not shown" if len(value) > 1 else ""
            yield Setting(f"{prefix}.{key}", f"{PurePath(str(value[0])).name}{more}", told=is_told)
        else:
            yield Setting(f"{prefix}.{key}", None if value is None else str(value), told=is_told)


def _where(service: Service, account: Account, environ: Mapping[str, str]) -> str:
    """Return where the password of an account is found, and nothing of it."""
    if account.user is None:
        return "none is needed"
    if account.auth is Auth.XOAUTH2:
        return "none: the token_command gives a token"
    if environ.get(VARIABLES[service]):
        return f"in {VARIABLES[service]}"
    try:
        password_of(service, account, environ)
    except NoPassword:
        return f"nowhere: appeals login {service}"
    return "in the keyring"
