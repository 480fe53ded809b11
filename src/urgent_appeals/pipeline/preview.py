"""Show the pages, the email draft and the text of an appeal as they will be, anew at every save.

Nothing is written, nothing recorded.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import EnvelopeName
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.problem import Problem
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.domain.standing import standing
from urgent_appeals.domain.values import in_language
from urgent_appeals.errors import AppealsError, NotAWorkspace, UnknownChoice
from urgent_appeals.outbox.names import letter_path, stems
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.letters import ENVELOPE_NAMES
from urgent_appeals.pipeline.watching import state
from urgent_appeals.render.mail import draft
from urgent_appeals.render.mailto import mail_link
from urgent_appeals.render.press import Pages, Press
from urgent_appeals.render.sheets import sheet_sizes, single_sheet
from urgent_appeals.render.text import letter_text
from urgent_appeals.workspace.read import find_root


@dataclass(frozen=True)
class Look:
    """What there is to show of an appeal, as its files are now; `error` says why there is nothing."""

    version: str
    code: str = ""
    title: str = ""
    state: str = ""
    envelope: str = ""
    recipients: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    error: AppealsError | None = None

    @property
    def fault(self) -> str | None:
        """Why there is nothing to show, in words."""
        return None if self.error is None else str(self.error)


@dataclass(frozen=True)
class Draft:
    """An email draft as a mail program reads it: its headers, its two bodies, what is attached (with its size).

    `link` tells of the mail link, None where the directory has no address.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachment: tuple[str, int]
    link: str | None


@dataclass
class Preview:
    """The preview of one appeal; a page is laid out once for each state of the files."""

    start: Path
    typed: str
    on: date
    sender: str | None = None
    envelope: EnvelopeName | None = None
    _look: Look | None = None
    _desk: Desk | None = None
    _appeal: Appeal | None = None
    _press: Press | None = None
    _pages: dict[tuple[str, str], Pages] = field(default_factory=dict)

    def close(self) -> None:
        """Let go of the layout engine."""
        if self._press is not None:
            self._press.close()
            self._press = None

    def look(self) -> Look:
        """Return what there is to show; the files are read again where one was saved since."""
        version = self._version()
        if self._look is None or self._look.version != version:
            self._pages.clear()
            self.close()  # a template may have been saved
            self._desk = self._appeal = None
            self._look = self._read(version)
        return self._look

    def page(self, recipient: str, language: str) -> Pages:
        """Return the letter to a recipient in a language, the bulletin without a recipient.

        Raises UnknownChoice, DefinitionsBroken, MissingWording, RenderError and what else holds up a letter.
        """
        self._refuse_unknown(recipient, language)
        key = recipient, language
        if key not in self._pages:
            press = self._press = self._press or Press(*self._opened.templates)
            self._pages[key] = (
                press.letter(self._letter(recipient, language)) if recipient else self._bulletin(press, language)
            )
        return self._pages[key]

    def sheets(self, recipient: str, language: str) -> tuple[tuple[float, float], ...]:
        """Return width and height of every page in millimetres; raises as `page` does."""
        return sheet_sizes(self.page(recipient, language).pdf)

    def sheet(self, recipient: str, language: str, number: int) -> bytes:
        """Return one page, counted from 1, as a PDF; raises as `page` does, UnknownChoice where there is none."""
        pages = self.page(recipient, language)
        try:
            return single_sheet(pages.pdf, number)
        except IndexError:
            raise UnknownChoice("page", str(number), [str(each + 1) for each in range(pages.pages)]) from None

    def draft(self, recipient: str, language: str) -> Draft:
        """Return the email draft to a recipient in a language; raises as `page` does, and UnsafeHeader."""
        pages = self.page(recipient, language)
        letter = self._letter(recipient, language)
        press = self._press = self._press or Press(*self._opened.templates)
        known = resolve(self._shown.recipients, self._opened.workspace.directories).recipients
        suffix = letter.signatory.sender if letter.signatory.sender != self._opened.campaign.sender else None
        path = letter_path(stems(each.id for each in known)[recipient], language, "pdf", suffix)
        data = draft(letter, pdf=pages.pdf, pdf_name=PurePosixPath(path).name, html=press.mail_html(letter))
        link = mail_link(letter)
        return _as_read(data, None if link is None else f"{link.form}, {link.encoded} characters")

    def text(self, recipient: str, language: str) -> str:
        """Return the plain text of a letter; raises as `page` does."""
        self._refuse_unknown(recipient, language)
        return letter_text(self._letter(recipient, language))

    def direction(self, language: str) -> str:
        """Return which way a language runs: `ltr` or `rtl`."""
        return self._phrases(language).direction

    @property
    def _opened(self) -> Desk:
        if self._desk is None:
            raise UnknownChoice("page", self.typed, ())
        return self._desk

    @property
    def _shown(self) -> Appeal:
        if self._appeal is None:
            raise UnknownChoice("page", self.typed, ())
        return self._appeal

    def _refuse_unknown(self, recipient: str, language: str) -> None:
        look = self.look()
        if look.error is not None:
            raise look.error
        if language not in look.languages:
            raise UnknownChoice("language", language, look.languages)
        known = tuple(each for each, _ in look.recipients)
        if recipient and recipient not in known:
            raise UnknownChoice(f"recipient of {look.code}", recipient, known)

    def _version(self) -> str:
        try:
            told = repr(sorted(state(find_root(self.start)).items()))
        except NotAWorkspace:
            return "gone"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _read(self, version: str) -> Look:
        try:
            desk = self._desk = Desk.open(self.start, self.on)
            appeal = self._appeal = self._named(desk)
            _refuse_other("sender", self.sender, tuple(desk.campaign.senders))
            _refuse_other("envelope", self.envelope, ENVELOPE_NAMES)
            language = next(iter(appeal.languages))
            prose = appeal.prose.get(language)
            title = (prose.title if prose is not None else None) or in_language(appeal.title, language)
            now = standing(appeal, desk.case(appeal), self.on)
            recipients = resolve(appeal.recipients, desk.workspace.directories).recipients
            named = ((each.id, in_language(each.office.name, language) or each.id) for each in recipients)
            return Look(
                version=version,
                code=str(appeal.code),
                title=title or "",
                state=f"{now.state.value}: {now.reason}" if now.reason else now.state.value,
                envelope=self.envelope or desk.campaign.envelope,
                recipients=tuple(named),
                languages=tuple(each for each in appeal.languages if each in appeal.prose),
                problems=desk.problems_of(appeal),
            )
        except AppealsError as error:
            problems = getattr(error, "problems", ())
            return Look(version, problems=tuple(each for each in problems if isinstance(each, Problem)), error=error)

    def _named(self, desk: Desk) -> Appeal:
        """Return the appeal of a code, or of a folder, which is what an editor knows."""
        root = desk.workspace.root.resolve()
        folder = (self.start / self.typed).resolve()
        for appeal in desk.workspace.appeals:
            if folder == root / appeal.folder:
                return appeal
        return desk.appeal(self.typed)

    def _phrases(self, language: str) -> Phrases:
        known = self._opened.workspace.phrases
        if language not in known:
            raise UnknownChoice("language", language, tuple(known))
        return known[language]

    def _bulletin(self, press: Press, language: str) -> Pages:
        desk = self._opened
        return press.bulletin(
            publish(
                self._shown,
                campaign=desk.campaign,
                phrases=self._phrases(language),
                directories=desk.workspace.directories,
                on=self.on,
            )
        )

    def _letter(self, recipient: str, language: str) -> Letter:
        desk = self._opened
        known = {each.id: each for each in resolve(self._shown.recipients, desk.workspace.directories).recipients}
        if recipient not in known:
            raise UnknownChoice(f"recipient of {self._shown.code}", recipient, tuple(known))
        return compose(
            self._shown,
            known[recipient],
            campaign=desk.campaign,
            sender=self.sender or desk.campaign.sender,
            phrases=self._phrases(language),
            directories=desk.workspace.directories,
            on=self.on,
            envelope=self.envelope,
        )


def _refuse_other(kind: str, typed: str | None, known: tuple[str, ...]) -> None:
    if typed is not None and typed not in known:
        raise UnknownChoice(kind, typed, known)


def _as_read(data: bytes, link: str | None) -> Draft:
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = {part.get_content_type(): part for part in message.walk()}
    pdf = parts["application/pdf"]
    return Draft(
        headers=tuple((name, str(message[name])) for name in message if name not in ("MIME-Version", "Content-Type")),
        text=parts["text/plain"].get_content(),
        html=parts["text/html"].get_content(),
        attachment=(pdf.get_filename() or "", len(pdf.get_content())),
        link=link,
    )
