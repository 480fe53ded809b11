"""Show the pages of an appeal as they will be, anew at every save: nothing is written, nothing recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.problem import Problem
from urgent_appeals.domain.publish import publish
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.domain.standing import standing
from urgent_appeals.domain.values import in_language
from urgent_appeals.errors import AppealsError, NotAWorkspace, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.watching import state
from urgent_appeals.render.press import Pages, Press
from urgent_appeals.workspace.read import find_root


@dataclass(frozen=True)
class Look:
    """What there is to show of an appeal, as its files are now; `fault` says why there is nothing."""

    version: str
    code: str = ""
    title: str = ""
    state: str = ""
    recipients: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    fault: str | None = None


@dataclass
class Preview:
    """The preview of one appeal; a page is laid out once for each state of the files."""

    start: Path
    typed: str
    on: date
    sender: str | None = None
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
            self._look = self._read(version)
        return self._look

    def page(self, recipient: str, language: str) -> Pages:
        """Return the letter to a recipient in a language, the bulletin without a recipient.

        Raises UnknownChoice, DefinitionsBroken, MissingWording, RenderError and what else holds up a letter.
        """
        look = self.look()
        if look.fault is not None or self._desk is None or self._appeal is None:
            raise UnknownChoice("page", recipient or "the bulletin", ())
        if language not in look.languages:
            raise UnknownChoice("language", language, look.languages)
        key = recipient, language
        if key not in self._pages:
            self._pages[key] = self._made(self._desk, self._appeal, recipient, language)
        return self._pages[key]

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
            language = next(iter(appeal.languages))
            prose = appeal.prose.get(language)
            title = (prose.title if prose is not None else None) or in_language(appeal.title, language)
            now = standing(appeal, desk.case(appeal), self.on)
            recipients = resolve(appeal.recipients, desk.workspace.directories).recipients
            named = ((each.id, in_language(each.office.name, language) or each.id) for each in recipients)
            return Look(
                version,
                str(appeal.code),
                title or "",
                f"{now.state.value}: {now.reason}" if now.reason else now.state.value,
                tuple(named),
                tuple(each for each in appeal.languages if each in appeal.prose),
                desk.problems_of(appeal),
            )
        except AppealsError as error:
            problems = getattr(error, "problems", ())
            return Look(
                version, problems=tuple(each for each in problems if isinstance(each, Problem)), fault=str(error)
            )

    def _named(self, desk: Desk) -> Appeal:
        """Return the appeal of a code, or of a folder, which is what an editor knows."""
        root = desk.workspace.root.resolve()
        folder = (self.start / self.typed).resolve()
        for appeal in desk.workspace.appeals:
            if folder == root / appeal.folder:
                return appeal
        return desk.appeal(self.typed)

    def _made(self, desk: Desk, appeal: Appeal, recipient: str, language: str) -> Pages:
        workspace = desk.workspace
        phrases = workspace.phrases.get(language)
        if phrases is None:
            raise UnknownChoice("language", language, tuple(workspace.phrases))
        press = self._press = self._press or Press(*desk.templates)
        if not recipient:
            bulletin = publish(
                appeal, campaign=desk.campaign, phrases=phrases, directories=workspace.directories, on=self.on
            )
            return press.bulletin(bulletin)
        known = {each.id: each for each in resolve(appeal.recipients, workspace.directories).recipients}
        if recipient not in known:
            raise UnknownChoice(f"recipient of {appeal.code}", recipient, tuple(known))
        letter = compose(
            appeal,
            known[recipient],
            campaign=desk.campaign,
            sender=self.sender or desk.campaign.sender,
            phrases=phrases,
            directories=workspace.directories,
            on=self.on,
        )
        return press.letter(letter)
