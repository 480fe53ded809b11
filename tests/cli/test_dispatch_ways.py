"""What `appeals dispatch` tells of drafts, print runs, tests to oneself and what came back: what to type next."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from tests.dispatch.builders import PASSWORD, USER
from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_mailbox import Script, ScriptedMailbox
from tests.faults.workspaces import CODE, DAY, make_workspace
from tests.pipeline.desks import AT, an_item, give_desk, log_of, unknown
from urgent_appeals.cli.dispatch import DOUBTS
from urgent_appeals.domain.item import Route
from urgent_appeals.domain.plan import Doubt
from urgent_appeals.pipeline.reconciling import reconciling

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dispatching")]
ALL = ",".join(DOUBTS)
ON = ("--on", str(DAY))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("made") / "workspace")


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "desk"
    shutil.copytree(made, root)
    monkeypatch.chdir(give_desk(root))
    monkeypatch.setattr("urgent_appeals.cli.dispatch.day_of_clock", lambda: date.fromisoformat(str(DAY)))
    return root


@pytest.fixture
def mailbox(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedMailbox]:
    """The mailbox of the desk, in German."""
    monkeypatch.setenv("APPEALS_IMAP_PASSWORD", PASSWORD)
    (tmp_path / "certificates").mkdir()
    authority = Authority(tmp_path / "certificates")
    folders = (r'(\HasNoChildren \Drafts) "/" "Entw&APw-rfe"', r'(\HasNoChildren \Sent) "/" "Gesendet"')
    context = authority.certificate("localhost").context()
    with ScriptedMailbox(tmp_path / "mailbox", Script(folders=folders), context) as server:
        give_desk(desk, imap={"host": "localhost", "port": server.port, "user": USER, "ca_file": str(authority.file)})
        yield server


def planned(appeals: Appeals, *more: str) -> str:
    run = appeals("dispatch", "plan", CODE, *ON, "--accept", ALL, *more)
    found = re.search(r"appeals dispatch run (\S+)", run.err)
    assert found is not None, run.err
    return found[1]


# ── plan ──


def test_every_doubt_can_be_typed_and_is_told_by_help(appeals: Appeals) -> None:
    assert tuple(doubt.value for doubt in Doubt) == DOUBTS
    told = appeals("dispatch", "plan", "--help").out
    assert all(doubt in told for doubt in DOUBTS)


@pytest.mark.parametrize("typed", ["not-reviewd", "stale:nobody", "all"])
def test_a_word_to_accept_that_there_is_not_is_a_slip_of_the_command_line(
    appeals: Appeals, desk: Path, typed: str
) -> None:
    run = appeals("dispatch", "plan", CODE, *ON, "--accept", typed)
    assert (run.status, run.out) == (2, "")
    assert "choose from: " in run.err


def test_the_ways_that_a_plan_uses_are_told_and_no_others(appeals: Appeals, desk: Path, mailbox: object) -> None:
    mail, drafts, post = (
        appeals("dispatch", "plan", CODE, *ON, "--accept", ALL, "--via", via).err for via in ("email", "drafts", "post")
    )
    assert ("; by " in mail, "; drafts in " in mail) == (True, False)
    assert ("; by " in drafts, "; drafts in " in drafts) == (False, True)
    assert "from: " not in post
    give_desk(desk, fax={"command": ["efax", "{number}", "{file}"]})
    fax = appeals("dispatch", "plan", CODE, *ON, "--accept", ALL, "--via", "fax").err
    assert ("faxes by efax" in fax, "from: " in fax) == (True, False)


def test_what_the_settings_bar_is_skipped_and_the_test_to_oneself_is_told(appeals: Appeals, desk: Path) -> None:
    give_desk(desk, allow_domains=["campaign.example"], reflect="me@campaign.example")
    run = appeals("dispatch", "plan", CODE, *ON, "--via", "email")
    assert run.status == 3
    assert run.out.count("this desk writes to campaign.example only (allow_domains)") == 4
    assert "0 to send, 0 to confirm, 6 skipped" in run.err
    assert re.search(r"as a test: appeals dispatch run \S+ --reflect\n", run.err)


def test_on_a_narrow_terminal_a_plan_breaks_no_line(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal.start(desk, "dispatch", "plan", CODE, *ON, "--via", "post")
    assert terminal.end() == 0
    table = terminal.shown.partition("TO  ")[2].partition(" to send,")[0].split("\n")[:-1]
    assert max(map(len, table)) <= 80
    assert table[0].split() == ["LANGUAGE", "BY", "ACTION"]
    assert all(line.startswith(("arlandia/", "    ")) for line in table[1:])


def test_after_a_bounce_the_way_that_the_plan_tells_is_one_that_goes(appeals: Appeals, desk: Path) -> None:
    for what in ("sent", "bounced"):
        assert appeals("mark", CODE, "president", what, "--date", str(DAY)).status == 0
    run = appeals("dispatch", "plan", CODE, *ON, "--via", "email", "--to", "president")
    assert "sent already, and bounced; by another way: --via post --accept another-way" in run.out
    again = appeals("dispatch", "plan", CODE, *ON, "--via", "post", "--to", "president", "--accept", "another-way")
    assert "1 to send" in again.err


# ── drafts ──


def test_drafts_have_not_left_until_a_person_sends_them(appeals: Appeals, desk: Path, mailbox: object) -> None:
    run = appeals("dispatch", "run", planned(appeals, "--via", "drafts"))
    assert run.status == 0, run.err
    mark = "appeals mark 'UAD XAA 001/2026.01' RECIPIENT sent"
    assert f"4 drafts are in 'Entwürfe': send them from your mail program, then: {mark}\n" in run.err
    assert "left the desk" not in run.err
    assert appeals("mark", "UAD XAA 001/2026.01", "clerk", "sent", "--date", str(DAY)).status == 0


def test_of_a_single_draft_the_whole_command_is_told(appeals: Appeals, desk: Path, mailbox: object) -> None:
    run = appeals("dispatch", "run", planned(appeals, "--via", "drafts", "--to", "clerk"))
    assert "1 draft is in 'Entwürfe': send it" in run.err
    assert "appeals mark 'UAD XAA 001/2026.01' arlandia/assembly-clerk sent" in run.err


# ── post ──


def test_what_lies_in_a_print_run_is_to_print_everywhere(appeals: Appeals, desk: Path) -> None:
    name = planned(appeals, "--via", "post", "--to", "president")
    word = f"appeals dispatch printed {name}"
    first = appeals("dispatch", "run", name)
    assert first.status == 0
    assert re.search(r"arlandia/president  post  to print  to be printed from outbox/print-run/", first.out)
    assert f"then say so: {word}" in first.err
    assert "reconcile" not in first.out + first.err

    second = appeals("dispatch", "run", name)
    assert (second.status, second.out) == (3, "")
    assert f"nothing left to send; 1 waits to be printed: {word}\n" in second.err

    again = appeals("dispatch", "plan", CODE, *ON, "--via", "post", "--to", "president")
    assert f"waits to be printed; once it is, say so: {word}" in again.out

    settled = appeals("dispatch", "reconcile")
    assert settled.status == 5
    assert f"to print  once it is: {word}" in settled.out
    assert "--mark-sent" not in settled.err
    assert f"1 letter waits to be printed; then say so: {word}\n" in settled.err

    printed = appeals("dispatch", "printed", name[-6:])
    assert printed.status == 0
    assert (
        "1 of 1 printed; note what is posted with: appeals mark 'UAD XAA 001/2026.01' arlandia/president" in printed.err
    )


def test_what_was_not_printed_and_goes_again_is_printed_by_the_same_plan(appeals: Appeals, desk: Path) -> None:
    name = planned(appeals, "--via", "post", "--to", "president")
    appeals("dispatch", "run", name)
    with reconciling(desk, None, AT) as job:
        item = job.unsettled()[0].item
    assert appeals("dispatch", "reconcile", "--resend", item).status == 0
    assert "1 to print: " in appeals("dispatch", "run", name[-6:]).err


# ── reconcile ──


def test_a_person_is_told_where_was_looked_and_after_later_nothing_again(desk: Path, mailbox: object) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
        unknown(log, an_item(route=Route.FAX), "fax")
    terminal = Terminal.start(desk, "dispatch", "reconcile")
    told = []
    for _ in range(2):
        told.append(terminal.wait_for("did it go? (sent, resend, later)"))
        terminal.type("later\n")
    assert terminal.end() == 5
    ids = (an_item().id[:8], an_item(route=Route.FAX).id[:8])
    (mail,), (fax,) = ([each for each in told if id_ in each] for id_ in ids)
    assert "looked in Gesendet: not there" in mail
    assert "looked nowhere: it was no mail" in fax
    assert "2 left to decide later" in terminal.shown
    assert "--mark-sent" not in terminal.shown


def test_without_a_mailbox_it_is_said_that_nowhere_was_looked(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
    run = appeals("dispatch", "reconcile")
    assert "the answer was lost; looked nowhere: no mailbox is set up (imap: in desk.yaml)" in run.out
    assert "1 left to decide: --mark-sent ITEM (it went), or --resend ITEM (it did not)" in run.err
