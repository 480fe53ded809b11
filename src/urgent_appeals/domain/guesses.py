"""Guess what a response may belong to where nothing says so for certain: the likeliest first, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from urgent_appeals.domain.authenticated import Authentication
from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.case_index import CaseKey, Index, SentLetter
from urgent_appeals.domain.quoted import Certainty
from urgent_appeals.domain.response import CodeFound, ResponseKind, Source, Where
from urgent_appeals.domain.values import Day, RecipientId, Value

MOST_GUESSES: Final = 8
"""The most guesses that are made of one response."""
_WEIGHTS: Final = {where: 100 - 6 * place for place, where in enumerate(Where)}
_SURE, _SUGGESTED, _ONE_OFF, _END = 1.0, 0.6, 0.4, 0.3
_BY_ADDRESS: Final = 20
_BY_DOMAIN: Final = 12
_BY_TIME: Final = 8  # a letter of the same day; the less, the longer ago
_WORDS: Final = {
    Where.TOKEN: "the address it came to",
    Where.THREAD: "the message it answers",
    Where.QR: "a QR code",
    Where.SUBJECT: "the subject",
    Where.NEW: "the new part",
    Where.NOTE: "the note around it",
    Where.ATTACHMENT: "an attachment",
    Where.FORWARDED: "a message that it passes on",
    Where.QUOTED: "quoted text",
}


class Clues(Value):
    """All of a response that can tell what it belongs to, and whether it is from whom it seems to be.

    `tokens` may hold words that are no token of ours, `threads` Message-IDs of others; `bearer` is who passes a reply
    on; `authentication` what our own server found out about the sender.
    """

    tokens: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    codes: tuple[CodeFound, ...] = ()
    sender: str | None = None
    bearer: str | None = None
    date: datetime | None = None
    kind: ResponseKind = ResponseKind.REPLY
    source: Source = "eml"
    authentication: Authentication = Authentication(why="nothing is known of the server that it came by")

    @property
    def on(self) -> Day | None:
        """The day of the response."""
        return self.date.date() if self.date is not None else None


class Reason(Value):
    """One reason for a case: where it stands (nowhere: the sender and the day), how certain it is, and in words."""

    where: Where | None = None
    certainty: Certainty
    words: str


class Guess(Value):
    """What a response may belong to; the higher the score (up to 100), the likelier, and a score is no probability."""

    code: CaseCode
    recipient: RecipientId | None = None
    item: str | None = None
    score: int
    reasons: tuple[Reason, ...]


def letters_found(clues: Clues, index: Index) -> tuple[tuple[Where, SentLetter], ...]:
    """Return the letters that tokens, then Message-IDs, name; each once a token or Message-ID."""
    by_token = [(Where.TOKEN, index.by_token(each)) for each in clues.tokens]
    by_thread = [(Where.THREAD, index.by_message_id(each)) for each in clues.threads]
    return tuple((where, letter) for where, letter in (*by_token, *by_thread) if letter is not None)


def recipient_of(case: CaseKey, clues: Clues, index: Index) -> RecipientId | None:
    """Return the one recipient of a case who writes from the sender's address, else the one from its domain."""
    sender = clues.sender
    if sender is None:
        return None
    asked = sorted(index.asked(case))
    for found in (
        [each for each in asked if index.writes_from(each, sender)],
        [each for each in asked if index.shares_domain(each, sender)],
    ):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def reason_of_sender(recipient: RecipientId, sender: str, *, by_address: bool) -> Reason:
    """Return why a sender may be a recipient: the address, else the domain."""
    what = "an address" if by_address else "of the domain"
    return Reason(certainty=Certainty.SUGGESTED, words=f"{sender} is {what} of {recipient}")


def told(code: CodeFound) -> str:
    """Return a code and its place in words: `KAZ 001/0802/OBS 053.02 in the subject`."""
    return f"{code.canonical} in {_WORDS[code.where]}"


def guesses(clues: Clues, index: Index) -> tuple[Guess, ...]:
    """Return what a response may belong to, the likeliest first."""
    scores: dict[CaseKey, float] = defaultdict(float)
    reasons: dict[CaseKey, list[Reason]] = defaultdict(list)
    for case, score, reason in (*_by_letter(clues, index), *_by_code(clues, index)):
        scores[case] = max(scores[case], score)
        reasons[case].append(reason)
    for case, score, reason in _by_sender(clues, index):
        scores[case] += score
        reasons[case].append(reason)
    for case in scores:
        scores[case] += _by_time(case, clues, index)
    ranked = sorted(scores, key=lambda case: (-scores[case], case))[:MOST_GUESSES]
    return tuple(_guess(case, scores[case], reasons[case], clues, index) for case in ranked)


def _guess(case: CaseKey, score: float, reasons: Sequence[Reason], clues: Clues, index: Index) -> Guess:
    found = [letter for _, letter in letters_found(clues, index) if (letter.code.scheme, letter.code.case) == case]
    recipient = found[0].recipient if found else recipient_of(case, clues, index)
    named = [
        appeal.code.update or 0
        for code in clues.codes
        if code.update is not None and case in index.cases(code)
        for appeal in index.named(code, case)
    ]
    code = index.newest(case, clues.on, recipient)
    if found:
        code = found[0].code
    elif named:
        code = next(each.code for each in index.appeals[case] if (each.code.update or 0) == max(named))
    letter = found[0] if found else index.letter(code, recipient, clues.on)
    kept = tuple(dict.fromkeys((each.where, each.certainty, each.words) for each in reasons))
    return Guess(
        code=code,
        recipient=recipient,
        item=letter.item if letter is not None else None,
        score=max(1, min(100, round(score))),
        reasons=tuple(Reason(where=where, certainty=certainty, words=words) for where, certainty, words in kept),
    )


_Found = Iterator[tuple[CaseKey, float, Reason]]


def _by_letter(clues: Clues, index: Index) -> _Found:
    for where, letter in letters_found(clues, index):
        words = f"{_WORDS[where]} is that of our letter to {letter.recipient}"
        reason = Reason(where=where, certainty=Certainty.EXACT, words=words)
        yield (letter.code.scheme, letter.code.case), _WEIGHTS[where], reason


def _by_code(clues: Clues, index: Index) -> _Found:
    for code in clues.codes:
        sure = code.certainty is not Certainty.SUGGESTED
        written = f"{code.written!r} in {_WORDS[code.where]}"
        own = index.cases(code)
        for case in own:
            certainty, part = (code.certainty, _SURE) if sure else (Certainty.SUGGESTED, _SUGGESTED)
            yield case, part * _WEIGHTS[code.where], Reason(where=code.where, certainty=certainty, words=written)
        for alike, part, why in (
            (index.misread(code), _SUGGESTED, "a scanner may have misread it"),
            (index.one_figure_off(code), _ONE_OFF, "one figure is another"),
            (index.same_number(code), _END, "the number at its end is the same"),
        ):
            for case in alike - own:
                reason = Reason(where=code.where, certainty=Certainty.SUGGESTED, words=f"{written}: {why}")
                yield case, part * _WEIGHTS[code.where], reason


def _by_sender(clues: Clues, index: Index) -> _Found:
    sender = clues.sender or ""
    for recipient in sorted(index.writers(sender)):
        by_address = index.writes_from(recipient, sender)
        score = _BY_ADDRESS if by_address else _BY_DOMAIN
        for case in sorted(index.cases_of(recipient)):
            yield case, score, reason_of_sender(recipient, sender, by_address=by_address)


def _by_time(case: CaseKey, clues: Clues, index: Index) -> float:
    last = index.last_sent(case, clues.on)
    if last is None or clues.on is None:
        return 0
    return _BY_TIME / (1 + (clues.on - last).days / 30)
