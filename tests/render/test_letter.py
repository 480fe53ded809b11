"""The letter in print: what is on the pages, where it stands, and what is left out."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.render import facts
from tests.render.builders import (
    CODE,
    EN,
    TEMPLATES,
    addressee,
    code,
    letter,
    long_letter,
    notes,
    paragraph,
    paragraphs,
    phrases,
    signatory,
)
from urgent_appeals.domain.prose import (
    Heading,
    Listing,
    NoteMark,
    Paragraph,
    Quotation,
    Request,
    RequestGroup,
    RequestHeading,
    Run,
    Table,
)
from urgent_appeals.errors import RenderError
from urgent_appeals.render.envelope import envelope
from urgent_appeals.render.press import Pages, Press


@pytest.fixture(scope="module")
def printed(press: Press) -> Callable[[str], Pages]:
    """Return a function that prints a letter of the table WHOLE, once."""
    return cache(lambda name: press.letter(WHOLE[name]))


WHOLE = {
    "en": letter("en"),
    "ru": letter("ru"),
    "bare": letter(
        copies=(),
        notes=(),
        reply_to=None,
        signatory=signatory(role=None, address=(), email=None),
        names=(),
        requests=(),
    ),
    "no-block": letter(addressee=addressee(block=())),
    "long": long_letter(20),
    "every-block": letter(
        before=(
            Heading(level=1, runs=(Run(text="A heading"),)),
            Heading(level=3, runs=(Run(text="A deeper one"),)),
            paragraph("A numbered paragraph.", number=12),
            Quotation(blocks=paragraphs("A quotation.", "Of two paragraphs.")),
            Listing(ordered=True, start=3, items=(paragraphs("three"), paragraphs("four"))),
            Listing(ordered=False, items=(paragraphs("one", "again"), (Listing(ordered=False, items=()),))),
            Table(
                head=((Run(text="Year"),), (Run(text="Cases"),)),
                rows=(
                    ((Run(text="2001"),), (Run(text="12"),)),
                    ((Run(text="2002"),), (Run(text="17"), NoteMark(label="1"))),
                ),
            ),
            Paragraph(
                runs=(
                    Run(text="A link", link="https://example.org/a?b=c&d"),
                    Run(text=" strong", strong=True),
                    Run(text=" both", strong=True, emphasis=True),
                    NoteMark(label="2"),
                )
            ),
        ),
        notes=notes("One.\n\nOf two paragraphs.", "Two."),
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_every_letter_is_pdf_ua_and_pdf_a(printed: Callable[[str], Pages], name: str) -> None:
    assert facts.failures(printed(name).pdf) == []


@pytest.mark.parametrize("name", WHOLE)
def test_every_letter_has_bundled_fonts_only(printed: Callable[[str], Pages], name: str) -> None:
    names = facts.fonts(printed(name).pdf)

    assert names
    assert all(font.startswith(("AppealSerif", "AppealSans")) for font in names)


@pytest.mark.parametrize("name", WHOLE)
def test_every_page_carries_the_code(printed: Callable[[str], Pages], name: str) -> None:
    pages = facts.pages_of(printed(name).pdf)

    assert all(f"Please quote {CODE} in any reply." in page or f"указать код {CODE}" in page for page in pages)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_letter_of_two_hundred_words_and_three_requests_with_notes_fits_one_page(
    printed: Callable[[str], Pages], language: str
) -> None:
    assert printed(language).pages == 1


def test_everything_said_is_on_the_page(printed: Callable[[str], Pages]) -> None:
    made = letter()
    text = facts.text_of(printed("en").pdf)

    for said in (
        made.salutation,
        made.close,
        made.signatory.name,
        "13 March 2003",
        *EN["copies"],
        "m.hale@example.org",
    ):
        assert said in text
    assert all(label in text for label in ("i.", "ii.", "iii."))


def test_the_subject_carries_the_code_and_the_name(printed: Callable[[str], Pages]) -> None:
    code, _, words = letter().subject.partition(" – ")

    assert f"{code} {words}" in facts.text_of(printed("en").pdf).replace(" – ", " ")


def test_dates_are_in_the_words_of_the_language(printed: Callable[[str], Pages]) -> None:
    assert "13 марта 2003 г." in facts.text_of(printed("ru").pdf).replace("\xa0", " ").replace("\u202f", " ")


ABSENT: dict[str, tuple[dict[str, Any], str]] = {
    "reply-address": ({"reply_to": None}, "m.hale@example.org"),
    "copies": ({"copies": ()}, "Copy to"),
    "role": ({"signatory": signatory(role=None)}, "Member"),
    "lead-in": ({"lead_in": None}, "urge"),
    "requests": ({"requests": ()}, "urge"),
}


@pytest.mark.parametrize("what", ABSENT)
def test_what_is_absent_leaves_no_trace(press: Press, printed: Callable[[str], Pages], what: str) -> None:
    changes, trace = ABSENT[what]

    assert trace in facts.text_of(printed("en").pdf)
    assert trace not in facts.text_of(press.letter(letter(**changes)).pdf)


def test_a_recipient_without_an_address_is_addressed_by_holder_office_and_body(press: Press) -> None:
    lines = ("H.E. Mr Tomas Berg", "Minister of Justice", "Ministry of Justice")
    pdf = press.letter(letter(addressee=addressee(block=(), by_name=lines))).pdf
    assert " ".join(lines) in facts.text_of(pdf)


def test_without_an_address_for_replies_the_reference_block_asks_for_none(press: Press) -> None:
    text = facts.text_of(press.letter(letter(reply_to=None)).pdf)
    assert phrases().letter.reply_to not in text
    assert phrases().letter.reply_quoting not in text
    assert phrases().letter.date in text


@pytest.mark.parametrize("blank", [0, 4, 8])
def test_no_word_is_parted_in_salutation_and_close(press: Press, blank: int) -> None:
    words = " ".join(("Je vous prie d’agréer", *("de" * blank,), *("ma considération distinguée",) * 7))
    french = letter().model_copy(update={"language": "fr", "phrases": phrases("fr"), "before": (), "requests": ()})
    for part in ("salutation", "close"):
        page = facts.raw_text(press.letter(french.model_copy(update={part: words})).pdf, "-layout")
        assert re.findall(r"(?:distin|distingu|consi|considé|considéra)-$", page, re.MULTILINE) == []


def test_a_recipient_without_an_address_is_named(press: Press) -> None:
    pdf = press.letter(letter(addressee=addressee(block=()))).pdf

    assert "President of the Republic of Kazakhstan" in facts.text_of(pdf)


LONGEST = {
    "ministry": (
        "Министру внутренних дел",
        "Министерство по делам гражданской обороны, чрезвычайным ситуациям и ликвидации последствий стихийных бедствий",
        "Республики Казахстан",
        "проспект Кабанбай батыра, дом 35, здание «Дом министерств», подъезд 8, кабинет 412",
        "010000 Астана",
        "KAZAKHSTAN / КАЗАХСТАН",
    ),
    "eight-lines": (*(f"A line of the address that is number {number}" for number in "1234567"), "KAZAKHSTAN"),
    "one-line": ("KAZAKHSTAN",),
}


@pytest.mark.parametrize("which", LONGEST)
def test_the_address_stays_in_the_safe_zone_of_the_window(press: Press, which: str) -> None:
    block = LONGEST[which]
    pdf = press.letter(letter(addressee=addressee(block=block))).pdf
    safe = envelope("din-b").safe
    wanted = {word for line in block for word in line.split()}

    shown = [word for word in facts.words(pdf) if word.page == 1 and 57 < word.top < 92 and word.left < 100]

    assert wanted <= {word.text for word in shown}
    assert all(safe.left <= word.left and word.right <= safe.right for word in shown)
    assert all(safe.top <= word.top and word.bottom <= safe.bottom + 0.7 for word in shown)  # bottom has the descent


def test_nothing_but_address_and_return_line_shows_in_the_window(printed: Callable[[str], Pages]) -> None:
    window = envelope("din-b").window
    words = facts.words(printed("en").pdf)
    address = {word for line in (*EN["block"], *signatory().address, "Margaret Hale ·") for word in line.split()}

    visible = [word.text for word in words if word.left < window.right and window.top - 5 < word.top < window.bottom]

    assert visible
    assert set(visible) <= address


def test_an_address_that_cannot_fit_is_refused_by_name(press: Press) -> None:
    block = tuple(f"line {number}" for number in range(16))

    with pytest.raises(RenderError, match="the address of kazakhstan/president does not fit"):
        press.letter(letter(addressee=addressee(block=block)))


def test_the_qr_code_says_what_it_should(printed: Callable[[str], Pages]) -> None:
    assert facts.qr_codes(printed("en").pdf) == [f"{CODE}:kazakhstan/president"]


def test_the_longest_qr_code_is_read_at_100_dpi(press: Press) -> None:
    payload = "KAZ 001/0802/OBS 053.02 abcdef" + ":" + "kazakhstan/" + "a" * 49

    assert facts.qr_codes(press.letter(letter(qr=payload)).pdf) == [payload]


def test_the_qr_code_is_a_figure_with_an_alternative_text(printed: Callable[[str], Pages]) -> None:
    pdf = printed("en").pdf

    assert facts.tags(pdf).count("/Figure") == 1
    assert facts.alternatives(pdf) == [f"QR code of this letter: {CODE}"]


def test_requested_actions_are_tagged_as_a_list(printed: Callable[[str], Pages]) -> None:
    tags = facts.tags(printed("en").pdf)

    assert tags.count("/LI") == tags.count("/Lbl") == tags.count("/LBody") == 3
    assert tags.count("/H1") == 1


def test_a_longer_letter_runs_on_at_the_normal_density_with_a_running_head(press: Press) -> None:
    made = press.letter(long_letter(14))
    pages = facts.pages_of(made.pdf)

    assert (made.pages, made.density) == (2, "normal")
    assert CODE in pages[1][:80]
    assert "Mr Sergei Duvanov" in pages[1][:80]
    assert [page.replace(" ", "")[-3:] for page in pages] == ["1/2", "2/2"]


@pytest.mark.parametrize("count", [7, 9, 10, 16])
def test_no_page_begins_or_ends_badly(press: Press, count: int) -> None:
    pages = facts.raw_text(press.letter(long_letter(count)).pdf, "-layout").split("\f")[:-1]
    bodies = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]

    for number, lines in enumerate(bodies):
        closing = [index for index, line in enumerate(lines) if line == "Yours respectfully,"]
        if closing and number > 0:
            assert closing[0] >= 3  # the running head, and two lines of the letter at least
        urging = [index for index, line in enumerate(lines) if line == "I respectfully urge you to:"]
        assert not urging or lines[urging[0] + 1].startswith("i.")


def test_the_code_is_never_broken_across_lines(press: Press) -> None:
    for blanks in (0, 3, 6):
        made = letter(before=paragraphs(f"{'word ' * (10 + blanks)} {CODE} {'more words ' * 12}"), requests=())
        lines = facts.raw_text(press.letter(made).pdf, "-layout").splitlines()
        assert sum(CODE in line for line in lines) >= 4  # reference, subject, body, reply, foot


def test_notes_stand_at_the_foot_numbered_in_the_order_of_their_calls(press: Press) -> None:
    made = letter(
        before=paragraphs("First.[^b] Second.[^a] Again.[^b] Nothing.[^x]"),
        requests=(),
        notes=tuple(
            note.model_copy(update={"label": label})
            for note, label in zip(notes("Note A.", "Note B.\n\nIts second part.", "Note C."), "abc", strict=True)
        ),
    )
    text = facts.raw_text(press.letter(made).pdf, "-layout")

    foot = [" ".join(line.split()) for line in text.splitlines() if "Note" in line or "part" in line]
    assert foot == ["1 Note B.", "Its second part.", "2 Note A."]


def test_actions_come_under_their_headings(press: Press) -> None:
    groups = (
        RequestGroup(
            headings=(RequestHeading(level=1, runs=(Run(text="To the Government"),)),),
            introduction=paragraphs("On the trial:"),
            requests=(
                Request(label="", blocks=paragraphs("a bullet")),
                Request(label="7.", blocks=paragraphs("seven")),
            ),
        ),
        RequestGroup(headings=(RequestHeading(level=2, runs=(Run(text="On prisons"),)),), requests=()),
    )
    made = press.letter(letter(requests=groups))

    text = facts.text_of(made.pdf, "-layout")
    assert "To the Government On the trial: • a bullet 7. seven On prisons" in text
    assert facts.failures(made.pdf) == []


def test_an_ordered_list_keeps_the_number_it_begins_with(press: Press) -> None:
    listed = Listing(ordered=True, start=3, items=(paragraphs("three"), paragraphs("four")))

    assert "3. three 4. four" in facts.text_of(press.letter(letter(before=(listed,))).pdf)


def test_the_same_letter_gives_the_same_bytes_whatever_was_made_before() -> None:
    with Press(TEMPLATES) as one, Press(TEMPLATES) as other:
        first = one.letter(letter()).pdf
        other.letter(letter("ru"))
        other.letter(long_letter(14))

        assert other.letter(letter()).pdf == first
        assert one.letter(letter()).pdf == first


def test_the_same_letter_gives_the_same_bytes_in_another_process_and_time_zone(press: Press) -> None:
    program = (
        "import sys, hashlib; from tests.render.builders import *; from urgent_appeals.render.press import Press\n"
        "print(hashlib.sha256(Press(TEMPLATES).letter(letter('ru')).pdf).hexdigest())"
    )
    environment = {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONHASHSEED": "7",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == hashlib.sha256(press.letter(letter("ru")).pdf).hexdigest()


def test_the_pdf_tells_nothing_of_the_machine_or_the_day(printed: Callable[[str], Pages]) -> None:
    pdf = printed("en").pdf
    reader = PdfReader(BytesIO(pdf))
    metadata = facts.catalog(pdf)["/Metadata"]

    assert set(reader.metadata or {}) == {"/Producer", "/Title"}
    assert "/Filter" not in metadata
    assert b"pdfuaid:part" in metadata.get_data()
    assert b"Date" not in metadata.get_data()
    assert str(date.today().year).encode() not in pdf[:2000]  # noqa: DTZ011


def test_a_character_that_no_bundled_font_has_is_named_with_its_place(press: Press) -> None:
    with pytest.raises(RenderError, match=r"‘漢’ \(U\+6F22\), ‘𐌰’ \(U\+10330\) in before"):
        press.letter(letter(before=paragraphs("漢 and 𐌰")))


def test_decomposed_accents_are_composed(press: Press) -> None:
    pdf = press.letter(letter(before=paragraphs("Cafe\u0301 Andrei\u0306"))).pdf

    assert "Café" in facts.text_of(pdf)


def test_a_warning_of_the_layout_is_an_error_that_names_the_letter(press: Press) -> None:
    printer = press._maker.printer

    with pytest.raises(RenderError, match=r"an item: the layout warns: .*colour"):
        printer.lay_out("<html lang=en><title>t</title><p style='colour: red'>x", (), {}, "an item")


def test_another_code_of_thirty_characters_stays_on_one_line(press: Press) -> None:
    other = code("ALG 002/0399/OBS 021.10")
    made = letter(code=other, subject=f"{other} – a subject", request_for_reply=phrases().letter.request_for_reply)

    lines = facts.raw_text(press.letter(made).pdf, "-layout").splitlines()
    assert any(str(other) in line for line in lines[:30])
