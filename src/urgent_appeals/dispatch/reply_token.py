"""Give each item a token of its own, for the address that its answer comes to: nobody can guess it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.errors import DeskUnsafe

LENGTH: Final = 20
"""The letters of a token: 100 bits, and room for the rest of an address."""


def reply_token(secret: Secret, item: str) -> str:
    """Return the token of an item: small letters and figures, as an address may hold them in any case."""
    mac = hmac.new(secret.reveal().encode(), item.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode().lower()[:LENGTH]


def random_token() -> str:
    """Return a token of no item, for what only looks like a letter of one: a test to oneself."""
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()[:LENGTH]


def is_token_of(secret: Secret, item: str, token: str) -> bool:
    """Return whether a token, in any case of letters, is that of an item."""
    return hmac.compare_digest(reply_token(secret, item).encode(), token.lower().encode())


def desk_secret(path: Path) -> Secret:
    """Return the secret of a desk, which lies in a file that only its owner can read; made where there is none.

    Raises DeskUnsafe where others can read the file, or it is none that was made here.
    """
    with suppress(FileExistsError, FileNotFoundError):  # another process was quicker, and cleared ours away
        _make(path)
    for left in path.parent.glob(f".{path.name}.*") if path.exists() else ():
        left.unlink(missing_ok=True)  # of one who was killed here
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_mode & 0o077:
            raise DeskUnsafe(path.name, "can be read by others", f"chmod 600 {path}, and make a new one if they did")
        text = file.read(128).decode("ascii", "replace").strip()
    if len(text) != 64:
        raise DeskUnsafe(path.name, "is not the secret that was written there", "restore it from a backup")
    return Secret(text)


def _make(path: Path) -> None:
    """Write a new secret whole or not at all; raises FileExistsError where there is one."""
    if path.exists():
        raise FileExistsError(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # two at once: the first one's stays
    finally:
        beside.unlink(missing_ok=True)
