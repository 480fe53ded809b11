"""A letter says what the appeal says, to this recipient, in this language, on this day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import (
    CODE,
    ON,
    a_campaign,
    a_directory,
    a_prose,
    a_sender,
    an_appeal,
    an_office,
    notes,
    paragraph,
    paragraphs,
    phrases,
    requests,
)
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.compose import address, compose, letter_text, requests_to, sign
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.prose import (
    Block,
    LetterText,
    NoteMark,
    Paragraph,
    Request,
    RequestGroup,
    RequestHeading,
    Run,
    Scope,
    note_labels,
    plain,
)
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.errors import MissingWording

BERG = {
    "name": {"en": "Tomas Berg", "ru": "Томас Берг"},
    "style": {"en": "H.E. Mr"},
    "gender": "m",
    "from": "2024-05",
}
MINISTRY = {"name": {"en": "Ministry of Justice", "ru": "Министерство юстиции"}}
RUSSIAN_ONLY = {"ru": "Слово"}


def a_world(**justice: Any) -> dict[str, Directory]:
    """Return Arlandia with its Minister of Justice changed, and the OSCE, which is in no country."""
    osce = {
        "directory": "osce",
        "name": "OSCE",
        "offices": {"chair": an_office(name="Chair of the OSCE", tags=())},
    }
    offices = {**a_directory().offices, "justice": an_office(**justice)}
    groups = {
        "committee": {"name": "Committee", "body": "justice"},
        "bench": {"name": "Bench", "members": ["arlandia/justice", "osce/chair"]},
        "inquiry": {"name": "Inquiry", "body": "osce/chair"},
    }
    return {"arlandia": a_directory(offices=offices, groups=groups), "osce": Directory.model_validate(osce)}


def to(recipient: str = "arlandia/justice", **justice: Any) -> Recipient:
    return resolve((recipient,), a_world(**justice)).recipients[0]


def write(
    appeal: Appeal | None = None,
    *,
    language: str = "en",
    on: date = ON,
    recipient: Recipient | None = None,
    **campaign: Any,
) -> Letter:
    return compose(
        appeal or an_appeal(),
        recipient or to(),
        campaign=a_campaign(**campaign),
        sender="hale",
        phrases=phrases(language),
        directories=a_world(),
        on=on,
    )


def test_the_envelope_is_the_campaigns_unless_another_is_named() -> None:
    assert write(envelope="nf").envelope == "nf"
    other = compose(
        an_appeal(),
        to(),
        campaign=a_campaign(envelope="nf"),
        sender="hale",
        phrases=phrases("en"),
        directories=a_world(),
        on=ON,
        envelope="us-10",
    )
    assert other.envelope == "us-10"


def saying(language: str = "en", **prose: Any) -> Appeal:
    """Return an appeal whose prose is changed."""
    return an_appeal(prose={language: a_prose(language, **prose)})


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [plain(block.runs) for block in blocks if isinstance(block, Paragraph)]


# What identifies the letter


def test_the_subject_carries_the_code_and_the_name_of_the_person() -> None:
    assert write().subject == f"{CODE} – Ms Ilva Maren: request for her release"


def test_braces_in_a_subject_are_only_braces() -> None:
    assert write(saying(subject="{code} {subject} {0}")).subject == f"{CODE} – {{code}} {{subject}} {{0}}"


@pytest.mark.parametrize(
    ("prose", "title", "subject"),
    [
        pytest.param({"subject": None, "title": "In the prose"}, {"en": "In the data"}, "In the prose", id="# Title"),
        pytest.param({"subject": None, "title": None}, {"en": "In the data"}, "In the data", id="title of the appeal"),
    ],
)
def test_without_a_subject_the_title_serves(prose: dict[str, Any], title: Any, subject: str) -> None:
    appeal = an_appeal(title=title, prose={"en": a_prose(**prose)})
    assert write(appeal).subject == f"{CODE} – {subject}"


def test_the_qr_code_says_code_and_recipient_parted_by_the_last_colon() -> None:
    letter = write(an_appeal(code="UA: 325/12"))
    assert letter.qr.rpartition(":") == ("UA: 325/12", ":", "arlandia/justice")


def test_the_reply_is_asked_for_with_the_code() -> None:
    assert CODE in write().request_for_reply
    assert CODE in write(language="ru").request_for_reply


def test_messages_name_a_letter_by_code_recipient_and_language() -> None:
    assert write().item == f"{CODE} to arlandia/justice in en"


@pytest.mark.parametrize(
    ("campaign", "reply_to"),
    [
        pytest.param({}, "answers@campaign.example", id="the campaign's address"),
        pytest.param({"reply_to": None}, "m.hale@letters.example", id="else the sender's"),
        pytest.param({"reply_to": None, "senders": {"hale": a_sender(email=None)}}, None, id="else none"),
    ],
)
def test_answers_are_asked_to_one_address(campaign: dict[str, Any], reply_to: str | None) -> None:
    assert write(**campaign).reply_to == reply_to


@pytest.mark.parametrize(
    ("prose_reviewed", "phrases_reviewed", "reviewed"),
    [(("en",), True, True), ((), True, False), (("en",), False, False), (("ru",), True, False)],
)
def test_a_letter_is_reviewed_where_prose_and_phrases_are(
    prose_reviewed: tuple[str, ...], phrases_reviewed: bool, reviewed: bool
) -> None:
    letter = compose(
        an_appeal(reviewed=prose_reviewed),
        to(),
        campaign=a_campaign(),
        sender="hale",
        phrases=phrases("en", reviewed=phrases_reviewed),
        directories=a_world(),
        on=ON,
        override="the issuer asked for it",
    )
    assert (letter.reviewed, letter.override) == (reviewed, "the issuer asked for it")


def test_a_letter_on_a_historical_appeal_has_no_email_address_to_be_sent_to() -> None:
    office = to(email="m@justice.example")
    emails = [write(an_appeal(historical=old), recipient=office).addressee.email for old in (True, False)]
    assert emails == [None, "m@justice.example"]


def test_a_letter_on_a_historical_appeal_says_so() -> None:
    assert [write(an_appeal(historical=old)).historical for old in (True, False)] == [True, False]


# To whom


@pytest.mark.parametrize(
    ("justice", "block"),
    [
        pytest.param({}, ["Tomas Berg", "Minister of Justice"], id="holder and office"),
        pytest.param({"holders": [BERG]}, ["H.E. Mr Tomas Berg", "Minister of Justice"], id="with style"),
        pytest.param({"holders": ()}, ["Minister of Justice"], id="nobody holds it"),
        pytest.param(
            {"holders": [BERG], "through": MINISTRY},
            ["H.E. Mr Tomas Berg", "Minister of Justice", "Ministry of Justice"],
            id="through a body",
        ),
        pytest.param({"holders": (), "through": MINISTRY}, ["Ministry of Justice"], id="through a body, nobody named"),
        pytest.param(
            {
                "addressee": {"en": "To the Minister"},
                "holders": [{**BERG, "addressee": {"en": "Mr T. Berg"}}],
            },
            ["H.E. Mr Mr T. Berg", "To the Minister"],
            id="as the address has them",
        ),
        pytest.param(
            {"addressee": {"ru": "Министру"}, "holders": [{**BERG, "addressee": {"ru": "Бергу"}}]},
            ["H.E. Mr Tomas Berg", "Minister of Justice"],
            id="as another language's address has them",
        ),
    ],
)
def test_the_address_begins_with_holder_office_and_body(justice: dict[str, Any], block: list[str]) -> None:
    assert write(recipient=to(**justice)).addressee.block == (
        *block,
        "1 Harbour Square",
        "Northport 1000",
        "ARLANDIA",
    )


def test_a_letter_to_a_group_names_it_above_the_body_that_it_is_written_to_through() -> None:
    committee = {"name": {"en": "Committee", "ru": "Комитет"}, "addressee": {"ru": "Комитету"}, "body": "justice"}
    justice = an_office(name={"en": "Clerk", "ru": "Секретариат"}, addressee={"ru": "Секретариату"}, holders=())
    world = {"arlandia": a_directory(offices={"justice": justice}, groups={"committee": committee})}
    (named,) = resolve(("arlandia/committee", "arlandia/justice", "arlandia/committee"), world).recipients
    for language, lines in (("en", ("Committee", "Clerk")), ("ru", ("Комитету", "Секретариат"))):
        addressee = address(named, language, ON)
        assert (addressee.by_name, addressee.block[:2]) == (lines, lines)
    assert address(named, "ru", ON).listed == ("Комитет",)
    (itself,) = resolve(("arlandia/justice",), world).recipients
    assert address(itself, "ru", ON).by_name == ("Секретариату",)
    assert address(itself, "ru", ON).listed == ("Секретариат",)


def test_in_a_language_that_inflects_names_only_the_address_does_so() -> None:
    recipient = to(addressee={"ru": "Министру юстиции"}, holders=[{**BERG, "addressee": {"ru": "Бергу Томасу"}}])
    addressee = write(language="ru", recipient=recipient).addressee
    assert addressee.block[:2] == ("Бергу Томасу", "Министру юстиции")
    assert (addressee.holder, addressee.name) == ("Томас Берг", "Министр юстиции")


@pytest.mark.parametrize(
    ("gender", "line"),
    [
        pytest.param("m", "Ministro de Justicia", id="a man"),
        pytest.param("f", "Ministra de Justicia", id="a woman"),
        pytest.param("unknown", "Minister of Justice", id="gender unknown"),
    ],
)
def test_the_address_block_has_the_office_in_the_holders_gender(gender: str, line: str) -> None:
    by_gender = {"en": {"m": "Ministro de Justicia", "f": "Ministra de Justicia"}}
    recipient = to(addressee=by_gender, holders=[{**BERG, "gender": gender}])
    assert write(recipient=recipient).addressee.block[1] == line


def test_a_vacant_office_is_written_to_by_its_name() -> None:
    recipient = to(addressee={"en": {"m": "Mr Minister", "f": "Ms Minister"}}, holders=[])
    assert write(recipient=recipient).addressee.block[0] == "Minister of Justice"


@pytest.mark.parametrize(
    ("on", "holder", "salutation"),
    [
        pytest.param(date(2024, 4, 30), "Ada Lund", "Уважаемая госпожа Министр!", id="her last day"),
        pytest.param(date(2024, 5, 1), "Томас Берг", "Уважаемый господин Министр!", id="his first day"),
    ],
)
def test_the_letter_names_the_holder_of_its_day_and_greets_by_gender(on: date, holder: str, salutation: str) -> None:
    lund = {"name": "Ada Lund", "gender": "f", "from": "2020", "until": "2024-04"}
    letter = write(language="ru", on=on, recipient=to(holders=[BERG, lund]))
    assert (letter.addressee.holder, letter.salutation) == (holder, salutation)
    assert letter.addressee.block[0] == holder


@pytest.mark.parametrize(("on", "line"), [(date(2026, 4, 1), "Old Square 1"), (date(2026, 4, 2), "New Street 2")])
def test_the_letter_goes_where_the_office_is_on_its_day(on: date, line: str) -> None:
    addresses = [
        {"lines": {"*": ["Old Square 1"]}, "until": "2026-04-01"},
        {"lines": {"*": ["New Street 2"]}, "from": "2026-04-02"},
    ]
    assert line in write(on=on, recipient=to(address=addresses)).addressee.block


@pytest.mark.parametrize(
    ("lines", "block"),
    [
        pytest.param({"en": ["E"], "*": ["A"]}, ("Tomas Berg", "Minister of Justice", "E", "ARLANDIA"), id="its own"),
        pytest.param({"ru": ["R"], "*": ["A"]}, ("Tomas Berg", "Minister of Justice", "A", "ARLANDIA"), id="for all"),
        pytest.param({"ru": ["R"]}, (), id="never another language's"),
    ],
)
def test_address_lines_are_those_of_the_language(lines: dict[str, Any], block: tuple[str, ...]) -> None:
    assert write(recipient=to(address={"lines": lines})).addressee.block == block


def test_an_office_without_an_address_has_no_address_block() -> None:
    addressee = write(recipient=to(address=())).addressee
    assert (addressee.block, addressee.name, addressee.holder) == ((), "Minister of Justice", "Tomas Berg")
    assert addressee.by_name == ("Tomas Berg", "Minister of Justice")


@pytest.mark.parametrize(
    ("emails", "email"),
    [
        pytest.param((), None, id="none"),
        pytest.param(("a@b.example", "c@d.example"), "a@b.example", id="the first"),
        pytest.param(("a@gov。kz",), "a@gov.kz", id="as it is used"),
        pytest.param(("no address",), "no address", id="refused where it is written to"),
    ],
)
def test_a_letter_has_one_email_address_or_none(emails: tuple[str, ...], email: str | None) -> None:
    assert write(recipient=to(email=emails)).addressee.email == email


@pytest.mark.parametrize(
    ("sender", "campaign", "abroad"),
    [
        pytest.param("GBR", "GBR", True, id="from abroad"),
        pytest.param("XAA", "GBR", False, id="from the recipient's country"),
        pytest.param(None, "XAA", False, id="a campaign in the recipient's country"),
        pytest.param("GBR", "XAA", True, id="the sender's country counts"),
        pytest.param(None, None, True, id="nobody knows from where"),
    ],
)
def test_the_country_stands_last_in_both_addresses_from_abroad_only(
    sender: str | None, campaign: str | None, abroad: bool
) -> None:
    letter = write(country=campaign, senders={"hale": a_sender(country=sender)})
    assert (letter.addressee.block[-1] == "ARLANDIA") is abroad
    assert (letter.signatory.address[-1] == "United Kingdom") is abroad


def test_an_institution_is_abroad_for_everyone() -> None:
    letter = write(recipient=to("osce/chair"), country=None, senders={"hale": a_sender(country=None)})
    assert letter.signatory.address[-1] == "United Kingdom"


@pytest.mark.parametrize(("line", "last"), [({"ru": "АРЛАНДИЯ"}, "Northport 1000"), ("ARLANDIA", "ARLANDIA")])
def test_a_country_line_of_another_language_is_not_printed(line: Any, last: str) -> None:
    directory = a_directory(country_line=line)
    recipient = resolve(("arlandia/justice",), {"arlandia": directory}).recipients[0]
    assert address(recipient, "en", ON).block[-1] == last


# Who signs


def test_a_signatory_speaks_the_language_of_the_letter() -> None:
    sender = a_sender(organisation={"en": "The Group", "ru": "Группа"})
    signatory = sign(sender, "hale", a_directory(), "ru", "x")
    assert (signatory.role, signatory.organisation) == ("Участница группы в Лидсе", "Группа")
    assert (signatory.sender, signatory.name, signatory.email) == (
        "hale",
        "Margaret Hale",
        "m.hale@letters.example",
    )


def test_what_a_sender_lacks_leaves_no_trace() -> None:
    sender = a_sender(role=RUSSIAN_ONLY, organisation={}, address=(), email=None)
    signatory = sign(sender, "hale", a_directory(), "en", "x")
    assert (signatory.role, signatory.organisation, signatory.address, signatory.email) == (
        None,
        None,
        (),
        None,
    )


# What it says


def letters(*texts: tuple[str, tuple[str, ...]]) -> tuple[LetterText, ...]:
    return tuple(LetterText(blocks=paragraphs(text), scope=Scope(to=scope)) for text, scope in texts)


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        pytest.param((), ("arlandia",), "second", id="a directory before everyone"),
        pytest.param(("arlandia",), ("arlandia#minister",), "second", id="a tag before a directory"),
        pytest.param(("arlandia",), ("arlandia/committee",), "second", id="a group before a directory"),
        pytest.param(("arlandia#minister",), ("arlandia/justice",), "second", id="an office before a tag"),
        pytest.param(("arlandia/committee",), ("arlandia/justice",), "second", id="an office before a group"),
        pytest.param((), ("osce",), "first", id="everyone before others"),
        pytest.param(("arlandia",), ("osce/chair", "arlandia"), "first", id="others in its scope bring it no closer"),
        pytest.param(
            ("osce/chair", "arlandia"),
            ("arlandia#minister",),
            "second",
            id="others in the scope before do not either",
        ),
        pytest.param(("arlandia",), ("arlandia",), "first", id="the first of two alike"),
        pytest.param(("osce",), ("osce/chair",), None, id="none is for it"),
    ],
)
def test_of_several_letters_the_closest_is_read(
    first: tuple[str, ...], second: tuple[str, ...], taken: str | None
) -> None:
    prose = a_prose(letters=letters(("first", first), ("second", second)))
    text = letter_text(prose, to())
    assert (None if text is None else words(text.blocks)) == (None if taken is None else [taken])


def test_the_body_stands_before_the_requests_unless_marked() -> None:
    letter = write()
    assert len(letter.before) == 2
    assert letter.after == ()


def asking(*blocks: str, at: int | None = None, **prose: Any) -> Appeal:
    return saying(letters=(LetterText(blocks=paragraphs(*blocks), actions_at=at),), **prose)


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [
        pytest.param(None, ["a", "b"], [], id="not marked"),
        pytest.param(0, [], ["a", "b"], id="at the beginning"),
        pytest.param(1, ["a"], ["b"], id="in the middle"),
        pytest.param(2, ["a", "b"], [], id="at the end"),
    ],
)
def test_requests_stand_where_they_are_marked(at: int | None, before: list[str], after: list[str]) -> None:
    letter = write(asking("a", "b", at=at))
    assert (words(letter.before), words(letter.after)) == (before, after)
    assert letter.lead_in == "I respectfully urge you to:"


@pytest.mark.parametrize(
    ("blocks", "at", "lead_in", "before"),
    [
        pytest.param(("a", "Please:"), None, "Please:", ["a"], id="at the end"),
        pytest.param(("a", "Please:", "b"), 2, "Please:", ["a"], id="in the middle"),
        pytest.param(("Please: ",), None, "Please: ", [], id="alone, with a blank"),
        pytest.param(("请：",), None, "请：", [], id="with the colon of Chinese"),
        pytest.param(("Please:", "b"), 0, "I respectfully urge you to:", [], id="after the requests"),
    ],
)
def test_a_paragraph_that_ends_with_a_colon_leads_in(
    blocks: tuple[str, ...], at: int | None, lead_in: str, before: list[str]
) -> None:
    letter = write(asking(*blocks, at=at))
    assert (letter.lead_in, words(letter.before)) == (lead_in, before)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(paragraph("I *urge* you to:"), id="emphasis"),
        pytest.param(Paragraph(runs=(Run(text="Please", strong=True), Run(text=":"))), id="strong"),
        pytest.param(Paragraph(runs=(Run(text="Please:", link="https://x.example"),)), id="link"),
        pytest.param(paragraph("Please[^1]:"), id="note"),
        pytest.param(paragraph("Please:", number=12), id="number"),
    ],
)
def test_a_lead_in_with_styles_stays_whole_in_the_body_and_is_the_only_one(block: Paragraph) -> None:
    letter = write(saying(letters=(LetterText(blocks=(block,)),)))
    assert letter.before == (block,)
    assert letter.lead_in is None


def test_without_requests_there_is_no_lead_in_and_nothing_is_lost() -> None:
    letter = write(asking("a", "Please:", requests=()))
    assert (letter.lead_in, words(letter.before), letter.requests) == (None, ["a", "Please:"], ())
    assert write(saying(requests=())).lead_in is None


def test_each_language_leads_in_by_its_own_words() -> None:
    assert write(language="ru").lead_in == phrases("ru").letter.lead_in


# Requested actions


def heading(text: str, *to: str, level: int = 1, **scope: Any) -> RequestHeading:
    return RequestHeading(level=level, runs=(Run(text=text),), scope=Scope(to=to, **scope))


def request(label: str, *to: str) -> Request:
    return Request(label=label, blocks=paragraphs(f"do {label}"), scope=Scope(to=to))


def group(*requests: Request, headings: tuple[RequestHeading, ...] = (), introduction: str = "") -> RequestGroup:
    return RequestGroup(
        headings=headings, requests=requests, introduction=paragraphs(introduction) if introduction else ()
    )


ALL = (
    group(request("i."), request("ii.", "arlandia/president"), request("iii.", "arlandia#minister")),
    group(request("iv."), headings=(heading("To the President", "arlandia/president"),), introduction="Sir:"),
    group(request("v."), headings=(heading("To the Minister", "arlandia/justice"),), introduction="Sir:"),
    group(
        request("vi.", "arlandia"),
        request("vii.", "osce"),
        headings=(heading("To all", "arlandia", "osce"), heading("Prisons", level=2, theme="prisons")),
        introduction="In prisons:",
    ),
    group(
        request("viii.", "osce/chair"),
        headings=(heading("Ms Maren", person="maren"),),
    ),
)


@pytest.mark.parametrize(
    ("recipient", "labels"),
    [
        pytest.param("arlandia/president", [["i.", "ii.", "iv."], ["vi."]], id="the president"),
        pytest.param("arlandia/justice", [["i.", "iii.", "v."], ["vi."]], id="the minister"),
        pytest.param("osce/chair", [["i."], ["vii."], ["viii."]], id="the chair"),
    ],
)
def test_each_recipient_is_asked_what_is_addressed_to_it_with_the_numbers_of_the_issue(
    recipient: str, labels: list[list[str]]
) -> None:
    asked = requests_to(a_prose(requests=ALL), to(recipient))
    assert [[request.label for request in group.requests] for group in asked] == labels


def test_requests_are_quoted_verbatim() -> None:
    letter = write(saying(requests=ALL))
    assert [r.blocks for g in letter.requests for r in g.requests] == [
        paragraphs(f"do {label}") for label in ("i.", "iii.", "v.", "vi.")
    ]


def test_headings_of_addressees_fall_away_and_those_of_people_and_themes_stay() -> None:
    def headings(recipient: str) -> list[list[str]]:
        asked = requests_to(a_prose(requests=ALL), to(recipient))
        return [[plain(heading.runs) for heading in group.headings] for group in asked]

    assert headings("arlandia/justice") == [[], ["Prisons"]]
    assert headings("osce/chair") == [[], ["Prisons"], ["Ms Maren"]]


def test_an_introduction_stays_under_a_heading_that_stays() -> None:
    asked = requests_to(a_prose(requests=ALL), to())
    assert [words(group.introduction) for group in asked] == [[], ["In prisons:"]]


def test_what_follows_a_heading_that_stays_does_not_come_to_stand_under_it() -> None:
    asked = requests_to(
        a_prose(
            requests=(
                group(request("i."), headings=(heading("Prisons", theme="prisons"),)),
                group(request("ii."), headings=(heading("To the Minister", "arlandia/justice"),)),
            )
        ),
        to("arlandia/justice"),
    )
    assert [[request.label for request in group.requests] for group in asked] == [["i."], ["ii."]]


@pytest.mark.parametrize("named", ["arlandia/committee", "arlandia/bench"])
def test_what_is_asked_of_a_group_is_asked_of_who_gets_its_letter(named: str) -> None:
    prose = a_prose(requests=(group(request("i."), headings=(heading("To all of them", named),)),))
    assert len(requests_to(prose, to("arlandia/justice"))) == 1
    assert requests_to(prose, to("arlandia/president")) == ()


# Notes


def test_notes_are_numbered_through_the_body_the_requests_and_what_follows() -> None:
    theme = RequestHeading(level=1, runs=(Run(text="Prisons"), NoteMark(label="4")), scope=Scope(theme="prisons"))
    asked = RequestGroup(headings=(theme,), requests=requests("do[^3]")[0].requests)
    appeal = saying(
        letters=(LetterText(blocks=paragraphs("a[^2]", "b[^5] c[^2]"), actions_at=1),),
        requests=(asked,),
        notes=notes("one", "two", "three", "four", "five"),
    )
    letter = write(appeal)
    assert [words(note.blocks) for note in letter.notes] == [["two"], ["four"], ["three"], ["five"]]
    assert [note.label for note in letter.notes] == ["1", "2", "3", "4"]
    assert note_labels(letter.before) == ("1",)
    assert letter.requests[0].headings[0].runs[1] == NoteMark(label="2")
    assert note_labels(letter.requests[0].requests[0].blocks) == ("3",)
    assert note_labels(letter.after) == ("4", "1")


def test_notes_of_requests_to_others_are_left_out() -> None:
    theirs = RequestGroup(requests=(Request(label="i.", blocks=paragraphs("x[^1]"), scope=Scope(to=("osce",))),))
    letter = write(saying(letters=letters(("a[^2]", ())), requests=(theirs,), notes=notes("one", "two")))
    assert [words(note.blocks) for note in letter.notes] == [["two"]]


def test_a_summary_calls_no_notes() -> None:
    letter = write(saying(summary=paragraphs("short[^1]")))
    assert words(letter.summary) == ["short"]
    assert note_labels(letter.summary) == ()


# Copies, people, deadlines


@pytest.mark.parametrize(
    ("copies", "named"),
    [
        pytest.param(["arlandia/president", "osce"], ("President of the Republic", "Chair of the OSCE"), id="in order"),
        pytest.param(["arlandia", "osce/chair"], ("President of the Republic", "Chair of the OSCE"), id="never itself"),
        pytest.param(["arlandia/bench"], ("Chair of the OSCE",), id="never itself in a group"),
        pytest.param(["arlandia/inquiry"], ("Inquiry",), id="a group, not the body it is written to through"),
        pytest.param(["arlandia/justice"], (), id="only itself"),
        pytest.param([], (), id="none"),
    ],
)
def test_copies_name_offices_and_never_the_addressee(copies: list[str], named: tuple[str, ...]) -> None:
    assert write(an_appeal(copies=copies)).copies == named


def test_a_copy_to_an_office_names_the_body_through_which_it_is_addressed() -> None:
    letter = compose(
        an_appeal(copies=("arlandia/justice",)),
        to("arlandia/president"),
        campaign=a_campaign(),
        sender="hale",
        phrases=phrases("ru"),
        directories=a_world(through=MINISTRY),
        on=ON,
    )
    assert letter.copies == ("Министерство юстиции",)


def test_people_are_named_in_the_language_or_not_at_all() -> None:
    people = {
        "a": {"name": {"en": "Ilva Maren", "ru": "Илва Марен"}},
        "b": {"name": {"ru": "Марк"}},
        "c": {"name": "X"},
    }
    assert write(an_appeal(people=people)).names == ("Ilva Maren", "X")


@pytest.mark.parametrize(
    ("justice", "channels"),
    [
        pytest.param({}, ["email", "hand", "post"], id="address and email"),
        pytest.param({"address": (), "email": ()}, ["hand"], id="neither"),
        pytest.param({"contacts": [{"kind": "fax", "printed": "1"}]}, ["email", "fax", "hand", "post"], id="fax"),
        pytest.param(
            {"contacts": [{"kind": "telephone-fax", "printed": "1"}]},
            ["email", "fax", "hand", "post"],
            id="shared fax",
        ),
        pytest.param({"contacts": [{"kind": "telephone", "printed": "1"}]}, ["email", "hand", "post"], id="telephone"),
        pytest.param({"contacts": [{"kind": "form", "printed": "x"}]}, ["email", "hand", "post", "web"], id="form"),
        pytest.param(
            {"address": {"lines": {"*": ["x"]}, "until": "2026-04-01"}},
            ["email", "hand"],
            id="address of yesterday",
        ),
    ],
)
def test_deadlines_are_those_of_the_channels_that_reach_the_office(
    justice: dict[str, Any], channels: list[str]
) -> None:
    letter = write(recipient=to(**justice), channels=("email", "fax", "hand", "post", "web"))
    assert [deadline.channel for deadline in letter.deadlines] == channels


def test_a_channel_that_the_campaign_does_not_use_has_no_deadline() -> None:
    assert [deadline.channel for deadline in write(channels=("post",)).deadlines] == ["post"]


# Languages


@pytest.mark.parametrize(
    ("appeal", "recipient", "what"),
    [
        pytest.param(an_appeal(prose={"ru": a_prose("ru")}), {}, "the letter", id="no prose"),
        pytest.param(saying(letters=()), {}, "the letter", id="no letter"),
        pytest.param(saying(letters=letters(("x", ("osce",)))), {}, "the letter", id="no letter to the recipient"),
        pytest.param(
            an_appeal(title=RUSSIAN_ONLY, prose={"en": a_prose(subject=None, title=None)}),
            {},
            "the subject",
            id="no subject",
        ),
        pytest.param(an_appeal(), {"name": RUSSIAN_ONLY}, "the office's name", id="no name of the office"),
        pytest.param(an_appeal(), {"through": {"name": RUSSIAN_ONLY}}, "the body's name", id="no name of the body"),
        pytest.param(
            an_appeal(),
            {"holders": [{**BERG, "name": RUSSIAN_ONLY}]},
            "the holder's name",
            id="no name of the holder",
        ),
    ],
)
def test_what_has_no_words_in_the_language_stops_the_letter(
    appeal: Appeal, recipient: dict[str, Any], what: str
) -> None:
    with pytest.raises(MissingWording) as raised:
        write(appeal, recipient=to(**recipient))
    assert raised.value.what.startswith(what)
    assert raised.value.language == "en"


@pytest.mark.parametrize(
    ("letter", "what"),
    [
        pytest.param({"salutations": {"judge": "Your Honour,"}}, "the salutation", id="no salutation"),
        pytest.param({"closes": {"judge": "Yours,"}}, "the close", id="no close"),
    ],
)
def test_without_a_form_of_address_there_is_no_letter(letter: dict[str, Any], what: str) -> None:
    with pytest.raises(MissingWording, match=f"{CODE} to arlandia/justice: {what} has no wording in 'en'"):
        compose(
            an_appeal(),
            to(),
            campaign=a_campaign(),
            sender="hale",
            phrases=phrases("en", letter=letter),
            directories=a_world(),
            on=ON,
        )


def test_a_sender_without_a_name_in_the_language_cannot_sign() -> None:
    with pytest.raises(MissingWording, match="the sender's name has no wording in 'en'"):
        write(senders={"hale": a_sender(name=RUSSIAN_ONLY)})


def test_a_copy_without_a_name_in_the_language_stops_the_letter() -> None:
    world = {"arlandia": a_directory(offices={**a_directory().offices, "clerk": an_office(name=RUSSIAN_ONLY)})}
    with pytest.raises(MissingWording, match="arlandia/clerk: the name has no wording in 'en'"):
        compose(
            an_appeal(copies=("arlandia/clerk",)),
            to(),
            campaign=a_campaign(),
            sender="hale",
            phrases=phrases("en"),
            directories=world,
            on=ON,
        )


def test_no_russian_word_stands_in_an_english_letter_and_no_english_one_in_a_russian() -> None:
    appeal = an_appeal(copies=("arlandia/president",))
    english = write(appeal, recipient=to(holders=[BERG])).model_dump_json(exclude={"phrases"})
    assert not any("а" <= letter <= "я" for letter in english.lower())
    russian = write(appeal, language="ru", recipient=to(holders=[{**BERG, "style": {}}]))
    said = [
        russian.subject,
        russian.salutation,
        russian.close,
        russian.request_for_reply,
        russian.lead_in or "",
    ]
    said += [
        *words(russian.before),
        *words(russian.summary),
        *russian.copies,
        *russian.names,
        russian.addressee.name,
    ]
    said += [text for note in russian.notes for text in words(note.blocks)]
    said += [text for asked in russian.requests for one in asked.requests for text in words(one.blocks)]
    assert [text for text in said if any("a" <= char <= "z" for char in text.replace(CODE, "").lower())] == []
