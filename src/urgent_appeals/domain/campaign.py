"""Hold a workspace's settings: who issues, who signs, where answers go, channels, languages, own codes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from urgent_appeals.domain.directory import Contact, Gender
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.values import CountryCode, Language, Slug, Text, Value, Wording

Channel = Literal["post", "email", "fax", "web", "hand"]
"""How a letter travels."""
EnvelopeName = Literal["din-a", "din-b", "nf", "ch-left", "ch-right", "us-10", "uk-dl"]
"""An envelope whose window shows the address; `render.envelope` has its measures."""


class Issuer(Value):
    """An organisation that publishes appeals, with its own contact lines."""

    name: Wording
    short: Wording = Field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()


class Programme(Value):
    """The name under which issuers act; `standing` is its sentence in every appeal, `note` what it is."""

    name: Wording
    standing: Wording = Field(default_factory=dict)
    note: Wording = Field(default_factory=dict)


class Sender(Value):
    """Who signs: a name, what they are, where an answer reaches them. Address lines without the country."""

    name: Wording
    role: Wording = Field(default_factory=dict)
    organisation: Wording = Field(default_factory=dict)
    address: tuple[Text, ...] = ()
    country_line: Wording = Field(default_factory=dict)
    country: CountryCode | None = None
    email: Text | None = None
    gender: Gender = Gender.UNKNOWN


class SchemeDefinition(Value):
    """A scheme of case codes that the workspace adds (see docs/case-codes.md for the pattern language)."""

    name: Slug
    pattern: Text


class Campaign(Value):
    """The settings of a workspace (`campaign.yaml`)."""

    name: Wording
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    country: CountryCode | None = None
    envelope: EnvelopeName = "din-b"
    issuers: dict[Slug, Issuer] = Field(default_factory=dict)
    senders: dict[Slug, Sender]
    sender: Slug
    reply_to: Text | None = None
    channels: tuple[Channel, ...] = ("post", "email", "fax")
    copies: Annotated[
        tuple[Text, ...], Field(description="who gets copies of every appeal: recipients, or missions")
    ] = ()
    schemes: tuple[SchemeDefinition, ...] = ()
    numbering: Annotated[
        str | None, Field(description="the name of the scheme that numbers this workspace's own appeals")
    ] = None
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)
