"""A workspace is read whole; what is broken holds up only what needs it; nothing outside is ever opened."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from urgent_appeals import packaged
from urgent_appeals.domain.problem import Problem
from urgent_appeals.errors import NotAWorkspace, WorkspaceOfAnother
from urgent_appeals.workspace import read as module
from urgent_appeals.workspace.read import Workspace, find_root, read
from urgent_appeals.workspace.yaml_text import Document, read_yaml

Write = Callable[[Mapping[str, str]], Path]

CAMPAIGN = "name: Desk\nlanguages: [en]\nsenders: {hale: {name: Margaret Hale}}\nsender: hale\n"
DIRECTORY = """\
directory: arlandia
name: Arlandia
offices:
  minister: {name: Minister, address: {lines: {'*': [A]}}}
"""
APPEAL = "code: XAA 001/0126/OBS 001\nlanguages: [en]\nrecipients: [arlandia/minister]\n"
PROSE = "## Letter\n\nI write.\n"
FILES = {
    "campaign.yaml": CAMPAIGN,
    "recipients/arlandia.yaml": DIRECTORY,
    "appeals/case/00/appeal.yaml": APPEAL,
    "appeals/case/00/en.md": PROSE,
}
OTHER = {
    "appeals/other/00/appeal.yaml": ("code: XAA 002/0126/OBS 002\nlanguages: [en]\nrecipients: [borland/king]\n"),
    "appeals/other/00/en.md": PROSE,
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    root = tmp_path / "workspace"

    def write_files(files: Mapping[str, str]) -> Path:
        for name, text in {**FILES, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        return root

    return write_files


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


def codes(workspace: Workspace) -> list[str]:
    return [str(appeal.code) for appeal in workspace.appeals]


def test_the_checkout_itself_is_read_without_a_problem() -> None:
    workspace = read(packaged.root())
    assert told(workspace.problems) == []
    assert workspace.campaign is not None
    assert set(workspace.phrases) == {"en", "ru", "kk", "fr", "es", "ar"}
    assert all(set(appeal.prose) == set(appeal.languages) for appeal in workspace.appeals)


def test_everything_knows_where_it_was_read_from(write: Write) -> None:
    workspace = read(write({}))
    (appeal,) = workspace.appeals
    assert workspace.campaign is not None
    assert (appeal.folder, appeal.origin.file) == ("appeals/case/00", "appeals/case/00/appeal.yaml")
    assert appeal.prose["en"].origin.file == "appeals/case/00/en.md"
    assert workspace.campaign.origin.marks["sender",] == (4, 9)
    assert workspace.directories["arlandia"].origin.file == "recipients/arlandia.yaml"
    assert workspace.phrases["en"].origin.file == "built-in templates/phrases/en.yaml"


def test_prose_knows_when_its_file_was_changed(write: Write) -> None:
    root = write({})
    os.utime(root / "appeals/case/00/en.md", (1_000_000, 1_000_000))
    assert read(root).appeals[0].prose["en"].modified == 1_000_000


def test_requests_are_numbered_as_the_appeal_says(write: Write) -> None:
    files = {
        "appeals/case/00/appeal.yaml": f"{APPEAL}numbering: letters\n",
        "appeals/case/00/en.md": "## Actions requested\n\n2. a\n",
    }
    assert read(write(files)).appeals[0].prose["en"].requests[0].requests[0].label == "b."


def test_codes_of_the_workspace_s_own_schemes_are_read(write: Write) -> None:
    pattern = "UAD {country} {number:3}/{year}[.{update}]"
    campaign = f"{CAMPAIGN}schemes: [{{name: desk, pattern: '{pattern}'}}]\n"
    appeal = APPEAL.replace("XAA 001/0126/OBS 001", "UAD XAA 001/2026")
    workspace = read(write({"campaign.yaml": campaign, "appeals/case/00/appeal.yaml": appeal}))
    assert (codes(workspace), told(workspace.problems)) == (["UAD XAA 001/2026"], [])
    assert workspace.schemes[-1].name == "desk"


def test_a_scheme_that_is_not_well_formed_is_told_of_at_its_pattern(write: Write) -> None:
    workspace = read(write({"campaign.yaml": f"{CAMPAIGN}schemes:\n- name: desk\n  pattern: '{{nonsense}}'\n"}))
    (problem,) = workspace.problems
    assert (problem.file, problem.line, problem.column) == ("campaign.yaml", 7, 12)


def test_a_broken_file_holds_up_only_what_needs_it(write: Write) -> None:
    workspace = read(write({**OTHER, "recipients/borland.yaml": "directory: borland\nnme: x\n"}))
    first, second = workspace.appeals
    assert not {problem.file for problem in workspace.problems} & set(workspace.files_of(first))
    assert {problem.file for problem in workspace.problems} <= set(workspace.files_of(second))
    assert told(workspace.problems) == [
        "recipients/borland.yaml:1:1: 'name' is missing",
        "recipients/borland.yaml:2:1: unknown key 'nme', did you mean 'name'?",
    ]
    assert set(workspace.directories) == {"arlandia"}
    assert workspace.unread == {"borland"}


def test_an_appeal_that_cannot_be_read_is_named_with_its_problems(write: Write) -> None:
    workspace = read(
        write(
            {
                **OTHER,
                "appeals/other/00/appeal.yaml": "code: x\n",
                "appeals/other/00/en.md": "## Leter\n\na\n",
            }
        )
    )
    assert codes(workspace) == ["XAA 001/0126/OBS 001"]
    assert {folder: len(problems) for folder, problems in workspace.broken.items()} == {"appeals/other/00": 3}


def test_a_broken_campaign_leaves_the_rest_readable(write: Write) -> None:
    workspace = read(write({"campaign.yaml": "name: [\n"}))
    assert workspace.campaign is None
    assert codes(workspace) == ["XAA 001/0126/OBS 001"]
    assert told(workspace.problems) == ["campaign.yaml:2:1: a '[' or '{' is not closed"]


OWN = "schemes: [{name: desk, pattern: 'UAD {country} {number:3}/{year}[.{update}]'}]\n"
NUMBERED = APPEAL.replace("XAA 001/0126/OBS 001", "UAD XAA 001/2026.01")


def test_a_broken_campaign_still_says_how_its_own_codes_are_read(write: Write) -> None:
    workspace = read(write({"campaign.yaml": f"nmae: x\n{OWN}", "appeals/case/00/appeal.yaml": NUMBERED}))
    assert workspace.campaign is None
    assert [(appeal.code.scheme, appeal.code.update) for appeal in workspace.appeals] == [("desk", 1)]
    assert {problem.file for problem in workspace.problems} == {"campaign.yaml"}


@pytest.mark.parametrize(
    "campaign",
    [
        pytest.param("name: [\n", id="nothing can be read"),
        pytest.param(f"{CAMPAIGN}schemes: [{{name: desk, pattern: 'UAD {{nmber}}'}}]\n", id="a pattern is wrong"),
        pytest.param("schemes: [{name: desk, patern: x}]\n", id="a scheme is wrong"),
        pytest.param("schemes: desk\n", id="the schemes are no list"),
    ],
)
def test_a_code_whose_scheme_cannot_be_read_is_no_second_problem(write: Write, campaign: str) -> None:
    workspace = read(write({"campaign.yaml": campaign, "appeals/case/00/appeal.yaml": NUMBERED}))
    assert [(appeal.code.scheme, str(appeal.code)) for appeal in workspace.appeals] == [
        ("unread", "UAD XAA 001/2026.01")
    ]
    assert {problem.file for problem in workspace.problems} == {"campaign.yaml"}


def test_wording_that_cannot_be_read_is_named(write: Write) -> None:
    workspace = read(write({"templates/phrases/xx.yaml": "languge: xx\n"}))
    assert workspace.unread_wording == {"xx"}


def test_problems_come_sorted_by_file_and_line(write: Write) -> None:
    workspace = read(
        write(
            {
                "appeals/case/00/en.md": "## Leter\n\na\n\n## Sumary\n\nb\n",
                "recipients/arlandia.yaml": "{}\n",
                "campaign.yaml": "{}\n",
            }
        )
    )
    places = [(problem.file, problem.line, problem.column) for problem in workspace.problems]
    assert len(places) > 5
    assert places == sorted(places)


def test_a_language_that_the_appeal_does_not_list_is_read_all_the_same(write: Write) -> None:
    workspace = read(write({"appeals/case/00/ru.md": PROSE, "appeals/case/00/NOTES.md": "Not prose.\n"}))
    assert set(workspace.appeals[0].prose) == {"en", "ru"}
    assert told(workspace.problems) == []


def test_prose_is_left_alone_where_only_headers_are_wanted(write: Write) -> None:
    workspace = read(
        write({**OTHER, "appeals/other/00/en.md": "## Leter\n\na\n"}), only=lambda appeal: appeal.folder == ""
    )
    assert len(workspace.appeals) == 2
    workspace = read(workspace.root, only=lambda appeal: str(appeal.code).startswith("XAA 001"))
    assert [sorted(appeal.prose) for appeal in workspace.appeals] == [["en"], []]
    assert told(workspace.problems) == []
    assert workspace.appeals[1].folder == "appeals/other/00"


def test_folders_below_an_update_and_hidden_ones_are_not_read(write: Write) -> None:
    workspace = read(
        write(
            {
                "appeals/case/00/old/appeal.yaml": "[",
                "appeals/.git/00/appeal.yaml": "[",
                "appeals/case/.x/appeal.yaml": "[",
            }
        )
    )
    assert (len(workspace.appeals), told(workspace.problems)) == (1, [])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"appeals/flat/appeal.yaml": APPEAL},
            "appeals/flat/appeal.yaml:1:1: the appeal stands in the folder of its case, move it to appeals/flat/00/",
            id="too high up",
        ),
        pytest.param(
            {"appeals/new/00/Appeal.yaml": APPEAL, "appeals/new/00/en.md": PROSE},
            "appeals/new/00:1:1: no appeal.yaml stands in this folder, name it so, in small letters",
            id="wrong name",
        ),
        pytest.param(
            {"recipients/usa.yml": DIRECTORY},
            "recipients/usa.yml:1:1: a file that ends with .yml is not read, call it usa.yaml",
            id="wrong ending",
        ),
        pytest.param(
            {"templates/phrases/de.yaml": "language: de\nname: x\n"},
            "templates/phrases/de.yaml:1:1: 'letter' is missing",
            id="half a language",
        ),
        pytest.param(
            {"templates/phrases/ru.yaml": "language: en\n"},
            "templates/phrases/ru.yaml:1:11: the wording is for 'en', its file for 'ru', name both alike",
            id="wording of another language",
        ),
        pytest.param(
            {
                "recipients/arlandia.yaml": DIRECTORY.replace(
                    "name: Minister,", "name: M, forms: {en: {salutation: 'Dear {nam}'}},"
                )
            },
            "recipients/arlandia.yaml:4:48: nothing can be filled in for {nam} here, did you mean 'name'?",
            id="field in a form of address",
        ),
    ],
)
def test_it_is_told_of_with_its_place(write: Write, files: Mapping[str, str], expected: str) -> None:
    assert expected in told(read(write(files)).problems)


def test_own_wording_goes_over_the_built_in_one(write: Write) -> None:
    workspace = read(write({"templates/phrases/en.yaml": "letter: {date: Day}\n"}))
    assert (workspace.phrases["en"].letter.date, workspace.phrases["en"].letter.copy_to) == ("Day", "Copy to")
    assert workspace.phrases["en"].origin.marks["letter", "date"] == (1, 16)


def test_the_templates_of_the_checkout_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = read_yaml

    def noting(data: bytes, file: str) -> Document:
        seen.append(file)
        return original(data, file)

    monkeypatch.setattr(module, "read_yaml", noting)
    read(packaged.root())
    assert seen.count("templates/phrases/en.yaml") == 1


def test_digests_of_the_files_read_are_kept(write: Write) -> None:
    workspace = read(write(OTHER))
    assert workspace.inputs["campaign.yaml"] == hashlib.sha256(CAMPAIGN.encode()).hexdigest()
    assert list(workspace.inputs_for(workspace.appeals[0])) == sorted(FILES)


@pytest.mark.parametrize(
    "link",
    ["recipients/arlandia.yaml", "appeals/case/00/en.md", "appeals/case/00", "appeals", "campaign.yaml"],
)
def test_a_link_that_leads_out_of_the_workspace_is_refused(write: Write, tmp_path: Path, link: str) -> None:
    root = write({})
    outside = tmp_path / "outside"
    (root / link).rename(outside)
    (root / link).symlink_to(outside)
    workspace = read(root)
    assert f"{link}:1:1: the link leads out of the workspace, copy what it leads to" in told(workspace.problems)
    assert not [name for name in workspace.inputs if name.startswith(link)]


def test_a_link_within_the_workspace_is_followed(write: Write) -> None:
    root = write({})
    (root / "appeals/case/01").mkdir()
    (root / "appeals/case/01/appeal.yaml").write_text(APPEAL.replace("OBS 001", "OBS 001.01"), "utf-8")
    (root / "appeals/case/01/en.md").symlink_to("../00/en.md")
    workspace = read(root)
    assert (told(workspace.problems), len(workspace.appeals[1].prose)) == ([], 1)


def test_a_link_that_leads_in_a_circle_is_no_trouble(write: Write) -> None:
    root = write({})
    (root / "appeals/round").symlink_to("round")
    assert len(read(root).appeals) == 1


def test_a_pipe_in_the_place_of_a_file_does_not_stop_the_reading(write: Write) -> None:
    root = write({})
    (root / "appeals/case/00/en.md").unlink()
    os.mkfifo(root / "appeals/case/00/en.md")
    assert told(read(root).problems) == ["appeals/case/00/en.md:1:1: this is no plain file"]


def test_a_file_too_large_is_not_read(write: Write) -> None:
    workspace = read(write({"appeals/case/00/en.md": "x" * 10_000_000}))
    assert told(workspace.problems) == ["appeals/case/00/en.md:1:1: the file is larger than 1 MB"]


def test_the_root_is_found_from_any_folder_below(write: Write) -> None:
    root = write({})
    assert find_root(root / "appeals/case/00") == find_root(root) == root


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owners here")
def test_a_root_above_that_belongs_to_another_user_is_not_taken(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({})
    os.chown(root / "campaign.yaml", 4242, -1) if os.getuid() == 0 else None
    monkeypatch.setattr(os, "getuid", lambda: 4243)
    with pytest.raises(WorkspaceOfAnother, match=f"-C {root}"):
        find_root(root / "appeals")
    assert find_root(root) == root


def test_no_root_is_found_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkspace, match="is not in a workspace"):
        find_root(tmp_path)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(write: Write, *, enabled: bool) -> None:
    root = write({})
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        read(root)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
