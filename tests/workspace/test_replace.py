"""A definition file is replaced whole, and only where it still is as it was read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from urgent_appeals.errors import OutboxError
from urgent_appeals.workspace.replace import replace_definition

READ = hashlib.sha256(b"as read").hexdigest()


def test_a_file_that_is_as_it_was_read_is_replaced_and_who_may_read_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "appeal.yaml"
    path.write_bytes(b"as read")
    path.chmod(0o640)
    replace_definition(path, READ, b"after")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o640)
    assert [each.name for each in tmp_path.iterdir()] == ["appeal.yaml"]


def test_what_somebody_saved_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "appeal.yaml"
    path.write_bytes(b"saved meanwhile")
    with pytest.raises(OutboxError, match="changed meanwhile"):
        replace_definition(path, READ, b"after")
    assert path.read_bytes() == b"saved meanwhile"
