"""Look whether everything that letters need is there: programs, libraries, fonts, wording, a place to write.

What can only be known by trying is tried: a letter and a bulletin of the fictional sample are laid out, in memory.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.problem import Severity
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.errors import AppealsError, NotAWorkspace, TemplateError
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.render.engine import PANGO, WEASYPRINT, Engine, engine
from urgent_appeals.render.fonts import SANS, SANS_SEMIBOLD, SERIF, SERIF_SEMIBOLD, Fonts
from urgent_appeals.render.press import Press
from urgent_appeals.render.templates import Templates
from urgent_appeals.workspace.read import read

ALPHABETS = {
    "en": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789‘’“”–—…§№",
    "ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя«»",
    "kk": "ӘҒҚҢӨҰҮҺІәғқңөұүһі",
    "fr": "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸàâæçèéêëîïôœùûüÿ«»\u202f",
    "es": "ÁÉÍÑÓÚÜáéíñóúü¡¿ºª",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩،؛؟",
}
"""What each language is written with, beyond what the first has."""
FACES = (
    SERIF,
    SANS,
    SERIF_SEMIBOLD,
    SANS_SEMIBOLD,
    "AppealSerif-Italic",
    "AppealNaskh-Regular",
    "AppealNaskh-Semibold",
)
TEMPLATES = ("letter.html", "bulletin.html", "mail.html", "base.css", "letter.css", "bulletin.css")
TRIED = "UAD XAA 001/2026.01"
"""The appeal of the sample that is laid out, in its original and in a language from right to left."""
TRIED_LANGUAGES = ("en", "ar")
OLDEST_PYTHON = (3, 11)
_BUILT_IN = "take the file away, and the built-in one serves again"
_LIBRARIES = "install Pango and HarfBuzz: scripts/setup names the packages of your system"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is fine, what was found, and what to do where it is not.

    `known` is false of what was not, or could not be, looked at; it counts as fine.
    """

    name: str
    fine: bool
    found: str
    to_do: str | None = None
    known: bool = True


def examine(start: Path, says: Callable[[str], None] = lambda _: None) -> tuple[Finding, ...]:
    """Return what was found, of the program and of the workspace of a directory, if it is in one.

    `says` is told what is looked at.
    """
    says("reading the workspace")
    desk = _desk(start)
    says("laying out a letter on trial")
    with redirect_stdout(StringIO()):  # WeasyPrint tells there of missing libraries, and `engine` tells it too.
        trial = _trial(desk)  # Before `engine`: the first to load WeasyPrint decides which fonts it sees.
        found = engine()
    says("looking at fonts, templates and phrases")
    tried = (trial,) if found.weasyprint is not None else ()
    return (_python(), *_engine(found), *_program(), *_workspace(desk), *tried)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("Python", fine, version, None if fine else "install Python 3.11 or later, then run scripts/setup")


def _engine(found: Engine) -> Iterator[Finding]:
    if found.weasyprint is None:
        yield Finding("WeasyPrint", fine=False, found=found.fault or "missing", to_do=_LIBRARIES)
        return
    major = int(found.weasyprint.partition(".")[0])
    fine = WEASYPRINT[0] <= major < WEASYPRINT[1]
    wanted = f"install weasyprint>={WEASYPRINT[0]},<{WEASYPRINT[1]}"
    yield Finding("WeasyPrint", fine, found.weasyprint, None if fine else wanted)
    pango = found.pango or ""
    fine = _numbers(pango) >= PANGO
    yield Finding("Pango", fine, pango or "missing", None if fine else _LIBRARIES)
    yield Finding(
        "HarfBuzz", found.harfbuzz is not None, found.harfbuzz or "missing", None if found.harfbuzz else _LIBRARIES
    )
    told = "there" if found.subsetting else "missing: fonts cannot be cut to what a letter uses"
    to_do = None if found.subsetting else "install the library libharfbuzz-subset (Debian: libharfbuzz-subset0)"
    yield Finding("libharfbuzz-subset", found.subsetting, told, to_do)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _program() -> Iterator[Finding]:
    templates = Templates(packaged.templates())
    remedy = "install the program again"
    yield _templates("templates", templates, remedy)
    yield from _fonts(templates, remedy)


def _templates(name: str, templates: Templates, remedy: str) -> Finding:
    faults = [fault for fault in (_unreadable(templates, each) for each in TEMPLATES) if fault]
    return Finding(name, not faults, "; ".join(faults) or f"{len(TEMPLATES)} readable", remedy if faults else None)


def _fonts(templates: Templates, remedy: str) -> Iterator[Finding]:
    fonts = Fonts(templates)
    absent = [face for face in FACES if face not in fonts.files]
    broken = [path.name for path in fonts.files.values() if _is_broken(path)]
    if absent or broken:
        told = [f"missing: {', '.join(absent)}"] * bool(absent) + [f"no fonts: {', '.join(broken)}"] * bool(broken)
        yield Finding("fonts", fine=False, found="; ".join(told), to_do=remedy)
        return
    yield Finding("fonts", fine=True, found=f"{len(fonts.files)} files")
    for language, alphabet in ALPHABETS.items():
        unwritable = fonts.unwritable(alphabet)
        told_of = f"cannot write {' '.join(unwritable)}" if unwritable else "every letter can be written"
        yield Finding(f"fonts for {language}", not unwritable, told_of, remedy if unwritable else None)


def _is_broken(path: Path) -> bool:
    """Return whether a file that is named as a font cannot be read as one."""
    from fontTools.ttLib import TTFont, TTLibError  # it takes a while

    try:
        with TTFont(BytesIO(path.read_bytes()), lazy=True) as font:
            return not font.getBestCmap()
    except (TTLibError, OSError, ValueError, KeyError, AssertionError, struct.error):
        return True


def _unreadable(templates: Templates, name: str) -> str | None:
    try:
        templates.read(name)
    except (TemplateError, OSError) as error:
        return str(error)
    return None


def _desk(start: Path) -> Desk | None:
    try:
        return Desk.open(start)
    except NotAWorkspace:
        return None


def _workspace(desk: Desk | None) -> Iterator[Finding]:
    if desk is None:
        yield Finding("workspace", fine=True, found="none here: only the program was looked at")
        return
    root = desk.workspace.root
    yield Finding("workspace", fine=True, found=str(root))
    phrases = [p for p in desk.problems if p.file.startswith("templates/") and p.severity is Severity.ERROR]
    languages = desk.workspace.campaign.languages if desk.workspace.campaign is not None else ()
    absent = [language for language in languages if language not in desk.workspace.phrases]
    fine = not phrases and not absent
    told = "; ".join([*map(str, phrases), *(f"no wording in {language}" for language in absent)])
    there = f"complete in {' '.join(desk.workspace.phrases)}"
    yield Finding("phrases", fine, told or there, None if fine else "appeals check shows each place")
    yield from _own_templates(desk)
    yield _outbox(root)


def _own_templates(desk: Desk) -> Iterator[Finding]:
    try:
        built_in, own = desk.templates
    except TemplateError as error:
        yield Finding("own templates", fine=False, found=str(error), to_do="put the files themselves there")
        return
    if own is None:
        return
    templates = Templates(built_in, own)
    yield _templates("own templates", templates, _BUILT_IN)
    if (own / "fonts").is_dir():
        yield from (finding for finding in _fonts(templates, _BUILT_IN) if not finding.fine)


def _trial(desk: Desk | None) -> Finding:
    """Return whether letters and a bulletin of the sample can be laid out, with the templates of the workspace."""
    name, to_do = "trial letter", "put right what is named; what is not your own, install again"
    try:
        with Press(*(desk.templates if desk is not None else (packaged.templates(), None))) as press:
            pages = _laid_out(press)
    except (AppealsError, OSError, ImportError) as error:
        return Finding(name, fine=False, found=" ".join(str(error).split()) or type(error).__name__, to_do=to_do)
    return Finding(name, fine=True, found=f"letters in {' and '.join(TRIED_LANGUAGES)}, a bulletin: {pages} pages")


def _laid_out(press: Press) -> int:
    """Lay out letters in both directions, a mail and a bulletin, and return how many pages they have."""
    sample = read(packaged.root(), only=lambda appeal: str(appeal.code) == TRIED)
    campaign, appeal = sample.campaign, next((each for each in sample.appeals if str(each.code) == TRIED), None)
    if campaign is None or appeal is None:
        raise TemplateError(TRIED, "the sample is missing from this installation, or cannot be read")
    recipient = next(iter(resolve(appeal.recipients, sample.directories).recipients), None)
    if recipient is None or not sample.phrases.keys() >= set(TRIED_LANGUAGES):
        raise TemplateError(TRIED, "the sample is damaged: nobody is there to be written to, or no wording")
    on = appeal.dates.issued or date.min
    letters = [
        compose(
            appeal,
            recipient,
            campaign=campaign,
            sender=campaign.sender,
            phrases=sample.phrases[language],
            directories=sample.directories,
            on=on,
        )
        for language in TRIED_LANGUAGES
    ]
    press.mail_html(letters[0])
    phrases = sample.phrases[TRIED_LANGUAGES[0]]
    bulletin = publish(appeal, campaign=campaign, phrases=phrases, directories=sample.directories, on=on)
    return sum(press.letter(letter).pages for letter in letters) + press.bulletin(bulletin).pages


def _outbox(root: Path) -> Finding:
    place = root / "outbox"
    place = place if place.exists() else root
    fine = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    to_do = None if fine else f"give yourself the right to write in {place}"
    return Finding("outbox", fine, "can be written to" if fine else f"{place} cannot be written to", to_do)
