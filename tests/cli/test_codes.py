"""`appeals codes`: what is printed, what is told, and the exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.pipeline import codes as pipeline
from urgent_appeals.pipeline.codes import codes_in
from urgent_appeals.responses.text import SAMPLE, Kind

if TYPE_CHECKING:
    from tests.conftest import Appeals

CODE = "KAZ 001/0802/OBS 053.02"
TEXT = f"In reply to {CODE} and UA: 325/12,\nсм. KAZ-001-0802-OBS-053.\n"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


class OneByteAtATime(io.BytesIO):
    """A pipe that gives what it has, not what was asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1, size) if size is not None and size >= 0 else size)


def test_codes_are_printed_as_a_table(appeals: Appeals, letter: Path) -> None:
    run = appeals("codes", letter)
    assert (run.status, run.err) == (0, "")
    assert run.out == (
        "certainty   scheme       code                     as written               at\n"
        "exact       observatory  KAZ 001/0802/OBS 053.02  KAZ 001/0802/OBS 053.02  12-35\n"
        "exact       amnesty-ua   UA 325/12                UA: 325/12               40-50\n"
        "normalised  observatory  KAZ 001/0802/OBS 053     KAZ-001-0802-OBS-053     56-76\n"
    )


def test_json_holds_every_field_of_every_code(appeals: Appeals, letter: Path) -> None:
    run = appeals("codes", letter, "--json")
    assert json.loads(run.out)[::2] == [
        {
            "scheme": "observatory",
            "written": CODE,
            "canonical": CODE,
            "case": "KAZ 001/0802/OBS 053",
            "update": 2,
            "start": 12,
            "end": 35,
            "certainty": "exact",
        },
        {
            "scheme": "observatory",
            "written": "KAZ-001-0802-OBS-053",
            "canonical": "KAZ 001/0802/OBS 053",
            "case": "KAZ 001/0802/OBS 053",
            "update": None,
            "start": 56,
            "end": 76,
            "certainty": "normalised",
        },
    ]


@pytest.mark.parametrize("arguments", [("codes",), ("codes", "-")])
def test_without_a_file_standard_input_is_read(
    appeals: Appeals, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert appeals(*arguments).out.count("observatory") == 2


def test_where_nothing_is_found_the_status_says_so(appeals: Appeals, tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"Nothing of 12/03/2003.")
    run = appeals("codes", path)
    assert (run.status, run.out, run.err) == (3, "", f"no case code in {path}\n")
    run = appeals("codes", path, "--json")
    assert (run.status, json.loads(run.out)) == (3, [])


def test_nothing_in_standard_input_is_told_too(appeals: Appeals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert appeals("codes").err == "no case code in standard input\n"


def test_a_file_that_cannot_be_read_is_named_with_the_reason(appeals: Appeals, tmp_path: Path) -> None:
    run = appeals("codes", tmp_path / "missing.txt")
    assert (run.status, run.out) == (2, "")
    assert "missing.txt cannot be read: No such file or directory" in run.err
    assert appeals("codes", tmp_path).status == 2


def test_what_was_not_read_is_told(appeals: Appeals, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"From: a@b.example\nTo: c@d.example\nSubject: UA 90/03\nContent-Type: image/png; name=x\n\n\x00")
    run = appeals("codes", path)
    assert run.err == f"{path}: the attachment x was not read, only its name\n"


def test_nothing_a_stranger_wrote_steers_the_terminal(appeals: Appeals, tmp_path: Path) -> None:
    path = tmp_path / "x\x1b[2J\u202e[bold].eml"
    path.write_bytes(
        "From: a@b.example\nTo: c@d.example\nSubject: KAZ \u202e001/0802/OBS 053\x1b[31m\n"
        "Content-Type: x/[/closing]\x1b]0;x\x07\n\n\0".encode()
    )
    run = appeals("codes", path)
    assert run.status == 0
    assert "\\u202e001" in run.out
    assert "[/closing]" in run.err
    assert not set("\x1b\x07\u202e") & set(run.out + run.err)


def test_a_large_plain_text_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size)
            return super().read(size)

    text = "Ordinary words of a report, é. " * 20_000 + CODE
    found = codes_in(Watched(text.encode()))
    assert [text[code.start : code.end] for code in found.codes] == [CODE]
    assert max(size if size is not None and size >= 0 else sys.maxsize for size in asked) <= SAMPLE


def test_a_slow_pipe_is_read_to_its_end() -> None:
    found = codes_in(OneByteAtATime(TEXT.encode()))
    assert (found.kind, len(found.codes)) == (Kind.TEXT, 3)


def test_a_character_cut_by_a_piece_is_read_whole() -> None:
    text = "é" * SAMPLE + " " + CODE
    (code,) = codes_in(io.BytesIO(b" " + text.encode())).codes
    assert code.start == SAMPLE + 2


def test_a_web_page_is_read_by_its_visible_text() -> None:
    found = codes_in(io.BytesIO(b"<p hidden>UA 1/01</p><p>UA&nbsp;90/03</p>"), "page.html")
    assert (found.kind, [code.canonical for code in found.codes]) == (Kind.HTML, ["UA 90/03"])


def test_a_file_too_large_is_read_in_part_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "LARGEST", SAMPLE + 10)
    page = b"<p>UA 90/03</p>" + b"x" * SAMPLE
    found = codes_in(io.BytesIO(page))
    assert [code.canonical for code in found.codes] == ["UA 90/03"]
    assert found.notes == (f"only the first {SAMPLE + 10:,} bytes were read",)


def test_a_workspaces_schemes_and_known_codes_count() -> None:
    own = Scheme.from_pattern("own", "UAZ {year}/{number:3}")
    stream = io.BytesIO(b"UAZ 2026/001 and 053.02")
    found = codes_in(stream, schemes=(*SCHEMES, own), known=(parse(CODE),))
    assert [(code.scheme, code.canonical) for code in found.codes] == [
        ("own", "UAZ 2026/001"),
        ("observatory", CODE),
    ]
