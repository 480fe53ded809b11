"""How the letters of an appeal stand: what `show` tells of them, to people and to programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Appeals
from tests.pipeline.desks import (
    AT,
    CODE,
    JUSTICE,
    PRESIDENT,
    TYPED,
    an_event,
    an_item,
    approved,
    became,
    claimed,
    give_desk,
    log_of,
    unknown,
)
from urgent_appeals.domain.event import EventKind
from urgent_appeals.domain.item import Item, Route
from urgent_appeals.domain.item_state import State
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.dispatched import Dispatched, dispatched, summed_up
from urgent_appeals.pipeline.marking import Mark, mark, undo

DAY = "2026-11-22"
CLERK = "arlandia/assembly-clerk"


@pytest.fixture
def desk(workspace: Path) -> Path:
    return give_desk(workspace)


def failed(log: Log, item: Item) -> None:
    claimed(log, item)
    said = an_event(EventKind.FAILED, item, reason="no such mailbox")
    assert log.transition(said, {State.CLAIMED})


@pytest.fixture
def worked(desk: Path) -> Path:
    """A desk whose letters stand in every way."""
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
        became(log, an_item(PRESIDENT), EventKind.SENT)
        failed(log, an_item(CLERK))
        unknown(log, an_item(route=Route.POST), "post")
        unknown(log, an_item(language="ru"))
        approved(log, an_item(PRESIDENT, Route.FAX), "fax")
        claimed(log, an_item(PRESIDENT, language="fr"))
    mark(desk, TYPED, PRESIDENT, Mark(EventKind.HANDED_OVER, date(2026, 11, 20)), AT)
    return desk


def letters(root: Path) -> list[Dispatched]:
    with log_of(root) as log:
        return [*dispatched(log, CODE)]


def test_the_letters_are_summed_up_by_how_they_stand(worked: Path) -> None:
    said = "8 letters: 2 sent, 1 failed, 1 to print, 1 unknown, 1 approved, 1 in hand, 1 handed over"
    assert summed_up(letters(worked)) == said


def test_one_letter_is_told_as_one(desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    assert summed_up(letters(desk)) == "1 letter: 1 sent"


def test_each_letter_is_told_with_its_way_its_state_and_why_so(worked: Path) -> None:
    said = [str(letter) for letter in letters(worked)]
    assert said == [
        f"{JUSTICE} in en by mail: sent on 2026-11-22 by M. H.",
        f"{PRESIDENT} in en by mail: sent on 2026-11-22 by M. H.",
        f"{CLERK} in en by mail: failed on 2026-11-22 by M. H.: no such mailbox",
        f"{JUSTICE} in en by post: to print on 2026-11-22 by M. H.",
        f"{JUSTICE} in ru by mail: unknown on 2026-11-22 by M. H.: the answer was lost",
        f"{PRESIDENT} in en by fax: approved on 2026-11-22 by M. H.",
        f"{PRESIDENT} in fr by mail: in hand on 2026-11-22 by M. H.",
        f"{PRESIDENT} in en by hand: handed over on 2026-11-20 by M. H.",
    ]


def test_a_letter_that_went_once_more_has_its_number(desk: Path) -> None:
    for again in (False, True):
        mark(desk, TYPED, JUSTICE, Mark(EventKind.POSTED, date(2026, 11, 20), again=again), AT)
    assert str(letters(desk)[1]) == f"{JUSTICE} in en by post, number 2: posted on 2026-11-20 by M. H."


def test_what_was_undone_and_the_letters_of_other_appeals_are_left_out(desk: Path) -> None:
    posted = Mark(EventKind.POSTED, date(2026, 11, 20))
    mark(desk, TYPED, JUSTICE, posted, AT)
    undo(desk, TYPED, JUSTICE, posted, AT)
    mark(desk, "UAD XAA 001/2026", JUSTICE, posted, AT)
    assert letters(desk) == []


def test_a_letter_of_which_nobody_tells_the_language_is_told_without(desk: Path) -> None:
    with log_of(desk) as log:
        log.append(an_event(EventKind.CANCELLED, an_item(), reason="the appeal was stopped"))
    (letter,) = letters(desk)
    assert str(letter) == f"{JUSTICE}: cancelled on 2026-11-22 by M. H.: the appeal was stopped"


def test_show_tells_how_the_letters_stand(appeals: Appeals, worked: Path) -> None:
    said = " ".join(appeals("-C", worked, "show", TYPED, "--on", DAY).out.split())
    assert "dispatched 8 letters: 2 sent, 1 failed, 1 to print" in said
    assert f"{CLERK} in en by mail: failed on 2026-11-22 by M. H.: no such mailbox" in said


def test_programs_get_each_letter_with_its_state_and_the_canonical_code(appeals: Appeals, worked: Path) -> None:
    document = json.loads(appeals("-C", worked, "show", TYPED, "--on", DAY, "--json").out)
    assert document["canonical"] == CODE
    assert [(each["recipient"], each["state"], each["stands"]) for each in document["dispatched"][:4]] == [
        (JUSTICE, "sent", "sent"),
        (PRESIDENT, "sent", "sent"),
        (CLERK, "failed", "failed"),
        (JUSTICE, "unknown", "to print"),
    ]


def test_without_a_desk_or_a_letter_nothing_is_told(appeals: Appeals, workspace: Path) -> None:
    assert "dispatched" not in appeals("-C", workspace, "show", TYPED, "--on", DAY).out
    give_desk(workspace)
    assert "dispatched" not in appeals("-C", workspace, "show", TYPED, "--on", DAY).out
    assert not (workspace / "outbox/log.db").exists()
