"""The manifest: the same inputs give the same text, and what is no manifest is not taken for one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pydantic import ValidationError

from tests.golden import Golden
from tests.outbox.builders import a_manifest, a_record
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.manifest import Override, RecordedLink, from_json, to_json


def test_the_manifest_as_json(golden: Golden) -> None:
    manifest = a_manifest(
        {"letters/arlandia-justice_en.pdf": b"PDF", "bulletin_en.pdf": b"bulletin"},
        inputs={"campaign.yaml": "0" * 64, "appeals/XAA-007/01/en.md": "1" * 64},
        templates={"letter.html": "2" * 64},
        overrides=(
            Override(state="expired", because="its last day was 15 May 2026", reason="asked for by the issuer"),
        ),
        warnings=("appeals/XAA-007/01/ru.md: older than en.md",),
    )
    golden.check("outbox/manifest.json", to_json(manifest))


def test_it_reads_back_as_it_was() -> None:
    link = RecordedLink(form="summary", encoded=1388)
    manifest = a_manifest({}).with_documents(
        [
            a_record("letters/a-b_en.pdf", b"x", pages=1, email=True, mailto=link),
            a_record("bulletin_ru.pdf", b"y"),
        ]
    )
    assert from_json(to_json(manifest)) == manifest


def test_documents_stand_in_the_order_of_their_paths() -> None:
    manifest = a_manifest({"letters/z.pdf": b"z", "bulletin_en.pdf": b"b", "letters/a.pdf": b"a"})
    assert list(manifest.digests) == ["bulletin_en.pdf", "letters/a.pdf", "letters/z.pdf"]


def test_a_run_limited_to_some_letters_keeps_the_record_of_the_others() -> None:
    earlier = a_manifest({"a.pdf": b"1", "b.pdf": b"1"}, inputs={"x": "0" * 64, "y": "0" * 64}, warnings=("w",))
    later = a_manifest({"b.pdf": b"2"}, inputs={"x": "1" * 64}, warnings=("w", "v"), on=date(2026, 5, 1))
    merged = later.merged(earlier)
    assert merged.digests == a_manifest({"a.pdf": b"1", "b.pdf": b"2"}).digests
    assert merged.inputs == {"x": "1" * 64, "y": "0" * 64}
    assert merged.warnings == ("w", "v")
    assert merged.on == date(2026, 5, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": 1, "odd": 2}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(OutboxError, match=r"^here/manifest.json: is no manifest"):
        from_json(content, "here/manifest.json")


def test_a_newer_format_is_named() -> None:
    data = json.loads(to_json(a_manifest({})))
    with pytest.raises(OutboxError, match="has format 3"):
        from_json(json.dumps({**data, "format": 3}).encode())


def test_a_manifest_of_format_1_is_read_and_merged_into_one_of_now() -> None:
    data = json.loads(to_json(a_manifest({"letters/a-b_en.pdf": b"1"})))
    for document in data["documents"]:
        del document["envelope"], document["paper"]
    old = from_json(json.dumps({**data, "format": 1}).encode())
    assert (old.format, old.documents[0].envelope) == (1, None)
    merged = a_manifest({"letters/c-d_en.pdf": b"2"}, format=2).merged(old)
    assert json.loads(to_json(merged))["format"] == 2
    assert set(from_json(to_json(merged)).digests) == {"letters/a-b_en.pdf", "letters/c-d_en.pdf"}


def test_envelope_and_paper_of_a_letter_are_on_record() -> None:
    record = a_record("letters/a-b_en.pdf", b"x", pages=1, envelope="us-10", paper="US Letter")
    assert from_json(to_json(a_manifest({}).with_documents([record]))).documents == (record,)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "manifest.json", "letters/../../x"])
def test_a_manifest_cannot_name_files_elsewhere(path: str) -> None:
    with pytest.raises(ValidationError):
        a_record(path, b"x")
