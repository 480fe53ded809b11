"""Popolo documents become directories and directories Popolo documents, and nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.directory_file import from_import, refuse_unreadable
from urgent_appeals.workspace.exchange.popolo import read_popolo, write_popolo
from urgent_appeals.workspace.yaml_text import read_yaml

ASSEMBLY = Path(__file__).parents[1] / "data/arlandia-assembly.json"


def through_yaml(document: Any, language: str | None = "en") -> Any:
    imported = read_popolo(json.dumps(document).encode(), language)
    text = from_import("assembly", "Assembly", imported)
    refuse_unreadable(text, "recipients/assembly.yaml")
    return json.loads(write_popolo(data(text), language))


def data(text: str) -> Any:
    document = read_yaml(text.encode(), "x.yaml")
    assert document.problems == ()
    return document.data


def in_no_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: in_no_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((in_no_order(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


@pytest.fixture
def assembly() -> Any:
    return json.loads(ASSEMBLY.read_bytes())


@pytest.mark.parametrize("language", ["en", "ru", None])
def test_a_strangers_document_comes_back_whole(assembly: Any, language: str | None) -> None:
    assert in_no_order(through_yaml(assembly, language)) == in_no_order(assembly)


def test_posts_and_memberships_become_offices_and_holders(assembly: Any) -> None:
    imported = read_popolo(json.dumps(assembly).encode(), "en")
    assert list(imported.offices) == [
        "minister-of-justice",
        "minister-of-hope",
        "member-national-assembly-northmark",
        "member-national-assembly-southmark",
    ]
    justice = imported.offices["minister-of-justice"]
    assert justice["email"] == "ilsabet@assembly.arlandia.example"
    assert [contact["kind"] for contact in justice["contacts"]] == ["fax", "telephone"]
    assert justice["address"] == [{"lines": {"*": ["22 Assize Street", "10004 Orseval"]}}]
    (holder,) = justice["holders"]
    assert holder["name"] == {"en": "Ilsabet Corvane", "ru": "Ильсабет Корвейн"}
    assert (holder["from"], holder["gender"]) == ("2025-02-03", "f")
    assert holder["identifiers"][1] == {"scheme": "assembly", "identifier": "17"}
    assert holder["other_names"] == [{"name": "Ilsabet Marrow", "note": "former name", "until": "1998"}]


def test_an_area_keeps_the_holders_it_had_before(assembly: Any) -> None:
    holders = read_popolo(json.dumps(assembly).encode()).offices["member-national-assembly-northmark"]["holders"]
    assert [(holder.get("from"), holder.get("until")) for holder in holders] == [
        ("2024-05-14", None),
        ("2020", "2024-05-13"),
    ]


def test_what_is_no_address_to_write_to_is_left_out_and_said(assembly: Any) -> None:
    imported = read_popolo(json.dumps(assembly).encode())
    assert len(imported.left_out) == 1
    assert "'not an address'" in imported.left_out[0]


def test_what_the_directory_says_differently_by_now_is_exported(assembly: Any) -> None:
    text = from_import("assembly", "Assembly", read_popolo(json.dumps(assembly).encode(), "en"))
    directory = data(text)
    office = directory["offices"]["minister-of-justice"]
    office["email"] = "new@justice.arlandia.example"
    office["holders"][0]["until"] = "2026-10-01"
    office["holders"].append({"name": "Brannoch Hesselay", "from": "2026-10-02"})
    directory["offices"]["usher"] = {"name": "Usher", "contacts": [{"kind": "fax", "printed": "1"}]}
    after = json.loads(write_popolo(directory, "en"))
    person = next(each for each in after["persons"] if each["id"] == "p-001")
    assert "email" not in person
    assert {"type": "twitter", "value": "ilsabet_example"} in person["contact_details"]
    post = next(each for each in after["posts"] if each["id"] == "post/justice")
    assert {"type": "email", "value": "new@justice.arlandia.example"} in post["contact_details"]
    terms = [each for each in after["memberships"] if each.get("post_id") == "post/justice"]
    assert [(each.get("start_date"), each.get("end_date")) for each in terms] == [
        ("2025-02-03", "2026-10-01"),
        ("2026-10-02", None),
    ]
    assert {"id": "assembly/usher", "label": "Usher", "organization_id": "assembly",
            "contact_details": [{"type": "fax", "value": "1"}]} in after["posts"]  # fmt: skip


def test_a_directory_of_our_own_becomes_posts_persons_and_memberships() -> None:
    directory = {
        "directory": "x",
        "name": "X",
        "offices": {"a": {"name": "A", "holders": [{"name": "P", "from": "2020"}]}},
    }
    assert json.loads(write_popolo(directory)) == {
        "organizations": [{"id": "x", "name": "X"}],
        "persons": [{"id": "x/a/p", "name": "P"}],
        "posts": [{"id": "x/a", "label": "A", "organization_id": "x"}],
        "memberships": [{"person_id": "x/a/p", "post_id": "x/a", "start_date": "2020"}],
    }


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(b"[" * 100_000, id="depth"),
        pytest.param(b'{"persons":' + b'{"a":' * 100 + b"1" + b"}" * 101, id="depth of objects"),
        pytest.param(b'{"persons": [], "persons": []}', id="a key twice"),
        pytest.param(b'{"persons": [NaN]}', id="no number"),
        pytest.param(b"\xff", id="no UTF-8"),
        pytest.param(b"persons", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"persons": 1}', id="no list"),
        pytest.param(
            json.dumps({"persons": [], "posts": [{"id": str(n)} for n in range(6000)]}).encode(), id="too many offices"
        ),
        pytest.param(json.dumps({"persons": [], "x": "y" * 300_000}).encode(), id="too much beside"),
    ],
)
def test_a_hostile_document_is_refused(refused: bytes) -> None:
    with pytest.raises(ImportRefused):
        read_popolo(refused)


def test_brackets_inside_texts_are_no_depth() -> None:
    assert read_popolo(json.dumps({"persons": [{"id": "1", "name": '\\"[' * 60}]}).encode()).offices == {}


@pytest.mark.parametrize(
    "address",
    ["a@b.org\r\nRCPT TO:<x@y.z>", "a@b.org, spy@evil.example", '"m@gov.kz" <spy@evil.example>', "-oQ/tmp@x.org"],
)
def test_an_address_that_could_reach_another_is_left_out(address: str) -> None:
    document = {
        "persons": [{"id": "1", "name": "P", "email": address}],
        "memberships": [{"person_id": "1", "role": "Judge"}],
    }
    imported = read_popolo(json.dumps(document).encode())
    assert "email" not in imported.offices["judge"]
    assert len(imported.left_out) == 1


@pytest.mark.parametrize("name", ["a\x00b", "=?utf-8?q?x?=", "\u202egnp.exe", "x" * 5000, 7, None, {"a": "b"}])
def test_a_name_that_no_letter_may_bear_is_not_taken_over_but_given_back(name: Any) -> None:
    document = {"persons": [{"id": "1", "name": name}], "memberships": [{"person_id": "1", "role": "Judge"}]}
    assert through_yaml(document)["persons"] == document["persons"]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
DAYS = st.sampled_from(["2020", "2020-02", "2020-02-29", "2021-02-29", "soon", ""]) | WORDS
DETAILS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["email", "phone", "fax", "address", "cell", "twitter", "url"]) | WORDS,
            "value": WORDS,
        },
        optional={"note": JSON},
    ),
    max_size=3,
)
NAMES = st.lists(
    st.fixed_dictionaries(
        {"name": WORDS},
        optional={"lang": st.sampled_from(["ru", "en", "EN", "x"]), "note": st.just("multilingual"), "end_date": DAYS},
    ),
    max_size=3,
)
THING = {
    "contact_details": DETAILS, "other_names": NAMES, "identifiers": JSON, "links": JSON, "image": JSON,
    "gender": st.sampled_from(["male", "female", "other"]), "email": WORDS, "honorific_prefix": JSON, "sources": JSON,
}  # fmt: skip
IDS = st.sampled_from(["a", "b", "c"])


def things(fields: dict[str, Any], **needed: Any) -> Any:
    return st.lists(
        st.fixed_dictionaries({"id": IDS, **needed}, optional=fields), max_size=3, unique_by=lambda x: x["id"]
    )


DOCUMENTS = st.fixed_dictionaries(
    {
        "persons": things(THING, name=WORDS),
        "memberships": st.lists(
            st.fixed_dictionaries(
                {"person_id": IDS},
                optional={"role": WORDS, "post_id": IDS, "area_id": IDS, "organization_id": IDS, "start_date": DAYS,
                          "end_date": DAYS, "x": JSON, "contact_details": DETAILS},
            ),
            max_size=4,
        ),
    },
    optional={
        "posts": things({"label": WORDS, "role": WORDS, "organization_id": IDS, **THING}),
        "organizations": things({"classification": WORDS, "x": JSON}, name=WORDS),
        "areas": things({"x": JSON}, name=WORDS),
        "events": JSON,
        "meta": JSON,
    },
)  # fmt: skip


@given(DOCUMENTS, st.sampled_from(["en", None]))
def test_whatever_popolo_can_say_comes_back(document: Any, language: str | None) -> None:
    assert in_no_order(through_yaml(document, language)) == in_no_order(document)
