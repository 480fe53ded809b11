"""The same habits in languages of neighbours and of volunteers, as far as they tell a quote from what is new."""

from __future__ import annotations

from urgent_appeals.responses.quoting.habits import (
    ARABIC,
    ENGLISH,
    FRENCH,
    GERMAN,
    KAZAKH,
    NONE,
    RUSSIAN,
    SPANISH,
    Habits,
    Labels,
)

_OUTLOOK = "Outlook"
_GMAIL = "Gmail, Apple Mail"

PORTUGUESE = Habits(
    language="pt",
    labels=Labels(
        sender={"de": _OUTLOOK},
        date={"enviado": _OUTLOOK, "enviada": _OUTLOOK, "enviada em": _OUTLOOK, "enviado em": _OUTLOOK, "data": _GMAIL},
        to={"para": _OUTLOOK},
        subject={"assunto": _OUTLOOK},
        others={"cc": _OUTLOOK},
    ),
    original={"mensagem original": _OUTLOOK},
    forwarded={"mensagem encaminhada": _GMAIL, "mensagem reencaminhada": _GMAIL, "início da mensagem": "Apple Mail"},
    end=NONE,
    opening={"em": _GMAIL, "a": "Apple Mail", "no dia": "Apple Mail", "no": "Apple Mail"},
    wrote={"escreveu": _GMAIL},
    days=dict.fromkeys(("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira"), "Yahoo"),
    mobile={"enviado do meu": "Apple Mail", "enviado a partir do": "Samsung"},
    subject={"enc": _OUTLOOK},
)
ITALIAN = Habits(
    language="it",
    labels=Labels(
        sender={"da": _OUTLOOK},
        date={"inviato": _OUTLOOK, "data": _GMAIL},
        to={"a": _OUTLOOK},
        subject={"oggetto": _OUTLOOK},
        others={"cc": _OUTLOOK},
    ),
    original={"messaggio originale": _OUTLOOK},
    forwarded={"messaggio inoltrato": _GMAIL, "inizio messaggio inoltrato": "Apple Mail"},
    end=NONE,
    opening={"il": _GMAIL, "in data": "Thunderbird", "il giorno": _GMAIL},
    wrote={"ha scritto": _GMAIL, "scrive": "hand"},
    mobile={"inviato da": "Apple Mail", "inviato dal": "Samsung"},
    subject={"i": _OUTLOOK, "inoltro": "webmail"},
)
DUTCH = Habits(
    language="nl",
    labels=Labels(
        sender={"van": _OUTLOOK},
        date={"verzonden": _OUTLOOK, "datum": _GMAIL},
        to={"aan": _OUTLOOK},
        subject={"onderwerp": _OUTLOOK},
        others={"cc": _OUTLOOK},
    ),
    original={"oorspronkelijk bericht": _OUTLOOK, "origineel bericht": _OUTLOOK},
    forwarded={"doorgestuurd bericht": _GMAIL, "begin doorgestuurd bericht": "Apple Mail"},
    end=NONE,
    opening={"op": _GMAIL},
    wrote={"schreef": _GMAIL, "het volgende geschreven": "Apple Mail", "geschreven": "Apple Mail"},
    mobile={"verstuurd vanaf mijn": "Apple Mail", "verzonden vanaf": "Samsung", "verzonden met": _OUTLOOK},
    subject={"doorst": "webmail"},
)
SWEDISH = Habits(
    language="sv",
    labels=Labels(
        sender={"från": _OUTLOOK},
        date={"skickat": _OUTLOOK, "datum": _GMAIL},
        to={"till": _OUTLOOK},
        subject={"ämne": _OUTLOOK},
        others={"kopia": _OUTLOOK},
    ),
    original={"ursprungligt meddelande": _OUTLOOK, "originalmeddelande": "Samsung"},
    forwarded={"vidarebefordrat meddelande": _GMAIL, "vidarebefordrat brev": "Apple Mail"},
    end=NONE,
    opening={"den": _GMAIL, "på": "Apple Mail"},
    wrote={"skrev": _GMAIL, "följande": "Apple Mail"},
    mobile={"skickat från": "Apple Mail"},
    subject={"vb": _OUTLOOK},
)
DANISH = Habits(
    language="da",
    labels=Labels(
        sender={"fra": _OUTLOOK},
        date={"sendt": _OUTLOOK, "dato": _GMAIL},
        to={"til": _OUTLOOK},
        subject={"emne": _OUTLOOK},
        others={"cc": _OUTLOOK},
    ),
    original={"oprindelig meddelelse": _OUTLOOK, "original meddelelse": "Samsung", "oprindelig besked": "webmail"},
    forwarded={"videresendt meddelelse": _GMAIL, "videresendt besked": "Apple Mail"},
    end=NONE,
    opening={"den": _GMAIL},
    wrote={"skrev": _GMAIL},
    mobile={"sendt fra": "Apple Mail"},
    subject={"vs": _OUTLOOK},
)
NORWEGIAN = Habits(
    language="no",
    labels=DANISH.labels,
    original={"opprinnelig melding": _OUTLOOK, "original melding": "Samsung"},
    forwarded={"videresendt melding": _GMAIL},
    end=NONE,
    opening={"den": "Apple Mail"},
    wrote={"skrev": _GMAIL},
    days=dict.fromkeys(
        "mandag tirsdag onsdag torsdag fredag lørdag søndag man tir tirs ons tor tors fre lør søn".split(), _GMAIL
    ),
    subject={"vs": _OUTLOOK},
)
FINNISH = Habits(
    language="fi",
    labels=Labels(
        sender={"lähettäjä": _OUTLOOK},
        date={"lähetetty": _OUTLOOK, "päiväys": _GMAIL, "päivämäärä": _GMAIL},
        to={"vastaanottaja": _OUTLOOK},
        subject={"aihe": _OUTLOOK},
        others={"kopio": _OUTLOOK},
    ),
    original={"alkuperäinen viesti": _OUTLOOK},
    forwarded={"edelleenlähetetty viesti": _GMAIL, "välitetty viesti": "Apple Mail"},
    end=NONE,
    opening=NONE,
    wrote={"kirjoitti": _GMAIL},
    days=dict.fromkeys("ma ti ke to pe la su maanantai tiistai keskiviikko torstai perjantai".split(), _GMAIL),
    mobile={"lähetetty": "Apple Mail"},
    subject={"vl": _OUTLOOK},
)
POLISH = Habits(
    language="pl",
    labels=Labels(
        sender={"od": _OUTLOOK},
        date={"wysłano": _OUTLOOK, "data": _GMAIL, "wysłane": "webmail"},
        to={"do": _OUTLOOK},
        subject={"temat": _OUTLOOK},
        others={"dw": _OUTLOOK},
    ),
    original={"oryginalna wiadomość": "Samsung", "wiadomość oryginalna": _OUTLOOK},
    forwarded={"wiadomość przekazana dalej": "Gmail", "przekazana wiadomość": "Thunderbird"},
    end=NONE,
    opening={"w dniu": _GMAIL, "dnia": "Thunderbird"},
    wrote={"napisał": _GMAIL, "napisała": _GMAIL, "napisał(a)": _GMAIL, "pisze": "Thunderbird"},
    days=dict.fromkeys("pon wt śr czw pt sob niedz".split(), "Gmail"),
    mobile={"wysłane z": "Apple Mail", "wysłano z": "Samsung"},
    subject={"pd": _OUTLOOK},
)
TURKISH = Habits(
    language="tr",
    labels=Labels(
        sender={"kimden": _OUTLOOK, "gönderen": "Gmail"},
        date={"gönderildi": _OUTLOOK, "tarih": "Gmail", "gönderme tarihi": _OUTLOOK},
        to={"kime": _OUTLOOK, "alıcı": "webmail"},
        subject={"konu": _OUTLOOK},
        others={"bilgi": _OUTLOOK},
    ),
    original={"özgün ileti": _OUTLOOK, "orijinal mesaj": "Samsung"},
    forwarded={"yönlendirilmiş ileti": "Thunderbird", "iletilen mesaj": "Gmail", "forwarded message": "Gmail"},
    end=NONE,
    opening=NONE,
    wrote={"şunu yazdı": "Gmail", "yazdı": "Thunderbird", "tarihinde": "Gmail"},
    mobile={"iphone'umdan gönderildi": "Apple Mail"},
    subject={"ilt": _OUTLOOK},
)
UKRAINIAN = Habits(
    language="uk",
    labels=Labels(
        sender={"від": _OUTLOOK, "від кого": "webmail"},
        date={"надіслано": _OUTLOOK, "дата": _GMAIL},
        to={"кому": _OUTLOOK},
        subject={"тема": _OUTLOOK},
        others={"копія": _OUTLOOK},
    ),
    original={"оригінальне повідомлення": "Samsung", "вихідне повідомлення": _OUTLOOK},
    forwarded={"переслане повідомлення": "Gmail, Thunderbird", "пересланий лист": "webmail"},
    end=NONE,
    opening={"у": "Gmail"},
    wrote={"пише": "Gmail", "написав": "Thunderbird", "написала": "Gmail"},
    days=dict.fromkeys("пн вт ср чт пт сб нд".split(), "Gmail"),
    mobile={"надіслано з": "Apple Mail"},
    subject={"пере": "hand"},
)

ALL = (
    *(ENGLISH, RUSSIAN, KAZAKH, ARABIC, FRENCH, SPANISH, GERMAN),
    *(PORTUGUESE, ITALIAN, DUTCH, SWEDISH, DANISH, NORWEGIAN, FINNISH, POLISH, TURKISH, UKRAINIAN),
)
"""Every language; those of the desk come first, and win where two write alike."""
