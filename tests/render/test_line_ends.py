"""Where lines and pages end: subjects in even lines, names and numbers whole, requested actions together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.render import arabic, facts
from tests.render.builders import CODE, TEXTS, letter, paragraphs, phrases, requests
from tests.render.test_bulletin import EMPTY, FIDH, bulletin, day
from urgent_appeals.domain.appeal import Occasion
from urgent_appeals.domain.directory import Contact, Source
from urgent_appeals.domain.letter import Addressee, Letter
from urgent_appeals.domain.prose import Occurrence, Request, RequestGroup, RequestHeading, Run
from urgent_appeals.render.data import letter_data, texts
from urgent_appeals.render.press import Press
from urgent_appeals.render.qr import draw

SUBJECTS = {
    "en": (
        "Mr Sergei Duvanov, chief editor of the bulletin “Human Rights in Kazakhstan and in the World”: request for "
        "his immediate and unconditional release, and for an end to all harassment"
    ),
    "ru": (
        "Просьба о немедленном и безоговорочном освобождении Сергея Дуванова, главного редактора бюллетеня «Права "
        "человека в Казахстане и мире», и о прекращении преследования правозащитников"
    ),
    "ar": (
        "السيدة نيلا أورفانديس، المذيعة في إذاعة «رصيف الفانوس» المجتمعية وأمينة أرشيفها الصوتي: طلب الإفراج عنها فورًا "
        "ودون قيد أو شرط وضمان حصولها على العلاج الطبي اللازم وإعادة تسجيلات الإذاعة"
    ),
}


def with_subject(language: str, begins: str, *, short: bool) -> Letter:
    """Return a letter with a subject of about 180 characters: a short one is set large, a long one close."""
    subject = f"{begins}{SUBJECTS[language]}"
    if language == "ar":
        made = arabic.letter(subject=subject)
        return made.model_copy(update={"before": made.before[:1]}) if short else made
    changes: dict[str, Any] = {"before": paragraphs("A line."), "notes": (), "requests": requests("One.")}
    return letter(language, subject=subject, **changes if short else {})


def lines_of(words: list[facts.Word]) -> list[list[facts.Word]]:
    """Return words in lines, top to bottom."""
    lines: list[list[facts.Word]] = []
    for word in sorted(words, key=lambda word: (word.page, word.bottom)):
        if lines and abs(lines[-1][0].bottom - word.bottom) < 1.5:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("language", SUBJECTS)
def test_a_long_subject_is_in_even_lines_below_the_code(press: Press, language: str, *, short: bool) -> None:
    made = press.letter(with_subject(language, f"{CODE} – ", short=short))
    top = 98.0
    found = [word for word in facts.words(made.pdf) if word.page == 1 and word.top > top]
    salutation = with_subject(language, "", short=short).salutation.split()[0].strip(",،")
    end = next(word.top for word in found if word.text.strip(",،") in (salutation, salutation[::-1]))
    code, *lines = lines_of([word for word in found if word.bottom < end + 1])

    assert sorted(word.text for word in code) == sorted(CODE.split())
    widths = [max(word.right for word in line) - min(word.left for word in line) for line in lines]
    assert len(widths) in (2, 3, 4)
    assert min(widths) > 0.75 * max(widths)


def test_a_code_amid_a_long_subject_is_on_one_line(press: Press) -> None:
    for lead in ("On ", "On the case of the person named here, with the code ", "On the code that is known as "):
        pdf = press.letter(with_subject("en", f"{lead}{CODE}: ", short=True)).pdf
        head = facts.raw_text(pdf, "-layout").partition("Your Excellency")[0]
        assert head.count(CODE) == 2


def test_a_line_that_just_fits_before_an_element_is_not_broken_after_its_first_word(press: Press) -> None:
    only = requests(TEXTS["ru"]["requests"][0])
    text = facts.raw_text(
        press.letter(letter("ru", before=paragraphs("A line."), notes=(), requests=only)).pdf, "-layout"
    )
    assert "немедленно освободить г-на Дуванова ввиду произвольного" in " ".join(text.split())
    assert "Дува-" not in text


def test_a_hyphen_of_an_address_can_be_copied_from_a_page_with_parted_words(press: Press) -> None:
    source = Source(title="A title", url="https://friends.lantern-quay.example/a-b")
    made = bulletin(
        language="ru", phrases=phrases("ru"), background=paragraphs(*TEXTS["ru"]["before"]), sources=(source,)
    )
    text = facts.raw_text(press.bulletin(made).pdf)
    assert "https://friends.lantern-quay.example/a-b" in text
    assert "\u2010" not in text


# ── pages ──

LINES = (1, 3, 6, 2, 5, 1)


def _asked() -> tuple[RequestGroup, ...]:
    """Return two groups of requested actions, of one to six lines each, that begin and end with words of their own."""
    return tuple(
        RequestGroup(
            headings=tuple(RequestHeading(level=level, runs=(Run(text=f"Head{group}{level}"),)) for level in (1, 2)),
            introduction=paragraphs(f"Intro{group} please ask it to:"),
            requests=tuple(
                Request(
                    label=f"{at + 1}.",
                    blocks=paragraphs(f"Begin{group}{at} {'of what is asked for ' * (4 * count - 3)}End{group}{at}"),
                )
                for at, count in enumerate(LINES)
            ),
        )
        for group in range(2)
    )


def _parted(pdf: bytes) -> list[str]:
    """Return what stands on another page than it should: ends of actions, and what follows a heading."""
    pages = {word.text.rstrip(".:"): word.page for word in reversed(facts.words(pdf))}
    chains: list[tuple[str, ...]] = [
        (f"Head{group}1", f"Head{group}2", f"Intro{group}", f"Begin{group}0") for group in range(2)
    ]
    chains += [(f"Begin{group}{at}", f"End{group}{at}") for group in range(2) for at in range(len(LINES))]
    return [" ".join(chain) for chain in chains if len({pages[each] for each in chain}) > 1]


@pytest.mark.slow
def test_no_requested_action_is_parted_and_no_heading_is_left_behind(press: Press) -> None:
    filler = [
        bulletin(**EMPTY | {"background": paragraphs(*["A line."] * n), "requests": _asked()}) for n in range(9, 25)
    ]
    for made in filler:
        assert _parted(press.bulletin(made).pdf) == []
    for count in range(2, 16, 2):
        made_letter = letter(before=paragraphs(*["A line."] * count), requests=_asked())
        assert _parted(press.letter(made_letter).pdf) == []


def test_the_heading_of_copies_stays_with_the_first_mission(press: Press) -> None:
    mission = Addressee(recipient="x/missions-gbr", name="Embassyword", block=("Embassyword", "7 Gate", "London"))
    for count in range(24, 32):
        made = bulletin(**EMPTY | {"background": paragraphs(*["A line."] * count), "missions": (mission,)})
        pages = {word.text: word.page for word in facts.words(press.bulletin(made).pdf)}
        assert pages["Copies"] == pages["Embassyword"]


# ── columns ──


def test_the_dates_of_a_kazakh_chronology_take_one_line_each(press: Press) -> None:
    days = ("2002-12-30", "2003-09-28", "2002-12")
    entries = tuple(Occurrence(date=day(each), blocks=paragraphs("Сот")) for each in days)
    made = bulletin(**EMPTY | {"language": "kk", "phrases": phrases("kk"), "chronology": entries})
    rows = [
        sorted(line, key=lambda word: word.left)
        for line in lines_of(facts.words(press.bulletin(made).pdf))
        if any(word.text == "Сот" for word in line)
    ]

    assert [" ".join(word.text for word in row) for row in rows] == [
        "2002 жылғы 30 желтоқсан Сот",
        "2003 жылғы 28 қыркүйек Сот",
        "2002 жылғы желтоқсан Сот",
    ]
    assert max(row[-1].left for row in rows) - min(row[-1].left for row in rows) < 0.1


def test_the_days_of_an_occasion_are_said_together(press: Press) -> None:
    occasion = Occasion(name="Visit", start=day("2010-04-12"), end=day("2010-04-13"))
    assert "Visit, 12–13 April 2010" in facts.text_of(press.bulletin(bulletin(occasion=occasion)).pdf)


def test_a_page_in_french_has_no_ordinary_blank_before_its_marks(press: Press) -> None:
    made = letter(
        subject=f"{CODE} – Mme A : libération",
        before=paragraphs("La radio « Quai » demande : pourquoi ? Voir *cela* ; et https://a.example/?a=b : fin."),
        notes=(),
        requests=requests("libérer Mme A ;"),
        names=("Mme A",),
    ).model_copy(update={"language": "fr", "phrases": phrases("fr")})
    # PDF readers give every blank back as an ordinary one, so that this asks what goes into the layout.
    said = dict(texts(letter_data(made, draw(made.qr), press._fonts)))

    assert said["before"] == (
        "<p>La radio «\u202fQuai\u202f» demande\u00a0: pourquoi\u202f? Voir <em>cela</em>\u202f; et "
        "https://a.example/?a=b\u00a0: fin.</p>"
    )
    assert said["subject.text"].endswith("</span>\u00a0: libération")
    assert said["requests.0.items.0"] == "<p>libérer Mme A\u202f;</p>"
    assert press.letter(made).pages == 1


# ── from right to left ──


def _level(pdf: bytes, first: str) -> list[str]:
    """Return the words on the line of a word, from left to right."""
    words = facts.words(pdf)
    place = next(word for word in words if word.text == first)
    level = [word for word in words if word.page == place.page and abs(word.bottom - place.bottom) < 1]
    return [word.text for word in sorted(level, key=lambda word: word.left)]


NUMBERS = ("+44 113 496 0140", "(+41 22) 809 49 39", "007 / 3172 / 32 61 82", "(01) 550 10 01", "8 (7172) 74-00-00")


@pytest.mark.parametrize("printed", NUMBERS)
@pytest.mark.parametrize("kind", ["telephone", "fax"])
def test_a_number_in_an_arabic_bulletin_reads_from_left_to_right(press: Press, printed: str, kind: str) -> None:
    changes = EMPTY | {"language": "ar", "phrases": phrases("ar")}
    for place in (
        {"issuers": (FIDH.model_copy(update={"contacts": (Contact(kind=kind, printed=printed),)}),)},
        {"remarks": paragraphs(f"يُرجى الاتصال على {printed} أو الكتابة")},
    ):
        first, *rest = printed.split()
        level = _level(press.bulletin(bulletin(**changes | place)).pdf, first)
        start = level.index(first)
        assert level[start : start + 1 + len(rest)] == [first, *rest]


def test_addresses_of_the_net_are_whole_in_an_arabic_bulletin(press: Press) -> None:
    url, email = "https://friends.lantern-quay.example/family/statement", "a-long.name@commissioner.arlandia.example"
    source = Source(title="Statement of the family of Nela Orvandis", publisher="Friends of the Archive", url=url)
    contacts = (Contact(kind="web", printed=url), Contact(kind="email", printed=email))
    made = bulletin(
        **EMPTY | {"language": "ar", "phrases": phrases("ar")},
    ).model_copy(update={"sources": (source,), "issuers": (FIDH.model_copy(update={"contacts": contacts}),)})
    words = [word.text for word in facts.words(press.bulletin(made).pdf)]

    assert words.count(url) == 2
    assert email in words


def test_the_page_number_of_an_arabic_page_is_in_words(press: Press) -> None:
    long = arabic.letter(before=arabic.letter().before * 12)
    foot = [
        word for word in facts.words(press.letter(long).pdf) if word.page == 2 and word.top > 275 and word.left < 60
    ]
    order = [word.text for word in sorted(foot, key=lambda word: -word.left)]

    assert [text if text.isdecimal() else text[::-1] for text in order] in (
        ["صفحة", "٢", "من", "٢"],
        ["صفحة", "٢", "من", "٣"],
    )


def test_the_house_number_of_a_latin_address_stands_first_in_an_arabic_bulletin(press: Press) -> None:
    mission = Addressee(recipient="x/missions-gbr", name="سفارة", block=("سفارة", "7 Harbour Gate", "London ZZ1 1ZZ"))
    made = bulletin(**EMPTY | {"language": "ar", "phrases": phrases("ar"), "missions": (mission,)})

    assert _level(press.bulletin(made).pdf, "Harbour") == ["7", "Harbour", "Gate"]
