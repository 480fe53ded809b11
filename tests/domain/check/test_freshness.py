"""Recipients are trusted, and reached, or a warning says why not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.check.places import definitions, the_appeal, the_campaign, the_directory
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.check.appeal import recipients_exist
from urgent_appeals.domain.check.campaign import check_campaign
from urgent_appeals.domain.check.definitions import Definitions
from urgent_appeals.domain.check.freshness import missions_are_worded, post_is_forwarded, recipients_are_fresh
from urgent_appeals.domain.directory import Directory

TODAY = date(2026, 11, 22)
EMBASSY = {"host": "GBR", "name": {"en": "Embassy"}, "address": {"lines": {"*": ["London"]}}}


def arlandia(**changes: Any) -> Directory:
    plain = the_directory()
    made = Directory.model_validate({**plain.model_dump(by_alias=True), **changes})
    return made.model_copy(update={"origin": plain.origin})


def told(
    directory: Directory, on: date | None = TODAY, *, campaign: dict[str, Any] | None = None, **changes: Any
) -> set[str]:
    appeal = the_appeal(**({"recipients": ("arlandia",)} | changes))
    given = definitions(appeal, directories={"arlandia": directory}, on=on, campaign=the_campaign(**(campaign or {})))
    return {problem.message for problem in recipients_are_fresh(appeal, given)}


def days(**changes: Any) -> dict[str, Any]:
    return {"issued": date(2026, 11, 1), "act_by": {"*": date(2026, 12, 1)}} | changes


STALE = "the directory: last checked 2020, over 12 months before 2026-11-22"


def test_a_stale_directory_is_told_of_once() -> None:
    assert told(arlandia(checked="2020"), dates=days()) == {STALE}


def test_an_office_with_a_day_of_its_own_is_told_of_by_its_name() -> None:
    plain = arlandia()
    name = next(iter(plain.offices))
    offices = {name: {**plain.offices[name].model_dump(by_alias=True), "checked": "2020", "bounced": "2026-10-01"}}
    assert told(arlandia(offices=offices), dates=days()) == {
        f"arlandia/{name}: last checked 2020, over 12 months before 2026-11-22",
        f"arlandia/{name}: mail bounced on 2026-10-01",
    }


@pytest.mark.parametrize(
    ("changes", "on"),
    [
        pytest.param({"historical": True, "dates": days(issued=date(2020, 3, 1))}, TODAY, id="historical"),
        pytest.param({"dates": days(issued=date(2020, 3, 1), act_by={})}, TODAY, id="expired"),
        pytest.param({"historical": True, "dates": days(issued=date(2020, 3, 1))}, None, id="historical, any day"),
        pytest.param({"dates": days()}, None, id="the day is unknown"),
    ],
)
def test_an_appeal_of_another_time_is_judged_at_its_own(changes: dict[str, Any], on: date | None) -> None:
    assert told(arlandia(checked="2020"), on, **changes) == set()


@pytest.mark.parametrize("changes", [{"dates": days(issued=None)}, {"dates": days(issued=date(2026, 12, 1))}])
def test_a_draft_and_an_appeal_to_come_are_judged_today(changes: dict[str, Any]) -> None:
    assert told(arlandia(checked="2020"), **changes) == {STALE}


def test_missions_count_only_where_they_get_copies() -> None:
    directory = arlandia(missions=[{**EMBASSY, "returned": "2026-10-01"}])
    assert told(directory, dates=days()) == set()
    assert told(directory, dates=days(), copies=("missions",)) == {
        "the mission in GBR: post was returned on 2026-10-01"
    }
    assert told(directory, dates=days(), campaign={"copies": ("missions",)}) == {
        "the mission in GBR: post was returned on 2026-10-01"
    }


def test_a_mission_that_gets_copies_needs_a_name_in_each_language() -> None:
    appeal = the_appeal(recipients=("arlandia",), copies=("missions",))
    given = definitions(appeal, directories={"arlandia": arlandia(missions=[EMBASSY])})
    assert [problem.message for problem in missions_are_worded(appeal, given)] == ["nothing is said here in 'ru'"]


def a_state_written_to_from_gbr(on: date | None = TODAY, **changes: Any) -> tuple[Appeal, Definitions]:
    """Return an appeal to Arlandia from senders in GBR, and the definitions that it stands in."""
    appeal = the_appeal(recipients=("arlandia",), dates=days(), copies=changes.pop("copies", ()))
    campaign = the_campaign(country="GBR")
    senders = {name: sender.model_copy(update={"country": "GBR"}) for name, sender in campaign.senders.items()}
    campaign = campaign.model_copy(update={"senders": senders})
    return appeal, definitions(appeal, directories={"arlandia": arlandia(**changes)}, campaign=campaign, on=on)


MOVED = {**EMBASSY, "address": {"lines": {"*": ["London"]}, "until": "2025"}}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        pytest.param({"post_suspended": ["*"]}, 1, id="no mission"),
        pytest.param({"post_suspended": ["*"], "missions": [{**EMBASSY, "address": []}]}, 1, id="no address"),
        pytest.param({"post_suspended": ["*"], "missions": [MOVED]}, 1, id="no address any more"),
        pytest.param({"post_suspended": ["GBR"], "missions": [EMBASSY]}, 0, id="a mission forwards"),
        pytest.param({"post_suspended": [{"country": "GBR", "until": "2025"}]}, 0, id="post runs again"),
        pytest.param({"post_suspended": ["*"], "on": None}, 0, id="the day is unknown"),
        pytest.param({}, 0, id="post runs"),
    ],
)
def test_suspended_post_needs_a_mission_that_forwards(changes: dict[str, Any], count: int) -> None:
    found = list(post_is_forwarded(*a_state_written_to_from_gbr(**changes)))
    assert len(found) == count
    assert all("post from GBR is suspended" in problem.message for problem in found)


def test_a_mission_that_forwards_is_told_of_like_those_that_get_copies() -> None:
    stale = {**EMBASSY, "checked": "2020"}
    told = recipients_are_fresh(*a_state_written_to_from_gbr(missions=[stale], post_suspended="GBR"))
    assert [problem.message for problem in told] == [
        "the mission in GBR: last checked 2020, over 12 months before 2026-11-22"
    ]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        pytest.param({"copies": ("missions",)}, 1, id="no mission there"),
        pytest.param({"copies": ("missions",), "missions": [EMBASSY]}, 0, id="a mission there"),
        pytest.param({"copies": ("missions",), "country": None}, 0, id="no state"),
        pytest.param({"copies": ("missions",), "country": "GBR"}, 0, id="the sender's own state"),
        pytest.param({}, 0, id="no copies to missions"),
    ],
)
def test_a_state_without_a_mission_in_the_senders_country_is_told_of_where_copies_go_to_missions(
    changes: dict[str, Any], count: int
) -> None:
    found = [problem.message for problem in missions_are_worded(*a_state_written_to_from_gbr(**changes))]
    words = "copies go to missions, but none of arlandia is known in GBR"
    assert [message for message in found if "nothing is said" not in message] == [words] * count


def test_missions_are_no_unknown_recipient_among_the_copies() -> None:
    appeal = the_appeal(copies=("missions", "nobody"))
    assert [problem.message for problem in recipients_exist(appeal, definitions(appeal))] == [
        "no recipient 'nobody' in recipients/"
    ]


def test_the_campaigns_copies_exist() -> None:
    given = definitions(campaign=the_campaign(copies=("missions", "nobody")))
    assert "no recipient 'nobody' in recipients/" in {problem.message for problem in check_campaign(given)}
