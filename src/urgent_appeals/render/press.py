"""Print letters and bulletins: the public face of the layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from urgent_appeals.domain.letter import Bulletin, Letter
from urgent_appeals.errors import RenderError
from urgent_appeals.limited import Limits
from urgent_appeals.render.bulletin import bulletin_data
from urgent_appeals.render.child import Child
from urgent_appeals.render.data import letter_data, texts
from urgent_appeals.render.density import BULLETIN, densities
from urgent_appeals.render.fax_cover import fax_cover_data
from urgent_appeals.render.finish import name_characters
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.html import Writer, isolated
from urgent_appeals.render.job import Job, Made, Maker
from urgent_appeals.render.mail_body import mail_data
from urgent_appeals.render.print_run import PrintRun, print_run_data
from urgent_appeals.render.qr import draw
from urgent_appeals.render.templates import Templates

__all__ = ["Limits", "Pages", "Press"]

_PLAIN = ("language", "direction", "digits", "title", "code")
"""What the bulletin's template puts into attributes and into the title, where there is no markup."""
_AS_IT_IS = ({"name": "as it is"},)
"""The density of a document that is set in one way only."""


@dataclass(frozen=True)
class Pages:
    """A document in print: the PDF, how many pages it has, and how densely it was set."""

    pdf: bytes
    pages: int
    density: str


class Press:
    """Make documents from the built-in templates and the workspace's own, keeping warm what they share.

    One for a run; a context manager, because the workspace's own templates are at work in a child process.
    """

    def __init__(self, built_in: Path, override: Path | None = None, limits: Limits = Limits()) -> None:  # noqa: B008
        self._templates = Templates(built_in, override)
        self._fonts = Fonts(self._templates)
        self._maker = Maker(self._templates, self._fonts)
        self._child = Child(built_in, override, limits) if self._templates.own() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.close()

    def letter(self, letter: Letter) -> Pages:
        """Return a letter in print, on one page where the text allows.

        Raises RenderError where it cannot be made as it should be (an address that does not fit, a character that
        no bundled font has, a warning of the layout), LimitExceeded and TemplateError where the workspace's own
        template takes too much or is wrong.
        """
        symbol = draw(letter.qr)
        job = Job(
            item=letter.item,
            template="letter.html",
            data=letter_data(letter, symbol, self._fonts),
            sheets=_sheets("letter", letter.phrases.direction),
            assets={"qr.svg": symbol.svg},
            densities=densities(letter, self._fonts),
        )
        return self._printed(job)

    def bulletin(self, bulletin: Bulletin) -> Pages:
        """Return the appeal as published, in print; raises as `letter` does."""
        symbol = draw(bulletin.qr)
        job = Job(
            item=f"the bulletin of {bulletin.code.canonical} in {bulletin.language}",
            template="bulletin.html",
            data=_isolated(bulletin_data(bulletin, symbol, self._fonts), bulletin),
            sheets=_sheets("bulletin", bulletin.phrases.direction),
            assets={"qr.svg": symbol.svg},
            densities=BULLETIN,
            saves_page=True,
        )
        return self._printed(job)

    def fax_cover(self, letter: Letter, number: str, pages: int) -> Pages:
        """Return the cover page of a letter that is faxed to a number, together with it so many pages; raises so."""
        sheets = ("base.css", "fax-cover.css", *(("rtl.css",) if letter.phrases.direction == "rtl" else ()))
        data = fax_cover_data(letter, number, pages)
        return self._printed(Job(letter.item, "fax-cover.html", data, sheets, densities=_AS_IT_IS))

    def print_run(self, run: PrintRun) -> Pages:
        """Return the list that lies on top of a print run; raises as `letter` does."""
        item = f"the list of the print run {run.name}"
        sheets = ("base.css", "print-run.css")
        return self._printed(Job(item, "print-run.html", print_run_data(run), sheets, densities=_AS_IT_IS))

    def mail_html(self, letter: Letter) -> str:
        """Return the HTML body of an email draft: no pictures, nothing from elsewhere; raises TemplateError."""
        job = Job(item=letter.item, template="mail.html", data=mail_data(letter))
        return self._made(job).body.decode("utf-8")

    def template_digests(self) -> dict[str, str]:
        """Return the SHA-256 of every template, style sheet, picture and font, by name."""
        return self._templates.digests()

    def _printed(self, job: Job) -> Pages:
        self._refuse_unwritable(job)
        made = self._made(job)
        return Pages(made.body, made.pages, made.density)

    def _made(self, job: Job) -> Made:
        return self._maker.make(job) if self._child is None else self._child.make(job)

    def _refuse_unwritable(self, job: Job) -> None:
        """Raise RenderError naming characters that would come out as empty boxes, and where they stand."""
        for where, text in texts(job.data):
            characters = self._fonts.unwritable(text)
            if characters:
                raise RenderError(job.item, f"no bundled font can write {name_characters(characters)} in {where}")


def _isolated(data: dict[str, Any], bulletin: Bulletin) -> dict[str, Any]:
    """Return a bulletin's data with every text that is not markup yet as a line of its language's.

    What runs the other way is marked, and blanks are those of French.
    """
    codes = (str(bulletin.code), *bulletin.earlier, *bulletin.other_codes)
    write = Writer(codes, (), direction=bulletin.phrases.direction, language=bulletin.language)
    return {key: data[key] for key in _PLAIN} | isolated(
        {key: each for key, each in data.items() if key not in _PLAIN}, write
    )


def _sheets(kind: str, direction: str) -> tuple[str, ...]:
    """Return the style sheets of a document; from right to left, what mirrors it comes last."""
    sheets = ("base.css", f"{kind}.css")
    return sheets if direction == "ltr" else (*sheets, "rtl.css", f"{kind}-rtl.css")
