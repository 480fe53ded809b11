"""Hold a password or token so that no message, log or traceback shows it."""

from __future__ import annotations

import base64
import re
from typing import NoReturn

_LIKE_A_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
_HIDDEN = "[…]"


class Secret:
    """A password or token. Only `reveal` gives it out; it has no other text, and is not pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the password or token itself."""
        return self._value

    def absent_from(self, text: str) -> str:
        """Return a text without the secret, as it is or in base64, and without what looks like a token."""
        for form in (self._value, *_forms(self._value)):
            if len(form) > 2:
                text = text.replace(form, _HIDDEN)
        return text

    def __repr__(self) -> str:
        return "Secret()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


def without_tokens(text: str) -> str:
    """Return what a server said about a log-in, without words that may repeat what it was told."""
    return _LIKE_A_TOKEN.sub(_HIDDEN, text)


def _forms(value: str) -> tuple[str, ...]:
    """Return what a secret looks like inside base64, at each of the three offsets it may have there."""
    found = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + value.encode()).decode()
        # The first and last letters depend on what stands beside it.
        found.append(encoded[(0, 2, 3)[offset] : len(encoded) // 4 * 4 - 4])
    return tuple(form for form in found if len(form) >= 4)
