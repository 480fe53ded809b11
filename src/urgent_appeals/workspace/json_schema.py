"""Describe what a definition file may hold, short forms included, as JSON Schema (2020-12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from urgent_appeals.domain.problem import Path
from urgent_appeals.domain.values import PartialDate

Schema = dict[str, Any]

_PARTIAL_DATE: Schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


class _Written(GenerateJsonSchema):
    """Describes a value as it may be written: a text for a mapping of texts, one thing for a list of them."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        if schema["schema"].get("cls") is PartialDate:
            return dict(_PARTIAL_DATE)
        values = _values(inner)
        if values:
            return {"anyOf": [values[0], inner]}
        if inner.get("type") == "array":
            return {"anyOf": [inner["items"], inner]}
        return inner

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return dict(_PARTIAL_DATE) if schema["cls"] is PartialDate else super().model_schema(schema)


@lru_cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of a model, by the names that a file uses."""
    return model.model_json_schema(by_alias=True, mode="validation", schema_generator=_Written)


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the mapping at `path` may have, in the model's order; none where any may stand."""
    root = schema_of(model)
    return list(dict.fromkeys(key for schema in _at(root, root, path) for key in schema.get("properties", ())))


def _at(root: Schema, schema: Schema, path: Sequence[str | int]) -> Iterator[Schema]:
    for variant in _variants(root, schema):
        if not path:
            yield variant
            continue
        step, rest = path[0], path[1:]
        if isinstance(step, int):
            inner = [variant["items"]] if "items" in variant else []
        else:
            inner = [variant["properties"][step]] if step in variant.get("properties", ()) else _values(variant)
        for deeper in inner:
            yield from _at(root, deeper, rest)


def _values(schema: Schema) -> list[Schema]:
    """Return the schemas of a mapping's values, where its keys are free."""
    free = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return [value for value in free if isinstance(value, dict)]


def _variants(root: Schema, schema: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _variants(root, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]])
    for variant in schema.get("anyOf") or schema.get("oneOf") or ():
        yield from _variants(root, variant)
    if "anyOf" not in schema and "oneOf" not in schema and "$ref" not in schema:
        yield schema
