"""Build a letter in Arabic with everything in it that runs the other way: codes, addresses of the net, figures."""

from __future__ import annotations

from typing import Any

from tests.render import builders
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.prose import Heading, Listing, Quotation, Run, Table

BODY = (
    (
        "أكتب إليكم بشأن السيدة نيلا أورفانديس، المذيعة في إذاعة «رصيف الفانوس» المجتمعية وأمينة أرشيفها الصوتي. "
        "وقد قُبض عليها في 9 أكتوبر 2026، وهي متهمة بموجب المادة 74 من قانون السجلات."
    ),
    (
        "وقد كتبت منظمة Lantern Quay Radio (LQR) من البريد desk@lantern-quay.example إلى السلطات، كما وردت أرقامها "
        "+44 113 496 0140 وتاريخ 2026-10-09 والمادة 19 (b) من العهد.[^1]"
    ),
)
REQUESTS = (
    "الإفراج فورًا ودون قيد أو شرط عن السيدة نيلا أورفانديس، إذا كانت محتجزة لمجرد الاحتفاظ بتسجيلات تحقيق علني وبثها؛",
    "ضمان حصولها على دوائها وعلى طبيب من اختيارها؛",
    "إعادة تسجيلات الإذاعة سليمةً كاملةً.",
)
BLOCK = ("ديوان الرئاسة", "1 ساحة المؤسسين", "10001 أورسيفال", "ARLANDIA / أرلانديا")
COPIES = ("وزارة العدل في جمهورية أرلانديا", "مفوضة حقوق الإنسان")


def letter(**changes: Any) -> Letter:
    """Return a letter in Arabic, about one page long."""
    wording = builders.phrases("ar")
    values: dict[str, Any] = {
        "language": "ar",
        "phrases": wording,
        "addressee": builders.addressee(block=BLOCK),
        "subject": f"{builders.CODE} – السيدة نيلا أورفانديس: طلب الإفراج عنها",
        "salutation": "صاحب الفخامة،",
        "before": builders.paragraphs(*BODY),
        "lead_in": wording.letter.lead_in,
        "requests": builders.requests(*REQUESTS),
        "request_for_reply": wording.letter.request_for_reply.replace("{code}", builders.CODE),
        "close": "وتفضلوا بقبول فائق الاحترام والتقدير،",
        "copies": COPIES,
        "notes": builders.notes("العهد الدولي الخاص بالحقوق المدنية والسياسية، المادة 19."),
        "names": ("السيدة نيلا أورفانديس",),
    }
    return builders.letter().model_copy(update=values | changes)


def every_block() -> Letter:
    """Return a letter with every kind of block."""
    blocks = (
        Heading(level=1, runs=(Run(text="عنوان"),)),
        builders.paragraph(BODY[0], number=12),
        Quotation(blocks=builders.paragraphs(BODY[0])),
        Listing(ordered=True, start=3, items=(builders.paragraphs(BODY[0]), builders.paragraphs("أربعة"))),
        Listing(ordered=False, items=(builders.paragraphs("واحد"),)),
        Table(
            head=((Run(text="السنة"),), (Run(text="الحالات"),)),
            rows=(((Run(text="2001"),), (Run(text="12"),)), ((Run(text="2002"),), (Run(text="17"),))),
        ),
        *builders.paragraphs(BODY[1]),
    )
    return letter(before=blocks, notes=builders.notes(f"{BODY[0]}\n\n{BODY[0]}"))
