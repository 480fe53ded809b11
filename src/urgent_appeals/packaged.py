"""Find the files that come with the program: built-in templates, fonts, phrases and the sample workspace."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def root() -> Path:
    """Return the directory that holds `templates/`, `campaign.yaml`, `appeals/` and `recipients/` of the program.

    In a wheel that is `urgent_appeals/_workspace`; in an editable install, the checkout itself.
    """
    inside = Path(str(resources.files("urgent_appeals"))) / "_workspace"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2]


def templates() -> Path:
    """Return the directory of the built-in templates."""
    return root() / "templates"
