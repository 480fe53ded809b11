"""`appeals preview` shows this machine's browser the pages as they will be, and writes nothing."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from pypdf import PdfReader

from tests.browser import Browser, browser, found
from tests.cli.terminal import Terminal
from tests.conftest import Appeals
from urgent_appeals.cli.preview_server import PreviewServer
from urgent_appeals.pipeline.preview import Preview
from urgent_appeals.workspace.sample import write_sample

pytestmark = pytest.mark.slow
ON = date(2026, 11, 20)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    write_sample(tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def server(desk: Path) -> Iterator[PreviewServer]:
    preview = Preview(desk, "001/2026.01", ON)
    with PreviewServer(preview) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    preview.close()


def get(
    server: PreviewServer, name: str = "", *, host: str | None = None, path: str | None = None, **query: str
) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    where = path if path is not None else urlsplit(server.address).path + name
    connection.request("GET", f"{where}?{urlencode(query)}", headers={"Host": host} if host else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], body


def look(server: PreviewServer) -> dict[str, object]:
    found: dict[str, object] = json.loads(get(server, "look.json")[2])
    return found


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_page_names_every_recipient_and_language(server: PreviewServer) -> None:
    status, kind, body = get(server)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert b"preview.js" in body
    found = look(server)
    assert found["code"] == "UAD XAA 001/2026.01"
    assert found["state"] == "open"
    assert "arlandia/president" in str(found["recipients"])
    assert {"en", "ru"} <= set(json.loads(json.dumps(found["languages"])))


def test_letter_draft_text_and_bulletin_are_shown_and_nothing_is_written(server: PreviewServer, desk: Path) -> None:
    before = files_below(desk)
    president = {"recipient": "arlandia/president", "language": "ru"}
    for name, query in (("letter", president), ("bulletin", {"language": "ru"})):
        told = json.loads(get(server, f"{name}.json", **query)[2])
        assert told["fault"] is None
        assert told["sheets"][0] == [210.0, 297.0]
        for path in ("pages.pdf", "sheet.pdf"):
            status, kind, pdf = get(server, path, **query, number="1")
            assert (status, kind, pdf[:5]) == (200, "application/pdf", b"%PDF-")
    assert "UAD XAA 001/2026.01" in json.loads(get(server, "text.json", **president)[2])["text"]
    assert json.loads(get(server, "mail.json", **president)[2])["fault"] is None
    assert files_below(desk) == before


def test_a_letter_for_an_american_envelope_is_shown_on_its_paper_and_the_bulletin_on_a4(desk: Path) -> None:
    preview = Preview(desk, "001/2026.01", ON, envelope="us-10")
    assert preview.sheets("arlandia/president", "en") == ((215.9, 279.4),)
    assert set(preview.sheets("", "en")) == {(210.0, 297.0)}
    preview.close()


def test_each_page_is_shown_by_itself_and_no_other(server: PreviewServer) -> None:
    sizes = json.loads(get(server, "bulletin.json", language="en")[2])["sheets"]
    assert len(sizes) > 1
    for number in range(1, len(sizes) + 1):
        sheet = get(server, "sheet.pdf", language="en", number=str(number))[2]
        assert len(PdfReader(BytesIO(sheet)).pages) == 1
    for wrong in ("0", str(len(sizes) + 1), "-1", "x", ""):
        status, kind, words = get(server, "sheet.pdf", language="en", number=wrong)
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert b"choose from: 1, 2" in words


def test_the_draft_is_shown_as_a_mail_program_reads_it(server: PreviewServer) -> None:
    query = {"recipient": "arlandia/justice-minister", "language": "ar"}
    told = json.loads(get(server, "mail.json", **query)[2])
    headers = dict(told["headers"])
    assert headers["X-Unsent"] == "1"
    assert headers["Subject"].startswith("UAD XAA 001/2026.01")
    assert "@" in headers["To"]
    assert not {"From", "Date", "Message-ID"} & set(headers)
    assert told["attachment"][0] == "arlandia-justice-minister_ar.pdf"
    assert told["attachment"][1] == len(get(server, "pages.pdf", **query)[2])
    assert told["direction"] == "rtl"
    assert "characters" in told["link"]


def test_the_html_of_a_draft_may_do_nothing_but_look_as_it_looks(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    query = urlencode({"recipient": "arlandia/president", "language": "en"})
    connection.request("GET", f"{urlsplit(server.address).path}mail.html?{query}")
    policy = connection.getresponse().headers["Content-Security-Policy"]
    connection.close()
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline';")


def test_a_save_is_shown_anew(server: PreviewServer, desk: Path) -> None:
    before = look(server)
    first = get(server, "pages.pdf", recipient="arlandia/president", language="en")[2]
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    prose.write_text(prose.read_text("utf-8").replace("twice", "three times"), "utf-8")
    assert look(server)["version"] != before["version"]
    assert get(server, "pages.pdf", recipient="arlandia/president", language="en")[2] != first


def test_what_is_broken_is_told_in_the_place_of_the_page(server: PreviewServer, desk: Path) -> None:
    header = desk / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    right = header.read_text("utf-8")
    header.write_text(right.replace("kind: update", "kind: updat"), "utf-8")
    found = look(server)
    assert found["fault"]
    problems = found["problems"]
    assert isinstance(problems, list)
    told = next(each for each in problems if each["severity"] == "error")
    assert told["file"] == "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    line, caret = told["excerpt"].split("\n")
    assert line[caret.index("^") :].startswith("updat")
    assert right.splitlines()[told["line"] - 1].startswith("kind: ")
    header.write_text(right, "utf-8")
    assert look(server)["fault"] is None


def test_what_check_refuses_is_told_while_the_page_is_shown(server: PreviewServer, desk: Path) -> None:
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    prose.write_text(prose.read_text("utf-8").replace("twice", "TODO"), "utf-8")
    found = look(server)
    assert found["fault"] is None
    assert "TODO" in str([each for each in found["problems"] if each["severity"] == "error"])  # type: ignore[attr-defined]
    assert json.loads(get(server, "letter.json", recipient="arlandia/president", language="en")[2])["fault"] is None


def test_a_workspace_that_is_gone_is_told(server: PreviewServer, desk: Path) -> None:
    (desk / "campaign.yaml").rename(desk / "other.yaml")
    assert "not in a workspace" in str(look(server)["fault"])


@pytest.mark.parametrize(
    ("recipient", "language"), [("arlandia/nobody", "en"), ("arlandia/president", "xx"), ("", "../en")]
)
def test_what_is_not_there_is_a_fault_in_words(server: PreviewServer, recipient: str, language: str) -> None:
    for name in ("letter.json", "mail.json", "text.json"):
        assert "choose from" in json.loads(get(server, name, recipient=recipient, language=language)[2])["fault"]
    for name in ("pages.pdf", "sheet.pdf", "mail.html"):
        assert get(server, name, recipient=recipient, language=language)[1].startswith("text/plain")


def test_only_who_knows_the_path_and_asks_for_this_machine_gets_an_answer(server: PreviewServer) -> None:
    port = server.server_port
    assert get(server, host=f"localhost:{port}")[0] == 200
    assert get(server, host=f"evil.example:{port}")[0] == 421
    assert get(server, host="127.0.0.1")[0] == 421
    for path in ("/", "/look.json", "/wrong/look.json", f"/{server.token}x/", "//", f"/{server.token}/../look.json"):
        assert get(server, path=path)[0] == 404
    assert get(server, "../../campaign.yaml")[0] == 404
    assert server.server_address[0] == "127.0.0.1"


def test_it_does_nothing_but_show(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request("POST", urlsplit(server.address).path)
    assert connection.getresponse().status == 501
    connection.close()


def test_the_page_may_load_nothing_from_elsewhere(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request("GET", urlsplit(server.address).path)
    policy = connection.getresponse().headers["Content-Security-Policy"]
    connection.close()
    assert policy.startswith("default-src 'none'; script-src 'self';")


def test_an_appeal_is_found_by_its_folder(desk: Path) -> None:
    folder = desk / "appeals/UAD-XAA-001-2026/00"
    assert Preview(desk, str(folder), ON).look().code == "UAD XAA 001/2026"


@pytest.mark.parametrize("words", [("007/1999",), ("001/2026", "--sender", "nobody"), ("001/2026", "--envelope", "c6")])
def test_what_names_nothing_is_refused_before_anything_is_served(
    appeals: Appeals, desk: Path, words: tuple[str, ...]
) -> None:
    run = appeals("-C", desk, "preview", *words, "--no-open")
    assert (run.status, run.out) == (2, "")
    assert words[-1] in run.err


def test_the_command_prints_the_address_and_ends_with_ctrl_c(desk: Path) -> None:
    terminal = Terminal.start(desk, "preview", "001/2026", "--no-open")
    assert "http://127.0.0.1:" in terminal.wait_for("until Ctrl-C")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 0


# ── in a browser ──


@pytest.fixture
def page(server: PreviewServer) -> Iterator[Browser]:
    if found is None:
        pytest.skip("no Chromium is installed")
    with browser(server.address) as page:
        page.wait_for(SHEETS)
        yield page


SHEETS = "document.querySelector('.sheets:not(.next) iframe')"
TOLD = "document.getElementById('told').textContent"
CONTENT = "document.getElementById('content').innerText"


def test_by_the_keyboard_alone_every_document_recipient_and_language_is_reached(page: Browser) -> None:
    assert page.ask(TOLD) == "1 page of A4, 210 × 297 mm, for the envelope din-b"
    assert "recipient=arlandia%2Fpresident&language=en" in page.ask(f"{SHEETS}.src")
    page.press("ArrowDown")
    page.wait_for(f"({SHEETS} || {{src: ''}}).src.includes('arlandia%2Fjustice-minister&language=en')")
    page.press("ArrowRight")
    page.wait_for(f"({SHEETS} || {{src: ''}}).src.includes('arlandia%2Fjustice-minister&language=ru')")
    page.press("m")
    page.wait_for(f"{CONTENT}.includes('X-Unsent')")
    page.press("t")
    page.wait_for(f"{CONTENT}.startsWith('UAD XAA 001/2026.01')")
    page.press("b")
    page.wait_for(f"({SHEETS} || {{src: ''}}).src.includes('recipient=&language=ru')")
    page.press("1")
    page.wait_for(f"({SHEETS} || {{src: ''}}).src.includes('arlandia%2Fpresident&language=ru')")


def test_a_sheet_has_the_proportions_of_its_paper_at_every_width(page: Browser) -> None:
    for width in (1280, 480):
        page.resize(width, 800)
        wide, high = page.ask("(r => [r.width, r.height])(document.querySelector('.sheet').getBoundingClientRect())")
        assert high / wide == pytest.approx(297 / 210, rel=0.002)
        assert page.ask("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_save_is_drawn_without_a_key_and_an_error_comes_and_goes_with_its_caret(page: Browser, desk: Path) -> None:
    header = desk / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    right = header.read_text("utf-8")
    header.write_text(right.replace("kind: update", "kind: updat"), "utf-8")
    page.wait_for("document.querySelector('#errors pre')")
    assert page.ask("document.querySelector('#errors pre').textContent").splitlines()[1].strip() == "^"
    assert "01/appeal.yaml:" in page.ask("document.querySelector('#errors').innerText")
    header.write_text(right, "utf-8")
    page.wait_for(f"!document.querySelector('#errors pre') && {SHEETS}")
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    prose.write_text(prose.read_text("utf-8").replace("twice", "three times"), "utf-8")
    page.press("t")
    page.wait_for(f"{CONTENT}.includes('three times')")


def test_a_draft_s_html_runs_no_script_and_asks_nobody_for_pictures(page: Browser, desk: Path, root: Path) -> None:
    template = (root / "templates/mail.html").read_text("utf-8")
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        picture = f"<img src='http://127.0.0.1:{elsewhere.getsockname()[1]}/x'>"
        script = "<script>parent.postMessage('it ran', '*')</script>"
        (desk / "templates/mail.html").write_text(template.replace("</body>", f"{script}{picture}</body>"), "utf-8")
        page.ask("window.addEventListener('message', (event) => { window.itRan = event.data })")
        page.press("m")
        page.wait_for("document.querySelector('#content iframe[sandbox=\"\"]')")
        frame = "document.querySelector('#content iframe')"
        assert "it ran" in page.ask(f"fetch({frame}.src).then(answer => answer.text())")
        page.ask(f"new Promise(done => {{ {frame}.addEventListener('load', done); {frame}.src += '&again' }})")
        elsewhere.settimeout(1)
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    assert page.ask("window.itRan") is None
