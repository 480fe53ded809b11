"""Lay out HTML and write PDF by WeasyPrint: the only module, with `fetcher` and `finish`, that touches it.

What is the same for every document is made once for each process: fonts, parsed style sheets.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from urgent_appeals.errors import RenderError
from urgent_appeals.render.finish import Finisher, is_ambiguous
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.templates import Templates

VARIANT = "pdf/a-3a"

_SLOW_ONLY = "Using fontTools instead of HarfBuzz-Subset"
"""The one warning that says nothing of the page: it takes longer without that library."""

_BLANK_AND_ELEMENT = re.compile(" (?=<(?:a|bdi|em|span|strong)[ >])")
_ZERO_WIDTH = "\u200b"
_NUDGES = 8
_BREAKDOWNS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class LaidOut:
    """A document in pages, not yet written."""

    def __init__(self, item: str, fonts: Fonts, lay_out: Callable[[], Any]) -> None:
        self._item = item
        self._fonts = fonts
        self._lay_out = lay_out
        self._document = lay_out()

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self._document.pages)

    @property
    def last_page(self) -> float:
        """How much of the last page's height is filled, from 0 to 1."""
        with _heeded(self._item):
            return self._filled()

    def _filled(self) -> float:
        page = self._document.pages[-1]._page_box  # noqa: SLF001 — nothing public tells where text ends
        body = page.children[0].children[0]
        bottom = max(
            (box.position_y + box.margin_height() for box in body.children if box.is_in_normal_flow()), default=0
        )
        return float((bottom - page.content_box_y()) / page.height)

    def write(self) -> bytes:
        """Return the PDF; raises RenderError on any warning."""
        for nudge in range(_NUDGES):  # One document in a hundred needs a second round; writing uses the pages up.
            finisher = Finisher(self._item, self._fonts, nudge)
            with _heeded(self._item), warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open.
                pdf: bytes = self._document.write_pdf(finisher=finisher, pdf_variant=VARIANT)
            if not is_ambiguous(pdf):
                return pdf
            self._document = self._lay_out()
        raise RenderError(self._item, "the PDF could not be written without an ambiguous stream")


class Printer:
    """Lay out pages with the templates' style sheets and fonts, and nothing from anywhere else."""

    def __init__(self, templates: Templates, fonts: Fonts) -> None:
        self._templates = templates
        self._fonts = fonts
        with fonts.configured():
            from weasyprint.text.fonts import FontConfiguration  # Takes 1.7 s, and reads the fonts.

            self._font_configuration = FontConfiguration()
        self._sheets: dict[str, Any] = {}

    def lay_out(self, html: str, sheets: Sequence[str], assets: Mapping[str, bytes], item: str) -> LaidOut:
        """Return the pages of an HTML document.

        Raises RenderError on any warning, and where it asks for a file or attachment that it may not have.
        """
        # A text before an element that fits its line but for the blank at its end is broken after its first word, as
        # if nothing more did: a blank of no width after that blank, which leaves no trace in the PDF, keeps it whole.
        marked = _BLANK_AND_ELEMENT.sub(f" {_ZERO_WIDTH}", html)
        return LaidOut(item, self._fonts, lambda: self._document(marked, sheets, assets, item))

    def _document(self, html: str, sheets: Sequence[str], assets: Mapping[str, bytes], item: str) -> Any:
        from weasyprint import HTML

        from urgent_appeals.render.fetcher import BASE, TemplateFetcher

        with _heeded(item):
            source = HTML(string=html, base_url=BASE, url_fetcher=TemplateFetcher(self._templates, assets))
            document = source.render(
                font_config=self._font_configuration,
                stylesheets=[self._sheet(name) for name in sheets],
                pdf_variant=VARIANT,
                cache={},  # For one document only: a picture of the same name is another picture in the next.
            )
        _refuse_attachments(document, item)
        return document

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            from weasyprint import CSS

            from urgent_appeals.render.fetcher import BASE, TemplateFetcher

            self._sheets[name] = CSS(
                string=self._templates.read(name).decode("utf-8"),
                base_url=BASE,
                url_fetcher=TemplateFetcher(self._templates),
                font_config=self._font_configuration,
            )
        return self._sheets[name]


class _Warnings(logging.Handler):
    """Collect what WeasyPrint warns of: a letter with a warning is a letter that lacks something."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith(_SLOW_ONLY):
            self.messages.append(message)


@contextmanager
def _heeded(item: str) -> Iterator[None]:
    """Turn every warning, and whatever breaks down inside WeasyPrint, into RenderError."""
    from weasyprint.urls import FatalURLFetchingError

    log, logger = _Warnings(), logging.getLogger("weasyprint")
    logger.addHandler(log)
    try:
        yield
    except FatalURLFetchingError as error:  # A BaseException, which passes every `except Exception`.
        raise RenderError(item, str(error)) from error
    except _BREAKDOWNS as error:
        raise RenderError(item, f"the layout breaks down: {type(error).__name__}: {error}") from error
    finally:
        logger.removeHandler(log)
    if log.messages:
        raise RenderError(item, f"the layout warns: {'; '.join(log.messages[:5])}")


def _refuse_attachments(document: Any, item: str) -> None:
    linked = [target for page in document.pages for kind, target, *_ in page.links if kind == "attachment"]
    if document.metadata.attachments or linked:
        raise RenderError(item, "a template attaches files (rel=attachment), which documents never carry")
