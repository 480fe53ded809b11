"""What every channel keeps to, whatever it hands over to: one suite, run over each of them.

A channel's tests have a class that inherits `ChannelContract` (and `RemoteContract`, where there is another side that
can refuse, be out of reach, or be lost in the middle) and says in `world` how to make the channel and what to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.dispatch.builders import Marks, no_mark
from urgent_appeals.dispatch.channel import Accepted, Channel, Deferred, Drafted, Failed, ForPrint, Parcel, Unsure
from urgent_appeals.errors import AppealsError

Behaviour = Literal["good", "refuses", "out of reach", "lost after"]
"""How the other side is: takes everything, refuses everything, is not there, takes but its answer is lost."""


@dataclass(frozen=True)
class World:
    """A channel that is entered, and what the other side has durably taken: message ids or references, in order."""

    channel: Channel
    taken: Callable[[], Sequence[str]]


class LogIsGone(Exception):
    """The mark cannot be recorded."""


class ChannelContract:
    """What holds for every channel."""

    @pytest.fixture
    def world(self) -> Callable[[Behaviour], AbstractContextManager[World]]:
        """Return a function that makes a world of a behaviour."""
        raise NotImplementedError

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        """Return a function that makes a parcel for the channel; each has another id."""
        raise NotImplementedError

    @pytest.fixture
    def unfit(self) -> Parcel:
        """Return a parcel that may not be sent: it lacks what the channel needs."""
        raise NotImplementedError

    def test_a_parcel_is_taken_once(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("good") as here:
            receipt = here.channel.hand_over(parcel(), Marks())
            assert isinstance(receipt, Accepted | Drafted | ForPrint)
            assert len(here.taken()) == 1

    def test_the_mark_is_made_once_and_before_anything_is_taken(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("good") as here:
            seen: list[int] = []
            here.channel.hand_over(parcel(), lambda: seen.append(len(here.taken())))
            assert seen == [0]

    @pytest.mark.parametrize("reason", [LogIsGone, KeyboardInterrupt])
    def test_without_a_mark_nothing_is_taken(
        self,
        world: Callable[[Behaviour], AbstractContextManager[World]],
        parcel: Callable[..., Parcel],
        reason: type[BaseException],
    ) -> None:
        def mark() -> None:
            raise reason

        with world("good") as here:
            with pytest.raises(reason):
                here.channel.hand_over(parcel(), mark)
            assert not here.taken()
            here.channel.hand_over(parcel(), Marks())
            assert len(here.taken()) == 1

    def test_parcels_one_after_another_are_taken_once_each(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("good") as here:
            receipts = [here.channel.hand_over(parcel(), Marks()) for _ in range(3)]
            assert all(isinstance(receipt, Accepted | Drafted | ForPrint) for receipt in receipts)
            assert len(set(here.taken())) == len(here.taken()) == 3

    def test_what_may_not_be_sent_is_refused_before_anything_is_done(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], unfit: Parcel
    ) -> None:
        with world("good") as here:
            with pytest.raises(AppealsError):
                here.channel.hand_over(unfit, no_mark())
            assert not here.taken()


class RemoteContract(ChannelContract):
    """What holds for channels with another side."""

    def test_a_refusal_is_a_receipt_and_the_parcel_is_not_taken(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("refuses") as here:
            assert isinstance(here.channel.hand_over(parcel(), Marks()), Failed | Deferred)
            assert not here.taken()

    def test_what_is_out_of_reach_defers_and_marks_nothing(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("out of reach") as here:
            assert isinstance(here.channel.hand_over(parcel(), no_mark()), Deferred)
            assert not here.taken()

    def test_an_answer_that_is_lost_is_never_taken_for_a_no(
        self, world: Callable[[Behaviour], AbstractContextManager[World]], parcel: Callable[..., Parcel]
    ) -> None:
        with world("lost after") as here:
            marks = Marks()
            receipt = here.channel.hand_over(parcel(), marks)
            assert isinstance(receipt, Unsure | Accepted | Drafted)
            assert marks.count == 1
            assert len(here.taken()) == 1
