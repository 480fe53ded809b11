"""What is new in mail that others collected and labelled: how often it is told exactly, and on which side a code is.

The labels are those of two public collections (their README.md names origin and licence); nothing of them is in this
repository. The figures are printed: `pytest -s`.
"""

from __future__ import annotations

import ast
import csv
import email
import email.policy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from urgent_appeals.responses.charset import decoded
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.quoting import Place, split

CODE = "KAZ 001/0802/OBS 053.02"
NOTHING_QUOTED = frozenset({"test/fixtures/email_1.txt", "test/fixtures/email_with_regards.txt"})
OURS = (Place.NEW, Place.SIGNATURE)


@dataclass(frozen=True)
class Labelled:
    """A mail's text, and what a person found to be the part that its sender wrote, or its first stretch."""

    name: str
    text: str
    expected: str
    first_only: bool = False

    @property
    def exact(self) -> bool:
        """Whether the new part is the expected one, blanks aside, with or without its signature."""
        found = split(self.text)
        parts = found.parts[:1] if self.first_only and found.parts[:1] != () else found.parts
        new = "".join(self.text[part.start : part.end] for part in parts if part.place is Place.NEW)
        ours = "".join(self.text[part.start : part.end] for part in parts if part.place in OURS)
        return squeezed(self.expected) in (squeezed(new), squeezed(ours))

    @property
    def span(self) -> tuple[int, int]:
        """Where the expected part begins and ends: its words are looked for with any blanks between them."""
        words = r"\s+".join(map(re.escape, self.expected.split()))
        found = re.search(words, self.text)
        assert found is not None, f"{self.name}: its label is not in its text"
        return found.span()


def squeezed(text: str) -> str:
    return "".join(text.split())


def crisp(folder: Path) -> Iterator[Labelled]:
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == "equals":
                text = (folder / row["file"]).read_text("utf-8")
                yield Labelled(row["file"], text, ast.literal_eval(row["expected_first_fragment"]), first_only=True)


def talon_html(folder: Path) -> Iterator[Labelled]:
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            page = decoded((folder / row["file"]).read_bytes())
            expected = ast.literal_eval(row["expected_reply_ignoring_whitespace"])
            yield Labelled(row["file"], visible_text(page, quotes=True), expected)


def talon_mail(folder: Path) -> Iterator[Labelled]:
    for path in sorted((folder / "tests/fixtures/standard_replies").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        label = path.with_name(f"{path.stem}_reply_text")
        yield Labelled(path.name, body.get_content(), label.read_text("utf-8") if label.exists() else "Hello")


def all_of(shared: Path) -> list[Labelled]:
    corpora = shared / "corpora"
    return [*crisp(corpora / "crisp-erp"), *talon_html(corpora / "talon"), *talon_mail(corpora / "talon")]


def told(figure: str, missed: list[str], of: int) -> None:
    sys.stdout.write(f"\n{figure}: {of - len(missed)} of {of} ({1 - len(missed) / of:.1%}); not: {missed or 'none'}\n")


def with_code(text: str, at: int, *, before: str) -> bool:
    """Put the code at the end of a line, or on a line of its own after `before`; tell whether it is the sender's."""
    found = split(text[:at] + before + CODE + text[at:])
    places = {found.place_of(at + len(before) + offset) in OURS for offset in range(len(CODE))}
    assert len(places) == 1, "the code was cut in two"
    return places.pop()


def line_ends(text: str, start: int, end: int) -> list[int]:
    """Return where the words of each line in a stretch end, lines that hold none left out."""
    ends = (found.end() for found in re.finditer(r"[^\r\n]*[^\s>]", text[:end]))
    return [at for at in ends if at > start]


def quoted_line_ends(mail: Labelled) -> list[int]:
    """Return where lines end that are quoted beyond doubt: those with marks, or else the latter half of what comes
    after the label; an attribution itself is left out.
    """
    after = line_ends(mail.text, mail.span[1], len(mail.text))
    begins = (mail.text.rfind("\n", 0, at) + 1 for at in after)
    marked = [at for at, begin in zip(after, begins, strict=True) if mail.text.startswith(">", begin)]
    return [at for at in marked or after[len(after) // 2 :] if mail.text[at - 1] != ":"]


def test_every_file_of_every_collection_is_split_whole(shared: Path) -> None:
    files = [path for path in (shared / "corpora").rglob("*") if path.is_file()]
    assert len(files) > 300
    for path in files:
        text = decoded(path.read_bytes())
        for read in (text, visible_text(text, quotes=True)):
            found = split(read)
            assert "".join(read[part.start : part.end] for part in found.parts) == read, path


def test_the_new_part_is_told_exactly_in_four_of_five(shared: Path) -> None:
    mails = all_of(shared)
    missed = [mail.name for mail in mails if not mail.exact]
    told("exact new part", missed, len(mails))
    assert len(mails) >= 68
    assert len(missed) <= 0.20 * len(mails)


def test_a_code_in_the_new_part_is_the_senders(shared: Path) -> None:
    mails = all_of(shared)
    missed = [
        mail.name
        for mail in mails
        for at in line_ends(mail.text, *mail.span)
        for before in (" ", "\n")
        if not with_code(mail.text, at, before=before)
    ]
    of = 2 * sum(len(line_ends(mail.text, *mail.span)) for mail in mails)
    told("code in the new part on the sender's side", missed, of)
    assert of >= 400
    assert len(missed) <= 0.05 * of
    assert len(set(missed)) <= 0.05 * len(mails)


def test_a_code_in_what_is_quoted_is_not_the_senders(shared: Path) -> None:
    mails = [mail for mail in all_of(shared) if mail.name not in NOTHING_QUOTED]
    missed: list[str] = []
    of = 0
    for mail in mails:
        for at in quoted_line_ends(mail):
            mark = "> " if mail.text.startswith(">", mail.text.rfind("\n", 0, at) + 1) else ""
            wrong = [before for before in (" ", "\n" + mark) if with_code(mail.text, at, before=before)]
            missed += [mail.name] * len(wrong)
            of += 2
    told("code in what is quoted not on the sender's side", missed, of)
    assert of >= 400
    assert len(missed) <= 0.05 * of
    assert len(set(missed)) <= 0.05 * len(mails)
