"""A sender that is killed at any step sends no letter twice and loses none (RELIABILITY, R1)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer
from tests.faults import killed_senders

NOT_SENT = {"approved", "claimed", "deferred", "failed", "cancelled", "planned"}
POINTS = 75
"""At how many steps each of the four parts kills, at the least: 300 in all."""


def killed_at_each_step_of(
    part: int, *, root: Path, folder: Path, server: ScriptedServer, authority: Authority, how: str = "as it is"
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Return what came of each kill, and how often the server took each address."""
    command = [sys.executable, "-m", "tests.faults.killed_senders", str(folder), str(server.port), str(authority.file)]
    run = subprocess.run(
        [*command, str(part), "8", how], cwd=root, capture_output=True, text=True, timeout=1200, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout), Counter(accepted.recipients[0] for accepted in server.accepted)


def ids_of(server: ScriptedServer) -> dict[str, set[str]]:
    """Return the Message-IDs under which the server took each address."""
    ids: dict[str, set[str]] = {}
    for accepted in server.accepted:
        ids.setdefault(accepted.recipients[0], set()).add(accepted.message_id)
    return ids


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    # Neighbours among them: a step and the next are the call of a function and its return.
    [pytest.param(part, marks=pytest.mark.xdist_group(f"killed {part}")) for part in (0, 1, 4, 5)],
)
def test_killed_at_any_step_no_letter_is_sent_twice_and_none_is_lost(
    part: int, root: Path, tmp_path: Path, server: ScriptedServer, authority: Authority
) -> None:
    kills, taken = killed_at_each_step_of(part, root=root, folder=tmp_path / "desk", server=server, authority=authority)
    ids = ids_of(server)
    assert len(kills) >= POINTS
    assert max(taken.values()) == 1, "a letter was sent twice"
    for kill in kills:
        first, second = kill["restarts"]
        assert first == second, f"the second restart changed something after step {kill['step']}"
        assert len(first) == killed_senders.RECIPIENTS
        unknown = [address for address, letter in first.items() if letter["state"] == "unknown"]
        for address, letter in first.items():
            assert letter["state"] in {"sent", "unknown"}, f"{address} was not finished after step {kill['step']}"
            assert letter["state"] != "sent" or taken[address] == 1, f"{address} was lost at step {kill['step']}"
            assert len(letter["message_ids"]) == 1
            assert ids.get(address, set()) <= set(letter["message_ids"])
        allowed = {
            killed_senders.OUTSIDE: {0},
            killed_senders.MARKING: {0, 1},
            killed_senders.MARKED: {1},
            killed_senders.CONCLUDING: {0, 1},
        }
        assert len(unknown) in allowed[kill["stretch"]], f"unknown after step {kill['step']}, in {kill['stretch']}"
    assert any(letter["state"] == "unknown" for kill in kills for letter in kill["restarts"][0].values())


@pytest.mark.slow
@pytest.mark.xdist_group("killed naive")
def test_a_sender_that_records_after_it_has_sent_sends_twice(
    root: Path, tmp_path: Path, server: ScriptedServer, authority: Authority
) -> None:
    kills, taken = killed_at_each_step_of(
        1, root=root, folder=tmp_path / "desk", server=server, authority=authority, how="send, then record"
    )
    assert kills
    assert max(taken.values()) > 1


def test_killed_at_any_step_a_plan_is_whole_or_not_there_and_leaves_nothing_behind(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.killed_plans", str(tmp_path)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    assert int(run.stdout) > 10


def test_what_counts_as_a_step_is_what_reaches_the_disk_or_the_wire() -> None:
    import os
    import socket
    import sqlite3

    connection = sqlite3.connect(":memory:")
    with socket.socket() as wire:
        names = {killed_senders._module(function) for function in (connection.execute, wire.sendall, os.fsync)}
    connection.close()
    assert names <= killed_senders.OUTWARDS
    assert killed_senders._module("".join) not in killed_senders.OUTWARDS
