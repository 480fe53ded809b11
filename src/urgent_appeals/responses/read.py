"""Read a response: what it is and why, who sent it, and the codes that it quotes, each with its place.

A mail is first looked at for what machines report, then for what a supporter reports or passes on, and is a reply only
where something in it answers or quotes. Pure: bytes in, values out; never raises. Reading images is left to what is
handed in, for it needs programs that may not be there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from urgent_appeals.domain.case_code import CaseCode
from urgent_appeals.domain.response import (
    LONGEST_TEXT,
    Evidence,
    ReadResponse,
    Reported,
    ResponseKind,
    Source,
    Where,
)
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.responses.action_report import ActionReport, action_report, report_slip
from urgent_appeals.responses.attached_text import AttachedText, attached_texts, is_image, is_pdf
from urgent_appeals.responses.automatic import Automatic, automatic_in
from urgent_appeals.responses.bounces import Bounce, bounce_in
from urgent_appeals.responses.evidence import evidence
from urgent_appeals.responses.message import Attachment, Message, plain_text, read_message
from urgent_appeals.responses.passing_on import NO_MAIL, PassedOn, attached_messages, gives_back, passed_on
from urgent_appeals.responses.places import Places
from urgent_appeals.responses.quoting import Part, Place, Split, split
from urgent_appeals.responses.returned_post import returned_post
from urgent_appeals.responses.text import SAMPLE, Kind, extract, kind_of

MOST_SCANNED = 10
_Value = TypeVar("_Value")
_MAILS: tuple[Source, ...] = ("eml", "mbox", "imap")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read of an image, or of the pages of a PDF: the texts of its QR codes, its text, what went wrong."""

    marks: tuple[str, ...] = ()
    text: str = ""
    faults: tuple[str, ...] = ()


Scan = Callable[[bytes], Scanned]
"""Reads an image or a PDF; must not raise."""


def no_scan(_: bytes) -> Scanned:
    """Read nothing, where no scanner is there."""
    return Scanned()


def read_response(  # noqa: PLR0913  # how it came in, and the two things that only some have at hand
    raw: bytes,
    name: str = "",
    schemes: Sequence[Scheme] = SCHEMES,
    known: Collection[CaseCode] = (),
    *,
    source: Source | None = None,
    scan: Scan = no_scan,
) -> ReadResponse:
    """Return what a response says; never raises, whatever the bytes are.

    `source` is how it came in, where its content does not tell: what comes from a mailbox is a mail. `known` are codes
    that make near misses into suggestions.
    """
    reading = _Reading(Places(schemes, known), scan)
    is_mail = source in _MAILS or (source is None and kind_of(raw[:SAMPLE], name) is Kind.MAIL)
    if is_mail:
        return reading.mail(read_message(raw), source or "eml")
    return reading.paper(raw, name, source)


@dataclass(slots=True)
class _Reading:
    """One response on its way through being read."""

    places: Places
    scan: Scan
    faults: list[str] = field(default_factory=list)

    def mail(self, message: Message, source: Source) -> ReadResponse:
        """Return what a mail says."""
        failed = bounce_in(message.part)
        self.places.look(Where.SUBJECT, message.subject)
        if failed is not None:
            return self._told(message, source, **self._bounce(message, failed))
        parts = split(message.body, message.subject)
        passed = passed_on(message, parts)
        if passed is not None and automatic_in(message.part, subject=message.subject, text=parts.new) is None:
            return self._passed_on(message, parts, passed, source)
        return self._own(message, parts, source)

    def paper(self, raw: bytes, name: str, source: Source | None) -> ReadResponse:
        """Return what a PDF, an image or a plain text says, which bears no header."""
        is_picture = is_image(raw)
        told = "" if is_picture else self._extracted(raw, name)
        told = "\n".join(one for one in (told, *self._scanned([Attachment(name, "", raw)])) if one.strip())
        parts = split(told) if not (is_picture or is_pdf(raw)) else Split(told, (Part(Place.NEW, 0, len(told)),))
        text = _cut(_of(parts, Place.NEW, Place.SIGNATURE))
        codes = self.places.look(Where.NEW, text)
        self.places.look(Where.ATTACHMENT, name)
        self.places.look(Where.QUOTED, f"{parts.quoted}\n{_of(parts, Place.FORWARDED)}")
        came_back = returned_post(text, "the text")
        report = action_report(text, codes=[(code.start, code.end) for code in codes])
        machine = automatic_in(NO_MAIL, subject="", text=parts.new)
        kind, why = _kind_of_own(came_back, report, machine, self._reasons((), parts))
        default: Source = "image" if is_picture else "pdf" if is_pdf(raw) else "text"
        return ReadResponse(
            kind=kind,
            evidence=why,
            codes=self.places.in_order(),
            text=text,
            reported=report.reported if report else (),
            number=machine.number if machine else "",
            faults=self._all_faults(),
            source=source or default,
        )

    def _own(self, message: Message, parts: Split, source: Source) -> ReadResponse:
        """Return what a mail says that its sender wrote."""
        text = _cut(_of(parts, Place.NEW, Place.SIGNATURE))
        codes = self.places.look(Where.NEW, text)
        self.places.look(Where.FORWARDED, _of(parts, Place.FORWARDED))
        for inner in attached_messages(message):
            self.places.look(Where.FORWARDED, f"{inner.subject}\n{inner.body}")
        self.places.look(Where.QUOTED, parts.quoted)
        attached = self._attached(message.attachments)
        day = message.date.date() if message.date else None
        spans = [(code.start, code.end) for code in codes]
        report = action_report(text, near=day, codes=spans) or _slip(attached)
        seen = (returned_post(one.text, f"the attachment {one.attachment.name}".strip()) for one in attached)
        came_back = returned_post(parts.new, "the text") or next((one for one in seen if one is not None), None)
        machine = automatic_in(message.part, subject=message.subject, text=parts.new)
        if machine is not None and machine.by_machine:
            came_back = report = None
        reasons = self._reasons(message.threads, parts)
        if parts.new.strip() and (ours := gives_back(message, parts)) is not None:
            reasons = (*reasons, evidence("gives back the mail that it answers", "message/rfc822", ours))
        kind, why = _kind_of_own(came_back, report, machine, reasons)
        return self._told(
            message,
            source,
            kind=kind,
            evidence=why,
            text=text,
            reported=report.reported if report else (),
            threads=_each((*message.threads, *(machine.message_ids if machine else ()))),
            number=machine.number if machine else "",
        )

    def _passed_on(self, message: Message, parts: Split, passed: PassedOn, source: Source) -> ReadResponse:
        """Return what a reply says that somebody passes on, with them as its bearer."""
        inner = split(passed.text, passed.subject)
        mail = passed.message or Message(NO_MAIL)
        failed = bounce_in(mail.part)
        machine = automatic_in(mail.part, subject=passed.subject, text=inner.new)
        told: dict[str, Any] = {
            "text": _cut(_of(inner, Place.NEW, Place.SIGNATURE)),
            "kind": ResponseKind.FORWARDED_REPLY,
        }
        told["addressed"] = _each((*message.addressed, *mail.addressed))
        why = [passed.evidence]
        if failed is not None:
            told |= self._bounce(mail, failed)
            why += failed.evidence
        else:
            self.places.look(Where.NEW, told["text"])
            self.places.look(Where.QUOTED, inner.quoted)
        if failed is None and machine is not None:
            told |= {"kind": ResponseKind(machine.kind.value), "number": machine.number}
            why += machine.evidence
        told |= {
            "evidence": tuple(why),
            "sender": passed.sender,
            "bearer": message.sender,
            "subject": passed.subject or message.subject,
            "date": passed.date or message.date,
            "threads": _each((*told.get("threads", ()), *mail.threads, *message.threads)),
            "reported": self._around(message, parts, passed, inner),
        }
        return self._told(message, source, **told)

    def _around(self, message: Message, parts: Split, passed: PassedOn, inner: Split) -> tuple[Reported, ...]:
        """Note the codes around a reply that is passed on, and return what the bearer reports."""
        if passed.subject not in message.subject:
            self.places.look(Where.SUBJECT, passed.subject)
        note = _of(parts, Place.NEW, Place.SIGNATURE)
        codes = self.places.look(Where.NOTE, note)
        self._attached((*(passed.message.attachments if passed.message else ()), *message.attachments))
        for other in (*passed.others, _of(inner, Place.FORWARDED), *self._deeper(passed)):
            self.places.look(Where.FORWARDED, other)
        if not passed.is_quoted:
            self.places.look(Where.QUOTED, parts.quoted)
        day = message.date.date() if message.date else None
        report = action_report(note, near=day, codes=[(code.start, code.end) for code in codes])
        return report.reported if report else ()

    def _deeper(self, passed: PassedOn) -> Iterable[str]:
        """Yield the texts of mails that are attached to the one that was passed on; not of those within these."""
        for one in attached_messages(passed.message) if passed.message else ():
            yield f"{one.subject}\n{one.body}"
            if one.attached:
                self.faults.append("the mail is nested too deeply; the rest of it was not read")

    def _bounce(self, message: Message, failed: Bounce) -> dict[str, Any]:
        """Return what a bounce tells; whatever it quotes was written before, by others."""
        self.places.look(Where.QUOTED, "\n".join((message.body, *message.returned)))
        for inner in attached_messages(message):
            self.places.look(Where.QUOTED, f"{inner.subject}\n{inner.body}")
        return {
            "kind": ResponseKind.BOUNCE,
            "evidence": failed.evidence,
            "text": _cut(message.body),
            "failed": failed.recipients,
            "severity": failed.severity,
            "threads": _each((*(cited.value for cited in failed.message_ids), *message.threads)),
            "addressed": _each((*message.addressed, *(cited.value for cited in failed.addresses))),
        }

    def _told(self, message: Message, source: Source, **told: Any) -> ReadResponse:
        self.faults += message.faults
        common = {
            "sender": message.sender,
            "subject": message.subject,
            "date": message.date,
            "message_id": message.message_id,
            "threads": message.threads,
            "addressed": message.addressed,
            "authentication": message.trace,
        }
        faults = self._all_faults()
        return ReadResponse(**{**common, **told}, codes=self.places.in_order(), faults=faults, source=source)

    def _extracted(self, raw: bytes, name: str) -> str:
        found = extract(raw, name)
        self.faults += found.notes
        return plain_text(found.text)

    def _attached(self, attachments: Iterable[Attachment]) -> tuple[AttachedText, ...]:
        """Return the texts of attachments, codes and faults noted, those of pictures too."""
        attachments = tuple(attachments)
        found = list(attached_texts(attachments))
        found += [AttachedText(Attachment("", "", b""), text) for text in self._scanned(attachments)]
        for one in found:
            self.places.look(Where.ATTACHMENT, one.text)
            self.faults += one.faults
        return tuple(found)

    def _scanned(self, attachments: Iterable[Attachment]) -> list[str]:
        """Return the texts that were read of pictures and scans; their QR codes are noted."""
        pictures = [one for one in attachments if is_image(one.content) or is_pdf(one.content)]
        texts: list[str] = []
        for picture in pictures[:MOST_SCANNED]:
            seen = self.scan(picture.content)
            for mark in seen.marks:
                self.places.look(Where.QR, mark)
            texts += [plain_text(seen.text)] if seen.text.strip() else []
            self.faults += seen.faults
        return texts

    def _reasons(self, threads: tuple[str, ...], parts: Split | None = None) -> tuple[Evidence, ...]:
        """Return why something may be a reply: it answers a mail of which it tells, or quotes a code or a mail; not
        what is only passed on in it.
        """
        found = [evidence("answers a mail", "In-Reply-To", one) for one in threads[:1]]
        quoting = [code for code in self.places.in_order() if code.where is not Where.FORWARDED]
        found += [evidence("quotes a code", code.where, code.written) for code in quoting[:1]]
        if parts is not None and (quoted := parts.quoted.strip()):
            found.append(evidence("quotes a mail", "the text", quoted))
        return tuple(found)

    def _all_faults(self) -> tuple[str, ...]:
        return _each((*self.faults, *self.places.faults))


def _kind_of_own(
    came_back: Evidence | None, report: ActionReport | None, machine: Automatic | None, reasons: tuple[Evidence, ...]
) -> tuple[ResponseKind, tuple[Evidence, ...]]:
    """Return what a response is that its sender wrote, and why."""
    if came_back is not None:
        return ResponseKind.RETURNED_POST, (came_back,)
    if report is not None:
        return ResponseKind.ACTION_REPORT, report.evidence
    if machine is not None:
        return ResponseKind(machine.kind.value), machine.evidence
    return (ResponseKind.REPLY if reasons else ResponseKind.UNKNOWN), reasons


def _slip(attached: Iterable[AttachedText]) -> ActionReport | None:
    """Return the report slip that is attached."""
    return next((found for one in attached if (found := report_slip(one.text)) is not None), None)


def _of(parts: Split, *places: Place) -> str:
    return "".join(parts.text[part.start : part.end] for part in parts.of(*places))


def _cut(text: str) -> str:
    """Return as much of a text as a response holds, whole characters only."""
    if len(text) * 4 <= LONGEST_TEXT:
        return text
    return text.encode()[:LONGEST_TEXT].decode("utf-8", "ignore")


def _each(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))
