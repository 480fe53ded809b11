"""What a print run asks of a letter before it is laid into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.dispatch.builders import Marks, a_parcel, an_address, an_item, no_mark
from tests.dispatch.contract import Behaviour, ChannelContract, World
from urgent_appeals.dispatch.channel import ForPrint, Parcel
from urgent_appeals.dispatch.post import PostChannel
from urgent_appeals.domain.item import Route
from urgent_appeals.errors import MessageRefused, RenderError


class Tray:
    """A tray that keeps what is laid into it."""

    def __init__(self, fault: str | None = None) -> None:
        self.laid: list[str] = []
        self.finished = 0
        self._fault = fault

    def check(self, parcel: Parcel) -> None:
        """Refuse every letter where there is a fault."""
        if self._fault is not None:
            raise RenderError(str(parcel.item), self._fault)

    def lay(self, parcel: Parcel) -> str:
        """Keep a letter."""
        self.laid.append(parcel.reference)
        return "outbox/print-run/a.pdf"

    def finish(self) -> None:
        """Count how often it was asked for."""
        self.finished += 1


def a_print(**changes: Any) -> Parcel:
    """Return a letter for the post; each has another reference."""
    values: dict[str, Any] = {"item": an_item(route=Route.POST), "to": None, "message": b"", "pdf": b"%PDF-1.7"}
    return a_parcel(**values | {"reference": str(id(object()))} | changes)


class TestContract(ChannelContract):
    """The post keeps to what every channel keeps to."""

    @pytest.fixture
    def world(self) -> Callable[[Behaviour], AbstractContextManager[World]]:
        @contextmanager
        def make(_: Behaviour) -> Iterator[World]:
            tray = Tray()
            with PostChannel(tray) as channel:
                yield World(channel, lambda: tray.laid)

        return make

    @pytest.fixture
    def parcel(self) -> Callable[..., Parcel]:
        numbers = iter(range(100))
        return lambda: a_print(reference=str(next(numbers)))

    @pytest.fixture
    def unfit(self) -> Parcel:
        return a_print(pdf=b"")


def test_a_letter_that_is_laid_out_is_to_be_printed_by_people() -> None:
    assert PostChannel(Tray()).hand_over(a_print(), Marks()) == ForPrint("outbox/print-run/a.pdf")


def test_what_has_an_address_to_be_sent_to_is_not_printed() -> None:
    with pytest.raises(MessageRefused):
        PostChannel(Tray()).hand_over(a_print(to=an_address()), no_mark())


def test_a_letter_that_could_not_be_printed_is_not_marked() -> None:
    tray = Tray("is no PDF that can be read")
    with pytest.raises(RenderError):
        PostChannel(tray).hand_over(a_print(), no_mark())
    assert not tray.laid


def test_the_print_run_is_made_when_the_run_ends() -> None:
    tray = Tray()
    with PostChannel(tray) as channel:
        channel.hand_over(a_print(), Marks())
        assert tray.finished == 0
    assert tray.finished == 1


def test_a_run_that_breaks_off_leaves_the_print_run_to_the_next_one() -> None:
    tray = Tray()
    with pytest.raises(KeyboardInterrupt), PostChannel(tray):
        raise KeyboardInterrupt
    assert tray.finished == 0
