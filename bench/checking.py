"""Measure reading and checking 1,000 appeals in two languages against bare parsing of the same files.

Bare parsing is what any program must do: ruamel.yaml's safe load with the C parser, and markdown-it-py with
tables and footnotes.
"""

from __future__ import annotations

import atexit
import random
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from ruamel.yaml import YAML

from bench.run import Bar, Bench, Contender
from urgent_appeals.domain.check import Definitions, check
from urgent_appeals.workspace.read import read

APPEALS = 1000

WORDS = {
    "en": "the of arrest on release family court lawyer without charge since detention health concern "
    "harbour radio station authorities respect please ensure immediate impartial investigation rights",
    "ru": "о задержании освободить немедленно суд адвокат без обвинения семья здоровье права человека "
    "защитник статья расследование власти просим обеспечить обращение гавань радио слушание",
}
"""Words of both languages, put together at random: what matters is how many there are and in which script."""


def bench() -> Bench:
    """Compare bare parsing, reading, and reading with every rule of `check`."""
    folder = tempfile.TemporaryDirectory(prefix="bench-checking-")
    root = Path(folder.name)
    atexit.register(folder.cleanup)
    write_workspace(root, APPEALS)
    return Bench(
        f"Checking {APPEALS:,} appeals in two languages",
        (
            Contender("bare parsing of the same files", lambda: parse_barely(root), APPEALS),
            Contender("reading them", lambda: read_only(root), APPEALS),
            Contender("check: reading and every rule", lambda: read_and_check(root), APPEALS),
        ),
        bars=(Bar("check: reading and every rule", "bare parsing of the same files", 2.0),),
        rounds=3,
        warm_up=False,
    )


def parse_barely(root: Path) -> None:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    footnote_plugin(parser)
    yaml = YAML(typ="safe", pure=False)
    for path in sorted(root.rglob("*.yaml")):
        yaml.load(path.read_text("utf-8"))
    for path in sorted(root.rglob("*.md")):
        parser.parse(path.read_text("utf-8"))


def read_only(root: Path) -> None:
    workspace = read(root)
    assert len(workspace.appeals) > 0, workspace.problems


def read_and_check(root: Path) -> None:
    workspace = read(root)
    assert workspace.campaign is not None, workspace.problems
    check(Definitions(workspace.campaign, workspace.appeals, workspace.directories, workspace.phrases))


def write_workspace(root: Path, appeals: int) -> None:
    """Write a workspace of that many appeals, each as long as a real one, to offices of ten directories."""
    chance = random.Random(1948)  # noqa: S311  # the same workspace each time
    _write(root / "campaign.yaml", CAMPAIGN)
    for number in range(10):
        _write(root / "recipients" / f"country-{number}.yaml", DIRECTORY.format(number=number))
    for number in range(1, appeals + 1):
        folder = root / "appeals" / f"case-{number:04}" / "00"
        _write(
            folder / "appeal.yaml",
            APPEAL.format(number=number, serial=f"{number % 1000:03}", country=number % 10),
        )
        for language, words in WORDS.items():
            _write(folder / f"{language}.md", _prose(chance, words.split(), number))


def _prose(chance: random.Random, words: list[str], number: int) -> str:
    def text(count: int) -> str:
        return " ".join(chance.choices(words, k=count)).capitalize() + "."

    def paragraphs(count: int, length: int) -> str:
        return "\n\n".join(f"{text(length // 2)} *{text(4)}* {text(length // 2)}" for _ in range(count))

    return PROSE.format(
        number=number,
        letter=paragraphs(3, 62),
        summary=paragraphs(1, 60),
        background=paragraphs(4, 80),
        actions="\n".join(f"{item}. {text(30)}" for item in range(1, 5)),
        events="\n".join(f"- 2026-{month:02}-14: {text(12)}" for month in range(1, 7)),
        note=text(20),
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


CAMPAIGN = """\
name: {en: Letter Desk, ru: Служба писем}
languages: [en, ru]
senders:
  hale: {name: Margaret Hale, address: [14 Albion Terrace, Leeds], email: m.hale@letters.example}
sender: hale
"""

DIRECTORY = """\
directory: country-{number}
name: {{en: Arlandia {number}, ru: Арландия {number}}}
country: XAA
country_line: ARLANDIA
languages: [en, ru]
checked: 2026-10-01
offices:
  president:
    name: {{en: President of Arlandia, ru: Президент Арландии}}
    title: {{en: President, ru: Президент}}
    tags: [head-of-state]
    address: {{lines: {{"*": [Harbour Palace, 10001 Tarnholt]}}}}
    email: president@arlandia.example
  minister:
    name: {{en: Minister of Justice, ru: Министр юстиции}}
    title: {{en: Minister, ru: Министр}}
    tags: [minister]
    holders:
      - name: {{en: Tova Brandt, ru: Това Брандт}}
        gender: f
        from: 2024-01
    address: {{lines: {{"*": [4 Quay Street, 10002 Tarnholt]}}}}
  prosecutor:
    name: {{en: Prosecutor General, ru: Генеральный прокурор}}
    title: {{en: Prosecutor General, ru: Генеральный прокурор}}
    address: {{lines: {{"*": [9 Court Road, 10003 Tarnholt]}}}}
    contacts:
      - {{kind: fax, printed: 00 999 12 34 56, e164: "+999123456"}}
"""

APPEAL = """\
code: XAA {serial}/0126/OBS {number:03}
kind: new
title: {{en: A radio presenter is detained, ru: Задержана ведущая радио}}
country: XAA
dates:
  issued: 2026-10-20
  act_by: 2026-12-01
  events: [2026-09, 2026-10-14]
issuers:
  - name: {{en: Harbour Rights Watch, ru: Гавань прав}}
    short: HRW
    contacts:
      - {{kind: telephone, printed: +999 12 34 56, e164: "+999123457"}}
      - {{kind: email, printed: desk@harbour.example}}
people:
  orvandis:
    name: {{en: Nela Orvandis, ru: Нела Орвандис}}
    role: {{en: radio presenter, ru: ведущая радио}}
    gender: f
    consent: given
violations:
  - {{en: arbitrary detention, ru: произвольное лишение свободы}}
recipients:
  - country-{country}/president
  - country-{country}/minister
  - country-{country}/prosecutor
languages: [en, ru]
reviewed: [en, ru]
sources:
  - title: A radio presenter is detained
    publisher: Harbour Rights Watch
    date: 2026-10-20
    url: https://harbour.example/{number}
"""

PROSE = """\
# Arlandia: a radio presenter is detained ({number})

## Subject

Ms Nela Orvandis: request for her release

## Letter

{letter}

The court did not say why.[^why]

## Summary

{summary}

## Background

{background}

## Chronology

{events}

## Actions requested

Please write to the authorities and urge them to:

{actions}

## Place line

Leeds, 20 October 2026

[^why]: {note}
"""
