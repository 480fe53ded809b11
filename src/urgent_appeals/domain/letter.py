"""Hold what is said to one recipient by one sender in one language, without layout; and the bulletin."""

from __future__ import annotations

from datetime import date
from typing import Literal

from urgent_appeals.domain.appeal import Occasion
from urgent_appeals.domain.campaign import Channel, EnvelopeName, Issuer, Programme
from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.directory import Contact, Gender, Source
from urgent_appeals.domain.freshness import Caveat
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import Block, Note, Occurrence, RequestGroup
from urgent_appeals.domain.values import PartialDate, Value


class Addressee(Value):
    """To whom a letter goes.

    `block` are the lines of the address block, top to bottom, with the country last as the directory writes
    it; empty where the directory has no postal address. `by_name` are those that say who it is (holder, office,
    body), in either case, after the `groups` that are written to through it. `name` is how a list names the office.
    `caveats` are what a supporter must know before writing there; only a bulletin has them.
    """

    recipient: str
    name: str
    holder: str | None = None
    holder_gender: Gender = Gender.UNKNOWN
    block: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()
    email: str | None = None
    contacts: tuple[Contact, ...] = ()
    groups: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    @property
    def listed(self) -> tuple[str, ...]:
        """How a list names who is written to: the groups, else the office."""
        return self.groups or (self.name,)


class Signatory(Value):
    """Who signs, in the language of the letter; `address` ends with the country where it is known."""

    sender: str
    name: str
    role: str | None = None
    organisation: str | None = None
    address: tuple[str, ...] = ()
    email: str | None = None


class Deadline(Value):
    """The last day on which a letter may set out by a channel; `assumed` where the appeal names none."""

    channel: Channel
    act_by: date
    assumed: bool = False


class Letter(Value):
    """A letter without layout.

    `subject` holds the code and the person's name; `requests` are filtered for the recipient, verbatim,
    numbered as issued; `before` and `after` are the body around them; `notes` are in the order of their first
    call; `copies` names offices, or the bodies through which they are addressed; `qr` is `CODE:RECIPIENT`,
    split at the last colon; `override` is why a letter that should not be made was made all the same.
    """

    code: CaseCode
    language: str
    on: date
    addressee: Addressee
    signatory: Signatory
    reply_to: str | None
    subject: str
    salutation: str
    before: tuple[Block, ...]
    lead_in: str | None
    requests: tuple[RequestGroup, ...]
    after: tuple[Block, ...]
    request_for_reply: str
    close: str
    copies: tuple[str, ...]
    notes: tuple[Note, ...]
    summary: tuple[Block, ...]
    names: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    envelope: EnvelopeName
    qr: str
    reviewed: bool
    historical: bool
    override: str | None
    phrases: Phrases

    @property
    def item(self) -> str:
        """How messages name this letter: code, recipient, language."""
        return f"{self.code.canonical} to {self.addressee.recipient} in {self.language}"


class Subject(Value):
    """A person whom a bulletin is about, in its language; `variants` are other spellings of the name."""

    name: str
    variants: tuple[str, ...] = ()
    role: str | None = None
    pseudonym: bool = False


class Bulletin(Value):
    """The appeal as published, in one language, without layout; what the appeal lacks is empty or None.

    `unwritten` are groups that are asked to act and get no letter, each with the reason.
    """

    code: CaseCode
    language: str
    kind: Literal["new", "update", "stop"]
    title: str
    series: str | None
    standing: str | None = None
    country: str | None
    issued: date | None
    on: date
    programme: Programme | None
    issuers: tuple[Issuer, ...]
    republished_by: tuple[Issuer, ...]
    people: tuple[Subject, ...]
    violations: tuple[str, ...]
    occasion: Occasion | None
    deadlines: tuple[Deadline, ...]
    new_information: tuple[Block, ...]
    background: tuple[Block, ...]
    chronology: tuple[Occurrence, ...]
    requests: tuple[RequestGroup, ...]
    remarks: tuple[Block, ...]
    addressees: tuple[Addressee, ...]
    salutations: tuple[str, ...]
    unwritten: tuple[tuple[str, str], ...] = ()
    copies: tuple[str, ...]
    missions: tuple[Addressee, ...] = ()
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    earlier: tuple[str, ...]
    other_codes: tuple[str, ...]
    follows: str | None
    place_line: str | None
    outcome: str | None
    outcome_on: PartialDate | None
    requests_are_ours: bool
    reviewed: bool
    historical: bool
    override: str | None
    phrases: Phrases

    @property
    def qr(self) -> str:
        """What its QR code says: as in a letter `CODE:RECIPIENT`, with the word `bulletin` for the recipient."""
        return f"{self.code}:bulletin"
