"""Start-up: `appeals --help` beside `python -c "import typer, rich"`, CPU time of the child."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable

from bench.run import Bar, Bench, Contender


def bench() -> Bench:
    """Compare whole processes, so that nothing is warm but the disk's cache."""
    return Bench(
        "Start-up",
        (
            Contender("import typer, rich", _child("-c", "import typer, rich")),
            Contender("appeals --help", _child("-m", "urgent_appeals", "--help")),
            Contender("appeals letters --help", _child("-m", "urgent_appeals", "letters", "--help")),
            Contender("import weasyprint, babel", _child("-c", "import weasyprint, babel")),
        ),
        bars=(Bar("appeals --help", "import typer, rich", 2.5),),
        rounds=9,
    )


def _child(*arguments: str) -> Callable[[], float]:
    def work() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return work
