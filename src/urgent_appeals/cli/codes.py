"""The command `appeals codes`: which case codes a text, mail, web page or PDF quotes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from urgent_appeals.cli.context import Context, Json
from urgent_appeals.cli.exit_status import ExitStatus
from urgent_appeals.cli.output import as_json, data, escape, say, table
from urgent_appeals.domain.quoted import QuotedCode
from urgent_appeals.pipeline.codes import Codebook, CodesFound, codebook, codes_in

STANDARD_INPUT = "-"

File = Annotated[
    str,
    typer.Argument(metavar="[FILE|-]", help="Text, HTML, mail (.eml) or PDF; - or nothing: standard input."),
]


def codes(ctx: typer.Context, file: File = STANDARD_INPUT, json: Json = False) -> ExitStatus:
    """Find the case codes quoted in any text.

    Each code comes with its scheme, as written, in canonical form, with position and certainty: exact,
    normalised (another spelling of the same letters and figures) or suggested (a person should look).
    """
    context = Context.of(ctx)
    try:
        found = _found(file, codebook(context.directory))
    except OSError as error:
        say(f"{escape(file)} cannot be read: {error.strerror or error}; give a file, or - for standard input")
        return ExitStatus.USAGE
    for note in found.notes:
        context.say(f"{escape(file)}: {escape(note)}")
    if json:
        data(as_json([code.model_dump(mode="json") for code in found.codes]))
    elif found.codes:
        data(table([_row(code) for code in found.codes], ("certainty", "scheme", "code", "as written", "at")))
    if not found.codes:
        context.say(f"no case code in {'standard input' if file == STANDARD_INPUT else escape(file)}")
        return ExitStatus.NOTHING_TO_DO
    return ExitStatus.FINE


def _found(file: str, book: Codebook) -> CodesFound:
    if file == STANDARD_INPUT:
        return codes_in(sys.stdin.buffer, schemes=book.schemes, known=book.known)
    with Path(file).open("rb") as stream:
        return codes_in(stream, Path(file).name, schemes=book.schemes, known=book.known)


def _row(code: QuotedCode) -> tuple[str, ...]:
    return code.certainty.value, code.scheme, code.canonical, code.written, f"{code.start}-{code.end}"
