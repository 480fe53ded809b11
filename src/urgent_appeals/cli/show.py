"""`appeals show`: what an appeal says, to whom, until when, and the other appeals of its case."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from urgent_appeals.cli.completion import complete_code, complete_language
from urgent_appeals.cli.context import Context, Json, On
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, width

if TYPE_CHECKING:
    from urgent_appeals.domain.letter import Addressee
    from urgent_appeals.pipeline.definitions import Shown
    from urgent_appeals.pipeline.dispatched import Dispatched
    from urgent_appeals.pipeline.lineage import LettersMade

_WIDEST = 100
_CODE = typer.Argument(
    metavar="CODE", help='The appeal: "KAZ 001/0802/OBS 053.02", 053.02 …', autocompletion=complete_code
)


def show(
    ctx: typer.Context,
    code: Annotated[str, _CODE],
    *,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", metavar="LANG", help="In this language of the appeal.", autocompletion=complete_language
        ),
    ] = None,
    on: On = None,
    json: Json = False,
) -> ExitStatus:
    """Show an appeal as it stands on the day: state, people, recipients and holders, requests, deadlines, case.

    Where there is a desk.yaml: what became of its letters, too, and what is to be called back.
    """
    from urgent_appeals.pipeline.definitions import show as show_appeal  # loads Pydantic and the YAML reader

    context = Context.of(ctx, on=on)
    root = context.workspace()
    shown = _with_what_became(context, root, show_appeal(root, code, context.today, lang))
    context.data(as_json(shown) if json else "\n".join(_lines(_as_written(root, shown))))
    return ExitStatus.FINE


def _with_what_became(context: Context, root: Path, shown: Shown) -> Shown:
    """Return what is shown, with what the log knows of its letters; a log that cannot be read is told."""
    from urgent_appeals.errors import AppealsError

    if not (root / "desk.yaml").exists():
        return shown
    from urgent_appeals.pipeline.still_out import with_what_became  # loads the log

    try:
        return with_what_became(root, shown)
    except AppealsError as error:
        context.say(f"what became of its letters could not be looked up: {error}")
        return shown


def _as_written(root: Path, shown: Shown) -> Shown:
    """Return what is shown with the codes of what is to be called back as their issuer writes them."""
    if not shown.out:
        return shown
    from urgent_appeals.pipeline.spelling import spelling

    spelled = spelling(root)
    return replace(shown, out=tuple(replace(out, code=spelled(out.code)) for out in shown.out))


def _lines(shown: Shown) -> Iterator[str]:
    listed = shown.listed
    yield f"{listed.code}  {listed.title}"
    yield from _field("state", [f"{listed.state}: {listed.reason}" if listed.reason else listed.state])
    yield from _field("kind", [shown.kind])
    yield from _field("issued", [str(listed.issued)] if listed.issued else [])
    yield from _field("embargo", [f"not to be used before {shown.embargo}"] if shown.embargo else [])
    yield from _field("act by", [_deadlines(shown)] if shown.deadlines else [])
    yield from _field("about", shown.people)
    yield from _field("languages", [" ".join(listed.languages)])
    yield from _field("to", [_addressee(addressee) for addressee in shown.addressees])
    yield from _field("take care", [f"{recipient}: {words}" for recipient, words in shown.caveats])
    yield from _field("no letter", [f"{reference}: {reason}" for reference, reason in shown.without_letter])
    yield from _field("asks", [f"{label} {words}".strip() for label, words in shown.requests])
    links = [f"to {link.recipient} in {link.language}: {link.encoded} characters, {link.holds}" for link in shown.links]
    yield from _field("mail links", links)
    yield from _field("case", _members(shown))
    yield from _field("earlier", shown.earlier)
    yield from _field("follows", [shown.follows] if shown.follows else [])
    yield from _field("followed by", shown.followed_by)
    yield from _field("outcome", [shown.outcome] if shown.outcome else [])
    yield from _field("call back", [str(out) for out in shown.out])
    yield from _field("wrote before", [_letters(letters) for letters in shown.wrote_before])
    yield from _field("made", [_letters(letters) for letters in shown.made])
    yield from _field("dispatched", _dispatched(shown.dispatched))
    yield from _field("hold back", [_held(shown)] if shown.made and shown.replaced_by else [])
    yield from _field("to compare", [f"{language}.md: the original has changed since" for language in shown.stale])
    yield from _field("sources", shown.sources)
    yield from _field("files", [listed.folder])
    count = len(shown.problems)
    yield from _field(
        "check", [f"{count} to look at: appeals check {listed.code!r}" if count else "nothing to put right"]
    )


def _field(name: str, values: Iterable[str]) -> Iterator[str]:
    """Yield the lines of one field, nothing where it has no value."""
    for index, value in enumerate(values):
        label = f"{name if index == 0 else '':<13}"
        yield textwrap.fill(value, _width(), initial_indent=f"  {label}", subsequent_indent=" " * 17)


def _width() -> int:
    """Return how wide lines may be: as the terminal, within reason; piped, always the same."""
    columns = get_terminal_size().columns if sys.stdout.isatty() else _WIDEST
    return min(max(columns, 40), _WIDEST)


def _deadlines(shown: Shown) -> str:
    days = ", ".join(f"{deadline.channel} {deadline.act_by}" for deadline in shown.deadlines)
    return f"{days} (assumed: the appeal names no day)" if shown.deadlines[0].assumed else days


def _addressee(addressee: Addressee) -> str:
    holder = f" ({addressee.holder})" if addressee.holder else ""
    ways = [*(["post"] if addressee.block else []), *(["email"] if addressee.email else [])]
    ways += dict.fromkeys(contact.kind for contact in addressee.contacts)
    return f"{addressee.recipient}: {addressee.name}{holder}; {', '.join(ways) or 'no way to reach it'}"


def _members(shown: Shown) -> Iterator[str]:
    """Yield the appeals of the case in columns, with the day of issue."""
    wide = max(width(other.code) for other in shown.case)
    for other in shown.case:
        code = other.code + " " * (wide - width(other.code))
        yield f"{code}  {other.state:<10}  {other.issued or 'no date'!s:<10}  {other.title}"


def _dispatched(letters: Sequence[Dispatched]) -> Iterator[str]:
    if letters:
        from urgent_appeals.pipeline.dispatched import summed_up

        yield summed_up(letters)
        yield from map(str, letters)


def _held(shown: Shown) -> str:
    does = "ended the letter-writing" if shown.listed.state == "stopped" else "replaced this appeal"
    return f"what of it has not gone yet: {shown.replaced_by} has {does} since"


def _letters(letters: LettersMade) -> str:
    return f"{letters.on} on {letters.code}: {letters.sender} to {letters.recipient} ({' '.join(letters.languages)})"
