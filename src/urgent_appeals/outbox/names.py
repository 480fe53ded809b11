"""Name the files of the outbox: safe on every platform, never outside, never two for one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

MANIFEST = "manifest.json"
LONGEST = 120
"""The longest name of a file or folder, in characters; some archives and platforms take little more."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_DEEPEST = 4


def name_fault(name: str) -> str | None:
    """Return why a name may not be that of a file or folder in the outbox, or None.

    Letters, digits, dot, underscore and hyphen only: no separators, control characters, or characters that
    change the direction of reading; no device of Windows; no leading or closing dot.
    """
    if not _NAME.fullmatch(name):
        return "may have only the letters A to Z, digits, '.', '_' and '-', and begins with a letter or digit"
    if name.endswith("."):
        return "ends with a dot"
    if _DEVICE.fullmatch(name):
        return "is the name of a device on Windows"
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} characters"
    return None


def path_fault(path: str) -> str | None:
    """Return why a path, with `/` between its names, may not be that of a document in an appeal's folder,
    or None.
    """
    if path == MANIFEST:
        return "is the manifest's own"
    names = path.split("/")
    if len(names) > _DEEPEST:
        return "lies too deep"
    faults = (name_fault(name) for name in names)
    return next((fault for fault in faults if fault is not None), None)


def stems(recipients: Iterable[str]) -> Mapping[str, str]:
    """Return how the file names of each recipient begin: `kazakhstan/president` → `kazakhstan-president`.

    Where two would begin alike (`a-b/c`, `a/b-c`), each gets a short hash of its id. Give all recipients of
    the appeal, not only those a run writes to, so that names are the same in every run.
    """
    plain = {recipient: recipient.replace("/", "-") for recipient in recipients}
    uses = Counter(stem.lower() for stem in plain.values())
    return {
        recipient: stem if uses[stem.lower()] == 1 else f"{stem}-{_short_hash(recipient)}"
        for recipient, stem in plain.items()
    }


def letter_path(stem: str, language: str, suffix: str, sender: str | None = None) -> str:
    """Return the path of a letter's document: `letters/<stem>_<language>[_<sender>].<suffix>`.

    A name that would be too long is cut, and gets a short hash of the whole.
    """
    whole = "_".join(part for part in (stem, language, sender) if part is not None)
    room = LONGEST - len(suffix) - 1
    name = whole if len(whole) <= room else f"{whole[: room - 9]}-{_short_hash(whole)}"
    return f"letters/{name}.{suffix}"


def bulletin_path(language: str) -> str:
    """Return the path of the bulletin in a language."""
    return f"bulletin_{language}.pdf"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
