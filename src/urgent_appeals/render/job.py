"""Make one document from plain data: fill the template, lay it out, choose the density, write the PDF.

The same code runs in this process for the built-in templates and in a child with limits for a workspace's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.templates import Filler, Templates

if TYPE_CHECKING:
    from urgent_appeals.render.pdf import LaidOut, Printer

LITTLE = 0.4
"""A last page filled to less than this looks like an oversight."""


@dataclass(frozen=True)
class Job:
    """What a document is made of: no objects, so that it can travel to another process.

    `densities` are tried in order. A letter is to come out on one page with each but the last; a document with
    `saves_page` is set with the first, unless that leaves little on its last page and another saves that page. None:
    only the template is filled.
    """

    item: str
    template: str
    data: Mapping[str, Any]
    sheets: tuple[str, ...] = ()
    assets: Mapping[str, bytes] | None = None
    densities: tuple[Mapping[str, Any], ...] = ()
    saves_page: bool = False


@dataclass(frozen=True)
class Made:
    """What came of it: the PDF, or the HTML where there was no layout to do."""

    body: bytes
    pages: int = 0
    density: str = ""


class Maker:
    """Make documents, keeping warm what they share."""

    def __init__(self, templates: Templates, fonts: Fonts) -> None:
        self._templates = templates
        self._fonts = fonts
        self._filler = Filler(templates)
        self._printer: Printer | None = None

    @property
    def printer(self) -> Printer:
        """The layout, with its fonts and style sheets; made when it is first needed."""
        if self._printer is None:
            from urgent_appeals.render.pdf import Printer

            self._printer = Printer(self._templates, self._fonts)
        return self._printer

    def make(self, job: Job) -> Made:
        """Return the document; raises TemplateError and RenderError."""
        if not job.densities:
            return Made(self._filler.fill(job.template, job.data).encode("utf-8"))
        laid_out, density = self._saving_a_page(job) if job.saves_page else self._on_one_page(job)
        return Made(laid_out.write(), laid_out.pages, str(density["name"]))

    def _on_one_page(self, job: Job) -> tuple[LaidOut, Mapping[str, Any]]:
        *tight, last = job.densities
        for density in tight:
            laid_out = self._lay_out(job, density)
            if laid_out.pages == 1:
                return laid_out, density
        return self._lay_out(job, last), last

    def _saving_a_page(self, job: Job) -> tuple[LaidOut, Mapping[str, Any]]:
        first, *others = job.densities
        laid_out = self._lay_out(job, first)
        if laid_out.pages > 1 and laid_out.last_page < LITTLE:
            for density in others:
                closer = self._lay_out(job, density)
                if closer.pages < laid_out.pages:
                    return closer, density
        return laid_out, first

    def _lay_out(self, job: Job, density: Mapping[str, Any]) -> LaidOut:
        html = self._filler.fill(job.template, {**job.data, "density": density})
        return self.printer.lay_out(html, job.sheets, job.assets or {}, job.item)
