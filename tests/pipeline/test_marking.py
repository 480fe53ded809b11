"""Marks: what was done by hand is on record once, and what goes twice goes by a person's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.desks import (
    AT,
    JUSTICE,
    TYPED,
    an_event,
    an_item,
    approved,
    became,
    claimed,
    give_desk,
    kinds,
    log_of,
    unknown,
)
from urgent_appeals.domain.event import EventKind
from urgent_appeals.domain.item import Item, Route
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Doubt
from urgent_appeals.errors import ConfirmationNeeded, MarkRefused, NoDesk, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.history import dispatched_letters, known
from urgent_appeals.pipeline.marking import Mark, Marked, mark, undo

DAY = date(2026, 11, 20)
POST = an_item(route=Route.POST)


@pytest.fixture
def desk(workspace: Path) -> Path:
    return give_desk(workspace)


def noted(root: Path, kind: str, recipient: str = JUSTICE, **given: Any) -> Marked:
    return mark(root, TYPED, recipient, Mark(EventKind(kind), **{"day": DAY, **given}), AT)


def taken_back(root: Path, kind: str, **given: Any) -> Marked:
    return undo(root, TYPED, JUSTICE, Mark(EventKind(kind), **{"day": DAY, **given}), AT)


def state(root: Path, item: Item) -> State:
    with log_of(root) as log:
        return log.state(item.id).state


@pytest.mark.parametrize(
    ("kind", "route", "channel", "becomes"),
    [
        ("posted", Route.POST, "post", State.POSTED),
        ("faxed", Route.FAX, "fax", State.FAXED),
        ("handed-over", Route.HAND, "hand", State.SENT),
        ("sent", Route.ELECTRONIC, "email", State.SENT),
    ],
)
def test_what_was_done_by_hand_is_on_record_with_its_day_number_and_note(
    desk: Path, kind: str, route: Route, channel: str, becomes: State
) -> None:
    marked = noted(desk, kind, count=3, note="two stamps each")
    assert (marked.item, marked.state) == (an_item(route=route), becomes)
    assert (marked.event.by, marked.event.channel, marked.event.recipient) == ("M. H.", channel, JUSTICE)
    said = {key: marked.event.detail[key] for key in ("by_hand", "date", "count", "note", "language", "sender")}
    assert said == {
        "by_hand": True,
        "date": "2026-11-20",
        "count": 3,
        "note": "two stamps each",
        "language": "en",
        "sender": "hale",
    }
    assert state(desk, marked.item) is becomes


def test_a_form_on_a_site_is_a_way_of_its_own(desk: Path) -> None:
    assert noted(desk, "handed-over", web=True).item.route is Route.WEB


def test_an_office_s_name_alone_will_do_and_a_directory_will_not(desk: Path) -> None:
    assert noted(desk, "posted", "justice-minister").item == POST
    with pytest.raises(UnknownChoice, match="single recipient"):
        noted(desk, "posted", "arlandia")
    with pytest.raises(UnknownChoice):
        noted(desk, "posted", "arlandia/nobody")


def test_without_a_desk_nothing_is_noted(workspace: Path) -> None:
    with pytest.raises(NoDesk):
        noted(workspace, "posted")
    assert not (workspace / "outbox/log.db").exists()


def test_what_has_gone_is_not_marked_again_without_a_word(desk: Path) -> None:
    noted(desk, "posted")
    with pytest.raises(ConfirmationNeeded, match=r"was posted on 2026-11-20 by M\. H\. already.*--again"):
        noted(desk, "posted", day=date(2026, 11, 21))
    assert kinds(desk) == ["posted"]


def test_with_a_word_it_is_one_more_letter_of_the_next_number(desk: Path) -> None:
    noted(desk, "posted")
    again = [noted(desk, "posted", again=True) for _ in range(2)]
    assert [marked.item.sequence for marked in again] == [2, 3]
    assert [marked.state for marked in again] == [State.POSTED, State.POSTED]


def test_what_the_program_sent_is_not_marked_as_sent_again(desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    with pytest.raises(ConfirmationNeeded, match="as the program recorded already"):
        noted(desk, "sent")


def test_other_ways_that_a_letter_went_are_told(desk: Path) -> None:
    noted(desk, "faxed")
    assert noted(desk, "posted").also == ("by fax: faxed",)


@pytest.mark.parametrize(
    ("kind", "begun", "channel", "route"),
    [
        ("sent", EventKind.DRAFTED, "drafts", Route.ELECTRONIC),
        ("posted", EventKind.PRINTED, "post", Route.POST),
        ("handed-over", EventKind.PRINTED, "post", Route.POST),
    ],
)
def test_the_last_step_of_what_lies_ready_is_noted_of_that_very_letter(
    desk: Path, kind: str, begun: EventKind, channel: str, route: Route
) -> None:
    item = an_item(route=route, language="fr")
    with log_of(desk) as log:
        became(log, item, begun, channel)
    assert noted(desk, kind).item == item


def test_a_letter_that_waits_is_no_longer_sent_once_it_was_sent_by_hand(desk: Path) -> None:
    with log_of(desk) as log:
        approved(log, an_item())
    assert noted(desk, "sent").item == an_item()
    assert state(desk, an_item()) is State.SENT


def test_nothing_is_noted_of_a_letter_that_a_sender_has_in_hand(desk: Path) -> None:
    with log_of(desk) as log:
        claimed(log, an_item())
    with pytest.raises(MarkRefused, match="a sender has it in hand"):
        noted(desk, "sent", again=True)


def test_post_of_which_nobody_knows_whether_it_went_is_settled_first(desk: Path) -> None:
    with log_of(desk) as log:
        unknown(log, POST, "post")
    with pytest.raises(MarkRefused, match="appeals dispatch printed"):
        noted(desk, "posted", again=True)


def test_mail_of_which_nobody_knows_whether_it_went_can_be_said_to_have_gone(desk: Path) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    assert noted(desk, "sent").item == an_item()


def test_of_letters_in_several_languages_it_has_to_be_said_which(desk: Path) -> None:
    for language in ("en", "fr"):
        noted(desk, "posted", language=language)
    with pytest.raises(MarkRefused, match=r"en, fr; say which: --lang"):
        noted(desk, "returned")
    assert noted(desk, "returned", language="fr").item.language == "fr"


def test_a_language_or_sender_that_is_not_there_is_refused(desk: Path) -> None:
    with pytest.raises(UnknownChoice):
        noted(desk, "posted", language="tlh")
    with pytest.raises(UnknownChoice):
        noted(desk, "posted", sender="nobody")


@pytest.mark.parametrize(("kind", "doubt"), [("bounced", Doubt.BOUNCED), ("returned", Doubt.RETURNED)])
def test_what_came_back_is_noted_of_what_went_only(desk: Path, kind: str, doubt: Doubt) -> None:
    with pytest.raises(MarkRefused, match=f"nothing that could have been {kind} is on record"):
        noted(desk, kind)
    noted(desk, "sent" if kind == "bounced" else "posted")
    assert noted(desk, kind).state.value == doubt.value


def test_a_draft_that_bounced_keeps_the_way_it_went(desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.DRAFTED, "drafts")
    assert noted(desk, "bounced").event.channel == "drafts"


def test_an_undo_names_what_it_takes_back(desk: Path) -> None:
    first = noted(desk, "posted")
    undone = taken_back(desk, "posted", note="it was the other one")
    assert (undone.undid, undone.state) == (first.event, State.PLANNED)
    assert undone.event.undoes == first.event.id
    assert undone.event.detail["note"] == "it was the other one"
    assert noted(desk, "posted").item == first.item


def test_what_something_followed_is_not_taken_back_before_that(desk: Path) -> None:
    noted(desk, "posted")
    noted(desk, "returned")
    with pytest.raises(MarkRefused, match="no mark 'posted' stands last there; it is returned"):
        taken_back(desk, "posted")
    assert taken_back(desk, "returned").state is State.POSTED
    assert taken_back(desk, "posted").state is State.PLANNED


def test_of_several_the_last_one_is_taken_back(desk: Path) -> None:
    noted(desk, "posted")
    noted(desk, "posted", again=True)
    assert taken_back(desk, "posted").item.sequence == 2
    assert state(desk, POST) is State.POSTED


def test_what_the_program_recorded_cannot_be_taken_back_by_hand(desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    with pytest.raises(MarkRefused, match="recorded by the program"):
        taken_back(desk, "sent")
    assert state(desk, an_item()) is State.SENT


def test_where_nothing_was_noted_there_is_nothing_to_take_back(desk: Path) -> None:
    with pytest.raises(MarkRefused, match=r"no mark 'posted' stands last there$"):
        taken_back(desk, "posted")


def test_later_plans_know_what_came_back_from_letters_of_any_case(desk: Path) -> None:
    noted(desk, "posted")
    returned = noted(desk, "returned")
    real = Desk.open(desk).appeal("KAZ 001/0802/OBS 053.02")
    with log_of(desk) as log:
        assert known(log, real).states[returned.item.id].state is State.RETURNED


def test_what_was_posted_by_hand_is_not_made_anew(desk: Path) -> None:
    noted(desk, "posted", language="fr")
    appeal = Desk.open(desk).appeal(TYPED)
    assert dispatched_letters(desk, appeal) == {(JUSTICE, "fr", "hale")}
    taken_back(desk, "posted", language="fr")
    assert dispatched_letters(desk, appeal) == frozenset()


def test_an_approval_by_a_way_that_no_plan_takes_is_passed_over(desk: Path) -> None:
    """No program records one, but an import could bring it."""
    item = an_item(route=Route.WEB)
    with log_of(desk) as log:
        approved(log, item, "web", route="web", address="https://example.org/form")
        log.append(an_event(EventKind.HANDED_OVER, item, "web"))
        opened = Desk.open(desk)
        found = known(log, opened.appeal(TYPED))
    assert (found.states[item.id].state, found.written_to) == (State.SENT, {})
