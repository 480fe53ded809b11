"""Workspaces whose letters are made, and desks to send them from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.dispatch.certificates import Authority
from tests.dispatch.scripted_server import ScriptedServer
from tests.faults.desk import RealClock
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.plan import Plan
from urgent_appeals.log.store import Log
from urgent_appeals.pipeline.clock import Clock
from urgent_appeals.pipeline.dispatching import Count, Dispatched, Order, plan_dispatch, run_plan
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.pipeline.planning import Asked

ROOT = Path(__file__).resolve().parents[2]
CODE, DAY = "UAD XAA 001/2026.01", date(2026, 11, 22)
BY_MAIL = ("president", "justice-minister", "interior-minister", "assembly-clerk")
"""The offices of the sample that get the letter by mail, in their order."""


def make_workspace(place: Path) -> Path:
    """Make the sample with its letters in English, and return it."""
    copy_of_the_sample(place)
    make_letters(place, CODE, DAY, Wanted(languages=("en",)))
    return place


def copy_of_the_sample(place: Path) -> Path:
    """Copy the sample, without letters, and return it."""
    for folder in ("appeals/UAD-XAA-001-2026", "recipients"):
        shutil.copytree(ROOT / folder, place / folder)
    shutil.copy(ROOT / "campaign.yaml", place / "campaign.yaml")
    return place


def add_desk(place: Path, server: ScriptedServer, authority: Authority, more: str = "") -> None:
    """Write the settings of a desk that hands its letters to a server."""
    file = place / "desk.yaml"
    file.write_text(
        "desk: leeds\nby: M. H.\nreplies: answers@campaign.example\nreflect: me@campaign.example\n"
        f"smtp:\n  host: localhost\n  port: {server.port}\n  user: desk@campaign.example\n"
        f"  from: desk@campaign.example\n  from_name: Letters\n  ca_file: {authority.file}\n"
        f"  limits: {{pause_seconds: 0, per_domain_pause_seconds: 0}}\n{more}",
        encoding="utf-8",
    )
    file.chmod(0o600)


@dataclass
class Scene:
    """A workspace, its desk and its mail server; `day` is what day it is."""

    place: Path
    server: ScriptedServer
    day: date = DAY
    asked: list[Count] = field(default_factory=list)

    def plan(self, **asked: object) -> Plan:
        """Plan by mail, unless told otherwise."""
        wanted = Asked(**{"via": Via.EMAIL, **asked})  # type: ignore[arg-type]
        return plan_dispatch(self.place, CODE, self.day, wanted).plan

    def run(
        self, plan: Plan, *, progress: object = None, clock: Clock | None = None, reflect: bool = False
    ) -> Dispatched:
        """Run a plan; whoever is asked agrees."""

        def consent(count: Count, _plan: Plan) -> None:
            self.asked.append(count)

        seen = progress if callable(progress) else lambda *_: None
        order = Order(consent, clock or RealClock(), lambda: self.day, reflect, seen)
        return run_plan(self.place, plan.plan, order)

    def log(self) -> Log:
        from tests.faults.desk import a_log

        return a_log(self.place / "outbox")

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a definition file; fails where it does not have what is to be changed."""
        file = self.place / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def taken(self) -> list[str]:
        """Return the addresses that the server has taken a letter for, in order."""
        return [accepted.recipients[0] for accepted in self.server.accepted]
