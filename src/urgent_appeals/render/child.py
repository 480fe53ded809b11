"""Make documents of a workspace's own templates in a child process with limits on time and memory.

Whatever a template loops over or swells, it costs one document: the document is named, and the next one gets a new
child. Bytes go to and fro in Base64.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from urgent_appeals.errors import AppealsError, LimitExceeded, RenderError, TemplateError
from urgent_appeals.limited import BeyondLimits, LimitedChild, Limits, NoChild, Work
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.job import Job, Made, Maker
from urgent_appeals.render.templates import Templates


class Child:
    """The parent's end."""

    def __init__(self, built_in: Path, override: Path | None, limits: Limits) -> None:
        templates = (str(built_in), str(override) if override else None)
        entry = "urgent_appeals.render.child:prepared"
        self._child = LimitedChild(entry, {"templates": templates}, limits, templates[0])

    def make(self, job: Job) -> Made:
        """Return the document; raises LimitExceeded, RenderError and TemplateError."""
        try:
            return _unpacked(self._child.ask(_packed(job)), job.item)
        except BeyondLimits as error:
            raise LimitExceeded(job.item, f"its templates took more than {error}") from None
        except NoChild as error:
            if error.told is not None:
                _unpacked(error.told, job.item)
            raise RenderError(job.item, "the process for the workspace's own templates does not start") from None

    def close(self) -> None:
        """End the child, if it runs."""
        self._child.close()


def prepared(setting: Mapping[str, Any]) -> Work | Mapping[str, Any]:
    """Return, in the child, what makes documents, having laid out a first page; or why there is nothing that does."""
    built_in, override = setting["templates"]
    templates = Templates(Path(built_in), Path(override) if override else None)
    maker = Maker(templates, Fonts(templates))
    try:
        maker.printer.lay_out("<html lang=en><title>-</title><p>-", (), {}, "warming up").write()
    except AppealsError as error:
        return _told(error)

    def work(request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            made = maker.make(_job(request))
        except MemoryError:
            raise
        except AppealsError as error:
            return _told(error)
        except Exception as error:  # noqa: BLE001 — one document's, whatever it is; the next needs this process
            return {"error": "render", "reason": f"{type(error).__name__}: {error}"}
        return {"body": base64.b64encode(made.body).decode(), "pages": made.pages, "density": made.density}

    return work


def _packed(job: Job) -> dict[str, Any]:
    assets = {name: base64.b64encode(body).decode() for name, body in (job.assets or {}).items()}
    return {
        "item": job.item,
        "template": job.template,
        "data": job.data,
        "sheets": job.sheets,
        "assets": assets,
        "densities": job.densities,
        "saves_page": job.saves_page,
    }


def _job(message: Mapping[str, Any]) -> Job:
    return Job(
        item=message["item"],
        template=message["template"],
        data=message["data"],
        sheets=tuple(message["sheets"]),
        assets={name: base64.b64decode(body) for name, body in message["assets"].items()},
        densities=tuple(message["densities"]),
        saves_page=message["saves_page"],
    )


def _told(error: AppealsError) -> dict[str, Any]:
    if isinstance(error, TemplateError):
        return {"error": "template", "template": error.template, "reason": error.reason, "line": error.line}
    reason = error.reason if isinstance(error, RenderError) else str(error)
    return {"error": "render", "reason": reason}


def _unpacked(message: Mapping[str, Any], item: str) -> Made:
    if message.get("error") == "template":
        raise TemplateError(message["template"], message["reason"], message["line"])
    if "error" in message:
        raise RenderError(item, message["reason"])
    return Made(base64.b64decode(message["body"]), message["pages"], message["density"])
