"""What letters say in Kazakh and Arabic: how they address and ask, the same facts, and no word of another language."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.compose import address, compose
from urgent_appeals.domain.directory import Gender, Holder, Office
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.problem import Severity
from urgent_appeals.domain.prose import RequestGroup, Scope, text_of
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.domain.wording import salutation
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.letters import Wanted, make_letters
from urgent_appeals.render.mailto import WARN_ABOVE, mail_link
from urgent_appeals.workspace.read import Workspace, read

ROOT = Path(__file__).resolve().parents[1]
REAL, REAL_DAY = "KAZ 001/0802/OBS 053.02", date(2003, 3, 13)
SAMPLE, FIRST, UPDATE = "UAD XAA 001/2026", date(2026, 10, 22), date(2026, 11, 22)
TRANSLATED = [
    *((code, language) for code in (SAMPLE, f"{SAMPLE}.01", f"{SAMPLE}.02") for language in ("kk", "ar")),
    (REAL, "kk"),
]
NAMES_IN_ANY_SCRIPT = {"FIDH", "OMCT", "PDF", "QR", "KAZAKHSTAN", "ARLANDIA"}
"""Acronyms and the country for the post at home."""
KAZAKH_ALONE = set("әғқңөұүһі")
SAME_IN_RUSSIAN = {"Телефон", "Факс"}
"""Words that Kazakh has from the same source."""
LATIN = re.compile(r"[A-Za-z]+")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return read(ROOT)


def _appeal(workspace: Workspace, code: str) -> Appeal:
    return next(appeal for appeal in workspace.appeals if str(appeal.code) == code)


def _letter(workspace: Workspace, code: str, recipient: str, language: str, on: date) -> Letter:
    assert workspace.campaign is not None
    (found,) = resolve([recipient], workspace.directories).recipients
    return compose(
        _appeal(workspace, code),
        found,
        campaign=workspace.campaign,
        sender="hale",
        phrases=workspace.phrases[language],
        directories=workspace.directories,
        on=on,
    )


# ── forms of address (by office and gender: tests/test_languages.py) ──


@pytest.mark.parametrize(
    ("language", "tag", "expected"),
    [
        ("kk", "head-of-state", "Жоғары мәртебелім!"),
        ("kk", "minister", "Жоғары мәртебелім!"),
        ("kk", "prosecutor", "Құрметті ханымдар мен мырзалар!"),
        ("ar", "head-of-government", "دولة رئيس الوزراء المحترم،"),
        ("ar", "prosecutor", "تحية طيبة وبعد،"),
    ],
)
def test_an_office_without_a_title_is_greeted_without_one(
    workspace: Workspace, language: str, tag: str, expected: str
) -> None:
    office = Office.model_validate({"name": "x", "tags": [tag]})
    holder = Holder(name={"*": "x"}, gender=Gender.FEMININE)
    assert salutation(office, holder, workspace.phrases[language]) == expected


# ── letters as they are composed ──


def test_the_kazakh_letter_on_the_real_appeal_frames_its_requests_in_kazakh(workspace: Workspace) -> None:
    letter = _letter(workspace, REAL, "kazakhstan/president", "kk", REAL_DAY)
    assert letter.subject == f"{REAL} – Сергей Дуванов: дереу босату туралы өтініш"
    assert letter.salutation == "Құрметті Президент мырза!"
    assert letter.lead_in == "Осыған байланысты Сізден мыналарды өтінемін:"
    assert letter.request_for_reply == f"Қабылданған шараларды {REAL} кодын көрсетіп хабарлауыңызды өтінемін."
    assert letter.close == "Зор құрметпен,"
    assert letter.copies[:2] == (
        "Қазақстан Республикасы Премьер-Министрінің Кеңсесі",
        "Қазақстан Республикасының Ішкі істер министрлігі",
    )


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        (
            "president",
            [
                "Нұрсұлтан Назарбаевқа",
                "Қазақстан Республикасының Президентіне",
                "Қазақстан Республикасы Президентінің Әкімшілігі",
                "Бейбітшілік көшесі, 11",
            ],
        ),
        (
            "prime-minister",
            [
                "Имангали Тасмағамбетовке",
                "Премьер-Министрге",
                "Қазақстан Республикасы Премьер-Министрінің Кеңсесі",
                "Бейбітшілік көшесі, 11",
            ],
        ),
        (
            "interior-minister",
            [
                "Қайырбек Сүлейменовке",
                "Ішкі істер министріне",
                "Қазақстан Республикасының Ішкі істер министрлігі",
                "Манас көшесі, 4",
            ],
        ),
    ],
)
def test_a_kazakh_address_has_names_and_offices_in_the_dative(
    workspace: Workspace, office: str, expected: list[str]
) -> None:
    letter = _letter(workspace, REAL, f"kazakhstan/{office}", "kk", REAL_DAY)
    assert list(letter.addressee.block) == [*expected, "473000 Астана", "KAZAKHSTAN / ҚАЗАҚСТАН"]


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("president", "صاحب الفخامة،"),
        ("justice-minister", "معالي الوزيرة المحترمة،"),
        ("prosecutor-general", "السيد النائب العام المحترم،"),
        ("interior-minister", "حضرات السيدات والسادة المحترمين،"),
        ("rights-commissioner", "السيدة المفوضة المحترمة،"),
        ("assembly-clerk", "حضرات السيدات والسادة المحترمين،"),
    ],
)
def test_an_arabic_letter_greets_each_office_of_the_sample(workspace: Workspace, recipient: str, expected: str) -> None:
    assert _letter(workspace, f"{SAMPLE}.01", f"arlandia/{recipient}", "ar", UPDATE).salutation == expected


def test_the_arabic_letter_frames_its_requests_in_arabic(workspace: Workspace) -> None:
    letter = _letter(workspace, SAMPLE, "arlandia/president", "ar", FIRST)
    assert letter.subject == f"{SAMPLE} – السيدة نيلا أورفانديس: طلب الإفراج عنها"
    assert letter.lead_in == "لذا أناشدكم اتخاذ الخطوات الآتية:"
    assert letter.request_for_reply == f"أرجو إفادتي بما يُتخذ من خطوات مع ذكر الرمز {SAMPLE}."
    assert letter.close == "وتفضلوا بقبول فائق الاحترام والتقدير،"
    assert letter.phrases.direction == "rtl"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("kk", "Биліктен мыналарды талап етуіңізді өтінемін:"), ("ar", "على ما يلي:")],
)
def test_the_letter_to_whoever_watches_over_the_authorities_has_a_lead_in_of_its_own(
    workspace: Workspace, language: str, expected: str
) -> None:
    letter = _letter(workspace, f"{SAMPLE}.01", "arlandia/rights-commissioner", language, UPDATE)
    assert letter.lead_in is None
    assert text_of(letter.before[-1:]).endswith(expected)


@pytest.mark.parametrize(
    ("code", "recipient", "on", "number"),
    [
        (REAL, "kazakhstan/president", REAL_DAY, 3),
        (f"{SAMPLE}.01", "arlandia/prosecutor-general", UPDATE, 4),
        (f"{SAMPLE}.01", "arlandia/rights-commissioner", UPDATE, 3),
    ],
)
def test_every_kazakh_request_is_a_verbal_noun_in_the_accusative_as_the_lead_in_asks_for(
    workspace: Workspace, code: str, recipient: str, on: date, number: int
) -> None:
    groups = _letter(workspace, code, recipient, "kk", on).requests
    ends = [text_of(request.blocks).rstrip("0123456789 ;.")[-3:] for group in groups for request in group.requests]
    assert len(ends) == number
    assert set(ends) <= {"уды", "уді"}


def test_arabic_requests_are_numbered_in_arabic_with_the_numbers_of_the_issue(workspace: Workspace) -> None:
    def labels(language: str) -> list[list[str]]:
        letter = _letter(workspace, f"{SAMPLE}.01", "arlandia/prosecutor-general", language, UPDATE)
        return [[request.label for request in group.requests] for group in letter.requests]

    assert (labels("en"), labels("ar")) == ([["i.", "ii.", "iii.", "iv."]], [["أ.", "ب.", "ج.", "د."]])
    made = publish(
        _appeal(workspace, f"{SAMPLE}.01"),
        campaign=workspace.campaign or pytest.fail("no campaign"),
        phrases=workspace.phrases["ar"],
        directories=workspace.directories,
        on=UPDATE,
    )
    assert [[request.label for request in group.requests] for group in made.requests] == [["أ.", "ب.", "ج."], ["د."]]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("Justice Committee of the National Assembly", "Clerk of the National Assembly")),
        ("ru", ("Комитету Национального собрания по вопросам юстиции", "Секретариат Национального собрания")),
        ("kk", ("Ұлттық жиналыстың Әділет комитетіне", "Ұлттық жиналыстың Хатшылығы")),
        ("ar", ("لجنة العدل في الجمعية الوطنية", "أمانة الجمعية الوطنية")),
    ],
)
def test_the_letter_to_the_committee_names_it_above_the_clerk(
    workspace: Workspace, language: str, lines: tuple[str, str]
) -> None:
    (clerk,) = resolve(["arlandia/justice-committee"], workspace.directories).recipients
    assert address(clerk, language, UPDATE).block[:2] == lines


@pytest.mark.parametrize(
    ("language", "line"),
    [("ru", "Секретариату Национального собрания"), ("kk", "Ұлттық жиналыстың Хатшылығына")],
)
def test_the_clerk_written_to_directly_stands_in_the_dative(workspace: Workspace, language: str, line: str) -> None:
    (clerk,) = resolve(["arlandia/assembly-clerk"], workspace.directories).recipients
    assert address(clerk, language, UPDATE).block[0] == line


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("kk", ("Үндеу коды", "Күні", "Жауап мекенжайы", "Жоғарыдағы кодпен", "Көшірме")),
        ("ar", ("رمز النداء", "التاريخ", "عنوان الرد", "مع ذكر الرمز أعلاه", "نسخة إلى")),
    ],
)
def test_the_labels_of_the_reference_block(workspace: Workspace, language: str, labels: tuple[str, ...]) -> None:
    said = workspace.phrases[language].letter
    assert (said.appeal_code, said.date, said.reply_to, said.reply_quoting, said.copy_to) == labels


# ── the same is said as in the original ──


@pytest.mark.parametrize(("code", "language"), TRANSLATED)
def test_a_translation_has_the_parts_of_the_original(workspace: Workspace, code: str, language: str) -> None:
    prose = _appeal(workspace, code).prose
    assert _shape(prose[language]) == _shape(prose["en"])


@pytest.mark.parametrize(("code", "language"), TRANSLATED)
def test_a_translation_tells_the_same_numbers_and_years(workspace: Workspace, code: str, language: str) -> None:
    appeal = _appeal(workspace, code)
    for section, text in _sections(appeal, "en").items():
        if section != "Summary":  # shorter in scripts of which a mail link holds less
            assert _numbers(_sections(appeal, language)[section]) == _numbers(text), section


@pytest.mark.parametrize(("code", "language"), [case for case in TRANSLATED if case[0] != f"{SAMPLE}.02"])
def test_the_summary_goes_into_a_mail_link_that_every_program_takes(
    workspace: Workspace, code: str, language: str
) -> None:
    appeal = _appeal(workspace, code)
    on = REAL_DAY if code == REAL else FIRST if code == SAMPLE else UPDATE
    for recipient in resolve(appeal.recipients, workspace.directories).recipients:
        letter = _letter(workspace, code, recipient.id, language, on)
        # The longest address of the sample, where the directory has none.
        emails = recipient.office.emails or ("chancellery@president.arlandia.example",)
        addressee = letter.addressee.model_copy(update={"email": emails[0]})
        link = mail_link(letter.model_copy(update={"addressee": addressee}))
        assert link is not None
        assert link.form == "summary"
        assert link.encoded <= WARN_ABOVE


# ── no word of another language ──


@pytest.mark.parametrize(("code", "language"), TRANSLATED)
def test_prose_holds_no_latin_word(workspace: Workspace, code: str, language: str) -> None:
    said = "\n".join(_sections(_appeal(workspace, code), language).values())
    assert set(LATIN.findall(re.sub(r"6\s\(b\)", "", said))) - NAMES_IN_ANY_SCRIPT == set()


def test_kazakh_wording_is_not_left_in_russian(workspace: Workspace) -> None:
    russian = dict(_wordings(workspace, "ru"))
    same = {
        text for path, text in _wordings(workspace, "kk") if russian.get(path) == text and re.search("[а-яё]", text)
    }
    assert same == SAME_IN_RUSSIAN


@pytest.mark.parametrize("code", [code for code, language in TRANSLATED if language == "kk"])
def test_no_line_of_kazakh_prose_is_left_in_russian(workspace: Workspace, code: str) -> None:
    appeal = _appeal(workspace, code)
    russian = {line for text in _sections(appeal, "ru").values() for line in text.split("\n") if line.strip()}
    kazakh = {line for text in _sections(appeal, "kk").values() for line in text.split("\n") if line.strip()}
    assert kazakh & russian == set()
    long = [line for line in kazakh if len(line) > 60]
    assert long
    assert all(KAZAKH_ALONE.intersection(line.lower()) for line in long)


@pytest.mark.parametrize("code", [code for code, language in TRANSLATED if language == "ar"])
def test_arabic_prose_is_in_arabic_letters_and_marks(workspace: Workspace, code: str) -> None:
    for section, text in _sections(_appeal(workspace, code), "ar").items():
        assert re.search("[\u0621-\u064a]", text), section
        assert re.findall("[,;?\u0400-\u04ff]", text) == [], section


def test_arabic_wording_is_in_arabic_letters_and_marks(workspace: Workspace) -> None:
    said = [text for _, text in _wordings(workspace, "ar")]
    assert [text for text in said if re.search(r"[,;?\u0400-\u04ff]", text)] == []
    worded = [text for text in said if re.search(r"\w", text)]
    assert len(worded) > 80
    assert [text for text in worded if not re.search("[\u0621-\u064a]", text)] == []


# ── as the programs see them ──


@pytest.mark.parametrize("code", [REAL, f"{SAMPLE}.01"])
def test_checking_finds_no_error_in_the_languages(code: str) -> None:
    desk = Desk.open(ROOT)
    problems = desk.problems_of(desk.appeal(code))
    assert [str(problem) for problem in problems if problem.severity is Severity.ERROR] == []
    said = {problem.message for problem in problems}
    assert "the fixed wording in 'kk' is not reviewed by anyone who knows the language" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "on", "languages"),
    [
        pytest.param(REAL, REAL_DAY, ("kk",), id="the real appeal"),
        pytest.param(f"{SAMPLE}.01", UPDATE, ("kk", "ar"), id="the update of the sample"),
    ],
)
def test_every_letter_fits_one_page(tmp_path: Path, code: str, on: date, languages: tuple[str, ...]) -> None:
    for name in ("appeals", "recipients"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "campaign.yaml", tmp_path / "campaign.yaml")
    made = make_letters(tmp_path, code, on, Wanted(languages=languages))
    assert {letter.language for letter in made.letters} == set(languages)
    assert {letter.recipient: letter.pages for letter in made.letters if letter.pages != 1} == {}


def _shape(prose: Any) -> dict[str, Any]:
    return {
        "letters": [(_to(text.scope), len(text.blocks), text.actions_at) for text in prose.letters],
        "requests": [_group(group) for group in prose.requests],
        "chronology": [occurrence.date for occurrence in prose.chronology],
        "paragraphs": [len(blocks) for blocks in (prose.new_information, prose.background, prose.remarks)],
        "notes": [note.label for note in prose.notes],
        "lines": [line is not None for line in (prose.title, prose.subject, prose.place_line)],
        "summary": bool(prose.summary),
    }


def _group(group: RequestGroup) -> Any:
    headings = [_to(heading.scope) for heading in group.headings]
    return headings, len(group.introduction), [(request.label, _to(request.scope)) for request in group.requests]


def _to(scope: Scope) -> tuple[str, ...]:
    return tuple(sorted(scope.to))


def _sections(appeal: Appeal, language: str) -> Mapping[str, str]:
    """Return what stands under each heading of the prose, without what a reader is not shown, notes apart."""
    source = appeal.prose[language].origin.text
    body, *notes = re.split(r"^\[\^\w+\]:", source, flags=re.MULTILINE)
    parts = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    sections = {"Title": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True)), "Notes": "\n".join(notes)}
    return {name: _shown(text) for name, text in sections.items() if text.strip()}


def _shown(text: str) -> str:
    return re.sub(r"\[\^\w+\]|\{[^}]*\}|^- \d{4}[-\d]*:|^\d+\. |^#+", "", text, flags=re.MULTILINE)


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def _wordings(workspace: Workspace, language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every phrase by its path, without what is filled in."""
    yield from _texts(
        workspace.phrases[language].model_dump(mode="json", exclude={"origin", "language", "direction"}), ()
    )


def _texts(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _texts(value, (*path, key))
        elif isinstance(value, str):
            yield (*path, key), re.sub(r"\{\w+\}", "", value)
