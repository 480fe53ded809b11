"""`appeals doctor` looks at what dispatch needs: each thing as it should be, and each thing broken."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from ruamel.yaml import YAML

from tests.conftest import Appeals
from tests.dispatch.builders import PASSWORD, USER
from tests.dispatch.certificates import Authority, Certificate
from tests.dispatch.scripted_server import Script, ScriptedServer
from tests.dns_server import DnsServer
from tests.dovecot_server import Dovecot, dovecot
from urgent_appeals.domain.event import EventKind, NewEvent
from urgent_appeals.log.opening import open_log
from urgent_appeals.pipeline.doctor import Finding
from urgent_appeals.pipeline.doctor_domain import Examination
from urgent_appeals.pipeline.doctor_mail import examine_desk, file_system
from urgent_appeals.workspace.sample import write_sample

NOW = datetime.now(UTC)
GOOD_TEXTS: dict[str, str | tuple[str, ...]] = {
    "campaign.example": "v=spf1 mx -all",
    "_dmarc.campaign.example": "v=DMARC1; p=reject",
}
OUTSIDE = "relay.example"
"""Another domain than the sender's."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.certificate("localhost", "127.0.0.1", until=NOW + timedelta(days=90))


@pytest.fixture(scope="module")
def mailboxes(certificate: Certificate) -> Iterator[Dovecot]:
    with dovecot(certificate.file, PASSWORD) as running:
        yield running


@dataclass
class Provider:
    """What a provider of mail does with a mail to one's own address: whether it comes, signed, and with what on top."""

    inbox: Path
    key: bytes
    takes_plus: bool = True
    signs: bool = True
    signs_for: str = "campaign.example"
    alters: bool = False
    received: timedelta = timedelta()
    results: str = "mx.campaign.example; spf=pass smtp.mailfrom=desk@campaign.example; dkim=pass; dmarc=pass (p=reject)"

    def deliver(self, recipient: str, data: bytes) -> None:
        if "+" in recipient and not self.takes_plus:
            return
        if self.signs:
            data = self._signed(data)
        if self.alters:
            data = data.replace(b"You can delete it.", b"You can keep it.")
        at = (datetime.now(UTC) + self.received).strftime("%a, %d %b %Y %H:%M:%S +0000")
        top = f"Received: from a by mx.campaign.example; {at}\r\nAuthentication-Results: {self.results}\r\n"
        owner = self.inbox.parent.stat()
        for name in ("", "cur", "new", "tmp"):
            (self.inbox / name).mkdir(exist_ok=True)
            os.chown(self.inbox / name, owner.st_uid, owner.st_gid)
        file = self.inbox / "new" / f"{len(list(self.inbox.glob('*/*')))}.{os.getpid()}.test"
        file.write_bytes(top.encode() + data)
        os.chown(file, owner.st_uid, owner.st_gid)

    def _signed(self, data: bytes) -> bytes:
        signature: bytes = dkim.sign(data, b"post", self.signs_for.encode(), self.key, include_headers=[b"from", b"to"])
        return signature + data


class Relay(ScriptedServer):
    """The mail server of the desk; it hands on what it takes."""

    provider: Provider

    def keep(self, sender: str, recipients: tuple[str, ...], data: bytes) -> str:
        number = super().keep(sender, recipients, data)
        self.provider.deliver(recipients[0], data)
        return number


@dataclass
class Desk:
    """A workspace with a desk, and everything that it is connected to."""

    root: Path
    relay: Relay
    names: DnsServer
    provider: Provider
    settings: dict[str, Any]

    def set(self, **changes: Any) -> None:
        """Write the settings with changes; `smtp_port=1` changes a part."""
        for name, value in changes.items():
            part, _, key = name.partition("_")
            if isinstance(self.settings.get(part), dict) and key:
                self.settings[part][key] = value
            else:
                self.settings[name] = value
        file = self.root / "desk.yaml"
        file.unlink(missing_ok=True)
        with file.open("w") as stream:
            YAML().dump({key: value for key, value in self.settings.items() if value is not None}, stream)
        file.chmod(0o600)

    def found(self, **how: Any) -> dict[str, Finding]:
        """Return what `doctor --mail` finds, by name; as `how` says."""
        values: dict[str, Any] = {"now": datetime.now(UTC), "asks": True, "patience": 20.0} | how
        examination = Examination(**values)
        return {finding.name: finding for finding in examine_desk(self.root, examination)}


@pytest.fixture(scope="module")
def key() -> tuple[bytes, str]:
    """Return a key to sign with, and the record that tells the world of it."""
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@pytest.fixture
def desk(  # noqa: PLR0917  # one argument a fixture
    tmp_path: Path,
    authority: Authority,
    certificate: Certificate,
    mailboxes: Dovecot,
    key: tuple[bytes, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    for service in ("SMTP", "IMAP"):
        monkeypatch.setenv(f"APPEALS_{service}_PASSWORD", PASSWORD)
    root = tmp_path / "workspace"
    (root / "outbox").mkdir(parents=True)
    (root / "campaign.yaml").write_text("name: Letters\n")
    provider = Provider(mailboxes.folder / "mail" / "Maildir", key[0])
    texts = GOOD_TEXTS | {"post._domainkey.campaign.example": key[1], f"post._domainkey.{OUTSIDE}": key[1]}
    with (
        Relay(tmp_path / "accepted", Script(), certificate.context()) as relay,
        DnsServer(texts) as names,
    ):
        relay.provider = provider
        account = {"host": "127.0.0.1", "user": USER, "ca_file": str(authority.file)}
        settings = {
            "desk": "leeds",
            "by": "M. H.",
            "replies": "answers@campaign.example",
            "authserv_id": "mx.campaign.example",
            "smtp": {**account, "port": relay.port, "from": USER, "dkim_selector": "post"},
            "imap": {**account, "port": mailboxes.port},
            "dns": {"server": "127.0.0.1", "port": names.port},
        }
        made = Desk(root, relay, names, provider, settings)
        made.set()
        yield made


def in_sample(desk: Desk) -> None:
    """Move the desk into a whole workspace."""
    shutil.rmtree(desk.root)
    write_sample(desk.root)
    desk.set()


def amiss(found: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.found for name, finding in found.items() if not finding.fine}


def unknown(found: dict[str, Finding]) -> set[str]:
    return {name for name, finding in found.items() if not finding.known}


# ── as it should be ──


@pytest.mark.slow
def test_a_desk_that_can_dispatch_is_found_fine_from_the_command_line(appeals: Appeals, desk: Desk) -> None:
    in_sample(desk)
    run = appeals("-C", desk.root, "doctor", "--mail", "--json")
    found = {finding["name"]: finding for finding in json.loads(run.out)}
    assert (run.status, run.err) == (0, "everything is there\n")
    for name in ("desk", "clock", "log", "mail server", "TLS of the mail server", "mailbox", "TLS of the mailbox"):
        assert found[name]["fine"], found[name]
    assert "certificate for another 89 days" in found["TLS of the mailbox"]["found"]
    assert found["SPF"]["found"] == "campaign.example: ends in -all, 1 of 10 look-ups"
    assert found["DKIM"]["found"] == "post of campaign.example: a key (rsa, 2048 bits)"
    assert found["DMARC"]["found"] == "_dmarc.campaign.example: reject"
    assert found["alignment"]["found"] == "campaign.example, as From says, by SPF and DKIM"
    assert [name for name, finding in found.items() if not finding["known"]] == ["reply address"]
    assert PASSWORD not in run.out


@pytest.mark.slow
def test_without_being_asked_to_nothing_outside_of_this_machine_is_touched(appeals: Appeals, desk: Desk) -> None:
    in_sample(desk)
    run = appeals("-C", desk.root, "doctor")
    assert run.status == 0, run.out
    assert "\n?     mail " in run.out
    assert "`appeals doctor --mail` does" in run.out
    assert (desk.relay.connections, desk.names.asked) == (0, [])


def test_where_there_is_no_desk_nothing_is_said_of_one(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").touch()
    assert [*examine_desk(tmp_path, Examination(NOW))] == []


def test_looking_sends_no_mail(desk: Desk) -> None:
    desk.found()
    assert desk.relay.accepted == ()


def test_a_trial_shows_signature_reply_address_verdict_and_clock(desk: Desk) -> None:
    desk.set(smtp_dkim_selector=None)
    found = desk.found(tries=True)
    assert amiss(found) == {}, found
    assert unknown(found) == set()
    (sent,) = desk.relay.accepted
    (to,) = sent.recipients
    assert to.startswith("answers+")
    assert found["reply address"].found == f"a mail to {to} came"
    assert found["DKIM"].found == "the mail to yourself is signed by campaign.example"
    assert found["alignment"].found.endswith("by SPF and DKIM")
    assert found["own server's verdict"].found == "spf pass, dkim pass, dmarc pass"
    assert found["clock and mail server"].found.startswith("agree")


def test_an_address_with_a_place_for_the_token_needs_no_plus(desk: Desk) -> None:
    desk.set(replies="{token}@answers.campaign.example")
    desk.provider.takes_plus = False
    assert amiss(desk.found(tries=True)) == {}


# ── each thing broken ──


def test_settings_that_others_can_read_are_amiss_and_no_further_is_looked(desk: Desk) -> None:
    (desk.root / "desk.yaml").chmod(0o644)
    found = desk.found()
    assert list(found) == ["desk"]
    assert "can be read or changed by others" in found["desk"].found


def test_settings_with_a_password_are_amiss_and_do_not_show_it(desk: Desk) -> None:
    desk.set(smtp_password=PASSWORD)
    found = desk.found()
    assert "would hold a password" in found["desk"].found
    assert PASSWORD not in str(found)


def test_a_clock_that_is_behind_what_is_dated_here_is_amiss(desk: Desk) -> None:
    found = desk.found(now=NOW - timedelta(days=2), asks=False)
    assert "was changed on" in amiss(found)["clock"]


def test_a_clock_that_is_behind_the_log_is_amiss(desk: Desk) -> None:
    with open_log(None, desk="leeds", outbox=desk.root / "outbox") as log:
        log.append(NewEvent(at=NOW + timedelta(days=400), by="M. H.", event=EventKind.NOTED))
    assert "the log has an event of" in amiss(desk.found(asks=False))["clock"]


def test_a_clock_that_the_mail_server_does_not_agree_with_is_amiss(desk: Desk) -> None:
    desk.provider.received = timedelta(hours=2)
    assert list(amiss(desk.found(tries=True))) == ["clock and mail server"]


def test_a_log_that_is_there_is_opened_and_tells_how_it_keeps_what_is_written(desk: Desk) -> None:
    open_log(None, desk="leeds", outbox=desk.root / "outbox").close()
    assert "journal wal, synchronous FULL, schema 0002" in desk.found(asks=False)["log"].found


def test_a_log_that_is_damaged_is_amiss(desk: Desk) -> None:
    with open_log(None, desk="leeds", outbox=desk.root / "outbox") as log:
        for _ in range(200):
            log.append(NewEvent(at=NOW, by="M. H.", event=EventKind.NOTED, detail={"why": "x" * 500}))
    with sqlite3.connect(desk.root / "outbox" / "log.db") as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    data = bytearray((desk.root / "outbox" / "log.db").read_bytes())
    data[40_000:60_000] = b"\xff" * 20_000
    (desk.root / "outbox" / "log.db").write_bytes(data)
    found = desk.found(asks=False)
    assert "log" in amiss(found)
    assert found["log"].to_do == "nothing is sent until this is put right"


def test_a_log_that_was_put_back_is_amiss(desk: Desk) -> None:
    outbox = desk.root / "outbox"
    with open_log(None, desk="leeds", outbox=outbox) as log:
        log.append(NewEvent(at=NOW, by="M. H.", event=EventKind.NOTED))
    for path in outbox.glob("log.db*"):
        path.unlink()
    open_log(None, desk="another", outbox=desk.root / "elsewhere").close()
    (desk.root / "elsewhere" / "log.db").rename(outbox / "log.db")
    assert "log" in amiss(desk.found(asks=False))


def test_a_log_in_a_folder_that_is_synchronised_is_amiss(desk: Desk, tmp_path: Path) -> None:
    synced = tmp_path / "Dropbox" / "workspace"
    synced.parent.mkdir()
    desk.root.rename(synced)
    desk.root = synced
    assert "Dropbox may put an older state" in amiss(desk.found(asks=False))["place of the log"]


def test_the_file_system_of_a_place_is_that_of_the_innermost_mount() -> None:
    mounts = "/dev/vda / ext4 rw 0 0\nserver:/x /home nfs4 rw 0 0\n//s/y /home/a\\040b cifs rw 0 0\n"
    assert file_system(Path("/home/anna/outbox"), mounts) == "nfs4"
    assert file_system(Path("/home/a b/outbox"), mounts) == "cifs"
    assert file_system(Path("/homes/outbox"), mounts) == "ext4"


def test_a_wrong_password_is_amiss_for_either_account_and_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in ("SMTP", "IMAP"):
        monkeypatch.setenv(f"APPEALS_{service}_PASSWORD", "hunter3-of-mine")
    found = desk.found()
    assert {"mail server", "mailbox"} <= set(amiss(found))
    assert "535" in found["mail server"].found
    assert "hunter3" not in str(found)


def test_a_password_that_is_nowhere_is_amiss(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPEALS_SMTP_PASSWORD")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert "store it with: appeals login smtp" in amiss(desk.found())["mail server"]


def test_a_server_that_is_not_there_is_amiss(desk: Desk) -> None:
    desk.set(smtp_port=1, imap_port=1)
    found = amiss(desk.found())
    assert "cannot be reached" in found["mail server"]
    assert "cannot be reached" in found["mailbox"]


def test_a_server_that_offers_no_encryption_is_amiss_and_told_no_password(desk: Desk) -> None:
    desk.relay.script = Script(fault="no starttls")
    assert "offers no encryption" in amiss(desk.found())["mail server"]
    assert not any(said.startswith(b"AUTH") for said in desk.relay.said)


def test_a_certificate_that_nobody_vouches_for_is_amiss(desk: Desk) -> None:
    desk.set(smtp_ca_file=None, imap_ca_file=None)
    desk.settings["smtp"].pop("ca_file")
    desk.settings["imap"].pop("ca_file")
    desk.set()
    found = amiss(desk.found())
    assert "not to be trusted" in found["mail server"]
    assert "not to be trusted" in found["mailbox"]


def test_a_certificate_that_ends_soon_is_amiss(desk: Desk) -> None:
    found = amiss(desk.found(now=NOW + timedelta(days=80)))
    assert "certificate for another 9 days" in found["TLS of the mail server"]
    assert "certificate for another 9 days" in found["TLS of the mailbox"]


def test_the_folder_that_drafts_go_into_is_named(desk: Desk) -> None:
    found = desk.found()
    assert "drafts go into 'Entwürfe'" in found["mailbox"].found


@pytest.mark.parametrize(
    ("name", "text", "finding", "said"),
    [
        ("campaign.example", None, "SPF", "publishes none"),
        ("campaign.example", "v=spf1 +all", "SPF", "anybody may send"),
        ("post._domainkey.campaign.example", None, "DKIM", "holds no key"),
        ("_dmarc.campaign.example", None, "DMARC", "publishes none"),
        ("_dmarc.campaign.example", "v=DMARC1; p=maybe", "DMARC", "'maybe'"),
    ],
)
def test_what_the_domain_does_not_publish_rightly_is_amiss(
    desk: Desk, name: str, text: str | None, finding: str, said: str
) -> None:
    desk.names.texts.pop(name)
    if text is not None:
        desk.names.texts[name] = text
    found = amiss(desk.found())
    assert list(found) == [finding]
    assert said in found[finding]


def test_proof_of_another_domain_than_the_senders_is_not_aligned(desk: Desk) -> None:
    desk.names.texts[OUTSIDE] = "v=spf1 mx -all"
    desk.provider.signs_for = OUTSIDE
    desk.set(smtp_envelope_sender=f"bounces@{OUTSIDE}")
    found = desk.found(tries=True)
    assert found["SPF"].fine
    assert found["DKIM"].fine
    assert amiss(found) == {"alignment": f"neither SPF ({OUTSIDE}) nor DKIM ({OUTSIDE}) proves campaign.example"}


def test_one_proof_of_the_senders_domain_is_enough(desk: Desk) -> None:
    desk.set(smtp_envelope_sender=f"bounces@{OUTSIDE}")
    desk.names.texts[OUTSIDE] = "v=spf1 mx -all"
    assert desk.found()["alignment"].found.endswith("by DKIM")


def test_without_selector_or_trial_the_signature_is_unknown_and_said_to_be(desk: Desk) -> None:
    desk.settings["smtp"].pop("dkim_selector")
    desk.set()
    found = desk.found()
    assert amiss(found) == {}
    assert unknown(found) == {"DKIM", "reply address"}


@pytest.mark.parametrize(
    ("change", "said"),
    [({"signs": False}, "it bears no signature"), ({"alters": True}, "does not hold")],
    ids=["unsigned", "altered"],
)
def test_a_mail_without_a_signature_that_holds_is_amiss(desk: Desk, change: dict[str, bool], said: str) -> None:
    for name, value in change.items():
        setattr(desk.provider, name, value)
    assert said in amiss(desk.found(tries=True))["DKIM"]


def test_a_reply_address_that_takes_no_plus_is_amiss(desk: Desk) -> None:
    desk.provider.takes_plus = False
    found = desk.found(tries=True, patience=0.5)
    assert "did not come into the mailbox" in amiss(found)["reply address"]
    assert "{token}" in str(found["reply address"].to_do)


def test_a_reply_address_that_the_server_refuses_is_amiss(desk: Desk) -> None:
    desk.relay.script = Script(rcpt="550 5.1.1 no such user")
    assert "550 5.1.1" in amiss(desk.found(tries=True))["reply address"]


def test_a_verdict_in_another_servers_name_does_not_count(desk: Desk) -> None:
    desk.provider.results = "mx.evil.example; spf=pass; dkim=pass; dmarc=pass"
    assert "says nothing" in amiss(desk.found(tries=True))["own server's verdict"]


def test_a_verdict_that_is_no_pass_is_amiss(desk: Desk) -> None:
    desk.provider.results = "mx.campaign.example; spf=pass; dkim=fail (dkim=pass); dmarc=fail"
    assert amiss(desk.found(tries=True)) == {"own server's verdict": "spf pass, dkim fail, dmarc fail"}


def test_a_name_server_that_does_not_answer_is_amiss_and_nothing_is_concluded(desk: Desk) -> None:
    desk.names.fails = True
    found = amiss(desk.found())
    assert {"SPF", "DKIM", "DMARC"} <= set(found)
    assert "it says that it cannot" in found["SPF"]


def test_without_dnspython_the_extra_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "dns")
    assert "urgent-appeals[check-mail]" in amiss(desk.found())["SPF, DKIM, DMARC"]


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    for name in [*sys.modules, package, f"{package}.resolver"]:
        if name == package or name.startswith(f"{package}."):
            monkeypatch.setitem(sys.modules, name, None)
