"""Schemas for editors know the recipients, take values as editors read them, and always come out the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.directory import Directory
from urgent_appeals.errors import OutboxError
from urgent_appeals.workspace.json_schema import keys_at
from urgent_appeals.workspace.read import read
from urgent_appeals.workspace.schema import FILES, schemas, write_schemas


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    return schemas(read(packaged.root(), only=lambda _: False).directories)


def test_recipients_are_chosen_from_those_that_are_known(made: dict[str, dict[str, Any]]) -> None:
    directory = read(packaged.root(), only=lambda _: False).directories["arlandia"]
    offices = {f"arlandia/{name}" for name in directory.offices}
    for field in ("recipients", "copies"):
        assert {"arlandia", *offices} <= set(made["appeal.schema.json"]["properties"][field]["items"]["enum"])


def test_without_directories_any_recipient_may_be_written() -> None:
    assert "enum" not in schemas({})["appeal.schema.json"]["properties"]["recipients"]["items"]


def test_an_unknown_key_is_marked_by_the_editor(made: dict[str, dict[str, Any]]) -> None:
    assert all(schema["additionalProperties"] is False for schema in made.values())


def test_what_the_program_fills_in_is_no_key(made: dict[str, dict[str, Any]]) -> None:
    assert not {"origin", "prose", "folder"} & set(made["appeal.schema.json"]["properties"])


def test_the_settings_of_a_desk_that_the_program_brings_hold_to_the_schema(made: dict[str, dict[str, Any]]) -> None:
    brought = (packaged.root() / "templates/init/desk.yaml").read_text("utf-8")
    keys = set(re.findall(r"(?m)^#? ?([a-z_]+):", brought))
    assert keys >= {"desk", "by", "smtp", "imap"}
    assert keys <= set(made["desk.schema.json"]["properties"])


def test_a_plain_text_may_stand_for_text_by_language(made: dict[str, dict[str, Any]]) -> None:
    text, mapping = made["appeal.schema.json"]["properties"]["title"]["anyOf"]
    assert "string" in text["type"]
    assert "object" in mapping["type"]


def test_a_code_that_an_editor_reads_as_a_number_is_no_mistake(made: dict[str, dict[str, Any]]) -> None:
    assert {"string", "number"} <= set(made["appeal.schema.json"]["properties"]["code"]["type"])


def test_one_address_may_stand_for_a_list(made: dict[str, dict[str, Any]]) -> None:
    office = made["directory.schema.json"]["$defs"]["Office"]["properties"]
    assert [variant.get("type", variant.get("$ref")) for variant in office["address"]["anyOf"]] == [
        "#/$defs/Address",
        ["array", "null"],
    ]


def test_own_wording_may_be_a_part(made: dict[str, dict[str, Any]]) -> None:
    assert '"required": [' not in json.dumps(made["phrases.schema.json"])


def test_dates_that_are_partly_known_are_texts(made: dict[str, dict[str, Any]]) -> None:
    assert "string" in made["appeal.schema.json"]["$defs"]["PartialDate"]["type"]


def test_keys_are_found_at_any_depth() -> None:
    assert {"name", "gender", "from", "until"} <= set(keys_at(Directory, ("offices", "x", "holders", 3)))
    assert keys_at(Appeal, ("issuers", 0)) == ["name", "short", "contacts"]
    assert keys_at(Appeal, ("title",)) == []
    assert keys_at(Appeal, ("nothing", "here")) == []


def test_files_come_out_the_same_each_time(tmp_path: Path) -> None:
    directories = read(packaged.root(), only=lambda _: False).directories
    first = {path.name: path.read_bytes() for path in write_schemas(directories, tmp_path)}
    again = {path.name: path.read_bytes() for path in write_schemas(directories, tmp_path)}
    assert first == again
    assert sorted(first) == sorted(FILES) == sorted(path.name for path in tmp_path.iterdir())
    assert all(json.loads(data)["$schema"].startswith("https://json-schema.org/") for data in first.values())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "schemas").write_text("a file")
    with pytest.raises(OutboxError, match="schemas"):
        write_schemas({}, tmp_path / "schemas")
