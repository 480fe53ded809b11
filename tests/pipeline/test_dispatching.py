"""Plan and run from a workspace: what was approved goes, once, to whom it was to go, while it is wanted (A24)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.faults.desk import AT, SetClock, a_log, totals
from tests.faults.workspaces import BY_MAIL, CODE, DAY, Scene, add_desk, make_workspace
from urgent_appeals.dispatch.reply_token import desk_secret, reply_token
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item import Route, Via
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import Action
from urgent_appeals.errors import (
    AmbiguousChoice,
    ConfirmationNeeded,
    LettersOutdated,
    NoDesk,
    NothingToDo,
    OutboxError,
    PlanChanged,
    UnknownChoice,
)
from urgent_appeals.outbox import plans
from urgent_appeals.pipeline import dispatching
from urgent_appeals.pipeline.dispatching import Count, Order, run_plan
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.pipeline.plan_now import PlanNow
from urgent_appeals.workspace.desk_file import read_desk

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dispatching")]
ADDRESSES = [
    "chancellery@president.arlandia.example",
    "minister@justice.arlandia.example",
    "office@interior.arlandia.example",
    "clerk@assembly.arlandia.example",
]
ONLY = "this desk writes to justice.arlandia.example, campaign.example only (allow_domains)"
APPEAL, DIRECTORY = "appeals/UAD-XAA-001-2026/01/appeal.yaml", "recipients/arlandia.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("made") / "workspace")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def scene(made: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    place = tmp_path / "workspace"
    shutil.copytree(made, place)
    certificate = authority.certificate("localhost", "127.0.0.1", "::1")
    with ScriptedServer(tmp_path / "accepted", Script(), tls=certificate.context()) as server:
        add_desk(place, server, authority)
        yield Scene(place, server)


def at_letter(number: int, change: Callable[[], object]) -> Callable[[int, int, str], None]:
    """Return a progress that changes something when a run comes to its n-th letter."""

    def progress(at: int, _total: int, _item: str) -> None:
        if at == number:
            change()

    return progress


def remove_letters(scene: Scene) -> None:
    for manifest in (scene.place / "outbox").glob("*/manifest.json"):
        shutil.rmtree(manifest.parent)


def states(scene: Scene, plan: object) -> dict[str, State]:
    from urgent_appeals.domain.plan import Plan

    assert isinstance(plan, Plan)
    with scene.log() as log:
        return {item.key.recipient.partition("/")[2]: log.state(item.item).state for item in plan.to_send}


# ── once, to whom it was to go ──


def test_each_letter_goes_once_to_the_address_of_the_directory_and_a_second_run_sends_none(scene: Scene) -> None:
    plan = scene.plan()
    assert scene.run(plan).ran.count(State.SENT) == 4
    assert scene.taken() == ADDRESSES
    with pytest.raises(NothingToDo):
        scene.run(plan)
    assert scene.taken() == ADDRESSES


def test_what_goes_has_the_subject_the_text_and_the_pdf_that_were_approved(scene: Scene) -> None:
    plan = scene.plan(to=("president",))
    scene.run(plan)
    (accepted,) = scene.server.accepted
    draft, pdf = ((scene.place / document.path).read_bytes() for document in plan.to_send[0].documents)
    assert accepted.data.endswith(draft.partition(b"\r\n\r\n")[2])
    attached = [part.get_payload(decode=True) for part in accepted.message.walk() if part.get_filename()]
    assert attached == [pdf]


def test_a_new_plan_skips_what_has_gone_and_says_so(scene: Scene) -> None:
    scene.run(scene.plan(to=("president",)))
    again = scene.plan()
    assert (again.items[0].action, again.items[0].reason) == (
        Action.SKIP,
        "accepted by our mail server already",
    )
    scene.run(again)
    assert sorted(scene.taken()) == sorted(ADDRESSES)


def test_a_letter_that_went_in_one_language_needs_a_word_before_it_goes_in_another(scene: Scene) -> None:
    scene.run(scene.plan(to=("president",)))
    make_letters(scene.place, CODE, DAY, Wanted(to=("president",), languages=("ru",)))
    (item,) = scene.plan(to=("president",), languages=("ru",), accepted=("not-reviewed",)).items
    assert (item.action, item.doubts) == (Action.CONFIRM, ("another-language",))


@pytest.mark.parametrize(
    "same", ["chancellery@president.arlandia.example", "Chancellery+law@PRESIDENT.arlandia.example"]
)
def test_a_recipient_who_is_listed_twice_gets_one_letter_unless_a_person_says_otherwise(
    scene: Scene, same: str
) -> None:
    scene.edit(DIRECTORY, "minister@justice.arlandia.example", same)
    make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))
    plan = scene.plan()
    assert [item.action for item in plan.items if item.key.recipient == "arlandia/justice-minister"] == [Action.CONFIRM]
    scene.run(plan)
    assert len(scene.taken()) == 3


def test_an_office_that_got_the_address_of_one_that_was_written_to_needs_a_word(scene: Scene) -> None:
    scene.run(scene.plan(to=("president",)))
    scene.edit(DIRECTORY, "minister@justice.arlandia.example", "chancellery@president.arlandia.example")
    make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))
    (item,) = scene.plan(to=("justice-minister",)).items
    assert item.doubts == ("same-address",)


def test_a_choice_that_fits_nobody_is_an_error_and_never_everyone(scene: Scene) -> None:
    with pytest.raises(UnknownChoice):
        scene.plan(to=("presidnet",))
    assert not (scene.place / "outbox" / "plans").exists()


def test_a_desk_that_may_write_to_one_domain_only_writes_to_no_other(scene: Scene, authority: Authority) -> None:
    add_desk(scene.place, scene.server, authority, "allow_domains: [justice.arlandia.example, campaign.example]\n")
    plan = scene.plan()
    assert [(item.action, item.reason) for item in plan.items if item.address] == [
        (Action.SKIP, ONLY),
        (Action.SEND, ""),
        (Action.SKIP, ONLY),
        (Action.SKIP, ONLY),
    ]
    scene.run(plan)
    assert scene.taken() == [ADDRESSES[1]]
    assert [*states(scene, plan)] == ["justice-minister"]


def test_what_the_settings_bar_is_planned_as_ever_once_they_allow_it(scene: Scene, authority: Authority) -> None:
    add_desk(scene.place, scene.server, authority, "allow_domains: [campaign.example]\n")
    plan = scene.plan()
    with pytest.raises(NothingToDo):
        scene.run(plan)
    add_desk(scene.place, scene.server, authority)
    assert {item.doubts for item in scene.plan().to_send} == {()}
    assert len(scene.plan().to_send) == 4


def test_settings_that_bar_an_address_after_planning_void_the_plan(scene: Scene, authority: Authority) -> None:
    plan = scene.plan()
    add_desk(scene.place, scene.server, authority, "allow_domains: [campaign.example]\n")
    with pytest.raises(PlanChanged, match="allow_domains"):
        scene.run(plan)
    assert scene.taken() == []


def test_what_the_settings_bar_goes_to_oneself_for_a_test(scene: Scene, authority: Authority) -> None:
    add_desk(scene.place, scene.server, authority, "allow_domains: [campaign.example]\n")
    done = scene.run(scene.plan(), reflect=True)
    assert (done.ran.count(State.SENT), done.untried) == (4, ())
    assert scene.taken() == ["me@campaign.example"] * 4


def test_to_oneself_every_letter_goes_to_that_address_marked_and_nothing_becomes_of_the_items(scene: Scene) -> None:
    plan = scene.plan()
    scene.run(plan, reflect=True)
    assert scene.taken() == ["me@campaign.example"] * 4
    assert all(str(accepted.message["Subject"]).startswith("[TEST]") for accepted in scene.server.accepted)
    assert set(states(scene, plan).values()) == {State.PLANNED}
    assert scene.run(plan).ran.count(State.SENT) == 4


def test_without_a_desk_nothing_is_planned(scene: Scene) -> None:
    (scene.place / "desk.yaml").unlink()
    with pytest.raises(NoDesk):
        scene.plan()


# ── approved is what is sent ──


def test_a_directory_that_was_edited_after_planning_voids_the_plan(scene: Scene) -> None:
    plan = scene.plan()
    scene.edit(DIRECTORY, "minister@justice.arlandia.example", "spy@evil.example")
    with pytest.raises(PlanChanged):
        scene.run(plan)
    assert scene.taken() == []


def test_letters_that_were_made_again_otherwise_void_the_plan_and_the_change_is_named(scene: Scene) -> None:
    plan = scene.plan()
    scene.edit(DIRECTORY, "minister@justice.arlandia.example", "new@justice.arlandia.example")
    make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))
    with pytest.raises(PlanChanged, match="the address was minister@justice") as refused:
        scene.run(plan)
    assert any("is new@justice" in change for change in refused.value.changes)
    assert scene.taken() == []


def test_a_draft_that_was_changed_by_hand_voids_the_plan(scene: Scene) -> None:
    plan = scene.plan()
    (scene.place / plan.to_send[0].documents[0].path).write_bytes(b"X-Unsent: 1\r\n\r\nsomething else\r\n")
    with pytest.raises(PlanChanged):
        scene.run(plan)
    assert scene.taken() == []


@pytest.mark.parametrize("field", ["address", "subject", "content", "item"])
def test_a_plan_that_was_changed_by_hand_is_refused(scene: Scene, field: str) -> None:
    plan = scene.plan()
    file = scene.place / "outbox" / "plans" / f"{plan.plan}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["items"][0][field] = "spy@evil.example"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(OutboxError):
        scene.run(plan)
    assert scene.taken() == []


def test_a_plan_on_letters_whose_files_have_changed_is_refused(scene: Scene) -> None:
    scene.edit(DIRECTORY, "minister@justice.arlandia.example", "new@justice.arlandia.example")
    with pytest.raises(LettersOutdated):
        scene.plan()


def test_what_is_refused_after_it_was_begun_is_cancelled_and_a_new_plan_finishes_it(scene: Scene) -> None:
    plan = scene.plan()
    interrupted = SetClock(at=AT, stop_after=2)
    scene.run(plan, clock=interrupted)
    gone = len(scene.taken())
    assert 0 < gone < 4
    scene.edit(DIRECTORY, "clerk@assembly.arlandia.example", "office@assembly.arlandia.example")
    with pytest.raises(PlanChanged):
        scene.run(plan)
    with scene.log() as log:
        assert totals(log, [plan]) == {State.SENT: gone, State.CANCELLED: 4 - gone}
    make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))
    scene.run(scene.plan())
    assert scene.taken() == [*ADDRESSES[:3], "office@assembly.arlandia.example"]


# ── resumed ──


def test_the_same_command_goes_on_after_an_interruption(scene: Scene) -> None:
    plan = scene.plan()
    scene.run(plan, clock=SetClock(stop_after=2))
    assert len(scene.taken()) < 4
    scene.run(plan, clock=SetClock())
    assert scene.taken() == ADDRESSES


def test_a_plan_over_letters_of_another_plan_goes_on_after_an_interruption_too(scene: Scene) -> None:
    scene.run(scene.plan(), clock=SetClock(stop_after=2))
    second = scene.plan()
    scene.run(second, clock=SetClock(stop_after=2))
    assert len(scene.taken()) < 4
    scene.run(second, clock=SetClock())
    assert scene.taken() == ADDRESSES


def test_a_letter_that_failed_goes_again_only_in_a_plan_that_accepts_it(scene: Scene) -> None:
    plan = scene.plan(to=("president",))
    with scene.log() as log:
        item = plan.to_send[0]
        for kind in (EventKind.APPROVED, EventKind.FAILED):
            log.append(
                NewEvent(at=AT, by="MH", event=kind, item=item.item, code=item.key.code, detail={"plan": "another"})
            )
    (again,) = scene.plan(to=("president",)).items
    assert (again.action, again.doubts) == (Action.CONFIRM, ("failed",))
    scene.run(scene.plan(to=("president",), accepted=("failed",)))
    assert scene.taken() == ADDRESSES[:1]


# ── still wanted (P5a) ──


def test_a_stop_in_the_midst_of_a_run_cancels_what_is_left(scene: Scene) -> None:
    plan = scene.plan()
    done = scene.run(plan, progress=at_letter(3, lambda: setattr(scene, "day", date(2026, 12, 16))))
    assert scene.taken() == ADDRESSES[:2]
    assert [*states(scene, plan).values()] == [State.SENT, State.SENT, State.CANCELLED, State.CANCELLED]
    assert "stop" in done.ran.outcomes[-1].says


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(DIRECTORY, ADDRESSES[3], "clerk@parliament.arlandia.example", id="the directory"),
        pytest.param(APPEAL, "issued: 2026-11-16", "issued: 2026-11-23", id="an embargo"),
        pytest.param(
            "appeals/UAD-XAA-001-2026/02/appeal.yaml", "issued: 2026-12-15", "issued: 2026-11-21", id="a stop"
        ),
        pytest.param("campaign.yaml", "\n", "\n# other\n", id="the campaign"),
    ],
)
def test_what_is_changed_in_the_midst_of_a_run_cancels_what_is_left(
    scene: Scene, path: str, old: str, new: str
) -> None:
    plan = scene.plan()
    scene.run(plan, progress=at_letter(2, lambda: scene.edit(path, old, new)))
    assert scene.taken() == ADDRESSES[:1]
    assert [*states(scene, plan).values()] == [State.SENT, *[State.CANCELLED] * 3]


def test_an_appeal_that_is_taken_away_in_the_midst_cancels_what_is_left(scene: Scene) -> None:
    plan = scene.plan()
    scene.run(plan, progress=at_letter(2, lambda: shutil.rmtree((scene.place / APPEAL).parent)))
    assert scene.taken() == ADDRESSES[:1]


def test_a_file_that_is_half_saved_ends_the_run_and_cancels_nothing(scene: Scene) -> None:
    plan, file = scene.plan(), scene.place / APPEAL
    whole = file.read_bytes()
    done = scene.run(plan, progress=at_letter(2, lambda: file.write_bytes(b"code: [")))
    assert "still wanted" in done.ran.stopped
    assert [*states(scene, plan).values()] == [State.SENT, *[State.APPROVED] * 3]
    file.write_bytes(whole)
    scene.run(plan)
    assert scene.taken() == ADDRESSES


def test_a_letter_that_is_changed_in_the_midst_is_not_sent(scene: Scene) -> None:
    plan = scene.plan()
    draft = scene.place / plan.to_send[2].documents[0].path
    scene.run(plan, progress=at_letter(2, lambda: draft.write_bytes(b"something else")))
    assert scene.taken() == [ADDRESSES[0], ADDRESSES[1], ADDRESSES[3]]
    assert states(scene, plan)["interior-minister"] is State.CANCELLED


def test_drafts_and_print_outs_that_are_out_are_named_when_what_is_left_is_cancelled(scene: Scene) -> None:
    drafts = scene.plan(to=("president",))
    item = drafts.to_send[0]
    with scene.log() as log:
        common = {"at": AT, "by": "MH", "item": item.item, "code": item.key.code, "recipient": item.key.recipient}
        log.append(
            NewEvent(**common, event=EventKind.APPROVED, channel="drafts", detail={"address": item.address}),
            NewEvent(**common, event=EventKind.CLAIMED, channel="drafts"),
            NewEvent(**common, event=EventKind.DRAFTED, channel="drafts", detail={"folder": "Drafts"}),
        )
    plan = scene.plan(to=("justice-minister", "interior-minister"))
    done = scene.run(plan, progress=at_letter(2, lambda: setattr(scene, "day", date(2026, 12, 16))))
    assert [str(out) for out in done.out] == [
        f"the draft of {item.key.code} to arlandia/president ({ADDRESSES[0]}) in Drafts"
    ]
    with pytest.raises(PlanChanged, match="called back by hand"):
        scene.run(plan)


# ── consent ──


def test_of_a_plan_without_letters_the_command_that_makes_them_is_told_in_full(scene: Scene) -> None:
    remove_letters(scene)
    command = re.escape(f"appeals letters '{CODE}' --to president --lang en --sender hale")
    with pytest.raises(NothingToDo, match=f"was made yet; make it with: {command}$"):
        scene.plan(to=("president",), languages=("en",), sender="hale")


def test_of_a_plan_that_no_letter_fits_the_command_that_makes_one_is_told_in_full(scene: Scene) -> None:
    with pytest.raises(NothingToDo, match=re.escape(f"appeals letters '{CODE}' --lang ru")):
        scene.plan(languages=("ru",))


def test_where_no_letter_may_be_made_none_is_asked_for(scene: Scene) -> None:
    scene.day = date(2027, 3, 1)
    remove_letters(scene)
    with pytest.raises(NothingToDo) as raised:
        scene.plan()
    assert "may go: it is stopped: UAD XAA 001/2026.02 of 2026-12-15 ended" in str(raised.value)
    assert "appeals letters" not in str(raised.value)


def test_where_no_letter_may_go_it_is_not_asked_to_make_outdated_ones_again(scene: Scene) -> None:
    scene.day = date(2027, 3, 1)
    scene.edit(DIRECTORY, "minister@justice", "spy@justice")
    with pytest.raises(NothingToDo, match="it is stopped"):
        scene.plan()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            "not-reviewd",
            "no word to accept 'not-reviewd'; did you mean 'not-reviewed'? choose from: not-reviewed, stale",
        ),
        ("all", "no word to accept 'all'; choose from: not-reviewed, stale, bounced, returned, same-address, another-"),
        ("stale:presidnet", "no recipient of this appeal 'presidnet'; choose from: arlandia/president"),
        ("stale:minister", "'minister' could be any of: arlandia/justice-minister, arlandia/interior-minister"),
        ("stale:arlandia", "'arlandia' could be any of: arlandia/president, "),
        ("stale:", "no recipient of this appeal ''"),
    ],
)
def test_a_word_to_accept_that_there_is_not_is_refused(scene: Scene, typed: str, says: str) -> None:
    with pytest.raises(UnknownChoice, match=re.escape(says)):
        scene.plan(accepted=(typed,))
    assert not (scene.place / "outbox" / "plans").exists()


def test_a_word_to_accept_for_one_recipient_is_kept_with_the_name_in_full(scene: Scene) -> None:
    assert scene.plan(accepted=("stale:clerk", "failed")).accepted == ("stale:arlandia/assembly-clerk", "failed")


def test_words_of_a_recipients_name_stand_for_it_where_they_fit_one_only(scene: Scene) -> None:
    assert [item.key.recipient for item in scene.plan(to=("clerk",)).items] == ["arlandia/assembly-clerk"]
    with pytest.raises(AmbiguousChoice, match="arlandia/justice-minister, arlandia/interior-minister"):
        scene.plan(to=("minister",))


def test_a_plan_is_named_by_its_end_too_where_that_fits_one_only(scene: Scene) -> None:
    first, second = scene.plan(to=("president",)), scene.plan()
    folder = scene.place / "outbox"
    assert plans.load(folder, first.plan[-6:]) == first
    with pytest.raises(UnknownChoice):
        plans.load(folder, first.plan[-3:])
    shutil.copy(folder / "plans" / f"{second.plan}.json", folder / "plans" / f"x{second.plan}.json")
    assert plans.load(folder, second.plan) == second
    with pytest.raises(AmbiguousChoice, match=f"x{second.plan}"):
        plans.load(folder, second.plan[-6:])


def test_whoever_starts_a_run_is_asked_with_the_number_of_what_is_left(scene: Scene) -> None:
    plan = scene.plan()
    scene.run(plan, clock=SetClock(stop_after=2))
    assert len(scene.taken()) == 1
    scene.run(plan, clock=SetClock())
    assert [(count.items, count.largest) for count in scene.asked] == [(4, 0), (3, 4)]


def test_what_another_desk_notes_of_its_runs_does_not_count_as_the_largest_run_of_this_one(scene: Scene) -> None:
    with a_log(scene.place / "outbox", desk="york") as log:
        log.append(NewEvent(at=AT, by="R. T.", event=EventKind.NOTED, detail={"run": "p", "items": 900}))
    scene.run(scene.plan(to=("president",)))
    assert [count.largest for count in scene.asked] == [0]


def test_without_consent_nothing_is_approved_and_nothing_sent(scene: Scene) -> None:
    def refuse(*_: object) -> None:
        raise ConfirmationNeeded("4 letters would be sent", "--confirm 4")

    plan = scene.plan()
    with pytest.raises(ConfirmationNeeded):
        run_plan(scene.place, plan.plan, Order(refuse, SetClock(), lambda: DAY))
    assert scene.taken() == []
    assert set(states(scene, plan).values()) == {State.PLANNED}


@pytest.mark.parametrize(
    ("items", "largest", "typed", "unusual"),
    [
        (10, 0, False, False),
        (11, 11, True, False),
        (30, 12, True, False),
        (31, 0, True, True),
        (500, 12, True, True),
        (500, 167, True, False),
    ],
)
def test_above_ten_the_number_is_typed_and_far_above_the_largest_run_so_far_more(
    items: int, largest: int, typed: bool, unusual: bool
) -> None:
    count = Count(items, largest)
    assert (count.must_be_typed, count.is_unusual) == (typed, unusual)


# ── what was dispatched stays as it is ──


def test_letters_that_were_dispatched_are_not_made_again_and_the_others_are(scene: Scene) -> None:
    plan = scene.plan(to=("president",))
    scene.run(plan)
    paths = [scene.place / document.path for document in plan.to_send[0].documents]
    before = [path.read_bytes() for path in paths]
    scene.edit("campaign.yaml", "\n", "\n# other\n")
    made = make_letters(scene.place, CODE, DAY, Wanted(languages=("en",), envelope="us-10"))
    assert [path.read_bytes() for path in paths] == before
    assert len(made.dispatched) == 1
    assert {letter.recipient for letter in made.letters} == {
        f"arlandia/{office}" for office in (*BY_MAIL[1:], "prosecutor-general", "rights-commissioner")
    }
    assert scene.run(scene.plan()).ran.count(State.SENT) == 4 - 1


def test_a_letter_that_is_sent_while_letters_are_made_again_is_not_replaced(scene: Scene) -> None:
    plan = scene.plan(to=("president",))
    path = scene.place / plan.to_send[0].documents[1].path
    before = path.read_bytes()
    with pytest.raises(OutboxError, match="never replaced"):
        make_letters(
            scene.place,
            CODE,
            DAY,
            Wanted(to=("president",), languages=("en",), envelope="us-10"),
            at_letter(1, lambda: scene.run(plan)),
        )
    assert path.read_bytes() == before


def test_without_a_desk_letters_are_made_unless_there_is_a_log_of_what_was_dispatched(scene: Scene) -> None:
    settings = (scene.place / "desk.yaml").read_bytes()
    (scene.place / "desk.yaml").unlink()
    again = Wanted(to=("president",), languages=("en",))
    assert make_letters(scene.place, CODE, DAY, again).dispatched == ()
    (scene.place / "desk.yaml").write_bytes(settings)
    (scene.place / "desk.yaml").chmod(0o600)
    scene.run(scene.plan(to=("president",)))
    (scene.place / "desk.yaml").unlink()
    with pytest.raises(NoDesk):
        make_letters(scene.place, CODE, DAY, again)


def test_an_unreadable_log_keeps_letters_from_being_made(scene: Scene) -> None:
    from urgent_appeals.errors import LogError

    with closing((scene.place / "outbox" / "log.db").open("wb")) as file:
        file.write(b"no database" * 1000)
    with pytest.raises(LogError):
        make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))


# ── a test to oneself is nothing of a letter ──


def test_nothing_in_a_test_to_oneself_tells_the_letter_again(scene: Scene) -> None:
    plan = scene.plan(to=("president",))
    token = reply_token(desk_secret(scene.place / "outbox" / "reply-secret"), plan.to_send[0].item)
    scene.run(plan, reflect=True)
    scene.run(plan)
    test, letter = (accepted.data.decode() for accepted in scene.server.accepted)
    assert token in letter
    assert token not in test
    identity = re.compile(r"(?m)^(?:Message-ID|Reply-To): (\S+)")
    assert not {*identity.findall(test)} & {*identity.findall(letter)}
    assert len(identity.findall(test)) == 2


def test_of_a_mixed_plan_the_mails_alone_go_to_oneself_and_no_other_way_is_opened(
    scene: Scene, authority: Authority
) -> None:
    fax = "fax: {command: [/nonexistent/fax, '{number}', '{file}']}\n"
    add_desk(scene.place, scene.server, authority, fax)
    plan = scene.plan(via=None, accepted=("not-reviewed", "stale", "same-address", "another-way"))
    assert {item.via for item in plan.to_send} >= {Via.EMAIL, Via.FAX}
    order = Order(lambda *_: None, SetClock(), lambda: DAY, reflect=True)
    with scene.log() as log:
        now = PlanNow(scene.place, plan, read_desk(scene.place), log, order.today, lambda _: False)
        assert {*dispatching._sender(now, order).channels} == {Via.EMAIL}
    done = scene.run(plan, reflect=True)
    assert scene.taken() == ["me@campaign.example"] * 4
    assert [outcome.state for outcome in done.ran.outcomes] == [State.SENT] * 4
    assert [item.via for item in done.untried] == [item.via for item in plan.to_send if item.via is not Via.EMAIL]


# ── the day ──


def test_a_plan_for_a_day_to_come_is_looked_at_as_of_today_and_refused_where_it_would_be_another(scene: Scene) -> None:
    scene.edit(APPEAL, "issued: 2026-11-16", "issued: 2026-12-01")
    make_letters(scene.place, CODE, date(2026, 12, 2), Wanted(languages=("en",)))
    scene.day = date(2026, 12, 2)
    plan = scene.plan()
    assert plan.to_send
    scene.day = DAY
    with pytest.raises(PlanChanged, match="now to skip"):
        scene.run(plan)
    assert scene.taken() == []


# ── what the log learns meanwhile ──


@pytest.mark.parametrize(
    ("kind", "channel", "route", "words"),
    [
        (EventKind.POSTED, "post", Route.POST, "went another way already: by post (posted)"),
        (EventKind.HANDED_OVER, "hand", Route.HAND, "went another way already: by hand (sent)"),
    ],
)
def test_what_a_person_marks_in_the_midst_of_a_run_is_cancelled_with_the_reason(
    scene: Scene, kind: EventKind, channel: str, route: Route, words: str
) -> None:
    plan = scene.plan()
    key = plan.to_send[3].key.model_copy(update={"route": route})

    def mark() -> None:
        said = {"route": route.value, "purpose": "letter", "sender": "hale", "language": "en", "sequence": 1}
        event = NewEvent(
            at=AT,
            by="MH",
            event=kind,
            item=key.id,
            code=key.code,
            recipient=key.recipient,
            channel=channel,
            detail=said,
        )
        with scene.log() as log:
            log.append(event)

    done = scene.run(plan, progress=at_letter(2, mark))
    assert scene.taken() == ADDRESSES[:3]
    assert (done.ran.outcomes[3].state, done.ran.outcomes[3].says) == (State.CANCELLED, words)


def test_a_bounce_that_comes_in_the_midst_of_a_run_keeps_further_letters_from_the_same_office(scene: Scene) -> None:
    plan = scene.plan()
    another = plan.to_send[3].key.model_copy(update={"code": "UAD XAA 002/2026"})

    def bounce() -> None:
        common = {"at": AT, "by": "MH", "item": another.id, "code": another.code, "recipient": another.recipient}
        kinds = (EventKind.APPROVED, EventKind.SENT, EventKind.BOUNCED)
        with scene.log() as log:
            for kind in kinds:
                log.append(NewEvent(**common, event=kind, channel="email"))

    done = scene.run(plan, progress=at_letter(2, bounce))
    assert scene.taken() == ADDRESSES[:3]
    assert done.ran.outcomes[3].state is State.CANCELLED
    assert "bounced" in done.ran.outcomes[3].says


def test_what_the_run_itself_records_is_no_news(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, again = [], PlanNow._look_again

    def counted(supply: PlanNow) -> None:
        looks.append(supply)
        again(supply)

    monkeypatch.setattr(PlanNow, "_look_again", counted)
    assert scene.run(scene.plan()).ran.count(State.SENT) == 4
    assert len(looks) == 1


# ── links inside the workspace ──


def test_an_embargo_in_the_midst_of_a_run_is_seen_through_a_link_that_stays_inside(scene: Scene) -> None:
    folder = (scene.place / APPEAL).parent.parent
    (scene.place / "store").mkdir()
    folder.rename(scene.place / "store" / "case")
    folder.symlink_to("../store/case")
    make_letters(scene.place, CODE, DAY, Wanted(languages=("en",)))
    plan = scene.plan()
    scene.run(plan, progress=at_letter(2, lambda: scene.edit(APPEAL, "issued: 2026-11-16", "issued: 2026-11-23")))
    assert scene.taken() == ADDRESSES[:1]


# ── from whom ──


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("from: desk@", "from: somebody@", "letters come from was desk@campaign.example and is somebody@campaign"),
        ("from_name: Letters", "from_name: Jane Roe", "the name that letters come from was Letters and is Jane Roe"),
        ("replies: answers@", "replies: spy@", "the address for answers was answers@campaign.example and is spy@"),
        (
            "host: localhost",
            "host: 127.0.0.1",
            "the mail server was desk@campaign.example at localhost and is desk@campaign.example at 127.0.0.1",
        ),
        ("desk: leeds", "desk: york", "the desk was leeds and is york"),
        ("  limits", "  envelope_sender: b@campaign.example\n  limits", "the address for bounces was none and is b@"),
    ],
)
def test_settings_that_recipients_see_and_that_changed_since_void_a_plan(
    scene: Scene, old: str, new: str, words: str
) -> None:
    plan = scene.plan()
    scene.edit("desk.yaml", old, new)
    with pytest.raises(PlanChanged) as refused:
        scene.run(plan)
    assert any(words in change for change in refused.value.changes)
    assert scene.taken() == []


def test_a_desk_without_a_way_is_told_when_it_plans(scene: Scene) -> None:
    plan = scene.plan(via=None, accepted=("not-reviewed", "stale", "same-address"))
    faxes = [item for item in plan.items if item.via is Via.FAX]
    assert {(item.action, item.reason) for item in faxes} == {(Action.SKIP, "this desk has no fax (desk.yaml)")}
    drafts = scene.plan(via=Via.DRAFTS)
    assert drafts.to_send == ()
    assert "this desk has no mailbox (desk.yaml)" in {item.reason for item in drafts.items}
    assert scene.run(plan).ran.count(State.SENT) == 4


# ── the outbox is not believed ──


def altered_draft(scene: Scene, change: Callable[[bytes], bytes]) -> None:
    """Change the draft to the president, and the manifest with it."""
    manifest = next((scene.place / "outbox").glob("UAD*/manifest.json"))
    data = json.loads(manifest.read_text(encoding="utf-8"))
    record = next(each for each in data["documents"] if each["kind"] == "eml" and "president" in each["path"])
    file = manifest.parent / record["path"]
    changed = change(file.read_bytes())
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    record["sha256"] = hashlib.sha256(changed).hexdigest()
    manifest.write_text(json.dumps(data), encoding="utf-8")


def attached(draft: bytes, pdf: bytes) -> bytes:
    start, _, end = draft.rpartition(b"\r\n--=_")
    head, _, _ = start.rpartition(b"\r\n\r\n")
    return head + b"\r\n\r\n" + base64.encodebytes(pdf).replace(b"\n", b"\r\n").rstrip() + b"\r\n--=_" + end


@pytest.mark.parametrize(
    ("change", "what"),
    [
        pytest.param(lambda eml: eml.replace(b"Orvandis", b"Orvandiz"), "its text", id="the text"),
        pytest.param(lambda eml: eml.replace(b"Subject: ", b"Subject: Re: "), "its subject", id="the subject"),
        pytest.param(lambda eml: eml.replace(b"chancellery@", b"spy@"), "its recipient", id="the recipient"),
        pytest.param(lambda eml: attached(eml, b"%PDF-1.7 another"), "its attachment", id="the attachment"),
        pytest.param(lambda eml: eml.replace(b"application/pdf", b"image/png"), "its parts", id="the parts"),
        pytest.param(lambda eml: eml.replace(b'charset="utf-8"', b'charset="none"', 1), "its parts", id="the charset"),
    ],
)
def test_a_draft_that_was_changed_together_with_the_manifest_is_not_planned(
    scene: Scene, change: Callable[[bytes], bytes], what: str
) -> None:
    altered_draft(scene, change)
    (item,) = scene.plan(to=("president",)).items
    assert item.action is Action.SKIP
    assert f"is not as it was made: {what}; make the letters again" in item.reason
