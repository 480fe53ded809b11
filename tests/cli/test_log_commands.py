"""`log`, `mark`, `dispatch reconcile`, `config` and `login` at the terminal: what is shown, asked and returned."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from pydantic import JsonValue

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from tests.pipeline.desks import (
    AT,
    CODE,
    JUSTICE,
    PRESIDENT,
    TYPED,
    an_item,
    became,
    claimed,
    give_desk,
    log_of,
    unknown,
)
from urgent_appeals.dispatch.passwords import KEYRING
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item import Route
from urgent_appeals.domain.item_state import State
from urgent_appeals.log.people import remember

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "UAD XAA 001/2026.01"
"""The code of the letters of these tests as its issuer writes it."""
PROMISED = "seq id at by event item code recipient channel detail prev_hash hash".split()
IN_A_FILE = """
import json, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    file = pathlib.Path(__file__).with_name("held.json")

    def get_password(self, service, username):
        return json.loads(self.file.read_text()).get(f"{service} {username}") if self.file.exists() else None

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({f"{service} {username}": password}))

    def delete_password(self, service, username):
        self.file.unlink()
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample with a desk, worked in."""
    root = tmp_path / "desk"
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "campaign.yaml", root / "campaign.yaml")
    monkeypatch.chdir(give_desk(root))
    return root


# ── mark ──


def test_a_mark_says_what_was_noted_and_a_second_one_wants_a_word(appeals: Appeals, desk: Path) -> None:
    run = appeals("mark", TYPED, "justice-minister", "posted", "--count", "3", "--date", "2026-11-20")
    assert (run.status, run.out) == (0, "")
    assert run.err == f"noted: {WRITTEN} to {JUSTICE} in en: posted on 2026-11-20, 3 times\n"
    again = appeals("mark", TYPED, "justice-minister", "posted")
    assert (again.status, again.out) == (4, "")
    assert "was posted on 2026-11-20 by M. H. already" in again.err
    assert "say --again to do it" in again.err
    assert appeals("mark", TYPED, "justice-minister", "posted", "--again").status == 0


def test_an_undo_names_what_it_undoes(appeals: Appeals, desk: Path) -> None:
    appeals("mark", TYPED, JUSTICE, "faxed", "--date", "2026-11-20")
    run = appeals("mark", TYPED, JUSTICE, "faxed", "--undo")
    assert run.status == 0
    assert "taken back: faxed on 2026-11-20, as M. H. noted on " in run.err
    assert appeals("mark", TYPED, JUSTICE, "faxed", "--undo").status == 1


def test_the_last_mark_is_taken_back_without_saying_what_it_was(appeals: Appeals, desk: Path) -> None:
    appeals("mark", TYPED, JUSTICE, "posted")
    appeals("mark", TYPED, JUSTICE, "handed-over", "--again")
    run = appeals("mark", TYPED, JUSTICE, "--undo")
    assert (run.status, "taken back: handed over on " in run.err) == (0, True)
    appeals("mark", TYPED, PRESIDENT, "handed-over")
    appeals("mark", TYPED, PRESIDENT, "returned")
    assert f"{WRITTEN} to {PRESIDENT} in en is handed over now" in appeals("mark", TYPED, PRESIDENT, "--undo").err
    assert appeals("mark", TYPED, JUSTICE, "--undo").status == 0
    last = appeals("mark", TYPED, JUSTICE, "--undo")
    assert (last.status, "no mark stands last there" in last.err) == (1, True)


def test_what_was_done_has_to_be_said_where_nothing_is_undone(appeals: Appeals, desk: Path) -> None:
    run = appeals("mark", TYPED, JUSTICE)
    assert (run.status, "say what was done: posted, faxed" in run.err) == (2, True)


def test_other_ways_that_a_letter_went_are_told_in_words(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    appeals("mark", TYPED, JUSTICE, "bounced")
    appeals("mark", TYPED, JUSTICE, "handed-over")
    told = appeals("mark", TYPED, JUSTICE, "faxed").err
    assert "went another way too: by mail: bounced" in told
    assert "went another way too: handed over" in told


def test_a_mark_as_json_is_its_event_with_the_state(appeals: Appeals, desk: Path) -> None:
    document = json.loads(appeals("mark", TYPED, JUSTICE, "posted", "--json").out)
    assert [document[key] for key in ("event", "code", "recipient", "state")] == ["posted", CODE, JUSTICE, "posted"]


@pytest.mark.parametrize(
    "words",
    [
        ("eaten",),
        ("posted", "--web"),
        ("posted", "--count", "0"),
        ("posted", "--date", "2999-01-01"),
        ("posted", "--date", "soon"),
        ("posted", "--note", "a\nb"),
        ("posted", "--note", "a" * 501),
    ],
    ids=" ".join,
)
def test_a_mark_that_makes_no_sense_is_a_fault_of_usage(appeals: Appeals, desk: Path, words: tuple[str, ...]) -> None:
    assert appeals("mark", TYPED, JUSTICE, *words).status == 2
    assert not (desk / "outbox/log.db").exists()


@pytest.mark.slow
def test_on_a_terminal_the_question_is_asked(appeals: Appeals, desk: Path) -> None:
    appeals("mark", TYPED, JUSTICE, "posted")
    terminal = Terminal.start(desk, "mark", TYPED, JUSTICE, "posted")
    terminal.answer("did it go once more? (y, n) [n]:", "n")
    assert terminal.end() == 4
    terminal = Terminal.start(desk, "mark", TYPED, JUSTICE, "posted")
    terminal.answer("did it go once more? (y, n) [n]:", "y")
    terminal.wait_for("number 2")
    assert terminal.end() == 0


# ── log ──


def test_the_log_of_a_new_workspace_says_that_nothing_is_in_it(appeals: Appeals, desk: Path) -> None:
    for words in (("log", "list"), ("log", "verify"), ("log", "export"), ("log", "backup", "b.db")):
        run = appeals(*words)
        assert (run.status, run.out, "nothing is in the log yet" in run.err) == (3, "", True)
    run = appeals("log", "list", "--json")
    assert (run.status, json.loads(run.out)) == (3, [])
    assert not (desk / "outbox").exists()


def test_the_list_shows_what_was_done_the_latest_last(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    appeals("mark", TYPED, JUSTICE, "bounced", "--note", "user unknown")
    run = appeals("log", "list", "--all")
    lines = run.out.splitlines()
    assert (lines[0].split(), run.err) == (["WHEN", "EVENT", "BY", "DESK", "CODE", "TO", "WAY"], "")
    assert [line.split()[2] for line in lines[1:]] == ["approved", "claimed", "data", "sent", "bounced"]
    assert lines[-1].endswith("user unknown")
    assert all(WRITTEN in line for line in lines[1:])
    assert len(appeals("log", "list", "--limit", "2").out.splitlines()) == 3
    assert "sent" in appeals("log", "list", TYPED, "--event", "sent", "--since", "2026-11-22").out


def test_the_list_leaves_out_the_steps_of_sending_and_says_so(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
    run = appeals("log", "list")
    lines = run.out.splitlines()
    assert lines[0].split() == ["WHEN", "EVENT", "BY", "CODE", "TO", "WAY"]
    assert [line.split()[2] for line in lines[1:]] == ["approved", "sent"]
    assert "without the steps of sending (claimed, data); with them: --all" in run.err
    assert [line.split()[2] for line in appeals("log", "list", "--event", "data").out.splitlines()[1:]] == ["data"]
    assert len(json.loads(appeals("log", "list", "--json").out)) == 4


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        (EventKind.NOTED, {"run": "p-1", "items": 3}, "run of plan p-1: 3 letters"),
        (EventKind.NOTED, {"reflected": "p-1", "letters": 1}, "test run to oneself, plan p-1: 1 letter"),
        (EventKind.NOTED, {"print_run": "p-2", "letters": 4}, "print run p-2: 4 letters"),
        (EventKind.MADE, {"language": "en", "sender": "hale"}, "in en, signed: hale"),
        (EventKind.MADE, {"language": "ru"}, "in ru"),
    ],
)
def test_the_list_says_what_was_made_or_noted(
    appeals: Appeals, desk: Path, kind: EventKind, detail: dict[str, JsonValue], said: str
) -> None:
    with log_of(desk) as log:
        log.append(NewEvent(at=AT, by="M. H.", event=kind, code=CODE, recipient=JUSTICE, detail=detail))
    assert appeals("log", "list").out.splitlines()[-1].endswith(f"  {said}")


def test_a_bulletin_that_was_made_is_listed_as_one(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        log.append(NewEvent(at=AT, by="M. H.", event=EventKind.MADE, code=CODE, detail={"language": "ru"}))
    assert appeals("log", "list").out.endswith("  the bulletin in ru\n")


def test_what_a_narrow_terminal_has_no_room_for_stands_below_its_row(
    appeals: Appeals, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "the porter took it, and will hand it to the secretary on Monday"
    appeals("mark", TYPED, JUSTICE, "handed-over", "--note", note, "--date", "2026-11-20")
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal.start(desk, "log", "list")
    assert terminal.end() == 0
    lines = terminal.shown.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert f"hand on 2026-11-20; {note}" in " ".join(" ".join(lines[2:6]).split())
    assert lines[2].startswith("    ")
    assert note in appeals("log", "list").out.splitlines()[1]


def test_the_list_as_json_has_the_promised_fields_and_comes_in_pieces(
    appeals: Appeals, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urgent_appeals.cli.events.AT_ONCE", 3)
    with log_of(desk) as log:
        became(log, an_item(), EventKind.SENT)
        became(log, an_item(PRESIDENT), EventKind.SENT)
    document = json.loads(appeals("log", "list", "--json").out)
    assert [each["seq"] for each in document] == list(range(1, 9))
    assert all(list(each)[:12] == PROMISED for each in document)
    assert len(appeals("log", "list", "--all").out.splitlines()) == 9


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--event", "snet"), 2),
        (("--since", "soon"), 2),
        (("--limit", "0"), 2),
        (("--recipient", "nobody"), 2),
        (("007/1999",), 2),
        (("--event", "bounced"), 3),
    ],
)
def test_a_choice_that_names_nothing_is_told(appeals: Appeals, desk: Path, words: tuple[str, ...], status: int) -> None:
    appeals("mark", TYPED, JUSTICE, "posted")
    run = appeals("log", "list", *words)
    assert (run.status, run.out) == (status, "")
    assert run.err


def test_a_log_that_was_tampered_with_is_told_with_status_1(appeals: Appeals, desk: Path) -> None:
    import sqlite3

    appeals("mark", TYPED, JUSTICE, "posted")
    assert "1 event, nothing wrong" in appeals("log", "verify").err
    with sqlite3.connect(desk / "outbox/log.db") as file:
        file.execute("DROP TRIGGER events_no_update")
        file.execute("UPDATE events SET \"by\" = 'X'")
    file.close()
    run = appeals("log", "verify", "--json")
    assert run.status == 1
    assert json.loads(run.out)[1] == {"desk": "leeds", "seq": 1, "what": "its hash is not that of its content"}


def test_an_older_log_is_accepted_on_a_person_s_word(appeals: Appeals, desk: Path) -> None:
    appeals("mark", TYPED, JUSTICE, "posted")
    assert appeals("log", "backup", "backup.db").out == "backup.db\n"
    with log_of(desk) as log, log.sender_lock():
        claimed(log, an_item(PRESIDENT))
    for name in ("log.db-wal", "log.db-shm"):
        (desk / "outbox" / name).unlink(missing_ok=True)
    (desk / "backup.db").replace(desk / "outbox/log.db")
    refused = appeals("log", "list")
    assert (refused.status, "appeals log verify --accept-restored" in refused.err) == (1, True)
    assert appeals("log", "verify").status == 1
    accepted = appeals("log", "verify", "--accept-restored")
    assert (accepted.status, "1 letter may have gone since, and is unknown" in accepted.err) == (0, True)
    assert appeals("dispatch", "reconcile").status == 5


def test_an_export_is_a_file_or_data_on_stdout(appeals: Appeals, desk: Path) -> None:
    appeals("mark", TYPED, JUSTICE, "posted", "--note", "=HYPERLINK(1)")
    assert json.loads(appeals("log", "export").out)["events"][0]["event"] == "posted"
    assert appeals("log", "export", "a.csv").status == 0
    with (desk / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["event"], row["recipient"]) == ("posted", JUSTICE)
    assert (desk / "a.csv").stat().st_mode & 0o777 == 0o600
    assert appeals("log", "export", "a.csv").status == 1
    assert appeals("log", "export", "--format", "sqlite").status == 2
    assert appeals("log", "export", "--format", "xlsx").status == 2
    assert appeals("log", "export", "whatever", "--format", "csv").status == 0


@pytest.mark.parametrize("name", ["x.xlsx", "x", "x.json.gz"])
def test_an_export_by_an_ending_that_says_nothing_is_refused(appeals: Appeals, desk: Path, name: str) -> None:
    appeals("mark", TYPED, JUSTICE, "posted")
    run = appeals("log", "export", name)
    assert (run.status, ".csv, .json or .sqlite" in run.err, (desk / name).exists()) == (2, True, False)


def test_what_is_no_export_is_named_with_its_folder(appeals: Appeals, desk: Path) -> None:
    assert f"{desk / 'nope'} is not taken over" in appeals("log", "import", "nope").err
    run = appeals("log", "import", "desk.yaml")
    assert (run.status, run.err) == (1, f"appeals: {desk / 'desk.yaml'} is not taken over: it is no export of a log\n")


def test_an_import_says_what_two_desks_both_did_with_status_1(appeals: Appeals, desk: Path) -> None:
    other = Path(shutil.copytree(desk, desk.parent / "other"))
    give_desk(other, desk="york", by="R. T.")
    for root in (desk, other):
        assert appeals("-C", root, "mark", TYPED, JUSTICE, "posted").status == 0
    assert appeals("-C", other, "log", "export", "york.json").status == 0
    run = appeals("log", "import", other / "york.json")
    assert (run.status, run.err) == (1, "1 event is new, 0 were known; of york\n")
    first, *rest = run.out.splitlines()
    assert first.startswith(f"twice: {WRITTEN} to {JUSTICE} (")
    assert sorted(line.rpartition("(")[2] for line in rest) == ["desk leeds)", "desk york)"]
    again = appeals("log", "import", other / "york.json")
    assert (again.status, again.err) == (0, "0 events are new, 1 was known; of york\n")


def test_a_supporter_is_forgotten_after_a_yes_only(appeals: Appeals, desk: Path) -> None:
    with log_of(desk) as log:
        id_ = remember(log, {"name": "Ada Brook"})
    pack = desk / f"outbox/x/packs/{id_}.pdf"
    pack.parent.mkdir(parents=True)
    pack.write_text("hers")
    asked = appeals("log", "forget", "Ada Brook")
    assert (asked.status, asked.out, pack.exists()) == (4, "", True)
    assert f"outbox/x/packs/{id_}.pdf" in asked.err
    assert "--yes" in asked.err
    assert "for good, and 1 file;" in asked.err
    done = appeals("log", "forget", "Ada Brook", "--yes")
    assert (done.status, done.out, pack.exists()) == (0, f"outbox/x/packs/{id_}.pdf\n", False)
    assert appeals("log", "forget", "Ada Brook", "--yes").status == 3
    assert "Ada" not in appeals("log", "list", "--json").out


# ── reconcile ──


def test_what_is_unknown_is_listed_until_it_is_decided(appeals: Appeals, desk: Path) -> None:
    assert appeals("dispatch", "reconcile").status == 3
    with log_of(desk) as log:
        unknown(log, an_item())
        unknown(log, an_item(PRESIDENT))
        unknown(log, an_item(route=Route.FAX), "fax")
    listed = appeals("dispatch", "reconcile", TYPED)
    assert listed.status == 5
    assert "desk.yaml names no mailbox" in listed.err
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == [
        item.id[:8] for item in (an_item(), an_item(PRESIDENT), an_item(route=Route.FAX))
    ]
    first = appeals("dispatch", "reconcile", "--mark-sent", an_item().id[:8], "--resend", an_item(PRESIDENT).id)
    assert (first.status, "send again with: appeals dispatch run p" in first.err) == (5, True)
    document = json.loads(appeals("dispatch", "reconcile", "--mark-sent", an_item(route=Route.FAX).id, "--json").out)
    assert [(each["state"], each["channel"]) for each in document["settled"]] == [("faxed", "fax")]
    assert document["left"] == []
    assert appeals("dispatch", "reconcile", "--resend", an_item().id).status == 2
    with log_of(desk) as log:
        assert log.state(an_item(PRESIDENT).id).state is State.APPROVED


@pytest.mark.slow
def test_on_a_terminal_each_is_decided_by_name(desk: Path) -> None:
    with log_of(desk) as log:
        unknown(log, an_item())
        unknown(log, an_item(PRESIDENT))
    terminal = Terminal.start(desk, "dispatch", "reconcile")
    terminal.wait_for(JUSTICE)
    terminal.answer("did it go? (sent, resend, later) [later]:", "sent")
    terminal.wait_for(PRESIDENT)
    terminal.answer("did it go? (sent, resend, later) [later]:", "later")
    assert terminal.end() == 5
    with log_of(desk) as log:
        assert [log.state(item.id).state for item in (an_item(), an_item(PRESIDENT))] == [State.SENT, State.UNKNOWN]


# ── config, login ──


def test_the_settings_are_shown_without_anything_secret(
    appeals: Appeals, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    fax = {"command": ["send-fax", "--key=hunter2", "{number}", "{file}"]}
    imap = {"host": "localhost", "user": "u", "auth": "xoauth2", "token_command": ["/opt/token", "hunter2"]}
    give_desk(desk, fax=fax, imap=imap)
    run = appeals("config", "show", "--json")
    document = json.loads(run.out)
    assert "hunter2" not in run.out + appeals("config", "show").out
    assert document["smtp.password"] == "in APPEALS_SMTP_PASSWORD"
    assert document["imap.token_command"] == "token, with arguments that are not shown"
    assert (document["desk"], document["smtp.limits.per_day"], document["smtp.from"]) == (
        "leeds",
        "200",
        "desk@campaign.example",
    )


def test_without_a_desk_it_is_said_how_to_get_one(appeals: Appeals, desk: Path) -> None:
    (desk / "desk.yaml").unlink()
    run = appeals("config", "show")
    assert (run.status, "copy desk.yaml.example" in run.err) == (0, True)


def test_a_password_is_never_an_argument_and_is_not_asked_for_without_a_terminal(appeals: Appeals, desk: Path) -> None:
    assert appeals("login", "smtp", "hunter2").status == 2
    run = appeals("login", "smtp")
    assert (run.status, "set APPEALS_SMTP_PASSWORD instead" in run.err) == (4, True)
    assert appeals("login", "pop").status == 2
    assert appeals("login", "imap").status == 1


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring in a file, for programs that are started too."""
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring/ring_of_a_test.py").write_text(IN_A_FILE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "ring"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "ring_of_a_test.Keyring")
    monkeypatch.syspath_prepend(tmp_path / "ring")
    before = keyring.get_keyring()
    keyring.core.init_backend()
    yield tmp_path / "ring/held.json"
    keyring.set_keyring(before)


@pytest.mark.slow
def test_a_password_is_typed_unseen_and_kept_in_the_keyring(appeals: Appeals, desk: Path, held: Path) -> None:
    terminal = Terminal.start(desk, "login", "smtp")
    terminal.answer("(not shown):", "hunter2")
    terminal.wait_for("is in the keyring of this system")
    assert (terminal.end(), "hunter2" in terminal.shown) == (0, False)
    assert json.loads(held.read_text()) == {f"{KEYRING} smtp:desk@campaign.example@localhost": "hunter2"}
    assert json.loads(appeals("config", "show", "--json").out)["smtp.password"] == "in the keyring"
    assert appeals("login", "smtp", "--forget").status == 0
    assert appeals("login", "smtp", "--forget").status == 3
    assert not held.exists()


def test_an_account_that_takes_tokens_has_no_password_to_keep(appeals: Appeals, desk: Path) -> None:
    smtp = {"host": "localhost", "from": "a@b.example"}
    give_desk(desk, smtp={**smtp, "user": "a", "auth": "xoauth2", "token_command": ["token"]})
    assert appeals("login", "smtp").status == 3
    give_desk(desk, smtp=smtp)
    assert appeals("login", "smtp").status == 3
