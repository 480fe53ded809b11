"""Write the files of a new appeal from commented skeletons; what is not known yet is a TODO, which `check` refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from string import Template

from urgent_appeals import packaged
from urgent_appeals.workspace.yaml_write import entry

ISSUED_TODO = "issued:                      # TODO: the day it is published, such as 2026-10-20"
ACT_BY_TODO = "act_by:                      # TODO: the last day on which a letter may set out; a day, or one a channel"

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
    """What is known of a new appeal; `act_by` by channel, or by `*`; `titles` by language."""

    code: str
    languages: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)
    people: dict[str, NewPerson] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    country: str | None = None
    issued: date | None = None
    act_by: dict[str, date] = field(default_factory=dict)
    follows: str | None = None
    kind: str = "new"


def skeleton(new: NewAppeal) -> dict[str, str]:
    """Return the text of each file of a new appeal, by its name in the folder."""
    prose = _template("prose.md")
    files = {"appeal.yaml": _header(new)}
    for language in new.languages:
        title = new.titles.get(language) or new.titles.get("*") or "TODO: what the appeal is called"
        files[f"{language}.md"] = prose.substitute(title=title)
    return files


def person_data(person: NewPerson, languages: tuple[str, ...]) -> dict[str, object]:
    """Return a person as `appeal.yaml` holds one; a language without a name gets a TODO."""
    missing = {language: "TODO" for language in languages if not {language, "*"} & person.names.keys()}
    every = person.names.get("*")
    name: object = every if every is not None else {**person.names, **missing}
    pseudonym = {"pseudonym": "true"} if person.pseudonym else {}
    return {"name": name, "gender": person.gender, "consent": person.consent, **pseudonym}


def _header(new: NewAppeal) -> str:
    people = {name: person_data(person, new.languages) for name, person in new.people.items()}
    follows = f"\n{_entry('follows', new.follows)}  # the appeal of another series that this one continues"
    recipients = list(new.recipients) or ["TODO: directory/office, directory/group, directory#tag, or a directory"]
    return _template("appeal.yaml").substitute(
        code=_entry("code", new.code) + (follows if new.follows else ""),
        kind=_entry("kind", new.kind),
        country=_entry("country", new.country) if new.country else f"{_COUNTRY_TODO}",
        issued=_entry("issued", new.issued.isoformat(), 2) if new.issued else f"  {ISSUED_TODO}",
        act_by=_act_by(new.act_by),
        issuers=_entry("issuers", list(new.issuers)),
        people="\n".join(_person(name, data) for name, data in people.items()) or "  # TODO: whom is it about?",
        violation=", ".join(f"{language}: TODO" for language in new.languages),
        recipients=_entry("recipients", recipients),
        languages=_entry("languages", list(new.languages)),
    )


def _person(name: str, data: dict[str, object]) -> str:
    # The writer of YAML guards a text that reads as a truth value; here it is meant as one.
    return _entry(name, data, 2).replace('pseudonym: "true"', "pseudonym: true")


def _act_by(days: dict[str, date]) -> str:
    if not days:
        return f"  {ACT_BY_TODO}"
    by_channel = {channel: day.isoformat() for channel, day in days.items()}
    return _entry("act_by", by_channel.get("*") or by_channel, 2)


def _entry(key: str, value: object, indent: int = 0) -> str:
    return "\n".join(entry(key, value, indent))  # type: ignore[arg-type]  # texts, lists and mappings of texts


def _template(name: str) -> Template:
    return Template((packaged.templates() / "init" / name).read_text(encoding="utf-8"))
