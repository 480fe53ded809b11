"""Look at the domain that letters come from: SPF, DKIM, DMARC and their alignment; and how a mail to oneself arrives.

What the signing key is called, and whether the reply address takes a token, cannot be known without a mail that was
sent: then that is said, and `--trial` sends one.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from urgent_appeals.dispatch import dns_records
from urgent_appeals.dispatch.channel import Deferred, Failed, Unsure
from urgent_appeals.dispatch.dns_records import ADVISED_KEY, Dmarc, Names, NameServer, aligned
from urgent_appeals.dispatch.drafts import DraftsChannel, mailbox_credential
from urgent_appeals.dispatch.smtp import SmtpChannel, credential_of
from urgent_appeals.dispatch.trial import Arrived, trial_parcel, wait_for
from urgent_appeals.domain.desk import TOKEN, Desk, address_for
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.errors import AppealsError, ExtraMissing, NamesUnanswered
from urgent_appeals.pipeline.doctor import Finding

_CLOCK_OFF: Final = timedelta(minutes=15)
_PUBLISH = "whoever runs the domain publishes it; the mail provider says what"


@dataclass(frozen=True)
class Examination:
    """How far to look: at the desk only, or asking servers as well (`asks`), or sending oneself a mail (`tries`)."""

    now: datetime
    asks: bool = False
    tries: bool = False
    patience: float = 60.0
    says: Callable[[str], None] = lambda _: None


@dataclass
class _Domain:
    """What was found of a domain so far: which ways of proof hold, and for which domain."""

    sender: str
    envelope: str
    names: Names
    spf_holds: bool = False
    signed: tuple[str, ...] | None = None
    dmarc: Dmarc = field(default_factory=lambda: Dmarc(None))


def unknown(name: str, found: str) -> Finding:
    """Return a finding of what was not, or could not be, looked at."""
    return Finding(name, fine=True, found=found, known=False)


def examine_domain(settings: Desk, how: Examination) -> Iterator[Finding]:
    """Yield what the domain of the sender publishes and, where that is asked for, how a mail to oneself arrives."""
    sender = (settings.sender or "").rpartition("@")[2]
    smtp = settings.smtp
    envelope = (smtp.envelope_sender or smtp.from_).rpartition("@")[2] if smtp is not None else sender
    arrived: Arrived | None = None
    if how.tries:
        arrived, findings = _tried(settings, how)
        yield from findings
    elif settings.replies is not None:
        yield unknown("reply address", f"whether {settings.replies} takes a token shows by trying: --trial")
    how.says(f"asking for what {sender} publishes")
    try:
        domain = _Domain(sender, envelope, NameServer(settings.dns))
    except (ExtraMissing, NamesUnanswered) as error:
        yield Finding("SPF, DKIM, DMARC", fine=False, found=str(error), to_do="nothing was asked; install or set that")
        return
    selector = smtp.dkim_selector if smtp is not None else None
    yield from _asked("SPF", lambda: _spf(domain))
    yield from _asked("DKIM", lambda: _dkim(domain, selector, arrived))
    yield from _asked("DMARC", lambda: _dmarc(domain))
    yield from _asked("alignment", lambda: _alignment(domain))
    if arrived is not None and settings.authserv_id is not None:
        yield _verdict(arrived, settings.authserv_id)


def _asked(name: str, look: Callable[[], Finding]) -> Iterator[Finding]:
    try:
        yield look()
    except (NamesUnanswered, ExtraMissing) as error:
        to_do = "see the network, or name another name server in desk.yaml (dns: server)"
        yield Finding(name, fine=False, found=str(error), to_do=to_do if isinstance(error, NamesUnanswered) else None)


def _spf(domain: _Domain) -> Finding:
    found = dns_records.spf(domain.names, domain.envelope)
    domain.spf_holds = found.record is not None and not found.faults
    if found.faults:
        return Finding("SPF", fine=False, found=f"{domain.envelope}: {'; '.join(found.faults)}", to_do=_PUBLISH)
    told = f"{domain.envelope}: ends in {found.ends}all, {found.lookups} of {dns_records.MOST_LOOKUPS} look-ups"
    return Finding("SPF", fine=True, found=told)


def _dkim(domain: _Domain, selector: str | None, arrived: Arrived | None) -> Finding:
    if arrived is not None:
        return _signature(domain, arrived)
    if selector is None:
        told = "its name is not known: name it (smtp: dkim_selector), or look at a mail that was sent: --trial"
        return unknown("DKIM", told)
    key = dns_records.dkim_key(domain.names, selector, domain.sender)
    if key.fault is not None:
        domain.signed = ()
        return Finding("DKIM", fine=False, found=key.fault, to_do=_PUBLISH)
    domain.signed = (domain.sender,)
    short = key.kind == "rsa" and key.bits is not None and key.bits < ADVISED_KEY
    told = f"{selector} of {domain.sender}: a key ({key.kind}, {key.bits} bits)"
    return Finding("DKIM", fine=True, found=f"{told}; {ADVISED_KEY} are advised" if short else told)


def _signature(domain: _Domain, arrived: Arrived) -> Finding:
    signatures = dns_records.signed_by(domain.names, arrived.data)
    domain.signed = tuple(name for name, holds in signatures if holds)
    broken = [name for name, holds in signatures if not holds]
    if domain.signed:
        return Finding("DKIM", fine=True, found=f"the mail to yourself is signed by {', '.join(domain.signed)}")
    told = f"its signature by {', '.join(broken)} does not hold" if broken else "it bears no signature"
    return Finding("DKIM", fine=False, found=f"the mail to yourself came, and {told}", to_do="ask the mail provider")


def _dmarc(domain: _Domain) -> Finding:
    domain.dmarc = found = dns_records.dmarc(domain.names, domain.sender)
    if found.fault is not None:
        return Finding("DMARC", fine=False, found=found.fault, to_do=_PUBLISH)
    weak = ": receivers only report what others send in its name" if found.policy == "none" else ""
    return Finding("DMARC", fine=True, found=f"_dmarc.{found.place}: {found.policy}{weak}")


def _alignment(domain: _Domain) -> Finding:
    """Return whether what is proven is proven of the domain that recipients see."""
    names, sender, dmarc = domain.names, domain.sender, domain.dmarc
    by_spf = aligned(names, domain.envelope, sender, strict=dmarc.strict_spf)
    by_dkim = any(aligned(names, name, sender, strict=dmarc.strict_dkim) for name in domain.signed or ())
    ways = [way for way, holds in (("SPF", by_spf and domain.spf_holds), ("DKIM", by_dkim)) if holds]
    if ways:
        return Finding("alignment", fine=True, found=f"{sender}, as From says, by {' and '.join(ways)}")
    if domain.signed is None:
        return unknown("alignment", f"not by SPF (bounces go to {domain.envelope}); by DKIM it is not known")
    told = f"neither SPF ({domain.envelope}) nor DKIM ({', '.join(domain.signed) or 'none'}) proves {sender}"
    to_do = "have the server sign for that domain, or bounces go to it (smtp: envelope_sender)"
    return Finding("alignment", fine=False, found=told, to_do=to_do)


def _verdict(arrived: Arrived, authserv_id: str) -> Finding:
    results = arrived.results(authserv_id)
    name = "own server's verdict"
    if not results:
        told = f"{authserv_id} says nothing of spf, dkim and dmarc in the mail that came"
        return Finding(name, fine=False, found=told, to_do="see authserv_id in desk.yaml; answers would be unverified")
    fine = results.get("dmarc", "pass") == "pass" and "pass" in results.values()
    told = ", ".join(f"{method} {result}" for method, result in results.items())
    return Finding(name, fine, told, None if fine else "ask whoever runs the domain")


# ── the mail to oneself ──


def _tried(settings: Desk, how: Examination) -> tuple[Arrived | None, list[Finding]]:
    """Send a mail to the reply address with a token, look for it in the mailbox, and return it with what was found."""
    name = "reply address"
    pattern = settings.replies or settings.reflect
    if pattern is None or settings.smtp is None or settings.imap is None:
        told = "cannot be tried: desk.yaml needs smtp, imap, and the address that answers go to (replies)"
        return None, [unknown(name, told)]
    word = secrets.token_hex(10)
    address = address_for(pattern, word) if settings.replies is not None else pattern
    to = check_address(address)
    if not isinstance(to, CheckedAddress):
        return None, [Finding(name, fine=False, found=f"{address}: {to.reason}", to_do="see replies in desk.yaml")]
    try:
        arrived = _sent_and_found(settings, to, word, how)
    except _Untried as untried:
        return None, [Finding(name, fine=False, found=str(untried), to_do=_instead(settings))]
    except (AppealsError, ssl.SSLError, OSError) as error:
        return None, [Finding(name, fine=False, found=str(error), to_do="see the lines on mail server and mailbox")]
    if settings.replies is None:
        told = "a mail to yourself came; letters have no reply address of their own (replies)"
        return arrived, [unknown(name, told), _clock(arrived, how)]
    return arrived, [Finding(name, fine=True, found=f"a mail to {address} came"), _clock(arrived, how)]


class _Untried(Exception):
    """The mail did not leave, or did not come."""


def _sent_and_found(settings: Desk, to: CheckedAddress, word: str, how: Examination) -> Arrived:
    how.says(f"sending a mail to {to.address}")
    with SmtpChannel(settings, credential_of(settings)) as channel:
        receipt = channel.hand_over(trial_parcel(settings, to, word, how.now), lambda: None)
    if isinstance(receipt, Deferred | Failed | Unsure):
        raise _Untried(receipt.reason)
    with DraftsChannel(settings, mailbox_credential(settings)) as mailboxes:
        opened = mailboxes.connect()
        if isinstance(opened, Deferred | Failed):
            raise _Untried(opened.reason)
        arrived = wait_for(opened[0], word, how.patience, how.says)
    if arrived is None:
        raise _Untried(f"a mail to {to.address} was taken, and did not come into the mailbox in {how.patience:.0f} s")
    return arrived


def _instead(settings: Desk) -> str:
    with_token = settings.replies is not None and TOKEN in settings.replies
    other = "an address whose server takes a plus sign" if with_token else f"an address with {TOKEN} that arrives"
    return f"see whether it came elsewhere or late; else name {other} (replies), or none"


def _clock(arrived: Arrived, how: Examination) -> Finding:
    """Return whether this machine's clock agrees with that of the server which took the mail into the mailbox."""
    name = "clock and mail server"
    received = arrived.received
    if received is None:
        return unknown(name, "the mail that came does not say when")
    # It came between the moment that it was sent and now, a wait later.
    off = received - how.now
    if -_CLOCK_OFF <= off <= _CLOCK_OFF + timedelta(seconds=how.patience):
        return Finding(name, fine=True, found=f"agree: it came at {received.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    told = f"differ: it came at {received.astimezone(UTC):%Y-%m-%d %H:%M} UTC, and here it was {how.now:%Y-%m-%d %H:%M}"
    return Finding(name, fine=False, found=told, to_do="set the clock of this machine")
