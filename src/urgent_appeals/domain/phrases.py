"""Hold the fixed wording of one language, marked reviewed or not (`templates/phrases/<language>.yaml`)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from urgent_appeals.domain.directory import ByGender
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.values import Language, Slug, Text, Value


class LetterPhrases(Value):
    """Wording of the letter. Fields: {code} the case code, {page}, {pages}, {subject}, {title}, {name}, {mission}."""

    subject: Text
    lead_in: Text
    request_for_reply: Text
    salutations: dict[Slug, ByGender]
    closes: dict[Slug, ByGender]
    appeal_code: Text
    date: Text
    reply_to: Text
    reply_quoting: Text
    copy_to: Text
    care_of: Text
    please_forward: Text
    quote_code: Text
    page: Text
    signature_room: Text
    qr_alternative: Text
    letterhead: Text
    address_label: Text
    notes: Text


class FaxPhrases(Value):
    """Wording of the cover page of a fax; its other words are those of the letter."""

    heading: Text
    to: Text
    number: Text
    sender: Text
    pages: Text
    pass_on: Text


class MailPhrases(Value):
    """Wording of email drafts and mail links. Fields: {code}, {subject}, {name}."""

    pasted_text: Text
    attachment_note: Text


class BulletinPhrases(Value):
    """Wording of the bulletin.

    Fields: {code}, {date}, {country}, {names}, {programme}, {issuers}, {day}, {channel}.
    """

    kind_new: Text
    kind_update: Text
    kind_stop: Text
    standing: Text
    standing_programme: Text
    code: Text
    issued: Text
    country: Text
    people: Text
    violations: Text
    act_by: Text
    assumed: Text
    act_by_channels: dict[Slug, Text]
    new_information: Text
    facts: Text
    background: Text
    chronology: Text
    actions: Text
    addresses: Text
    salutation: Text
    bounced: Text
    returned: Text
    suspended: Text
    copies: Text
    quote_code: Text
    contact: Text
    sources: Text
    undated: Text
    byline: Text
    pseudonym: Text
    republished: Text
    requests_are_ours: Text
    historical: Text
    earlier_codes: Text
    follows: Text
    outcome: Text
    notes: Text
    stop: Text
    contact_kinds: dict[Slug, Text]
    outcomes: dict[Slug, Text]


class Phrases(Value):
    """All fixed wording of one language."""

    language: Language
    name: Text
    reviewed: bool
    direction: Literal["ltr", "rtl"] = "ltr"
    letter: LetterPhrases
    fax: FaxPhrases
    mail: MailPhrases
    bulletin: BulletinPhrases
    conjunction: Text
    origin: SkipJsonSchema[InstanceOf[Origin]] = Field(default=Origin(""), exclude=True, repr=False)
