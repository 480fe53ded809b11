"""Read what a supporter reports of letters sent: how many, by which way, to whom and when.

A report is the slip or the mail that stands in for it (`Code: …; Letters: 3; Emails: 1`), or free text: a sentence in
which the writer did something, with a number and a thing that is sent. An office that tells of a letter of its own
must not be taken for a supporter, for to overlook a reply is worse: who speaks of "your letter" reports nothing, and
what "we" did, or what is not counted in so many words ("a letter"), counts only in a short text that speaks of an
appeal as supporters do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from urgent_appeals.domain.response import Evidence, Reported, ReportedKind
from urgent_appeals.responses.action_vocabulary import Vocabulary, vocabulary
from urgent_appeals.responses.automatic_words import folded
from urgent_appeals.responses.days import day_in, is_month
from urgent_appeals.responses.evidence import evidence

LONGEST_TEXT = 6000
"""How many characters of a text are looked at; a report is shorter."""

_LONGEST_WEAK = 800
_MOST_LINES = 200
_MOST_REPORTED = 50
_LARGEST = 9999
_WINDOW = 5
_TAIL = 7
_LONGEST_RECIPIENT = 80
_LONGEST_LABEL = 40
_LONGEST_TITLE = 2  # Mr. X, M. le Ministre
_SENTENCE = re.compile(r"(?<=\w\w\w[.!?؟])\s+(?=\w)|\n")
_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*|[,.;:()\n،؛]")
_JOINED = re.compile(r"و(?=\d|[\u0621-\u064a]{3})")
_STOPS = frozenset(",.;:()\n،؛")
_DATE_FOLLOWED = re.compile(r"\s+(?:le|el)\Z")
_PUNCTUATION = re.compile(r"[^\w'-]+")
_FIRST_NUMBER = re.compile(r"\s*(?:[x×]\s*)?(\d{1,4})(?![\d./-])")
_CODE = "\x1a"  # stands for a code, whose figures count nothing


@dataclass(frozen=True, slots=True)
class ActionReport:
    """What a supporter reports, and by which words it is known."""

    reported: tuple[Reported, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def action_report(text: str, *, near: date | None = None, codes: Sequence[tuple[int, int]] = ()) -> ActionReport | None:
    """Return what a text reports of letters sent, None where it reports nothing; never raises.

    `text` is the new part, `near` the day it came from (a day without a year is the latest before it), `codes` where
    case codes stand in it.
    """
    for start, end in codes:
        text = text[:start] + _CODE * (end - start) + text[end:]
    text = text[:LONGEST_TEXT]
    return report_slip(text, near=near) or _free(text, near)


def report_slip(text: str, *, near: date | None = None) -> ActionReport | None:
    """Return what a report slip says, or the mail that stands in for it; None for every other text."""
    text = text[:LONGEST_TEXT]
    words = vocabulary()
    counted: list[tuple[ReportedKind, int]] = []
    told: list[Evidence] = []
    recipient: str | None = None
    day: date | None = None
    labelled = others = 0
    for line in re.split("[\n;؛]", text)[:_MOST_LINES]:
        label, colon, value = line.replace("：", ":").partition(":")
        name = words.labels.get(folded(label[:_LONGEST_LABEL]).strip("-*•– ")) if colon else None
        others += name is None and len(line.split()) > 2
        if name is None:
            continue
        labelled += 1
        if name == "to":
            recipient = recipient or value.strip(" ._")[:_LONGEST_RECIPIENT] or None
        elif name == "date":
            day = day or day_in(value, near)
        elif name != "code" and (count := _count(value, words)):
            counted.append((name, count))
            told.append(evidence("a line of the report slip", "the text", line))
    if not counted or labelled < 2 or others > 3 * labelled + 3:
        return None
    lines = tuple(Reported(kind=kind, count=count, recipient=recipient, date=day) for kind, count in counted)
    return ActionReport(lines[:_MOST_REPORTED], tuple(told[:_MOST_REPORTED]))


def _count(value: str, words: Vocabulary) -> int:
    found = _FIRST_NUMBER.match(value)
    if found is not None:
        return int(found[1])
    first = folded(value[:_LONGEST_LABEL]).split()[:1]
    return words.number(first[0]) or 0 if first else 0


# ── free text ──


def _free(text: str, near: date | None) -> ActionReport | None:
    words = vocabulary()
    low = folded(text)
    if any(phrase in low for phrase in words.answers):
        return None
    is_of_supporter = len(text) <= _LONGEST_WEAK and any(phrase in low for phrase in words.campaign)
    found: list[Reported] = []
    told: list[Evidence] = []
    listing = False
    for sentence in _sentences(text):
        said = _PUNCTUATION.sub(" ", folded(sentence)).split()
        mine = _did(said, words)
        ours = is_of_supporter and _says(said, words.we_sent)
        listed = listing and bool(said) and words.number(said[0]) is not None
        if mine or ours or listed:
            tokens = _tokens(sentence)
            lines = list(_counted(sentence, tokens, words, near, weak=mine and is_of_supporter))
            if lines:  # among numbers, an article is one too: 3 letters and a fax
                lines = list(_counted(sentence, tokens, words, near, weak=True))
            found += lines
            told += [evidence("tells of what was sent", "the text", sentence)] if lines else []
        listing = listed or ((mine or ours) and sentence.endswith(":"))
    return ActionReport(tuple(found[:_MOST_REPORTED]), tuple(told[:_MOST_REPORTED])) if found else None


def _did(said: Sequence[str], words: Vocabulary) -> bool:
    """Tell whether a sentence says that its writer did something: by the form of the verb, or naming nobody else."""
    if _says(said, words.sent):
        return True
    if said and words.number(said[0]) is not None and said[-1] == "sent":  # 3 letters sent
        return True
    for at, word in enumerate(said):
        if word in words.sent_by or (word[:1] == "و" and word[1:] in words.sent_by):
            return not said[at + 1 : at + 2] or not said[at + 1].startswith("ال")  # whose verb it is, in Arabic
        if word not in words.leads and words.number(word) is None and not is_month(word):
            return False
    return False


def _says(said: Sequence[str], phrases: Sequence[str]) -> bool:
    flat = f" {' '.join(said)} "
    return any(f" {phrase} " in flat for phrase in phrases)


def _sentences(text: str) -> Iterator[str]:
    count = 0
    for sentence in _SENTENCE.split(text):
        if sentence.strip() and not sentence.lstrip().startswith(">"):
            yield sentence.strip(" -*•–\t")
            count += 1
        if count >= _MOST_LINES:
            return


def _tokens(sentence: str) -> tuple[_Token, ...]:
    found: list[_Token] = []
    for one in _TOKEN.finditer(sentence):
        word, start = folded(one[0]) or one[0], one.start()
        if _JOINED.match(word):  # an Arabic "and" is written together with what it joins
            found.append(_Token(word[0], start, start + 1))
            word, start = word[1:], start + 1
        found.append(_Token(word, start, one.end()))
    return tuple(found)


def _counted(
    sentence: str, tokens: Sequence[_Token], words: Vocabulary, near: date | None, *, weak: bool
) -> Iterator[Reported]:
    """Yield each number with the thing it counts; with `weak` also what an article or a bare word says is one."""
    day = day_in(sentence, near)
    at = 0
    while at < len(tokens):
        count, after = _number(tokens, at, words, weak=weak)
        found = _thing(tokens, after, words) if 0 < count <= _LARGEST else None
        at += 1
        if found is not None:
            kind, at = found
            yield Reported(kind=kind, count=count, recipient=_recipient(sentence, tokens, at, words), date=day)


def _number(tokens: Sequence[_Token], at: int, words: Vocabulary, *, weak: bool) -> tuple[int, int]:
    """Return how many a word says there are, and where to look for what; none where it says no such thing."""
    word = tokens[at].word
    follows = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if word in words.twos:
        return 2, at
    number = None if is_month(follows) else words.number(word)
    if word in words.articles and not weak:
        return 0, at
    if number is not None:
        return number, at + 1
    if word in words.articles:
        return 1, at + 1
    if word in words.ones and (weak or words.number(follows) == 1):
        return 1, at
    return 0, at


def _thing(tokens: Sequence[_Token], start: int, words: Vocabulary) -> tuple[ReportedKind, int] | None:
    """Return what a number counts and where that ends: a letter by email is an email, one by fax a fax."""
    for at in range(start, min(start + _WINDOW, len(tokens))):
        word = tokens[at].word
        if word in _STOPS or word in words.joins or (at > start and words.number(word) is not None):
            return None
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        kind = words.kind_of(f"{word} {after}") or words.kind_of(word)
        if kind is not None:
            return _by_channel(tokens, start, at, kind, words), at + 1
    return None


def _by_channel(tokens: Sequence[_Token], start: int, at: int, kind: ReportedKind, words: Vocabulary) -> ReportedKind:
    if kind != "letter":
        return kind
    around = [token.word for token in (*tokens[max(0, start - 2) : max(0, start - 1)], *tokens[start:at])]
    for token in tokens[at + 1 : at + 1 + _TAIL]:
        if token.word in _STOPS or token.word in words.joins or words.number(token.word) is not None:
            break
        around.append(token.word)
    said = " " + " ".join(around)
    if any(f" {stem}" in said for stem in words.by_fax):
        return "fax"
    return "email" if any(f" {stem}" in said for stem in words.electronic) else kind


def _recipient(sentence: str, tokens: Sequence[_Token], after: int, words: Vocabulary) -> str | None:
    """Return to whom, where a word such as "to" stands right after what was sent."""
    if after >= len(tokens) or tokens[after].word not in words.towards:
        return None
    end = tokens[after].end
    for at in range(after + 1, len(tokens)):
        word = tokens[at].word
        counts = at + 1 < len(tokens) and words.number(tokens[at + 1].word) is not None
        if word == "." and len(tokens[at - 1].word) <= _LONGEST_TITLE:
            continue
        if word in _STOPS or word in words.then or word.isdecimal() or (word in words.joins and counts):
            break
        end = tokens[at].end
    named = _DATE_FOLLOWED.sub("", sentence[tokens[after].end : end].strip())
    return named if named and len(named) <= _LONGEST_RECIPIENT else None
