"""Letters that an embassy is to forward: the address fits every window."""

from __future__ import annotations

import pytest

from tests.render.builders import TEMPLATES, addressee, letter, phrases
from urgent_appeals.render.data import letter_data
from urgent_appeals.render.envelope import ENVELOPES
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.qr import draw
from urgent_appeals.render.templates import Templates

LONGEST_QR = draw("KAZ 001/0802/OBS 053.02 abcdef:kazakhstan/" + "a" * 49)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(Templates(TEMPLATES))


FORWARDED = {
    "en": ("H.E. Ms Ilsabet Corvane", "Minister of Justice", "Ministry of Justice of the Republic of Arlandia"),
    "fr": ("S.E. Mme Ilsabet Corvane", "Ministre de la Justice", "Ministère de la Justice de la République d’Arlandie"),
    "ru": ("Ильсабет Корвейн", "Министру юстиции", "Министерство юстиции Республики Арландия"),
    "ar": ("معالي السيدة إيلسابيت كورفين", "وزيرة العدل", "وزارة العدل في جمهورية أرلانديا"),
}
MISSION = {
    "en": "Embassy of the Republic of Arlandia",
    "fr": "Ambassade de la République d’Arlandie",
    "ru": "Посольство Республики Арландия",
    "ar": "سفارة جمهورية أرلانديا",
}


@pytest.mark.parametrize("language", FORWARDED)
@pytest.mark.parametrize("name", ENVELOPES)
def test_what_an_embassy_is_to_forward_fits_every_window_with_street_and_town_joined_first(
    fonts: Fonts, name: str, language: str
) -> None:
    words = phrases(language)
    through = words.letter.care_of.replace("{mission}", MISSION[language])
    block = (words.letter.please_forward, *FORWARDED[language], through, "7 Harbour Gate", "London ZZ1 1ZZ")
    made = letter("ru").model_copy(
        update={
            "language": language,
            "phrases": words,
            "addressee": addressee(block=block),
            "envelope": name,
        }
    )
    lines = [str(line) for line in letter_data(made, LONGEST_QR, fonts)["address"]["lines"]]

    together = any("Harbour Gate" in line and "London" in line for line in lines)
    apart = sum("Harbour Gate" in line or "London" in line for line in lines) == 2
    assert together or (apart and len(lines) >= len(block))
