"""After a power cut the marker of every letter that may have gone is on the disk (RELIABILITY, R9)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.desk import a_log, a_plan, a_sender
from tests.faults.one_sender import SENT, IntoFile
from tests.faults.power_cut import Disk, can_trace, replayed, traced
from tests.servers import cannot_run, needed

LETTERS = 3


@pytest.fixture
def traceable() -> None:
    if not can_trace():
        cannot_run("strace is not there, or the system does not let it look at programs")


def images_at_each_dot(root: Path, tmp_path: Path, *options: str) -> list[Path]:
    """Return the log as it would be on the disk, had the power been cut just before each letter went out."""
    outbox, trace = tmp_path / "outbox", tmp_path / "trace"
    with a_log(outbox) as log:
        a_sender(log, IntoFile(tmp_path / "elsewhere")).run(a_plan("before", name="before"))
    disk = Disk(outbox)
    traced(["-m", "tests.faults.one_sender", str(outbox), "letter", str(LETTERS), *options], trace, root)
    assert (outbox / "wire").read_bytes().count(SENT) == LETTERS
    return [
        moment.image(tmp_path / f"image-{number}")
        for number, moment in enumerate(replayed(trace, disk, outbox / "wire"))
    ]


def marked(log: Path) -> list[str]:
    """Return which letters are marked in a log; fails where the log is not sound."""
    with closing(sqlite3.connect(log)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in connection.execute("SELECT recipient FROM events WHERE event = 'data' ORDER BY n")]


def expected(number: int) -> list[str]:
    return ["arlandia/before", *(f"arlandia/letter-{each}" for each in range(number + 1))]


@pytest.mark.slow
def test_at_each_dot_the_log_on_the_disk_is_sound_and_has_its_marker(
    traceable: None, root: Path, tmp_path: Path
) -> None:
    images = images_at_each_dot(root, tmp_path)
    assert [marked(image) for image in images] == [expected(number) for number in range(LETTERS)]


@pytest.mark.slow
def test_with_synchronous_normal_the_marker_would_not_be_on_the_disk(
    traceable: None, root: Path, tmp_path: Path
) -> None:
    images = images_at_each_dot(root, tmp_path, "synchronous=normal")
    assert len(images) == LETTERS
    assert [marked(image) for image in images] != [expected(number) for number in range(LETTERS)]


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_a_machine_cannot_run_is_skipped_on_a_desk_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome):
        cannot_run("no strace")
    with pytest.raises(outcome):
        needed(None, "postfix")
