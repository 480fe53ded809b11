"""Start programs that are not ours: none of them gets the passwords of this one; what they need not know, neither."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

_OWN: Final = ("APPEALS_", "PGPASSWORD")
"""What the variables begin with that hold passwords: of our accounts, and of the log's database."""


_OF_THE_MACHINE: Final = frozenset({"HOST", "HOSTNAME", "COMPUTERNAME", "USER", "LOGNAME", "USERNAME", "TZ"})
"""What names the machine, whoever is logged in, and the time zone: fax programs put such things on every page."""


def without_passwords(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment for a program of the desk's: this one without the variables that hold passwords."""
    return {name: value for name, value in environ.items() if not name.upper().startswith(_OWN)}


def for_pages(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment for a program that makes pages others see: no passwords, no names, and times in UTC."""
    kept = without_passwords(environ).items()
    return {name: value for name, value in kept if name.upper() not in _OF_THE_MACHINE} | {"TZ": "UTC"}
