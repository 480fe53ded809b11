"""Say what templates need of the paper, in plain data."""

from __future__ import annotations

from typing import Any

from urgent_appeals.render.envelope import Paper


def paper_data(paper: Paper) -> dict[str, Any]:
    """Return the name of a paper, and its measures in millimetres."""
    return {"name": paper.name, "width": paper.width, "height": paper.height}
