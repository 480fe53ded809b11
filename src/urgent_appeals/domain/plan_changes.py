"""Compare a plan with the same plan made now: what has changed, and whether an item is still to go."""

from __future__ import annotations

from collections.abc import Iterable

from urgent_appeals.domain.plan import Action, Plan, PlanItem


def differences(before: Plan, now: Plan) -> tuple[str, ...]:
    """Return what has changed between a plan and the same plan made now, for people; empty where nothing has."""
    old, new = ({item.item: item for item in plan.items} for plan in (before, now))
    return (
        *before.provenance.changes(now.provenance),
        *(f"{old[item].key} is no longer planned" for item in old if item not in new),
        *(f"{new[item].key} is new" for item in new if item not in old),
        *(said for item in old if item in new for said in _changed(old[item], new[item])),
    )


def no_longer(item: PlanItem, now: PlanItem | None) -> str | None:
    """Return why an item is not to go any more, given its line in the same plan made now; None where it still is."""
    if now is None:
        return "it is no longer planned"
    if now.action is not Action.SEND or now.agreed - item.agreed:
        return now.reason
    return None if now.content == item.content else "it is no longer what was approved"


def _changed(old: PlanItem, new: PlanItem) -> Iterable[str]:
    if old.address != new.address:
        yield f"{old.key}: the address was {old.address or 'none'} and is {new.address or 'none'}"
    if old.via is not new.via:
        yield f"{old.key}: it went by {old.via.value} and goes by {new.via.value}"
    if (old.subject, old.documents) != (new.subject, new.documents):
        yield f"{old.key}: the letter is another one"
    if old.action is not new.action:
        yield f"{old.key}: it was to {old.action.value}, now to {new.action.value}" + (
            f" ({new.reason})" if new.reason else ""
        )
    elif old.agreed != new.agreed:
        before, now = (", ".join(sorted(each.agreed)) or "none" for each in (old, new))
        yield f"{old.key}: what needed a word was {before} and is {now}" + (f" ({new.reason})" if new.reason else "")
