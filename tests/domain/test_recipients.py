"""What references to recipients come to, and to whom something is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_directory, an_office
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.prose import Scope
from urgent_appeals.domain.recipients import (
    Recipient,
    Resolved,
    group_named,
    is_known,
    is_office,
    qualified,
    references,
    resolve,
)

OSCE = {
    "directory": "osce",
    "name": "OSCE",
    "country": None,
    "offices": {"chair": an_office(tags=("chair",)), "secretary": an_office(tags=())},
}


def directories(**changes: Any) -> dict[str, Directory]:
    groups = {
        "committee": {"name": "Committee", "body": "justice"},
        "abroad": {"name": "Abroad", "body": "osce/secretary"},
        "bench": {"name": "Bench", "members": ["arlandia/president", "osce/chair"]},
        "broadcasters": {
            "name": "Broadcasters",
            "no_letter": "They have no address.",
            "members": ["osce/chair"],
        },
        "lenders": {"name": "Lenders"},
        "empty": {"name": "Nobody"},
    }
    offices = {
        **a_directory().offices,
        "bank": an_office(tags=("bank",), part_of="lenders"),
        "fund": an_office(tags=("bank",), part_of="arlandia/lenders"),
    }
    values = {"offices": offices, "groups": groups} | changes
    return {"arlandia": a_directory(**values), "osce": Directory.model_validate(OSCE)}


def ids(resolved: Resolved) -> list[str]:
    return [recipient.id for recipient in resolved.recipients]


def the(recipient: str, **changes: Any) -> Recipient:
    return resolve((recipient,), directories(**changes)).recipients[0]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        pytest.param("arlandia/president", ["arlandia/president"], id="an office"),
        pytest.param("osce", ["osce/chair", "osce/secretary"], id="a whole directory"),
        pytest.param("arlandia#bank", ["arlandia/bank", "arlandia/fund"], id="a tag"),
        pytest.param("arlandia/committee", ["arlandia/justice"], id="a group through its body"),
        pytest.param("arlandia/abroad", ["osce/secretary"], id="a group through a body elsewhere"),
        pytest.param("arlandia/bench", ["arlandia/president", "osce/chair"], id="a group's members"),
        pytest.param("arlandia/lenders", ["arlandia/bank", "arlandia/fund"], id="the offices that are part of a group"),
    ],
)
def test_a_reference_comes_to_its_offices(reference: str, found: list[str]) -> None:
    resolved = resolve((reference,), directories())
    assert (ids(resolved), resolved.unknown, resolved.without_letter) == (found, (), ())


def test_a_recipient_knows_the_groups_that_are_written_to_through_it() -> None:
    def groups(*named: str) -> list[list[str]]:
        return [[group.name["*"] for group in each.groups] for each in resolve(named, directories()).recipients]

    assert groups("arlandia/committee", "arlandia/abroad", "arlandia/committee") == [["Committee"], ["Abroad"]]
    assert groups("arlandia/justice") == [[]]
    assert groups("arlandia/justice", "arlandia/committee") == [["Committee"]]
    assert groups("arlandia/bench", "arlandia/lenders") == [[], [], [], []]


def test_an_office_goes_before_a_group_of_the_same_name() -> None:
    world = directories(groups={"justice": {"name": "Justice", "body": "president"}})
    assert group_named("arlandia/justice", world) is None
    assert group_named("arlandia", world) is None
    assert group_named("utopia/justice", world) is None


def test_why_a_group_gets_no_letter_is_told_in_english_or_else_in_the_words_there_are() -> None:
    def reason(no_letter: dict[str, str]) -> str:
        world = directories(groups={"press": {"name": "Press", "no_letter": no_letter}})
        return resolve(("arlandia/press",), world).without_letter[0][1]

    assert reason({"ru": "Нет адреса.", "en": "No address."}) == "No address."
    assert reason({"ru": "Нет адреса."}) == "Нет адреса."


def test_members_that_are_not_there_or_are_groups_get_no_letter() -> None:
    members = ["arlandia/presidant", "utopia/x", "arlandia/other", "osce/chair"]
    groups = {"bench": {"name": "Bench", "members": members}, "other": {"name": "Other", "members": ["osce/chair"]}}
    assert ids(resolve(("arlandia/bench",), directories(groups=groups))) == ["osce/chair"]


def test_recipients_stand_in_the_order_named_each_once() -> None:
    named = ("arlandia/justice", "arlandia#minister", "arlandia", "arlandia/committee", "arlandia/justice")
    found = ids(resolve(named, directories()))
    assert found == ["arlandia/justice", "arlandia/president", "arlandia/bank", "arlandia/fund"]


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        pytest.param("arlandia/broadcasters", "They have no address.", id="in the directory's words"),
        pytest.param("arlandia/empty", "the group has neither a body to write to nor members", id="nobody to write to"),
    ],
)
def test_a_group_that_gets_no_letter_is_told_once_with_the_reason(group: str, reason: str) -> None:
    assert resolve((group, group), directories()) == Resolved(without_letter=((group, reason),))


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("arlandai", id="no such directory"),
        pytest.param("arlandai/president", id="no such directory of an office"),
        pytest.param("arlandai#minister", id="no such directory of a tag"),
        pytest.param("arlandia/presidant", id="no such office"),
        pytest.param("arlandia#presidents", id="no such tag"),
        pytest.param("arlandia/", id="an office left out is not everyone"),
        pytest.param("arlandia#", id="a tag left out is not everyone"),
        pytest.param("arlandia/president#bank", id="an office with a tag is not everyone with the tag"),
        pytest.param("arlandia#bank/fund", id="a tag with an office"),
        pytest.param("/president", id="directory left out"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_reference_that_names_nobody_is_unknown(reference: str) -> None:
    assert resolve((reference,), directories()) == Resolved(unknown=(reference,))
    assert not is_known(reference, directories())


def test_a_directory_without_offices_names_nobody() -> None:
    assert resolve(("arlandia",), directories(offices={}, groups={})).unknown == ("arlandia",)


@pytest.mark.parametrize("reference", ["arlandia/president", "arlandia/broadcasters", "osce", "arlandia#bank"])
def test_a_reference_that_names_somebody_is_known_with_a_letter_or_without(reference: str) -> None:
    assert is_known(reference, directories())


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("arlandia/president", True),
        ("arlandia/lenders", False),
        ("arlandia", False),
        ("utopia/president", False),
    ],
)
def test_an_office_is_told_from_everything_else(name: str, answer: bool) -> None:
    assert is_office(name, directories()) is answer


def test_a_body_may_be_named_by_its_own_directory_or_in_full() -> None:
    assert qualified("bank", a_directory()) == "arlandia/bank"
    assert qualified("osce/chair", a_directory()) == "osce/chair"


@pytest.mark.parametrize(
    ("to", "addressed"),
    [
        pytest.param((), True, id="everyone"),
        pytest.param(("osce/chair",), True, id="the office itself"),
        pytest.param(("osce",), True, id="its directory"),
        pytest.param(("osce#chair",), True, id="its tag"),
        pytest.param(("arlandia/bench",), True, id="a group that it is a member of"),
        pytest.param(("arlandia/broadcasters",), True, id="a member's group that gets no letter as such"),
        pytest.param(("arlandia", "osce/chair"), True, id="one of several"),
        pytest.param(("osce/secretary",), False, id="another office"),
        pytest.param(("arlandia",), False, id="another directory"),
        pytest.param(("osce#minister",), False, id="a tag that it has not"),
        pytest.param(("arlandia/committee",), False, id="a group that it is not in"),
    ],
)
def test_a_scope_says_to_whom_something_is_said(to: tuple[str, ...], addressed: bool) -> None:
    assert the("osce/chair").addressed_by(Scope(to=to)) is addressed


@pytest.mark.parametrize(
    ("recipient", "group"),
    [
        pytest.param("arlandia/justice", "arlandia/committee", id="the body stands for the group"),
        pytest.param("osce/secretary", "arlandia/abroad", id="a body elsewhere too"),
        pytest.param("arlandia/bank", "arlandia/lenders", id="part of the group"),
    ],
)
def test_what_is_said_to_a_group_is_said_to_who_gets_its_letter(recipient: str, group: str) -> None:
    assert the(recipient).addressed_by(Scope(to=(group,)))


def test_how_a_recipient_was_named_does_not_change_what_is_said_to_it() -> None:
    by_group = resolve(("arlandia/bench",), directories()).recipients[1]
    assert by_group == the("osce/chair")


def test_references_for_suggestions_hold_every_directory_office_group_and_tag_once() -> None:
    assert references(directories(groups={"bench": {"name": "Bench", "members": ["osce/chair"]}})) == (
        "arlandia",
        "arlandia/president",
        "arlandia/justice",
        "arlandia/bank",
        "arlandia/fund",
        "arlandia/bench",
        "arlandia#head-of-state",
        "arlandia#minister",
        "arlandia#bank",
        "osce",
        "osce/chair",
        "osce/secretary",
        "osce#chair",
    )


def test_every_reference_that_is_suggested_is_known() -> None:
    known = directories()
    assert [name for name in references(known) if not is_known(name, known)] == []
