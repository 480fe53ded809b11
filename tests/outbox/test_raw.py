"""What came in is kept as it came, once, for its owner alone."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.raw import RawStore

MAIL = b"Subject: \xd2\x9a\r\n\r\nText.\r\n"
NAME = hashlib.sha256(MAIL).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "outbox")


def test_bytes_are_kept_by_their_digest_for_the_owner_alone(store: RawStore) -> None:
    kept = store.keep(MAIL)
    assert (kept.sha256, kept.is_new) == (NAME, True)
    assert store.load(NAME) == MAIL
    path = store.path_of(NAME)
    assert path == store.folder / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once(store: RawStore) -> None:
    store.keep(MAIL)
    assert not store.keep(MAIL).is_new
    assert [path.name for path in store.folder.iterdir()] == [NAME]


def test_what_the_disk_has_spoilt_is_written_anew(store: RawStore) -> None:
    store.keep(MAIL)
    store.path_of(NAME).write_bytes(b"other")
    assert store.load(NAME) is None
    assert store.keep(MAIL).is_new
    assert store.load(NAME) == MAIL


def test_what_was_never_kept_is_not_there(store: RawStore) -> None:
    assert store.load(NAME) is None


def test_nothing_is_written_through_a_link(store: RawStore, tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "elsewhere").mkdir()
    store.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutboxError, match="symbolic link"):
        store.keep(MAIL)
    assert [*(tmp_path / "elsewhere").iterdir()] == []
