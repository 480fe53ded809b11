"""The base of everything this package raises on purpose."""

from __future__ import annotations


class AppealsError(Exception):
    """The base of everything this package raises on purpose; `str()` is fit for a user."""
