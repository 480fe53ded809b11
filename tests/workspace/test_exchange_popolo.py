"""Popolo documents become directories and directories Popolo documents, and nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workspace.popolo_documents import DOCUMENTS, as_bytes
from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.directory_file import from_import, refuse_unreadable
from urgent_appeals.workspace.exchange.changes import differences
from urgent_appeals.workspace.exchange.kept import marks
from urgent_appeals.workspace.exchange.popolo import read_popolo
from urgent_appeals.workspace.exchange.popolo_write import write_popolo
from urgent_appeals.workspace.yaml_text import read_yaml

ASSEMBLY = Path(__file__).parents[1] / "data/arlandia-assembly.json"


def through_yaml(document: Any, language: str | None = "en") -> Any:
    imported = read_popolo(as_bytes(document), language)
    text = from_import("assembly", "Assembly", imported)
    refuse_unreadable(text, "recipients/assembly.yaml")
    return json.loads(write_popolo(data(text), language))


def data(text: str) -> Any:
    document = read_yaml(text.encode(), "x.yaml")
    assert document.problems == ()
    return document.data


def same(one: Any, other: Any) -> bool:
    """Whether two documents say the same in JSON, where only the keys of an object have no order."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.fixture
def assembly() -> Any:
    return json.loads(ASSEMBLY.read_bytes())


@pytest.mark.parametrize("language", ["en", "ru", None])
def test_a_strangers_document_comes_back_whole(assembly: Any, language: str | None) -> None:
    assert same(through_yaml(assembly, language), assembly)


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
        pytest.param(b'{"persons": [1e999]}', id="a number without end"),
        pytest.param(b'{"persons": [' + b"9" * 100_000 + b"]}", id="a number too long"),
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


def test_a_document_too_large_for_a_directory_is_refused_in_words() -> None:
    imported = read_popolo(json.dumps({"persons": [], "x": "y" * 1_100_000}).encode())
    with pytest.raises(ImportRefused, match=r"would have 1\.1 MB.*import it in parts"):
        refuse_unreadable(from_import("x", "X", imported), "recipients/x.yaml")


@settings(suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, st.sampled_from(["en", "ru", None]))
def test_whatever_popolo_can_say_comes_back_in_its_order(document: Any, language: str | None) -> None:
    assert same(through_yaml(document, language), document)


@settings(suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, st.sampled_from(["en", None]))
def test_the_same_document_imported_twice_changes_nothing(document: Any, language: str | None) -> None:
    there = data(from_import("assembly", "Assembly", read_popolo(as_bytes(document), language)))
    assert differences(there, read_popolo(as_bytes(document), language)) == ()


def the_reach(office: Any) -> tuple[Any, ...]:
    """How an office is reached, in no order: addresses with their days, contacts, emails."""
    email = office.get("email", [])
    addresses = [json.dumps(each, sort_keys=True) for each in office.get("address", [])]
    contacts = [(each["kind"], each["printed"]) for each in office.get("contacts", [])]
    return sorted(addresses), sorted(contacts), sorted([email] if isinstance(email, str) else email)


REACHES = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["new@a.example", ["a@b.example", "new@a.example"]]),
        "contacts": st.lists(
            st.sampled_from(
                [{"kind": "fax", "printed": "1"}, {"kind": "telephone-fax", "printed": "2"},
                 {"kind": "form", "printed": "https://f.example"}, {"kind": "web", "printed": "https://x.example"}]
            ),
            min_size=1,
            unique_by=str,
        ),
        "address": st.just([{"lines": {"*": ["1 Old Wharf", "Orseval"]}, "until": "2003-06"}]),
    },
)  # fmt: skip


@settings(suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, st.lists(REACHES, max_size=3))
def test_how_offices_are_reached_by_now_is_what_the_export_says_of_each(document: Any, changes: list[Any]) -> None:
    directory = data(from_import("assembly", "Assembly", read_popolo(as_bytes(document))))
    offices = directory.get("offices", {})
    for office, change in zip(offices.values(), changes, strict=False):
        for key in ("email", "contacts", "address"):
            office.pop(key, None)
        office.update(change)
    after = read_popolo(write_popolo(directory).encode())
    same = {marks(office): the_reach(office) for office in after.offices.values()}
    assert {marks(office): the_reach(office) for office in offices.values()} == same


def test_what_one_office_of_a_person_no_longer_has_the_other_keeps() -> None:
    document = {
        "persons": [{"id": "1", "name": "P", "email": "p@x.example"}],
        "posts": [{"id": "a", "label": "A"}],
        "memberships": [{"person_id": "1", "post_id": "a"}, {"person_id": "1", "role": "Judge"}],
    }
    directory = data(from_import("x", "X", read_popolo(as_bytes(document))))
    del directory["offices"]["a"]["email"]
    after = json.loads(write_popolo(directory))
    assert after["persons"] == [{"id": "1", "name": "P"}]
    assert "contact_details" not in after["posts"][0]
    assert after["memberships"][1]["contact_details"] == [{"type": "email", "value": "p@x.example"}]


def test_names_and_facts_that_changed_change_and_no_other() -> None:
    person = {
        "id": "1", "name": "Ilsabet Corvane", "gender": "female", "honorific_prefix": "Dr", "image": "https://x.example/1.jpg",
        "other_names": [{"lang": "ru", "name": "Ильсабет", "note": "multilingual"},
                        {"lang": "ru", "name": "И.", "note": "multilingual"},
                        {"name": "Ilsabet Marrow", "note": "former", "x": 1}],
        "identifiers": [{"scheme": "a", "identifier": "1", "x": 2}, {"scheme": "b", "identifier": "2"}],
        "links": [{"url": "https://x.example/a", "x": 3}, {"url": "https://x.example/b"}],
    }  # fmt: skip
    document = {"persons": [person], "memberships": [{"person_id": "1", "role": "Judge"}]}
    directory = data(from_import("x", "X", read_popolo(as_bytes(document), "en")))
    (holder,) = directory["offices"]["judge"]["holders"]
    holder["name"] = {"en": "Ilsabet Hale", "ru": "Ильсабет Хейл", "kk": "Илсабет"}
    holder["gender"], holder["style"] = "m", {"en": "Prof."}
    holder["identifiers"] = [*holder["identifiers"][1:], {"scheme": "c", "identifier": "3"}]
    holder["links"] = [holder["links"][0], {"url": "https://x.example/2.jpg", "note": "image"}]
    holder["other_names"].append({"name": "I. H.", "language": "en", "from": "2020"})
    assert json.loads(write_popolo(directory, "en"))["persons"] == [
        {
            "id": "1", "name": "Ilsabet Hale", "gender": "male", "honorific_prefix": "Prof.", "image": "https://x.example/2.jpg",
            "other_names": [{"lang": "ru", "name": "Ильсабет Хейл", "note": "multilingual"},
                            {"lang": "ru", "name": "И.", "note": "multilingual"},
                            {"name": "Ilsabet Marrow", "note": "former", "x": 1},
                            {"lang": "kk", "name": "Илсабет", "note": "multilingual"},
                            {"name": "I. H.", "lang": "en", "start_date": "2020"}],
            "identifiers": [{"scheme": "b", "identifier": "2"}, {"scheme": "c", "identifier": "3"}],
            "links": [{"url": "https://x.example/a", "x": 3}],
        }
    ]  # fmt: skip


def test_a_document_of_which_a_new_edition_moves_people_into_other_places_changes_nothing_that_can_be_read() -> None:
    document = {
        "persons": [{"id": "1", "name": "P"}, {"id": "2", "name": "P"}],
        "memberships": [{"person_id": "1", "role": "member"}, {"person_id": "2", "role": "member"}],
    }
    there = data(from_import("x", "X", read_popolo(as_bytes(document))))
    later = {"persons": [{"id": "0", "name": "Q"}, *document["persons"]],
             "memberships": [{"person_id": "0", "role": "member"}, *reversed(document["memberships"])]}  # fmt: skip
    told = [each for each in differences(there, read_popolo(as_bytes(later))) if not each.what.endswith("kept")]
    assert [(each.office, each.kind) for each in told] == [("q", "added")]


@pytest.mark.parametrize(
    "kept", ["x", "[]", '{"post": 1}', '{"post": {}, "at": "x"}', '{"rest": {}, "lists": {"persons": [1]}}']
)
def test_what_was_kept_and_changed_by_hand_is_refused_in_words(kept: str) -> None:
    directory = {"directory": "x", "kept": {"popolo": kept}, "offices": {"a": {"name": "A", "kept": {"popolo": kept}}}}
    with pytest.raises(ImportRefused, match="changed by hand"):
        write_popolo(directory)
