"""What is dispatched: two with one key are the same letter."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from urgent_appeals.domain.item import CHANNELS, ROUTES, Item, Purpose, Route, Via


def item(**changes: Any) -> Item:
    given = {
        "code": "XAA 007/0326/OBS 021.01",
        "recipient": "arlandia/minister-of-justice",
        "sender": "desk",
        "language": "en",
        "route": Route.ELECTRONIC,
    }
    return Item(**{**given, **changes})


def test_the_id_of_an_item_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert item().id == "6c7c1317371e67139c53ea71e023ec10"
    assert item(sender="Айгүл").id == "411fa1c75a819a483fca6ad018312e45"


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": Purpose.COPY},
        {"code": "XAA 007/0326/OBS 021.02"},
        {"recipient": "arlandia/president"},
        {"sender": "another"},
        {"language": "ru"},
        {"route": Route.POST},
        {"sequence": 2},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_key_is_another_item(changes: dict[str, Any]) -> None:
    assert item(**changes).id != item().id


def test_a_draft_is_not_mailed_as_well() -> None:
    assert ROUTES[Via.EMAIL] is ROUTES[Via.DRAFTS] is Route.ELECTRONIC
    assert set(ROUTES) == set(CHANNELS) == set(Via)


def test_an_item_is_counted_from_one() -> None:
    with pytest.raises(ValidationError):
        item(sequence=0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, "XAA 007/0326/OBS 021.01 to arlandia/minister-of-justice in en", id="letter"),
        pytest.param(
            {"purpose": Purpose.CHASE, "sequence": 2},
            "XAA 007/0326/OBS 021.01 to arlandia/minister-of-justice in en (chase), number 2",
            id="second chase",
        ),
    ],
)
def test_messages_name_an_item(changes: dict[str, Any], told: str) -> None:
    assert str(item(**changes)) == told
