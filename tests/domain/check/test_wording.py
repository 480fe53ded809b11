"""Rules that everything a page says has words in the language of the page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_directory, an_office, phrases
from tests.domain.check.places import (
    FOLDER,
    HEADER,
    Found,
    definitions,
    found,
    the_appeal,
    the_campaign,
    the_directory,
    the_prose,
)
from urgent_appeals.domain.check.wording import appeal_is_worded, offices_are_worded
from urgent_appeals.domain.problem import Path

ENGLISH = {"en": "word"}
FILE = "recipients/arlandia.yaml"
JUSTICE = ("offices", "justice")


def in_appeal(*, campaign: dict[str, Any] | None = None, **changes: Any) -> list[Found]:
    appeal = the_appeal(**changes)
    return found(appeal_is_worded(appeal, definitions(appeal, campaign=the_campaign(**(campaign or {})))))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"series": ENGLISH}, ("series",), id="series"),
        pytest.param({"standing": ENGLISH}, ("standing",), id="own standing"),
        pytest.param({"people": {"maren": {"name": ENGLISH}}}, ("people", "maren", "name"), id="name"),
        pytest.param({"people": {"maren": {"name": "M.", "role": ENGLISH}}}, ("people", "maren", "role"), id="role"),
        pytest.param({"violations": ("x", ENGLISH)}, ("violations", 1), id="violation"),
        pytest.param({"programme": {"name": ENGLISH}}, ("programme", "name"), id="programme"),
        pytest.param({"programme": {"name": "x", "standing": ENGLISH}}, ("programme", "standing"), id="standing"),
        pytest.param({"programme": {"name": "x", "note": ENGLISH}}, ("programme", "note"), id="note"),
        pytest.param({"issuers": ("circle", {"name": ENGLISH})}, ("issuers", 1, "name"), id="issuer written out"),
        pytest.param({"republished_by": ({"name": ENGLISH},)}, ("republished_by", 0, "name"), id="republisher"),
        pytest.param({"outcome": {"state": "died", "note": ENGLISH}}, ("outcome", "note"), id="outcome"),
        pytest.param({"occasion": {"name": ENGLISH, "start": "2026"}}, ("occasion", "name"), id="occasion"),
        pytest.param({"sources": ({"title": "x", "note": ENGLISH},)}, ("sources", 0, "note"), id="note on a source"),
    ],
)
def test_what_is_said_in_one_language_is_missing_in_the_other(changes: dict[str, Any], path: Path) -> None:
    assert in_appeal(**changes) == [Found(HEADER, path, "nothing is said here in 'ru'")]


def test_a_language_that_the_appeal_is_not_written_in_needs_no_words() -> None:
    assert in_appeal(series=ENGLISH, languages=("en",)) == []


@pytest.mark.parametrize("field", ["issuers", "republished_by"])
def test_an_issuer_of_the_campaign_is_worded_there(field: str) -> None:
    told = in_appeal(
        campaign={"issuers": {"circle": {"name": ENGLISH}}}, **{"issuers": (), field: ("circle", "nobody")}
    )
    assert told == [Found("campaign.yaml", ("issuers", "circle", "name"), "nothing is said here in 'ru'")]


def test_an_appeal_without_a_title_in_a_language_is_told_where_one_can_be_written() -> None:
    prose = {language: the_prose(language, title=None) for language in ("en", "ru")}
    assert in_appeal(title=ENGLISH, prose=prose) == [
        Found(f"{FOLDER}/ru.md", (), "the appeal has no title in this language", "begin the file with `# Title`")
    ]


def test_a_title_in_the_prose_is_enough() -> None:
    assert in_appeal(title={}) == []


def test_prose_that_is_not_there_needs_no_title() -> None:
    assert in_appeal(title=ENGLISH, prose={"en": the_prose()}) == []


def in_directory(appeal: Any = None, *, wording: Any = None, **changes: Any) -> list[Found]:
    directories = {"arlandia": the_directory(**changes)}
    more = {"phrases": wording} if wording else {}
    appeal = appeal or the_appeal(recipients=("arlandia/justice",))
    return found(offices_are_worded(appeal, definitions(appeal, directories=directories, **more)))


def with_office(**justice: Any) -> list[Found]:
    return in_directory(offices={**a_directory().offices, "justice": an_office(**justice)})


@pytest.mark.parametrize(
    ("justice", "path", "message"),
    [
        pytest.param({"name": ENGLISH}, ("name",), "no name in 'ru'", id="office"),
        pytest.param({"through": {"name": ENGLISH}}, ("through", "name"), "no name in 'ru'", id="body"),
        pytest.param(
            {"holders": ({"name": "x"}, {"name": ENGLISH})}, ("holders", 1, "name"), "no name in 'ru'", id="holder"
        ),
    ],
)
def test_an_office_is_named_in_every_language_of_the_appeal(justice: dict[str, Any], path: Path, message: str) -> None:
    assert with_office(**justice) == [Found(FILE, (*JUSTICE, *path), message)]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param({"en": ["x"]}, True, id="in English only"),
        pytest.param({"en": ["x"], "ru": []}, True, id="none in Russian"),
        pytest.param({"en": ["x"], "ru": ["x"]}, False, id="in both"),
        pytest.param({"en": ["x"], "*": ["x"]}, False, id="for all"),
    ],
)
def test_an_address_has_lines_in_every_language(lines: dict[str, Any], told: bool) -> None:
    hint = "give them in that language, or as '*' for every language"
    assert (
        with_office(address=({"lines": {"*": ["y"]}}, {"lines": lines}))
        == [Found(FILE, (*JUSTICE, "address", 1), "no address lines in 'ru'", hint)] * told
    )


def test_an_office_without_an_address_needs_no_lines() -> None:
    assert with_office(address=()) == []


@pytest.mark.parametrize(
    "letter",
    [
        pytest.param({"salutations": {"head-of-state": "x", "official": "x"}}, id="no salutation while it is vacant"),
        pytest.param({"salutations": {"minister": {"f": "Madam,"}}}, id="no salutation for its holder"),
        pytest.param({"closes": {"head-of-state": "x"}}, id="no close"),
    ],
)
def test_an_office_has_a_form_of_address_whoever_holds_it(letter: dict[str, Any]) -> None:
    wording = {"en": phrases("en", letter=letter), "ru": phrases("ru")}
    assert in_directory(wording=wording) == [
        Found(FILE, JUSTICE, "no form of address in 'en' fits this office", "add one under forms")
    ]


@pytest.mark.parametrize("field", ["name", "country_line"])
def test_a_directory_names_its_country_in_every_language(field: str) -> None:
    assert in_directory(**{field: ENGLISH}) == [Found(FILE, (field,), "nothing is said here in 'ru'")]


def test_a_directory_without_a_country_line_needs_no_words_for_it() -> None:
    assert in_directory(country_line={}) == []


def test_who_gets_a_copy_is_named_in_every_language_too() -> None:
    appeal = the_appeal(recipients=("arlandia/president",), copies=("arlandia/justice",))
    offices = {**a_directory().offices, "justice": an_office(name=ENGLISH)}
    assert in_directory(appeal, offices=offices) == [Found(FILE, (*JUSTICE, "name"), "no name in 'ru'")]


@pytest.mark.parametrize("field", ["name", "no_letter"])
def test_a_group_that_an_appeal_names_has_words_in_every_language(field: str) -> None:
    press = {"name": "Press", "no_letter": "No address.", field: ENGLISH}
    appeal = the_appeal(recipients=("arlandia/justice", "arlandia/press"))
    told = [Found(FILE, ("groups", "press", field), "nothing is said here in 'ru'")]
    assert in_directory(appeal, groups={"press": press}) == told
    assert in_directory(groups={"press": press}) == []


def test_a_name_that_no_mail_header_may_hold_is_told_at_its_place() -> None:
    (problem,) = with_office(name={"en": "=?utf-8?q?x?=", "ru": "Министр"})
    assert (problem.path, problem.message) == (
        (*JUSTICE, "name"),
        "the name holds '=?', the beginning of an encoded word",
    )


def test_offices_that_get_nothing_may_lack_words() -> None:
    appeal = the_appeal(recipients=("arlandia/president",))
    assert in_directory(appeal, offices={**a_directory().offices, "justice": an_office(name=ENGLISH)}) == []


def test_a_language_without_phrases_is_another_rules_matter() -> None:
    assert in_directory(wording={"en": phrases("en")}, name=ENGLISH) == []
