"""Build definitions and letters for tests: sensible as they are, and each part can be given by keyword.

The case is invented (XAA is a country code that ISO 3166 leaves to its users; `.example` addresses reach
nobody).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign, Sender
from urgent_appeals.domain.case_code import CaseCode, parse
from urgent_appeals.domain.directory import Directory, Office
from urgent_appeals.domain.letter import Addressee, Letter, Signatory
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import (
    Block,
    Inline,
    LetterText,
    Note,
    NoteMark,
    Paragraph,
    Prose,
    Request,
    RequestGroup,
    Run,
)

CODE = "XAA 007/0326/OBS 021.01"
ON = date(2026, 4, 2)
_LABELS = ("i.", "ii.", "iii.", "iv.", "v.", "vi.", "vii.", "viii.", "ix.", "x.")
_TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "subject": "Ms Ilva Maren: request for her release",
        "salutation": "Your Excellency,",
        "before": (
            (
                "I am writing out of concern for Ms Ilva Maren, founder of the *Lake Reading Circle*, "
                "arrested in Northport on 3 March 2026.[^1]"
            ),
            "Her lawyer has not been allowed to see her, and no charge has been made known.",
        ),
        "requests": (
            "release Ms Maren immediately and unconditionally, since she is held only for her peaceful work;",
            "see to it that she may meet her lawyer and her family without delay.",
        ),
        "notes": ("Statement of the Northport Bar of 5 March 2026.",),
        "lead_in": "I respectfully urge you to:",
        "request_for_reply": "I should be grateful for a reply that quotes the appeal code {code}.",
        "close": "Yours respectfully,",
        "summary": ("Ms Ilva Maren has been held since 3 March 2026 without a charge. Please release her.",),
        "name": "Minister of Justice, Republic of Arlandia",
        "names": ("Ms Ilva Maren",),
    },
    "ru": {
        "subject": "Илва Марен: просьба об освобождении",
        "salutation": "Уважаемый господин Министр!",
        "before": (
            (
                "Обращаюсь к Вам в связи с судьбой Илвы Марен, основательницы *Озёрного кружка*, "
                "задержанной в Нортпорте 3 марта 2026 года.[^1]"
            ),
            "Адвоката к ней не допускают, обвинение не предъявлено.",
        ),
        "requests": (
            "немедленно и безоговорочно освободить Илву Марен, удерживаемую за её мирную деятельность;",
            "безотлагательно разрешить ей свидания с адвокатом и родными.",
        ),
        "notes": ("Заявление коллегии адвокатов Нортпорта от 5 марта 2026 года.",),
        "lead_in": "В связи с этим прошу Вас:",
        "request_for_reply": "Буду признательна за ответ с указанием кода обращения {code}.",
        "close": "С глубоким уважением,",
        "summary": ("Илву Марен удерживают с 3 марта 2026 года без обвинения. Прошу её освободить.",),
        "name": "Министр юстиции Республики Арландия",
        "names": ("Илва Марен",),
    },
}


@cache
def _wording(language: str) -> dict[str, Any]:
    text = (packaged.templates() / "phrases" / f"{language}.yaml").read_text(encoding="utf-8")
    wording: dict[str, Any] = YAML(typ="safe").load(text)
    return wording


def phrases(language: str = "en", *, letter: dict[str, Any] | None = None, **changes: Any) -> Phrases:
    """Return the built-in wording of a language; `letter` changes single phrases of the letter."""
    wording = _wording(language)
    return Phrases.model_validate({**wording, "letter": {**wording["letter"], **(letter or {})}, **changes})


def a_code(text: str = CODE) -> CaseCode:
    """Return a case code."""
    return parse(text)


def paragraph(text: str, number: int | None = None) -> Paragraph:
    """Return a paragraph; `*…*` is emphasis, `[^1]` calls a note."""
    runs: list[Inline] = []
    for part in re.split(r"(\*[^*]+\*|\[\^\w+\])", text):
        if part.startswith("[^"):
            runs.append(NoteMark(label=part[2:-1]))
        elif part.startswith("*") and len(part) > 1:
            runs.append(Run(text=part[1:-1], emphasis=True))
        elif part:
            runs.append(Run(text=part))
    return Paragraph(runs=tuple(runs), number=number)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    """Return paragraphs."""
    return tuple(paragraph(text) for text in texts)


def requests(*texts: str, labels: tuple[str, ...] = _LABELS) -> tuple[RequestGroup, ...]:
    """Return one group of requested actions, labelled i. ii. iii. unless labels are given; none for no
    texts.
    """
    each = tuple(Request(label=label, blocks=paragraphs(text)) for label, text in zip(labels, texts, strict=False))
    return (RequestGroup(requests=each),) if each else ()


def notes(*texts: str) -> tuple[Note, ...]:
    """Return notes labelled 1, 2, 3; an empty line in a text parts its paragraphs."""
    return tuple(Note(label=str(n), blocks=paragraphs(*text.split("\n\n"))) for n, text in enumerate(texts, start=1))


def an_addressee(**changes: Any) -> Addressee:
    """Return a minister with a postal address and an email address."""
    values: dict[str, Any] = {
        "recipient": "arlandia/justice",
        "name": _TEXTS["en"]["name"],
        "block": ("Minister of Justice", "1 Harbour Square", "Northport 1000", "ARLANDIA"),
        "email": "minister@justice.example",
    }
    return Addressee(**(values | changes))


def a_signatory(**changes: Any) -> Signatory:
    """Return who signs."""
    values: dict[str, Any] = {
        "sender": "hale",
        "name": "Margaret Hale",
        "role": "Member, Leeds Letter-Writing Group",
        "address": ("14 Albion Terrace", "Leeds LS2 9JT", "United Kingdom"),
        "email": "m.hale@letters.example",
    }
    return Signatory(**(values | changes))


def a_letter(language: str = "en", **changes: Any) -> Letter:
    """Return a short letter to a minister in English or Russian, complete with notes, copies and summary."""
    text = _TEXTS[language]
    code = changes.pop("code", a_code())
    values: dict[str, Any] = {
        "code": code,
        "language": language,
        "on": ON,
        "addressee": an_addressee(name=text["name"]),
        "signatory": a_signatory(),
        "reply_to": "answers@campaign.example",
        "subject": f"{code} – {text['subject']}",
        "salutation": text["salutation"],
        "before": paragraphs(*text["before"]),
        "lead_in": text["lead_in"],
        "requests": requests(*text["requests"]),
        "after": (),
        "request_for_reply": text["request_for_reply"].replace("{code}", str(code)),
        "close": text["close"],
        "copies": (),
        "notes": notes(*text["notes"]),
        "summary": paragraphs(*text["summary"]),
        "names": text["names"],
        "deadlines": (),
        "envelope": "din-b",
        "qr": f"{code}:arlandia/justice",
        "reviewed": True,
        "historical": False,
        "override": None,
        "phrases": phrases(language),
    }
    return Letter(**(values | changes))


def an_office(**changes: Any) -> Office:
    """Return a minister's office with a holder, an address and an email address."""
    values: dict[str, Any] = {
        "name": {"en": "Minister of Justice", "ru": "Министр юстиции"},
        "title": {"en": "Minister", "ru": "Министр"},
        "tags": ("minister",),
        "holders": ({"name": {"en": "Tomas Berg", "ru": "Томас Берг"}, "gender": "m", "from": "2024-05"},),
        "address": {"lines": {"*": ("1 Harbour Square", "Northport 1000")}},
        "email": "minister@justice.example",
    }
    return Office.model_validate(values | changes)


def a_directory(**changes: Any) -> Directory:
    """Return a directory of two offices, `arlandia/president` and `arlandia/justice`."""
    president = an_office(
        name={"en": "President of the Republic", "ru": "Президент Республики"},
        title={"en": "President", "ru": "Президент"},
        tags=("head-of-state",),
        holders=(),
        email=(),
    )
    values: dict[str, Any] = {
        "directory": "arlandia",
        "name": {"en": "Arlandia", "ru": "Арландия"},
        "country": "XAA",
        "country_line": {"en": "ARLANDIA", "ru": "АРЛАНДИЯ"},
        "languages": ("en", "ru"),
        "offices": {"president": president, "justice": an_office()},
        "checked": "2026-02-01",
    }
    return Directory.model_validate(values | changes)


def a_sender(**changes: Any) -> Sender:
    """Return a sender with an address."""
    values: dict[str, Any] = {
        "name": "Margaret Hale",
        "role": {"en": "Member, Leeds Letter-Writing Group", "ru": "Участница группы в Лидсе"},
        "address": ("14 Albion Terrace", "Leeds LS2 9JT"),
        "country": "GBR",
        "country_line": "United Kingdom",
        "email": "m.hale@letters.example",
    }
    return Sender.model_validate(values | changes)


def a_campaign(**changes: Any) -> Campaign:
    """Return the settings of a workspace with one issuer and one sender."""
    values: dict[str, Any] = {
        "name": "Letters for Arlandia",
        "languages": ("en", "ru"),
        "country": "GBR",
        "issuers": {"circle": {"name": {"en": "Circle of Friends", "ru": "Круг друзей"}}},
        "senders": {"hale": a_sender()},
        "sender": "hale",
        "reply_to": "answers@campaign.example",
    }
    return Campaign.model_validate(values | changes)


def a_prose(language: str = "en", **changes: Any) -> Prose:
    """Return what the appeal says in English or Russian."""
    text = _TEXTS[language]
    values: dict[str, Any] = {
        "language": language,
        "title": text["names"][0],
        "subject": text["subject"],
        "letters": (LetterText(blocks=paragraphs(*text["before"])),),
        "summary": paragraphs(*text["summary"]),
        "requests": requests(*text["requests"]),
        "notes": notes(*text["notes"]),
    }
    return Prose(**(values | changes))


def an_appeal(**changes: Any) -> Appeal:
    """Return an open appeal to both offices of the directory, in English and Russian."""
    values: dict[str, Any] = {
        "code": a_code(),
        "title": {"en": "Ms Ilva Maren", "ru": "Илва Марен"},
        "country": "XAA",
        "dates": {"issued": "2026-03-20", "act_by": "2026-05-15"},
        "issuers": ("circle",),
        "people": {"maren": {"name": {"en": "Ms Ilva Maren", "ru": "Илва Марен"}, "gender": "f", "consent": "given"}},
        "violations": ("arbitrary detention",),
        "recipients": ("arlandia/president", "arlandia/justice"),
        "languages": ("en", "ru"),
        "reviewed": ("en", "ru"),
        "prose": {language: a_prose(language) for language in ("en", "ru")},
    }
    return Appeal.model_validate(values | changes)
