"""The main job: what it makes, what it refuses, and what it leaves alone."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from urgent_appeals.errors import (
    AppealNotOpen,
    DefinitionsBroken,
    NothingToDo,
    OutboxError,
    UnknownAppeal,
    UnknownChoice,
)
from urgent_appeals.pipeline.letters import Made, Wanted, make_letters

REAL, REAL_DAY = "KAZ 001/0802/OBS 053.02", date(2003, 3, 13)
SAMPLE, SAMPLE_DAY = "UAD XAA 001/2026.01", date(2026, 11, 22)
ONE = Wanted(to=("arlandia/justice-minister",), languages=("en",))


def _manifest(workspace: Path, made: Made) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((workspace / made.folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_real_appeal_gives_a_letter_of_one_page_to_each_authority_in_each_language(workspace: Path) -> None:
    made = make_letters(workspace, REAL, REAL_DAY, Wanted())
    offices = ("kazakhstan/president", "kazakhstan/prime-minister", "kazakhstan/interior-minister")
    assert [(letter.recipient, letter.language, letter.pages) for letter in made.letters] == [
        (office, language, 1) for office in offices for language in ("en", "ru", "kk")
    ]
    assert made.bulletins == tuple(f"{made.folder}/bulletin_{language}.pdf" for language in ("en", "ru", "kk"))


@pytest.mark.slow
def test_no_draft_of_the_real_appeal_has_a_recipient_since_the_source_gives_no_address(workspace: Path) -> None:
    made = make_letters(workspace, REAL, REAL_DAY, Wanted())
    drafts = [
        email.message_from_bytes((workspace / m.eml).read_bytes(), policy=email.policy.default) for m in made.letters
    ]
    assert drafts
    assert [draft["To"] for draft in drafts] == [None] * len(drafts)
    assert [letter.mailto for letter in made.letters] == [None] * len(drafts)


@pytest.mark.slow
def test_made_again_every_byte_is_the_same_and_nothing_is_written(workspace: Path) -> None:
    first = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted())
    before = _bytes(workspace / "outbox")
    second = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted())
    assert _bytes(workspace / "outbox") == before
    assert (second.published.written, second.published.unchanged) == ((), first.published.written)


@pytest.mark.slow
def test_made_in_another_workspace_every_byte_is_the_same(workspace: Path, tmp_path: Path) -> None:
    other = workspace.rename(tmp_path / "elsewhere")
    here = make_letters(other, SAMPLE, SAMPLE_DAY, ONE)
    there = _bytes(other / "outbox")
    back = other.rename(workspace)
    (back / "outbox").rename(tmp_path / "put away")
    make_letters(back, SAMPLE, SAMPLE_DAY, ONE)
    assert _bytes(back / here.folder) == {
        name.removeprefix(f"{here.folder.removeprefix('outbox/')}/"): content
        for name, content in there.items()
        if not name.startswith(".")
    }


@pytest.mark.parametrize(
    ("code", "on", "state"),
    [
        pytest.param(REAL, date(2026, 11, 22), "historical", id="history, outside its window"),
        pytest.param("UAD XAA 001/2026", SAMPLE_DAY, "superseded", id="an update has come"),
        pytest.param("UAD XAA 001/2026", date(2026, 10, 19), "embargoed", id="the day before its issue"),
        pytest.param(SAMPLE, date(2026, 12, 15), "stopped", id="the stop has come"),
    ],
)
def test_an_appeal_that_is_not_open_is_refused_with_the_reason_and_nothing_is_made(
    workspace: Path, code: str, on: date, state: str
) -> None:
    with pytest.raises(AppealNotOpen) as refused:
        make_letters(workspace, code, on, Wanted())
    assert refused.value.state == state
    assert refused.value.reason
    assert not (workspace / "outbox").exists()


def test_a_blank_reason_overrides_nothing(workspace: Path) -> None:
    with pytest.raises(AppealNotOpen):
        make_letters(workspace, REAL, date(2026, 11, 22), Wanted(override="  "))


@pytest.mark.slow
def test_an_override_goes_on_record_with_its_reason(workspace: Path) -> None:
    wanted = Wanted(to=ONE.to, languages=ONE.languages, override="the issuer asked for late letters")
    made = make_letters(workspace, SAMPLE, date(2027, 1, 12), wanted)
    (override,) = _manifest(workspace, made)["overrides"]
    assert override["reason"] == "the issuer asked for late letters"
    assert override["state"] == "stopped"
    assert "UAD XAA 001/2026.02" in override["because"]


@pytest.mark.slow
def test_a_stop_is_made_known_by_its_bulletin_and_no_letter(workspace: Path) -> None:
    made = make_letters(workspace, "UAD XAA 001/2026.02", date(2026, 12, 16), Wanted())
    assert made.letters == ()
    assert len(made.bulletins) == 6


def test_a_letter_on_a_stop_is_refused(workspace: Path) -> None:
    with pytest.raises(AppealNotOpen):
        make_letters(workspace, "UAD XAA 001/2026.02", date(2026, 12, 16), Wanted(to=ONE.to))


@pytest.mark.slow
def test_a_run_for_one_recipient_leaves_the_others_letters_and_records(workspace: Path) -> None:
    everything = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted(languages=("en",)))
    one = make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE)
    assert len(one.letters) == 1
    assert len(_manifest(workspace, one)["documents"]) == 3 * len(everything.letters) + 1
    assert all((workspace / letter.pdf).exists() for letter in everything.letters)


@pytest.mark.slow
def test_another_sender_gets_files_of_their_own(workspace: Path) -> None:
    hale = make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE).letters[0]
    desk = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted(ONE.to, ONE.languages, "desk")).letters[0]
    assert desk.pdf == hale.pdf.replace("_en.pdf", "_en_desk.pdf")
    assert (desk.sender, desk.sha256 != hale.sha256) == ("desk", True)


def test_a_letter_for_another_envelope_takes_the_place_of_the_usual_one(workspace: Path) -> None:
    usual = make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE).letters[0]
    american = make_letters(workspace, SAMPLE, SAMPLE_DAY, replace(ONE, envelope="us-10")).letters[0]
    assert (american.pdf, american.pages) == (usual.pdf, 1)
    assert american.sha256 != usual.sha256


@pytest.mark.slow
def test_a_letter_changed_by_hand_is_never_written_over(workspace: Path) -> None:
    text = workspace / make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE).letters[0].text
    text.write_text("in my own words", encoding="utf-8")
    with pytest.raises(OutboxError, match="changed since it was made"):
        make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE)
    assert text.read_text(encoding="utf-8") == "in my own words"


@pytest.mark.slow
def test_a_letter_no_longer_made_is_taken_away(workspace: Path) -> None:
    made = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted())
    header = next((workspace / "appeals/UAD-XAA-001-2026/01").glob("appeal.yaml"))
    text = header.read_text(encoding="utf-8")
    header.write_text(text.replace("languages: [en, ru, kk, fr, es, ar]", "languages: [en]"), encoding="utf-8")
    again = make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted())
    assert again.published.removed
    assert not any("_en" in path for path in again.published.removed)
    assert not any((workspace / letter.pdf).exists() for letter in made.letters if letter.language == "ru")


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        pytest.param(Wanted(to=("arlandia/justice-ministry",)), "recipient of", id="a recipient that is not there"),
        pytest.param(Wanted(to=("kazakhstan/president",)), "recipient of", id="a recipient of another appeal"),
        pytest.param(Wanted(languages=("de",)), "language", id="a language it is not written in"),
        pytest.param(Wanted(sender="nobody"), "sender", id="a sender who is not there"),
        pytest.param(Wanted(envelope="c6"), "envelope", id="an envelope that is not there"),
    ],
)
def test_a_choice_that_is_not_there_is_named_with_those_that_are(workspace: Path, wanted: Wanted, kind: str) -> None:
    with pytest.raises(UnknownChoice) as refused:
        make_letters(workspace, SAMPLE, SAMPLE_DAY, wanted)
    assert refused.value.kind.startswith(kind)
    assert refused.value.choices


def test_a_case_code_alone_never_stands_for_an_update(workspace: Path) -> None:
    with pytest.raises(UnknownAppeal) as refused:
        make_letters(workspace, "KAZ 001/0802/OBS 053", REAL_DAY, Wanted())
    assert refused.value.candidates == (REAL,)


def test_an_error_in_a_file_that_the_appeal_needs_holds_it_up(workspace: Path) -> None:
    directory = workspace / "recipients/kazakhstan.yaml"
    directory.write_text(directory.read_text(encoding="utf-8").replace("offices:", "ofices:"), encoding="utf-8")
    with pytest.raises(DefinitionsBroken) as refused:
        make_letters(workspace, REAL, REAL_DAY, Wanted())
    assert any("did you mean" in str(problem) for problem in refused.value.problems)
    assert not (workspace / "outbox").exists()


@pytest.mark.slow
def test_an_error_in_a_file_of_another_appeal_holds_nothing_up(workspace: Path) -> None:
    directory = workspace / "recipients/kazakhstan.yaml"
    directory.write_text("offices: [", encoding="utf-8")
    assert make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE).letters


def test_an_appeal_without_recipients_has_nothing_to_make(workspace: Path) -> None:
    header = workspace / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    lines = header.read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("recipients:"))
    end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith((" ", "-", "#")))
    header.write_text("\n".join([*lines[:start], *lines[end:]]), encoding="utf-8")
    with pytest.raises(NothingToDo):
        make_letters(workspace, SAMPLE, SAMPLE_DAY, Wanted())


@pytest.mark.slow
def test_the_manifest_names_every_input_by_its_digest(workspace: Path) -> None:
    made = make_letters(workspace, SAMPLE, SAMPLE_DAY, ONE)
    manifest = _manifest(workspace, made)
    assert {
        "campaign.yaml",
        "recipients/arlandia.yaml",
        "appeals/UAD-XAA-001-2026/01/appeal.yaml",
        "appeals/UAD-XAA-001-2026/01/en.md",
    } <= manifest["inputs"].keys()
    assert {"letter.html", "letter.css"} <= manifest["templates"].keys()


@pytest.mark.slow
def test_a_phrase_of_the_workspace_goes_before_the_built_in_one(workspace: Path) -> None:
    phrases = workspace / "templates/phrases"
    phrases.mkdir(parents=True)
    (phrases / "en.yaml").write_text("letter:\n  lead_in: 'May I ask you to:'\n", encoding="utf-8")
    other = Wanted(to=("arlandia/president",), languages=("en",))
    text = (
        workspace / make_letters(workspace, "UAD XAA 001/2026", date(2026, 10, 21), other).letters[0].text
    ).read_text(encoding="utf-8")
    assert "May I ask you to:" in text
    assert "I respectfully urge you to:" not in text
