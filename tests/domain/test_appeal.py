"""What an appeal may say of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import a_campaign, a_code, an_appeal
from urgent_appeals.domain.appeal import Appeal, Dates
from urgent_appeals.domain.schemes import SCHEMES, Scheme


def test_code_and_languages_are_enough() -> None:
    appeal = Appeal.model_validate({"code": "KAZ 001/0802/OBS 053.02", "languages": ["en"]})
    assert (str(appeal.code), appeal.code.update) == ("KAZ 001/0802/OBS 053.02", 2)


def test_a_code_may_be_given_as_it_was_read() -> None:
    assert an_appeal(code=a_code("UA 61/26")).code == a_code("UA 61/26")


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(ValidationError, match="'my appeal' is no case code"):
        an_appeal(code="my appeal")


def test_codes_of_the_workspaces_own_schemes_are_read_where_they_are_given() -> None:
    own = Scheme.from_pattern("desk", "UAD {country} {number:3}/{year}[.{update}]")
    data = {"code": "UAD XAA 001/2026.01", "languages": ["en"]}
    assert Appeal.model_validate(data, context={"schemes": (*SCHEMES, own)}).code.scheme == "desk"
    with pytest.raises(ValidationError, match="is no case code"):
        Appeal.model_validate(data)


@pytest.mark.parametrize(
    ("act_by", "days"),
    [
        pytest.param("2026-05-15", {"*": date(2026, 5, 15)}, id="one day"),
        pytest.param({"post": "2026-05-01"}, {"post": date(2026, 5, 1)}, id="a day for a channel"),
    ],
)
def test_a_deadline_is_one_day_or_a_day_for_each_channel(act_by: Any, days: Any) -> None:
    assert Dates.model_validate({"act_by": act_by}).act_by == days


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("dates", {"issued": "2026-03"}, id="a deadline is computed from the date of issue"),
        pytest.param("dates", {"act_by": {"pigeon": "2026-05-01"}}, id="no such channel"),
        pytest.param("dates", {"act_by": "soon"}, id="no day"),
        pytest.param("kind", "updates", id="no such kind"),
        pytest.param("recipient", ["a/b"], id="a misspelt key"),
        pytest.param("languages", ["english"], id="no language"),
        pytest.param("languages", [], id="in no language"),
        pytest.param("outcome", {"state": "freed"}, id="no such outcome"),
    ],
)
def test_what_an_appeal_cannot_say_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        an_appeal(**{field: value})


def test_values_of_an_appeal_are_not_shared_with_another() -> None:
    one, two = (Appeal(code=a_code(), languages=("en",)) for _ in range(2))
    assert one.people is not two.people


def test_a_campaign_that_says_nothing_else_writes_by_post_email_and_fax() -> None:
    assert a_campaign().channels == ("post", "email", "fax")


def test_where_a_scheme_could_not_be_read_an_unknown_code_is_no_fault_of_the_appeal() -> None:
    values = {"code": "DESK 1", "languages": ["en"]}
    appeal = Appeal.model_validate(values, context={"some_schemes_unread": True})
    assert appeal.code.scheme == "unread"
    for code in ("", "DESK 1"):
        with pytest.raises(ValidationError):
            Appeal.model_validate({**values, "code": code}, context={"some_schemes_unread": not code})
