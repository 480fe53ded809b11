"""Gather the names that a shell completes: read from the headers alone, judging nothing, so that it takes no time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from urgent_appeals.workspace.yaml_text import read_yaml

_CODE = re.compile(rb"^code:[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[^#\n]*)", re.MULTILINE)
_NO_WORD = re.compile(r"[^A-Za-z0-9.]+")


def codes(root: Path) -> dict[str, Path]:
    """Return each appeal's folder by its code as one word: `KAZ-001-0802-OBS-053.02`, which needs no quotes."""
    found = {}
    for header in sorted(root.glob("appeals/*/*/appeal.yaml")):
        code = _CODE.search(_bytes(header))
        if code is not None:
            written = code[1].decode("utf-8", "replace").strip(" \t\r\"'")
            found[_NO_WORD.sub("-", written).strip("-")] = header.parent
    return found


def languages(root: Path, code: str | None = None) -> tuple[str, ...]:
    """Return the languages of an appeal as `codes` names it, those of the campaign where it names none."""
    folder = codes(root).get(_NO_WORD.sub("-", code).strip("-")) if code else None
    if folder is not None:
        return tuple(sorted(path.stem for path in folder.glob("*.md")))
    return tuple(_texts(_data(root / "campaign.yaml").get("languages")))


def senders(root: Path) -> tuple[str, ...]:
    """Return the names of those who may sign."""
    return tuple(_mapping(_data(root / "campaign.yaml").get("senders")))


def recipients(root: Path) -> tuple[str, ...]:
    """Return every reference to recipients: offices, groups, directories and tags."""
    return tuple(reference for file in sorted(root.glob("recipients/*.yaml")) for reference in _references(file))


def _references(file: Path) -> Iterator[str]:
    data = _data(file)
    offices = _mapping(data.get("offices"))
    yield file.stem
    yield from (f"{file.stem}/{name}" for name in (*offices, *_mapping(data.get("groups"))))
    tags = (tag for office in offices.values() for tag in _texts(_mapping(office).get("tags")))
    yield from (f"{file.stem}#{tag}" for tag in dict.fromkeys(tags))


def _data(path: Path) -> dict[str, Any]:
    return _mapping(read_yaml(_bytes(path), path.name).data)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a shell wants names, no complaints
        return b""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (text for text in value if isinstance(text, str))
