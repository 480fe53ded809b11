"""Read what the domain of a sender publishes about its mail: SPF, DKIM keys, DMARC; and say what is wrong with it.

Nothing is looked up unless it is asked for, and only at the name server that was given. dnspython and dkimpy are the
extra `check-mail`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from urgent_appeals.domain.desk import Dns
from urgent_appeals.errors import ExtraMissing, NamesUnanswered

MOST_LOOKUPS: Final = 10
"""How many further names an SPF record may make a receiver look up (RFC 7208, 4.6.4)."""
SHORTEST_KEY: Final = 1024
"""Bits of an RSA key below which a signature counts for nothing (RFC 8301)."""
ADVISED_KEY: Final = 2048
_PATIENCE = 5.0
_TERM = re.compile(
    r"(?P<sign>[-+?~]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<value>[:/]\S*)?\Z", re.IGNORECASE
)
_MODIFIER = re.compile(r"(?P<name>[a-z][\w.-]*)=(?P<value>\S*)\Z", re.IGNORECASE)


class Names(Protocol):
    """Says what is published under a name."""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts (TXT) under a name, none where there are none; raises NamesUnanswered."""
        ...


class NameServer:
    """The name server of the settings, or else those of the system; raises ExtraMissing without dnspython."""

    def __init__(self, settings: Dns | None = None, patience: float = _PATIENCE) -> None:
        try:
            import dns.resolver
        except ImportError as error:
            raise ExtraMissing("asking for SPF, DKIM and DMARC", "check-mail") from error
        try:
            self._resolver = dns.resolver.Resolver(configure=settings is None)
        except dns.resolver.NoResolverConfiguration as error:
            raise NamesUnanswered("any name", "the system names no name server; name one (dns: server)") from error
        if settings is not None:
            self._resolver.nameservers = [settings.server]
            self._resolver.port = settings.port
        self._resolver.lifetime = patience

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts (TXT) under a name, none where there are none; raises NamesUnanswered."""
        import dns.exception
        import dns.resolver

        try:
            answer = self._resolver.resolve(f"{name}.", "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NamesUnanswered(name, _reason(error)) from error
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)


def _reason(error: Exception) -> str:
    said = {"LifetimeTimeout": "it was silent", "NoNameservers": "it says that it cannot", "YXDOMAIN": "no such name"}
    return said.get(type(error).__name__, "the name cannot be asked for")


# ── SPF (RFC 7208): which machines may send for a domain ──


@dataclass
class Spf:
    """The SPF record of a domain: `faults` are what is wrong with it, `ends` is what it says of all other machines."""

    record: str | None = None
    faults: list[str] = field(default_factory=list)
    ends: str = ""
    lookups: int = 0


def spf(names: Names, domain: str) -> Spf:
    """Return the SPF record of a domain, with those it includes read as well; raises NamesUnanswered."""
    found = Spf()
    found.record = _spf_record(names, domain, found)
    if found.record is None:
        found.faults = found.faults or [f"{domain} publishes none: anybody may send in its name"]
        return found
    _read_spf(names, domain, found.record, found, seen=(domain,))
    if found.lookups > MOST_LOOKUPS:
        found.faults.append(f"it makes receivers look up {found.lookups} names, and they stop at {MOST_LOOKUPS}")
    if found.ends == "+":
        found.faults.append("it ends in +all: anybody may send in its name")
    elif found.ends in ("", "?"):
        found.faults.append("it says nothing of other machines: end it in ~all or -all")
    return found


def _spf_record(names: Names, domain: str, found: Spf) -> str | None:
    records = [text for text in names.texts(domain) if re.match(r"v=spf1(?:\s|\Z)", text, re.IGNORECASE)]
    if len(records) > 1:
        found.faults.append(f"{domain} publishes {len(records)} of them, and then none counts")
        return None
    return records[0] if records else None


def _read_spf(names: Names, domain: str, record: str, found: Spf, *, seen: tuple[str, ...]) -> None:
    """Count what a record has receivers look up, follow what it includes, and note what is wrong."""
    is_outermost = len(seen) == 1
    redirect = None
    for term in record.split()[1:]:
        match = _TERM.match(term)
        if match is None:
            modifier = _MODIFIER.match(term)
            if modifier is None:
                found.faults.append(f"{term!r} in the record of {domain} is no term of it")
            elif modifier["name"].lower() == "redirect":
                redirect = modifier["value"]
            continue
        name, value = match["name"].lower(), (match["value"] or "")[1:]
        if name == "all":
            found.ends = (match["sign"] or "+") if is_outermost else found.ends
            return
        found.lookups += name in ("include", "a", "mx", "ptr", "exists")
        if name == "include":
            _follow(names, value, found, seen)
    if redirect is not None:
        found.lookups += 1
        _follow(names, redirect, found, seen, is_redirect=is_outermost)


def _follow(names: Names, domain: str, found: Spf, seen: tuple[str, ...], *, is_redirect: bool = False) -> None:
    if "%" in domain or found.lookups > MOST_LOOKUPS:  # a macro, which only a real mail fills in; or too far already
        return
    if domain in seen:
        found.faults.append(f"it includes {domain} within itself")
        return
    record = _spf_record(names, domain, found)
    if record is None:
        found.faults.append(f"it includes {domain}, which publishes none that counts")
        return
    _read_spf(names, domain, record, found, seen=(domain,) if is_redirect else (*seen, domain))


# ── DKIM (RFC 6376): the key that signatures are checked with ──


@dataclass(frozen=True)
class Key:
    """The key that a selector names; `fault` is why signatures made with it count for nothing, None where they do."""

    kind: str
    bits: int | None = None
    fault: str | None = None


def dkim_key(names: Names, selector: str, domain: str) -> Key:
    """Return the DKIM key of a domain that a selector names; raises NamesUnanswered."""
    place = f"{selector}._domainkey.{domain}"
    records = [text for text in names.texts(place) if "p=" in text]
    if len(records) != 1:
        return Key("none", fault=f"{place} holds {len(records) or 'no'} key{'s' if len(records) > 1 else ''}")
    tags = _tags(records[0])
    kind, packed = tags.get("k", "rsa").lower(), re.sub(r"\s", "", tags.get("p", ""))
    if tags.get("v", "DKIM1") != "DKIM1":
        return Key(kind, fault=f"{place} is of a version that nobody knows: {tags['v']!r}")
    if not packed:
        return Key(kind, fault=f"the key at {place} was withdrawn")
    if kind == "ed25519":
        return Key(kind, 256)
    bits = _rsa_bits(packed) if kind == "rsa" else None
    if bits is None:
        return Key(kind, fault=f"the key at {place} cannot be read")
    short = f"the key at {place} has {bits} bits, and fewer than {SHORTEST_KEY} count for nothing"
    return Key(kind, bits, short if bits < SHORTEST_KEY else None)


def _rsa_bits(packed: str) -> int | None:
    try:
        from dkim.crypto import UnparsableKeyError, parse_public_key
    except ImportError as error:
        raise ExtraMissing("looking at DKIM keys", "check-mail") from error
    try:
        return int(parse_public_key(base64.b64decode(packed, validate=True))["modulus"]).bit_length()
    except (UnparsableKeyError, binascii.Error, ValueError, IndexError, KeyError):
        return None


def signed_by(names: Names, message: bytes) -> tuple[tuple[str, bool], ...]:
    """Return the domain of each signature of a message, and whether it holds; raises NamesUnanswered, ExtraMissing."""
    try:
        import dkim
    except ImportError as error:
        raise ExtraMissing("checking signatures", "check-mail") from error

    def text(name: bytes, timeout: int = 5) -> bytes:  # noqa: ARG001  # dkimpy gives it by name
        return "".join(names.texts(name.decode("ascii", "replace").rstrip("."))[:1]).encode()

    signed = dkim.DKIM(message)
    headers = [value for name, value in signed.headers if name.lower() == b"dkim-signature"]
    found = []
    for index, header in enumerate(headers):
        domain = _tags(header.decode("ascii", "replace")).get("d", "").lower()
        try:
            holds = bool(dkim.DKIM(message, minkey=SHORTEST_KEY).verify(idx=index, dnsfunc=text))
        except dkim.DKIMException:
            holds = False
        found.append((domain, holds))
    return tuple(found)


# ── DMARC (RFC 9989): what receivers do with mail that is neither ──


@dataclass(frozen=True)
class Dmarc:
    """The DMARC record that holds for a domain: where it stands, what it asks for, what is wrong with it."""

    place: str | None
    policy: str = ""
    strict_spf: bool = False
    strict_dkim: bool = False
    fault: str | None = None


def dmarc(names: Names, domain: str) -> Dmarc:
    """Return the DMARC record that holds for a domain: its own, or one further up; raises NamesUnanswered."""
    for place in _upwards(domain):
        records = _dmarc_records(names, place)
        if len(records) > 1:
            return Dmarc(place, fault=f"_dmarc.{place} holds {len(records)} records, and then none counts")
        if records:
            tags = _tags(records[0])
            policy = tags.get("p", "") if place == domain else tags.get("sp", tags.get("p", ""))
            fault = None
            if policy.lower() not in ("none", "quarantine", "reject"):
                fault = f"_dmarc.{place} asks for {policy or 'nothing'!r}, which is none of none, quarantine, reject"
            strict_spf, strict_dkim = (tags.get(name, "r").lower() == "s" for name in ("aspf", "adkim"))
            return Dmarc(place, policy.lower(), strict_spf, strict_dkim, fault)
    return Dmarc(None, fault=f"{domain} publishes none (_dmarc.{domain}): large providers refuse mail in numbers")


def organisation(names: Names, domain: str) -> str:
    """Return the domain of the organisation that a domain belongs to, by its DMARC records; raises NamesUnanswered."""
    found = domain
    below = domain
    for place in _upwards(domain):
        records = _dmarc_records(names, place)
        psd = _tags(records[0]).get("psd", "u").lower() if len(records) == 1 else ""
        if psd == "n":
            return place
        if psd == "y":
            return below
        if psd:
            found = place
        below = place
    return found


def aligned(names: Names, domain: str, sender: str, *, strict: bool) -> bool:
    """Return whether a domain that was checked is that of the sender, or (not strictly) of the same organisation."""
    domain, sender = domain.lower(), sender.lower()
    if domain == sender or strict:
        return domain == sender
    return organisation(names, domain) == organisation(names, sender)


def _dmarc_records(names: Names, domain: str) -> list[str]:
    return [text for text in names.texts(f"_dmarc.{domain}") if re.match(r"v\s*=\s*DMARC1\s*(?:;|\Z)", text)]


def _upwards(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, down to two labels; of a long one, the last eight labels at most."""
    labels = domain.lower().split(".")
    yield ".".join(labels)
    for length in range(min(len(labels) - 1, 7), 1, -1):
        yield ".".join(labels[-length:])


def _tags(text: str) -> dict[str, Any]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}
