"""A desk's log knows which letters were made; and an appeal that ended says what of it lies with people still."""

from __future__ import annotations

import json
import re
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
    became,
    give_desk,
    kinds,
    log_of,
)
from urgent_appeals.domain.event import EventKind
from urgent_appeals.domain.item import Route, Via
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Action, Doubt, PlanItem
from urgent_appeals.errors import LogCorrupt
from urgent_appeals.pipeline.dispatching import plan_dispatch
from urgent_appeals.pipeline.letters import Made, Wanted, make_letters
from urgent_appeals.pipeline.marking import Mark, mark
from urgent_appeals.pipeline.noting import note_made
from urgent_appeals.pipeline.planning import Asked

DAY, STOPPED = date(2026, 11, 22), date(2027, 6, 1)
ONE = Wanted(to=(JUSTICE,), languages=("en",))


def made(root: Path, wanted: Wanted = ONE) -> Made:
    return make_letters(root, TYPED, DAY, wanted)


@pytest.mark.slow
def test_each_letter_that_was_written_is_noted_once_with_its_documents(workspace: Path) -> None:
    give_desk(workspace)
    assert note_made(workspace, made(workspace), AT) == 2
    assert note_made(workspace, made(workspace), AT) == 0
    with log_of(workspace) as log:
        letter, bulletin = sorted(log.events(), key=lambda event: event.recipient or "~")
    assert (letter.event, letter.item, letter.code, letter.recipient) == (EventKind.MADE, None, CODE, JUSTICE)
    assert (letter.detail["language"], letter.detail["sender"]) == ("en", "hale")
    documents = letter.detail["documents"]
    assert isinstance(documents, dict)
    assert {Path(path).suffix for path in documents} == {".pdf", ".eml", ".txt"}
    assert all((workspace / path).is_file() for path in documents)
    assert all(re.fullmatch("[0-9a-f]{64}", str(digest)) for digest in documents.values())
    assert (bulletin.recipient, bulletin.detail["language"]) == (None, "en")


@pytest.mark.slow
def test_what_was_made_becomes_no_state_of_a_letter(workspace: Path) -> None:
    give_desk(workspace)
    note_made(workspace, made(workspace), AT)
    with log_of(workspace) as log:
        assert log.state(an_item().id).state is State.PLANNED
        assert log.states_of_case("UAD XAA 001/2026") == {}


@pytest.mark.slow
def test_without_a_desk_nothing_is_noted_and_no_log_is_made(workspace: Path) -> None:
    assert note_made(workspace, made(workspace), AT) == 0
    assert not (workspace / "outbox/log.db").exists()


@pytest.mark.slow
def test_a_log_that_cannot_be_written_leaves_the_letters_and_is_told(workspace: Path) -> None:
    letters = made(workspace)
    give_desk(workspace)
    (workspace / "outbox/log.db").write_bytes(b"no database" * 1000)
    with pytest.raises(LogCorrupt):
        note_made(workspace, letters, AT)


@pytest.mark.slow
def test_the_command_notes_what_it_makes(appeals: Appeals, workspace: Path) -> None:
    give_desk(workspace)
    words = ("-C", workspace, "letters", TYPED, "--on", str(DAY), "--to", JUSTICE, "--lang", "en")
    assert appeals(*words).status == 0
    assert kinds(workspace) == ["made", "made"]


@pytest.fixture
def called_off(workspace: Path) -> Path:
    """A desk with a draft, a print-out, and a letter that went."""
    give_desk(workspace)
    with log_of(workspace) as log:
        became(log, an_item(), EventKind.DRAFTED, "drafts")
        became(log, an_item(PRESIDENT, Route.POST), EventKind.PRINTED, "post")
        became(log, an_item(PRESIDENT), EventKind.SENT)
    return workspace


@pytest.mark.parametrize("code", ["001/2026.01", "001/2026.02"])
def test_drafts_and_print_outs_of_a_case_that_was_stopped_are_to_be_called_back(
    appeals: Appeals, called_off: Path, code: str
) -> None:
    run = appeals("-C", called_off, "show", code, "--on", str(STOPPED))
    assert "stopped" in run.out
    said = " ".join(run.out.split())
    written = "UAD XAA 001/2026.01"
    assert f"call back the draft of {written} to {JUSTICE}" in said
    assert f"the print-out of {written} to {PRESIDENT}" in said
    assert said.count(f"of {written} to") == 2
    document = json.loads(appeals("-C", called_off, "show", code, "--on", str(STOPPED), "--json").out)
    assert {each["code"] for each in document["out"]} == {CODE}


def test_nothing_is_called_back_of_an_appeal_that_is_open_or_is_another(appeals: Appeals, called_off: Path) -> None:
    assert "call back" not in appeals("-C", called_off, "show", TYPED, "--on", str(DAY)).out
    superseded = appeals("-C", called_off, "show", "UAD XAA 001/2026", "--on", str(DAY)).out
    assert "superseded" in superseded
    assert "call back" not in superseded


def test_a_log_that_cannot_be_asked_is_told_and_the_rest_is_shown(appeals: Appeals, called_off: Path) -> None:
    with log_of(called_off) as log:
        log.append(an_event(EventKind.NOTED, an_item()))
    (called_off / "outbox/log.epoch").unlink()
    run = appeals("-C", called_off, "show", TYPED, "--on", str(STOPPED))
    assert run.status == 0
    assert "what became of its letters could not be looked up" in run.err
    assert CODE.partition(" update")[0] in run.out


@pytest.mark.slow
def test_a_letter_by_the_way_that_came_back_wants_a_word_in_the_next_plan(workspace: Path) -> None:
    give_desk(workspace)
    made(workspace, Wanted(to=(JUSTICE,), languages=("fr",)))
    for kind in (EventKind.POSTED, EventKind.RETURNED):
        mark(workspace, TYPED, JUSTICE, Mark(kind, date(2026, 11, 20), language="en"), AT)

    def planned(via: Via, *accepted: str) -> PlanItem:
        asked = Asked(
            via=via, to=(JUSTICE,), languages=("fr",), accepted=("not-reviewed", "another-language", *accepted)
        )
        (item,) = plan_dispatch(workspace, TYPED, DAY, asked).plan.items
        return item

    item = planned(Via.POST)
    assert (item.action, item.doubts) == (Action.CONFIRM, (Doubt.RETURNED,))
    assert f"post was returned on 2026-11-20 ({CODE})" in item.reason
    assert planned(Via.POST, "returned").action is Action.SEND
    assert Doubt.RETURNED not in planned(Via.EMAIL).doubts
