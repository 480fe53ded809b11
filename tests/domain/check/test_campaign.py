"""Rules about the workspace as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_sender, phrases
from tests.domain.check.places import (
    FOLDER,
    HEADER,
    Found,
    definitions,
    found,
    origin,
    the_appeal,
    the_campaign,
)
from urgent_appeals.domain.check import check_campaign


def of(**changes: Any) -> list[Found]:
    return found(check_campaign(definitions(campaign=the_campaign(**changes))))


def test_there_is_nothing_to_say_of_a_campaign_that_is_right() -> None:
    own = {"schemes": ({"name": "desk", "pattern": "UAD {country} {number}/{year}"},), "numbering": "desk"}
    assert of(**own) == []


@pytest.mark.parametrize(
    ("changes", "path", "message", "hint"),
    [
        pytest.param(
            {"sender": "hail"},
            ("sender",),
            "no sender 'hail' in this file",
            "did you mean 'hale'?",
            id="sender",
        ),
        pytest.param({"sender": "x"}, ("sender",), "no sender 'x' in this file", None, id="sender, nothing near"),
        pytest.param(
            {"schemes": ({"name": "desk", "pattern": "UAD {number}/{year}"},), "numbering": "disk"},
            ("numbering",),
            "no scheme 'disk' in this file",
            "did you mean 'desk'?",
            id="numbering",
        ),
        pytest.param(
            {"languages": ("en", "ru", "fr"), "senders": {"hale": a_sender(role={})}},
            ("languages", 2),
            "there is no templates/phrases/fr.yaml",
            None,
            id="language",
        ),
    ],
)
def test_a_name_that_is_not_there_is_a_problem(
    changes: dict[str, Any], path: tuple[str | int, ...], message: str, hint: str | None
) -> None:
    assert of(**changes) == [Found("campaign.yaml", path, message, hint)]


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        pytest.param({}, ["no recipient 'borland/x' in recipients/", "there is no templates/phrases/fr.yaml"], id="no"),
        pytest.param({"unread": frozenset({"borland"}), "unread_wording": frozenset({"fr"})}, [], id="unread"),
    ],
)
def test_what_is_there_but_broken_is_not_called_unknown_as_well(changes: dict[str, Any], messages: list[str]) -> None:
    campaign = the_campaign(languages=("en", "ru", "fr"), copies=("borland/x",), senders={"hale": a_sender(role={})})
    assert [one.message for one in found(check_campaign(definitions(campaign=campaign, **changes)))] == messages


def test_a_bad_address_for_answers_is_a_problem() -> None:
    (one,) = of(reply_to="a@b@c")
    assert (one.path, one.warning) == (("reply_to",), False)


def test_a_senders_bad_address_is_a_problem() -> None:
    (one,) = of(senders={"hale": a_sender(email="a@b@c")})
    assert (one.path, one.warning) == (("senders", "hale", "email"), False)


@pytest.mark.parametrize("field", ["name", "role", "organisation", "country_line"])
def test_a_sender_speaks_every_language_of_the_campaign(field: str) -> None:
    assert of(senders={"hale": a_sender(**{field: {"en": "word"}})}) == [
        Found("campaign.yaml", ("senders", "hale", field), "nothing is said here in 'ru'")
    ]


def test_a_sender_speaks_every_language_of_the_appeals() -> None:
    campaign = the_campaign(languages=("en",), senders={"hale": a_sender(name={"en": "Margaret Hale"})})
    assert found(check_campaign(definitions(the_appeal(), the_appeal(code="UA 1/26"), campaign=campaign))) == [
        Found("campaign.yaml", ("senders", "hale", "name"), "nothing is said here in 'ru'")
    ]


def test_what_a_sender_leaves_out_needs_no_words() -> None:
    assert of(senders={"hale": a_sender(role={}, organisation={}, country_line={}, email=None)}, reply_to=None) == []


def test_wording_that_no_appeal_uses_needs_no_review() -> None:
    wording = {language: phrases(language, reviewed=language == "en") for language in ("en", "ru")}
    assert list(check_campaign(definitions(the_appeal(languages=("en",)), phrases=wording))) == []


def an_appeal_in(number: int, **changes: Any) -> Any:
    folder = f"appeals/x/{number:02}"
    return the_appeal(folder=folder, origin=origin(f"{folder}/appeal.yaml"), **changes)


@pytest.mark.parametrize(
    ("first", "second", "path", "code"),
    [
        pytest.param({}, {}, ("code",), "XAA 007/0326/OBS 021.01", id="twice the code"),
        pytest.param({}, {"code": "XAA 007 / 0326 / OBS 021.1"}, ("code",), "XAA 007 / 0326 / OBS 021.1", id="respelt"),
        pytest.param(
            {"other_codes": ("UA 1/26",)},
            {"code": "UA 1/26"},
            ("code",),
            "UA 1/26",
            id="another's other code",
        ),
        pytest.param(
            {"other_codes": ("UA 1/26",)},
            {"code": "UA 2/26", "other_codes": ("UA 3/26", "UA 1/26")},
            ("other_codes", 1),
            "UA 1/26",
            id="twice among other codes",
        ),
    ],
)
def test_a_code_names_one_appeal(
    first: dict[str, Any], second: dict[str, Any], path: tuple[str | int, ...], code: str
) -> None:
    appeals = (an_appeal_in(0, **first), an_appeal_in(1, **second))
    assert found(check_campaign(definitions(*appeals))) == [
        Found("appeals/x/01/appeal.yaml", path, f"{code} is a code of appeals/x/00/appeal.yaml already")
    ]


def test_a_code_given_three_times_is_told_of_the_first() -> None:
    told = found(check_campaign(definitions(*(an_appeal_in(number) for number in range(3)))))
    assert [one.file for one in told] == ["appeals/x/01/appeal.yaml", "appeals/x/02/appeal.yaml"]
    assert {one.message.partition(" is ")[2] for one in told} == {"a code of appeals/x/00/appeal.yaml already"}


def test_an_own_code_among_the_other_codes_is_one_too_many() -> None:
    appeal = the_appeal(other_codes=("XAA 007/0326/OBS 021.01",))
    assert found(check_campaign(definitions(appeal))) == [
        Found(
            f"{FOLDER}/appeal.yaml",
            ("other_codes", 0),
            f"XAA 007/0326/OBS 021.01 is a code of {HEADER} already",
        )
    ]


def test_updates_of_a_case_have_codes_of_their_own() -> None:
    codes = ("XAA 007/0326/OBS 021", "XAA 007/0326/OBS 021.01", "XAA 007/0326/OBS 021.10")
    assert list(check_campaign(definitions(*(the_appeal(code=code) for code in codes)))) == []
