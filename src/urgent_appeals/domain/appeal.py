"""Hold one appeal: what `appeal.yaml` says of it, and its prose in each language."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, InstanceOf, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core.core_schema import ValidationInfo

from urgent_appeals.domain.campaign import Channel, Issuer, Programme
from urgent_appeals.domain.case_code import CaseCode, parse, unread
from urgent_appeals.domain.directory import Gender, Source
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.prose import Prose
from urgent_appeals.domain.schemes import SCHEMES
from urgent_appeals.domain.values import CountryCode, Day, Language, PartialDate, Slug, Text, Value, Wording
from urgent_appeals.errors import CaseCodeError


def _code(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    context = info.context or {}
    try:
        return parse(value, context.get("schemes", SCHEMES))
    except CaseCodeError as error:
        if value.strip() and context.get("some_schemes_unread", False):  # the fault is in campaign.yaml, and told there
            return unread(value)
        raise ValueError(str(error)) from error


Code = Annotated[CaseCode, BeforeValidator(_code), WithJsonSchema({"type": "string", "description": "a case code"})]


class Kind(StrEnum):
    """What an appeal is to its case."""

    NEW = "new"
    UPDATE = "update"
    STOP = "stop"


class Outcome(StrEnum):
    """What became of the case."""

    OPEN = "open"
    RELEASED = "released"
    ACQUITTED = "acquitted"
    CHARGES_DROPPED = "charges-dropped"
    SENTENCED = "sentenced"
    SENTENCE_REDUCED = "sentence-reduced"
    PROTECTED = "protected"
    DIED = "died"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


class Person(Value):
    """A person whom the appeal is about; without consent a pseudonym stands in `name`."""

    name: Wording
    variants: tuple[Text, ...] = ()
    role: Wording = Field(default_factory=dict)
    gender: Gender = Gender.UNKNOWN
    pronouns: Text | None = None
    consent: Literal["given", "not-asked", "refused", "public"] | None = None
    pseudonym: bool = False


class Occasion(Value):
    """What the appeal is timed to: a session, a visit, a trial; without `start` where the source names no day."""

    name: Wording
    start: PartialDate | None = None
    end: PartialDate | None = None


def _by_channel(value: Any) -> Any:
    return {"*": value} if isinstance(value, str) else value


class Dates(Value):
    """Days of the appeal: `act_by` is one, or one a channel; `embargo` the first on which it may be used."""

    issued: Day | None = None
    events: tuple[PartialDate, ...] = ()
    embargo: Day | None = None
    act_by: Annotated[dict[Channel | Literal["*"], Day], BeforeValidator(_by_channel)] = Field(default_factory=dict)


class OutcomeNote(Value):
    """What became of the case, when, and in whose words."""

    state: Outcome
    date: PartialDate | None = None
    note: Wording = Field(default_factory=dict)
    source: Source | None = None


class Appeal(Value):
    """One published issue about a case: the first appeal, an update, or the stop that ends the writing."""

    code: Code
    other_codes: tuple[Code, ...] = ()
    earlier: tuple[Code, ...] = ()
    follows: Code | None = None
    kind: Kind = Kind.NEW
    draft: bool = False
    historical: bool = False
    title: Wording = Field(default_factory=dict)
    series: Wording = Field(default_factory=dict)
    standing: Wording = Field(default_factory=dict)
    country: CountryCode | None = None
    dates: Dates = Dates()
    occasion: Occasion | None = None
    programme: Programme | None = None
    issuers: tuple[Slug | Issuer, ...] = ()
    republished_by: tuple[Slug | Issuer, ...] = ()
    people: dict[Slug, Person] = Field(default_factory=dict)
    violations: tuple[Wording, ...] = ()
    recipients: tuple[Text, ...] = ()
    copies: tuple[Text, ...] = ()
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    reviewed: tuple[Language, ...] = ()
    translated_from: Annotated[
        dict[Language, Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]],
        Field(description="for each translation, the digest of the original that it was made from"),
    ] = Field(default_factory=dict)
    numbering: Literal["roman", "arabic", "letters", "bullets"] = "roman"
    requests_by: Annotated[
        Literal["issuers", "us"],
        Field(description="whose requests these are: the issuers', or added by this campaign"),
    ] = "issuers"
    sources: tuple[Source, ...] = ()
    outcome: OutcomeNote | None = None
    prose: SkipJsonSchema[dict[str, InstanceOf[Prose]]] = Field(default={}, exclude=True, repr=False)
    folder: SkipJsonSchema[str] = Field(default="", exclude=True)
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)
