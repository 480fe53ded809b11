"""Build manifests that describe given contents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.builders import CODE, ON
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest, RecordedCode, digest


def a_record(path: str, content: bytes, **changes: Any) -> DocumentRecord:
    """Return the record of a document."""
    values: dict[str, Any] = {
        "path": path,
        "sha256": digest(content),
        "kind": "pdf",
        "language": "en",
        "on": ON,
    }
    return DocumentRecord.model_validate(values | changes)


def a_manifest(contents: Mapping[str, bytes], **changes: Any) -> Manifest:
    """Return the manifest of documents given by path and content."""
    values: dict[str, Any] = {
        "program": "0.1.0",
        "code": RecordedCode(canonical=CODE, written=CODE),
        "on": ON,
    }
    records = [a_record(path, content) for path, content in contents.items()]
    return Manifest.model_validate(values | changes).with_documents(records)
