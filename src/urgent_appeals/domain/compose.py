"""Compose a letter: appeal × recipient × language × sender × date → what is said, without layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign, Channel, EnvelopeName, Sender
from urgent_appeals.domain.directory import Directory, Gender, in_gender
from urgent_appeals.domain.letter import Addressee, Letter, Signatory
from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.domain.missions import MISSIONS, copied, forwarded, mission_names, named_copies
from urgent_appeals.domain.numerals import numbered
from urgent_appeals.domain.phrases import Phrases
from urgent_appeals.domain.prose import (
    Block,
    LetterText,
    Paragraph,
    Prose,
    RequestGroup,
    Run,
    headings_once,
    plain,
    renumbered,
)
from urgent_appeals.domain.recipients import Recipient, resolve
from urgent_appeals.domain.standing import deadlines
from urgent_appeals.domain.values import CountryCode, Wording, in_language
from urgent_appeals.domain.wording import close, number_notes, salutation
from urgent_appeals.errors import MissingWording


def compose(  # noqa: PLR0913 (a letter is made of that many things; each is named in the call)
    appeal: Appeal,
    recipient: Recipient,
    *,
    campaign: Campaign,
    sender: str,
    phrases: Phrases,
    directories: Mapping[str, Directory],
    on: date,
    override: str | None = None,
    envelope: EnvelopeName | None = None,
) -> Letter:
    """Return the letter of a day on an appeal to a recipient, in the phrases' language, signed by a sender.

    `sender` is one of the campaign's, `envelope` the campaign's unless another is named. Raises MissingWording where
    something the letter must say has no words in the language (`domain.check` finds these beforehand).
    """
    language = phrases.language
    item = f"{appeal.code.canonical} to {recipient.id}"
    prose = appeal.prose.get(language)
    text = letter_text(prose, recipient) if prose is not None else None
    if prose is None or text is None:
        raise MissingWording(item, "the letter (## Letter)", language)
    requests = numbered(requests_to(prose, recipient), appeal.numbering, language)
    lead_in, before, after = _parts(text, asks=bool(requests))
    notes, (before, after), requests = number_notes(prose.notes, before, after, requests=requests, requests_after=1)
    holder = recipient.office.holder(on)
    signing = campaign.senders[sender]
    home = signing.country or campaign.country
    signing = signing.model_copy(update={"country": home})
    signatory = sign(signing, sender, recipient.directory, language, item)
    subject = prose.subject or prose.title or in_language(appeal.title, language)
    code = str(appeal.code)
    return Letter(
        code=appeal.code,
        language=language,
        on=on,
        addressee=_reachable(
            forwarded(
                address(recipient, language, on, abroad=_is_abroad(home, recipient.directory)),
                recipient,
                home,
                phrases,
                on,
            ),
            appeal,
        ),
        signatory=signatory,
        reply_to=campaign.reply_to or signatory.email,
        subject=phrases.letter.subject.replace("{code}", code).replace(
            "{subject}", _required(subject, item, "the subject", language)
        ),
        salutation=_required(salutation(recipient.office, holder, phrases), item, "the salutation", language),
        before=before,
        lead_in=lead_in or (phrases.letter.lead_in if requests and not _leads_in(before) else None),
        requests=requests,
        after=after,
        request_for_reply=phrases.letter.request_for_reply.replace("{code}", code),
        close=_required(close(recipient.office, holder, phrases), item, "the close", language),
        copies=(
            *_copies(named_copies(appeal, campaign), recipient, directories, language),
            *(mission_names(recipient, home, language) if MISSIONS in copied(appeal, campaign) else ()),
        ),
        notes=notes,
        summary=renumbered(prose.summary, {}),
        names=tuple(name for person in appeal.people.values() if (name := in_language(person.name, language))),
        deadlines=deadlines(appeal, channels_to((recipient,), campaign, on)),
        envelope=envelope or campaign.envelope,
        qr=f"{appeal.code}:{recipient.id}",
        reviewed=language in appeal.reviewed and phrases.reviewed,
        historical=appeal.historical,
        override=override,
        phrases=phrases,
    )


def letter_text(prose: Prose, recipient: Recipient) -> LetterText | None:
    """Return what the official reads: the text whose scope names the recipient most closely, or None."""
    fitting = [text for text in prose.letters if recipient.addressed_by(text.scope)]
    return min(fitting, key=lambda text: _distance(text.scope.to, recipient), default=None)


def requests_to(prose: Prose, recipient: Recipient) -> tuple[RequestGroup, ...]:
    """Return the requested actions addressed to a recipient, verbatim, numbered and in the order as issued.

    Headings that name an addressee fall away (the official is the addressee), those of a person or theme
    stay, each once; an introduction stays only under such a heading, since the letter has a lead-in of its own.
    """
    groups = []
    for group in prose.requests:
        if not all(recipient.addressed_by(heading.scope) for heading in group.headings):
            continue
        requests = tuple(request for request in group.requests if recipient.addressed_by(request.scope))
        headings = tuple(heading for heading in group.headings if not heading.scope.to)
        if requests:
            introduction = group.introduction if headings else ()
            groups.append(RequestGroup(headings=headings, introduction=introduction, requests=requests))
    return _run_together(headings_once(groups))


def _run_together(groups: Iterable[RequestGroup]) -> tuple[RequestGroup, ...]:
    """Return groups with those made one that nothing parts: neither has a heading, the second no introduction."""
    joined: list[RequestGroup] = []
    for group in groups:
        if joined and not (group.headings or group.introduction or joined[-1].headings):
            before = joined.pop()
            joined.append(before.model_copy(update={"requests": (*before.requests, *group.requests)}))
        else:
            joined.append(group)
    return tuple(joined)


def address(recipient: Recipient, language: str, on: date, *, abroad: bool = True) -> Addressee:
    """Return the addressee as of a day: the groups it is written to for, its holder then, its body, the address.

    The country stands last where the letter comes from abroad. Without postal lines in the language the block
    is empty.
    """
    office = recipient.office
    holder = office.holder(on)

    def required(wording: Wording, what: str) -> str:
        return _required(in_language(wording, language), recipient.id, what, language)

    name = required(office.name, "the office's name")
    groups = tuple(required(group.name, "the group's name") for group in recipient.groups)
    group_lines = tuple(
        in_language(group.addressee, language) or said for group, said in zip(recipient.groups, groups, strict=True)
    )
    body = required(office.through.name, "the body's name") if office.through else None
    holder_name = required(holder.name, "the holder's name") if holder else None
    style = in_language(holder.style, language) if holder else None
    place = office.address(on)
    lines = () if place is None else place.lines.get(language) or place.lines.get("*") or ()
    country = in_language(recipient.directory.country_line, language) if abroad else None
    gender = holder.gender if holder else Gender.UNKNOWN
    office_line = in_gender(office.addressee, language, gender) or name
    holder_line = (in_language(holder.addressee, language) or holder_name) if holder else None
    above = (
        (f"{style} {holder_line}" if style else holder_line, office_line, body)
        if holder_line
        else (body or (name if groups else office_line),)
    )
    by_name = (*group_lines, *(line for line in above if line))
    block = tuple(line for line in (*by_name, *lines, country) if line) if lines else ()
    return Addressee(
        recipient=recipient.id,
        name=name,
        holder=holder_name,
        holder_gender=gender,
        block=block,
        by_name=by_name,
        email=_as_used(office.emails[0]) if office.emails else None,
        contacts=office.contacts,
        groups=groups,
    )


def channels_to(recipients: Iterable[Recipient], campaign: Campaign, on: date) -> tuple[Channel, ...]:
    """Return the campaign's channels by which a letter reaches one of the recipients at least, on a day."""
    asked = tuple(recipients)
    return tuple(channel for channel in campaign.channels if any(_reaches(channel, one, on) for one in asked))


def sign(sender: Sender, name: str, to: Directory, language: str, item: str) -> Signatory:
    """Return who signs, in a language; the country closes the address where the letter leaves it."""
    country = in_language(sender.country_line, language) if _is_abroad(sender.country, to) else None
    return Signatory(
        sender=name,
        name=_required(in_language(sender.name, language), item, "the sender's name", language),
        role=in_language(sender.role, language),
        organisation=in_language(sender.organisation, language),
        address=tuple(line for line in (*sender.address, country) if line) if sender.address else (),
        email=sender.email,
    )


def _as_used(email: str) -> str:
    """Return an address as it is used; one that is refused stays, for whoever writes to it to refuse it."""
    checked = check_address(email)
    return checked.address if isinstance(checked, CheckedAddress) else email


def _copies(
    names: Iterable[str], recipient: Recipient, directories: Mapping[str, Directory], language: str
) -> tuple[str, ...]:
    others = (copy for copy in resolve(names, directories).recipients if copy.id != recipient.id)
    return tuple(
        _required(in_language(named.name, language), other.id, "the name", language)
        for other in others
        for named in (other.groups or (other.office.through or other.office,))
    )


def _reachable(addressee: Addressee, appeal: Appeal) -> Addressee:
    """Return the addressee; of an appeal kept as history without an email address, so that nothing of it is sent."""
    return addressee.model_copy(update={"email": None}) if appeal.historical else addressee


def _reaches(channel: Channel, recipient: Recipient, on: date) -> bool:
    office = recipient.office
    kinds = {contact.kind for contact in office.contacts}
    reachable = {
        "post": office.address(on) is not None,
        "email": bool(office.emails),
        "fax": bool(kinds & {"fax", "telephone-fax"}),
        "web": "form" in kinds,
        "hand": True,
    }
    return reachable[channel]


def _parts(text: LetterText, *, asks: bool) -> tuple[str | None, tuple[Block, ...], tuple[Block, ...]]:
    """Return the letter's own lead-in, where it leads to something, and the body around the requests."""
    split = len(text.blocks) if text.actions_at is None else text.actions_at
    before, after = text.blocks[:split], text.blocks[split:]
    last = before[-1] if before else None
    if asks and _leads_in(before) and isinstance(last, Paragraph) and _is_plain(last):
        return plain(last.runs), before[:-1], after
    return None, before, after


def _leads_in(blocks: Sequence[Block]) -> bool:
    last = blocks[-1] if blocks else None
    return isinstance(last, Paragraph) and plain(last.runs).rstrip().endswith((":", "："))


def _is_plain(paragraph: Paragraph) -> bool:
    """Tell whether a paragraph is words alone, so that nothing of it is lost when it is taken as text."""
    return paragraph.number is None and all(
        isinstance(run, Run) and not (run.strong or run.emphasis or run.link) for run in paragraph.runs
    )


def _distance(to: tuple[str, ...], recipient: Recipient) -> int:
    if recipient.id in to:
        return 0
    if not to:
        return 3
    return 1 if any("/" in name or "#" in name for name in recipient.answers_to.intersection(to)) else 2


def _is_abroad(home: CountryCode | None, to: Directory) -> bool:
    return home is None or home != to.country


def _required(words: str | None, item: str, what: str, language: str) -> str:
    if words is None:
        raise MissingWording(item, what, language)
    return words
