"""A machine that slept, and a clock that jumps by an hour, in the midst of a run: the run goes on (R13, R16).

That is what a closed lid and the two changes of a year look like at worst: the clock that cannot be set stands still
meanwhile, and the mail server has hung up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer
from tests.faults.desk import AT, Said, SetClock, a_log, a_plan, a_sender, an_smtp_channel, recipient_of, states
from urgent_appeals.dispatch.channel import Deferred
from urgent_appeals.domain.item_state import State

PLAN = a_plan("one", "two", "three")
JUMPS = pytest.mark.parametrize(
    "jump",
    [
        pytest.param(timedelta(hours=8), id="asleep for a night"),
        pytest.param(timedelta(hours=1), id="an hour ahead"),
        pytest.param(timedelta(hours=-1), id="an hour back"),
    ],
)


def at_the_second(act: Callable[[], None]) -> Callable[[int, int, str], None]:
    def progress(number: int, _total: int, _item: str) -> None:
        if number == 2:
            act()

    return progress


@JUMPS
def test_a_run_goes_on_and_each_letter_goes_once_with_the_date_of_its_moment(
    tmp_path: Path, server: ScriptedServer, authority: Authority, jump: timedelta
) -> None:
    clock = SetClock()

    def sleep() -> None:
        clock.at += jump
        server.hang_up()

    channel = an_smtp_channel(server.port, authority.file)
    with a_log(tmp_path / "outbox") as log:
        ran = a_sender(log, channel, clock=clock, progress=at_the_second(sleep)).run(PLAN)
        assert (ran.stopped, ran.count(State.SENT)) == ("", 3), ran.outcomes
        assert set(states(log, PLAN).values()) == {State.SENT}
        a_sender(log, channel, clock=clock).run(PLAN)
    assert [recipient_of(each.recipients) for each in server.accepted] == ["one", "two", "three"]
    dates = [parsedate_to_datetime(str(each.message["Date"])) for each in server.accepted]
    assert dates == [AT, AT + jump, AT + jump]
    assert server.connections == 2


@JUMPS
def test_what_was_put_off_before_is_tried_once_when_its_time_has_come(tmp_path: Path, jump: timedelta) -> None:
    clock, channel = SetClock(), Said([Deferred("greylisted", "451 4.7.1")], marks=False)
    with a_log(tmp_path / "outbox") as log:
        a_sender(log, channel, clock=clock).run(PLAN)
        clock.at += jump
        for _ in range(2):
            a_sender(log, channel, clock=clock).run(PLAN)
        assert set(states(log, PLAN).values()) == {State.DEFERRED}
    assert channel.calls == (6 if jump > timedelta(0) else 3)
