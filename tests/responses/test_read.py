"""What a response is, who sent and who brought it, and which codes it quotes where."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from urgent_appeals.domain.quoted import Certainty
from urgent_appeals.domain.response import ReadResponse, ResponseKind, Severity
from urgent_appeals.responses.read import Scanned, read_response

CODE = "KAZ 001/0802/OBS 053.02"
CASE = "KAZ 001/0802/OBS 053"
OTHER = "UZB 002/0201/OBS 015"
OFFICE = "office@ministry.example"
FRIEND = "friend@home.example"
DESK = "desk+a2b3c4@ngo.example"
ANSWER = "The Ministry has examined the case and informs you that the sentence was reviewed."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def mail(*headers: str, body: str = ANSWER, sender: str = OFFICE, subject: str = "") -> bytes:
    fields = [f"From: {sender}", f"To: {DESK}", *([f"Subject: {subject}"] if subject else []), *headers]
    return "\r\n".join((*fields, "", *body.split("\n"))).encode()


def multipart(*parts: str, sender: str = OFFICE, subject: str = "", kind: str = "mixed") -> bytes:
    body = "".join(f"--limit\n{part}\n" for part in parts) + "--limit--\n"
    return mail(f'Content-Type: multipart/{kind}; boundary="limit"', body=body, sender=sender, subject=subject)


def text(words: str, kind: str = "plain") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{words}"


def attachment(name: str, content: bytes, kind: str = "application/octet-stream") -> str:
    return (
        f'Content-Type: {kind}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n" + "".join(f"={byte:02X}" for byte in content)
    )


def pdf(line: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({line}) Tj ET".encode())
    page[NameObject("/Contents")] = stream
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def kind_of(raw: bytes) -> ResponseKind:
    return read_response(raw, source="eml").kind


def places(found: ReadResponse) -> list[tuple[str, str]]:
    return [(code.canonical, code.where.value) for code in found.codes]


# ── codes and their places ──


def test_codes_are_told_with_their_place_the_weightier_first() -> None:
    raw = multipart(
        text(f"{ANSWER} Your reference: {CODE}\n\nOn 4 May 2026 at 10:00, Desk wrote:\n> about UA 12/26\n> more"),
        attachment("AHRC-UAC-078-2012.bin", b"\x00\x01"),
        subject=f"Re: {CASE}",
    )
    found = read_response(raw, source="eml")
    assert places(found) == [
        (CASE, "subject"),
        (CODE, "new"),
        ("AHRC-UAC-078-2012", "attachment"),
        ("UA 12/26", "quoted"),
    ]


def test_a_code_of_the_new_part_stands_at_its_offsets_in_the_text() -> None:
    found = read_response(mail(body=f"{ANSWER}\nRef: {CODE}\n\n-- \nThe Office"), source="eml")
    (code,) = found.codes
    assert found.text[code.start : code.end] == CODE == code.written
    assert code.certainty is Certainty.EXACT


def test_a_signature_belongs_to_what_the_sender_wrote() -> None:
    found = read_response(mail(body=f"{ANSWER}\n\n-- \nThe Office\nRef: {CODE}"), source="eml")
    assert places(found) == [(CODE, "new")]


@pytest.mark.parametrize(
    "page",
    [
        f'<p>Answer</p><div style="display:none">{CODE}</div>',
        f"<p>Answer</p><!-- {CODE} -->",
        f'<style>.x{{display: none}}</style><p>Answer</p><p class="x">{CODE}</p>',
        f'<p>Answer</p><span style="font-size:0">{CODE}</span>',
    ],
)
def test_text_that_a_page_hides_quotes_nothing(page: str) -> None:
    assert read_response(multipart(text(page, "html")), source="eml").codes == ()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        pytest.param("answer.pdf", pdf(f"On case {CODE} we inform"), "application/pdf", id="PDF"),
        pytest.param("answer.txt", f"On case {CODE} we inform".encode(), "text/plain", id="text"),
        pytest.param("answer.html", f"<p>On case {CODE} we inform</p>".encode(), "text/html", id="HTML"),
        pytest.param("answer", f"On case {CODE} we inform".encode(), "application/octet-stream", id="unknown type"),
        pytest.param("KAZ-001-0802-OBS-053.02.docx", b"PK\x03\x04\x00\x00", "application/msword", id="name"),
    ],
)
def test_a_code_in_an_attachment_is_found(name: str, content: bytes, kind: str) -> None:
    found = read_response(multipart(text("See attached."), attachment(name, content, kind)), source="eml")
    assert places(found) == [(CODE, "attachment")]
    assert found.kind is ResponseKind.REPLY


def test_an_attachment_that_cannot_be_read_is_a_fault() -> None:
    found = read_response(
        multipart(text("See attached."), attachment("answer.docx", b"PK\x03\x04\x00\x00")), source="eml"
    )
    assert "the attachment answer.docx was not read, only its name" in found.faults


def test_what_a_scanner_reads_of_a_picture_counts_and_its_qr_code_most() -> None:
    def scan(_: bytes) -> Scanned:
        return Scanned((CODE,), f"Letter about {OTHER}", ("one page was turned",))

    raw = multipart(text("See the picture."), attachment("scan.png", PNG, "image/png"))
    found = read_response(raw, source="eml", scan=scan)
    assert places(found) == [(CODE, "qr"), (OTHER, "attachment")]
    assert "one page was turned" in found.faults


def test_a_mail_of_thousands_of_codes_keeps_some_and_says_so() -> None:
    found = read_response(mail(body="\n".join(f"UA {number}/26" for number in range(1, 900))), source="eml")
    assert len(found.codes) == 200
    assert "only 200 codes of one place were kept" in found.faults


# ── replies ──


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(subject=f"Re: {CODE}"), id="code in the subject"),
        pytest.param(mail("In-Reply-To: <sent@ngo.example>"), id="answers a mail"),
        pytest.param(
            mail(body=f"{ANSWER}\n\nOn 4 May 2026 at 10:00, Desk wrote:\n> Dear Minister\n> we"), id="quotes a mail"
        ),
    ],
)
def test_what_answers_or_quotes_is_a_reply(raw: bytes) -> None:
    found = read_response(raw, source="eml")
    assert (found.kind, found.sender, found.bearer) == (ResponseKind.REPLY, OFFICE, None)
    assert found.evidence
    assert found.text.startswith(ANSWER)


def test_a_mail_with_nothing_to_go_by_is_unknown() -> None:
    assert kind_of(mail(subject="Summer offers", body="Everything must go!")) is ResponseKind.UNKNOWN


def test_the_text_of_a_reply_has_nothing_of_what_it_quotes() -> None:
    head = f"-----Original Message-----\nFrom: Desk <{DESK}>\nSent: Monday, May 4, 2026 10:00\nTo: x\nSubject: A"
    body = f"{ANSWER}\n\n{head}\n\nDear"
    found = read_response(mail(body=body, subject="RE: A"), source="eml")
    assert found.text.strip() == ANSWER


# ── mail of machines ──

BOUNCE = multipart(
    text(f"Could not be delivered: {OFFICE}"),
    f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {OFFICE}\n"
    "Action: failed\nStatus: 5.1.1",
    f"Content-Type: text/rfc822-headers\n\nFrom: {DESK}\nMessage-ID: <sent@ngo.example>\nSubject: {CODE}",
    sender="MAILER-DAEMON@mx.example",
    subject="Undelivered Mail Returned to Sender",
    kind="report; report-type=delivery-status",
)


def test_a_bounce_tells_whom_it_did_not_reach_and_which_mail_it_was() -> None:
    found = read_response(BOUNCE, source="eml")
    assert (found.kind, found.failed, found.severity) == (ResponseKind.BOUNCE, (OFFICE,), Severity.HARD)
    assert found.threads == ("<sent@ngo.example>",)
    assert DESK in found.addressed
    assert places(found) == [(CODE, "quoted")]


def test_a_read_receipt_cites_the_mail_that_was_read() -> None:
    report = "Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <sent@ngo.example>\n"
    raw = multipart(
        text("Your message was read."),
        report + "Disposition: manual-action/MDN-sent-manually; displayed",
        kind="report; report-type=disposition-notification",
    )
    found = read_response(raw, source="eml")
    assert (found.kind, found.threads) == (ResponseKind.RECEIPT, ("<sent@ngo.example>",))


AUTOMATIC = {
    "en": ("Automatic reply: Appeal", "I am out of the office until 9 May and will answer then."),
    "fr": ("Réponse automatique : Appel", "Je suis absent du bureau jusqu'au 9 mai."),
    "es": ("Respuesta automática: Llamamiento", "Estoy fuera de la oficina hasta el 9 de mayo."),
    "ru": ("Автоматический ответ: Обращение", "Меня нет в офисе до 9 мая."),
    "kk": ("Автоматты жауап: Үндеу", "Мен 9 мамырға дейін демалыстамын."),
    "ar": ("رد تلقائي: نداء", "أنا خارج المكتب حتى 9 مايو."),
}


@pytest.mark.parametrize("language", AUTOMATIC)
def test_an_automatic_reply_is_no_reply_though_it_quotes_the_code(language: str) -> None:
    subject, words = AUTOMATIC[language]
    quoted = f"\n\n-----Original Message-----\nFrom: {DESK}\nSent: Monday, May 4, 2026 10:00\nSubject: {CODE}\n\nDear"
    raw = mail("In-Reply-To: <sent@ngo.example>", subject=f"{subject} {CODE}", body=words + quoted)
    assert kind_of(raw) is ResponseKind.AUTO_REPLY


def test_what_says_in_its_header_that_a_machine_sent_it_is_never_a_report_nor_a_reply() -> None:
    for words in (f"Thank you for your message on {CODE}.", "I sent 3 letters and 1 email.", "Return to sender"):
        found = read_response(mail("Auto-Submitted: auto-replied", subject=f"Re: {CODE}", body=words), source="eml")
        assert found.kind in (ResponseKind.AUTO_REPLY, ResponseKind.ACKNOWLEDGEMENT)
        assert found.reported == ()


def test_an_acknowledgement_tells_the_number_that_a_letter_was_registered_under() -> None:
    found = read_response(
        mail(subject=f"Re: {CODE}", body="Ваше обращение зарегистрировано под № 17/2-345."), source="eml"
    )
    assert (found.kind, found.number) == (ResponseKind.ACKNOWLEDGEMENT, "17/2-345")


# ── action reports ──


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("I sent 3 letters and 1 email on 2 May.", id="en"),
        pytest.param("J'ai envoyé trois lettres et un courriel le 2 mai.", id="fr"),
        pytest.param("Envié 3 cartas y un correo electrónico el 2 de mayo.", id="es"),
        pytest.param("2 мая отправила 3 письма и 1 электронное письмо.", id="ru"),
        pytest.param("2 мамырда 3 хат және 1 электрондық хат жібердім.", id="kk"),
        pytest.param("أرسلت ثلاث رسائل وبريد إلكتروني 1 في 2 مايو", id="ar, number behind"),
        pytest.param("Code: UA 1/26; Letters: 3; Emails: 1; Date: 2 May", id="slip"),
    ],
)
def test_a_supporter_s_report_is_counted_with_its_day(words: str) -> None:
    raw = mail("Date: Mon, 04 May 2026 10:00:00 +0000", sender=FRIEND, subject=CODE, body=words)
    found = read_response(raw, source="eml")
    assert found.kind is ResponseKind.ACTION_REPORT
    assert found.reported[0].model_dump(mode="json", exclude_none=True) == {
        "kind": "letter",
        "count": 3,
        "date": "2026-05-02",
    }


def test_a_report_that_answers_our_mail_is_a_report_all_the_same() -> None:
    body = f"I sent 2 letters.\n\nOn 4 May 2026 at 10:00, Desk wrote:\n> Please report on {CODE}\n> thank you"
    found = read_response(mail("In-Reply-To: <pack@ngo.example>", body=body, sender=FRIEND), source="eml")
    assert found.kind is ResponseKind.ACTION_REPORT
    assert places(found) == [(CODE, "quoted")]


def test_the_slip_may_be_attached() -> None:
    slip = attachment("slip.txt", f"Code: {CODE}\nLetters: 2\nFaxes: 1".encode(), "text/plain")
    found = read_response(multipart(text("Here it is."), slip, sender=FRIEND), source="eml")
    assert found.kind is ResponseKind.ACTION_REPORT
    assert [(one.kind, one.count) for one in found.reported] == [("letter", 2), ("fax", 1)]


def test_an_office_that_writes_of_its_own_letters_has_replied() -> None:
    body = f"With reference to your letter on {CODE}, we sent two letters to the Prosecutor General on 2 May."
    assert kind_of(mail(body=body)) is ResponseKind.REPLY


# ── returned post ──


@pytest.mark.parametrize(
    "words",
    [
        "The letter came back yesterday, marked RETURN TO SENDER.",
        "Ma lettre est revenue : « retour à l’expéditeur ».",
        "La carta volvió con el sello «devuelto al remitente».",
        "Письмо вернулось, на конверте: «Адресат выбыл».",
        "Хатым қайтып келді.",
        "عادت الرسالة: يعاد إلى المرسل",
    ],
)
def test_a_mail_that_says_that_a_letter_came_back_is_of_returned_post(words: str) -> None:
    found = read_response(mail(sender=FRIEND, subject=CODE, body=words), source="eml")
    assert found.kind is ResponseKind.RETURNED_POST
    assert found.evidence


def test_the_picture_of_an_envelope_that_came_back_is_of_returned_post() -> None:
    found = read_response(PNG, "envelope.png", scan=lambda _: Scanned(text=f"{CODE}\nАДРЕСАТ ВЫБЫЛ"))
    assert (found.kind, found.source) == (ResponseKind.RETURNED_POST, "image")


def test_an_office_that_sends_your_letter_back_has_replied() -> None:
    body = f"Your letter on {CODE} is returned, for it was returned to us unsigned: your letter was returned."
    assert kind_of(mail(body=body)) is ResponseKind.REPLY


# ── what supporters pass on ──

HEADS = {
    "Gmail, en": (
        "Fwd: Re: Appeal",
        (
            "---------- Forwarded message ---------\nFrom: The Office <{office}>\nDate: Mon, 4 May 2026 at 10:00\n"
            "Subject: Re: Appeal\nTo: <{friend}>"
        ),
    ),
    "Outlook, en": (
        "FW: Re: Appeal",
        (
            "________________________________\nFrom: The Office <{office}>\nSent: Monday, May 4, 2026 10:00 AM\n"
            "To: A Friend <{friend}>\nSubject: Re: Appeal"
        ),
    ),
    "Mail.ru, ru": (
        "Пересл.: Ответ",
        (
            "-------- Пересылаемое сообщение --------\nОт: Канцелярия <{office}>\nКому: <{friend}>\n"
            "Дата: Понедельник, 4 мая 2026, 10:00 +03:00\nТема: Ответ"
        ),
    ),
    "Outlook, fr": (
        "TR : Réponse",
        (
            "________________________________\nDe : Cabinet <{office}>\nEnvoyé : lundi 4 mai 2026 10:00\n"
            "À : Un ami <{friend}>\nObjet : Réponse"
        ),
    ),
    "Outlook, es": (
        "RV: Respuesta",
        (
            "________________________________\nDe: Gabinete <{office}>\nEnviado: lunes, 4 de mayo de 2026 10:00\n"
            "Para: <{friend}>\nAsunto: Respuesta"
        ),
    ),
    "Outlook, de": (
        "WG: Antwort",
        (
            "-----Ursprüngliche Nachricht-----\nVon: Kanzlei <{office}>\nGesendet: Montag, 4. Mai 2026 10:00\n"
            "An: <{friend}>\nBetreff: Antwort"
        ),
    ),
    "Gmail, ar": (
        "Fwd: رد",
        (
            "---------- Forwarded message ---------\nمن: المكتب <{office}>\nDate: Mon, 4 May 2026 at 10:00\n"
            "Subject: رد\nTo: <{friend}>"
        ),
    ),
}


@pytest.mark.parametrize("program", HEADS)
@pytest.mark.parametrize("note", ["", "This came today, for your records.\n\n"], ids=["without note", "with note"])
def test_a_reply_that_is_forwarded_is_read_as_that_reply_with_its_bearer(program: str, note: str) -> None:
    subject, head = HEADS[program]
    body = f"{note}{head.format(office=OFFICE, friend=FRIEND)}\n\n{ANSWER}\nRef. {CODE}\n"
    found = read_response(mail(sender=f"A Friend <{FRIEND}>", subject=subject, body=body), source="eml")
    assert found.kind is ResponseKind.FORWARDED_REPLY
    assert (found.sender, found.bearer) == (OFFICE, FRIEND)
    assert found.text.strip() == f"{ANSWER}\nRef. {CODE}"
    assert places(found) == [(CODE, "new")]


def test_what_the_bearer_writes_is_a_note_and_what_the_reply_quotes_is_quoted() -> None:
    head = HEADS["Gmail, en"][1].format(office=OFFICE, friend=FRIEND)
    quote = "On 1 May 2026 at 9:00, A Friend wrote:\n> about UA 12/26\n> please"
    body = f"For {OTHER}, and I sent 2 letters.\n\n{head}\n\n{ANSWER} {CODE}\n\n{quote}\n"
    found = read_response(mail(sender=FRIEND, subject="Fwd: Re: Appeal", body=body), source="eml")
    assert places(found) == [(CODE, "new"), (OTHER, "note"), ("UA 12/26", "quoted")]
    assert [(one.kind, one.count) for one in found.reported] == [("letter", 2)]
    assert found.kind is ResponseKind.FORWARDED_REPLY


def attached(inner: Sequence[str], body: str = ANSWER) -> str:
    return "Content-Type: message/rfc822\n\n" + "\n".join((*inner, "", body))


def test_a_reply_that_is_attached_is_read_as_that_reply_with_its_bearer() -> None:
    inner = (f"From: The Office <{OFFICE}>", f"Subject: On {CODE}", "Date: Mon, 04 May 2026 10:00:00 +0000")
    raw = multipart(text("See the mail."), attached((*inner, "In-Reply-To: <sent@ngo.example>")), sender=FRIEND)
    found = read_response(raw, source="eml")
    assert found.kind is ResponseKind.FORWARDED_REPLY
    assert (found.sender, found.bearer, found.subject) == (OFFICE, FRIEND, f"On {CODE}")
    assert found.date == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert found.threads == ("<sent@ngo.example>",)
    assert found.text.strip() == ANSWER
    assert places(found) == [(CODE, "subject")]


def test_a_reply_that_is_only_quoted_under_the_subject_of_a_forward_is_read_as_that_reply() -> None:
    body = f"For your records.\n\nOn 4 May 2026 at 10:00, The Office <{OFFICE}> wrote:\n> {ANSWER}\n> Ref. {CODE}\n"
    found = read_response(mail(sender=FRIEND, subject="Fwd: Appeal", body=body), source="eml")
    assert (found.kind, found.sender, found.bearer) == (ResponseKind.FORWARDED_REPLY, OFFICE, FRIEND)
    assert [canonical for canonical, _ in places(found)] == [CODE]


def test_an_answer_to_which_our_mail_is_attached_is_a_reply_of_its_sender() -> None:
    ours = attached((f"From: {DESK}", "Message-ID: <sent@ngo.example>", f"Subject: {CODE}"), "Dear Minister")
    found = read_response(multipart(text(ANSWER), ours, subject="Re: Appeal"), source="eml")
    assert (found.kind, found.sender, found.bearer) == (ResponseKind.REPLY, OFFICE, None)
    assert places(found) == [(CODE, "forwarded")]


def test_a_mail_of_their_own_that_somebody_forwards_is_no_reply() -> None:
    head = HEADS["Gmail, en"][1].format(office=FRIEND, friend=OFFICE)
    raw = mail(sender=FRIEND, subject="Fwd: Appeal", body=f"{head}\n\nDear Minister, I write on {CODE}.")
    found = read_response(raw, source="eml")
    assert (found.kind, found.bearer) == (ResponseKind.UNKNOWN, None)
    assert places(found) == [(CODE, "forwarded")]


def test_an_automatic_reply_that_somebody_forwards_is_no_reply_either() -> None:
    inner = (f"From: {OFFICE}", "Subject: Automatic reply: Appeal", "Auto-Submitted: auto-replied")
    raw = multipart(attached(inner, "I am out of the office."), sender=FRIEND, subject="Fwd: Automatic reply")
    found = read_response(raw, source="eml")
    assert (found.kind, found.sender, found.bearer) == (ResponseKind.AUTO_REPLY, OFFICE, FRIEND)


def test_a_bounce_that_somebody_forwards_is_a_bounce_with_a_bearer() -> None:
    inner = "Content-Type: message/rfc822\n\n" + BOUNCE.decode().replace("\r\n", "\n").replace("limit", "inner")
    found = read_response(multipart(text("It came back."), inner, sender=FRIEND), source="eml")
    assert (found.kind, found.bearer, found.failed) == (ResponseKind.BOUNCE, FRIEND, (OFFICE,))


@pytest.mark.parametrize(
    "words",
    [
        f"Here is the answer I got on {CODE}.",
        f"Voici la réponse que j'ai reçue pour {CODE}.",
        f"Adjunto la respuesta que recibí sobre {CODE}.",
        f"Мне пришел ответ по делу {CODE}, фото прилагаю.",
        f"{CODE} бойынша жауап алдым.",
        f"وصلني هذا الرد بشأن {CODE}",
    ],
)
def test_the_photograph_of_a_reply_is_a_forwarded_reply_of_an_unknown_sender(words: str) -> None:
    raw = multipart(text(words), attachment("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "image/jpeg"), sender=FRIEND)
    found = read_response(raw, source="eml")
    assert (found.kind, found.sender, found.bearer) == (ResponseKind.FORWARDED_REPLY, None, FRIEND)
    assert places(found) == [(CODE, "note")]


# ── what is no mail ──


def test_a_letter_as_pdf_is_a_reply_where_it_quotes_a_code() -> None:
    found = read_response(pdf(f"On case {CODE} we inform you"), "letter.pdf")
    assert (found.kind, found.source, places(found)) == (ResponseKind.REPLY, "pdf", [(CODE, "new")])


def test_a_text_is_read_without_what_it_quotes() -> None:
    found = read_response(
        f"{ANSWER}\n\nOn 4 May 2026 at 10:00, Desk wrote:\n> on {CODE}\n> more".encode(), "answer.txt"
    )
    assert (found.source, found.text.strip(), places(found)) == ("text", ANSWER, [(CODE, "quoted")])


def test_a_picture_that_nothing_reads_is_unknown() -> None:
    found = read_response(PNG, "scan.png")
    assert (found.kind, found.source, found.text) == (ResponseKind.UNKNOWN, "image", "")


# ── anything ──


def test_a_response_goes_to_json_and_back() -> None:
    for raw in (BOUNCE, mail(subject=CODE), mail(body="I sent 3 letters on 2 May 2026", sender=FRIEND)):
        found = read_response(raw, source="eml")
        assert ReadResponse.model_validate_json(found.model_dump_json()) == found


def test_a_text_has_at_most_so_many_bytes() -> None:
    found = read_response(("Ж" * 150_000).encode(), "long.txt")
    assert len(found.text.encode()) <= 200_000


@pytest.mark.parametrize("reference", ["&#xD800;", "&#0;", "&#55357;"])
def test_half_a_character_and_none_do_not_hinder_the_json(reference: str) -> None:
    found = read_response(multipart(text(f"<p>a{reference}b</p>", "html")), source="eml")
    assert ReadResponse.model_validate_json(found.model_dump_json()) == found


SEEDS = (
    BOUNCE,
    multipart(text(ANSWER), attached((f"From: {OFFICE}", f"Subject: {CODE}"))),
    mail(subject=f"Fwd: {CODE}"),
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=1500), st.sampled_from([None, "eml", "mbox"]))
def test_any_bytes_are_read_and_go_to_json(raw: bytes, source: str | None) -> None:
    found = read_response(raw, "x.eml" if source else "", source=source)  # type: ignore[arg-type]
    assert ReadResponse.model_validate_json(found.model_dump_json()) == found


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 2000), st.binary(max_size=30), st.integers(0, 60))
def test_any_mail_that_was_damaged_is_read(raw: bytes, at: int, put: bytes, without: int) -> None:
    at %= len(raw)
    found = read_response(raw[:at] + put + raw[at + without :], source="eml")
    assert re.search(r".", found.kind.value)
