"""Listing, showing and checking definitions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from urgent_appeals.domain.problem import Severity
from urgent_appeals.errors import DefinitionsBroken, NotAWorkspace, UnknownAppeal
from urgent_appeals.pipeline.definitions import check, list_appeals, show

ON = date(2026, 11, 22)


def test_the_repository_s_own_definitions_have_no_errors(workspace: Path) -> None:
    checked = check(workspace, None, ON)
    assert [problem for problem in checked.problems if problem.severity is Severity.ERROR] == []
    assert checked.errors == 0
    assert checked.appeals == len(list(workspace.glob("appeals/*/*/appeal.yaml"))) > 3
    assert checked.directories == len(list(workspace.glob("recipients/*.yaml"))) > 1


def test_wording_that_nobody_reviewed_is_said(workspace: Path) -> None:
    messages = [problem.message for problem in check(workspace, None, ON).problems]
    assert "the fixed wording in 'ru' is not reviewed by anyone who knows the language" in messages


def test_the_state_of_every_appeal_is_that_of_the_day(workspace: Path) -> None:
    states = {row.code: row.state for row in list_appeals(workspace, ON)}
    sample = {code: state for code, state in states.items() if code.startswith("UAD XAA")}
    assert sample == {
        "UAD XAA 001/2026": "superseded",
        "UAD XAA 001/2026.01": "open",
        "UAD XAA 001/2026.02": "embargoed",
    }
    assert {state for code, state in states.items() if code not in sample} == {"historical"}


def test_an_appeal_is_shown_with_the_holders_of_the_day(workspace: Path) -> None:
    shown = show(workspace, "053.02", date(2003, 3, 13))
    assert [addressee.holder for addressee in shown.addressees] == [
        "Nursultan Nazarbaev",
        "Imangali Tasmagambetov",
        "Kairbek Suleimenov",
    ]


def test_an_appeal_of_today_names_no_holder_of_2003(workspace: Path) -> None:
    assert [addressee.holder for addressee in show(workspace, "053.02", ON).addressees] == [None, None, None]


def test_an_appeal_is_shown_with_its_case(workspace: Path) -> None:
    shown = show(workspace, "UAD XAA 001/2026.01", ON)
    assert [row.code for row in shown.case] == ["UAD XAA 001/2026", "UAD XAA 001/2026.01", "UAD XAA 001/2026.02"]


def test_how_long_each_mail_link_gets_is_said(workspace: Path) -> None:
    links = check(workspace, "UAD XAA 001/2026.01", ON).links
    assert {link.language for link in links} == {"en", "ru", "kk", "fr", "es", "ar"}
    assert all(0 < link.encoded <= 2000 for link in links)


def test_one_appeal_is_checked_with_what_it_leans_on_only(workspace: Path) -> None:
    files = {problem.file.split("/")[0:2][-1] for problem in check(workspace, "053.02", ON).problems}
    assert "UAD-XAA-001-2026" not in files


def test_an_appeal_that_cannot_be_read_is_not_called_unknown(workspace: Path) -> None:
    header = workspace / "appeals/KAZ-001-0802-OBS-053/02/appeal.yaml"
    header.write_text(header.read_text(encoding="utf-8").replace("kind: update", "kind: upddate"), encoding="utf-8")
    with pytest.raises(DefinitionsBroken) as refused:
        show(workspace, "053.02", ON)
    assert "did you mean 'update'" in str(refused.value.problems[0])


def test_a_code_that_no_appeal_has_is_unknown(workspace: Path) -> None:
    with pytest.raises(UnknownAppeal):
        show(workspace, "KAZ 002/0802/OBS 099", ON)


def test_outside_of_a_workspace_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkspace):
        check(tmp_path, None, ON)


def test_one_appeal_hears_nothing_of_what_is_too_old_for_another(workspace: Path) -> None:
    kazakh = {problem.message for problem in check(workspace, None, ON).problems if "kazakhstan.yaml" in problem.file}
    assert any("over 12 months before" in message for message in kazakh)
    issued = date(2003, 3, 13)
    own = check(workspace, "053.02", issued).problems
    assert [problem.message for problem in own if "over 12 months" in problem.message] == []


def test_codes_of_a_broken_campaign_are_found_and_the_campaign_is_blamed(workspace: Path) -> None:
    settings = workspace / "campaign.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("name:", "name: [", 1), encoding="utf-8")
    for work in (lambda: show(workspace, "UAD XAA 001/2026.01", ON), lambda: list_appeals(workspace, ON)):
        with pytest.raises(DefinitionsBroken) as refused:
            work()
        assert {str(problem).partition(":")[0] for problem in refused.value.problems} == {"campaign.yaml"}
