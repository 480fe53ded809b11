"""Find the password of an account: in the environment, else in the keyring of the system; never in a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import ModuleType
from typing import Final

from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.desk import Account, Service
from urgent_appeals.errors import AccountUnusable, ExtraMissing, NoPassword

KEYRING: Final = "urgent-appeals"
"""The name under which passwords stand in the keyring."""
VARIABLES: Final[Mapping[Service, str]] = {"smtp": "APPEALS_SMTP_PASSWORD", "imap": "APPEALS_IMAP_PASSWORD"}


def password_of(service: Service, account: Account, environ: Mapping[str, str] = os.environ) -> Secret:
    """Return the password of an account; raises NoPassword."""
    variable = VARIABLES[service]
    if value := environ.get(variable):
        return Secret(value)
    try:
        found = _keyring().get_password(KEYRING, _entry(service, account))
    except Exception:  # noqa: BLE001  # each keyring has errors of its own, and some have no common base
        found = None
    if not found:
        raise NoPassword(service, _named(account), variable)
    return Secret(found)


def store_password(service: Service, account: Account, password: Secret) -> None:
    """Put the password of an account into the keyring; raises ExtraMissing, or AccountUnusable without a keyring."""
    keyring = _keyring()
    try:
        keyring.set_password(KEYRING, _entry(service, account), password.reveal())
    except Exception as error:  # noqa: BLE001  # see above
        raise _no_keyring(service, account, error) from None


def forget_password(service: Service, account: Account) -> bool:
    """Take the password of an account out of the keyring; return whether there was one."""
    keyring = _keyring()
    try:
        if not keyring.get_password(KEYRING, _entry(service, account)):
            return False
        keyring.delete_password(KEYRING, _entry(service, account))
    except Exception as error:  # noqa: BLE001  # see above
        raise _no_keyring(service, account, error) from None
    return True


def _no_keyring(service: Service, account: Account, error: Exception) -> AccountUnusable:
    # What it says itself may hold what it was given.
    reason = f"the keyring of this system cannot be used ({type(error).__name__}); set {VARIABLES[service]} instead"
    return AccountUnusable(_named(account), reason)


def _entry(service: Service, account: Account) -> str:
    return f"{service}:{_named(account)}"


def _named(account: Account) -> str:
    return f"{account.user or ''}@{account.host}"


def _keyring() -> ModuleType:
    try:
        import keyring
    except ImportError as error:
        raise ExtraMissing("a password kept in the keyring", "mail") from error
    return keyring
