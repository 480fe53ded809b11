"""Rules about what an appeal says in each language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_directory, an_office, notes, paragraph, paragraphs, phrases, requests
from tests.domain.check.places import (
    FOLDER,
    HEADER,
    Found,
    definitions,
    found,
    origin,
    the_appeal,
    the_directory,
    the_prose,
)
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.check import Definitions
from urgent_appeals.domain.check.prose import (
    WORDS_ON_A_PAGE,
    languages_are_there,
    letter_fits_a_page,
    notes_are_called_from_the_text,
    nothing_left_to_do,
    requests_reach_recipients,
    scopes_exist,
    subject_fits_a_header,
    translations_agree,
)
from urgent_appeals.domain.problem import Origin, Path, Problem, Severity
from urgent_appeals.domain.prose import LetterText, Listing, Request, RequestGroup, RequestHeading, Run, Scope
from urgent_appeals.domain.translation import STALE_AFTER

EN, RU = f"{FOLDER}/en.md", f"{FOLDER}/ru.md"


def in_english(**prose: Any) -> Appeal:
    return the_appeal(languages=("en",), prose={"en": the_prose(**prose)})


def world(appeal: Appeal) -> Definitions:
    groups = {
        "press": {"name": "Press", "no_letter": "They have no single address."},
        "bench": {"name": "Bench", "members": ["arlandia/justice"]},
    }
    offices = {**a_directory().offices, "clerk": an_office(tags=("clerk",))}
    return definitions(appeal, directories={"arlandia": the_directory(offices=offices, groups=groups)})


# Languages


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, [], id="all there"),
        pytest.param(
            {"languages": ("en", "ru", "fr")},
            [
                Found(HEADER, ("languages", 2), "there is no templates/phrases/fr.yaml"),
                Found(HEADER, ("languages", 2), "there is no fr.md beside this file"),
            ],
            id="a language with nothing",
        ),
        pytest.param(
            {"reviewed": ("en",)},
            [Found(HEADER, ("languages", 1), "ru.md is not reviewed by anyone who knows the language", None, True)],
            id="not reviewed",
        ),
        pytest.param(
            {"languages": ("en",)},
            [
                Found(
                    RU,
                    (),
                    "the appeal does not list 'ru' among its languages",
                    f"add it to languages in {HEADER}",
                    True,
                )
            ],
            id="not listed",
        ),
    ],
)
def test_each_language_has_prose_wording_and_a_reader(changes: dict[str, Any], told: list[Found]) -> None:
    appeal = the_appeal(**changes)
    assert found(languages_are_there(appeal, definitions(appeal))) == told


def test_prose_without_fixed_wording_is_a_problem() -> None:
    appeal = the_appeal()
    assert found(languages_are_there(appeal, definitions(appeal, phrases={"en": phrases("en")}))) == [
        Found(HEADER, ("languages", 1), "there is no templates/phrases/ru.yaml")
    ]


# The letter


def page(appeal: Appeal) -> list[Found]:
    return found(letter_fits_a_page(appeal, world(appeal)))


def a_letter(words: int, *to: str) -> LetterText:
    return LetterText(blocks=paragraphs("w " * words), scope=Scope(to=to))


@pytest.mark.parametrize(
    ("words", "asked", "told"),
    [
        pytest.param(WORDS_ON_A_PAGE - 2, 2, False, id="just a page"),
        pytest.param(WORDS_ON_A_PAGE - 1, 2, True, id="a word too much"),
        pytest.param(WORDS_ON_A_PAGE, 0, False, id="a page without requests"),
        pytest.param(0, WORDS_ON_A_PAGE + 1, True, id="too many requests"),
    ],
)
def test_a_letter_that_may_run_over_a_page_is_told(words: int, asked: int, told: bool) -> None:
    appeal = in_english(letters=(a_letter(words),), requests=requests("w " * asked))
    message = f"{words} words and {asked} of requests may run over a page ({WORDS_ON_A_PAGE} fit)"
    assert set(page(appeal)) == ({Found(EN, ("letters", 0), message, None, True)} if told else set())


def test_requests_to_others_take_no_room() -> None:
    theirs = RequestGroup(
        requests=(Request(label="i.", blocks=paragraphs("w " * 400), scope=Scope(to=("arlandia/clerk",))),)
    )
    assert page(in_english(requests=(theirs,))) == []


def test_of_several_letters_the_long_one_is_told() -> None:
    appeal = in_english(letters=(a_letter(10), a_letter(500, "arlandia#minister")), requests=())
    message = f"500 words and 0 of requests may run over a page ({WORDS_ON_A_PAGE} fit)"
    assert page(appeal) == [Found(EN, ("letters", 1), message, None, True)]


def test_a_missing_letter_is_a_warning() -> None:
    message = "there is no `## Letter`: nothing for the official to read"
    assert page(in_english(letters=())) == [Found(EN, (), message, None, True)]


def test_a_recipient_whom_no_letter_is_for_is_a_problem() -> None:
    appeal = in_english(letters=(a_letter(5, "arlandia/justice"),))
    assert page(appeal) == [Found(EN, (), "no `## Letter` is for arlandia/president")]


def test_a_stop_needs_no_letter() -> None:
    assert page(the_appeal(kind="stop", prose={"en": the_prose(letters=())})) == []


def test_prose_that_is_not_listed_is_not_looked_at() -> None:
    assert page(the_appeal(languages=("ru",), prose={"en": the_prose(letters=()), "ru": the_prose("ru")})) == []


# Scopes


def heading(*to: str, person: str | None = None, theme: str | None = None) -> RequestHeading:
    return RequestHeading(level=1, runs=(Run(text="h"),), scope=Scope(to=to, person=person, theme=theme))


def a_request(*to: str, label: str = "i.") -> Request:
    return Request(label=label, blocks=paragraphs("x"), scope=Scope(to=to))


def a_group(*requests: Request, headings: tuple[RequestHeading, ...] = ()) -> RequestGroup:
    return RequestGroup(headings=headings, requests=requests)


def test_unknown_names_in_braces_are_problems_where_they_stand() -> None:
    groups = (
        a_group(a_request(), headings=(heading("arlandia"), heading(person="marne"))),
        a_group(
            a_request("arlandia/justice"), a_request("utopia/x"), headings=(heading(person="maren"), heading(theme="x"))
        ),
    )
    appeal = in_english(letters=(a_letter(1), a_letter(1, "arlandia/justise", "arlandia")), requests=groups)
    assert found(scopes_exist(appeal, world(appeal))) == [
        Found(EN, ("letters", 1), "no recipient 'arlandia/justise' in recipients/", "did you mean 'arlandia/justice'?"),
        Found(EN, ("requests", 0, "headings", 1), "no person 'marne' in appeal.yaml", "did you mean 'maren'?"),
        Found(EN, ("requests", 1, "requests", 1), "no recipient 'utopia/x' in recipients/"),
    ]


def test_a_group_without_a_letter_may_be_addressed_in_braces() -> None:
    appeal = in_english(requests=(a_group(a_request("arlandia/press")),))
    assert found(scopes_exist(appeal, world(appeal))) == []


def reach(appeal: Appeal) -> list[Found]:
    return found(requests_reach_recipients(appeal, world(appeal)))


def lost(path: tuple[str | int, ...], to: str) -> Found:
    return Found(EN, path, f"this, to {to}, is for no recipient of the appeal", None, True)


def test_a_recipient_of_whom_nothing_is_asked_is_told() -> None:
    appeal = in_english(requests=(a_group(a_request("arlandia/justice")),))
    message = "no requested action is addressed to arlandia/president"
    assert reach(appeal) == [Found(EN, ("requests",), message, None, True)]


@pytest.mark.parametrize(
    ("group", "told"),
    [
        pytest.param(a_group(a_request("arlandia/justice")), [], id="a recipient"),
        pytest.param(a_group(a_request("arlandia/bench")), [], id="a recipient's group"),
        pytest.param(a_group(a_request("arlandia/clerk", "arlandia/justice")), [], id="a recipient among others"),
        pytest.param(
            a_group(a_request(), a_request("arlandia/clerk", "arlandia#clerk")),
            [lost(("requests", 1, "requests", 1), "arlandia/clerk, arlandia#clerk")],
            id="others only",
        ),
        pytest.param(
            a_group(a_request(), headings=(heading("arlandia"), heading("arlandia/clerk"))),
            [lost(("requests", 1, "headings", 1), "arlandia/clerk")],
            id="a heading for others",
        ),
        pytest.param(
            a_group(a_request("arlandia/justice"), headings=(heading("arlandia/president"),)),
            [lost(("requests", 1, "requests", 0), "arlandia/justice")],
            id="a recipient under another's heading",
        ),
        pytest.param(a_group(a_request("utopia/x")), [], id="nobody known, which another rule tells"),
    ],
)
def test_what_is_addressed_to_no_recipient_is_told(group: RequestGroup, told: list[Found]) -> None:
    assert reach(in_english(requests=(*requests("x"), group))) == told


def test_a_letter_to_no_recipient_is_told() -> None:
    appeal = in_english(letters=(a_letter(1), a_letter(1, "arlandia/clerk")))
    assert reach(appeal) == [lost(("letters", 1), "arlandia/clerk")]


def test_requests_to_a_group_without_a_letter_are_published_and_lost_to_nobody() -> None:
    group = a_group(a_request(), headings=(heading("arlandia/press"),))
    appeal = the_appeal(
        languages=("en",),
        recipients=("arlandia/justice", "arlandia/press"),
        prose={"en": the_prose(requests=(*requests("x"), group))},
    )
    assert reach(appeal) == []


def test_without_recipients_nothing_is_lost_on_them() -> None:
    prose = {"en": the_prose(requests=(a_group(a_request("arlandia/clerk")),))}
    assert reach(the_appeal(languages=("en",), recipients=(), prose=prose)) == []


def test_a_stop_asks_for_nothing() -> None:
    assert reach(the_appeal(kind="stop", prose={"en": the_prose(requests=())})) == []


# Translations


def agree(**changes: Any) -> list[Found]:
    appeal = the_appeal(**changes)
    return found(translations_agree(appeal, definitions(appeal)))


@pytest.mark.parametrize(
    ("english", "russian", "told"),
    [
        pytest.param(1000.0, 1000.0 - STALE_AFTER, False, id="of one checkout"),
        pytest.param(1000.0, 999.0 - STALE_AFTER, True, id="older"),
        pytest.param(1000.0, 2000.0, False, id="newer"),
    ],
)
def test_a_translation_older_than_the_original_is_told(english: float, russian: float, told: bool) -> None:
    prose = {"en": the_prose(modified=english), "ru": the_prose("ru", modified=russian)}
    message = "the translation is older than en.md: does it still say the same?"
    hint = "if so: appeals translated 'XAA 007/0326/OBS 021.01' ru"
    assert agree(prose=prose) == [Found(RU, (), message, hint, True)] * told


def test_the_first_language_is_the_original() -> None:
    prose = {"en": the_prose(modified=0.0), "ru": the_prose("ru", modified=1000.0)}
    assert [(one.file, one.message[:40]) for one in agree(prose=prose, languages=("ru", "en"))] == [
        (EN, "the translation is older than ru.md: doe")
    ]


ONE, TWO, THREE = (a_request(label=label) for label in ("i.", "ii.", "iii."))


@pytest.mark.parametrize(
    ("english", "russian", "counts"),
    [
        pytest.param((a_group(ONE, TWO),), (a_group(ONE, TWO),), None, id="the same"),
        pytest.param((a_group(ONE, TWO, THREE),), (a_group(ONE, TWO),), "2 here, 3 in en.md", id="one is missing"),
        pytest.param((a_group(ONE),), (a_group(ONE, TWO),), "2 here, 1 in en.md", id="one more"),
        pytest.param((a_group(ONE, TWO),), (a_group(ONE, THREE),), "2 here, 2 in en.md", id="another number"),
        pytest.param((a_group(ONE, TWO),), (a_group(ONE), a_group(TWO)), "2 here, 2 in en.md", id="another group"),
        pytest.param((a_group(ONE),), (), "0 here, 1 in en.md", id="none"),
    ],
)
def test_a_translation_asks_for_the_same_actions(english: Any, russian: Any, counts: str | None) -> None:
    prose = {"en": the_prose(requests=english), "ru": the_prose("ru", requests=russian)}
    message = f"the requested actions differ in number, numbering or grouping: {counts}"
    assert agree(prose=prose) == ([] if counts is None else [Found(RU, ("requests",), message)])


@pytest.mark.parametrize(
    ("english", "russian", "same"),
    [
        pytest.param(a_group(a_request("arlandia/justice")), a_group(a_request()), False, id="addressee left out"),
        pytest.param(
            a_group(ONE, headings=(heading("arlandia/justice"),)),
            a_group(ONE, headings=(heading("arlandia"),)),
            False,
            id="another addressee of a heading",
        ),
        pytest.param(
            a_group(ONE, headings=(heading(person="a"),)),
            a_group(ONE, headings=(heading(person="b"),)),
            False,
            id="person",
        ),
        pytest.param(a_group(a_request("a/b", "c")), a_group(a_request("c", "a/b")), True, id="another order"),
        pytest.param(
            a_group(ONE, headings=(heading(theme="a"),)), a_group(ONE, headings=(heading(theme="b"),)), True, id="theme"
        ),
    ],
)
def test_a_translation_asks_the_same_addressees(english: RequestGroup, russian: RequestGroup, same: bool) -> None:
    prose = {"en": the_prose(requests=(english,)), "ru": the_prose("ru", requests=(russian,))}
    message = "the requested actions are addressed otherwise than in en.md"
    told = [] if same else [Found(RU, ("requests",), message, "compare what stands in braces")]
    assert agree(prose=prose) == told


def test_without_an_original_there_is_nothing_to_compare() -> None:
    assert agree(prose={"ru": the_prose("ru", requests=())}) == []


# Notes and things left to do


def test_a_note_that_calls_a_note_is_a_problem() -> None:
    inside = (Listing(ordered=False, items=((paragraph("see[^1]"),),)),)
    first, second = notes("one", "two")
    prose = the_prose(notes=(first, second.model_copy(update={"blocks": inside})))
    appeal = the_appeal(prose={"en": prose})
    message = "the note [^2] calls another note, which a document does not show"
    assert found(notes_are_called_from_the_text(appeal, definitions(appeal))) == [
        Found(EN, ("notes", 1), message, "call it from the text")
    ]


def to_do(header: str = "", english: str = "") -> list[Problem]:
    prose = {"en": the_prose(text=english), "ru": the_prose("ru", text="TODO translate")}
    appeal = the_appeal(text=header, prose=prose, languages=("en",))
    return list(nothing_left_to_do(appeal, definitions(appeal)))


def test_everything_left_to_do_is_a_problem_at_its_line_and_column() -> None:
    assert to_do("code: x\ntitle: TODO\n", "one\n\n  FIXME and TODO\n") == [
        Problem(HEADER, 2, 8, Severity.ERROR, "TODO is left to do"),
        Problem(EN, 3, 3, Severity.ERROR, "FIXME is left to do"),
        Problem(EN, 3, 13, Severity.ERROR, "TODO is left to do"),
        Problem(RU, 1, 1, Severity.ERROR, "TODO is left to do"),
    ]


def test_the_line_left_to_do_is_shown() -> None:
    assert to_do("a\n  TODO b\n")[0].text == "  TODO b"


@pytest.mark.parametrize("text", ["todo", "TODOS", "STODO", "Article XXX", "XXX 001/0326/OBS 002", "To do:"])
def test_ordinary_words_are_not_left_to_do(text: str) -> None:
    assert [problem.file for problem in to_do(text, text)] == [RU]


def test_files_without_text_have_nothing_left_to_do() -> None:
    appeal = the_appeal(origin=Origin(""), prose={"en": the_prose(origin=origin("x"))})
    assert list(nothing_left_to_do(appeal, definitions(appeal))) == []


@pytest.mark.parametrize(
    ("changes", "file", "path"),
    [
        pytest.param({"subject": "=?utf-8?q?x?="}, EN, ("subject",), id="subject"),
        pytest.param({"subject": None, "title": "a\u202eb"}, EN, ("title",), id="title"),
        pytest.param({"subject": None, "title": None}, HEADER, ("title",), id="title of the header"),
        pytest.param({}, None, (), id="nothing wrong"),
    ],
)
def test_a_subject_that_no_mail_header_may_hold_is_told_at_its_place(
    changes: dict[str, Any], file: str | None, path: Path
) -> None:
    appeal = the_appeal(title={"en": "x\u2028y", "ru": "z"}, prose={"en": the_prose(**changes)})
    told = [(one.file, one.path) for one in found(subject_fits_a_header(appeal, definitions()))]
    assert told == ([(file, path)] if file else [])


def test_an_appeal_without_any_title_has_no_subject_to_judge() -> None:
    appeal = the_appeal(title={"ru": "z"}, prose={"en": the_prose(subject=None, title=None)})
    assert found(subject_fits_a_header(appeal, definitions())) == []
