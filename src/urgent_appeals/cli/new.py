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
        list[str] | None, typer.Option("--title", metavar="[LANG=]TEXT", help="What it is called; once a language.")
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
        list[str] | None, typer.Option("--issuer", metavar="ID", help="An issuer of campaign.yaml; else its first.")
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
    drafting = Drafting.open(context.workspace())
    wanted = NewAppeal(
        code=code or "",
        languages=tuple(lang or ()),
        titles=_titles(title or []),
        people=_people([read_person(each) for each in person or []]),
        recipients=tuple(to or ()),
        issuers=tuple(issuer or ()),
        country=country,
        issued=issued,
        act_by=dict(_act_by(each) for each in act_by or []),
        follows=follows,
    )
    if ask:
        from urgent_appeals.cli.ask import can_ask

        if can_ask():
            from urgent_appeals.cli.interview import interview

            wanted = interview(drafting, wanted, context.today)
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

    parts = [part.strip() for part in text.split(";") if part.strip()]
    keyed = [_KEYED.fullmatch(part) for part in parts]
    fields = {found["key"]: found["value"].strip() for found in keyed if found is not None}
    plain = [part for part, found in zip(parts, keyed, strict=True) if found is None]
    names = {"*": plain[0]} if plain else {}
    gender, consent = fields.pop("gender", "unknown"), fields.pop("consent", "not-asked")
    if gender not in GENDERS or consent not in CONSENTS or len(plain) > 1 or not (names or fields):
        raise typer.BadParameter(
            f"{text!r} is no person such as 'Nela Orvandis' or 'en=Nela Orvandis; ru=Нела Орвандис; gender=f; "
            f"consent=given' (gender: {', '.join(GENDERS)}; consent: {', '.join(CONSENTS)})",
            param_hint="--person",
        )
    return NewPerson({**names, **fields}, gender, consent)


def name_people(people: list[NewPerson]) -> dict[str, NewPerson]:
    """Return people by a short name made from the last word of theirs, each its own."""
    named: dict[str, NewPerson] = {}
    for number, person in enumerate(people, start=1):
        words = re.findall(r"[a-z0-9]+", next(iter(person.names.values()), "").lower())
        short = words[-1] if words else f"person-{number}"
        named[short if short not in named else f"{short}-{number}"] = person
    return named


def _people(people: list[NewPerson]) -> dict[str, NewPerson]:
    return name_people(people)


def _numbered(wanted: NewAppeal, code: str) -> NewAppeal:
    from dataclasses import replace

    return replace(wanted, code=code)


def _titles(titles: list[str]) -> dict[str, str]:
    found = {}
    for title in titles:
        keyed = re.fullmatch(r"(?P<key>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)=(?P<value>.+)", title, re.DOTALL)
        found[keyed["key"] if keyed else "*"] = keyed["value"].strip() if keyed else title
    return found


def _act_by(text: str) -> tuple[str, date]:
    channel, separator, day = text.partition("=")
    if not separator:
        return "*", parse_date(text)
    if channel not in CHANNELS:
        raise typer.BadParameter(f"no channel {channel!r}: {', '.join(CHANNELS)}", param_hint="--act-by")
    return channel, parse_date(day)
