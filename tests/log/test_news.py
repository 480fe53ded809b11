"""A run notices what others record, and not what it records itself."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.log.conftest import Opens
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item_state import State

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def an_event(kind: EventKind, item: str = "i") -> NewEvent:
    return NewEvent(at=AT, by="M. H.", event=kind, item=item)


def test_what_a_log_records_itself_is_no_news_to_it(opens: Opens) -> None:
    log = opens()
    before = log.news()
    log.append(an_event(EventKind.APPROVED), an_event(EventKind.APPROVED, "j"))
    claim = log.transition(an_event(EventKind.CLAIMED), {State.APPROVED})
    assert claim is not None
    log.conclude(an_event(EventKind.RELEASED), claim)
    assert log.transition(an_event(EventKind.CLAIMED), {State.SENT}) is None
    assert log.news() == before


def test_what_another_program_records_is_news_whoever_records_after_it(opens: Opens) -> None:
    log, other = opens(), opens()
    log.append(an_event(EventKind.APPROVED))
    before = log.news()
    other.append(an_event(EventKind.POSTED))
    once = log.news()
    log.append(an_event(EventKind.APPROVED, "j"))
    assert before != once == log.news()
    other.append(an_event(EventKind.RETURNED))
    assert log.news() not in {before, once}
