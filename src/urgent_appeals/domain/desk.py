"""Hold the settings of one desk: who acts, by which accounts letters leave, and within which limits."""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Final, Literal, Self
from urllib.parse import parse_qsl

from pydantic import AfterValidator, Field, InstanceOf, model_validator
from pydantic.json_schema import SkipJsonSchema

from urgent_appeals.domain.item import Via
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.domain.mail_header import unsafe
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.throttle import Limits
from urgent_appeals.domain.values import Slug, Text, Value

TOKEN: Final = "{token}"  # noqa: S105  # a place for one
"""What an address may hold in place of the token of the item that it is for."""
NUMBER: Final = "{number}"
"""What the address of a fax gateway, or a fax program's arguments, hold in place of the number that is dialled."""
FILE: Final = "{file}"
"""What a fax program's arguments hold in place of the path of the PDF."""
REFERENCE: Final = "{reference}"
"""What a fax program's arguments may hold in place of the random id of the attempt."""

_PASSWORD: Final = re.compile(r"(\A\s*[^:/]+://[^:/]*:)[^@]*(?=@)")
_SECRET: Final = re.compile("pass|secret|pwd", re.IGNORECASE)


class Security(StrEnum):
    """How a connection is encrypted: after STARTTLS, or from its first byte."""

    STARTTLS = "starttls"
    TLS = "tls"


class Auth(StrEnum):
    """How an account is logged in to: by a password, or by an access token (OAuth 2)."""

    PASSWORD = "password"  # noqa: S105  # the kind of it, not one
    XOAUTH2 = "xoauth2"


def _address(text: str) -> str:
    checked = check_address(text)
    if isinstance(checked, CheckedAddress):
        return checked.wire
    raise ValueError(checked.reason)


def _token_address(text: str) -> str:
    if text.count(TOKEN) > 1:
        raise ValueError(f"holds {TOKEN} more than once")
    return _with(TOKEN, text)


def _gateway(text: str) -> str:
    if text.count(NUMBER) != 1:
        raise ValueError(f"should hold {NUMBER} once, in place of the number to dial")
    return _with(NUMBER, text)


def _with(placeholder: str, text: str) -> str:
    # What takes the place of it is made of small letters and figures, as this is, and never of another domain.
    filled = _address(text.replace(placeholder, "a2"))
    if placeholder in text.rpartition("@")[2]:
        raise ValueError(f"holds {placeholder} after the @; it belongs before")
    return text if placeholder in text else filled


def _header_text(text: str) -> str:
    if (fault := unsafe(text)) is not None:
        raise ValueError(fault)
    return text


def _ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("should be the number of a name server, such as 9.9.9.9") from None


def _host(text: str) -> str:
    name = r"(?=.{1,253}\Z)(?:(?:\A|(?!\A)\.)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
    if re.fullmatch(rf"{name}|[0-9A-Fa-f:]+:[0-9A-Fa-f:.]*", text) is None:
        raise ValueError("should be the name of a server, such as mail.example.org, without a port")
    return text.lower()


def _without_password(url: str) -> str:
    keys = (key for key, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True))
    if _PASSWORD.match(url) or any(map(_SECRET.search, keys)):
        raise ValueError("should hold no password; keep that in ~/.pgpass or in PGPASSWORD")
    return url


def hidden(url: str) -> str:
    """Return a database URL with `***` for a password in it, wherever database drivers look for one.

    Before the host it is all between the first colon and the last @, whatever stands there; behind a question mark
    every value counts whose key speaks of a password or a secret.
    """
    shown = _PASSWORD.sub(r"\1***", url)
    address, mark, query = shown.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(_SECRET.search(key) for key, _ in pairs):
        shown = address + mark + "&".join(f"{key}={'***' if _SECRET.search(key) else value}" for key, value in pairs)
    return shown


Address = Annotated[Text, AfterValidator(_address)]
"""Exactly one address to write to, as it stands in a mail header."""
TokenAddress = Annotated[Text, AfterValidator(_token_address)]
"""An address that may hold `{token}` before its @."""
HeaderText = Annotated[Text, AfterValidator(_header_text)]
Host = Annotated[Text, AfterValidator(_host)]
Port = Annotated[int, Field(ge=1, le=65535)]
Command = Annotated[tuple[Text, ...], Field(min_length=1)]
"""A program and its arguments; no shell reads them."""


class Account(Value):
    """A server that a person has an account with. There is no password here, and no place for one."""

    host: Host
    port: Port
    security: Security
    user: HeaderText | None = None
    auth: Auth = Auth.PASSWORD
    token_command: Annotated[
        Command | None, Field(description="the program that prints an access token, and its arguments")
    ] = None
    ca_file: Annotated[Text | None, Field(description="certificates that are trusted besides the system's")] = None

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        if self.auth is Auth.XOAUTH2 and (self.token_command is None or self.user is None):
            raise ValueError("auth: xoauth2 needs a user and a token_command, the program that prints the token")
        return self


class Smtp(Account):
    """The mail server that takes letters over; `from` is the account's own address."""

    port: Port = 587
    security: Security = Security.STARTTLS
    from_: Annotated[Address, Field(alias="from")]
    from_name: HeaderText | None = None
    envelope_sender: Annotated[
        TokenAddress | None, Field(description="where bounces go; may hold {token}; else the address of from")
    ] = None
    limits: Limits = Limits()
    dkim_selector: Annotated[
        Host | None, Field(description="the name of the key that the mail server signs with (s= in its signatures)")
    ] = None

    @property
    def domain(self) -> str:
        """The domain that letters come from."""
        return self.from_.rpartition("@")[2]


class Imap(Account):
    """The mailbox in which drafts are put and replies are found; `sent` is where the server keeps what it sent."""

    port: Port = 993
    security: Security = Security.TLS
    drafts: HeaderText = "Drafts"
    sent: HeaderText = "Sent"


class Dns(Value):
    """The name server that `doctor --mail` asks, in place of the system's."""

    server: Annotated[Text, AfterValidator(_ip)]
    port: Port = 53


class Fax(Value):
    """How faxes leave: by a program that takes a PDF and a number, or by mail to a gateway; one of the two.

    The program's arguments hold `{number}`, with its plus sign, and `{file}`; they may hold `{reference}`. The address
    of a gateway holds `{number}`, in figures alone.
    """

    command: Command | None = None
    gateway: Annotated[Text, AfterValidator(_gateway)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.command is None) == (self.gateway is None):
            raise ValueError("should have either a command or a gateway")
        told = " ".join(self.command[1:]) if self.command is not None else f"{NUMBER}{FILE}"
        if NUMBER not in told or FILE not in told:
            raise ValueError(f"the command's arguments should hold {NUMBER} and {FILE}")
        return self


class Desk(Value):
    """The settings of one desk (`desk.yaml`), which are never committed.

    `allow_domains`, where it is set, refuses every other domain of recipients: for trying things out.
    """

    desk: Annotated[Slug, Field(description="the name of this desk, another than those of other desks")]
    by: Annotated[HeaderText, Field(description="who acts at this desk: a name or initials, kept in the log")]
    log: Annotated[
        Text | None, AfterValidator(lambda url: url and _without_password(url)), Field(description="a database URL")
    ] = None
    replies: Annotated[
        TokenAddress | None, Field(description="where answers go; {token}, or else +token, tells the letter answered")
    ] = None
    reflect: Annotated[Address | None, Field(description="one's own address, for --reflect")] = None
    allow_domains: tuple[Host, ...] = ()
    authserv_id: Annotated[
        Host | None, Field(description="how the own mail server names itself in Authentication-Results")
    ] = None
    smtp: Smtp | None = None
    imap: Imap | None = None
    fax: Fax | None = None
    dns: Dns | None = None
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)

    @property
    def sender(self) -> str | None:
        """The address that letters come from: that of the mail server's account, else of the mailbox's, if it is one.

        None where neither is there.
        """
        if self.smtp is not None:
            return self.smtp.from_
        user = check_address(self.imap.user) if self.imap is not None and self.imap.user is not None else None
        return user.wire if isinstance(user, CheckedAddress) else None

    def allows(self, address: str) -> bool:
        """Return whether letters may go to the domain of an address."""
        return not self.allow_domains or address.rpartition("@")[2].lower() in self.allow_domains

    def bars(self, via: Via, address: str) -> str | None:
        """Return why letters do not go to an address by a way, since `allow_domains` allows others only; None: they do.

        A fax goes by mail to a gateway of one of the domains, or not at all. What is printed goes nowhere by itself.
        """
        if via is Via.POST or not self.allow_domains:
            return None
        if via is Via.FAX:
            address = self.fax.gateway or "" if self.fax is not None else ""
        checked = check_address(address.replace(NUMBER, "2"))
        if isinstance(checked, CheckedAddress) and self.allows(checked.wire):
            return None
        return f"this desk writes to {', '.join(self.allow_domains)} only (allow_domains)"


Service = Literal["smtp", "imap"]
"""The accounts of a desk, each with its own password."""


def address_for(pattern: str, token: str) -> str:
    """Return an address with a token in it: in place of `{token}`, else after a plus sign before the @."""
    if TOKEN in pattern:
        return pattern.replace(TOKEN, token)
    local, _, domain = pattern.rpartition("@")
    return f"{local}+{token}@{domain}"
