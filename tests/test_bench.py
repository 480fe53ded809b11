"""The frame of the benches: fair order, medians per piece, bars, and what is written."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bench.run import Bar, Bench, Contender, keep, main, measure, names, told


def a_bench(calls: list[str], *, bar: float = 0.5) -> Bench:
    """Two contenders whose times are made up: 2 s a piece, and 3 s for three pieces."""

    def contender(name: str, seconds: list[float], units: int) -> Contender:
        def work() -> float:
            calls.append(name)
            return seconds[calls.count(name) - 1]

        return Contender(name, work, units)

    plain = contender("plain", [9.0, 1.0, 2.0, 5.0], 1)
    ours = contender("ours", [9.0, 3.0, 3.0, 3.0], 3)
    return Bench("Letters", (plain, ours), (Bar("ours", "plain", bar),), rounds=3)


def test_the_median_of_the_rounds_counts_and_the_warm_up_does_not() -> None:
    plain, ours = measure(a_bench([])).figures
    assert (plain.median, plain.least, plain.most, plain.times) == (2000, 1000, 5000, 1)
    assert (ours.median, ours.times) == (1000, 0.5)


def test_every_contender_runs_once_a_round_in_random_order() -> None:
    orders = set()
    for seed in range(8):
        calls: list[str] = []
        measure(a_bench(calls), order=random.Random(seed))
        rounds = [tuple(calls[at : at + 2]) for at in range(2, len(calls), 2)]
        assert all(set(each) == {"plain", "ours"} for each in rounds)
        orders |= set(rounds)
    assert len(orders) == 2


@pytest.mark.parametrize(("bar", "reached"), [(0.5, True), (0.49, False)])
def test_a_bar_is_reached_or_missed(bar: float, reached: bool) -> None:
    assert measure(a_bench([], bar=bar)).reached is reached


def test_without_a_count_of_its_own_the_process_s_time_counts() -> None:
    result = measure(Bench("Sum", (Contender("sum", lambda: (sum(range(100_000)), None)[1]),)), rounds=1)
    assert result.figures[0].median > 0


def test_the_result_is_written_for_people_and_for_programs(tmp_path: Path) -> None:
    result = measure(a_bench([]))
    keep("letters", result, tmp_path)
    document = json.loads((tmp_path / "letters.json").read_text())
    assert document["reached"] is True
    assert [figure["name"] for figure in document["figures"]] == ["plain", "ours"]
    text = (tmp_path / "letters.md").read_text()
    assert text == told(result)
    assert "| plain |  2000.000 |  1000.000 |  5000.000 |   1.000 |" in text
    assert "- reached: ours takes 0.50 times the time of plain (bar: 0.5)" in text


def test_an_unknown_bench_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such"])
    assert "no bench no-such; there are " in capsys.readouterr().err


def test_every_bench_has_contenders_and_bars_between_them() -> None:
    from importlib import import_module

    assert "startup" in names()
    for name in names():
        bench = import_module(f"bench.{name}").bench()
        contenders = {contender.name for contender in bench.contenders}
        assert len(contenders) == len(bench.contenders) > 1
        assert all({bar.faster, bar.than} <= contenders for bar in bench.bars)
