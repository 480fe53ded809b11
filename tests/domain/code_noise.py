"""Spoil case codes as mail programs, typists, scanners and readers do, each kind by itself or one after another."""

from __future__ import annotations

import base64
import csv
import quopri
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.mail_text import decoded_words

VECTORS: Final = Path(__file__).parents[3] / "shared" / "codes" / "vectors.tsv"

Noise = Callable[[str, Random], str]

SENTENCES: Final = {
    "en": "Regarding your letter on the case {} of 12 March 2003, we inform you as follows.",
    "ru": "На Ваше обращение по делу {} от 12.03.2003 сообщаем следующее.",
    "kk": "Сіздің {} ісі бойынша 2003 жылғы 12 наурыздағы хатыңызға жауап береміз.",
    "ar": "ردا على رسالتكم بشأن القضية {} المؤرخة 12 آذار 2003 نفيدكم بما يلي.",
    "fr": "En réponse à votre lettre {} du 12 mars 2003, nous vous informons de ce qui suit.",
    "es": "En respuesta a su carta {}, del 12 de marzo de 2003, le informamos de lo siguiente.",
}

_CYRILLIC = str.maketrans("ABEKMHOPCTXSIaeocxp", "АВЕКМНОРСТХЅІаеосхр")
_GREEK = str.maketrans("ABEZHIKMNOPTX", "ΑΒΕΖΗΙΚΜΝΟΡΤΧ")
_MARK = re.compile(r" ?/ ?")
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"})


def genuine_spellings() -> list[dict[str, str]]:
    """Return the rows of the published spellings; none where they are not beside the checkout."""
    if not VECTORS.exists():
        return []
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def no_blanks(code: str, _: Random) -> str:
    return _MARK.sub("/", code)


def more_blanks(code: str, random: Random) -> str:
    return _MARK.sub(lambda _: random.choice((" /", "/ ", " / ", "  /  ", "   / ")), code)


def odd_blanks(code: str, random: Random) -> str:
    return re.sub(" ", lambda _: random.choice(("\u00a0", "\u202f", "\u2009", "  ", " \u00a0")), code)


def dashes(code: str, random: Random) -> str:
    return code.replace("/", random.choice("-–—‑−"))


def other_slashes(code: str, random: Random) -> str:
    return code.replace("/", random.choice("∕⁄⧸／\\＼"))


def file_name(code: str, _: Random) -> str:
    return re.sub(r"[ /:]+", "-", code)


def line_break(code: str, random: Random) -> str:
    return _broken(code, random, ("\n", "\r\n", " \r\n"))


def quoting_mark(code: str, random: Random) -> str:
    return _broken(code, random, ("\n> ", "\r\n>", "\r\n> > ", "\n>> ", "\n| "))


def soft_break(code: str, random: Random) -> str:
    return _broken(code, random, ("=20\n", "=20=\r\n"))


def _broken(code: str, random: Random, breaks: tuple[str, ...]) -> str:
    at = random.choice([found.start() for found in re.finditer(r"(?<=[ \u00a0/-])\S", code)] or [0])
    return code[:at].rstrip() + random.choice(breaks) + code[at:] if at else code


def cyrillic(code: str, random: Random) -> str:
    return _some(code, random, lambda letter: letter.translate(_CYRILLIC))


def greek(code: str, random: Random) -> str:
    return _some(code, random, lambda letter: letter.translate(_GREEK))


def full_width(code: str, random: Random) -> str:
    return _some(code, random, lambda character: character.translate(_FULL_WIDTH))


def _some(code: str, random: Random, change: Callable[[str], str]) -> str:
    """Change all characters, or each by the toss of a coin, but none that stands for how a mail is transferred."""
    always = random.random() < 0.5
    return _each(code, lambda each: change(each) if always or random.random() < 0.5 else each)


def _each(code: str, change: Callable[[str], str]) -> str:
    return "".join(each if each.startswith("=") else change(each) for each in re.findall(r"=20=?\r?\n|(?s:.)", code))


def other_digits(code: str, random: Random) -> str:
    zero = random.choice((0x660, 0x6F0, 0x966, 0xFF10))
    return _each(code, lambda each: chr(zero + int(each)) if each.isdecimal() else each)


def soft_hyphens(code: str, random: Random) -> str:
    return _strewn(code, random, "\u00ad")


def zero_width(code: str, random: Random) -> str:
    return _strewn(code, random, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")


def _strewn(code: str, random: Random, what: str) -> str:
    return _each(code[:-1], lambda each: each + (random.choice(what) if random.random() < 0.3 else "")) + code[-1:]


def entities(sentence: str, random: Random) -> str:
    """Return what is seen of a page that has entities for some characters."""

    def entity(character: str) -> str:
        named = {"/": "&sol;", "\u00a0": "&nbsp;", "\u00ad": "&shy;", "<": "&lt;", ">": "&gt;", "&": "&amp;"}
        plain = f"&#{ord(character)};" if random.random() < 0.5 else f"&#x{ord(character):x};"
        return named.get(character, plain if random.random() < 0.3 else character)

    newline = "\n"
    return visible_text(f"<html><body><p>{''.join(map(entity, sentence)).replace(newline, '<br>')}</p></body></html>")


def encoded_header(sentence: str, random: Random) -> str:
    """Return a subject as it is read from encoded words, cut and folded wherever a program cuts them."""
    words, rest = [], " ".join(sentence.split())
    while rest:
        size = random.randint(4, 14)
        words.append(_encoded_word(rest[:size], random.choice("BQ")))
        rest = rest[size:]
    return decoded_words("\r\n ".join(words))


def _encoded_word(text: str, encoding: str) -> str:
    content = text.encode()
    if encoding == "B":
        return f"=?utf-8?B?{base64.b64encode(content).decode()}?="
    quoted = quopri.encodestring(content, quotetabs=True, header=True).decode().replace("=\n", "").replace("?", "=3F")
    return f"=?utf-8?Q?{quoted}?="


ON_CODES: Final[tuple[tuple[Noise, ...], ...]] = (
    (dashes, other_slashes, file_name),
    (no_blanks, more_blanks),
    (odd_blanks,),
    (line_break, quoting_mark, soft_break),
    (cyrillic, greek, full_width),
    (other_digits,),
    (soft_hyphens, zero_width),
)
"""What happens to a code, in the order in which it happens; of one row, one thing only."""
BREAKS: Final[tuple[Noise, ...]] = (line_break, quoting_mark, soft_break)
"""What a subject cannot hold."""
ON_SENTENCES: Final[tuple[Noise, ...]] = (entities, encoded_header)
"""What happens to all of a text."""

_SLIPS = {"O": "0", "0": "O", "I": "1l", "1": "Il", "l": "1I"}


def misread(code: str, random: Random) -> str:
    """Return a code as a scanner reads it, with one slip at least where there is anything to mistake."""
    at = [place for place, each in enumerate(code) if each in _SLIPS]
    chosen = {place for place in at if random.random() < 0.3}
    if at and not chosen:
        chosen = {random.choice(at)}
    slipped = "".join(random.choice(_SLIPS[each]) if place in chosen else each for place, each in enumerate(code))
    return slipped.replace("UA", "VA", 1) if slipped == code or random.random() < 0.3 else slipped
