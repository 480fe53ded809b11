"""The settings of the desk are its owner's alone, and no password stands in them."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from urgent_appeals.domain.desk import Desk, Security
from urgent_appeals.errors import AppealsError, DefinitionsBroken, DeskUnsafe, NoDesk
from urgent_appeals.workspace.desk_file import read_desk

WHOLE = """\
desk: leeds
by: M. H.
log: postgresql://coordinator@db.example/appeals
replies: answers+{token}@campaign.example
reflect: desk@test.example
allow_domains: [test.example]
authserv_id: mx.campaign.example
smtp:
  host: mail.campaign.example
  port: 465
  security: tls
  user: desk@campaign.example
  from: desk@campaign.example
  from_name: Letters for Arlandia
  envelope_sender: bounces+{token}@campaign.example
  auth: xoauth2
  token_command: [oauth, --account, desk]
  limits: {per_day: 120, pause_seconds: 1.5, per_domain_pause_seconds: 20, slow_start: 20}
imap:
  host: imap.campaign.example
  user: desk@campaign.example
  drafts: Entwürfe
fax:
  gateway: "{number}@fax.example"
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "desk.yaml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def problems(folder: Path, text: str) -> list[str]:
    written(folder, text)
    with pytest.raises(DefinitionsBroken) as caught:
        read_desk(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_settings_of_a_desk_are_read(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    desk = read_desk(tmp_path)
    assert isinstance(desk, Desk)
    assert desk.smtp is not None
    assert (desk.smtp.port, desk.smtp.security, desk.smtp.from_) == (465, Security.TLS, "desk@campaign.example")
    assert desk.smtp.token_command == ("oauth", "--account", "desk")
    assert desk.smtp.limits.pause_seconds == 1.5
    assert desk.imap is not None
    assert desk.imap.drafts == "Entwürfe"
    assert desk.origin.file == "desk.yaml"


def test_a_workspace_without_settings_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoDesk, match=r"there is no desk\.yaml"):
        read_desk(tmp_path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_settings_that_others_can_read_or_change_are_refused(tmp_path: Path, mode: int) -> None:
    written(tmp_path, WHOLE, mode)
    with pytest.raises(DeskUnsafe, match=r"chmod 600 desk\.yaml"):
        read_desk(tmp_path)


def test_settings_of_another_user_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, WHOLE)
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    with pytest.raises(DeskUnsafe, match="belongs to another user"):
        read_desk(tmp_path)


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "desk.yaml").symlink_to(written(elsewhere, WHOLE))
    with pytest.raises(DeskUnsafe, match="is a link"):
        read_desk(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "desk.yaml", 0o600)
    with pytest.raises(DeskUnsafe, match="no plain file"):
        read_desk(tmp_path)


def test_a_file_too_large_for_settings_is_refused(tmp_path: Path) -> None:
    assert "1 MB" in problems(tmp_path, "#" * 1_100_000)[0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("smtp_password: hunter2\n", "desk.yaml:1:1"),
        ("smtp:\n  host: mail.example\n  password: hunter2\n", "desk.yaml:3:3"),
        ("smtp:\n  Pass: hunter2\n", "desk.yaml:2:3"),
        ("imap:\n  oauth:\n    - refresh_token: hunter2\n", "desk.yaml:3:7"),
        ("smtp: {api-key: hunter2}\n", "desk.yaml:1:8"),
        ("smtp: {client_secret: hunter2}\n", "desk.yaml:1:8"),
    ],
)
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str, place: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"{place}: ")
    assert "appeals login" in problem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("smtp:\n  password: hunter2\n", id="under its name"),
        pytest.param("desk: leeds\nby: x\nlog: postgresql://c:hunter2@db.example/a\n", id="in the address of the log"),
        pytest.param(WHOLE.replace("auth: xoauth2", "auth: hunter2"), id="for the way to log in"),
        pytest.param(WHOLE.replace("port: 465", "port: hunter2"), id="for a number"),
        pytest.param(WHOLE + "x: hunter2: x\n", id="in a line that is no YAML"),
        pytest.param(WHOLE.replace("user: desk", "user: |-\n    desk:hunter2\n    desk"), id="on a line of its own"),
    ],
)
def test_a_password_anywhere_is_in_no_message(tmp_path: Path, text: str) -> None:
    written(tmp_path, text)
    with pytest.raises(AppealsError) as caught:
        read_desk(tmp_path)
    assert isinstance(caught.value, DefinitionsBroken)
    told = [str(caught.value), *map(repr, caught.value.problems), *traceback.format_exception(caught.value)]
    assert "hunter2" not in "".join(told)


def test_every_problem_is_told_with_its_place(tmp_path: Path) -> None:
    text = "desk: Leeds\nby: M. H.\nsmtp:\n  hots: mail.example\n  from: a@b.example, c@d.example\n  port: many\n"
    found = problems(tmp_path, text)
    assert [line.split(": ")[0] for line in found] == [f"desk.yaml:{at}" for at in ("1:7", "3:1", "4:3", "5:9", "6:9")]
    assert found[2].endswith("unknown key 'hots', did you mean 'host'?")
    assert "it should be a whole number" in found[4]


def test_oneself_must_be_in_the_domains_that_are_allowed(tmp_path: Path) -> None:
    assert problems(tmp_path, "desk: a\nby: b\nreflect: me@b.example\nallow_domains: [test.example]\n") == [
        "desk.yaml:3:10: is in none of the domains of allow_domains"
    ]


def test_a_fax_gateway_needs_a_mail_server(tmp_path: Path) -> None:
    assert problems(tmp_path, 'desk: a\nby: b\nfax: {gateway: "{number}@fax.example"}\n') == [
        "desk.yaml:3:16: a gateway is reached by mail, and there is no smtp"
    ]
