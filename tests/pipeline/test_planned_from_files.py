"""What files say of wording, entries and languages reaches the plan: the word that is wanted, the language taken."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Appeals
from tests.faults.workspaces import CODE, DAY, copy_of_the_sample
from tests.pipeline.desks import give_desk
from urgent_appeals.pipeline.letters import Wanted, make_letters

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dispatching")]
PAIRS = {
    "stale": ("president", "justice-minister"),
    "bounced": ("prosecutor-general", "interior-minister"),
    "returned": ("rights-commissioner", "assembly-clerk"),
}
"""Which offices there is a doubt about, and no other; the Clerk gets the letter to a committee."""
ENTRIES = {
    "stale": "checked: 2024-05-06",
    "bounced": "bounced: {date: 2026-11-01, says: mailbox full}",
    "returned": "returned: 2026-11-02",
}
SAID = {
    "not-reviewed": "nobody has reviewed the wording in 'ru'",
    "stale": "last checked 2024-05-06, over 12 months before 2026-11-22",
    "bounced": "mail bounced on 2026-11-01 (mailbox full)",
    "returned": "post was returned on 2026-11-02",
}

ASKED = ("president", "justice-minister", "interior-minister")


def sample(place: Path, entries: dict[str, str], directory: str = "en, ru, kk, fr, es, ar") -> Path:
    """Copy the sample, with one more line in the entries of some offices, and other languages of the directory."""
    copy_of_the_sample(place)
    file = place / "recipients" / "arlandia.yaml"
    text = file.read_text(encoding="utf-8").replace("languages: [en, ru, kk, fr, es, ar]", f"languages: [{directory}]")
    for office, line in entries.items():
        text, found = re.subn(rf"^  {office}:.*$", rf"\g<0>\n    {line}", text, count=1, flags=re.MULTILINE)
        assert found
    file.write_text(text, encoding="utf-8")
    return give_desk(place)


@pytest.fixture(scope="module")
def doubted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = {office: ENTRIES[word] for word, offices in PAIRS.items() for office in offices}
    place = sample(tmp_path_factory.mktemp("doubted") / "workspace", entries)
    make_letters(place, CODE, DAY, Wanted(languages=("en",)))
    make_letters(place, CODE, DAY, Wanted(to=PAIRS["stale"], languages=("ru",)))
    return place


def planned(appeals: Appeals, place: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> dict[str, dict[str, Any]]:
    """Plan by post, for which a desk needs no account, and return the lines of the plan by their offices."""
    monkeypatch.chdir(place)
    run = appeals("dispatch", "plan", CODE, "--on", str(DAY), "--via", "post", "--json", *more)
    assert run.status in {0, 3}, run.err
    return {item["recipient"].partition("/")[2]: item for item in json.loads(run.out)["items"]}


def of(word: str) -> tuple[str, ...]:
    """Return the options that leave one doubt alone in doubt: `not-reviewed` is about the Russian letters."""
    return ("--lang", "ru", "--accept", "stale") if word == "not-reviewed" else ("--lang", "en")


def offices(word: str) -> tuple[str, ...]:
    return PAIRS["stale" if word == "not-reviewed" else word]


@pytest.mark.parametrize("word", SAID)
def test_a_doubt_of_the_files_keeps_a_letter_back_and_names_its_word(
    doubted: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    lines = planned(appeals, doubted, monkeypatch, *of(word))
    for office in offices(word):
        line = lines[office]
        assert (line["action"], line["doubts"], line["reason"]) == ("confirm", [word], SAID[word])


@pytest.mark.parametrize("word", SAID)
def test_the_word_lets_the_letters_go_that_wait_for_it_and_no_others(
    doubted: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    lines = planned(appeals, doubted, monkeypatch, *of(word), "--accept", word)
    sent = {office for office, line in lines.items() if line["action"] == "send"}
    assert sent == set(offices(word))
    assert all(word in lines[office]["doubts"] for office in sent)


@pytest.mark.parametrize("word", SAID)
def test_the_word_for_one_recipient_lets_that_one_go_alone(
    doubted: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    one, other = offices(word)
    lines = planned(appeals, doubted, monkeypatch, *of(word), "--accept", f"{word}:arlandia/{one}")
    assert {office for office, line in lines.items() if line["action"] == "send"} == {one}
    assert (lines[other]["action"], lines[other]["doubts"]) == ("confirm", [word])


def test_of_two_doubts_one_word_is_not_enough(doubted: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = planned(appeals, doubted, monkeypatch, "--lang", "ru", "--accept", "not-reviewed")
    assert [(line["action"], line["doubts"]) for line in lines.values()] == [("confirm", ["stale"])] * 2


def test_where_nothing_speaks_against_the_entries_no_word_is_asked_for(
    spoken: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = planned(appeals, spoken, monkeypatch, "--lang", "en")
    assert {(line["action"], *line["doubts"]) for line in lines.values()} == {("send",)}


# ── the language ──


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in whose directory letters are read in French first, save by some offices.

    English, which the appeal has first, is there for all of them, so that it is taken wherever an order is lost.
    """
    entries = {
        "justice-minister": "languages: [ru, en]",
        "interior-minister": "languages: [kk, ru]",
        "assembly-clerk": "languages: [kk]",
    }
    place = sample(tmp_path_factory.mktemp("spoken") / "workspace", entries, "es, fr, en, ru, kk, ar")
    make_letters(place, CODE, DAY, Wanted(languages=("en",)))
    make_letters(place, CODE, DAY, Wanted(to=("justice-minister", "interior-minister"), languages=("ru",)))
    make_letters(place, CODE, DAY, Wanted(to=("president", "justice-minister"), languages=("fr",)))
    return place


@pytest.mark.parametrize(
    ("office", "language"),
    [
        pytest.param("justice-minister", "ru", id="the office's own order"),
        pytest.param("interior-minister", "ru", id="the next of the office's own, where the first was not made"),
        pytest.param("president", "fr", id="the directory's order, where the office has none; its first was not made"),
        pytest.param("rights-commissioner", "en", id="the next of the directory's that was made"),
        pytest.param("assembly-clerk", "en", id="the appeal's, where none of the office's was made"),
    ],
)
def test_a_recipient_gets_the_first_language_of_its_own_that_was_made(
    spoken: Path, appeals: Appeals, monkeypatch: pytest.MonkeyPatch, office: str, language: str
) -> None:
    assert planned(appeals, spoken, monkeypatch)[office]["language"] == language


@pytest.mark.parametrize(
    ("told", "languages"),
    [
        (("fr",), {"president": "fr", "justice-minister": "fr"}),
        (("kk", "fr", "en"), {"president": "fr", "justice-minister": "fr", "interior-minister": "en"}),
        (("en",), {"president": "en", "justice-minister": "en", "interior-minister": "en"}),
    ],
)
def test_what_is_told_comes_before_the_recipients_order_and_the_first_that_was_made_is_taken(
    spoken: Path,
    appeals: Appeals,
    monkeypatch: pytest.MonkeyPatch,
    told: tuple[str, ...],
    languages: dict[str, str],
) -> None:
    options = [word for language in told for word in ("--lang", language)]
    lines = planned(appeals, spoken, monkeypatch, *options)
    assert {office: line["language"] for office, line in lines.items() if office in ASKED} == languages
