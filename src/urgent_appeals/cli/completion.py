"""Complete codes, recipients, languages and senders in the shell: `appeals --install-completion` switches it on.

Each function is a callback of Typer: from the context and what was typed so far to the words that fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

ENVELOPES = ("din-a", "din-b", "nf", "ch-left", "ch-right", "us-10", "uk-dl")
"""Named here again because the shell has no time to load the domain; a test compares."""


def complete_code(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the codes of the workspace that go on from what was typed, as one word each."""
    from urgent_appeals.workspace import names  # loads the YAML reader

    return _fitting(names.codes(_root(ctx)), incomplete)


def complete_recipient(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the recipients that go on from what was typed."""
    from urgent_appeals.workspace import names  # loads the YAML reader

    return _fitting(names.recipients(_root(ctx)), incomplete)


def complete_language(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the languages of the appeal that was named, or of the campaign."""
    from urgent_appeals.workspace import names  # loads the YAML reader

    code = ctx.params.get("code")
    return _fitting(names.languages(_root(ctx), code if isinstance(code, str) else None), incomplete)


def complete_sender(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the senders of the campaign that go on from what was typed."""
    from urgent_appeals.workspace import names  # loads the YAML reader

    return _fitting(names.senders(_root(ctx)), incomplete)


def complete_envelope(incomplete: str) -> list[str]:
    """Return the envelopes that go on from what was typed."""
    return _fitting(ENVELOPES, incomplete)


def _root(ctx: typer.Context) -> Path:
    """Return the root of the workspace, or where the shell is: outside of one there is nothing to complete."""
    told = ctx.find_root().params.get("directory")
    start = (Path(told) if told else Path()).absolute()
    return next((place for place in (start, *start.parents) if (place / "campaign.yaml").is_file()), start)


def _fitting(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.lower().startswith(incomplete.lower())]
