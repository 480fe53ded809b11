"""Describe schemes of case codes as data: the seven that are known, and those that a workspace adds.

A scheme is read in three ways, each stricter than the next:
`published`, the issuer's own spellings, matched against the text as it stands (an exact find);
`head` + `tail`, any spelling of the same figures, matched against folded text (normalised);
the same with letters that scanners mistake for figures (suggested).
The tail begins with the first figure of the code, and the head ends before it, so that a finder can start
from figures, which are rare in prose. In heads and tails `~` stands for blanks and line breaks with quoting
marks, `<d>` for a figure, `<a>` for a letter; `<…>` with other names for words that scanners get wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from urgent_appeals.domain import scheme_pattern
from urgent_appeals.domain.values import Value
from urgent_appeals.errors import SchemeError

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Scheme(Value):
    """A scheme of case codes.

    `form` prints the canonical case from the named groups by `str.format` (`number` and `serial` are
    integers); `word`, where given, is what the word right before the first figure can be; `synonyms` are (as
    found, as printed) values of groups; `reach` is how far before its first figure a code can begin, in
    folded characters.
    """

    name: str
    example: str
    published: str
    head: str
    tail: str
    form: str
    word: str | None = None
    synonyms: tuple[tuple[str, str], ...] = ()
    short_year: bool = False
    reach: int = 32
    pattern: str | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.pattern))

    @classmethod
    def from_pattern(cls, name: str, pattern: str) -> Scheme:
        """Make a workspace's own scheme; raise `SchemeError` when name or pattern are not well formed.

        See `scheme_pattern` for the language: `UAZ {year}/{number:3}[.{update}]`.
        """
        if _NAME.fullmatch(name) is None or name in BUILT_IN:
            raise SchemeError(name, "a name is of small letters, figures and hyphens, and none of the built-in ones")
        found = scheme_pattern.parts(name, pattern)
        shape = scheme_pattern.shape(found)
        return cls(
            name=name,
            example=shape.form.format(
                country="XAA", year="26" if scheme_pattern.short_year(found) else "2026", number=1
            ),
            published=shape.published,
            head=shape.head,
            tail=shape.tail,
            form=shape.form,
            short_year=scheme_pattern.short_year(found),
            reach=scheme_pattern.LONGEST_PATTERN,
            pattern=pattern,
        )


_UPDATE_MARK = r"(?: {0,2}<point>|[-/_])"

OBSERVATORY = Scheme(
    name="observatory",
    example="KAZ 001/0802/OBS 053.02",
    published=r"[A-Z]{3}(?: | / )[0-9]{3} ?/ ?[0-9]{4} ?/ ?OBS ?[0-9]{3}(?:\.[0-9]{1,2})?",
    head=r"(?P<country><a>{3})~[-/._:]?~",
    tail=(
        r"(?P<serial><d>{1,3})(?!<d>)~[-/._]?~(?P<month><d>{4})~[-/._]?~<obs>~[-/._]?~(?P<number><d>{1,3})"
        rf"(?:{_UPDATE_MARK}(?P<update><d>{{1,3}}))?"
    ),
    form="{country} {serial:03d}/{month}/OBS {number:03d}",
    word=r"[A-Z01|]{3}",
)

OMCT = Scheme(
    name="omct",
    example="Case UZB 030400",
    published=r"(?:Case|Cas|Caso) [A-Z]{3} [0-9]{6}",
    head=r"(?:(?P<lead>CASE|CASO|CAS)~[-:#_]?~)?(?P<country><a>{3})~[-_:]?~",
    tail=r"(?P<date><d>{6})(?!<d>)",
    form="Case {country} {date}",
    word=r"[A-Z01|]{3}",
)

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).upper()
ORDINALS = {word: number for number, word in enumerate(_ORDINALS.split(), start=1)}
"""Ordinals that name the update of an Amnesty urgent action."""

_ORDINAL = rf"(?:(?P<ordinal>{'|'.join(ORDINALS)}|[0-9]{{1,2}}(?=ST|ND|RD|TH))(?:ST|ND|RD|TH)?~[-:,]?~)?"
_NEWS = (
    r"(?P<lead>UPDATE|FURTHER~-?~INFORMATION|(?:STOP|MEDICAL|URGENT)~-?~ACTION)"
    r"~[-:,]?~(?:(?:TO|ON|FOR)~-?~)?(?:#~-?~)?"
)

AMNESTY_UA = Scheme(
    name="amnesty-ua",
    example="UA 60/16",
    published=(
        r"(?:[A-Za-z0-9 ]{3,50}(?: #)? )?(?:UAA?|EXTRA|EX|MA|NSA|NS)(?:: | |-|:)"
        r"[0-9]{1,3}(?:-[0-9]{1,2}/| ?/ ?|\.)(?:[0-9]{4}|[0-9]{2})"
    ),
    head=rf"{_ORDINAL}(?:{_NEWS})?(?P<kind><ua>A?|EXTRA|EX|MA|NSA|NS)~[-:]?~#?~",
    tail=r"(?P<number><d>{1,3})(?:-(?P<update><d>{1,2}))?~[-/.]~(?P<year><d>{4}|<d>{2})(?!<d>)",
    form="{kind} {number:d}/{year}",
    word=r"[UV]AA?|EXTRA|EX|MA|NSA|NS",
    synonyms=(("UAA", "UA"), ("VA", "UA"), ("VAA", "UA"), ("EXTRA", "EX")),
    short_year=True,
    reach=64,
)

AMNESTY_INDEX = Scheme(
    name="amnesty-index",
    example="EUR 57/001/2012",
    published=r"[A-Z]{3} ?[0-9]{2}/[0-9]{3,5}/[0-9]{4}",
    head=r"(?P<region>ACT|AFR|AMR|ASA|DOC|EUR|FIN|IOR|MDE|NWS|ORG|POL|PRE)~[-:]?~",
    tail=r"(?P<group><d>{2})~[-/]~(?P<number><d>{3,5})~[-/]~(?P<year><d>{4})(?!<d>)",
    form="{region} {group}/{number:03d}/{year}",
    word=r"[A-Z]{3}",
)

AHRC = Scheme(
    name="ahrc",
    example="AHRC-UAC-078-2012",
    published=r"(?:AHRC[- ][A-Z]{2,4}|AS)-[0-9]{1,3}-[0-9]{4}",
    head=r"(?:AHRC~[-/:_]?~(?P<kind>[A-Z]{2,4})~[-/_]?~|(?P<bare>AS|UAC|UAU|HAC|HAU)-~)",
    tail=r"(?P<number><d>{1,3})~[-/_]~(?P<year><d>{4})(?!<d>)",
    form="AHRC-{kind}-{number:03d}-{year}",
    word=r"[A-Z]{2,6}",
)

PEN = Scheme(
    name="pen",
    example="RAN 05/2018",
    published=r"RAN [0-9]{1,3}/[0-9]{4}",
    head=r"(?P<region>RAN)~[-:#]?~",
    tail=r"(?P<number><d>{1,3})~[-/.]~(?P<year><d>{4})(?!<d>)",
    form="{region} {number:02d}/{year}",
    word="RAN",
)

UN = Scheme(
    name="un",
    example="KAZ 2/2011",
    published=r"(?:(?:UA|AL|JUA|JAL|OL|OTH) )?[A-Z]{3} [0-9]{1,3}/[0-9]{4}",
    head=r"(?:(?P<lead>UA|AL|JUA|JAL|OL|OTH)~[-:/]?~)?(?P<country><a>{3})~[-:]?~",
    tail=r"(?P<number><d>{1,3})~[-/.]~(?P<year><d>{4})(?!<d>)",
    form="{country} {number:d}/{year}",
    word=r"[A-Z01|]{3}",
)

SCHEMES: tuple[Scheme, ...] = (OBSERVATORY, OMCT, AMNESTY_UA, AMNESTY_INDEX, AHRC, PEN, UN)
"""The built-in schemes; of two readings that are as good, the scheme that stands first has it."""

BUILT_IN = frozenset(scheme.name for scheme in SCHEMES)


@dataclass(frozen=True, slots=True)
class Matcher:
    """A scheme's patterns, compiled. `slip_head` and `slip_tail` also read what scanners get wrong."""

    scheme: Scheme
    published: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    slip_head: re.Pattern[str]
    slip_tail: re.Pattern[str]
    word: re.Pattern[str] | None


# Blanks, then up to two line breaks each with quoting marks. Possessive, so that nothing is tried twice; `=`
# is what is left of `=20` at the end of a line.
# Folded text has capitals, digits and `OTHER`, which stands for a letter of no account.
PART_OF_WORD = r"[A-Z0-9\x01]"
GAP = r"(?:[ =]{0,6}+(?:\n[ >|]{0,12}+){0,2}+)"
_LATER = r"(?:~[-,:]?~UPDATE~[-#:]?~(?P<later><d>{1,2}))?"
_READ = {"<d>": "[0-9]", "<a>": "[A-Z]", "<obs>": "OBS", "<ua>": "UA", "<point>": "[.]", "~": GAP}
_SLIPS = {
    "<d>": "[0-9OIL|]",
    "<a>": "[A-Z01|]",
    "<obs>": "[O0][B8][S5]",
    "<ua>": "(?:UA|VA)",
    "<point>": "[.,]",
    "~": GAP,
}


@lru_cache(maxsize=64)
def matcher(scheme: Scheme) -> Matcher:
    """Compile a scheme."""
    head, tail = rf"(?<!{PART_OF_WORD}){scheme.head}\Z", rf"{scheme.tail}{_LATER}(?!{PART_OF_WORD})"
    return Matcher(
        scheme,
        published=re.compile(scheme.published + r"(?: update [0-9]{1,2})?"),
        head=_compiled(head, _READ),
        tail=_compiled(tail, _READ),
        slip_head=_compiled(head, _SLIPS),
        slip_tail=_compiled(tail, _SLIPS),
        word=re.compile(scheme.word) if scheme.word is not None else None,
    )


def _compiled(notation: str, meaning: dict[str, str]) -> re.Pattern[str]:
    for sign, pattern in meaning.items():
        notation = notation.replace(sign, pattern)
    return re.compile(notation)
