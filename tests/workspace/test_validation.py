"""What is wrong is told all at once, in plain words, at its place, with the nearest right word."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.workspace.source_text import MOST_PROBLEMS
from urgent_appeals.workspace.validation import closest, validate
from urgent_appeals.workspace.yaml_text import read_yaml

DIRECTORY = """\
directory: Arlandia x
nam: Arlandia
contry: XAA
country: xaa
languages: [english, en]
offices:
  Minister_1:
    name: {en: Minister, englisch: x}
    taggs: [minister]
    tags: minister
    holders:
      - nme: Tova Brandt
        gender: masc
        from: 2003-13-01
        until: yesterday
    contacts:
      - kind: telefone
        printed: [1]
        e164: 0123
    address: 4 Quay Street
    email:
      work: a@b.example
    part_of: {a: b}
  prosecutor: Prosecutor General
  judge:
    name:
groups: [ministers]
folder: /etc
origin: here
missions:
  - host: DE
"""

APPEAL = """\
code: KAZ 001/0802/OBS 053.02x
kind: udpate
folder: /etc
issuers: [fidh, {nam: x}, {name: x, contacts: {kind: fax}}, Foo_Bar]
dates: {issued: 2003-3-1, act_by: {pst: 2003-04-01}, events: [soon, 2002]}
historical: maybe
numbering: romn
people: {a: {name: x, consent: givn}}
outcome: {state: realesed}
programme: The Observatory
recipient: [kazakhstan/president]
prose: {}
"""


def problems(model: Any, text: str) -> list[str]:
    return [str(problem) for problem in sorted(validate(model, read_yaml(text.encode(), "file.yaml"))[1])]


def test_all_mistakes_of_a_directory_are_told_at_once(golden: Golden) -> None:
    golden.check("workspace/directory_problems.txt", "\n".join(problems(Directory, DIRECTORY)) + "\n")


def test_all_mistakes_of_an_appeal_are_told_at_once(golden: Golden) -> None:
    golden.check("workspace/appeal_problems.txt", "\n".join(problems(Appeal, APPEAL)) + "\n")


@pytest.mark.parametrize("model", [Campaign, Directory, Appeal, Phrases])
def test_no_message_speaks_the_language_of_the_library(model: Any) -> None:
    texts = (
        DIRECTORY,
        APPEAL,
        "a: 1",
        "{}",
        "- a",
        "a",
        "name: []\nlanguages: {}\nletter: x\noffices: {a: [x]}\n",
    )
    told = "\n".join(line for text in texts for line in problems(model, text))
    assert told
    for jargon in (
        "Input",
        "input",
        "valid",
        "Field required",
        "Extra",
        "pydantic",
        "instance",
        "function-before",
        "str",
    ):
        assert jargon not in told.replace("stroke", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "file.yaml:1:1: the file is empty"),
        ("- a\n", "file.yaml:1:1: the file should be a mapping (lines of 'key: value')"),
        ("just text\n", "file.yaml:1:1: the file should be a mapping (lines of 'key: value')"),
    ],
)
def test_a_file_without_a_mapping_is_told_of(text: str, expected: str) -> None:
    assert problems(Campaign, text) == [expected]


def test_what_the_parser_has_told_of_is_not_told_twice() -> None:
    assert problems(Campaign, "a: [\n") == []


def test_a_file_cannot_set_what_the_program_fills_in() -> None:
    text = "code: KAZ 001/0802/OBS 053\nlanguages: [en]\nfolder: ../../etc\n"
    appeal, found = validate(Appeal, read_yaml(text.encode(), "file.yaml"))
    assert appeal is None
    assert [str(problem) for problem in found] == ["file.yaml:3:1: unknown key 'folder'"]


def test_a_good_file_gives_its_value() -> None:
    text = "name: Desk\nlanguages: [en]\nsenders: {hale: {name: Margaret Hale}}\nsender: hale\nreply_to:\n"
    campaign, found = validate(Campaign, read_yaml(text.encode(), "file.yaml"))
    assert found == []
    assert campaign is not None
    assert (campaign.name, campaign.reply_to) == ({"*": "Desk"}, None)


def test_a_missing_key_is_told_of_at_the_mapping_that_lacks_it() -> None:
    text = "directory: a\nname: A\noffices:\n  minister:\n    tags: [minister]\n"
    assert problems(Directory, text) == ["file.yaml:4:3: 'name' is missing"]


def test_a_hostile_file_of_wrong_keys_is_told_of_in_good_time() -> None:
    text = "".join(f"wrong{number}: 1\n" for number in range(40_000))
    begun = time.process_time()
    found = problems(Campaign, text)
    assert time.process_time() - begun < 5
    assert len(found) <= MOST_PROBLEMS


def test_the_nearest_choice_is_found_whatever_its_case() -> None:
    assert closest("LETER", ["Letter", "Summary"]) == "did you mean 'Letter'?"
    assert closest("xyz", ["Letter", "Summary"]) is None


VALUES = st.recursive(
    st.text(max_size=8) | st.sampled_from(["2002-08", "en", "KAZ", "kazakhstan/president", "true"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "en", "*", "offices", "date", "letter", "from", "seen", "x"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from([Campaign, Directory, Appeal, Phrases]),
    st.dictionaries(st.text(max_size=4), VALUES),
    st.data(),
)
def test_any_data_gives_a_value_or_problems(model: Any, data: dict[str, Any], draw: st.DataObject) -> None:
    for name in draw.draw(st.sets(st.sampled_from(list(model.model_fields)), max_size=5)):
        data[name] = draw.draw(VALUES)
    document = read_yaml(b"a: 1\n", "file.yaml")
    value, found = validate(model, type(document)(data, document.origin))
    assert (value is None) == bool(found)
