"""The words by which mail servers say that a mail was not delivered: patterns in English, Russian, Kazakh, French,
Spanish, Arabic and German, for text in small letters.

No pattern repeats anything without a limit, so that searching is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


SENDERS = re.compile(
    r"(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|postmaster|post[-_]?office|mmdf|ndr|bounces?|mdaemon|"
    r"microsoftexchange[0-9a-f]{8,64}|mail\W{0,2}delivery|smtp[-_ ]?gateway)"
)
"""What the sender of such a mail, before the @, begins with."""

DISPLAYED = _any_of((r"mail (?:delivery|administrat|system)", r"mail deliver(?:y|ing) (?:sub)?system", "mailer-daemon"))
"""What the sender of such a mail calls itself."""

ANSWERED = re.compile(
    r"\s*(?:re|aw|fwd?|wg|tr|rv|rif|vs|sv|отв|ответ|пересл|fw|hа|رد|إعادة توجيه)(?:\[\d{1,3}\])?\s*[:：]"
)
"""How the subject of an answer or of something forwarded begins: a person's, whatever it goes on with."""

SUBJECTS = _any_of(
    (
        r"undeliver(?:able|ed)",
        r"return(?:ed|ing) (?:(?:e-?)?mail|message|to sender)",
        r"(?:mail|message|e-mail) (?:delivery|system) (?:fail|error|problem|notif)",
        r"deliver\w{1,4} (?:status )?(?:notification|report|fail|has failed|problem|error|delay|incomplete)",
        r"(?:could|can) ?not (?:be deliver|send message)",
        r"failure (?:notice|notification|delivery)",
        r"(?:mail|message) (?:error|failure|not deliver|could not)",
        r"(?:permanent|temporary) (?:delivery )?failure",
        r"nondeliverable mail|non-? ?delivery\b|unable to deliver|delivery-? ?warning",
        r"warning: (?:could not send|message)",
        (
            r"недоставлен|не доставлен|не удалось доставить|невозможно доставить|ошибка доставки|сбой доставки|"
            r"уведомление о (?:состоянии доставки|недоставке)"
        ),
        r"жеткізілме|жеткізу мүмкін болмады|тапсырылмады",
        (
            r"non remis|échec (?:de (?:la )?)?(?:remise|distribution|livraison)|non[- ]délivr|retour à l'expéditeur|"
            r"courrier (?:non délivré|retourné)"
        ),
        (
            r"no se (?:puede|pudo|ha podido) entregar|no entregado|error (?:de|en la) entrega|correo devuelto|"
            r"fallo (?:de|en la) entrega|notificación de estado de entrega"
        ),
        (
            r"unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|zustell(?:ungs)?(?:fehler|problem)|"
            r"unzustellbarkeit|rücksendung"
        ),
        r"تعذر (?:التسليم|تسليم|الإرسال)|فشل (?:التسليم|تسليم|الإرسال)|لم يتم تسليم|غير قابل للتسليم",
    )
)

FAILURES = _any_of(
    (
        r"(?:could|can) ?not be delivered|was(?: not|n't) (?:be )?delivered|not (?:yet )?been delivered",
        (
            r"unable to deliver|delivery (?:to the following|has |)\s?(?:recipients? )?(?:failed|was aborted)|"
            r"undeliverable|did not reach the following"
        ),
        (
            r"(?:user|mailbox|address|account|recipient|domain|host) (?:is )?(?:unknown|not found|does(?: not|n't) "
            r"exist|unavailable|rejected|disabled)"
        ),
        r"(?:unknown|no such|invalid|bad) (?:local )?(?:user|mailbox|address|account|recipient|domain|host)",
        r"permanent (?:fatal )?error|permanent failure|over quota|quota exceeded|mailbox (?:is )?full",
        (
            r"не (?:может|могло|было|удалось) (?:быть )?(?:доставлено|доставить)|не доставлено|невозможно доставить|"
            r"(?:адресат|пользователь|почтовый ящик|получатель) не (?:найден|существует)|"
            r"такого (?:пользователя|адреса|ящика) (?:нет|не существует)|ящик переполнен"
        ),
        r"жеткізілмеді|жеткізу мүмкін (?:емес|болмады)|мұндай пайдаланушы жоқ",
        (
            r"n'a pas pu être (?:remis|délivré|distribué|livré|acheminé)|(?:utilisateur|destinataire|adresse) inconnue?"
            r"|impossible de (?:remettre|délivrer|distribuer)|boîte (?:aux lettres |de réception )?pleine"
        ),
        (
            r"no (?:pudo|ha podido|puede|se pudo|se ha podido) (?:ser )?(?:entregar|entregado)|"
            r"(?:usuario|destinatario|dirección|buzón) (?:desconocid[oa]|no existe|inexistente|llen[oa])"
        ),
        (
            r"konnte nicht (?:\w{1,20} ){0,3}zugestellt werden|nicht zustellbar|"
            r"(?:empfänger|benutzer|adresse|postfach) (?:ist )?(?:unbekannt|existiert nicht|voll)"
        ),
        r"(?:لم|تعذر|لا يمكن) (?:يتم |)(?:تسليم|توصيل)|المستخدم غير موجود|العنوان غير موجود|صندوق البريد ممتلئ",
    )
)

SOFT = _any_of(
    (
        r"(?:mailbox|inbox|account|quota|maildrop|recipient)\W{1,3}(?:is |storage |size )?(?:full|over|exceed)",
        (
            r"over (?:disk )?quota|(?:disk|mail|storage) quota|quota (?:limit|exceed|violation)|exceed\w{0,3} "
            r"[\w' ]{0,40}(?:quota|storage|limit|capacity)"
        ),
        (
            r"mailbox (?:space|limit)|mail ?box space not enough|insufficient (?:disk |system )?(?:storage|space)|"
            r"not enough (?:disk )?space|system storage"
        ),
        r"temporar(?:y|ily)|try (?:again|later)|deferred|will (?:keep trying|be retried|retry)|greylist",
        r"not yet been delivered|has been (?:delayed|postponed)|still undelivered|warning message only",
        (
            r"(?:connection|delivery|operation) (?:to [\w.\-]{1,80} )?timed? ?out|time ?out|delivery time expired|"
            r"too long in (?:the )?queue|connection refused|network is unreachable|host is down"
        ),
        (
            r"переполнен|превышен\w{0,3} (?:\w{1,20} ){0,3}(?:квот|лимит|размер)|временн\w{1,4} (?:ошибк|сбо|недоступ)|"
            r"повторите попытку|еще не доставлено|попытки доставки будут"
        ),
        r"толып кетті|уақытша",
        r"boîte (?:aux lettres |de réception )?(?:est )?pleine|quota (?:est )?dépassé|temporaire|réessayer",
        r"buzón (?:está )?lleno|cuota (?:\w{1,20} ){0,3}(?:superada|excedida)|excedid[oa] (?:la|su) cuota",
        r"temporal(?:mente)?\b",
        (
            r"postfach (?:\w{1,20} ){0,3}voll|"
            r"(?:kontingent|quota|speicherplatz) (?:\w{1,20} ){0,3}(?:überschritten|erschöpft)|"
            r"vorübergehend|später (?:noch einmal|erneut)"
        ),
        r"ممتلئ|تجاوز (?:الحد|الحصة)|مؤقت",
    )
)
"""What will pass: full mailboxes, servers out of reach, mail that is only late."""

RETURNED = _any_of(
    (
        r"-{2,20} ?(?:this is a copy|original message|(?:the )?header|returned mail|start of)",
        r"-{2,20} ?below (?:this|the next) line",
        r"(?:original|returned) message (?:follows|attached|headers?)|message (?:text|headers?) follow",
        r"(?:a |included is a |this is a )copy of (?:the|your) (?:original )?message",
        r"копия (?:вашего )?(?:исходного )?(?:письма|сообщения)|исходное сообщение",
        r"(?:copie (?:du|de votre) message|copia (?:del|de su) mensaje|kopie (?:der|ihrer) nachricht)",
    )
)
"""Where a report ends and the mail that it gives back begins."""
