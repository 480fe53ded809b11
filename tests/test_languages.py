"""Six languages: fixed wording that is whole and pure, forms of address, and pages in one language each."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.builders import an_office, phrases
from tests.render import facts
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.directory import Holder
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.domain.wording import close, salutation
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.letters import Made, Wanted, make_letters
from urgent_appeals.workspace.phrases import FIELDS

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "ru", "kk", "fr", "es", "ar")
SCRIPTS = {"en": "LATIN", "fr": "LATIN", "es": "LATIN", "ru": "CYRILLIC", "kk": "CYRILLIC", "ar": "ARABIC"}
CASE = "UAD XAA 001/2026"
DAYS = {CASE: date(2026, 10, 21), f"{CASE}.01": date(2026, 11, 22), f"{CASE}.02": date(2026, 12, 16)}
INTERNATIONAL = {"PDF", "QR"}
"""Words that every script takes over as they are."""
OWN_WORDS = {
    "en": "the and with was were her his that which from of",
    "fr": "les des du une dans avec est pour qui et",
    "es": "el los las del una con por su fue",
}
"""Small words that no other of the three languages has, and no page of any length does without."""


def wording(language: str) -> dict[tuple[str, ...], str]:
    """Return every phrase of a language by the keys that lead to it, without those that are no wording."""
    text = (ROOT / "templates/phrases" / f"{language}.yaml").read_text(encoding="utf-8")
    return {path: words for path, words in _leaves(YAML(typ="safe").load(text), ()) if len(path) > 1}


def _leaves(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, str(key)))
        else:
            yield (*path, str(key)), str(value)


def of_office(path: tuple[str, ...]) -> bool:
    """Tell whether a phrase is a form of address, which each language words by gender or not, as it must."""
    return path[:2] in {("letter", "salutations"), ("letter", "closes")}


def scripts(text: str) -> set[str]:
    """Return the scripts of the letters in a text: LATIN, CYRILLIC, ARABIC."""
    letters = (char for char in text if char.isalpha() and char not in "ªº")
    return {unicodedata.name(char).split()[0] for char in letters}


# Fixed wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_that_english_has(language: str) -> None:
    def keys(of: str) -> set[tuple[str, ...]]:
        return {path[:3] if of_office(path) else path for path in wording(of)}

    # A close that repeats the salutation differs where the usual one would do.
    assert keys(language) - {("letter", "closes", "official"), ("letter", "closes", "body")} == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_asks_for_the_fields_that_the_english_one_asks_for(language: str) -> None:
    def fields(of: str) -> dict[tuple[str, ...], set[str]]:
        return {path: set(re.findall(r"\{(\w+)\}", text)) for path, text in wording(of).items() if not of_office(path)}

    assert fields(language) == fields("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_of_address_ask_for_nothing_but_title_and_name(language: str) -> None:
    asked = {
        (path[:2], field)
        for path, text in wording(language).items()
        if of_office(path)
        for field in re.findall(r"\{(\w+)\}", text)
    }
    assert {field for path, field in asked} <= {"title", "name"}
    assert all(field in FIELDS[path] for path, field in asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_has_a_letter_of_another_script(language: str) -> None:
    international = re.compile(r"\{\w+\}|\b(?:" + "|".join(INTERNATIONAL) + r")\b")
    strange = {
        path: text
        for path, text in wording(language).items()
        if scripts(international.sub("", text)) - {SCRIPTS[language]}
    }
    assert strange == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", ["standing", "standing_programme"])
def test_names_stand_in_the_sentence_that_says_who_asks_without_an_article_or_an_inflection(
    language: str, phrase: str
) -> None:
    before = re.split(r"\{(?:issuers|programme)\}", wording(language)["bulletin", phrase])[0]
    assert before.rstrip().endswith(":")


def test_a_letter_of_another_script_is_seen_as_such() -> None:
    assert scripts("Copy to: Мinistry") == {"LATIN", "CYRILLIC"}
    assert scripts("2003 жылғы 13 наурыз") == {"CYRILLIC"}
    assert scripts("مارس 2003") == {"ARABIC"}


def french_texts() -> Iterator[tuple[str, str]]:
    yield from ((f"fr.yaml: {'.'.join(path)}", text) for path, text in wording("fr").items())
    for file in sorted((ROOT / "appeals").glob("*/*/fr.md")):
        body = re.sub(r"\{[^}]*\}|^\[\^\w+\]:|^- [\d-]+:", "", file.read_text(encoding="utf-8"), flags=re.M)
        yield from ((f"{file.parent.name}/fr.md:{n}", line) for n, line in enumerate(body.split("\n"), start=1))


def test_no_line_of_french_can_break_before_its_marks_or_inside_its_quotation_marks() -> None:
    can_break = re.compile(r" [;:!?»]|« |(?<=\w)[;!?»]|(?<=\w):(?=\s|$)|«\w")
    texts = dict(french_texts())
    assert len(texts) > 150
    assert {place: text for place, text in texts.items() if can_break.search(text)} == {}


def test_spanish_asks_and_exclaims_from_the_beginning() -> None:
    texts = [*wording("es").values(), *(file.read_text("utf-8") for file in (ROOT / "appeals").glob("*/*/es.md"))]
    assert [text for text in texts if text.count("?") != text.count("¿") or text.count("!") != text.count("¡")] == []


# Forms of address

TITLES: dict[str, dict[str, Any]] = {
    "en": {},
    "ru": {"head-of-state": "Президент", "head-of-government": "Премьер-министр", "minister": "Министр",
           "ambassador": "Посол", "official": "Прокурор"},
    "kk": {"head-of-state": "Президент", "head-of-government": "Премьер-Министр", "minister": "Министр",
           "ambassador": "Елші", "official": "Прокурор"},
    "fr": {
        "head-of-state": {"m": "le Président", "f": "la Présidente"},
        "head-of-government": {"m": "le Premier ministre", "f": "la Première ministre"},
        "minister": {"m": "le Ministre", "f": "la Ministre"},
        "ambassador": {"m": "l’Ambassadeur", "f": "l’Ambassadrice"},
        "official": {"m": "le Procureur", "f": "la Procureure"},
    },
    "es": {
        "head-of-state": {"m": "Presidente", "f": "Presidenta"},
        "head-of-government": {"m": "Primer Ministro", "f": "Primera Ministra"},
        "minister": {"m": "Ministro", "f": "Ministra"},
        "ambassador": {"m": "Embajador", "f": "Embajadora"},
        "official": "Fiscal",
    },
    "ar": {
        "head-of-government": {"m": "رئيس الحكومة", "f": "رئيسة الحكومة"},
        "official": {"m": "النائب العام", "f": "النائبة العامة"},
    },
}  # fmt: skip

HIGHEST = "l’expression de ma très haute considération."
HIGH = "l’expression de ma haute considération."
DISTINGUISHED = "l’expression de ma considération distinguée."
EXCELLENCY_ES = "Reciba, Excelencia, el testimonio de mi"

# By office: for a man, for a woman, where the gender is not known. A body has one form.
SALUTATIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "head-of-state": ("Your Excellency,", "Your Excellency,", "Your Excellency,"),
        "head-of-government": ("Your Excellency,", "Your Excellency,", "Your Excellency,"),
        "minister": ("Your Excellency,", "Your Excellency,", "Your Excellency,"),
        "ambassador": ("Your Excellency,", "Your Excellency,", "Your Excellency,"),
        "official": ("Dear Sir,", "Dear Madam,", "Dear Sir or Madam,"),
        "body": ("Dear Sir or Madam,",),
    },
    "ru": {
        "head-of-state": (
            "Уважаемый господин Президент!",
            "Уважаемая госпожа Президент!",
            "Ваше Превосходительство!",
        ),
        "head-of-government": (
            "Уважаемый господин Премьер-министр!",
            "Уважаемая госпожа Премьер-министр!",
            "Ваше Превосходительство!",
        ),
        "minister": ("Уважаемый господин Министр!", "Уважаемая госпожа Министр!", "Ваше Превосходительство!"),
        "ambassador": ("Уважаемый господин Посол!", "Уважаемая госпожа Посол!", "Ваше Превосходительство!"),
        "official": ("Уважаемый господин Прокурор!", "Уважаемая госпожа Прокурор!", "Уважаемые дамы и господа!"),
        "body": ("Уважаемые дамы и господа!",),
    },
    "kk": {
        "head-of-state": ("Құрметті Президент мырза!", "Құрметті Президент ханым!", "Құрметті Президент!"),
        "head-of-government": (
            "Құрметті Премьер-Министр мырза!",
            "Құрметті Премьер-Министр ханым!",
            "Құрметті Премьер-Министр!",
        ),
        "minister": ("Құрметті Министр мырза!", "Құрметті Министр ханым!", "Құрметті Министр!"),
        "ambassador": ("Құрметті Елші мырза!", "Құрметті Елші ханым!", "Құрметті Елші!"),
        "official": ("Құрметті Прокурор мырза!", "Құрметті Прокурор ханым!", "Құрметті Прокурор!"),
        "body": ("Құрметті ханымдар мен мырзалар!",),
    },
    "fr": {
        "head-of-state": ("Monsieur le Président,", "Madame la Présidente,", "Excellence,"),
        "head-of-government": ("Monsieur le Premier ministre,", "Madame la Première ministre,", "Excellence,"),
        "minister": ("Monsieur le Ministre,", "Madame la Ministre,", "Excellence,"),
        "ambassador": ("Monsieur l’Ambassadeur,", "Madame l’Ambassadrice,", "Excellence,"),
        "official": ("Monsieur le Procureur,", "Madame la Procureure,", "Madame, Monsieur,"),
        "body": ("Madame, Monsieur,",),
    },
    "es": {
        "head-of-state": ("Excelentísimo Señor Presidente:", "Excelentísima Señora Presidenta:", "Excelencia:"),
        "head-of-government": (
            "Excelentísimo Señor Primer Ministro:",
            "Excelentísima Señora Primera Ministra:",
            "Excelencia:",
        ),
        "minister": ("Excelentísimo Señor Ministro:", "Excelentísima Señora Ministra:", "Excelencia:"),
        "ambassador": ("Excelentísimo Señor Embajador:", "Excelentísima Señora Embajadora:", "Excelencia:"),
        "official": ("Señor Fiscal:", "Señora Fiscal:", "Distinguida señora, distinguido señor:"),
        "body": ("Distinguida señora, distinguido señor:",),
    },
    "ar": {
        "head-of-state": ("صاحب الفخامة،", "صاحبة الفخامة،", "صاحب الفخامة،"),
        "head-of-government": (
            "دولة رئيس الحكومة المحترم،",
            "دولة رئيسة الحكومة المحترمة،",
            "دولة رئيس الوزراء المحترم،",
        ),
        "minister": ("معالي الوزير المحترم،", "معالي الوزيرة المحترمة،", "معالي الوزير المحترم،"),
        "ambassador": ("سعادة السفير المحترم،", "سعادة السفيرة المحترمة،", "سعادة السفير المحترم،"),
        "official": ("السيد النائب العام المحترم،", "السيدة النائبة العامة المحترمة،", "تحية طيبة وبعد،"),
        "body": ("حضرات السيدات والسادة المحترمين،",),
    },
}
CLOSES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "head-of-state": ("Yours respectfully,",) * 3,
        "head-of-government": ("Yours respectfully,",) * 3,
        "minister": ("Yours respectfully,",) * 3,
        "ambassador": ("Yours respectfully,",) * 3,
        "official": ("Yours faithfully,",) * 3,
        "body": ("Yours faithfully,",),
    },
    "ru": {
        "head-of-state": ("С глубоким уважением,",) * 3,
        "head-of-government": ("С глубоким уважением,",) * 3,
        "minister": ("С глубоким уважением,",) * 3,
        "ambassador": ("С глубоким уважением,",) * 3,
        "official": ("С уважением,",) * 3,
        "body": ("С уважением,",),
    },
    "kk": {
        "head-of-state": ("Зор құрметпен,",) * 3,
        "head-of-government": ("Зор құрметпен,",) * 3,
        "minister": ("Зор құрметпен,",) * 3,
        "ambassador": ("Зор құрметпен,",) * 3,
        "official": ("Құрметпен,",) * 3,
        "body": ("Құрметпен,",),
    },
    "fr": {
        "head-of-state": (
            f"Je vous prie d’agréer, Monsieur le Président, {HIGHEST}",
            f"Je vous prie d’agréer, Madame la Présidente, {HIGHEST}",
            f"Je vous prie d’agréer, Excellence, {HIGHEST}",
        ),
        "head-of-government": (
            f"Je vous prie d’agréer, Monsieur le Premier ministre, {HIGHEST}",
            f"Je vous prie d’agréer, Madame la Première ministre, {HIGHEST}",
            f"Je vous prie d’agréer, Excellence, {HIGHEST}",
        ),
        "minister": (
            f"Je vous prie d’agréer, Monsieur le Ministre, {HIGH}",
            f"Je vous prie d’agréer, Madame la Ministre, {HIGH}",
            f"Je vous prie d’agréer, Excellence, {HIGH}",
        ),
        "ambassador": (
            f"Je vous prie d’agréer, Monsieur l’Ambassadeur, {HIGH}",
            f"Je vous prie d’agréer, Madame l’Ambassadrice, {HIGH}",
            f"Je vous prie d’agréer, Excellence, {HIGH}",
        ),
        "official": (
            f"Je vous prie d’agréer, Monsieur le Procureur, {DISTINGUISHED}",
            f"Je vous prie d’agréer, Madame la Procureure, {DISTINGUISHED}",
            f"Je vous prie d’agréer, Madame, Monsieur, {DISTINGUISHED}",
        ),
        "body": (f"Je vous prie d’agréer, Madame, Monsieur, {DISTINGUISHED}",),
    },
    "es": {
        "head-of-state": (f"{EXCELLENCY_ES} más alta consideración.",) * 3,
        "head-of-government": (f"{EXCELLENCY_ES} más alta consideración.",) * 3,
        "minister": (f"{EXCELLENCY_ES} alta consideración.",) * 3,
        "ambassador": (f"{EXCELLENCY_ES} alta consideración.",) * 3,
        "official": ("Atentamente,",) * 3,
        "body": ("Atentamente,",),
    },
    "ar": {
        "head-of-state": ("وتفضلوا بقبول فائق الاحترام والتقدير،",) * 3,
        "head-of-government": ("وتفضلوا بقبول فائق الاحترام والتقدير،",) * 3,
        "minister": ("وتفضلوا بقبول فائق الاحترام والتقدير،",) * 3,
        "ambassador": ("وتفضلوا بقبول فائق الاحترام والتقدير،",) * 3,
        "official": ("وتفضلوا بقبول فائق الاحترام،",) * 3,
        "body": ("وتفضلوا بقبول فائق الاحترام،",),
    },
}


def forms(table: Mapping[str, Mapping[str, tuple[str, ...]]]) -> list[Any]:
    return [
        pytest.param(language, kind, gender, words, id=f"{language}-{kind}-{gender}")
        for language, kinds in table.items()
        for kind, by_gender in kinds.items()
        for gender, words in zip(("m", "f", "unknown"), by_gender, strict=False)
    ]


def addressed(language: str, kind: str, gender: str) -> tuple[str | None, str | None]:
    holder = Holder.model_validate({"name": "N.", "gender": gender, "from": "2020"}) if kind != "body" else None
    tags = () if kind in {"official", "body"} else (kind,)
    title = TITLES[language].get(kind)
    office = an_office(tags=tags, title={language: title} if title else {}, holders=())
    return salutation(office, holder, phrases(language)), close(office, holder, phrases(language))


@pytest.mark.parametrize(("language", "kind", "gender", "words"), forms(SALUTATIONS))
def test_the_salutation_goes_by_office_gender_and_language(language: str, kind: str, gender: str, words: str) -> None:
    assert addressed(language, kind, gender)[0] == words


@pytest.mark.parametrize(("language", "kind", "gender", "words"), forms(CLOSES))
def test_the_close_goes_by_office_gender_and_language(language: str, kind: str, gender: str, words: str) -> None:
    assert addressed(language, kind, gender)[1] == words


# The sample


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.open(ROOT)


def letters(desk: Desk, code: str, language: str) -> list[Letter]:
    appeal, directories = desk.appeal(code), desk.workspace.directories
    return [
        compose(
            appeal,
            recipient,
            campaign=desk.campaign,
            sender=desk.campaign.sender,
            phrases=desk.workspace.phrases[language],
            directories=directories,
            on=DAYS[code],
        )
        for recipient in resolve(appeal.recipients, directories).recipients
    ]


def test_the_sample_is_written_in_every_language(desk: Desk) -> None:
    assert desk.campaign.languages == LANGUAGES
    assert {code: desk.appeal(code).languages for code in DAYS} == dict.fromkeys(DAYS, LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(DAYS))
def test_every_letter_and_bulletin_of_the_sample_has_words_in_every_language(
    desk: Desk, code: str, language: str
) -> None:
    appeal = desk.appeal(code)
    made = letters(desk, code, language) if appeal.recipients else []
    assert len(made) == {CASE: 3, f"{CASE}.01": 6, f"{CASE}.02": 0}[code]
    assert all(letter.requests and letter.salutation and letter.close for letter in made)
    bulletin = publish(
        appeal,
        campaign=desk.campaign,
        phrases=desk.workspace.phrases[language],
        directories=desk.workspace.directories,
        on=DAYS[code],
    )
    assert scripts(bulletin.title) == {SCRIPTS[language]}


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("ru", ("Осрику Тальвейну", "Президенту Республики Арландия", "Канцелярия Президента")),
        ("kk", ("Осрик Тальвейнге", "Арландия Республикасының Президентіне", "Президент Кеңсесі")),
        ("fr", ("S.E. M. Osric Talvane", "Président de la République d’Arlandie", "Chancellerie de la Présidence")),
        (
            "es",
            ("Excmo. Sr. D. Osric Talvane", "Presidente de la República de Arlandia", "Cancillería de la Presidencia"),
        ),
        ("ar", ("فخامة السيد أوسريك تالفين", "رئيس جمهورية أرلانديا", "ديوان الرئاسة")),
    ],
)
def test_the_address_block_names_holder_office_and_body_in_the_language(
    desk: Desk, language: str, first: tuple[str, ...]
) -> None:
    assert letters(desk, CASE, language)[0].addressee.block[:3] == first


# Pages


def verbatim(desk: Desk) -> list[str]:
    """Return what every page has as it is: code, who signs and from where, contacts, sources as they were published."""
    # Where a line ends in it, right-to-left text parts what belongs together: parts are taken, too.
    directory = desk.workspace.directories["arlandia"]
    sender = desk.campaign.senders[desk.campaign.sender]
    contacts = [c.printed for issuer in desk.campaign.issuers.values() for c in issuer.contacts]
    contacts += [contact.printed for office in directory.offices.values() for contact in office.contacts]
    sources = [source for code in DAYS for source in desk.appeal(code).sources]
    variants = [name for code in DAYS for person in desk.appeal(code).people.values() for name in person.variants]
    contacts += [source.url for source in sources if source.url]
    contacts = [part for contact in contacts for part in (contact, *re.split(r"(?<=/)", contact))]
    return [
        *DAYS, *contacts, sender.name["*"], *sender.address,
        *sender.country_line.values(), "ARLANDIA", *variants, desk.campaign.reply_to or "", sender.email or "",
        *(email for office in directory.offices.values() for email in office.emails),
        *(email for mission in directory.missions for email in mission.emails),
        *(line for mission in directory.missions for address in mission.addresses for line in address.lines["*"]),
        *(text for source in sources for text in (source.title, source.publisher, source.byline) if text),
    ]  # fmt: skip


def without(text: str, taken: Iterable[str]) -> str:
    """Return a page's text without these, however its lines break in them."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    marks = str.maketrans({char: " " for char in text if unicodedata.category(char) == "Cf"})  # of direction
    text = " ".join(text.translate(marks).split())
    for words in sorted(set(taken) - {""}, key=len, reverse=True):
        # At the end of a line a hyphen is taken for a division of the word.
        chars = "".join(unicodedata.normalize("NFKC", words).split())
        pattern = r"\s*".join("[-\u2010]?" if char == "-" else re.escape(char) for char in chars)
        text = re.sub(pattern, " ", text)
    return text


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the texts of two letters and of the bulletin of the update, by language."""
    root = tmp_path_factory.mktemp("six")
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "campaign.yaml", root / "campaign.yaml")
    code = f"{CASE}.01"
    wanted = Wanted(to=("arlandia/president", "arlandia/justice-committee"))
    made: Made = make_letters(root, code, DAYS[code], wanted)
    files = [(letter.language, letter.pdf) for letter in made.letters]
    files += [(Path(name).stem.rpartition("_")[2], name) for name in made.bulletins]
    texts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for language, name in files:
        texts[language].append(facts.text_of((root / name).read_bytes()))
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_word_of_another_script(desk: Desk, pages: dict[str, list[str]], language: str) -> None:
    assert len(pages[language]) >= 2
    for page in pages[language]:
        words = re.findall(r"[^\W\d_]+", without(page, verbatim(desk)))
        strange = {word for word in words if scripts(word) - {SCRIPTS[language]}} - INTERNATIONAL
        numerals = r"[ivx]+" if language != "ar" else "none"
        assert {word for word in strange if not re.fullmatch(numerals, word)} == set()
        assert len(words) > 150


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_no_page_has_the_words_of_another_language_of_its_script(
    desk: Desk, pages: dict[str, list[str]], language: str
) -> None:
    others = {word for other, words in OWN_WORDS.items() if other != language for word in words.split()}
    for page in pages[language]:
        words = {word.lower() for word in re.findall(r"[^\W\d_]+", without(page, verbatim(desk)))}
        assert words & others - set(OWN_WORDS[language].split()) == set()
        assert len(words & set(OWN_WORDS[language].split())) > 4


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_phrase_of_another_language(pages: dict[str, list[str]], language: str) -> None:
    own = " ".join(wording(language).values())
    parts = {
        part.strip(" .,:;!")
        for other in LANGUAGES
        if other != language
        for text in wording(other).values()
        for part in re.split(r"\{\w+\}", text)
    }
    phrases_of_others = {part for part in parts if len(part) > 8 and part not in own}
    assert len(phrases_of_others) > 200
    for page in pages[language]:
        assert {part for part in phrases_of_others if part in page} == set()
