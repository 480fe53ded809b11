"""Every bar of a letter, for every appeal, update, language, recipient and envelope there is; and of every bulletin.

What is tried is read off the folders of `appeals/`, each on the first day on which it is open, so that another appeal
or language is tried as soon as it is there. All recipients for all envelopes: several hundred letters, in this process,
a test for each appeal, language and envelope, so that they spread over the workers: some two minutes on two idle cores.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
import zxingcpp
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from tests.render import facts, windows
from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.domain.standing import standing
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.render.envelope import A4, envelope
from urgent_appeals.render.press import Pages, Press

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = sorted((path.parent.relative_to(ROOT).as_posix(), path.stem) for path in ROOT.glob("appeals/*/*/*.md"))
"""Every appeal, as its folder, with each language that it is written in."""
ENVELOPE_NAMES: tuple[EnvelopeName, ...] = get_args(EnvelopeName)
BUNDLED = ("AppealSerif", "AppealSans", "AppealNaskh")
DAYS_TO_LOOK = 90

SIXTEEN_REQUESTS = "appeals/UAD-KAZ-001-2004/00", "kazakhstan/government"
"""Sixteen requested actions under eight headings: more than a page on any paper."""
THIRTEEN_PARAGRAPHS = "appeals/UAD-KAZ-001-2019/00"
"""Thirteen recommendations of several lines each: a page of A4, and more than US Letter has, 17.6 mm shorter."""
PAGES = {
    **{(*SIXTEEN_REQUESTS, name): 2 for name in ENVELOPE_NAMES},
    (THIRTEEN_PARAGRAPHS, "kazakhstan/government", "us-10"): 2,
    (THIRTEEN_PARAGRAPHS, "united-nations/human-rights-council", "us-10"): 2,
}
"""The letters that take more than one page, all others one: (folder, recipient, envelope)."""

every_text = pytest.mark.parametrize(("folder", "language"), WRITTEN, ids=lambda given: given.removeprefix("appeals/"))
every_envelope = pytest.mark.parametrize("name", ENVELOPE_NAMES)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.open(ROOT)


@pytest.fixture(scope="module")
def press(desk: Desk) -> Iterator[Press]:
    with Press(*desk.templates) as warm:
        yield warm


def _appeal(desk: Desk, folder: str) -> Appeal:
    return next(appeal for appeal in desk.workspace.appeals if appeal.folder == folder)


def _day(desk: Desk, appeal: Appeal) -> date:
    """Return the first day on which letters may be made, the day of issue for a stop, which has none."""
    issued = appeal.dates.issued
    assert issued is not None
    if appeal.kind is Kind.STOP:
        return issued
    days = (issued + timedelta(days=later) for later in range(DAYS_TO_LOOK))
    return next(day for day in days if standing(appeal, desk.case(appeal), day).is_open)


def _recipients(desk: Desk, appeal: Appeal) -> tuple[Recipient, ...]:
    return () if appeal.kind is Kind.STOP else resolve(appeal.recipients, desk.workspace.directories).recipients


def _letters(desk: Desk, folder: str, language: str, name: EnvelopeName) -> list[Letter]:
    appeal, workspace, campaign = _appeal(desk, folder), desk.workspace, desk.campaign
    return [
        compose(
            appeal,
            recipient,
            campaign=campaign,
            sender=campaign.sender,
            phrases=workspace.phrases[language],
            directories=workspace.directories,
            on=_day(desk, appeal),
            envelope=name,
        )
        for recipient in _recipients(desk, appeal)
    ]


def faults(letter: Letter, pdf: bytes) -> list[str]:
    """Return what is wrong with a letter in print, in words; the number of its pages aside."""
    kind, code, words = envelope(letter.envelope), str(letter.code), facts.words(pdf)
    seen, paper = windows.shown(kind, words), windows.page(pdf)
    found = _of_the_document(pdf, kind.paper.width, kind.paper.height)
    if strays := windows.outside(kind, seen, paper):
        found.append(f"out of the safe zone: {strays}")
    if not windows.says_the_address(letter, kind, seen):
        found.append(f"in the window: {[word.text for word in seen]}")
    if windows.has_other_ink(kind, seen, paper):
        found.append("in the window: what is no word")
    if (codes := [symbol.text for symbol in zxingcpp.read_barcodes(paper)]) != [letter.qr]:
        found.append(f"QR codes: {codes}")
    if letter.qr != f"{code}:{letter.addressee.recipient}":
        found.append(f"the QR code is to say {letter.qr}")
    return found + _pages_without(code, words)


def _of_the_document(pdf: bytes, width: float, height: float) -> list[str]:
    found = [f"standard: {failure}" for failure in facts.failures(pdf)]
    fonts = facts.fonts(pdf)
    found += [f"font: {font}" for font in sorted(fonts) if font.partition("-")[0] not in BUNDLED]
    found += [] if fonts else ["no font"]
    return found + [f"paper: {size}" for size in set(facts.sizes(pdf)) if size != (round(width, 1), round(height, 1))]


def _pages_without(code: str, words: list[facts.Word]) -> list[str]:
    pages = {word.page: "" for word in words}
    for word in words:
        pages[word.page] += f"{word.text} "
    return [f"page {number} is without the code" for number, text in pages.items() if code not in text]


# ── every letter and every bulletin ──


def test_every_text_of_every_appeal_is_tried(desk: Desk) -> None:
    read = {(appeal.folder, language) for appeal in desk.workspace.appeals for language in appeal.languages}
    assert read == set(WRITTEN)
    letters = [_recipients(desk, _appeal(desk, folder)) for folder, _ in WRITTEN]
    assert sum(map(len, letters)) > 70


@every_envelope
@every_text
def test_every_letter_keeps_both_standards_its_window_its_codes_and_its_pages(
    desk: Desk, press: Press, folder: str, language: str, name: EnvelopeName
) -> None:
    for letter in _letters(desk, folder, language, name):
        made, recipient = press.letter(letter), letter.addressee.recipient
        assert faults(letter, made.pdf) == [], recipient
        assert made.pages == PAGES.get((folder, recipient, name), 1), recipient


@every_text
def test_every_bulletin_keeps_both_standards_and_has_its_code_on_every_page(
    desk: Desk, press: Press, folder: str, language: str
) -> None:
    appeal, workspace = _appeal(desk, folder), desk.workspace
    bulletin = publish(
        appeal,
        campaign=desk.campaign,
        phrases=workspace.phrases[language],
        directories=workspace.directories,
        on=_day(desk, appeal),
    )
    pdf, code = press.bulletin(bulletin).pdf, str(appeal.code)
    assert _of_the_document(pdf, A4.width, A4.height) == []
    assert _pages_without(code, facts.words(pdf)) == []
    assert facts.qr_codes(pdf) == [f"{code}:bulletin"]


# ── that the test can fail ──


@pytest.fixture(scope="module")
def letter(desk: Desk) -> Letter:
    return _letters(desk, "appeals/UAD-XAA-001-2026/01", "en", "din-b")[0]


@pytest.fixture(scope="module")
def good(press: Press, letter: Letter) -> Pages:
    return press.letter(letter)


def _with_style(folder: Path, letter: Letter, css: str) -> bytes:
    """Return a letter as a workspace's own style sheet spoils it."""
    own = folder / "templates"
    own.mkdir()
    usual = ROOT / "templates/letter.css"
    (own / "letter.css").write_text(f"{usual.read_text(encoding='utf-8')}\n{css}\n", encoding="utf-8")
    with Press(ROOT / "templates", own) as press:
        return press.letter(letter).pdf


@pytest.mark.parametrize(
    ("css", "fault"),
    [
        pytest.param(".addressee { margin-left: 30mm }", "out of the safe zone", id="an address too far right"),
        pytest.param(".addressee { margin-top: 12mm }", "out of the safe zone", id="an address too low"),
        pytest.param(".addressee { margin-top: 60mm }", "in the window: [", id="an address that is not there"),
        pytest.param(".reference { margin-left: -40mm }", "in the window: [", id="other words in the window"),
        pytest.param(".qr { margin-left: -60mm }", "in the window: what is no word", id="a picture in the window"),
        pytest.param(".qr { visibility: hidden }", "QR codes: []", id="no QR code"),
        pytest.param(".qr { transform: scale(0.3) }", "QR codes: []", id="a QR code too small to be scanned"),
        pytest.param("@page { size: A5 }", "paper: ", id="another paper"),
    ],
)
def test_what_a_style_sheet_spoils_is_found(tmp_path: Path, letter: Letter, css: str, fault: str) -> None:
    found = faults(letter, _with_style(tmp_path, letter, css))
    assert [each for each in found if each.startswith(fault)], found


def test_a_letter_of_another_is_found(desk: Desk, good: Pages) -> None:
    folder, language = "appeals/UAD-XAA-001-2026/00", "en"
    other = _letters(desk, folder, language, "nf")[1]
    kinds = {fault.partition(":")[0] for fault in faults(other, good.pdf)}
    assert {"out of the safe zone", "in the window", "QR codes"} <= kinds
    assert "page 1 is without the code" in _pages_without("UAD XAA 001/2026.07", facts.words(good.pdf))


def test_a_font_of_another_family_and_a_standard_not_kept_are_found(letter: Letter, good: Pages) -> None:
    assert faults(letter, good.pdf) == []
    writer = PdfWriter(clone_from=PdfReader(BytesIO(good.pdf)))
    for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font.get_object()[NameObject("/BaseFont")] = NameObject("/ABCDEF+Arial")
    del writer.root_object["/MarkInfo"]
    spoiled = BytesIO()
    writer.write(spoiled)
    kinds = {fault.partition(":")[0] for fault in faults(letter, spoiled.getvalue())}
    assert {"standard", "font"} <= kinds
