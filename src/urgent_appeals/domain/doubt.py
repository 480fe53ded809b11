"""Doubt a code that was read: what ordinary prose, dates, prices and document symbols hold as well.

Codes of the Observatory are too long to be chance. The short ones (`KAZ 2/2011`, `UA 90/03`) are believed in
their issuer's own spelling only where nothing around them says otherwise.
"""

from __future__ import annotations

import re
import unicodedata

from urgent_appeals.domain import countries
from urgent_appeals.domain.case_code import day_of
from urgent_appeals.domain.folding import fold, fold_character
from urgent_appeals.domain.reading import Reading
from urgent_appeals.domain.schemes import ORDINALS

_YEARS = range(1961, 2050)  # Amnesty was founded in 1961
_NO_YEARS = frozenset(f"{year}" for year in range(50, 61))
_SHORT = frozenset(("amnesty-ua", "pen", "un"))
_JOINTS = tuple("-/.+&=")  # what joins a short code to a longer symbol, address or number

# Codes of countries, and kinds of Amnesty's and PEN's codes, that are words of some language, short forms of
# months, or what Cyrillic words look like. Believed in capitals only.
_WORDS = frozenset(
    """
    AGO AIA ALB AND ANT ARE ARM ART ASM AUS BEL BEN BES BIH BRA BUR CAN CHE COD COK COL COM CRI CUB CYM CYP
    DOM EGY ERI ESP EST ETH FIN FRA FRO GAB GEO GIN GUM GUY HUN HUT IND IRL JAM JOR KEN LAO LIE LUX MAC MAR
    MEX MLI MUS NAM NER NIC NIU NOR PAK PAN PER POL PRI PRY RAN ROM ROU SAU SEN SLE SOM SPM SUN SUR SYR TON
    TUN TUR TUV UGA VAT VEN VIR ZAR EX MA
    """.split()
)
_ROMAN = re.compile(r"[IVXLCDM]+")
_POINT = re.compile(r"(?<=[0-9])[ \n>|]*[-.][ \n>|]*(?=[0-9]{2,4}\Z)")
_LAST_WORD = re.compile(r"([A-Z0-9|]{5,})[^A-Z]*\Z")
_MISREAD = str.maketrans("01|5L", "OIISI")
_MISREAD_ORDINALS = frozenset(word.translate(_MISREAD) for word in ORDINALS)
_FIELD = re.compile(r"\{[^{}]*\}")
_MORE_FIGURES = re.compile(r"[-/.,:]\d")
_RANGE = re.compile(r"\w+\s+[0-9]{1,3}\s?-\s?[0-9]{2}")  # "UA 12-24" may be anything
_CAPITALS = re.compile(r"(?<!\w)([^\W\d_]{2,})[ \t]{1,3}$")
_UNIT = re.compile(
    r"\s{0,3}(?:h|hrs?|hours?|days?|weeks?|months?|heures?|jours?|mois|horas?|d[ií]as?|meses|Stunden|Tagen?|час\w*|дн\w*|"
    r"сут\w*|V|A|mA|kg|km|%|EUR|USD|UAH|₴|€|\$)(?!\w)",
    re.IGNORECASE,
)


def impossible(reading: Reading, after: str, *, known: bool = False) -> bool:
    """Tell whether a reading is no code at all: a longer number goes on, or there is no such country, day or
    year. The country and the day of a `known` case are not asked about.
    """
    fields = reading.fields
    if reading.scheme.name in _SHORT and _MORE_FIGURES.match(after):
        return True
    if len(fields.get("year", "")) == 4 and int(fields["year"]) not in _YEARS:
        return True
    if known:
        return False
    if reading.scheme.name == "omct" and "lead" not in fields:
        return _unlikely_date(reading)
    return _rests_on_country(reading) and not countries.known(fields["country"])


def doubtful(reading: Reading, written: str, before: str, after: str, *, known: bool = False) -> bool:
    """Tell whether a person should look: the reading is possible, and so is something else.

    A `known` case is believed in spellings that are too common for others: with a hyphen or a point for its slash,
    in letters that only look Latin.
    """
    if reading.scheme.name == "amnesty-ua" and "ordinal" not in reading.fields and _after_ordinal(before):
        return True
    written = _plain(written, look_alikes=known)
    if known and reading.scheme.name in _SHORT and "update" not in reading.fields:
        written = _POINT.sub("/", written)
    return (
        _odd_figures(reading, after)
        or (reading.scheme.name == "omct" and _like_no_date(reading, written))
        or (_rests_on_country(reading) and _like_a_word(reading.fields["country"], reading, written, before))
        or (reading.scheme.name == "pen" and _like_a_word(reading.fields["region"], reading, written, before))
        or (reading.scheme.name == "amnesty-ua" and _like_another_action(reading, written, after))
        or (reading.scheme.name in _SHORT and before[-1:] in _JOINTS)
    )


def _after_ordinal(before: str) -> bool:
    """Tell whether an ordinal stands before a code that was read without: misread, or behind stray marks."""
    word = _LAST_WORD.search(fold(before).text)
    return word is not None and word[1].translate(_MISREAD) in _MISREAD_ORDINALS


def _plain(written: str, *, look_alikes: bool) -> str:
    """Return a code as written, but without what is invisible, and in plain characters; small letters stay small.

    Look-alikes of Latin letters become these only where asked for: a whole Cyrillic word can look like a code.
    """
    if written.isascii():
        return written
    plain = "".join(_folded(character, look_alikes=look_alikes) for character in written)
    return plain.replace("\0", "")


def _folded(character: str, *, look_alikes: bool) -> str:
    plain = fold_character(character)
    if plain.isalpha() and not look_alikes and not unicodedata.normalize("NFKC", character).isascii():
        return character
    return plain.lower() if character.islower() else plain


def _rests_on_country(reading: Reading) -> bool:
    """Tell whether the letters of a country are all that tells the code from plain numbers."""
    return reading.scheme.name == "un" or (
        "country" in reading.fields and not any(map(str.isalpha, _FIELD.sub("", reading.scheme.form)))
    )


def _odd_figures(reading: Reading, after: str) -> bool:
    return (
        len(reading.fields.get("update", "")) > 2
        or int(reading.fields.get("number", "1")) == 0
        or _MORE_FIGURES.match(after) is not None
    )


def _unlikely_date(reading: Reading) -> bool:
    return not countries.known(reading.fields["country"]) or day_of(reading.fields["date"]) is None


def _like_no_date(reading: Reading, written: str) -> bool:
    country = reading.fields["country"]
    as_a_word = country in _WORDS and country not in written  # "in this case per 120500 units"
    return "lead" not in reading.fields or as_a_word or _unlikely_date(reading)


def _like_a_word(letters: str, reading: Reading, written: str, before: str) -> bool:
    if reading.scheme.name in _SHORT and "." in written:  # "Mar 5.2011"
        return True
    if countries.user_assigned(letters) and _ROMAN.fullmatch(letters):  # "XXI 5/2011"
        return True
    if letters not in _WORDS or "lead" in reading.fields:
        return False
    shouted = _CAPITALS.search(before)
    if letters not in written or (shouted is not None and shouted[1].isupper()):
        return True
    return letters == "AND" and before.rstrip()[-1:].isdecimal()  # "KAZ 2/2011 AND 3/2011"


def _like_another_action(reading: Reading, written: str, after: str) -> bool:
    kind, number = reading.fields["kind"], int(reading.fields["number"])
    in_small_letters = kind not in written
    named = "#" in written or "lead" in reading.fields or "ordinal" in reading.fields
    return (
        (in_small_letters and not named and (kind in _WORDS or "." in written))
        or _UNIT.match(after) is not None
        or reading.fields["year"] in _NO_YEARS
        or ("/" not in written and "update" in reading.fields and number <= 31)  # "UA 12-03-2003"
        or _RANGE.fullmatch(written) is not None
    )
