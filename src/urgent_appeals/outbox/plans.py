"""Keep plans: what was decided to be dispatched, for a person to look at and for the run to hold to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from urgent_appeals.domain.named import by_ending
from urgent_appeals.domain.plan import Plan
from urgent_appeals.errors import AmbiguousChoice, OutboxError, UnknownChoice
from urgent_appeals.outbox import disk
from urgent_appeals.outbox.names import name_fault
from urgent_appeals.unfinished import settle

FOLDER: Final = "plans"
_LOCK: Final = ".lock"
_STAGED: Final = ".new"


def save(outbox: Path, plan: Plan) -> Path:
    """Write a plan to `plans/<id>.json`, for its owner only, and return where; the same plan twice is one file.

    Raises OutboxError where it cannot be written, or where another content has the name.
    """
    content = _content(plan)
    path = _path(outbox, plan.plan)
    with disk.told(str(path)):
        disk.make_outbox(outbox)
        disk.make_folders(outbox, path.parent)
        # Late: what only reads plans needs no locks.
        from filelock import FileLock

        with FileLock(path.parent / _LOCK, mode=0o600):
            _write(path, content)
    return path


def load(outbox: Path, name: str) -> Plan:
    """Return the plan of a name: an id, the end of one, or the path of its file.

    Raises UnknownChoice where there is none, AmbiguousChoice where several end so, OutboxError where the file is no
    plan, or was changed by hand.
    """
    id_ = _named(outbox, name)
    content = disk.read(_path(outbox, id_))
    if content is None:
        raise UnknownChoice("plan", name, ())
    try:
        data = json.loads(content)
        said = data.pop("digest", None)
        plan = Plan.model_validate(data)
    except (ValueError, AttributeError, RecursionError) as error:
        raise OutboxError(str(_path(outbox, id_)), "is no plan that can be read; plan again") from error
    if said != plan.digest or plan.plan != id_:
        raise OutboxError(str(_path(outbox, id_)), "was changed since it was made; plan again")
    return plan


def _named(outbox: Path, name: str) -> str:
    id_, folder = Path(name).name.removesuffix(".json"), outbox / FOLDER
    known = sorted((path.stem for path in folder.glob("*.json")), reverse=True) if folder.is_dir() else []
    found = by_ending(id_, known)
    if len(found) > 1:
        raise AmbiguousChoice("plan", name, found)
    if not found:
        raise UnknownChoice("plan", name, tuple(known[:5]))
    return found[0]


def _write(path: Path, content: bytes) -> None:
    there = disk.read(path)
    if there is not None and there != content:
        raise OutboxError(str(path), "is another plan of this name; move it away")
    staged = path.with_name(_STAGED)
    staged.unlink(missing_ok=True)  # of one who was killed here
    if there is None:
        disk.write_new(staged, content)
        disk.place(staged, path)
        settle(path.parent)


def _path(outbox: Path, name: str) -> Path:
    fault = name_fault(f"{name}.json")
    if fault is not None:
        raise OutboxError(name, f"a plan's name {fault}")
    return outbox / FOLDER / f"{name}.json"


def _content(plan: Plan) -> bytes:
    data = {**plan.model_dump(mode="json"), "digest": plan.digest}
    return f"{json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2)}\n".encode()
