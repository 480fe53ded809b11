"""Tell whether a translation still says what the original says."""

from __future__ import annotations

from hashlib import sha256

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.prose import Prose

STALE_AFTER = 60.0
"""Seconds by which a translation may be older than the original: a checkout writes both within them."""


def digest_of(prose: Prose) -> str:
    """Return the first eight figures of the SHA-256 of a language's text, blanks at the ends of lines left out."""
    lines = (line.rstrip() for line in prose.origin.text.strip().split("\n"))
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def is_stale(appeal: Appeal, language: str) -> bool:
    """Tell whether the original (the first language) has changed since a translation was made from it.

    The digest that `translated_from` declares decides. Where none is declared, the times of the files do: they
    survive no copying nor checkout, but cost nobody a thought.
    """
    original, prose = appeal.prose.get(appeal.languages[0]), appeal.prose.get(language)
    if original is None or prose is None or original is prose:
        return False
    declared = appeal.translated_from.get(language)
    if declared is not None:
        return declared != digest_of(original)
    return prose.modified + STALE_AFTER < original.modified


def stale_translations(appeal: Appeal) -> tuple[str, ...]:
    """Return the languages whose text is to be compared with the original again, in the order of the appeal."""
    return tuple(language for language in appeal.languages if is_stale(appeal, language))
