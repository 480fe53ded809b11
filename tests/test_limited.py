"""Work in a child has limits: what goes beyond them costs one request, and the next gets a new child."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from urgent_appeals.limited import BeyondLimits, LimitedChild, Limits, NoChild

ENTRY = "tests.test_limited:prepared"
pytestmark = pytest.mark.slow


def prepared(setting: Mapping[str, Any]) -> Any:
    """Be the work in the child: what the request asks for."""
    if "refused" in setting:
        return {"refused": setting["refused"]}
    known: list[int] = []

    def work(request: Mapping[str, Any]) -> Mapping[str, Any]:
        known.append(1)
        match request["do"]:
            case "loop":
                while True:
                    pass
            case "swell":
                return {"size": len(bytearray(request["megabytes"] * 2**20))}
            case "end":
                raise SystemExit(3)
            case "print":
                sys.stdout.write("not a frame")
                sys.stdout.flush()
        return {"served": len(known), "said": request.get("say")}

    return work


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[LimitedChild]:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parent.parent))
    made = LimitedChild(ENTRY, {}, Limits(seconds=3, megabytes=100))
    yield made
    made.close()


def test_one_child_answers_one_request_after_another(child: LimitedChild) -> None:
    assert [child.ask({"do": "say", "say": "Қала"})["served"] for _ in range(3)] == [1, 2, 3]
    assert child.ask({"do": "say", "say": "Қала"})["said"] == "Қала"


def test_what_takes_too_long_is_ended_and_the_next_request_gets_a_new_child(child: LimitedChild) -> None:
    child.ask({"do": "say"})
    with pytest.raises(BeyondLimits, match="3 s"):
        child.ask({"do": "loop"})
    assert child.ask({"do": "say"})["served"] == 1


def test_what_takes_too_much_memory_is_ended(child: LimitedChild) -> None:
    assert child.ask({"do": "swell", "megabytes": 20})["size"] == 20 * 2**20
    with pytest.raises(BeyondLimits, match="100 MB of memory"):
        child.ask({"do": "swell", "megabytes": 200})
    assert child.ask({"do": "say"})["served"] == 1


def test_what_ends_the_child_is_tried_once_more_in_a_new_one(child: LimitedChild) -> None:
    child.ask({"do": "say"})
    with pytest.raises(BeyondLimits, match="status 3"):
        child.ask({"do": "end"})


def test_what_a_library_prints_does_not_come_between(child: LimitedChild) -> None:
    assert child.ask({"do": "print"})["served"] == 1


def test_the_child_inherits_no_secrets(child: LimitedChild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPEALS_SMTP_PASSWORD", "hunter2")
    child.ask({"do": "say"})
    assert child._process is not None
    environment = Path(f"/proc/{child._process.pid}/environ")
    if not environment.exists():
        pytest.skip("this system does not show a process's environment")
    assert b"hunter2" not in environment.read_bytes()


def test_a_child_that_cannot_work_says_why(child: LimitedChild) -> None:
    child.setting = {"refused": "no fonts"}
    with pytest.raises(NoChild) as refused:
        child.ask({"do": "say"})
    assert refused.value.told == {"refused": "no fonts"}


def test_a_child_that_does_not_start_is_told(child: LimitedChild) -> None:
    child.entry = "tests.test_limited:nothing"
    with pytest.raises(NoChild):
        child.ask({"do": "say"})
