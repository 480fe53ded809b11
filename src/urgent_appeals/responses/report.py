"""Read what mail servers and mail programs report of a mail in a form of their own: delivery status (RFC 3464, 6533)
and disposition (RFC 8098).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from urgent_appeals.responses.parts import Part

MOST_RECIPIENTS = 1000
_LONGEST_VALUE = 1000
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
_RECIPIENT_FIELDS = ("original-recipient", "x-actual-recipient", "final-recipient")
_ONCE_A_RECIPIENT = ("final-recipient", "action", "status")
_ADDRESS = re.compile(
    r"""(?:"(?:[^"\\\s]|\\.){1,64}"|[^\s<>@,;:"'()\[\]\\][^\s<>@,;:"()\[\]\\]{0,127})
    @[^\s<>@,;:"'()\[\]\\?=&/|*]{1,255}""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533, section 3
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]?\d)")


class Action(StrEnum):
    """What a server did with a mail for one recipient; `done` for all that is no failure."""

    FAILED = "failed"
    DELAYED = "delayed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Status:
    """What a delivery report says of one recipient: the address that was written to and the last one tried, the
    action as read and as written, the status code, and the words for it.
    """

    address: str
    final: str
    action: Action
    written: str
    code: str
    words: str


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses in a short text, each once, in their order; of a long one those at its beginning."""
    found = (match[0].rstrip(".") for match in _ADDRESS.finditer(text[:_LONGEST_VALUE]))
    return tuple(dict.fromkeys(one for one in found if one.isprintable() and ".." not in one))


def status_parts(mail: Part) -> Iterator[Part]:
    """Yield the parts of a mail that hold a delivery report."""
    return (part for part in mail.walk() if part.type in _STATUS_TYPES)


def statuses(part: Part) -> tuple[Status, ...]:
    """Return what a delivery report says of each recipient; without those of whom it does not say what was done."""
    found = (_status(block) for block in _blocks(part.text))
    return tuple(status for status in found if status is not None)[:MOST_RECIPIENTS]


def about_the_mail(part: Part) -> Mapping[str, str]:
    """Return the fields of a delivery report that are about the mail as a whole."""
    return next((block for block in _blocks(part.text) if not _is_of_recipient(block)), {})


def disposition(mail: Part) -> Mapping[str, str] | None:
    """Return the fields of a read receipt; None for a mail that is none."""
    for part in mail.walk():
        if part.type in _DISPOSITION_TYPES:
            merged: dict[str, str] = {}
            for block in _blocks(part.text):
                merged = {**block, **merged}
            if "disposition" in merged:
                return merged
    return None


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield groups of fields, which empty lines part; also where these are missing between two recipients."""
    block: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if line[:1] in (" ", "\t") and name and line.strip():
            block[name] = (block[name] + " " + line.strip())[:_LONGEST_VALUE]
        elif found:
            name = found[1].lower()
            if name in block and name in _ONCE_A_RECIPIENT:
                yield block
                block = {}
            block.setdefault(name, found[2].strip()[:_LONGEST_VALUE])
        elif not line.strip() and block:
            yield block
            block, name = {}, ""
    if block:
        yield block


def _is_of_recipient(block: Mapping[str, str]) -> bool:
    return any(name in block for name in (*_RECIPIENT_FIELDS, "action", "status"))


def _status(block: Mapping[str, str]) -> Status | None:
    named = [address for name in _RECIPIENT_FIELDS if (address := _typed_address(block.get(name, "")))]
    code = _STATUS.search(block.get("status", ""))
    action = _action(block.get("action", ""), code[1] if code else "")
    if action is None or not _is_of_recipient(block):
        return None
    words = block.get("diagnostic-code", "") or block.get("status", "")
    return Status(
        address=named[0] if named else "",
        final=_typed_address(block.get("final-recipient", "")),
        action=action,
        written=block.get("action", ""),
        code=code[1] if code else "",
        words=words,
    )


def _action(written: str, code: str) -> Action | None:
    """Return what was done: in the words of the report, else, where it has none, by the class of its code."""
    word = written.strip().lower()
    if word.startswith(("fail", "error")):
        return Action.FAILED
    if word.startswith("delayed"):
        return Action.DELAYED
    if word.startswith(("delivered", "relayed", "expanded")):
        return Action.DONE
    by_class = {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DONE}
    return by_class.get(code[:1])


def _typed_address(value: str) -> str:
    """Return the address of a field such as `rfc822; office@ministry.example`; empty for one of another kind."""
    kind, semicolon, rest = value.partition(";")
    if semicolon and kind.strip().lower() == "utf-8":
        value = _ESCAPED.sub(_character, rest)
    elif semicolon and kind.strip().lower() in ("rfc822", "local", "unknown", "smtp"):
        value = rest
    elif semicolon and "@" not in kind:
        return ""
    return next(iter(addresses_in(value)), "")


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else escaped[0]
