"""Rules about a directory of recipients."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_directory, an_office
from tests.domain.check.places import Found, definitions, found, the_directory
from urgent_appeals.domain.check import check_directory
from urgent_appeals.domain.directory import Directory

FILE = "recipients/arlandia.yaml"
JUSTICE = ("offices", "justice")


def of(directory: Directory) -> list[Found]:
    osce = Directory.model_validate({"directory": "osce", "name": "OSCE", "offices": {"chair": an_office()}})
    return found(check_directory(directory, definitions(directories={"arlandia": directory, "osce": osce})))


def with_office(**justice: Any) -> list[Found]:
    return of(the_directory(offices={**a_directory().offices, "justice": an_office(**justice)}))


def with_group(**group: Any) -> list[Found]:
    return of(the_directory(groups={"bench": {"name": "Bench", **group}, "other": {"name": "x", "no_letter": "x"}}))


def test_there_is_nothing_to_say_of_a_directory_that_is_right() -> None:
    assert of(the_directory()) == []


def test_a_directory_is_called_as_its_file() -> None:
    assert of(the_directory("arlandy")) == [
        Found(
            "recipients/arlandy.yaml",
            ("directory",),
            "the directory is called 'arlandia', but its file 'arlandy'",
            "call both alike",
        )
    ]


@pytest.mark.parametrize(
    ("reached_by", "told"),
    [
        pytest.param({"address": {"lines": {"*": ["x"]}}}, False, id="post"),
        pytest.param({"email": "a@b.example"}, False, id="email"),
        pytest.param({"contacts": [{"kind": "fax", "printed": "1"}]}, False, id="fax"),
        pytest.param({"contacts": [{"kind": "telephone-fax", "printed": "1"}]}, False, id="telephone and fax"),
        pytest.param({"contacts": [{"kind": "form", "printed": "x"}]}, False, id="form"),
        pytest.param({"contacts": [{"kind": "telephone", "printed": "1"}]}, True, id="telephone only"),
        pytest.param({"contacts": [{"kind": "web", "printed": "x"}]}, True, id="website only"),
        pytest.param({}, True, id="nothing"),
    ],
)
def test_an_office_that_no_letter_can_reach_is_told(reached_by: dict[str, Any], told: bool) -> None:
    message = "the office has no address, email, fax or form: no letter can reach it"
    assert (
        with_office(**({"address": (), "email": ()} | reached_by)) == [Found(FILE, JUSTICE, message, None, True)] * told
    )


def test_each_bad_address_of_an_office_is_a_problem() -> None:
    (one,) = with_office(email=["a@b.example", "a@b@c"])
    assert (one.file, one.path, one.warning) == (FILE, (*JUSTICE, "email", 1), False)


def test_each_bad_address_of_a_mission_is_a_problem() -> None:
    missions = [{"host": "GBR", "name": "x"}, {"host": "FRA", "name": "x", "email": ["a@b.example", "a@b@c"]}]
    (one,) = of(the_directory(missions=missions))
    assert (one.path, one.warning) == (("missions", 1, "email", 1), False)


@pytest.mark.parametrize(
    ("span", "wrong"),
    [
        pytest.param({"from": "2020-05-02", "until": "2020-05-01"}, True, id="a day too early"),
        pytest.param({"from": "2020-05-01", "until": "2020-05-01"}, False, id="one day"),
        pytest.param({"from": "2020-05-02", "until": "2020-05"}, False, id="within the month"),
        pytest.param({"from": "2020-05", "until": "2020"}, False, id="within the year"),
        pytest.param({"from": "2021", "until": "2020"}, True, id="years the wrong way round"),
        pytest.param({"from": "2020"}, False, id="no end"),
        pytest.param({"until": "2020"}, False, id="no beginning"),
    ],
)
def test_a_time_that_ends_before_it_begins_is_a_problem(span: dict[str, str], wrong: bool) -> None:
    holders = ({"name": "a", "from": "2010"}, {"name": "b", **span})
    address = ({"lines": {"*": ["x"]}}, {"lines": {"*": ["y"]}, **span})
    assert (
        with_office(holders=holders)
        == [Found(FILE, (*JUSTICE, "holders", 1), "the holder's time ends before it begins")] * wrong
    )
    assert (
        with_office(address=address)
        == [Found(FILE, (*JUSTICE, "address", 1), "the address ends before it begins")] * wrong
    )
    mission = {"host": "GBR", "name": "x", "address": address}
    ends = [(each.path, each.message) for each in of(the_directory(missions=[mission]))]
    assert ends == [(("missions", 0, "address", 1), "the address ends before it begins")] * wrong
    suspensions = ("FRA", {"country": "GBR", **span})
    ends = [(each.path, each.message) for each in of(the_directory(post_suspended=suspensions))]
    assert ends == [(("post_suspended", 1), "the suspension ends before it begins")] * wrong


@pytest.mark.parametrize(("dates", "told"), [({}, True), ({"seen": "2003"}, False), ({"until": "2003"}, False)])
def test_a_holder_of_no_known_day_is_told(dates: dict[str, str], told: bool) -> None:
    message, hint = (
        "nothing says when this person holds the office: no letter will name them",
        "give from, until or seen",
    )
    assert (
        with_office(holders=({"name": "a", **dates},))
        == [Found(FILE, (*JUSTICE, "holders", 0), message, hint, True)] * told
    )


@pytest.mark.parametrize(
    ("part_of", "told"),
    [
        pytest.param("lenders", [], id="a group"),
        pytest.param("president", [], id="an office"),
        pytest.param("osce/chair", [], id="one elsewhere"),
        pytest.param("lender", [("no group or office 'lender'", "did you mean 'lenders'?")], id="a slip"),
        pytest.param("osce/chairs", [("no group or office 'osce/chairs'", None)], id="nobody elsewhere"),
    ],
)
def test_an_office_is_part_of_something_there_is(part_of: str, told: list[tuple[str, str | None]]) -> None:
    offices = {**a_directory().offices, "justice": an_office(part_of=part_of)}
    directory = the_directory(offices=offices, groups={"lenders": {"name": "Lenders"}})
    assert of(directory) == [Found(FILE, (*JUSTICE, "part_of"), *each) for each in told]


@pytest.mark.parametrize(
    ("member", "hint"),
    [
        pytest.param("arlandia/justise", "did you mean 'arlandia/justice'?", id="a slip"),
        pytest.param("osce/chairs", "did you mean 'osce/chair'?", id="a slip elsewhere"),
        pytest.param("arlandia/other", None, id="a group, which has no letter of its own"),
    ],
)
def test_the_members_of_a_group_are_offices(member: str, hint: str | None) -> None:
    (one,) = with_group(members=["arlandia/president", "osce/chair", member])
    assert one == Found(FILE, ("groups", "bench", "members", 2), f"no office {member!r} in recipients/", hint)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param("justice", [], id="an office"),
        pytest.param("osce/chair", [], id="an office elsewhere"),
        pytest.param("justise", [("no office 'justise'", "did you mean 'justice'?")], id="a slip"),
        pytest.param("bench", [("no office 'bench'", None)], id="a group"),
    ],
)
def test_the_body_of_a_group_is_an_office(body: str, told: list[tuple[str, str | None]]) -> None:
    assert with_group(body=body) == [Found(FILE, ("groups", "bench", "body"), *each) for each in told]


@pytest.mark.parametrize("unread", [frozenset(), frozenset({"borland"})], ids=["not there", "there but broken"])
def test_what_another_directory_holds_is_looked_for_only_where_it_can_be_read(unread: frozenset[str]) -> None:
    directory = the_directory(
        offices={**a_directory().offices, "justice": an_office(part_of="borland/bench")},
        groups={"bench": {"name": "Bench", "body": "borland/chair", "members": ("borland/judge",)}},
    )
    given = definitions(directories={"arlandia": directory}, unread=unread)
    told = [one.message for one in found(check_directory(directory, given))]
    assert told == ([] if unread else [
        "no group or office 'borland/bench'", "no office 'borland/judge' in recipients/", "no office 'borland/chair'"
    ])  # fmt: skip
