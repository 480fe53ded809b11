"""Every command that reports something prints one JSON document with `--json`, and nothing else on stdout."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Appeals
from tests.pipeline.desks import give_desk
from urgent_appeals.cli import lazy, main
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.workspace.sample import write_sample

PRINTS_A_FORMAT = {"recipients export", "log export"}
"""What it prints is the directory, or the log, itself, as JSON unless another format is asked for."""
ELSEWHERE = {"preview", "dispatch printed", "dispatch run", "log forget", "login"}
"""Tried where there is a server, a supporter or a keyring."""
MAY_BE_EMPTY = {"recipients check", "log verify"}
DAY = ("--on", "2026-11-22")
FINE, USAGE, NOTHING = ExitStatus.FINE, ExitStatus.USAGE, ExitStatus.NOTHING_TO_DO


@dataclass(frozen=True)
class Try:
    """How to try a command: so that it goes well (`status`), and so that it does not (`wrong` and its status)."""

    words: tuple[str, ...]
    kind: type = list
    keys: frozenset[str] = field(default=frozenset())
    status: ExitStatus = FINE
    wrong: tuple[str, ...] | None = None
    wrong_status: ExitStatus = USAGE
    first: tuple[tuple[str, ...], ...] = ()
    """Commands that are run before it is to go well."""


def keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UPDATE = ("001/2026.01",)
_MARK = ("mark", *_UPDATE, "justice-minister", "posted")
_EVENT = keys("seq id at by event item code recipient channel detail prev_hash hash")
_PROBLEM = keys("file line column severity message hint")
TRIES = {
    "init": Try(("elsewhere",), wrong=(".",), wrong_status=ExitStatus.PROBLEMS),
    "new": Try(
        ("--no-ask", "--country", "XAA"),
        dict,
        keys("code folder files to_do"),
        wrong=("--no-ask", "--country", "XAA", "--to", "arlandia/nobody"),
    ),
    "update": Try((*_UPDATE, "--stop", "--outcome", "released"), dict, keys("code folder"), wrong=("007/1999",)),
    "list": Try(DAY, keys=keys("code title state issued act_by languages folder"), wrong=("--on", "soon")),
    "show": Try((*_UPDATE, *DAY), dict, keys("listed kind"), wrong=("007/1999",)),
    "check": Try(_UPDATE, keys=_PROBLEM, wrong=("007/1999",)),
    "translated": Try((*_UPDATE, "ru"), dict, keys("ru"), wrong=(*_UPDATE, "tlh")),
    "letters": Try(
        (*_UPDATE, *DAY, "--to", "president", "--lang", "en"),
        keys=keys("code recipient language sender pages pdf eml text mailto sha256"),
        wrong=(*_UPDATE, "--on", "2031-01-01"),
        wrong_status=ExitStatus.PROBLEMS,
    ),
    "recipients list": Try(("arlandia",), keys=keys("recipient name holder"), wrong=("nowhere",)),
    "recipients show": Try(("arlandia/president",), dict, keys("listed office"), wrong=("arlandia/nobody",)),
    "recipients check": Try(("arlandia", *DAY), wrong=("nowhere",)),
    "recipients new": Try(
        ("borduria", "--name", "Borduria"), dict, wrong=("arlandia",), wrong_status=ExitStatus.PROBLEMS
    ),
    "recipients import": Try(
        ("arlandia.json", "--lang", "en", "--apply"),
        dict,
        keys("file new changes left_out"),
        wrong=("none.json",),
        wrong_status=ExitStatus.PROBLEMS,
    ),
    "dispatch plan": Try(
        (*_UPDATE, *DAY),
        dict,
        keys("plan digest items"),
        wrong=("007/1999",),
        first=(("letters", *_UPDATE, *DAY, "--to", "president", "--lang", "en"),),
    ),
    "dispatch reconcile": Try((), dict, keys("settled left"), status=NOTHING, wrong=("007/1999",), first=(_MARK,)),
    "mark": Try(_MARK[1:], dict, _EVENT | {"state"}, wrong=(*_UPDATE, "nobody", "posted")),
    "log list": Try((), keys=_EVENT, wrong=("--event", "eaten"), first=(_MARK,)),
    "log verify": Try((), wrong=("--since",), first=(_MARK,)),
    "log import": Try(
        ("other.json",),
        dict,
        keys("new known desks twice"),
        wrong=("none.json",),
        wrong_status=ExitStatus.PROBLEMS,
        first=(_MARK, ("log", "export", "other.json")),
    ),
    "log backup": Try(("b.db",), dict, keys("file bytes"), wrong=("b.db",), wrong_status=NOTHING, first=(_MARK,)),
    "config show": Try((), dict, keys("workspace desk log"), wrong=("-C", "nowhere")),
    "codes": Try(
        ("letter.txt",),
        keys=keys("scheme written canonical case update start end certainty"),
        wrong=("none.txt",),
    ),
    "doctor": Try((), keys=keys("name fine found to_do"), wrong=("--on",)),
    "schema write": Try((), wrong=("-C", "nowhere")),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_sample(tmp_path)
    (tmp_path / "letter.txt").write_text("Re: UAD XAA 001/2026.01, as you know")
    monkeypatch.chdir(give_desk(tmp_path))
    return tmp_path


def leaves() -> Iterator[tuple[str, Any]]:
    """Return every command by its words."""
    for entry in main.COMMANDS:
        command = lazy.load(entry)
        inner = getattr(command, "commands", None)
        yield from (
            ((f"{entry.name} {name}", each) for name, each in inner.items()) if inner else [(entry.name, command)]
        )


LEAVES = dict(leaves())


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_every_command_takes_json(name: str) -> None:
    assert name in PRINTS_A_FORMAT or any("--json" in parameter.opts for parameter in LEAVES[name].params)


def test_every_command_is_tried_here() -> None:
    assert {*TRIES, *ELSEWHERE, *PRINTS_A_FORMAT} == set(LEAVES)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIES)
def test_stdout_is_one_document_with_the_keys_that_are_promised(name: str, appeals: Appeals, desk: Path) -> None:
    shutil.rmtree(desk / "appeals/UAD-XAA-001-2026/02")  # a stop, which nothing updates
    exported = appeals("recipients", "export", "arlandia", "--lang", "en").out
    (desk / "arlandia.json").write_text(exported.replace("Minister of Justice", "Minister for Justice"), "utf-8")
    for words in TRIES[name].first:
        assert appeals(*words).status == FINE
    run = appeals(*name.split(), *TRIES[name].words, "--json")
    assert run.status == TRIES[name].status, run.err
    document: Any = json.loads(run.out)
    assert type(document) is TRIES[name].kind
    entries: list[Any] = document if isinstance(document, list) and TRIES[name].keys else [document]
    for each in entries:
        assert all(key in each for key in TRIES[name].keys)
    assert document or name in MAY_BE_EMPTY


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, each in TRIES.items() if each.wrong is not None])
def test_what_goes_wrong_leaves_stdout_empty_and_is_told_on_stderr_with_its_status(
    name: str, appeals: Appeals, desk: Path
) -> None:
    run = appeals(*name.split(), *(TRIES[name].wrong or ()), "--json")
    assert (run.status, run.out) == (TRIES[name].wrong_status, "")
    assert run.err.startswith("appeals: ") or "cannot be read" in run.err


@pytest.mark.parametrize(
    ("words", "status"),
    [(tuple(words.split()), NOTHING) for words in ("list", "recipients list", "codes letter.txt", "log list")],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_where_there_is_nothing_the_document_is_an_empty_list(
    words: tuple[str, ...], status: ExitStatus, appeals: Appeals, desk: Path
) -> None:
    for path in (*(desk / "appeals").rglob("*.*"), *(desk / "recipients").glob("*.yaml")):
        path.unlink()
    (desk / "letter.txt").write_text("nothing")
    run = appeals(*words, "--json")
    assert (run.status, json.loads(run.out)) == (status, [])


@pytest.mark.slow
def test_the_preview_prints_its_address_as_a_document_and_goes_on(desk: Path) -> None:
    preview = subprocess.Popen(
        [sys.executable, "-m", "urgent_appeals", "preview", "001/2026", "--no-open", "--json"],
        cwd=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert preview.stderr is not None
    assert "until Ctrl-C" in preview.stderr.readline()
    preview.send_signal(signal.SIGINT)
    document = json.loads(preview.communicate(timeout=60)[0])
    assert document["code"] == "UAD XAA 001/2026"
    assert document["address"].startswith("http://127.0.0.1:")
    assert preview.returncode == 0
