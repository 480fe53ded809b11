"""A job that is killed at any step leaves nothing half done, and done again it ends as one that was not (R2)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EVERY = {
    "letters": 19,
    "letters anew": 29,
    "print run": 41,
    "log import": 5,
    "log import into none": 11,
    "log export csv": 5,
    "log export json": 5,
    "log export sqlite": 5,
    "log backup": 5,
    "recipients import, new": 1,
    "recipients import": 1,
}
"""Of the steps of each job, one in so many is killed at."""
POINTS = 12


def killed(job: str, every: int, *, root: Path, folder: Path, how: str = "") -> subprocess.CompletedProcess[str]:
    """Kill a job at its steps, and return what the program that does so came to."""
    command = [sys.executable, "-m", "tests.faults.killed_jobs", str(folder), job, str(every), *([how] if how else [])]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("job", [pytest.param(job, marks=pytest.mark.xdist_group(f"killed {job}")) for job in EVERY])
def test_killed_at_any_step_a_job_leaves_no_half_file_and_done_again_it_ends_as_one_that_was_not(
    job: str, root: Path, tmp_path: Path
) -> None:
    run = killed(job, EVERY[job], root=root, folder=tmp_path)
    assert run.returncode == 0, run.stderr[-3000:]
    assert int(run.stdout) >= POINTS


@pytest.mark.slow
@pytest.mark.parametrize("job", ["log export csv", "recipients import, new"])
def test_a_file_that_is_written_where_it_belongs_is_seen_half_written(job: str, root: Path, tmp_path: Path) -> None:
    run = killed(job, 1 if "recipients" in job else 2, root=root, folder=tmp_path, how="straight")
    assert run.returncode == 1
    assert "is neither old nor new after step" in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize("job", ["log import", "recipients import"])
def test_what_nobody_clears_away_is_seen(job: str, root: Path, tmp_path: Path) -> None:
    run = killed(job, 3, root=root, folder=tmp_path, how="kept")
    assert run.returncode == 1
    assert "other than without: [" in run.stderr
