"""Look whether everything that letters need is there: programs, libraries, fonts, wording, a place to write."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from urgent_appeals import packaged
from urgent_appeals.domain.problem import Severity
from urgent_appeals.errors import NotAWorkspace, TemplateError
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.render.engine import PANGO, WEASYPRINT, Engine, engine
from urgent_appeals.render.fonts import SANS, SANS_SEMIBOLD, SERIF, SERIF_SEMIBOLD, Fonts
from urgent_appeals.render.templates import Templates
from urgent_appeals.workspace.read import find_root

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
OLDEST_PYTHON = (3, 11)
_LIBRARIES = "install Pango and HarfBuzz: scripts/setup names the packages of your system"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is fine, what was found, and what to do where it is not."""

    name: str
    fine: bool
    found: str
    to_do: str | None = None


def examine(start: Path) -> tuple[Finding, ...]:
    """Return what was found, of the program and of the workspace of a directory, if it is in one."""
    return (_python(), *_engine(engine()), *_program(), *_workspace(start))


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
    yield from _templates(Templates(packaged.templates()), "install the program again")


def _templates(templates: Templates, remedy: str) -> Iterator[Finding]:
    missing = [fault for fault in (_unreadable(templates, name) for name in TEMPLATES) if fault]
    yield Finding(
        "templates", not missing, "; ".join(missing) or f"{len(TEMPLATES)} readable", remedy if missing else None
    )
    fonts = Fonts(templates)
    absent = [face for face in FACES if face not in fonts.files]
    if absent:
        yield Finding("fonts", fine=False, found=f"missing: {', '.join(absent)}", to_do=remedy)
        return
    yield Finding("fonts", fine=True, found=f"{len(fonts.files)} files")
    for language, alphabet in ALPHABETS.items():
        unwritable = fonts.unwritable(alphabet)
        told = f"cannot write {' '.join(unwritable)}" if unwritable else "every letter can be written"
        yield Finding(f"fonts for {language}", not unwritable, told, remedy if unwritable else None)


def _unreadable(templates: Templates, name: str) -> str | None:
    try:
        templates.read(name)
    except (TemplateError, OSError) as error:
        return str(error)
    return None


def _workspace(start: Path) -> Iterator[Finding]:
    try:
        root = find_root(start)
    except NotAWorkspace:
        yield Finding("workspace", fine=True, found="none here: only the program was looked at")
        return
    yield Finding("workspace", fine=True, found=str(root))
    desk = Desk.open(start)
    phrases = [p for p in desk.problems if p.file.startswith("templates/") and p.severity is Severity.ERROR]
    languages = desk.workspace.campaign.languages if desk.workspace.campaign is not None else ()
    absent = [language for language in languages if language not in desk.workspace.phrases]
    fine = not phrases and not absent
    told = "; ".join([*map(str, phrases), *(f"no wording in {language}" for language in absent)])
    there = f"complete in {' '.join(desk.workspace.phrases)}"
    yield Finding("phrases", fine, told or there, None if fine else "appeals check shows each place")
    built_in, own = desk.templates
    if own is not None:
        templates = Templates(built_in, own)
        faults = [fault for fault in (_unreadable(templates, name) for name in TEMPLATES) if fault]
        remedy = "take the file away, and the built-in one serves again"
        yield Finding("own templates", not faults, "; ".join(faults) or "readable", remedy if faults else None)
    yield _outbox(root)


def _outbox(root: Path) -> Finding:
    place = root / "outbox"
    place = place if place.exists() else root
    fine = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    to_do = None if fine else f"give yourself the right to write in {place}"
    return Finding("outbox", fine, "can be written to" if fine else f"{place} cannot be written to", to_do)
