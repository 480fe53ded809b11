"""Mail that is no answer: automatic replies, acknowledgements, receipts; and answers that are not taken for these."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.responses.automatic import LONGEST_TEXT, Automatic, AutomaticKind, automatic
from urgent_appeals.responses.automatic_phrases import LANGUAGES
from urgent_appeals.responses.automatic_words import folded

AUTO, ACKNOWLEDGED, RECEIPT = AutomaticKind.AUTO_REPLY, AutomaticKind.ACKNOWLEDGEMENT, AutomaticKind.RECEIPT


def mail(*headers: str, body: str = "Text") -> bytes:
    lines = ("From: Registry <registry@ministry.example>", "To: desk+abc@ngo.example", *headers, "", body)
    return "\r\n".join(lines).encode()


def looked_at(text: str = "", *headers: str, subject: str = "Re: Appeal") -> Automatic | None:
    return automatic(mail(*headers, body=text), subject=subject, text=text)


# ── machines say so themselves ──


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "AUTO-SUBMITTED: Auto-Replied; owner-email=x@ministry.example",
        "X-Autoreply: yes",
        "X-Autorespond: Re: Appeal",
        "Precedence: auto_reply",
        "X-Precedence: Auto-Reply",
        "X-POST-MessageClass: 9; Autoresponder",
        "Return-Path: <>",
    ],
)
def test_a_mail_that_a_machine_sent_is_an_automatic_reply(header: str) -> None:
    found = looked_at("Thank you for your message.", header)
    assert found is not None
    assert (found.kind, found.by_machine) == (AUTO, True)
    name, _, value = header.partition(": ")
    assert (name.lower(), value) in [(one.where.lower(), one.words) for one in found.evidence]


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "Return-Path: <registry@ministry.example>",
        "X-Auto-Response-Suppress: All",
        "Precedence: bulk",
        "List-Id: <news.ministry.example>",
        "Precedence: first-class",
    ],
)
def test_a_header_that_answers_bear_as_well_makes_no_mail_automatic(header: str) -> None:
    assert looked_at("Mr Example was set free on Monday. We thank you for your interest.", header) is None


def test_only_the_first_return_path_counts() -> None:
    assert looked_at("He was set free on Monday.", "Return-Path: <a@b.example>", "Return-Path: <>") is None


def test_a_machine_that_tells_the_number_acknowledges() -> None:
    found = looked_at("Your appeal has been registered under No. 17/2-345.", "Auto-Submitted: auto-generated")
    assert found is not None
    assert (found.kind, found.number, found.by_machine) == (ACKNOWLEDGED, "17/2-345", True)


def test_what_a_portal_sends_with_a_long_text_is_automatic_but_not_for_certain() -> None:
    text = (
        "The Office examined the case of Mr Example. It found that the sentence was lawful. He may appeal to the court."
    )
    for said in (text, f"{text}\n\nPlease do not reply to this message."):
        found = looked_at(said, "Auto-Submitted: auto-generated")
        assert found is not None
        assert (found.kind, found.is_certain) == (AUTO, False)
    replied = looked_at(text, "Auto-Submitted: auto-replied")
    assert replied is not None
    assert replied.is_certain


# ── subjects ──


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Appeal KAZ 001/0802/OBS 053",
        "Out of Office: your letter",
        "Автоответ: Обращение",
        "Автоматический ответ: ваше письмо",
        "Автоматты жауап: Өтініш",
        "Réponse automatique : Votre lettre",
        "Respuesta automática: Su carta",
        "رد تلقائي: رسالتكم",
        "Automatische Antwort: Ihr Schreiben",
        "Abwesenheitsnotiz: Brief",
        "[EXTERNAL] Automatic reply: Appeal",
    ],
)
def test_the_subject_of_an_automatic_reply_is_enough(subject: str) -> None:
    found = looked_at("The Minister receives visitors on Tuesdays from nine to noon.", subject=subject)
    assert found is not None
    assert found.kind is AUTO


@pytest.mark.parametrize("subject", ["Re: Automatic reply: Appeal", "Your automatic reply", "Fwd: Автоответ"])
def test_an_answer_to_an_automatic_reply_is_none_itself(subject: str) -> None:
    assert looked_at("The Minister has seen to it that Mr Example may have visits.", subject=subject) is None


# ── acknowledgements, with no sign of a machine ──


ACKNOWLEDGEMENTS = {
    "en": (
        (
            "Dear Sir or Madam,\n\nYour message has been received and registered under No 245-OP.\n"
            "It will be considered within 15 working days.\n\nYours faithfully,\nThe Registry\nMinistry of Justice"
        ),
        "245-OP",
    ),
    "ru": (
        (
            "Уважаемый заявитель!\n\nВаше обращение зарегистрировано за № ЖТ-2026-01234567 и "
            "будет рассмотрено в установленные\n"
            "законом сроки.\n\nС уважением,\nКанцелярия Министерства юстиции"
        ),
        "ЖТ-2026-01234567",
    ),
    "kk": (
        (
            "Құрметті азамат!\n\nСіздің өтінішіңіз 3-1/2045 санымен тіркелді. Өтінішіңіз "
            "заңда белгіленген мерзімде қаралады.\n\n"
            "Құрметпен,\nӘділет министрлігінің кеңсесі"
        ),
        "3-1/2045",
    ),
    "fr": (
        (
            "Madame, Monsieur,\n\nNous accusons réception de votre courrier du 3 mars, "
            "enregistré sous le numéro 2026/118. Une\n"
            "réponse vous sera adressée dans les meilleurs délais.\n\nVeuillez agréer, "
            "Madame, Monsieur, nos salutations.\n"
            "Le Greffe"
        ),
        "2026/118",
    ),
    "es": (
        (
            "Estimada señora:\n\nAcusamos recibo de su carta, que ha sido registrada con el "
            "número 4411/26. Será atendida a la\n"
            "brevedad.\n\nAtentamente,\nMesa de entradas"
        ),
        "4411/26",
    ),
    "ar": (
        (
            "السادة المحترمون،\n\nإشعار بالاستلام: تم استلام رسالتكم وتم تسجيلها برقم "
            "778/2026. سيتم الرد عليكم في أقرب وقت.\n\n"
            "مع التحية\nديوان الوزارة"
        ),
        "778/2026",
    ),
    "de": (
        (
            "Sehr geehrte Damen und Herren,\n\nhiermit bestätigen wir den Eingang Ihres "
            "Schreibens vom 3. März. Es wird unter dem\n"
            "Aktenzeichen 12-A/2026 geführt. Wir melden uns schnellstmöglich.\n\nMit freundlichen Grüßen\nPoststelle"
        ),
        "12-A/2026",
    ),
}


def test_every_language_has_an_example() -> None:
    assert set(ACKNOWLEDGEMENTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", ACKNOWLEDGEMENTS)
def test_an_office_that_says_only_that_a_letter_was_registered_acknowledges(language: str) -> None:
    text, number = ACKNOWLEDGEMENTS[language]
    found = looked_at(text)
    assert found is not None
    assert (found.kind, found.by_machine, found.is_certain) == (ACKNOWLEDGED, False, True)
    assert found.number == number


@pytest.mark.parametrize("language", ACKNOWLEDGEMENTS)
def test_an_acknowledgement_in_what_is_quoted_is_none(language: str) -> None:
    quoted = "".join(f"> {line}\n" for line in ACKNOWLEDGEMENTS[language][0].splitlines())
    assert looked_at(f"Mr Example was set free on Monday.\n\n{quoted}") is None
    assert looked_at(quoted) is None


RECEIVED_ONLY = {
    "en": "We acknowledge receipt of your letter of 3 March. It has been forwarded to the competent department.",
    "ru": "Подтверждаем получение Вашего письма. Ответ будет направлен в установленные сроки.",
    "kk": "Хатыңыз қабылданды. Жауап 15 жұмыс күні ішінде беріледі.",
    "fr": "Nous avons bien reçu votre lettre du 3 mars et vous en remercions.",
    "es": "Hemos recibido su carta. Le responderemos a la brevedad.",
    "ar": "نؤكد استلام رسالتكم. سنرد عليكم في أقرب فرصة.",
    "de": "Ihr Schreiben ist am 3. März bei uns eingegangen. Vielen Dank.",
}


@pytest.mark.parametrize("language", RECEIVED_ONLY)
def test_a_person_who_only_says_that_a_letter_came_acknowledges(language: str) -> None:
    found = looked_at(RECEIVED_ONLY[language])
    assert found is not None
    assert (found.kind, found.number) == (ACKNOWLEDGED, "")


@pytest.mark.parametrize(
    "text",
    [
        "On behalf of the Minister, I acknowledge receipt of your letter dated 3 March. The contents have been noted.",
        "This is to acknowledge your letter, which has been passed to the relevant officials for consideration.",
        "We are in receipt of your letter. It will be brought to the attention of the Minister.",
        "Receipt of your letter of 3 March is hereby acknowledged.",
        "Здравствуйте! Спасибо за Ваше письмо. Мы обязательно ответим Вам в течение 3 рабочих дней.",
        "Сообщаем, что Ваше обращение поступило в Генеральную прокуратуру 03.03.2026 и направлено на рассмотрение.",
        "Уведомляем Вас о том, что Ваше обращение принято и зарегистрировано в системе документооборота.",
        "Сіздің хатыңыз кеңсеге келіп түсті, кіріс нөмірі 123.",
        "Сіздің өтінішіңіз 123 санымен тіркелгенін хабарлаймыз.",
        "Votre message nous est bien parvenu. Nous reviendrons vers vous prochainement.",
        "Su correo ha sido recibido por la mesa de entradas. Se dará respuesta en 10 días hábiles.",
        "وصلتنا رسالتكم بتاريخ 3 مارس وستتم دراستها.",
        "Ihre E-Mail ist bei uns eingegangen und wird umgehend bearbeitet.",
        "Danke für Ihre Nachricht. Wir melden uns in Kürze bei Ihnen.",
    ],
)
def test_what_goes_along_with_an_acknowledgement_makes_it_no_answer(text: str) -> None:
    found = looked_at(text)
    assert found is not None
    assert found.kind is ACKNOWLEDGED


AUTOMATIC_TEXTS = {
    "en": "I am out of the office until 12 May. In urgent cases please contact the duty officer. I will be back then.",
    "ru": "Это автоматическое сообщение, пожалуйста, не отвечайте на него. Ваше письмо получено.",
    "kk": "Бұл хат автоматты түрде жіберілді, жауап бермеуіңізді сұраймыз.",
    "fr": "Ceci est un message automatique, merci de ne pas répondre à ce courriel.",
    "es": "Este es un mensaje automático. Por favor no responda a este correo.",
    "ar": "هذه رسالة آلية، يرجى عدم الرد على هذه الرسالة.",
    "de": "Dies ist eine automatisch erzeugte Nachricht. Bitte antworten Sie nicht auf diese E-Mail.",
}


@pytest.mark.parametrize("language", AUTOMATIC_TEXTS)
def test_a_text_that_says_it_is_automatic_and_no_more_is_an_automatic_reply(language: str) -> None:
    found = looked_at(AUTOMATIC_TEXTS[language])
    assert found is not None
    assert found.kind is AUTO


# ── answers that begin as acknowledgements ──


ANSWERS = {
    "en": "We acknowledge receipt of your letter of 3 March. Mr Example was tried in open court and has appealed.",
    "en, in one sentence": "We acknowledge receipt of your letter and wish to inform you that Mr Example is free.",
    "en, registered": "Your letter registered under No 12 was examined by the Prosecutor General. The verdict stands.",
    "en, short": "Your letter has been received. He is free.",
    "en, narrow lines": "We have received your letter.\nMr Example was\nset free by order of\nthe court on Monday.",
    "en, from a portal": "Mr Example was set free by order of the court.\n\nPlease do not reply to this e-mail.",
    "en, without a full stop": "Thank you for your email. He was transferred to Astana",
    "ru": "Ваше обращение, зарегистрированное под № 12, рассмотрено. Оснований для пересмотра дела не установлено.",
    "ru, in one sentence": "Ваше обращение зарегистрировано и рассмотрено, нарушений закона не установлено.",
    "kk": "Өтінішіңіз 12 санымен тіркелді. Тексеру барысында заң бұзушылық анықталған жоқ.",
    "fr": "Nous avons bien reçu votre lettre et vous informons que Monsieur Exemple a été libéré.",
    "es": "Acusamos recibo de su carta y le comunicamos que el señor Ejemplo fue puesto en libertad.",
    "ar": "تم استلام رسالتكم. قررت المحكمة الإفراج عن السيد مثال يوم الاثنين.",
    "de": "Wir bestätigen den Eingang Ihres Schreibens und teilen Ihnen mit, dass Herr Beispiel frei ist.",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_acknowledges_first_is_an_answer(answer: str) -> None:
    assert looked_at(ANSWERS[answer]) is None


def test_an_answer_under_the_subject_of_an_acknowledgement_is_an_answer() -> None:
    assert looked_at(ANSWERS["en"], subject="Acknowledgement of receipt") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ваше обращение принято.\nНомер обращения: ЗТ-2026-0012\nДата: 03.03.2026\nСрок: 24.03.2026", "ЗТ-2026-0012"),
        ("Ваше письмо получено. Вх. № 1234 от 03.03.2026 г.", "1234"),
        ("Ваше письмо зарегистрировано. Вх. № 1234 от 03.03.2026 г.", "1234"),
        ("Сіздің өтінішіңіз қабылданды. Өтініш нөмірі: ЗТ-2026-0012.", "ЗТ-2026-0012"),
        ("Su solicitud ha sido recibida. Número de registro: REG-2026-99.", "REG-2026-99"),
        ("تم استلام رسالتكم بنجاح. رقم المعاملة: 12345\nشكرا لتواصلكم معنا.", "12345"),
    ],
)
def test_the_number_may_stand_on_a_line_of_its_own(text: str, number: str) -> None:
    found = looked_at(text)
    assert found is not None
    assert (found.kind, found.number) == (ACKNOWLEDGED, number)


@pytest.mark.parametrize("answer", ["Sentenced in case № 12.", "Died under 12 guards.", "He is in cell number 12 now."])
def test_a_short_sentence_with_a_number_is_an_answer_all_the_same(answer: str) -> None:
    assert looked_at(f"Your letter has been received. {answer}") is None


def test_a_mail_without_words_is_nothing() -> None:
    assert looked_at("") is None
    assert automatic(b"", subject="", text="") is None


def test_a_letter_that_was_scanned_can_acknowledge_too() -> None:
    found = automatic(b"", subject="", text=ACKNOWLEDGEMENTS["ru"][0])
    assert found is not None
    assert found.kind is ACKNOWLEDGED


# ── receipts ──


def report(kind: str, fields: str, *, text: str = "Your message was read.") -> bytes:
    return mail(
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"',
        body=f"--b\n\n{text}\n--b\nContent-Type: message/{kind}\n\n{fields}\n--b--\n",
    )


READ = (
    "Final-Recipient: rfc822;a@ministry.example\nOriginal-Message-ID: <1@ngo.example>\nDisposition: manual-action/{}\n"
)


@pytest.mark.parametrize("disposition", ["MDN-sent-manually; displayed", "MDN-sent-automatically; deleted"])
def test_a_report_of_disposition_is_a_receipt_for_its_mail(disposition: str) -> None:
    found = automatic(report("disposition-notification", READ.format(disposition)), subject="Read: Appeal", text="")
    assert found is not None
    assert (found.kind, found.message_ids, found.by_machine) == (RECEIPT, ("<1@ngo.example>",), True)
    assert disposition in found.evidence[0].words


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_delivery_is_a_receipt(action: str) -> None:
    fields = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822;a@ministry.example\nAction: {action}\n"
    found = automatic(report("delivery-status", fields), subject="Delivered", text="")
    assert found is not None
    assert found.kind is RECEIPT
    assert found.evidence[0].words == f"a@ministry.example: action {action}"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Read: Appeal", "Your message was read on Monday, 3 March 2026 09:12:00."),
        ("Прочитано: Обращение", "Ваше сообщение было прочитано 3 марта 2026 г."),
        ("Lu : Appel", "Votre message a été lu le lundi 3 mars 2026."),
        ("Leído: Carta", "Su mensaje fue leído el 3 de marzo."),
        ("Gelesen: Schreiben", "Ihre Nachricht wurde am 03.03.2026 gelesen."),
    ],
)
def test_a_read_receipt_without_standard_form_is_known_by_subject_and_sentence(subject: str, text: str) -> None:
    found = looked_at(text, subject=subject)
    assert found is not None
    assert found.kind is RECEIPT
    assert looked_at(text) is None


def test_a_report_of_neither_kind_is_automatic() -> None:
    found = automatic(
        report("feedback-report", "Feedback-Type: abuse\n"), subject="Complaint", text="This is a complaint."
    )
    assert found is not None
    assert found.kind is AUTO


# ── phrases as data, hostile input ──


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_as_they_are_compared(language: str) -> None:
    phrases = LANGUAGES[language]
    for kind in type(phrases).__slots__:
        for phrase in getattr(phrases, kind).split("|"):
            written = " ".join(phrase.split())
            assert written
            assert folded(written.replace("…", "@")) == written.replace("…", "@")


@given(st.binary(max_size=500), st.text(max_size=80), st.text(max_size=300))
def test_nothing_makes_it_fail(raw: bytes, subject: str, text: str) -> None:
    automatic(raw, subject=subject, text=text)
    automatic(
        b"From: a@b.example\nContent-Type: multipart/report; boundary=b\n\n--b\n" + raw, subject=subject, text=text
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("your letter " * 200_000, id="half a phrase again and again"),
        pytest.param("thank you for your message. " * 100_000, id="a phrase again and again"),
        pytest.param("\u0301\u0327" * 500_000, id="marks without letters"),
        pytest.param("No " * 500_000, id="a number to come"),
        pytest.param("\n" * 1_000_000, id="lines"),
        pytest.param("x" * 2_000_000, id="one word"),
        pytest.param("a. " * 500_000, id="sentences"),
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    automatic(b"", subject=text, text=text)
    assert time.process_time() - start < 10


def test_only_so_much_of_a_text_is_looked_at() -> None:
    assert looked_at(ACKNOWLEDGEMENTS["en"][0] + "\n\nx" * LONGEST_TEXT) is None
