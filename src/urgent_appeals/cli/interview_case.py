"""Ask about the case itself: people, what was done to them, when, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from urgent_appeals.cli import output
from urgent_appeals.cli.ask import ask, ask_choice, ask_until
from urgent_appeals.cli.new import CONSENTS, GENDERS, name_people, no_partial_date
from urgent_appeals.pipeline.writing import NewPerson


def ask_people(languages: tuple[str, ...]) -> dict[str, NewPerson]:
    """Ask for people until an empty answer; return them by short names."""
    people: list[NewPerson] = []
    while True:
        question = "\nWhom is it about?" if not people else "\nWho else?"
        first = ask(f"{question} Full name in {languages[0]} (Enter = {'nobody else' if people else 'later'})")
        if not first:
            return name_people(people)
        names = {languages[0]: first} | _translated("name", languages[1:])
        gender = ask_choice("  gender", GENDERS, "unknown")
        consent = ask_choice("  consent to be named", CONSENTS, "not-asked")
        if consent == "refused":
            output.say("  then a pseudonym stands for the name, which is written nowhere")
            names = _translated("pseudonym", languages)
        elif consent == "not-asked":
            output.say("  ask before anything is published: `appeals check` warns until then")
        people.append(NewPerson(names, gender, consent, pseudonym=consent == "refused"))


def ask_violations(languages: tuple[str, ...], known: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], ...]:
    """Ask for kinds of violation; what another appeal calls the same serves as default in further languages."""
    found: list[dict[str, str]] = []
    original = languages[0]
    used = tuple(dict.fromkeys(each[original] for each in known if original in each))
    output.say("\nWhat kinds of violation? The tab key completes from your other appeals; an empty line ends.")
    while first := ask(f"  violation in {original}", choices=used, by_word=False):
        same = next((each for each in known if each.get(original) == first), {})
        found.append({original: first} | _translated("the same", languages[1:], same))
    return tuple(found)


def ask_events() -> tuple[str, ...]:
    """Ask for the days on which it happened."""

    def fault(answer: str) -> str | None:
        return next((told for day in answer.replace(",", " ").split() if (told := no_partial_date(day))), None)

    question = "\nWhen did it happen? Days as 2026-10-09, 2026-10, 2026 (Enter = later)"
    return tuple(ask_until(question, fault).replace(",", " ").split())


def ask_sources() -> tuple[dict[str, str], ...]:
    """Ask for sources until an empty answer."""
    sources: list[dict[str, str]] = []
    while True:
        question = "\nAnother source? Title" if sources else "\nWhere are the facts from? Title of what was published"
        title = ask(f"{question} (Enter = {'no' if sources else 'later'})")
        if not title:
            return tuple(sources)
        more = {
            "publisher": ask("  published by (Enter = not known)"),
            "date": ask_until("  date (2026-10-15, 2026-10 or 2026; Enter = undated)", _no_date),
            "url": ask("  web address (Enter = none)"),
        }
        sources.append({"title": title} | {key: answer for key, answer in more.items() if answer})


def _no_date(answer: str) -> str | None:
    return no_partial_date(answer) if answer else None


def _translated(what: str, languages: Sequence[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ask for the same in further languages, with what is known as default; what is left out is not in the answer."""
    answers = {}
    for language in languages:
        default = known.get(language, "") if known else ""
        answers[language] = ask(f"  {what} in {language}{'' if default else ' (Enter = later)'}", default)
    return {language: answer for language, answer in answers.items() if answer}
