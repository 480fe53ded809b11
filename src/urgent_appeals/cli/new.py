"""`appeals new`: begin an appeal about a new case, asking on a terminal, from options elsewhere."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_language, complete_recipient
from urgent_appeals.cli.context import Context, Json, On, parse_date
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json

if TYPE_CHECKING:
    from urgent_appeals.pipeline.writing import Begun, NewAppeal, NewPerson

GENDERS = ("m", "f", "unknown")
CONSENTS = ("given", "not-asked", "refused", "public")
SOURCE_KEYS = ("title", "publisher", "date", "url")
CHANNELS = ("post", "email", "fax", "web", "hand")
_KEYED = re.compile(r"(?P<key>[A-Za-z*][A-Za-z0-9-]*)=(?P<value>.*)", re.DOTALL)


def new(  # noqa: PLR0913  # one argument an option
    ctx: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="The case code; without it, the next one of the workspace's own numbering."
        ),
    ] = None,
    *,
    title: Annotated[
        list[str] | None,
        typer.Option("--title", metavar="[LANG=]TEXT", help="What it is called: in the original, or once a language."),
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="NAME",
            help='Whom it is about: "Nela Orvandis", or "en=…; ru=…; gender=f; consent=given".',
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="RECIPIENT", help="A recipient.", autocompletion=complete_recipient),
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", metavar="LANG", help="A language; the first is the original.", autocompletion=complete_language
        ),
    ] = None,
    violation: Annotated[
        list[str] | None,
        typer.Option("--violation", metavar="TEXT", help='A kind of violation: "torture", or "en=torture; ru=пытки".'),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="DATE", help="When it happened: 2026-10-09, 2026-10 or 2026."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="TEXT",
            help='Where the facts are from: a title, or "title=…; publisher=…; date=…; url=…".',
        ),
    ] = None,
    embargo: Annotated[
        date | None,
        typer.Option("--embargo", metavar="DATE", parser=parse_date, help="The first day on which it may be used."),
    ] = None,
    issued: Annotated[
        date | None, typer.Option("--issued", metavar="DATE", parser=parse_date, help="The day of issue.")
    ] = None,
    act_by: Annotated[
        list[str] | None,
        typer.Option("--act-by", metavar="[CHANNEL=]DATE", help="The last day to write; once, or once a channel."),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CCC", help="The country, in three letters (ISO 3166-1).")
    ] = None,
    issuer: Annotated[
        list[str] | None, typer.Option("--issuer", metavar="ID", help="Who publishes it, by the name in campaign.yaml.")
    ] = None,
    follows: Annotated[
        str | None,
        typer.Option(
            "--follows",
            metavar="CODE",
            help="The appeal of another series that it continues.",
            autocompletion=complete_code,
        ),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask on a terminal for what no option says.")] = True,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Begin an appeal about a new case: appeal.yaml and a file of prose for each language, in appeals/.

    On a terminal it explains the code and asks for what no option says; elsewhere, and for an empty answer, it leaves a
    TODO, which `appeals check` refuses. Nothing is overwritten.
    """
    from urgent_appeals.pipeline.writing import Drafting, NewAppeal  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    drafting = Drafting.open(context.workspace(), context.today)
    wanted = NewAppeal(
        code=code or "",
        languages=tuple(lang or ()),
        titles=_titles(title or []),
        people=name_people([read_person(each) for each in person or []]),
        violations=tuple(read_violation(each) for each in violation or []),
        events=tuple(_event(each) for each in event or []),
        sources=tuple(read_source(each) for each in source or []),
        recipients=tuple(to or ()),
        issuers=tuple(issuer) if issuer else None,
        country=_country(country),
        issued=issued,
        embargo=embargo,
        act_by=dict(_act_by(each) for each in act_by or []),
        follows=follows,
    )
    if ask:
        from urgent_appeals.cli.ask import can_ask

        if can_ask():
            from urgent_appeals.cli.interview import interview

            wanted = interview(drafting, wanted, context.today)
    if not wanted.code and drafting.needs_country and not wanted.country:
        raise typer.BadParameter(
            "your own numbering goes by country: say which, such as --country KAZ", param_hint="CODE"
        )
    if not wanted.code:
        wanted = _numbered(wanted, str(drafting.next_code(wanted.issued or context.today, wanted.country)))
    begun = drafting.begin(wanted)
    tell(context, begun, json=json)
    return ExitStatus.FINE


def tell(context: Context, begun: Begun, *, json: bool) -> None:
    """Print what was begun: the files on stdout, what to do next on stderr."""
    if json:
        context.data(as_json(begun))
    else:
        for name in begun.files:
            context.data(name)
    context.say(
        f"{begun.code} is begun in {begun.folder}, with {begun.to_do} places marked TODO. Next:\n"
        f"  write what stands behind each TODO, then take the word away\n"
        f"  appeals check {begun.code!r} --watch    says what is left, at every save\n"
        f"  appeals preview {begun.code!r}          shows the pages in the browser"
    )


def read_person(text: str) -> NewPerson:
    """Read a person as an option gives one: a name, or `key=value` parted by semicolons; raises BadParameter."""
    from urgent_appeals.pipeline.writing import NewPerson

    plain, fields = _keyed(text)
    names = {"*": plain[0]} if plain else {}
    gender, consent = fields.pop("gender", "unknown"), fields.pop("consent", "not-asked")
    if gender not in GENDERS or consent not in CONSENTS or len(plain) > 1 or not (names or fields):
        raise typer.BadParameter(
            f"{text!r} is no person such as 'Nela Orvandis' or 'en=Nela Orvandis; ru=Нела Орвандис; gender=f; "
            f"consent=given' (gender: {', '.join(GENDERS)}; consent: {', '.join(CONSENTS)})",
            param_hint="--person",
        )
    return NewPerson({**names, **fields}, gender, consent)


def read_violation(text: str) -> dict[str, str]:
    """Read a kind of violation: a text in the original language, or `language=text` parted by semicolons."""
    plain, fields = _keyed(text)
    if len(plain) + len(fields) == 0 or len(plain) > 1:
        raise typer.BadParameter(
            f"{text!r} is no kind of violation such as 'torture' or 'en=torture; ru=пытки'", param_hint="--violation"
        )
    return {**({"*": plain[0]} if plain else {}), **fields}


def read_source(text: str) -> dict[str, str]:
    """Read a source: its title, or title, publisher, date and url as `key=value` parted by semicolons."""
    plain, fields = _keyed(text)
    given = {**({"title": plain[0]} if plain else {}), **fields}
    if "title" not in given or len(plain) > 1 or given.keys() - set(SOURCE_KEYS):
        raise typer.BadParameter(
            f"{text!r} is no source such as 'Statement of the Bar' or "
            f"'title=Statement of the Bar; publisher=…; date=2026-11-05; url=…'",
            param_hint="--source",
        )
    if "date" in given and (told := no_partial_date(given["date"])):
        raise typer.BadParameter(told, param_hint="--source")
    return {key: given[key] for key in SOURCE_KEYS if key in given}


def no_partial_date(text: str) -> str | None:
    """Return what is wrong with a day that may be partial, None where nothing is."""
    from pydantic import ValidationError

    from urgent_appeals.domain.values import PartialDate

    try:
        PartialDate.model_validate(text)
    except ValidationError:
        return f"{text!r} is no date like 2026-12-12, 2026-12 or 2026"
    return None


def name_people(people: list[NewPerson]) -> dict[str, NewPerson]:
    """Return people by a short name made from the last word of theirs, each its own."""
    named: dict[str, NewPerson] = {}
    for number, person in enumerate(people, start=1):
        words = re.findall(r"[a-z0-9]+", next(iter(person.names.values()), "").lower())
        short = words[-1] if words else f"person-{number}"
        named[short if short not in named else f"{short}-{number}"] = person
    return named


def _numbered(wanted: NewAppeal, code: str) -> NewAppeal:
    from dataclasses import replace

    return replace(wanted, code=code)


def _titles(titles: list[str]) -> dict[str, str]:
    found = {}
    for title in titles:
        keyed = re.fullmatch(r"(?P<key>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)=(?P<value>.+)", title, re.DOTALL)
        found[keyed["key"] if keyed else "*"] = keyed["value"].strip() if keyed else title
    return found


def _country(text: str | None) -> str | None:
    if text is not None and re.fullmatch("[A-Za-z]{3}", text) is None:
        raise typer.BadParameter(
            f"{text!r} is no country: give one as three letters (ISO 3166-1)", param_hint="--country"
        )
    return text.upper() if text else None


def _keyed(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the parts between semicolons: those that are texts, and those that are `key=value`."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    keyed = [_KEYED.fullmatch(part) for part in parts]
    plain = [part for part, found in zip(parts, keyed, strict=True) if found is None]
    return plain, {found["key"]: found["value"].strip() for found in keyed if found is not None}


def _event(text: str) -> str:
    told = no_partial_date(text)
    if told:
        raise typer.BadParameter(told, param_hint="--event")
    return text


def _act_by(text: str) -> tuple[str, date]:
    channel, separator, day = text.partition("=")
    if not separator:
        return "*", parse_date(text)
    if channel not in CHANNELS:
        raise typer.BadParameter(f"no channel {channel!r}: {', '.join(CHANNELS)}", param_hint="--act-by")
    return channel, parse_date(day)
