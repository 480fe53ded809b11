"""Letters made for one envelope never become those for another unawares, and the manifest says which they are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Appeals
from tests.outbox.builders import a_manifest, a_record
from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.errors import ConfirmationNeeded
from urgent_appeals.outbox.manifest import Manifest
from urgent_appeals.pipeline.envelopes import EnvelopeChange
from urgent_appeals.pipeline.letters import Wanted, make_letters

SAMPLE, ON = "UAD XAA 001/2026.01", date(2026, 11, 22)
ONE = Wanted(to=("arlandia/justice-minister",), languages=("en",))
FOLDER = "outbox/UAD-XAA-001-2026"


def a_folder(*letters: tuple[str, EnvelopeName | None], sender: str = "hale") -> Manifest:
    """Return the manifest of a folder with an English letter to each office, made for the envelope beside it."""
    return a_manifest({}).with_documents(
        a_record(f"letters/{office}_en.pdf", b"x", recipient=office, sender=sender, envelope=envelope)
        for office, envelope in letters
    )


def a_change(previous: Manifest | None, *offices: str, envelope: EnvelopeName = "din-b") -> EnvelopeChange:
    return EnvelopeChange.of(previous, "hale", envelope, {(office, "en") for office in offices})


def test_letters_for_another_envelope_are_not_made_anew_unasked() -> None:
    change = a_change(a_folder(("a", "us-10"), ("b", "us-10"), ("c", "din-b")), "a", "b", "c")
    with pytest.raises(ConfirmationNeeded) as refused:
        change.refuse_unasked(FOLDER)
    assert str(refused.value) == (
        f"{FOLDER} holds 2 letters for us-10 (US Letter); this run would make them for din-b (A4); "
        "--envelope us-10 stays with it; say --envelope din-b to do it"
    )


def test_a_letter_for_one_envelope_is_not_added_to_those_for_another_unasked() -> None:
    change = a_change(a_folder(("a", "us-10")), "b")
    with pytest.raises(ConfirmationNeeded, match="would add letters for din-b"):
        change.refuse_unasked(FOLDER)


@pytest.mark.parametrize(
    ("previous", "offices"),
    [
        pytest.param(None, ("a",), id="nothing was made"),
        pytest.param(a_folder(("a", "din-b")), ("a", "b"), id="the same envelope"),
        pytest.param(a_folder(("a", None)), ("a", "b"), id="an older program did not say"),
        pytest.param(a_folder(("a", "us-10"), sender="other"), ("a",), id="another sender's"),
        pytest.param(a_folder(("a", "us-10"), ("b", "din-b")), ("b",), id="mixed on purpose, and left so"),
    ],
)
def test_elsewhere_there_is_nothing_to_ask_or_to_tell(previous: Manifest | None, offices: tuple[str, ...]) -> None:
    a_change(previous, *offices).refuse_unasked(FOLDER)
    assert not a_change(previous, *offices).made


def test_what_changed_and_what_stays_is_told_by_name() -> None:
    folder = a_folder(*((name, "us-10") for name in "abcde"), ("z", "nf"))
    assert a_change(folder, "a").words() == (
        "now for din-b (A4), formerly us-10 (US Letter): letters/a_en.pdf",
        "still for us-10 (US Letter), not din-b (A4): letters/b_en.pdf, letters/c_en.pdf, letters/d_en.pdf and 1 more",
        "still for nf (A4), not din-b (A4): letters/z_en.pdf",
    )


def _records(workspace: Path, folder: str) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = json.loads((workspace / folder / "manifest.json").read_text("utf-8"))["documents"]
    return documents


@pytest.mark.slow
def test_the_manifest_names_envelope_and_paper_of_letters_and_the_bulletin_s_paper(workspace: Path) -> None:
    made = make_letters(workspace, SAMPLE, ON, replace(ONE, envelope="us-10"))
    told = {each["kind"]: (each["envelope"], each["paper"]) for each in _records(workspace, made.folder)}
    assert told == {
        "pdf": ("us-10", "US Letter"),
        "eml": (None, None),
        "text": (None, None),
        "bulletin": (None, "A4"),
    }


@pytest.mark.slow
def test_made_again_without_a_word_nothing_changes_and_the_way_to_go_on_is_told(
    appeals: Appeals, workspace: Path
) -> None:
    words = ("-C", workspace, "letters", SAMPLE, "--on", ON.isoformat(), "--to", "justice-minister", "--lang", "en")
    assert appeals(*words, "--envelope", "us-10").status == 0
    before = {path: path.read_bytes() for path in (workspace / "outbox").rglob("*") if path.is_file()}
    run = appeals(*words)
    assert (run.status, run.out) == (4, "")
    assert "holds 1 letter for us-10 (US Letter); this run would make them for din-b (A4)" in run.err
    assert {path: path.read_bytes() for path in before} == before
    again = appeals(*words, "--envelope", "din-b")
    assert again.status == 0
    assert "now for din-b (A4), formerly us-10 (US Letter): letters/arlandia-justice-minister_en.pdf" in again.err
    assert appeals(*words).status == 0
