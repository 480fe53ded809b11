"""Decide what is dispatched: who gets what, by which way; what is skipped and why; what needs a word by name first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from urgent_appeals.domain.event import Event, EventKind
from urgent_appeals.domain.item import WAYS, Item, Route, Via
from urgent_appeals.domain.item_state import UNSURE, WAITING, ItemState, State
from urgent_appeals.domain.plan import Action, Candidate, Doubt, Known, PlanItem, destination
from urgent_appeals.domain.standing import Standing

_SAID: Final = {
    State.SENT: "accepted by our mail server already",
    State.DRAFTED: "lies in the mailbox as a draft already",
    State.PRINTED: "printed already",
    State.POSTED: "posted already",
    State.FAXED: "faxed already",
    State.BOUNCED: "sent already, and bounced",
    State.RETURNED: "posted already, and returned",
}
_CAME_BACK: Final = frozenset({State.BOUNCED, State.RETURNED})
_UNDER_WAY: Final = WAITING | {State.CLAIMED}


def decide(
    candidates: Iterable[Candidate],
    *,
    standing: Standing,
    known: Known,
    on: date,
    accepted: Collection[str] = (),
) -> tuple[PlanItem, ...]:
    """Return what becomes of each candidate on a day, in the given order.

    `accepted` names the doubts that a person has accepted: for all (`stale`), or for one recipient
    (`stale:kazakhstan/president`).
    """
    planned: list[PlanItem] = []
    states, going = known.states, dict(known.written_to)
    for candidate in candidates:
        reason = _against(candidate, standing, states, on)
        if reason is not None or candidate.barred is not None:
            planned.append(_line(candidate, Action.SKIP, reason or candidate.barred or "", barred=reason is None))
            continue
        doubts = {**candidate.doubts, **_further_doubts(candidate, states, going)}
        open_doubts = {doubt: words for doubt, words in doubts.items() if not _is_accepted(doubt, candidate, accepted)}
        if open_doubts:
            planned.append(_line(candidate, Action.CONFIRM, "; ".join(open_doubts.values()), tuple(open_doubts)))
            continue
        going.setdefault(destination(candidate.via, candidate.address or ""), candidate.item)
        planned.append(_line(candidate, Action.SEND, "; ".join(doubts.values()), tuple(doubts)))
    return tuple(planned)


def _against(candidate: Candidate, standing: Standing, states: Mapping[str, ItemState], on: date) -> str | None:
    """Return why a letter does not go at all, or None."""
    if not standing.is_open:
        return f"the appeal is {standing.state.value}: {standing.reason}"
    return _settled(candidate, states) or _unfit(candidate, on)


def _settled(candidate: Candidate, states: Mapping[str, ItemState]) -> str | None:
    state = _state(states, candidate.item)
    if state.state in UNSURE:
        run = print_run_of(state.heads[-1])
        if run is not None:
            return f"waits to be printed; once it is, say so: appeals dispatch printed {run}"
        return "may have gone already: see `appeals dispatch reconcile`"
    if state.state is State.CLAIMED:
        return "a sender has it in hand"
    if state.state in _CAME_BACK:
        return f"{_SAID[state.state]}; {_instead(candidate, states)}"
    return _SAID.get(state.state)


def print_run_of(head: Event) -> str | None:
    """Return the print run that a letter whose latest event this is waits in to be printed, None where it does not."""
    path = head.detail.get("path")
    waits = head.event is EventKind.UNKNOWN and head.channel == Via.POST.value
    return PurePosixPath(path).stem if waits and isinstance(path, str) else None


def _instead(candidate: Candidate, states: Mapping[str, ItemState]) -> str:
    """Return what can be done where a letter came back: go by another way that there is, unless it did."""
    if said := _by_other_routes(candidate, states):
        return f"it {said}"
    if not candidate.other_ways:
        return "there is no other way to reach this office"
    best, *others = (via.value for via in candidate.other_ways)
    ways = f"{best} (or {', '.join(others)})" if others else best
    return f"by another way: --via {ways} --accept {Doubt.ANOTHER_WAY.value}"


def _by_other_routes(candidate: Candidate, states: Mapping[str, ItemState]) -> str:
    item = candidate.item
    ways = {WAYS[route]: _state(states, item, route=route) for route in Route if route is not item.route}
    return _elsewhere("another way already: ", ways)


def _unfit(candidate: Candidate, on: date) -> str | None:
    reasons = (
        candidate.unusable,
        f"the last day for this channel was {candidate.act_by}" if candidate.act_by and on > candidate.act_by else None,
        f"the letter is dated {candidate.letter_of}, which is still to come" if candidate.letter_of > on else None,
        candidate.refused,
        "the directory has no address for this channel" if candidate.address is None else None,
    )
    return next((reason for reason in reasons if reason is not None), None)


def _further_doubts(
    candidate: Candidate, states: Mapping[str, ItemState], going: Mapping[str, Item]
) -> dict[Doubt, str]:
    found: dict[Doubt, str] = {}
    item = candidate.item
    same = going.get(destination(candidate.via, candidate.address or ""))
    if same is not None and same.sender == item.sender and same.recipient != item.recipient:
        found[Doubt.SAME_ADDRESS] = f"goes to the same address as the letter to {same.recipient}"
    if said := _by_other_routes(candidate, states):
        found[Doubt.ANOTHER_WAY] = said
    languages = {
        f"in {language!r} {WAYS[route]}": _state(states, item, language=language, route=route)
        for language in candidate.languages
        for route in Route
        if language != item.language
    }
    if said := _elsewhere("", languages):
        found[Doubt.ANOTHER_LANGUAGE] = said
    if _state(states, item).state is State.FAILED:
        found[Doubt.FAILED] = "failed before: see `appeals log list`"
    return found


def _elsewhere(how: str, others: Mapping[str, ItemState]) -> str:
    """Return which of other items, named as people call them, went or wait to go; empty where none does."""
    gone = [f"{name} ({state.state.value})" for name, state in others.items() if state.is_gone]
    waiting = [name for name, state in others.items() if state.state in _UNDER_WAY]
    said = (f"went {how}{', '.join(gone)}" if gone else "", f"waits to go {', '.join(waiting)}" if waiting else "")
    return "; ".join(filter(None, said))


def _state(states: Mapping[str, ItemState], item: Item, **changes: object) -> ItemState:
    """Return what an item is, or another one that differs from it as given."""
    return states.get(item.model_copy(update=changes).id, ItemState())


def _is_accepted(doubt: Doubt, candidate: Candidate, accepted: Collection[str]) -> bool:
    return doubt.value in accepted or f"{doubt.value}:{candidate.item.recipient}" in accepted


def _line(
    candidate: Candidate, action: Action, reason: str, doubts: tuple[Doubt, ...] = (), *, barred: bool = False
) -> PlanItem:
    return PlanItem(
        item=candidate.item.id,
        key=candidate.item,
        via=candidate.via,
        address=candidate.address,
        subject=candidate.subject,
        documents=candidate.documents,
        content=candidate.digest,
        action=action,
        reason=reason,
        doubts=doubts,
        barred=barred,
    )
