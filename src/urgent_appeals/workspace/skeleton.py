"""Write the files of a new appeal from commented skeletons; what is not known yet is a TODO, which `check` refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from string import Template

from urgent_appeals import packaged
from urgent_appeals.workspace.yaml_write import entry, flow, item

ISSUED_TODO = "issued:                      # TODO: the day it is published, such as 2026-10-20"
ACT_BY_TODO = "act_by:                      # TODO: the last day on which a letter may set out; a day, or one a channel"

_EVENTS_TODO = "  events: []                   # TODO: when it happened, such as 2026-10-09, 2026-10 or 2026"
_RECIPIENTS_TODO = (
    "recipients: []                 # TODO: directory/office, directory/group, directory#tag, or a directory"
)
_SOURCES_TODO = """\
  - title: "TODO: what was published"
    publisher: "TODO: by whom"
    date:                      # 2026-10-15, 2026-10 or 2026; without one it is undated
    url:"""
_COUNTRY_TODO = "country:                       # TODO: three letters (ISO 3166-1)"


@dataclass(frozen=True)
class NewPerson:
    """A person whom a new appeal is about; `names` by language, or by `*` for all."""

    names: dict[str, str]
    gender: str = "unknown"
    consent: str = "not-asked"
    pseudonym: bool = False


@dataclass(frozen=True)
class NewAppeal:
    """What is known of a new appeal; `act_by` by channel, or by `*`; titles and violations by language.

    `events` are days that may be partial; a source has the keys of `appeal.yaml`: title, publisher, date, url.
    `issuers` are None where nobody was asked, empty where they are left for later.
    """

    code: str
    languages: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)
    people: dict[str, NewPerson] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    issuers: tuple[str, ...] | None = None
    country: str | None = None
    issued: date | None = None
    embargo: date | None = None
    act_by: dict[str, date] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    violations: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    follows: str | None = None
    kind: str = "new"


def skeleton(new: NewAppeal, issuers: Iterable[str] = ()) -> dict[str, str]:
    """Return the text of each file of a new appeal, by its name in the folder; `issuers` are there to choose from."""
    prose = _template("prose.md")
    files = {"appeal.yaml": _header(new, tuple(issuers))}
    for language in new.languages:
        title = new.titles.get(language) or "TODO: what the appeal is called"
        files[f"{language}.md"] = prose.substitute(title=title)
    return files


def person_data(person: NewPerson, languages: tuple[str, ...]) -> dict[str, object]:
    """Return a person as `appeal.yaml` holds one; a language without a name gets a TODO."""
    missing = {language: "TODO" for language in languages if not {language, "*"} & person.names.keys()}
    every = person.names.get("*")
    name: object = every if every is not None else {**person.names, **missing}
    pseudonym = {"pseudonym": "true"} if person.pseudonym else {}
    return {"name": name, "gender": person.gender, "consent": person.consent, **pseudonym}


def _header(new: NewAppeal, issuers: tuple[str, ...]) -> str:
    people = {name: person_data(person, new.languages) for name, person in new.people.items()}
    follows = f"\n{_entry('follows', new.follows)}  # the appeal of another series that this one continues"
    return _template("appeal.yaml").substitute(
        code=_entry("code", new.code) + (follows if new.follows else ""),
        kind=_entry("kind", new.kind),
        country=_entry("country", new.country) if new.country else f"{_COUNTRY_TODO}",
        issued=_issued(new),
        act_by=_act_by(new.act_by),
        events=_events(new.events),
        issuers=_entry("issuers", list(new.issuers)) if new.issuers else _issuers_to_do(issuers),
        people="\n".join(_person(name, data) for name, data in people.items()) or "  # TODO: whom is it about?",
        violations=_violations(new),
        recipients=_entry("recipients", list(new.recipients)) if new.recipients else _RECIPIENTS_TODO,
        languages=_entry("languages", list(new.languages)),
        sources="\n".join(line for source in new.sources for line in item(source, 2)) or _SOURCES_TODO,
    )


def _person(name: str, data: dict[str, object]) -> str:
    # The writer of YAML guards a text that reads as a truth value; here it is meant as one.
    return _entry(name, data, 2).replace('pseudonym: "true"', "pseudonym: true")


def _issued(new: NewAppeal) -> str:
    issued = _entry("issued", new.issued.isoformat(), 2) if new.issued else f"  {ISSUED_TODO}"
    return "\n".join([issued, *([_entry("embargo", new.embargo.isoformat(), 2)] if new.embargo else [])])


def _events(days: tuple[str, ...]) -> str:
    return _entry("events", list(days), 2) if days else _EVENTS_TODO


def _issuers_to_do(known: tuple[str, ...]) -> str:
    choices = f"; campaign.yaml has {', '.join(known)}" if known else " (an issuer of campaign.yaml)"
    return f"issuers: []                    # TODO: who publishes it{choices}"


def _violations(new: NewAppeal) -> str:
    todo = dict.fromkeys(new.languages, "TODO")
    words = [{**todo, **violation} for violation in new.violations] or [todo]
    return "\n".join(f"  - {flow(each)}" for each in words)


def _act_by(days: dict[str, date]) -> str:
    if not days:
        return f"  {ACT_BY_TODO}"
    by_channel = {channel: day.isoformat() for channel, day in days.items()}
    return _entry("act_by", by_channel.get("*") or by_channel, 2)


def _entry(key: str, value: object, indent: int = 0) -> str:
    return "\n".join(entry(key, value, indent))  # type: ignore[arg-type]  # texts, lists and mappings of texts


def _template(name: str) -> Template:
    return Template((packaged.templates() / "init" / name).read_text(encoding="utf-8"))
