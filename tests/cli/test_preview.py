"""`appeals preview` shows this machine's browser the pages as they will be, and writes nothing."""

from __future__ import annotations

import http.client
import json
import signal
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

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


def test_letters_and_the_bulletin_are_shown_and_nothing_is_written(server: PreviewServer, desk: Path) -> None:
    before = files_below(desk)
    for recipient in ("arlandia/president", ""):
        told = json.loads(get(server, "page.json", recipient=recipient, language="ru")[2])
        assert told["fault"] is None
        assert told["pages"] >= 1
        status, kind, pdf = get(server, "page.pdf", recipient=recipient, language="ru")
        assert (status, kind, pdf[:5]) == (200, "application/pdf", b"%PDF-")
    assert files_below(desk) == before


def test_a_save_is_shown_anew(server: PreviewServer, desk: Path) -> None:
    before = look(server)
    first = get(server, "page.pdf", recipient="arlandia/president", language="en")[2]
    prose = desk / "appeals/UAD-XAA-001-2026/01/en.md"
    prose.write_text(prose.read_text("utf-8").replace("twice", "three times"), "utf-8")
    assert look(server)["version"] != before["version"]
    assert get(server, "page.pdf", recipient="arlandia/president", language="en")[2] != first


def test_what_is_broken_is_told_in_the_place_of_the_page(server: PreviewServer, desk: Path) -> None:
    header = desk / "appeals/UAD-XAA-001-2026/01/appeal.yaml"
    right = header.read_text("utf-8")
    header.write_text(right.replace("kind: update", "kind: updat"), "utf-8")
    found = look(server)
    assert found["fault"]
    assert "appeal.yaml" in str(found["problems"])
    header.write_text(right, "utf-8")
    assert look(server)["fault"] is None


def test_a_workspace_that_is_gone_is_told(server: PreviewServer, desk: Path) -> None:
    (desk / "campaign.yaml").rename(desk / "other.yaml")
    assert "not in a workspace" in str(look(server)["fault"])


@pytest.mark.parametrize(
    ("recipient", "language"), [("arlandia/nobody", "en"), ("arlandia/president", "xx"), ("", "../en")]
)
def test_what_is_not_there_is_a_fault_in_words(server: PreviewServer, recipient: str, language: str) -> None:
    told = json.loads(get(server, "page.json", recipient=recipient, language=language)[2])
    assert "choose from" in told["fault"]
    assert get(server, "page.pdf", recipient=recipient, language=language)[1].startswith("text/plain")


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


def test_a_code_that_names_nothing_is_refused(appeals: Appeals, desk: Path) -> None:
    run = appeals("-C", desk, "preview", "007/1999", "--no-open")
    assert (run.status, run.out) == (2, "")


def test_the_command_prints_the_address_and_ends_with_ctrl_c(desk: Path) -> None:
    terminal = Terminal.start(desk, "preview", "001/2026", "--no-open")
    assert "http://127.0.0.1:" in terminal.wait_for("until Ctrl-C")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 0
