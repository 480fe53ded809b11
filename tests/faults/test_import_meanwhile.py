"""While a run goes on, another process imports what other desks have done: each goes once, all is taken over (R11).

The sender waits before its last letter until the import is over, so that the two are at work at the same time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer
from tests.faults.desk import AT, Letters, RealClock, Said, a_plan, a_sender, an_item, an_smtp_channel, recipient_of
from tests.faults.desk import states as states_of
from tests.faults.workspaces import ROOT, add_desk
from tests.servers import PostgreSQL, postgresql
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.domain.item_state import State
from urgent_appeals.domain.plan import PlanItem
from urgent_appeals.errors import LogExportRefused
from urgent_appeals.log.exports import Form, export
from urgent_appeals.log.merge import merge
from urgent_appeals.log.opening import open_log
from urgent_appeals.log.store import Log

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log on a server")]
OWN = tuple(f"office-{number}" for number in range(20))
PLAN = a_plan(*OWN, "sent-by-both")
THEIRS = 2000
"""How many letters of its own the other desk has noted, so that to take them over takes a while."""


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    running: PostgreSQL = request.getfixturevalue("database")
    return running.new_database(f"log-{uuid4().hex}")


@pytest.fixture
def place(tmp_path: Path, server: ScriptedServer, authority: Authority, url: str | None) -> Path:
    """A workspace with a desk and no letters: what the sender is supplied with comes from elsewhere."""
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "campaign.yaml").write_bytes((ROOT / "campaign.yaml").read_bytes())
    add_desk(root, server, authority, f"log: {url}\n" if url is not None else "")
    return root


@pytest.fixture
def log(place: Path, url: str | None) -> Iterator[Log]:
    with open_log(url, desk="leeds", outbox=place / "outbox") as opened:
        yield opened


@pytest.fixture
def sqlite_log(tmp_path: Path) -> Iterator[Log]:
    with open_log(None, desk="leeds", outbox=tmp_path / "outbox") as opened:
        yield opened


def exported(log: Log, file: Path, *, knows_us: bool) -> Path:
    """Have another desk note many letters, and send one of the plan; return its export.

    `knows_us`: it has taken over what this desk did before, and hands it on with its own.
    """
    with open_log(None, desk="porto", outbox=file.parent / "porto") as theirs:
        if knows_us:
            export(log, ours := file.with_name("ours.json"), Form.JSON)
            merge(theirs, ours, "P. Q.", AT)
        made = (NewEvent(at=AT, by="P. Q.", event=EventKind.MADE, item=an_item(f"x{n}").id) for n in range(THEIRS))
        theirs.append(*made)
        a_sender(theirs, Said()).run(a_plan("sent-by-both", name="theirs"))
        export(theirs, file, Form.JSON)
    return file


class Meanwhile(Letters):
    """Letters that take a while; at the third an import begins, and before the last one of our own it is over."""

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        super().__init__()
        self._begin = begin
        self.gone_meanwhile = 0
        self.status: int | None = None
        self._importing: subprocess.Popen[bytes] | None = None

    def unwanted(self, item: PlanItem) -> str | None:
        time.sleep(0.05)
        if len(self.asked) == 2:
            self._importing = self._begin()
        elif self._importing is not None:
            self.gone_meanwhile += self._importing.poll() is None
            if len(self.asked) == len(OWN) - 1:
                self.status = self._importing.wait(120)
        return super().unwanted(item)


@pytest.mark.parametrize("knows_us", [False, True], ids=["of two strangers", "that knows what was done here before"])
def test_while_a_run_goes_on_an_import_is_whole_and_each_letter_goes_once(
    place: Path, log: Log, server: ScriptedServer, authority: Authority, tmp_path: Path, *, knows_us: bool
) -> None:
    channel = an_smtp_channel(server.port, authority.file)
    a_sender(log, channel).run(a_plan("before", name="before"))
    file = exported(log, tmp_path / "theirs.json", knows_us=knows_us)
    told = tmp_path / "told"

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "urgent_appeals", "log", "import", str(file)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        with told.open("wb") as output:
            return subprocess.Popen(command, cwd=place, env=environment, stdout=output, stderr=subprocess.STDOUT)

    letters = Meanwhile(begin)
    ran = a_sender(log, channel, supply=letters, clock=RealClock(), trusts_clock=True).run(PLAN)
    assert (letters.status, ran.stopped) == (0, ""), told.read_text()
    assert letters.gone_meanwhile > 3, "the two were not at work at the same time"
    assert Counter(recipient_of(each.recipients) for each in server.accepted) == Counter(["before", *OWN])
    assert states_of(log, PLAN) == dict.fromkeys((*OWN, "sent-by-both"), State.SENT)
    desks = Counter(event.desk for event in log.events())
    with open_log(None, desk="porto", outbox=tmp_path / "porto") as theirs:
        assert desks["porto"] == sum(event.desk == "porto" for event in theirs.events())
    assert log.verify() == ()


def test_of_two_imports_of_one_desk_at_once_one_is_whole_and_the_other_takes_nothing(
    sqlite_log: Log, tmp_path: Path
) -> None:
    """What a guard on a chain that has grown meanwhile is for: an event is never there twice, and no chain breaks."""
    file = exported(sqlite_log, tmp_path / "theirs.json", knows_us=False)
    times: list[int] = []

    def progress(number: int) -> None:
        times.append(number)
        if len(times) == 1:
            merge(sqlite_log, file, "M. H.", AT)

    with pytest.raises(LogExportRefused, match="written to meanwhile; import it again"):
        merge(sqlite_log, file, "M. H.", AT, progress)
    assert times
    assert Counter(event.desk for event in sqlite_log.events())["porto"] == THEIRS + 5
    assert sqlite_log.verify() == ()
    assert merge(sqlite_log, file, "M. H.", AT).new == 0
