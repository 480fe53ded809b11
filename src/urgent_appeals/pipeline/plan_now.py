"""Make a plan once more, whenever anything that it rests on has changed: what it would be now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.plan_changes import differences, no_longer
from urgent_appeals.errors import LettersOutdated, NothingToDo, UnknownAppeal, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.history import known
from urgent_appeals.pipeline.planning import asked_again, make_plan
from urgent_appeals.workspace.files import Entry, Files
from urgent_appeals.workspace.read import CAMPAIGN, PHRASES

if TYPE_CHECKING:
    from urgent_appeals.log.store import Log

_Print = tuple[str, int, int, int, int]


@dataclass
class PlanNow:
    """A plan, as it would be made now: made once more whenever a file of the definitions or the day has changed, or
    somebody else has recorded something in the log.

    `without` tells the items whose own past is left out of account: what was begun for this very plan. Both questions
    raise AppealsError or OSError where they cannot be answered, as while a file is being saved.
    """

    root: Path
    plan: Plan
    settings: Settings
    log: Log
    today: Callable[[], date]
    without: Callable[[str], bool]
    _seen: object = None
    _now: Plan | None = None
    _items: dict[str, PlanItem] = field(default_factory=dict)
    _fault: str = ""

    def changes(self) -> tuple[str, ...]:
        """Return what speaks against the plan as a whole, nothing where it would be made just so."""
        self._look()
        if self._now is None:
            return (self._fault,)
        changed = differences(self.plan, self._now)
        return changed or (("what it covers is another",) if self._now.digest != self.plan.digest else ())

    def unwanted(self, item: PlanItem) -> str | None:
        """Return why an item is not to go any more: a stop, an update, an embargo, other recipients, another text; or
        what has become of it meanwhile: a mark by hand, a bounce, what another desk did. None where it is to go.
        """
        self._look()
        return no_longer(item, self._items.get(item.item)) if self._now is not None else self._fault

    def _look(self) -> None:
        seen = (self.today(), self.log.news(), *_fingerprint(self.root))
        if seen == self._seen:
            return
        self._seen = None
        self._look_again()
        self._seen = seen

    def _look_again(self) -> None:
        desk = Desk.open(self.root, self.today())
        self._now, self._items = None, {}
        try:
            appeal = desk.appeal(self.plan.code)
            past = known(self.log, appeal, self.without)
            self._now = make_plan(desk, appeal, self.today(), asked_again(self.plan), past, self.settings)
        except (UnknownAppeal, UnknownChoice, NothingToDo, LettersOutdated) as error:
            self._fault = str(error)
        else:
            self._items = {item.item: item for item in self._now.items}


def _fingerprint(root: Path) -> Iterator[_Print]:
    """Yield what tells a changed definition file from the one before, without reading it."""
    yield from _found(root / CAMPAIGN)
    files = Files(root)
    for folder, depth in (("appeals", 2), ("recipients", 0), (PHRASES, 0)):
        yield from _below(files, folder, depth)


def _below(files: Files, folder: str | Entry, depth: int) -> Iterator[_Print]:
    """Yield it for the files that the workspace is read from: through links that stay inside it, too."""
    for entry in files.entries(folder):
        if not entry.is_directory:
            yield from _found(Path(entry.path))
        elif depth:
            yield from _below(files, entry, depth - 1)


def _found(path: Path) -> Iterator[_Print]:
    try:
        found = path.stat()
    except OSError:
        return
    yield str(path), found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
