"""The new part of a mail apart from what it quotes or forwards, by the habits of mail programs in seven languages."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.quoting import Header, Place, Split, forwarded_subject, split
from urgent_appeals.responses.quoting.further_habits import ALL
from urgent_appeals.responses.quoting.lines import folded
from urgent_appeals.responses.quoting.splitting import LONGEST

NEW, QUOTED, FORWARDED, SIGNATURE = Place.NEW, Place.QUOTED, Place.FORWARDED, Place.SIGNATURE

SAID = {
    "en": "The Ministry has looked into the matter.",
    "ru": "Министерство рассмотрело Ваше обращение.",
    "kk": "Министрлік өтінішіңізді қарады.",
    "ar": "نظرت الوزارة في طلبكم.",
    "fr": "Le ministère a examiné votre demande.",
    "es": "El ministerio ha estudiado su solicitud.",
    "de": "Das Ministerium hat die Sache geprüft.",
}
LETTER = "We write about KAZ 001/0802/OBS 053."


def shape(found: Split) -> list[tuple[Place, str]]:
    """Return the parts as place and text, blanks around them left out."""
    return [(part.place, found.text[part.start : part.end].strip()) for part in found.parts]


def header(found: Split) -> Header:
    """Return the only header block."""
    (only,) = (part.header for part in found.parts if part.header is not None)
    return only


# ── attributions ──

ATTRIBUTIONS = [
    pytest.param("en", "On Fri, Apr 3, 2026 at 12:05 PM Ann Fox <ann@desk.example> wrote:", id="en-gmail"),
    pytest.param("en", "On 3 Apr 2026, at 12:05, Ann Fox <ann@desk.example> wrote:", id="en-apple"),
    pytest.param("en", "On 03/04/2026 12:05, Ann Fox wrote:", id="en-thunderbird"),
    pytest.param("en", "In a message dated 4/3/2026 12:05:00 PM, ann@desk.example writes:", id="en-aol"),
    pytest.param("en", "Quoting Ann Fox <ann@desk.example>:", id="en-horde"),
    pytest.param("ru", "пт, 3 апр. 2026 г. в 12:05, Анна Лис <ann@desk.example>:", id="ru-gmail"),
    pytest.param("ru", "Пятница, 3 апреля 2026, 12:05 +05:00 от Анна Лис <ann@desk.example>:", id="ru-mail.ru"),
    pytest.param("ru", '03.04.2026, 12:05, "Анна Лис" <ann@desk.example>:', id="ru-yandex"),
    pytest.param("ru", "3 апр. 2026 г., в 12:05, Анна Лис <ann@desk.example> написал(а):", id="ru-apple"),
    pytest.param("ru", "03.04.2026 12:05, Анна Лис пишет:", id="ru-thunderbird"),
    pytest.param("kk", "2026 ж. 3 сәу., жм 12:05 Айгүл Түлкі <ann@desk.example> жазды:", id="kk-gmail"),
    pytest.param("kk", "03.04.2026 12:05, Айгул Тулки жазды:", id="kk-russian-keyboard"),
    pytest.param(
        "ar", "في الجمعة، 3 أبريل 2026 في 12:05 م تمت كتابة ما يلي بواسطة آن <ann@desk.example>:", id="ar-gmail"
    ),
    pytest.param(
        "ar", "\u202bفي ٣ أبريل ٢٠٢٦، الساعة ١٢:٠٥ م، آن \u200f<ann@desk.example\u200f> كتب:\u202c", id="ar-apple"
    ),
    pytest.param("ar", "بتاريخ 03/04/2026 12:05، كتب آن:", id="ar-thunderbird"),
    pytest.param("fr", "Le ven. 3 avr. 2026 à 12:05, Anne Renard <ann@desk.example> a écrit :", id="fr-gmail"),
    pytest.param("fr", "Le 3 avr. 2026 à 12h05, Anne Renard a écrit\u00a0:", id="fr-apple"),
    pytest.param("es", "El vie, 3 abr 2026 a las 12:05, Ana Zorro (<ann@desk.example>) escribió:", id="es-gmail"),
    pytest.param("es", "El 03/04/2026 a las 12:05, Ana Zorro escribió:", id="es-thunderbird"),
    pytest.param("de", "Am Fr., 3. Apr. 2026 um 12:05 Uhr schrieb Anna Fuchs <ann@desk.example>:", id="de-gmail"),
    pytest.param("de", "Am 03.04.26 um 12:05 schrieb Anna Fuchs:", id="de-thunderbird"),
    pytest.param("de", "Anna Fuchs <ann@desk.example> schrieb am 03.04.2026 um 12:05:", id="de-gmx"),
]


@pytest.mark.parametrize(("language", "attribution"), ATTRIBUTIONS)
def test_an_attribution_is_told_from_an_answer_above_marks(language: str, attribution: str) -> None:
    found = split(f"{SAID[language]}\n\n{attribution}\n\n> {LETTER}\n> \n> Yours\n")
    assert shape(found) == [(NEW, SAID[language]), (QUOTED, f"{attribution.strip()}\n\n> {LETTER}\n> \n> Yours")]


@pytest.mark.parametrize(("language", "attribution"), ATTRIBUTIONS)
def test_an_attribution_is_told_where_nothing_marks_the_quote(language: str, attribution: str) -> None:
    found = split(f"{SAID[language]}\n{attribution}\n\n{LETTER}\n\nYours\n")
    assert shape(found) == [(NEW, SAID[language]), (QUOTED, f"{attribution.strip()}\n\n{LETTER}\n\nYours")]


@pytest.mark.parametrize(("language", "attribution"), ATTRIBUTIONS)
@pytest.mark.parametrize("width", [32, 40, 60])
def test_an_attribution_may_be_wrapped(language: str, attribution: str, width: int) -> None:
    lines = [""]
    for word in attribution.strip().split(" "):
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < width else [lines[-1], word]
    wrapped = "\n".join(lines)
    found = split(f"{SAID[language]}\n\n{wrapped}\n> {LETTER}\n")
    assert found.new.strip() == SAID[language]


@pytest.mark.parametrize(
    ("attribution", "sender", "date"),
    [
        pytest.param(
            "Am Fr., 3. Apr. 2026 um 12:05 Uhr schrieb Anna Fuchs <ann@desk.example>:",
            "Anna Fuchs <ann@desk.example>",
            "Fr., 3. Apr. 2026 um 12:05",
            id="verb before the name",
        ),
        pytest.param(
            "El vie, 3 abr 2026 a las 12:05, Ana Zorro (<ann@desk.example>) escribió:",
            "Ana Zorro (<ann@desk.example>)",
            "vie, 3 abr 2026 a las 12:05",
            id="verb after the name",
        ),
        pytest.param(
            "Пятница, 3 апреля 2026, 12:05 +05:00 от Анна Лис <ann@desk.example>:",
            "Анна Лис <ann@desk.example>",
            "Пятница, 3 апреля 2026, 12:05 +05:00",
            id="no verb",
        ),
        pytest.param("Anna Fuchs schrieb:", "Anna Fuchs", "", id="no date"),
    ],
)
def test_an_attribution_tells_who_wrote_and_when(attribution: str, sender: str, date: str) -> None:
    told = header(split(f"{attribution}\n> {LETTER}\n"))
    assert (told.sender, told.date) == (sender, date)


def test_the_bat_quotes_with_initials() -> None:
    found = split(f"Добрый день!\n\nВы писали 3 апреля 2026 г., 12:05:00:\n\nАЛ> {LETTER}\nАЛ> С уважением\n\nНет.\n")
    assert [place for place, _ in shape(found)] == [NEW, QUOTED, NEW]
    assert found.new.split() == ["Добрый", "день!", "Нет."]


@pytest.mark.parametrize(
    "prose",
    [
        "On 3 April 2026 the Minister of Justice wrote:\nwe have released him.",
        "On Monday we met. The guard wrote nothing.",
        "He wrote to the minister:\nplease act.",
        "On the other hand: nothing was done.",
        "Le ministre a écrit :\nnous avons agi.",
        "Am 3. April 2026 schrieb der Minister:\nEr ist frei.",
        "On 3 April I wrote to minister@state.example as follows:\nplease act.",
        "Please send it to office@state.example:\nthe letter.",
    ],
)
def test_prose_that_tells_of_writing_is_new(prose: str) -> None:
    assert shape(split(prose)) == [(NEW, prose)]


def test_the_line_above_an_attribution_stays_new() -> None:
    found = split(f"Dear Ann,\nOn Fri, 3 Apr 2026 at 12:05, Ann <ann@desk.example> wrote:\n> {LETTER}\n\nWe did.\n")
    assert found.new.split("\n") == ["Dear Ann,", "", "We did.", ""]


# ── dividers and header blocks ──

LABELS = {
    "en": ("From", "Date", "To", "Subject"),
    "ru": ("От", "Дата", "Кому", "Тема"),
    "kk": ("Кімнен", "Күні", "Кімге", "Тақырып"),
    "ar": ("من", "التاريخ", "إلى", "الموضوع"),
    "fr": ("De", "Date", "À", "Objet"),
    "es": ("De", "Fecha", "Para", "Asunto"),
    "de": ("Von", "Datum", "An", "Betreff"),
}
BLOCKS = [
    pytest.param("en", "-----Original Message-----", ("From", "Sent", "To", "Subject"), id="en-outlook"),
    pytest.param("en", "", ("From", "Date", "To", "Subject"), id="en-no-divider"),
    pytest.param("ru", "-----Исходное сообщение-----", ("От", "Отправлено", "Кому", "Тема"), id="ru-outlook"),
    pytest.param("ru", "-------- Исходное сообщение --------", ("От кого", "Дата", "Кому", "Тема"), id="ru-samsung"),
    pytest.param("kk", "-----Бастапқы хабар-----", ("Кімнен", "Жіберілді", "Кімге", "Тақырып"), id="kk"),
    pytest.param("kk", "", ("Жіберуші", "Күні", "Кімге", "Тақырыбы"), id="kk-no-divider"),
    pytest.param("ar", "-----الرسالة الأصلية-----", ("من", "تم الإرسال", "إلى", "الموضوع"), id="ar-outlook"),
    pytest.param("ar", "________________________________", ("من", "التاريخ", "إلى", "الموضوع"), id="ar-rule"),
    pytest.param("fr", "-----Message d'origine-----", ("De", "Envoyé", "À", "Objet"), id="fr-outlook"),
    pytest.param("fr", "-------- Message d’origine --------", ("De\u00a0", "Date ", "À ", "Objet "), id="fr-samsung"),
    pytest.param("es", "-----Mensaje original-----", ("De", "Enviado", "Para", "Asunto"), id="es-outlook"),
    pytest.param("de", "-----Ursprüngliche Nachricht-----", ("Von", "Gesendet", "An", "Betreff"), id="de-outlook"),
    pytest.param("de", "________________________________", ("*Von", "*Gesendet", "*An", "*Betreff"), id="de-bold"),
]


def block(labels: tuple[str, str, str, str]) -> str:
    values = ("Ann Fox <ann@desk.example>", "3.04.2026 12:05", "office@ministry.example", "Letter")
    return "\n".join(
        f"{label}:{'*' if label.startswith('*') else ''} {value}" for label, value in zip(labels, values, strict=True)
    )


@pytest.mark.parametrize(("language", "divider", "labels"), BLOCKS)
def test_a_header_block_begins_what_is_quoted(language: str, divider: str, labels: tuple[str, str, str, str]) -> None:
    found = split(f"{SAID[language]}\n\n{divider}\n{block(labels)}\n\n{LETTER}\n")
    assert found.new.strip() == SAID[language]
    assert found.quoted.strip().endswith(LETTER)
    assert not found.forwarded
    told = header(found)
    assert (told.language, told.sender, told.date, told.to, told.subject) == (
        language,
        "Ann Fox <ann@desk.example>",
        "3.04.2026 12:05",
        "office@ministry.example",
        "Letter",
    )


@pytest.mark.parametrize(("language", "divider", "labels"), BLOCKS)
def test_a_message_below_nothing_new_is_forwarded(
    language: str, divider: str, labels: tuple[str, str, str, str]
) -> None:
    found = split(f"\n\n{divider}\n{block(labels)}\n\n{SAID[language]}\n")
    assert [place for place, _ in shape(found)] == [FORWARDED]
    (message,) = found.forwarded
    assert (message.sender, message.text.strip()) == ("Ann Fox <ann@desk.example>", SAID[language])


@pytest.mark.parametrize("subject", ["Fwd: Letter", "FW: Letter", "Пересл.: Letter", "TR : Letter", "RV: Letter"])
def test_the_subject_tells_that_a_message_is_forwarded(subject: str) -> None:
    text = f"See below.\n\n-----Original Message-----\n{block(('From', 'Sent', 'To', 'Subject'))}\n\n{LETTER}\n"
    assert [place for place, _ in shape(split(text, subject))] == [NEW, FORWARDED]
    assert [place for place, _ in shape(split(text, "Re: Letter"))] == [NEW, QUOTED]


def test_marks_of_direction_are_left_out_of_header_fields() -> None:
    sent = "\u200e3\u200e апреля \u200e2026\u200e г. \u200e12\u200e:\u200e05"
    text = f"Да.\n\nОт:\u00a0Анна\nОтправлено:\u00a0{sent}\nКому: нам\n\nПисьмо\n"
    assert header(split(text)).date == "3 апреля 2026 г. 12:05"


def test_header_fields_may_be_wrapped_and_have_values_below() -> None:
    text = (
        "Yes.\n\nFrom:\nAnn Fox <ann@desk.example>\nSent: Friday, 3 April 2026\nTo: a@x.example; b@x.example;\n"
        " c@x.example\nCc: d@x.example\nSubject: Letter\n\nHello\n"
    )
    told = header(split(text))
    assert told.sender == "Ann Fox <ann@desk.example>"
    assert told.to == "a@x.example; b@x.example; c@x.example"
    assert text[told.start : told.end].splitlines()[-1] == "Subject: Letter"


@pytest.mark.parametrize("labels", [pytest.param(labels, id=language) for language, labels in LABELS.items()])
def test_the_head_of_a_memorandum_is_new(labels: tuple[str, str, str, str]) -> None:
    sender, date, to, subject = labels
    text = f"{sender}: Ministry\n{to}: Desk\n{date}: 3.04.2026\n{subject}: KAZ 001/0802/OBS 053\n\nHe is free.\n"
    assert shape(split(text)) == [(NEW, text.strip())]


@pytest.mark.parametrize(
    "prose",
    [
        "To: the Minister\nDate: 3 April 2026\nSubject: KAZ 001/0802/OBS 053\n\nDear Minister",
        "From: the desk\nI write to you.\nTo: nobody",
        "The data come From: our office, not From: others.",
        "Original message\n\nwas never received.",
        "Points\n----\none\n----\ntwo",
        "The forwarded message did not reach us.",
    ],
)
def test_prose_that_looks_like_a_header_block_is_new(prose: str) -> None:
    assert shape(split(f"Hello.\n\n{prose}")) == [(NEW, f"Hello.\n\n{prose}")]


# ── forwarded messages ──

FORWARDS = [
    pytest.param("en", "---------- Forwarded message ---------", id="en-gmail"),
    pytest.param("en", "Begin forwarded message:", id="en-apple"),
    pytest.param("en", "-------- Forwarded Message --------", id="en-thunderbird"),
    pytest.param("ru", "-------- Пересылаемое сообщение --------", id="ru-mail.ru"),
    pytest.param("ru", "---------- Пересылаемое сообщение ---------", id="ru-gmail"),
    pytest.param("ru", "-------- Перенаправленное сообщение --------", id="ru-thunderbird"),
    pytest.param("ru", "Начало переадресованного сообщения:", id="ru-apple"),
    pytest.param("kk", "---------- Қайта жіберілген хат ----------", id="kk"),
    pytest.param("kk", "---------- Кайта жиберилген хабар ----------", id="kk-russian-keyboard"),
    pytest.param("ar", "---------- رسالة معاد توجيهها ---------", id="ar-gmail"),
    pytest.param("ar", "بدء الرسالة المُعاد توجيهها:", id="ar-apple"),
    pytest.param("fr", "---------- Message transféré ---------", id="fr-gmail"),
    pytest.param("fr", "Début du message réexpédié :", id="fr-apple"),
    pytest.param("es", "---------- Mensaje reenviado ----------", id="es-thunderbird"),
    pytest.param("es", "Inicio del mensaje reenviado:", id="es-apple"),
    pytest.param("de", "---------- Weitergeleitete Nachricht ---------", id="de-gmail"),
    pytest.param("de", "Anfang der weitergeleiteten Nachricht:", id="de-apple"),
]


@pytest.mark.parametrize(("language", "divider"), FORWARDS)
def test_a_forwarded_message_is_told_with_its_header_block(language: str, divider: str) -> None:
    found = split(f"Look at this.\n\n{divider}\n{block(LABELS[language])}\n\n\n{SAID[language]}\n")
    assert [place for place, _ in shape(found)] == [NEW, FORWARDED]
    (message,) = found.forwarded
    assert (message.sender, message.date, message.to, message.subject) == (
        "Ann Fox <ann@desk.example>",
        "3.04.2026 12:05",
        "office@ministry.example",
        "Letter",
    )
    assert message.text.strip() == SAID[language]


@pytest.mark.parametrize(("language", "divider"), FORWARDS)
def test_a_forwarded_message_may_be_marked_as_quoted(language: str, divider: str) -> None:
    inner = f"{block(LABELS[language])}\n\n{SAID[language]}\n> {LETTER}"
    marked = "\n".join(f"> {line}" for line in inner.splitlines())
    found = split(f"Look at this.\n\n{divider}\n\n{marked}\n\nSo they answer.\n")
    assert [place for place, _ in shape(found)] == [NEW, FORWARDED, NEW]
    (message,) = found.forwarded
    assert (message.sender, message.subject) == ("Ann Fox <ann@desk.example>", "Letter")
    assert shape(split(message.text)) == [(NEW, SAID[language]), (QUOTED, f"> {LETTER}")]


def test_what_comes_after_the_end_of_a_forwarded_message_is_new() -> None:
    found = split(
        "Смотрите.\n\n-------- Пересылаемое сообщение --------\n03.04.2026, 12:05, Анна Лис <ann@desk.example>:\n\n"
        f"{LETTER}\n-------- Конец пересылаемого сообщения --------\n\nЧто делать?\n"
    )
    assert [place for place, _ in shape(found)] == [NEW, FORWARDED, NEW]
    assert found.new.split() == ["Смотрите.", "Что", "делать?"]
    assert found.forwarded[0].sender == "Анна Лис <ann@desk.example>"


def test_several_messages_may_be_forwarded() -> None:
    begins, ends = "----- Forwarded message from Ann -----", "----- End forwarded message -----"
    one = f"{begins}\n\n{block(LABELS['en'])}\n\nText\n\n{ends}\n"
    found = split(f"Two:\n\n{one}\n{one}\nThat is all.\n")
    assert [message.text.split()[0] for message in found.forwarded] == ["Text", "Text"]
    assert [place for place, _ in shape(found)] == [NEW, FORWARDED, FORWARDED, NEW]


def test_a_forwarded_reply_is_split_in_its_turn() -> None:
    reply = f"{SAID['ru']}\n\nпт, 3 апр. 2026 г. в 12:05, Ann <ann@desk.example>:\n\n> {LETTER}\n"
    found = split(f"---------- Forwarded message ---------\n{block(LABELS['ru'])}\n\n{reply}")
    assert shape(split(found.forwarded[0].text))[0] == (NEW, SAID["ru"])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("Fwd: Case", "Case", id="gmail"),
        pytest.param("FW: Case", "Case", id="outlook"),
        pytest.param("Пересл.: Case", "Case", id="russian"),
        pytest.param("Пересл: Re: Case", "Case", id="a forwarded answer"),
        pytest.param("TR : Case", "Case", id="french"),
        pytest.param("RV: Case", "Case", id="spanish"),
        pytest.param("WG: AW: Case", "Case", id="german"),
        pytest.param("إعادة توجيه: Case", "Case", id="arabic"),
        pytest.param("Қайта жіберілді: Case", "Case", id="kazakh"),
        pytest.param("[Fwd: Case]", "Case", id="mozilla"),
        pytest.param("Case (fwd)", "Case", id="mutt"),
        pytest.param("Fwd[2]: Case", "Case", id="counted"),
        pytest.param("Fwd：Case", "Case", id="full width"),
        pytest.param("ENC: Case", "Case", id="portuguese"),
        pytest.param("RES: Case", None, id="portuguese answer"),
        pytest.param("HA: Case", None, id="russian answer"),
        pytest.param("Re: Fwd: Case", None, id="an answer to what was forwarded"),
        pytest.param("Forward planning: Case", None, id="prose"),
        pytest.param("KAZ 001/0802/OBS 053", None, id="code"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_subject_tells_whether_a_message_is_forwarded(subject: str, expected: str | None) -> None:
    assert forwarded_subject(subject) == expected


# ── marks of quoting ──


def test_answers_between_the_lines_are_new() -> None:
    found = split("> Is he free?\n\nYes.\n\n> Since when?\n> Tell us.\nSince May.\n")
    assert shape(found) == [
        (QUOTED, "> Is he free?"),
        (NEW, "Yes."),
        (QUOTED, "> Since when?\n> Tell us."),
        (NEW, "Since May."),
    ]


def test_bars_quote_and_tables_do_not() -> None:
    assert [place for place, _ in shape(split("No.\n\n| Is he free?\n| Tell us.\n"))] == [NEW, QUOTED]
    assert [place for place, _ in shape(split("| name | free |\n| Ann | no |\n"))] == [NEW]


def test_a_from_that_a_mailbox_has_marked_is_new() -> None:
    text = "Hello.\n\n>From our office we write.\n\nYours\n"
    assert shape(split(text)) == [(NEW, text.strip())]


def test_an_address_that_is_wrapped_before_its_end_is_no_quote() -> None:
    found = split(f"Ja.\n\nAm 3. Apr. 2026 um 12:05 Uhr schrieb Anna Fuchs <ann@desk.example\n>:\n\n> {LETTER}\n")
    assert found.new.strip() == "Ja."


def test_lines_of_all_line_endings_are_told() -> None:
    for end in ("\n", "\r\n", "\r"):
        found = split(end.join(("Yes.", "", "> Is he free?", "", "-- ", "Ann")))
        assert [place for place, _ in shape(found)] == [NEW, QUOTED, SIGNATURE]


# ── signatures ──

MOBILE = {
    "en": "Sent from my iPhone",
    "ru": "Отправлено с iPhone",
    "kk": "Менің iPhone құрылғымнан жіберілді",
    "ar": "أُرسلت من الـ iPhone",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "de": "Von meinem iPhone gesendet",
}


@pytest.mark.parametrize("language", MOBILE)
def test_what_a_telephone_adds_is_a_signature(language: str) -> None:
    text = f"{SAID[language]}\n\n{MOBILE[language]}\n\n> {LETTER}\n"
    assert shape(split(text)) == [(NEW, SAID[language]), (SIGNATURE, MOBILE[language]), (QUOTED, f"> {LETTER}")]


def test_a_signature_begins_at_its_dashes() -> None:
    found = split("Yes.\n-- \nAnn Fox\nDesk\n")
    assert (found.new, found.signature) == ("Yes.\n", "-- \nAnn Fox\nDesk\n")


def test_the_foot_of_a_mailing_list_is_a_signature() -> None:
    found = split(f"Yes.\n\n{'_' * 47}\nappeals mailing list\nappeals@lists.example\n")
    assert [place for place, _ in shape(found)] == [NEW, SIGNATURE]


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my desk, which is easier than a telephone.",
        "-- first, he is free\n-- second, he is well",
        "--\n" + "A long letter.\n" * 30,
        "Sent from my iPhone is what it said.\n" + "But it went on and on.\n" * 5,
    ],
)
def test_what_only_looks_like_a_signature_is_new(text: str) -> None:
    assert shape(split(text)) == [(NEW, text.strip())]


# ── HTML ──


def test_quoting_blocks_of_html_are_marked() -> None:
    page = (
        "<div>No.<br></div><div class='gmail_quote'><div>On Fri, Apr 3, 2026 at 12:05 PM Ann &lt;ann@desk.example&gt; "
        "wrote:<br></div><blockquote class='gmail_quote'><div>Is he free?</div><pre>one\ntwo</pre><blockquote>Older"
        "</blockquote>Yours</blockquote></div><p>Ministry</p>"
    )
    text = visible_text(page, quotes=True)
    assert text.splitlines() == [
        "No.",
        "On Fri, Apr 3, 2026 at 12:05 PM Ann <ann@desk.example> wrote:",
        *("> Is he free?", "> one", "> two", "> > Older", "> Yours"),
        "Ministry",
    ]
    assert [place for place, _ in shape(split(text))] == [NEW, QUOTED, NEW]


def test_an_indented_block_of_html_is_not_marked_and_a_rule_is_drawn() -> None:
    page = "<blockquote style='margin:0 0 0 40px;border:none'>Yes.</blockquote><hr><p>From: us</p>"
    assert visible_text(page, quotes=True) == f"Yes.\n{'_' * 32}\nFrom: us"


def test_html_is_read_as_before_where_no_marks_are_asked_for() -> None:
    assert visible_text("<p>No.</p><hr><blockquote>Is he free?</blockquote>") == "No.\nIs he free?"


def test_quoting_blocks_nested_without_end_are_read_in_linear_time() -> None:
    begun = time.process_time()
    text = visible_text("<blockquote>a" * 50_000, quotes=True)
    assert text.endswith("> " * 10 + "a")
    assert time.process_time() - begun < 10


# ── any text ──

WORDS = [
    *(
        "Yes.",
        "> quoted",
        ">> older",
        "",
        "-- ",
        "| bar",
        "________________",
        ">From here",
        "АЛ> да",
        "Ann <ann@x.example",
    ),
    *("-----Original Message-----", "---------- Forwarded message ---------", "----- End forwarded message -----"),
    *("From: Ann <ann@x.example>", "Sent: 3.04.2026 12:05", "To: us", "Subject: Letter", "От: Анна", "من: آن", "Cc:"),
    *(
        "On Fri, Apr 3, 2026 at 12:05 PM Ann <ann@x.example> wrote:",
        "Ann wrote:",
        "wrote:",
        ">:",
        "12:05",
        MOBILE["ru"],
    ),
]
MAILS = st.lists(
    st.tuples(st.sampled_from(WORDS) | st.text(max_size=30), st.sampled_from(["\n", "\r\n", "\r", "\u2028", " ", ""])),
    max_size=25,
).map(lambda lines: "".join(word + end for word, end in lines))
SUBJECTS = st.sampled_from(["", "Fwd: x", "Re: x"]) | st.text(max_size=30)


@given(text=MAILS | st.text(), subject=SUBJECTS)
def test_parts_cover_any_text_in_order(text: str, subject: str) -> None:
    parts = split(text, subject).parts
    assert [part.start for part in parts[:1]] == [0][: len(text)]
    assert [part.end for part in parts[-1:]] == [len(text)][: len(text)]
    assert all(part.start < part.end for part in parts)
    assert all(before.end == after.start for before, after in pairwise(parts))


@given(text=MAILS)
def test_header_blocks_lie_within_their_parts(text: str) -> None:
    for part in split(text).parts:
        if part.header is not None:
            assert part.place in (QUOTED, FORWARDED)
            assert part.start <= part.header.start <= part.header.end <= part.end
        assert part.start <= part.body[0] <= part.body[1] == part.end


@given(text=MAILS)
def test_every_character_has_the_place_of_its_part(text: str) -> None:
    found = split(text)
    places = [found.place_of(at) for at in range(len(text))]
    assert places == [part.place for part in found.parts for _ in range(part.start, part.end)]
    assert found.new + found.signature + found.quoted == "".join(
        text[part.start : part.end] for place in (NEW, SIGNATURE, QUOTED) for part in found.of(place)
    )


@given(text=MAILS)
def test_what_is_forwarded_can_be_split_again(text: str) -> None:
    for message in split(text).forwarded:
        split(message.text)


@given(text=st.text(alphabet=st.characters(categories=("L", "Zs", "Nd"), include_characters=".,!?\n"), max_size=200))
def test_text_without_marks_labels_or_colons_is_all_the_senders(text: str) -> None:
    assert {part.place for part in split(text).parts} <= {NEW, SIGNATURE}


def test_an_empty_text_has_no_parts() -> None:
    found = split("")
    assert (found.parts, found.new, found.place_of(0)) == ((), "", NEW)


def test_what_lies_beyond_the_longest_mail_is_not_the_senders() -> None:
    text = "Yes. " * (LONGEST // 5) + "KAZ 001/0802/OBS 053"
    assert [(part.place, part.start, part.end) for part in split(text).parts] == [
        (NEW, 0, LONGEST),
        (QUOTED, LONGEST, len(text)),
    ]


HOSTILE = [
    pytest.param(">", id="one line of marks"),
    pytest.param("> ", id="one line of marks with blanks"),
    pytest.param(">\n", id="lines of marks"),
    pytest.param("|", id="one line of bars"),
    pytest.param("|\n", id="lines of bars"),
    pytest.param("\n", id="blank lines"),
    pytest.param(" ", id="blanks"),
    pytest.param("On 1 at 12:05\n", id="attributions without end"),
    pytest.param("On 1:\n", id="short attributions"),
    pytest.param("On 1 at 12:05 wrote a@b, wrote\n", id="verbs"),
    pytest.param("1 a@b wrote\n\n", id="nearly attributions"),
    pytest.param("From: a\n", id="senders"),
    pytest.param("From: a\nDate: b\n\n", id="short blocks"),
    pytest.param("From:\na\nTo:\nb\nc\nCc:\nd;\ne;\n", id="blocks that go on"),
    pytest.param("-----Original Message-----\n", id="dividers"),
    pytest.param("Original message\n", id="phrases"),
    pytest.param("-- \n", id="signatures"),
    pytest.param("Sent from my\n", id="telephones"),
    pytest.param("____________\n", id="rules"),
    pytest.param("-", id="one line of dashes"),
    pytest.param("a@", id="addresses"),
    pytest.param("12:", id="clocks"),
    pytest.param("<a@b\n>\n", id="addresses without end"),
    pytest.param("&gt;", id="entities"),
    pytest.param("\u200f:", id="marks of direction"),
    pytest.param("ا\u0651\n", id="vowel signs"),
]


def seconds(unit: str, size: int) -> float:
    """Return how long it takes to split so many characters of the same, at best: other programs run as well."""
    text = (unit * (size // len(unit) + 1))[:size]

    def once() -> float:
        begun = time.process_time()
        _ = split(text).forwarded
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_lines_are_split_in_linear_time(unit: str) -> None:
    assert seconds(unit, 400_000) < 8 * seconds(unit, 100_000) + 0.5  # where it were quadratic, 16 times


@pytest.mark.slow
def test_a_megabyte_of_hostile_lines_is_split_in_seconds() -> None:
    assert seconds("\n".join(str(unit.values[0]) * 5 for unit in HOSTILE), LONGEST) < 30  # 4 s where it was written


# ── the tables ──


def test_every_language_of_the_desk_comes_first_and_has_phrases_of_every_kind() -> None:
    assert [habits.language for habits in ALL[:7]] == ["en", "ru", "kk", "ar", "fr", "es", "de"]
    for habits in ALL[:7]:
        tables = (habits.original, habits.forwarded, habits.end, habits.wrote, habits.mobile, habits.subject)
        assert all(tables), habits.language
        assert all(program for table in tables for program in table.values())


def test_no_two_languages_mean_different_things_by_one_divider() -> None:
    originals = {folded(phrase) for habits in ALL for phrase in habits.original}
    forwards = {folded(phrase) for habits in ALL for phrase in habits.forwarded}
    assert originals
    assert not originals & forwards
