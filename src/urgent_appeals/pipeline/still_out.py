"""Say what the log knows of a shown appeal: how its letters stand, and what of it lies with people still."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from urgent_appeals.log.rows import case_key
from urgent_appeals.pipeline.definitions import Shown
from urgent_appeals.pipeline.dispatched import dispatched
from urgent_appeals.pipeline.history import already_out, looked_at
from urgent_appeals.workspace.desk_file import DESK, read_desk


def with_what_became(root: Path, shown: Shown) -> Shown:
    """Return a shown appeal with the letters that were dispatched, and the drafts and print-outs to call back.

    To be called back are those of the whole case where it was stopped, of the appeal itself where it was replaced, and
    nothing of one that is open. Without a desk or a log it is returned as it is. Raises as the settings and the log do.
    """
    if not (root / DESK).exists():
        return shown
    settings = read_desk(root)
    with looked_at(settings.log, settings.desk, root / "outbox") as log:
        if log is None:
            return shown
        is_over = shown.listed.state in {"stopped", "superseded"}
        found = already_out(log, case_key(shown.canonical) or "") if is_over else ()
        out = tuple(out for out in found if shown.listed.state == "stopped" or out.code == shown.canonical)
        return replace(shown, dispatched=tuple(dispatched(log, shown.canonical)), out=out)
