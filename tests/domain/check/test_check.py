"""All rules together: nothing to say of what is right, and every problem once, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import paragraphs, phrases
from tests.domain.check.places import (
    definitions,
    found,
    origin,
    the_appeal,
    the_campaign,
    the_directory,
    the_prose,
)
from urgent_appeals.domain import check as package
from urgent_appeals.domain.check import APPEAL_RULES, check
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.prose import LetterText, Scope


def test_there_is_nothing_to_say_of_what_is_right() -> None:
    assert found(check(definitions())) == []


def test_every_rule_about_appeals_is_applied() -> None:
    folder = Path(package.__file__ or "").parent
    written = {
        line[4:].partition("(")[0]
        for name in ("appeal", "prose", "wording", "freshness")
        for line in (folder / f"{name}.py").read_text(encoding="utf-8").splitlines()
        if line.startswith("def ") and not line.startswith("def _")
    }
    assert written == {rule.__name__ for rule in APPEAL_RULES}


def test_problems_are_sorted_by_file_line_and_column() -> None:
    appeal = the_appeal(
        origin=Origin("appeals/x/00/appeal.yaml", "", {("copies", 0): (9, 1), ("recipients", 0): (2, 7)}),
        recipients=("arlandia/presidant", "arlandia/justice"),
        copies=("arlandia/justise",),
        folder="",
    )
    campaign = the_campaign(sender="hail", origin=Origin("campaign.yaml", "", {("sender",): (4, 9)}))
    directory = the_directory(
        directory="arlandy", origin=Origin("recipients/arlandia.yaml", "", {("directory",): (1, 12)})
    )
    problems = check(definitions(appeal, campaign=campaign, directories={"arlandia": the_directory(), "x": directory}))
    assert [(p.file, p.line, p.column) for p in problems] == [
        ("appeals/x/00/appeal.yaml", 2, 7),
        ("appeals/x/00/appeal.yaml", 9, 1),
        ("campaign.yaml", 4, 9),
        ("recipients/arlandia.yaml", 1, 12),
    ]


def test_of_a_directory_that_could_not_be_read_nothing_is_missed() -> None:
    appeal = the_appeal(
        recipients=("arlandia/justice", "borland/king", "borland#minister"),
        copies=("borland",),
        prose={language: the_prose(language, letters=a_letter_to("borland/king")) for language in ("en", "ru")},
    )
    groups = {"court": {"name": {"*": "Court"}, "members": ["borland/king"]}}
    directory = the_directory(groups=groups)

    def missed(unread: frozenset[str]) -> list[str]:
        problems = check(definitions(appeal, directories={"arlandia": directory}, unread=unread))
        return [p.message for p in problems if p.message.startswith(("no recipient", "no office"))]

    assert len(missed(frozenset())) == 6
    assert missed(frozenset({"borland"})) == []


def a_letter_to(recipient: str) -> tuple[LetterText, ...]:
    return (LetterText(blocks=paragraphs("I write.")), LetterText(blocks=(), scope=Scope(to=(recipient,))))


def test_what_two_appeals_find_in_one_file_is_said_once() -> None:
    directory = the_directory(name={"en": "Arlandia"})
    appeals = [the_appeal(code=f"XAA 00{n}/0326/OBS 02{n}", folder="", kind="new") for n in (1, 2)]
    assert [problem.file for problem in check(definitions(*appeals, directories={"arlandia": directory}))] == [
        "recipients/arlandia.yaml"
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_problems_at_one_place_stand_in_one_order(turn: int) -> None:
    wrong = ("arlandia/presidant", "arlandia/justise")
    appeal = the_appeal(origin=Origin(""), recipients=wrong[::turn], prose={}, folder="")
    messages = [p.message for p in check(definitions(appeal)) if "no recipient" in p.message]
    assert messages == [
        "no recipient 'arlandia/justise' in recipients/",
        "no recipient 'arlandia/presidant' in recipients/",
    ]


def test_unreviewed_wording_is_a_warning_where_an_appeal_uses_it() -> None:
    wording = {
        "en": phrases("en"),
        "ru": phrases("ru", reviewed=False, origin=origin("templates/phrases/ru.yaml")),
    }
    english = the_appeal(languages=("en",), prose={"en": the_prose()})
    assert found(check(definitions(english, phrases=wording))) == []
    assert found(check(definitions(phrases=wording))) == [
        (
            "templates/phrases/ru.yaml",
            ("reviewed",),
            "the fixed wording in 'ru' is not reviewed by anyone who knows the language",
            "say `reviewed: true` in such a file of your workspace once somebody has read it",
            True,
        )
    ]
