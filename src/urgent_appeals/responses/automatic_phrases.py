"""The phrases of automatic replies, acknowledgements and read receipts, by language.

They are written as they are compared (see `automatic_words.folded`): in small letters, ё as е, ß as ss, any alef as ا,
straight apostrophes. `…` stands for up to some words of the same sentence; a phrase may end within a word, so that
one stem covers its endings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, each kind as one text with ` | ` between them.

    `automatic_subjects`, `acknowledging_subjects` and `read_subjects` begin a subject; the rest stand in a sentence:
    `automatic` says that a machine writes or a person is away, `received` and `registered` acknowledge, `read` tells
    that a mail was opened, `expected` goes along with these (what will be done, whom to ask), `informs` leads to
    something that is told, `closings` begin the complimentary close.
    """

    automatic_subjects: str
    acknowledging_subjects: str
    read_subjects: str
    automatic: str
    received: str
    registered: str
    read: str
    expected: str
    informs: str
    closings: str


LANGUAGES: Mapping[str, Phrases] = MappingProxyType(
    {
        "en": Phrases(
            automatic_subjects="""
            automatic reply | auto reply | auto-reply | autoreply | automated reply | automatic response |
            auto response | auto-response | autoresponse | automated response | auto: | out of office |
            out of the office | out-of-office | ooo: | vacation reply | away from my mail
            """,
            acknowledging_subjects="""
            acknowledgement of receipt | acknowledgment of receipt | acknowledgement of your | receipt of your |
            confirmation of receipt | we have received your | your message has been received | acknowledgement: |
            your letter has been received | your request has been received | your correspondence has been
            """,
            read_subjects="read: | read receipt | not read: | return receipt | displayed: | delivered:",
            automatic="""
            this is an automat | this is an auto- | this is a system generated | this is a computer generated |
            this message was generated automatically | this message is generated automatically |
            this message was automatically | this message has been automatically | this email was automatically |
            this e-mail was automatically | this response was automatically | automatically generated |
            do not reply to this | do not respond to this | this mailbox is not monitored |
            this inbox is not monitored | this is an unmonitored | replies to this message are not |
            i am out of the office | i'm out of the office | i am currently out | i'm currently out |
            i am currently away | i will be away | i am away from | i am on leave | i am currently on |
            i will be out of | i am out of office | i am on annual leave | i am on vacation | i'm on vacation |
            i am on maternity leave | is out of the office | i no longer work
            """,
            received="""
            acknowledge receipt of | acknowledges receipt of | acknowledge with thanks | confirm receipt of |
            confirms receipt of | confirm the receipt of | acknowledge the receipt of | acknowledges the receipt of |
            your message has been received | your letter has been received | your letter … has been received |
            your message … has been received | your email has been received | your e-mail has been received |
            your correspondence has been received | have received your | has received your | your email has reached |
            received your letter | your appeal has been received | your request has been received |
            thank you for contacting | your communication … has been received | thank you for your message |
            thank you for your email | thank you for your e-mail | receipt of your … is acknowledged |
            receipt of your … is hereby acknowledged | in receipt of your | acknowledge your | acknowledges your |
            acknowledge the receipt | email has been received | letter dated … has been received |
            thanks for your message | thanks for your email
            """,
            registered="""
            has been received and registered | has been registered | have been registered | was registered |
            is registered under | registered under n | registration number | reference number | ticket number |
            case number | has been assigned number | has been assigned the number | your ticket |
            has been assigned reference | has been logged | has been recorded under | registration no
            """,
            read="was read on | was displayed on | has been read | was opened on | was deleted without being read",
            expected="""
            will be consider | will be examined | will be reviewed | will be answered | will be processed |
            will be dealt with | will be given | will receive a reply | will receive an answer | will reply |
            will respond | will be in touch | will get back | will contact you | in due course | as soon as possible |
            working days | business days | please quote | please use this | please keep | thank you for your |
            thank you for writing | if you have any question | for urgent | if your matter is urgent | in urgent |
            if urgent | in my absence | please contact | please call | for further information | for more information
            | limited access | upon my return | on my return | when i return | until i return | has been forwarded to
            | has been passed to | is being forwarded to | will be forwarded to | status of your | please do not |
            attention to it | will be back | will return | volume of correspondence | number of letters |
            not be able to reply | not be able to respond | have been noted | has been noted |
            brought to the attention | placed before | receiving attention | under consideration | being considered |
            may take up to | response may take | will be in contact
            """,
            informs="""
            inform you | wish to state | wish to advise | would like to state | would like to advise |
            has the honour to | clarify that | regret | draw your attention | was released | has been released |
            has the honor to | note that | examined and | considered and | was examined | been examined |
            was considered | been considered | was reviewed | been reviewed | was investigated | and report |
            however | but
            """,
            closings="""
            regards | best regards | kind regards | yours sincerely | yours faithfully | sincerely | respectfully |
            yours truly | best wishes | warm regards
            """,
        ),
        "ru": Phrases(
            automatic_subjects="""
            автоответ | автоматический ответ | автоматическое уведомление | авто-ответ | авто: | вне офиса |
            отсутствие на рабочем месте | нет на месте | в отпуске
            """,
            acknowledging_subjects="""
            уведомление о регистрации | уведомление о получении | подтверждение получения | регистрация обращения |
            подтверждение регистрации | уведомление о приеме | ваше обращение принято | ваше письмо получено |
            ваше обращение зарегистрировано | ваше обращение получено | уведомление о поступлении |
            обращение зарегистрировано | уведомление о принятии
            """,
            read_subjects="прочитано: | прочтено: | уведомление о прочтении | не прочитано: | доставлено:",
            automatic="""
            это автоматическ | письмо сформировано автоматически | сообщение сформировано автоматически |
            письмо создано автоматически | сообщение создано автоматически | письмо отправлено автоматически |
            сообщение отправлено автоматически | сгенерировано автоматически | автоматически сгенерирован |
            не отвечайте на это | не нужно отвечать на это | отвечать на это письмо не | на него не нужно отвечать |
            не требует ответа | отвечать на него не нужно | отвечать на данное | не отвечайте на данное |
            я в отпуске | нахожусь в отпуске | буду в отпуске | меня нет в офисе | нахожусь вне офиса |
            буду отсутствовать | я отсутствую | в настоящее время отсутствую | в командировке
            """,
            received="""
            ваше обращение получено | ваше обращение … получено | ваше письмо получено | ваше письмо … получено |
            ваше сообщение получено | ваше сообщение … получено | ваше электронное письмо получено |
            ваше обращение принято | ваше обращение … принято | ваше письмо принято | ваше обращение поступило |
            ваше письмо поступило | ваше обращение … поступило | подтверждаем получение | подтверждает получение |
            получили ваше | получил ваше | получено ваше | поступило ваше | подтверждаю получение |
            спасибо за обращение | спасибо за ваше | благодарим за обращение | благодарим вас за обращение |
            обращение поступило | обращение … поступило | письмо … поступило | уведомляем … получен
            """,
            registered="""
            обращение зарегистрировано | обращение … зарегистрировано | письмо зарегистрировано |
            письмо … зарегистрировано | зарегистрировано под | зарегистрировано за | зарегистрировано в |
            заявление зарегистрировано | заявка зарегистрирована | зарегистрировано ваше | сообщение зарегистр |
            регистрационный номер | присвоен номер | присвоен … номер | номер регистрации | номер обращения
            """,
            read="было прочитано | прочтено | прочитано",
            expected="""
            будет рассмотрен | будет направлен | ответ будет | в установлен | срок рассмотрения | в течение |
            рабочих дней | календарных дней | о результатах | по вопросам | справки по телефону | по телефону |
            в ближайшее время | свяжемся с вами | ответим | отвечу | обращайтесь | по срочным | благодарим | спасибо |
            передано на рассмотрение | направлено на рассмотрение | направлено в | принято к рассмотрению | отследить
            | узнать о статусе | ознакомиться с ходом | просьба указывать | ссылаться на | вернусь | буду на месте |
            мы обязательно | номер для справок | статус обращения
            """,
            informs="""
            сообщаем | сообщает | сообщаю | информируем | информирует | установлено | рассмотрено | разъясня |
            уведомляем | рассмотрев | однако | вместе с тем | освобожден | считаем | полагаем
            """,
            closings="с уважением | с наилучшими | с почтением | всего доброго | всего хорошего",
        ),
        "kk": Phrases(
            automatic_subjects="автоматты жауап | автожауап | автоматты хабарлама | кеңседен тыс",
            acknowledging_subjects="""
            өтінішіңіз тіркелді | өтінішіңіз қабылданды | хатыңыз тіркелді | хатыңыз қабылданды | тіркеу туралы |
            өтініш тіркелді | өтінішті тіркеу | өтініштің тіркелгені | хабарламаңыз алынды
            """,
            read_subjects="оқылды: | оқылғаны туралы",
            automatic="""
            бұл хат автоматты | бұл хабарлама автоматты | автоматты түрде жіберілді | автоматты түрде жасалған |
            автоматты түрде құрылған | автоматты түрде жіберілген | бұл хатқа жауап бермеңіз |
            бұл хабарламаға жауап бермеңіз | жауап берудің қажеті жоқ | жауап қайтармаңыз | жауап бермеуіңізді |
            мен демалыстамын | еңбек демалысындамын | іссапардамын | жұмыс орнында жоқпын | кеңседе жоқпын
            """,
            received="""
            өтінішіңіз қабылданды | өтінішіңіз … қабылданды | хатыңыз қабылданды | хатыңыз … қабылданды |
            өтінішіңіз алынды | хатыңыз алынды | хатыңызды алдық | өтінішіңізді алдық | хабарламаңыз алынды |
            хабарламаңыз қабылданды | хабарласқаныңызға рахмет | өтінішіңіз келіп түсті | хатыңыз келіп түсті |
            хатыңыз … келіп түсті | өтінішіңіз … келіп түсті | сұрауыңыз қабылданды | сұрау салуыңыз қабылданды |
            хабарламаңыз … алынды
            """,
            registered="""
            өтінішіңіз тіркелді | өтінішіңіз … тіркелді | хатыңыз тіркелді | хатыңыз … тіркелді | болып тіркелді |
            санымен тіркелді | нөмірімен тіркелді | тіркеу нөмірі | нөмірі берілді | өтініш тіркелді |
            тіркелгенін хабарлай | хабарламаңыз тіркелді | өтініштің нөмірі | өтініміңіз тіркелді | кіріс нөмірі |
            сұрауыңыз тіркелді
            """,
            read="хатыңыз оқылды | хабарлама оқылды | хабарламаңыз оқылды",
            expected="""
            қаралады | қаралатын | қарауға жіберілді | жауап беріледі | жауап береміз | хабарласамыз | жұмыс күні |
            күн ішінде | мерзімде | рахмет | алғыс | телефон | сұрақтар | жіберілді | ораламын
            """,
            informs="анықталды | босатылды | қаралып | алайда | түсіндіреміз",
            closings="құрметпен | ізгі ниетпен",
        ),
        "fr": Phrases(
            automatic_subjects="""
            réponse automatique | reponse automatique | message automatique | absence du bureau | absent du bureau |
            en congé | absence : | absence: | accusé de réception automatique
            """,
            acknowledging_subjects="""
            accusé de réception | accuse de reception | accusé réception | confirmation de réception | ar : |
            avis de réception | réception de votre | votre message a bien été reçu
            """,
            read_subjects="lu : | lu: | accusé de lecture | confirmation de lecture | non lu : | non lu:",
            automatic="""
            ceci est un message automatique | ceci est une réponse automatique | ce message est automatique |
            message généré automatiquement | message envoyé automatiquement | courriel automatique |
            a été généré automatiquement | a été envoyé automatiquement | est généré automatiquement |
            ne pas répondre à ce | ne pas y répondre | ne répondez pas à ce | de ne pas répondre | je suis absent |
            je suis actuellement absent | je serai absent | je suis en congé | je suis en déplacement |
            actuellement en congé | absente du bureau | absent du bureau
            """,
            received="""
            accusons réception | accuse réception | accusons bonne réception | accuse bonne réception |
            avons bien reçu | a bien reçu | a bien été reçu | a bien été reçue | ont bien été reçus |
            nous est bien parvenu | est bien parvenu | avons reçu votre | merci de votre message |
            merci pour votre message | nous vous remercions de votre message | confirmons la réception |
            votre message nous est parvenu | bonne réception de votre | réception de votre courriel |
            merci pour votre courriel
            """,
            registered="""
            a été enregistré | est enregistré | ont été enregistré | numéro d'enregistrement | enregistré sous |
            enregistrée sous | numéro de dossier | sous la référence | sous le numéro | numéro de référence
            """,
            read="a été lu | a été affiché | a été ouvert",
            expected="""
            sera traité | sera examiné | sera étudié | seront examiné | sera transmis | a été transmis |
            une réponse vous | vous répond | dans les meilleurs délais | jours ouvr | en cas d'urgence |
            pour toute question | pour toute urgence | veuillez contacter | contacter | merci de rappeler |
            veuillez rappeler | à mon retour | dès mon retour | nous vous remercions | je vous remercie | merci |
            prendre contact avec vous | reviendrons vers vous | reviendra vers vous | fera l'objet | serai de retour |
            sera de retour | remerci | sera porté à | a été porté à | soumis à l'attention
            """,
            informs="""
            informer | informons | informe que | faire savoir | vous préciser | portons à votre connaissance |
            toutefois | cependant | regrett | libéré | indiquer que | signaler que
            """,
            closings="""
            cordialement | bien cordialement | sincères salutations | salutations distinguées | veuillez agréer |
            je vous prie d'agréer | nous vous prions d'agréer | veuillez recevoir | bien à vous
            """,
        ),
        "es": Phrases(
            automatic_subjects="""
            respuesta automática | respuesta automatica | mensaje automático | contestación automática |
            fuera de la oficina | fuera de oficina | auto-respuesta | autorespuesta | ausente
            """,
            acknowledging_subjects="""
            acuse de recibo | acuse recibo | confirmación de recepción | confirmacion de recepcion |
            hemos recibido su | recepción de su | registro de su | su mensaje ha sido recibido
            """,
            read_subjects="leído: | leido: | confirmación de lectura | no leído:",
            automatic="""
            este es un mensaje automático | esta es una respuesta automática | mensaje generado automáticamente |
            ha sido generado automáticamente | fue generado automáticamente | se ha generado automáticamente |
            correo generado automáticamente | mensaje enviado automáticamente | no responda a este |
            no responda este | no responder a este | no conteste a este | favor de no responder | favor no responder
            | estoy fuera de la oficina | estaré fuera | me encuentro fuera | estoy de vacaciones | estaré ausente |
            me encuentro de vacaciones | estoy ausente | me encuentro ausente
            """,
            received="""
            acusamos recibo | acuso recibo | acusa recibo | acusar recibo | hemos recibido su | ha recibido su |
            ha sido recibid | fue recibid | se ha recibido su | hemos recibido la | gracias por contactar |
            gracias por su mensaje | confirmamos la recepción | confirmamos haber recibido | gracias por escribir |
            su correo ha sido recibido | su mensaje ha sido recibido | recibimos su | damos acuse
            """,
            registered="""
            ha sido registrad | fue registrad | ha quedado registrad | quedó registrad | se ha registrado |
            número de registro | número de expediente | número de folio | registrada con el | registrado con el |
            con el número | número de referencia | bajo el número
            """,
            read="fue leído | ha sido leído | se leyó el | se ha leído",
            expected="""
            será atendid | será tramitad | será analizad | será examinad | será remitid | será respondid |
            ha sido remitid | ha sido derivad | responderemos | le responder | nos pondremos en contacto |
            a la brevedad | días hábiles | lo antes posible | para cualquier | en caso de urgencia | si es urgente |
            póngase en contacto | por favor contacte | contactar | a mi regreso | gracias | le agradecemos | regresaré
            | de vuelta | volveré | será puesto en conocimiento | se dará respuesta | se le dará
            """,
            informs="""
            informar | informamos que | comunicar | comunicamos que | hacer de su conocimiento | no obstante |
            sin embargo | manifestar | lamentamos | liberad | señalar que | precisar que
            """,
            closings="atentamente | saludos | cordialmente | un saludo | le saluda | reciba un | sin otro particular",
        ),
        "ar": Phrases(
            automatic_subjects="رد تلقائي | رد الي | الرد التلقائي | خارج المكتب | رساله تلقائيه | رسالة تلقائية",
            acknowledging_subjects="""
            اشعار بالاستلام | اشعار استلام | تاكيد الاستلام | تاكيد استلام | اشعار بالتسجيل | تم استلام |
            اشعار بتسجيل | اشعار باستلام | تم تسجيل
            """,
            read_subjects="مقروءة: | تمت القراءة | اشعار بالقراءة | قراءة: | تم القراءة",
            automatic="""
            هذه رسالة الية | هذه رسالة تلقائية | هذا رد تلقائي | هذا رد الي | رسالة مرسلة تلقائيا |
            ارسلت هذه الرسالة تلقائيا | تم ارسال هذه الرسالة تلقائيا | تم انشاء هذه الرسالة تلقائيا |
            الرجاء عدم الرد على | يرجى عدم الرد على | نرجو عدم الرد على | لا ترد على هذه | لا تقم بالرد على |
            انا خارج المكتب | انا في اجازة | خارج المكتب حاليا | ساكون خارج المكتب | ساكون في اجازة
            """,
            received="""
            اشعار بالاستلام | تم استلام | لقد استلمنا | استلمنا رسالت | استلمنا طلب | استلمنا خطاب | نؤكد استلام |
            نوكد استلام | نفيدكم باستلام | تلقينا رسالت | تلقينا خطاب | تلقينا طلب | وصلتنا رسالت | وصلنا خطاب |
            شكرا لتواصل | شكرا على تواصل | شكرا لرسالت | نشعركم باستلام | وصلت رسالت | استلمنا بريد | تلقينا بريد |
            تم استقبال
            """,
            registered="""
            تم تسجيل | سجلت رسالت | سجل طلبكم | رقم التسجيل | برقم | تحت رقم | تحت الرقم | رقم المرجع | رقم الطلب |
            رقم المعاملة | رقم القيد | تم قيد
            """,
            read="تمت قراءة | تم قراءة | تم فتح رسالت",
            expected="""
            سيتم | سوف يتم | سنقوم | سنرد | سوف نرد | في اقرب وقت | في اقرب فرصة | ايام عمل | يوم عمل | للاستفسار |
            لاي استفسار | في الحالات العاجلة | للحالات العاجلة | شكرا | نشكركم | نشكر لكم | تم تحويل | تمت احالة |
            تم احالة | يرجى الاتصال | عند عودتي | ساعود | العودة | ستتم | قيد الدراسة | قيد النظر | سيجري
            """,
            informs="""
            نفيدكم بان | نود اعلامكم | نود افادتكم | نعلمكم بان | نحيطكم علما | نود ان نوضح | غير ان |
            الافراج
            """,
            closings="مع التحية | مع خالص | وتفضلوا | تفضلوا بقبول | مع فائق | مع اطيب | والسلام عليكم | تحياتي",
        ),
        "de": Phrases(
            automatic_subjects="""
            automatische antwort | automatische rückmeldung | abwesenheitsnotiz | abwesenheitsmeldung |
            abwesenheitsassistent | abwesend | abwesenheit | nicht im büro | autoantwort | automatische abwesenheit
            """,
            acknowledging_subjects="""
            eingangsbestätigung | empfangsbestätigung | bestätigung des eingangs | ihre nachricht ist eingegangen |
            eingang ihr | automatische eingangsbestätigung | bestätigung ihrer
            """,
            read_subjects="gelesen: | lesebestätigung | ungelesen: | nicht gelesen:",
            automatic="""
            dies ist eine automatisch | das ist eine automatisch | diese e-mail wurde automatisch |
            diese nachricht wurde automatisch | diese mail wurde automatisch | automatisch generiert |
            automatisch erzeugt | antworten sie nicht auf diese | nicht auf diese e-mail zu antworten |
            nicht auf diese nachricht | antworten sie bitte nicht auf | ich bin nicht im büro |
            ich bin derzeit nicht | ich bin zur zeit nicht | ich bin zurzeit nicht | ich bin ausser haus |
            ich bin im urlaub | ich bin bis … nicht | ich bin ab … wieder | ich befinde mich im urlaub |
            ich bin abwesend | ich bin derzeit abwesend | ich bin bis … abwesend
            """,
            received="""
            bestätigen den eingang | bestätigen wir den eingang | bestätige den eingang | bestätigt den eingang |
            bestätigen wir ihnen den eingang | den eingang ihres | den eingang ihrer | den erhalt ihre |
            ist … eingegangen | haben ihre nachricht erhalten | haben ihr schreiben erhalten |
            haben ihre e-mail erhalten | vielen dank für ihre nachricht | vielen dank für ihre e-mail |
            vielen dank für ihre anfrage | wurde empfangen | wurde … empfangen | danke für ihre nachricht |
            danke für ihre e-mail | haben wir erhalten | haben wir … erhalten | ist bei uns eingegangen |
            hat uns erreicht
            """,
            registered="""
            wurde registriert | ist registriert | wurde … registriert | wird … geführt | unter dem aktenzeichen |
            unter der nummer | vorgangsnummer | ihr aktenzeichen | bearbeitungsnummer | ticketnummer |
            unter dem geschäftszeichen | wurde … erfasst | eingetragen unter
            """,
            read="wurde gelesen | wurde angezeigt | wurde … gelesen | wurde ungelesen gelöscht | wurde … geöffnet",
            expected="""
            wird geprüft | wird bearbeitet | werden uns | wir melden uns | melde mich | schnellstmöglich |
            so bald wie möglich | so schnell wie möglich | werktage | arbeitstage | weitergeleitet | in dringenden |
            bei rückfragen | bei fragen | wenden sie sich | kontaktieren sie | vielen dank | wir danken |
            von rückfragen | bitte geben sie | wird nicht gelesen | nach meiner rückkehr | erhalten sie |
            bin ich wieder | bin wieder | wieder erreichbar | wird so | wird umgehend | in kürze | zu gegebener zeit |
            zur bearbeitung
            """,
            informs="""
            teilen wir ihnen | teilen ihnen | teilt ihnen | teile ihnen | mitteilen | mitzuteilen | jedoch |
            allerdings | freigelassen | bedauern
            """,
            closings="""
            mit freundlichen | freundliche grüsse | beste grüsse | hochachtungsvoll | viele grüsse | i. a. |
            im auftrag
            """,
        ),
    }
)
"""By language (BCP 47)."""
