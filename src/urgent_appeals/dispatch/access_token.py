"""Get an access token (OAuth 2) from the program that the settings name."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from urgent_appeals.dispatch.programs import without_passwords
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.errors import AccountUnusable

PATIENCE: Final = 60.0
"""The seconds within which the program has to answer."""
_LONGEST = 16_384


def access_token(command: Sequence[str], patience: float = PATIENCE) -> Secret:
    """Return the token that a program prints; raises AccountUnusable, which tells nothing of what it printed.

    The program is started as it is named, by no shell, without our passwords; what it says on stderr is not read.
    """
    name = PurePath(command[0]).name
    try:
        run = subprocess.run(  # noqa: S603  # the settings name it, and only their owner can change them
            [*command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            env=without_passwords(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AccountUnusable(name, f"gave no access token within {patience:g} seconds") from None
    except OSError as error:
        raise AccountUnusable(name, f"cannot be started: {(error.strerror or 'unknown').lower()}") from None
    if run.returncode != 0:
        raise AccountUnusable(name, f"gave no access token: it ended with {run.returncode}")
    return _token(name, run.stdout)


def _token(name: str, printed: bytes) -> Secret:
    token = printed.strip()
    if not token or len(token) > _LONGEST or not all(0x21 <= byte <= 0x7E for byte in token):
        raise AccountUnusable(name, "did not print one access token, and nothing else")
    return Secret(token.decode("ascii"))
