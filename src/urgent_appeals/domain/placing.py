"""Place a response: say which appeal, letter and recipient it belongs to, or why nobody but a person can tell.

A code is public and proves nothing of who wrote. What only the recipient can know, the token of a letter or its
Message-ID, together with what our own server found out about the sender, makes a response one "from the recipient";
all others are unverified, and a reply counts only when a person has confirmed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.case_index import CaseKey, Index, KnownAppeal, SentLetter, index_of
from urgent_appeals.domain.guesses import (
    Clues,
    Guess,
    Reason,
    guesses,
    letters_found,
    reason_of_sender,
    recipient_of,
    told,
)
from urgent_appeals.domain.quoted import Certainty
from urgent_appeals.domain.response import CodeFound, ResponseKind, Where
from urgent_appeals.domain.values import RecipientId, Value

__all__ = ["Clues", "Guess", "Index", "KnownAppeal", "Placement", "Reason", "SentLetter", "index_of", "place"]

_ORDER: Final = list(Where)
_REPLIES: Final = frozenset((ResponseKind.REPLY, ResponseKind.FORWARDED_REPLY))


class Placement(Value):
    """What a response belongs to: `code` is the appeal, `item` the letter that is answered, as far as they are known.

    Without a code it is held: `held` says why, and `guesses` are ranked. `where` and `certainty` are those of the
    weightiest evidence. `verified` says that it is from the recipient, `because` why, or why that is not known.
    """

    code: CaseCode | None = None
    recipient: RecipientId | None = None
    item: str | None = None
    where: Where | None = None
    certainty: Certainty | None = None
    reasons: tuple[Reason, ...] = ()
    held: str = ""
    guesses: tuple[Guess, ...] = ()
    kind: ResponseKind = ResponseKind.REPLY
    verified: bool = False
    because: str
    confirmed: bool = False

    @property
    def placed(self) -> bool:
        """Whether it belongs to an appeal."""
        return self.code is not None

    @property
    def ours_alone(self) -> bool:
        """Whether what placed it is known to us and the recipient only; without that a bounce is but a hint."""
        return self.where in (Where.TOKEN, Where.THREAD)

    @property
    def counts_as_reply(self) -> bool:
        """Whether the recipient is counted as having replied: verified, or confirmed by a person."""
        return self.placed and self.kind in _REPLIES and (self.verified or self.confirmed)

    def accepting(self, guess: Guess) -> Placement:
        """Return the placement that a person makes of a guess."""
        first = guess.reasons[0]
        return self.model_copy(
            update={
                "code": guess.code,
                "recipient": guess.recipient,
                "item": guess.item,
                "where": first.where,
                "certainty": first.certainty,
                "reasons": guess.reasons,
                "held": "",
                "confirmed": True,
            }
        )


def place(clues: Clues, index: Index) -> Placement:
    """Return where a response belongs, by the first that tells: token, Message-ID, then codes by their place.

    What contradicts itself, or only suggests, is held with ranked guesses.
    """
    if clues.sender is not None and clues.sender.lower() in index.ours:
        return _held("it comes from our own address", clues, index)
    letters = letters_found(clues, index)
    if letters:
        return _by_letter(letters, clues, index)
    return _by_codes(clues, index)


def _held(why: str, clues: Clues, index: Index) -> Placement:
    return Placement(held=why, guesses=guesses(clues, index), kind=clues.kind, because=f"it is not placed: {why}")


# ── By what only we and the recipient know ──


def _by_letter(letters: Sequence[tuple[Where, SentLetter]], clues: Clues, index: Index) -> Placement:
    first = letters[0][0]
    where, letter = max(
        (each for each in letters if each[0] is first), key=lambda each: (each[1].code.update or 0, each[1].on)
    )
    if any(not letter.code.same_case(other.code) for _, other in letters):
        return _held("it answers letters of two cases", clues, index)
    if len({other.recipient for _, other in letters}) > 1:
        return _held("it answers letters to two recipients", clues, index)
    why = _contradiction(letter, clues, index)
    if why is not None:
        return _held(why, clues, index)
    what = "the address it came to is that" if where is Where.TOKEN else "it answers the message"
    reason = Reason(where=where, certainty=Certainty.EXACT, words=f"{what} of our letter to {letter.recipient}")
    agreeing = [_reason(code) for code in _sure(clues) if _key(letter.code) in index.cases(code)]
    return _placed(_Found(letter.code, letter.recipient, letter.item), (reason, *agreeing), clues, index)


def _contradiction(letter: SentLetter, clues: Clues, index: Index) -> str | None:
    """Return what code speaks against a letter: another case of ours, another update, or an unknown like code."""
    case, sure = _key(letter.code), _sure(clues)
    own = [code for code in sure if case in index.cases(code)]
    for code in sure:
        cases = index.cases(code)
        if (cases and case not in cases) or (not cases and not own and code.scheme == letter.code.scheme):
            return f"it answers our letter on {letter.code}, and quotes {told(code)}"
    updates = [code for code in own if code.update is not None]
    if updates and not any(_is_of(letter.code, code, case, index) for code in updates):
        return f"it answers our letter on {letter.code}, and quotes {told(updates[0])}"
    return None


def _is_of(appeal: CaseCode, code: CodeFound, case: CaseKey, index: Index) -> bool:
    return any(each.code == appeal for each in index.named(code, case))


# ── By codes ──


def _by_codes(clues: Clues, index: Index) -> Placement:
    known = [code for code in _sure(clues) if index.cases(code)]
    if not known:
        return _held(_why_no_code(clues), clues, index)
    cases = frozenset.intersection(*(index.cases(code) for code in known))
    if len(cases) != 1:
        quoted = " and ".join(dict.fromkeys(told(code) for code in known[:4]))
        return _held(f"two cases are meant or may be: it quotes {quoted}", clues, index)
    (case,) = cases
    heaviest = min(known, key=_weight)
    stranger = _stranger(heaviest, clues, index)
    if stranger is not None:
        return _held(f"it also quotes {told(stranger)}, which no appeal has", clues, index)
    recipient = recipient_of(case, clues, index)
    with_update = [code for code in known if code.update is not None]
    unissued = next((code for code in with_update if not index.named(code, case)), None)
    if unissued is not None:
        return _held(f"it quotes {told(unissued)}, and the case has no such appeal", clues, index)
    named = [appeal.code for code in with_update for appeal in index.named(code, case)]
    code = max(named, key=lambda each: each.update or 0) if named else index.newest(case, clues.on, recipient)
    reasons = [_reason(each) for each in sorted(known, key=_weight)]
    if recipient is not None and clues.sender is not None:
        by_address = index.writes_from(recipient, clues.sender)
        reasons.append(reason_of_sender(recipient, clues.sender, by_address=by_address))
    letter = index.letter(code, recipient, clues.on)
    found = _Found(code, recipient, letter.item if letter is not None else None)
    return _placed(found, reasons, clues, index)


def _stranger(heaviest: CodeFound, clues: Clues, index: Index) -> CodeFound | None:
    """Return a code of no known case that may be what the response is about: of the same scheme, it stands where the
    known code does or in a weightier place; of another, in a weightier one.
    """
    for code in _sure(clues):
        weightier = _weight(code) < _weight(heaviest)
        beside = _weight(code) == _weight(heaviest) and code.scheme == heaviest.scheme
        if not index.cases(code) and (weightier or beside):
            return code
    return None


def _why_no_code(clues: Clues) -> str:
    if _sure(clues):
        return f"no appeal has {told(_sure(clues)[0])}"
    if clues.codes:
        return f"{clues.codes[0].written!r} only suggests {told(clues.codes[0])}"
    return "it quotes no code, and answers no letter that we know of"


def _sure(clues: Clues) -> tuple[CodeFound, ...]:
    return tuple(code for code in clues.codes if code.certainty is not Certainty.SUGGESTED)


def _weight(code: CodeFound) -> int:
    return _ORDER.index(code.where)


def _key(code: CaseCode) -> CaseKey:
    return code.scheme, code.case


def _reason(code: CodeFound) -> Reason:
    return Reason(where=code.where, certainty=code.certainty, words=f"it quotes {told(code)}")


# ── Whether it is from the recipient ──


class _Found(NamedTuple):
    code: CaseCode
    recipient: RecipientId | None
    item: str | None


def _placed(found: _Found, reasons: Sequence[Reason], clues: Clues, index: Index) -> Placement:
    doubt = _against_the_way(clues) or _against_the_sender(found.recipient, reasons[0], clues, index)
    return Placement(
        **found._asdict(),
        where=reasons[0].where,
        certainty=reasons[0].certainty,
        reasons=tuple(dict.fromkeys(reasons)),
        kind=clues.kind,
        verified=doubt is None,
        because=doubt or f"{reasons[0].words}, and {clues.authentication.why}",
    )


def _against_the_way(clues: Clues) -> str | None:
    """Return why the way by which it came proves nothing."""
    if clues.bearer is not None:
        return f"it is passed on by {clues.bearer}"
    if clues.source == "mbox":
        return "it comes from an mbox, in which a mail can hold others that nobody sent"
    if clues.source not in ("eml", "imap"):
        return "it is no mail that our server received"
    return None


def _against_the_sender(recipient: RecipientId | None, first: Reason, clues: Clues, index: Index) -> str | None:
    """Return why its sender is not known to be the recipient."""
    if first.where not in (Where.TOKEN, Where.THREAD) or recipient is None:
        return "it holds neither token nor Message-ID of a letter of ours; a code is public and proves nothing"
    if not clues.authentication.passed:
        return clues.authentication.why
    sender = clues.sender or ""
    if not (index.writes_from(recipient, sender) or index.shares_domain(recipient, sender)):
        return f"{sender or 'nobody'} is no known address of {recipient}, nor of its domain"
    return None
