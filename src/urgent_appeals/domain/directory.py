"""Hold the recipients of one country or institution: offices, holders, addresses, missions, groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.values import (
    ANY_LANGUAGE,
    CountryCode,
    Language,
    PartialDate,
    RecipientId,
    Slug,
    Text,
    Value,
    Wording,
)

SEEN_SERVES = timedelta(days=366)
"""How long around a day on which a source names a holder a letter does, where nothing else is known."""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict)) else value


def _for_all(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


class Gender(StrEnum):
    """Grammatical gender for forms of address."""

    MASCULINE = "m"
    FEMININE = "f"
    UNKNOWN = "unknown"


ByGender = Annotated[dict[Gender | Literal["*"], Text], BeforeValidator(_for_all)]
"""A text, or one text for each of m, f, unknown. Fields: {title} of the office, {name} of the holder."""
GenderedWording = Annotated[dict[Language | Literal["*"], ByGender], BeforeValidator(_for_all)]
"""Text by language, and in a language by the holder's gender where it inflects: `{fr: {m: Ministre, …}}`."""


def in_gender(wording: Mapping[str, Mapping[Gender | Literal["*"], str]], language: str, gender: Gender) -> str | None:
    """Return the text for a language and gender, else the language's one for every gender, else None."""
    table = wording.get(language) or wording.get(ANY_LANGUAGE) or {}
    return table.get(gender) or table.get("*")


class Source(Value):
    """Where something was published, named as it was there; `date` is None for what is undated.

    `language` is that of the title, for readers that speak it aloud.
    """

    title: Text
    language: Language | None = None
    publisher: Text | None = None
    byline: Text | None = None
    pseudonymous: bool = False
    date: PartialDate | None = None
    url: Text | None = None
    republished_by: Text | None = None
    note: Wording = Field(default_factory=dict)


class Contact(Value):
    """One way to reach someone: as printed by the source, and in E.164 where it is a number to dial."""

    kind: Literal["telephone", "fax", "telephone-fax", "email", "web", "form"]
    printed: Text
    e164: Annotated[str, Field(pattern=r"^\+[1-9]\d{4,14}$")] | None = None


class Address(Value):
    """Postal address lines by language, verbatim, top to bottom, without the country.

    `published` is the address as the source has it.
    """

    lines: dict[Language | Literal["*"], tuple[Text, ...]]
    published: Text | None = None
    since: PartialDate | None = Field(default=None, alias="from")
    until: PartialDate | None = None

    def serves(self, on: date) -> bool:
        """Return whether the address was in use on that day, as far as is known."""
        return _within(on, self.since, self.until)


class Holder(Value):
    """Who holds an office, from a date until a date; `seen` are days on which a source names them in it.

    `addressee` is the name as the address block has it, where a language inflects it (Russian: the dative).
    """

    name: Wording
    addressee: Wording = Field(default_factory=dict)
    gender: Gender = Gender.UNKNOWN
    style: Wording = Field(default_factory=dict)
    since: PartialDate | None = Field(default=None, alias="from")
    until: PartialDate | None = None
    seen: Annotated[tuple[PartialDate, ...], BeforeValidator(_one_or_many)] = ()
    source: Source | None = None
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    other_names: tuple[OtherName, ...] = ()
    kept: Kept = Field(default_factory=dict)

    def holds(self, on: date) -> bool:
        """Return whether a letter of that day may name this person as the holder."""
        if not _within(on, self.since, self.until):
            return False
        if self.since is not None or (self.until is not None and not self.seen):
            return True
        return any(day.first - on <= SEEN_SERVES and on - day.last <= SEEN_SERVES for day in self.seen)

    def known(self, on: date) -> tuple[bool, timedelta]:
        """Return how well this person is known to hold the office on that day, to choose among several.

        Whoever began, or was seen, on or before the day goes before one seen only after it; then the nearest
        day counts.
        """
        began = (self.since.first,) if self.since is not None else ()
        known = (*began, *(day.first for day in self.seen))
        before = [on - day for day in known if day <= on]
        if before or not known:
            return True, -min(before, default=on - date.min)
        return False, -(min(known) - on)


class FormOfAddress(Value):
    """How an office is addressed in one language, where the phrases' rule for its kind does not fit.

    Each may differ by the holder's gender: a text, or a mapping with keys m, f, unknown.
    """

    salutation: ByGender = Field(default_factory=dict)
    close: ByGender = Field(default_factory=dict)


def _dated(value: Any) -> Any:
    many = [value] if isinstance(value, (str, dict)) else value
    return [{"date": one} if isinstance(one, str) else one for one in many] if isinstance(many, list) else many


class Failure(Value):
    """That something sent there came back: when, from which address, and who says so, or the words it came with."""

    date: PartialDate
    address: Text | None = None
    says: Text | None = None


Failures = Annotated[tuple[Failure, ...], BeforeValidator(_dated)]
"""Bounces or returns; one may be written as its date alone."""


class Identifier(Value):
    """What another register calls a person or office (Wikidata, a parliament's own number)."""

    scheme: Text
    identifier: Text


class Link(Value):
    """A page about a person or office, or their picture."""

    url: Text
    note: Text | None = None


class OtherName(Value):
    """A further name of a person or office: an earlier one, an alias, one in another script."""

    name: Text
    language: Language | None = None
    note: Text | None = None
    since: PartialDate | None = Field(default=None, alias="from")
    until: PartialDate | None = None


Kept = dict[Literal["popolo", "vcard"], Annotated[str, Field(min_length=1, max_length=1_000_000)]]
"""What an import could not say in words of its own, verbatim by format, for the export to give back."""


class Body(Value):
    """A body through which an office is addressed (the Administration of a President)."""

    name: Wording


class Office(Value):
    """An office that can be asked to act; what it lacks leaves no trace in a letter.

    `addressee` is the name as the address block has it, where a language inflects it (Russian: the dative;
    Spanish: by gender). `title` is what stands after Mr or Ms, with the article where there is one (French).
    """

    name: Wording
    addressee: GenderedWording = Field(default_factory=dict)
    title: GenderedWording = Field(default_factory=dict)
    tags: tuple[Slug, ...] = ()
    through: Body | None = None
    part_of: Slug | RecipientId | None = None
    holders: tuple[Holder, ...] = ()
    forms: dict[Language, FormOfAddress] = Field(default_factory=dict)
    addresses: Annotated[tuple[Address, ...], BeforeValidator(_one_or_many), Field(alias="address")] = ()
    contacts: tuple[Contact, ...] = ()
    emails: Annotated[tuple[Text, ...], BeforeValidator(_one_or_many), Field(alias="email")] = ()
    languages: tuple[Language, ...] = ()
    checked: PartialDate | None = None
    bounced: Failures = ()
    returned: Failures = ()
    source: Source | None = None
    note: Text | None = None
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    other_names: tuple[OtherName, ...] = ()
    kept: Kept = Field(default_factory=dict)

    def holder(self, on: date) -> Holder | None:
        """Return who holds the office on that day, the latest known in it where several do, or None."""
        holding = (holder for holder in self.holders if holder.holds(on))
        return max(holding, key=lambda holder: holder.known(on), default=None)

    def address(self, on: date) -> Address | None:
        """Return the postal address in use on that day, the latest where there are several, or None."""
        return _address(self.addresses, on)


class Group(Value):
    """Offices or bodies asked together: written to through `body`, or else each member, or not at all.

    Members are those it lists and the offices of its directory that are `part_of` it. `addressee` is the name as
    the address block has it, above the body's; `no_letter` is why nobody is written to.
    """

    name: Wording
    addressee: Wording = Field(default_factory=dict)
    members: tuple[RecipientId, ...] = ()
    body: Slug | RecipientId | None = None
    no_letter: Wording = Field(default_factory=dict)
    note: Text | None = None


def _of_country(value: Any) -> Any:
    many = [value] if isinstance(value, (str, dict)) else value
    return (
        [{"country": one} if isinstance(one, str) else one for one in many] if isinstance(many, (list, tuple)) else many
    )


class Suspension(Value):
    """That post from a country (or from all: `*`) does not go there, from a date until a date as far as is known."""

    country: CountryCode | Literal["*"]
    since: PartialDate | None = Field(default=None, alias="from")
    until: PartialDate | None = None

    def holds(self, home: str | None, on: date) -> bool:
        """Return whether post from a country is suspended on a day."""
        return self.country in ("*", home) and _within(on, self.since, self.until)


Suspensions = Annotated[tuple[Suspension, ...], BeforeValidator(_of_country)]
"""Where post does not go; one may be written as its country alone."""


class Mission(Value):
    """An embassy or permanent mission of this country in a host country."""

    host: CountryCode
    name: Wording
    addresses: Annotated[tuple[Address, ...], BeforeValidator(_one_or_many), Field(alias="address")] = ()
    contacts: tuple[Contact, ...] = ()
    emails: Annotated[tuple[Text, ...], BeforeValidator(_one_or_many), Field(alias="email")] = ()
    checked: PartialDate | None = None
    bounced: Failures = ()
    returned: Failures = ()

    def address(self, on: date) -> Address | None:
        """Return the postal address in use on that day, the latest where there are several, or None."""
        return _address(self.addresses, on)


class Directory(Value):
    """The recipients of one country or institution; `country_line` ends an address from abroad."""

    id: Slug = Field(alias="directory")
    name: Wording
    country: CountryCode | None = None
    country_line: Wording = Field(default_factory=dict)
    languages: tuple[Language, ...] = ()
    offices: dict[Slug, Office] = Field(default_factory=dict)
    groups: dict[Slug, Group] = Field(default_factory=dict)
    missions: tuple[Mission, ...] = ()
    source: Source | None = None
    checked: PartialDate | None = None
    kept: Kept = Field(default_factory=dict)
    post_suspended: Suspensions = ()
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)

    def tagged(self, tag: str) -> tuple[str, ...]:
        """Return the recipient ids of the offices that carry a tag, in the order of the file."""
        return tuple(f"{self.id}/{name}" for name, office in self.offices.items() if tag in office.tags)


def _address(addresses: tuple[Address, ...], on: date) -> Address | None:
    serving = (address for address in addresses if address.serves(on))
    return max(serving, key=lambda address: address.since.first if address.since else date.min, default=None)


def _within(on: date, since: PartialDate | None, until: PartialDate | None) -> bool:
    return (since is None or since.first <= on) and (until is None or on <= until.last)
