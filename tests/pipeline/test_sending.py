"""Sending: each letter once, each step on record before the next, and what happens when something does not go well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.desk import (
    AT,
    AT_ONCE,
    CODE,
    Letters,
    Said,
    SetClock,
    a_log,
    a_plan,
    a_sender,
    an_item,
    events,
    history,
    message_ids,
    state,
    states,
    totals,
)
from urgent_appeals.dispatch.channel import Accepted, Deferred, Drafted, Failed, ForPrint, Receipt, Unsure
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.throttle import MOST, Limits
from urgent_appeals.errors import (
    AccountUnusable,
    AnotherSender,
    ClockDoubtful,
    DefinitionsBroken,
    LetterChanged,
    LogUnwritable,
    MessageRefused,
)
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.ledger import Ledger
from urgent_appeals.pipeline.sending import Ran

TWO = a_plan("one", "two")
LATER = Deferred("greylisted", "451 4.7.1")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with a_log(tmp_path / "outbox") as opened:
        yield opened


def says(ran: Ran) -> list[str]:
    return [outcome.says for outcome in ran.outcomes]


# ── each letter once ──


def test_each_letter_is_approved_claimed_marked_and_sent_in_this_order(log: Log) -> None:
    ran = a_sender(log, Said()).run(TWO)
    assert ran.count(State.SENT) == 2
    assert history(log, "one") == ["approved", "claimed", "data", "sent"]


def test_a_second_run_sends_nothing_and_records_nothing(log: Log) -> None:
    a_sender(log, Said()).run(TWO)
    before, channel = events(log), Said()
    ran = a_sender(log, channel).run(TWO)
    assert (channel.calls, events(log)) == (0, before)
    assert ran.count(State.SENT) == 2


def test_the_marker_has_all_that_tells_the_letter_again(log: Log) -> None:
    channel = Said()
    a_sender(log, channel).run(a_plan("one"))
    (mark,) = events(log, EventKind.DATA)
    (parcel,) = channel.parcels
    assert mark.detail["sha256"] == parcel.digest
    assert mark.detail["message_id"] == parcel.message_id
    assert mark.detail["address"] == "one@justice.example"
    assert mark.attempt == 1


def test_the_whole_plan_is_approved_before_the_first_letter_is_taken_up(log: Log) -> None:
    a_sender(log, Said()).run(TWO)
    kinds = [event.event for event in events(log)]
    assert kinds[:3] == [EventKind.NOTED, EventKind.APPROVED, EventKind.APPROVED]
    assert events(log)[0].detail == {"run": "plan", "digest": TWO.digest, "items": 2}


@pytest.mark.parametrize(
    ("via", "receipt", "is_then"),
    [
        (Via.EMAIL, Accepted("ok", "Q1"), State.SENT),
        (Via.DRAFTS, Drafted("Drafts", 7), State.DRAFTED),
        (Via.FAX, Accepted("job 7", "7"), State.FAXED),
        (Via.POST, ForPrint("outbox/print-run/plan.pdf"), State.UNKNOWN),
        (Via.EMAIL, LATER, State.DEFERRED),
        (Via.EMAIL, Failed("no such mailbox", "550 5.1.1"), State.FAILED),
        (Via.EMAIL, Unsure("the connection was lost"), State.UNKNOWN),
    ],
)
def test_what_the_other_side_says_is_what_the_letter_is(log: Log, via: Via, receipt: Receipt, is_then: State) -> None:
    plan = a_plan("one", via=via)
    a_sender(log, Said([receipt]), via).run(plan)
    assert states(log, plan) == {"one": is_then}


def test_the_total_of_the_states_is_the_number_approved_whatever_came_of_each(log: Log) -> None:
    plan = a_plan(*"abcdefg")
    receipts: list[Receipt] = [Accepted("ok"), LATER, Failed("no"), Unsure("lost"), Accepted("ok")]
    a_sender(log, Said(receipts), supply=Letters(refuse={"f": "an update has come"})).run(plan)
    assert totals(log, [plan]) == {
        State.SENT: 3,
        State.DEFERRED: 1,
        State.FAILED: 1,
        State.UNKNOWN: 1,
        State.CANCELLED: 1,
    }


def test_a_letter_is_handed_over_by_the_way_that_the_plan_says(log: Log) -> None:
    mail, fax = Said(), Said()
    a_sender(log, mail, channels={Via.EMAIL: mail, Via.FAX: fax}).run(a_plan("one", via=Via.FAX))
    assert (mail.calls, fax.calls) == (0, 1)


# ── what may have gone ──


@pytest.mark.parametrize("error", [OSError("the cable"), MessageRefused("one", "odd"), LetterChanged("a", "odd")])
def test_an_error_after_the_marker_leaves_the_letter_unknown_and_never_failed(log: Log, error: Exception) -> None:
    ran = a_sender(log, Said([error, Accepted("ok")])).run(TWO)
    assert states(log, TWO) == {"one": State.UNKNOWN, "two": State.SENT}
    assert ran.count(State.UNKNOWN) == 1


def test_what_is_unknown_is_never_sent_again_by_itself(log: Log) -> None:
    a_sender(log, Said([Unsure("lost")])).run(a_plan("one"))
    channel = Said()
    ran = a_sender(log, channel).run(a_plan("one", name="another plan"))
    assert channel.calls == 0
    assert "reconcile" in says(ran)[0]


def test_a_way_out_that_is_unsure_without_having_marked_leaves_the_letter_unknown(log: Log) -> None:
    a_sender(log, Said([Unsure("odd")], marks=False)).run(a_plan("one"))
    assert history(log, "one") == ["approved", "claimed", "data", "unknown"]


def test_a_fault_of_the_program_after_the_marker_ends_the_run_and_the_next_calls_it_unknown(log: Log) -> None:
    with pytest.raises(ZeroDivisionError):
        a_sender(log, Said([ZeroDivisionError()])).run(a_plan("one"))
    channel = Said()
    ran = a_sender(log, channel).run(a_plan("one"))
    assert states(log, a_plan("one")) == {"one": State.UNKNOWN}
    assert [event.event for event in ran.recovered] == [EventKind.UNKNOWN]
    assert channel.calls == 0


def test_a_person_who_has_an_unknown_letter_sent_again_has_it_sent_with_its_message_id(log: Log) -> None:
    a_sender(log, Said([Unsure("lost")])).run(a_plan("one"))
    item = an_item("one").id
    log.append(NewEvent(at=AT, by="MH", event=EventKind.APPROVED, item=item, code=CODE, channel="email"))
    channel = Said()
    a_sender(log, channel).run(a_plan("one"))
    assert states(log, a_plan("one")) == {"one": State.SENT}
    (ids,) = message_ids(events(log)).values()
    assert ids == {channel.parcels[0].message_id}


# ── tried again ──


def test_a_letter_that_was_put_off_waits_for_its_time_and_keeps_its_message_id(log: Log) -> None:
    clock, channel = SetClock(), Said([LATER, Accepted("ok")])
    sender = a_sender(log, channel, clock=clock)
    sender.run(a_plan("one"))
    assert "put off until 2026-11-22 09:35" in says(sender.run(a_plan("one")))[0]
    clock.pause(301)
    sender.run(a_plan("one"))
    assert history(log, "one") == ["approved", "claimed", "data", "deferred", "claimed", "data", "sent"]
    assert len({parcel.message_id for parcel in channel.parcels}) == 1


def test_the_waits_double_up_to_four_hours(log: Log) -> None:
    clock, waits = SetClock(), []
    sender = a_sender(log, Said([LATER]), clock=clock)
    for _ in range(8):
        sender.run(a_plan("one"))
        next_at = state(log, "one").next_at
        assert next_at is not None
        waits.append((next_at - clock.at) // timedelta(minutes=1))
        clock.at = next_at
    assert waits == [5, 10, 20, 40, 80, 160, 240, 240]


def test_a_letter_that_is_put_off_again_and_again_fails_in_the_end(log: Log) -> None:
    clock = SetClock()
    sender = a_sender(log, Said([LATER]), clock=clock)
    for _ in range(MOST):
        sender.run(a_plan("one"))
        clock.at = state(log, "one").next_at or clock.at
        if states(log, a_plan("one")) == {"one": State.FAILED}:
            break
    assert "given up after" in str(events(log, EventKind.FAILED)[0].detail["reason"])
    assert clock.at - AT >= timedelta(days=5)


def test_a_new_approval_after_a_failure_gives_a_letter_its_full_patience_again(log: Log) -> None:
    clock = SetClock()
    sender = a_sender(log, Said([*[LATER] * 40, Failed("no")]), clock=clock)
    while states(log, a_plan("one")) != {"one": State.FAILED}:
        sender.run(a_plan("one"))
        clock.at = state(log, "one").next_at or clock.at
    a_sender(log, Said([LATER]), clock=clock).run(a_plan("one", name="again"))
    assert states(log, a_plan("one")) == {"one": State.DEFERRED}
    assert state(log, "one").next_at == clock.at + timedelta(minutes=5)


def test_another_plan_for_a_letter_that_was_put_off_does_not_cut_its_wait_short(log: Log) -> None:
    a_sender(log, Said([LATER])).run(a_plan("one"))
    channel = Said()
    a_sender(log, channel).run(a_plan("one", name="another"))
    assert channel.calls == 0
    assert states(log, a_plan("one")) == {"one": State.DEFERRED}


def test_what_failed_is_not_sent_again_by_the_same_plan_but_by_another(log: Log) -> None:
    a_sender(log, Said([Failed("no")])).run(a_plan("one"))
    channel = Said()
    a_sender(log, channel).run(a_plan("one"))
    assert channel.calls == 0
    a_sender(log, channel).run(a_plan("one", name="another"))
    assert channel.calls == 1


# ── still wanted ──


def test_what_is_no_longer_wanted_is_cancelled_and_the_rest_goes(log: Log) -> None:
    a_sender(log, Said(), supply=Letters(refuse={"one": "an update has come"})).run(TWO)
    assert states(log, TWO) == {"one": State.CANCELLED, "two": State.SENT}
    assert events(log, EventKind.CANCELLED)[0].detail["reason"] == "an update has come"


def test_whether_a_letter_is_wanted_is_asked_after_the_pause_before_it(log: Log) -> None:
    class Stopping(SetClock):
        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            letters.refuse["two"] = "the stop has come"

    letters = Letters()
    limits = Limits(pause_seconds=5, per_domain_pause_seconds=0)
    a_sender(log, Said(), supply=letters, clock=Stopping(), limits=limits).run(TWO)
    assert states(log, TWO) == {"one": State.SENT, "two": State.CANCELLED}


@pytest.mark.parametrize("error", [OSError("unreadable"), DefinitionsBroken([])])
def test_where_nobody_can_tell_whether_a_letter_is_wanted_the_run_ends_and_nothing_is_cancelled(
    log: Log, error: Exception
) -> None:
    letters = Letters(refuse={"one": error})
    ran = a_sender(log, Said(), supply=letters).run(TWO)
    assert states(log, TWO) == {"one": State.APPROVED, "two": State.APPROVED}
    assert "still wanted" in ran.stopped
    letters.refuse.clear()
    assert a_sender(log, Said(), supply=letters).run(TWO).count(State.SENT) == 2


def test_a_letter_whose_file_was_changed_is_cancelled_and_never_sent(log: Log) -> None:
    channel = Said()
    a_sender(log, channel, supply=Letters(broken={"one": LetterChanged("one_en.eml", "is another")})).run(TWO)
    assert states(log, TWO) == {"one": State.CANCELLED, "two": State.SENT}
    assert channel.transmitted == ["arlandia/two"]


def test_a_letter_that_cannot_be_read_is_put_off_and_the_rest_goes(log: Log) -> None:
    a_sender(log, Said(), supply=Letters(broken={"one": OSError("unreadable")})).run(TWO)
    assert states(log, TWO) == {"one": State.DEFERRED, "two": State.SENT}


def test_a_letter_to_a_domain_that_the_desk_does_not_write_to_fails(log: Log) -> None:
    channel = Said()
    a_sender(log, channel, supply=Letters(faults={"one": "allow_domains"})).run(TWO)
    assert states(log, TWO) == {"one": State.FAILED, "two": State.SENT}
    assert channel.calls == 1


# ── the run ends ──


@pytest.mark.parametrize(
    "receipt",
    [
        Failed("not logged in", "535 5.7.8", stops_run=True),
        Deferred("no connection", pause="run"),
        AccountUnusable("desk@campaign.example", "no token"),
    ],
)
def test_a_fault_of_the_account_ends_the_run_and_the_rest_waits(log: Log, receipt: Receipt | Exception) -> None:
    marks = isinstance(receipt, Failed)
    channel = Said([receipt], marks=marks)
    ran = a_sender(log, channel).run(TWO)
    assert channel.calls == 1
    assert ran.stopped
    assert states(log, TWO)["two"] is State.APPROVED
    assert says(ran)[1] == "waits for the next run"


@pytest.mark.parametrize(
    "receipt",
    [Deferred("no connection", pause="run"), Deferred("not logged in", "535 5.7.8", pause="run")],
)
def test_where_nothing_of_a_letter_was_tried_it_waits_as_it_did_and_the_run_ends(log: Log, receipt: Deferred) -> None:
    ran = a_sender(log, Said([receipt], marks=False)).run(TWO)
    assert states(log, TWO) == {"one": State.APPROVED, "two": State.APPROVED}
    assert history(log, "one") == ["approved", "claimed", "released"]
    assert events(log, EventKind.RELEASED)[0].detail["reason"] == receipt.reason
    assert (ran.stopped, says(ran)) == (receipt.reason, ["waits for the next run"] * 2)
    assert a_sender(log, Said()).run(TWO).count(State.SENT) == 2


def test_what_may_have_been_tried_before_the_run_had_to_end_is_put_off(log: Log) -> None:
    a_sender(log, Said([Deferred("the fax program is gone", pause="run")])).run(TWO)
    assert states(log, TWO) == {"one": State.DEFERRED, "two": State.APPROVED}


def test_a_server_that_is_out_of_reach_for_weeks_gives_no_letter_up(log: Log) -> None:
    clock, plan = SetClock(), a_plan("one")
    away = a_sender(log, Said([Deferred("no connection", pause="run")], marks=False), clock=clock)
    for _ in range(MOST + 2):
        away.run(plan)
        clock.at += timedelta(days=1)
    assert states(log, plan) == {"one": State.APPROVED}
    a_sender(log, Said([LATER]), clock=clock).run(plan)
    assert state(log, "one").next_at == clock.at + timedelta(minutes=5)


def test_a_domain_that_asks_for_a_rest_is_let_be_until_the_next_run(log: Log) -> None:
    channel = Said([Deferred("too fast", "421 4.7.0", pause="domain"), Accepted("ok")])
    ran = a_sender(log, channel).run(TWO)
    assert channel.calls == 1
    assert "rest" in says(ran)[1]
    assert states(log, TWO)["two"] is State.APPROVED


def test_an_interruption_finishes_the_letter_in_hand_and_the_same_run_goes_on_later(log: Log) -> None:
    class Interrupted(Said):
        def hand_over(self, parcel: object, mark: object) -> Receipt:
            clock.stop_after = 0
            return super().hand_over(parcel, mark)  # type: ignore[arg-type]

    clock = SetClock()
    ran = a_sender(log, Interrupted(), clock=clock).run(TWO)
    assert states(log, TWO) == {"one": State.SENT, "two": State.APPROVED}
    assert "interrupted" in ran.stopped
    assert a_sender(log, Said()).run(TWO).count(State.SENT) == 2


def test_an_interruption_in_a_pause_sends_nothing_more(log: Log) -> None:
    class Impatient(SetClock):
        def pause(self, seconds: float) -> None:
            super().pause(seconds / 2)
            self.stop_after = 0

    limits = Limits(pause_seconds=5, per_domain_pause_seconds=0)
    a_sender(log, Said(), clock=Impatient(), limits=limits).run(TWO)
    assert states(log, TWO) == {"one": State.SENT, "two": State.APPROVED}


# ── the log cannot be written ──


def test_where_the_marker_cannot_be_written_nothing_is_transmitted_and_the_run_ends(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwritable(*_: object) -> None:
        raise LogUnwritable("log.db", "the disk is full")

    channel = Said()
    monkeypatch.setattr(Ledger, "mark", unwritable)
    with pytest.raises(LogUnwritable):
        a_sender(log, channel).run(TWO)
    assert (channel.calls, channel.transmitted) == (1, [])
    monkeypatch.undo()
    assert a_sender(log, channel).run(TWO).count(State.SENT) == 2
    assert channel.transmitted == ["arlandia/one", "arlandia/two"]


def test_where_the_result_cannot_be_written_the_run_ends_and_the_letter_is_unknown(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwritable(*_: object) -> None:
        raise LogUnwritable("log.db", "the disk is full")

    channel = Said()
    monkeypatch.setattr(Log, "conclude", unwritable)
    with pytest.raises(LogUnwritable):
        a_sender(log, channel).run(TWO)
    assert channel.calls == 1
    monkeypatch.undo()
    a_sender(log, channel).run(TWO)
    assert states(log, TWO) == {"one": State.UNKNOWN, "two": State.SENT}
    assert channel.transmitted == ["arlandia/one", "arlandia/two"]


def test_a_log_that_another_program_keeps_locked_ends_the_run_with_nothing_sent(tmp_path: Path) -> None:
    with a_log(tmp_path / "outbox") as log:
        a_sender(log, Said()).run(a_plan("zero"))
    channel = Said()
    with a_log(tmp_path / "outbox", busy_timeout=0.2) as log:
        other = sqlite3.connect(tmp_path / "outbox" / "log.db")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LogUnwritable):
            a_sender(log, channel).run(TWO)
        other.rollback()
        other.close()
    assert channel.calls == 0


# ── one sender, and other desks ──


def test_a_second_sender_is_told_that_there_is_one_and_sends_nothing(log: Log, tmp_path: Path) -> None:
    channel = Said()
    with a_log(tmp_path / "outbox") as other, log.sender_lock(), pytest.raises(AnotherSender) as refused:
        a_sender(other, channel).run(TWO)
    assert refused.value.pid is not None
    assert (channel.calls, events(log)) == (0, [])


def test_what_another_desk_takes_up_meanwhile_is_left_to_it(log: Log) -> None:
    class Quicker(Letters):
        def unwanted(self, item: PlanItem) -> None:
            log.append(NewEvent(at=AT, by="BK", event=EventKind.CLAIMED, item=item.item, code=CODE, attempt=1))

    channel = Said()
    ran = a_sender(log, channel, supply=Quicker()).run(a_plan("one"))
    assert channel.calls == 0
    assert says(ran) == ["another desk has taken it up"]


def test_what_another_desk_has_sent_meanwhile_is_not_transmitted(log: Log) -> None:
    class Sent(Said):
        def hand_over(self, parcel: object, mark: object) -> Receipt:
            log.append(NewEvent(at=AT, by="BK", event=EventKind.SENT, item=an_item("one").id, code=CODE))
            return super().hand_over(parcel, mark)  # type: ignore[arg-type]

    channel = Sent()
    ran = a_sender(log, channel).run(a_plan("one"))
    assert channel.transmitted == []
    assert says(ran) == ["another desk has dealt with it meanwhile"]


def test_a_letter_bears_the_message_id_of_this_desk_and_not_that_of_another_which_approved_it_first(
    log: Log, tmp_path: Path
) -> None:
    with a_log(tmp_path / "outbox", desk="york") as other:
        item, detail = an_item("one").id, {"message_id": "<another@york.example>"}
        other.append(NewEvent(at=AT, by="BK", event=EventKind.APPROVED, item=item, code=CODE, detail=detail))
    channel = Said()
    a_sender(log, channel).run(a_plan("one"))
    assert channel.parcels[0].message_id.endswith("@campaign.example>")


def test_what_only_another_desk_has_approved_is_approved_here_too_and_keeps_its_message_id(
    log: Log, tmp_path: Path
) -> None:
    plan, clock = a_plan("one"), SetClock()
    with a_log(tmp_path / "outbox", desk="york") as other:
        a_sender(other, Said([LATER]), clock=clock).run(plan)
    channel = Said([LATER, LATER, Accepted("ok")])
    for _ in range(3):
        clock.at = state(log, "one").next_at or clock.at
        a_sender(log, channel, clock=clock).run(plan)
    assert [event.desk for event in events(log, EventKind.APPROVED)] == ["york", "leeds"]
    assert len({parcel.message_id for parcel in channel.parcels}) == 1
    assert states(log, plan) == {"one": State.SENT}


def test_a_letter_that_was_marked_here_before_it_was_approved_here_keeps_the_message_id_of_the_mark(
    log: Log, tmp_path: Path
) -> None:
    plan = a_plan("one")
    (item,) = plan.items
    common = {"at": AT, "by": "MH", "item": item.item, "code": CODE, "channel": "email"}
    with a_log(tmp_path / "outbox", desk="york") as other:
        said = {"message_id": "<another@york.example>", "content": item.content}
        other.append(NewEvent(**common, event=EventKind.APPROVED, detail=said))
    for kind, detail in (("claimed", {}), ("data", {"message_id": "<this@campaign.example>"}), ("deferred", {})):
        log.append(NewEvent(**common, event=EventKind(kind), detail=detail))
    channel = Said()
    a_sender(log, channel).run(plan)
    assert [parcel.message_id for parcel in channel.parcels] == ["<this@campaign.example>"]


def test_where_another_desk_was_quicker_than_a_way_out_that_is_unsure_the_run_goes_on(log: Log) -> None:
    class Unmarked(Said):
        def hand_over(self, parcel: object, mark: object) -> Receipt:
            if not self.calls:
                log.append(NewEvent(at=AT, by="BK", event=EventKind.SENT, item=an_item("one").id, code=CODE))
            return super().hand_over(parcel, mark)  # type: ignore[arg-type]

    ran = a_sender(log, Unmarked([Unsure("odd"), Accepted("ok")], marks=False)).run(TWO)
    assert says(ran)[0] == "another desk has dealt with it meanwhile"
    assert states(log, TWO) == {"one": State.SENT, "two": State.SENT}


# ── limits ──


def test_no_more_leave_in_a_day_than_the_account_allows_over_all_runs(log: Log) -> None:
    clock, channel = SetClock(), Said()
    limits = Limits(per_day=3, pause_seconds=0, per_domain_pause_seconds=0)
    first, second = a_plan("a", "b"), a_plan("c", "d", name="second")
    a_sender(log, channel, clock=clock, limits=limits).run(first)
    ran = a_sender(log, channel, clock=clock, limits=limits).run(second)
    assert len(channel.transmitted) == 3
    assert "room again at 2026-11-23 09:30" in ran.stopped
    clock.pause(24 * 3600 + 1)
    assert a_sender(log, channel, clock=clock, limits=limits).run(second).count(State.SENT) == 2


def test_what_may_have_gone_counts_for_the_day_as_well(log: Log) -> None:
    limits = Limits(per_day=1, pause_seconds=0, per_domain_pause_seconds=0)
    channel = Said([Unsure("lost")])
    a_sender(log, channel, limits=limits).run(TWO)
    assert channel.calls == 1


def test_faxes_do_not_count_for_the_mail_account(log: Log) -> None:
    limits = Limits(per_day=1, pause_seconds=0, per_domain_pause_seconds=0)
    a_sender(log, Said(), Via.FAX, limits=limits).run(a_plan("a", "b", via=Via.FAX))
    ran = a_sender(log, Said(), limits=limits).run(a_plan("c", name="mail"))
    assert ran.count(State.SENT) == 1


def faxes(*recipients: str) -> Plan:
    """Return a plan of faxes, each to the same number."""
    items = [item for recipient in recipients for item in a_plan(recipient, via=Via.FAX).items]
    return a_plan(via=Via.FAX).model_copy(update={"items": tuple(items)})


def test_faxes_by_a_mail_gateway_count_for_the_mail_account_and_keep_its_pace(log: Log) -> None:
    clock = SetClock()
    limits = Limits(per_day=2, pause_seconds=1, per_domain_pause_seconds=20)
    plan = faxes("a", "b", "c")
    sender = a_sender(log, Said(), Via.FAX, limits=limits, clock=clock, gateway="{number}@fax.example")
    ran = sender.run(plan)
    assert ran.count(State.FAXED) == 2
    assert "the most for a day" in ran.stopped
    assert 20 <= clock.pauses[0] <= 30
    assert a_sender(log, Said(), limits=limits, clock=clock, gateway="{number}@fax.example").run(TWO).stopped


def test_a_gateway_that_asks_for_a_rest_is_let_be_for_every_number(log: Log) -> None:
    channel = Said([Deferred("too fast", "421 4.7.0", pause="domain"), Accepted("ok")])
    plan = faxes("a", "b")
    a_sender(log, channel, Via.FAX, gateway="{number}@fax.example").run(plan)
    assert channel.calls == 1


def test_letters_to_one_domain_are_further_apart_than_others(log: Log) -> None:
    clock = SetClock()
    a_sender(log, Said(), clock=clock, limits=Limits(pause_seconds=1, per_domain_pause_seconds=20)).run(TWO)
    (pause,) = clock.pauses
    assert 20 <= pause <= 30


# ── the clock (R13) ──


def test_a_clock_that_was_set_back_six_years_is_told_and_nothing_is_sent(log: Log) -> None:
    a_sender(log, Said()).run(a_plan("one"))
    channel = Said()
    long_ago = SetClock(at=AT - timedelta(days=6 * 365))
    with pytest.raises(ClockDoubtful, match="2020-11-23"):
        a_sender(log, channel, clock=long_ago).run(a_plan("two", name="second"))
    assert channel.calls == 0


def test_a_person_can_say_that_the_earlier_time_is_the_right_one(log: Log) -> None:
    ahead = SetClock(at=AT + timedelta(days=365))
    a_sender(log, Said([Accepted("ok"), LATER]), clock=ahead, limits=Limits(per_day=2)).run(TWO)
    sender = a_sender(log, Said(), limits=Limits(per_day=2), trusts_clock=True)
    assert sender.run(TWO).count(State.SENT) == 2


def test_a_clock_a_year_ahead_retries_each_letter_once_and_gives_none_up(log: Log) -> None:
    clock, channel = SetClock(), Said([LATER])
    plan = a_plan("a", "b", "c")
    a_sender(log, channel, clock=clock).run(plan)
    clock.at += timedelta(days=365)
    a_sender(log, channel, clock=clock).run(plan)
    assert channel.calls == 6
    assert set(states(log, plan).values()) == {State.DEFERRED}


@pytest.mark.parametrize("jump", [timedelta(days=-6 * 365), timedelta(days=365)])
def test_a_clock_that_is_set_in_the_midst_ends_the_run_before_the_next_letter(log: Log, jump: timedelta) -> None:
    class Setting(Said):
        def hand_over(self, parcel: object, mark: object) -> Receipt:
            receipt = super().hand_over(parcel, mark)  # type: ignore[arg-type]
            clock.at += jump
            return receipt

    clock = SetClock()
    channel = Setting()
    ran = a_sender(log, channel, clock=clock).run(TWO)
    assert channel.calls == 1
    assert "the clock" in ran.stopped
    assert states(log, TWO) == {"one": State.SENT, "two": State.APPROVED}


def test_the_order_of_events_is_their_number_whatever_the_clock_says(log: Log) -> None:
    class Backwards(SetClock):
        def now(self) -> object:  # type: ignore[override]
            self.at -= timedelta(seconds=1)
            return self.at

    a_sender(log, Said(), clock=Backwards()).run(TWO)
    assert [event.seq for event in events(log)] == list(range(1, 10))
    assert log.verify() == ()
    assert states(log, TWO) == {"one": State.SENT, "two": State.SENT}


# ── only to oneself ──


def test_a_test_run_records_nothing_of_the_letters(log: Log) -> None:
    ran = a_sender(log, Said()).reflect(TWO.to_send)
    assert ran.count(State.SENT) == 2
    assert events(log) == []


def test_a_test_run_keeps_to_the_most_for_a_day(log: Log) -> None:
    channel = Said()
    limits = Limits(per_day=2, pause_seconds=0, per_domain_pause_seconds=0, slow_start=1)
    ran = a_sender(log, channel, limits=limits).reflect(a_plan("a", "b", "c", "d").to_send)
    assert (ran.count(State.SENT), channel.calls) == (2, 2)
    assert "the most for a day is reached" in ran.stopped
    assert says(ran)[2:] == ["not sent to yourself"] * 2


def test_drafts_for_oneself_do_not_count_for_the_most_of_a_day(log: Log) -> None:
    limits = Limits(per_day=1, pause_seconds=0, per_domain_pause_seconds=0)
    drafts = a_plan("a", "b", via=Via.DRAFTS).to_send
    ran = a_sender(log, Said([Drafted("Drafts", 7)]), Via.DRAFTS, limits=limits).reflect(drafts)
    assert ran.count(State.SENT) == 2


def test_a_test_run_ends_at_a_fault_of_the_account(log: Log) -> None:
    channel = Said([Failed("not logged in", stops_run=True)])
    ran = a_sender(log, channel).reflect(TWO.to_send)
    assert channel.calls == 1
    assert ran.stopped == "not logged in"


def test_a_test_run_goes_on_after_a_letter_that_cannot_be_made(log: Log) -> None:
    letters = Letters(broken={"one": LetterChanged("one_en.eml", "is another")})
    ran = a_sender(log, Said(), supply=letters).reflect(TWO.to_send)
    assert [outcome.state for outcome in ran.outcomes] == [State.FAILED, State.SENT]


def test_the_limits_of_these_tests_wait_for_nothing() -> None:
    assert AT_ONCE.pause_seconds == AT_ONCE.per_domain_pause_seconds == 0
