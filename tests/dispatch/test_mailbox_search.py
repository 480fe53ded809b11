"""A letter is looked for in a mailbox: over verified TLS, changing nothing, believing nothing that was not read."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.builders import IMPATIENT, PASSWORD, PATIENT, USER, a_desk
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_mailbox import Fault, Script, ScriptedMailbox
from tests.dovecot_server import Dovecot, dovecot
from urgent_appeals.dispatch.mailbox_search import DRAFTS, SENT, Named, chosen_folders, folders, holds, open_mailbox
from urgent_appeals.dispatch.secret import Secret
from urgent_appeals.domain.desk import Imap
from urgent_appeals.errors import AccountUnusable

MESSAGE_ID = "<5f0f5f8e6f5a4a529a8e3f1c6f0d1b2a@campaign.example>"
TOKEN = "k7qd2m4xw5ynb3zj6ple"
LETTER = (
    f"From: {USER}\r\nTo: minister@justice.example\r\nReply-To: answers+{TOKEN}@campaign.example\r\n"
    f"Subject: UAD XAA 001/2026.01\r\nMessage-ID: {MESSAGE_ID}\r\n\r\nDear Minister,\r\n"
).encode()


def an_imap(authority: Authority, port: int, **changes: Any) -> Imap:
    imap = a_desk(imap={"host": "localhost", "port": port, "user": USER, "ca_file": str(authority.file)} | changes).imap
    assert imap is not None
    return imap


@contextmanager
def mailbox(
    server: ScriptedMailbox | Dovecot, authority: Authority, password: str = PASSWORD, **changes: Any
) -> Iterator[imaplib.IMAP4]:
    timeouts = changes.pop("timeouts", PATIENT)
    with open_mailbox(an_imap(authority, server.port, **changes), lambda: Secret(password), timeouts) as connection:
        yield connection


@contextmanager
def scripted(kept: Path, certificate: Certificate, **script: Any) -> Iterator[ScriptedMailbox]:
    tls = script.pop("tls", None) or certificate.context()
    implicit = script.pop("implicit", True)
    with ScriptedMailbox(kept, Script(**script), tls, implicit=implicit) as server:
        server.keep(LETTER)
        yield server


def test_a_letter_is_found_by_its_message_id_and_by_its_reply_address(
    kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with scripted(kept, certificate) as server, mailbox(server, authority) as connection:
        (folder,) = chosen_folders(folders(connection), "Sent", SENT)
        assert holds(connection, folder, "Message-ID", MESSAGE_ID)
        assert holds(connection, folder, "Reply-To", TOKEN)
        assert not holds(connection, folder, "Message-ID", MESSAGE_ID.replace("5", "6"))


def test_looking_changes_nothing_in_the_mailbox(kept: Path, authority: Authority, certificate: Certificate) -> None:
    with scripted(kept, certificate) as server, mailbox(server, authority) as connection:
        holds(connection, "Sent", "Message-ID", MESSAGE_ID)
    verbs = [line.split()[1] for line in server.said if len(line.split()) > 1]
    assert verbs[-4:] == [b"EXAMINE", b"UID", b"UID", b"LOGOUT"]
    assert b"SELECT" not in verbs


def test_a_server_that_finds_what_is_not_there_is_not_believed(
    kept: Path, authority: Authority, certificate: Certificate
) -> None:
    lies = "* SEARCH 1\r\n{tag} OK done"
    with scripted(kept, certificate, search=lies) as server, mailbox(server, authority) as connection:
        assert not holds(connection, "Sent", "Message-ID", "<another@campaign.example>")
        assert holds(connection, "Sent", "Message-ID", MESSAGE_ID)


@pytest.mark.parametrize("value", ['<a"@b>', "<a@b>\r\nx LOGOUT", "<\\>", "<ä@b>", ""])
def test_what_cannot_stand_in_a_command_is_not_looked_for(
    value: str, kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with scripted(kept, certificate) as server, mailbox(server, authority) as connection:
        before = len(server.said)
        assert not holds(connection, "Sent", "Message-ID", value)
        assert len(server.said) == before


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param({"fault": "drop at connect"}, "hung up, was silent, or does not speak IMAP", id="drops"),
        pytest.param({"fault": "portal"}, "does not speak IMAP", id="a captive portal"),
        pytest.param({"fault": "drop at search"}, "the mailbox cannot be looked into", id="drops at the search"),
        pytest.param({"search": "{tag} NO not today"}, "it cannot search Sent", id="refuses the search"),
        pytest.param({"search": "* SEARCH x y\r\n{tag} BAD what"}, "cannot be looked into", id="nonsense"),
    ],
)
def test_what_the_server_does_wrong_is_told_in_words(
    script: dict[str, Any], words: str, kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with (
        scripted(kept, certificate, **script) as server,
        pytest.raises(AccountUnusable, match=words),
        mailbox(server, authority) as connection,
    ):
        holds(connection, "Sent", "Message-ID", MESSAGE_ID)


def test_a_silent_server_is_not_waited_for_longer_than_the_time_out(
    kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with (
        scripted(kept, certificate, fault="silent at connect") as server,
        pytest.raises(AccountUnusable, match=r"does not answer|was silent"),
        mailbox(server, authority, timeouts=IMPATIENT),
    ):
        pass


@pytest.mark.parametrize("fault", ["no starttls", "inject", "logged in already"])
def test_without_a_sound_starttls_no_password_is_told(
    fault: Fault, kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with (
        scripted(kept, certificate, fault=fault, implicit=False) as server,
        pytest.raises(AccountUnusable),
        mailbox(server, authority, security="starttls"),
    ):
        pass
    assert not [line for line in server.said if b"AUTHENTICATE" in line or b"LOGIN" in line]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"names": ("elsewhere.example",)}, id="for another name"),
        pytest.param({"stranger": True}, id="of an authority that nobody trusts"),
        pytest.param({"newest": ssl.TLSVersion.TLSv1_1}, id="TLS 1.1"),
    ],
)
def test_a_server_that_does_not_prove_who_it_is_gets_no_password(
    given: dict[str, Any], kept: Path, authority: Authority, tmp_path: Path
) -> None:
    signer = Authority(tmp_path, "Stranger") if given.get("stranger") else authority
    shown = signer.certificate(*given.get("names", ("localhost",)))
    with (
        scripted(kept, shown, tls=shown.context(newest=given.get("newest"))) as server,
        pytest.raises(AccountUnusable, match=r"not to be trusted|no secure connection"),
        mailbox(server, authority),
    ):
        pass
    assert server.said == []


def test_a_password_that_the_server_repeats_is_in_no_message(
    kept: Path, authority: Authority, certificate: Certificate
) -> None:
    with (
        scripted(kept, certificate, fault="echo credentials") as server,
        pytest.raises(AccountUnusable) as caught,
        mailbox(server, authority),
    ):
        pass
    assert PASSWORD not in str(caught.value)
    assert "AGRlc2tA" not in str(caught.value)  # the user in base64, before the password
    assert caught.value.__cause__ is None


def test_folders_are_chosen_by_the_name_of_the_settings_and_by_their_flag() -> None:
    listed = (
        Named("INBOX", frozenset()),
        Named("Entw&APw-rfe", frozenset({"\\drafts"})),
        Named("Sent Items", frozenset({"\\sent"})),
        Named("Sent", frozenset()),
    )
    assert chosen_folders(listed, "Sent", SENT) == ("Sent", "Sent Items")
    assert chosen_folders(listed, "Entwürfe", DRAFTS) == ("Entw&APw-rfe",)
    assert chosen_folders(listed, "Elsewhere", "\\Junk") == ()


def test_a_folder_whose_name_comes_as_a_literal_is_listed(
    kept: Path, authority: Authority, certificate: Certificate
) -> None:
    listed = (r'(\HasNoChildren \Drafts) "/" {}', r"(\Noselect) NIL Above")
    with scripted(kept, certificate, folders=listed) as server, mailbox(server, authority) as connection:
        assert folders(connection) == (Named("Drafts", frozenset({"\\hasnochildren", "\\drafts"})),)


@pytest.fixture(scope="module")
def server(certificate: Certificate) -> Iterator[Dovecot]:
    """Return a running Dovecot."""
    with dovecot(certificate.file, PASSWORD) as running:
        yield running


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_real_server_finds_what_is_in_the_folder_for_what_was_sent(
    server: Dovecot, authority: Authority, security: str
) -> None:
    port = server.port if security == "tls" else server.starttls_port
    imap = an_imap(authority, port, security=security)
    with open_mailbox(imap, lambda: Secret(PASSWORD), PATIENT) as connection:
        listed = folders(connection)
        (sent,), (drafts,) = chosen_folders(listed, "Sent", SENT), chosen_folders(listed, "Entwürfe", DRAFTS)
        unsent = MESSAGE_ID.replace("5f0f", security[:4])
        letter = LETTER.replace(MESSAGE_ID.encode(), unsent.encode())
        assert not holds(connection, sent, "Message-ID", unsent)
        assert connection.append(f'"{sent}"', "", "", letter)[0] == "OK"
        assert holds(connection, sent, "Message-ID", unsent)
        assert holds(connection, sent, "Reply-To", TOKEN)
        assert not holds(connection, drafts, "Message-ID", unsent)
        assert not holds(connection, "No such folder", "Message-ID", unsent)


def test_a_real_server_that_refuses_the_password_is_told_in_words(server: Dovecot, authority: Authority) -> None:
    with pytest.raises(AccountUnusable, match="cannot be looked into"), mailbox(server, authority, "wrong"):
        pass
