"""Build letters and bulletins for the tests of the render layer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from urgent_appeals import packaged
from urgent_appeals.domain.case_code import CaseCode, parse
from urgent_appeals.domain.letter import Addressee, Letter, Signatory
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import Block, Inline, Note, NoteMark, Paragraph, Request, RequestGroup, Run

CODE = "KAZ 001/0802/OBS 053.02"
TEMPLATES = packaged.templates()


def _texts(block: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, each on one line."""
    return tuple(" ".join(text.split()) for text in block.split("\n\n"))


EN: dict[str, Any] = {
    "subject": "Mr Sergei Duvanov: request for his immediate release",
    "salutation": "Your Excellency,",
    "close": "Yours respectfully,",
    "block": (
        "Administration of the President of the Republic of Kazakhstan",
        "Beibitshilik 11",
        "473000 Astana",
        "KAZAKHSTAN",
    ),
    "before": _texts(
        """
        I write out of concern for Mr Sergei Duvanov, chief editor of *Human Rights in Kazakhstan and in the
        World*, the bulletin of the Kazakhstan International Bureau for Human Rights and the Rule of Law. On
        11 March 2003 he was sentenced on appeal to three and a half years in prison.

        He had been arrested on 28 October 2002, the day he was due to leave for the United States to speak
        about human rights and democracy in Kazakhstan, and was found guilty by the Karasai district court
        on 28 January 2003.[^1] His lawyers point to numerous breaches of procedure which, in their view,
        called for the case to be dismissed. International observers were refused entry when the verdict on
        appeal was given.

        The OSCE has criticised the legal irregularities and the lack of evidence, and the European
        Parliament has called for Mr Duvanov’s immediate release.[^2] In view of these shortcomings, and of
        earlier acts against him, I share the conclusion of the Observatory for the Protection of Human
        Rights Defenders that his detention is arbitrary and serves only to punish his work for human rights
        and democracy.
        """
    ),
    "requests": _texts(
        """
        release Mr Duvanov immediately, since his detention is arbitrary;

        put an end to all harassment of human rights defenders and all violence against them, and ensure
        that the Declaration on Human Rights Defenders, adopted by the United Nations General Assembly on 9
        December 1998, is put into practice, in particular its articles 1 and 6 (b);[^3]

        guarantee respect for human rights and fundamental freedoms in accordance with the Universal
        Declaration of Human Rights and the other international instruments ratified by Kazakhstan.
        """
    ),
    "notes": _texts(
        """
        Article 120, part 2, paragraph D, of the Criminal Code. The trial had opened on 2 December 2002.

        OSCE statement of 28 January 2003; European Parliament resolution of 13 February 2003.

        Article 1 protects the right to promote and strive for human rights; article 6 (b), the right to
        publish and impart information about them.
        """
    ),
    "copies": (
        "Office of the Prime Minister of the Republic of Kazakhstan",
        "Ministry of Internal Affairs of the Republic of Kazakhstan",
    ),
    "names": ("Mr Sergei Duvanov",),
}

RU: dict[str, Any] = {
    "subject": "Просьба о немедленном освобождении Сергея Дуванова",
    "salutation": "Ваше Превосходительство!",
    "close": "С глубоким уважением,",
    "block": (
        "Администрация Президента Республики Казахстан",
        "Бейбитшилик, 11",
        "473000 Астана",
        "KAZAKHSTAN / КАЗАХСТАН",
    ),
    "before": _texts(
        """
        Обращаюсь к Вам с глубокой обеспокоенностью судьбой Сергея Дуванова — главного редактора бюллетеня
        «Права человека в Казахстане и мире», который издаёт Казахстанское международное бюро по правам
        человека и соблюдению законности. 11 марта 2003 года апелляционная инстанция оставила в силе его
        приговор: три с половиной года лишения свободы.

        Сергей Дуванов был задержан 28 октября 2002 года, в день, когда должен был вылететь в США, чтобы
        рассказать о положении с правами человека и демократией в Казахстане. 28 января 2003 года
        Карасайский районный суд признал его виновным.[^1] Адвокаты зафиксировали многочисленные
        процессуальные нарушения, которые, по их мнению, должны были повлечь прекращение дела, а
        международных наблюдателей, просивших допустить их на апелляцию, не впустили в зал при оглашении
        решения.

        ОБСЕ указала на правовые изъяны процесса и недостаток доказательств, а Европейский парламент призвал
        немедленно освободить Сергея Дуванова.[^2] Поэтому я разделяю вывод Обсерватории по защите
        правозащитников: это лишение свободы носит произвольный характер и служит лишь наказанием за его
        правозащитную деятельность.
        """
    ),
    "requests": _texts(
        """
        немедленно освободить г-на Дуванова ввиду произвольного характера его задержания;

        положить конец всем формам преследования правозащитников и насилия против них и обеспечить
        соблюдение положений Декларации о правозащитниках, принятой Генеральной Ассамблеей ООН 9 декабря
        1998 года, в частности её статей 1 и 6 (b);[^3]

        гарантировать соблюдение прав человека и основных свобод в соответствии со Всеобщей декларацией прав
        человека и другими международными договорами, ратифицированными Казахстаном.
        """
    ),
    "notes": _texts(
        """
        Пункт «г» части 2 статьи 120 Уголовного кодекса. Процесс начался 2 декабря 2002 года.

        Заявление ОБСЕ от 28 января 2003 года; резолюция Европейского парламента от 13 февраля 2003 года.

        Статья 1 защищает право поощрять и защищать права человека; статья 6 (b) — право публиковать и
        распространять сведения о них.
        """
    ),
    "copies": (
        "Канцелярия Премьер-министра Республики Казахстан",
        "Министерство внутренних дел Республики Казахстан",
    ),
    "names": ("Сергей Дуванов",),
}

FILLER = (
    "This paragraph is here to make a letter longer than one page, as happens where an appeal has much to tell, and "
    "says nothing else, however often it is repeated in the letters of these tests."
)

TEXTS: dict[str, dict[str, Any]] = {"en": EN, "ru": RU}


def phrases(language: str = "en") -> Phrases:
    """Read the built-in wording of a language."""
    text = (TEMPLATES / "phrases" / f"{language}.yaml").read_text(encoding="utf-8")
    return Phrases.model_validate(YAML(typ="safe").load(text))


def code(text: str = CODE) -> CaseCode:
    """Return a case code."""
    return parse(text)


def paragraph(text: str, number: int | None = None) -> Paragraph:
    """Return a paragraph; `*…*` is emphasis, `[^1]` calls a note."""
    runs: list[Inline] = []
    for part in re.split(r"(\*[^*]+\*|\[\^\w+\])", text):
        if part.startswith("[^"):
            runs.append(NoteMark(label=part[2:-1]))
        elif part.startswith("*"):
            runs.append(Run(text=part[1:-1], emphasis=True))
        elif part:
            runs.append(Run(text=part))
    return Paragraph(runs=tuple(runs), number=number)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    """Return paragraphs."""
    return tuple(paragraph(text) for text in texts)


def requests(*texts: str, labels: tuple[str, ...] = ()) -> tuple[RequestGroup, ...]:
    """Return one group of requested actions, numbered i. ii. iii. unless labels are given."""
    names = labels or ("i.", "ii.", "iii.", "iv.", "v.", "vi.", "vii.", "viii.", "ix.", "x.")
    each = tuple(Request(label=label, blocks=paragraphs(text)) for label, text in zip(names, texts, strict=False))
    return (RequestGroup(requests=each),) if each else ()


def notes(*texts: str) -> tuple[Note, ...]:
    """Return notes labelled 1, 2, 3; a blank line in a text parts its paragraphs."""
    return tuple(
        Note(label=str(number), blocks=paragraphs(*text.split("\n\n"))) for number, text in enumerate(texts, start=1)
    )


def addressee(**changes: Any) -> Addressee:
    """Return the addressee of the letters."""
    values = {
        "recipient": "kazakhstan/president",
        "name": "President of the Republic of Kazakhstan",
        "block": EN["block"],
    }
    return Addressee(**(values | changes))


def signatory(**changes: Any) -> Signatory:
    """Return who signs the letters."""
    values = {
        "sender": "hale",
        "name": "Margaret Hale",
        "role": "Member, Leeds Letter-Writing Group",
        "address": ("14 Albion Terrace", "Leeds LS2 9JT", "United Kingdom"),
        "email": "m.hale@example.org",
    }
    return Signatory(**(values | changes))


def letter(language: str = "en", **changes: Any) -> Letter:
    """Return a letter about one page long."""
    text = TEXTS[language]
    wording = phrases(language)
    values: dict[str, Any] = {
        "code": code(),
        "language": language,
        "on": date(2003, 3, 13),
        "addressee": addressee(block=text["block"]),
        "signatory": signatory(),
        "reply_to": "m.hale@example.org",
        "subject": f"{CODE} – {text['subject']}",
        "salutation": text["salutation"],
        "before": paragraphs(*text["before"]),
        "lead_in": wording.letter.lead_in,
        "requests": requests(*text["requests"]),
        "after": (),
        "request_for_reply": wording.letter.request_for_reply.replace("{code}", CODE),
        "close": text["close"],
        "copies": text["copies"],
        "notes": notes(*text["notes"]),
        "summary": (),
        "names": text["names"],
        "deadlines": (),
        "envelope": "din-b",
        "qr": f"{CODE}:kazakhstan/president",
        "reviewed": True,
        "historical": False,
        "override": None,
        "phrases": wording,
    }
    return Letter(**(values | changes))


def long_letter(count: int, **changes: Any) -> Letter:
    """Return a letter with a body of so many paragraphs, each of about 35 words."""
    return letter(before=paragraphs(*[FILLER] * count), **changes)


def workspace_templates(directory: Path, **files: str) -> Path:
    """Write a workspace's own templates; `letter_html` stands for letter.html. Return their directory."""
    for name, text in files.items():
        path = directory / ".".join(name.rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory
