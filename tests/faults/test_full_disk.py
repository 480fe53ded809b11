"""On a full disk a sender stops at the first step that it cannot record (RELIABILITY, R8)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer


@pytest.mark.slow
def test_on_a_full_disk_nothing_is_sent_that_is_not_on_record_and_with_room_the_rest_goes(
    root: Path, tmp_path: Path, server: ScriptedServer, authority: Authority
) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.faults.full_disks",
        str(tmp_path / "desk"),
        str(server.port),
        str(authority.file),
    ]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    outcomes = json.loads(run.stdout)
    taken = Counter(accepted.recipients[0] for accepted in server.accepted)
    assert max(taken.values()) == 1
    sent_before = set()
    for outcome in outcomes:
        full, again = outcome["full"]["letters"], outcome["again"]["letters"]
        in_hand = [letter for letter in full.values() if letter["state"] in {"claimed", "data"}]
        assert len(in_hand) <= 1, "it went on after a step that could not be recorded"
        sent_before.add(sum(letter["state"] == "sent" for letter in full.values()))
        for address, letter in again.items():
            was = full[address]["state"]
            assert letter["state"] == ("unknown" if was == "data" else "sent")
            assert letter["state"] != "sent" or taken[address] == 1
            assert was not in {"approved", "planned", "claimed"} or full[address]["events"].count("data") == 0
        assert (outcome["full"]["ended"] == "done") == (outcome is outcomes[-1])
    assert sent_before == {0, 1, 2, 3}, "the disk was not full at each letter"
