"""Encrypt connections, and only to whom they are meant for."""

from __future__ import annotations

import ssl

from urgent_appeals.domain.desk import Account
from urgent_appeals.errors import AccountUnusable


def context_for(account: Account) -> ssl.SSLContext:
    """Return how a server is to prove who it is: by a certificate for its name, over TLS 1.2 or newer.

    `ca_file` of the account adds to the certificates that the system trusts; raises AccountUnusable where it cannot be
    read. There is no way to turn any of it off.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # SSLKEYLOGFILE of the environment would open the conversation to whoever reads that file.
    context.keylog_filename = None  # type: ignore[assignment]  # which is how it is turned off
    if account.ca_file is not None:
        try:
            context.load_verify_locations(cafile=account.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise AccountUnusable(account.host, f"ca_file {account.ca_file} cannot be read: {_plain(error)}") from error
    return context


def why_not(error: OSError, host: str) -> str:
    """Return, in words, why no secure connection to a server came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate that {host} shows is not to be trusted: {error.verify_message.lower().rstrip('.')}"
    return f"no secure connection (TLS 1.2 or newer) to {host}: {_plain(error)}"


def _plain(error: OSError) -> str:
    reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
    return str(reason).replace("_", " ").lower()
