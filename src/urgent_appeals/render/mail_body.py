"""Say what the template of an email draft's HTML body needs in plain data."""

from __future__ import annotations

from typing import Any

from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.data import html
from urgent_appeals.render.html import Writer
from urgent_appeals.render.punctuation import labelled


def mail_data(letter: Letter) -> dict[str, Any]:
    """Return what the template of the mail is filled with: the letter without letterhead, notes at the end."""
    write = Writer([str(letter.code)], letter.notes, "mail", letter.phrases.direction, letter.language)
    signatory = letter.signatory
    below = [signatory.role, signatory.organisation if signatory.organisation != signatory.name else None]
    data = {
        "language": letter.language,
        "direction": letter.phrases.direction,
        "title": letter.subject,
        "salutation": write.line(letter.salutation),
        "before": html(write.blocks(letter.before)),
        "lead_in": html(write.text(letter.lead_in)) if letter.lead_in else None,
        "requests": [
            {
                "headings": [html(write.runs(heading.runs)) for heading in group.headings],
                "introduction": html(write.blocks(group.introduction)),
                "items": [
                    {"label": write.number(request.label) or "•", "html": html(write.blocks(request.blocks))}
                    for request in group.requests
                ],
            }
            for group in letter.requests
        ],
        "after": html(write.blocks(letter.after)),
        "request_for_reply": html(write.text(letter.request_for_reply)),
        "close": write.line(letter.close),
        "signature": [
            *(write.line(line) for line in (signatory.name, *below) if line),
            *(write.verbatim(line) for line in signatory.address),
        ],
        "copies": {
            "label": labelled(letter.phrases.letter.copy_to, "", letter.language).rstrip(),
            "names": [write.line(name) for name in letter.copies],
        },
    }
    return {**data, "notes": [html(note) for note in write.notes_called]}
