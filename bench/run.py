"""Run the benches: `python -m bench.run [NAME…] [--rounds N]`; the names are the modules beside this one.

A bench module has `bench() -> Bench`: the contenders, of which the first is what the others are measured
against, and the bars. In each round every contender runs once, in random order, so that a machine that
drifts drifts for all. The medians are compared. What came out is printed, and written to `bench/results/`
as JSON and Markdown.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


@dataclass(frozen=True)
class Contender:
    """One way of doing the work.

    `work` does it once and may return the seconds it counts itself (CPU of a child, say); without, the
    process's CPU time counts. `units` is how many pieces (letters, appeals) one call makes: the figures are
    per piece.
    """

    name: str
    work: Callable[[], float | None]
    units: int = 1


@dataclass(frozen=True)
class Bar:
    """What is to be reached: `faster` is to take at most `times` the time of `than` (0.5: twice as fast)."""

    faster: str
    than: str
    times: float


@dataclass(frozen=True)
class Bench:
    """What is measured, the contenders and the bars."""

    title: str
    contenders: tuple[Contender, ...]
    bars: tuple[Bar, ...] = ()
    rounds: int = 5
    warm_up: bool = True


@dataclass(frozen=True)
class Figure:
    """What a contender came to: milliseconds per piece, and the ratio to the first contender."""

    name: str
    median: float
    least: float
    most: float
    times: float


@dataclass(frozen=True)
class Verdict:
    """Whether a bar was reached."""

    faster: str
    than: str
    times: float
    at_most: float
    reached: bool


@dataclass(frozen=True)
class Result:
    """What a bench came to."""

    title: str
    rounds: int
    figures: tuple[Figure, ...]
    verdicts: tuple[Verdict, ...]
    machine: str = field(default_factory=lambda: f"{platform.machine()}, Python {platform.python_version()}")

    @property
    def reached(self) -> bool:
        """Whether every bar was reached."""
        return all(verdict.reached for verdict in self.verdicts)


def measure(bench: Bench, *, rounds: int | None = None, order: random.Random | None = None) -> Result:
    """Run the contenders in rounds of random order and compare their medians."""
    order = order or random.Random()  # noqa: S311  # an order of measuring, not a secret
    rounds = rounds or bench.rounds
    samples: dict[str, list[float]] = {contender.name: [] for contender in bench.contenders}
    if bench.warm_up:
        for contender in bench.contenders:
            _timed(contender)
    for _ in range(rounds):
        for contender in order.sample(bench.contenders, len(bench.contenders)):
            samples[contender.name].append(_timed(contender))
    medians = {name: statistics.median(taken) for name, taken in samples.items()}
    first = medians[bench.contenders[0].name]
    return Result(
        bench.title,
        rounds,
        tuple(
            Figure(name, medians[name] * 1000, min(taken) * 1000, max(taken) * 1000, medians[name] / first)
            for name, taken in samples.items()
        ),
        tuple(_judged(bar, medians) for bar in bench.bars),
    )


def _timed(contender: Contender) -> float:
    started = time.process_time()
    counted = contender.work()
    taken = time.process_time() - started if counted is None else counted
    return taken / contender.units


def _judged(bar: Bar, medians: dict[str, float]) -> Verdict:
    times = medians[bar.faster] / medians[bar.than]
    return Verdict(bar.faster, bar.than, times, bar.times, times <= bar.times)


def told(result: Result) -> str:
    """Return the result as a Markdown table with the verdicts below."""
    name_width = max(len(figure.name) for figure in result.figures)
    lines = [
        f"## {result.title}",
        "",
        f"{result.rounds} rounds in random order, {result.machine}; milliseconds per piece.",
        "",
        f"| {'contender':{name_width}} |    median |     least |      most |   times |",
        f"| {'-' * name_width} | --------: | --------: | --------: | ------: |",
    ]
    lines += [
        f"| {figure.name:{name_width}} | {figure.median:9.3f} | {figure.least:9.3f} "
        f"| {figure.most:9.3f} | {figure.times:7.3f} |"
        for figure in result.figures
    ]
    lines += ["", *map(_verdict, result.verdicts)]
    return "\n".join(lines).rstrip() + "\n"


def _verdict(verdict: Verdict) -> str:
    word = "reached" if verdict.reached else "MISSED"
    measured = f"{verdict.faster} takes {verdict.times:.2f} times the time of {verdict.than}"
    return f"- {word}: {measured} (bar: {verdict.at_most:g})"


def keep(name: str, result: Result, folder: Path = RESULTS) -> None:
    """Write the result as JSON and Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {**asdict(result), "reached": result.reached}
    (folder / f"{name}.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (folder / f"{name}.md").write_text(told(result), "utf-8")


def names() -> list[str]:
    """Return the benches there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("__init__", "run"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benches named, or all; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description="Measure against the plain ways.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}; all without")
    parser.add_argument("--rounds", type=int, help="how often each contender runs")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    missed = False
    for name in chosen.names or names():
        result = measure(import_module(f"bench.{name}").bench(), rounds=chosen.rounds)
        keep(name, result)
        print(told(result), flush=True)
        missed = missed or not result.reached
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
