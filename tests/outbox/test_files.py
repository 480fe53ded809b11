"""The outbox: all at once or not at all, and over nothing but our own work."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from tests.outbox.builders import a_manifest
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.files import Difference, Outbox, Published
from urgent_appeals.outbox.manifest import to_json

SLUG = "XAA-007-0326-OBS-021-01"
PDF = "letters/arlandia-justice_en.pdf"
TEXT = "letters/arlandia-justice_en.txt"
BULLETIN = "bulletin_en.pdf"
FIRST = {PDF: b"pdf 1", TEXT: b"text 1", BULLETIN: b"bulletin 1"}


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def publish(
    outbox: Outbox,
    contents: Mapping[str, bytes],
    *,
    whole: bool = True,
    replace: bool = False,
    dispatched: Collection[str] = (),
) -> Published:
    with outbox.open(SLUG) as folder:
        for path, content in contents.items():
            folder.add(path, content)
        return folder.publish(a_manifest(contents), whole=whole, replace=replace, dispatched=dispatched)


def lies(outbox: Outbox) -> dict[str, bytes]:
    """Return all that lies in the outbox, by path, but the lock and the manifest."""
    files = (path for path in outbox.root.rglob("*") if path.is_file() and path.suffix != ".lock")
    found = {path.relative_to(outbox.root).as_posix(): path.read_bytes() for path in files}
    found.pop(f"{SLUG}/manifest.json", None)
    return {path.removeprefix(f"{SLUG}/"): content for path, content in found.items()}


def test_documents_lie_in_the_folder_of_their_appeal_with_the_manifest(outbox: Outbox) -> None:
    published = publish(outbox, FIRST)
    assert lies(outbox) == FIRST
    assert (outbox.root / SLUG / "manifest.json").read_bytes() == to_json(a_manifest(FIRST))
    assert published == Published(manifest=a_manifest(FIRST), written=tuple(sorted(FIRST)))
    assert outbox.manifest(SLUG) == a_manifest(FIRST)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_can_read_them(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    for path in [outbox.root, *outbox.root.rglob("*")]:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_an_outbox_that_others_could_look_into_is_kept_to_its_owner_from_its_first_use_on(outbox: Outbox) -> None:
    outbox.root.mkdir()
    outbox.root.chmod(0o755)
    publish(outbox, FIRST)
    assert stat.S_IMODE(outbox.root.stat().st_mode) == 0o700


def test_what_is_the_same_is_left_untouched(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    paths = [outbox.root / SLUG / name for name in (*FIRST, "manifest.json")]
    before = [(path.stat().st_mtime_ns, path.stat().st_ino) for path in paths]
    assert publish(outbox, FIRST) == Published(manifest=a_manifest(FIRST), unchanged=tuple(sorted(FIRST)))
    assert [(path.stat().st_mtime_ns, path.stat().st_ino) for path in paths] == before


def test_a_full_run_replaces_and_removes_what_it_made(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    published = publish(outbox, {PDF: b"pdf 2", BULLETIN: b"bulletin 1"})
    assert lies(outbox) == {PDF: b"pdf 2", BULLETIN: b"bulletin 1"}
    assert (published.written, published.unchanged, published.removed) == ((PDF,), (BULLETIN,), (TEXT,))


def test_a_folder_that_is_empty_after_a_run_is_removed(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    publish(outbox, {BULLETIN: b"bulletin 1"})
    assert [path.name for path in (outbox.root / SLUG).iterdir() if path.is_dir()] == []


def test_a_run_limited_to_some_letters_leaves_the_others(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    published = publish(outbox, {PDF: b"pdf 2"}, whole=False)
    assert lies(outbox) == {**FIRST, PDF: b"pdf 2"}
    assert outbox.manifest(SLUG) == published.manifest == a_manifest({**FIRST, PDF: b"pdf 2"})


def test_a_limited_run_may_be_the_first(outbox: Outbox) -> None:
    assert publish(outbox, {PDF: b"pdf"}, whole=False).manifest == a_manifest({PDF: b"pdf"})


@pytest.mark.parametrize("whole", [True, False])
def test_a_document_changed_by_hand_is_not_written_over(outbox: Outbox, whole: bool) -> None:
    publish(outbox, FIRST)
    (outbox.root / SLUG / TEXT).write_bytes(b"by hand")
    with pytest.raises(OutboxError, match=f"^{TEXT}: was changed since it was made; move it away") as refused:
        publish(outbox, {PDF: b"pdf 2", TEXT: b"text 2"}, whole=whole)
    assert "nothing was changed" in str(refused.value)
    assert lies(outbox) == {**FIRST, TEXT: b"by hand"}
    assert outbox.manifest(SLUG) == a_manifest(FIRST)


def test_a_document_changed_while_the_run_goes_on_is_not_written_over(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    with outbox.open(SLUG) as folder:
        folder.add(PDF, FIRST[PDF])
        (outbox.root / SLUG / PDF).write_bytes(b"by hand")
        with pytest.raises(OutboxError, match="was changed while the letters were being made"):
            folder.publish(a_manifest({PDF: FIRST[PDF]}), whole=False)
    assert lies(outbox) == {**FIRST, PDF: b"by hand"}


def test_a_file_of_somebody_else_is_not_written_over(outbox: Outbox) -> None:
    path = outbox.root / SLUG / PDF
    path.parent.mkdir(parents=True)
    path.write_bytes(b"theirs")
    with pytest.raises(OutboxError, match="not of our making"):
        publish(outbox, FIRST)
    assert lies(outbox) == {PDF: b"theirs"}


def test_everything_in_the_way_is_named_at_once(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    for name in (TEXT, BULLETIN):
        (outbox.root / SLUG / name).write_bytes(b"by hand")
    with pytest.raises(OutboxError) as refused:
        publish(outbox, dict.fromkeys(FIRST, b"2"), dispatched=[PDF])
    assert all(name in str(refused.value) for name in FIRST)


def test_it_is_written_over_when_asked_for(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    (outbox.root / SLUG / TEXT).write_bytes(b"by hand")
    publish(outbox, {TEXT: b"text 2"}, whole=False, replace=True)
    assert lies(outbox)[TEXT] == b"text 2"


def test_what_was_dispatched_is_never_replaced(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    with pytest.raises(OutboxError, match="dispatched"):
        publish(outbox, {**FIRST, PDF: b"pdf 2"}, replace=True, dispatched=[PDF])
    assert lies(outbox) == FIRST


def test_what_was_dispatched_may_be_made_again_just_as_it_was(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    (outbox.root / SLUG / PDF).unlink()
    with pytest.raises(OutboxError, match="dispatched"):
        publish(outbox, {**FIRST, PDF: b"pdf 2"}, dispatched=[PDF])
    assert publish(outbox, FIRST, dispatched=[PDF]).written == (PDF,)


def test_what_was_dispatched_stays_though_it_is_no_longer_made_and_on_record(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    published = publish(outbox, {BULLETIN: b"bulletin 1"}, dispatched=[PDF])
    assert lies(outbox) == {PDF: b"pdf 1", BULLETIN: b"bulletin 1"}
    assert (published.kept, published.removed) == ((PDF,), (TEXT,))
    assert published.manifest == a_manifest({PDF: b"pdf 1", BULLETIN: b"bulletin 1"})


def test_what_was_changed_by_hand_stays_though_it_is_no_longer_made(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    (outbox.root / SLUG / TEXT).write_bytes(b"by hand")
    published = publish(outbox, {PDF: b"pdf 1"})
    assert lies(outbox) == {PDF: b"pdf 1", TEXT: b"by hand"}
    assert (published.kept, published.removed) == ((TEXT,), (BULLETIN,))


def test_an_error_before_publishing_leaves_nothing_behind(outbox: Outbox) -> None:
    publish(outbox, FIRST)

    def interrupted() -> None:
        with outbox.open(SLUG) as folder:
            folder.add(PDF, b"pdf 2")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert lies(outbox) == FIRST


def test_what_is_not_published_is_thrown_away(outbox: Outbox) -> None:
    with outbox.open(SLUG) as folder:
        folder.add(PDF, b"pdf")
    assert lies(outbox) == {}


def test_the_manifest_describes_what_was_added(outbox: Outbox) -> None:
    with outbox.open(SLUG) as folder:
        folder.add(PDF, b"pdf")
        with pytest.raises(ValueError, match=PDF):
            folder.publish(a_manifest({PDF: b"another"}))


@pytest.mark.parametrize("path", ["../x.pdf", "/etc/x", "letters/nul.pdf", "letters/x.pdf\x00.exe", "manifest.json"])
def test_nothing_is_written_elsewhere(outbox: Outbox, path: str) -> None:
    with outbox.open(SLUG) as folder, pytest.raises(OutboxError, match="a document's name"):
        folder.add(path, b"x")


@pytest.mark.parametrize("slug", ["../x", "/etc", "CON", "A" * 300, ".", ""])
def test_no_folder_is_made_elsewhere(outbox: Outbox, slug: str) -> None:
    with pytest.raises(OutboxError, match="a folder's name"), outbox.open(slug):
        pytest.fail("the folder was opened")


def test_two_documents_whose_names_differ_in_capitals_alone_are_refused(outbox: Outbox) -> None:
    with outbox.open(SLUG) as folder:
        folder.add("letters/a_sr-Latn.pdf", b"x")
        with pytest.raises(OutboxError, match="would share its file"):
            folder.add("letters/a_sr-latn.pdf", b"y")


@pytest.mark.parametrize("linked", [SLUG, f"{SLUG}/letters", f".{SLUG}.lock"])
def test_no_link_is_followed(outbox: Outbox, tmp_path: Path, linked: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = outbox.root / linked
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(OutboxError, match="symbolic link"):
        publish(outbox, FIRST)
    assert list(elsewhere.iterdir()) == []


def test_a_link_where_a_document_belongs_is_not_followed(outbox: Outbox, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"theirs")
    link = outbox.root / SLUG / PDF
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    with pytest.raises(OutboxError, match="is a link, a folder or a device"):
        publish(outbox, FIRST, replace=True)
    assert target.read_bytes() == b"theirs"


def test_a_link_left_where_the_stage_belongs_is_taken_away(outbox: Outbox, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"theirs")
    outbox.root.mkdir()
    (outbox.root / f".{SLUG}.stage").symlink_to(elsewhere)
    publish(outbox, FIRST)
    assert (elsewhere / "kept").read_bytes() == b"theirs"


def test_the_outbox_itself_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    disk = tmp_path / "encrypted"
    disk.mkdir()
    (tmp_path / "outbox").symlink_to(disk)
    publish(Outbox(tmp_path / "outbox"), FIRST)
    assert (disk / SLUG / PDF).read_bytes() == b"pdf 1"


def test_a_second_run_is_told_that_another_is_writing(outbox: Outbox) -> None:
    with (
        outbox.open(SLUG),
        pytest.raises(OutboxError, match="another run is writing here"),
        outbox.open(SLUG),
    ):
        pytest.fail("two runs held the folder")


def test_another_appeal_can_be_written_meanwhile(outbox: Outbox) -> None:
    with outbox.open(SLUG), outbox.open("XAA-008"):
        pass


def test_the_lock_is_free_after_an_error(outbox: Outbox) -> None:
    with pytest.raises(RuntimeError), outbox.open(SLUG):
        raise RuntimeError
    publish(outbox, FIRST)


def test_a_manifest_that_cannot_be_read_stops_the_run(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    (outbox.root / SLUG / "manifest.json").write_text("{")
    with pytest.raises(OutboxError, match="is no manifest"):
        publish(outbox, {PDF: b"pdf 2"})
    assert lies(outbox) == FIRST


def test_verify_names_what_is_missing_or_changed(outbox: Outbox) -> None:
    publish(outbox, FIRST)
    assert outbox.verify(SLUG) == ()
    (outbox.root / SLUG / PDF).unlink()
    (outbox.root / SLUG / TEXT).write_bytes(b"by hand")
    assert outbox.verify(SLUG) == (
        Difference(path=PDF, what="missing"),
        Difference(path=TEXT, what="changed"),
    )


def test_verify_of_nothing_finds_nothing(outbox: Outbox) -> None:
    assert outbox.verify(SLUG) == ()


def test_it_works_where_there_are_no_hard_links(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    publish(outbox, FIRST)
    publish(outbox, {PDF: b"pdf 2"})
    assert lies(outbox) == {PDF: b"pdf 2"}


def test_a_file_that_appears_meanwhile_is_not_written_over(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(outbox, {BULLETIN: b"bulletin 1"})
    link = os.link

    def theirs_first(source: Path, target: Path) -> None:
        if target.name == Path(TEXT).name:
            target.write_bytes(b"theirs")
        link(source, target)

    monkeypatch.setattr(os, "link", theirs_first)
    with pytest.raises(OutboxError, match="nothing was changed"):
        publish(outbox, {**FIRST, BULLETIN: b"bulletin 2"})
    assert lies(outbox) == {BULLETIN: b"bulletin 1", TEXT: b"theirs"}


class FailingDisk:
    """Let one call of one function of the system fail, as on a full disk."""

    def __init__(self, name: str, at: int) -> None:
        self.real = getattr(os, name)
        self.at = at
        self.calls = 0

    def __call__(self, *given: object, **options: object) -> object:
        self.calls += 1
        if self.calls == self.at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.real(*given, **options)


@pytest.mark.parametrize("failing", ["replace", "rename", "link", "fsync", "mkdir"])
def test_a_disk_that_fails_at_any_step_changes_nothing(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    second = {PDF: b"pdf 2", BULLETIN: b"bulletin 2", "more/new.pdf": b"new"}
    outcomes = []
    disk = FailingDisk(failing, 0)
    for at in range(1, 60):
        publish(outbox, FIRST)
        disk = FailingDisk(failing, at)
        with monkeypatch.context() as patch:
            patch.setattr(os, failing, disk)
            try:
                publish(outbox, second)
            except OutboxError as error:
                outcomes.append(str(error))
                assert lies(outbox) == FIRST
                assert not (outbox.root / SLUG / "more").exists()
            else:  # there is another way (a copy where links fail), or no such step is left
                assert lies(outbox) == second
        assert outbox.verify(SLUG) == ()
        if disk.calls < at:
            break
    assert disk.calls < at, "every step was tried"
    assert all("no room is left on the disk; nothing was changed" in outcome for outcome in outcomes)
    assert outcomes or failing == "link"


def break_off(outbox: Outbox, monkeypatch: pytest.MonkeyPatch, contents: Mapping[str, bytes]) -> None:
    """Publish on a disk that takes one document's place and then nothing more."""
    real, calls = os.replace, []

    def dying(source: object, target: object) -> None:
        calls.append(source)
        if len(calls) > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(str(source), str(target))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        with pytest.raises(OutboxError, match="could not be taken back; the next run finishes it"):
            publish(outbox, contents)


def test_what_a_dying_disk_broke_off_is_finished_by_the_next_run(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = {PDF: b"pdf 2", TEXT: b"text 2"}
    publish(outbox, FIRST)
    break_off(outbox, monkeypatch, second)
    with outbox.open(SLUG):
        pass
    assert lies(outbox) == second
    assert outbox.verify(SLUG) == ()


def test_what_was_changed_by_hand_after_a_broken_run_is_kept_and_shown(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(outbox, FIRST)
    break_off(outbox, monkeypatch, {PDF: b"pdf 2", TEXT: b"text 2"})
    (outbox.root / SLUG / TEXT).write_bytes(b"by hand")
    with outbox.open(SLUG):
        pass
    assert lies(outbox) == {PDF: b"pdf 2", TEXT: b"by hand"}
    assert outbox.verify(SLUG) == (Difference(path=TEXT, what="changed"),)


@pytest.mark.parametrize("journal", [b"{", b'{"manifest": {"staged": "../../x", "path": "manifest.json"}}'])
def test_a_journal_that_is_none_of_ours_is_thrown_away(outbox: Outbox, journal: bytes) -> None:
    stage = outbox.root / f".{SLUG}.stage"
    stage.mkdir(parents=True)
    (stage / "journal.json").write_bytes(journal)
    publish(outbox, FIRST)
    assert lies(outbox) == FIRST


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_disk_that_fills_up_changes_nothing(outbox: Outbox) -> None:
    import resource

    publish(outbox, FIRST)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, limits[1]))
    try:
        with pytest.raises(OutboxError, match="no room is left on the disk; nothing was changed"):
            publish(outbox, {TEXT: b"text 2", PDF: bytes(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert lies(outbox) == FIRST


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("step", ["first", "second"])
def test_a_run_killed_at_any_step_leaves_whole_files_and_the_next_run_ends_as_if_nothing_was(
    tmp_path: Path, root: Path, step: str
) -> None:
    program = [sys.executable, str(root / "tests" / "outbox" / "killed_runs.py"), str(tmp_path), step]
    environment = {**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    run = subprocess.run(program, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert int(run.stdout) >= 20, "there were steps at which to kill"
