"""Measure letters in print: this program's warm press against a plain loop of Jinja2 and WeasyPrint.

    python -m bench.letters [--rounds 5]

Both lay out the same letters with the same template, style sheets, fonts and densities, as tagged PDF/A-3a. Each has
a process of its own, so that neither profits from what the other has loaded; rounds of both are mixed.
"""

from __future__ import annotations

import argparse
import atexit
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.run import Bar, Bench, Contender, measure, told

ROOT = Path(__file__).resolve().parent.parent
CONTENDERS = ("plain loop", "press")
BAR = 1.3
LETTERS = 8
"""How many letters make a round."""

FACES = "".join(
    f"@font-face {{ font-family: {family}; font-weight: {weight}; font-style: {style};"
    f' src: url("fonts/{file}.ttf") }}\n'
    for family, weight, style, file in (
        ("AppealSerif", 400, "normal", "AppealSerif-Regular"),
        ("AppealSerif", 600, "normal", "AppealSerif-Semibold"),
        ("AppealSerif", 400, "italic", "AppealSerif-Italic"),
        ("AppealSans", 400, "normal", "AppealSans-Regular"),
        ("AppealSans", 600, "normal", "AppealSans-Semibold"),
    )
)


def letters(count: int) -> list[Any]:
    """Return letters of about one page, English and Russian by turns, each to a recipient of its own."""
    from tests.render import builders

    languages = ("en", "ru")
    return [
        builders.letter(
            languages[number % 2],
            addressee=builders.addressee(recipient=f"kazakhstan/office-{number}"),
            qr=f"{builders.CODE}:kazakhstan/office-{number}",
        )
        for number in range(count)
    ]


def press(count: int) -> Callable[[], None]:
    """Return a round of the warm press."""
    from urgent_appeals import packaged
    from urgent_appeals.render.press import Press

    work, printer = letters(count), Press(packaged.templates())
    for letter in work[:2]:
        printer.letter(letter)

    def one_round() -> None:
        for letter in work:
            printer.letter(letter)

    return one_round


def plain(count: int) -> Callable[[], None]:
    """Return a round of the plain loop: a template filled by Jinja2, `HTML(…).write_pdf()`, letter by letter."""
    from jinja2 import Environment, FileSystemLoader
    from weasyprint import HTML

    from urgent_appeals import packaged
    from urgent_appeals.render.data import letter_data
    from urgent_appeals.render.density import densities
    from urgent_appeals.render.fonts import Fonts
    from urgent_appeals.render.qr import draw
    from urgent_appeals.render.templates import Templates, _thawed

    directory = packaged.templates()
    environment = Environment(loader=FileSystemLoader(directory), autoescape=True)
    sheets = "".join((directory / name).read_text(encoding="utf-8") for name in ("base.css", "letter.css"))
    style = f"<style>{FACES}{sheets}</style></head>"
    fonts = Fonts(Templates(directory))
    work = []
    for letter in letters(count):  # What the letter says is no part of the contest: both are handed it.
        symbol = draw(letter.qr)
        data = _thawed({**letter_data(letter, symbol, fonts), "density": densities(letter, fonts)[0]})
        work.append((data, symbol.svg.decode()))

    def one_round() -> None:
        for data, svg in work:
            html = environment.get_template("letter.html").render(data).replace("</head>", style)
            alternative = data["reference"]["qr"]["alternative"]
            html = html.replace('<img src="qr.svg" ', f"<img src='data:image/svg+xml,{_quoted(svg)}' ")
            assert alternative in html
            HTML(string=html, base_url=str(directory / "letter.html")).write_pdf(pdf_variant="pdf/a-3a")

    one_round()
    return one_round


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def serve(contender: str, count: int) -> None:
    """Be one contender: run a round for every line that comes in, and answer with its CPU seconds."""
    one_round = press(count) if contender == "press" else plain(count)
    print(json.dumps("ready"), flush=True)
    for _ in sys.stdin:
        started = time.process_time()
        one_round()
        print(json.dumps(time.process_time() - started), flush=True)


def bench() -> Bench:
    """Start both contenders, each in a process of its own, and say what is to be reached."""
    running = {name: _started(name, LETTERS) for name in CONTENDERS}
    return Bench(
        title="Letters, warm, PDF only, beside a plain loop of Jinja2 and WeasyPrint",
        contenders=tuple(Contender(name, partial(_one_round, running[name]), LETTERS) for name in CONTENDERS),
        bars=(Bar("press", "plain loop", 1 / BAR),),
    )


def _started(name: str, count: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.letters", "--contender", name, "--letters", str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_ended, process)
    _answer(process)
    return process


def _one_round(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(_answer(process))


def _answer(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def _ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure letters in print.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--letters", type=int, default=LETTERS, help=argparse.SUPPRESS)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        serve(options.contender, options.letters)
        return 0
    result = measure(bench(), rounds=options.rounds)
    print(told(result))
    return 0 if result.reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
