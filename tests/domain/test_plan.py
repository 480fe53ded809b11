"""Which letters a plan sends, skips, and wants a word on first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from urgent_appeals.domain.decide import decide
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.event import Event, EventKind, NewEvent, Place, sealed
from urgent_appeals.domain.item import Item, Route, Via
from urgent_appeals.domain.item_state import ItemState, item_state
from urgent_appeals.domain.plan import (
    Action,
    Candidate,
    Document,
    Doubt,
    Known,
    Plan,
    PlanItem,
    destination,
)
from urgent_appeals.domain.plan_changes import differences, no_longer
from urgent_appeals.domain.provenance import Provenance
from urgent_appeals.domain.standing import Standing, State

ON = date(2026, 11, 22)
OPEN = Standing(state=State.OPEN)


def an_item(recipient: str = "arlandia/justice", route: Route = Route.ELECTRONIC, **changes: Any) -> Item:
    fields = {"code": "UAD XAA 001/2026 update 1", "sender": "hale", "language": "en", **changes}
    return Item(recipient=recipient, route=route, **fields)


def a_candidate(**changes: Any) -> Candidate:
    fields: dict[str, Any] = {
        "item": an_item(),
        "via": Via.EMAIL,
        "address": "minister@justice.example",
        "subject": "UAD XAA 001/2026.01",
        "documents": (Document(path="outbox/a/letters/x.eml", sha256="0" * 64),),
        "letter_of": ON,
        "doubts": {},
    }
    return Candidate(**{**fields, **changes})


def after(*kinds: EventKind) -> ItemState:
    events: list[Event] = []
    for seq, kind in enumerate(kinds, start=1):
        new = NewEvent(at=datetime(2026, 11, 22, tzinfo=UTC), by="MH", event=kind, item="i")
        before = (events[-1].id,) if events else ()
        events.append(sealed(new, Place(desk="leeds", seq=seq, id=f"e{seq}", after=before)))
    return item_state(events)


def decided(
    *candidates: Candidate,
    states: Mapping[str, ItemState] | None = None,
    written_to: Mapping[str, Item] | None = None,
    **changes: Any,
) -> tuple[PlanItem, ...]:
    known = Known(states or {}, written_to or {})
    return decide(candidates, **{"standing": OPEN, "known": known, "on": ON, **changes})


def a_plan(*items: PlanItem, **changes: Any) -> Plan:
    fields = {"plan": "p", "on": ON, "code": "UAD XAA 001/2026 update 1", "via": None, "sender": "hale"}
    return Plan(**{**fields, **changes}, items=items)


def test_a_letter_that_nothing_speaks_against_goes() -> None:
    (item,) = decided(a_candidate())
    assert (item.action, item.reason, item.doubts) == (Action.SEND, "", ())
    assert a_plan(item).to_send == (item,)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"address": None}, "the directory has no address for this channel"),
        ({"refused": "'a b' is no address"}, "'a b' is no address"),
        ({"act_by": date(2026, 11, 21)}, "the last day for this channel was 2026-11-21"),
        ({"letter_of": date(2026, 11, 23)}, "the letter is dated 2026-11-23, which is still to come"),
        ({"unusable": "it was changed"}, "it was changed"),
    ],
)
def test_what_cannot_go_is_skipped_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    (item,) = decided(a_candidate(**changes))
    assert (item.action, item.reason) == (Action.SKIP, reason)


def test_what_the_desk_does_not_write_to_is_skipped_and_can_be_tried_out() -> None:
    (barred,) = decided(a_candidate(barred="this desk writes to a.example only"))
    assert (barred.action, barred.reason) == (Action.SKIP, "this desk writes to a.example only")
    (other,) = decided(a_candidate(barred="this desk writes to a.example only", address=None))
    assert other.reason == "the directory has no address for this channel"
    sent, skipped = decided(a_candidate(), a_candidate(unusable="it was changed"))
    plan = a_plan(barred, other, sent, skipped)
    assert (plan.to_send, plan.to_try) == ((sent,), (barred, sent))


def test_a_letter_that_came_back_is_skipped_with_the_ways_that_there_are() -> None:
    states = {an_item().id: after(EventKind.SENT, EventKind.BOUNCED)}
    for ways, said in (((Via.POST,), "--via post"), ((Via.FAX, Via.POST), "--via fax (or post)")):
        (item,) = decided(a_candidate(other_ways=ways), states=states)
        assert item.action is Action.SKIP
        assert item.reason == f"sent already, and bounced; by another way: {said} --accept another-way"


def test_the_way_that_is_told_after_a_bounce_is_one_that_goes() -> None:
    states = {an_item().id: after(EventKind.SENT, EventKind.BOUNCED)}
    posted = a_candidate(item=an_item(route=Route.POST), via=Via.POST, address="1 Assize Street")
    (item,) = decided(posted, states=states, accepted=["another-way"])
    assert item.action is Action.SEND


def test_a_letter_that_came_back_and_went_another_way_since_needs_no_further_one() -> None:
    states = {
        an_item(route=Route.POST).id: after(EventKind.POSTED, EventKind.RETURNED),
        an_item(route=Route.FAX).id: after(EventKind.FAXED),
    }
    returned = a_candidate(item=an_item(route=Route.POST), via=Via.POST, other_ways=(Via.EMAIL,))
    (item,) = decided(returned, states=states)
    assert item.reason == "posted already, and returned; it went another way already: by fax (faxed)"


def test_a_letter_that_waits_to_be_printed_says_in_which_print_run() -> None:
    candidate = a_candidate(item=an_item(route=Route.POST), via=Via.POST)
    new = NewEvent(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by="MH",
        event=EventKind.UNKNOWN,
        item=candidate.item.id,
        channel="post",
        detail={"path": "outbox/print-run/p-2.pdf"},
    )
    for change, said in (
        ({}, "waits to be printed; once it is, say so: appeals dispatch printed p-2"),
        ({"detail": {}}, "may have gone already: see `appeals dispatch reconcile`"),
        ({"channel": "email"}, "may have gone already: see `appeals dispatch reconcile`"),
    ):
        state = item_state([sealed(new.model_copy(update=change), Place(desk="leeds", seq=1, id="e1"))])
        (item,) = decided(candidate, states={candidate.item.id: state})
        assert (item.action, item.reason) == (Action.SKIP, said)


def test_a_letter_goes_on_its_last_day() -> None:
    assert decided(a_candidate(act_by=ON))[0].action is Action.SEND


@pytest.mark.parametrize("state", [state for state in State if state is not State.OPEN])
def test_nothing_of_an_appeal_that_is_not_open_goes(state: State) -> None:
    (item,) = decided(a_candidate(), standing=Standing(state=state, reason="because"))
    assert (item.action, item.reason) == (Action.SKIP, f"the appeal is {state.value}: because")


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ((EventKind.SENT,), "accepted by our mail server already"),
        ((EventKind.DRAFTED,), "lies in the mailbox as a draft already"),
        ((EventKind.POSTED,), "posted already"),
        (
            (EventKind.SENT, EventKind.BOUNCED),
            "sent already, and bounced; there is no other way to reach this office",
        ),
        ((EventKind.CLAIMED,), "a sender has it in hand"),
        ((EventKind.UNKNOWN,), "may have gone already: see `appeals dispatch reconcile`"),
        ((EventKind.DATA,), "may have gone already: see `appeals dispatch reconcile`"),
    ],
)
def test_what_has_gone_or_may_have_is_never_planned_again(kinds: tuple[EventKind, ...], reason: str) -> None:
    candidate = a_candidate(doubts={Doubt.STALE: "old"})
    accepted = [doubt.value for doubt in Doubt]
    (item,) = decided(candidate, states={candidate.item.id: after(*kinds)}, accepted=accepted)
    assert (item.action, item.reason) == (Action.SKIP, reason)


@pytest.mark.parametrize("kind", [EventKind.APPROVED, EventKind.DEFERRED, EventKind.CANCELLED])
def test_what_waits_or_was_called_off_can_be_planned(kind: EventKind) -> None:
    candidate = a_candidate()
    assert decided(candidate, states={candidate.item.id: after(kind)})[0].action is Action.SEND


def test_a_doubt_keeps_a_letter_back_until_it_is_accepted_by_name() -> None:
    candidate = a_candidate(doubts={Doubt.STALE: "last checked 2024", Doubt.NOT_REVIEWED: "nobody read it"})
    (item,) = decided(candidate, accepted=["stale"])
    assert (item.action, item.reason, item.doubts) == (Action.CONFIRM, "nobody read it", (Doubt.NOT_REVIEWED,))
    (item,) = decided(candidate, accepted=["stale", "not-reviewed"])
    assert (item.action, item.doubts) == (Action.SEND, (Doubt.STALE, Doubt.NOT_REVIEWED))


def test_a_doubt_can_be_accepted_for_one_recipient_alone() -> None:
    doubts = {Doubt.STALE: "last checked 2024"}
    one, other = an_item("arlandia/justice"), an_item("arlandia/president")
    items = decided(
        a_candidate(item=one, doubts=doubts),
        a_candidate(item=other, address="p@x.example", doubts=doubts),
        accepted=["stale:arlandia/president"],
    )
    assert [item.action for item in items] == [Action.CONFIRM, Action.SEND]


def test_two_letters_to_one_address_need_a_word_however_it_is_spelt() -> None:
    items = decided(a_candidate(), a_candidate(item=an_item("arlandia/president"), address="MINISTER@Justice.example"))
    assert [item.action for item in items] == [Action.SEND, Action.CONFIRM]
    assert items[1].reason == "goes to the same address as the letter to arlandia/justice"


def test_an_address_that_was_written_to_before_needs_a_word_for_another_office_of_the_same_sender_only() -> None:
    there = destination(Via.DRAFTS, "minister@justice.example")
    before = an_item("arlandia/president")
    (item,) = decided(a_candidate(), written_to={there: before})
    assert (item.action, item.doubts) == (Action.CONFIRM, (Doubt.SAME_ADDRESS,))
    for other in (an_item("arlandia/president", sender="ormond"), an_item(language="ru")):
        assert decided(a_candidate(), written_to={there: other})[0].action is Action.SEND


@pytest.mark.parametrize(
    ("via", "one", "other", "same"),
    [
        (Via.EMAIL, "Minister@justice.example", "minister+law@JUSTICE.example", True),
        (Via.EMAIL, "a@xn--mnchen-3ya.example", "a@münchen.example", True),
        (Via.EMAIL, "a@justice.example", "b@justice.example", False),
        (Via.FAX, "+999 155", "+999155", False),
        (Via.POST, "22 Assize Street\nOrseval", "22 Assize  Street Orseval", True),
        (Via.EMAIL, "no address", "no  Address", True),
    ],
)
def test_one_mailbox_is_known_in_every_spelling(via: Via, one: str, other: str, same: bool) -> None:
    assert (destination(via, one) == destination(via, other)) is same


def test_drafts_go_to_the_mailboxes_that_mail_goes_to_and_faxes_do_not() -> None:
    addresses = {destination(via, "a@justice.example") for via in Via}
    assert len(addresses) == len(Via) - 1


def test_a_letter_that_went_in_another_language_needs_a_word() -> None:
    russian = an_item(language="ru", route=Route.FAX)
    (item,) = decided(a_candidate(languages=("en", "ru")), states={russian.id: after(EventKind.FAXED)})
    assert (item.action, item.doubts) == (Action.CONFIRM, (Doubt.ANOTHER_LANGUAGE,))
    assert item.reason == "went in 'ru' by fax (faxed)"


def test_a_letter_that_went_another_way_needs_a_word() -> None:
    posted = an_item(route=Route.POST)
    (item,) = decided(a_candidate(), states={posted.id: after(EventKind.POSTED)})
    assert (item.action, item.doubts) == (Action.CONFIRM, (Doubt.ANOTHER_WAY,))
    assert item.reason == "went another way already: by post (posted)"


def test_what_was_called_off_another_way_does_not_count() -> None:
    posted = an_item(route=Route.POST)
    assert decided(a_candidate(), states={posted.id: after(EventKind.CANCELLED)})[0].action is Action.SEND


@pytest.mark.parametrize("kinds", [(EventKind.APPROVED,), (EventKind.DEFERRED,), (EventKind.CLAIMED,)])
def test_a_letter_that_waits_to_go_another_way_or_in_another_language_needs_a_word(
    kinds: tuple[EventKind, ...],
) -> None:
    posted, russian = an_item(route=Route.POST), an_item(language="ru")
    (item,) = decided(a_candidate(), states={posted.id: after(*kinds)})
    assert (item.action, item.doubts, item.reason) == (
        Action.CONFIRM,
        (Doubt.ANOTHER_WAY,),
        "waits to go by post",
    )
    (item,) = decided(a_candidate(languages=("en", "ru")), states={russian.id: after(*kinds)})
    assert (item.doubts, item.reason) == ((Doubt.ANOTHER_LANGUAGE,), "waits to go in 'ru' by mail")


def test_a_letter_that_waits_its_own_way_can_be_planned_again() -> None:
    candidate = a_candidate()
    assert decided(candidate, states={candidate.item.id: after(EventKind.DEFERRED)})[0].action is Action.SEND


def test_what_failed_before_needs_a_word() -> None:
    candidate = a_candidate()
    (item,) = decided(candidate, states={candidate.item.id: after(EventKind.FAILED)})
    assert (item.action, item.doubts) == (Action.CONFIRM, (Doubt.FAILED,))


def test_a_letter_without_an_address_shares_none() -> None:
    items = decided(a_candidate(address=None), a_candidate(item=an_item("arlandia/president"), address=None))
    assert [item.action for item in items] == [Action.SKIP, Action.SKIP]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "spy@evil.example"}, "the address was minister@justice.example and is spy@evil.example"),
        ({"address": None}, "the address was minister@justice.example and is none"),
        ({"via": Via.DRAFTS}, "it went by email and goes by drafts"),
        ({"subject": "another"}, "the letter is another one"),
        ({"documents": ()}, "the letter is another one"),
        ({"unusable": "it was changed"}, "it was to send, now to skip (it was changed)"),
    ],
)
def test_whatever_changes_is_told_and_changes_the_digest(changes: dict[str, Any], said: str) -> None:
    before, now = a_plan(*decided(a_candidate())), a_plan(*decided(a_candidate(**changes)))
    assert any(said in line for line in differences(before, now))
    assert before.digest != now.digest


def test_a_reason_in_other_words_changes_nothing() -> None:
    before = a_plan(*decided(a_candidate(doubts={Doubt.STALE: "old"}), accepted=["stale"]))
    now = a_plan(*decided(a_candidate(doubts={Doubt.STALE: "older"}), accepted=["stale"]))
    assert (before.digest, differences(before, now)) == (now.digest, ())


def test_an_action_that_changes_without_a_reason_is_told() -> None:
    (item,) = decided(a_candidate(doubts={Doubt.STALE: "old"}))
    sent = item.model_copy(update={"action": Action.SEND, "reason": ""})
    assert differences(a_plan(item), a_plan(sent)) == (f"{item.key}: it was to confirm, now to send",)


def test_letters_that_come_and_go_are_told() -> None:
    (one,) = decided(a_candidate())
    (other,) = decided(a_candidate(item=an_item("arlandia/president")))
    assert differences(a_plan(one), a_plan(other)) == (f"{one.key} is no longer planned", f"{other.key} is new")


def test_a_line_that_was_changed_by_hand_is_none() -> None:
    (item,) = decided(a_candidate())
    for change in ({"address": "spy@evil.example"}, {"item": "0" * 32}, {"content": "0" * 64}):
        with pytest.raises(ValueError, match="digests of a line"):
            PlanItem.model_validate({**item.model_dump(), **change})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"unusable": "it was changed"}, "it was changed"),
        ({"subject": "another"}, "it is no longer what was approved"),
    ],
)
def test_what_is_no_longer_planned_just_so_goes_no_more(changes: dict[str, Any], reason: str | None) -> None:
    (before,), (now,) = decided(a_candidate()), decided(a_candidate(**changes))
    assert no_longer(before, now) == reason


def test_what_is_no_longer_planned_at_all_goes_no_more() -> None:
    assert no_longer(decided(a_candidate())[0], None) == "it is no longer planned"


BOUNCED: dict[Doubt, str] = {Doubt.BOUNCED: "mail to it bounced"}


def test_a_doubt_that_nobody_had_seen_is_a_change_though_its_word_was_accepted_for_all() -> None:
    (planned,) = decided(a_candidate(), accepted=["bounced"])
    (now,) = decided(a_candidate(doubts=BOUNCED), accepted=["bounced"])
    assert (planned.action, now.action, planned.content) == (Action.SEND, Action.SEND, now.content)
    assert differences(a_plan(planned), a_plan(now)) == (
        f"{now.key}: what needed a word was none and is bounced (mail to it bounced)",
    )
    assert differences(a_plan(now), a_plan(planned)) == (f"{now.key}: what needed a word was bounced and is none",)
    assert a_plan(planned).digest != a_plan(now).digest
    assert no_longer(planned, now) == "mail to it bounced"
    assert no_longer(now, planned) is None
    assert no_longer(now, now) is None


# ── from whom ──


def a_provenance(**changes: Any) -> Provenance:
    return Provenance(**{"desk": "leeds", "address": "desk@campaign.example", "server": "localhost", **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "x@evil.example"}, "the address that letters come from was desk@campaign.example and is x@evil"),
        ({"name": "Letters"}, "the name that letters come from was none and is Letters"),
        ({"replies": "spy@evil.example"}, "the address for answers was none and is spy@evil.example (desk.yaml)"),
        ({"envelope_sender": "b@evil.example"}, "the address for bounces was none and is b@evil.example"),
        ({"server": "evil.example"}, "the mail server was localhost and is evil.example"),
        ({"server": None}, "the mail server was localhost and is none"),
        ({"mailbox": "imap.example"}, "the mailbox was none and is imap.example"),
        ({"gateway": "{number}@fax.example"}, "the fax gateway was none and is {number}@fax.example"),
        ({"program": "fax '{file}'"}, "the program that faxes was none and is fax '{file}'"),
        ({"desk": "york"}, "the desk was leeds and is york"),
    ],
)
def test_whom_letters_come_from_and_how_they_leave_is_part_of_a_plan(changes: dict[str, Any], said: str) -> None:
    items = decided(a_candidate())
    before, now = (a_plan(*items, provenance=a_provenance(**more)) for more in ({}, changes))
    (line,) = differences(before, now)
    assert said in line
    assert before.digest != now.digest


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "desk@campaign.example"),
        ({"name": "Letters"}, "Letters <desk@campaign.example>"),
        ({"address": None, "name": "Letters"}, ""),
    ],
)
def test_a_provenance_is_shown_as_the_recipient_sees_it(changes: dict[str, Any], said: str) -> None:
    assert str(a_provenance(**changes)) == said


def test_a_provenance_is_what_the_settings_of_the_desk_say() -> None:
    account = {"host": "localhost", "from": "desk@campaign.example", "from_name": "Letters"}
    whole = Settings.model_validate(
        {
            "desk": "leeds",
            "by": "M. H.",
            "replies": "answers+{token}@campaign.example",
            "smtp": {**account, "envelope_sender": "bounces+{token}@campaign.example"},
            "imap": {"host": "imap.example", "user": "desk@campaign.example"},
            "fax": {"gateway": "{number}@fax.example"},
        }
    )
    assert Provenance.of(whole) == Provenance(
        desk="leeds",
        address="desk@campaign.example",
        name="Letters",
        replies="answers+{token}@campaign.example",
        envelope_sender="bounces+{token}@campaign.example",
        server="localhost",
        mailbox="desk@campaign.example at imap.example, folder Drafts",
        gateway="{number}@fax.example",
    )
    fax = {"command": ["fax", "{number}", "{file}", "a b"]}
    with_program = Settings.model_validate({"desk": "leeds", "by": "M. H.", "fax": fax})
    assert Provenance.of(with_program).program == "fax '{number}' '{file}' 'a b'"
    assert Provenance.of(Settings(desk="leeds", by="M. H.")) == Provenance(desk="leeds")
