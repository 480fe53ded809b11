"""Ask on a terminal for what a new appeal needs and no option has said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from urgent_appeals.cli import output
from urgent_appeals.cli.ask import ask, ask_choice, ask_day, ask_until, confirm
from urgent_appeals.cli.new import CONSENTS, GENDERS, name_people
from urgent_appeals.domain.check.definitions import did_you_mean
from urgent_appeals.errors import CaseCodeError, NoNumbering, SchemeError
from urgent_appeals.pipeline.writing import NewPerson

if TYPE_CHECKING:
    from urgent_appeals.pipeline.writing import Drafting, NewAppeal


def interview(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    """Return the wanted appeal with what a person answered; an empty answer leaves a TODO to be filled in later."""
    wanted = _code(drafting, wanted, on)
    if not wanted.languages and not wanted.follows:
        wanted = replace(wanted, languages=_languages(drafting))
    languages = wanted.languages or drafting.desk.campaign.languages
    if not wanted.titles:
        output.say("\nWhat is the appeal called? (empty: later)")
        titles = {language: ask(f"  title in {language}") for language in languages}
        wanted = replace(wanted, titles={language: title for language, title in titles.items() if title})
    if not wanted.people and not wanted.follows:
        wanted = replace(wanted, people=name_people(_people(languages)))
    if not wanted.recipients and not wanted.follows:
        wanted = replace(wanted, recipients=_recipients(drafting))
    return _dates(drafting, wanted)


def _code(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    """Settle the code: as given, or asked for with the workspace's next one suggested; then explain it."""
    asked = not wanted.code
    while True:
        if not wanted.code:
            wanted = _suggested(drafting, wanted, on)
        try:
            code = drafting.code(wanted.code)
        except CaseCodeError as error:
            if not asked:
                raise
            output.say(f"  {error}")
            wanted = replace(wanted, code="")
            continue
        drafting.refuse_known(code)
        parts, warnings = drafting.explained(code, wanted.issued or on)
        output.say(f"\n{code}")
        for part in parts:
            output.say(f"  {part.name:<13}{part.text}")
        for warning in warnings:
            output.say(f"  warning: {warning}")
        if confirm("Is that the code?"):
            return wanted
        asked, wanted = True, replace(wanted, code="")


def _suggested(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    try:
        if drafting.needs_country and not wanted.country:
            wanted = replace(wanted, country=ask_until("Country (three letters, ISO 3166-1)", _no_country).upper())
        suggestion = str(drafting.next_code(wanted.issued or on, wanted.country))
    except (NoNumbering, SchemeError):
        suggestion = ""
    return replace(
        wanted, code=ask_until("Code of the case", lambda code: None if code else "a code is needed", suggestion)
    )


def _no_country(answer: str) -> str | None:
    return None if len(answer) == 3 and answer.isascii() and answer.isalpha() else "three letters, such as KAZ"


def _languages(drafting: Drafting) -> tuple[str, ...]:
    known = drafting.languages

    def fault(answer: str) -> str | None:
        for language in _words(answer):
            if language not in known:
                return (
                    did_you_mean(language, known) or f"{language!r} has no fixed wording; there are: {', '.join(known)}"
                )
        return None

    default = " ".join(drafting.desk.campaign.languages)
    return tuple(dict.fromkeys(_words(ask_until("\nLanguages, the original first", fault, default, known))))


def _words(answer: str) -> list[str]:
    return answer.replace(",", " ").split()


def _people(languages: tuple[str, ...]) -> list[NewPerson]:
    people: list[NewPerson] = []
    while True:
        question = "\nWhom is it about?" if not people else "\nWho else?"
        first = ask(f"{question} Full name in {languages[0]} (empty: {'later' if not people else 'nobody'})")
        if not first:
            return people
        names = {languages[0]: first}
        for language in languages[1:]:
            name = ask(f"  name in {language} (empty: later)")
            names |= {language: name} if name else {}
        gender = ask_choice("  gender", GENDERS, "unknown")
        consent = ask_choice("  consent to be named", CONSENTS, "not-asked")
        if consent == "refused":
            output.say("  a pseudonym has to stand in the name: what you typed is taken as one")
        people.append(NewPerson(names, gender, consent, pseudonym=consent == "refused"))


def _recipients(drafting: Drafting) -> tuple[str, ...]:
    chosen: list[str] = []
    known = drafting.references
    output.say("\nWho is asked to act? The tab key completes; ? shows all; an empty line ends.")

    def fault(answer: str) -> str | None:
        if answer == "?":
            return "\n  ".join(known) or "no directory in recipients/ yet"
        nearest = drafting.suggestion(answer) if answer else None
        return None if nearest is None else f"no recipient {answer!r}{', ' + nearest if nearest else ''}"

    while answer := ask_until("  recipient", fault, choices=known):
        chosen.append(answer)
    return tuple(dict.fromkeys(chosen))


def _dates(drafting: Drafting, wanted: NewAppeal) -> NewAppeal:
    if wanted.issued is None:
        wanted = replace(wanted, issued=ask_day("\nDay of issue"))
    if not wanted.act_by:
        days = {channel: ask_day(f"Last day to write by {channel}") for channel in drafting.desk.campaign.channels}
        wanted = replace(wanted, act_by={channel: day for channel, day in days.items() if day is not None})
    return wanted
