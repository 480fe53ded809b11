"""`appeals new` begins an appeal: by options without a terminal, by asking on one; over nothing."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from urgent_appeals.cli.interview import interview
from urgent_appeals.cli.new import name_people, read_person, read_source, read_violation
from urgent_appeals.pipeline.writing import Drafting, NewAppeal
from urgent_appeals.workspace.sample import write_sample

FOLDER = "appeals/UAD-XAA-002-2026/00"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


def begin(appeals: Appeals, desk: Path, *arguments: str) -> dict[str, str]:
    run = appeals("-C", desk, "--on", "2026-11-10", "new", "--no-ask", "--country", "XAA", *arguments)
    assert run.status == 0, run.err
    return {name: (desk / name).read_text("utf-8") for name in run.out.split()}


def test_without_a_code_the_workspace_numbers_it(appeals: Appeals, desk: Path) -> None:
    files = begin(appeals, desk, "--lang", "en", "--lang", "ru")
    assert sorted(files) == [f"{FOLDER}/appeal.yaml", f"{FOLDER}/en.md", f"{FOLDER}/ru.md"]
    assert "\ncode: UAD XAA 002/2026\n" in files[f"{FOLDER}/appeal.yaml"]


def test_what_options_say_is_in_the_files(appeals: Appeals, desk: Path) -> None:
    files = begin(
        appeals, desk, "--lang", "ru", "--lang", "en", "--title", "ru=Дело: книги", "--title", "en=A case: books",
        "--person", "ru=Илва Марен; gender=f; consent=given", "--person", "Joss Tarn", "--to", "arlandia/president",
        "--issued", "2026-11-09", "--act-by", "post=2026-12-01", "--act-by", "email=2026-12-10",
        "--violation", "произвольное лишение свободы", "--violation", "en=torture", "--event", "2026-11-03",
        "--event", "2026-10", "--source", "title=Statement; publisher=The Bar; date=2026-11", "--embargo", "2026-11-10",
    )  # fmt: skip
    header = files[f"{FOLDER}/appeal.yaml"]
    for part in (
        "  issued: 2026-11-09\n  embargo: 2026-11-10\n  events: [2026-11-03, 2026-10]\n",
        "  act_by:\n    post: 2026-12-01\n    email: 2026-12-10\n",
        "  - {ru: произвольное лишение свободы, en: arbitrary detention}\n  - {ru: TODO, en: torture}\n",
        "  - title: Statement\n    publisher: The Bar\n    date: 2026-11\n",
        "    name:\n      ru: Илва Марен\n      en: TODO\n    gender: f\n    consent: given\n",
        "  tarn:\n    name: Joss Tarn\n    gender: unknown\n    consent: not-asked\n",
        "recipients: [arlandia/president]\n",
        "languages: [ru, en]\n",
        "issuers: [desk]\n",
    ):
        assert part in header
    assert files[f"{FOLDER}/ru.md"].startswith("# Дело: книги\n")
    assert files[f"{FOLDER}/en.md"].startswith("# A case: books\n")


def test_check_can_read_what_was_begun_and_refuses_what_is_left_to_do(appeals: Appeals, desk: Path) -> None:
    begin(appeals, desk, "--lang", "en", "--to", "arlandia/president")
    run = appeals("-C", desk, "check", "002/2026", "--json")
    problems = json.loads(run.out)
    assert run.status == 1
    errors = {problem["message"] for problem in problems if problem["severity"] == "error"}
    assert errors == {"TODO is left to do"}
    assert appeals("-C", desk, "letters", "002/2026").status == 1


def test_nothing_is_overwritten(appeals: Appeals, desk: Path) -> None:
    begin(appeals, desk, "--lang", "en")
    (desk / FOLDER / "en.md").write_text("mine")
    run = appeals("-C", desk, "new", "--no-ask", "UAD XAA 002/2026")
    assert (run.status, run.out) == (1, "")
    assert "is there already" in run.err
    assert (desk / FOLDER / "en.md").read_text() == "mine"


def test_a_case_that_begins_with_an_update_is_one(appeals: Appeals, desk: Path) -> None:
    files = begin(appeals, desk, "KAZ 001/0802/OBS 053.02", "--lang", "en", "--country", "KAZ")
    assert "\nkind: update\n" in files["appeals/KAZ-001-0802-OBS-053/02/appeal.yaml"]


def test_a_later_series_takes_over_what_the_followed_case_says(appeals: Appeals, desk: Path) -> None:
    header = begin(appeals, desk, "--follows", "001/2026.01")[f"{FOLDER}/appeal.yaml"]
    assert "\nfollows: UAD XAA 001/2026.01 " in header
    assert "Nela Orvandis" in header
    assert "  - arlandia/rights-commissioner\n" in header
    assert "followed by" in appeals("-C", desk, "show", "001/2026.01").out


def test_a_followed_code_that_is_not_known_here_stays_as_it_is(appeals: Appeals, desk: Path) -> None:
    header = begin(appeals, desk, "--follows", "KAZ 001/0802/OBS 053.02")[f"{FOLDER}/appeal.yaml"]
    assert "\nfollows: KAZ 001/0802/OBS 053.02 " in header


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--to", "arlandia/presidnt"], "choose from: arlandia/president", id="recipient"),
        pytest.param(["--lang", "xx"], "no language 'xx'", id="language"),
        pytest.param(["not a code"], "no case code", id="code"),
        pytest.param(["--person", "gender=x"], "is no person such as", id="person"),
        pytest.param(["--act-by", "pigeon=2026-12-01"], "no channel 'pigeon'", id="channel"),
        pytest.param(["--issuer", "dsk"], "choose from: desk", id="issuer"),
        pytest.param(["--violation", "a; b"], "is no kind of violation such as", id="violation"),
        pytest.param(["--event", "3.11.2026"], "is no date like 2026-12-12, 2026-12 or 2026", id="event"),
        pytest.param(["--source", "publisher=x"], "is no source such as", id="source without a title"),
        pytest.param(["--source", "title=x; page=3"], "is no source such as", id="source with more"),
        pytest.param(["--source", "title=x; date=soon"], "is no date like", id="source's date"),
        pytest.param(["--country", "Arlandia"], "give one as three letters", id="country"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    appeals: Appeals, desk: Path, arguments: list[str], told: str
) -> None:
    run = appeals("-C", desk, "new", "--no-ask", "--country", "XAA", *arguments)
    assert run.status in (1, 2)
    assert told in run.err
    assert [path.name for path in (desk / "appeals").iterdir()] == ["UAD-XAA-001-2026"]


def test_numbering_by_country_asks_for_the_country(appeals: Appeals, desk: Path) -> None:
    run = appeals("-C", desk, "new", "--no-ask")
    assert run.status == 2
    assert "say which, such as --country KAZ" in run.err
    assert appeals("-C", desk, "--on", "2026-11-10", "new", "--no-ask", "--country", "xaa").status == 0
    assert (desk / FOLDER).is_dir()


def test_without_numbering_a_code_is_asked_for(appeals: Appeals, desk: Path) -> None:
    campaign = desk / "campaign.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace("\nnumbering: desk", ""), "utf-8")
    run = appeals("-C", desk, "new", "--no-ask")
    assert run.status == 2
    assert "give the code" in run.err


def test_json_tells_code_files_and_what_is_left(appeals: Appeals, desk: Path) -> None:
    run = appeals("-C", desk, "new", "--no-ask", "--country", "XAA", "--lang", "en", "--json")
    told = json.loads(run.out)
    assert (told["folder"], told["kind"]) == (told["files"][0].rpartition("/")[0], "new")
    assert told["to_do"] == sum((desk / name).read_text("utf-8").count("TODO") for name in told["files"])


def test_a_person_is_a_name_or_keys() -> None:
    assert read_person("Joss Tarn").names == {"*": "Joss Tarn"}
    maren = read_person("en=Ilva Maren; ru=Илва Марен; gender=f; consent=public")
    assert (maren.names, maren.gender, maren.consent) == ({"en": "Ilva Maren", "ru": "Илва Марен"}, "f", "public")


def test_a_violation_or_source_is_a_text_or_keys() -> None:
    assert read_violation("torture") == {"*": "torture"}
    assert read_violation("en=torture; ru=пытки") == {"en": "torture", "ru": "пытки"}
    assert read_source("A paper; date=2026") == {"title": "A paper", "date": "2026"}


def test_a_title_given_once_is_of_the_original_only(appeals: Appeals, desk: Path) -> None:
    files = begin(appeals, desk, "--lang", "en", "--lang", "ru", "--title", "A case: books")
    assert files[f"{FOLDER}/en.md"].startswith("# A case: books\n")
    assert files[f"{FOLDER}/ru.md"].startswith("# TODO")


def test_people_get_short_names_of_their_own() -> None:
    people = [read_person(name) for name in ("Ilva Maren", "Osk Maren", "Илва")]
    assert list(name_people(people)) == ["maren", "maren-2", "person-3"]


# ── on a terminal ──


def test_on_a_terminal_it_asks_and_explains(desk: Path) -> None:
    terminal = Terminal.start(desk, "--on", "2026-11-10", "new")
    assert "Ctrl-C ends it, and nothing is written" in terminal.wait_for("Country")
    terminal.type("Xaa\n")
    terminal.answer("Code of the case (Enter takes the next of your own) [UAD XAA 002/2026]", "")
    told = terminal.wait_for("Is that the code?")
    assert "country      XAA" in told
    assert "update       none: the first appeal of the case" in told
    terminal.type("\n")
    terminal.answer("Languages, the original first", "en, rru")
    terminal.answer("did you mean 'ru'?", "en, ru")
    terminal.answer("title in en", "Arlandia: bookseller held")
    terminal.answer("title in ru", "")
    terminal.answer("Full name in en", "Ilva Maren")
    terminal.answer("name in ru", "Илва Марен")
    terminal.answer("gender", "f")
    terminal.answer("consent", "g")
    terminal.answer("Who else?", "")
    terminal.answer("violation in en", "arbitrary det\t")
    terminal.answer("the same in ru [произвольное лишение свободы]", "")
    terminal.answer("violation in en", "")
    terminal.answer("When did it happen?", "3.11.2026")
    terminal.answer("When did it happen?", "2026-11-03")
    terminal.answer("Day of issue [2026-11-10]", "9.11.2026")
    terminal.answer("Day of issue", "2026-11-09")
    terminal.answer("Last day to write [2026-12-21]", "2026-11-01")
    assert "before the day of issue, 2026-11-09" in terminal.wait_for("Last day to write [2026-12-21]")
    terminal.type("\n")
    terminal.answer("by post, which needs a week on the way [2026-12-14]", "2026-12-01")
    for channel in ("email", "fax", "web"):
        terminal.answer(f"by {channel} [2026-12-21]", "")
    terminal.answer("recipient", "arlandia/presidnt")
    assert "did you mean 'arlandia/president'?" in terminal.wait_for("recipient:")
    terminal.type("arlandia/justice-m\t\n")
    assert "arlandia/justice-minister: Minister of Justice" in terminal.wait_for("recipient:")
    terminal.type("\n")
    terminal.answer("Who publishes it? [desk]", "")
    terminal.answer("Where are the facts from?", "Statement of the Northport Bar")
    terminal.answer("published by", "")
    terminal.answer("date", "2026-11-05")
    terminal.answer("web address", "")
    terminal.answer("Another source?", "")
    assert "is begun in" in terminal.wait_for("Next:")
    assert terminal.end() == 0
    header = (desk / FOLDER / "appeal.yaml").read_text("utf-8")
    for part in (
        "country: XAA\n",
        "      ru: Илва Марен\n    gender: f\n    consent: given\n",
        "violations:\n  - {en: arbitrary detention, ru: произвольное лишение свободы}\n",
        "  issued: 2026-11-09\n  events: [2026-11-03]\n",
        "  act_by:\n    post: 2026-12-01\n    email: 2026-12-21\n    fax: 2026-12-21\n    web: 2026-12-21\n",
        "recipients: [arlandia/justice-minister]\n",
        "issuers: [desk]\n",
        "  - title: Statement of the Northport Bar\n    date: 2026-11-05\n",
    ):
        assert part in header
    assert "TODO" not in header
    assert (desk / FOLDER / "ru.md").read_text("utf-8").startswith("# TODO")


ANSWERS = (
    "", "", "", "en ru", "A case: books", "Дело: книги", "Ilva Maren", "Илва Марен", "f", "refused", "Anna", "Анна", "",
    "arbitrary detention", "", "", "2026-11", "", "", "", "", "", "", "arlandia/president", "", "", "A paper", "", "",
    "", "",
)  # fmt: skip
"""Enough to answer every question, most of them with Enter."""


def asked(desk: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...], **wanted: Any) -> NewAppeal:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    drafting = Drafting.open(desk, date(2026, 11, 10))
    return interview(drafting, NewAppeal(**{"code": "", "languages": (), **wanted}), date(2026, 11, 10))


def test_enter_takes_what_is_likely(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = asked(desk, monkeypatch, ANSWERS)
    assert (wanted.code, wanted.country, wanted.issuers) == ("UAD XAA 002/2026", "XAA", ("desk",))
    assert (wanted.issued, wanted.act_by) == (date(2026, 11, 10), {"*": date(2026, 12, 22)})
    assert wanted.sources == ({"title": "A paper"},)


def test_whoever_refused_is_written_by_the_pseudonym_only(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (person,) = asked(desk, monkeypatch, ANSWERS).people.values()
    assert (person.names, person.pseudonym) == ({"en": "Anna", "ru": "Анна"}, True)
    assert list(asked(desk, monkeypatch, ANSWERS).people) == ["anna"]


def test_input_that_ends_at_any_question_leaves_nothing(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(len(ANSWERS)):
        with pytest.raises(typer.Abort):
            asked(desk, monkeypatch, ANSWERS[:count])
    assert [path.name for path in (desk / "appeals").iterdir()] == ["UAD-XAA-001-2026"]


def test_what_is_left_for_later_is_a_todo_that_check_refuses(
    appeals: Appeals, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = asked(desk, monkeypatch, ("", "", "", "en", "", "", "", "", "-", "-", "", "-", ""))
    Drafting.open(desk, date(2026, 11, 10)).begin(wanted)
    header = (desk / FOLDER / "appeal.yaml").read_text("utf-8")
    left = {line.split(":")[0].strip(" -") for line in header.splitlines() if "TODO" in line}
    assert left >= {"issued", "events", "act_by", "issuers", "recipients", "title", "publisher", "# TODO", "{en"}
    problems = json.loads(appeals("-C", desk, "check", "002/2026", "--json").out)
    told = [problem for problem in problems if problem["severity"] == "error" and "appeal.yaml" in problem["file"]]
    assert {problem["message"] for problem in told} == {"TODO is left to do"}
    assert len(told) == header.count("TODO")


def test_among_several_issuers_none_is_taken_in_silence(
    appeals: Appeals, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = desk / "campaign.yaml"
    campaign.write_text(
        campaign.read_text("utf-8").replace("\nissuers:\n", "\nissuers:\n  bar: {name: Bar}\n"), "utf-8"
    )
    header = begin(appeals, desk, "--lang", "en")[f"{FOLDER}/appeal.yaml"]
    assert "issuers: []                    # TODO: who publishes it; campaign.yaml has bar, desk\n" in header
    answers = ("", "", "en", "", "", "", "", "", "", "", "", "", "", "", "dsk", "bar desk", "")
    assert asked(desk, monkeypatch, answers, country="XAA").issuers == ("bar", "desk")


def test_a_code_of_somebody_else_suggests_none_of_our_issuers(appeals: Appeals, desk: Path) -> None:
    files = begin(appeals, desk, "UA 5/26", "--lang", "en")
    assert "issuers: []                    # TODO" in files["appeals/UA-5-26/00/appeal.yaml"]


def test_a_later_series_is_not_asked_what_the_followed_case_says(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ("", "", "", *("",) * 6, "", "-", "-", "", "")
    wanted = asked(desk, monkeypatch, answers, follows="001/2026.01")
    assert wanted.languages == ("en", "ru", "kk", "fr", "es", "ar")
    assert list(wanted.people) == ["orvandis"]


def test_on_a_terminal_a_given_code_is_read_both_ways(desk: Path) -> None:
    terminal = Terminal.start(desk, "new", "KAZ 001/0802/OBS 053", "--issued", "2003-03-13")
    told = terminal.wait_for("Is that the code?")
    assert "0802: August 2002 (month and year) or February 2008 (year and month; not meant" in told
    terminal.type("\x04")
    assert terminal.end() == 130
    assert not (desk / "appeals/KAZ-001-0802-OBS-053").exists()


def test_interrupted_it_leaves_nothing(desk: Path) -> None:
    terminal = Terminal.start(desk, "new", "KAZ 001/0802/OBS 053")
    terminal.wait_for("Is that the code?")
    assert terminal.interrupt() == 130
    assert [path.name for path in (desk / "appeals").iterdir()] == ["UAD-XAA-001-2026"]
