"""Know the cases, appeals and letters that a response can belong to, by all that a response can name them by."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.quoted import QuotedCode
from urgent_appeals.domain.values import RecipientId, Value

CaseKey = tuple[str, str]
"""Scheme and case: what tells a case from every other."""

_Name = TypeVar("_Name")
_Named = TypeVar("_Named")
_Coded = TypeVar("_Coded", "KnownAppeal", "SentLetter")

_SHARED_DOMAINS: Final = frozenset(
    """
    126.com 163.com aol.com bk.ru free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com hotmail.fr
    icloud.com inbox.ru laposte.net list.ru live.com mail.com mail.kz mail.ru msn.com orange.fr outlook.com outlook.fr
    proton.me protonmail.com qq.com rambler.ru rediffmail.com ukr.net web.de ya.ru yahoo.co.uk yahoo.com yahoo.es
    yahoo.fr yandex.com yandex.kz yandex.ru ymail.com
    """.split()
)  # offices do use them, and so does everybody else
_MISREAD: Final = str.maketrans("OQIL|BSZ", "00111852")
_VA: Final = re.compile(r"\bVA\b")
_LAST_NUMBER: Final = re.compile(r"OBS ([0-9]{3})\Z")


class SentLetter(Value):
    """A letter that went out: of which appeal, to whom, when, and what only who got it can know of it."""

    item: str
    code: CaseCode
    recipient: RecipientId
    on: date
    token: str | None = None
    message_ids: tuple[str, ...] = ()
    address: str | None = None


class KnownAppeal(Value):
    """An appeal of the workspace: its code, what other organisations call it, the day of issue, whom it asks."""

    code: CaseCode
    other_codes: tuple[CaseCode, ...] = ()
    issued: date | None = None
    recipients: tuple[RecipientId, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """All that is known, made once and asked for each response; see `index_of`."""

    appeals: Mapping[CaseKey, tuple[KnownAppeal, ...]]
    letters: Mapping[CaseKey, tuple[SentLetter, ...]]
    addresses: Mapping[RecipientId, frozenset[str]]
    ours: frozenset[str]
    _cases: Mapping[CaseKey, frozenset[CaseKey]]
    _tokens: Mapping[str, SentLetter]
    _message_ids: Mapping[str, SentLetter]
    _misread: Mapping[str, frozenset[CaseKey]]
    _masked: Mapping[tuple[str, str], frozenset[CaseKey]]
    _numbers: Mapping[str, frozenset[CaseKey]]
    _asked: Mapping[RecipientId, frozenset[CaseKey]]
    _asking: Mapping[CaseKey, frozenset[RecipientId]]
    _writers: Mapping[str, frozenset[RecipientId]]

    @property
    def codes(self) -> tuple[CaseCode, ...]:
        """All codes of all appeals, others' codes too: what a search for codes should know."""
        known = (
            code for appeals in self.appeals.values() for each in appeals for code in (each.code, *each.other_codes)
        )
        return tuple(dict.fromkeys(known))

    def by_token(self, token: str) -> SentLetter | None:
        """Return the letter whose answer comes to a token, in any case of letters."""
        return self._tokens.get(token.lower())

    def by_message_id(self, message_id: str) -> SentLetter | None:
        """Return the letter that went out under a Message-ID, with its angle brackets or without."""
        return self._message_ids.get(_bare(message_id))

    def cases(self, code: QuotedCode) -> frozenset[CaseKey]:
        """Return our cases that a code names; several where it is others' code for several."""
        return self._cases.get((code.scheme, code.case), frozenset())

    def named(self, code: QuotedCode, case: CaseKey) -> tuple[KnownAppeal, ...]:
        """Return the appeals of a case that a code names with its update; without an update, every one."""
        return tuple(each for each in self.appeals[case] if any(_names(code, own) for own in _codes(each)))

    def newest(self, case: CaseKey, on: date | None, recipient: RecipientId | None = None) -> CaseCode:
        """Return the code of the newest appeal of a case whose letters were sent by a day, to one recipient if given.

        Where none was sent by then it is the newest that was issued by then, else the first.
        """
        for to in dict.fromkeys((recipient, None)):
            sent = [each.code for each in self._sent(case, on) if to in (None, each.recipient)]
            if sent:
                return max(sent, key=_update)
        issued = [each.code for each in self.appeals[case] if on is None or each.issued is None or each.issued <= on]
        return max(issued, key=_update) if issued else self.appeals[case][0].code

    def letter(self, code: CaseCode, recipient: RecipientId | None, on: date | None) -> SentLetter | None:
        """Return the last letter of an appeal that was sent to a recipient by a day."""
        sent = [each for each in self._sent((code.scheme, code.case), on) if each.recipient == recipient]
        return next((each for each in reversed(sent) if each.code == code), None)

    def asked(self, case: CaseKey) -> frozenset[RecipientId]:
        """Return all whom a case's appeals ask, or its letters went to."""
        return self._asking.get(case, frozenset())

    def cases_of(self, recipient: RecipientId) -> frozenset[CaseKey]:
        """Return the cases that a recipient was asked about."""
        return self._asked.get(recipient, frozenset())

    def last_sent(self, case: CaseKey, on: date | None) -> date | None:
        """Return the day of the last letter of a case by a day."""
        sent = self._sent(case, on)
        return sent[-1].on if sent else None

    def writers(self, sender: str) -> frozenset[RecipientId]:
        """Return all recipients whose address this is, or whose own domain it is of."""
        by_domain = self._writers.get(domain_of(sender), frozenset())
        return self._writers.get(sender.lower(), frozenset()) | by_domain

    def writes_from(self, recipient: RecipientId, sender: str) -> bool:
        """Tell whether an address is one of a recipient's."""
        return sender.lower() in self.addresses.get(recipient, ())

    def shares_domain(self, recipient: RecipientId, sender: str) -> bool:
        """Tell whether an address is of a recipient's own domain; one where anyone can have an address is nobody's."""
        return recipient in self._writers.get(domain_of(sender), ())

    def misread(self, code: QuotedCode) -> frozenset[CaseKey]:
        """Return the known cases that a scanner may have read as this code."""
        return self._misread.get(_as_misread(code.case), frozenset())

    def one_figure_off(self, code: QuotedCode) -> frozenset[CaseKey]:
        """Return the known cases that differ by one figure, and are not the code's own."""
        near = {case for mask in _masks(code.case) for case in self._masked.get((code.scheme, mask), ())}
        return frozenset(near - {(code.scheme, code.case)})

    def same_number(self, code: QuotedCode) -> frozenset[CaseKey]:
        """Return the known cases of the Observatory whose number stands at the end of a code."""
        found = _LAST_NUMBER.search(code.case)
        return self._numbers.get(found[1], frozenset()) if found else frozenset()

    def _sent(self, case: CaseKey, on: date | None) -> tuple[SentLetter, ...]:
        return tuple(each for each in self.letters.get(case, ()) if on is None or each.on <= on)


def index_of(
    appeals: Iterable[KnownAppeal],
    letters: Iterable[SentLetter] = (),
    addresses: Mapping[RecipientId, Iterable[str]] | None = None,
    ours: Iterable[str] = (),
) -> Index:
    """Return the index of appeals, of letters of theirs that were sent, of recipients' addresses, and of our own.

    Letters of appeals that are not given, whose files are gone, are known by what they say.
    """
    sent = sorted(letters, key=lambda each: (each.on, _update(each.code)))
    known = list(appeals)
    codes = {each.code for each in known}
    known += [KnownAppeal(code=code) for code in dict.fromkeys(each.code for each in sent) if code not in codes]
    asked = [(recipient, _key(each.code)) for each in known for recipient in each.recipients]
    asked += [(letter.recipient, _key(letter.code)) for letter in sent]
    own_addresses = _by_recipient(sent, addresses or {})
    named = [(code, _key(each.code)) for each in known for code in (each.code, *each.other_codes)]
    return Index(
        appeals=_grouped(sorted(known, key=lambda each: _update(each.code))),
        letters=_grouped(sent),
        addresses=own_addresses,
        ours=frozenset(each.lower() for each in ours),
        _cases=_sets((_key(code), own) for code, own in named),
        _tokens={letter.token.lower(): letter for letter in sent if letter.token},
        _message_ids={_bare(message_id): letter for letter in sent for message_id in letter.message_ids},
        _misread=_sets((_as_misread(code.case), own) for code, own in named),
        _masked=_sets(((code.scheme, mask), own) for code, own in named for mask in _masks(code.case)),
        _numbers=_sets((found[1], own) for code, own in named if (found := _LAST_NUMBER.search(code.case))),
        _asked=_sets(asked),
        _asking=_sets((case, recipient) for recipient, case in asked),
        _writers=_sets(
            (written, recipient)
            for recipient, own in own_addresses.items()
            for address in own
            for written in (address, domain_of(address))
            if written and written not in _SHARED_DOMAINS
        ),
    )


def domain_of(address: str) -> str:
    """Return the domain of an address, in small letters."""
    return address.rpartition("@")[2].lower()


def _by_recipient(
    letters: Iterable[SentLetter], addresses: Mapping[RecipientId, Iterable[str]]
) -> dict[RecipientId, frozenset[str]]:
    written_to = ((each.recipient, each.address.lower()) for each in letters if each.address)
    return _sets([(recipient, each.lower()) for recipient, own in addresses.items() for each in own] + [*written_to])


def _sets(pairs: Iterable[tuple[_Name, _Named]]) -> dict[_Name, frozenset[_Named]]:
    """Return all that each name stands for."""
    found: dict[_Name, set[_Named]] = defaultdict(set)
    for name, named in pairs:
        found[name].add(named)
    return {name: frozenset(values) for name, values in found.items()}


def _grouped(values: Iterable[_Coded]) -> dict[CaseKey, tuple[_Coded, ...]]:
    groups: dict[CaseKey, list[_Coded]] = defaultdict(list)
    for each in values:
        groups[_key(each.code)].append(each)
    return {case: tuple(group) for case, group in groups.items()}


def _codes(appeal: KnownAppeal) -> tuple[CaseCode, ...]:
    return (appeal.code, *appeal.other_codes)


def _key(code: CaseCode) -> CaseKey:
    return code.scheme, code.case


def _update(code: CaseCode) -> int:
    return code.update or 0


def _names(code: QuotedCode, own: CaseCode) -> bool:
    return (code.scheme, code.case) == _key(own) and code.update in (None, own.update)


def _bare(message_id: str) -> str:
    return message_id.strip().removeprefix("<").removesuffix(">")


def _as_misread(case: str) -> str:
    """Return one text for all that a scanner takes for one another."""
    return _VA.sub("UA", case).translate(_MISREAD)


def _masks(case: str) -> Iterator[str]:
    """Yield a case with each of its figures hidden in turn."""
    for at, character in enumerate(case):
        if character.isdigit():
            yield f"{case[:at]}?{case[at + 1 :]}"
