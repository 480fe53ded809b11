"""A new workspace is the fictional sample, whole or not at all; what is there stays as it is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from urgent_appeals import packaged
from urgent_appeals.domain.desk import Desk, Fax, Imap, Smtp
from urgent_appeals.domain.throttle import Limits
from urgent_appeals.errors import NoDesk, OutboxError
from urgent_appeals.workspace import new_files
from urgent_appeals.workspace.desk_file import read_desk
from urgent_appeals.workspace.read import read
from urgent_appeals.workspace.sample import write_sample


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_sample_is_a_workspace_without_problems(tmp_path: Path) -> None:
    names = write_sample(tmp_path / "desk")
    workspace = read(tmp_path / "desk")
    assert sorted(files_below(tmp_path / "desk")) == sorted(names)
    assert [str(problem) for problem in workspace.problems] == []
    assert {appeal.kind.value for appeal in workspace.appeals} == {"new", "update", "stop"}


def test_nothing_real_is_in_the_sample(tmp_path: Path) -> None:
    write_sample(tmp_path)
    workspace = read(tmp_path)
    assert {appeal.country for appeal in workspace.appeals} == {"XAA"}
    emails = [
        email
        for directory in workspace.directories.values()
        for office in directory.offices.values()
        for email in office.emails
    ]
    assert emails
    assert all(email.endswith(".example") for email in emails)


def test_the_outbox_stays_out_of_version_control(tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert "/outbox/*" in (tmp_path / ".gitignore").read_text("utf-8")


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_sample(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["campaign.yaml", ".gitignore", "recipients/arlandia.yaml", "templates/README.md"])
def test_nothing_is_written_where_one_file_is_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutboxError, match="there is such a file already; nothing was written"):
        write_sample(tmp_path)
    assert files_below(tmp_path) == {name: b"mine"}


def test_a_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "desk/campaign.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutboxError, match="already"):
        write_sample(tmp_path / "desk")
    (tmp_path / "desk/campaign.yaml").unlink()
    (tmp_path / "desk/appeals").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutboxError, match="no plain folder"):
        write_sample(tmp_path / "desk")
    assert files_below(tmp_path) == {}


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "appeals").write_text("mine")
    with pytest.raises(OutboxError, match="no plain folder"):
        write_sample(tmp_path)
    assert files_below(tmp_path) == {"appeals": b"mine"}


def test_what_was_begun_is_taken_back_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original, calls = new_files._write, []

    def full(data: bytes, target: Path, made: list[Path]) -> None:
        calls.append(target)
        if len(calls) == 5:
            raise OSError(28, "No space left on device", str(target))
        original(data, target, made)

    monkeypatch.setattr(new_files, "_write", full)
    with pytest.raises(OutboxError, match="No space left on device; nothing was written"):
        write_sample(tmp_path / "new" / "desk")
    assert list(tmp_path.iterdir()) == []


def test_an_installation_without_the_sample_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(packaged.templates(), tmp_path / "program/templates")
    monkeypatch.setattr(packaged, "root", lambda: tmp_path / "program")
    with pytest.raises(OutboxError, match="the sample is missing from this installation"):
        write_sample(tmp_path / "desk")
    assert not (tmp_path / "desk").exists()


def test_the_example_of_a_desk_is_one_once_it_is_copied(tmp_path: Path) -> None:
    write_sample(tmp_path)
    with pytest.raises(NoDesk):
        read_desk(tmp_path)
    shutil.copy(tmp_path / "desk.yaml.example", tmp_path / "desk.yaml")
    (tmp_path / "desk.yaml").chmod(0o600)
    desk = read_desk(tmp_path)
    assert desk.smtp is not None
    assert desk.allows("minister@letter-desk.example")
    assert not desk.allows("minister@justice.example")


def test_each_key_of_a_desk_is_in_its_example(tmp_path: Path) -> None:
    write_sample(tmp_path)
    text = (tmp_path / "desk.yaml.example").read_text("utf-8")
    aside = {"origin", "ca_file"}
    keys = {
        field.alias or name
        for model in (Desk, Smtp, Imap, Fax, Limits)
        for name, field in model.model_fields.items()
        if name not in aside
    }
    assert {key for key in keys if f"{key}:" not in text} == set()


@pytest.mark.parametrize("where", ["of a new workspace", "of the repository"])
def test_settings_and_secrets_of_a_desk_stay_out_of_version_control(tmp_path: Path, root: Path, where: str) -> None:
    write_sample(tmp_path)
    if where == "of the repository":
        shutil.copy(root / ".gitignore", tmp_path / ".gitignore")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    private = ["desk.yaml", "outbox/reply-secret", "outbox/log.db", "outbox/log.epoch", "outbox/plans/p.json"]
    public = ["desk.yaml.example", "outbox/README.md", "campaign.yaml"]
    told = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", *private, *public], capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == private
