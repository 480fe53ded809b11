"""Names of files in the outbox: safe everywhere, never outside, never one for two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.outbox.names import LONGEST, bulletin_path, letter_path, name_fault, path_fault, stems


@pytest.mark.parametrize(
    "name",
    [
        "..", ".", "", "a/b", "a\\b", ".hidden", "-option", "a ", "a.", "КАZ-001", "x.pdf\x00.exe",
        "\u202efdp.exe", "a\nb", "a:b", "a*", "CON", "con.pdf", "Nul.tar.gz", "COM1", "lpt9.txt",
        "A" * (LONGEST + 1),
    ],
    ids=ascii,
)  # fmt: skip
def test_names_that_some_disk_or_reader_takes_amiss_are_refused(name: str) -> None:
    assert name_fault(name) is not None


@pytest.mark.parametrize(
    "name", ["KAZ-001-0802-OBS-053-02", "kazakhstan-president_en.pdf", "console.txt", "A" * LONGEST]
)
def test_plain_names_are_fine(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "letters/../../x",
        "/etc/x",
        "letters//x",
        "letters/",
        "manifest.json",
        "a/b/c/d/e",
        "C:/x",
        "letters/nul",
    ],
)
def test_paths_that_lead_elsewhere_are_refused(path: str) -> None:
    assert path_fault(path) is not None


def test_letters_and_bulletin_lie_where_people_expect_them() -> None:
    stem = stems(["kazakhstan/president"])["kazakhstan/president"]
    assert letter_path(stem, "en", "pdf") == "letters/kazakhstan-president_en.pdf"
    assert letter_path(stem, "en", "pdf", "hale") == "letters/kazakhstan-president_en_hale.pdf"
    assert bulletin_path("ru") == "bulletin_ru.pdf"


def test_two_recipients_never_share_a_file() -> None:
    named = stems(["a-b/c", "a/b-c", "a/d"])
    assert named["a/d"] == "a-d"
    assert named["a-b/c"].startswith("a-b-c-")
    assert len(set(named.values())) == 3


def test_a_name_too_long_is_cut_and_stays_its_own() -> None:
    paths = [letter_path("a" * 150 + end, "en", "pdf") for end in "xy"]
    assert all(path_fault(path) is None for path in paths)
    assert paths[0] != paths[1]


IDS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}/[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True)


@given(st.sets(IDS, max_size=8), st.sampled_from(["en", "sr-Latn-RS"]))
def test_every_recipient_has_a_file_of_its_own(recipients: set[str], language: str) -> None:
    paths = {letter_path(stem, language, "pdf") for stem in stems(recipients).values()}
    assert len(paths) == len(recipients)
    assert all(path_fault(path) is None for path in paths)
