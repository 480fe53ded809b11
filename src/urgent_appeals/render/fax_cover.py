"""Say what the template of a fax's cover page needs in plain data.

Cover pages lie open in many an office: there is nothing on it of the person whom the letter is about.
"""

from __future__ import annotations

from typing import Any

from urgent_appeals.domain.letter import Letter
from urgent_appeals.render.address import tied
from urgent_appeals.render.data import filled, html
from urgent_appeals.render.dates import in_words
from urgent_appeals.render.digits import numbering_system
from urgent_appeals.render.envelope import envelope
from urgent_appeals.render.html import Writer
from urgent_appeals.render.paper import paper_data
from urgent_appeals.render.punctuation import labelled


def fax_cover_data(letter: Letter, number: str, pages: int) -> dict[str, Any]:
    """Return what the cover page is filled with: the number as it is printed, and the pages with this one."""
    code = str(letter.code)
    phrases, words = letter.phrases.letter, letter.phrases.fax
    write = Writer([code], (), direction=letter.phrases.direction, language=letter.language)
    signatory, addressee = letter.signatory, letter.addressee
    below = [signatory.role, signatory.organisation if signatory.organisation != signatory.name else None]
    email = labelled(letter.phrases.bulletin.contact_kinds["email"], "", letter.language)
    rows = [
        (words.to, addressee.by_name or (addressee.name,)),
        (words.number, (number,)),
        (words.sender, (signatory.name,)),
        (phrases.appeal_code, (code,)),
        (phrases.date, (in_words(letter.on, letter.language),)),
        (words.pages, (str(pages),)),
    ]
    return {
        "language": letter.language,
        "direction": letter.phrases.direction,
        "digits": numbering_system(letter.language),
        "title": f"{words.heading}: {code}",
        "paper": paper_data(envelope(letter.envelope).paper),
        "sender": {
            "name": write.line(signatory.name),
            "lines": [write.line(line) for line in (*below, *signatory.address) if line],
            "email": {"label": email, "address": letter.reply_to} if letter.reply_to else None,
        },
        "heading": words.heading,
        "rows": [
            {
                "label": label,
                "lines": [line if line == number else write.line(tied(line)) for line in lines],
                "ltr": number in lines,
            }
            for label, lines in rows
        ],
        "pass_on": write.line(words.pass_on),
        "quote_code": html(write.text(filled(phrases.quote_code, letter.phrases, code=code))),
    }
