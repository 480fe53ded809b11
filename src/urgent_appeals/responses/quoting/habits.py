"""What mail programs write around what they quote and forward, in the seven languages of the desk.

Each phrase stands with the program or standard that writes it; "hand" is what people type, and "translation" a
program's English phrase in the words of a language whose own wording of it was not seen. Letters, case, marks of
direction and vowels, and apostrophes are folded before anything is compared (`lines.folded`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Phrases = Mapping[str, str]
"""Phrase → who writes it."""

NONE: Phrases = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of header fields as a program shows them above a message."""

    sender: Phrases
    date: Phrases
    to: Phrases
    subject: Phrases
    others: Phrases = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habits:
    """The phrases of one language.

    `original` and `forwarded` stand on dividers, `end` closes a forwarded message. An attribution ("On … wrote:")
    begins with an `opening`, a day or a figure, and holds what the person did (`wrote`), or begins with `citing`.
    `mobile` begins a line that a telephone adds, `subject` are the marks of a forwarded subject.
    """

    language: str
    labels: Labels
    original: Phrases
    forwarded: Phrases
    end: Phrases
    opening: Phrases
    wrote: Phrases
    citing: Phrases = field(default_factory=dict)
    days: Phrases = field(default_factory=dict)
    mobile: Phrases = field(default_factory=dict)
    subject: Phrases = field(default_factory=dict)


def _each(program: str, *phrases: str) -> dict[str, str]:
    return dict.fromkeys(phrases, program)


ENGLISH = Habits(
    language="en",
    labels=Labels(
        sender={"from": "RFC 5322"},
        date={"date": "RFC 5322", "sent": "Outlook", "sent on": "Lotus Notes"},
        to={"to": "RFC 5322"},
        subject={"subject": "RFC 5322", "subj": "AOL"},
        others=_each("RFC 5322", "cc", "bcc", "reply-to", "sender", "message-id", "in-reply-to")
        | _each("Outlook", "importance", "attachments", "on behalf of", "organization", "newsgroups"),
    ),
    original={
        "original message": "Outlook, Thunderbird, Samsung",
        "original appointment": "Outlook",
        "reply message": "Yahoo",
        "reply to message": "mail clients on Android",
    },
    forwarded={
        "forwarded message": "Gmail, Thunderbird, mutt",
        "begin forwarded message": "Apple Mail",
        "forwarded by": "Lotus Notes",
        "forwarded email": "webmail",
        "forwarded mail": "pine",
    },
    end=_each("mutt", "end forwarded message") | _each("hand", "end of forwarded message"),
    opening={"on": "Gmail, Apple Mail, Thunderbird", "at": "The Bat!", "in a message dated": "AOL"},
    wrote={"wrote": "Gmail, Apple Mail, Thunderbird", "writes": "AOL, Gnus", "has written": "hand"},
    citing={"quoting": "Horde", "in reply to": "hand"},
    days=_each("Outlook", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    | _each("RFC 5322", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    mobile={
        "sent from": "Apple Mail, BlackBerry, Outlook, Yahoo, Proton, Samsung",
        "sent via": "telephone companies",
        "get outlook for": "Outlook",
    },
    subject={"fwd": "Gmail, Thunderbird", "fw": "Outlook", "forward": "webmail"},
)

RUSSIAN = Habits(
    language="ru",
    labels=Labels(
        sender={"от": "Outlook, Gmail, Yandex", "от кого": "Mail.ru", "отправитель": "Rambler"},
        date={"дата": "Thunderbird, Gmail", "отправлено": "Outlook", "дата отправки": "webmail", "послано": "Outlook"},
        to={"кому": "Outlook, Mail.ru", "получатель": "Rambler"},
        subject={"тема": "Outlook, Gmail, Mail.ru"},
        others=_each("Outlook", "копия", "скрытая копия", "важность", "вложения") | {"ответить": "Thunderbird"},
    ),
    original=_each("Outlook, Thunderbird, Samsung", "исходное сообщение")
    | _each("webmail", "оригинальное сообщение", "первоначальное сообщение", "исходное письмо"),
    forwarded={
        "пересылаемое сообщение": "Mail.ru",
        "пересылаемое письмо": "Mail.ru",
        "перенаправленное сообщение": "Thunderbird, Gmail",
        "пересланное сообщение": "Yandex",
        "пересланное письмо": "Mail.ru",
        "начало переадресованного сообщения": "Apple Mail",
        "начало пересылаемого сообщения": "Apple Mail",
        "переадресованное сообщение": "Gmail",
        "переслано": "Lotus Notes",
    },
    end=_each("Yandex, Mail.ru", "конец пересылаемого сообщения", "конец пересланного сообщения")
    | _each("Rambler", "завершение пересылаемого сообщения", "конец переадресованного сообщения"),
    opening={"в": "Gmail, Rambler", "on": "Gmail"},
    wrote=_each("Gmail, Mail.ru, Thunderbird", "пишет", "написал", "написала", "написал(а)", "писал", "писала")
    | _each("Thunderbird, Apple Mail", "писал(а)", "написал (а)", "пишет следующее", "сообщает")
    | _each("The Bat!", "вы писали", "ты писал", "писали"),
    citing={"цитирование": "Roundcube", "цитирую": "hand"},
    days=_each("Mail.ru", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
    | _each("Gmail", "пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    mobile={
        "отправлено с": "Apple Mail, Samsung",
        "отправлено из": "Mail.ru, Outlook",
        "послано с": "hand",
        "скачать outlook": "Outlook",
        "скачайте outlook": "Outlook",
    },
    subject={"пересл": "The Bat!, Outlook", "пер": "hand", "переслано": "webmail"},
)

KAZAKH = Habits(
    language="kk",
    labels=Labels(
        sender={"кімнен": "Outlook", "жіберуші": "Mail.ru", "жолдаушы": "hand"},
        date={"жіберілді": "Outlook", "күні": "Mail.ru", "жіберілген күні": "Outlook", "жіберілген": "Outlook"}
        | {"уақыты": "hand"},
        to={"кімге": "Outlook, Mail.ru", "алушы": "hand", "қабылдаушы": "hand"},
        subject={"тақырып": "Outlook", "тақырыбы": "Mail.ru"},
        others={"көшірме": "Outlook", "көшірмесі": "Mail.ru", "маңыздылығы": "Outlook", "тіркемелер": "Outlook"},
    ),
    original=_each("translation", "бастапқы хабар", "бастапқы хабарлама", "бастапқы хат", "түпнұсқа хабар")
    | _each("translation", "түпнұсқа хабарлама", "түпнұсқа хат"),
    forwarded=_each("translation", "қайта жіберілген хат", "қайта жіберілген хабар", "қайта жіберілген хабарлама")
    | _each("translation", "қайта бағытталған хабар", "қайта бағытталған хабарлама", "қайта бағытталған хат")
    | _each("translation", "жіберілген хабарлама басталуы", "бағытталған хат", "бағытталған хабарлама"),
    end=_each("translation", "қайта жіберілген хаттың соңы", "қайта бағытталған хабардың соңы"),
    opening=NONE,
    wrote={"жазды": "Gmail", "жазған": "hand", "былай деп жазды": "hand", "жазып жіберді": "hand"},
    days=_each("hand", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі")
    | _each("Gmail", "дс", "сс", "бс", "жм", "сб", "жс"),
    mobile=_each("translation", "менің iphone", "iphone құрылғысынан", "iphone-нан", "android құрылғысынан"),
    subject={"қайта жіберілді": "translation", "қж": "hand", "бағытталды": "translation"},
)

ARABIC = Habits(
    language="ar",
    labels=Labels(
        sender={"من": "Outlook, Gmail", "المرسل": "webmail"},
        date={"تم الإرسال": "Outlook", "التاريخ": "Gmail, Thunderbird", "تاريخ": "webmail", "تاريخ الإرسال": "webmail"}
        | {"أرسلت": "Outlook", "أُرسل": "Outlook", "الوقت": "hand"},
        to={"إلى": "Outlook, Gmail", "المستلم": "webmail"},
        subject={"الموضوع": "Outlook, Gmail", "موضوع": "webmail"},
        others={"نسخة": "Outlook", "نسخة إلى": "Gmail", "نسخة كربونية": "Thunderbird", "الأهمية": "Outlook"},
    ),
    original=_each("Outlook, Samsung", "الرسالة الأصلية", "رسالة أصلية") | {"الرسالة الأصليّة": "Thunderbird"},
    forwarded=_each("Gmail", "رسالة معاد توجيهها", "رسالة تمت إعادة توجيهها", "رسالة مُعاد توجيهها")
    | _each("Thunderbird", "الرسالة الممررة", "رسالة ممررة", "الرسالة المعاد توجيهها")
    | _each("Apple Mail", "بدء الرسالة المعاد توجيهها", "بداية الرسالة المعاد توجيهها", "بدء رسالة معاد توجيهها")
    | _each("webmail", "رسالة محولة", "الرسالة المحولة", "رسالة موجهة"),
    end=_each("translation", "نهاية الرسالة المعاد توجيهها", "انتهاء الرسالة المعاد توجيهها"),
    opening={"في": "Gmail, Apple Mail", "بتاريخ": "Gmail, Yahoo", "يوم": "hand", "في يوم": "hand"},
    wrote={"كتب": "Gmail, Apple Mail", "كتبت": "Gmail", "كتب/كتبت": "Outlook for Mac", "كتبوا": "hand"}
    | {"تمت كتابة ما يلي بواسطة": "Gmail", "جاء من": "Gmail", "كتب ما يلي": "hand"},
    days=_each("Yahoo", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    mobile=_each("Apple Mail", "أرسلت من", "أُرسلت من الـ", "تم الإرسال من", "مرسل من", "أرسل من")
    | {"احصل على outlook": "Outlook", "الحصول على outlook": "Outlook", "تم إرساله من": "Samsung"},
    subject={"إعادة توجيه": "Outlook, Thunderbird", "تحويل": "webmail", "توجيه": "webmail", "محول": "webmail"},
)

FRENCH = Habits(
    language="fr",
    labels=Labels(
        sender={"de": "Outlook, Apple Mail", "expéditeur": "Orange", "par": "webmail"},
        date={"envoyé": "Outlook", "date": "Apple Mail", "envoyé le": "Outlook", "date d'envoi": "webmail"}
        | {"message du": "Orange"},
        to={"à": "Outlook, Apple Mail", "pour": "Thunderbird", "a": "hand", "destinataire": "Orange"},
        subject={"objet": "Outlook, Apple Mail", "sujet": "Thunderbird"},
        others=_each("Outlook", "cc", "copie à", "cci", "importance", "pièces jointes")
        | {"répondre à": "Apple Mail", "copie": "webmail"},
    ),
    original=_each("Outlook, Samsung", "message d'origine", "message original", "message initial")
    | {"courriel original": "Outlook in Canada"},
    forwarded=_each("Gmail, Thunderbird", "message transféré", "message réexpédié", "message transmis")
    | _each("Apple Mail", "début du message réexpédié", "début du message transféré")
    | {"transféré par": "Lotus Notes", "réacheminé par": "Lotus Notes", "courriel transféré": "webmail"},
    end=_each("Apple Mail, hand", "fin du message réexpédié", "fin du message transféré"),
    opening={"le": "Gmail, Apple Mail, Thunderbird", "en date de": "hand", "en date du": "hand"},
    wrote={"a écrit": "Gmail, Apple Mail, Thunderbird", "a ecrit": "hand", "écrivait": "hand", "écrit": "Outlook"},
    citing={"selon": "Horde", "citation de": "Horde"},
    days=_each("Yahoo", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    mobile=_each("Apple Mail, Samsung", "envoyé de mon", "envoyé depuis mon", "envoyé à partir de", "envoyé depuis")
    | {"télécharger outlook": "Outlook", "obtenez outlook": "Outlook", "obtenir outlook": "Outlook"}
    | {"provenance": "Outlook"},
    subject={"tr": "Outlook", "transf": "webmail", "trans": "webmail", "réexp": "hand"},
)

SPANISH = Habits(
    language="es",
    labels=Labels(
        sender={"de": "Outlook, Gmail", "desde": "Yahoo", "remitente": "webmail"},
        date={"enviado": "Outlook", "fecha": "Gmail, Apple Mail", "enviado el": "Outlook", "fecha de envío": "webmail"},
        to={"para": "Outlook, Gmail", "a": "Lotus Notes", "destinatario": "webmail"},
        subject={"asunto": "Outlook, Gmail"},
        others=_each("Outlook", "cc", "cco", "importancia", "datos adjuntos") | {"responder a": "Apple Mail"},
    ),
    original=_each("Outlook, Samsung", "mensaje original", "correo original") | {"mensaje de origen": "webmail"},
    forwarded=_each("Thunderbird, Gmail", "mensaje reenviado", "correo reenviado")
    | _each("Apple Mail", "inicio del mensaje reenviado", "comienzo del mensaje reenviado")
    | {"reenviado por": "Lotus Notes", "remitido por": "Lotus Notes"},
    end=_each("hand", "fin del mensaje reenviado", "final del mensaje reenviado"),
    opening={"el": "Gmail, Apple Mail, Thunderbird", "en": "hand", "con fecha": "hand"},
    wrote={"escribió": "Gmail, Apple Mail, Thunderbird", "escribio": "hand", "ha escrito": "hand", "escribe": "hand"},
    citing={"citando a": "Horde", "mensaje citado por": "Horde"},
    days=_each("Yahoo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    mobile=_each("Apple Mail, Samsung", "enviado desde mi", "enviado desde", "enviado de mi", "enviado con")
    | {"obtener outlook": "Outlook", "descargar outlook": "Outlook"},
    subject={"rv": "Outlook", "reenv": "webmail", "reenviado": "hand"},
)

GERMAN = Habits(
    language="de",
    labels=Labels(
        sender={"von": "Outlook, Apple Mail", "absender": "webmail"},
        date={"gesendet": "Outlook", "datum": "Apple Mail, Thunderbird", "gesendet am": "Outlook", "date": "Gmail"},
        to={"an": "Outlook, Apple Mail", "empfänger": "webmail"},
        subject={"betreff": "Outlook, Apple Mail"},
        others=_each("Outlook", "cc", "bcc", "kopie", "wichtigkeit", "anlagen") | {"antwort an": "Apple Mail"},
    ),
    original=_each("Outlook", "ursprüngliche nachricht", "ursprünglicher termin")
    | _each("Thunderbird, GMX, Samsung", "original-nachricht", "originalnachricht", "original nachricht")
    | {"urspruengliche nachricht": "hand", "ursprüngliche mitteilung": "webmail", "original-mail": "hand"},
    forwarded=_each("Gmail, Thunderbird", "weitergeleitete nachricht", "weitergeleitete mail", "weitergeleitete e-mail")
    | _each("Apple Mail", "anfang der weitergeleiteten nachricht", "beginn der weitergeleiteten nachricht")
    | {"weitergeleitet von": "Lotus Notes", "weitergeleitete message": "webmail"},
    end=_each("Apple Mail, hand", "ende der weitergeleiteten nachricht"),
    opening={"am": "Gmail, Apple Mail, Thunderbird", "vom": "hand", "den": "hand"},
    wrote={"schrieb": "Gmail, Apple Mail, Thunderbird", "schreibt": "hand", "geschrieben": "hand"}
    | {"hat geschrieben": "GMX"},
    citing={"zitat von": "Horde", "zitiere": "hand"},
    days=_each("Outlook", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    mobile={
        "von meinem": "Apple Mail, Samsung",
        "gesendet mit": "Outlook, GMX",
        "gesendet von": "Outlook",
        "holen sie sich outlook": "Outlook",
        "outlook für": "Outlook",
    },
    subject={"wg": "Outlook", "weitergel": "webmail", "wtr": "hand", "weitergeleitet": "webmail"},
)
