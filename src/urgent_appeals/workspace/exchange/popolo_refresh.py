"""Change names, identifiers, links and pictures of Popolo objects where a directory says them differently by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from urgent_appeals.workspace.exchange.entries import Entry, Imported, many
from urgent_appeals.workspace.exchange.popolo_parts import IMAGE, MULTILINGUAL, facts, is_translation
from urgent_appeals.workspace.exchange.popolo_reach import Thing


def change_names(  # noqa: PLR0913, PLR0917  # one thing each
    thing: Thing, others: str, key: str, before: Mapping[str, str], now: Mapping[str, str], language: str | None
) -> None:
    """Change a name, and its translations among the other names, language by language."""
    if dict(before) == dict(now):
        return
    plain = next((tag for tag in (language, "*", *now) if tag in now), None)
    if plain is not None and (plain not in before or now[plain] != before[plain]):
        thing[key] = now[plain]
    for tag in dict.fromkeys((*before, *now)):
        if tag not in (plain, "*", language) and before.get(tag) != now.get(tag):
            _translate(thing, others, tag, before.get(tag), now.get(tag))


def _translate(thing: Thing, others: str, tag: str, before: str | None, now: str | None) -> None:
    names, scratch = list(many(thing.get(others))), Imported()
    at = next(
        (
            at
            for at, each in enumerate(names)
            if is_translation(each) and each["lang"] == tag and scratch.text(each.get("name"), "") == before
        ),
        None,
    )
    if at is None:
        names += [{"lang": tag, "name": now, "note": MULTILINGUAL}] if now else []
    elif now is None:
        del names[at]
    else:
        names[at] = {**names[at], "name": now}
    thing[others] = names


def change_facts(thing: Thing, before: Entry, now: Entry) -> None:
    """Change identifiers, links, pictures and other names: what is gone goes, what is new is added at the end."""
    for key in ("identifiers", "links", "other_names"):
        was, is_ = many(before.get(key)), many(now.get(key))
        gone = [each for each in was if each not in is_]
        fresh = [_made(key, each) for each in is_ if each not in was]
        if key == "links":
            _change_image(thing, gone, fresh)
            gone = [each for each in gone if each.get("note") != IMAGE]
            fresh = [each for each in fresh if each.get("note") != IMAGE]
        if gone or fresh:
            thing[key] = [*(each for each in many(thing.get(key)) if not _is_among(key, each, gone)), *fresh]


def _change_image(thing: Thing, gone: list[Any], fresh: list[Any]) -> None:
    pictures = [each["url"] for each in fresh if each.get("note") == IMAGE]
    if any(each.get("note") == IMAGE for each in gone):
        thing.pop("image", None)
    if pictures:
        thing["image"] = pictures[0]


def _is_among(key: str, each: Any, gone: list[Any]) -> bool:
    return any(one in gone for one in many(facts({key: [each]}, Imported(), "").get(key)))


def _made(key: str, each: Entry) -> Thing:
    if key != "other_names":
        return dict(each)
    names = {"language": "lang", "from": "start_date", "until": "end_date"}
    return {names.get(name, name): value for name, value in each.items()}
