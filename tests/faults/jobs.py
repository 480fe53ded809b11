"""The jobs that are killed in their midst: each with the workspace that it begins in, and what it leaves there."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.checking import write_workspace
from tests.faults.desk import AT, RealClock, Said, a_plan, a_sender
from urgent_appeals.domain.item import Via
from urgent_appeals.errors import NothingToDo, OutboxError
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.opening import open_log
from urgent_appeals.pipeline.directories import plan_import
from urgent_appeals.pipeline.dispatching import Order, plan_dispatch, run_plan
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.pipeline.logbook import back_up, export_to, import_from
from urgent_appeals.pipeline.noting import note_made
from urgent_appeals.pipeline.planning import Asked

CODE, DAY = "XAA 001/0126/OBS 001", date(2026, 11, 22)
DESK = "desk: leeds\nby: M. H.\n"
THEIRS = "theirs.json"
NOTE: Final = re.compile(r"[0-9a-f-]{32,36}\.json")
CHANGING: Final = frozenset({"log.epoch", "log.claimed", "reply-secret"})
"""What is another in each run: random, or a time."""
Job = Callable[[Path], None]


# ── where they begin ──


def with_desk(place: Path) -> None:
    """Write a workspace of one appeal, and the settings of its desk."""
    write_workspace(place, 1)
    desk = place / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    desk.chmod(0o600)


def with_letters(place: Path) -> None:
    """Write one with letters of the day before, which the log knows of."""
    with_desk(place)
    letters(place, DAY - timedelta(days=1))


def with_log(place: Path) -> None:
    """Write one with a log, and an export of another desk's."""
    with_export(place)
    with at_home(place), open_log(None, desk="leeds", outbox=place / "outbox") as log:
        a_sender(log, Said()).run(a_plan("one", "two", "three"))


def with_export(place: Path) -> None:
    """Write one without a log, and an export of another desk's."""
    with_desk(place)
    elsewhere = place.with_name(f"{place.name}-elsewhere")
    with at_home(elsewhere), open_log(None, desk="porto", outbox=elsewhere) as log:
        a_sender(log, Said()).run(a_plan(*(f"porto-{number}" for number in range(5)), name="theirs"))
        export(log, place / THEIRS, Form.JSON)


def with_plan(place: Path) -> None:
    """Write one with a plan of letters for the post."""
    with_desk(place)
    letters(place, DAY)
    with at_home(place):
        accepted = ("not-reviewed", "stale", "same-address", "another-way")
        plan_dispatch(place, CODE, DAY, Asked(via=Via.POST, languages=("en",), accepted=accepted))


def with_directory(place: Path) -> None:
    """Write one with what is to be imported: a directory that is new, and one that is not."""
    with_desk(place)
    lines = ["office,name,email", "governor,Governor of the Isle,governor@isle.example"]
    (place / "isle.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


# ── the jobs ──


@contextmanager
def at_home(place: Path) -> Iterator[None]:
    """Keep the notes on the log of a workspace beside it: each copy of one is another desk's."""
    before = os.environ.get("APPEALS_STATE")
    os.environ["APPEALS_STATE"] = str(state_of(place))
    yield
    if before is not None:
        os.environ["APPEALS_STATE"] = before


def state_of(place: Path) -> Path:
    """Return where the notes on the log of a workspace lie."""
    return place.with_name(f"{place.name}.state")


def letters(place: Path, on: date = DAY) -> None:
    """Make letters and bulletins, and note them, as `appeals letters` does."""
    with at_home(place):
        note_made(place, make_letters(place, CODE, on, Wanted()), AT)


def print_run(place: Path) -> None:
    """Run the plan that lies there, where anything of it is left."""
    (plan,) = (place / "outbox" / "plans").glob("*.json")
    with at_home(place), suppress(NothingToDo):
        run_plan(place, plan.stem, Order(lambda *_: None, RealClock(), lambda: DAY))


def take_over(place: Path) -> None:
    """Import what another desk exported."""
    with at_home(place):
        import_from(place, place / THEIRS, AT, _unheard)


def hand_on(place: Path, form: Form) -> None:
    """Export the log, where that was not done already."""
    with at_home(place), suppress(OutboxError):
        export_to(place, place / f"export.{form.value}", form, _unheard)


def copy(place: Path) -> None:
    """Back the log up, where that was not done already."""
    with at_home(place), suppress(OutboxError):
        back_up(place, place / "backup.sqlite", _unheard)


def take_directory(place: Path, into: str) -> None:
    """Import a directory, as `appeals recipients import --apply` does."""
    plan = plan_import(place, place / "isle.csv", None, into, "en")
    if made := plan.made():
        plan.apply(made)


def _unheard(_: str) -> None:
    return


JOBS: Final[Mapping[str, tuple[Job, Job]]] = {
    "letters": (with_desk, letters),
    "letters anew": (with_letters, letters),
    "print run": (with_plan, print_run),
    "log import": (with_log, take_over),
    "log import into none": (with_export, take_over),
    **{f"log export {form.value}": (with_log, partial(hand_on, form=form)) for form in Form},
    "log backup": (with_log, copy),
    "recipients import, new": (with_directory, partial(take_directory, into="isle")),
    "recipients import": (with_directory, partial(take_directory, into="country-1")),
}
"""Each job by its name: what lays out the workspace that it begins in, and the job."""


# ── what they leave ──


def left_in(place: Path) -> dict[str, Any]:
    """Return what lies in a workspace and beside it, by name: contents, but for what is another each time."""
    found: dict[str, Any] = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm")):
            found[name] = None if path.name in CHANGING else _content(path)
        elif is_hidden(name) and path.is_dir():
            found[name] = None
    notes = sorted(path.name for path in state_of(place).glob("*"))
    found["notes elsewhere"] = ["a note" if NOTE.fullmatch(name) else name for name in notes]
    return found


def is_hidden(name: str) -> bool:
    """Return whether a file bears no name that anybody looks for it by."""
    return any(part.startswith(".") for part in Path(name).parts)


def _content(path: Path) -> object:
    if path.suffix not in {".db", ".sqlite"} or is_hidden(path.name):
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as file:
        return _told(file) if path.name == "log.db" else [*file.iterdump()]


def _told(log: sqlite3.Connection) -> dict[str, object]:
    """Return what a log says, however often it had to be begun: notes, and what became of each item last."""
    if not log.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchall():
        return {}
    told: dict[str, object] = {}
    rows = log.execute("SELECT id, desk, event, item, code, recipient, channel, detail FROM events ORDER BY n")
    for number, (id_, desk, event, item, *rest, detail) in enumerate(rows):
        if desk == "porto":
            told[id_] = (number, event, item, *rest, detail)
        elif event == "made":
            told[f"made {rest} {detail}"] = told.get(f"made {rest} {detail}", 0) + 1  # type: ignore[operator]
        elif event == "noted" and "print_run" in detail:
            said = json.loads(detail)
            told[said["print_run"]] = [said[key] for key in ("path", "sha256", "letters", "letters_sha256")]
        elif item is not None:
            told[item] = (event, *rest)
    return told
