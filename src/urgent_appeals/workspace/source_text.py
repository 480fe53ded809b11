"""Take a definition file's bytes as text: UTF-8, of a sane size, without characters that hide or command."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import islice

from urgent_appeals.domain.problem import Problem, Severity

LARGEST = 1_000_000
"""The most bytes of a definition file; a letter of a hundred pages is a quarter of it."""
MOST_PROBLEMS = 100
"""The most problems shown of one file: more are no help, and a hostile file could make millions."""

LONGEST_SHOWN = 2_000
"""The longest line, in characters, that is shown with its problem."""

# Controls, line separators that editors count differently, and what turns the direction of text around
# (CVE-2021-42574).
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_REFUSED_OR_BREAK = re.compile(f"{_REFUSED.pattern}|\n")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,32});")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """Return the text in NFC, line feeds as line ends, refused characters as blanks; and the problems.

    The text is empty where the bytes cannot be read as text at all.
    """
    if len(data) > LARGEST:
        return "", [too_large(file)]
    if data.startswith(_UTF_16):
        return "", [Problem(file, 1, 1, Severity.ERROR, "the file is UTF-16", "save it as UTF-8")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", [_not_utf_8(data, error, file)]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _REFUSED.search(text) is None:
        return text, []
    return _REFUSED.sub(" ", text), [
        problem_at(text, file, match.start(), _refusal(match[0]))
        for match in islice(_REFUSED.finditer(text), MOST_PROBLEMS)
    ]


def refused_in(value: str) -> str | None:
    """Return what an escape or entity made of a refused character, in words, or None."""
    match = _REFUSED.search(value)
    return _refusal(match[0]) if match is not None else None


def refused_entities(text: str, file: str) -> list[Problem]:
    """Return the problems of HTML entities in a text that stand for refused characters or line breaks."""
    found = (match for match in _ENTITY.finditer(text) if _REFUSED_OR_BREAK.search(html.unescape(match[0])))
    return [
        problem_at(text, file, match.start(), f"{match[0]}: {_refusal(html.unescape(match[0]))}")
        for match in islice(found, MOST_PROBLEMS)
    ]


def too_large(file: str) -> Problem:
    """Return the problem of a file that is larger than any definition."""
    return Problem(file, 1, 1, Severity.ERROR, f"the file is larger than {LARGEST // 1_000_000} MB")


def problem_at(text: str, file: str, position: int, message: str, hint: str | None = None) -> Problem:
    """Return a problem at a character of a text; its line is shown without what is refused."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = shown(_REFUSED.sub(" ", text[start : end if end >= 0 else len(text)]))
    return Problem(file, text.count("\n", 0, position) + 1, position - start + 1, Severity.ERROR, message, hint, line)


def shown(line: str) -> str:
    """Return a line as a problem shows it: nothing where it is too long for anyone to find the caret."""
    return line if len(line) <= LONGEST_SHOWN else ""


@dataclass
class Source:
    """The text of a file, its lines, and the problems found in it so far."""

    file: str
    text: str
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def report(
        self,
        place: tuple[int, int],
        message: str,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem at a line and column, both from 1; beyond `MOST_PROBLEMS` nothing is added."""
        if len(self.problems) < MOST_PROBLEMS:
            line, column = place
            text = shown(self.lines[line - 1]) if 0 < line <= len(self.lines) else ""
            self.problems.append(Problem(self.file, line, column, severity, message, hint, text))

    def warn(self, place: tuple[int, int], message: str, hint: str | None = None) -> None:
        """Add a warning."""
        self.report(place, message, hint, Severity.WARNING)

    def find(self, text: str, first: int, last: int) -> tuple[int, int]:
        """Return line and column, from 1, of a text in the lines from `first` to before `last` (from 0).

        Where it does not stand there as such, the place of the first line's first letter.
        """
        for number in range(first, min(last, len(self.lines))):
            column = self.lines[number].find(text)
            if column >= 0:
                return number + 1, column + 1
        line = self.lines[first] if first < len(self.lines) else ""
        return first + 1, len(line) - len(line.lstrip()) + 1


def _not_utf_8(data: bytes, error: UnicodeDecodeError, file: str) -> Problem:
    before = data[: error.start]
    line = before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")
    message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
    return Problem(
        file,
        before.count(b"\n") + 1,
        len(line) + 1,
        Severity.ERROR,
        message,
        "save the file as UTF-8",
        shown(line),
    )


def _refusal(character: str) -> str:
    return f"the character U+{ord(character[0]):04X} ({_what(character[0])}) is refused"


def _what(character: str) -> str:
    if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return "turns the direction of text around"
    if character in "\u2028\u2029\x85\x0b\x0c":
        return "a line separator"
    return "a control character"
