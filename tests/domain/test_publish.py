"""The bulletin shows the appeal as published, in one language, with nothing that is not there."""

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
    an_appeal,
    an_office,
    notes,
    paragraphs,
    phrases,
)
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Issuer, Programme
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.letter import Bulletin, Subject
from urgent_appeals.domain.prose import (
    NoteMark,
    Occurrence,
    Request,
    RequestGroup,
    RequestHeading,
    Run,
    Scope,
    note_labels,
)
from urgent_appeals.domain.publish import issuer_named, publish
from urgent_appeals.domain.values import PartialDate
from urgent_appeals.errors import MissingWording

RUSSIAN_ONLY = {"ru": "Слово"}


def bulletin(
    appeal: Appeal | None = None,
    *,
    language: str = "en",
    on: date = ON,
    directories: dict[str, Directory] | None = None,
    **campaign: Any,
) -> Bulletin:
    return publish(
        appeal or an_appeal(),
        campaign=a_campaign(**campaign),
        phrases=phrases(language),
        directories=directories or {"arlandia": a_directory()},
        on=on,
    )


def saying(**prose: Any) -> Appeal:
    return an_appeal(prose={"en": a_prose(**prose)})


def test_the_bulletin_has_what_the_appeal_says_of_itself() -> None:
    appeal = an_appeal(
        kind="update",
        series={"en": "Urgent interventions", "ru": "Срочные обращения"},
        earlier=("XAA 007/0326/OBS 021",),
        other_codes=("UA 61/26",),
        follows="UA 12/24",
        historical=True,
        sources=({"title": "Statement"},),
        prose={"en": a_prose(title="From the prose", place_line="Paris, 20 March 2026", remarks=paragraphs("r"))},
    )
    made = bulletin(appeal)
    assert (str(made.code), made.language, made.kind, made.on) == (CODE, "en", "update", ON)
    assert (made.title, made.series, made.country) == ("From the prose", "Urgent interventions", "Arlandia")
    assert (made.issued, made.place_line) == (date(2026, 3, 20), "Paris, 20 March 2026")
    assert (made.earlier, made.other_codes, made.follows) == (
        ("XAA 007/0326/OBS 021",),
        ("UA 61/26",),
        "UA 12/24",
    )
    assert (made.historical, made.sources, made.remarks) == (True, appeal.sources, paragraphs("r"))
    assert made.violations == ("arbitrary detention",)


def test_what_the_appeal_lacks_is_empty_or_none() -> None:
    appeal = Appeal(code=an_appeal().code, languages=("en",), title={"en": "T"}, prose={"en": a_prose(title=None)})
    made = bulletin(appeal)
    assert made.title == "T"
    nothing = (
        "series",
        "country",
        "issued",
        "programme",
        "occasion",
        "follows",
        "place_line",
        "outcome",
        "outcome_on",
    )
    assert {getattr(made, name) for name in nothing} == {None}
    empty: tuple[str, ...] = (
        "issuers",
        "republished_by",
        "people",
        "violations",
        "deadlines",
        "new_information",
        "background",
    )
    empty += (
        "chronology",
        "remarks",
        "addressees",
        "salutations",
        "copies",
        "notes",
        "sources",
        "earlier",
        "other_codes",
    )
    assert {getattr(made, name) for name in empty} == {()}


def test_an_own_title_in_the_prose_goes_before_that_of_the_data() -> None:
    assert bulletin(an_appeal(prose={"en": a_prose(title=None)})).title == "Ms Ilva Maren"


@pytest.mark.parametrize(
    ("appeal", "what"),
    [
        pytest.param(an_appeal(prose={"ru": a_prose("ru")}), "the appeal", id="no prose"),
        pytest.param(an_appeal(title=RUSSIAN_ONLY, prose={"en": a_prose(title=None)}), "the title", id="no title"),
    ],
)
def test_without_prose_or_title_in_the_language_there_is_no_bulletin(appeal: Appeal, what: str) -> None:
    with pytest.raises(MissingWording, match=f"the bulletin of {CODE}: {what} has no wording in 'en'"):
        bulletin(appeal)


@pytest.mark.parametrize(
    ("country", "names", "name"),
    [
        pytest.param("XAA", {"en": "Arlandia", "ru": "Арландия"}, "Arlandia", id="the name in its directory"),
        pytest.param("XAA", RUSSIAN_ONLY, None, id="not in another language"),
        pytest.param("XAB", {"en": "Arlandia"}, None, id="another country"),
        pytest.param(None, {"en": "Arlandia"}, None, id="no country"),
    ],
)
def test_the_country_is_named_as_its_directory_names_it(
    country: str | None, names: dict[str, str], name: str | None
) -> None:
    directories = {"osce": a_directory(directory="osce", country=None), "arlandia": a_directory(name=names)}
    assert bulletin(an_appeal(country=country, recipients=()), directories=directories).country == name


# Issuers and programme


def test_issuers_of_the_campaign_and_issuers_written_out_keep_their_order_and_contacts() -> None:
    contacts = ({"kind": "telephone", "printed": "+33 (0) 1"},)
    written = {"name": {"en": "Federation", "ru": "Федерация"}, "short": "FIDH", "contacts": contacts}
    made = bulletin(an_appeal(issuers=(written, "circle"))).issuers
    assert [issuer.name for issuer in made] == [{"*": "Federation"}, {"*": "Circle of Friends"}]
    assert made[0].short == {"*": "FIDH"}
    assert made[0].contacts[0].printed == "+33 (0) 1"


def test_who_republished_the_appeal_is_another_matter_than_who_issued_it() -> None:
    made = bulletin(an_appeal(issuers=(), republished_by=("circle",)), language="ru")
    assert (made.issuers, made.republished_by[0].name) == ((), {"*": "Круг друзей"})


def test_an_issuer_has_no_words_of_another_language() -> None:
    made = bulletin(an_appeal(issuers=({"name": "FIDH", "short": RUSSIAN_ONLY},))).issuers[0]
    assert (made.name, made.short) == ({"*": "FIDH"}, {})


def test_an_unknown_issuer_is_left_out() -> None:
    assert bulletin(an_appeal(issuers=("nobody", "circle"))).issuers[0].name == {"*": "Circle of Friends"}


def test_an_issuer_is_named_by_id_or_written_out() -> None:
    campaign, written = a_campaign(), Issuer(name={"*": "FIDH"})
    assert issuer_named("circle", campaign) == campaign.issuers["circle"]
    assert issuer_named("nobody", campaign) is None
    assert issuer_named(written, campaign) == written


def test_a_programme_is_described_in_the_language_alone() -> None:
    programme = {
        "name": {"en": "Observatory", "ru": "Обсерватория"},
        "standing": {"en": "It asks."},
        "note": RUSSIAN_ONLY,
    }
    assert bulletin(an_appeal(programme=programme)).programme == Programme(
        name={"*": "Observatory"}, standing={"*": "It asks."}, note={}
    )


def test_an_occasion_is_named_in_the_language_with_its_days() -> None:
    made = bulletin(an_appeal(occasion={"name": {"en": "Visit", "ru": "Визит"}, "start": "2026-05"})).occasion
    assert made is not None
    assert (made.name, str(made.start)) == ({"*": "Visit"}, "2026-05")


# People, violations, outcome


def test_people_are_named_in_the_language_with_their_roles() -> None:
    people = {
        "maren": {
            "name": {"en": "Ilva Maren", "ru": "Илва Марен"},
            "role": {"en": "teacher", "ru": "учительница"},
        },
        "m": {"name": "M.", "role": RUSSIAN_ONLY, "pseudonym": True},
        "other": {"name": RUSSIAN_ONLY},
    }
    assert bulletin(an_appeal(people=people)).people == (
        Subject(name="Ilva Maren", role="teacher"),
        Subject(name="M.", pseudonym=True),
    )


def test_other_spellings_of_a_name_are_shown_but_no_part_of_it_and_no_other_script() -> None:
    variants = ("Maren", "Ylva Maren", "Илва Марен", "Ilva Marenn")
    (person,) = bulletin(an_appeal(people={"maren": {"name": "Ilva Maren", "variants": variants}})).people
    assert person.variants == ("Ylva Maren", "Ilva Marenn")


def test_a_sentence_of_the_appeal_s_own_says_who_asks() -> None:
    assert bulletin(an_appeal(standing={"en": "A union wrote this."})).standing == "A union wrote this."
    assert bulletin(an_appeal(standing=RUSSIAN_ONLY)).standing is None


def test_an_occasion_may_be_without_days() -> None:
    made = bulletin(an_appeal(occasion={"name": "Session"})).occasion
    assert made is not None
    assert made.start is None


def test_the_last_day_is_shown_where_no_channel_reaches_anyone() -> None:
    directory = a_directory(offices={"justice": an_office(address=(), email=(), contacts=())})
    made = bulletin(an_appeal(recipients=("arlandia/justice",)), directories={"arlandia": directory})
    assert [deadline.channel for deadline in made.deadlines] == ["hand"]


def test_violations_are_named_in_the_language_alone() -> None:
    violations = ({"en": "torture", "ru": "пытки"}, RUSSIAN_ONLY)
    assert bulletin(an_appeal(violations=violations)).violations == ("torture",)


@pytest.mark.parametrize(
    ("outcome", "words", "on"),
    [
        pytest.param({"state": "released"}, "Released", None, id="in the words of the phrases"),
        pytest.param(
            {"state": "released", "date": "2026-12", "note": {"en": "Freed by the court."}},
            "Freed by the court.",
            PartialDate(year=2026, month=12),
            id="in words of its own",
        ),
        pytest.param({"state": "died", "note": RUSSIAN_ONLY}, "Died", None, id="never in another language's words"),
    ],
)
def test_the_outcome_is_told(outcome: dict[str, Any], words: str, on: PartialDate | None) -> None:
    made = bulletin(an_appeal(outcome=outcome))
    assert (made.outcome, made.outcome_on) == (words, on)


@pytest.mark.parametrize(("whose", "ours"), [("us", True), ("issuers", False)])
def test_it_says_whose_the_requests_are(whose: str, ours: bool) -> None:
    assert bulletin(an_appeal(requests_by=whose)).requests_are_ours is ours


@pytest.mark.parametrize(("reviewed", "told"), [(("en",), True), (("ru",), False)])
def test_it_says_whether_it_is_reviewed(reviewed: tuple[str, ...], told: bool) -> None:
    assert bulletin(an_appeal(reviewed=reviewed)).reviewed is told


def test_a_bulletin_in_unreviewed_wording_is_not_reviewed() -> None:
    made = publish(
        an_appeal(),
        campaign=a_campaign(),
        phrases=phrases("en", reviewed=False),
        directories={"arlandia": a_directory()},
        on=ON,
        override="asked for",
    )
    assert (made.reviewed, made.override) == (False, "asked for")


# Recipients and copies


def test_each_recipient_stands_with_its_address_from_abroad_and_its_salutation() -> None:
    made = bulletin(language="ru")
    assert [addressee.recipient for addressee in made.addressees] == [
        "arlandia/president",
        "arlandia/justice",
    ]
    assert [addressee.block[-1] for addressee in made.addressees] == ["АРЛАНДИЯ", "АРЛАНДИЯ"]
    assert made.salutations == ("Уважаемые дамы и господа!", "Уважаемый господин Министр!")


@pytest.mark.parametrize(
    ("office", "kinds"),
    [
        pytest.param({"bounced": {"date": "2026-03", "address": "a@b.example"}}, ["bounced"], id="an email came back"),
        pytest.param({"returned": "2026-03-02"}, ["returned"], id="post came back"),
        pytest.param({"checked": "2020"}, [], id="that it is old is the desk's affair"),
        pytest.param({}, [], id="nothing"),
    ],
)
def test_what_came_back_from_an_address_is_said_to_those_who_write_there(
    office: dict[str, Any], kinds: list[str]
) -> None:
    directories = {"arlandia": a_directory(offices={"justice": an_office(**office)})}
    made = bulletin(an_appeal(recipients=("arlandia/justice",)), directories=directories)
    assert [caveat.kind for caveat in made.addressees[0].caveats] == kinds


def test_that_post_is_suspended_is_said_to_those_who_write_there() -> None:
    directories = {"arlandia": a_directory(post_suspended=["GBR"])}
    told = bulletin(directories=directories, country="GBR").addressees[0].caveats
    assert [caveat.kind for caveat in told] == ["suspended"]
    assert bulletin(directories=directories, country="FRA").addressees[0].caveats == ()


def test_what_came_back_from_a_mission_is_said_too() -> None:
    mission = {"host": "GBR", "name": "Embassy", "returned": "2026-03-02"}
    directories = {"arlandia": a_directory(missions=[mission])}
    made = bulletin(an_appeal(copies=("missions",)), directories=directories)
    assert [caveat.kind for caveat in made.missions[0].caveats] == ["returned"]


PRESS = {"name": {"en": "Press", "ru": "Пресса"}, "no_letter": {"en": "No one address.", "ru": "Нет единого адреса."}}


@pytest.mark.parametrize(
    ("language", "said"), [("en", ("Press", "No one address.")), ("ru", ("Пресса", "Нет единого адреса."))]
)
def test_a_group_that_gets_no_letter_is_listed_with_the_reason(language: str, said: tuple[str, str]) -> None:
    directories = {"arlandia": a_directory(groups={"press": PRESS})}
    appeal = an_appeal(recipients=("arlandia/press", "arlandia/justice"))
    made = bulletin(appeal, language=language, directories=directories)
    assert (made.unwritten, len(made.addressees)) == ((said,), 1)


def test_a_group_with_nobody_to_write_to_is_listed_without_a_reason() -> None:
    directories = {"arlandia": a_directory(groups={"lenders": {"name": "Lenders"}})}
    assert bulletin(an_appeal(recipients=("arlandia/lenders",)), directories=directories).unwritten == (
        ("Lenders", ""),
    )


@pytest.mark.parametrize("lacking", ["name", "no_letter"])
def test_a_group_without_words_in_the_language_is_told_by_name(lacking: str) -> None:
    directories = {"arlandia": a_directory(groups={"press": {**PRESS, lacking: RUSSIAN_ONLY}})}
    with pytest.raises(MissingWording, match="arlandia/press"):
        bulletin(an_appeal(recipients=("arlandia/press",)), directories=directories)


def test_holders_are_those_of_the_day() -> None:
    holders = ({"name": "Ada", "from": "2020", "until": "2026-04-02"}, {"name": "Berg", "from": "2026-04-03"})
    directories = {"arlandia": a_directory(offices={"justice": an_office(holders=holders)})}
    appeal = an_appeal(recipients=("arlandia/justice",))
    named = [bulletin(appeal, on=day, directories=directories).addressees[0].holder for day in (ON, date(2026, 4, 3))]
    assert named == ["Ada", "Berg"]


@pytest.mark.parametrize(
    ("recipients", "copies", "named"),
    [
        pytest.param(("arlandia/president",), ("arlandia",), ("Minister of Justice",), id="not who gets a letter"),
        pytest.param(("arlandia/president",), ("arlandia/president",), (), id="nobody else"),
        pytest.param(("arlandia#minister",), ("arlandia/justice",), (), id="however it is named"),
    ],
)
def test_copies_name_who_gets_no_letter(
    recipients: tuple[str, ...], copies: tuple[str, ...], named: tuple[str, ...]
) -> None:
    assert bulletin(an_appeal(recipients=recipients, copies=copies)).copies == named


@pytest.mark.parametrize("field", ["recipients", "copies"])
def test_an_office_without_a_name_in_the_language_stops_the_bulletin(field: str) -> None:
    directories = {"arlandia": a_directory(offices={"clerk": an_office(name=RUSSIAN_ONLY)})}
    with pytest.raises(MissingWording, match="arlandia/clerk: the office's name has no wording in 'en'"):
        bulletin(an_appeal(**{"recipients": (), field: ("arlandia/clerk",)}), directories=directories)


def test_an_office_without_a_salutation_in_the_language_stops_the_bulletin() -> None:
    with pytest.raises(MissingWording, match="arlandia/president: the salutation has no wording in 'en'"):
        publish(
            an_appeal(),
            campaign=a_campaign(),
            phrases=phrases("en", letter={"salutations": {"judge": "Your Honour,"}}),
            directories={"arlandia": a_directory()},
            on=ON,
        )


def test_deadlines_are_those_of_the_campaigns_channels() -> None:
    made = bulletin(channels=("email", "post"))
    assert [(d.channel, d.act_by.isoformat()) for d in made.deadlines] == [
        ("email", "2026-05-15"),
        ("post", "2026-05-08"),
    ]


def test_a_stop_names_no_day_to_write_by() -> None:
    assert bulletin(an_appeal(kind="stop", dates={"issued": "2026-03-20"})).deadlines == ()


# Prose and notes


def test_all_requests_are_published_whoever_they_are_addressed_to() -> None:
    groups = tuple(
        RequestGroup(
            headings=(RequestHeading(level=1, runs=(Run(text=name),), scope=Scope(to=(name,))),),
            requests=(Request(label="i.", blocks=paragraphs("x"), scope=Scope(to=(name,))),),
        )
        for name in ("osce/chair", "arlandia")
    )
    assert bulletin(saying(requests=groups)).requests == groups


def test_notes_are_numbered_as_the_bulletin_is_read() -> None:
    named = RequestHeading(level=1, runs=(NoteMark(label="5"),))
    asked = RequestGroup(headings=(named,), requests=(Request(label="i.", blocks=paragraphs("x[^4]")),))
    made = bulletin(
        saying(
            letters=(),
            new_information=paragraphs("n[^7]"),
            background=paragraphs("b[^6]"),
            chronology=(
                Occurrence(date=PartialDate(year=2026), blocks=paragraphs("c[^3]")),
                Occurrence(date=None, blocks=paragraphs("d[^7]")),
            ),
            requests=(asked,),
            remarks=paragraphs("r[^2]"),
            summary=paragraphs("s[^1]"),
            notes=notes(*"1234567"),
        )
    )
    assert [note.label for note in made.notes] == ["1", "2", "3", "4", "5", "6"]
    assert [note.blocks for note in made.notes] == [paragraphs(text) for text in "763542"]
    assert note_labels(made.new_information) == ("1",)
    assert note_labels(made.background) == ("2",)
    assert [note_labels(entry.blocks) for entry in made.chronology] == [("3",), ("1",)]
    assert made.requests[0].headings[0].runs == (NoteMark(label="4"),)
    assert note_labels(made.requests[0].requests[0].blocks) == ("5",)
    assert note_labels(made.remarks) == ("6",)


def test_a_chronology_keeps_its_dates() -> None:
    entries = (
        Occurrence(date=PartialDate(year=2026), blocks=paragraphs("a")),
        Occurrence(date=None, blocks=paragraphs("b")),
    )
    assert bulletin(saying(chronology=entries)).chronology == entries
