"""The bulletin in print: what it says, what it leaves out, and that it is a good PDF."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.render import facts
from tests.render.builders import CODE, EN, TEMPLATES, addressee, code, notes, paragraph, paragraphs, phrases, requests
from urgent_appeals.domain.appeal import Occasion
from urgent_appeals.domain.campaign import Issuer, Programme
from urgent_appeals.domain.directory import Contact, Source
from urgent_appeals.domain.freshness import Caveat
from urgent_appeals.domain.letter import Bulletin, Deadline, Subject
from urgent_appeals.domain.prose import Occurrence, Request, RequestGroup, RequestHeading, Run
from urgent_appeals.domain.values import PartialDate
from urgent_appeals.render.bulletin import bulletin_data
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.press import Pages, Press
from urgent_appeals.render.qr import draw
from urgent_appeals.render.templates import Templates

FIDH = Issuer(
    name="International Federation for Human Rights",
    short="FIDH",
    contacts=(Contact(kind="telephone-fax", printed="+33 (0) 1 43 55 20 11"),),
)
OMCT = Issuer(name="World Organisation Against Torture", short="OMCT")


def day(text: str) -> PartialDate:
    return PartialDate.model_validate(text)


def bulletin(**changes: Any) -> Bulletin:
    """Build a bulletin that has everything."""
    values: dict[str, Any] = {
        "code": code(),
        "language": "en",
        "kind": "update",
        "title": "Kazakhstan: Sergei Duvanov sentenced on appeal",
        "series": "Urgent interventions",
        "country": "Kazakhstan",
        "issued": date(2003, 3, 13),
        "on": date(2003, 3, 14),
        "programme": Programme(name="The Observatory", note="A note on the programme."),
        "issuers": (FIDH, OMCT),
        "republished_by": (Issuer(name="Another Network"),),
        "people": (
            Subject(name="Sergei Duvanov", role="chief editor"),
            Subject(name="A. B.", pseudonym=True),
        ),
        "violations": ("arbitrary detention", "unfair trial"),
        "occasion": Occasion(name="59th session of the Commission", start=day("2003-03-17"), end=day("2003-04")),
        "deadlines": (
            Deadline(channel="post", act_by=date(2003, 4, 1)),
            Deadline(channel="fax", act_by=date(2003, 4, 10)),
        ),
        "new_information": paragraphs("The new information.[^1]"),
        "background": (paragraph("The background.", number=3),),
        "chronology": (
            Occurrence(date=day("2002-08"), blocks=paragraphs("An assault.")),
            Occurrence(date=None, blocks=paragraphs("Before that, a warning.")),
        ),
        "requests": (
            RequestGroup(
                headings=(RequestHeading(level=1, runs=(Run(text="The Government"),)),),
                introduction=paragraphs("Please ask it to:"),
                requests=(Request(label="i.", blocks=paragraphs("release him;[^2]")),),
            ),
        ),
        "remarks": paragraphs("A standing remark."),
        "addressees": (
            addressee(holder="Nursultan Nazarbaev", contacts=(Contact(kind="fax", printed="007 / 3172 / 32 61 82"),)),
            addressee(recipient="kazakhstan/minister", name="Minister of Justice", block=(), email="m@gov.example"),
        ),
        "salutations": ("Your Excellency,", "Dear Minister,"),
        "copies": ("Embassy in London",),
        "notes": notes("The first note.", "The second note."),
        "sources": (
            Source(title="A report", publisher="A paper", byline="X. Y.", pseudonymous=True, republished_by="A site"),
            Source(title="A statement", date=day("2003-02-13"), url="https://example.org/a"),
        ),
        "earlier": ("KAZ 001/0802/OBS 053", "KAZ 001/0802/OBS 053.01"),
        "other_codes": ("UA 10/03",),
        "follows": "KAZ 002/0702/OBS 041",
        "place_line": "Paris, Geneva, 13 March 2003",
        "outcome": "Sentenced",
        "outcome_on": day("2003-03-11"),
        "requests_are_ours": True,
        "reviewed": True,
        "historical": True,
        "override": None,
        "phrases": phrases(),
    }
    return Bulletin(**(values | changes))


EMPTY = {
    "series": None,
    "country": None,
    "issued": None,
    "programme": None,
    "issuers": (),
    "republished_by": (),
    "people": (),
    "violations": (),
    "occasion": None,
    "deadlines": (),
    "background": (),
    "chronology": (),
    "requests": (),
    "remarks": (),
    "addressees": (),
    "salutations": (),
    "copies": (),
    "notes": (),
    "sources": (),
    "earlier": (),
    "other_codes": (),
    "follows": None,
    "place_line": None,
    "outcome": None,
    "outcome_on": None,
    "requests_are_ours": False,
    "historical": False,
}


@pytest.fixture(scope="module")
def full(press: Press) -> Pages:
    return press.bulletin(bulletin())


@pytest.fixture(scope="module")
def empty(press: Press) -> Pages:
    return press.bulletin(bulletin(**EMPTY))


@pytest.mark.parametrize(
    "said",
    [
        "Urgent interventions",
        "Update",
        CODE,
        "13 March 2003",
        "This appeal is kept as a record.",
        "Issued by: The Observatory, a joint programme (International Federation for Human Rights (FIDH) and World",
        "59th session of the Commission, 17 March 2003 – April 2003",
        "Sergei Duvanov, chief editor",
        "A. B. (a pseudonym)",
        "arbitrary detention; unfair trial",
        "by post: 1 April 2003",
        "by fax: 10 April 2003",
        "Sentenced, 11 March 2003",
        "KAZ 002/0702/OBS 041",
        "KAZ 001/0802/OBS 053.01",
        "UA 10/03",
        "New information The new information.",
        "Background 3. The background.",
        "August 2002 An assault.",
        "Before that, a warning.",
        "this campaign’s",
        "The Government Please ask it to: i. release him;",
        "Fax: 007 / 3172 / 32 61 82",
        "Form of address: Your Excellency,",
        "Email: m@gov.example",
        "Copies to Embassy in London",
        "A standing remark.",
        "A report, by X. Y. (a pseudonym), A paper, undated, republished by A site",
        "A statement, 13 February 2003, https://example.org/a",
        "Republished by Another Network.",
        "quoting the code KAZ 001/0802/OBS 053.02",
        "Telephone and fax: +33 (0) 1 43 55 20 11",
        "A note on the programme.",
        "Paris, Geneva, 13 March 2003",
        "1 The first note.",
        "2 The second note.",
    ],
)
def test_the_bulletin_says_what_the_appeal_has(full: Pages, said: str) -> None:
    assert said in facts.text_of(full.pdf)


def test_a_holder_whose_office_has_no_address_is_named_once(press: Press) -> None:
    name, office = "Barack Obama", "President of the United States of America"
    obama = addressee(recipient="us/president", name=office, holder=name, block=(), by_name=(name, office))
    text = facts.text_of(press.bulletin(bulletin(addressees=(obama,), salutations=("Dear Mr President,",))).pdf)
    assert (text.count(name), text.count(office)) == (1, 1)


def test_a_group_is_listed_by_its_name_with_the_body_in_its_address(press: Press) -> None:
    lines = ("Justice Committee", "Clerk of the Assembly", "2 Founders’ Square")
    committee = addressee(name="Clerk of the Assembly", groups=("Justice Committee",), block=lines, by_name=lines[:2])
    text = facts.text_of(press.bulletin(bulletin(addressees=(committee,), salutations=("Dear all,",))).pdf)
    assert "Addresses Justice Committee Clerk of the Assembly 2 Founders’ Square Form of address: Dear all," in text


CARE = {
    "en": ("Email came back (November 2026) a@gov.example", "Post came back (2 March 2026)", "Post there is suspended"),
    "ru": (
        "Электронная почта возвращалась (ноябрь 2026 г.) a@gov.example",
        "Почта возвращалась (2 марта 2026 г.)",
        "Почтовое сообщение приостановлено",
    ),
}


@pytest.mark.parametrize("language", CARE)
def test_what_came_back_and_that_post_is_suspended_stands_below_the_address(press: Press, language: str) -> None:
    caveats = (
        Caveat(kind="bounced", words="x", field="bounced", date=day("2026-11"), address="a@gov.example"),
        Caveat(kind="returned", words="x", field="returned", date=day("2026-03-02")),
        Caveat(kind="suspended", words="x", field="post_suspended"),
    )
    minister = addressee(name="Minister", caveats=caveats)
    made = bulletin(addressees=(minister,), salutations=("…",), language=language, phrases=phrases(language))
    text = facts.text_of(press.bulletin(made).pdf).replace("\u202f", " ")
    assert " ".join(CARE[language]) in text


def test_a_group_that_gets_no_letter_stands_among_the_addresses_with_the_reason(press: Press) -> None:
    made = bulletin(addressees=(), salutations=(), unwritten=(("Broadcasters", "No one address."), ("Lenders", "")))
    text = facts.text_of(press.bulletin(made).pdf)
    assert "Addresses Broadcasters" in text
    assert "No one address." in text
    assert "Lenders" in text


@pytest.mark.parametrize(
    ("language", "note", "shown"),
    [
        ("ru", "Освобождена 12 декабря 2026 года по решению суда", "Освобождена 12 декабря 2026 года по решению суда"),
        ("ru", "Освобождена", "Освобождена, 12 декабря 2026 г."),
        ("kk", "2026 жылғы 12 желтоқсанда босатылды", "2026 жылғы 12 желтоқсанда босатылды"),
        ("en", "Released on 12 December 2026.", "Released on 12 December 2026"),
        ("en", "Released", "Released, 12 December 2026"),
    ],
)
def test_the_day_of_an_outcome_is_told_once(press: Press, language: str, note: str, shown: str) -> None:
    changes = {"outcome": note, "outcome_on": day("2026-12-12"), "issued": None, "earlier": (), "follows": None}
    made = bulletin(**(EMPTY | changes), language=language, phrases=phrases(language), new_information=())
    text = facts.text_of(press.bulletin(made).pdf).replace("\u202f", " ")
    assert f"{phrases(language).bulletin.outcome} {shown}" in text
    assert text.count("2026") == 1


def test_the_title_of_a_source_says_its_language_where_it_is_known(press: Press) -> None:
    sources = (Source(title="Déclaration", language="fr"), Source(title="A statement"))
    data = bulletin_data(bulletin(sources=sources), draw("x"), Fonts(Templates(TEMPLATES)))
    lines = [line["html"] for line in data["sources"]["lines"][:2]]
    assert lines[0].startswith('<em lang="fr">Déclaration</em>')
    assert lines[1].startswith("<em>A statement</em>")


@pytest.mark.parametrize("shift", range(4))
def test_no_page_before_the_last_is_more_than_a_third_empty(press: Press, shift: int) -> None:
    told = "They were told of it in words that fill a line or two, and nothing came of that either. " * 3
    facts_told = tuple(
        paragraph(f"{told}{'It goes on. ' * shift}[^{n}] {told}", number=n) if n % 2 else paragraph(told * 2, number=n)
        for n in range(1, 16)
    )
    long = notes(*("A note that takes several lines, as the sources of the United Nations do. " * 4,) * 15)
    pages = press.bulletin(bulletin(new_information=facts_told, background=(), notes=long))
    words = facts.words(pages.pdf)
    assert pages.pages >= 3
    for page in range(1, pages.pages):
        tops = sorted(word.top for word in words if word.page == page)
        assert max(below - above for above, below in pairwise(tops)) < 297 / 3


def test_what_the_appeal_lacks_leaves_no_trace(empty: Pages) -> None:
    text = facts.text_of(empty.pdf)
    words = phrases().bulletin

    labels = (
        words.background,
        words.chronology,
        words.actions,
        words.addresses,
        words.copies,
        words.contact,
        words.sources,
    )
    facts_there = (words.people, words.country, words.violations, words.act_by, words.outcome, words.follows)
    assert not [label for label in (*labels, *facts_there, words.historical, "Issued by") if label in text]
    assert "The new information." in text


@pytest.mark.parametrize("which", ["full", "empty"])
def test_every_bulletin_is_pdf_ua_and_pdf_a_in_bundled_fonts(which: str, request: pytest.FixtureRequest) -> None:
    pdf = request.getfixturevalue(which).pdf

    assert facts.failures(pdf) == []
    assert all(font.startswith("Appeal") for font in facts.fonts(pdf))


def test_every_page_carries_the_code(press: Press) -> None:
    pages = facts.pages_of(press.bulletin(bulletin(background=paragraphs(*EN["before"] * 6))).pdf)

    assert len(pages) > 2
    assert all(f"Please quote {CODE} in any reply." in page for page in pages)
    assert all(page.startswith(CODE) for page in pages[1:])


def test_one_day_for_all_channels_is_said_once(press: Press) -> None:
    days = tuple(Deadline(channel=channel, act_by=date(2003, 4, 1)) for channel in ("post", "fax"))
    text = facts.text_of(press.bulletin(bulletin(deadlines=days)).pdf)

    assert text.count("1 April 2003") == 1
    assert "by post" not in text


def test_a_stop_says_so_first_and_does_not_ask_to_act(press: Press) -> None:
    text = facts.text_of(press.bulletin(bulletin(kind="stop")).pdf)

    assert phrases().bulletin.stop in text[:260]
    assert "act without delay" not in text


def test_why_a_bulletin_was_made_against_its_standing_is_not_told_to_its_readers(press: Press) -> None:
    text = facts.text_of(press.bulletin(bulletin(override="Because the court sits early.")).pdf)

    assert "Because the court sits early." not in text


def test_an_assumed_deadline_is_said_to_be_assumed(press: Press) -> None:
    days = [{"channel": "post", "act_by": "2026-04-24", "assumed": True}]
    text = facts.text_of(press.bulletin(bulletin(deadlines=days)).pdf)

    assert f"24 April 2026 {phrases().bulletin.assumed}" in " ".join(text.split())


def test_the_bulletin_gives_its_code_back_by_qr(press: Press) -> None:
    made = bulletin()
    assert facts.qr_codes(press.bulletin(made).pdf) == [f"{made.code}:bulletin"]


def test_headings_are_nested_without_gaps(full: Pages) -> None:
    tags = facts.tags(full.pdf)

    levels = [int(tag[2]) for tag in tags if len(tag) == 3 and tag[1] == "H" and tag[2].isdigit()]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert 3 in levels


def test_short_addresses_stand_in_two_columns(full: Pages) -> None:
    words = facts.words(full.pdf)

    president = next(word for word in words if word.text == "President" and word.page > 0 and word.left < 40)
    minister = next(word for word in words if word.text == "Minister" and word.left > 90)
    assert abs(president.top - minister.top) < 1 or president.page == minister.page


def test_a_last_page_with_little_on_it_is_saved_where_that_can_be(press: Press) -> None:
    for count in range(1, 8):
        made = press.bulletin(bulletin(**EMPTY | {"background": paragraphs(*EN["before"][:1] * count * 2)}))
        if made.density != "normal":
            break
    else:
        pytest.fail("no bulletin of these lengths was set closer")

    assert made.pages == 1


def test_requests_under_deep_headings_keep_their_labels(press: Press) -> None:
    deep = RequestGroup(
        headings=tuple(RequestHeading(level=level, runs=(Run(text=f"Level {level}"),)) for level in (1, 2, 3)),
        requests=requests("first", labels=("12.",))[0].requests,
    )

    pdf = press.bulletin(bulletin(requests=(deep,))).pdf

    assert "Level 1 Level 2 Level 3 12. first" in facts.text_of(pdf)
    assert facts.failures(pdf) == []


def test_the_appeal_s_own_sentence_says_who_asks(press: Press) -> None:
    text = facts.text_of(press.bulletin(bulletin(standing="A union wrote this.")).pdf)
    assert "A union wrote this." in text
    assert "The Observatory, a joint programme" not in text


def test_an_occasion_without_days_is_named(press: Press) -> None:
    text = facts.text_of(press.bulletin(bulletin(occasion=Occasion(name="34th session"))).pdf)
    assert "34th session Concerning" in text


def test_another_spelling_stands_beside_the_name(press: Press) -> None:
    person = Subject(name="Evgenii Zhovtis", variants=("Evgeniy Zhovtis",), pseudonym=True)
    text = facts.text_of(press.bulletin(bulletin(people=(person,))).pdf)
    assert f"Evgenii Zhovtis (Evgeniy Zhovtis, {phrases().bulletin.pseudonym})" in text


def test_issuers_whom_nobody_can_reach_are_not_to_be_told(press: Press) -> None:
    text = facts.text_of(press.bulletin(bulletin(issuers=(Issuer(name="A union"),))).pdf)
    assert "tell the issuers" not in text


def test_an_addressee_without_an_address_is_shown_with_the_body(press: Press) -> None:
    prosecutor = addressee(name="Prosecutor", block=(), by_name=("Office of the Prosecutor",))
    text = facts.text_of(press.bulletin(bulletin(addressees=(prosecutor,), salutations=("Sir,",))).pdf)
    assert "Prosecutor Office of the Prosecutor Form of address: Sir," in text
