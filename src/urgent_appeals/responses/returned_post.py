"""Tell a letter that came back by post: by the marks that post offices put on it, or by a supporter who says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from urgent_appeals.domain.response import Evidence
from urgent_appeals.responses.action_vocabulary import vocabulary
from urgent_appeals.responses.automatic_words import folded
from urgent_appeals.responses.evidence import evidence

LONGEST_TEXT = 4000
"""How many characters of a text are looked at: an envelope has few, and so has the mail of who got one back."""

_AROUND = 60

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "en": """
        return to sender | returned to sender | undeliverable as addressed | not deliverable as addressed |
        moved, left no address | moved left no address | addressee unknown | no such address | insufficient address |
        attempted - not known | attempted not known
        """,
        "fr, and the Universal Postal Union": """
        retour à l'expéditeur | retour a l'expediteur | retour à l'envoyeur | retourné à l'expéditeur |
        n'habite pas à l'adresse indiquée | n'habite pas a l'adresse indiquee | destinataire inconnu à l'adresse |
        défaut d'accès ou d'adressage | pli avisé et non réclamé | adresse insuffisante
        """,
        "es": """
        devuelto al remitente | devuelta al remitente | devolver al remitente | devolución al remitente |
        destinatario desconocido | dirección insuficiente | desconocido en esa dirección
        """,
        "ru": """
        адресат выбыл | возврат отправителю | вернуть отправителю | возвращено отправителю | возвращается отправителю |
        за истечением срока хранения | истек срок хранения | адресат не значится | отсутствие адресата |
        по указанному адресу не проживает | неполный адрес | организация выбыла
        """,
        "kk": """
        жіберушіге қайтарыл | жіберушіге қайтару | адресат кетіп қал | мекенжайы толық емес | сақтау мерзімі өтті |
        сақтау мерзімінің өтуі
        """,
        "ar": """
        يعاد الى المرسل | يرد الى المرسل | اعادة الى المرسل | مرتجع الى المرسل | المرسل اليه غير معروف |
        العنوان غير كامل | انتقل من العنوان
        """,
    }
)
"""What post offices stamp on letters, by language; folded as `automatic_words` has it."""

SAYINGS: Mapping[str, str] = MappingProxyType(
    {
        "en": """
        letter came back | letters came back | letter was returned | letters were returned | letter has been returned |
        letter has come back | letter returned unopened | came back undelivered | came back unopened |
        came back in the post | postcard came back
        """,
        "fr": """
        lettre m'est revenue | lettre est revenue | lettre nous est revenue | lettres sont revenues |
        lettres me sont revenues | courrier est revenu | courrier m'est revenu | lettre m'a été retournée |
        lettre a été retournée | lettre a été renvoyée à l'expéditeur
        """,
        "es": """
        carta fue devuelta | carta me fue devuelta | carta ha sido devuelta | me devolvieron la carta | carta volvió |
        me han devuelto la carta | cartas fueron devueltas | carta regresó
        """,
        "ru": """
        письмо вернулось | вернулось письмо | письма вернулись | вернулось обратно | письмо возвратилось |
        письмо пришло обратно | мне вернули письмо | вернулось мое письмо
        """,
        "kk": "хат қайтып келді | хатым қайтып келді | хат кері қайтты | хатым кері қайтты | хат қайтарылды",
        "ar": "عادت الرسالة | عادت رسالتي | ارجعت الرسالة | اعيدت الرسالة | اعيدت رسالتي | رجعت الرسالة | رجعت رسالتي",
    }
)
"""How people tell that a letter came back, by language."""


def returned_post(text: str, where: str) -> Evidence | None:
    """Return the words that tell that a letter came back by post, None where a text does not tell of that.

    An office that sends "your letter" back has answered; it does not speak as a post office does.
    """
    low = folded(text[:LONGEST_TEXT])
    if len(text) > LONGEST_TEXT:
        return None
    marked = _first(low, _marks())
    if marked is not None:
        return evidence("the mark of a post office", where, marked)
    said = None if any(phrase in low for phrase in vocabulary().answers) else _first(low, _sayings())
    return evidence("says that a letter came back", where, said) if said is not None else None


@cache
def _marks() -> tuple[str, ...]:
    return _all(MARKS)


@cache
def _sayings() -> tuple[str, ...]:
    return _all(SAYINGS)


def _all(phrases: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(folded(phrase) for written in phrases.values() for phrase in written.split("|"))


def _first(low: str, phrases: tuple[str, ...]) -> str | None:
    """Return the words around the first phrase that a text holds."""
    for one in phrases:
        at = low.find(one)
        if at >= 0 and (at == 0 or not low[at - 1].isalnum()):
            return low[max(0, at - _AROUND) : at + len(one) + _AROUND]
    return None
