"""Ask on a terminal for what a new appeal needs and no option has said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from urgent_appeals.cli import output
from urgent_appeals.cli.ask import ask, ask_day, ask_until, confirm
from urgent_appeals.cli.interview_case import ask_events, ask_people, ask_sources, ask_violations
from urgent_appeals.domain.check.definitions import did_you_mean
from urgent_appeals.domain.standing import ASSUMED_TIME_TO_ACT, general_day_for
from urgent_appeals.errors import CaseCodeError, NoNumbering, SchemeError

if TYPE_CHECKING:
    from urgent_appeals.pipeline.writing import Drafting, NewAppeal

_HOW = (
    "Enter takes what stands in brackets, or leaves the question for later; - leaves it for later too.\n"
    "What is left is a TODO in the files. Ctrl-C ends it, and nothing is written."
)


def interview(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    """Return the wanted appeal with what a person answered; an empty answer leaves a TODO to be filled in later."""
    output.say(_HOW)
    wanted = _country(_code(drafting, drafting.continued(wanted), on))
    languages = wanted.languages or _languages(drafting)
    wanted = replace(wanted, languages=languages)
    wanted = replace(wanted, titles=wanted.titles or _titles(languages))
    wanted = replace(wanted, people=wanted.people or ask_people(languages))
    wanted = replace(wanted, violations=wanted.violations or ask_violations(languages, drafting.violations))
    wanted = replace(wanted, events=wanted.events or ask_events())
    wanted = _days(drafting, wanted, on)
    wanted = replace(wanted, recipients=wanted.recipients or _recipients(drafting, wanted.country))
    if wanted.issuers is None:
        wanted = replace(wanted, issuers=_issuers(drafting, drafting.likely_issuers(drafting.code(wanted.code))))
    return replace(wanted, sources=wanted.sources or ask_sources())


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
            return replace(wanted, country=wanted.country or drafting.country_of(code))
        asked, wanted = True, replace(wanted, code="")


def _suggested(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    try:
        if drafting.needs_country and not wanted.country:
            known = drafting.countries
            default = known[0] if len(known) == 1 else ""
            answer = ask_until("\nCountry (three letters, ISO 3166-1)", _no_country, default, known)
            wanted = replace(wanted, country=answer.upper())
        suggestion = str(drafting.next_code(wanted.issued or on, wanted.country))
    except (NoNumbering, SchemeError):
        suggestion = ""
    hint = " (Enter takes the next of your own)" if suggestion else ""
    code = ask_until(f"Code of the case{hint}", lambda typed: None if typed else "a code is needed", suggestion)
    return replace(wanted, code=code)


def _country(wanted: NewAppeal) -> NewAppeal:
    """Ask for the country where the code names none."""
    if wanted.country:
        return wanted
    question = "\nCountry it is about (three letters, ISO 3166-1; Enter = later)"
    answer = ask_until(question, lambda typed: _no_country(typed) if typed else None)
    return replace(wanted, country=answer.upper() or None)


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
        return None if answer else f"one at least of: {', '.join(known)}"

    default = " ".join(drafting.desk.campaign.languages)
    return tuple(dict.fromkeys(_words(ask_until("\nLanguages, the original first", fault, default, known))))


def _words(answer: str) -> list[str]:
    return answer.replace(",", " ").split()


def _titles(languages: tuple[str, ...]) -> dict[str, str]:
    output.say("\nWhat is the appeal called? (Enter = later)")
    titles = {language: ask(f"  title in {language}") for language in languages}
    return {language: title for language, title in titles.items() if title}


def _recipients(drafting: Drafting, country: str | None) -> tuple[str, ...]:
    known, chosen = drafting.references_for(country), list[str]()
    output.say("\nWho is asked to act? The tab key completes; ? shows all; an empty line ends.")

    def fault(answer: str) -> str | None:
        if answer == "?":
            return "\n  ".join(known) or "no directory in recipients/ yet: appeals recipients new"
        for word in _words(answer):
            nearest = drafting.suggestion(word)
            if nearest is not None:
                return f"no recipient {word!r}{', ' + nearest if nearest else '; ? shows all'}"
        return None

    while words := _words(ask_until("  recipient", fault, choices=known)):
        for word in words:
            output.say(f"    {word}: {drafting.described(word)}")
        chosen += words
    return tuple(dict.fromkeys(chosen))


def _issuers(drafting: Drafting, likely: tuple[str, ...]) -> tuple[str, ...]:
    """Ask who publishes it; an issuer that the campaign does not have is written into the file later."""
    known = tuple(drafting.desk.campaign.issuers)

    def fault(answer: str) -> str | None:
        for word in _words(answer):
            if word not in known:
                return f"no issuer {word!r} in campaign.yaml; {did_you_mean(word, known) or ', '.join(known)}"
        return None

    hint = "" if likely else f" ({', '.join(known)}, or Enter = later)"
    answer = ask_until(f"\nWho publishes it?{hint}", fault, " ".join(likely), known)
    return tuple(dict.fromkeys(_words(answer)))


def _days(drafting: Drafting, wanted: NewAppeal, on: date) -> NewAppeal:
    if wanted.issued is None:
        wanted = replace(wanted, issued=ask_day("\nDay of issue", on))
    if wanted.act_by:
        return wanted
    issued = wanted.issued
    default = issued + min(ASSUMED_TIME_TO_ACT, date.max - issued) if issued else None
    last = ask_day("Last day to write", default, earliest=issued)
    if last is None:
        return wanted
    usual: dict[str, date] = {
        channel: general_day_for(channel, last, issued or last) for channel in drafting.desk.campaign.channels
    }
    days = {
        channel: ask_day(f"  by {channel}{', which needs a week on the way' * (day < last)}", day, earliest=issued)
        or day
        for channel, day in usual.items()
    }
    return replace(wanted, act_by={"*": last} if days == usual else days)
