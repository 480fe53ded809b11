"""Hold the small values that every definition is made of: partial dates, wording by language, identifiers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    model_serializer,
    model_validator,
)

ANY_LANGUAGE = "*"
_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Value(BaseModel):
    """The base of all domain values: frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _wording(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


def _iso_date(value: Any) -> Any:
    if isinstance(value, str) and _WHOLE_DATE.fullmatch(value) is None:
        raise ValueError("should be a date such as 2003-03-13")
    return value


Day = Annotated[date, BeforeValidator(_iso_date)]
"""A whole date, written as ISO 8601 has it: `2002-08-14`; no time, no seconds since 1970."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
RecipientId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=161)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
_AnyLanguage = Annotated[str, StringConstraints(pattern=r"^\*$")]
Wording = Annotated[dict[Language | _AnyLanguage, Text], BeforeValidator(_wording)]
"""Text by BCP 47 language; a plain string stands for every language (key `*`)."""


def in_language(wording: Mapping[str, str], language: str) -> str | None:
    """Return the text for a language, else that for every language, else None; never another language's."""
    return wording.get(language) or wording.get(ANY_LANGUAGE)


class PartialDate(Value):
    """A date whose day, or month and day, may be unknown: `2002`, `2002-08`, `2002-08-14` (ISO 8601)."""

    year: int
    month: int | None = None
    day: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, date):
            return {"year": value.year, "month": value.month, "day": value.day}
        if not isinstance(value, str):
            return value
        match = _PARTIAL_DATE.fullmatch(value.strip())
        if match is None:
            raise ValueError("should be a date such as 2002-08-14, 2002-08 or 2002")
        year, month, day = (int(part) if part else None for part in match.groups())
        return {"year": year, "month": month, "day": day}

    @model_validator(mode="after")
    def _exists(self) -> PartialDate:
        if self.month is None and self.day is not None:
            raise ValueError("is no date of the calendar: it has a day but no month")
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except ValueError as error:
            raise ValueError(f"is no date of the calendar: {error}") from error
        return self

    @model_serializer
    def __str__(self) -> str:
        return "-".join(
            f"{part:0{width}}" for part, width in ((self.year, 4), (self.month, 2), (self.day, 2)) if part is not None
        )

    @property
    def first(self) -> date:
        """The earliest day that this may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day that this may be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def whole(self) -> date | None:
        """The day itself where it is known, else None."""
        return self.first if self.day else None
