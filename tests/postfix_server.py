"""Start a Postfix of our own for tests: in a folder of its own, on a free port, delivering into a folder.

Its configuration, queue and data are all in that folder; the system's Postfix, if there is one, is not touched.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from tests.servers import cannot_run, free_port, needed, wait_for

_MAIN = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/etc/chain.pem
virtual_mailbox_domains = justice.example
virtual_mailbox_base = {folder}
virtual_mailbox_maps = inline:{{ {{ minister@justice.example = mail/ }} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtputf8_enable = yes
default_database_type = hash
alias_maps =
alias_database =
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
anvil     unix - - n - 1 anvil
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A running server; letters to `minister@justice.example` end in its folder, all other domains are refused."""

    folder: Path
    port: int

    def delivered(self, count: int) -> list[Message]:
        """Return what was delivered, as soon as there are so many."""
        wait_for(lambda: len(self._files()) >= count, f"{count} letters from Postfix; {self.log()}")
        return [self._read(path) for path in self._files()]

    def raw(self, message: Message) -> bytes:
        """Return the bytes of a delivered message."""
        return Path(message["X-File"]).read_bytes()

    def log(self) -> str:
        """Return what the server wrote about itself."""
        file = self.folder / "log" / "mail.log"
        return file.read_text("utf-8") if file.exists() else "no log"

    def _files(self) -> list[Path]:
        return sorted((self.folder / "mail" / "new").glob("*"))

    def _read(self, path: Path) -> Message:
        message = BytesParser().parsebytes(path.read_bytes())
        message["X-File"] = str(path)
        return message


@contextmanager
def postfix(chain: Path) -> Iterator[Postfix]:
    """Run a Postfix while the body runs; `chain` holds the key and certificate that it shows."""
    program = needed(shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin"), "postfix")
    if os.geteuid() != 0:
        cannot_run("Postfix can be started by root only")
    port = free_port()
    # Not among the folders of pytest, which only their owner may enter: most of Postfix runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    _lay_out(folder, chain, port)
    command = [program, "-c", str(folder / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True, check=False)
    server = Postfix(folder, port)
    try:
        assert started.returncode == 0, started.stderr + server.log()
        yield server
    finally:
        subprocess.run([*command, "stop"], capture_output=True, check=False)
        shutil.rmtree(folder)


def _lay_out(folder: Path, chain: Path, port: int) -> None:
    owner = pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "log", "mail"):
        (folder / name).mkdir()
    for name in ("data", "log", "mail"):
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    shutil.copyfile(chain, folder / "etc" / "chain.pem")
    main = _MAIN.format(folder=folder, uid=owner.pw_uid, gid=owner.pw_gid)
    (folder / "etc" / "main.cf").write_text(main)
    (folder / "etc" / "master.cf").write_text(_MASTER.format(port=port))
