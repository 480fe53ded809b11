"""`appeals dispatch plan` and `run` as people and programs meet them; and what Ctrl-C does to a run."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Appeals
from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.faults.workspaces import CODE, Scene, add_desk, make_workspace
from urgent_appeals.cli.dispatch import _consent
from urgent_appeals.cli.interruption import Interruption
from urgent_appeals.errors import ConfirmationNeeded
from urgent_appeals.pipeline import dispatching
from urgent_appeals.pipeline.dispatching import Count

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dispatching")]
DAY = "2026-11-22"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("made") / "workspace")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def scene(
    made: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Script
) -> Iterator[Scene]:
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    place = tmp_path / "workspace"
    shutil.copytree(made, place)
    certificate = authority.certificate("localhost", "127.0.0.1", "::1")
    with ScriptedServer(tmp_path / "accepted", script, tls=certificate.context()) as server:
        add_desk(place, server, authority)
        monkeypatch.chdir(place)
        monkeypatch.setattr("urgent_appeals.cli.dispatch.day_of_clock", lambda: date.fromisoformat(DAY))
        yield Scene(place, server)


def planned(appeals: Appeals, *more: str) -> str:
    """Plan by mail, and return the plan's name, as it is told."""
    run = appeals("dispatch", "plan", CODE, "--on", DAY, "--via", "email", *more)
    assert run.status == 0, run.err
    found = re.search(r"appeals dispatch run (\S+)", run.err)
    assert found is not None
    return found[1]


# ── plan ──


def test_a_plan_shows_who_gets_what_and_why_others_do_not(scene: Scene, appeals: Appeals) -> None:
    run = appeals("dispatch", "plan", CODE, "--on", DAY, "--via", "email")
    assert run.out.count(" send") == 4
    assert "the directory has no address for this channel" in run.out
    assert "4 to send, 0 to confirm, 2 skipped; signed: hale" in run.err
    assert scene.taken() == []


def test_a_plan_is_one_json_document_with_the_promised_names(scene: Scene, appeals: Appeals) -> None:
    data = json.loads(appeals("dispatch", "plan", CODE, "--on", DAY, "--json").out)
    assert set(data) >= {"plan", "digest", "items"}
    names = "item purpose code recipient language sender channel address action reason".split()
    assert all(set(names) <= set(item) for item in data["items"])
    assert {item["action"] for item in data["items"]} <= {"send", "skip", "confirm"}


def test_the_file_of_a_plan_is_its_owners_alone(scene: Scene, appeals: Appeals) -> None:
    name = planned(appeals)
    assert (scene.place / "outbox" / "plans" / f"{name}.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("blank", ["", " ", "president,"])
def test_an_empty_choice_is_an_error_and_never_everyone(scene: Scene, appeals: Appeals, blank: str) -> None:
    run = appeals("dispatch", "plan", CODE, "--on", DAY, "--to", blank)
    assert (run.status, "is empty" in run.err) == (2, True)


def test_what_needs_a_word_is_told_with_the_word(scene: Scene, appeals: Appeals) -> None:
    run = appeals("dispatch", "plan", CODE, "--on", "2027-12-22", "--via", "email")
    assert run.status == 3  # its last day is over by then
    assert run.out.count(" skip") == 6


def test_an_unknown_way_is_a_slip_of_the_command_line(scene: Scene, appeals: Appeals) -> None:
    assert appeals("dispatch", "plan", CODE, "--via", "pigeon").status == 2


# ── run ──


def test_a_run_sends_and_a_second_one_has_nothing_to_do(scene: Scene, appeals: Appeals) -> None:
    name = planned(appeals)
    first, second = (appeals("dispatch", "run", name, "--on", DAY) for _ in range(2))
    assert (first.status, second.status) == (0, 3)
    assert "4 of 4 have left the desk" in first.err
    assert len(scene.taken()) == 4


def test_a_run_of_a_plan_that_no_longer_matches_sends_nothing_and_says_so_by_its_status(
    scene: Scene, appeals: Appeals
) -> None:
    name = planned(appeals)
    scene.edit("recipients/arlandia.yaml", "minister@justice", "spy@justice")
    run = appeals("dispatch", "run", name, "--on", DAY)
    assert run.status == 6
    assert "nothing was sent" in run.err
    assert scene.taken() == []


def test_a_run_can_be_read_by_programs(scene: Scene, appeals: Appeals) -> None:
    outcomes = json.loads(appeals("dispatch", "run", planned(appeals), "--on", DAY, "--json").out)
    assert [outcome["state"] for outcome in outcomes] == ["sent"] * 4


@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-02"])
def test_what_really_goes_out_goes_on_the_day_of_the_clock(scene: Scene, appeals: Appeals, day: str) -> None:
    name = planned(appeals)
    for run in (
        appeals("dispatch", "run", name, "--on", day),
        appeals("--on", day, "dispatch", "run", name),
    ):
        assert run.status == 2
        assert "it is 2026-11-22, as the clock says" in run.err
    assert scene.taken() == []
    assert appeals("dispatch", "run", name, "--on", day, "--reflect").status in {0, 6}
    assert set(scene.taken()) <= {"me@campaign.example"}


def test_a_plan_says_whom_letters_come_from(scene: Scene, appeals: Appeals) -> None:
    run = appeals("dispatch", "plan", CODE, "--on", DAY, "--via", "email", "--json")
    assert "from: Letters <desk@campaign.example>; answers to answers@campaign.example; by " in run.err
    data = json.loads(run.out)
    assert (data["from"]["address"], data["from"]["name"], data["from"]["desk"]) == (
        "desk@campaign.example",
        "Letters",
        "leeds",
    )


def test_a_test_run_goes_to_oneself(scene: Scene, appeals: Appeals) -> None:
    run = appeals("dispatch", "run", planned(appeals), "--on", DAY, "--reflect")
    assert run.status == 0
    assert "4 of 4 went to yourself, none to anybody else" in run.err
    assert scene.taken() == ["me@campaign.example"] * 4


def test_a_test_to_oneself_tells_what_goes_another_way_and_was_not_tried(
    scene: Scene, authority: Authority, appeals: Appeals
) -> None:
    fax = "fax: {command: [/nonexistent/fax, '{number}', '{file}']}\n"
    add_desk(scene.place, scene.server, authority, fax)
    run = appeals("dispatch", "plan", CODE, "--on", DAY, "--accept", "stale,same-address,not-reviewed")
    found = re.search(r"appeals dispatch run (\S+)", run.err)
    assert found is not None
    tried = appeals("dispatch", "run", found[1], "--on", DAY, "--reflect")
    assert tried.status == 0
    assert "4 of 4 went to yourself, none to anybody else; 2 go by fax or post: not tried\n" in tried.err


def test_an_unknown_plan_is_named(scene: Scene, appeals: Appeals) -> None:
    run = appeals("dispatch", "run", "nothing")
    assert run.status == 2
    assert "no plan 'nothing'" in run.err


def test_no_password_and_no_address_of_a_desk_is_in_a_plan_the_log_or_what_is_said(
    scene: Scene, appeals: Appeals
) -> None:
    said = appeals("dispatch", "run", planned(appeals), "--on", DAY)
    files = [path.read_bytes() for path in (scene.place / "outbox").rglob("*") if path.is_file()]
    for secret in (b"hunter2", b"AGRlc2tAY2FtcGFpZ24uZXhhbXBsZQBodW50ZXIy"):
        assert not [content for content in files if secret in content]
        assert secret.decode() not in said.out + said.err


# ── consent ──


def test_above_the_number_that_goes_unasked_it_has_to_be_said(
    scene: Scene, appeals: Appeals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "ASK_ABOVE", 3)
    name = planned(appeals)
    unsaid, wrong, said = (
        appeals("dispatch", "run", name, "--on", DAY, *words) for words in ((), ("--confirm", "3"), ("--confirm", "4"))
    )
    assert (unsaid.status, wrong.status, said.status) == (4, 4, 0)
    assert "say --confirm 4 to do it" in unsaid.err
    assert len(scene.taken()) == 4


@pytest.mark.parametrize("wrong", [0, 2, 5])
def test_a_number_that_is_not_theirs_is_refused_for_few_letters_too(scene: Scene, wrong: int) -> None:
    plan = scene.plan()
    with pytest.raises(ConfirmationNeeded, match="4 letters would be sent; say --confirm 4"):
        _consent(Count(4, 0), plan, wrong, unusual=False)
    for right in (None, 4):
        _consent(Count(4, 0), plan, right, unusual=False)


@pytest.mark.parametrize(
    ("confirmed", "far_more", "agreed"),
    [(500, True, True), (500, False, False), (499, True, False), (None, True, False)],
)
def test_far_more_than_ever_before_wants_more_than_the_number(
    scene: Scene, appeals: Appeals, confirmed: int | None, far_more: bool, agreed: bool
) -> None:
    plan = scene.plan()
    if agreed:
        _consent(Count(500, 12), plan, confirmed, unusual=far_more)
    else:
        with pytest.raises(ConfirmationNeeded, match=r"far more than ever before \(12\); say --confirm 500 --far-more"):
            _consent(Count(500, 12), plan, confirmed, unusual=far_more)


# ── interrupted (R16) ──


def started(scene: Scene, name: str) -> subprocess.Popen[str]:
    program = (
        "import sys, datetime\n"
        "from urgent_appeals.cli import dispatch, main\n"
        f"dispatch.day_of_clock = lambda: datetime.date.fromisoformat({DAY!r})\n"
        "sys.exit(main.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "dispatch", "run", name]
    return subprocess.Popen(command, cwd=scene.place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(what: str, *, end: float = 60) -> Iterator[None]:
    """Yield again and again until a minute is over."""
    stop = time.monotonic() + end
    while time.monotonic() < stop:
        yield
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen")


@pytest.mark.parametrize("script", [Script(fault="stall after dot, kept", times=1, after=1, stall=2)])
@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT] * 3, [signal.SIGHUP]])
def test_an_interruption_finishes_the_letter_in_hand_and_the_same_command_sends_the_rest(
    scene: Scene, appeals: Appeals, signals: list[signal.Signals]
) -> None:
    name = planned(appeals)
    run = started(scene, name)
    for _ in until("the second letter"):
        if len(scene.taken()) == 2:  # taken, and not yet answered
            break
    for number in signals:
        run.send_signal(number)
        time.sleep(0.1)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 5, err
    assert err.count("stopping after the letter in hand") == 1
    assert "Traceback" not in err
    assert out.count(" sent ") == 2
    assert appeals("dispatch", "run", name, "--on", DAY).status == 0
    assert len(scene.taken()) == len(set(scene.taken())) == 4


def test_an_interruption_ends_a_wait_at_once_and_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    with Interruption() as clock:
        began = clock.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        clock.pause(30)
        os.kill(os.getpid(), signal.SIGINT)
        signal.signal(signal.SIGALRM, before)
        assert clock.interrupted()
        assert clock.monotonic() - began < 5
    assert capfd.readouterr().err.count("stopping") == 1


def test_while_a_person_is_asked_ctrl_c_ends_the_program_at_once() -> None:
    with Interruption(quiet=True) as clock:
        with pytest.raises(KeyboardInterrupt), clock.lifted():
            signal.raise_signal(signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        assert clock.interrupted()


def test_after_a_run_signals_do_what_they_did_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interruption():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
