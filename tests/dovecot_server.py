"""Start a Dovecot of our own for tests: in a folder of its own, on a free port, with one mailbox.

Its configuration, sockets, mail and log are all in that folder; the system's Dovecot, if there is one, is not touched.
It runs as whoever runs the tests; where that is root, what touches mail runs as `nobody`.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port, needed, wait_for

_CONFIGURATION = """\
{version}protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log/dovecot.log
instance_name = test-{port}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = required
ssl_min_protocol = TLSv1.2
{chain}
auth_mechanisms = plain login
{users}
first_valid_uid = 1
mail_save_crlf = yes
first_valid_gid = 0
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
{mail}
namespace inbox {{
  inbox = yes
  mailbox Entwürfe {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""
_OLD = {
    "version": "",
    "chain": "ssl_cert = <{folder}/etc/chain.pem\nssl_key = <{folder}/etc/chain.pem",
    "users": """\
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}""",
    "mail": "mail_location = maildir:{folder}/mail/Maildir",
}
_NEW = {
    "version": "dovecot_config_version = {number}\ndovecot_storage_version = {number}\n",
    "chain": "ssl_server_cert_file = {folder}/etc/chain.pem\nssl_server_key_file = {folder}/etc/chain.pem",
    "users": """\
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail
  }}
}}""",
    "mail": "mail_driver = maildir\nmail_path = {folder}/mail/Maildir",
}
"""What is written otherwise from version 2.4 on."""


@dataclass(frozen=True)
class Dovecot:
    """A running server with one mailbox, in which any user's name opens the same folders."""

    folder: Path
    port: int
    starttls_port: int

    def drafts(self) -> list[tuple[str, bytes]]:
        """Return the flags and the bytes of each message in the folder for drafts."""
        folder = self.folder / "mail" / "Maildir" / ".Entw&APw-rfe"
        files = [path for name in ("cur", "new") for path in sorted((folder / name).glob("*"))]
        return [(path.name.rpartition("2,")[2], path.read_bytes()) for path in files]

    def log(self) -> str:
        """Return what the server wrote about itself."""
        file = self.folder / "log" / "dovecot.log"
        return file.read_text("utf-8") if file.exists() else "no log"


@contextmanager
def dovecot(chain: Path, password: str) -> Iterator[Dovecot]:
    """Run a Dovecot while the body runs; `chain` holds the key and certificate that it shows."""
    program = needed(shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"), "dovecot-imapd")
    # Not among the folders of pytest, which only their owner may enter: most of Dovecot may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder, free_port(), free_port())
    _lay_out(server, chain, password, _version(program))
    with (folder / "log" / "start").open("wb") as told:
        process = subprocess.Popen(
            [program, "-F", "-c", str(folder / "etc" / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )

    def answers() -> bool:
        assert process.poll() is None, (folder / "log" / "start").read_text() + server.log()
        return "starting up" in server.log()

    try:
        wait_for(answers, "Dovecot to answer")
        yield server
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[0].partition("-")[0]


def _lay_out(server: Dovecot, chain: Path, password: str, version: str) -> None:
    folder = server.folder
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder.chmod(0o755)
    for name in ("etc", "run", "log", "mail"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        for name in ("log", "mail"):
            os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    shutil.copyfile(chain, folder / "etc" / "chain.pem")
    old = tuple(map(int, version.split(".")[:2])) < (2, 4)
    values = {"folder": folder, "number": version, "password": password, "uid": owner.pw_uid, "gid": owner.pw_gid}
    parts = {name: part.format(**values) for name, part in (_OLD if old else _NEW).items()}
    text = _CONFIGURATION.format(
        **parts,
        folder=folder,
        port=server.port,
        starttls_port=server.starttls_port,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
    )
    (folder / "etc" / "dovecot.conf").write_text(text)
