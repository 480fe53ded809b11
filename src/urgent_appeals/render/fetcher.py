"""Serve the files of the templates, and nothing else, to WeasyPrint (the only subclass of its fetcher).

WeasyPrint's own fetcher reads any file and any address. This one knows one host, which no network can reach, and
takes paths below it for names of template files; whatever else a page asks for stops the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from urgent_appeals.errors import TemplateError
from urgent_appeals.render.templates import Templates

BASE = "https://templates.invalid/"
"""Where templates think they are. `.invalid` never resolves (RFC 6761); `https`, so that relative addresses join."""

_PATH = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*")
_TYPES = {
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "ttf": "font/ttf",
    "otf": "font/otf",
}


class TemplateFetcher(URLFetcher):  # type: ignore[misc]
    """Answer requests for template files and for the pictures made for one document."""

    def __init__(self, templates: Templates, assets: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._templates = templates
        self._assets = assets or {}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return the file that an address names; raises FatalURLFetchingError, which WeasyPrint cannot swallow."""
        del headers
        path = url.removeprefix(BASE)
        suffix = path.rpartition(".")[2]
        if not url.startswith(BASE) or not _PATH.fullmatch(path) or suffix not in _TYPES:
            raise FatalURLFetchingError(f"a page may use files of the templates only, not {url[:200]!r}")
        try:
            body = self._assets[path] if path in self._assets else self._templates.read(path)
        except TemplateError as error:
            raise FatalURLFetchingError(str(error)) from error
        return URLFetcherResponse(url, body, {"Content-Type": _TYPES[suffix]})
