"""Several senders at once, senders that died, and imports meanwhile (RELIABILITY, R11 and R12)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.desk import Said, a_log, a_plan, a_sender, state, states
from tests.faults.one_sender import SENT
from tests.log.builders import merge
from urgent_appeals.dispatch.channel import Deferred, Mark, Parcel, Receipt
from urgent_appeals.domain.item_state import State
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.store import Log

LETTERS = 6


def together(root: Path, outbox: Path, names: list[str], *options: str) -> list[dict[str, Any]]:
    """Start a sender for each of the plans at the same moment; return what came of each."""
    with a_log(outbox):
        pass
    environment = {**os.environ, "TOGETHER": str(len(names))}
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.one_sender", outbox, name, str(LETTERS), "together", *options],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    return [json.loads(sender.communicate(timeout=120)[0]) for sender in senders]


def sent(outbox: Path) -> Counter[bytes]:
    return Counter((outbox / "wire").read_bytes().removesuffix(SENT).split(SENT))


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 3])
def test_of_several_senders_one_sends_and_the_others_name_it(root: Path, tmp_path: Path, count: int) -> None:
    outcomes = together(root, tmp_path / "outbox", ["plan"] * count, "slow")
    winners = [outcome for outcome in outcomes if "sent" in outcome]
    others = [outcome for outcome in outcomes if "error" in outcome]
    assert sent(tmp_path / "outbox") == {f"arlandia/plan-{number} ".encode(): 1 for number in range(LETTERS)}
    assert winners == [{"sent": LETTERS, "left": 0}]
    assert len(others) == count - 1
    assert all(other["kind"] == "AnotherSender" and "another sender runs (pid " in other["error"] for other in others)


@pytest.mark.slow
def test_without_the_lock_and_the_look_at_the_state_two_senders_send_twice(root: Path, tmp_path: Path) -> None:
    together(root, tmp_path / "outbox", ["plan", "plan"], "slow", "no lock")
    assert max(sent(tmp_path / "outbox").values()) == 2


@pytest.mark.parametrize(
    "signed",
    [
        pytest.param(json.dumps({"pid": 2**22 - 1, "since": "2026-11-22T09:00:00+00:00"}), id="its owner is dead"),
        pytest.param(json.dumps({"pid": os.getppid(), "since": "2026-11-22"}), id="another program has its number now"),
        pytest.param("", id="it was never signed"),
    ],
)
def test_a_lock_that_a_dead_sender_left_holds_nobody_up(tmp_path: Path, signed: str) -> None:
    with a_log(tmp_path / "outbox") as log:
        (tmp_path / "outbox" / "log.db.lock").write_text(signed)
        a_sender(log, Said()).run(a_plan("one"))
        assert states(log, a_plan("one")) == {"one": State.SENT}


class Meanwhile(Said):
    """A way out, on which another desk's log is merged while a letter is on its way, before or after its marker."""

    def __init__(self, log: Log, export: Path, *, after_mark: bool) -> None:
        super().__init__()
        self._log, self._export = log, export
        self._after_mark = after_mark

    def hand_over(self, parcel: Parcel, mark: Mark) -> Receipt:
        if not self._after_mark:
            merge(self._log, self._export)
        receipt = super().hand_over(parcel, mark)
        if self._after_mark:
            merge(self._log, self._export)
        return receipt


@pytest.fixture
def sent_elsewhere(tmp_path: Path) -> Path:
    """Return the export of another desk, which has sent the letter to `one`."""
    with a_log(tmp_path / "elsewhere", desk="porto") as log:
        a_sender(log, Said()).run(a_plan("one", name="theirs"))
        export(log, tmp_path / "theirs.json", Form.JSON)
    return tmp_path / "theirs.json"


def test_what_was_imported_as_sent_before_the_marker_is_not_sent(tmp_path: Path, sent_elsewhere: Path) -> None:
    with a_log(tmp_path / "outbox") as log:
        channel = Meanwhile(log, sent_elsewhere, after_mark=False)
        a_sender(log, channel).run(a_plan("one"))
        assert channel.transmitted == []
        assert states(log, a_plan("one")) == {"one": State.SENT}


def test_what_was_imported_as_sent_while_it_went_shows_as_sent_twice(tmp_path: Path, sent_elsewhere: Path) -> None:
    with a_log(tmp_path / "outbox") as log:
        ran = a_sender(log, Meanwhile(log, sent_elsewhere, after_mark=True)).run(a_plan("one", "two"))
        assert state(log, "one").twice
        assert "another desk let it go as well" in ran.outcomes[0].says
        assert states(log, a_plan("one", "two")) == {"one": State.SENT, "two": State.SENT}
        assert log.verify() == ()


def test_a_plan_goes_on_after_an_import_and_leaves_out_what_another_desk_has_sent(
    tmp_path: Path, sent_elsewhere: Path
) -> None:
    with a_log(tmp_path / "outbox") as log:
        a_sender(log, Said([Deferred("later", pause="run")], marks=False)).run(a_plan("zero", "one", "two"))
        merge(log, sent_elsewhere)
        channel = Said()
        a_sender(log, channel).run(a_plan("zero", "one", "two"))
        assert channel.transmitted == ["arlandia/zero", "arlandia/two"]


def test_what_a_dead_sender_had_in_hand_is_settled_once(tmp_path: Path) -> None:
    plan = a_plan("one", "two")
    with a_log(tmp_path / "outbox") as log, pytest.raises(ZeroDivisionError):
        a_sender(log, Said([ZeroDivisionError()], marks=False)).run(plan)
    with a_log(tmp_path / "outbox") as log:
        first, second = (a_sender(log, Said()).run(plan) for _ in range(2))
        assert [event.event.value for event in first.recovered] == ["released"]
        assert second.recovered == []
        assert states(log, plan) == {"one": State.SENT, "two": State.SENT}
