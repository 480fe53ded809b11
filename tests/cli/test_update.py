"""`appeals update` begins the next update or the stop; `appeals translated` records what translations are of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from urgent_appeals.workspace.sample import write_sample

CASE = "appeals/UAD-XAA-001-2026"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a workspace whose case is not stopped yet."""
    write_sample(tmp_path / "desk")
    shutil.rmtree(tmp_path / "desk" / CASE / "02")
    return tmp_path / "desk"


def text(desk: Path, name: str) -> str:
    return (desk / CASE / name).read_text("utf-8")


def section(prose: str, heading: str) -> str:
    return prose.partition(f"\n## {heading}\n\n")[2].partition("\n\n## ")[0]


@pytest.mark.parametrize("typed", ["UAD XAA 001/2026", "001/2026.01", "UAD-XAA-001-2026"])
def test_an_update_comes_after_the_newest_of_the_case(appeals: Appeals, desk: Path, typed: str) -> None:
    run = appeals("-C", desk, "update", typed)
    assert run.status == 0
    assert f"{CASE}/02/appeal.yaml" in run.out.split()
    assert "\ncode: UAD XAA 001/2026.02\n" in text(desk, "02/appeal.yaml")


def test_an_update_keeps_comments_people_and_recipients_and_leaves_days_to_do(appeals: Appeals, desk: Path) -> None:
    former = text(desk, "01/appeal.yaml")
    appeals("-C", desk, "update", "001/2026")
    header = text(desk, "02/appeal.yaml")
    assert header.splitlines()[0] == former.splitlines()[0]
    assert (
        header.partition("people:")[2].partition("languages:")[0]
        == (former.partition("people:")[2].partition("languages:")[0])
    )
    for part in (
        "\nearlier: [UAD XAA 001/2026, UAD XAA 001/2026.01]\n",
        "\nkind: update\n",
        "  issued:                      # TODO",
        "    post:  # TODO: a day; letters need time on the way\n",
        "\nreviewed: []",
    ):
        assert part in header
    assert "events" not in header


def test_the_news_of_the_former_become_background_with_their_date(appeals: Appeals, desk: Path) -> None:
    former = text(desk, "01/en.md")
    appeals("-C", desk, "update", "001/2026")
    prose = text(desk, "02/en.md")
    background = section(prose, "Background")
    assert background.startswith(section(former, "Background"))
    assert background.endswith(f"*16 November 2026.* {section(former, 'New information')}")
    assert "*16 ноября 2026\u202fг.* " in section(text(desk, "02/ru.md"), "Background")
    assert section(prose, "New information").startswith("TODO")
    assert section(prose, "Letter") == f"TODO: bring this letter up to date.\n\n{section(former, 'Letter')}"
    assert section(prose, "Actions requested") == section(former, "Actions requested")
    assert section(prose, "Place line").startswith("TODO")
    notes = [line for line in former.splitlines() if line.startswith("[^")]
    assert [line for line in prose.splitlines() if line.startswith("[^")] == notes


def test_check_reads_an_update_and_refuses_only_what_is_left_to_do(appeals: Appeals, desk: Path) -> None:
    appeals("-C", desk, "update", "001/2026")
    run = appeals("-C", desk, "check", "001/2026.02", "--json")
    errors = [problem for problem in json.loads(run.out) if problem["severity"] == "error"]
    assert run.status == 1
    assert {problem["message"] for problem in errors} == {"TODO is left to do"}
    assert {problem["file"] for problem in errors} >= {
        f"{CASE}/02/{name}" for name in ("appeal.yaml", "en.md", "ru.md")
    }


def test_a_stop_says_thanks_and_ends_the_writing(appeals: Appeals, desk: Path) -> None:
    run = appeals("-C", desk, "update", "001/2026", "--stop", "--outcome", "released", "--ended", "2026-12-12")
    assert run.status == 0
    header = text(desk, "02/appeal.yaml")
    assert "\nkind: stop\n" in header
    assert "outcome:\n  state: released\n  date: 2026-12-12\n" in header
    assert not {"recipients:", "copies:", "  act_by:"} & set(header.splitlines())
    assert "Please send no more letters on this case." in section(text(desk, "02/en.md"), "New information")
    assert "больше не писать" in text(desk, "02/ru.md")
    assert "## Letter" not in text(desk, "02/en.md")
    errors = json.loads(appeals("-C", desk, "check", "001/2026.02", "--json").out)
    assert {each["message"] for each in errors if each["severity"] == "error"} == {"TODO is left to do"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--stop"], "a stop needs the outcome", id="no outcome"),
        pytest.param(["--stop", "--outcome", "freed"], "'freed' is none of", id="no known outcome"),
        pytest.param(["--outcome", "released"], "say --stop too", id="no stop"),
        pytest.param(["--stop", "--outcome", "released", "--ended", "soon"], "no date like", id="no date"),
    ],
)
def test_a_stop_that_is_not_whole_is_refused(appeals: Appeals, desk: Path, arguments: list[str], told: str) -> None:
    run = appeals("-C", desk, "update", "001/2026", *arguments)
    assert run.status == 2
    assert told in run.err
    assert not (desk / CASE / "02").exists()


def test_on_a_terminal_a_stop_asks_what_became_of_the_case(desk: Path) -> None:
    terminal = Terminal.start(desk, "update", "001/2026", "--stop")
    assert "released, acquitted" in terminal.wait_for("one of these")
    terminal.type("\n")
    terminal.answer("one of: open, released", "rel")
    terminal.answer("When?", "12.12.2026")
    terminal.answer("When?", "2026-12-12")
    assert terminal.end() == 0
    assert "outcome:\n  state: released\n  date: 2026-12-12\n" in text(desk, "02/appeal.yaml")


def test_after_a_stop_there_is_nothing_to_update(appeals: Appeals, desk: Path) -> None:
    appeals("-C", desk, "update", "001/2026", "--stop", "--outcome", "released")
    assert appeals("-C", desk, "update", "001/2026").status == 3


def test_the_next_update_can_follow_one_that_is_not_finished(appeals: Appeals, desk: Path) -> None:
    appeals("-C", desk, "update", "001/2026")
    assert appeals("-C", desk, "update", "001/2026").status == 0
    assert "\ncode: UAD XAA 001/2026.03\n" in text(desk, "03/appeal.yaml")


# ── translations ──


def test_a_recorded_translation_is_stale_once_the_original_changes(appeals: Appeals, desk: Path) -> None:
    assert appeals("-C", desk, "translated", "001/2026.01", "ru").status == 0
    assert "translated_from:" in text(desk, "01/appeal.yaml")
    assert "to compare" not in appeals("-C", desk, "show", "001/2026.01").out
    original = desk / CASE / "01/en.md"
    original.write_text(original.read_text("utf-8").replace("twice", "three times"), "utf-8")
    assert "ru.md: the original has changed since" in appeals("-C", desk, "show", "001/2026.01").out
    assert "appeals translated 'UAD XAA 001/2026.01' ru" in appeals("-C", desk, "check", "001/2026.01").out
    appeals("-C", desk, "translated", "001/2026.01")
    assert "to compare" not in appeals("-C", desk, "show", "001/2026.01").out


def test_recording_keeps_the_rest_of_the_file(appeals: Appeals, desk: Path) -> None:
    former = text(desk, "01/appeal.yaml").splitlines()
    appeals("-C", desk, "translated", "001/2026.01", "ru")
    assert [line for line in former if line not in text(desk, "01/appeal.yaml").splitlines()] == []


def test_recording_twice_is_nothing_to_do(appeals: Appeals, desk: Path) -> None:
    appeals("-C", desk, "translated", "001/2026.01", "ru")
    assert appeals("-C", desk, "translated", "001/2026.01", "ru").status == 3


def test_the_original_is_no_translation(appeals: Appeals, desk: Path) -> None:
    run = appeals("-C", desk, "translated", "001/2026.01", "en")
    assert run.status == 2
    assert "ru" in run.err


# ── lineage ──


@pytest.mark.slow
def test_show_tells_who_wrote_on_an_older_update(appeals: Appeals, desk: Path) -> None:
    made = appeals("-C", desk, "letters", "UAD XAA 001/2026", "--to", "arlandia/president", "--on", "2026-10-21",
                   "--lang", "en", "--lang", "ru")  # fmt: skip
    assert made.status == 0, made.err
    shown = json.loads(appeals("-C", desk, "show", "001/2026.01", "--json").out)
    assert shown["wrote_before"] == [
        {
            "code": "UAD XAA 001/2026",
            "on": "2026-10-21",
            "recipient": "arlandia/president",
            "sender": "hale",
            "languages": ["en", "ru"],
        }
    ]
    assert (
        "2026-10-21 on UAD XAA 001/2026: hale to arlandia/president (en ru)"
        in appeals("-C", desk, "show", "001/2026.01").out
    )
    first = json.loads(appeals("-C", desk, "show", "UAD XAA 001/2026", "--on", "2026-10-21", "--json").out)
    assert (first["wrote_before"], first["made"], first["replaced_by"]) == ([], shown["wrote_before"], None)
    held = appeals("-C", desk, "show", "UAD XAA 001/2026", "--on", "2026-11-20").out
    assert "hold back    what of it has not gone yet: UAD XAA 001/2026.01 has replaced this appeal since" in held
    appeals("-C", desk, "new", "--no-ask", "UA 5/26", "--follows", "UAD XAA 001/2026")
    later = json.loads(appeals("-C", desk, "show", "UA 5/26", "--json").out)
    assert later["wrote_before"] == shown["wrote_before"]
