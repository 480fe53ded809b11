"""The words in which supporters report what they sent, by language.

They are written as they are compared (see `automatic_words.folded`): in small letters, ё as е, any alef as ا, straight
apostrophes. Of `letters` … `web`, of `electronic` and `by_fax` a word only has to begin so; the rest are whole words
and phrases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ActionWords:
    """The words of one language, each kind as one text with ` | ` between them.

    `numbers` are those from one to ten, in all forms, with `,` between the forms of one; `article` is what stands for
    one without counting, `twos` are forms that mean two of a thing, `ones` those that mean one without an article.
    `sent` tells that the writer did it; `sent_by` that somebody did, the writer where nobody else is named, so that
    nothing but `leads` stands before it; `we_sent` that several did. `campaign` shows that a supporter speaks,
    `answers` that an office does, of a letter that it got. `joins` ends what belongs to a number, `towards` leads to
    the recipient, `then` to what comes after. The `form` labels are those of the report slip and of the mail that
    stands in for it.
    """

    letters: str
    emails: str
    faxes: str
    visits: str
    calls: str
    web: str
    electronic: str
    by_fax: str
    numbers: str
    article: str
    twos: str
    ones: str
    sent: str
    we_sent: str
    sent_by: str
    leads: str
    campaign: str
    answers: str
    joins: str
    towards: str
    then: str
    form_code: str
    form_letters: str
    form_emails: str
    form_faxes: str
    form_visits: str
    form_calls: str
    form_web: str
    form_to: str
    form_date: str


LANGUAGES: Mapping[str, ActionWords] = MappingProxyType(
    {
        "en": ActionWords(
            letters="letter | postcard",
            emails="email | e-mail",
            faxes="fax",
            visits="visit",
            calls="call | telephone call",
            web="webform | web form | online form | contact form",
            electronic="email | e-mail | electronic",
            by_fax="fax",
            numbers="one | two | three | four | five | six | seven | eight | nine | ten",
            article="a | an",
            twos="",
            ones="",
            sent="""
            i sent | i have sent | i've sent | i wrote | i have written | i've written | i posted | i have posted |
            i've posted | i mailed | i have mailed | i emailed | i faxed | i have faxed | i called | i phoned |
            i made | i have made | i visited | i filled | i have just sent | i've just sent | i just sent |
            i also sent | sent today | report of letters sent
            """,
            we_sent="we sent | we have sent | we've sent | we wrote | we posted | we mailed | our group sent",
            sent_by="sent",
            leads="today | yesterday | also | already | hello | hi | dear | all | friends | just",
            campaign="""
            urgent action | urgent appeal | for the appeal | on the appeal |
            as you asked | letter-writing | our group | my group | my report
            """,
            answers="your letter | in reply to your | with reference to | your correspondence | your communication",
            joins="and | plus | or",
            towards="to",
            then="on | by | in | from | via | with | about | regarding | today | yesterday | for | asking | last",
            form_code="code | case code | appeal code | case",
            form_letters="letters | letters sent | letter",
            form_emails="emails | e-mails | emails sent | email",
            form_faxes="faxes | fax",
            form_visits="visits | visit",
            form_calls="calls | phone calls | telephone calls",
            form_web="web forms | online forms | web form",
            form_to="to | recipient | recipients | sent to",
            form_date="date | date sent | sent on",
        ),
        "fr": ActionWords(
            letters="lettre | courrier | carte",
            emails="courriel | email | e-mail | mail | mél",
            faxes="fax | télécopie",
            visits="visite",
            calls="appel | coup",
            web="formulaire",
            electronic="électronique | courriel | email | e-mail | par mail | par mél",
            by_fax="fax | télécopie",
            numbers="un,une | deux | trois | quatre | cinq | six | sept | huit | neuf | dix",
            article="un | une",
            twos="",
            ones="",
            sent="""
            j'ai envoyé | j'ai bien envoyé | j'ai écrit | j'ai posté | j'ai expédié | j'ai adressé | j'ai faxé |
            j'ai aussi envoyé | j'ai passé | j'ai fait | j'ai rempli | je viens d'envoyer | j'ai rendu
            """,
            we_sent="nous avons envoyé | nous avons écrit | nous avons posté | nous avons adressé | on a envoyé",
            sent_by="envoyé | posté",
            leads="aujourd'hui | hier | bonjour | aussi",
            campaign="action urgente | appel urgent | pour l'appel | notre groupe | mon groupe | comme demandé",
            answers="votre lettre | votre courrier | en réponse à votre | suite à votre",
            joins="et | plus | ou",
            towards="à | au | aux",
            then="par | en | depuis | via | avec | hier | aujourd'hui | pour | ce | cette",
            form_code="code | code du cas | code de l'appel",
            form_letters="lettres | lettres envoyées | courriers | lettre",
            form_emails="courriels | e-mails | emails | mails | courriel",
            form_faxes="fax | télécopies",
            form_visits="visites | visite",
            form_calls="appels | appels téléphoniques",
            form_web="formulaires | formulaires en ligne",
            form_to="à | destinataire | destinataires",
            form_date="date | date d'envoi | envoyé le",
        ),
        "es": ActionWords(
            letters="carta | postal | tarjeta",
            emails="correo | email | e-mail | mail",
            faxes="fax",
            visits="visita",
            calls="llamada",
            web="formulario",
            electronic="electrónic | email | e-mail | por mail",
            by_fax="fax",
            numbers="uno,una,un | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez",
            article="un | una",
            twos="",
            ones="",
            sent="""
            envié | envie | he enviado | mandé | he mandado | escribí | he escrito | yo envié | hice | he hecho |
            acabo de enviar
            """,
            we_sent="enviamos | hemos enviado | mandamos | hemos mandado | escribimos | hemos escrito",
            sent_by="",
            leads="",
            campaign="acción urgente | llamamiento | nuestro grupo | mi grupo | como pedían",
            answers="su carta | su escrito | en respuesta a su | en contestación a | en relación con su",
            joins="y | e | más | o",
            towards="a | al",
            then="por | en | desde | vía | con | ayer | hoy | para | este | esta",
            form_code="código | código del caso | código del llamamiento",
            form_letters="cartas | cartas enviadas | carta",
            form_emails="correos | correos electrónicos | emails | correo electrónico",
            form_faxes="faxes | fax",
            form_visits="visitas | visita",
            form_calls="llamadas | llamadas telefónicas",
            form_web="formularios | formularios web | formularios en línea",
            form_to="a | para | destinatario | destinatarios",
            form_date="fecha | fecha de envío | enviado el",
        ),
        "ru": ActionWords(
            letters="письм | писем | открытк | открыток",
            emails="имейл | емейл | e-mail | email | мейл",
            faxes="факс",
            visits="визит | посещени",
            calls="звон",
            web="форм | веб-форм",
            electronic="электронн | e-mail | email | имейл | емейл",
            by_fax="факс",
            numbers="""
            один,одно,одну,одна | два,две,двух | три,трех | четыре,четырех | пять,пяти | шесть | семь | восемь |
            девять | десять
            """,
            article="",
            twos="",
            ones="письмо | факс | открытку",
            sent="я отправил | я отправила | я послал | я послала | я написал | я написала | мной отправлено",
            we_sent="отправили | послали | написали | направили | выслали | нами отправлено",
            sent_by="""
            отправил | отправила | послал | послала | написал | написала | направил | направила | выслал | выслала |
            позвонил | позвонила | сделал | сделала | заполнил | заполнила | посетил | посетила
            """,
            leads="""
            я | и | также | еще | уже | сегодня | вчера | лично | по | делу | за | в | во | для | здравствуйте |
            привет | добрый | день | вечер | утро | коллеги | друзья | дорогие | потом | затем | недавно
            """,
            campaign="""
            срочная акция | срочной акции | срочный призыв | по призыву |
            по вашей акции | наша группа |
            моя группа | по вашей просьбе
            """,
            answers="ваше письмо | вашего письма | ваше обращение | вашего обращения | вашему обращению | ответ на ваш",
            joins="и | плюс | или",
            towards="",
            then="",
            form_code="код | код дела | код обращения",
            form_letters="письма | писем | письмо | писем отправлено",
            form_emails="электронные письма | электронных писем | e-mail | имейлы | эл. письма",
            form_faxes="факсы | факсов | факс",
            form_visits="визиты | посещения | визитов",
            form_calls="звонки | звонков | телефонные звонки",
            form_web="веб-формы | формы на сайте | онлайн-формы",
            form_to="кому | адресат | получатель",
            form_date="дата | дата отправки | отправлено",
        ),
        "kk": ActionWords(
            letters="хат | ашықхат",
            emails="имейл | e-mail | email",
            faxes="факс",
            visits="сапар | бару",
            calls="қоңырау",
            web="веб-форма | нысан",
            electronic="электронды | e-mail | email | имейл",
            by_fax="факс",
            numbers="бір | екі | үш | төрт | бес | алты | жеті | сегіз | тоғыз | он",
            article="",
            twos="",
            ones="",
            sent="жібердім | жолдадым | жаздым | салдым | қоңырау шалдым | жасадым | толтырдым",
            we_sent="жібердік | жолдадық | жаздық",
            sent_by="",
            leads="",
            campaign="шұғыл үндеу | үндеу бойынша | біздің топ",
            answers="сіздің хатыңыз | хатыңызға | өтінішіңіз | сіздің өтініш",
            joins="және | мен | әрі",
            towards="",
            then="",
            form_code="код | істің коды | үндеу коды",
            form_letters="хаттар | хат | жіберілген хаттар",
            form_emails="электрондық хаттар | электрондық хат | e-mail",
            form_faxes="факстар | факс",
            form_visits="сапарлар | бару",
            form_calls="қоңыраулар | телефон қоңыраулары",
            form_web="веб-формалар | онлайн нысандар",
            form_to="кімге | алушы",
            form_date="күні | жіберілген күні",
        ),
        "ar": ActionWords(
            letters="رسائل | رسالة | رسالت | خطاب | بطاق",
            emails="ايميل | بريد",
            faxes="فاكس",
            visits="زيار",
            calls="مكالم | اتصال",
            web="نموذج | نماذج | استمار",
            electronic="الكتروني | الالكتروني | ايميل",
            by_fax="فاكس | بالفاكس",
            numbers="""
            واحد,واحدة | اثنان,اثنين,اثنتان,اثنتين | ثلاث,ثلاثة | اربع,اربعة | خمس,خمسة | ست,ستة | سبع,سبعة |
            ثماني,ثمانية,ثمان | تسع,تسعة | عشر,عشرة
            """,
            article="",
            twos="رسالتين | رسالتان | خطابين | فاكسين | زيارتين | مكالمتين | ايميلين | بريدين",
            ones="رسالة | خطابا | فاكسا",
            sent="قمت بارسال | قمت بكتابة",
            we_sent="ارسلنا | بعثنا | كتبنا | قمنا بارسال",
            sent_by="ارسلت | بعثت | كتبت | وجهت | اجريت",
            leads="لقد | و | انا | اليوم | امس | مرحبا | ثم | ايضا | قد",
            campaign="نداء عاجل | النداء العاجل | تحرك عاجل | مجموعتنا",
            answers="رسالتكم | خطابكم | ردا على رسالت | بالاشارة الى",
            joins="و | او",
            towards="الى",
            then="في | يوم | بتاريخ | عبر | بواسطة",
            form_code="الرمز | رمز القضية | رمز النداء",
            form_letters="الرسائل | رسائل | عدد الرسائل",
            form_emails="رسائل البريد الالكتروني | البريد الالكتروني | الرسائل الالكترونية",
            form_faxes="الفاكسات | فاكسات | الفاكس",
            form_visits="الزيارات | زيارات",
            form_calls="المكالمات | مكالمات | المكالمات الهاتفية",
            form_web="نماذج الويب | النماذج الالكترونية",
            form_to="الى | المرسل اليه",
            form_date="التاريخ | تاريخ الارسال",
        ),
    }
)
