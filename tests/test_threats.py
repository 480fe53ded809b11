"""The table of hostile inputs, row by row, at the command line: refused by name, and nothing made.

An index: each row is tested piece by piece in the layer that it is about; here it comes in as a file of a workspace
and goes through `appeals`.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from urgent_appeals import packaged
from urgent_appeals.pipeline import letters
from urgent_appeals.render.press import Limits, Press
from urgent_appeals.workspace.sample import write_sample

if TYPE_CHECKING:
    from tests.conftest import Appeals, Run

CODE = "UAD XAA 001/2026.01"
FOLDER = "appeals/UAD-XAA-001-2026/01"
HEADER, PROSE, DIRECTORY = f"{FOLDER}/appeal.yaml", f"{FOLDER}/en.md", "recipients/arlandia.yaml"
MADE = "UAD-XAA-001-2026-01"
OFFICE = "arlandia/justice-minister"
OF_ITS_OWN = {"README.md", f".{MADE}.lock"}
"""What may lie in the outbox of a workspace that made nothing."""

Replace = Callable[[str, str, str], None]
Make = Callable[..., "Run"]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the fictional sample."""
    root = tmp_path / "workspace"
    write_sample(root)
    return root


@pytest.fixture
def replace(workspace: Path) -> Replace:
    """Return a function that puts one text of a file of the workspace in the place of another, byte for byte."""

    def put(name: str, old: str, new: str) -> None:
        path = workspace / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogatepass"))

    return put


@pytest.fixture
def make(workspace: Path, appeals: Appeals) -> Make:
    """Return a function that runs `appeals letters` for one recipient in English."""

    def run(*arguments: str) -> Run:
        chosen = ("--on", "2026-11-22", "--to", OFFICE, "--lang", "en", *arguments)
        return appeals("-C", workspace, "letters", CODE, *chosen)

    return run


@pytest.fixture
def template(workspace: Path) -> Callable[[str], None]:
    """Return a function that gives the workspace a letter of its own, with markup at the beginning of its body."""

    def put(markup: str, head: str = "") -> None:
        text = (packaged.templates() / "letter.html").read_text(encoding="utf-8")
        text = text.replace("<body>", f"<body>{markup}").replace("</head>", f"{head}</head>")
        (workspace / "templates" / "letter.html").write_text(text, encoding="utf-8")

    return put


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let documents of a workspace's own templates take 2 seconds and 200 MB, instead of 10 and 512."""
    monkeypatch.setattr(letters, "Press", partial(Press, limits=Limits(seconds=2, megabytes=200)))


def nothing_made(workspace: Path) -> bool:
    return {path.name for path in (workspace / "outbox").iterdir()} <= OF_ITS_OWN


def refused(run: Run, *words: str) -> bool:
    """Tell whether a run ended with problems, said so in these words, and is no fault of the program."""
    told = run.out + run.err
    return run.status == 1 and "fault of the program" not in told and all(word in told for word in words)


def draft_of(workspace: Path, office: str = OFFICE) -> email.message.EmailMessage:
    path = workspace / "outbox" / MADE / "letters" / f"{office.replace('/', '-')}_en.eml"
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


# ── A1 to A4: templates ──


A1 = (
    r"""{{ appeal.parse_raw("cposix\nsystem\np0\n(Vtouch ./PWNED\np1\ntp2\nRp3\n.".encode('latin1'), proto='pickle', """
    r"""allow_pickle=true) }}"""
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(A1, id="A1"),
        pytest.param("{{ lipsum.__globals__['os'].popen('id').read() }}", id="A2-lipsum"),
        pytest.param("{{ cycler.__init__.__globals__ }}", id="A2-cycler"),
        pytest.param("{{ ''|attr('__class__') }}", id="A2-attr"),
        pytest.param("{{ '{0.__class__.__init__.__globals__}'.format(code) }}", id="A2-format"),
        pytest.param("{{ ('{0.__class__}'|attr('format'))(code) }}", id="A2-CVE-2024-56326"),
        pytest.param("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", id="A3-loops"),
        pytest.param("{{ lipsum(n=100000000) }}", id="A3-lipsum"),
        pytest.param("{{ '%0999999999d'|format(1) }}", id="A3-format"),
        pytest.param("{{ 'x'|center(10**9) }}", id="A3-center"),
        pytest.param("{{ 'A'*10**9 }}", id="A3-times"),
        pytest.param("{% include '../../../../etc/passwd' %}", id="A4-include"),
        pytest.param("{% include 's.html' %}", id="A4-symlink"),
        pytest.param("{% include 'folder/hostname.html' %}", id="A4-symlinked-folder"),
    ],
)
def test_a1_to_a4_a_template_that_reaches_out_makes_nothing(
    workspace: Path, template: Callable[[str], None], make: Make, tmp_path: Path, markup: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "hostname.html").write_text("secret", encoding="utf-8")
    if "s.html" in markup:
        (workspace / "templates" / "s.html").symlink_to(elsewhere / "hostname.html")
    (workspace / "templates" / "folder").symlink_to(elsewhere)
    template(markup)

    assert refused(make(), "template")
    assert nothing_made(workspace)
    assert not list(tmp_path.rglob("PWNED"))
    assert not (packaged.templates() / "PWNED").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("{% for a in range(999) %}" * 4 + "{% endfor %}" * 4, id="A3-time"),
        pytest.param("{% set a = 'A' * 1 if 0 else 'AAAAAAAA' %}" + "{% set a = a ~ a %}" * 40, id="A3-memory"),
        pytest.param("<table><tr><td colspan=100000>x</td></tr></table>" * 3, id="A8-colspan"),
        pytest.param("<style>@page{size:1px 1px}</style>" + "word " * 3000, id="A8-tiny-page"),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", id="A3-recursion"),
        pytest.param("<div>" * 20_000, id="A8-depth"),
    ],
)
@pytest.mark.usefixtures("hurry")
def test_a3_a8_a_template_that_never_ends_is_stopped_and_named(
    workspace: Path, template: Callable[[str], None], make: Make, markup: str
) -> None:
    template(markup)
    began = time.monotonic()

    assert refused(make(), "UAD XAA 001/2026") or refused(make(), "letter.html")
    assert time.monotonic() - began < 60
    assert nothing_made(workspace)


# ── A5 to A7: what gets into a page ──


HOSTILE_TEXT = '{{7*7}} <script>x</script> <link rel=attachment href="file:///etc/passwd">'


@pytest.mark.slow
def test_a5_hostile_text_of_an_appeal_is_printed_as_it_stands(workspace: Path, replace: Replace, make: Make) -> None:
    replace(PROSE, "I am writing about", f"{HOSTILE_TEXT} I am writing about")

    assert make().status == 0
    folder = workspace / "outbox" / MADE / "letters"
    assert HOSTILE_TEXT in " ".join((folder / "arlandia-justice-minister_en.txt").read_text(encoding="utf-8").split())
    assert b"/EmbeddedFile" not in (folder / "arlandia-justice-minister_en.pdf").read_bytes()
    html = draft_of(workspace).get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "<link" not in html.get_content()


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<a rel=attachment href="file:///etc/passwd">x</a>', id="A6-attachment"),
        pytest.param('<img alt=x src="FILE:///etc/passwd">', id="A6-upper-case"),
        pytest.param('<img alt=x src="file://ASSETS/%2e%2e/secret.txt">', id="A6-encoded"),
        pytest.param('<img alt=x src="link.svg">', id="A6-symlink"),
        pytest.param('<img alt=x src="http://127.0.0.1:9/x">', id="A7-picture"),
        pytest.param("<style>@import url(http://169.254.169.254/)</style>", id="A7-import"),
        pytest.param("<style>@font-face{font-family:f;src:url(http://127.0.0.1:9/f)}</style>", id="A7-font"),
        pytest.param("<object data=http://127.0.0.1:9/o></object>", id="A7-object"),
    ],
)
def test_a6_a7_a_page_that_asks_for_anything_else_is_not_made(
    workspace: Path, template: Callable[[str], None], make: Make, tmp_path: Path, markup: str
) -> None:
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (workspace / "templates" / "link.svg").symlink_to(tmp_path / "secret.svg")
    template(markup)

    assert refused(make())
    assert nothing_made(workspace)


@pytest.mark.slow
@pytest.mark.parametrize(
    "style",
    [
        pytest.param("@import url(http://127.0.0.1:9/x.css);", id="import"),
        pytest.param("@import url(file:///etc/passwd);", id="import-file"),
        pytest.param("body{background:url(file:///etc/hostname)}", id="url"),
        pytest.param("body{background:url(/etc/hostname)}", id="url-absolute"),
    ],
)
def test_a7_a_style_sheet_of_the_workspace_that_asks_for_anything_else_makes_nothing(
    workspace: Path, make: Make, style: str
) -> None:
    text = (packaged.templates() / "letter.css").read_text(encoding="utf-8")
    (workspace / "templates" / "letter.css").write_text(style + text, encoding="utf-8")

    assert refused(make(), "templates only")
    assert nothing_made(workspace)


@pytest.mark.slow
def test_a4_templates_that_are_a_link_out_of_the_workspace_are_refused(
    workspace: Path, make: Make, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (workspace / "templates").rename(elsewhere)
    (workspace / "templates").symlink_to(elsewhere)

    assert refused(make(), "templates", "link")
    assert nothing_made(workspace)


# ── A9 to A11: what gets into a mail's header ──


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("=?utf-8?q?Appeal=0D=0ABcc=3A_spy=40evil=2Eexample?=", id="encoded-word"),
        *(pytest.param(f"Appeal{mark}Bcc: spy@evil.example", id=name) for mark, name in (
            ("\u2028", "line-separator"), ("\x85", "next-line"), ("\x0b", "tabulation"), ("\x00", "nul"),
            ("\u202e", "turned"), ("\x1b", "escape"),
        )),
    ],
)  # fmt: skip
def test_a9_a_hostile_subject_is_refused_at_its_place(workspace: Path, replace: Replace, make: Make, text: str) -> None:
    replace(PROSE, "Ms Nela Orvandis: request for her release", text)

    assert refused(make(), f"{PROSE}:")
    assert nothing_made(workspace)


@pytest.mark.slow
def test_a9_a_line_break_in_a_subject_ends_no_header(workspace: Path, replace: Replace, make: Make) -> None:
    replace(PROSE, "Ms Nela Orvandis: request for her release", "Appeal\r\nBcc: spy@evil.example")

    run = make()
    assert run.status == 1 or draft_of(workspace).get_all("Bcc") is None
    assert run.status == 1 or len(draft_of(workspace)["To"].addresses) == 1


@pytest.mark.parametrize(
    "address",
    [
        pytest.param('"a@b.org\\r\\nRCPT TO:<x@y.z>"', id="A10-line-break"),
        pytest.param("a@b.org, spy@evil.example", id="A10-two"),
        pytest.param("'\"m@gov.kz\" <spy@evil.example>'", id="A10-name"),
        pytest.param("-oQ./tmp@x.org", id="A10-option"),
        pytest.param("minister@gоv.kz", id="A11-mixed-script"),
    ],
)
def test_a10_a11_what_is_no_address_is_refused_at_its_place(
    workspace: Path, replace: Replace, make: Make, address: str
) -> None:
    replace(DIRECTORY, "email: minister@justice.arlandia.example", f"email: {address}")

    run = make()
    assert refused(run, f"{DIRECTORY}:")
    assert "email:" in run.err
    assert nothing_made(workspace)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("minister@gov。kz", "minister@gov.kz", id="A11-full-stop"),
        pytest.param("minister@justice.arlandia.example", "minister@justice.arlandia.example", id="plain"),
    ],
)
def test_a10_a11_a_draft_has_one_recipient_whatever_the_name(
    workspace: Path, replace: Replace, make: Make, address: str, expected: str
) -> None:
    replace(DIRECTORY, "email: minister@justice.arlandia.example", f"email: {address}")
    replace(DIRECTORY, "      en: Minister of Justice", '      en: "Minister of Justice, Dr. X"')

    assert make().status == 0
    to = draft_of(workspace)["To"].addresses
    assert [found.addr_spec for found in to] == [expected]
    assert "Dr. X" in to[0].display_name


# ── A12: definitions ──


def bomb() -> str:
    levels = "".join(f"  - &{chr(97 + n)} [{', '.join(['*' + chr(96 + n)] * 9)}]\n" for n in range(1, 9))
    return f"\nbomb:\n  - &a [x, x]\n{levels}"


@pytest.mark.parametrize(
    "addition",
    [
        pytest.param("\ncountry: XAB\n", id="duplicate-key"),
        pytest.param(bomb(), id="alias-bomb"),
        pytest.param("\nx: " + "[" * 20_000, id="deep"),
        pytest.param('\nx: !!python/object/apply:os.system ["touch PWNED"]\n', id="tag"),
        pytest.param("\nx: &x {a: b}\n<<: *x\n", id="merge"),
        pytest.param("\n# " + "x" * 10_000_000, id="ten-megabytes"),
    ],
)
def test_a12_a_definition_that_does_more_than_say_is_refused_within_a_second(
    workspace: Path, make: Make, appeals: Appeals, addition: str
) -> None:
    appeals("-C", workspace, "check")  # so that what is measured is not the loading of the program
    path = workspace / HEADER
    path.write_text(path.read_text(encoding="utf-8") + addition, encoding="utf-8")

    began = time.monotonic()
    run = appeals("-C", workspace, "check")
    assert time.monotonic() - began < 1.5  # a second, and the reading of all other files
    assert refused(run, f"{HEADER}:")
    assert refused(make(), f"{HEADER}:")
    assert nothing_made(workspace)
    assert not Path("PWNED").exists()


def test_a12_what_yaml_would_take_for_numbers_and_truths_stays_as_written(
    workspace: Path, replace: Replace, appeals: Appeals
) -> None:
    replace(HEADER, "country: XAA", "country: NO")

    run = appeals("-C", workspace, "check")
    assert refused(run, "'NO'", f"{HEADER}:")


# ── A13: codes and names that become files ──


@pytest.mark.parametrize("code", ["../../x", "/etc/x", "CON", "A" * 300, "x.pdf\x00.exe", "\u202efdp.exe", "-rf"])
def test_a13_a_code_that_is_a_path_names_no_appeal(
    workspace: Path, replace: Replace, appeals: Appeals, code: str
) -> None:
    assert appeals("-C", workspace, "letters", "--", code).status == 2
    replace(HEADER, "code: UAD XAA 001/2026.01", f"code: {code}")

    run = appeals("-C", workspace, "letters", "--on", "2026-11-22", "--", code)
    assert run.status in (1, 2)
    assert "fault of the program" not in run.err
    assert "\u202e" not in run.err
    assert nothing_made(workspace)
    assert sorted(path.name for path in workspace.parent.iterdir()) == ["workspace"]


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/b", "x\u202efdp", "x" * 300])
def test_a13_a_sender_or_office_that_is_a_path_is_refused_at_its_place(
    workspace: Path, replace: Replace, make: Make, name: str
) -> None:
    replace(DIRECTORY, "  justice-minister:", f'  "{name}":')

    assert make().status in (1, 2)
    assert nothing_made(workspace)
    assert make("--sender", name).status in (1, 2)
    assert nothing_made(workspace)


@pytest.mark.slow
def test_a13_what_lies_where_a_letter_belongs_is_not_written_over(workspace: Path, make: Make, tmp_path: Path) -> None:
    folder = workspace / "outbox" / MADE / "letters"
    folder.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    (folder / "arlandia-justice-minister_en.pdf").symlink_to(victim)

    assert refused(make(), "arlandia-justice-minister_en.pdf")
    assert refused(make("--replace"), "arlandia-justice-minister_en.pdf")
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("place", [f"outbox/{MADE}", f"outbox/{MADE}/letters"])
def test_a13_a_folder_that_is_a_link_is_not_written_through(
    workspace: Path, make: Make, tmp_path: Path, place: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (workspace / place).parent.mkdir(exist_ok=True)
    (workspace / place).symlink_to(elsewhere)

    assert refused(make(), "symbolic link")
    assert not any(elsewhere.iterdir())


# ── terminal ──


def test_a_name_with_control_characters_never_reaches_the_terminal(
    workspace: Path, replace: Replace, appeals: Appeals
) -> None:
    replace(PROSE, "# Arlandia: detention", "# \x1b]0;x\x07\x1b[2J\u202eArlandia: detention")
    replace(HEADER, "    en: Nela Orvandis", '    en: "\\e[2J\\u202eNela"')

    for command in (("list",), ("show", CODE), ("check",), ("list", "--json"), ("show", CODE, "--json")):
        run = appeals("-C", workspace, "--on", "2026-11-22", *command)
        told = run.out + run.err
        assert not {"\x1b", "\x07", "\u202e"} & set(told)


def test_a_campaign_that_somebody_else_put_above_is_not_taken_for_ones_own(tmp_path: Path, appeals: Appeals) -> None:
    write_sample(tmp_path / "above")
    (tmp_path / "above" / "mine").mkdir()

    run = appeals("-C", tmp_path / "above" / "mine", "list", "--on", "2026-11-22")
    assert run.status == 0
    assert str(tmp_path / "above") in run.err


# ── what people do in a hurry ──


def test_of_a_broken_directory_only_its_own_fault_is_told(workspace: Path, replace: Replace, make: Make) -> None:
    replace(DIRECTORY, "    tags: [head-of-state]", "    tag: [head-of-state]")
    lines = (workspace / DIRECTORY).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if text.startswith("    tag: "))

    run = make()
    assert refused(run, f"{DIRECTORY}:{line}:5: unknown key 'tag', did you mean 'tags'?")
    assert "1 problem to put right" in run.err
    assert "no recipient" not in run.err


@pytest.mark.slow
def test_an_office_is_named_alone_and_several_with_commas(workspace: Path, appeals: Appeals) -> None:
    chosen = ("--to", "president, justice-minister", "--lang", "en,ru", "--json", "-q")
    run = appeals("-C", workspace, "letters", ".01", "--on", "2026-11-22", *chosen)
    assert run.err == ""
    assert [(made["recipient"], made["language"]) for made in json.loads(run.out)] == [
        (office, language) for office in ("arlandia/president", OFFICE) for language in ("en", "ru")
    ]


def test_a_language_that_the_appeal_has_not_is_refused_by_show_too(workspace: Path, appeals: Appeals) -> None:
    run = appeals("-C", workspace, "show", ".01", "--lang", "de")
    assert (run.status, run.err) == (2, "appeals: no language 'de'; choose from: en, ru, kk, fr, es, ar\n")


# ── the dirty data of real directories ──


@pytest.mark.slow
def test_what_is_empty_or_odd_in_a_directory_leaves_no_trace(workspace: Path, replace: Replace, make: Make) -> None:
    replace(DIRECTORY, "email: minister@justice.arlandia.example", "email:")
    replace(
        DIRECTORY,
        '      - kind: fax\n        printed: (01) 550 10 01\n        e164: "+99915501001"',
        '      - kind: telephone-fax\n        printed: 007 / 3172 / 32 61 82\n        e164: "+73172326182"',
    )

    run = make()
    assert run.status == 0
    assert "no address" in run.out
    folder = workspace / "outbox" / MADE
    assert draft_of(workspace)["To"] is None
    bulletin = subprocess.run(
        ["pdftotext", "-layout", folder / "bulletin_en.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    assert "007 / 3172 / 32 61 82" in bulletin
    assert not re.search(r"(?im)e-?mail:?\s*$", bulletin)
    assert "None" not in bulletin + (folder / "letters" / "arlandia-justice-minister_en.txt").read_text("utf-8")
