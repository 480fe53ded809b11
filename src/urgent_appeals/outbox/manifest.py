"""Record what was made from what: the manifest of an appeal's folder, as a value and as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from urgent_appeals.domain.values import Value
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.names import MANIFEST, path_fault

FORMAT: Final = 2
"""The version of the manifest's format; it grows when an older program could not read it.

1: without envelope and paper of the documents.
"""
_READABLE: Final = (1, FORMAT)


def _checked_path(path: str) -> str:
    fault = path_fault(path)
    if fault is not None:
        raise ValueError(fault)
    return path


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
DocumentKind = Literal["pdf", "eml", "text", "bulletin", "fax"]
"""A letter in print, as a draft of a mail, as text, behind the cover page of a fax; or the bulletin."""
DocumentPath = Annotated[str, AfterValidator(_checked_path)]


class RecordedCode(Value):
    """A case code, in the form that is compared and in the issuer's spelling."""

    canonical: str
    written: str


class RecordedLink(Value):
    """What form a mail link took (whole, summary, subject), and how long it is, encoded."""

    form: Literal["whole", "summary", "subject"]
    encoded: int


class Override(Value):
    """That letters were made although the appeal was not open: its state, why, and the reason given for
    going on.
    """

    state: str
    because: str
    reason: str


class DocumentRecord(Value):
    """One document: where it lies in the appeal's folder, its SHA-256, and what it is.

    `on` is the day it was made as of; `pages` and `paper` where it has pages; `envelope` where an address is
    to show in its window; `email` tells whether the recipient has an address.
    """

    path: DocumentPath
    sha256: Digest
    kind: DocumentKind
    language: str
    on: date
    recipient: str | None = None
    sender: str | None = None
    pages: int | None = None
    envelope: str | None = None
    paper: str | None = None
    email: bool = False
    mailto: RecordedLink | None = None


class Manifest(Value):
    """What lies in an appeal's folder and what it was made from; the same inputs give the same text.

    `inputs` maps paths within the workspace to digests, `templates` names of templates, phrases and fonts
    to digests.
    """

    format: Literal[1, 2] = FORMAT
    program: str
    code: RecordedCode
    on: date
    inputs: Mapping[str, Digest] = Field(default_factory=dict)
    templates: Mapping[str, Digest] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    warnings: tuple[str, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each document by its path."""
        return {document.path: document.sha256 for document in self.documents}

    def with_documents(self, documents: Iterable[DocumentRecord]) -> Manifest:
        """Return the manifest with these documents, in the order of their paths."""
        return self.model_copy(update={"documents": tuple(sorted(documents, key=lambda document: document.path))})

    def merged(self, earlier: Manifest) -> Manifest:
        """Return what holds after a run limited to some letters: the earlier manifest, with what the run
        made anew.
        """
        documents = {document.path: document for document in (*earlier.documents, *self.documents)}
        merged = self.model_copy(
            update={
                "inputs": {**earlier.inputs, **self.inputs},
                "templates": {**earlier.templates, **self.templates},
                "overrides": tuple(dict.fromkeys((*earlier.overrides, *self.overrides))),
                "warnings": tuple(dict.fromkeys((*earlier.warnings, *self.warnings))),
            }
        )
        return merged.with_documents(documents.values())


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def to_json(manifest: Manifest) -> bytes:
    """Return the manifest as JSON: keys sorted, absent as null, one line a value, closed by a line break."""
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=2)
    return f"{text}\n".encode()


def from_json(content: bytes, path: str = MANIFEST) -> Manifest:
    """Return the manifest that a JSON text holds; `path` names the file in the message.

    Raises OutboxError for what is no manifest, or one of a format that this program does not know.
    """
    try:
        data = json.loads(content)
        if isinstance(data, dict) and data.get("format", FORMAT) not in _READABLE:
            raise OutboxError(path, f"has format {data['format']!r}, which this program does not read; use a newer one")
        return Manifest.model_validate(data)
    except (ValueError, RecursionError) as error:
        raise OutboxError(
            path, "is no manifest that can be read; move the folder away and make the letters anew"
        ) from error
