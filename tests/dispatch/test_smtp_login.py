"""Logging in to a mail server, and that what logs in is shown to nobody (A25)."""

from __future__ import annotations

import base64
import logging
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.builders import IMPATIENT, PASSWORD, PATIENT, USER, Marks, a_desk, a_parcel, no_mark, the_password
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_server import Fault, Script, ScriptedServer
from urgent_appeals.dispatch.channel import Accepted, Deferred
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.dispatch.smtp import SmtpChannel, credential_of
from urgent_appeals.errors import AccountUnusable, NoDesk, NoPassword

ENCODED = {
    base64.b64encode(text).decode()
    for text in (
        PASSWORD.encode(),
        b"\0%b\0%b" % (USER.encode(), PASSWORD.encode()),
        b"user=%b\x01auth=Bearer %b\x01\x01" % (USER.encode(), PASSWORD.encode()),
        b"\0coordinator\0hunter2",
    )
}
FORBIDDEN = {PASSWORD, *ENCODED}


def test_the_forbidden_words_are_those_of_the_threat() -> None:
    assert "AGNvb3JkaW5hdG9yAGh1bnRlcjI=" in FORBIDDEN


@pytest.fixture
def settings(authority: Authority) -> dict[str, Any]:
    return {"smtp_ca_file": str(authority.file)}


@pytest.fixture
def serve(kept: Path, certificate: Certificate) -> Callable[[Script], ScriptedServer]:
    return lambda script: ScriptedServer(kept, script, certificate.context())


Serve = Callable[[Script], ScriptedServer]


def to(server: ScriptedServer, settings: dict[str, Any]) -> SmtpChannel:
    """Return a channel to a server, with the right password."""
    return SmtpChannel(a_desk(smtp_port=server.port, **settings), the_password, PATIENT)


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ("LOGIN PLAIN XOAUTH2", [b"AUTH PLAIN " + base64.b64encode(b"\0desk@campaign.example\0hunter2")]),
        ("LOGIN", [b"AUTH LOGIN", base64.b64encode(USER.encode()), base64.b64encode(b"hunter2")]),
    ],
)
def test_a_password_is_told_in_the_way_that_the_server_offers(
    serve: Serve, settings: dict[str, Any], offered: str, said: list[bytes]
) -> None:
    with serve(Script(mechanisms=offered)) as server, to(server, settings) as channel:
        assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)
    at = server.said.index(said[0])
    assert server.said[at : at + len(said)] == said


def test_the_password_of_the_environment_logs_in(serve: Serve, settings: dict[str, Any]) -> None:
    with serve(Script()) as server:
        desk = a_desk(smtp_port=server.port, **settings)
        with SmtpChannel(desk, credential_of(desk, {"APPEALS_SMTP_PASSWORD": PASSWORD}), PATIENT) as channel:
            assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)


@pytest.mark.parametrize("token", ["ya29.short", "eyJ0" * 500], ids=["short", "long"])
def test_an_access_token_logs_in(serve: Serve, settings: dict[str, Any], token: str) -> None:
    oauth = {"smtp_auth": "xoauth2", "smtp_token_command": [sys.executable, "-c", f"print('{token}')"]}
    with serve(Script(users={USER: token})) as server:
        desk = a_desk(smtp_port=server.port, **settings, **oauth)
        with SmtpChannel(desk, credential_of(desk, {}), PATIENT) as channel:
            assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)
    said = base64.b64encode(f"user={USER}\x01auth=Bearer {token}\x01\x01".encode())
    whole = [b"AUTH XOAUTH2 " + said] if len(said) < 480 else [b"AUTH XOAUTH2", said]
    assert [line for line in server.said if line in whole] == whole


def test_an_access_token_that_has_expired_rests_the_run(serve: Serve, settings: dict[str, Any]) -> None:
    oauth = {"smtp_auth": "xoauth2", "smtp_token_command": ["true"]}
    with serve(Script()) as server:
        desk = a_desk(smtp_port=server.port, **settings, **oauth)
        with SmtpChannel(desk, lambda: Secret("expired"), PATIENT) as channel:
            receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Deferred)
    assert (receipt.code, receipt.pause) == ("535 5.7.8", "run")
    assert server.said[-1] == b""


def test_a_program_that_gives_no_token_rests_the_run(serve: Serve, settings: dict[str, Any]) -> None:
    oauth = {"smtp_auth": "xoauth2", "smtp_token_command": ["/nowhere/oauth", PASSWORD]}
    with serve(Script()) as server:
        desk = a_desk(smtp_port=server.port, **settings, **oauth)
        with SmtpChannel(desk, credential_of(desk, {}), PATIENT) as channel:
            receipt = channel.hand_over(a_parcel(), no_mark())
    assert receipt == Deferred("oauth: cannot be started: no such file or directory", pause="run")


def test_a_server_that_offers_no_way_to_log_in_gets_no_letter(serve: Serve, settings: dict[str, Any]) -> None:
    with serve(Script(mechanisms="GSSAPI")) as server, to(server, settings) as channel:
        receipt = channel.hand_over(a_parcel(), no_mark())
    assert isinstance(receipt, Deferred)
    assert "none of the ways to log in" in receipt.reason


def test_a_server_without_accounts_is_not_logged_in_to(serve: Serve, settings: dict[str, Any]) -> None:
    with serve(Script()) as server:
        desk = a_desk(smtp_port=server.port, smtp_user=None, **settings)
        with SmtpChannel(desk, credential_of(desk, {}), PATIENT) as channel:
            assert isinstance(channel.hand_over(a_parcel(), Marks()), Accepted)
    assert not [line for line in server.said if line.startswith(b"AUTH")]


def test_without_a_password_no_channel_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NoPassword):
        credential_of(a_desk(), {})


def test_without_a_mail_server_no_channel_is_opened() -> None:
    with pytest.raises(NoDesk, match="has no smtp"):
        SmtpChannel(a_desk(smtp=None), None)


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_certificates_that_cannot_be_read_are_told_before_any_letter(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(AccountUnusable, match="ca_file"):
        SmtpChannel(a_desk(smtp_ca_file=str(file)), None)


FAULTS: tuple[Fault | None, ...] = (
    None,
    "echo credentials",
    "drop at mail",
    "drop after dot, kept",
    "nonsense after dot, kept",
    "drop after starttls",
)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
def test_a_password_is_in_nothing_that_anybody_sees(
    *,
    serve: Serve,
    settings: dict[str, Any],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
    mechanisms: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with serve(Script(fault=fault, mechanisms=mechanisms)) as server:
        channel = SmtpChannel(a_desk(smtp_port=server.port, **settings), the_password, IMPATIENT)
        with channel:
            receipt = channel.hand_over(a_parcel(), Marks())
            seen = [repr(receipt), repr(channel), repr(vars(channel)), repr(a_parcel())]
    assert fault == "drop after starttls" or any(line.startswith(b"AUTH") for line in server.said)
    kept = [path.read_text("latin-1") for path in server.folder.iterdir()]
    told = "".join([*seen, *kept, *capfd.readouterr(), caplog.text])
    assert not [word for word in FORBIDDEN if word in told]


def test_a_password_is_in_no_exception_that_comes_up_while_it_is_told(
    serve: Serve, settings: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    def mark() -> None:
        raise RuntimeError("the log is gone")

    with serve(Script()) as server, pytest.raises(RuntimeError) as caught, to(server, settings) as channel:
        channel.hand_over(a_parcel(), mark)
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "the log is gone" in told
    assert not [word for word in FORBIDDEN if word in told + "".join(capfd.readouterr())]


def test_the_conversation_cannot_be_made_to_talk(
    serve: Serve, settings: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(Script()) as server, to(server, settings) as channel:
        channel.hand_over(a_parcel(), Marks())
        assert channel._connection is not None
        channel._connection.set_debuglevel(2)
        assert channel._connection.debuglevel == 0
        channel.hand_over(a_parcel(), Marks())
    assert capfd.readouterr() == ("", "")


def test_a_channel_with_a_secret_is_not_written_anywhere(serve: Serve, settings: dict[str, Any]) -> None:
    secret = the_password()
    channel = SmtpChannel(a_desk(**settings), lambda: secret)
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(channel)
