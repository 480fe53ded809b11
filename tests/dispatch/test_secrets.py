"""Passwords and tokens: where they come from, and that nothing ever shows them (A25)."""

from __future__ import annotations

import base64
import os
import pickle
import re
import stat
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from tests.dispatch.builders import PASSWORD, a_desk, the_password
from urgent_appeals.dispatch.access_token import access_token
from urgent_appeals.dispatch.passwords import forget_password, password_of, store_password
from urgent_appeals.dispatch.reply_token import LENGTH, desk_secret, is_token_of, reply_token
from urgent_appeals.dispatch.secret import Secret, without_tokens
from urgent_appeals.domain.desk import Smtp
from urgent_appeals.errors import AccountUnusable, AppealsError, DeskUnsafe, ExtraMissing, NoPassword


class KeyringInMemory(KeyringBackend):
    """A keyring that forgets all when the test is over."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # it has no types
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def in_memory() -> Iterator[KeyringInMemory]:
    """Put a keyring in memory in the place of the system's."""
    before, backend = keyring.get_keyring(), KeyringInMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """Be on a machine without a keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # it has no types
    yield
    keyring.set_keyring(before)


def account() -> Smtp:
    smtp = a_desk().smtp
    assert smtp is not None
    return smtp


# ── a secret shows itself to nobody ──


def test_a_secret_has_no_text() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {vars(type(secret)).keys()}"
    assert secret.reveal() == "hunter2"


def test_a_secret_cannot_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))


@given(st.text(min_size=6, max_size=40), st.binary(max_size=8), st.binary(max_size=8))
def test_a_secret_is_taken_out_of_a_text_whatever_stands_beside_it(password: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + password.encode() + after).decode()
    cleaned = Secret(password).absent_from(f"no: {encoded} and {password}.")
    assert password not in cleaned
    assert encoded not in cleaned


def test_what_looks_like_a_token_is_taken_out_of_what_a_server_says() -> None:
    said = "5.7.8 not accepted AGRlc2tAY2FtcGFpZ24AaHVudGVyMg== see https://mail.example/help"
    assert without_tokens(said) == "5.7.8 not accepted […] see https://mail.example/help"


# ── passwords ──


def test_a_password_comes_from_the_environment_first(in_memory: KeyringInMemory) -> None:
    store_password("smtp", account(), Secret("of the keyring"))
    assert password_of("smtp", account(), {"APPEALS_SMTP_PASSWORD": "hunter2"}).reveal() == "hunter2"


def test_a_password_comes_from_the_keyring_else(in_memory: KeyringInMemory) -> None:
    store_password("smtp", account(), Secret("hunter2"))
    assert password_of("smtp", account(), {"APPEALS_SMTP_PASSWORD": ""}).reveal() == "hunter2"
    assert list(in_memory.held) == [("urgent-appeals", "smtp:desk@campaign.example@localhost")]


def test_each_service_has_a_password_of_its_own(in_memory: KeyringInMemory) -> None:
    store_password("smtp", account(), Secret("hunter2"))
    with pytest.raises(NoPassword, match="appeals login imap"):
        password_of("imap", account(), {"APPEALS_SMTP_PASSWORD": "hunter2"})


def test_a_password_that_is_nowhere_is_asked_for_by_name(no_keyring: None) -> None:
    with pytest.raises(NoPassword, match=r"appeals login smtp \(or set APPEALS_SMTP_PASSWORD\)"):
        password_of("smtp", account(), {})


def test_a_password_is_forgotten_once(in_memory: KeyringInMemory) -> None:
    store_password("smtp", account(), Secret("hunter2"))
    assert forget_password("smtp", account())
    assert not forget_password("smtp", account())
    assert not in_memory.held


def test_without_a_keyring_nothing_is_stored_and_nothing_told(no_keyring: None) -> None:
    with pytest.raises(AccountUnusable, match="set APPEALS_SMTP_PASSWORD instead") as caught:
        store_password("smtp", account(), the_password())
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(AccountUnusable):
        forget_password("smtp", account())


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ExtraMissing, match=re.escape("urgent-appeals[mail]")):
        store_password("smtp", account(), Secret("hunter2"))
    assert password_of("smtp", account(), {"APPEALS_SMTP_PASSWORD": "hunter2"}).reveal() == "hunter2"
    with pytest.raises(NoPassword):
        password_of("smtp", account(), {})


# ── access tokens ──


def program(folder: Path, text: str) -> str:
    path = folder / "token"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return str(path)


def test_a_program_prints_the_token(tmp_path: Path) -> None:
    assert access_token([program(tmp_path, "echo ya29.token")]).reveal() == "ya29.token"


def test_the_program_that_prints_a_token_gets_none_of_our_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("APPEALS_SMTP_PASSWORD", "APPEALS_IMAP_PASSWORD", "PGPASSWORD"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("OTHER", "kept")
    text = 'echo "<$APPEALS_SMTP_PASSWORD$APPEALS_IMAP_PASSWORD$PGPASSWORD>$OTHER"'
    assert access_token([program(tmp_path, text)]).reveal() == "<>kept"


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    command = [program(tmp_path, 'printf "%s" "$1"'), "$(touch${IFS}made);`id`"]
    assert access_token(command).reveal() == "$(touch${IFS}made);`id`"
    assert not Path("made").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("echo hunter2; echo hunter2 >&2; exit 3", "ended with 3", id="fails"),
        pytest.param("echo Error: hunter2", "did not print one access token", id="prints a sentence"),
        pytest.param("true", "did not print one access token", id="prints nothing"),
        pytest.param("echo hunter2; exec sleep 60", "within 0.5 seconds", id="does not end"),
        pytest.param("head -c 20000 /dev/zero | tr '\\0' x", "did not print one", id="prints too much"),
        pytest.param("printf 'hunter2\\303\\251'", "did not print one", id="prints what no token holds"),
    ],
)
def test_what_a_failing_program_printed_is_told_to_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    with pytest.raises(AccountUnusable, match=words) as caught:
        access_token([program(tmp_path, text)], patience=0.5)
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert "hunter2" not in told + "".join(capfd.readouterr())


def test_a_program_that_is_not_there_is_named_without_its_folder() -> None:
    with pytest.raises(AccountUnusable, match=r"^oauth: cannot be started: no such file"):
        access_token(["/home/jane/bin/oauth", "--secret", "hunter2"])


# ── tokens of items ──


def test_each_item_has_a_token_of_its_own_and_always_the_same() -> None:
    secret, other = Secret("a" * 64), Secret("b" * 64)
    tokens = {reply_token(secret, f"{number:032x}") for number in range(500)}
    assert len(tokens) == 500
    assert all(re.fullmatch(f"[a-z2-7]{{{LENGTH}}}", token) for token in tokens)
    assert LENGTH >= 16
    assert reply_token(secret, "0" * 32) in tokens
    assert reply_token(other, "0" * 32) not in tokens


def test_a_token_is_known_again_in_any_case_of_letters() -> None:
    secret = Secret("a" * 64)
    token = reply_token(secret, "0" * 32)
    assert is_token_of(secret, "0" * 32, token.upper())
    assert not is_token_of(secret, "1" * 32, token)
    assert not is_token_of(secret, "0" * 32, token[:-1])
    assert not is_token_of(secret, "0" * 32, "тот же")


def test_the_secret_of_a_desk_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    first = desk_secret(path).reveal()
    assert desk_secret(path).reveal() == first
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["desk.key"]  # noqa: PTH208  # nothing is left beside it


def test_two_at_once_come_to_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        found.append(desk_secret(tmp_path / "desk.key").reveal())

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    desk_secret(path)
    path.chmod(0o644)
    with pytest.raises(DeskUnsafe, match="can be read by others"):
        desk_secret(path)


@pytest.mark.parametrize("content", ["", "short"])
def test_a_secret_that_was_cut_off_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "desk.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(AppealsError, match="restore it"):
        desk_secret(path)
