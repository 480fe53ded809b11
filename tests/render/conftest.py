"""One warm press for all tests that need no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.render.builders import TEMPLATES
from urgent_appeals.render.press import Press


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """A press with the built-in templates."""
    with Press(TEMPLATES) as warm:
        yield warm
