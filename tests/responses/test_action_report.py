"""What supporters report of letters sent: slips, the mails that stand in for them, and free text in six languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from urgent_appeals.domain.quoted import find
from urgent_appeals.responses.action_report import action_report, report_slip
from urgent_appeals.responses.days import day_in

CAME = date(2026, 6, 1)
MAY_2 = date(2026, 5, 2)


def counts(text: str) -> list[tuple[str, int]]:
    found = action_report(text, near=CAME, codes=[(code.start, code.end) for code in find(text)])
    return [(one.kind, one.count) for one in found.reported] if found else []


# ── free text ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("I sent 3 letters and 1 email on 2 May", [("letter", 3), ("email", 1)], id="en"),
        pytest.param(
            "I've posted two letters, 1 fax and ten e-mails.", [("letter", 2), ("fax", 1), ("email", 10)], id="en-2"
        ),
        pytest.param("I wrote three letters by email", [("email", 3)], id="en, by email"),
        pytest.param("I faxed two letters and made 1 phone call", [("fax", 2), ("call", 1)], id="en, by fax"),
        pytest.param("I have sent 4 airmail letters by mail", [("letter", 4)], id="en, by mail is post"),
        pytest.param("J'ai envoyé deux lettres", [("letter", 2)], id="fr"),
        pytest.param("J’ai posté 3 lettres et trois courriels hier", [("letter", 3), ("email", 3)], id="fr-2"),
        pytest.param("j'ai envoyé 2 lettres par fax", [("fax", 2)], id="fr, by fax"),
        pytest.param("Envié tres cartas y un correo electrónico", [("letter", 3), ("email", 1)], id="es"),
        pytest.param("He enviado 5 cartas y he hecho 2 llamadas", [("letter", 5), ("call", 2)], id="es-2"),
        pytest.param("отправила 3 письма", [("letter", 3)], id="ru"),
        pytest.param("Я отправил два письма и одно электронное письмо", [("letter", 2), ("email", 1)], id="ru-2"),
        pytest.param("Написала пять писем по электронной почте", [("email", 5)], id="ru, by email"),
        pytest.param("Екі хат және бір электрондық хат жібердім", [("letter", 2), ("email", 1)], id="kk"),
        pytest.param("Мен 3 хат жолдадым", [("letter", 3)], id="kk-2"),
        pytest.param("أرسلت ثلاث رسائل وفاكسين", [("letter", 3), ("fax", 2)], id="ar"),
        pytest.param("أرسلت رسالتين بالبريد الإلكتروني", [("email", 2)], id="ar, two by email"),
        pytest.param("لقد أرسلت ٣ رسائل و2 فاكس", [("letter", 3), ("fax", 2)], id="ar, figures"),
        pytest.param("Sent 3 letters today", [("letter", 3)], id="without a person"),
        pytest.param("3 letters sent", [("letter", 3)], id="without a person, after"),
        pytest.param("I sent:\n- 3 letters\n- 1 email\n\nBest wishes", [("letter", 3), ("email", 1)], id="a list"),
        pytest.param("For KAZ 001/0802/OBS 053 I sent 2 letters", [("letter", 2)], id="after a code"),
        pytest.param("For the appeal I sent a letter to the Minister", [("letter", 1)], id="an article"),
        pytest.param("Our group: we sent 12 letters", [("letter", 12)], id="a group"),
    ],
)
def test_a_report_in_free_text_is_counted_by_kind(text: str, expected: list[tuple[str, int]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("We have received 3 letters.", id="received"),
        pytest.param("The Ministry has sent 3 letters to the court.", id="somebody else"),
        pytest.param("I have sent your letter to the prosecutor.", id="passed on"),
        pytest.param("In reply to your letter, we sent 2 letters to the court on 2 May.", id="an office"),
        pytest.param("Nous avons envoyé une lettre au procureur suite à votre courrier.", id="an office, fr"),
        pytest.param("Enviamos dos cartas a la fiscalía en respuesta a su escrito.", id="an office, es"),
        pytest.param("По Вашему обращению направили 2 письма в прокуратуру.", id="an office, ru"),
        pytest.param("Сіздің өтінішіңіз бойынша 2 хат жолдадық.", id="an office, kk"),
        pytest.param("ردا على رسالتكم أرسلنا رسالتين إلى النيابة", id="an office, ar"),
        pytest.param("I wrote to the court on 2 May. Two letters were received from it.", id="a number by itself"),
        pytest.param("I have sent a letter to the Minister of Justice.", id="an office may say so too"),
        pytest.param("We sent two letters to the Prosecutor General.", id="an office may say so too, we"),
        pytest.param("Министр написала 3 письма в суд.", id="somebody else, ru"),
        pytest.param("أرسلت الوزارة 3 رسائل إلى المحكمة", id="somebody else, ar"),
        pytest.param("I sent my letters long ago.", id="no number"),
        pytest.param("> I sent 3 letters", id="quoted"),
        pytest.param("He was arrested on 3 May; letters are welcome.", id="a day before the word"),
        pytest.param("Отправила 2 мая письма министру.", id="a day before the word, ru"),
        pytest.param("I wrote on KAZ 001/0802/OBS 053 letters.", id="a code before the word"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_reports_nothing_that_the_writer_sent_is_no_report(text: str) -> None:
    assert counts(text) == []


def test_a_long_text_that_says_we_is_no_report() -> None:
    assert counts("We sent 2 letters to the court. " + "The matter is being looked into at length. " * 30) == []


def test_a_report_tells_to_whom_and_when() -> None:
    found = action_report("I sent 2 letters to the Minister of Justice and 1 email on 2 May", near=CAME)
    assert found is not None
    assert [(one.recipient, one.date) for one in found.reported] == [("the Minister of Justice", MAY_2), (None, MAY_2)]


def test_a_report_says_by_which_words_it_is_known() -> None:
    found = action_report("Hello all.\nI sent 2 letters!\nBest wishes")
    assert found is not None
    assert [one.words for one in found.evidence] == ["I sent 2 letters!"]


# ── the slip ──


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Code: {code}\nLetters: 3\nEmails: 1\nDate: 2 May 2026\nTo: President", id="en"),
        pytest.param("Code : {code}\nLettres : 3\nCourriels : 1\nDate : 2 mai 2026\nÀ : President", id="fr"),
        pytest.param("Código: {code}\nCartas: tres\nCorreos: 1\nFecha: 2 de mayo de 2026\nPara: President", id="es"),
        pytest.param("Код: {code}\nПисьма: 3\nЭлектронные письма: 1\nДата: 02.05.2026\nКому: President", id="ru"),
        pytest.param("Код: {code}\nХаттар: 3\nЭлектрондық хаттар: 1\nКүні: 02.05.2026\nКімге: President", id="kk"),
        pytest.param("الرمز: {code}\nالرسائل: ٣\nالبريد الإلكتروني: 1\nالتاريخ: 2 مايو 2026\nإلى: President", id="ar"),
        pytest.param("Code: {code}; Letters: 3; Emails: 1; Date: 2026-05-02; To: President", id="on one line"),
        pytest.param(
            "Hello,\n\n- Code: {code}\n- Letters: 3\n- Emails: 1\n- On 2 May\n- Date: 2 May\n- To: President",
            id="listed",
        ),
    ],
)
def test_a_slip_is_read_in_each_language(text: str) -> None:
    found = report_slip(text.format(code="KAZ 001/0802/OBS 053.02"), near=CAME)
    assert found is not None
    assert [(one.kind, one.count) for one in found.reported] == [("letter", 3), ("email", 1)]
    assert {(one.recipient, one.date) for one in found.reported} == {("President", MAY_2)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Code: UA 1/26\nLetters: ____\nEmails: ____", id="not filled in"),
        pytest.param("Letters: 3", id="one line alone"),
        pytest.param("Code: UA 1/26\nLetters: 0\nEmails: 0", id="nothing sent"),
        pytest.param("Date: 2 May 2026\nTo: President\nDear Sir", id="the head of a letter"),
    ],
)
def test_a_slip_that_counts_nothing_is_none(text: str) -> None:
    assert report_slip(text, near=CAME) is None


# ── days ──


@pytest.mark.parametrize(
    "text",
    [
        "on 2 May",
        "May 2nd, 2026",
        "le 2 mai",
        "el 2 de mayo de 2026",
        "2 мая",
        "2 мамырда",
        "في 2 مايو",
        "٢ أيار",
        "02.05.2026",
        "2/5/26",
        "2026-05-02",
    ],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert day_in(text, CAME) == MAY_2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("on 31 December", date(2025, 12, 31), id="the latest before"),
        pytest.param("5/20/2026", date(2026, 5, 20), id="month first where nothing else is a date"),
        pytest.param("30 February", None, id="no such day"),
        pytest.param("on Monday", None, id="none"),
        pytest.param("29 February", None, id="not in that year"),
    ],
)
def test_a_day_without_year_is_the_latest_before(text: str, day: date | None) -> None:
    assert day_in(text, CAME) == day


def test_without_a_day_to_go_by_a_day_without_year_is_unknown() -> None:
    assert day_in("on 2 May") is None


# ── anything ──


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("I sent 3 letters two отправил و2 رسالة : ; \n 2 May . to the".split(" "))).map(" ".join)
)
def test_any_text_is_read(text: str) -> None:
    found = action_report(text, near=CAME)
    assert found is None or found.reported
