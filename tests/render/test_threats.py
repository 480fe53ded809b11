"""Every hostile input of the threat table that reaches templates and pages (A1 to A9), exactly as the table has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.render.builders import TEMPLATES, letter, paragraphs, requests, workspace_templates
from tests.render.facts import catalog, text_of
from urgent_appeals.errors import LimitExceeded, RenderError, TemplateError
from urgent_appeals.render.fonts import Fonts
from urgent_appeals.render.pdf import Printer
from urgent_appeals.render.press import Limits, Press
from urgent_appeals.render.templates import Filler, Templates

ITEM = "KAZ 001/0802/OBS 053.02 to kazakhstan/president in en"


def fill(tmp_path: Path, template: str) -> str:
    """Fill a template of a workspace with the data of an appeal."""
    workspace_templates(tmp_path, letter_html=template)
    data = {"appeal": {"title": "a title", "names": ["a", "b"]}}
    return Filler(Templates(TEMPLATES, tmp_path)).fill("letter.html", data)


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    """A layout whose templates are the built-in ones and a workspace's own."""
    own = tmp_path_factory.mktemp("own")
    (own / "secret.txt").write_text("secret", encoding="utf-8")
    (own / "link.svg").symlink_to("/etc/hostname")
    templates = Templates(TEMPLATES, own)
    return Printer(templates, Fonts(templates))


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine: its port, and the paths it was asked for. `/hop` leads on to a file."""
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd" if self.path == "/file" else "/again")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, hits
    server.shutdown()
    server.server_close()
    thread.join()


def page(body: str, head: str = "") -> str:
    return f"<html lang=en><head><title>t</title>{head}</head><body><p>x</p>{body}</body></html>"


A1 = (
    r"""{{ appeal.parse_raw("cposix\nsystem\np0\n(Vtouch ./PWNED\np1\ntp2\nRp3\n.".encode('latin1'), proto='pickle', """
    r"""allow_pickle=true) }}"""
)


def test_a1_a_template_cannot_run_programs_through_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(TemplateError):
        fill(tmp_path, A1)

    assert not (tmp_path / "PWNED").exists()


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ lipsum.__globals__['os'].popen('id').read() }}", id="lipsum"),
        pytest.param("{{ cycler.__init__.__globals__ }}", id="cycler"),
        pytest.param("{{ joiner }}", id="joiner"),
        pytest.param("{{ namespace() }}", id="namespace"),
        pytest.param("{{ ''|attr('__class__') }}", id="attr"),
        pytest.param("{{ ''.__class__ }}", id="class"),
        pytest.param("{{ ''['__class__'] }}", id="class-by-subscript"),
        pytest.param("{{ appeal['__class__'] }}", id="class-of-data"),
        pytest.param("{{ appeal.items() }}", id="method-of-data"),
        pytest.param("{{ '{0.__class__.__init__.__globals__}'.format(appeal) }}", id="format"),
        pytest.param("{{ '{0.__class__}'.format_map(appeal) }}", id="format-map"),
        pytest.param("{{ ('{0.__class__}'|attr('format'))(appeal) }}", id="CVE-2024-56326"),
        pytest.param("{{ ''|attr('format') }}", id="CVE-2025-27516"),
        pytest.param("{{ appeal|map('upper') }}", id="map"),
        pytest.param("{{ appeal|xmlattr }}", id="xmlattr"),
        pytest.param("{{ '%s'|format(1) }}", id="filter-format"),
        pytest.param("{{ '%s' % appeal }}", id="percent"),
        pytest.param("{{ self.__init__ }}", id="self"),
        pytest.param("{% for a in appeal %}{{ loop.__class__ }}{% endfor %}", id="loop"),
        pytest.param("{{ appeal.names|join(',', attribute='__class__') }}", id="join-attribute"),
        pytest.param("{{ appeal.names|sort(attribute='__class__') }}", id="sort-attribute"),
        pytest.param("{{ appeal.nothing }}", id="undefined"),
    ],
)
def test_a2_a_template_reaches_nothing_but_its_data(tmp_path: Path, template: str) -> None:
    with pytest.raises(TemplateError):
        fill(tmp_path, template)


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", id="loops"),
        pytest.param("{{ lipsum(n=100000000) }}", id="lipsum"),
        pytest.param("{{ '%0999999999d'|format(1) }}", id="format"),
        pytest.param("{{ 'x'|center(10**9) }}", id="center"),
        pytest.param("{{ 'A'*10**9 }}", id="times"),
    ],
)
def test_a3_what_swells_is_refused_before_it_does(tmp_path: Path, template: str) -> None:
    with pytest.raises(TemplateError):
        fill(tmp_path, template)


@pytest.mark.slow
def test_a3_a_template_that_loops_all_the_same_is_killed_and_the_next_document_is_made(tmp_path: Path) -> None:
    loops = "{% if salutation == 'Loop,' %}" + "{% for a in range(999) %}" * 4 + "{% endfor %}" * 4 + "{% endif %}"
    built_in = (TEMPLATES / "letter.html").read_text(encoding="utf-8")
    workspace_templates(tmp_path, letter_html=built_in.replace("<body>", f"<body>{loops}"))
    with Press(TEMPLATES, tmp_path, Limits(seconds=3)) as press:
        with pytest.raises(LimitExceeded, match=ITEM):
            press.letter(letter(salutation="Loop,"))

        assert press.letter(letter()).pages == 1


@pytest.mark.slow
def test_a3_a_template_that_takes_too_much_memory_is_killed(tmp_path: Path) -> None:
    swelling = "{% set a = 'AAAAAAAAAAAAAAAA' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}"
    workspace_templates(tmp_path, letter_html=swelling)

    with Press(TEMPLATES, tmp_path, Limits(megabytes=200)) as press, pytest.raises(LimitExceeded, match="200 MB"):
        press.letter(letter())


def test_a4_a_template_cannot_include_a_file_from_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="passwd"):
        fill(tmp_path, "{% include '../../../../etc/passwd' %}")


def test_a4_a_link_that_leaves_the_templates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.html").symlink_to("/etc/hostname")

    with pytest.raises(TemplateError, match="leaves the templates"):
        fill(tmp_path, "{% include 's.html' %}")


HOSTILE_TEXT = '{{7*7}} <script>x</script> <link rel=attachment href="file:///etc/passwd">'


def test_a5_hostile_text_is_printed_as_it_stands(press: Press) -> None:
    made = letter(before=paragraphs(HOSTILE_TEXT), requests=requests(HOSTILE_TEXT), salutation=HOSTILE_TEXT, names=())
    pdf = press.letter(made).pdf

    assert text_of(pdf).count("{{7*7}} <script>x</script> <link rel=attachment") == 3
    assert b"/EmbeddedFile" not in pdf


def test_a5_hostile_text_is_escaped_in_mail(press: Press) -> None:
    html = press.mail_html(letter(before=paragraphs(HOSTILE_TEXT)))

    assert "{{7*7}} &lt;script&gt;x&lt;/script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<link rel=attachment href="file:///etc/passwd">', id="link"),
        pytest.param('<a rel=attachment href="file:///etc/passwd">x</a>', id="a"),
        pytest.param('<link rel=attachment href="letter.css">', id="link-to-a-template"),
        pytest.param('<a rel=attachment href="letter.css">x</a>', id="a-to-a-template"),
        pytest.param('<img alt=x src="FILE:///etc/passwd">', id="upper-case"),
        pytest.param('<img alt=x src="file://ASSETS/%2e%2e/secret.txt">', id="encoded-dots"),
        pytest.param('<img alt=x src="%2e%2e/secret.txt">', id="relative-encoded-dots"),
        pytest.param('<img alt=x src="../secret.txt">', id="dots"),
        pytest.param('<img alt=x src="link.svg">', id="symlink"),
        pytest.param('<img alt=x src="data:image/svg+xml,<svg/>">', id="data"),
        pytest.param('<img alt=x src="phrases/en.yaml">', id="not-a-picture"),
    ],
)
def test_a6_no_file_but_a_template_gets_into_a_page(printer: Printer, markup: str) -> None:
    head, body = (markup, "") if markup.startswith("<link") else ("", markup)

    with pytest.raises(RenderError, match="an item"):
        printer.lay_out(page(body, head), (), {}, "an item").write()


def test_a6_a_finished_letter_carries_no_files(press: Press) -> None:
    pdf = press.letter(letter()).pdf

    assert "/EmbeddedFiles" not in str(catalog(pdf).get("/Names"))
    assert b"/FileAttachment" not in pdf


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param("", '<img alt=x src="http://127.0.0.1:PORT/x">', id="img"),
        pytest.param("<style>@import url(http://127.0.0.1:PORT/)</style>", "", id="import"),
        pytest.param("<style>@import url(http://169.254.169.254/)</style>", "", id="import-metadata"),
        pytest.param("<style>@font-face{font-family:f;src:url(http://127.0.0.1:PORT/f)}</style>", "", id="font-face"),
        pytest.param("", "<object data=http://127.0.0.1:PORT/o></object>", id="object"),
        pytest.param("", "<embed src=http://127.0.0.1:PORT/o>", id="embed"),
        pytest.param("<base href=http://127.0.0.1:PORT/>", "<img alt=x src=x.png>", id="base"),
        pytest.param("<link rel=stylesheet href=http://127.0.0.1:PORT/s.css>", "", id="stylesheet"),
        pytest.param("<style>p{background:url(http://127.0.0.1:PORT/b.png)}</style>", "", id="background"),
        pytest.param("", '<img alt=x src="HTTP://127.0.0.1:PORT/hop">', id="redirect"),
        pytest.param("", '<img alt=x src="http://127.0.0.1:PORT/file">', id="redirect-to-file"),
        pytest.param("", '<img alt=x src="https://templates.invalid@127.0.0.1:PORT/x.png">', id="userinfo"),
        pytest.param("", '<img alt=x src="//127.0.0.1:PORT/x.png">', id="scheme-relative"),
    ],
)
def test_a7_a_page_asks_nobody_for_anything(
    printer: Printer, listener: tuple[int, list[str]], head: str, body: str
) -> None:
    port, hits = listener
    markup = page(body, head).replace("PORT", str(port))

    with pytest.raises(RenderError, match="templates only"):
        printer.lay_out(markup, (), {}, "an item").write()

    assert hits == []


def test_a7_a_style_sheet_from_elsewhere_is_not_fetched(listener: tuple[int, list[str]]) -> None:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    from urgent_appeals.render.fetcher import TemplateFetcher

    port, hits = listener
    source = HTML(string=page(""), url_fetcher=TemplateFetcher(Templates(TEMPLATES)))

    with pytest.raises(FatalURLFetchingError):
        source.render(stylesheets=[f"http://127.0.0.1:{port}/s.css"])

    assert hits == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<table><tr><td colspan=100000>x</td></tr></table>" * 3, id="colspan"),
        pytest.param("<style>@page{size:1px 1px}</style>" + "word " * 3000, id="tiny-page"),
    ],
)
def test_a8_a_page_that_never_ends_is_killed_and_the_next_is_made(tmp_path: Path, markup: str) -> None:
    built_in = (TEMPLATES / "letter.html").read_text(encoding="utf-8")
    hostile = "{% if salutation == 'Never,' %}" + markup + "{% endif %}"
    workspace_templates(tmp_path, letter_html=built_in.replace("{{ before }}", "{{ before }}" + hostile))
    with Press(TEMPLATES, tmp_path, Limits(seconds=3)) as press:
        with pytest.raises(LimitExceeded, match=ITEM):
            press.letter(letter(salutation="Never,"))

        assert press.letter(letter()).pages == 1


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("=?utf-8?q?Appeal=0D=0ABcc=3A_spy=40evil=2Eexample?=", id="encoded-word"),
        pytest.param("Appeal\r\nBcc: spy@evil.example", id="line-break"),
    ],
)
def test_a9_a_hostile_subject_stays_a_text_in_print(press: Press, subject: str) -> None:
    """That it never reaches a mail header is tested with the mail."""
    pages = press.letter(letter(subject=subject))

    assert "Bcc" in text_of(pages.pdf)
    assert pages.pages == 1


@pytest.mark.parametrize("char", ["\u2028", "\x85", "\x0b", "\x00"])
def test_a9_control_characters_and_line_separators_are_refused(press: Press, char: str) -> None:
    with pytest.raises(RenderError, match=rf"U\+{ord(char):04X} in subject"):
        press.letter(letter(subject=f"Appeal{char}Bcc: spy@evil.example"))
