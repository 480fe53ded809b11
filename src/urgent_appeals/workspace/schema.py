"""Write JSON Schemas of the definition files, with the recipients that a workspace knows, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.desk import Desk
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.missions import MISSIONS
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.recipients import references
from urgent_appeals.errors import OutboxError
from urgent_appeals.workspace.json_schema import Schema, schema_of
from urgent_appeals.workspace.replace import put

FILES: Mapping[str, tuple[type[Campaign | Appeal | Desk | Directory | Phrases], str]] = {
    "campaign.schema.json": (Campaign, "campaign.yaml"),
    "appeal.schema.json": (Appeal, "appeals/*/*/appeal.yaml"),
    "desk.schema.json": (Desk, "desk.yaml"),
    "directory.schema.json": (Directory, "recipients/*.yaml"),
    "phrases.schema.json": (Phrases, "templates/phrases/*.yaml"),
}
"""Each schema with its model and the files of a workspace that it is for."""

_WRITTEN_AS = {
    "string": ["string", "number", "boolean", "null"],
    "boolean": ["boolean", "string", "null"],
    "object": ["object", "null"],
    "array": ["array", "null"],
}
"""What an editor may take a value for: it reads `053.10` as a number, `no` as false, and `email:` as null."""


def schemas(directories: Mapping[str, Directory]) -> dict[str, Schema]:
    """Return the schemas by file name; recipients are to be chosen from those that the directories know."""
    known = references(directories)
    found = {}
    for name, (model, files) in FILES.items():
        schema = _for_editors(deepcopy(schema_of(model)))
        if model is Appeal and known:
            schema["properties"]["recipients"]["items"] = {"enum": list(known)}
            schema["properties"]["copies"]["items"] = {"enum": [*known, MISSIONS]}
        if model is Phrases:
            _without_required(schema)
        schema.pop("description", None)
        title = f"{model.__name__} ({files})"
        found[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}
    return found


def schema_texts(directories: Mapping[str, Directory]) -> dict[str, str]:
    """Return the schemas as they stand in their files, by file name."""
    found = schemas(directories)
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in found.items()}


def write_schemas(directories: Mapping[str, Directory], folder: Path) -> tuple[Path, ...]:
    """Write the schemas into a folder, over earlier ones, and return the files; raises OutboxError."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schema_texts(directories).items():
            put(folder / name, text.encode(), 0o644)
            written.append(folder / name)
    except OSError as error:
        raise OutboxError(str(error.filename or folder), str(error.strerror)) from error
    return tuple(written)


def _for_editors(schema: Any) -> Any:
    """Return a schema that takes values as an editor reads them, without the titles that Pydantic adds."""
    if not isinstance(schema, dict):
        return schema
    changed: Schema = {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "$defs"):
            changed[key] = {name: _for_editors(inner) for name, inner in value.items()}
        elif key in ("anyOf", "oneOf", "allOf"):
            changed[key] = [_for_editors(inner) for inner in value]
        elif key in ("items", "additionalProperties"):
            changed[key] = _for_editors(value)
        elif key == "enum":
            changed[key] = [*value, None]
        elif key not in ("title", "type"):
            changed[key] = value
    kind = schema.get("type")
    if isinstance(kind, str):
        changed["type"] = ["string", "null"] if "enum" in schema else _WRITTEN_AS.get(kind, kind)
    return changed


def _without_required(schema: Any) -> None:
    """Make every key optional: a workspace's wording goes over the built-in one, key by key."""
    if isinstance(schema, dict):
        if isinstance(schema.get("required"), list):
            del schema["required"]
        for inner in schema.values():
            _without_required(inner)
