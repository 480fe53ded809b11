"""Say everything that the template of the bulletin needs in plain data; what the appeal lacks is None or empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import escape

from urgent_appeals.domain.campaign import Issuer
from urgent_appeals.domain.directory import Contact, Source
from urgent_appeals.domain.freshness import Caveat
from urgent_appeals.domain.letter import Addressee, Bulletin
from urgent_appeals.domain.prose import Block
from urgent_appeals.domain.values import in_language
from urgent_appeals.render.address import POINT, even_width
from urgent_appeals.render.data import filled, html, page_number, requests_data
from urgent_appeals.render.dates import in_words, interval_in_words, partial_in_words
from urgent_appeals.render.digits import numbering_system
from urgent_appeals.render.fonts import SERIF_SEMIBOLD, Fonts
from urgent_appeals.render.html import Writer
from urgent_appeals.render.punctuation import joined, labelled, marks
from urgent_appeals.render.qr import Symbol

HEADING_WIDTH = 160.0 / (21 * POINT)
"""Width of the text as a multiple of the heading's size (21 points, as the style sheet has it)."""
SHORT_ADDRESS = 48
"""Characters of the longest line with which addresses stand in two columns."""
_YEAR = re.compile(r"\s*[гж]\.$")
"""What follows a year in Russian and Kazakh, in short."""


def bulletin_data(bulletin: Bulletin, symbol: Symbol, fonts: Fonts) -> dict[str, Any]:
    """Return what the template of the bulletin is filled with; `symbol` is its QR code."""
    code = str(bulletin.code)
    codes = [code, *bulletin.earlier, *bulletin.other_codes, bulletin.follows or code]
    write = Writer(codes, bulletin.notes, direction=bulletin.phrases.direction, language=bulletin.language)
    phrases = bulletin.phrases.bulletin
    kinds = {"new": phrases.kind_new, "update": phrases.kind_update, "stop": phrases.kind_stop}
    write.under(2)
    news = phrases.facts if bulletin.kind == "new" else phrases.new_information
    return {
        "language": bulletin.language,
        "direction": bulletin.phrases.direction,
        "digits": numbering_system(bulletin.language),
        "title": bulletin.title,
        "heading": _heading(bulletin, write, fonts),
        "code": code,
        "series": bulletin.series,
        "kind": kinds[bulletin.kind],
        "country": bulletin.country,
        "issued": in_words(bulletin.issued, bulletin.language) if bulletin.issued else None,
        "occasion": _occasion(bulletin, write),
        "banners": _banners(bulletin),
        "standing": html(write.text(standing)) if (standing := _standing(bulletin)) else None,
        "facts": _facts(bulletin, write),
        "news": _section(news, bulletin.new_information, write),
        "background": _section(phrases.background, bulletin.background, write),
        "chronology": _chronology(bulletin, write),
        "actions": _actions(bulletin, write),
        "addresses": _addresses(bulletin, write),
        "copies": _copies(bulletin, write),
        "remarks": html(write.blocks(bulletin.remarks, 2)),
        "quote_code": html(write.text(filled(_ask(bulletin), bulletin.phrases, code=code))),
        "contacts": _contacts(bulletin, write),
        "qr": {
            "edge": symbol.edge,
            "quiet": symbol.quiet,
            "alternative": filled(bulletin.phrases.letter.qr_alternative, bulletin.phrases, code=code),
        },
        "programme_note": _programme_note(bulletin),
        "sources": _sources(bulletin, write),
        "place_line": bulletin.place_line,
        "running": {"code": code, "title": bulletin.title},
        "foot": html(write.text(filled(bulletin.phrases.letter.quote_code, bulletin.phrases, code=code))),
        "page_number": page_number(bulletin.phrases.letter.page, bulletin.phrases),
    }


def _heading(bulletin: Bulletin, write: Writer, fonts: Fonts) -> dict[str, Any]:
    """Return the title, names held together, and the width, as a multiple of its size, that makes its lines even."""
    names = [person.name for person in bulletin.people]
    width = even_width(bulletin.title, names, HEADING_WIDTH, lambda text: fonts.width(text, SERIF_SEMIBOLD, 1.0))
    return {"text": html(write.held(bulletin.title, names)), "width": width}


def _name(issuer: Issuer, language: str) -> str:
    return in_language(issuer.name, language) or ""


def _named(issuers: Iterable[Issuer], bulletin: Bulletin) -> str:
    """Return issuers with their short names: a (A) and b (B)."""
    names = []
    for issuer in issuers:
        name, short = _name(issuer, bulletin.language), in_language(issuer.short, bulletin.language)
        names.append(f"{name} ({short})" if short and short != name else name)
    return joined(names, bulletin.phrases)


def _standing(bulletin: Bulletin) -> str | None:
    """Return the sentence that says who asks: the appeal's, the programme's, the phrases'; a stop asks for nothing."""
    if bulletin.kind == "stop" or bulletin.standing:
        return None if bulletin.kind == "stop" else bulletin.standing
    phrases, programme = bulletin.phrases.bulletin, bulletin.programme
    issuers = _named(bulletin.issuers, bulletin)
    if programme is not None:
        own = in_language(programme.standing, bulletin.language)
        name = in_language(programme.name, bulletin.language)
        if own or not (issuers and name):
            return own
        return filled(phrases.standing_programme, bulletin.phrases, programme=name, issuers=issuers)
    return filled(phrases.standing, bulletin.phrases, issuers=issuers) if issuers else None


def _programme_note(bulletin: Bulletin) -> str | None:
    return in_language(bulletin.programme.note, bulletin.language) if bulletin.programme else None


def _occasion(bulletin: Bulletin, write: Writer) -> dict[str, str] | None:
    """Return the name of the occasion and its days, which stay on one line."""
    occasion = bulletin.occasion
    name = in_language(occasion.name, bulletin.language) if occasion else None
    if occasion is None or name is None:
        return None
    start, end = occasion.start or occasion.end, occasion.end or occasion.start
    if start is None or end is None:
        return html(write.text(name))
    days = interval_in_words(start, end, bulletin.language)
    return html(write.held(f"{name}{marks(bulletin.language).comma}{days}", [days]))


def _banners(bulletin: Bulletin) -> list[str]:
    """Return what must be seen before anything else: that the writing has ended, that this is kept as history.

    Why a bulletin was made against its standing is the desk's own affair, and stands in the manifest alone.
    """
    phrases = bulletin.phrases.bulletin
    banners = [phrases.stop] if bulletin.kind == "stop" else []
    return [*banners, phrases.historical] if bulletin.historical else banners


def _facts(bulletin: Bulletin, write: Writer) -> list[dict[str, Any]]:
    phrases, language = bulletin.phrases.bulletin, bulletin.language
    outcome = _outcome(bulletin)
    rows = [
        (phrases.people, [_person(bulletin, index) for index in range(len(bulletin.people))]),
        (phrases.country, [bulletin.country] if bulletin.country else []),
        (phrases.violations, [marks(language).semicolon.join(bulletin.violations)] if bulletin.violations else []),
        (phrases.act_by, _deadlines(bulletin)),
        (phrases.outcome, [outcome] if outcome else []),
        (phrases.follows, [bulletin.follows] if bulletin.follows else []),
        (phrases.earlier_codes, list(bulletin.earlier)),
        (phrases.code, list(bulletin.other_codes)),
    ]
    return [
        {"label": label, "values": [html(write.text(value)) for value in values]} for label, values in rows if values
    ]


def _outcome(bulletin: Bulletin) -> str:
    """Return what became of the case, with the day where its words do not tell it: 9 мая 2026 г. is 9 мая 2026 года."""
    outcome = (bulletin.outcome or "").rstrip(".")
    if not outcome or bulletin.outcome_on is None:
        return outcome
    day = partial_in_words(bulletin.outcome_on, bulletin.language)
    told = " ".join(_YEAR.sub("", day).split()) in " ".join(outcome.split())
    return outcome if told else f"{outcome}{marks(bulletin.language).comma}{day}"


def _person(bulletin: Bulletin, index: int) -> str:
    person, comma = bulletin.people[index], marks(bulletin.language).comma
    beside = (*person.variants, *([bulletin.phrases.bulletin.pseudonym] if person.pseudonym else []))
    name = f"{person.name} ({comma.join(beside)})" if beside else person.name
    return f"{name}{comma}{person.role}" if person.role else name


def _deadlines(bulletin: Bulletin) -> list[str]:
    """Return the last days to write, by channel where they differ; where the appeal names none, that is said once."""
    phrases = bulletin.phrases.bulletin
    channels: dict[date, list[str]] = {}
    for deadline in bulletin.deadlines:
        words = phrases.act_by_channels.get(deadline.channel, deadline.channel)
        channels.setdefault(deadline.act_by, []).append(words)
    days = {day: in_words(day, bulletin.language) for day in channels}
    comma = marks(bulletin.language).comma
    lines = [labelled(comma.join(words), days[day], bulletin.language) for day, words in channels.items()]
    lines = lines if len(channels) > 1 else list(days.values())
    assumed = any(deadline.assumed for deadline in bulletin.deadlines)
    return [*lines, phrases.assumed] if assumed else lines


def _section(heading: str, blocks: tuple[Block, ...], write: Writer) -> dict[str, Any] | None:
    write.under(2)
    return {"heading": heading, "html": html(write.blocks(blocks, 2))} if blocks else None


def _chronology(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    if not bulletin.chronology:
        return None
    entries = [
        {
            "date": partial_in_words(entry.date, bulletin.language) if entry.date else None,
            "html": html(write.blocks(entry.blocks, 2)),
        }
        for entry in bulletin.chronology
    ]
    return {"heading": bulletin.phrases.bulletin.chronology, "entries": entries}


def _actions(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    if not bulletin.requests:
        return None
    phrases = bulletin.phrases.bulletin
    write.under(2)
    return {
        "heading": phrases.actions,
        "ours": phrases.requests_are_ours if bulletin.requests_are_ours else None,
        "groups": requests_data(bulletin.requests, write, 3),
    }


def _addresses(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    if not (bulletin.addressees or bulletin.unwritten):
        return None
    salutations = (*bulletin.salutations, *("" for _ in bulletin.addressees))
    each = zip(bulletin.addressees, salutations, strict=False)
    entries = [_entry(addressee, words, bulletin, write) for addressee, words in each]
    longest = max((len(line) for addressee in bulletin.addressees for line in addressee.block), default=0)
    entries += [
        {"name": name, "lines": [], "care": [], "contacts": [], "salutation": None, "reason": reason or None}
        for name, reason in bulletin.unwritten
    ]
    return {
        "heading": bulletin.phrases.bulletin.addresses,
        "pairs": _pairs(entries, 2 if longest <= 2 * SHORT_ADDRESS else 1),
    }


def _entry(addressee: Addressee, salutation: str, bulletin: Bulletin, write: Writer) -> dict[str, Any]:
    phrases = bulletin.phrases.bulletin
    name = joined(addressee.listed, bulletin.phrases)
    said = {*addressee.listed, name}
    return {
        "name": name,
        "lines": [write.verbatim(line) for line in addressee.block or addressee.by_name if line not in said],
        "care": [html(_care(caveat, bulletin, write)) for caveat in addressee.caveats],
        "contacts": _contact_lines(addressee.contacts, bulletin, write, addressee.email),
        "salutation": labelled(phrases.salutation, salutation, bulletin.language) if salutation else None,
        "reason": None,
    }


def _care(caveat: Caveat, bulletin: Bulletin, write: Writer) -> str:
    """Return what to know before writing there: what came back, when, from which address; that post is suspended."""
    phrases = bulletin.phrases.bulletin
    if caveat.date is None:
        return write.text(phrases.suspended)
    phrase = phrases.bounced if caveat.kind == "bounced" else phrases.returned
    words = write.text(filled(phrase, bulletin.phrases, date=partial_in_words(caveat.date, bulletin.language)))
    return words if caveat.address is None else f"{words} {write.whole(caveat.address)}"


def _copies(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    if not (bulletin.copies or bulletin.missions):
        return None
    entries = [_entry(mission, "", bulletin, write) for mission in bulletin.missions]
    pairs = _pairs(entries, 2) if entries else []
    return {"heading": bulletin.phrases.bulletin.copies, "names": list(bulletin.copies), "pairs": pairs}


def _contact_lines(
    contacts: Iterable[Contact], bulletin: Bulletin, write: Writer, email: str | None = None
) -> list[dict[str, str]]:
    kinds = bulletin.phrases.bulletin.contact_kinds
    pairs = [(contact.kind, contact.printed) for contact in contacts]
    if email and all(printed != email for _, printed in pairs):
        pairs.append(("email", email))
    labels = [write.text(labelled(kinds.get(kind, kind), "", bulletin.language)) for kind, _ in pairs]
    return [html(label + write.whole(printed)) for label, (_, printed) in zip(labels, pairs, strict=True)]


def _ask(bulletin: Bulletin) -> str:
    """Return the wording that asks for the code: to be told what was sent, an issuer must be one who can be reached."""
    reached = any(issuer.contacts for issuer in bulletin.issuers)
    return bulletin.phrases.bulletin.quote_code if reached else bulletin.phrases.letter.quote_code


def _contacts(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    entries = [
        {"name": _named([issuer], bulletin), "lines": _contact_lines(issuer.contacts, bulletin, write)}
        for issuer in bulletin.issuers
        if issuer.contacts
    ]
    return {"heading": bulletin.phrases.bulletin.contact, "pairs": _pairs(entries, 2)} if entries else None


def _pairs(entries: list[dict[str, Any]], columns: int) -> list[list[dict[str, Any]]]:
    """Return entries in rows of so many; a single one has its row to itself."""
    columns = min(columns, len(entries))
    return [entries[at : at + columns] for at in range(0, len(entries), columns)]


def _sources(bulletin: Bulletin, write: Writer) -> dict[str, Any] | None:
    phrases = bulletin.phrases.bulletin
    lines = [html(_source(source, bulletin, write)) for source in bulletin.sources]
    if bulletin.republished_by:
        words = filled(phrases.republished, bulletin.phrases, issuers=_named(bulletin.republished_by, bulletin))
        lines.append(html(write.text(words[:1].upper() + words[1:] + ".")))
    return {"heading": phrases.sources, "lines": lines} if lines else None


def _source(source: Source, bulletin: Bulletin, write: Writer) -> str:
    """Return a source in one line: title, byline, publisher, date or that it has none, who republished it, address."""
    phrases = bulletin.phrases.bulletin
    byline = None
    if source.byline:
        names = f"{source.byline} ({phrases.pseudonym})" if source.pseudonymous else source.byline
        byline = filled(phrases.byline, bulletin.phrases, names=names)
    date = partial_in_words(source.date, bulletin.language) if source.date else phrases.undated
    again = source.republished_by and filled(phrases.republished, bulletin.phrases, issuers=source.republished_by)
    comma = marks(bulletin.language).comma
    parts = [write.text(part) for part in (byline, source.publisher, date, again) if part]
    spoken = f' lang="{escape(source.language)}"' if source.language else ""
    title = [f"<em{spoken}>{write.text(source.title)}</em>"]
    url = [write.whole(source.url)] if source.url else []
    line = comma.join([*title, *parts, *url])
    note = in_language(source.note, bulletin.language)
    return f"{line}. {write.text(note)}" if note else line
